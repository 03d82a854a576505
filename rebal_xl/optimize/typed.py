"""The advisor's own trades: read into shares, refused with the reason where they cannot be done."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from rebal_xl.household import CASH_SYMBOL, Household, Lot, Method, Policy, Problem, Side, TypedTrade
from rebal_xl.household.counts import shares_in_words
from rebal_xl.measure.exposure import held_cash, held_shares
from rebal_xl.measure.tradable import dated, traded, typed_shares

# Shares below this are rounding of a sum.
DUST = 1e-6
# Cash short by less is rounding.
CENT = 0.01


@dataclass(frozen=True, slots=True)
class TypedOrder:
    """One order that is done exactly as typed."""

    account: str
    symbol: str
    side: Side
    # shares
    quantity: float
    # shares of single lots, as indexes into household.lots; the rest comes from any lot
    of_lots: Mapping[int, float]


def typed_orders(household: Household, policy: Policy) -> dict[tuple[str, str], TypedOrder]:
    """Orders typed and kept, one for each position, by account and symbol. What cannot be done is left out."""
    wanted: dict[tuple[str, str], list[TypedTrade]] = defaultdict(list)
    for trade in policy.my_trades:
        if trade.keep and not _refused(household, trade):
            wanted[trade.account, trade.symbol].append(trade)
    orders = {}
    for (account, symbol), trades in sorted(wanted.items()):
        if len({trade.side for trade in trades}) > 1:
            continue
        quantity, of_lots = 0.0, defaultdict[int, float](float)
        for trade in trades:
            shares = typed_shares(household, trade)
            quantity += shares
            if trade.lot_id:
                of_lots[_lot_index(household, trade)] += shares
        orders[account, symbol] = TypedOrder(account, symbol, trades[0].side, round(quantity, 6), dict(of_lots))
    return orders


def refusals(household: Household, policy: Policy) -> list[Problem]:
    """Every reason why the kept trades cannot be done, each with what to do instead."""
    problems = []
    for number, trade in enumerate(policy.my_trades, start=1):
        if trade.keep and (why := _refused(household, trade)):
            problems.append(_problem(number, trade, *why))
    sides: dict[tuple[str, str], set[Side]] = defaultdict(set)
    for trade in policy.my_trades:
        if trade.keep:
            sides[trade.account, trade.symbol].add(trade.side)
    for (account, symbol), both in sorted(sides.items()):
        if len(both) > 1:
            problems.append(
                Problem(
                    f"My Trades both buy and sell {symbol} in {account}.",
                    "Keep one side, with the difference of the two.",
                    code="typed-both-sides",
                )
            )
    problems += _more_than_held(household, policy)
    # what cannot be sold would only be told a second time, as cash that is missing
    return problems or list(_short_of_cash(household, policy))


def _problem(number: int, trade: TypedTrade, why: str, advice: str) -> Problem:
    what = f"{trade.side.value} {trade.symbol} in {trade.account}"
    return Problem(f"Trade {number} of My Trades ({what}) cannot be done: {why}.", advice, code="typed-trade")


def _refused(household: Household, trade: TypedTrade) -> tuple[str, str] | None:
    """Why one trade cannot be done whatever the others are, and what to do; None when it can."""
    accounts = {account.name for account in household.accounts}
    symbols = {security.symbol for security in household.securities}
    if trade.account not in accounts:
        return f"there is no account {trade.account}", "Correct the account's name."
    if trade.symbol == CASH_SYMBOL:
        return "cash is neither bought nor sold", "Delete the row."
    if trade.symbol not in symbols:
        return f"{trade.symbol} is no known security", "Correct the symbol or add it to Securities."
    account, security = household.account(trade.account), household.security(trade.symbol)
    if not traded(account):
        why = "the account is locked" if account.locked else "the account does not count in the target"
        return why, "Unlock the account or delete the row."
    if security.unit_usd <= 0:
        return "the security has no price", "Fill in its price."
    if (trade.quantity is None) == (trade.amount_usd is None):
        return "it needs a quantity or an amount, not both", "Fill in one of the two."
    size = trade.quantity if trade.quantity is not None else trade.amount_usd or 0.0
    if not isfinite(size):
        return "its size is not a number that can be traded", "Write a plain number above zero."
    if size <= 0:
        return "its size is not above zero", "Write a positive number; Side says whether it is bought or sold."
    if trade.side is Side.BUY and account.menu is not None and trade.symbol not in account.menu:
        return "the security is not on the account's menu", "Choose a security from the menu."
    if trade.lot_id and (trade.side is Side.BUY or _lot_index(household, trade) < 0):
        return f"there is no lot {trade.lot_id} of it to sell", "Correct the Lot ID or leave it blank."
    if typed_shares(household, trade) <= 0:
        return "the amount is less than the smallest order", "Write a larger amount."
    return None


def _lot_index(household: Household, trade: TypedTrade) -> int:
    for index, lot in enumerate(household.lots):
        if (lot.account, lot.symbol, lot.lot_id) == (trade.account, trade.symbol, trade.lot_id):
            return index
    return -1


def typed_may_sell(household: Household, lot: Lot) -> str:
    """Why shares of the lot are not sold even when the advisor types it; "" when they are."""
    if lot.locked:
        return "locked"
    if lot.do_not_sell:
        return "marked do-not-sell"
    if lot.quantity <= 0:
        return "not held long"
    account = household.account(lot.account)
    if account.taxable and (lot.basis_usd is None or not dated(lot)):
        return "without basis or date, so that their tax is not known"
    return "without a tax profile" if account.taxable and household.payer(account) is None else ""


def _more_than_held(household: Household, policy: Policy) -> Iterator[Problem]:
    for (account, symbol), order in typed_orders(household, policy).items():
        if order.side is Side.BUY:
            continue
        lots = {i: lot for i, lot in enumerate(household.lots) if (lot.account, lot.symbol) == (account, symbol)}
        free = sum(lot.quantity for lot in lots.values() if not typed_may_sell(household, lot))
        kept = sorted({why for lot in lots.values() if (why := typed_may_sell(household, lot))})
        if order.quantity > free + DUST:
            held = held_shares(household).get((account, symbol), 0.0)
            rest = f"; the others are {', '.join(kept)}" if kept else ""
            yield Problem(
                f"My Trades sell {shares_in_words(order.quantity)} shares of {symbol} in {account}, which holds "
                f"{shares_in_words(held)}, {shares_in_words(free)} of them for sale{rest}.",
                f"Sell at most {shares_in_words(free)} shares.",
                code="typed-too-much",
            )
            continue
        for index, quantity in sorted(order.of_lots.items()):
            most = 0.0 if typed_may_sell(household, lots[index]) else lots[index].quantity
            if quantity > most + DUST:
                yield Problem(
                    f"My Trades sell {shares_in_words(quantity)} shares of lot {lots[index].lot_id} of {symbol} in "
                    f"{account}, of which {shares_in_words(most)} are for sale.",
                    f"Sell at most {shares_in_words(most)} shares of the lot.",
                    code="typed-too-much",
                )


def _short_of_cash(household: Household, policy: Policy) -> Iterator[Problem]:
    """Purchases that nothing pays: under method None the typed sales must, else whatever may be sold."""
    cash, orders = held_cash(household), typed_orders(household, policy)
    bought: dict[str, float] = defaultdict(float)
    for (account, symbol), order in orders.items():
        security = household.security(symbol)
        dollars = order.quantity * security.unit_usd
        if order.side is Side.BUY:
            bought[account] += dollars
        elif policy.method is Method.NONE:
            cash[account] += dollars * (1.0 - security.redemption_fee)
    if policy.method is not Method.NONE:
        for lot in household.lots:
            mine = orders.get((lot.account, lot.symbol))
            if lot.account in bought and (mine is None or mine.side is Side.SELL):
                fee = household.security(lot.symbol).redemption_fee
                free = 0.0 if typed_may_sell(household, lot) else household.value_usd(lot) * (1.0 - fee)
                cash[lot.account] += free
    for account, dollars in sorted(bought.items()):
        missing = dollars - max(cash[account], 0.0)
        if missing > CENT:
            yield Problem(
                f"My Trades buy ${dollars:,.2f} in {account}, which has or can raise ${max(cash[account], 0.0):,.2f}: "
                "its cash would be negative.",
                f"Buy ${missing:,.2f} less there, or sell more first.",
                code="typed-cash",
            )
