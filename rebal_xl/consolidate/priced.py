"""What consolidating adds to this year's tax: the product's own evaluator asked about the sales and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass

from rebal_xl.consolidate.steps import Step
from rebal_xl.household import Household, Policy
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize.evaluate import CENT, Evaluation, evaluate
from rebal_xl.optimize.prices import find_prices
from rebal_xl.optimize.realised import Actions

# Rules of the taxpayer that a consolidation may not break.
LIMITS = ("short gains", "long gains", "tax budget")


@dataclass(frozen=True, slots=True)
class Priced:
    """The sales of some steps, evaluated; dollars."""

    gain_usd: float
    tax_usd: float
    disallowed_usd: float
    # limits of a taxpayer that they break: rule and taxpayer
    broken: tuple[tuple[str, str], ...]

    @property
    def refused(self) -> str:
        """Why they are not done, "" where nothing is against it."""
        if self.disallowed_usd > CENT:
            return f"A wash sale: ${self.disallowed_usd:,.2f} of loss would be disallowed."
        if self.broken:
            rule, taxpayer = min(self.broken)
            return f"It breaks the limit on {rule} of {taxpayer}."
        return ""


class Evaluator:
    """The evaluator for one household and policy. Raises as `find_prices` when it is made."""

    def __init__(self, household: Household, policy: Policy) -> None:
        self.household, self.policy = household, policy
        self._prices = find_prices(household, policy)
        self._before = measure_drift(household, policy)
        # what is broken already, whatever is done: with its dollars
        self._broken = self._limits(self._evaluated(Actions({}, {}, {})))

    def priced(self, steps: Iterable[Step]) -> Priced:
        """The sales of these steps together."""
        sales: dict[int, float] = {}
        purchases: dict[tuple[str, str], float] = {}
        for step in steps:
            done = step.actions(self.household)
            sales |= done.sales
            for key, shares in done.purchases.items():
                purchases[key] = purchases.get(key, 0.0) + shares
        if not any(self.household.account(self.household.lots[index].account).taxable for index in sales):
            return Priced(0.0, 0.0, 0.0, ())
        found = self._evaluated(Actions(sales, purchases, {}))
        return Priced(
            sum(sale.gain_usd for sale in found.lot_sales),
            sum(result.tax_usd for result in found.payers.values()),
            sum(sale.disallowed_usd for sale in found.lot_sales),
            tuple(limit for limit, usd in self._limits(found).items() if usd > self._broken.get(limit, 0.0) + CENT),
        )

    def _evaluated(self, actions: Actions) -> Evaluation:
        return evaluate(self.household, self.policy, self._prices, self._before, actions)

    def _limits(self, found: Evaluation) -> dict[tuple[str, str], float]:
        return {(one.rule, one.which): one.amount_usd for one in found.broken if one.rule in LIMITS}
