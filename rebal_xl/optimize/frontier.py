"""The frontier: the cheapest plan for each of several caps on household drift, and the chosen plan beside them.

Every point is a plan of its own, proven like any other; points are looked for side by side, one thread each.
"""

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rebal_xl.household import Drift, Household, InputErrors, Method, Plan, Policy, Problem
from rebal_xl.household.frontier import SAME_SAVINGS, Frontier, FrontierPoint
from rebal_xl.measure.drift import measure_drift
from rebal_xl.measure.tradable import step_of
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.prices import BAND_PRICE
from rebal_xl.optimize.program import UNIT_USD, FloatArray
from rebal_xl.optimize.rebalance import find, rebalance, refuse_unplannable
from rebal_xl.optimize.search import Run, build_model
from rebal_xl.optimize.solver import solve

POINTS = 10
# Household drift (0..1) within which the least drift is found.
LEAST_WITHIN = 1e-5
# Household drift (0..1) beyond a cap that is rounding of a sum.
WITHIN = 1e-9
# How the names of relaxed rules begin that say how far from target a plan may end, for which the curve has its caps.
OWN_RULES = ("Band of ", "Most drift", "Tracking error")
# Seconds between two looks at whether a wait was interrupted.
LOOK_S = 0.1

# Called with (points found, points in all, seconds); returning True asks to stop with what is found.
FrontierProgress = Callable[[int, int, float], bool]


@dataclass(slots=True)
class _Watch:
    """What the threads share: how many points are found, and whether to stop."""

    progress: FrontierProgress | None
    total: int
    began: float
    found: int = 0
    stopped: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def report(self, cost_usd: float, bound_usd: float, seconds: float) -> bool:
        """What a search calls; every search stops once one was asked to."""
        with self.lock:
            if self.progress is not None and not self.stopped:
                self.stopped = self.progress(self.found, self.total, time.perf_counter() - self.began)
            return self.stopped

    def count(self) -> None:
        """One more point is found."""
        with self.lock:
            self.found += 1


def frontier(
    household: Household,
    policy: Policy,
    *,
    points: int = POINTS,
    plan: Plan | None = None,
    progress: FrontierProgress | None = None,
) -> Frontier:
    """Plans under evenly spaced caps on household drift, from today's drift down to the least that any plan reaches.

    The caps stand instead of the bands (method Opportunistic); all other rules of the policy hold. `plan` is the
    policy's own plan where it is known already. Raises as `rebalance`, and InputErrors for fewer than two points.
    """
    if points < 2:
        raise InputErrors([Problem("A frontier has at least 2 points.", "Ask for more points.", code="points")])
    refuse_unplannable(household, policy)
    began = time.perf_counter()
    capped = replace(policy, method=Method.OPPORTUNISTIC, tracking=False)
    before = measure_drift(household, capped)
    caps = _caps(before.household_drift, _least_drift(household, capped, before), points)
    watch = _Watch(progress, len(caps) + 1, began)
    report = watch.report if progress else None
    run = Run(household, capped, before, report, 0, began + policy.deadline_s)

    def point(cap: float) -> FrontierPoint | None:
        if watch.stopped:
            return None
        found = _point(run, cap)
        watch.count()
        return found

    def chosen_point() -> tuple[Plan, FrontierPoint]:
        chosen = plan or rebalance(household, policy, progress=report)
        beside = _point(run, chosen.after.household_drift)
        watch.count()
        return chosen, beside

    with ThreadPoolExecutor(min(os.cpu_count() or 1, len(caps) + 1)) as threads:
        first = threads.submit(chosen_point)
        searches = [threads.submit(point, cap) for cap in caps]
        _wait([first, *searches], watch)
    chosen, beside = first.result()
    curve = monotone([found for search in searches if (found := search.result()) is not None])
    return Frontier(
        points=curve,
        chosen=chosen,
        beside_chosen=_beside(chosen, beside, curve),
        seconds=time.perf_counter() - began,
        status=_status([chosen, beside.plan, *(each.plan for each in curve)], watch.stopped),
    )


def monotone(points: Sequence[FrontierPoint]) -> tuple[FrontierPoint, ...]:
    """The points, the loosest cap first; where a tighter point is no dearer than a looser one, it takes its place."""
    ordered = sorted(points, key=lambda each: each.drift_cap)
    curve: list[FrontierPoint] = []
    for each in ordered:
        curve.append(_at_most(each, curve[-1:]))
    return tuple(reversed(curve))


def _at_most(point: FrontierPoint, tighter: Sequence[FrontierPoint]) -> FrontierPoint:
    """The point, or its cap with the plan of a tighter point that costs no more."""
    within = [each for each in tighter if each.drift <= point.drift_cap and each.cost_usd <= point.cost_usd]
    if not within:
        return point
    best = min(within, key=lambda each: (each.cost_usd, each.drift))
    saved = point.cost_usd - best.cost_usd
    return replace(point, plan=best.plan, cost_usd=best.cost_usd, gap_usd=max(0.0, point.gap_usd - saved))


def _beside(chosen: Plan, point: FrontierPoint, curve: Sequence[FrontierPoint]) -> FrontierPoint:
    """The cheapest plan known that leaves no more drift than the chosen one; `point` is that of its drift.

    The chosen plan itself, where it counts the same savings, keeps the other rules as well, and is not beaten.
    """
    best = _at_most(point, curve)
    if chosen.method not in SAME_SAVINGS or not _keeps_as_well(chosen, best.plan):
        return best
    if best.drift <= point.drift_cap + WITHIN and best.money_usd <= chosen.money_usd:
        return best
    # rules that both break are priced as in the other plan, which breaks them no less
    cost_usd = chosen.money_usd + best.cost_usd - best.money_usd
    return FrontierPoint(point.drift_cap, chosen, cost_usd, max(0.0, cost_usd - (point.cost_usd - point.gap_usd)))


def _keeps_as_well(plan: Plan, other: Plan) -> bool:
    """Whether the plan breaks no rule by more than the other does, bands aside, which the curve does not have."""
    missed = {one.rule: one.amount_usd for one in other.relaxed}
    mine = (one for one in plan.relaxed if not one.rule.startswith(OWN_RULES))
    return all(one.amount_usd <= missed.get(one.rule, 0.0) for one in mine)


def _point(run: Run, cap: float) -> FrontierPoint:
    """The plan of a cap; where whole shares leave it a little beyond, a cap that much tighter is tried as well."""
    plan = _capped_plan(run, cap)
    beyond = plan.after.household_drift - cap
    if beyond > WITHIN and cap - 2.0 * beyond > 0.0:
        second = _capped_plan(run, cap - 2.0 * beyond)
        if second.after.household_drift <= cap + WITHIN and second.cost_usd <= plan.cost_usd:
            least_usd = min(plan.bound_usd, second.cost_usd)
            return FrontierPoint(cap, second, second.cost_usd, second.cost_usd - least_usd)
    price_usd = BAND_PRICE * max(0.0, beyond) * run.before.value_usd
    return FrontierPoint(cap, plan, plan.cost_usd - price_usd, plan.gap_usd)


def _capped_plan(run: Run, cap: float) -> Plan:
    return find(replace(run, policy=replace(run.policy, most_drift=cap)))[0]


def _caps(now: float, least: float, points: int) -> tuple[float, ...]:
    """Evenly spaced, the loosest first; today's drift alone where no plan brings the household nearer."""
    if least >= now - LEAST_WITHIN:
        return (now,)
    return tuple(now - (now - least) * index / (points - 1) for index in range(points))


def _least_drift(household: Household, capped: Policy, before: Drift) -> float:
    """The least household drift that a plan in whole shares can be counted on to reach, whatever it costs.

    Only broken rules are priced, so more important rules are still kept first.
    """
    if before.value_usd <= 0.0:
        return before.household_drift
    model = build_model(household, replace(capped, most_drift=0.0), before)
    arrays = model.program.finish()
    cost = np.zeros_like(arrays.cost)
    for slack in model.slacks:
        cost[slack.column] = arrays.cost[slack.column]
    answer = solve(
        replace(arrays, cost=cost),
        gap_usd=BAND_PRICE * LEAST_WITHIN * before.value_usd,
        deadline_s=capped.deadline_s,
    )
    beyond = next(slack.column for slack in model.slacks if slack.rule == "drift cap")
    least = float(answer.values[beyond]) * UNIT_USD + _rounding_usd(model, answer.values)
    return least / before.value_usd + LEAST_WITHIN


def _rounding_usd(model: Model, values: FloatArray) -> float:
    """Drift that whole shares may add to these orders, in dollars: a step each, as half of what two classes miss."""
    pairs = [(pair.account, pair.symbol) for pair in model.choices.buys]
    orders = [*zip(model.positions, model.sells, strict=True), *zip(pairs, model.buys, strict=True)]
    steps = (
        step_of(model.household, account, symbol) * model.household.security(symbol).unit_usd
        for (account, symbol), flag in orders
        if values[flag] > 0.5
    )
    return sum(steps) / 2.0


def _wait(searches: Sequence[Future[Any]], watch: _Watch) -> None:
    """Until all have ended; a short wait at a time, so that Ctrl-C is heard, which stops the others."""
    try:
        while wait(searches, timeout=LOOK_S).not_done:
            pass
    except KeyboardInterrupt:
        watch.stopped = True
        raise


def _status(plans: Sequence[Plan], stopped: bool) -> str:
    if stopped:
        return "cancelled"
    return "deadline" if any(plan.status == "deadline" for plan in plans) else "optimal"
