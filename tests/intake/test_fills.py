"""Fills: what was executed, read at the same door as everything else, and never taken for another table."""

from datetime import date

import pytest

from rebal_xl.household import Fill, Household, InputErrors, Severity, Side
from tests.intake.story import only, read, sheet, smiths, smiths_refused

FILLS = "Account | Symbol | Side | Date | Quantity | Price | Lot ID | Plan Fingerprint\n"


def filled(rows: str) -> tuple[Fill, ...]:
    return smiths(Fills=FILLS + rows)[0].fills


def test_fills_are_read_with_their_lot_and_plan_or_without() -> None:
    rows = (
        "Joint | vti | Sold | 06/02/2026 | -5 | 301.25 | '007 | ab12\nAnn IRA | BND | Buy | 06/01/2026 | 10 | 72.5 |  |"
    )
    assert filled(rows) == (
        Fill("Ann IRA", "BND", Side.BUY, date(2026, 6, 1), 10.0, 72.5),
        Fill("Joint", "VTI", Side.SELL, date(2026, 6, 2), 5.0, 301.25, "007", "ab12"),
    )


def test_without_the_table_there_are_none() -> None:
    assert smiths()[0].fills == ()


def test_a_security_sold_out_since_is_no_problem() -> None:
    assert filled("Joint | GONE | Sell | 06/02/2026 | 5 | 10 | |")[0].symbol == "GONE"


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("Jiont | VTI | Sell | 06/02/2026 | 5 | 10 | |", "unknown-account", "A2"),
        ("Joint | VTI | Buy | 06/02/2026 | -5 | 10 | |", "quantity-not-positive", "E2"),
        ("Joint | VTI | Sell | 06/02/2026 | 0 | 10 | |", "quantity-not-positive", "E2"),
        ("Joint | VTI | Sell | 06/02/2026 | 5 | -10 | |", "out-of-range", "F2"),
        ("Joint | VTI | Sell | 06/02/2026 | 5 |  | |", "missing-value", "F2"),
    ],
)
def test_a_fill_that_cannot_be_is_refused_with_its_cell(row: str, code: str, cell: str) -> None:
    assert only(smiths_refused(Fills=FILLS + row), code).cell == cell


def test_a_fill_after_the_as_of_day_is_a_notice() -> None:
    # the Smiths' day is 06/15/2026
    household, _ = smiths(Fills=FILLS + "Joint | VTI | Sell | 06/15/2026 | 5 | 10 | |")
    assert not [notice for notice in household.notices if notice.code == "filled-after-as-of"]
    household, _ = smiths(Fills=FILLS + "Joint | VTI | Sell | 06/16/2026 | 5 | 10 | |")
    (notice,) = [notice for notice in household.notices if notice.code == "filled-after-as-of"]
    assert (notice.severity, notice.sheet, notice.cell) == (Severity.NOTICE, "Fills", "D2")


def test_a_list_of_transactions_with_lots_is_still_the_recent_trades() -> None:
    """Every column of Fills is on it, and more of them than of RecentTrades: its name decides."""
    header = "Account | Symbol | Side | Date | Quantity | Price | Lot ID\n"
    row = "Joint | VTI | Sell | 06/02/2026 | 5 | 301.25 | 7\n"
    for name in ("Transactions", "June activity"):
        household = _with(name, header + row)
        assert [trade.symbol for trade in household.recent_trades] == ["VTI"], name
        assert household.fills == ()


def test_a_sheet_called_fills_holds_fills_whatever_else_is_on_it() -> None:
    # a gain makes it look like RecentTrades
    household = _with("Fills", "Account | Symbol | Side | Date | Quantity | Price | Gain\n"
                      "Joint | VTI | Sell | 06/02/2026 | 5 | 301.25 | -20\n")  # fmt: skip
    assert [fill.symbol for fill in household.fills] == ["VTI"]
    assert household.recent_trades == ()


def test_a_sheet_called_fills_without_prices_names_the_column() -> None:
    with pytest.raises(InputErrors) as refused:
        _with("Fills", "Account | Symbol | Side | Date | Quantity\nJoint | VTI | Sell | 06/02/2026 | 5\n")
    assert any("Fills has no column Price" in problem.message for problem in refused.value.problems)


def _with(name: str, text: str) -> Household:
    """The Smiths with one more sheet."""
    held = "Account | Symbol | Quantity | Asset Class | Price\nJoint | VTI | 10 | Stocks | 300\n"
    wanted = "Asset Class | Target %\nStocks | 100%\n"
    return read(sheet("Holdings", held), sheet("Targets", wanted), sheet(name, text))[0]
