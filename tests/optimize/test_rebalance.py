"""A bound above the plan's own cost is a solver's error: the search is made again, and never believed."""

import importlib
from dataclasses import replace

import pytest

from rebal_xl.household import Account
from rebal_xl.optimize.search import EvaluatorDisagrees, Proof, Run, prove
from tests.optimize.homes import IRA, banded, household, lot, policy

rebalance = importlib.import_module("rebal_xl.optimize.rebalance")
HOME = household([Account("IRA", IRA)], [lot("IRA", "STK", 90, None), lot("IRA", "BND", 20, None)])


def wrong_bounds(monkeypatch: pytest.MonkeyPatch, count: int) -> list[int]:
    """The first `count` proofs claim $1,000 too much; returns the seeds that were tried."""
    seeds: list[int] = []

    def proved(run: Run) -> Proof:
        seeds.append(run.seed)
        proof = prove(run)
        return replace(proof, bound_usd=proof.bound_usd + 1_000.0) if len(seeds) <= count else proof

    monkeypatch.setattr(rebalance, "prove", proved)
    return seeds


def test_a_wrong_bound_is_sought_again_in_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = rebalance.rebalance(HOME, policy(banded(0.5)))
    seeds = wrong_bounds(monkeypatch, 1)
    plan = rebalance.rebalance(HOME, policy(banded(0.5)))
    assert plan.trades == expected.trades
    assert plan.bound_usd == expected.bound_usd
    assert len(set(seeds)) == 2


def test_a_bound_that_stays_wrong_shows_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong_bounds(monkeypatch, 2)
    with pytest.raises(EvaluatorDisagrees, match="less than the"):
        rebalance.rebalance(HOME, policy(banded(0.5)))
