"""Markdown that is written from descriptions: tables, and the command that writes a page."""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


def table_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with its header row; a | in a cell stays text."""
    lines = [_line(head), "|" + "---|" * len(head)]
    lines.extend(_line(row) for row in rows)
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write_page(arguments: Sequence[str], page: Callable[[], str], usual: str) -> int:
    """Write a page to the path that is the one argument, making its folder; returns 0, or 2 where there is none.

    `usual` is the path that is named to whoever gave none.
    """
    if len(arguments) != 1:
        sys.stderr.write(f"Give the path of the page to write, for example {usual}\n")
        return 2
    path = Path(arguments[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), encoding="utf-8")
    return 0
