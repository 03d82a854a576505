"""Waiting for a gain to turn long-term: how many days, what it saves, and when there is nothing to say."""

from datetime import date

import pytest

from rebal_xl.household import Account, Household, LotSource, Method, Plan, Side, TypedTrade
from rebal_xl.optimize import rebalance
from tests.optimize.homes import AS_OF, IRA, TAXABLE, banded, bond, household, lot, policy, profile, stock

# $250,000 of wages in 2026: 250,000 - 32,200 = 217,800 of taxable income. Ordinary income is taxed at 24 % from
# 211,400 to 403,550, long-term gains at 15 %; the net investment income tax begins at 250,000 of income, so 3.8 % falls
# on every gain of either kind.
SHORT_RATE, LONG_RATE = 0.24 + 0.038, 0.15 + 0.038
# A purchase on 20 December 2025 is long-term from 21 December 2026, 31 days after 20 November 2026.
BOUGHT = date(2025, 12, 20)


def young(acquired: date, *, basis: float = 64_000.0, **more: object) -> Household:
    """$80,000 of stock in one young lot, too much of it, and $20,000 of bonds."""
    held = [lot("Joint", "STK", 800.0, basis, acquired=acquired), lot("Joint", "BND", 400.0, 20_000.0)]
    return household([Account("Joint", TAXABLE)], held, **more)  # type: ignore[arg-type]


def planned(home: Household, **more: object) -> Plan:
    """The plan that brings stock from 80 % to 66 %: 140 shares are sold."""
    return rebalance(home, policy(banded(0.60), **more))


def test_a_short_gain_that_is_sold_says_how_long_to_wait_and_what_that_saves() -> None:
    # 140 of 800 shares: a gain of 16,000 * 140 / 800 = $2,800, at 24 % instead of 15 %: 9 % of it is $252.
    (wait,) = planned(young(BOUGHT)).waits
    assert (wait.days, wait.long_from, wait.sold) == (31, date(2026, 12, 21), True)
    assert wait.gain_usd == pytest.approx(2_800.0, abs=1.0)
    assert wait.saved_usd == pytest.approx((SHORT_RATE - LONG_RATE) * 2_800.0, abs=0.1)
    assert wait.sentence.startswith("Wait 31 days and save $252.0")
    assert "140" in wait.sentence


def test_a_lot_held_back_says_what_selling_it_today_would_cost_more() -> None:
    # One day later it is inside the boundary of 30 days and not for sale: all of its gain of $16,000 waits.
    (wait,) = planned(young(date(2025, 12, 19))).waits
    assert (wait.days, wait.sold) == (30, False)
    # the short gain stays within the 24 % bracket: 217,800 + 16,000 < 403,550
    assert wait.saved_usd == pytest.approx((SHORT_RATE - LONG_RATE) * 16_000.0)
    assert wait.sentence.startswith("Held back for 30 days")


@pytest.mark.parametrize(("days", "told"), [(90, True), (91, False)])
def test_ninety_days_ahead_are_looked_at(days: int, told: bool) -> None:
    # 90 days after 20 November 2026 is 18 February 2027: bought on 17 February 2026
    acquired = date(2026, 2, 17) if days == 90 else date(2026, 2, 18)
    waits = planned(young(acquired)).waits
    assert [wait.days for wait in waits] == ([days] if told else [])
    if told:
        assert waits[0].sentence.endswith("The tax then belongs to 2027.")


def test_there_is_nothing_to_wait_for_where_waiting_saves_nothing() -> None:
    loss = planned(young(BOUGHT, basis=90_000.0))
    assert loss.lot_sales[0].gain_usd < 0
    assert loss.waits == ()
    # losses carried in swallow a short gain as well as a long one
    carried = planned(young(BOUGHT, taxpayers=(profile(long_carryforward_usd=100_000.0),)))
    assert carried.lot_sales[0].gain_usd > 0
    assert carried.waits == ()
    # nobody taxes gains in an IRA
    held = [lot("IRA", "STK", 800.0, 64_000.0, acquired=BOUGHT), lot("IRA", "BND", 400.0, 20_000.0)]
    assert planned(household([Account("IRA", IRA)], held)).waits == ()


def test_inherited_shares_are_long_at_once() -> None:
    held = [
        lot("Joint", "STK", 800.0, 64_000.0, acquired=BOUGHT, source=LotSource.INHERITED),
        lot("Joint", "BND", 400.0, 20_000.0),
    ]
    plan = planned(household([Account("Joint", TAXABLE)], held))
    assert plan.lot_sales
    assert plan.waits == ()


@pytest.mark.parametrize("method", [Method.NONE, Method.OPPORTUNISTIC])
def test_a_typed_sale_of_a_lot_days_before_it_is_long_says_what_waiting_saves(method: Method) -> None:
    # 100 of 800 shares: a gain of $2,000, and the boundary does not hold back what is typed
    typed = TypedTrade("Joint", "STK", Side.SELL, 100.0)
    home = young(date(2025, 12, 1))
    wide = (banded(0.60, 0.6, 0.6)[0], banded(0.60)[1])
    (wait,) = rebalance(home, policy(wide, method=method, my_trades=(typed,))).waits
    assert (wait.days, wait.sold, wait.quantity) == (12, True, 100.0)
    assert wait.saved_usd == pytest.approx((SHORT_RATE - LONG_RATE) * 2_000.0)


def test_a_million_shares_are_written_in_full() -> None:
    held = [lot("Joint", "STK", 1_234_567.0, 61_728.35, acquired=BOUGHT)]
    home = household([Account("Joint", TAXABLE)], held, [stock(price=0.1), bond()])
    typed = TypedTrade("Joint", "STK", Side.SELL, 1_234_567.0)
    (wait,) = rebalance(home, policy(banded(0.60), method=Method.NONE, my_trades=(typed,))).waits
    assert ": 1,234,567 STK in Joint are sold at a short-term gain of $61,728.35" in wait.sentence


def test_the_larger_saving_comes_first() -> None:
    held = [
        lot("Joint", "STK", 300.0, 24_000.0, acquired=date(2025, 12, 1)),
        lot("Joint", "STK", 500.0, 30_000.0, acquired=date(2025, 12, 5)),
        lot("Joint", "BND", 400.0, 20_000.0),
    ]
    waits = planned(household([Account("Joint", TAXABLE)], held)).waits
    assert [(wait.quantity, wait.days) for wait in waits] == [(500.0, 16), (300.0, 12)]
    assert date(2026, 11, 20) == AS_OF
