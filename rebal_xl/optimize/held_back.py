"""What a plan could still sell, and what rules hold back from sale, in dollars and in the advisor's words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from rebal_xl.household import Household, Lot, Policy, Side
from rebal_xl.measure.tradable import traded
from rebal_xl.optimize.choices import (
    NEARLY_LONG,
    SellUnit,
    family,
    is_recent,
    not_for_sale,
    undated_purchases,
)
from rebal_xl.optimize.methods import only_typed
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.ways import Rule, Way
from rebal_xl.tax.wash import first_safe_loss_sale

# Rules that no refusal of a lot stands for, because they hold back a part of what may be sold.
LEAST_SHARES = "least shares"
YOUNG_LOSS = "young loss"
# A position is what the advisor typed.
TYPED = "typed"
# A word for the lots that a rule holds back, and what to do about it.
_WORDS: Mapping[str, tuple[str, str]] = {
    "locked account": ("in locked accounts", "unlock accounts"),
    "account outside the target": ("in accounts outside the target", "count their accounts in the target"),
    "locked lot": ("marked Locked", "unlock lots"),
    "do not sell": ("marked Do Not Sell", "take Do Not Sell off some lots"),
    "basis or date unknown": ("whose basis or date is unknown", "fill in the missing basis and dates"),
    "no tax profile": ("whose owner has no tax profile", "fill in the owner's tax profile"),
    "no price": ("without a price", "fill in the missing prices"),
    "nothing to sell": ("worth nothing", "remove lots worth nothing"),
    LEAST_SHARES: ("kept by Min Hold", "lower Min Hold"),
    YOUNG_LOSS: (
        "bought in the last 30 days, whose loss would be washed",
        "wait until no purchase is in the window",
    ),
}


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Dollars of a position that rules keep from being sold."""

    # all of them must go
    rules: tuple[str, ...]
    account: str
    # "" for cash
    symbol: str
    usd: float
    # first day on which the rule holds nothing back any more; None where that is no matter of time
    until: date | None = None
    # class that the dollars come out of, where that can spare but so many
    out_of: str = ""


def words_of(rule: str, policy: Policy) -> tuple[str, str]:
    """What follows "lots" where a rule holds them back, and what to do about it."""
    if rule == NEARLY_LONG:
        days = policy.short_term_boundary_days
        return (f"turning long-term within {days} days", "lower Short-Term Boundary Days")
    return _WORDS[rule]


def held_back(model: Model, actions: Actions) -> tuple[HeldBack, ...]:
    """Everything that rules keep from being sold, the cash of accounts that are not traded included.

    Of losses that may be taken together or not at all, those that the plan leaves.
    """
    household = model.household
    if only_typed(model.policy):
        return ()
    held = _lots_for_good(model, actions)
    for account in household.accounts:
        if not traded(account):
            rule = "locked account" if account.locked else "account outside the target"
            held.append(HeldBack((rule,), account.name, "", max(0.0, account.cash_usd)))
    young: dict[tuple[str, str], float] = defaultdict(float)
    until: dict[tuple[str, str], date] = {}
    for index, unit in enumerate(model.choices.units):
        if (unit.account, unit.symbol) in model.choices.typed:
            continue
        if _would_be_washed(model, index) and not any(lot in actions.sales for lot in unit.lots):
            young[unit.account, unit.symbol] += unit.value_usd
            until[unit.account, unit.symbol] = _window_over(model, unit)
    held += [HeldBack((YOUNG_LOSS,), *key, usd, until[key]) for key, usd in young.items()]
    held += [HeldBack((LEAST_SHARES,), *key, usd) for key, usd in _kept_by_range(model).items()]
    held += [HeldBack((TYPED,), *key, usd) for key, usd in _fixed(model, actions).items()]
    return tuple(one for one in held if one.usd > 0)


def _lots_for_good(model: Model, actions: Actions) -> list[HeldBack]:
    """Lots that are not for sale, each with every rule that would have to go."""
    household, held = model.household, []
    for_sale: dict[tuple[str, str], float] = defaultdict(float)
    for unit in model.choices.units:
        for_sale[unit.account, unit.symbol] += unit.quantity
    gained: dict[tuple[str, str], float] = defaultdict(float)
    for index, lot in enumerate(household.lots):
        rules = refusals_of(household, model.policy, lot)
        if not rules:
            continue
        key = (lot.account, lot.symbol)
        usd, quantity = household.value_usd(lot), lot.quantity
        if key in model.choices.typed:
            left = usd - actions.sales.get(index, 0.0) * household.security(lot.symbol).unit_usd
            held.append(HeldBack((*rules, TYPED), *key, left))
            continue
        spare = _beyond_least(household, key)
        more = quantity if spare is None else max(0.0, min(quantity, spare - for_sale[key] - gained[key]))
        gained[key] += more
        part = usd * more / quantity if quantity > 0 else usd
        held += [HeldBack(rules, *key, part), HeldBack((*rules, LEAST_SHARES), *key, usd - part)]
    return held


def refusals_of(household: Household, policy: Policy, lot: Lot) -> tuple[str, ...]:
    """Every rule that keeps a lot from being sold, as far as is known while the first ones stand."""
    found: list[str] = []
    while (why := not_for_sale(household, policy, lot)) and why not in found:
        found.append(why)
        match why:
            case "locked account" | "account outside the target":
                account = household.account(lot.account)
                opened = replace(account, locked=False) if account.locked else replace(account, counts_in_target=True)
                accounts = tuple(opened if one.name == lot.account else one for one in household.accounts)
                household = replace(household, accounts=accounts)
            case "locked lot":
                lot = replace(lot, locked=False)
            case "do not sell":
                lot = replace(lot, do_not_sell=False)
    return tuple(found)


def _fixed(model: Model, actions: Actions) -> dict[tuple[str, str], float]:
    """Dollars of positions that the advisor's own trades fix, beyond lots that other rules hold back."""
    household, fixed = model.household, {}
    for key in model.choices.typed:
        lots = [(index, lot) for index, lot in enumerate(household.lots) if (lot.account, lot.symbol) == key]
        free = sum(
            lot.quantity - actions.sales.get(index, 0.0)
            for index, lot in lots
            if not refusals_of(household, model.policy, lot)
        )
        fixed[key] = (free + actions.purchases.get(key, 0.0)) * household.security(key[1]).unit_usd
    return fixed


def still_free(model: Model, actions: Actions) -> dict[tuple[str, str], float]:
    """Dollars of each position (account, symbol) that a plan could sell beyond what it sells."""
    household = model.household
    free: dict[tuple[str, str], float] = defaultdict(float)
    for index, unit in enumerate(model.choices.units):
        if not _would_be_washed(model, index) or any(lot in actions.sales for lot in unit.lots):
            free[unit.account, unit.symbol] += unit.value_usd
    for key, usd in _kept_by_range(model).items():
        free[key] -= usd
    for index, quantity in actions.sales.items():
        lot = household.lots[index]
        free[lot.account, lot.symbol] -= quantity * household.security(lot.symbol).unit_usd
    return {key: max(0.0, usd) for key, usd in sorted(free.items()) if key not in model.choices.typed}


def lots_held(held: Iterable[HeldBack], policy: Policy, instead: Mapping[str, str] | None = None) -> list[Way]:
    """What is held back, by the rules that must go; `instead` is other advice by the usual one."""
    parts = list(held)
    until: dict[str, date] = {}
    for one in parts:
        if one.until is not None:
            until[one.rules[0]] = max(one.until, until.get(one.rules[0], one.until))
    usd: dict[tuple[tuple[Rule, ...], str], float] = defaultdict(float)
    for one in parts:
        rules = tuple(_rule(name, one, policy, until.get(name), instead or {}) for name in one.rules)
        usd[rules, one.out_of] += one.usd
    return [Way(held_usd, rules, out_of) for (rules, out_of), held_usd in usd.items()]


def own_trade(account: str, symbol: str) -> Rule:
    """The advisor's own trade as a rule in the way."""
    words = f"your own trade of {symbol} in {account}"
    return Rule(words, f"leave out {words}")


def _rule(name: str, one: HeldBack, policy: Policy, until: date | None, instead: Mapping[str, str]) -> Rule:
    if name == TYPED:
        return own_trade(one.account, one.symbol)
    advice = words_of(name, policy)[1] if until is None else f"wait until {until:%m/%d/%Y}"
    return Rule(_what(name, policy), instead.get(advice, advice))


def _what(rule: str, policy: Policy) -> str:
    """What is held back, in words that stand alone: accounts, parts of positions, or lots."""
    words = words_of(rule, policy)[0]
    if rule in (LEAST_SHARES, YOUNG_LOSS):
        return f"shares {words}"
    return words.removeprefix("in ") if words.startswith("in ") else f"lots {words}"


def _would_be_washed(model: Model, index: int) -> bool:
    """Whether a young lot at a loss may not be sold by itself: others of its family were bought in the window too.

    Beside purchases that stay it is never sold, and beside others that are for sale only with all of them (see
    rules/wash.py).
    """
    unit, choices = model.choices.units[index], model.choices
    if not (unit.recent and unit.at_loss):
        return False
    beside = sum(other.recent and other.family == unit.family for other in choices.units)
    return beside > 1 or choices.kept_recent.get(unit.family, 0.0) > 0


def _window_over(model: Model, unit: SellUnit) -> date:
    """First day on which no purchase of the unit's family is in the wash-sale window: the 31st after the last one."""
    household, policy, choices = model.household, model.policy, model.choices
    bought = [
        lot.acquired
        for lot in household.lots
        if lot.acquired is not None
        and lot.quantity > 0
        and family(household, lot.account, lot.symbol) == unit.family
        and is_recent(lot, policy)
    ]
    undated = {key for key in undated_purchases(household, policy) if family(household, *key) == unit.family}
    bought += [
        trade.traded
        for trade in household.recent_trades
        if trade.side is Side.BUY and trade.traded <= policy.as_of and (trade.account, trade.symbol) in undated
    ]
    mine = (family(household, *key) for key, order in choices.typed.items() if order.side is Side.BUY)
    if unit.family in mine:
        bought.append(policy.as_of)
    return first_safe_loss_sale(max(bought, default=policy.as_of))


def _kept_by_range(model: Model) -> dict[tuple[str, str], float]:
    """Dollars of each position that could be sold but for its Min Hold."""
    for_sale: dict[tuple[str, str], float] = defaultdict(float)
    for unit in model.choices.units:
        for_sale[unit.account, unit.symbol] += unit.quantity
    kept = {}
    for key in sorted(for_sale):
        spare = _beyond_least(model.household, key)
        if spare is not None and key not in model.choices.typed:
            kept[key] = max(0.0, for_sale[key] - spare) * model.household.security(key[1]).unit_usd
    return kept


def _beyond_least(household: Household, key: tuple[str, str]) -> float | None:
    """Shares of a position beyond its Min Hold; None where it has none."""
    lots = household.held(*key)
    least = max((lot.min_hold for lot in lots if lot.min_hold is not None), default=None)
    return None if least is None else max(0.0, sum(lot.quantity for lot in lots) - least)
