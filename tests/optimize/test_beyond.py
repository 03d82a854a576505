"""Purchases larger than fills the band of their class: left out of a search only where they are shown to be dearer."""

import numpy as np
import pytest

from rebal_xl.household import Account, BandType, Household, Method, Policy, Side, Target, TypedTrade
from rebal_xl.measure import measure_drift
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.beyond import every_class, least_beyond
from rebal_xl.optimize.program import UNIT_USD
from rebal_xl.optimize.search import build_model
from rebal_xl.optimize.solver import solve
from tests.optimize.brute import Brute
from tests.optimize.decision import decision_of
from tests.optimize.homes import IRA, TAXABLE, bond, household, lot, policy, stock
from tests.optimize.themes import themed_case

TARGETS = (
    Target("Stock", 0.56, BandType.ABSOLUTE, 0.10, 0.08),
    Target("Bond", 0.40, BandType.ABSOLUTE, 0.10, 0.08),
    Target("Cash", 0.04, BandType.ABSOLUTE, 0.06, 0.05),
)


def sold_out_of_bonds() -> tuple[Household, Policy]:
    """$100,000: bonds of $85,000, all sold by the advisor's own trade and not to be bought again, stock of $13,000."""
    home = household(
        [Account("Joint", TAXABLE, cash_usd=0.0), Account("IRA", IRA, cash_usd=2_000.0)],
        [lot("Joint", "BND", 1_700.0, 85_000.0), lot("IRA", "STK", 130.0)],
        securities=[stock(), bond(do_not_buy=True)],
    )
    sell = TypedTrade("Joint", "BND", Side.SELL, 1_700.0)
    return home, policy(TARGETS, method=Method.FULL, my_trades=(sell,))


def test_the_money_of_a_class_that_cannot_be_bought_goes_beyond_the_band_of_another() -> None:
    home, rules = sold_out_of_bonds()
    plan = rebalance(home, rules)
    # Cash stays within its band of 10 %, $10,000, of which the IRA holds $2,000: $77,000 of the $85,000 buys stock.
    # That is more than the $66,000 that fill the band of stock, and costs half as much a dollar as cash would.
    bought = {(t.account, t.symbol): t.quantity for t in plan.trades if t.side is Side.BUY}
    assert sum(bought.values()) == pytest.approx(770.0, abs=20.0)
    assert bought["Joint", "STK"] > 670.0
    assert plan.after.line("Cash").actual_weight == pytest.approx(0.10, abs=0.001)


def test_one_order_is_cheaper_than_two_that_come_to_the_same() -> None:
    # shares of one fund cost twice those of the other: 17 of it are 5 of it and 6 of the other, at an order less
    case = themed_case(92682, "harvest")
    plan = rebalance(case.household, case.policy)
    decision = decision_of(case.household, plan)
    assert decision is not None
    assert decision.bought == {("Joint", "SCHB"): 17}
    assert plan.cost_usd <= Brute(case.household, case.policy).cheapest().cost_usd + plan.gap_usd + 0.01


def test_what_is_left_out_costs_what_its_own_search_finds_or_more() -> None:
    home, rules = sold_out_of_bonds()
    before = measure_drift(home, rules)
    usual = build_model(home, rules, before)
    (pair,) = [
        index for index, pair in enumerate(usual.choices.buys) if (pair.account, pair.symbol) == ("Joint", "STK")
    ]
    # the band of stock; fractions can be bought, so no share more
    assert usual.caps[pair] * UNIT_USD == pytest.approx(66_000.0)
    least = least_beyond(usual, usual.program.finish())["Stock"]
    wide = build_model(home, rules, before, beyond=every_class(usual))
    arrays = wide.program.finish()
    lower = arrays.lower.copy()
    lower[wide.bought[pair]] = usual.caps[pair]
    arrays.lower[:] = lower
    assert least <= solve(arrays, gap_usd=0.0, deadline_s=30.0).objective + 1e-6
    # and the bound is no idle one: all that is left out of it is the order
    assert least >= solve(arrays, gap_usd=0.0, deadline_s=30.0).objective - 0.05
    assert least_beyond(wide, wide.program.finish()) == {}


def test_a_household_without_such_a_need_is_searched_once() -> None:
    home = household([Account("IRA", IRA, cash_usd=0.0)], [lot("IRA", "STK", 700.0), lot("IRA", "BND", 600.0)])
    rules = policy((Target("Stock", 0.5), Target("Bond", 0.5)))
    model = build_model(home, rules, measure_drift(home, rules))
    least = least_beyond(model, model.program.finish())
    assert set(least) == {"Stock", "Bond"}
    assert np.all(np.array(list(least.values())) * UNIT_USD > rebalance(home, rules).cost_usd)
