"""What wash sales ask for beside the orders: what not to buy or sell until when, and what became of earlier losses.

Both follow the ledger: the one of what was done before the plan, and the one with the plan's own trades entered too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from rebal_xl.household import Household, Lot, Notice, RecentTrade, Side, WashBlock
from rebal_xl.household.counts import shares_in_words
from rebal_xl.optimize.choices import family
from rebal_xl.optimize.evaluate import CENT, Evaluation
from rebal_xl.optimize.realised import Actions
from rebal_xl.tax.basis import basis_of
from rebal_xl.tax.entries import Ledger, LedgerSale, OtherSale, SafeDates

TOPIC = "wash sale"
# shares below which nothing is held
DUST = 1e-6


def with_plan(household: Household, actions: Actions, evaluation: Evaluation, as_of: date) -> Household:
    """The household once the plan's orders are done: their shares moved, and the orders among the recent trades."""
    lots = [_rest(lot, actions.sales.get(index, 0.0)) for index, lot in enumerate(household.lots)]
    sold = [
        (household.lots[index], sale) for index, sale in zip(sorted(actions.sales), evaluation.lot_sales, strict=True)
    ]
    orders = [
        RecentTrade(
            sale.account, sale.symbol, as_of, Side.SELL, sale.quantity, gain_usd=sale.gain_usd,
            acquired=lot.acquired if lot.source.bought else None,
        )
        for lot, sale in sold
    ]  # fmt: skip
    orders += [
        RecentTrade(account, symbol, as_of, Side.BUY, quantity)
        for (account, symbol), quantity in actions.purchases.items()
    ]
    return replace(
        household,
        lots=tuple(lot for lot in lots if abs(lot.quantity) > DUST),
        recent_trades=(*household.recent_trades, *orders),
    )


def _rest(lot: Lot, sold: float) -> Lot:
    """What is left of a lot, with its part of the basis."""
    if not sold or lot.quantity <= 0:
        return lot
    kept = (lot.quantity - sold) / lot.quantity
    basis, given = lot.basis_usd, lot.gift_value_usd
    return replace(
        lot,
        quantity=lot.quantity - sold,
        basis_usd=None if basis is None else basis * kept,
        gift_value_usd=None if given is None else given * kept,
    )


def wash_blocks(after: Household, ledger: Ledger) -> tuple[WashBlock, ...]:
    """What must not be bought after losses, the plan's and earlier ones, and not be sold at a loss after purchases.

    `after` is the household with the plan done, `ledger` its ledger.
    """
    families: dict[tuple[str, str], list[Lot]] = defaultdict(list)
    for lot in after.lots:
        families[family(after, lot.account, lot.symbol)].append(lot)
    blocks: list[WashBlock] = []
    for dates in ledger.dates:
        if dates.buy_from is not None:
            accounts = tuple(a.name for a in after.accounts if a.wash_group == dates.wash_group)
            because = _why_not_buy(ledger, dates, after, ledger.as_of)
            blocks += [
                WashBlock(symbol, dates.group, "do not buy", dates.buy_from, because, accounts)
                for symbol in dates.symbols
            ]
        if dates.sell_at_loss_from is not None:
            because = _why_not_sell(dates, ledger.as_of)
            held = families[dates.wash_group, dates.group]
            blocks += [
                WashBlock(symbol, dates.group, "do not sell at a loss", dates.sell_at_loss_from, because, accounts)
                for symbol, accounts in sorted(_at_a_loss(after, dates, held).items())
            ]
    return tuple(blocks)


def wash_notices(
    household: Household, earlier: Ledger, with_orders: Ledger, evaluation: Evaluation
) -> Iterator[Notice]:
    """Reinvestments to turn off, and losses of earlier sales that are disallowed or not known.

    `earlier` is the household's ledger, `with_orders` that of the household with the plan done.
    """
    yield from _beyond_lots(with_orders, evaluation)
    # Positions that the plan sells out are named too: a dividend may be on its way.
    yield from _to_turn_off(household, with_orders)
    by_group: dict[str, list[LedgerSale]] = defaultdict(list)
    for sale in earlier.sales:
        if sale.disallowed_usd > CENT:
            by_group[sale.group].append(sale)
    for group, sales in sorted(by_group.items()):
        yield Notice(TOPIC, _disallowed(group, sales), sales[0].account, sales[0].symbol)
    for other in earlier.unknown:
        yield Notice(TOPIC, _unknown(other), other.account, other.symbol)
    for other in earlier.smaller_gains:
        sentence = (
            f"The gain on {other.symbol} sold on {other.sold:%m/%d/%Y} is ${other.carried_in_usd:,.2f} smaller than "
            "the custodian says: its shares replaced others that were sold at a loss elsewhere in the household."
        )
        yield Notice(TOPIC, sentence, other.account, other.symbol)


def _beyond_lots(ledger: Ledger, evaluation: Evaluation) -> Iterator[Notice]:
    """Losses of the plan that purchases wash which no lot shows, such as payroll purchases of an unlisted 401(k)."""
    counted: dict[str, float] = defaultdict(float)
    for sale in ledger.sales:
        if sale.sold == ledger.as_of:
            counted[sale.symbol] += sale.disallowed_usd
    for lot_sale in evaluation.lot_sales:
        counted[lot_sale.symbol] -= lot_sale.disallowed_usd
    for symbol, usd in sorted(counted.items()):
        if usd > CENT:
            sentence = (
                f"${usd:,.2f} more of the loss on {symbol} is disallowed, by purchases in Recent Trades that no lot in "
                "Holdings shows; the plan's tax does not know it. List their account in Holdings."
            )
            yield Notice(TOPIC, sentence, symbol=symbol)


def _why_not_buy(ledger: Ledger, dates: SafeDates, household: Household, as_of: date) -> str:
    """What a purchase would wash: the plan's losses, earlier ones, or a sale whose result nobody wrote."""
    mine = [
        sale
        for sale in ledger.sales
        if sale.open_until is not None and sale.group == dates.group
        and household.account(sale.account).wash_group == dates.wash_group
    ]  # fmt: skip
    plan = _open_usd(sale for sale in mine if sale.sold == as_of)
    earlier = [sale for sale in mine if sale.sold < as_of]
    said = [f"This plan takes a loss of ${plan:,.2f} on {dates.group}."] if plan > CENT else []
    if earlier:
        last = max(sale.sold for sale in earlier)
        said.append(f"{dates.group} was sold at a loss of ${_open_usd(earlier):,.2f}, last on {last:%m/%d/%Y}.")
    if not said and dates.last_loss_sale is not None:
        said.append(f"{dates.group} was sold on {dates.last_loss_sale:%m/%d/%Y}, at a gain or loss that is not given.")
    return " ".join(said)


def _open_usd(sales: Iterable[LedgerSale]) -> float:
    return sum(sale.loss_usd / sale.quantity * sale.open_shares for sale in sales)


def _why_not_sell(dates: SafeDates, as_of: date) -> str:
    assert dates.last_purchase is not None
    last = "last today" if dates.last_purchase == as_of else f"last on {dates.last_purchase:%m/%d/%Y}"
    where = ", ".join(dates.bought_in)
    return f"{shares_in_words(dates.bought_shares)} shares of {dates.group} were bought in {where}, {last}."


def _at_a_loss(household: Household, dates: SafeDates, held: Iterable[Lot]) -> Mapping[str, tuple[str, ...]]:
    """Symbol -> accounts with a lot at a loss that a purchase of the window would wash; `held` are the group's lots.

    The shares of the only purchase in the window do not count: the rest of a purchase replaces none of it.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for lot in held:
        if household.account(lot.account).taxable and _loss_usd(household, lot) > CENT:
            own = lot.quantity if lot.acquired == dates.last_purchase else 0.0
            if dates.bought_shares - own > DUST and lot.account not in found[lot.symbol]:
                found[lot.symbol].append(lot.account)
    return {symbol: tuple(sorted(accounts)) for symbol, accounts in found.items() if accounts}


def _loss_usd(household: Household, lot: Lot) -> float:
    value = household.value_usd(lot)
    basis = basis_of(lot, lot.quantity, value) if lot.quantity > 0 else None
    return 0.0 if basis is None else basis - value


def _to_turn_off(household: Household, ledger: Ledger) -> Iterator[Notice]:
    waiting = {(one.wash_group, one.group): one for one in ledger.dates if one.buy_from is not None}
    expected = {(one.account, one.symbol): one for one in ledger.reinvestments}
    for account, symbol in sorted({(lot.account, lot.symbol) for lot in household.lots if lot.reinvest}):
        dates = waiting.get(family(household, account, symbol))
        if dates is None or dates.last_loss_sale is None:
            continue
        taken = "today" if dates.last_loss_sale == ledger.as_of else f"on {dates.last_loss_sale:%m/%d/%Y}"
        sentence = (
            f"Turn off dividend reinvestment of {symbol} in {account} until {dates.buy_from:%m/%d/%Y}: a reinvestment "
            f"would wash the loss taken {taken}."
        )
        coming = expected.get((account, symbol))
        if coming is not None:
            sentence += f" The next distribution would buy about ${coming.usd:,.2f} of it."
        yield Notice(TOPIC, sentence, account, symbol)


def _disallowed(group: str, sales: list[LedgerSale]) -> str:
    """What became of the losses of a group."""
    found = [new for sale in sales for new in sale.replacements]
    lost = sum(sale.permanent_usd for sale in sales)
    to_add = sum(new.basis_to_add_usd for new in found)
    known = sum(new.in_custodian_basis_usd for new in found)
    parts = [f"${lost:,.2f} is lost for good" if lost > CENT else ""]
    parts.append(f"${known:,.2f} is in the custodian's basis of the shares bought" if known > CENT else "")
    where = ", ".join(sorted({new.account for new in found if new.basis_to_add_usd > CENT}))
    parts.append(
        f"${to_add:,.2f} is yours to add to the basis of the shares bought in {where}" if to_add > CENT else ""
    )
    total, last = sum(sale.disallowed_usd for sale in sales), max(sale.sold for sale in sales)
    return (
        f"${total:,.2f} of the losses on {group} up to {last:%m/%d/%Y} is disallowed: {'; '.join(filter(None, parts))}."
    )


def _unknown(sale: OtherSale) -> str:
    return (
        f"The sale of {shares_in_words(sale.quantity)} {sale.symbol} on {sale.sold:%m/%d/%Y} has no gain in Recent "
        "Trades and is taken for a loss. Write its gain, so that what it washes can be told."
    )
