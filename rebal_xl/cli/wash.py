"""`rebal-xl wash`: the ledger of wash sales, as tables or as a JSON document."""

from datetime import date
from pathlib import Path
from typing import Any

from rich.text import Text

from rebal_xl import api, words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import ending_well
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading, show_problems
from rebal_xl.household import Household
from rebal_xl.household.counts import shares_in_words
from rebal_xl.tax.entries import ExpectedReinvestment, Ledger, LedgerSale, OtherSale, Replacement, SafeDates
from rebal_xl.tax.ledger import household_ledger


def wash(screen: Screen, file: Path, as_of: date | None, name: str = "") -> None:
    """What became of every loss taken, and what has to wait until when."""
    with ending_well(screen, "wash"):
        household, policy = api.read_workbook(file, as_of, name)
        ledger = household_ledger(household, policy.as_of, reinvestments_count=policy.reinvestment_counts)
        if screen.as_json:
            screen.write(documents.as_text(document(household, ledger)))
            return
        if household.notices:
            show_problems(screen.err, household.notices)
        show(screen, ledger)


def document(household: Household, ledger: Ledger) -> documents.Document:
    """What --json prints."""
    head = documents.head("wash", household.notices, 0)
    return head | {
        "wash": {
            "as_of": figures.day(ledger.as_of),
            "dates": [_dates(one) for one in ledger.dates],
            "disallowed_usd": figures.usd(ledger.disallowed_usd),
            "household": household.name,
            "permanent_usd": figures.usd(ledger.permanent_usd),
            "reinvestments": [_reinvestment(one) for one in ledger.reinvestments],
            "sales": [_sale(one) for one in ledger.sales],
            "smaller_gains": [_other(one) for one in ledger.smaller_gains],
            "unknown": [_other(one) for one in ledger.unknown],
        }
    }


def show(screen: Screen, ledger: Ledger) -> None:
    """Losses and what became of them, then what has to wait, then the reinvestments to come."""
    console = screen.out
    if not (ledger.sales or ledger.unknown or ledger.smaller_gains):
        console.print("No loss was taken in the trades at hand.")
    else:
        say_heading(console, "Losses taken")
        console.print(_losses(ledger))
        console.print(_summary(ledger))
    if ledger.dates:
        say_heading(console, "Wait until")
        console.print(_waiting(ledger))
    if ledger.reinvestments:
        say_heading(console, "Reinvestments expected within 30 days")
        table = plain_table()
        table.add_column("Account")
        table.add_column("Symbol", no_wrap=True)
        number_column(table, "Dollars")
        number_column(table, "Shares")
        table.add_column("")
        for one in ledger.reinvestments:
            shares = f"{one.shares:,.3f}"
            table.add_row(one.account, one.symbol, words.cents(one.usd), shares, "washes a loss" if one.washes else "")
        console.print(table)


def _losses(ledger: Ledger) -> Any:
    table = plain_table()
    table.add_column("Sold", no_wrap=True)
    table.add_column("Account")
    table.add_column("Symbol", no_wrap=True)
    number_column(table, "Shares")
    number_column(table, "Loss")
    table.add_column("What became of it")
    for sale in ledger.sales:
        rest = sale.quantity - sum(new.quantity for new in sale.replacements)
        fates = [(new.quantity, new.disallowed_usd, _fate(new)) for new in sale.replacements]
        if rest > 1e-6:
            still = f"open until {sale.open_until:%m/%d/%Y}" if sale.open_until else "allowed"
            fates.append((rest, sale.allowed_usd, still))
        for quantity, usd, fate in fates:
            table.add_row(*_who(sale), shares_in_words(quantity), words.cents(usd), fate)
    for other in ledger.unknown:
        table.add_row(*_who(other), shares_in_words(other.quantity), "not known", "write its gain in Recent Trades")
    for other in ledger.smaller_gains:
        fate = "the gain is smaller by it: taken over from an earlier loss"
        table.add_row(*_who(other), shares_in_words(other.quantity), words.cents(other.carried_in_usd), fate)
    return table


def _who(sale: LedgerSale | OtherSale) -> tuple[str, str, Text]:
    return (f"{sale.sold:%m/%d/%Y}", sale.account, Text(sale.symbol, style="bold"))


def _fate(new: Replacement) -> str:
    where = f"{new.symbol} bought {new.acquired:%m/%d/%Y} in {new.account}"
    if new.permanent:
        return f"lost for good: {where}"
    if new.basis_to_add_usd < 0.005:
        return f"in the custodian's basis of {where}"
    return f"add {words.dollars(new.basis_to_add_usd)} to the basis of {where}"


def _summary(ledger: Ledger) -> Text:
    taken = sum(sale.loss_usd for sale in ledger.sales)
    text = f"Of {words.dollars(taken)} of losses {words.dollars(ledger.disallowed_usd)} is disallowed"
    lost = f", {words.dollars(ledger.permanent_usd)} of it for good" if ledger.permanent_usd > 0 else ""
    return Text(f"{text}{lost}.")


def _waiting(ledger: Ledger) -> Any:
    table = plain_table()
    table.add_column("Group")
    table.add_column("Securities")
    table.add_column("Buy from", no_wrap=True)
    table.add_column("Sell at a loss from", no_wrap=True)
    number_column(table, "Loss open")
    for one in ledger.dates:
        table.add_row(
            Text(one.group, style="bold"),
            ", ".join(one.symbols),
            f"{one.buy_from:%m/%d/%Y}" if one.buy_from else "today",
            f"{one.sell_at_loss_from:%m/%d/%Y}" if one.sell_at_loss_from else "today",
            words.cents(one.open_loss_usd) if one.open_loss_usd > 0 else "",
        )
    return table


def _sale(sale: LedgerSale) -> documents.Document:
    return {
        "account": sale.account,
        "acquired": figures.day(sale.acquired),
        "allowed_usd": figures.usd(sale.allowed_usd),
        "carried_in_usd": figures.usd(sale.carried_in_usd),
        "disallowed_usd": figures.usd(sale.disallowed_usd),
        "group": sale.group,
        "loss_usd": figures.usd(sale.loss_usd),
        "open_shares": figures.quantity(sale.open_shares),
        "open_until": figures.day(sale.open_until),
        "permanent_usd": figures.usd(sale.permanent_usd),
        "quantity": figures.quantity(sale.quantity),
        "replacements": [_replacement(new) for new in sale.replacements],
        "sold": figures.day(sale.sold),
        "symbol": sale.symbol,
    }


def _replacement(new: Replacement) -> documents.Document:
    return {
        "account": new.account,
        "acquired": figures.day(new.acquired),
        "basis_to_add_usd": figures.usd(new.basis_to_add_usd),
        "disallowed_usd": figures.usd(new.disallowed_usd),
        "held_since": figures.day(new.held_since),
        "in_custodian_basis_usd": figures.usd(new.in_custodian_basis_usd),
        "lot_ids": list(new.lot_ids),
        "permanent": new.permanent,
        "quantity": figures.quantity(new.quantity),
        "reinvested": new.reinvested,
        "symbol": new.symbol,
    }


def _other(sale: OtherSale) -> documents.Document:
    return {
        "account": sale.account,
        "carried_in_usd": figures.usd(sale.carried_in_usd),
        "gain_usd": figures.usd(sale.gain_usd),
        "group": sale.group,
        "quantity": figures.quantity(sale.quantity),
        "sold": figures.day(sale.sold),
        "symbol": sale.symbol,
    }


def _dates(one: SafeDates) -> documents.Document:
    return {
        "bought_in": list(one.bought_in),
        "bought_shares": figures.quantity(one.bought_shares),
        "buy_from": figures.day(one.buy_from),
        "group": one.group,
        "last_loss_sale": figures.day(one.last_loss_sale),
        "last_purchase": figures.day(one.last_purchase),
        "open_loss_usd": figures.usd(one.open_loss_usd),
        "sell_at_loss_from": figures.day(one.sell_at_loss_from),
        "symbols": list(one.symbols),
        "wash_group": one.wash_group,
    }


def _reinvestment(one: ExpectedReinvestment) -> documents.Document:
    return {
        "account": one.account,
        "group": one.group,
        "shares": figures.quantity(one.shares),
        "symbol": one.symbol,
        "usd": figures.usd(one.usd),
        "washes": one.washes,
    }
