"""What a plan may lose when the clock ends its proof: some of the bound, but no rule that a second look would keep."""

import time
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.households import draw_household
from rebal_xl.household import Household, Policy
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize import headstart, search
from rebal_xl.optimize.headstart import head_start
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.program import Arrays, FloatArray
from rebal_xl.optimize.search import WHOLE_SHARES_TIME, Run, with_ties
from rebal_xl.optimize.solver import Answer, SolverError


def medium() -> tuple[Run, Household, Policy]:
    household, policy = draw_household("medium", 1)
    before = measure_drift(household, policy)
    return Run(household, policy, before, None, 0, time.perf_counter() + policy.deadline_s), household, policy


def test_the_proof_leaves_time_for_whole_shares() -> None:
    run, _, policy = medium()
    assert run.seconds_left - run.proof_seconds_left == pytest.approx(WHOLE_SHARES_TIME * policy.deadline_s, abs=0.1)
    late = replace(run, ends=time.perf_counter())
    assert late.proof_seconds_left == late.seconds_left == 1.0


def test_a_head_start_that_found_nothing_still_has_the_orders_of_a_linear_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, _, _ = medium()
    model = run.model()
    arrays = with_ties(model, model.program.finish(), 1.0)
    honest = headstart.solve

    def in_vain(arrays: Arrays, *, gap_usd: float, **more: object) -> Answer:
        if gap_usd > 0:
            raise SolverError("The solver found no plan (Time limit reached).")
        return honest(arrays, gap_usd=gap_usd, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(headstart, "solve", in_vain)
    idle = search._without_orders(run, model, arrays)
    begun = head_start(model, arrays, idle, gap_usd=run.gap_usd, share=0.8, deadline_s=10.0, progress=None)
    assert begun.values is not None
    assert not begun.found
    # doing nothing leaves classes out of their bands, which is priced far above any tax
    assert cost_usd(arrays, begun.values) < 0.01 * cost_usd(arrays, idle)
    kept = arrays.matrix @ begun.values
    assert np.all(kept >= arrays.row_lower - 1e-6)
    assert np.all(kept <= arrays.row_upper + 1e-6)


def cost_usd(arrays: Arrays, values: FloatArray) -> float:
    return 1000.0 * (float(arrays.cost @ values) + arrays.offset)


def test_the_orders_of_a_stopped_search_are_priced_with_lots_in_the_order_of_the_law(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However the program washed its lots, the proof of a stopped search agrees with the evaluator."""
    run, _, _ = medium()
    looked: list[frozenset[tuple[str, str]]] = []
    honest = search._washed_families

    def washed(model: Model, values: FloatArray) -> frozenset[tuple[str, str]]:
        families = honest(model, values) or frozenset({model.choices.units[i].family for i in model.washed})
        looked.append(families)
        return families

    monkeypatch.setattr(search, "_washed_families", washed)
    found = search.prove(run)
    ordered, missed_usd = search._in_order(run, found)
    assert ordered.model.in_order == looked[-1] != frozenset()
    assert ordered.bound_usd == found.bound_usd
    assert abs(missed_usd) <= search.AGREEMENT_USD
