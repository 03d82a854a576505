"""What binding rules cost: each rule at its edge is loosened by a stated step, and the household is planned again.

A saving is dollars that are paid, now or later: prices that only rank plans (ranks, idle cash, losses nobody asked
for) are none. A plan is proven within its gap, and so is the plan under the looser rule. A saving is claimed only where
it is larger than both gaps and what differs in such prices together; within so many dollars it is right. So that small
savings can be told too, both are proven to a tenth of the gap asked for. Where the looser rule leaves the household
nearer to its target, or further from it, that is said instead: a saving is not for nothing then.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from rebal_xl.household import BindingRule, Household, Method, Plan, Policy, RuleCosts
from rebal_xl.household.plan import PAID, PRICES
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
# Less than this is rounding: of dollars, and of a tracking error as it is written.
CENT = 0.01
SAME_ERROR = 5e-5
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
            found.append((plan.cost_usd - other.cost_usd if rule.mends else rule.saves_usd, rule))
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
    """What the looser rule saves; None when no money can be told from the gaps and from prices that nobody pays."""
    gaps = plan.gap_usd + other.gap_usd
    if plan.cost_usd - other.cost_usd <= max(gaps, NAMED_USD):
        return None
    mends, worsens = tuple(_mended(plan, other, gaps)), tuple(_worsened(plan, other))
    saves = plan.paid_usd - other.paid_usd
    unpaid = _differences(plan, other, lambda name: name not in PAID)
    ranking = sum(abs(usd) for name, usd in unpaid.items() if name not in PRICES)
    if not mends and saves <= max(gaps + ranking, NAMED_USD):
        return None
    within = gaps + sum(abs(usd) for usd in unpaid.values())
    parts = tuple(_parts(plan, other))
    sentence = _sentence(looser, saves, within, parts, mends, worsens)
    return BindingRule(looser.rule, looser.step, saves, within, parts, mends, sentence, worsens)


def _mended(plan: Plan, other: Plan, gaps: float) -> list[str]:
    """Rules that are kept, or broken by less, and how much nearer to target the household is where that has a price."""
    still = {one.rule: one.amount_usd for one in other.relaxed}
    said = []
    for one in plan.relaxed:
        rest = still.get(one.rule, 0.0)
        if rest <= MENDED_USD < one.amount_usd:
            said.append(f"{one.rule} is kept")
        elif one.amount_usd - rest > MENDED_USD:
            said.append(f"{one.rule} is missed by ${rest:,.0f} instead of ${one.amount_usd:,.0f}")
    nearer, words = _toward(plan, other)
    if _priced(plan, "distance") - _priced(other, "distance") > gaps and nearer > 0.0:
        said.append(words)
    return said


def _worsened(plan: Plan, other: Plan) -> list[str]:
    """Rules that are broken by more, and how much further from target the household is where that has a price."""
    missed = {one.rule: one.amount_usd for one in plan.relaxed}
    said = []
    for one in other.relaxed:
        now = missed.get(one.rule, 0.0)
        if one.amount_usd - now > MENDED_USD:
            instead = f" instead of ${now:,.0f}" if now > MENDED_USD else ""
            said.append(f"{one.rule} is missed by ${one.amount_usd:,.0f}{instead}")
    nearer, words = _toward(plan, other)
    if abs(_priced(plan, "distance") - _priced(other, "distance")) > CENT and nearer < 0.0:
        said.append(words)
    return said


def _toward(plan: Plan, other: Plan) -> tuple[float, str]:
    """How much nearer to its target (negative: further) the household ends under the looser rule, and in words.

    In tracking error where method Full follows that, else in dollars of household drift; 0 where it is the same.
    """
    error, new = plan.after.followed_error, other.after.followed_error
    if plan.method is Method.FULL and error is not None and new is not None:
        if abs(error - new) < SAME_ERROR:
            return 0.0, ""
        verb = "falls" if new < error else "rises"
        return error - new, f"the household's tracking error {verb} from {error:.2%} to {new:.2%}"
    usd = plan.before.value_usd * (plan.after.household_drift - other.after.household_drift)
    if abs(usd) <= MENDED_USD:
        return 0.0, ""
    if usd > 0.0:
        return usd, f"the household comes ${usd:,.0f} nearer to its target"
    return usd, f"the household ends ${-usd:,.0f} further from its target"


def _priced(plan: Plan, name: str) -> float:
    return sum(term.usd for term in plan.cost_terms if term.name == name)


def _differences(plan: Plan, other: Plan, wanted: Callable[[str], bool]) -> dict[str, float]:
    """Dollars saved by term of the cost, of the wanted terms."""
    saved: dict[str, float] = {}
    for sign, terms in ((1.0, plan.cost_terms), (-1.0, other.cost_terms)):
        for term in terms:
            if wanted(term.name):
                saved[term.name] = saved.get(term.name, 0.0) + sign * term.usd
    return saved


def _parts(plan: Plan, other: Plan) -> list[tuple[str, float]]:
    """Dollars saved by part of what is paid, the largest first."""
    saved: dict[str, float] = {}
    for name, usd in _differences(plan, other, lambda name: name in PAID).items():
        told = "later tax" if name in LATER_TAX else name
        saved[told] = saved.get(told, 0.0) + usd
    named = [(name, usd) for name, usd in saved.items() if abs(usd) >= NAMED_USD]
    return sorted(named, key=lambda part: (-abs(part[1]), part[0]))


def _sentence(
    looser: Looser,
    saves: float,
    within: float,
    parts: tuple[tuple[str, float], ...],
    mends: tuple[str, ...],
    worsens: tuple[str, ...],
) -> str:
    made = ", ".join(f"{name} {'-' if usd < 0 else ''}${abs(usd):,.2f}" for name, usd in parts)
    said, made = f"{looser.rule}, {looser.step}:", f" ({made})" if made else ""
    if mends:
        but = f", but {'; '.join(worsens)}" if worsens else ""
        verb = "saves" if saves >= 0 else "costs"
        dollars = f"{verb} ${abs(saves):,.2f}" if abs(saves) >= CENT / 2.0 else "costs nothing"
        return f"{said} {'; '.join(mends)}{but}. That {dollars}{made}."
    if worsens:
        return f"{said} saves ${saves:,.2f}{made}, but {'; '.join(worsens)}."
    return f"{said} saves ${saves:,.2f}, give or take ${within:,.2f}{made}."
