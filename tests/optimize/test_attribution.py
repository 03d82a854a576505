"""What each order costs and saves by itself, worked by hand."""

import pytest

from rebal_xl.household import Account, BandType, Household, Plan, Security, Side, Target, Trade
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, TAXABLE, banded, bond, days_ago, household, lot, policy, profile, stock

# $250,000 of wages: gains are taxed at 15 % and 3.8 %, and a loss deducted from wages saves 24 % (see test_waiting).
LONG_RATE, WAGE_RATE = 0.188, 0.24


def order(plan: Plan, symbol: str, side: Side = Side.SELL) -> Trade:
    """The one order of a security."""
    (found,) = [trade for trade in plan.trades if (trade.symbol, trade.side) == (symbol, side)]
    return found


def test_a_sale_at_a_gain_costs_its_tax_its_spread_its_fee_and_its_order() -> None:
    fund = stock(spread_bp=10.0, redemption_fee=0.01)
    held = [lot("Joint", "STK", 800.0, 40_000.0), lot("Joint", "BND", 400.0, 20_000.0)]
    home = household([Account("Joint", TAXABLE)], held, [fund, bond()])
    plan = rebalance(home, policy(banded(0.60), cost_per_order_usd=7.0))
    sold = order(plan, "STK")
    # the fee comes off the proceeds, and so off the gain: each dollar sold gains 1 - 0.01 - 0.50
    assert sold.tax_usd == pytest.approx(LONG_RATE * 0.49 * sold.amount_usd, abs=0.01)
    assert sold.later_tax_usd == 0.0
    assert sold.cost_usd == pytest.approx((0.001 + 0.01) * sold.amount_usd + 7.0, abs=0.01)
    bought = order(plan, "BND", Side.BUY)
    assert (bought.tax_usd, bought.cost_usd) == (0.0, 7.0)


def offsetting() -> tuple[Household, Plan]:
    """Stock sold at a gain, and a fund without a target sold beside it at a loss as large: together no tax."""
    old = Security("OLD", 10.0, (("Stock", 1.0),), lot_size=0.0)
    held = [
        lot("Joint", "STK", 660.0, 66_000.0),
        lot("Joint", "OLD", 1_400.0, 18_000.0, acquired=days_ago(900)),
        lot("Joint", "BND", 400.0, 20_000.0),
    ]
    home = household(
        [Account("Joint", TAXABLE)], held, [stock(), bond(), old], taxpayers=(profile(long_realized_usd=4_000.0),)
    )
    return home, rebalance(home, policy(banded(0.60)))


def test_a_loss_saves_the_tax_of_the_gains_it_meets_and_costs_it_later() -> None:
    # $14,000 of OLD, bought for $18,000, goes: its loss of $4,000 meets the $4,000 of gain realised before.
    _, plan = offsetting()
    sold = order(plan, "OLD")
    assert sold.closes_position
    assert sold.tax_usd == pytest.approx(-LONG_RATE * 4_000.0)
    # The basis given up is charged at 15 % and 3.8 % ten years on, at 5 % a year: the couple stands at the threshold
    # of the net investment income tax, so one more dollar of dividends is taxed at both.
    assert sold.later_tax_usd == pytest.approx(0.188 * 4_000.0 / 1.05**10)
    assert plan.tax.cost_usd == pytest.approx(sold.tax_usd)


def test_a_gain_and_a_loss_that_cancel_do_not_add_up_to_nothing() -> None:
    # Two funds of a class that is wanted no more are sold: one gains $10,000, the other loses $10,000. Without the
    # gain $3,000 of the loss would come off wages (24 %) and $7,000 be left; without the loss the gain costs 18.8 %.
    held = [lot("Joint", "WIN", 2_000.0, 10_000.0), lot("Joint", "LOS", 2_000.0, 30_000.0)]
    other = (("Other", 1.0),)
    funds = [Security("WIN", 10.0, other, lot_size=0.0), Security("LOS", 10.0, other, lot_size=0.0), stock(), bond()]
    gone = Target("Other", 0.0, BandType.ABSOLUTE, 0.01, 0.0)
    plan = rebalance(household([Account("Joint", TAXABLE)], held, funds), policy((*banded(0.60), gone)))
    gain, loss = order(plan, "WIN"), order(plan, "LOS")
    assert (gain.closes_position, loss.closes_position) == (True, True)
    assert plan.tax.cost_usd == pytest.approx(0.0, abs=0.01)
    assert gain.tax_usd == pytest.approx(WAGE_RATE * 3_000.0, abs=0.01)
    assert loss.tax_usd == pytest.approx(-LONG_RATE * 10_000.0, abs=0.01)


def test_sales_that_nobody_taxes_cost_no_tax() -> None:
    held = [lot("IRA", "STK", 800.0, 10_000.0), lot("IRA", "BND", 400.0, 20_000.0)]
    plan = rebalance(household([Account("IRA", IRA)], held), policy(banded(0.60)))
    assert [(trade.tax_usd, trade.later_tax_usd, trade.cost_usd) for trade in plan.trades] == [(0.0, 0.0, 1.0)] * 2
