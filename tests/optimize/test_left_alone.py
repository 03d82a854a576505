"""Classes left outside their band: every method and rule that leaves one says why, with its figures."""

import pytest

from rebal_xl.household import Account, Household, LeftAlone, Method, Plan, Policy, Side, Target, TypedTrade
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, banded, bond, household, lot, policy, stock

BOTH = (Target("Stock", 0.6), Target("Bond", 0.4))


def tilted(*, locked: bool = False) -> Household:
    """80 % of $100,000 in stock, where 72 % is the most, and 20 % in bonds, where 32 % is the least."""
    held = [lot("IRA", "STK", 800.0, locked=locked), lot("IRA", "BND", 400.0)]
    return household([Account("IRA", IRA)], held)


def left(plan: Plan) -> dict[str, LeftAlone]:
    """What was left alone, by class."""
    return {one.asset_class: one for one in plan.left_alone}


@pytest.mark.parametrize(
    ("method", "because"),
    [
        (Method.CASH_ONLY, "method Cash only invests and raises cash"),
        (Method.HARVEST, "method Harvest takes losses"),
        (Method.LOCATION, "method Location moves classes between accounts"),
        (Method.NONE, "method None does only the orders that were typed"),
    ],
)
def test_methods_for_other_ends_say_that_they_are(method: Method, because: str) -> None:
    # a dollar of stock is sold, so that method None has something to do
    typed = (TypedTrade("IRA", "STK", Side.SELL, 0.01),) if method is Method.NONE else ()
    found = left(rebalance(tilted(), policy(BOTH, method=method, my_trades=typed)))
    assert list(found) == ["Bond", "Stock"]
    stocks = found["Stock"]
    assert (stocks.weight, stocks.outside_usd) == (pytest.approx(0.80, abs=1e-4), pytest.approx(8_000.0, abs=1.0))
    assert stocks.sentence.startswith("Stock ends at 80.00%, $")
    assert "above its band of 48.00% to 72.00%: " + because in stocks.sentence
    assert found["Bond"].sentence.startswith("Bond ends at 20.00%, $12,000 below its band of 32.00% to 48.00%: ")


def test_a_band_that_rules_forbid_names_them() -> None:
    found = left(rebalance(tilted(locked=True), policy(banded(0.60))))
    assert list(found) == ["Stock"]
    assert found["Stock"].sentence.endswith("in the way: lots marked Locked ($80,000).")


def test_a_drift_cap_stands_in_place_of_bands() -> None:
    # at 15 % drift stock ends at 75 %, still above 72 %
    found = left(rebalance(tilted(), policy(BOTH, most_drift=0.15)))
    assert found["Stock"].sentence.startswith("Stock ends at 75.00% (was 80.00%), $3,000 above its band")
    assert found["Stock"].sentence.endswith("it ends at 15.00% against 15.00%.")


@pytest.mark.parametrize("rules", [policy(BOTH), policy(BOTH, method=Method.FULL), policy(BOTH, most_drift=0.05)])
def test_nothing_is_said_of_classes_inside_their_bands(rules: Policy) -> None:
    assert rebalance(tilted(), rules).left_alone == ()


def test_a_class_of_which_only_tax_exempt_funds_are_known_is_told_as_that_whatever_their_rank() -> None:
    held = [lot("IRA", "STK", 800.0), lot("IRA", "BND", 400.0)]
    for rank in (None, 0, 1):
        home = household([Account("IRA", IRA)], held, [stock(), bond(exempt_share=1.0, rank_deferred=rank)])
        told = left(rebalance(home, policy(BOTH)))["Bond"].sentence
        assert told.endswith("in the way: BND tax-exempt, not bought in IRA.")
