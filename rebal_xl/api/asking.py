"""Ask about a household that was read: its drift, its plan, and what stands beside a plan."""

from collections.abc import Mapping
from dataclasses import replace

from rebal_xl.consolidate import best_plan, in_force, overlap_report
from rebal_xl.explain import Told, explain
from rebal_xl.household import (
    Against,
    Curve,
    Drift,
    Frontier,
    Household,
    LocationReport,
    Plan,
    Policy,
    ReturnHistory,
    RuleCosts,
    Study,
    WhatIf,
)
from rebal_xl.household.explanation import Explanation
from rebal_xl.household.overlap import OverlapReport
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize.binding import Steps
from rebal_xl.optimize.binding import binding_rules as find_rule_costs
from rebal_xl.optimize.frontier import POINTS, FrontierProgress
from rebal_xl.optimize.frontier import frontier as find_frontier
from rebal_xl.optimize.location import find_location, household_after
from rebal_xl.optimize.rebalance import refuse_unplannable
from rebal_xl.optimize.solver import Progress
from rebal_xl.optimize.whatif import what_if as find_what_if
from rebal_xl.review import held_against
from rebal_xl.study import Wishes
from rebal_xl.study import how_often as find_study

# The Dashboard's curve: so many plans, looked for in so many seconds at most.
CURVE_POINTS, CURVE_S = 6, 10.0
NOT_DRAWN = "What coming nearer to the target costs is not shown"


def drift(household: Household, policy: Policy) -> Drift:
    """How far the household is from its target, class by class, in weights 0..1 and dollars.

    Raises ValueError when the covariance table lacks a class that carries drift.
    """
    return measure_drift(household, policy)


def location(household: Household, policy: Policy, plan: Plan | None = None) -> LocationReport:
    """What it costs a year that the classes lie where they do: between the best and the worst placement of this mix.

    With a `plan`, once its orders are done. Raises InputErrors for what cannot be planned, LawMissing for a year
    without law.
    """
    refuse_unplannable(household, policy)
    return find_location(household if plan is None else household_after(household, plan), policy)


def overlap(household: Household, policy: Policy) -> OverlapReport:
    """What is held more than once, which securities hold the same, and what consolidating them would cost and save.

    Raises InputErrors for a taxable account without tax profile, LawMissing for a year without law.
    """
    return overlap_report(household, policy)


def rebalance(household: Household, policy: Policy, *, progress: Progress | None = None, seed: int = 0) -> Plan:
    """The cheapest plan under the policy's rules, with the proof of how good it is.

    `progress` is called with (best cost, bound, seconds) in dollars and seconds, infinite while nothing is known;
    returning True stops the search with the best plan found. Raises InputErrors for what cannot be planned, LawMissing
    for a year without law, SolverError when nothing was found, EvaluatorDisagrees when a plan fails its recomputation.
    """
    return best_plan(household, policy, progress=progress, seed=seed)


def binding_rules(household: Household, policy: Policy, plan: Plan, *, progress: Steps | None = None) -> RuleCosts:
    """Which rules of a plan cost money: each is loosened by a stated step and the household planned again.

    `plan` is the plan of `rebalance` for the same household and policy. It takes as long as that many plans, but no
    longer than the policy's deadline. `progress` is called with (number of the rule, how many there are, its name);
    returning True stops with what was found. Raises as `rebalance`.
    """
    return find_rule_costs(household, in_force(household, policy, plan), plan, progress)


def frontier(
    household: Household,
    policy: Policy,
    *,
    points: int = POINTS,
    plan: Plan | None = None,
    progress: FrontierProgress | None = None,
) -> Frontier:
    """The cheapest plan for each of `points` caps on household drift, and the policy's own plan beside them.

    The caps go evenly from today's drift down to the least that any plan reaches, and stand instead of the bands; all
    other rules hold. `plan` is the policy's plan where it was made already. `progress` is called with (plans found,
    plans in all, seconds); returning True stops with what was found. Raises as `rebalance`, and InputErrors for fewer
    than two points.
    """
    if plan is None and policy.consolidate:
        plan = rebalance(household, policy)
    wanted = policy if plan is None else in_force(household, policy, plan)
    return find_frontier(household, wanted, points=points, plan=plan, progress=progress)


def dashboard_curve(
    household: Household, policy: Policy, plan: Plan, *, progress: FrontierProgress | None = None
) -> Curve | None:
    """What the Dashboard shows of the frontier beside a plan; None where the policy does not ask for it.

    It takes ten seconds at most, and no longer than the policy's deadline; `progress` is as in `frontier`. A curve
    that was stopped has the points that were proven by then, and says so. Raises as `frontier`.
    """
    if not policy.frontier_on_dashboard:
        return None
    allowed = min(CURVE_S, policy.deadline_s)
    if plan.status == "cancelled" or (progress is not None and progress(0, CURVE_POINTS + 1, 0.0)):
        # Whoever stops the search for a plan does not wait for what stands beside it.
        return Curve(told=f"{NOT_DRAWN}: the search was stopped.")
    if plan.status != "optimal" or plan.solve_seconds > allowed:
        return Curve(told=f"{NOT_DRAWN}: the plan alone took longer than the {allowed:.0f} seconds for it.")
    out_of_time: list[bool] = []

    def watch(found: int, total: int, seconds: float) -> bool:
        if seconds >= allowed:
            out_of_time.append(True)
            return True
        return progress is not None and progress(found, total, seconds)

    timed = replace(in_force(household, policy, plan), deadline_s=allowed)
    found = find_frontier(household, timed, points=CURVE_POINTS, plan=plan, progress=watch)
    points = tuple(point for point in found.points if point.plan.status == "optimal")
    if found.status == "optimal":
        return Curve(points)
    why = f"{allowed:.0f} seconds were not enough" if out_of_time else "the search was stopped"
    if not points:
        return Curve(told=f"{NOT_DRAWN}: {why}.")
    return Curve(points, f"What coming nearer to the target costs is shown in part: {why}.")


def what_if(
    household: Household,
    policy: Policy,
    edited: Policy,
    *,
    edited_household: Household | None = None,
    base: Plan | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """The plan under `policy` beside the plan under `edited`, and their differences in tax, cost, classes and orders.

    `edited_household` is planned under `edited` where the household is edited as well; `base` is the plan under
    `policy` where it was made already. Raises as `rebalance`, before any search for edits that cannot be.
    """
    if not policy.consolidate and not edited.consolidate:
        return find_what_if(household, policy, edited, edited_household=edited_household, base=base, progress=progress)
    other = edited_household or household
    refuse_unplannable(other, edited)
    first = base or rebalance(household, policy, progress=progress)
    return WhatIf(first, rebalance(other, edited, progress=progress))


def how_often(
    household: Household,
    policy: Policy,
    wishes: Wishes | None = None,
    *,
    history: ReturnHistory | None = None,
    expected: Mapping[str, float] | None = None,
) -> Study:
    """The household under several rules of rebalancing (never, by the calendar, by bands), over many paths of returns.

    Paths are put together from `history` (see `read_returns`) where it is given, else simulated from the policy's
    covariance and `expected` returns (class -> mean of a year, 0..1), the shipped assumptions where these are missing.
    `wishes` name the rules, paths, years and seed. Raises InputErrors with everything that makes a study impossible.
    """
    return find_study(household, policy, wishes, history=history, expected=expected)


def placements(household: Household, policy: Policy, plan: Plan) -> tuple[LocationReport, LocationReport]:
    """Where the classes lie before and after a plan. Raises as `location`."""
    return find_location(household, policy, moves=False), location(household, policy, plan)


def compared(household: Household, policy: Policy, plan: Plan) -> Against | None:
    """What the Run Log holds a plan against; None where that could not be computed: it never costs the plan."""
    try:
        return held_against(household, in_force(household, policy, plan), plan)
    except (ArithmeticError, LookupError, ValueError):
        return None


def explanation(household: Household, policy: Policy, plan: Plan, frontier: Frontier | None = None) -> Explanation:
    """The plan in a client's words, in the tone and length of the policy; as on the Explanation sheet.

    A `frontier` tells what going nearer to the target would cost. Raises as `location`.
    """
    return explain(Told(plan, household, policy, placements(household, policy, plan), frontier))
