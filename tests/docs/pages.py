"""The guide as its tests read it: pages, links, tables and commands."""

import ast
import re
import shlex
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r'^\| "(.*?)" \|', re.MULTILINE)
# Where a message names what it is about.
BLANK = "…"


def pages() -> list[Path]:
    """Every page of the guide, and the project's own README."""
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def text(path: Path) -> str:
    """A page's text."""
    return path.read_text(encoding="utf-8")


def flat(path: Path) -> str:
    """A page's text on one line, so that sentences are found wherever they are wrapped."""
    return " ".join(text(path).split())


def links(path: Path) -> list[str]:
    """Targets of the links and pictures of a page, without those to other sites."""
    return [target for target in _LINK.findall(text(path)) if "://" not in target]


def anchors(path: Path) -> set[str]:
    """What a link into a page may name behind its #; AssertionError where two headings would share it."""
    words = (re.sub(r"[^\w\- ]", "", heading.casefold()) for heading in _HEADING.findall(text(path)))
    named = Counter(heading.strip().replace(" ", "-") for heading in words)
    twice = [anchor for anchor, headings in named.items() if headings > 1]
    assert not twice, f"{path.name} has several headings {', '.join(twice)}: a link finds the first alone"
    return set(named)


def commands(path: Path) -> list[tuple[list[str], int]]:
    """Each `rebal-xl` line of a page's shell blocks as its arguments, with the exit code that the page promises."""
    found = []
    for block in _SHELL.findall(text(path)):
        for line in block.splitlines():
            command, _, remark = line.partition("#")
            words = shlex.split(command)
            if words and words[0] == "rebal-xl":
                promised = re.search(r"exit code (\d+)", remark)
                found.append((words[1:], int(promised[1]) if promised else 0))
    return found


def table(path: Path, head: str) -> list[list[str]]:
    """The rows of the table whose first header cell is `head`, as cells."""
    lines = iter(text(path).splitlines())
    rows: list[list[str]] = []
    for line in lines:
        if line.startswith(f"| {head} |"):
            next(lines)
            for row in lines:
                if not row.startswith("|"):
                    return rows
                rows.append([cell.strip() for cell in row.strip("| ").split(" | ")])
    return rows


def quoted_messages(path: Path) -> list[str]:
    """Messages in the first column of a page's tables."""
    return _QUOTED.findall(text(path))


@cache
def sentences() -> frozenset[str]:
    """Every text in the program's source, with … where a value is filled in."""
    found = set()
    for source in (ROOT / "rebal_xl").rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(_part(part) for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


def _part(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else BLANK
