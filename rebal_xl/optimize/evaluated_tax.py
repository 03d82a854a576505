"""The tax side of a plan, recomputed from its lot sales: each taxpayer's bill, what it counts, and the cost terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rebal_xl.household import CostTerm, Household, LotSale, TaxBill
from rebal_xl.household import Term as HoldingTerm
from rebal_xl.optimize.prices import GAIN_LIMIT_PRICE, UNASKED_SHARE, PayerPrices, Prices
from rebal_xl.tax.law import Law
from rebal_xl.tax.liability import tax_bill


@dataclass(frozen=True, slots=True)
class PayerResult:
    """One taxpayer's year with the plan."""

    before: TaxBill
    after: TaxBill
    short_gain_usd: float
    long_gain_usd: float
    # tax, carried losses and basis given up, less the credit for gains asked for
    net_usd: float
    # the same with the tax that the program's rows know of; never above net_usd
    model_net_usd: float
    # what may be saved for its own sake: the net of the losses that qualify for harvesting, alone, less that credit
    floor_usd: float
    model_floor_usd: float

    @property
    def tax_usd(self) -> float:
        """What the plan adds to this year's bill."""
        return self.after.total_usd - self.before.total_usd


@dataclass(slots=True)
class _Gains:
    """Gains that count on one return, losses after wash sales."""

    short: float = 0.0
    long: float = 0.0
    collectible: float = 0.0
    # losses, positive dollars
    taken: float = 0.0

    def add(self, sale: LotSale, collectible: bool) -> None:
        counted = sale.gain_usd + sale.disallowed_usd
        self.taken += max(0.0, -counted)
        if sale.term is HoldingTerm.SHORT:
            self.short += counted
        else:
            self.long += counted
            self.collectible += counted if collectible else 0.0


def payer_result(
    household: Household,
    prices: Prices,
    name: str,
    lot_sales: Sequence[LotSale],
    qualifying: Sequence[bool] = (),
) -> PayerResult:
    """The year of taxpayer `name` with these sales, whoever else's are among them.

    `qualifying` says of each sale whether its lot's loss may be taken for its own sake; without it none may.
    """
    payer = prices.payers[name]
    everything, harvest, credit = _Gains(), _Gains(), 0.0
    for sale, qualifies in zip(lot_sales, qualifying or [False] * len(lot_sales), strict=True):
        account = household.account(sale.account)
        profile = household.payer(account) if account.taxable else None
        if profile is None or profile.taxpayer != name:
            continue
        collectible = household.security(sale.symbol).collectible
        everything.add(sale, collectible)
        if qualifies:
            harvest.add(sale, collectible)
        if prices.gains_credited and sale.term is HoldingTerm.LONG:
            credit += payer.deferral * max(0.0, sale.gain_usd)
    after, net, model_net = _net(payer, prices.law, everything)
    floor = model_floor = 0.0
    if prices.harvesting:
        _, floor, model_floor = _net(payer, prices.law, harvest)
    return PayerResult(
        before=payer.before,
        after=after,
        short_gain_usd=everything.short,
        long_gain_usd=everything.long,
        net_usd=net - credit,
        model_net_usd=model_net - credit,
        floor_usd=floor - credit,
        model_floor_usd=model_floor - credit,
    )


def _net(payer: PayerPrices, law: Law, gains: _Gains) -> tuple[TaxBill, float, float]:
    """The bill; tax, carried losses and basis given up; the same with the tax that the program's rows know of."""
    after = tax_bill(payer.profile, gains.short, gains.long, law=law, collectible_gain_usd=gains.collectible)
    carried = after.gain_in_income_usd - after.short_net_usd - after.long_net_usd
    rest = payer.deferral * gains.taken - payer.carry * (carried - payer.carried_usd)
    start = payer.before.total_usd
    seen = payer.constants.tax_usd(gains.short, gains.long, gains.collectible)
    return after, after.total_usd - start + rest, seen - start + rest


def counted_usd(net_usd: float, floor_usd: float, in_full: bool) -> float:
    """What a taxpayer's net tax cost counts: savings beyond those that may be had for their own sake hardly do."""
    if in_full:
        return net_usd
    return max(net_usd, (1.0 - UNASKED_SHARE) * floor_usd + UNASKED_SHARE * net_usd)


def tax_terms(prices: Prices, payers: Mapping[str, PayerResult]) -> tuple[list[CostTerm], float]:
    """Cost terms of every taxpayer together, and what is outside the program's rows; that is never negative."""
    tax = carried = given_up = unasked = outside = 0.0
    for name, result in payers.items():
        payer = prices.payers[name]
        after = result.after.gain_in_income_usd - result.after.short_net_usd - result.after.long_net_usd
        tax += result.tax_usd
        carried -= payer.carry * (after - payer.carried_usd)
        counted = counted_usd(result.net_usd, result.floor_usd, prices.net_in_full)
        unasked += counted - result.net_usd
        given_up += result.net_usd - result.tax_usd
        outside += counted - counted_usd(result.model_net_usd, result.model_floor_usd, prices.net_in_full)
        budget = payer.profile.tax_budget_usd
        if budget is not None and not prices.net_in_full:
            true, unseen = result.tax_usd, result.net_usd - result.model_net_usd
            outside += GAIN_LIMIT_PRICE * (max(0.0, true - budget) - max(0.0, true - unseen - budget))
    given_up -= carried
    terms = [CostTerm("tax", tax), CostTerm("carried losses", carried), CostTerm("basis given up", given_up)]
    return [*terms, CostTerm("unasked losses", unasked)], outside
