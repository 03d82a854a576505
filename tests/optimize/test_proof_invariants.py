"""The record of invariants: every rule kept and every figure recomputed, on many random households."""

from collections.abc import Callable, Mapping
from random import Random
from statistics import median

import pytest

from rebal_xl.optimize import rebalance
from tests.optimize.test_invariants import check, random_household

pytestmark = pytest.mark.proof


def test_every_rule_is_kept_on_random_households(
    proof_seed: int, proof_full: bool, record_figures: Callable[[str, Mapping[str, object]], None]
) -> None:
    draw = Random(proof_seed)
    seeds = [draw.randrange(10**9) for _ in range(2_000 if proof_full else 60)]
    gaps, relaxed, trades = [], 0, 0
    for seed in seeds:
        household, policy = random_household(seed)
        plan = rebalance(household, policy)
        check(household, policy, plan)
        gaps.append(plan.gap_usd)
        relaxed += bool(plan.relaxed)
        trades += len(plan.trades)
    # A run in which nothing was ever traded, or every rule had to give, would have shown nothing.
    assert trades > len(seeds)
    assert relaxed < len(seeds)
    figures = {
        "households": len(seeds),
        "seed": proof_seed,
        "trades": trades,
        "with_relaxed_rules": relaxed,
        "gap_usd_median": round(median(gaps), 2),
        "gap_usd_largest": round(max(gaps), 2),
    }
    record_figures("invariants", figures)
