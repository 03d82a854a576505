"""A run stopped by the clock or by hand: the best plan so far, said to be that, and never a wrong figure."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.households import draw_household
from rebal_xl.optimize import whole
from rebal_xl.optimize.program import Arrays
from rebal_xl.optimize.rebalance import rebalance
from rebal_xl.optimize.solver import Answer, SolverError


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


def test_a_search_of_whole_shares_that_finds_nothing_in_time_still_leaves_a_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The clock runs out in every search of whole shares: cash pays what it can, and nothing is ordered."""

    household, policy = draw_household("small", 2)
    monkeypatch.setattr(whole, "_around", lambda *_, **__: [])
    calls: list[int] = []
    honest = whole.solve

    def first_in_vain(arrays: Arrays, **more: Any) -> Answer:
        calls.append(1)
        if len(calls) == 1:
            raise SolverError("The solver found no plan (Time limit reached).")
        return honest(arrays, **more)

    monkeypatch.setattr(whole, "solve", first_in_vain)
    plan = rebalance(household, policy)
    assert len(calls) >= 2
    assert plan.status == "deadline"
    assert plan.bound_usd <= plan.cost_usd
