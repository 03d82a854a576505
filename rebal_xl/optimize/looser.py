"""Rules that stand at their edge in a plan, each with the looser form that `binding` tries.

Only rules that may bind are listed; whether one does, and what it costs, is found by solving again. Prices of the
search (cost per order, spreads, idle cash) are no rules: a plan under lower prices is not cheaper at the true ones.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from rebal_xl.household import Account, BandType, Household, Lot, Method, Plan, Policy, Side, Target, TaxProfile
from rebal_xl.measure.exposure import held_shares
from rebal_xl.measure.tradable import reserve_usd, traded
from rebal_xl.optimize.choices import NEARLY_LONG, not_for_sale, recent_loss_sales
from rebal_xl.optimize.methods import drift_is_capped
from rebal_xl.optimize.rules.tracking import tracking_limit

# Least step of a limit in dollars; larger limits move by the power of ten below them.
LEAST_STEP_USD = 1_000.0
# Bands and the drift cap are widened by one percentage point.
WEIGHT_STEP = 0.01
# A tracking error by a quarter of a point a year.
TRACKING_STEP = 0.0025
# A weight this near to its edge (0..1) may be held there, whole shares and all.
NEAR_WEIGHT = 0.002
# A gain, tax or cash figure is at its limit when it is this near, as a share of the limit, or within so many dollars.
NEAR_SHARE = 0.02
NEAR_USD = 100.0
# Methods in which a class is held to its own bands.
BANDED = (Method.OPPORTUNISTIC, Method.FULL, Method.HARVEST)


@dataclass(frozen=True, slots=True)
class Looser:
    """A rule, how it is loosened, and household and policy under the looser rule."""

    rule: str
    step: str
    household: Household
    policy: Policy
    # name of the relaxation that tells of the same rule when no plan can keep it: then nothing more is to be said
    relaxed_as: str = ""


def looser_rules(household: Household, policy: Policy, plan: Plan) -> tuple[Looser, ...]:
    """Every rule that may bind, those that most often do first; none where the advisor typed every trade."""
    if policy.method is Method.NONE:
        return ()
    broken = {one.rule for one in plan.relaxed}
    return tuple(one for one in _candidates(household, policy, plan) if one.relaxed_as not in broken)


def _candidates(household: Household, policy: Policy, plan: Plan) -> tuple[Looser, ...]:
    return (
        *_limits(household, policy, plan),
        *_drift_cap(household, policy, plan),
        *_tracking(household, policy, plan),
        *_bands(household, policy, plan),
        *_reserves(household, policy, plan),
        *_orders(household, policy, plan),
        *_boundary(household, policy),
        *_locks(household, policy),
        *_menus(household, policy),
        *_wash_blocks(household, policy),
        *_not_bought(household, policy),
        *_ranges(household, policy, plan),
        *_asked_for(household, policy),
    )


def step_usd(limit_usd: float) -> float:
    """By how much a limit in dollars is moved: the power of ten at or below it, at least 1,000."""
    return LEAST_STEP_USD if limit_usd < LEAST_STEP_USD else 10.0 ** math.floor(math.log10(limit_usd))


def _near(value: float, limit: float) -> bool:
    return value >= limit - max(NEAR_USD, NEAR_SHARE * abs(limit))


def _limits(household: Household, policy: Policy, plan: Plan) -> Iterator[Looser]:
    """Limits on gains and on the tax, per taxpayer."""
    profiles = {profile.taxpayer: profile for profile in household.taxpayers}
    for change in plan.tax.changes:
        profile = profiles[change.after.taxpayer]
        for name, field, value, relaxed_as in (
            ("Short gain limit", "short_gain_limit_usd", change.short_gain_usd, "Limit on short gains"),
            ("Long gain limit", "long_gain_limit_usd", change.long_gain_usd, "Limit on long gains"),
            ("Tax budget", "tax_budget_usd", change.cost_usd, "Tax budget"),
        ):
            limit = getattr(profile, field)
            if limit is None or not _near(value, limit):
                continue
            raised = limit + step_usd(limit)
            wider = _with_profile(household, replace(profile, **{field: raised}))
            yield Looser(
                f"{name} of {profile.taxpayer}", f"raised from ${limit:,.0f} to ${raised:,.0f}", wider, policy,
                f"{relaxed_as} of {profile.taxpayer}",
            )  # fmt: skip


def _with_profile(household: Household, changed: TaxProfile) -> Household:
    taxpayers = (changed if one.taxpayer == changed.taxpayer else one for one in household.taxpayers)
    return replace(household, taxpayers=tuple(taxpayers))


def _drift_cap(household: Household, policy: Policy, plan: Plan) -> Iterator[Looser]:
    cap = policy.most_drift
    if cap is not None and drift_is_capped(policy) and plan.after.household_drift >= cap - NEAR_WEIGHT:
        step = f"raised from {cap:.2%} to {cap + WEIGHT_STEP:.2%}"
        yield Looser("Most drift", step, household, replace(policy, most_drift=cap + WEIGHT_STEP), "Most drift")


def _tracking(household: Household, policy: Policy, plan: Plan) -> Iterator[Looser]:
    """The tracking error that the plan had to end within."""
    ended = plan.after.tracking_error
    if not policy.follows_tracking or ended is None:
        return
    limit = tracking_limit(policy, plan.before)
    if ended >= limit * (1.0 - NEAR_SHARE):
        name, wider = ("destination" if plan.before.needed else "trigger"), limit + TRACKING_STEP
        changed = replace(policy, tracking_trigger=max(policy.tracking_trigger, wider), tracking_destination=wider)
        step = f"raised from {limit:.2%} to {wider:.2%}"
        yield Looser(f"Tracking {name}", step, household, changed, "Tracking error")


def _bands(household: Household, policy: Policy, plan: Plan) -> Iterator[Looser]:
    """Classes that end at an edge of the band they must end in."""
    if policy.method not in BANDED or drift_is_capped(policy) or policy.follows_tracking:
        return
    for line in plan.before.lines:
        target = policy.target_of(line.asset_class)
        if target is None or line.trigger_low is None:
            continue
        inner = line.triggered and policy.method is not Method.HARVEST
        low, high = (line.destination_low, line.destination_high) if inner else (line.trigger_low, line.trigger_high)
        assert low is not None
        assert high is not None
        after = plan.after.line(line.asset_class).actual_weight
        if after > high - NEAR_WEIGHT or (after < low + NEAR_WEIGHT and low > 0):
            yield _wider(household, policy, target, inner=inner)


def _wider(household: Household, policy: Policy, target: Target, *, inner: bool) -> Looser:
    """The band of a class with its destination or its trigger a percentage point wider, and its floor lower."""
    destination = target.destination_width + (WEIGHT_STEP if inner else 0.0)
    trigger = max(target.trigger_width + (0.0 if inner else WEIGHT_STEP), destination)
    floor = None if target.floor is None else max(0.0, target.floor - WEIGHT_STEP)
    wider = replace(target, band_type=BandType.ABSOLUTE, trigger=trigger, destination=destination, floor=floor)
    targets = tuple(wider if one.asset_class == target.asset_class else one for one in policy.targets)
    name = "Destination" if inner else "Trigger"
    return Looser(
        f"{name} band of {target.asset_class}", "one percentage point wider on both sides", household,
        replace(policy, targets=targets), f"Band of {target.asset_class}",
    )  # fmt: skip


def _reserves(household: Household, policy: Policy, plan: Plan) -> Iterator[Looser]:
    cash = dict(plan.cash_after)
    for account in household.accounts:
        reserve = reserve_usd(household, account)
        minimum = policy.minimum_trade_usd(household.account_value_usd(account.name))
        if not traded(account) or reserve <= 0 or cash.get(account.name, 0.0) > reserve + max(NEAR_USD, minimum):
            continue
        lower = max(0.0, reserve - step_usd(reserve))
        changed = _with_account(household, replace(account, reserve_usd=lower, reserve_weight=0.0))
        name = f"Cash reserve of {account.name}"
        yield Looser(name, f"lowered from ${reserve:,.0f} to ${lower:,.0f}", changed, policy, name)


def _with_account(household: Household, changed: Account) -> Household:
    accounts = (changed if one.name == changed.name else one for one in household.accounts)
    return replace(household, accounts=tuple(accounts))


def _orders(household: Household, policy: Policy, plan: Plan) -> Iterator[Looser]:
    cap = policy.most_orders
    if cap is not None and len(plan.trades) >= cap:
        yield Looser("Most orders", f"raised from {cap} to {cap + 1}", household, replace(policy, most_orders=cap + 1))
    if policy.min_trade_usd > 0 or policy.min_trade_weight > 0:
        half = replace(policy, min_trade_usd=policy.min_trade_usd / 2, min_trade_weight=policy.min_trade_weight / 2)
        yield Looser("Minimum trade", "halved", household, half)


def _boundary(household: Household, policy: Policy) -> Iterator[Looser]:
    if any(not_for_sale(household, policy, lot) == NEARLY_LONG for lot in household.lots):
        days = policy.short_term_boundary_days
        loose = replace(policy, short_term_boundary_days=0)
        yield Looser("Short-term boundary", f"lowered from {days} days to 0", household, loose)


def _locks(household: Household, policy: Policy) -> Iterator[Looser]:
    """Locked accounts one by one; locked lots, and lots not to be sold, account by account."""
    for account in household.accounts:
        if account.locked and account.counts_in_target and household.account_value_usd(account.name) > 0:
            free = _with_account(household, replace(account, locked=False))
            yield Looser(f"Lock of {account.name}", "lifted", free, policy)
    free_lots: tuple[tuple[str, Callable[[Lot], bool], Callable[[Lot], Lot]], ...] = (
        ("Locked lots", lambda lot: lot.locked, lambda lot: replace(lot, locked=False)),
        ("Do not sell", lambda lot: lot.do_not_sell, lambda lot: replace(lot, do_not_sell=False)),
    )
    for name, held_back, freed in free_lots:
        for account in household.accounts:
            mine = [lot for lot in household.lots if lot.account == account.name and held_back(lot)]
            if not mine or not traded(account):
                continue
            lots = tuple(freed(lot) if lot.account == account.name else lot for lot in household.lots)
            symbols = _listed(lot.symbol for lot in mine)
            yield Looser(f"{name} in {account.name} ({symbols})", "lifted", replace(household, lots=lots), policy)


def _listed(names: Iterable[str]) -> str:
    """Names in order, the first few of many."""
    found = sorted(set(names))
    return ", ".join(found) if len(found) <= 4 else f"{', '.join(found[:3])} and {len(found) - 3} more"


def _menus(household: Household, policy: Policy) -> Iterator[Looser]:
    for account in household.accounts:
        if traded(account) and account.menu is not None:
            free = _with_account(household, replace(account, menu=None))
            yield Looser(f"Menu of {account.name}", "lifted: anything may be bought", free, policy)


def _wash_blocks(household: Household, policy: Policy) -> Iterator[Looser]:
    """Groups sold at a loss in the last 30 days: what buying them again costs to wait for."""
    for (wash_group, group), safe in sorted(recent_loss_sales(household, policy).items()):
        members = [security for security in household.securities if security.group == group]
        if not any((target := policy.target_of(one.main_class)) and target.weight > 0 for one in members):
            continue
        kept = tuple(
            trade
            for trade in household.recent_trades
            if trade.side is Side.BUY
            or household.security(trade.symbol).group != group
            or household.account(trade.account).wash_group != wash_group
        )
        step = f"over on {safe:%m/%d/%Y}"
        yield Looser(f"Wash sale of {group}", step, replace(household, recent_trades=kept), policy)


def _not_bought(household: Household, policy: Policy) -> Iterator[Looser]:
    """Securities not to be bought, class by class."""
    barred: dict[str, list[str]] = defaultdict(list)
    for security in household.securities:
        target = policy.target_of(security.main_class)
        if security.do_not_buy and target is not None and target.weight > 0:
            barred[security.main_class].append(security.symbol)
    for name, symbols in sorted(barred.items()):
        securities = tuple(replace(one, do_not_buy=one.do_not_buy and one.symbol not in symbols)
                           for one in household.securities)  # fmt: skip
        rule = f"Do not buy {_listed(symbols)} ({name})"
        yield Looser(rule, "lifted", replace(household, securities=securities), policy)


def _ranges(household: Household, policy: Policy, plan: Plan) -> Iterator[Looser]:
    """Positions that the plan leaves at the least or most shares to hold."""
    after = held_shares(household)
    for trade in plan.trades:
        sign = 1.0 if trade.side is Side.BUY else -1.0
        after[trade.account, trade.symbol] = after.get((trade.account, trade.symbol), 0.0) + sign * trade.quantity
    limits: dict[tuple[str, str], list[Lot]] = defaultdict(list)
    for lot in household.lots:
        if lot.min_hold is not None or lot.max_hold is not None:
            limits[lot.account, lot.symbol].append(lot)
    for (account, symbol), lots in sorted(limits.items()):
        step = max(1.0, household.security(symbol).lot_size)
        least = max((lot.min_hold for lot in lots if lot.min_hold is not None), default=-math.inf)
        most = min((lot.max_hold for lot in lots if lot.max_hold is not None), default=math.inf)
        if traded(household.account(account)) and (
            after[account, symbol] < least + step or after[account, symbol] > most - step
        ):
            free = tuple(
                replace(lot, min_hold=None, max_hold=None) if (lot.account, lot.symbol) == (account, symbol) else lot
                for lot in household.lots
            )
            yield Looser(f"Range to hold of {symbol} in {account}", "lifted", replace(household, lots=free), policy)


def _asked_for(household: Household, policy: Policy) -> Iterator[Looser]:
    """Thresholds below which nothing is harvested or moved, sales of what has no target, and typed trades."""
    if policy.harvest_usd or policy.harvest_weight:
        half = replace(
            policy,
            harvest_usd=None if policy.harvest_usd is None else policy.harvest_usd / 2,
            harvest_weight=None if policy.harvest_weight is None else policy.harvest_weight / 2,
        )
        yield Looser("Harvest thresholds", "halved", household, half)
    if policy.location_usd:
        half = replace(policy, location_usd=policy.location_usd / 2)
        yield Looser("Least worth of a better location", "halved", household, half)
    if policy.sell_without_target:
        yield Looser("Sell what has no target", "turned off", household, replace(policy, sell_without_target=False))
    bought_in = {typed.account for typed in policy.my_trades if typed.keep and typed.side is Side.BUY}
    for number, typed in enumerate(policy.my_trades):
        # a typed purchase may live on the cash of a typed sale
        if typed.keep and (typed.side is Side.BUY or typed.account not in bought_in):
            others = (*policy.my_trades[:number], *policy.my_trades[number + 1 :])
            rule = f"Your trade: {typed.side.value.lower()} {typed.symbol} in {typed.account}"
            yield Looser(rule, "left out", household, replace(policy, my_trades=others))
