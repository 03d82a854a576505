"""Orders: the minimum trade and its exemption, whole shares, the cost of an order, the range to hold."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rebal_xl.household import Account, BandType, Method, Side, Target
from rebal_xl.optimize import rebalance
from rebal_xl.tax.holding import long_term_from
from tests.optimize.homes import (
    AS_OF,
    IRA,
    TAXABLE,
    amount,
    banded,
    bond,
    household,
    lot,
    policy,
    stock,
    weight_after,
)


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
    # Stock is $70,400 of $100,000, its trigger 70.2 % and its destination 70 %; only the $400 of OLD are for sale.
    targets = (
        Target("Stock", 0.60, BandType.ABSOLUTE, 0.102, 0.10),
        Target("Bond", 0.40, BandType.ABSOLUTE, 1.0, 1.0),
    )
    rules = policy(targets, min_trade_usd=400.01)
    securities = [replace(stock(), do_not_buy=True), replace(stock("OLD", 10.0), do_not_buy=True), bond()]
    fixed = [lot("IRA", "STK", 700.0, locked=True), lot("IRA", "BND", 592.0)]
    plan = rebalance(household([Account("IRA", IRA)], [*fixed, lot("IRA", "OLD", 40.0)], securities), rules)
    assert [(t.symbol, t.amount_usd, t.closes_position) for t in plan.trades] == [("OLD", 400.0, True)]
    assert plan.relaxed == ()
    # One share of it is locked: the other 39 ($390) would be a trim below the minimum.
    one_stays = [*fixed, lot("IRA", "OLD", 39.0), lot("IRA", "OLD", 1.0, locked=True)]
    plan = rebalance(household([Account("IRA", IRA)], one_stays, securities), rules)
    assert plan.trades == ()
    assert [(item.rule, round(item.amount_usd)) for item in plan.relaxed] == [("Band of Stock", 400)]


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


@pytest.mark.parametrize(("least", "sold_usd", "short_usd"), [(660.0, 24_000.0, 0.0), (661.0, 23_900.0, 100.0)])
def test_a_position_is_never_sold_below_its_range_to_hold(least: float, sold_usd: float, short_usd: float) -> None:
    # 900 shares of $100 are 90 % of $100,000; the destination ends at 66 %: 660 shares.
    held = [lot("IRA", "STK", 900.0, min_hold=least), lot("IRA", "BND", 200.0)]
    plan = rebalance(household([Account("IRA", IRA)], held), policy(banded(0.60)))
    assert amount(plan, "IRA", "STK", Side.SELL) == pytest.approx(sold_usd, abs=0.2)
    assert sum(item.amount_usd for item in plan.relaxed) == pytest.approx(short_usd, abs=0.2)
    assert [item.rule for item in plan.relaxed] == (["Band of Stock"] if short_usd else [])


@pytest.mark.parametrize(("most", "bought_usd", "short_usd"), [(540.0, 24_000.0, 0.0), (539.0, 23_900.0, 100.0)])
def test_a_position_is_never_bought_above_its_range_to_hold(most: float, bought_usd: float, short_usd: float) -> None:
    # 300 shares of $100 are 30 % of $100,000; the destination begins at 54 %: 540 shares.
    held = [lot("IRA", "STK", 300.0, max_hold=most), lot("IRA", "BND", 1_400.0)]
    plan = rebalance(household([Account("IRA", IRA)], held), policy(banded(0.60)))
    assert amount(plan, "IRA", "STK", Side.BUY) == pytest.approx(bought_usd, abs=0.2)
    assert sum(item.amount_usd for item in plan.relaxed) == pytest.approx(short_usd, abs=0.2)
    assert [item.rule for item in plan.relaxed] == (["Band of Stock"] if short_usd else [])


@pytest.mark.parametrize(("spread_bp", "bought"), [(2.0, "STK"), (3.0, "ALT")])
def test_of_two_funds_of_a_class_the_one_with_the_narrower_spread_is_bought(spread_bp: float, bought: str) -> None:
    securities = [stock(spread_bp=spread_bp), stock("ALT", 40.0, spread_bp=5.0 - spread_bp), bond()]
    home = household([Account("IRA", IRA)], [lot("IRA", "BND", 2_000.0)], securities)
    plan = rebalance(home, policy(banded(0.60)))
    assert [trade.symbol for trade in plan.trades if trade.side is Side.BUY] == [bought]


@pytest.mark.parametrize(("fee", "account"), [(0.018, "IRA"), (0.0195, "Joint")])
def test_a_redemption_fee_is_paid_while_it_is_less_than_the_tax_it_spares(fee: float, account: str) -> None:
    # The couple's shares have gained a tenth of what they are worth: at 15 % and 3.8 %, 1.88 % of what is sold.
    securities = [stock(), stock("OLD", 10.0, redemption_fee=fee), bond()]
    held = [lot("Joint", "STK", 400.0, 36_000.0), lot("IRA", "OLD", 4_000.0), lot("Joint", "BND", 400.0, 20_000.0)]
    plan = rebalance(
        household([Account("Joint", TAXABLE), Account("IRA", IRA)], held, securities), policy(banded(0.60))
    )
    assert {trade.account for trade in plan.trades} == {account}


@pytest.mark.parametrize(("days", "sold"), [(30, False), (31, True)])
def test_a_gain_that_turns_long_within_the_boundary_is_not_sold(days: int, sold: bool) -> None:
    # A lot bought one year less `days` before today turns long-term `days` + 1 days from now at the earliest.
    acquired = next(
        AS_OF - timedelta(days=age)
        for age in range(1, 400)
        if (long_term_from(AS_OF - timedelta(days=age)) - AS_OF).days == days
    )
    held = [lot("Joint", "STK", 900.0, 60_000.0, acquired=acquired), lot("Joint", "BND", 200.0, 10_000.0)]
    plan = rebalance(household([Account("Joint", TAXABLE)], held), policy(banded(0.60)))
    assert bool(plan.lot_sales) is sold
