"""What a plan is held against: the ordinary ways of its comparison, and the tax each leaves for later years.

Tax saved by selling less gain or more loss is put off: whoever realises less keeps lots with less basis. The taxable
gain left for later years is the household's unrealised gain, less what was realised and counted, plus losses lost for
good, less losses carried forward. A dollar of it is worth the later rate on gains, discounted over the horizon.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rebal_xl.household import Against, Household, LotSale, OrdinaryWay, Plan, Policy, TaxBill
from rebal_xl.optimize.comparison import LOTS, NO_ORDINARY_WAY, at_no_less_drift
from rebal_xl.optimize.evaluate import evaluate
from rebal_xl.optimize.ordinary import averaged
from rebal_xl.optimize.prices import Prices, find_prices

ORDINARY, NOTHING = "ordinary rebalancing", "doing nothing"


@dataclass(frozen=True, slots=True)
class _Left:
    """What one taxpayer's year leaves for later, dollars."""

    # net gain realised and counted, both terms
    realised_usd: float
    # losses carried forward, and losses disallowed for good, positive
    carried_usd: float
    permanent_usd: float = 0.0

    @property
    def later_usd(self) -> float:
        """Gain taxed later, but for the unrealised gain that every way starts from."""
        return self.permanent_usd - self.realised_usd - self.carried_usd


def held_against(household: Household, policy: Policy, plan: Plan) -> Against | None:
    """The plan's two ordinary ways; doing nothing where its method has none; None where it could not be compared.

    Raises as `find_prices`.
    """
    prices = find_prices(household, policy)
    mine = _of_plan(household, plan)
    if policy.method in NO_ORDINARY_WAY:
        idle = {name: _Left(0.0, _carried_usd(payer.before)) for name, payer in prices.payers.items()}
        nothing = OrdinaryWay(0.0, 0.0, _later_usd(prices, mine, idle))
        return Against(NOTHING, nothing, nothing)
    if len(plan.comparisons) != len(LOTS):
        return None
    followed = plan.after.tracking_trigger is not None and plan.after.tracking_error is not None
    drift = (plan.after.tracking_error or 0.0) if followed else plan.after.household_drift
    ways = []
    for told, (_, relief) in zip(plan.comparisons, LOTS, strict=True):
        held = averaged(household, relief)
        actions = at_no_less_drift(held, policy, relief, drift)
        evaluation = evaluate(held, policy, prices, plan.before, actions)
        permanent = _permanent_usd(household, evaluation.lot_sales)
        left = {
            name: _Left(payer.short_gain_usd + payer.long_gain_usd, _carried_usd(payer.after), permanent.get(name, 0.0))
            for name, payer in evaluation.payers.items()
        }
        ways.append(OrdinaryWay(told.tax_usd, told.disallowed_usd, _later_usd(prices, mine, left)))
    own, hifo = ways
    return Against(ORDINARY, own, hifo)


def _of_plan(household: Household, plan: Plan) -> dict[str, _Left]:
    permanent = _permanent_usd(household, plan.lot_sales)
    return {
        change.after.taxpayer: _Left(
            change.short_gain_usd + change.long_gain_usd,
            _carried_usd(change.after),
            permanent.get(change.after.taxpayer, 0.0),
        )
        for change in plan.tax.changes
    }


def _later_usd(prices: Prices, mine: Mapping[str, _Left], other: Mapping[str, _Left]) -> float:
    """Today's worth of the later tax that the plan leaves beyond the other way, all taxpayers together."""
    return sum(
        (payer.deferral * (mine[name].later_usd - other[name].later_usd))
        for name, payer in prices.payers.items()
        if name in mine and name in other
    )


def _permanent_usd(household: Household, sales: Iterable[LotSale]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for sale in sales:
        payer = household.payer(household.account(sale.account))
        if payer is not None:
            found[payer.taxpayer] += sale.permanent_usd
    return found


def _carried_usd(bill: TaxBill) -> float:
    return bill.short_carryforward_usd + bill.long_carryforward_usd
