"""Check and Drift on the ribbon."""

from pathlib import Path

import pytest
import xlwings
from openpyxl.utils import get_column_letter

from rebal_xl import api
from rebal_xl.excel.jobs import Jobs
from tests.excel.jobs.ribbon import cell, click, grid, is_ours, place_of, tabs, type_in


def test_drift_is_what_the_python_interface_measures(household: xlwings.Book, household_file: Path):
    theirs = api.drift(*api.read_workbook(household_file))
    message = click(Jobs(), "drift", household)
    assert message.startswith(f"done|Household drift {100 * theirs.household_drift:.2f}%.")
    assert "See the sheet Drift." in message
    row, column = place_of(household, "Drift", "Household drift")
    assert cell(household, "Drift", row, column + 1) == pytest.approx(theirs.household_drift, abs=1e-12)
    assert cell(household, "Drift", row, column + 2) is None
    assert [table.name for table in grid(household, "Drift").tables] == [
        "DriftSummary", "DriftClasses", "DriftAccountsBefore", "DriftAccountsAfter", "DriftGroups",
    ]  # fmt: skip
    assert is_ours(household, "Drift")


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


def test_drift_takes_the_place_of_a_plans_drift_cell_by_cell(household: xlwings.Book):
    """The same tables with nothing under After, so that cells that point to Before go on pointing to it."""
    jobs = Jobs()
    click(jobs, "rebalance", household)
    place = place_of(household, "Drift", "Household drift")
    after = (place[0], place[1] + 2)
    assert cell(household, "Drift", *after) is not None
    click(jobs, "drift", household)
    assert tabs(household).index("Drift") + 1 == tabs(household).index("Drift (previous)")
    assert place_of(household, "Drift", "Household drift") == place
    assert cell(household, "Drift", *after) is None


def test_check_says_what_is_wrong_with_its_cell_and_links_to_it(household: xlwings.Book):
    row, column = place_of(household, "Holdings", "Quantity")
    type_in(household, "Holdings", row + 1, column, "a few")
    message = click(Jobs(), "check", household)
    assert message.endswith("see the sheet Checks. Nothing is planned until the problems are mended.")
    found = place_of(household, "Checks", f"Holdings!{get_column_letter(column)}{row + 1}")
    assert cell(household, "Checks", found[0], found[1] - 1) == "Error"
    type_in(household, "Holdings", row + 1, column, 100.0)
    assert "A plan can be made." in click(Jobs(), "check", household)
