"""What a plan is held against, and the tax it leaves for later, worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.household import Account, Household, Method, Policy, Target
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.evaluate import Evaluation, evaluate
from rebal_xl.review import held_against, ordinary
from rebal_xl.sample import sample_household, sample_policy
from tests.optimize.homes import IRA, TAXABLE, bond, days_ago, household, lot, policy, profile, stock
from tests.optimize.test_ordinary import COUPLE, HALF, two_accounts

# Ten years at 5 %: a dollar then is worth 1.05^-10 = $0.6139 today. Gains are taxed at 15 % then as now.
LATER = 0.15 * 1.05**-10


def full(**more: object) -> Policy:
    return policy(HALF, method=Method.FULL, **more)


def test_what_is_saved_now_is_given_back_later_but_for_the_years_between() -> None:
    # The ordinary way sells 40 shares in the joint account and buys 20 back in the IRA: a gain of $2,000 first in first
    # out, $400 dearest first. The plan sells 20 shares net, of the dearer lot at $90: a gain of 20 x 10 = $200.
    home, rules = two_accounts(2_000, 3_600), full()
    plan = rebalance(home, rules)
    against = held_against(home, rules, plan)
    assert against is not None
    (change,) = plan.tax.changes
    assert change.long_gain_usd == pytest.approx(200.0)
    assert plan.tax.cost_usd == pytest.approx(0.15 * 200.0)
    assert against.own.tax_usd == pytest.approx(0.15 * 2_000.0)
    assert against.hifo.tax_usd == pytest.approx(0.15 * 400.0)
    # the plan keeps $1,800, or $200, more of unrealised gain
    assert against.own.later_usd == pytest.approx(LATER * 1_800.0)
    assert against.hifo.later_usd == pytest.approx(LATER * 200.0)
    # of $270 saved $165.75 is given back in today's dollars
    assert 0.15 * 1_800.0 - against.own.later_usd == pytest.approx(270.0 * (1.0 - 1.05**-10))


def test_another_later_rate_horizon_and_discount_are_those_of_the_policy() -> None:
    later_rate = replace(COUPLE, future_gain_rate=0.20)
    home = replace(two_accounts(2_000, 3_600), taxpayers=(later_rate,))
    rules = full(horizon_years=20.0, discount_rate=0.03)
    against = held_against(home, rules, rebalance(home, rules))
    assert against is not None
    assert against.own.later_usd == pytest.approx(0.20 * 1.03**-20 * 1_800.0)


def test_a_wash_sale_of_the_ordinary_way_is_lost_for_good_in_an_ira() -> None:
    # The ordinary way sells the older lot at a loss of 6,000 - 4,000 = $2,000, and the IRA buys 20 of 40 shares back:
    # $1,000 counts, and $1,000 is lost for good. The plan sells 20 shares of it: $1,000 counts, nothing is lost.
    home, rules = two_accounts(6_000, 3_600), full(harvest_usd=0.0)
    plan = rebalance(home, rules)
    against = held_against(home, rules, plan)
    assert against is not None
    assert against.own.disallowed_usd == pytest.approx(1_000.0)
    (change,) = plan.tax.changes
    realised, washed = change.short_gain_usd + change.long_gain_usd, sum(s.disallowed_usd for s in plan.lot_sales)
    assert washed == 0.0
    # no losses are carried forward by either: below $3,000
    assert realised >= -3_000.0
    # later gain of the plan: -realised; of the ordinary way: +1,000 realised loss + 1,000 lost for good
    assert against.own.later_usd == pytest.approx(LATER * (-realised - 2_000.0))


def harvest_home() -> Household:
    """100 shares bought for $20,000, worth $10,000 and sold all or none, and their replacement."""
    return household(
        [Account("Joint", TAXABLE), Account("IRA", IRA)],
        [lot("Joint", "STK", 100, 20_000, acquired=days_ago(900)), lot("IRA", "BND", 200)],
        [stock(replacement="ALT", lot_size=100.0), stock("ALT"), bond()],
        taxpayers=(profile(ordinary_income_usd=150_000.0),),
    )


def test_a_harvest_is_held_against_doing_nothing_and_carried_losses_are_credited() -> None:
    home, rules = harvest_home(), policy((Target("Stock", 0.5), Target("Bond", 0.5)), method=Method.HARVEST)
    plan = rebalance(home, rules)
    against = held_against(home, rules, plan)
    assert against is not None
    (change,) = plan.tax.changes
    assert change.long_gain_usd == pytest.approx(-10_000.0)
    assert change.after.long_carryforward_usd + change.after.short_carryforward_usd == pytest.approx(7_000.0)
    assert (against.name, against.own.tax_usd, against.own.disallowed_usd) == ("doing nothing", 0.0, 0.0)
    # $10,000 of basis is given up, and $7,000 of losses are left to set against it
    assert against.own.later_usd == against.hifo.later_usd == pytest.approx(LATER * 3_000.0)
    # $3,000 saves 22 % now, and costs 15 % in ten years
    assert -plan.tax.cost_usd == pytest.approx(0.22 * 3_000.0)


def test_a_plan_without_comparisons_is_held_against_nothing() -> None:
    home, rules = two_accounts(2_000, 3_600), full()
    assert held_against(home, rules, replace(rebalance(home, rules), comparisons=())) is None


def test_the_riveras_figures_are_those_of_their_comparison() -> None:
    home, rules = sample_household(), sample_policy()
    plan = rebalance(home, rules)
    against = held_against(home, rules, plan)
    assert against is not None
    assert [against.own.tax_usd, against.hifo.tax_usd] == [way.tax_usd for way in plan.comparisons]
    assert [against.own.disallowed_usd, against.hifo.disallowed_usd] == [way.disallowed_usd for way in plan.comparisons]
    assert rules.as_of == date(2026, 11, 20)


@pytest.mark.parametrize("method", [Method.OPPORTUNISTIC, Method.FULL, Method.CASH_ONLY, Method.NONE])
def test_later_tax_is_of_the_very_comparison_that_the_plan_shows(
    method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ordinary ways are evaluated once more for their gains: it must be the same ways."""
    home, rules = sample_household(), sample_policy()
    kept = tuple(replace(trade, keep=True) for trade in rules.my_trades)
    rules = replace(rules, method=method, my_trades=kept)
    plan = rebalance(home, rules)
    seen = []

    def watched(*arguments: object) -> Evaluation:
        seen.append(evaluate(*arguments))
        return seen[-1]

    monkeypatch.setattr(ordinary, "evaluate", watched)
    assert held_against(home, rules, plan) is not None
    assert [sum(payer.tax_usd for payer in one.payers.values()) for one in seen] == pytest.approx(
        [way.tax_usd for way in plan.comparisons]
    )
    assert [one.after.household_drift for one in seen] == pytest.approx(
        [way.household_drift for way in plan.comparisons]
    )
