"""Check and Drift on the ribbon."""

from pathlib import Path

import pytest
import xlwings

from rebal_xl import api
from rebal_xl.excel.jobs import Jobs
from tests.excel.jobs.ribbon import cell, click, grid, place_of, tabs, type_in


def test_drift_is_what_the_python_interface_measures(household: xlwings.Book, household_file: Path):
    theirs = api.drift(*api.read_workbook(household_file))
    message = click(Jobs(), "drift", household)
    assert message.startswith(f"done|Household drift {100 * theirs.household_drift:.2f}%.")
    assert "See the sheet Drift." in message
    row, column = place_of(household, "Drift", "Household drift")
    assert cell(household, "Drift", row, column + 1) == pytest.approx(theirs.household_drift, abs=1e-12)
    assert cell(household, "Drift", row, column + 2) is None
    assert [table.name for table in grid(household, "Drift").tables] == [
        "DriftSummary", "DriftClasses", "DriftAccountsBefore", "DriftAccountsAfter",
    ]  # fmt: skip
    assert grid(household, "Drift").ours


def test_what_is_typed_and_not_saved_counts(household: xlwings.Book):
    jobs = Jobs()
    before = click(jobs, "drift", household)
    row, column = place_of(household, "Holdings", "Quantity")
    type_in(household, "Holdings", row + 1, column, 100_000.0)
    assert click(jobs, "drift", household) != before


def test_the_run_before_is_kept_beside(household: xlwings.Book):
    jobs = Jobs()
    click(jobs, "drift", household)
    click(jobs, "drift", household)
    click(jobs, "drift", household)
    assert tabs(household)[-2:] == ["Drift", "Drift (previous)"]
    assert next(table.name for table in grid(household, "Drift (previous)").tables) == "DriftSummary_previous"


def test_no_workbook_is_a_sentence():
    assert Jobs().start("drift", None, "").startswith("failed|There is no workbook")
