"""What a tax-deferred account could pay out: cash, what it may sell, and its reserve, in the order in which they go.

Net of redemption fees and in orders that can be placed; lots that stay, and least holdings, are left out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import floor

from rebal_xl.household import Account, Household, Lot, Policy, Side
from rebal_xl.measure.tradable import DUST, reserve_usd, step_of, typed_shares

# Cash beyond the reserve, sales, the reserve: dollars that are still there.
Means = list[float]


def means_usd(household: Household, policy: Policy, account: Account) -> Means:
    """Dollars an account could pay: of cash beyond its reserve, of what it may sell, and of its reserve.

    Of positions in My Trades, what is typed is done and nothing else is sold.
    """
    reserve = reserve_usd(household, account)
    typed = _typed_usd(household, policy, account)
    cash = account.cash_usd + account.contribution_usd + sum(min(0.0, usd) for usd in typed.values())
    sales = sum(max(0.0, usd) for usd in typed.values())
    held: dict[str, list[Lot]] = defaultdict(list)
    for lot in household.lots:
        if lot.account == account.name and lot.symbol not in typed:
            held[lot.symbol].append(lot)
    sales += sum(_saleable_usd(household, policy, account, lots) for lots in held.values())
    total = max(0.0, cash + sales)
    beyond = max(0.0, total - reserve)
    idle = min(beyond, max(0.0, cash - reserve))
    return [idle, beyond - idle, total - beyond]


def take(usd: float, means: Mapping[str, Means]) -> dict[str, float]:
    """Dollars each account gives towards `usd`, which are taken off its means: of each kind in proportion."""
    taken = dict.fromkeys(means, 0.0)
    for kind in range(3):
        there = sum(each[kind] for each in means.values())
        share = min(1.0, usd / there) if there > 0 else 0.0
        for name, each in means.items():
            taken[name] += share * each[kind]
            each[kind] *= 1.0 - share
        usd -= share * there
    return taken


def _saleable_usd(household: Household, policy: Policy, account: Account, lots: Sequence[Lot]) -> float:
    """What a position brings when all of it that may be sold is sold."""
    security = household.security(lots[0].symbol)
    held = sum(lot.quantity for lot in lots)
    shares = sum(lot.quantity for lot in lots if lot.quantity > 0 and not lot.locked and not lot.do_not_sell)
    shares = max(0.0, min([shares, *(held - lot.min_hold for lot in lots if lot.min_hold is not None)]))
    if shares < held - DUST:
        step = step_of(household, account.name, security.symbol)
        shares = step * floor(shares / step + DUST) if step else shares
        if shares * security.unit_usd < policy.minimum_trade_usd(household.account_value_usd(account.name)):
            return 0.0
    return shares * security.unit_usd * (1.0 - security.redemption_fee)


def _typed_usd(household: Household, policy: Policy, account: Account) -> dict[str, float]:
    """Symbol -> dollars that the advisor's own trades bring; negative for purchases."""
    found: dict[str, float] = {}
    known = {security.symbol for security in household.securities}
    for trade in policy.my_trades:
        if not trade.keep or trade.account != account.name or trade.symbol not in known:
            continue
        security = household.security(trade.symbol)
        shares = typed_shares(household, trade) if security.unit_usd > 0 else 0.0
        kept = 1.0 - security.redemption_fee if trade.side is Side.SELL else -1.0
        found[trade.symbol] = found.get(trade.symbol, 0.0) + kept * shares * security.unit_usd
    return found
