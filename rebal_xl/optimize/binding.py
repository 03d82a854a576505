"""What binding rules cost: each rule at its edge is loosened by a stated step, and the household is planned again.

A plan is proven within its gap, and so is the plan under the looser rule. A saving is claimed only where it is larger
than both gaps together; within so many dollars it is right. So that small savings can be told too, both are proven to
a tenth of the gap asked for.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from rebal_xl.household import BindingRule, Household, Plan, Policy, RuleCosts
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize.looser import Looser, looser_rules
from rebal_xl.optimize.rebalance import find
from rebal_xl.optimize.search import EvaluatorDisagrees, Run, prove
from rebal_xl.optimize.solver import Progress, SolverError

# Called with (number of the rule tried, how many there are, its name); returning True stops with what was found.
Steps = Callable[[int, int, str], bool]
# Dollars by which a broken rule must be kept better to be called mended.
MENDED_USD = 1.0
# Part of the gap asked for within which the plan and those under looser rules are proven.
SHARPER = 0.1
# Savings below so many dollars are not claimed, and parts of one not named.
NAMED_USD = 1.0
# Terms of the cost that are one thing to a reader.
LATER_TAX = ("carried losses", "basis given up")


def binding_rules(household: Household, policy: Policy, plan: Plan, progress: Steps | None = None) -> RuleCosts:
    """Which rules of a plan cost money, the dearest first.

    `plan` is the plan of `rebalance` for the same household and policy. Every rule that stands at its edge is loosened
    by itself and planned anew, all of them within the policy's deadline. `progress` may stop between and during them.
    """
    candidates = looser_rules(household, policy, plan)
    ends = time.perf_counter() + policy.deadline_s
    if candidates:
        plan = _better_proven(household, policy, plan)
    found: list[tuple[float, BindingRule]] = []
    free: list[str] = []
    open_rules: list[str] = []
    for number, looser in enumerate(candidates):
        left = ends - time.perf_counter()
        if left <= 0 or (progress is not None and progress(number, len(candidates), looser.rule)):
            open_rules += [each.rule for each in candidates[number:]]
            break
        try:
            other = _replanned(looser, left, _watch(progress, number, len(candidates), looser.rule))
        except (SolverError, EvaluatorDisagrees):
            # Without an answer nothing is said of this rule; the plan itself is not in doubt.
            open_rules.append(looser.rule)
            continue
        rule = _binding(plan, other, looser)
        if rule is not None:
            found.append((plan.cost_usd - other.cost_usd, rule))
        else:
            (free if other.status == "optimal" else open_rules).append(looser.rule)
    return RuleCosts(_dearest_first(found), tuple(free), tuple(open_rules))


def _dearest_first(found: list[tuple[float, BindingRule]]) -> tuple[BindingRule, ...]:
    """Rules that keep others from being kept stand before those that only cost money."""
    ordered = sorted(found, key=lambda pair: (not pair[1].mends, -pair[0], pair[1].rule))
    return tuple(rule for _, rule in ordered)


def _watch(progress: Steps | None, number: int, total: int, rule: str) -> Progress | None:
    if progress is None:
        return None
    return lambda cost, bound, seconds: progress(number, total, rule)


def _sharp(household: Household, policy: Policy, seconds: float, progress: Progress | None) -> Run:
    sharp = replace(policy, gap_bp=policy.gap_bp * SHARPER)
    return Run(household, sharp, measure_drift(household, sharp), progress, 0, time.perf_counter() + seconds)


def _better_proven(household: Household, policy: Policy, plan: Plan) -> Plan:
    """The same plan with a bound nearer to its cost, where there is one."""
    try:
        bound = prove(_sharp(household, policy, policy.deadline_s, None)).bound_usd
    except (SolverError, EvaluatorDisagrees):
        return plan
    return replace(plan, bound_usd=min(plan.cost_usd, max(plan.bound_usd, bound)))


def _replanned(looser: Looser, seconds: float, progress: Progress | None) -> Plan:
    return find(_sharp(looser.household, looser.policy, seconds, progress))[0]


def _binding(plan: Plan, other: Plan, looser: Looser) -> BindingRule | None:
    """What the looser rule saves; None when nothing can be told from the gaps."""
    within = plan.gap_usd + other.gap_usd
    if plan.cost_usd - other.cost_usd <= max(within, NAMED_USD):
        return None
    mends = tuple(_mended(plan, other))
    saves = plan.money_usd - other.money_usd
    if not mends and saves <= max(within, NAMED_USD):
        return None
    parts = tuple(_parts(plan, other))
    sentence = _sentence(looser, saves, within, parts, mends)
    return BindingRule(looser.rule, looser.step, saves, within, parts, mends, sentence)


def _mended(plan: Plan, other: Plan) -> list[str]:
    """Rules that are kept, or broken by less, and how much nearer to target the household is where that has a price."""
    still = {one.rule: one.amount_usd for one in other.relaxed}
    said = []
    for one in plan.relaxed:
        rest = still.get(one.rule, 0.0)
        if rest <= MENDED_USD < one.amount_usd:
            said.append(f"{one.rule} is kept")
        elif one.amount_usd - rest > MENDED_USD:
            said.append(f"{one.rule} is missed by ${rest:,.0f} instead of ${one.amount_usd:,.0f}")
    nearer = plan.before.value_usd * (plan.after.household_drift - other.after.household_drift)
    if _priced(plan, "distance") - _priced(other, "distance") > plan.gap_usd + other.gap_usd and nearer > MENDED_USD:
        said.append(f"the household comes ${nearer:,.0f} nearer to its target")
    return said


def _priced(plan: Plan, name: str) -> float:
    return sum(term.usd for term in plan.cost_terms if term.name == name)


def _parts(plan: Plan, other: Plan) -> list[tuple[str, float]]:
    """Dollars saved by part of the cost, the largest first."""
    saved: dict[str, float] = {}
    for sign, terms in ((1.0, plan.money_terms), (-1.0, other.money_terms)):
        for term in terms:
            name = "later tax" if term.name in LATER_TAX else term.name
            saved[name] = saved.get(name, 0.0) + sign * term.usd
    named = [(name, usd) for name, usd in saved.items() if abs(usd) >= NAMED_USD]
    return sorted(named, key=lambda part: (-abs(part[1]), part[0]))


def _sentence(
    looser: Looser, saves: float, within: float, parts: tuple[tuple[str, float], ...], mends: tuple[str, ...]
) -> str:
    made = ", ".join(f"{name} {'-' if usd < 0 else ''}${abs(usd):,.2f}" for name, usd in parts)
    said = f"{looser.rule}, {looser.step}:"
    if mends:
        verb = "saves" if saves >= 0 else "costs"
        return f"{said} {'; '.join(mends)}. That {verb} ${abs(saves):,.2f}{f' ({made})' if made else ''}."
    return f"{said} saves ${saves:,.2f}, give or take ${within:,.2f} ({made})."
