"""What may be sold and what may be bought, before any number is weighed, and why the rest may not.

Taxable lots are sold one by one. In tax-deferred, Roth and HSA accounts lots of a security are interchangeable,
so a position is one unit there, split only where its youngest shares matter for a wash sale.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from rebal_xl.household import (
    Account,
    Household,
    Lot,
    LotSource,
    Method,
    Policy,
    Security,
    Side,
    Term,
)
from rebal_xl.measure.bands import band_of
from rebal_xl.measure.flows import value_after_flows_usd
from rebal_xl.measure.tradable import dated, traded
from rebal_xl.optimize.buyable import not_bought, ranked_classes, replacements
from rebal_xl.optimize.typed import TypedOrder, typed_may_sell, typed_orders
from rebal_xl.tax.basis import gain_of
from rebal_xl.tax.holding import long_term_from, term_of_lot
from rebal_xl.tax.ledger import Ledger, household_ledger
from rebal_xl.tax.wash import first_safe_rebuy

# IRC 1091(a): thirty days before and thirty days after.
WASH_WINDOW_DAYS = 30
# Lots below this many dollars are left alone: nothing to trade.
LEAST_VALUE_USD = 0.01
# The rule that keeps short-term gains from being sold days before they are long-term.
NEARLY_LONG = "nearly long-term"


@dataclass(frozen=True, slots=True)
class SellUnit:
    """Shares that may be sold together: one taxable lot, or a whole position elsewhere."""

    account: str
    symbol: str
    # indexes into household.lots
    lots: tuple[int, ...]
    quantity: float
    unit_usd: float
    # gain per dollar sold (negative: loss); 0 where gains are not taxed
    gain_rate: float
    # None where gains are not taxed
    term: Term | None
    # name of the taxpayer who pays, "" where gains are not taxed
    payer: str
    # bought within the wash-sale window before the as-of date
    recent: bool
    # wash group and identical group
    family: tuple[str, str]
    acquired: date | None
    # its loss may be taken for its own sake
    qualifies: bool = False

    @property
    def value_usd(self) -> float:
        """Dollars when all of it is sold."""
        return self.quantity * self.unit_usd

    @property
    def at_loss(self) -> bool:
        """Selling it realises a loss somebody could deduct."""
        return self.gain_rate < 0


@dataclass(frozen=True, slots=True)
class BuyPair:
    """A security that may be bought in an account."""

    account: str
    symbol: str
    family: tuple[str, str]
    # most dollars that could be spent on it
    cap_usd: float
    # dollars beyond which spending on it is hardly ever sensible; the search says whether it is (beyond.py)
    usual_usd: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why shares are not for sale. (Why a security is not bought is asked only where it matters: unbought.py.)"""

    rule: str
    account: str
    symbol: str
    value_usd: float


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything the optimizer may do."""

    units: tuple[SellUnit, ...]
    buys: tuple[BuyPair, ...]
    refusals: tuple[Refusal, ...]
    # shares bought in the window that cannot be sold, per (wash group, identical group)
    kept_recent: dict[tuple[str, str], float]
    # positions every share of which is for sale: only these can be closed
    closable: frozenset[tuple[str, str]]
    # families sold at a loss in the last thirty days: not to be bought, with the first safe day
    sold_at_loss: dict[tuple[str, str], date]
    # purchases and sales up to now, and what they wash
    ledger: Ledger
    # the advisor's own orders, by account and symbol
    typed: dict[tuple[str, str], TypedOrder] = field(default_factory=dict)


def find_choices(household: Household, policy: Policy) -> Choices:
    """All sell units and buy pairs in canonical order."""
    refusals: list[Refusal] = []
    ledger = household_ledger(household, policy.as_of, reinvestments_count=policy.reinvestment_counts)
    sold = recent_loss_sales(household, policy, ledger)
    typed = typed_orders(household, policy)
    for_sale: list[tuple[int, Lot]] = []
    for index, lot in enumerate(household.lots):
        order = typed.get((lot.account, lot.symbol))
        if order is not None:
            if order.side is Side.SELL and not typed_may_sell(household, lot):
                for_sale.append((index, lot))
        elif policy.method is Method.NONE:
            continue
        elif why := not_for_sale(household, policy, lot):
            refusals.append(_refusal(household, lot, why))
        else:
            for_sale.append((index, lot))
    units = tuple(_units(household, policy, for_sale, typed))
    buys = tuple(_buys(household, policy, units, sold, typed))
    kept = _kept_recent(household, policy, units, typed)
    return Choices(units, buys, tuple(refusals), kept, _closable(household, units), sold, ledger, typed)


def family(household: Household, account: str, symbol: str) -> tuple[str, str]:
    """Wash group of the account and identical group of the security: what washes what."""
    return (household.account(account).wash_group, household.security(symbol).group)


def is_recent(lot: Lot, policy: Policy) -> bool:
    """Whether the lot is a purchase inside the wash-sale window; gifts and inheritances are no purchases."""
    if lot.acquired is None or not 0 <= (policy.as_of - lot.acquired).days <= WASH_WINDOW_DAYS:
        return False
    if lot.source is LotSource.REINVESTED and not policy.reinvestment_counts:
        return False
    return lot.source.bought


def recent_loss_sales(
    household: Household, policy: Policy, ledger: Ledger | None = None
) -> dict[tuple[str, str], date]:
    """Families sold at a loss within the last thirty days, with the first day on which buying is safe again.

    Every such family is left alone, also where earlier purchases have washed the whole loss already. A sale whose
    result is not given counts as a loss: better a purchase too few than a loss gone. `ledger` is the household's,
    where it is known already.
    """
    ledger = ledger or household_ledger(household, policy.as_of, reinvestments_count=policy.reinvestment_counts)
    found: dict[tuple[str, str], date] = {}
    sales = [(sale.account, sale.group, sale.sold) for sale in ledger.sales]
    sales += [(sale.account, sale.group, sale.sold) for sale in ledger.unknown]
    for account, group, sold in sales:
        safe = first_safe_rebuy(sold)
        if sold <= policy.as_of < safe:
            key = (household.account(account).wash_group, group)
            found[key] = max(safe, found.get(key, safe))
    return found


def _refusal(household: Household, lot: Lot, why: str) -> Refusal:
    return Refusal(why, lot.account, lot.symbol, household.value_usd(lot))


def not_for_sale(household: Household, policy: Policy, lot: Lot) -> str:
    """The rule that keeps a lot from being sold, "" when none does."""
    account, security = household.account(lot.account), household.security(lot.symbol)
    if not traded(account):
        return "locked account" if account.locked else "account outside the target"
    if lot.locked:
        return "locked lot"
    if lot.do_not_sell:
        return "do not sell"
    if lot.quantity <= 0 or household.value_usd(lot) < LEAST_VALUE_USD:
        return "nothing to sell"
    if not account.taxable:
        return ""
    if lot.basis_usd is None or not dated(lot):
        return "basis or date unknown"
    if household.payer(account) is None:
        return "no tax profile"
    if gain_of(lot, lot.quantity, realised_usd(household, lot), policy.as_of)[0] > 0 and _nearly_long(lot, policy):
        return NEARLY_LONG
    return "" if security.unit_usd > 0 else "no price"


def realised_usd(household: Household, lot: Lot) -> float:
    """What selling the lot realises: a redemption fee, like any cost of selling, comes off (Reg. 1.263(a)-1(e)(1))."""
    return household.value_usd(lot) * (1.0 - household.security(lot.symbol).redemption_fee)


def qualifies(household: Household, policy: Policy, lot: Lot) -> bool:
    """Whether a taxable lot has a loss that meets the thresholds for harvesting, dollars and share of basis both."""
    if lot.basis_usd is None or not household.account(lot.account).taxable:
        return False
    gain = gain_of(lot, lot.quantity, realised_usd(household, lot), policy.as_of)[0]
    return policy.worth_harvesting(-gain, lot.basis_usd)


def _nearly_long(lot: Lot, policy: Policy) -> bool:
    """Short now, long within the boundary. Short shares without a date may be; selling them is not held back."""
    if lot.acquired is None or term_of_lot(lot, policy.as_of) is not Term.SHORT:
        return False
    return (long_term_from(lot.acquired) - policy.as_of).days <= policy.short_term_boundary_days


def _units(
    household: Household,
    policy: Policy,
    for_sale: list[tuple[int, Lot]],
    typed: Mapping[tuple[str, str], TypedOrder],
) -> Iterator[SellUnit]:
    loss_families = {
        family(household, lot.account, lot.symbol)
        for _, lot in for_sale
        if household.account(lot.account).taxable
        and lot.basis_usd is not None
        and gain_of(lot, lot.quantity, realised_usd(household, lot), policy.as_of)[0] < 0
    }
    # a lot the advisor named is a unit of its own
    named = {index for order in typed.values() for index in order.of_lots}
    pooled: dict[tuple[str, str, bool, int], list[int]] = defaultdict(list)
    for index, lot in for_sale:
        if household.account(lot.account).taxable:
            yield _taxable_unit(household, policy, index, lot)
        else:
            key = family(household, lot.account, lot.symbol)
            recent = key in loss_families and is_recent(lot, policy)
            pooled[lot.account, lot.symbol, recent, index if index in named else -1].append(index)
    for (account, symbol, recent, _), indexes in pooled.items():
        yield SellUnit(
            account=account,
            symbol=symbol,
            lots=tuple(indexes),
            quantity=sum(household.lots[index].quantity for index in indexes),
            unit_usd=household.security(symbol).unit_usd,
            gain_rate=0.0,
            term=None,
            payer="",
            recent=recent,
            family=family(household, account, symbol),
            acquired=None,
        )


def _taxable_unit(household: Household, policy: Policy, index: int, lot: Lot) -> SellUnit:
    payer = household.payer(household.account(lot.account))
    assert payer is not None
    gain, term = gain_of(lot, lot.quantity, realised_usd(household, lot), policy.as_of)
    return SellUnit(
        account=lot.account,
        symbol=lot.symbol,
        lots=(index,),
        quantity=lot.quantity,
        unit_usd=household.security(lot.symbol).unit_usd,
        gain_rate=gain / household.value_usd(lot),
        term=term,
        payer=payer.taxpayer,
        recent=is_recent(lot, policy),
        family=family(household, lot.account, lot.symbol),
        acquired=lot.acquired,
        qualifies=policy.harvests and qualifies(household, policy, lot),
    )


def _buys(
    household: Household,
    policy: Policy,
    units: tuple[SellUnit, ...],
    sold: dict[tuple[str, str], date],
    typed: Mapping[tuple[str, str], TypedOrder],
) -> Iterator[BuyPair]:
    money: dict[str, float] = {a.name: max(0.0, a.cash_usd) + max(0.0, a.contribution_usd) for a in household.accounts}
    for unit in units:
        money[unit.account] += unit.value_usd
    ranked, replacing = ranked_classes(household), replacements(household, policy)
    after_flows_usd = value_after_flows_usd(household, policy)
    for account in household.accounts:
        if not traded(account):
            continue
        for security in household.securities:
            key = family(household, account.name, security.symbol)
            order = typed.get((account.name, security.symbol))
            if order is not None or policy.method is Method.NONE:
                if order is not None and order.side is Side.BUY:
                    typed_usd = order.quantity * security.unit_usd
                    yield BuyPair(account.name, security.symbol, key, typed_usd, typed_usd)
                continue
            why = not_bought(policy, account, security, ranked)
            if not why and replacing is not None and security.symbol not in replacing:
                why = "no replacement"
            if not why and key not in sold:
                cap = min(money[account.name], _room(household, account, security))
                if cap > LEAST_VALUE_USD:
                    usual = min(cap, _usual(household, policy, account, security, after_flows_usd))
                    yield BuyPair(account.name, security.symbol, key, cap, usual)


def _room(household: Household, account: Account, security: Security) -> float:
    """Dollars of a security that the position's own maximum leaves room for."""
    held = household.held(account.name, security.symbol)
    most = [lot.max_hold for lot in held if lot.max_hold is not None]
    if not most:
        return float("inf")
    return max(0.0, (min(most) - sum(lot.quantity for lot in held)) * security.unit_usd)


def _usual(household: Household, policy: Policy, account: Account, security: Security, after_flows_usd: float) -> float:
    """Dollars of a security that fill its class's band.

    One share more, and the minimum order, since breaking the band by little may be the least evil.
    """
    if len(security.class_mix) != 1 or not policy.banded:
        return float("inf")
    target = policy.target_of(security.main_class)
    assert target is not None
    least = policy.minimum_trade_usd(household.account_value_usd(account.name))
    return max(band_of(target).trigger_high * after_flows_usd, least) + security.lot_size * security.unit_usd


def _closable(household: Household, units: tuple[SellUnit, ...]) -> frozenset[tuple[str, str]]:
    for_sale = {index for unit in units for index in unit.lots}
    kept = {
        (lot.account, lot.symbol)
        for index, lot in enumerate(household.lots)
        # what is worth nothing keeps no position open
        if index not in for_sale and abs(household.value_usd(lot)) >= LEAST_VALUE_USD
    }
    return frozenset({(unit.account, unit.symbol) for unit in units} - kept)


def _kept_recent(
    household: Household,
    policy: Policy,
    units: tuple[SellUnit, ...],
    typed: Mapping[tuple[str, str], TypedOrder],
) -> dict[tuple[str, str], float]:
    """Shares bought in the window that stay whatever the plan does: locked ones, purchases without dated lots, and what
    the advisor's own trades buy."""
    for_sale = {index for unit in units for index in unit.lots}
    kept: dict[tuple[str, str], float] = defaultdict(float)
    for index, lot in enumerate(household.lots):
        if lot.quantity > 0 and index not in for_sale and is_recent(lot, policy):
            kept[family(household, lot.account, lot.symbol)] += lot.quantity
    for (account, symbol), quantity in undated_purchases(household, policy).items():
        kept[family(household, account, symbol)] += quantity
    for (account, symbol), order in typed.items():
        if order.side is Side.BUY:
            kept[family(household, account, symbol)] += order.quantity
    return dict(kept)


def undated_purchases(household: Household, policy: Policy) -> dict[tuple[str, str], float]:
    """Shares bought in the window by the table of recent trades but held in lots without a date."""
    bought: dict[tuple[str, str], float] = defaultdict(float)
    for trade in household.recent_trades:
        within = 0 <= (policy.as_of - trade.traded).days <= WASH_WINDOW_DAYS
        if trade.side is Side.BUY and within and (policy.reinvestment_counts or not trade.reinvested):
            bought[trade.account, trade.symbol] += trade.quantity
    dated: dict[tuple[str, str], float] = defaultdict(float)
    undated: dict[tuple[str, str], float] = defaultdict(float)
    for lot in household.lots if bought else ():
        if lot.quantity > 0 and is_recent(lot, policy):
            dated[lot.account, lot.symbol] += lot.quantity
        elif lot.quantity > 0 and lot.acquired is None:
            undated[lot.account, lot.symbol] += lot.quantity
    extra = {key: min(quantity - dated[key], undated[key]) for key, quantity in bought.items()}
    return {key: quantity for key, quantity in extra.items() if quantity > 0}
