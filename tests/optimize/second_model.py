"""Plans put before the second model (tests/second_model), which runs in SCIP's own Python."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from rebal_xl.household import Household, Plan, Policy, Side
from rebal_xl.optimize import rebalance
from tests.optimize.crowded import Crowded
from tests.second_model.plans import facts_of, plan_of, priced

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "tests" / "second_model" / "run.py"
# What counts as agreement.
DOLLAR = 1.0
LAW = ROOT / "rebal_xl" / "tax" / "law"


def plain(value: Any) -> Any:
    """A value as plain lists and words; fields that begin with an underscore are look-ups and stay out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in fields(value) if not field.name.startswith("_")
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(plain(each) for each in value)
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def orders_of(plan: Plan) -> dict[str, Any]:
    """A plan's sales by lot, purchases and withdrawals, as the second model is told of them."""
    sales = [{"account": sale.account, "lot_id": sale.lot_id, "quantity": sale.quantity} for sale in plan.lot_sales]
    purchases = [
        {"account": trade.account, "symbol": trade.symbol, "quantity": trade.quantity}
        for trade in plan.trades
        if trade.side is Side.BUY
    ]
    paid = [{"account": account, "usd": usd} for account, usd in plan.withdrawals_paid]
    return {"sales": sales, "purchases": purchases, "paid": paid}


def case_of(household: Household, policy: Policy, orders: Mapping[str, Any]) -> dict[str, Any]:
    """What the second model is told: no figure of ours but a plan's orders, lots and withdrawals."""
    return {"household": plain(household), "policy": plain(policy), "law_folder": str(LAW), "plan": orders}


def price(case: Mapping[str, Any]) -> tuple[float, tuple[str, ...]]:
    """The plan of a case by the second model's plain arithmetic, dollars, and the hard rules it breaks."""
    told = json.loads(json.dumps(case), object_hook=lambda found: SimpleNamespace(**found))
    facts = facts_of(told)
    plan, refused = plan_of(facts, told.plan)
    answer = priced(facts, plan, whole=True)
    return answer["cost_usd"], (*refused, *answer["broken"])


@dataclass(frozen=True)
class Search:
    """What SCIP found from the plan on, dollars."""

    # the plan inside SCIP's program, every order fixed; None when SCIP says that it breaks a rule
    plan_usd: float | None
    # its best plan by plain arithmetic, and the hard rules that one breaks (a solver's tolerance)
    best_usd: float | None
    broken: tuple[str, ...]
    # no plan costs less, says SCIP
    bound_usd: float
    # it proved that within a dollar, and does not contradict itself: its plan keeps the rules, costs what it says by
    # plain arithmetic, and is no dearer than the plan it was given
    proved: bool
    # of the processor
    seconds: float
    # its first try broke down, so that it searched without its heuristics
    careful: bool


@dataclass(frozen=True)
class Verdict:
    """A plan of the product before the second model, dollars."""

    size: str
    seed: int
    method: str
    lots: int
    accounts: int
    orders: int
    # what the product says
    cost_usd: float
    bound_usd: float
    status: str
    seconds: float
    # the plan by the second model's plain arithmetic, and hard rules it breaks by that reading
    second_usd: float
    broken: tuple[str, ...]
    # with orders that may be divided, which can only be cheaper; with whole shares, where that was below the bound
    divisible: Search
    whole: Search | None

    @property
    def undercut_usd(self) -> float:
        """By how much the second model's best plan lies below the product's bound; negative: it does not."""
        found = self.whole or self.divisible
        return float("-inf") if found.best_usd is None else self.bound_usd - found.best_usd

    @property
    def proved(self) -> bool:
        """Whether SCIP came to an end: then no plan at all lies below the bound."""
        return (self.whole or self.divisible).proved

    def complaints(self) -> list[str]:
        """Whatever the two models do not agree on by more than a dollar."""
        who = f"{self.size} {self.seed} ({self.method})"
        found = [f"{who}: the plan breaks a rule: {rule}" for rule in self.broken]
        if abs(self.second_usd - self.cost_usd) > DOLLAR:
            found.append(f"{who}: costs ${self.cost_usd:,.2f}, by the second model ${self.second_usd:,.2f}")
        for search in (self.divisible, self.whole):
            if search is None:
                continue
            if search.plan_usd is None:
                found.append(f"{who}: SCIP does not allow the plan")
            elif abs(search.plan_usd - self.cost_usd) > DOLLAR:
                found.append(f"{who}: costs ${self.cost_usd:,.2f}, in SCIP ${search.plan_usd:,.2f}")
        if self.undercut_usd > DOLLAR:
            found.append(f"{who}: SCIP's plan is ${self.undercut_usd:,.2f} below the bound of ${self.bound_usd:,.2f}")
        return found


def judge(crowded: Crowded, python: Path, seconds: float) -> Verdict:
    """Plan a household and put the plan before the second model, `seconds` for each of SCIP's searches."""
    household, policy = crowded.household, crowded.policy
    plan = rebalance(household, policy)
    case = case_of(household, policy, orders_of(plan))
    second_usd, broken = price(case)
    divisible, whole = search(python, case, seconds, whole=False), None
    if divisible.best_usd is not None and divisible.best_usd < plan.bound_usd - DOLLAR:
        whole = search(python, case, seconds, whole=True)
    return Verdict(
        size=crowded.size,
        seed=crowded.seed,
        method=policy.method.value,
        lots=len(household.lots),
        accounts=len(household.accounts),
        orders=len(plan.trades),
        cost_usd=plan.cost_usd,
        bound_usd=plan.bound_usd,
        status=plan.status,
        seconds=plan.solve_seconds,
        second_usd=second_usd,
        broken=broken,
        divisible=divisible,
        whole=whole,
    )


def search(python: Path, case: Mapping[str, Any], seconds: float, *, whole: bool) -> Search:
    """Let SCIP look for something cheaper, in a process of its own."""
    with TemporaryDirectory() as scratch:
        given, found = Path(scratch) / "case.json", Path(scratch) / "answer.json"
        command = [str(python), "-I", str(PROGRAM), str(given), str(found)]
        for careful in (False, True):
            asked = {**case, "seconds": seconds, "whole": whole, "careful": careful}
            given.write_text(json.dumps(asked), encoding="utf-8")
            ended = _ended(command, seconds)
            # On some households SCIP spoils its memory, and is killed or hangs; without its heuristics it does not.
            if ended == 0:
                break
        if ended != 0:
            raise AssertionError(f"SCIP broke down twice, with {ended}.")
        answer: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    best, primal = answer["best"], answer["primal_usd"]
    sound = best is not None and not best["broken"] and abs(best["cost_usd"] - primal) <= DOLLAR
    sound = sound and answer["fixed_usd"] is not None and primal <= answer["fixed_usd"] + DOLLAR
    return Search(
        plan_usd=answer["fixed_usd"],
        best_usd=None if best is None else best["cost_usd"],
        broken=() if best is None else tuple(best["broken"]),
        bound_usd=answer["dual_usd"],
        proved=sound and answer["status"] in ("optimal", "gaplimit"),
        seconds=answer["seconds"],
        careful=careful,
    )


def _ended(command: list[str], seconds: float) -> int | str:
    """Run one search; 0, or the signal by which it was killed, or that it hung. Raises where the program failed."""
    # the search, the plan priced before it, and a slow machine
    limit = 2.0 * seconds + 240.0
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment(), timeout=limit)
    except subprocess.TimeoutExpired:
        return "no end"
    if ran.returncode > 0:
        raise AssertionError(f"The second model failed:\n{ran.stderr[-3000:]}")
    return ran.returncode


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
