"""Orders: the minimum trade and its exemption, whole shares, the cost of an order, the range to hold."""

from dataclasses import replace

import pytest

from rebal_xl.household import Account, BandType, Method, Side, Target
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, TAXABLE, amount, banded, bond, household, lot, policy, stock, weight_after


def test_holding_10_percent_goal_14_minimum_5_percent_is_no_trade() -> None:
    # The move of 4 % of the account is below its minimum of 5 %; method Full would make any trade that is allowed.
    home = household([Account("IRA", IRA)], [lot("IRA", "STK", 100.0), lot("IRA", "BND", 1_800.0)])
    targets = (Target("Stock", 0.14, BandType.ABSOLUTE, 1.0, 1.0), Target("Bond", 0.86, BandType.ABSOLUTE, 1.0, 1.0))
    rules = policy(targets, method=Method.FULL, min_trade_usd=0.0, min_trade_weight=0.05)
    assert rebalance(home, rules).trades == ()
    allowed = rebalance(home, replace(rules, min_trade_weight=0.04))
    assert amount(allowed, "IRA", "STK", Side.BUY) == pytest.approx(4_000.0, abs=0.5)


def test_the_greater_of_dollars_and_percent_is_the_minimum() -> None:
    home = household([Account("IRA", IRA)], [lot("IRA", "STK", 722.0), lot("IRA", "BND", 556.0)])
    # Triggered at 72.2 %; going to 66 % is $6,200 of $100,000.
    small = rebalance(home, policy(banded(0.60), min_trade_usd=7_000.0, min_trade_weight=0.01))
    assert all(trade.amount_usd >= 7_000.0 for trade in small.trades)
    assert len(small.trades) == 2
    assert weight_after(small, "Stock") == pytest.approx(0.652, abs=1e-5)


def test_a_position_below_the_minimum_may_be_closed_but_not_trimmed() -> None:
    accounts = [Account("IRA", IRA)]
    tail = stock("OLD", 10.0)
    held = [lot("IRA", "STK", 700.0), lot("IRA", "OLD", 40.0), lot("IRA", "BND", 592.0)]
    home = household(accounts, held, [replace(stock(), do_not_buy=True), replace(tail, do_not_buy=True), bond()])
    # Stock is $70,400 of $100,000, its trigger 70.2 % and its destination 70 %: closing OLD ($400) alone is enough.
    targets = (
        Target("Stock", 0.60, BandType.ABSOLUTE, 0.102, 0.10),
        Target("Bond", 0.40, BandType.ABSOLUTE, 1.0, 1.0),
    )
    plan = rebalance(home, policy(targets, min_trade_usd=400.01))
    sold = {trade.symbol: trade for trade in plan.trades if trade.side is Side.SELL}
    assert set(sold) <= {"OLD", "STK"}
    for trade in sold.values():
        assert trade.amount_usd >= 400.01 or trade.closes_position


def test_whole_shares_are_whole_unless_the_account_takes_fractions() -> None:
    whole = [stock(price=333.0, lot_size=1.0), bond(price=77.0, lot_size=1.0)]
    held = [lot("IRA", "STK", 300.0), lot("IRA", "BND", 100.0)]
    plan = rebalance(household([Account("IRA", IRA)], held, whole), policy(banded(0.60)))
    assert plan.trades
    assert all(trade.quantity == int(trade.quantity) for trade in plan.trades)
    fractional = household([Account("IRA", IRA, fractional=True)], held, whole)
    assert any(trade.quantity != int(trade.quantity) for trade in rebalance(fractional, policy(banded(0.60))).trades)


def test_an_odd_fraction_can_be_closed_with_its_position() -> None:
    securities = [replace(stock(lot_size=1.0), do_not_buy=True), bond(lot_size=1.0)]
    home = household([Account("IRA", IRA)], [lot("IRA", "STK", 10.4375), lot("IRA", "BND", 20.0)], securities)
    targets = (Target("Stock", 0.0, BandType.ABSOLUTE, 0.005, 0.0), Target("Bond", 1.0, BandType.ABSOLUTE, 1.0, 1.0))
    plan = rebalance(home, policy(targets))
    sale = next(trade for trade in plan.trades if trade.side is Side.SELL)
    assert sale.quantity == pytest.approx(10.4375)
    assert sale.closes_position


def test_a_bond_quoted_per_hundred_trades_in_its_denomination() -> None:
    note = bond("NOTE", 98.5, price_divisor=100.0, lot_size=1_000.0)
    securities = [stock(), note]
    home = household([Account("IRA", IRA)], [lot("IRA", "STK", 800.0), lot("IRA", "NOTE", 20_000.0)], securities)
    plan = rebalance(home, policy(banded(0.60)))
    bought = next(trade for trade in plan.trades if trade.side is Side.BUY)
    assert bought.quantity % 1_000.0 == 0.0
    assert bought.amount_usd == pytest.approx(bought.quantity * 0.985, abs=0.01)


def test_one_near_perfect_trade_beats_three_perfect_ones() -> None:
    # The same $6,200 can come from one account or from three; an order costs $25, so one account does it.
    accounts = [Account(name, IRA) for name in ("A", "B", "C")]
    held = [lot(name, "STK", 722.0) for name in "ABC"] + [lot(name, "BND", 556.0) for name in "ABC"]
    plan = rebalance(household(accounts, held), policy(banded(0.60), cost_per_order_usd=25.0))
    assert len(plan.trades) == 2


def test_a_position_is_never_sold_below_its_range_to_hold() -> None:
    held = [lot("IRA", "STK", 900.0, min_hold=850.0), lot("IRA", "BND", 200.0)]
    plan = rebalance(household([Account("IRA", IRA)], held), policy(banded(0.60)))
    assert amount(plan, "IRA", "STK", Side.SELL) == pytest.approx(5_000.0, abs=0.2)
    assert [item.rule for item in plan.relaxed] == ["Band of Stock"]


@pytest.mark.parametrize(("days", "sold"), [(30, False), (31, True)])
def test_a_gain_that_turns_long_within_the_boundary_is_not_sold(days: int, sold: bool) -> None:
    # A lot bought one year less `days` before today turns long-term `days` + 1 days from now at the earliest.
    from datetime import timedelta

    from rebal_xl.tax.holding import long_term_from
    from tests.optimize.homes import AS_OF

    acquired = next(
        AS_OF - timedelta(days=age)
        for age in range(1, 400)
        if (long_term_from(AS_OF - timedelta(days=age)) - AS_OF).days == days
    )
    held = [lot("Joint", "STK", 900.0, 60_000.0, acquired=acquired), lot("Joint", "BND", 200.0, 10_000.0)]
    plan = rebalance(household([Account("Joint", TAXABLE)], held), policy(banded(0.60)))
    assert bool(plan.lot_sales) is sold
