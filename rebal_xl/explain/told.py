"""What a plan is told from: everything that a figure's `source` may lead to."""

from dataclasses import dataclass

from rebal_xl.household import Curve, Frontier, Household, LocationReport, Plan, Policy, RuleCosts


@dataclass(frozen=True, slots=True)
class Told:
    """A plan, what it was made from, and what else is known of it."""

    plan: Plan
    household: Household
    policy: Policy
    # where the classes lie before and after the plan
    location: tuple[LocationReport, LocationReport] | None = None
    # what each step nearer to the target costs, as far as it is known
    frontier: Frontier | Curve | None = None
    # which rules cost money
    rule_costs: RuleCosts | None = None
