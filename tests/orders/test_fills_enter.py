"""A week after the plan: executions of three orders come back and go into a copy of the Riveras' workbook.

The plan of 11/20/2026 sells 36 VOO from two lots and buys 300 VEA in Joint Brokerage, and sells 47 VOO in the Roth IRA.
"""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from rebal_xl import api
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Household, InputErrors, RecentTrade, Side
from rebal_xl.orders.fills_enter import FillsEntered
from rebal_xl.sample import sample_household
from tests.cli.riveras import call, call_json
from tests.orders.stories import JOINT, ROTH, TRUST, buy, sell, typed
from tests.sheets.reading import table_values

DAY = date(2026, 11, 23)
TODAY = date(2026, 11, 30)
HEADER = "Account,Ticker,Action,Filled Quantity,Avg Price,Trade Date,Commission\n"
VOO = f"{JOINT},VOO,SELL,-30,$667.20,11/23/2026,1.50\n"
VEA = f"{JOINT},VEA,BUY,200,61.30,11/23/2026,2.00\n"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("typed") / "riveras.xlsx"
    return typed(
        path, sell(JOINT, "VOO", 26, "JT-VOO-06"), sell(JOINT, "VOO", 10, "JT-VOO-07"), buy(JOINT, "VEA", 300),
        sell(ROTH, "VOO", 47, "JR-VOO-01"),
    ).read_bytes()  # fmt: skip


@pytest.fixture
def file(planned: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "riveras.xlsx"
    path.write_bytes(planned)
    return path


def entered(file: Path, lines: str, **options: object) -> FillsEntered:
    executed = file.parent / "fills.csv"
    executed.write_text(HEADER + lines, encoding="utf-8")
    return api.read_fills_into(file, executed, today=TODAY, **options)  # type: ignore[arg-type]


def after(told: FillsEntered) -> Household:
    assert told.saved is not None
    return api.read_workbook(told.saved.path)[0]


def held(household: Household, account: str, symbol: str) -> dict[str, tuple[float, float | None]]:
    return {lot.lot_id: (lot.quantity, lot.basis_usd) for lot in household.held(account, symbol)}


def test_lots_cash_and_the_ledger_follow_the_fills(file: Path) -> None:
    """30 VOO at 667.20: all 26 of the lot of 2025 and 4 of the lot of 2026. 200 VEA at 61.30 and a fee of 2.00."""
    before = file.read_bytes()
    now = after(entered(file, VOO + VEA))
    assert file.read_bytes() == before
    was = held(sample_household(), JOINT, "VOO")
    # of 23 shares for 15,651.96 (680.52 each) 19 are left: 19 x 680.52
    wanted = {name: lot for name, lot in was.items() if name != "JT-VOO-06"} | {"JT-VOO-07": (19.0, 12_929.88)}
    assert held(now, JOINT, "VOO") == wanted
    new = [lot for lot in now.held(JOINT, "VEA") if lot.acquired == DAY]
    # 200 x 61.30 + 2.00
    assert [(lot.quantity, lot.basis_usd) for lot in new] == [(200.0, 12_262.00)]
    # 37,412.66 + (30 x 667.20 - 1.50) - 12,262.00
    assert now.account(JOINT).cash_usd == 45_165.16
    assert now.account(ROTH) == sample_household().account(ROTH)
    # 26 x 667.20 - 1.30 - 16,131.18, and 4 x 667.20 - 0.20 - 4 x 680.52
    assert [trade for trade in now.recent_trades if trade.traded == DAY] == [
        RecentTrade(JOINT, "VEA", DAY, Side.BUY, 200.0, 61.30),
        RecentTrade(JOINT, "VOO", DAY, Side.SELL, 4.0, 667.20, -53.48, acquired=date(2026, 10, 7)),
        RecentTrade(JOINT, "VOO", DAY, Side.SELL, 26.0, 667.20, 1_214.72, acquired=date(2025, 12, 2)),
    ]
    assert [(one.symbol, one.quantity, one.lot_id) for one in now.fills] == [
        ("VEA", 200.0, ""), ("VOO", 26.0, "JT-VOO-06"), ("VOO", 4.0, "JT-VOO-07"),
    ]  # fmt: skip


def test_slippage_is_told_against_the_plan_in_dollars_and_basis_points(file: Path) -> None:
    """VOO was planned at 668.20, VEA at 61.22."""
    orders = {order.lots[0].symbol: order for order in entered(file, VOO + VEA, write=False).matched.orders}
    # 30 x 1.00 of 30 x 668.20
    assert orders["VOO"].slippage_usd == pytest.approx(30.00)
    assert orders["VOO"].slippage_bp == pytest.approx(10_000 * 30.00 / 20_046.00)
    # 200 x 0.08 of 200 x 61.22
    assert orders["VEA"].slippage_usd == pytest.approx(16.00)
    assert orders["VEA"].slippage_bp == pytest.approx(10_000 * 16.00 / 12_244.00)


def test_what_is_partly_filled_or_open_is_told_and_the_rest_comes_later(file: Path) -> None:
    first = entered(file, VOO + VEA)
    assert {order.lots[0].symbol: sum(order.left()) for order in first.matched.orders} == {"VOO": 6.0, "VEA": 100.0}
    assert [(one.account, one.symbol, one.quantity) for one in first.open_orders] == [(ROTH, "VOO", 47.0)]
    assert first.saved is not None
    # the desk's next file repeats the first day
    more = f"{JOINT},VOO,SELL,6,668.20,11/24/2026,\n{JOINT},VEA,BUY,100,61.30,11/24/2026,\n"
    told = entered(first.saved.path, VOO + VEA + more)
    assert [one.line for one in told.matched.known] == [2, 3]
    assert [sum(order.left()) for order in told.matched.orders] == [0.0, 0.0]
    now = after(told)
    # 13 of the 23 are left: 13 x 680.52
    assert held(now, JOINT, "VOO")["JT-VOO-07"] == (13.0, 8_846.76)
    # 45,165.16 + 6 x 668.20 - 100 x 61.30
    assert now.account(JOINT).cash_usd == 43_044.36
    # everything again changes nothing
    assert told.saved is not None
    assert entered(told.saved.path, VOO + VEA + more).saved is None


def test_fills_that_fit_nothing_are_listed_and_the_others_are_entered(file: Path) -> None:
    strange = (
        f"{TRUST},SCHX,BUY,5,28.60,11/23/2026,\nX99,VOO,SELL,1,668,11/23/2026,\n{JOINT},VEA,BUY,301,61,11/23/2026,\n"
    )
    told = entered(file, VOO + strange)
    assert [(fill.line, why.split(",")[0]) for fill, why in told.matched.unmatched] == [
        (3, "no plan in the Run Log has such an order"),
        (4, "no account of the workbook is called so"),
        (5, "301 shares are more than the 300 of the order that are not filled yet"),
    ]
    notices = {one.cell for one in told.notices if one.code == "fill-unmatched"}
    assert notices == {"line 3", "line 4", "line 5"}
    # 37,412.66 + 20,014.50
    assert after(told).account(JOINT).cash_usd == 57_427.16


def test_the_day_of_the_workbook_follows_its_newest_lot(file: Path) -> None:
    told = entered(file, VEA)
    assert "as-of-moved" in {one.code for one in told.notices}
    assert told.saved is not None
    assert api.read_workbook(told.saved.path)[1].as_of == DAY


def test_typed_trades_that_were_done_are_not_planned_again(file: Path) -> None:
    """Of 26, 10 and 300 shares that were typed, 6 VOO of the second lot and 100 VEA are still to be done."""
    told = entered(file, VOO + VEA)
    assert "my-trades-done" in {one.code for one in told.notices}
    assert told.saved is not None
    policy = api.read_workbook(told.saved.path)[1]
    assert [(one.symbol, one.quantity) for one in policy.my_trades if one.account == JOINT] == [
        ("VOO", 6.0), ("VEA", 100.0),
    ]  # fmt: skip
    assert [(one.symbol, one.quantity) for one in policy.my_trades if one.account == ROTH] == [("VOO", 47.0)]


def test_only_sheets_with_changed_cells_change(file: Path) -> None:
    told = entered(file, VOO + VEA)
    assert told.saved is not None
    with zipfile.ZipFile(file) as one, zipfile.ZipFile(told.saved.path) as two:
        assert one.namelist() == two.namelist()
        changed = {name for name in one.namelist() if one.read(name) != two.read(name)}
    # Holdings, Accounts, Recent Trades, Fills, My Trades, Settings; tables that grew; and the wish to calculate anew
    assert len([name for name in changed if name.startswith("xl/worksheets/sheet")]) == 6
    rest = {name for name in changed if not name.startswith("xl/worksheets/sheet")}
    assert all(name.startswith("xl/tables/") or name == "xl/workbook.xml" for name in rest)


def test_every_problem_is_told_at_once_and_nothing_is_written(file: Path) -> None:
    late = f"{JOINT},VOO,SELL,1,668,12/24/2026,\n{JOINT},VEA,BUY,1,61,12/01/2026,\n"
    with pytest.raises(InputErrors) as found:
        entered(file, VOO + late)
    assert [(one.sheet, one.cell, one.code) for one in found.value.problems] == [
        ("fills.csv", "line 3", "filled-ahead"), ("fills.csv", "line 4", "filled-ahead"),
    ]  # fmt: skip
    assert sorted(path.name for path in file.parent.iterdir()) == ["fills.csv", "riveras.xlsx"]


def test_a_trade_that_the_custodians_files_brought_is_not_counted_twice(file: Path) -> None:
    """Recent Trades has the sale already, so Holdings has it too, as a rule."""
    workbook = openpyxl.load_workbook(file)
    table = next(sheet for sheet in workbook if sheet.title == "Recent Trades")
    last = max(row[0].row for row in table.iter_rows() if row[0].value)
    for column, value in enumerate((JOINT, "VOO", DAY, "Sell", 30), 1):
        table.cell(last + 1, column, value)
    reference = table.tables["RecentTrades"]
    start, _, end = reference.ref.partition(":")
    reference.ref = f"{start}:{end.rstrip('0123456789')}{last + 1}"
    settings = workbook["Settings"]
    day = next(row for row in settings.iter_rows() if row[0].value == "As Of")
    day[1].value = DAY
    workbook.save(file)
    with pytest.raises(InputErrors, match="RecentTrades has this trade already"):
        entered(file, VOO)
    now = after(entered(file, VOO, fills_only=True))
    assert held(now, JOINT, "VOO") == held(sample_household(), JOINT, "VOO")
    assert sum(one.quantity for one in now.fills) == 30.0


def test_the_workbook_itself_and_files_that_are_there_are_left_alone(file: Path) -> None:
    with pytest.raises(FileRefused, match="is the workbook itself"):
        entered(file, VOO, out=file)
    other = file.with_name("kept.xlsx")
    other.write_bytes(b"kept")
    with pytest.raises(FileRefused, match="is there already"):
        entered(file, VOO, out=other)


def test_a_lot_that_was_sold_meanwhile_is_a_problem_with_its_line(file: Path) -> None:
    workbook = openpyxl.load_workbook(file)
    sheet = workbook["Holdings"]
    quantity = next(cell.column for line in sheet.iter_rows() for cell in line if cell.value == "Quantity")
    row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == "JT-VOO-06")
    sheet.cell(row, quantity).value = 20
    # the typed trade was done
    typed_trades = workbook["My Trades"]
    for cells in typed_trades[typed_trades.tables["MyTrades"].ref][1:]:
        for cell in cells:
            cell.value = None
    workbook.save(file)
    with pytest.raises(InputErrors) as found:
        entered(file, VOO + VEA)
    (problem,) = found.value.problems
    assert (problem.cell, problem.code) == ("line 2", "lot-too-small")
    assert "26 shares of VOO" in problem.message
    assert "has 20 of it" in problem.message


def test_the_command_tells_it_as_json_and_in_words(file: Path) -> None:
    executed = file.parent / "fills.csv"
    executed.write_text(HEADER + VOO + VEA, encoding="utf-8")
    code, document = call_json("fills", file, executed, "--dry-run")
    assert code == 0
    assert document["written"] is None
    assert {one["symbol"]: (one["status"], one["slippage_usd"]) for one in document["fills"]["orders"]} == {
        "VOO": ("partly filled", 30.0), "VEA": ("partly filled", 16.0),
    }  # fmt: skip
    assert document["fills"]["slippage_usd"] == 46.0
    result = call("fills", file, executed, "--out", file.with_name("after.xlsx"))
    assert result.exit_code == 0
    assert "Worse than the plan by $46.00 in all" in result.stdout
    assert "Not filled yet: Sell 47 VOO in Jordan Roth IRA." in result.stdout
    (run,) = table_values(openpyxl.load_workbook(file.with_name("after.xlsx")), "RunLog")
    assert run["Fingerprint"]
    assert call("fills", executed, executed).exit_code == 1


def test_what_was_filled_counts_in_the_value_of_the_advice(file: Path) -> None:
    """The short-term loss of 53.48 and the gain of 1,214.72 of lots held for less than a year."""
    told = entered(file, VOO)
    assert told.saved is not None
    value = api.value_so_far(told.saved.path, DAY)
    (run,) = value.runs
    assert run.short_gain_usd == pytest.approx(1_214.72 - 53.48 + 1.50)


@pytest.mark.parametrize(
    ("price", "refused"), [("6.13", True), ("12260.00", True), ("31.00", False), ("120.00", False)]
)
def test_a_price_that_no_market_explains_is_refused(file: Path, price: str, refused: bool) -> None:
    """The plan's price of VEA is 61.22: a tenth of it is a slip, and 12,260.00 are the dollars of 200 shares."""
    line = VEA.replace("61.30", price)
    if not refused:
        assert entered(file, line).saved is not None
        return
    with pytest.raises(InputErrors) as found:
        entered(file, line)
    (problem,) = found.value.problems
    assert (problem.code, problem.cell) == ("price-unlikely", "line 2")


def test_the_last_digits_behind_a_mask_name_the_one_account_they_fit(file: Path) -> None:
    """The Roth IRA's number ends in 0426; those of three other accounts end in 0418."""
    told = entered(file, VOO.replace(JOINT, "...0426"))
    assert [order.lots[0].account for order in told.matched.orders] == [ROTH]
    told = entered(file, VEA.replace(JOINT, "XXXX-0418"))
    assert not told.matched.orders
    assert [fill.account for fill, _ in told.matched.unmatched] == ["XXXX-0418"]
