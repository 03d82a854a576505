"""A plan in the shapes that people look at: sums that must tie to the plan they were taken from."""

import math

from rebal_xl.api import rebalance
from rebal_xl.household import Term
from rebal_xl.household.views import class_views, heat_map, realised_views
from rebal_xl.sample import sample_household, sample_policy


def sample_plan():
    return rebalance(sample_household(), sample_policy())


def test_classes_accounts_and_terms_tie_to_the_plan():
    plan = sample_plan()
    views = class_views(plan)
    assert [view.asset_class for view in views] == [line.asset_class for line in plan.before.lines]
    # Half the absolute drifts is the household's drift, by its definition.
    assert math.isclose(sum(abs(view.drift_before) for view in views) / 2, plan.before.household_drift, abs_tol=1e-12)
    assert math.isclose(sum(abs(view.drift_after) for view in views) / 2, plan.after.household_drift, abs_tol=1e-12)

    placed = heat_map(plan)
    assert list(placed.accounts) == sorted(placed.accounts)
    # Before the plan the accounts still hold what is to be withdrawn; the household's value counts without it.
    leaving = {"Cash": sum(usd for _, usd in plan.withdrawals_paid)}
    for column, view in enumerate(views):
        assert placed.classes[column] == view.asset_class
        held = sum(row[column] for row in placed.before_usd) - leaving.get(view.asset_class, 0.0)
        assert math.isclose(held, view.before_usd, abs_tol=0.01)
        assert math.isclose(sum(row[column] for row in placed.after_usd), view.after_usd, abs_tol=0.01)

    short, long = realised_views(plan)
    assert (short.term, long.term) == (Term.SHORT, Term.LONG)
    changes = plan.tax.changes
    assert math.isclose(short.net_usd, sum(change.short_gain_usd for change in changes), abs_tol=0.01)
    assert math.isclose(long.net_usd, sum(change.long_gain_usd for change in changes), abs_tol=0.01)


def test_an_account_keeps_its_money_but_for_what_is_withdrawn_and_what_trading_costs():
    plan = sample_plan()
    placed = heat_map(plan)
    paid = dict(plan.withdrawals_paid)
    for account, old, new in zip(placed.accounts, placed.before_usd, placed.after_usd, strict=True):
        cost = sum(trade.cost_usd for trade in plan.trades if trade.account == account)
        assert abs(sum(old) - paid.get(account, 0.0) - sum(new)) <= cost + 0.01
