"""The page of the formulas says what the catalog says, and the committed page is the current one."""

import re
from pathlib import Path

import pytest

from rebal_xl.excel.docs import EXAMPLES, SPILLS, formula_reference, main, signature
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.inputs import TABLES
from tests.excel.asking import ask_sample
from tests.excel.millers import AS_OF

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formulas.md"


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


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "docs" / "page.md"
    assert main([str(path)]) == 0
    assert path.read_text(encoding="utf-8") == formula_reference()
    assert main([]) == 2
    assert "path" in capsys.readouterr().err
