"""Nothing that SCIP finds with a second model, written apart, is cheaper than the bound of the plan.

Sixty households on which every rule speaks, twenty each of about 40, 250 and 2,000 lots. Both models price every plan,
and must agree to a dollar. SCIP starts from the plan. Where it comes to no end in time, that is said, and is no pass.
"""

import ast
import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from statistics import median

import pytest

from rebal_xl.household import InputErrors
from rebal_xl.optimize.search import EvaluatorDisagrees
from rebal_xl.optimize.solver import SolverError
from tests.optimize.crowded import LOTS, crowded
from tests.optimize.naive_plans import NaivePlan, naive_plans
from tests.optimize.second_model import DOLLAR, PROGRAM, Verdict, judge
from tests.tools.oracle_env import SCIP, OracleMissing

pytestmark = pytest.mark.proof


@dataclass(frozen=True)
class Share:
    """How much of the proof is run on households of one size."""

    households: int
    # deadline of the plan, and of each of SCIP's searches
    plan_seconds: float
    search_seconds: float


FULL = {size: Share(20, 60.0, 60.0) for size in LOTS}
SAMPLE = {"small": Share(6, 10.0, 4.0), "medium": Share(3, 15.0, 5.0), "large": Share(3, 20.0, 5.0)}
# A plan before the second model, and the plans of simple rules for the same household.
Judged = tuple[Verdict, list[NaivePlan]]
# Households at a time: their searches are processes of their own, timed by the processor, not by the clock.
AT_ONCE = int(os.environ.get("REBAL_PROOF_AT_ONCE", "2"))


@pytest.fixture(scope="module")
def python() -> Path:
    try:
        return SCIP.python()
    except OracleMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def judged(python: Path, proof_seed: int, proof_full: bool) -> list[Judged | str]:
    """Every household drawn, with its plan before the second model and the plans of simple rules.

    Where the product gives no plan, why.
    """
    draw = Random(proof_seed)
    shares = FULL if proof_full else SAMPLE
    drawn = [(size, draw.randrange(10**6)) for size, share in shares.items() for _ in range(share.households)]

    def one(size: str, seed: int) -> Judged | str:
        share, case = shares[size], crowded(size, seed)
        case = replace(case, policy=replace(case.policy, deadline_s=share.plan_seconds))
        try:
            found = judge(case, python, share.search_seconds), naive_plans(case)
        except (SolverError, EvaluatorDisagrees, InputErrors) as failure:
            return f"{size} {seed}: no plan: {failure}"
        _log(*found)
        return found

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [*pool.map(one, *zip(*drawn, strict=True))]


@pytest.fixture(scope="module")
def verdicts(judged: list[Judged | str]) -> list[Judged]:
    """Those that got a plan."""
    return [found for found in judged if not isinstance(found, str)]


def test_every_household_gets_a_plan(judged: list[Judged | str]) -> None:
    assert [failure for failure in judged if isinstance(failure, str)] == []


def test_the_second_model_shares_no_code_with_the_product() -> None:
    for path in sorted(PROGRAM.parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "rebal_xl" or "optimize" in name], path.name


def test_nothing_that_scip_finds_is_below_the_bound(
    verdicts: list[Judged],
    proof_seed: int,
    proof_full: bool,
    record_figures: Callable[[str, Mapping[str, object]], None],
) -> None:
    found = [verdict for verdict, _ in verdicts]
    complaints = [complaint for verdict in found for complaint in verdict.complaints()]
    assert not complaints, "\n".join(complaints)
    # A run in which SCIP never came to an end, or nothing was ever traded, would have shown nothing.
    assert any(verdict.proved for verdict in found)
    assert sum(verdict.orders for verdict in found) > len(found)
    shares = FULL if proof_full else SAMPLE
    record_figures("second-model", {"seed": proof_seed, "sizes": _by_size(found, shares)})


def test_no_simple_plan_that_keeps_the_rules_is_cheaper_by_more_than_the_gap(
    verdicts: list[Judged],
    proof_seed: int,
    record_figures: Callable[[str, Mapping[str, object]], None],
) -> None:
    kept = [(verdict, plan) for verdict, plans in verdicts for plan in plans if plan.keeps_rules]
    cheaper = [
        f"{verdict.size} {verdict.seed}: {plan.name} costs ${plan.cost_usd:,.2f}, bound ${verdict.bound_usd:,.2f}"
        for verdict, plan in kept
        if plan.cost_usd < verdict.bound_usd - DOLLAR
    ]
    assert not cheaper, "\n".join(cheaper)
    differences = [
        f"{verdict.size} {verdict.seed}: {plan.name} costs ${plan.evaluated_usd:,.2f}, or ${plan.cost_usd:,.2f}"
        for verdict, plan in kept
        if abs(plan.evaluated_usd - plan.cost_usd) > DOLLAR
    ]
    assert not differences, "\n".join(differences)
    assert kept
    record_figures("naive-plans", {"seed": proof_seed, "ways": _by_way(verdicts)})


def _log(verdict: Verdict, plans: list[NaivePlan]) -> None:
    """One line of JSON a household, for a closer look."""
    if path := os.environ.get("REBAL_PROOF_LINES"):
        line = asdict(verdict) | {"undercut_usd": verdict.undercut_usd, "naive": [asdict(plan) for plan in plans]}
        with Path(path).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")


def _by_size(verdicts: list[Verdict], shares: Mapping[str, Share]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for size in LOTS:
        mine = [verdict for verdict in verdicts if verdict.size == size]
        gaps = [verdict.cost_usd - verdict.bound_usd for verdict in mine]
        found[size] = {
            "households": len(mine),
            "search_seconds": shares[size].search_seconds,
            "lots_median": median(verdict.lots for verdict in mine),
            "by_method": {name: sum(v.method == name for v in mine) for name in sorted({v.method for v in mine})},
            "scip_proved": sum(verdict.proved for verdict in mine),
            "scip_broke_down": sum((verdict.whole or verdict.divisible).careful for verdict in mine),
            "below_bound": sum(verdict.undercut_usd > DOLLAR for verdict in mine),
            "whole_shares_needed": sum(verdict.whole is not None for verdict in mine),
            "largest_disagreement_usd": round(max(abs(v.second_usd - v.cost_usd) for v in mine), 2),
            "gap_usd_median": round(median(gaps), 2),
            "gap_usd_largest": round(max(gaps), 2),
            "seconds_median": round(median(verdict.seconds for verdict in mine), 2),
            "scip_seconds_median": round(median((v.whole or v.divisible).seconds for v in mine), 2),
        }
    return found


def _by_way(naive: list[Judged]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for name in sorted({plan.name for _, plans in naive for plan in plans}):
        mine = [(verdict, plan) for verdict, plans in naive for plan in plans if plan.name == name]
        kept = [(verdict, plan) for verdict, plan in mine if plan.keeps_rules]
        saved = [plan.cost_usd - verdict.cost_usd for verdict, plan in kept]
        found[name] = {
            "plans": len(mine),
            "keep_the_rules": len(kept),
            "cheaper_than_the_bound": sum(v.bound_usd - p.cost_usd > DOLLAR for v, p in kept),
            "saved_usd_median": round(median(saved), 2) if saved else None,
            "saved_usd_least": round(min(saved), 2) if saved else None,
        }
    return found
