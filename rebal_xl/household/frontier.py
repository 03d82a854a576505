"""The frontier: what it costs to bring a household so much nearer to its target, and where the chosen plan stands."""

from dataclasses import dataclass

from rebal_xl.household.plan import Plan
from rebal_xl.household.words import Method

# Methods whose plans count the same savings as the curve does: the others harvest, move classes for their location, or
# count what the advisor's own trades save.
SAME_SAVINGS = (Method.OPPORTUNISTIC, Method.FULL, Method.CASH_ONLY)


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """The cheapest plan that leaves no more household drift than its cap."""

    # household drift allowed after trading, 0..1
    drift_cap: float
    plan: Plan
    # what the plan costs, prices of broken rules included, but not that of drift beyond the cap, dollars
    cost_usd: float
    # no plan within the cap costs less than `cost_usd` minus this
    gap_usd: float

    @property
    def drift(self) -> float:
        """Household drift that the plan leaves, 0..1."""
        return self.plan.after.household_drift

    @property
    def tax_usd(self) -> float:
        """What the plan adds to this year's tax, dollars."""
        return self.plan.tax.cost_usd

    @property
    def money_usd(self) -> float:
        """What the plan costs without the prices put on broken rules, dollars."""
        return self.plan.money_usd

    @property
    def orders(self) -> int:
        """Number of orders."""
        return len(self.plan.trades)


@dataclass(frozen=True, slots=True)
class Frontier:
    """Plans from the drift of today down to the least drift that any plan reaches, and the chosen plan among them."""

    # the loosest cap first; the cost never falls from one point to the next
    points: tuple[FrontierPoint, ...]
    # the plan by the policy's own method
    chosen: Plan
    # the cheapest plan of the curve that leaves no more drift than the chosen one; the chosen one itself where it
    # counts the same savings and no plan is known to be cheaper
    beside_chosen: FrontierPoint
    seconds: float
    # "optimal", "deadline" or "cancelled"; points are missing when the search was stopped
    status: str = "optimal"

    @property
    def extra_usd(self) -> float:
        """What the chosen plan costs beyond the curve at its own drift, dollars: the price of its stricter rules.

        Negative where its method looks for savings that the curve does not, or where it keeps other rules less well.
        """
        return self.chosen.money_usd - self.beside_chosen.money_usd

    @property
    def same_savings(self) -> bool:
        """Whether the chosen plan counts the same savings as the curve, so that the two can be held side by side."""
        return self.chosen.method in SAME_SAVINGS


@dataclass(frozen=True, slots=True)
class Curve:
    """A frontier as far as it was found in the time there was: what the Dashboard draws beside a plan."""

    # the loosest cap first; only plans that were proven
    points: tuple[FrontierPoint, ...] = ()
    # why points are missing, as a sentence; empty when none are
    told: str = ""
