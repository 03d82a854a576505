"""The independent evaluator: every figure of a plan recomputed from lots and trades, without the program.

What a plan costs, in dollars (`cost_usd` is the sum; doing nothing in a household without broken rules costs 0):
  tax                 bill of every taxpayer with the plan less the bill without it (`tax.tax_bill`, all worksheets),
                      gains after disallowed losses
  carried losses      - carry price * change of (net gain in income - net gain), the loss left beyond the yearly limit
  basis given up      + deferral price * losses taken and allowed: the later tax that the higher basis would have saved
  unasked losses      harvesting off: where the three above sum to less than 0 for a taxpayer, 99.9 % is taken back
  wash sales          policy.wash_sale_cost_usd for every family of identical securities with a disallowed loss
  trading             half the spread of every amount traded, and redemption fees
  orders              policy.cost_per_order_usd each
  location            after-tax yearly drag of what is bought in taxable accounts, over the horizon
  buy ranks           5 basis points of what is bought for every rank below the first
  idle cash           10 cents a dollar of cash beyond reserve and cash target (and, while every class is inside its
                      trigger, beyond what was idle before)
  distance            method Full only: every dollar off target, summed over the classes with a target; five times that
                      for dollars beyond the target, seen from where the class was before
  relaxed rules       dollars by which a rule is broken, times its price (optimize/prices.py)
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rebal_xl.household import (
    CostTerm,
    Drift,
    Household,
    LotSale,
    Method,
    Policy,
    TaxBill,
)
from rebal_xl.household import Term as HoldingTerm
from rebal_xl.measure.drift import measure_drift
from rebal_xl.measure.exposure import held_shares
from rebal_xl.measure.flows import withdrawal_requests
from rebal_xl.optimize.choices import family, traded
from rebal_xl.optimize.prices import (
    GAIN_LIMIT_PRICE,
    IDLE_CASH_PRICE,
    RESERVE_PRICE,
    UNASKED_LOSS_SHARE,
    WITHDRAWAL_PRICE,
    PayerPrices,
    Prices,
    rank_price,
)
from rebal_xl.optimize.realised import Actions, lot_sale, match_plan
from rebal_xl.optimize.rules.bands import band_edges, band_price, distance_prices
from rebal_xl.optimize.rules.cash import idle_cash_allowed_usd, reserve_usd
from rebal_xl.tax.law import Law
from rebal_xl.tax.liability import tax_bill

# Less than this is rounding of a sum.
CENT = 0.01
# Less than this is no dollar at all; whatever is more has its price, in the program as here.
NOTHING_USD = 1e-6
# A rule broken by less is the rounding of an order, priced but not worth a sentence.
WORTH_TELLING_USD = 0.05


@dataclass(frozen=True, slots=True)
class Break:
    """A rule that is broken, and by how much."""

    # withdrawal, reserve, band, short gains, long gains, tax budget
    rule: str
    which: str
    amount_usd: float
    price: float
    # +1 above, -1 below
    side: int = 1


@dataclass(frozen=True, slots=True)
class PayerResult:
    """One taxpayer's year with the plan."""

    before: TaxBill
    after: TaxBill
    short_gain_usd: float
    long_gain_usd: float
    # tax, carried losses and basis given up, before unasked losses are discounted
    net_usd: float
    # the same with the tax that the program's rows know of; never above net_usd
    model_net_usd: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A plan in figures."""

    cost_terms: tuple[CostTerm, ...]
    breaks: tuple[Break, ...]
    lot_sales: tuple[LotSale, ...]
    payers: Mapping[str, PayerResult]
    after: Drift
    # account -> dollars
    cash: Mapping[str, float]
    # what the terms left out of the program's tax rows add to the cost; never negative
    outside_model_usd: float

    @property
    def cost_usd(self) -> float:
        """Sum of all terms."""
        return sum(term.usd for term in self.cost_terms)

    @property
    def broken(self) -> tuple[Break, ...]:
        """Rules broken by more than the rounding of an order."""
        return tuple(item for item in self.breaks if item.amount_usd > WORTH_TELLING_USD)


def evaluate(household: Household, policy: Policy, prices: Prices, before: Drift, actions: Actions) -> Evaluation:
    """Recompute cash, drift, gains, wash sales, tax and every cost term of `actions`."""
    washed = match_plan(household, policy, actions)
    lot_sales = tuple(
        lot_sale(household, policy, index, quantity, washed.get(index))
        for index, quantity in sorted(actions.sales.items())
    )
    cash = cash_after(household, actions)
    after = measure_drift(household, policy, holdings=shares_after(household, actions), cash=cash)
    payers = {
        name: payer_result(household, payer, prices.law, lot_sales, name) for name, payer in prices.payers.items()
    }
    breaks = tuple(_breaks(household, policy, prices, before, after, cash, actions, payers))
    terms, outside = _tax_terms(prices, payers)
    terms += _trading_terms(household, policy, prices, actions)
    families = {family(household, s.account, s.symbol) for s in lot_sales if s.disallowed_usd > NOTHING_USD}
    terms.append(CostTerm("wash sales", policy.wash_sale_cost_usd * len(families)))
    terms.append(CostTerm("idle cash", IDLE_CASH_PRICE * _idle_usd(household, policy, before, cash)))
    if policy.method is Method.FULL:
        terms.append(CostTerm("distance", _distance_usd(before, after)))
    terms.append(CostTerm("relaxed rules", sum(item.amount_usd * item.price for item in breaks)))
    return Evaluation(tuple(terms), breaks, lot_sales, payers, after, cash, outside)


def shares_after(household: Household, actions: Actions) -> dict[tuple[str, str], float]:
    shares = held_shares(household)
    for index, quantity in actions.sales.items():
        shares[household.lots[index].account, household.lots[index].symbol] -= quantity
    for key, quantity in actions.purchases.items():
        shares[key] = shares.get(key, 0.0) + quantity
    return shares


def cash_after(household: Household, actions: Actions) -> dict[str, float]:
    """Cash of every account: what is there and comes in, plus sales, less purchases and withdrawals."""
    cash = {account.name: account.cash_usd + account.contribution_usd for account in household.accounts}
    for index, quantity in actions.sales.items():
        lot = household.lots[index]
        security = household.security(lot.symbol)
        cash[lot.account] += quantity * security.unit_usd * (1.0 - security.redemption_fee)
    for (account, symbol), quantity in actions.purchases.items():
        cash[account] -= quantity * household.security(symbol).unit_usd
    for (_, account), dollars in actions.paid.items():
        cash[account] -= dollars
    return cash


def payer_result(
    household: Household, payer: PayerPrices, law: Law, lot_sales: Sequence[LotSale], name: str
) -> PayerResult:
    """The year of taxpayer `name` with these sales, whoever else's are among them."""
    short = long = collectible = taken = 0.0
    for sale in lot_sales:
        account = household.account(sale.account)
        profile = household.payer(account) if account.taxable else None
        if profile is None or profile.taxpayer != name:
            continue
        counted = sale.gain_usd + sale.disallowed_usd
        taken += max(0.0, -counted)
        if sale.term is HoldingTerm.SHORT:
            short += counted
        else:
            long += counted
            collectible += counted if household.security(sale.symbol).collectible else 0.0
    after = tax_bill(payer.profile, short, long, law=law, collectible_gain_usd=collectible)
    carried = after.gain_in_income_usd - after.short_net_usd - after.long_net_usd
    rest = payer.deferral * taken - payer.carry * (carried - payer.carried_usd)
    start = payer.before.total_usd
    return PayerResult(
        before=payer.before,
        after=after,
        short_gain_usd=short,
        long_gain_usd=long,
        net_usd=after.total_usd - start + rest,
        model_net_usd=payer.constants.tax_usd(short, long) - start + rest,
    )


def counted_usd(net_usd: float, harvesting: bool) -> float:
    """What a taxpayer's net tax cost counts: with harvesting off, unasked savings hardly do."""
    return net_usd if harvesting or net_usd >= 0 else UNASKED_LOSS_SHARE * net_usd


def _tax_terms(prices: Prices, payers: Mapping[str, PayerResult]) -> tuple[list[CostTerm], float]:
    tax = carried = given_up = unasked = outside = 0.0
    for name, result in payers.items():
        payer = prices.payers[name]
        after = result.after.gain_in_income_usd - result.after.short_net_usd - result.after.long_net_usd
        tax += result.after.total_usd - result.before.total_usd
        carried -= payer.carry * (after - payer.carried_usd)
        counted = counted_usd(result.net_usd, prices.harvesting)
        unasked += counted - result.net_usd
        given_up += result.net_usd - (result.after.total_usd - result.before.total_usd)
        outside += counted - counted_usd(result.model_net_usd, prices.harvesting)
        budget = payer.profile.tax_budget_usd
        if budget is not None:
            true, unseen = result.after.total_usd - result.before.total_usd, result.net_usd - result.model_net_usd
            outside += GAIN_LIMIT_PRICE * (max(0.0, true - budget) - max(0.0, true - unseen - budget))
    given_up -= carried
    terms = [CostTerm("tax", tax), CostTerm("carried losses", carried), CostTerm("basis given up", given_up)]
    return [*terms, CostTerm("unasked losses", unasked)], outside


def _trading_terms(household: Household, policy: Policy, prices: Prices, actions: Actions) -> list[CostTerm]:
    trading = location = ranks = 0.0
    orders: set[tuple[str, str]] = set(actions.purchases)
    for index, quantity in actions.sales.items():
        lot = household.lots[index]
        security = household.security(lot.symbol)
        trading += quantity * security.unit_usd * (security.spread_bp * 1e-4 + security.redemption_fee)
        orders.add((lot.account, lot.symbol))
    for (account, symbol), quantity in actions.purchases.items():
        security = household.security(symbol)
        amount = quantity * security.unit_usd
        trading += amount * security.spread_bp * 1e-4
        location += amount * prices.location_usd(household, account, symbol)
        ranks += amount * rank_price(security, household.account(account).treatment)
    return [
        CostTerm("trading", trading),
        CostTerm("orders", policy.cost_per_order_usd * len(orders)),
        CostTerm("location", location),
        CostTerm("buy ranks", ranks),
    ]


def _idle_usd(household: Household, policy: Policy, before: Drift, cash: Mapping[str, float]) -> float:
    lying = sum(cash[account.name] for account in household.accounts if traded(account))
    return max(0.0, lying - idle_cash_allowed_usd(household, policy, before))


def _distance_usd(before: Drift, after: Drift) -> float:
    total = 0.0
    for line in before.lines:
        if line.trigger_low is not None:
            over_price, under_price = distance_prices(line)
            off = _class_usd(after, line.asset_class) - line.target_weight * before.value_usd
            total += over_price * max(0.0, off) + under_price * max(0.0, -off)
    return total


def _class_usd(drift: Drift, asset_class: str) -> float:
    return next((line.actual_usd for line in drift.lines if line.asset_class == asset_class), 0.0)


def _breaks(
    household: Household,
    policy: Policy,
    prices: Prices,
    before: Drift,
    after: Drift,
    cash: Mapping[str, float],
    actions: Actions,
    payers: Mapping[str, PayerResult],
) -> list[Break]:
    found = [
        *_unpaid(household, policy, actions),
        *(
            Break("reserve", account.name, reserve_usd(household, account) - cash[account.name], RESERVE_PRICE, -1)
            for account in household.accounts
            if traded(account)
        ),
        *_outside_bands(before, after),
        *_over_limits(prices, payers),
    ]
    return [item for item in found if item.amount_usd > NOTHING_USD]


def _unpaid(household: Household, policy: Policy, actions: Actions) -> list[Break]:
    paid: dict[int, float] = defaultdict(float)
    for (number, _), dollars in actions.paid.items():
        paid[number] += dollars
    return [
        Break("withdrawal", request.label, request.amount_usd - paid[number], WITHDRAWAL_PRICE)
        for number, request in enumerate(withdrawal_requests(household, policy))
    ]


def _outside_bands(before: Drift, after: Drift) -> list[Break]:
    found = []
    for line in before.lines:
        edges = band_edges(line)
        if edges is None:
            continue
        usd = _class_usd(after, line.asset_class)
        low, high = edges[0] * before.value_usd, edges[1] * before.value_usd
        found.append(Break("band", line.asset_class, usd - high, band_price(line), 1))
        found.append(Break("band", line.asset_class, low - usd, band_price(line), -1))
    return found


def _over_limits(prices: Prices, payers: Mapping[str, PayerResult]) -> list[Break]:
    found = []
    for name, result in payers.items():
        profile = prices.payers[name].profile
        tax = result.after.total_usd - result.before.total_usd
        for rule, limit, amount in (
            ("short gains", profile.short_gain_limit_usd, result.short_gain_usd),
            ("long gains", profile.long_gain_limit_usd, result.long_gain_usd),
            ("tax budget", profile.tax_budget_usd, tax),
        ):
            if limit is not None:
                found.append(Break(rule, name, amount - limit, GAIN_LIMIT_PRICE))
    return found
