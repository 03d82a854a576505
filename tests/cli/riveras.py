"""The Riveras' workbook in the states a command line meets it in."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from typer.testing import CliRunner

from rebal_xl.cli.app import app
from rebal_xl.household import Policy
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.cli.schema_check import findings, schema


def riveras(path: Path, **changes: Any) -> Path:
    """Their workbook, with changes to their policy; without the Dashboard's curve, which takes longer than the plan."""
    path.write_bytes(_workbook(replace(sample_policy(), frontier_on_dashboard=False, **changes)))
    return path


@cache
def _workbook(policy: Policy) -> bytes:
    return workbook_bytes(build_template(sample_household(), policy))


def damaged(path: Path) -> tuple[Path, str]:
    """Their workbook with a word where the quantity of the first lot belongs; and that cell."""
    riveras(path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Holdings"]
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Quantity")
    cell = sheet.cell(header.row + 1, header.column)
    cell.value = "a dozen"
    workbook.save(path)
    return path, cell.coordinate


def call(*arguments: object) -> Any:
    """Run the command line; the result has exit_code, stdout and stderr."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def call_json(*arguments: object) -> tuple[int, dict[str, Any]]:
    """Run with --json: the exit code and the document, which fits its schema and has its keys sorted."""
    result = call(*arguments, "--json")
    document = json.loads(result.stdout)
    whole = schema(str(arguments[0]))
    assert findings(document, whole, whole) == []
    assert result.stdout == json.dumps(document, indent=2, sort_keys=True) + "\n"
    assert document["exit_code"] == result.exit_code
    return result.exit_code, document
