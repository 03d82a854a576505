"""The pages in docs/ say what the program does: every option, every example, every field."""

import json
import re

import pytest
import typer.main

import rebal_xl
from rebal_xl.cli import documents, figures
from rebal_xl.cli.app import app
from rebal_xl.cli.guard import Exit
from rebal_xl.household import Problem
from tests.cli.schema_check import SCHEMAS, findings, schema

DOCS = SCHEMAS.parent


def commands():
    return typer.main.get_command(app).commands


def test_every_option_of_every_command_is_documented_and_no_other():
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    options = {name for command in commands().values() for one in command.params for name in one.opts if "--" in name}
    assert set(re.findall(r"--[a-z][a-z0-9-]*[a-z0-9]", text)) == options | {"--help"}
    for name in commands():
        assert f"## {name}" in text


def test_every_exit_code_is_documented():
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == {int(code) for code in Exit}


def test_the_household_of_the_python_page_can_be_planned():
    """300 VTI at $320, 200 BND at $74 and $2,000: 96,000 of 112,800 in stocks, against 60 % and a trigger of 72 %."""
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[-1], names)
    plan = rebal_xl.rebalance(names["household"], names["policy"])
    assert plan.before.line("Stocks").actual_weight == pytest.approx(96_000 / 112_800)
    assert plan.after.line("Stocks").status == "in destination"


def test_every_public_function_and_exception_is_on_the_python_page():
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    for name in (*rebal_xl._API, *rebal_xl._LEDGER, *rebal_xl._NOUNS):
        thing = getattr(rebal_xl, name)
        if isinstance(thing, type) and issubclass(thing, str):
            continue  # a vocabulary: its members are the words of the workbook
        if name not in ("CASH_CLASS", "CASH_SYMBOL"):
            assert f"`{name}" in text


@pytest.mark.parametrize("command", sorted(documents.ANSWERS))
def test_a_failed_command_still_fits_its_schema(command):
    problem = Problem("The quantity is no number.", "Write 12.", "Holdings", "C7", code="number")
    whole = schema(command)
    document = json.loads(documents.as_text(documents.failed(command, [problem], Exit.PROBLEMS)))
    assert findings(document, whole, whole) == []


def test_the_schema_check_itself_finds_what_is_wrong():
    whole = schema("check")
    good = documents.checked([Problem("Something.")], Exit.PROBLEMS)
    assert findings(good, whole, whole) == []
    assert findings(good | {"schema_version": 2}, whole, whole)
    assert findings(good | {"extra": 1}, whole, whole)
    assert findings(good | {"exit_code": "1"}, whole, whole)
    assert findings({key: good[key] for key in good if key != "problems"}, whole, whole)
    wrong = documents.checked([Problem("Something.")], Exit.PROBLEMS)
    wrong["problems"][0]["severity"] = "fatal"
    assert findings(wrong, whole, whole)


def test_what_is_not_known_is_null_and_a_negative_zero_is_none():
    assert figures.usd(None) is None
    assert figures.usd(float("-inf")) is None
    assert str(figures.usd(-0.001)) == "0.0"


def test_the_wash_sales_of_the_python_page_are_what_its_comment_says(capsys):
    """100 sold at a loss of 5 a share, 30 replaced in the Roth: 150 are lost for good; 2 November and 31 days."""
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    block = next(one for one in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "wash_sales(" in one)
    exec(block, {})
    assert capsys.readouterr().out.strip() == block.rsplit("# ", 1)[1].strip()
