"""The acceptance checklist: its figures are those of the program, its quotations the program's own words."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from rebal_xl.excel.formulas import CATALOG
from tests.docs.pages import DOCS, ROOT, sentences, text

PAGE = DOCS / "acceptance-checklist.md"
REWRITE = "Run: python docs/make_acceptance_checklist.py"
# Where the sentences come from that Excel's user sees.
SOURCES = (*sorted((ROOT / "workbook" / "vba").glob("*.bas")), ROOT / "install" / "install.py")


def maker() -> ModuleType:
    """The script that writes it."""
    spec = importlib.util.spec_from_file_location("make_acceptance_checklist", DOCS / "make_acceptance_checklist.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_says_what_the_program_gives_today(tmp_path: Path) -> None:
    checklist = maker()
    assert text(PAGE) == checklist.page(checklist.Sample.written(tmp_path)), REWRITE


def test_nothing_is_left_to_fill_in() -> None:
    assert re.findall(r"\{[a-z_]+\}", text(PAGE)) == []


def test_the_minutes_add_up() -> None:
    minutes = [int(number) for number in re.findall(r"^## .* \((\d+) minutes\)$", text(PAGE), re.MULTILINE)]
    assert len(minutes) == 5
    assert sum(minutes) == 20
    assert text(PAGE).split("\n\n")[1].startswith("Twenty minutes")


def test_quoted_sentences_are_those_of_the_program() -> None:
    # VBA breaks a long text over several lines
    joined = re.sub(r'"\s*&\s*_\n\s*"', "", "\n".join(source.read_text(encoding="utf-8") for source in SOURCES))
    joined += "\n".join(sentences())
    quoted = [each for each in re.findall(r'"([A-Z][^"|`]{25,})"', text(PAGE)) if not each.endswith("…")]
    assert len(quoted) >= 3
    for sentence in quoted:
        assert sentence in joined, sentence


def test_a_cell_with_an_error_is_named_by_its_place() -> None:
    # what the reader is told to write there
    assert "on Holdings enter `=NA()` in C5;" in text(PAGE)
    assert '"Holdings!C5: Quantity: The cell shows the error #N/A. …"' in text(PAGE)


def test_formulas_to_type_are_formulas() -> None:
    typed = set(re.findall(r"=(REBAL_\w+)\(", text(PAGE)))
    assert typed <= {formula.name for formula in CATALOG}
    assert len(typed) > 8
