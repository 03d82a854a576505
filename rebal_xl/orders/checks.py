"""What is looked at before orders leave: an error keeps the file from being written, a notice is only told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from rebal_xl.household import LotSale, Problem, Severity, Side
from rebal_xl.household.execution import AccountOrders, OrderToEnter
from rebal_xl.intake.values import listed
from rebal_xl.orders.ready import Ready, carried_out, dropped, price_day
from rebal_xl.tax.ledger import household_ledger
from rebal_xl.words import count, dollars

# Errors that an advisor may take upon himself, by their code.
ACCEPTABLE = ("already-exported", "stale-price", "stale-plan", "wash-window")
_CENT, _SHARES = 0.005, 1e-6


def check(
    ready: Ready, today: date, exporting: str, accepted: Collection[str] = (), accounts: Collection[str] | None = None
) -> list[Problem]:
    """Everything about a household's orders on the day of the export; `exporting` is the format's name.

    `accounts` are those whose orders the file has, None for all. Errors whose code is in `accepted` become notices.
    """
    mine = [one for one in ready.accounts if one.orders and (accounts is None or one.account in accounts)]
    found = [
        *_standing(ready, exporting, today),
        *_prices(ready, mine, today),
        *_wash(ready, mine, today),
        *_positions(ready, mine),
        *_cash(mine),
        *_minimums(ready, mine),
    ]
    named = [replace(problem, sheet=ready.path.name) for problem in found]
    return [
        replace(problem, severity=Severity.NOTICE, message=f"Accepted: {problem.message}", advice="")
        if problem.severity is Severity.ERROR and problem.code in accepted and problem.code in ACCEPTABLE
        else problem
        for problem in named
    ]


def same_twice(households: Sequence[Ready]) -> Iterator[Problem]:
    """An account that two workbooks trade would be traded twice."""
    seen: dict[str, Ready] = {}
    for ready in households:
        for account in ready.accounts:
            number = ready.household.account(account.account).number
            if number and seen.setdefault(number, ready) is not ready:
                yield Problem(
                    f"The account {number} is in '{seen[number].path.name}' too.",
                    "Export one of the two workbooks.",
                    sheet=ready.path.name,
                    code="account-twice",
                )


def _error(code: str, message: str, advice: str = "") -> Problem:
    return Problem(message, advice, code=code)


def _notice(code: str, message: str, advice: str = "") -> Problem:
    return Problem(message, advice, severity=Severity.NOTICE, code=code)


def custodians_not_given(ready: Ready, custodians: Sequence[str], accounts: Collection[str]) -> Iterator[Problem]:
    """Accounts that are in a file of certain custodians although nobody says where they are kept."""
    blank = [one.account for one in ready.accounts if one.account in accounts and not one.custodian.strip()]
    if custodians and blank:
        found = _notice(
            "custodian-not-given",
            f"The file is for {listed(list(custodians))}, and Accounts does not say where {listed(blank, 'and')} "
            f"{'is' if len(blank) == 1 else 'are'} kept: the orders are in it all the same.",
            "Write the custodian beside each account in Accounts.",
        )
        yield replace(found, sheet=ready.path.name)


def _standing(ready: Ready, exporting: str, today: date) -> Iterator[Problem]:
    """What the Run Log says of the plan, and how old it is."""
    run, plan = ready.run, ready.plan
    if not plan.trades:
        yield _notice("no-orders", "The plan has no orders.")
    if dropped(run):
        yield _error(
            "plan-dropped", "The Run Log says that this plan was dropped.", "Change its Status, or rebalance again."
        )
    if carried_out(run):
        yield _error("plan-done", "The Run Log says that this plan is done.", "Change its Status, or rebalance again.")
    for stamp in filter(None, map(str.strip, run.exported.split(";"))):
        if f" as {exporting}:" in stamp:
            yield _error(
                "already-exported", f"These orders were exported before: {stamp}.",
                "Make sure that nobody entered them, then add --accept already-exported.",
            )  # fmt: skip
        else:
            yield _notice("exported-otherwise", f"The plan was exported in another form: {stamp}.")
    if plan.as_of > today:
        yield _error("plan-ahead", f"The plan is of {plan.as_of:%m/%d/%Y}, which is to come.", "Correct As Of.")
    elif (today - plan.as_of).days > ready.policy.stale_price_days:
        yield _error(
            "stale-plan", f"The plan is of {plan.as_of:%m/%d/%Y}, {count((today - plan.as_of).days, 'day')} ago.",
            "Bring the prices up to date and rebalance again.",
        )  # fmt: skip
    if plan.relaxed:
        yield _notice("rules-relaxed", f"{count(len(plan.relaxed), 'rule')} had to give way: see Checks.")


def _prices(ready: Ready, accounts: Iterable[AccountOrders], today: date) -> Iterator[Problem]:
    symbols = {order.trade.symbol for account in accounts for order in account.orders}
    for symbol in sorted(symbols):
        told = price_day(ready, symbol)
        days = (today - told).days
        if days > ready.policy.stale_price_days and told != ready.plan.as_of:
            yield _error(
                "stale-price", f"The price of {symbol} is of {told:%m/%d/%Y}, {count(days, 'day')} old; up to "
                f"{ready.policy.stale_price_days} are allowed.", "Bring it up to date and rebalance again.",
            )  # fmt: skip


def _wash(ready: Ready, accounts: Sequence[AccountOrders], today: date) -> Iterator[Problem]:
    """Purchases while a loss of before the plan can still be washed, and losses of the plan that are."""
    household, policy = ready.household, ready.policy
    ledger = household_ledger(household, ready.plan.as_of, reinvestments_count=policy.reinvestment_counts)
    for account in accounts:
        group = household.account(account.account).wash_group
        for order in account.orders:
            symbol = order.trade.symbol
            for dates in ledger.dates:
                inside = dates.wash_group == group and symbol in dates.symbols
                if inside and order.trade.side is Side.BUY and dates.buy_from is not None and dates.buy_from > today:
                    yield _error(
                        "wash-window", f"Buying {symbol} in {account.account} before {dates.buy_from:%m/%d/%Y} washes "
                        f"a loss of {dollars(dates.open_loss_usd)} taken on {dates.last_loss_sale:%m/%d/%Y}.",
                        "Wait until then, or buy its replacement.",
                    )  # fmt: skip
    washed: dict[tuple[str, str], list[LotSale]] = defaultdict(list)
    for sale in ready.plan.lot_sales:
        if sale.disallowed_usd > _CENT and sale.account in {one.account for one in accounts}:
            washed[sale.account, sale.symbol].append(sale)
    for (name, symbol), sales in sorted(washed.items()):
        lost = sum(sale.permanent_usd for sale in sales)
        good = f", {dollars(lost)} of it for good" if lost > _CENT else ""
        yield _notice(
            "loss-washed", f"Selling {symbol} in {name} lies inside the 61 days of a purchase: "
            f"{dollars(sum(sale.disallowed_usd for sale in sales))} of the loss is disallowed{good}. "
            "The plan counts it.",
        )  # fmt: skip


def _positions(ready: Ready, accounts: Iterable[AccountOrders]) -> Iterator[Problem]:
    """No more sold than is held, lots that make their order, and amounts that are quantity times price."""
    for account in accounts:
        for order in account.orders:
            trade = order.trade
            place = f"{trade.side.value} {trade.symbol} in {trade.account}"
            unit = ready.household.security(trade.symbol).unit_usd
            if abs(trade.quantity * unit - trade.amount_usd) > _CENT + 1e-9 * trade.amount_usd:
                yield _error(
                    "amount-differs", f"{place}: {trade.quantity:.6g} shares are worth "
                    f"{dollars(trade.quantity * unit)}, and the order says {dollars(trade.amount_usd)}.",
                    "Rebalance again.",
                )  # fmt: skip
            if trade.side is Side.SELL:
                yield from _sold(ready, order, place)


def _sold(ready: Ready, order: OrderToEnter, place: str) -> Iterator[Problem]:
    trade = order.trade
    held = {lot.lot_id: lot.quantity for lot in ready.household.held(trade.account, trade.symbol)}
    position = sum(held.values())
    if trade.quantity > position + _SHARES:
        yield _error(
            "more-than-held", f"{place}: {trade.quantity:.6g} shares, and {position:.6g} are held.", "Rebalance again."
        )
    for lot in order.lots:
        if lot.quantity > held.get(lot.lot_id, 0.0) + _SHARES:
            yield _error(
                "more-than-lot", f"{place}: {lot.quantity:.6g} shares of lot {lot.lot_id}, which holds "
                f"{held.get(lot.lot_id, 0.0):.6g}.", "Rebalance again.",
            )  # fmt: skip
    if order.lots and abs(sum(lot.quantity for lot in order.lots) - trade.quantity) > _SHARES:
        yield _error("lots-differ", f"{place}: its lots do not make the order.", "Rebalance again.")


def _cash(accounts: Iterable[AccountOrders]) -> Iterator[Problem]:
    """Cash is there for every purchase, line by line, and what it waits for."""
    for account in accounts:
        below = [order for order in account.orders if order.cash_after_usd < -_CENT]
        if below:
            order = below[0]
            yield _error(
                "cash-negative", f"{account.account} has {dollars(order.cash_after_usd)} of cash after order "
                f"{order.number} ({order.trade.side.value} {order.trade.symbol}).", "See Checks, and rebalance again.",
            )  # fmt: skip
        elif account.short_usd > _CENT:
            yield _error(
                "cash-short", f"{dollars(account.short_usd)} are missing in {account.account} for its withdrawal.",
                "See Checks.",
            )  # fmt: skip
        if account.contribution_needed_usd:
            yield _notice(
                "waits-for-contribution", f"{dollars(account.contribution_needed_usd)} of the contribution to "
                f"{account.account} must have arrived before its last order.",
            )  # fmt: skip
        if account.buys_from_sells_usd:
            yield _notice(
                "buys-from-sells", f"Sells pay {dollars(account.buys_from_sells_usd)} of the buys in {account.account}:"
                " settled cash alone is not enough. Both settle on T+1; enter the sells first.",
            )  # fmt: skip


def _minimums(ready: Ready, accounts: Iterable[AccountOrders]) -> Iterator[Problem]:
    for account in accounts:
        least = ready.policy.minimum_trade_usd(ready.household.account_value_usd(account.account))
        for order in account.orders:
            trade = order.trade
            if not trade.closes_position and trade.amount_usd < least - _CENT:
                yield _notice(
                    "below-minimum", f"{trade.side.value} {trade.symbol} in {trade.account} is of "
                    f"{dollars(trade.amount_usd)}, below the least order of {dollars(least)}.",
                )  # fmt: skip
