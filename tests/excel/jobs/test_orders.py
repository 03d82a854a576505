"""Orders of the last plan as a CSV file."""

import csv
import datetime
import io
from pathlib import Path

import pytest
import xlwings

from rebal_xl import api
from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.jobs.orders import HEADER, as_csv, order_rows, safe
from tests.excel.jobs.ribbon import cell, click, place_of, type_in


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "custodian"
    made.mkdir()
    return made


def test_orders_are_those_of_the_plan_lot_by_lot(household: xlwings.Book, household_file: Path, folder: Path):
    plan = api.rebalance(*api.read_workbook(household_file))
    jobs = Jobs()
    click(jobs, "rebalance", household)
    assert jobs.start("orders", household, "") == "ask|folder|Where should the orders be saved?|"
    message = jobs.start("orders", household, str(folder))
    path = folder / f"orders {plan.as_of:%Y-%m-%d}.csv"
    assert str(path) in message
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
    # A second file never takes the place of the first.
    jobs.start("orders", household, "")
    assert "orders 2026-11-20 2.csv" in jobs.start("orders", household, str(folder))


def test_without_a_plan(household: xlwings.Book):
    assert Jobs().start("orders", household, "").startswith("failed|There is no plan in this workbook yet.")


@pytest.mark.parametrize("restarted", [False, True], ids=["same session", "Excel restarted"])
def test_orders_of_a_plan_of_other_values_are_asked_about(household: xlwings.Book, folder: Path, restarted: bool):
    jobs = Jobs()
    click(jobs, "rebalance", household)
    row, column = place_of(household, "Holdings", "Quantity")
    held = cell(household, "Holdings", row + 1, column)
    assert isinstance(held, float)
    if restarted:
        jobs = Jobs()
        assert jobs.start("orders", household, "").startswith("ask|folder|")
    type_in(household, "Holdings", row + 1, column, held + 1.0)
    assert jobs.start("orders", household, "") == (
        "ask|yesno|The workbook does not hold what the plan of 11/20/2026 was made from. Save its orders anyway?|"
    )
    assert jobs.start("orders", household, "no") == "done|No orders were saved."
    jobs.start("orders", household, "")
    assert jobs.start("orders", household, "yes").startswith("ask|folder|")
    assert jobs.start("orders", household, str(folder)).startswith("done|")
    assert len(list(folder.iterdir())) == 1


def test_a_folder_that_is_not_there(household: xlwings.Book, folder: Path):
    jobs = Jobs()
    click(jobs, "rebalance", household)
    jobs.start("orders", household, "")
    assert jobs.start("orders", household, str(folder / "gone")).startswith("failed|There is no folder")


def test_no_cell_of_the_file_can_be_calculated():
    trade = {
        "Account": "=HYPERLINK(A1)",
        "Side": "Sell",
        "Symbol": "-SPXW",
        "Name": "@x",
        "Quantity": 12.5,
        "Price": 1.0,
    }
    text = as_csv(order_rows([trade], [])).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["Account"], row["Symbol"], row["Name"]) == ("'=HYPERLINK(A1)", "'-SPXW", "'@x")
    assert list(row) == list(HEADER)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("037833100", "037833100"), (12.0, "12"), (0.1235, "0.1235"), (None, ""), (True, "Yes"), (-3.5, "-3.5"),
        (datetime.date(2026, 3, 2), "03/02/2026"), ("\t=1", "'\t=1"), ("+1", "'+1"),
    ],
)  # fmt: skip
def test_values_as_text(value: object, text: str):
    assert safe(value) == text
