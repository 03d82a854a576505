"""The Execution sheet, as the person who keys the orders reads it: nothing missing, cash always there, ticks kept."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import range_boundaries

from rebal_xl import api
from rebal_xl.files.reader import read_book
from rebal_xl.household import Side
from rebal_xl.household.execution import executions
from rebal_xl.sheets.results_execution import DONE, HOW, OPEN, Tick, earlier_ticks, what_to_know
from rebal_xl.sheets.save import save_workbook
from tests.sheets.edges import EDGES, Edge, sample
from tests.sheets.miller import HOUSEHOLD, PLAN, POLICY
from tests.sheets.reading import reopened, table_cells, table_values

every_edge = pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES)


def lines(workbook: Workbook) -> list[dict[str, Any]]:
    return [row for row in table_values(workbook, "ExecutionLines") if row]


def totals(workbook: Workbook) -> dict[str, float]:
    sheet = workbook["Execution"]
    columns = {cell.value: cell.column for cell in table_cells_header(workbook)}
    last = range_boundaries(sheet.tables["ExecutionLines"].ref)[3] or 0
    return {
        sheet.cell(row, columns["Account"]).value: sheet.cell(row, columns["Amount"]).value
        for row in range(last + 1, sheet.max_row + 1)
        if sheet.cell(row, columns["Account"]).value
    }


def table_cells_header(workbook: Workbook) -> list[Any]:
    sheet = workbook["Execution"]
    first_col, row, last_col, _ = range_boundaries(sheet.tables["ExecutionLines"].ref)
    return [sheet.cell(row or 0, column) for column in range(first_col or 0, (last_col or 0) + 1)]


@every_edge
def test_the_lines_add_up_to_the_plan_to_the_cent(edge: Callable[[], Edge]) -> None:
    """Each sale to the amount of its order, each side to the total below it and to the Trades sheet's."""
    held, built = edge(), reopened(edge().results())
    amounts: dict[tuple[str, str, str], float] = defaultdict(float)
    quantities: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in lines(built):
        if row["Side"] in ("Sell", "Sell all", "Buy"):
            key = (row["Account"], row["Symbol"], row["Side"].removesuffix(" all"))
            amounts[key] += row["Amount"]
            quantities[key] += row["Quantity"]
    wanted = {(trade.account, trade.symbol, trade.side.value): trade for trade in held.plan.trades}
    assert set(amounts) == set(wanted)
    for key, trade in wanted.items():
        assert round(amounts[key], 2) == trade.amount_usd, key
        assert quantities[key] == pytest.approx(trade.quantity, abs=1e-6), key
    for name, side in (("Total sold", Side.SELL), ("Total bought", Side.BUY)):
        plan_usd = round(sum(trade.amount_usd for trade in held.plan.trades if trade.side is side), 2)
        assert totals(built)[name] == plan_usd
        assert round(sum(usd for (_, _, word), usd in amounts.items() if word == side.value), 2) == plan_usd
    paid = round(sum(usd for _, usd in held.plan.withdrawals_paid), 2)
    assert totals(built)["Total withdrawn"] == pytest.approx(paid, abs=0.011)


@every_edge
def test_cash_never_runs_out_and_ends_where_the_plan_says(edge: Callable[[], Edge]) -> None:
    left: dict[str, float] = {}
    for row in lines(edge().results()):
        assert row["Cash After"] >= 0.0, row
        left[row["Account"]] = row["Cash After"]
    for account, usd in left.items():
        # A cent of rounding for each of the orders, at the most.
        assert usd == pytest.approx(dict(edge().plan.cash_after)[account], abs=0.02)


def test_each_line_starts_from_the_cash_of_the_line_above() -> None:
    cash: dict[str, float] = {}
    for row in lines(sample().results()):
        moved = row.get("Amount", 0.0) * (1 if str(row["Side"]).startswith("Sell") else -1)
        if row["Side"] == "Cash":
            account = sample().household.account(row["Account"])
            assert row["Cash After"] == round(account.cash_usd + account.contribution_usd, 2)
        else:
            assert row["Cash After"] == pytest.approx(cash[row["Account"]] + moved, abs=0.001)
        cash[row["Account"]] = row["Cash After"]


def test_sells_come_before_buys_before_the_withdrawal() -> None:
    order = {"Cash": 0, "Sell": 1, "Sell all": 1, "Buy": 2, "Withdraw": 3}
    steps: dict[str, list[int]] = defaultdict(list)
    for row in lines(sample().results()):
        steps[row["Account"]].append(order[row["Side"]])
    assert steps
    assert all(held == sorted(held) for held in steps.values())
    assert max(len(held) for held in steps.values()) > 3


def test_a_lot_is_told_with_its_day_basis_and_term() -> None:
    built = sample().results()
    told = {
        (row["Account"], row["Lot"]): (row["Acquired"], row["Basis"], row.get("Term"))
        for row in lines(built)
        if "Lot" in row
    }
    assert told == {
        (sale.account, sale.lot_id): (
            sale.acquired or "not known",
            "not known" if sale.basis_usd is None else pytest.approx(sale.basis_usd),
            sale.term.value if sale.term else None,
        )
        for sale in sample().plan.lot_sales
    }


def test_accounts_of_a_custodian_stand_together_and_each_begins_a_page() -> None:
    built = sample().results()
    sheet = built["Execution"]
    rows = lines(built)
    first = range_boundaries(sheet.tables["ExecutionLines"].ref)[1] or 0
    starts = [number for number, row in enumerate(rows, first + 1) if row["Side"] == "Cash"]
    custodians = [sample().household.account(rows[start - first - 1]["Account"]).custodian for start in starts]
    assert custodians == sorted(custodians)
    assert len(starts) > 1
    # A break stands below its row.
    assert [held.id for held in sheet.row_breaks.brk] == [start - 1 for start in starts[1:]]
    # Excel would forget the breaks of a sheet that it fits to pages.
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"$1:${first}"


def test_every_line_but_the_first_of_an_account_has_a_box_from_a_list() -> None:
    built = reopened(sample().results())
    sheet = built["Execution"]
    (offered,) = sheet.data_validations.dataValidation
    assert offered.formula1 == f'"{OPEN},{DONE}"'
    for row in table_cells(built, "ExecutionLines"):
        assert row["Done"].coordinate in offered.cells
        assert row["Done"].value == (None if row["Side"].value == "Cash" else OPEN)


def test_what_hangs_together_is_said_where_the_account_begins() -> None:
    said = {row["Account"]: row["Name"] for row in lines(sample().results()) if row["Side"] == "Cash"}
    number = sample().household.account("Joint Brokerage").number
    assert said["Joint Brokerage"].startswith(f"Schwab account {number}: 1 sell, a withdrawal.")
    # Its withdrawal is larger than the cash it starts with.
    assert "Pay out only when the sells have settled (T+1)." in said["Joint Brokerage"]
    assert "T+1 is the next business day" in HOW
    assert said["Alex IRA"].endswith(" of the buys; both settle on T+1.")


def test_an_account_without_a_number_of_its_own_is_told_by_its_custodian() -> None:
    (first, *_) = executions(sample().plan, sample().household)
    assert what_to_know(first) == "Fidelity: 1 sell."
    # the account is already called so on the same line
    assert what_to_know(first, first.account) == "Fidelity: 1 sell."


def ticked(path: Path, account: str, lot: str) -> None:
    """Somebody ticks a lot in the file and writes a word beside it."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    for row in table_cells(book, "ExecutionLines"):
        if (row["Account"].value, row["Lot"].value) == (account, lot):
            row["Done"].value, row["Note"].value = "x", "filled at 358.41"
    book.save(path)


def test_ticks_and_notes_survive_a_rerun_of_the_same_plan_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "rivera.xlsx"
    save_workbook(sample().inputs(), path)
    household, policy = api.read_workbook(path)
    plan = api.rebalance(household, policy)
    api.write_plan(path, plan, in_place=True)
    account, lot = plan.lot_sales[0].account, plan.lot_sales[0].lot_id
    ticked(path, account, lot)
    api.write_plan(path, plan, in_place=True)
    (tick,) = api.previous_ticks(path, read_book(path))
    assert (tick.fingerprint, tick.line[0], tick.line[4]) == (plan.fingerprint, account, lot)
    assert (tick.done, tick.note) == (True, "filled at 358.41")
    another = replace(policy, min_trade_usd=policy.min_trade_usd + 1.0)
    api.write_plan(path, api.rebalance(household, another), in_place=True, policy=another)
    assert api.previous_ticks(path, read_book(path)) == ()


def test_a_line_without_a_tick_is_not_one() -> None:
    rows = [
        {"Account": "IRA", "Order": 1.0, "Side": "Buy", "Symbol": "BND", "Done": OPEN, "Note": None},
        {"Account": "IRA", "Order": 2.0, "Side": "Buy", "Symbol": "VTI", "Done": "☑", "Note": None},
    ]
    line = ("IRA", "2", "Buy", "VTI", "")
    assert earlier_ticks("Rivera · 2026 law · plan 9f2c41d07ab3", rows) == (Tick("9f2c41d07ab3", line, True),)
    assert earlier_ticks("Rivera · 2026 law", rows) == ()


def test_a_plan_without_orders_says_why() -> None:
    built = api.result_sheets(replace(PLAN, trades=(), lot_sales=(), withdrawals_paid=()), HOUSEHOLD, POLICY)
    assert lines(built) == []
    assert any("No trade" in str(cell.value) for row in built["Execution"].iter_rows() for cell in row if cell.value)


def test_losses_and_wash_sales_stand_out_by_more_than_colour() -> None:
    """A loss has its minus sign; what the law disallows is bold on a pale ground; headers stand above their figures."""
    built = reopened(api.result_sheets(PLAN, HOUSEHOLD, POLICY))
    rules = {
        (sheet, str(area.sqref)): list(area.rules)
        for sheet in ("Lots Sold", "Execution")
        for area in built[sheet].conditional_formatting
    }
    for sheet, table in (("Lots Sold", "LotsSold"), ("Execution", "ExecutionLines")):
        cells = [row["Gain"] for row in table_cells(built, table)]
        (rule,) = rules[sheet, f"{cells[0].coordinate}:{cells[-1].coordinate}"]
        assert (rule.operator, rule.formula) == ("lessThan", ["0"])
        assert all(cell.number_format.partition(";")[2].startswith("-") for cell in cells)
    lost = [row["Lost for Good"].coordinate for row in table_cells(built, "LotsSold")]
    (rule,) = rules["Lots Sold", f"{lost[0]}:{lost[-1]}"]
    assert rule.formula == [f"AND(ISNUMBER({lost[0]}),{lost[0]}>0.004)"]
    assert rule.dxf.font.b
    sides = {cell.value: cell.alignment.horizontal for cell in table_cells_header(built)}
    assert (sides["Amount"], sides["Name"], sides["Done"]) == ("right", "left", "center")
