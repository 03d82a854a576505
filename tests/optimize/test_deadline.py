"""A run stopped by the clock or by hand: the best plan so far, said to be that, and never a wrong figure."""

from dataclasses import replace

import pytest

from benchmarks.households import draw_household
from rebal_xl.optimize.rebalance import rebalance


@pytest.mark.parametrize("minimum_usd", [0.0, 500.0])
def test_a_plan_stopped_early_is_shown_with_its_gap(minimum_usd: float) -> None:
    """At a minimum of $0 an order of nothing is possible; one left over in an unfinished search must not be counted."""
    household, policy = draw_household("medium", 4)
    begun: list[float] = []

    def stop(best: float, bound: float, seconds: float) -> bool:
        begun.append(seconds)
        return True

    plan = rebalance(household, replace(policy, min_trade_usd=minimum_usd, harvest_usd=0.0), progress=stop)
    assert begun
    assert plan.status == "cancelled"
    assert plan.bound_usd <= plan.cost_usd
    assert any("Stopped on request" in notice.sentence for notice in plan.notices)
