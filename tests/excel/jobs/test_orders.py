"""Orders of the last plan as a CSV file: checked, saved, and stamped into the Run Log."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import xlwings

from rebal_xl import api
from rebal_xl.excel.jobs import Jobs
from tests.excel.jobs.ribbon import cell, click, grid, place_of, type_in

# The day of the sample's plan.
PLAN_DAY = date(2026, 11, 20)
FOLDER = "ask|folder|Where should the orders be saved?|"


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The day of the export, which a test may change."""
    days = [PLAN_DAY]
    monkeypatch.setattr("rebal_xl.excel.jobs.orders.today_in_new_york", lambda: days[0])
    return days


pytestmark = pytest.mark.usefixtures("today")


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def stamps(book: xlwings.Book) -> str:
    row, column = place_of(book, "Run Log", "Orders Exported")
    return str(cell(book, "Run Log", row + 1, column) or "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "custodian"
    made.mkdir()
    return made


def test_orders_are_those_of_the_plan_lot_by_lot(household: xlwings.Book, household_file: Path, folder: Path):
    plan = api.rebalance(*api.read_workbook(household_file))
    jobs = Jobs()
    click(jobs, "rebalance", household)
    assert jobs.start("orders", household, "") == FOLDER
    message = jobs.start("orders", household, str(folder))
    (path,) = folder.iterdir()
    assert path.name.startswith("orders 2026-11-20 ")
    assert f"{len(plan.trades)} orders saved in {path}" in message
    rows = read(path)
    sold = {
        (row["Account"], row["Symbol"], row["Lot"]): float(row["Quantity"]) for row in rows if row["Side"] == "Sell"
    }
    assert sold == {
        (sale.account, sale.symbol, sale.lot_id): pytest.approx(sale.quantity, abs=1e-6) for sale in plan.lot_sales
    }
    bought = {(row["Account"], row["Symbol"]): float(row["Quantity"]) for row in rows if row["Side"] == "Buy"}
    assert bought == {
        (one.account, one.symbol): pytest.approx(one.quantity, abs=1e-6)
        for one in plan.trades
        if one.side.value == "Buy"
    }


def test_an_export_is_stamped_and_a_second_one_is_asked_about(household: xlwings.Book, folder: Path):
    jobs = Jobs()
    click(jobs, "rebalance", household)
    jobs.start("orders", household, "")
    jobs.start("orders", household, str(folder))
    assert " as lots: " in stamps(household)
    question = jobs.start("orders", household, "")
    assert question.startswith("ask|yesno|")
    assert "These orders were exported before" in question
    assert jobs.start("orders", household, "no") == "done|No orders were saved."
    jobs.start("orders", household, "")
    assert jobs.start("orders", household, "yes") == FOLDER
    assert jobs.start("orders", household, str(folder)).startswith("done|")
    # a second file never takes the place of the first, and the log says both
    assert len(list(folder.iterdir())) == 2
    assert stamps(household).count(" as lots: ") == 2


def test_without_a_plan(household: xlwings.Book):
    assert Jobs().start("orders", household, "").startswith("failed|There is no plan in this workbook yet.")


@pytest.mark.parametrize("restarted", [False, True], ids=["same session", "Excel restarted"])
def test_orders_of_a_plan_of_other_values_are_not_saved(household: xlwings.Book, restarted: bool):
    jobs = Jobs()
    click(jobs, "rebalance", household)
    row, column = place_of(household, "Holdings", "Quantity")
    held = cell(household, "Holdings", row + 1, column)
    assert isinstance(held, float)
    type_in(household, "Holdings", row + 1, column, held + 1.0)
    if restarted:
        jobs = Jobs()
    answer = jobs.start("orders", household, "")
    assert answer.startswith("failed|The workbook does not hold what the plan of 11/20/2026 was made from")
    assert "Press Rebalance" in answer


def test_after_a_restart_the_plan_is_made_again_and_must_be_the_one_on_the_sheets(
    household: xlwings.Book, folder: Path
):
    click(Jobs(), "rebalance", household)
    jobs = Jobs()
    assert jobs.start("orders", household, "") == FOLDER
    assert click(jobs, "orders", household, str(folder)).startswith("done|")
    (path,) = folder.iterdir()
    assert read(path)
    # it is at hand from now on: what the checks say comes before the folder is asked for
    assert jobs.start("orders", household, "").startswith("ask|yesno|")


def test_a_plan_of_old_prices_is_saved_only_when_somebody_says_so(
    household: xlwings.Book, folder: Path, today: list[date]
):
    """Five days are allowed, and its funds have prices of 11/19: on 11/24 nothing is asked, on 11/26 it is."""
    jobs = Jobs()
    click(jobs, "rebalance", household)
    today[0] = date(2026, 11, 24)
    assert jobs.start("orders", household, "") == FOLDER
    today[0] = date(2026, 11, 26)
    question = jobs.start("orders", household, "")
    assert question.startswith("ask|yesno|")
    assert "The plan is of 11/20/2026, 6 days ago." in question
    assert question.endswith("Save the orders all the same?|")
    assert jobs.start("orders", household, "yes") == FOLDER
    assert jobs.start("orders", household, str(folder)).startswith("done|")


def test_a_plan_that_was_dropped_is_never_saved(household: xlwings.Book):
    jobs = Jobs()
    click(jobs, "rebalance", household)
    row, column = place_of(household, "Run Log", "Status")
    type_in(household, "Run Log", row + 1, column, "dropped")
    answer = jobs.start("orders", household, "")
    assert answer.startswith("failed|")
    assert "this plan was dropped" in answer
    assert grid(household, "Run Log")


def test_a_folder_that_is_not_there(household: xlwings.Book, folder: Path):
    jobs = Jobs()
    click(jobs, "rebalance", household)
    jobs.start("orders", household, "")
    assert jobs.start("orders", household, str(folder / "gone")).startswith("failed|There is no folder")
