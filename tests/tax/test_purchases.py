"""Which purchase every sold share came from: reconstructed, against a history in which it is known."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.household import CASH_SYMBOL, Lot, LotSource, RecentTrade, Side
from rebal_xl.tax.purchases import reconstruct

START = date(2026, 1, 5)
AS_OF = START + timedelta(days=100)


def day(number: int) -> date:
    """A day of the history."""
    return START + timedelta(days=number)


def buy(quantity: float, number: int, **more) -> RecentTrade:
    """A purchase."""
    return RecentTrade("Ann", "XYZ", day(number), Side.BUY, quantity, **more)


def sell(quantity: float, number: int, **more) -> RecentTrade:
    """A sale."""
    return RecentTrade("Ann", "XYZ", day(number), Side.SELL, quantity, **more)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[RecentTrade], list[Lot], dict[date, Counter]]:
    """Trades of one position sold first in, first out; what is held in the end; and what every day's sales sold."""
    queue: list[list] = []
    trades: list[RecentTrade] = []
    sold: dict[date, Counter] = defaultdict(Counter)
    for number in sorted(draw(st.lists(st.integers(0, 99), max_size=12, unique=True))):
        held = sum(shares for _, shares in queue)
        if held and draw(st.booleans()):
            wanted = draw(st.integers(1, held))
            trades.append(sell(wanted, number))
            while wanted:
                taken = min(wanted, queue[0][1])
                sold[day(number)][queue[0][0]] += taken
                queue[0][1] -= taken
                wanted -= taken
                if not queue[0][1]:
                    queue.pop(0)
        else:
            quantity = draw(st.integers(1, 50))
            trades.append(buy(quantity, number))
            queue.append([day(number), quantity])
    return trades, [Lot("Ann", "XYZ", shares, acquired=when) for when, shares in queue], dict(sold)


def by_day(parts) -> dict[date, Counter]:
    found: dict[date, Counter] = defaultdict(Counter)
    for part in parts:
        found[part.trade.traded][part.acquired] += round(part.quantity, 6)
    return dict(found)


@given(histories())
def test_a_whole_history_sold_first_in_first_out_is_found_again(history):
    trades, lots, sold = history
    bought, parts = reconstruct(trades, lots, AS_OF)
    assert by_day(parts) == sold
    assert {each.acquired: each.held for each in bought if each.held > 1e-6} == {
        lot.acquired: lot.quantity for lot in lots
    }


@given(histories(), st.integers(0, 99))
def test_what_was_bought_before_the_rows_begin_is_not_known(history, begin):
    trades, lots, sold = history
    _, parts = reconstruct([trade for trade in trades if trade.traded >= day(begin)], lots, AS_OF)
    expected: dict[date, Counter] = defaultdict(Counter)
    for when, shares in sold.items():
        for acquired, quantity in shares.items():
            if when >= day(begin):
                expected[when][acquired if acquired >= day(begin) else None] += quantity
    assert by_day(parts) == dict(expected)


@given(histories())
def test_no_share_is_lost(history):
    trades, lots, _ = history
    bought, parts = reconstruct(trades, lots, AS_OF)
    for each in bought:
        assert each.held + sum(p.quantity for p in parts if p.bought == each.key) == pytest.approx(each.quantity)
    for trade in (one for one in trades if one.side is Side.SELL):
        assert sum(p.quantity for p in parts if p.trade == trade) == pytest.approx(trade.quantity)


def test_a_sale_that_says_when_its_shares_were_bought_takes_those():
    trades = [buy(10, 0), buy(10, 20), sell(4, 30, acquired=day(20))]
    bought, parts = reconstruct(
        trades, [Lot("Ann", "XYZ", 10, acquired=day(0)), Lot("Ann", "XYZ", 6, acquired=day(20))], AS_OF
    )
    assert [(part.acquired, part.quantity) for part in parts] == [(day(20), 4)]
    assert [(each.acquired, each.held) for each in bought] == [(day(0), 10), (day(20), 6)]


def test_two_orders_of_a_day_stay_two_purchases():
    bought, _ = reconstruct([buy(10, 0), buy(5, 0)], [Lot("Ann", "XYZ", 15, acquired=day(0))], AS_OF)
    assert sorted(each.quantity for each in bought) == [5, 10]


def test_shares_without_a_date_are_the_youngest():
    # 8 of the position have no date; of the purchases of 10 and 6, 14 could be missing: two of the older were sold.
    trades = [buy(10, 0), buy(6, 20), sell(30, 30)]
    bought, _ = reconstruct(trades, [Lot("Ann", "XYZ", 8)], AS_OF)
    assert [(each.acquired, each.held) for each in bought] == [(day(0), 2), (day(20), 6)]


@pytest.mark.parametrize(("days", "purchases"), [(4, 1), (5, 2)])
def test_a_lot_dated_by_settlement_is_the_purchase_of_a_few_days_before(days: int, purchases: int):
    bought, _ = reconstruct([buy(10, 0)], [Lot("Ann", "XYZ", 10, acquired=day(days))], AS_OF)
    assert len(bought) == purchases


def test_cash_gifts_and_short_positions_are_no_purchases():
    lots = [
        Lot("Ann", "XYZ", 5, acquired=day(1), source=LotSource.GIFT),
        Lot("Ann", "XYZ", -5, acquired=day(1)),
        Lot("Ann", "XYZ", 5, acquired=AS_OF + timedelta(days=1)),
    ]
    cash = RecentTrade("Ann", CASH_SYMBOL, day(1), Side.BUY, 100)
    assert reconstruct([cash], lots, AS_OF) == ((), ())
