"""Which plan is shown is a matter of the household: no seed of the proof's search may decide it."""

import math
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from benchmarks.households import draw_household
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize import search
from rebal_xl.optimize.headstart import FEW_CHOICES, HeadStart
from rebal_xl.optimize.program import UNIT_USD, Arrays
from rebal_xl.optimize.search import PLAN_SEED, PROOF_SHARE, Run
from rebal_xl.optimize.solver import Answer

# What the head start's plan costs, thousand dollars: the cost of its first order.
COST = 10.0


def program() -> Arrays:
    """Orders enough that the proof stops at the gap; only the first costs anything."""
    count = FEW_CHOICES
    cost = np.zeros(count)
    cost[0] = COST
    rows = sparse.csr_matrix((0, count))
    return Arrays(
        cost, np.zeros(count), np.ones(count), np.ones(count, dtype=np.bool_), rows, np.zeros(0), np.zeros(0), 0.0
    )


def run_of(seed: int) -> Run:
    household, policy = draw_household("small", 0)
    return Run(household, policy, measure_drift(household, policy), None, seed, time.perf_counter() + 60.0)


def begun() -> HeadStart:
    plan = np.zeros(FEW_CHOICES)
    plan[0] = 1.0
    return HeadStart(program(), plan, math.inf, found=True, relaxed=None)


class Searches:
    """Answers the solver gives one after the other, and what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: Iterator[Answer] = iter(answers)
        self.asked: list[tuple[int, float]] = []

    def __call__(self, arrays: Arrays, *, gap_usd: float, seed: int, **_: object) -> Answer:
        self.asked.append((seed, gap_usd))
        return next(self.answers)


def answer(run: Run, better: float, unproven: float) -> Answer:
    """A plan better than the head start's, and how far below the head start's the bound still is: parts of the gap."""
    gap = run.gap_usd / UNIT_USD
    objective = COST - better * gap
    return Answer(np.zeros(FEW_CHOICES), objective, COST - unproven * gap, "optimal", 0.0)


def test_a_plan_near_enough_is_kept_whatever_better_one_the_search_found(monkeypatch: pytest.MonkeyPatch) -> None:
    run, start = run_of(7), begun()
    solver = Searches(answer(run, better=0.3, unproven=0.75))
    monkeypatch.setattr(search, "solve", solver)
    found = search._searched(run, start.arrays, start)
    assert found.values is start.values
    assert found.objective == COST


def test_a_search_that_stopped_at_its_own_plan_goes_on_until_the_first_one_is_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 0.5 of the gap better and proven within 0.8 of that: the first plan may be 1.2 gaps too dear, or may not
    run, start = run_of(7), begun()
    solver = Searches(answer(run, better=0.5, unproven=1.2), answer(run, better=0.5, unproven=0.8))
    monkeypatch.setattr(search, "solve", solver)
    found = search._searched(run, start.arrays, start)
    assert found.values is start.values
    assert [gap_usd / run.gap_usd for _, gap_usd in solver.asked] == pytest.approx([PROOF_SHARE, PROOF_SHARE - 0.5])


def test_where_some_plan_is_better_by_the_gap_every_seed_shows_that_of_the_first_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, start = run_of(7), begun()
    mine, usual = answer(run, better=2.0, unproven=2.7), answer(run, better=2.1, unproven=2.8)
    solver = Searches(mine, usual)
    monkeypatch.setattr(search, "solve", solver)
    found = search._searched(run, start.arrays, start)
    assert found.values is usual.values
    assert found.bound == mine.bound
    assert [seed for seed, _ in solver.asked] == [7, PLAN_SEED]
    solver = Searches(usual)
    monkeypatch.setattr(search, "solve", solver)
    found = search._searched(replace(run, seed=PLAN_SEED), start.arrays, start)
    assert found.values is usual.values
    assert [seed for seed, _ in solver.asked] == [PLAN_SEED]


def test_a_search_that_the_clock_ended_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    run, start = run_of(7), begun()
    late = replace(answer(run, better=0.5, unproven=3.0), status="deadline")
    solver = Searches(late)
    monkeypatch.setattr(search, "solve", solver)
    assert search._searched(run, start.arrays, start) is late
