"""What may be bought, how much of it, and what was bought or sold at a loss in the last thirty days."""

from collections import defaultdict
from datetime import date

from tests.second_model.bill import K
from tests.second_model.facts import WINDOW, Facts
from tests.second_model.registry import ROTH, TAXABLE

Position = tuple[str, str]
EVERYTHING = float("inf")


def rank(facts: Facts, account: str, symbol: str) -> int | None:
    """The advisor's preference: 1 first, 0 never."""
    treatment, security = facts.accounts[account].treatment, facts.securities[symbol]
    if treatment == TAXABLE:
        return security.rank_taxable  # type: ignore[no-any-return]
    return security.rank_roth if treatment == ROTH else security.rank_deferred  # type: ignore[no-any-return]


def purchases(facts: Facts) -> dict[Position, float]:
    """Pairs that may be bought, with the most that may be spent on each."""
    lost = _sold_at_a_loss(facts)
    stands_in = _replacements(facts)
    found = {
        position: typed.shares * facts.price(position[1]) for position, typed in facts.typed.items() if not typed.sells
    }
    if facts.policy.method == "None":
        return found
    for account in facts.traded_accounts:
        for symbol in sorted(facts.securities):
            if (account, symbol) in facts.typed:
                continue
            if stands_in is not None and symbol not in stands_in:
                continue
            if _allowed(facts, account, symbol) and facts.family(account, symbol) not in lost:
                most = _most(facts, account, symbol)
                if most > 1e-5:
                    found[account, symbol] = most
    return found


def _replacements(facts: Facts) -> set[str] | None:
    """Method Harvest: what stands in for something held; None for any other method."""
    if facts.policy.method != "Harvest":
        return None
    held = [(lot.account, facts.securities[lot.symbol]) for lot in facts.lots if lot.quantity > 0.0]
    named = {security.replacement for _, security in held if security.replacement}
    without = {
        facts.main_class(security.symbol)
        for account, security in held
        if not security.replacement and facts.taxable(account) and facts.traded(account)
    }
    return {symbol for symbol in facts.securities if symbol in named or facts.main_class(symbol) in without}


def _allowed(facts: Facts, account: str, symbol: str) -> bool:
    security, given = facts.securities[symbol], facts.accounts[account]
    if security.do_not_buy or security.price_usd <= 0.0:
        return False
    if given.menu is not None and symbol not in given.menu:
        return False
    target = facts.targets.get(facts.main_class(symbol))
    if target is None or target.weight <= 0.0:
        return False
    place = rank(facts, account, symbol)
    if place == 0 or (place is None and given.menu is None and _others_are_ranked(facts, account, symbol)):
        return False
    return facts.taxable(account) or not security.exempt_share > 0.0


def _others_are_ranked(facts: Facts, account: str, symbol: str) -> bool:
    same = [each for each in facts.securities if facts.main_class(each) == facts.main_class(symbol)]
    return any(rank(facts, account, each) for each in same)


def _most(facts: Facts, account: str, symbol: str) -> float:
    """Where classes have bands: the upper trigger or the minimum, and one share. What the position may still take."""
    security, price, most = facts.securities[symbol], facts.price(symbol), EVERYTHING
    policy = facts.policy
    banded = policy.method in ("Opportunistic", "Full") and policy.most_drift is None and not policy.tracking
    if banded and len(security.class_mix) == 1:
        name = facts.main_class(symbol)
        edge = facts.band(name, facts.widths(name)[0])[1] * facts.value
        most = max(edge, facts.minimum(account)) + security.lot_size * price
    highest = facts.limits((account, symbol))[1]
    if highest is not None:
        most = min(most, max(0.0, highest - facts.shares((account, symbol))) * price)
    money = max(0.0, facts.accounts[account].cash_usd) + max(0.0, facts.accounts[account].contribution_usd)
    for_sale = sum(unit.worth for unit in facts.units if unit.account == account)
    return min(most, money / K + for_sale)


def _sold_at_a_loss(facts: Facts) -> set[tuple[str, str]]:
    """Families sold within the window in a taxable account at a loss, or with a result nobody knows."""
    return {
        facts.family(trade.account, trade.symbol)
        for trade in facts.household.recent_trades
        if trade.side == "Sell"
        and trade.account in facts.accounts
        and facts.taxable(trade.account)
        and facts.today - WINDOW <= date.fromisoformat(trade.traded) <= facts.today
        and (trade.gain_usd is None or trade.gain_usd < 0.0)
    }


def kept_in_window(facts: Facts) -> dict[tuple[str, str], float]:
    """Family -> shares of the window that stay: not for sale, in lots without a date, or bought by the advisor."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    dated: dict[Position, float] = defaultdict(float)
    undated: dict[Position, float] = defaultdict(float)
    for lot in facts.lots:
        if lot.quantity <= 0.0:
            continue
        if facts.is_recent(lot):
            dated[lot.account, lot.symbol] += lot.quantity
            if not facts.may_sell(lot):
                found[facts.family(lot.account, lot.symbol)] += lot.quantity
        elif lot.acquired is None:
            undated[lot.account, lot.symbol] += lot.quantity
    told: dict[Position, float] = defaultdict(float)
    for trade in facts.household.recent_trades:
        inside = facts.today - WINDOW <= date.fromisoformat(trade.traded) <= facts.today
        if trade.side == "Buy" and inside and (facts.policy.reinvestment_counts or not trade.reinvested):
            told[trade.account, trade.symbol] += trade.quantity
    for position, quantity in told.items():
        extra = min(quantity - dated[position], undated[position])
        if extra > 0.0:
            found[facts.family(*position)] += extra
    for position, typed in facts.typed.items():
        if not typed.sells:
            found[facts.family(*position)] += typed.shares
    return dict(found)
