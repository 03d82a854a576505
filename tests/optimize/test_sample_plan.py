"""The plan of the sample household: what the product promises, seen on the household everybody tries first."""

import math
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from rebal_xl.household import Household, Method, Plan, Policy, Side
from rebal_xl.optimize import rebalance
from rebal_xl.sample import sample_household, sample_policy
from tests.optimize.test_invariants import check


@pytest.fixture(scope="module")
def household() -> Household:
    """The sample."""
    return sample_household()


@pytest.fixture(scope="module")
def rules() -> Policy:
    """Its policy."""
    return sample_policy()


@pytest.fixture(scope="module")
def plan(household: Household, rules: Policy) -> Plan:
    """Its plan."""
    return rebalance(household, rules)


def test_every_triggered_class_ends_inside_its_destination(plan: Plan) -> None:
    triggered = [line.asset_class for line in plan.before.lines if line.triggered]
    assert len(triggered) >= 4
    assert plan.relaxed == ()
    assert all(plan.after.line(name).in_destination for name in triggered)


def test_no_class_is_pushed_out_of_its_trigger(plan: Plan) -> None:
    assert not any(line.triggered for line in plan.after.lines)


def test_there_is_no_wash_sale(plan: Plan, household: Household, rules: Policy) -> None:
    assert all(sale.disallowed_usd == 0.0 for sale in plan.lot_sales)
    check(household, rules, plan)


def test_the_gap_is_at_most_a_tenth_of_a_basis_point(plan: Plan) -> None:
    assert plan.status == "optimal"
    assert plan.gap_usd <= 0.1e-4 * plan.before.value_usd


def test_the_withdrawal_is_paid_in_full(plan: Plan, rules: Policy) -> None:
    asked = sum(item.amount_usd for item in rules.withdrawals)
    assert sum(usd for _, usd in plan.withdrawals_paid) == pytest.approx(asked, abs=0.05)


def first_in_gain_usd(household: Household, account: str, symbol: str, quantity: float) -> float:
    """What a sale realises from the oldest lots on."""
    price, gain = household.security(symbol).unit_usd, 0.0
    for lot in sorted(household.held(account, symbol), key=lambda lot: lot.acquired or date.min):
        taken = min(quantity, lot.quantity)
        quantity -= taken
        gain += taken * (price - (lot.basis_usd or 0.0) / lot.quantity)
    assert quantity == pytest.approx(0.0)
    return gain


def test_the_plan_is_cheaper_than_selling_the_same_shares_first_in_first_out(plan: Plan, household: Household) -> None:
    orders = [trade for trade in plan.trades if trade.side is Side.SELL and household.account(trade.account).taxable]
    assert orders
    first_in = sum(first_in_gain_usd(household, trade.account, trade.symbol, trade.quantity) for trade in orders)
    assert first_in > 0.0
    # Long gains of these taxpayers cost 15 % at least; the plan's own lots cost less than a tenth of that.
    assert plan.tax.cost_usd < 0.1 * 0.15 * first_in


def test_shuffled_rows_give_the_same_orders(plan: Plan, household: Household, rules: Policy) -> None:
    draw = Random(5)
    again = replace(
        household,
        accounts=tuple(draw.sample(household.accounts, len(household.accounts))),
        lots=tuple(draw.sample(household.lots, len(household.lots))),
        securities=tuple(draw.sample(household.securities, len(household.securities))),
        recent_trades=tuple(draw.sample(household.recent_trades, len(household.recent_trades))),
    )
    other = rebalance(again, rules)
    assert other.trades == plan.trades
    assert other.lot_sales == plan.lot_sales
    assert other.fingerprint == plan.fingerprint


def test_full_comes_within_a_share_of_every_target(household: Household, rules: Policy) -> None:
    plan = rebalance(household, replace(rules, method=Method.FULL))
    dearest = max(security.unit_usd for security in household.securities)
    for line in plan.after.lines:
        if line.target_weight:
            assert abs(line.drift) * plan.after.value_usd <= max(dearest, 500.0)


def test_progress_is_reported_and_a_wish_to_stop_keeps_the_best_plan(household: Household, rules: Policy) -> None:
    seen: list[tuple[float, float, float]] = []

    def stop_soon(cost: float, bound: float, seconds: float) -> bool:
        seen.append((cost, bound, seconds))
        return cost < 1e12

    plan = rebalance(household, rules, progress=stop_soon)
    assert seen
    check(household, rules, plan)
    assert math.isfinite(plan.bound_usd)
    assert plan.cost_usd >= plan.bound_usd


def test_a_search_stopped_before_any_bound_still_says_how_far_it_may_be_from_the_best(
    household: Household, rules: Policy
) -> None:
    plan = rebalance(household, rules, progress=lambda cost, bound, seconds: True)
    assert plan.status == "cancelled"
    assert math.isfinite(plan.gap_usd)
    check(household, rules, plan)
