"""Executed fills as desks write them, held against an order of 30 shares from two lots."""

from datetime import date
from pathlib import Path

import pytest

from rebal_xl.household import (
    Account,
    Fill,
    Household,
    InputErrors,
    Lot,
    RunEntry,
    RunOrder,
    Security,
    Side,
    TaxTreatment,
)
from rebal_xl.orders.fills_match import Matched, match_fills
from rebal_xl.orders.fills_read import read_fills_file

DAY = date(2026, 11, 20)
HEADER = "Acct Number,Ticker,Action,Executed Quantity,Avg Price,Trade Date,Commission\n"
OLD, YOUNG = (
    RunOrder("f1", "Joint", Side.SELL, "OLD", quantity, 50.0, 50.0 * quantity, lot, acquired)
    for lot, quantity, acquired in (("J-1", 10.0, date(2020, 1, 2)), ("J-2", 20.0, date(2026, 9, 1)))
)
RUN = RunEntry(None, DAY, "", "", "", 0.0, 0.0, 0.0, 0.0, 0.0, 1, "f1", "proposed", orders=(YOUNG, OLD))


def household(*fills: Fill) -> Household:
    return Household(
        accounts=(Account("Joint", TaxTreatment.TAXABLE, number="Z12345678"),),
        lots=(Lot("Joint", "OLD", 30.0, 600.0, date(2020, 1, 2)),),
        securities=(Security("OLD", 50.0, (("US", 1.0),)),),
        fills=fills,
    )


def matched(tmp_path: Path, lines: str, *fills: Fill) -> Matched:
    file = tmp_path / "fills.csv"
    file.write_text("Executions of today\n\n" + HEADER + lines, encoding="utf-8")
    return match_fills(household(*fills), [RUN], read_fills_file(file, household()))


def test_two_fills_of_one_order_take_its_oldest_lots_first(tmp_path: Path) -> None:
    """4 + 21 shares: 10 of the old lot and 15 of the young; at $49 and $51 that is $4 worse and $21 better."""
    told = matched(tmp_path, "Z12345678,OLD,Sold,-4,$49.00,11/20/2026,0.40\nJoint,OLD,SELL,21,51,11/23/2026,2.10\n")
    (order,) = told.orders
    assert [(one.order.lot_id, one.quantity, one.fees_usd) for one in order.pieces] == [
        ("J-1", 4.0, 0.40), ("J-1", 6.0, pytest.approx(0.60)), ("J-2", 15.0, pytest.approx(1.50)),
    ]  # fmt: skip
    assert (order.ordered, order.filled, order.fees_usd) == (30.0, 25.0, pytest.approx(2.50))
    assert order.slippage_usd == pytest.approx(4.0 - 21.0)
    assert order.left() == [0.0, 5.0]


def test_what_was_entered_before_is_known_and_what_does_not_fit_is_listed(tmp_path: Path) -> None:
    entered = Fill("Joint", "OLD", Side.SELL, DAY, 4.0, 49.0, "J-1", "f1")
    lines = "Joint,OLD,Sell,4,49,11/20/2026,\nJoint,OLD,Sell,27,50,11/20/2026,\nJoint,OLD,Buy,1,50,11/20/2026,\n"
    told = matched(tmp_path, lines, entered)
    assert [one.quantity for one in told.known] == [4.0]
    assert not told.orders
    # 30 less 4 are left
    assert [(fill.line, why.split(" of the order")[0]) for fill, why in told.unmatched] == [
        (5, "27 shares are more than the 26"), (6, "no plan in the Run Log has such an order"),
    ]  # fmt: skip


def test_every_problem_of_the_file_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as found:
        matched(tmp_path, "Joint,OLD,Sell,many,50,11/20/2026,\nJoint,OLD,Hold,1,50,11/20/2026,\n")
    assert [one.cell for one in found.value.problems] == ["line 4", "line 5"]
    file = tmp_path / "other.csv"
    file.write_text("Account,Symbol,Side\nJoint,OLD,Sell\n", encoding="utf-8")
    with pytest.raises(InputErrors, match="Date, Quantity and Price missing"):
        read_fills_file(file, household())
