"""The frontier: what it costs to bring a household so much nearer to its target, and where the chosen plan stands."""

from dataclasses import dataclass

from rebal_xl.household.plan import Plan


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
    # the cheapest plan that leaves no more drift than the chosen one
    beside_chosen: FrontierPoint
    seconds: float
    # "optimal", "deadline" or "cancelled"; points are missing when the search was stopped
    status: str = "optimal"

    @property
    def extra_usd(self) -> float:
        """What the chosen plan costs beyond the curve at its own drift, dollars: the price of its stricter rules."""
        return self.chosen.money_usd - self.beside_chosen.money_usd


@dataclass(frozen=True, slots=True)
class Curve:
    """A frontier as far as it was found in the time there was: what the Dashboard draws beside a plan."""

    # the loosest cap first; only plans that were proven
    points: tuple[FrontierPoint, ...] = ()
    # why points are missing, as a sentence; empty when none are
    told: str = ""
