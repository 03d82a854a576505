"""`value`: the Riveras' plan proposed, marked done, filled in part, and what the page says of each."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

import rebal_xl
from tests.cli.riveras import call, call_json, damaged, riveras
from tests.sheets.reading import row_of, table_values

PLAN_DAY = date(2026, 11, 20)
# 30 days later
YULE = "2026-12-20"


def written(tmp_path: Path) -> Path:
    """Their workbook with one plan in it."""
    file = riveras(tmp_path / "riveras.xlsx")
    assert call("rebalance", file, "--in-place").exit_code == 0
    return file


def edited(file: Path, table: str, row: int, **values: object) -> None:
    """Type into a row of a table, counted from 1."""
    workbook = openpyxl.load_workbook(file)
    sheet = next(one for one in workbook.worksheets if table in one.tables)
    corner = sheet[sheet.tables[table].ref][0]
    for cell in corner:
        name = str(cell.value).replace(" ", "_")
        if name in values:
            sheet.cell(cell.row + row, cell.column).value = values[name]
    workbook.save(file)


def test_a_plan_that_is_only_proposed_is_worth_nothing(tmp_path: Path) -> None:
    code, document = call_json("value", written(tmp_path))
    told = document["value"]
    assert code == 0
    assert (told["proposed"], told["runs"], told["worth_usd"], told["tax_usd"]) == (1, [], 0.0, 0.0)
    assert "mark the runs that were carried out as done" in told["headline"]


def test_a_plan_marked_done_is_worth_what_its_comparison_says(tmp_path: Path) -> None:
    file = written(tmp_path)
    plan = rebal_xl.rebalance(*rebal_xl.read_workbook(file))
    edited(file, "RunLog", 1, Status="Done")
    told = call_json("value", file, "--as-of", YULE)[1]["value"]
    own, hifo = plan.comparisons
    (run,) = told["runs"]
    assert (run["status"], run["by_fills"], run["fingerprint"]) == ("done", False, plan.fingerprint)
    assert told["tax_usd"] == round(plan.tax.cost_usd, 2)
    assert told["own"]["saved_usd"] == pytest.approx(plan.tax_saved_usd(own), abs=0.011)
    assert told["hifo"]["saved_usd"] == pytest.approx(plan.tax_saved_usd(hifo), abs=0.011)
    assert told["own"]["avoided_usd"] == pytest.approx(
        own.disallowed_usd - sum(sale.disallowed_usd for sale in plan.lot_sales), abs=0.011
    )
    assert told["losses_usd"] == pytest.approx(sum(max(0.0, -sale.gain_usd) for sale in plan.lot_sales), abs=0.011)
    # 30 days of a year
    assert told["location_usd"] == pytest.approx(told["location_year_usd"] * 30 / 365, abs=0.011)
    assert told["worth_usd"] == pytest.approx(told["own"]["kept_usd"] + told["location_usd"], abs=0.011)
    shown = " ".join(call("value", file, "--as-of", YULE).stdout.split())
    assert told["headline"] in shown
    assert "not a simulated other history" in shown
    # a day before the run nothing was done yet
    assert call_json("value", file, "--as-of", "2026-11-19")[1]["value"]["runs"] == []


def test_the_next_rebalance_writes_the_page_and_keeps_the_status(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert "Value So Far" not in openpyxl.load_workbook(file).sheetnames
    edited(file, "RunLog", 1, Status="done", Note="sent to Ana")
    told = rebal_xl.value_so_far(file)
    assert call("rebalance", file, "--in-place", "--method", "harvest").exit_code == 0
    workbook = openpyxl.load_workbook(file)
    assert workbook.sheetnames.index("Value So Far") == workbook.sheetnames.index("Wash Sales") + 1
    kept = row_of(workbook, "ValueSoFar", Measure="Tax kept")
    assert kept["Own Method"] == pytest.approx(told.own.kept_usd)
    harvest, first = table_values(workbook, "RunLog")
    assert (first["Status"], first["Note"], harvest["Status"]) == ("done", "sent to Ana", "proposed")
    assert harvest["Compared With"] == "doing nothing"
    # both runs have their orders, and the list of statuses is there
    assert {row["Fingerprint"] for row in table_values(workbook, "RunOrders")} == {
        first["Fingerprint"],
        harvest["Fingerprint"],
    }
    offered = [one.formula1 for one in workbook["Run Log"].data_validations.dataValidation]
    assert offered == ['"proposed,done,partly done,dropped"']
    # the page in the workbook is no input
    assert rebal_xl.value_so_far(file).own == told.own


def test_fills_at_the_plans_prices_are_worth_the_plan(tmp_path: Path) -> None:
    file = written(tmp_path)
    plan = rebal_xl.rebalance(*rebal_xl.read_workbook(file))
    for number, trade in enumerate(plan.trades, 1):
        edited(
            file, "Fills", number, Account=trade.account, Symbol=trade.symbol, Side=trade.side.value, Date=PLAN_DAY,
            Quantity=trade.quantity, Price=trade.price_usd,
        )  # fmt: skip
    household, _ = rebal_xl.read_workbook(file)
    assert len(household.fills) == len(plan.trades)
    assert [(fill.symbol, fill.quantity) for fill in household.fills] == [
        (trade.symbol, trade.quantity) for trade in sorted(plan.trades, key=lambda one: (one.account, one.symbol))
    ]
    told = rebal_xl.value_so_far(file)
    assert told.notes == ()
    assert told.runs[0].by_fills
    assert told.tax_usd == pytest.approx(plan.tax.cost_usd, abs=0.5)
    assert told.short_gain_usd == pytest.approx(sum(one.short_gain_usd for one in plan.tax.changes), abs=1.0)
    assert told.slippage_usd == pytest.approx(0.0, abs=0.5)
    # fills are no part of what a plan is made from
    assert rebal_xl.rebalance(*rebal_xl.read_workbook(file)).fingerprint == plan.fingerprint


def test_a_fill_of_nothing_planned_is_told(tmp_path: Path) -> None:
    file = written(tmp_path)
    account = rebal_xl.read_workbook(file)[0].accounts[0].name
    edited(file, "Fills", 1, Account=account, Symbol="NOPE", Side="Sell", Date=PLAN_DAY, Quantity=5, Price=10)
    (note,) = call_json("value", file)[1]["value"]["notes"]
    assert f"Sell NOPE in {account} on 11/20/2026" in note
    assert note.split(":")[0] in call("value", file).stdout.replace("\n", " ")


def test_a_workbook_without_plans_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    code, document = call_json("value", riveras(tmp_path / "riveras.xlsx"))
    assert (code, document["value"]["runs"], document["value"]["proposed"]) == (0, [], 0)
    assert "mark the runs" in call("value", tmp_path / "riveras.xlsx").stdout
    broken, cell = damaged(tmp_path / "broken.xlsx")
    code, document = call_json("value", broken)
    assert (code, document["value"]) == (1, None)
    assert any(problem["cell"] == cell for problem in document["problems"])
