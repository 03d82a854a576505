"""The program's tax is the evaluator's tax at the same fractional trades, to the cent, but for what is left outside."""

import time
from dataclasses import replace

import pytest

from benchmarks.households import draw_household
from rebal_xl.household import FilingStatus, Household, Policy
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize.program import UNIT_USD
from rebal_xl.optimize.rebalance import rebalance
from rebal_xl.optimize.search import Run, prove
from rebal_xl.optimize.shares import actions_of
from tests.optimize.tiny import tiny_case

STATUSES = [FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS, FilingStatus.HOH, FilingStatus.QSS]


def taxes(household: Household, policy: Policy) -> dict[str, tuple[float, float, float]]:
    """Per taxpayer: tax in the program, the bill, and the part of the bill that the rows leave outside."""
    run = Run(household, policy, measure_drift(household, policy), None, 0, time.perf_counter() + 60.0)
    proof = prove(run)
    evaluation = run.evaluated(proof.model, actions_of(proof.model, proof.values, rounded=False))
    found = {}
    for name, block in proof.model.tax.items():
        inside = UNIT_USD * sum(float(proof.values[column]) * value for column, value in block.tax)
        result = evaluation.payers[name]
        found[name] = (inside, result.after.total_usd, result.net_usd - result.model_net_usd)
    return found


def with_payers(household: Household, **change: object) -> Household:
    """The same household with another first taxpayer."""
    first, *others = household.taxpayers
    return replace(household, taxpayers=(replace(first, **change), *others))  # type: ignore[arg-type]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("size", ["small", "medium"])
def test_model_and_evaluator_agree_to_the_cent(size: str, status: FilingStatus) -> None:
    household, policy = draw_household(size, 3)
    agreed = with_payers(household, status=status, short_carryforward_usd=4_000.0, long_carryforward_usd=9_000.0)
    result = taxes(agreed, replace(policy, harvest_usd=0.0))
    assert len(result) == (2 if size == "medium" else 1)
    for inside, bill, outside in result.values():
        assert outside == pytest.approx(0.0, abs=0.005)
        assert inside == pytest.approx(bill, abs=0.01)


def test_what_stays_outside_is_named_and_never_negative() -> None:
    # Social Security becomes taxable as gains grow: the rows take it where it is lowest, the bill where it is.
    household, policy = draw_household("small", 4)
    retired = with_payers(
        household,
        ordinary_income_usd=20_000.0,
        other_investment_income_usd=0.0,
        social_security_usd=40_000.0,
        aged_65=2,
    )
    for inside, bill, outside in taxes(retired, policy).values():
        assert outside >= -0.005
        assert inside + outside == pytest.approx(bill, abs=0.01)


def test_a_gain_large_enough_for_the_minimum_tax_is_inside() -> None:
    household, policy = draw_household("small", 2)
    # Wages that already stand in the 2026 phase-out of the exemption (MFJ from 1,000,000).
    rich = with_payers(household, status=FilingStatus.MFJ, ordinary_income_usd=400_000.0, long_realized_usd=900_000.0)
    for inside, bill, outside in taxes(rich, replace(policy, harvest_usd=0.0)).values():
        assert bill > 300_000.0
        assert outside == pytest.approx(0.0, abs=0.005)
        assert inside == pytest.approx(bill, abs=0.01)


@pytest.mark.parametrize("harvest_usd", [None, 0.0, 1_000_000.0])
def test_minimum_tax_that_the_rows_miss_is_counted_as_no_saving(harvest_usd: float | None) -> None:
    """
    A single filer with $14,000 of wages, $2,100 less than the deduction of 2026, and $1,150,000 of long gain already
    realised: its minimum tax knows no such deduction, and the rows leave 20 % of it, $420, out, trade or not.
    """
    case = tiny_case(516)
    plan = rebalance(case.household, replace(case.policy, harvest_usd=harvest_usd))
    assert not plan.trades
    assert plan.cost_usd == pytest.approx(0.0, abs=0.005)
    assert plan.gap_usd <= 420.0 + 1.0
