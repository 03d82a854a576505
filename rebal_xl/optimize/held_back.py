"""What a plan could still sell, and what rules hold back from sale, in dollars and in the advisor's words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rebal_xl.household import Policy, Side
from rebal_xl.optimize.choices import NEARLY_LONG, SellUnit, family, is_recent, undated_purchases
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.tradable import traded
from rebal_xl.tax.wash import first_safe_loss_sale

# Rules that no refusal of a lot stands for, because they hold back a part of what may be sold.
LEAST_SHARES = "least shares"
YOUNG_LOSS = "young loss"
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
    """Dollars of a position that a rule keeps from being sold."""

    rule: str
    account: str
    # "" for cash
    symbol: str
    usd: float
    # first day on which the rule holds nothing back any more; None where that is no matter of time
    until: date | None = None


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
    held = [HeldBack(one.rule, one.account, one.symbol, one.value_usd) for one in model.choices.refusals]
    for account in household.accounts:
        if not traded(account):
            rule = "locked account" if account.locked else "account outside the target"
            held.append(HeldBack(rule, account.name, "", max(0.0, account.cash_usd)))
    young: dict[tuple[str, str], float] = defaultdict(float)
    until: dict[tuple[str, str], date] = {}
    for index, unit in enumerate(model.choices.units):
        if _would_be_washed(model, index) and not any(lot in actions.sales for lot in unit.lots):
            young[unit.account, unit.symbol] += unit.value_usd
            until[unit.account, unit.symbol] = _window_over(model, unit)
    held += [HeldBack(YOUNG_LOSS, *key, usd, until[key]) for key, usd in young.items()]
    held += [HeldBack(LEAST_SHARES, *key, usd) for key, usd in _kept_by_range(model).items()]
    return tuple(one for one in held if one.usd > 0)


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


def lots_held(held: Iterable[HeldBack], policy: Policy) -> list[tuple[float, str, str]]:
    """Dollars, words and advice per rule."""
    by_rule: dict[str, list[HeldBack]] = defaultdict(list)
    for one in held:
        by_rule[one.rule].append(one)
    named = []
    for rule, parts in sorted(by_rule.items()):
        usd = sum(one.usd for one in parts)
        until = max((one.until for one in parts if one.until is not None), default=None)
        advice = words_of(rule, policy)[1] if until is None else f"wait until {until:%m/%d/%Y}"
        named.append((usd, f"{_what(rule, policy)} (${usd:,.0f})", advice))
    return named


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
    for account, symbol in sorted(for_sale):
        lots = model.household.held(account, symbol)
        least = max((lot.min_hold for lot in lots if lot.min_hold is not None), default=None)
        if least is not None and (account, symbol) not in model.choices.typed:
            spare = max(0.0, sum(lot.quantity for lot in lots) - least)
            stuck = max(0.0, for_sale[account, symbol] - spare)
            kept[account, symbol] = stuck * model.household.security(symbol).unit_usd
    return kept
