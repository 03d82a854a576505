"""The page of the formulas says what the catalog says, and the committed page is the current one."""

import re
from pathlib import Path

import pytest

from rebal_xl.excel.docs import EXAMPLES, SPILLS, formula_reference, main, signature
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.inputs import TABLES
from tests.excel.asking import ARGUMENTS, ask_sample, rows
from tests.excel.millers import AS_OF, ask_millers
from tests.excel.millers import TABLES as MILLERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formulas.md"

COVARIANCE = rows("Asset Class | US Stock | US Bond\nUS Stock | 0.04 | 0\nUS Bond | 0 | 0.0025")


def test_the_committed_page_is_current():
    advice = "Run: python -m rebal_xl.excel.docs docs/formulas.md"
    assert PAGE.read_text(encoding="utf-8") == formula_reference(), advice


def test_every_formula_and_argument_is_explained():
    page = formula_reference()
    for formula in CATALOG:
        assert f"## {formula.name}\n" in page
        assert signature(formula) in page
        assert formula.summary in page
        for argument in formula.arguments:
            assert argument.note in page


def test_what_a_formula_spills_is_what_the_page_says():
    for name, (table, columns, _) in SPILLS.items():
        arguments = next(each.arguments for each in CATALOG if each.name == name)
        given = {"as_of": AS_OF} if any(each.name == "as_of" for each in arguments) else {}
        answer = ask_sample(name, **given)
        assert list(answer[0]) == (list(columns) or [column.name for column in table.columns]), name


def test_every_example_gives_a_table_to_each_argument_that_wants_it():
    for formula in CATALOG:
        inside = re.fullmatch(rf"={formula.name}\((.*)\)", EXAMPLES[formula.name])[1]
        given = [part.strip() for part in inside.split(", ")] if inside else []
        needed = [each for each in formula.arguments if not each.optional]
        assert len(needed) <= len(given) <= len(formula.arguments)
        for argument, part in zip(formula.arguments, given, strict=False):
            if argument.name in TABLES:
                assert part == f"{TABLES[argument.name].name}[#All]"


def test_the_tables_that_need_a_header_row_are_those_that_the_page_does_not_list():
    header_rows = formula_reference().partition("## Header rows")[2].partition("## REBAL_DRIFT")[0]
    listed = set(re.findall(r"^\| `(\w+)` \|", header_rows, re.MULTILINE))
    needing = {"securities": "REBAL_DRIFT", "tax": "REBAL_TAX_ON", "recent": "REBAL_WASH"}
    for argument, name in needing.items():
        assert "no header row" in ask_without_header(name, argument), argument
    assert "no header row" in ask_without_header("REBAL_TRACKING_ERROR", "covariance", COVARIANCE)
    assert listed == set(TABLES) - set(needing) - {"covariance"}


def ask_without_header(name: str, argument: str, table=None) -> str:
    """What a formula of the Millers says of a table without its first row."""
    rest = [each for each in MILLERS if each in ARGUMENTS[name] and each != argument]
    given = {"as_of": AS_OF, "short_gain": 1.0, "long_gain": 1.0, argument: (table or MILLERS[argument])[1:]}
    return str(ask_millers(name, *rest, **{each: given[each] for each in given if each in ARGUMENTS[name]}))


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "docs" / "page.md"
    assert main([str(path)]) == 0
    assert path.read_text(encoding="utf-8") == formula_reference()
    assert main([]) == 2
    assert "path" in capsys.readouterr().err
