"""`rebal-xl overlap`: what is held more than once, and what consolidating it costs and saves; nothing is written."""

from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rebal_xl import api, words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.asked import answer
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading
from rebal_xl.household import Household, Policy
from rebal_xl.household.overlap import Consolidation, Overlap, OverlapPair, OverlapReport

NOTHING = "Nothing is held more than once."
# Pairs on the screen; all are in the document.
MOST_PAIRS = 20


def overlap(screen: Screen, file: Path, as_of: date | None, name: str = "") -> None:
    """What is held more than once."""
    answer(screen, "overlap", file, as_of, name, ask=api.overlap, document=document, show=show)


def document(household: Household, policy: Policy, report: OverlapReport) -> documents.Document:
    """What --json prints."""
    told = {
        "as_of": figures.day(policy.as_of),
        "consolidations": [_consolidation(one) for one in report.consolidations],
        "held": [_held(one) for one in report.held],
        "household": household.name,
        "pairs": [_pair(one) for one in report.pairs],
    }
    return documents.head("overlap", household.notices, 0) | {"overlap": told}


def _held(one: Overlap) -> documents.Document:
    return {
        "accounts": list(one.accounts),
        "kind": one.kind,
        "share": figures.weight(one.share),
        "subject": one.subject,
        "symbols": list(one.symbols),
        "value_usd": figures.usd(one.value_usd),
    }


def _pair(one: OverlapPair) -> documents.Document:
    return {
        "accounts": list(one.accounts),
        "common_usd": figures.usd(one.common_usd),
        "first": one.first,
        "first_usd": figures.usd(one.first_usd),
        "kind": one.kind,
        "second": one.second,
        "second_usd": figures.usd(one.second_usd),
        "subject": one.subject,
    }


def _consolidation(one: Consolidation) -> documents.Document:
    return {
        "account": one.account,
        "amount_usd": figures.usd(one.amount_usd),
        "bought_quantity": figures.quantity(one.bought_quantity),
        "gain_usd": None if one.gain_usd is None else figures.usd(one.gain_usd),
        "keep": one.keep,
        "keep_why": one.keep_why,
        "kind": one.kind,
        "positions_saved": one.positions_saved,
        "refused": one.refused,
        "sold": list(one.sold),
        "subject": one.subject,
        "tax_usd": None if one.tax_usd is None else figures.usd(one.tax_usd),
    }


def show(console: Console, report: OverlapReport) -> None:
    """What is held in several places, what holds the same, and what could be one."""
    if report.nothing:
        console.print(NOTHING)
        return
    if report.held:
        say_heading(console, "Held in several places")
        console.print(_held_table(report))
    if report.pairs:
        more = len(report.pairs) - MOST_PAIRS
        say_heading(console, "Securities that hold the same")
        console.print(_pair_table(report))
        if more > 0:
            console.print(f"{words.count(more, 'smaller pair')} more: see --json.")
    if report.consolidations:
        say_heading(console, "What consolidating would cost and save, each by itself")
        console.print(_consolidation_table(report))


def _held_table(report: OverlapReport) -> Table:
    table = plain_table()
    for name in ("Kind", "Subject", "Held as", "Accounts"):
        table.add_column(name, overflow="fold")
    number_column(table, "Dollars")
    for one in report.held:
        texts = (one.kind, one.subject, ", ".join(one.symbols), ", ".join(one.accounts))
        table.add_row(*map(Text, texts), words.whole(one.value_usd))
    return table


def _pair_table(report: OverlapReport) -> Table:
    table = plain_table()
    for name in ("Securities", "Kind", "By"):
        table.add_column(name, overflow="fold")
    number_column(table, "In common")
    for one in report.pairs[:MOST_PAIRS]:
        table.add_row(*map(Text, (f"{one.first}, {one.second}", one.kind, one.subject)), words.whole(one.common_usd))
    return table


def _consolidation_table(report: OverlapReport) -> Table:
    table = plain_table()
    for name in ("Account", "Sell", "Keep"):
        table.add_column(name, overflow="fold")
    for name in ("Dollars", "Tax", "Positions saved"):
        number_column(table, name)
    table.add_column("Against it", overflow="fold")
    for one in report.consolidations:
        table.add_row(
            *map(Text, (one.account, ", ".join(one.sold), f"{one.keep} ({one.keep_why})")),
            words.whole(one.amount_usd),
            "not known" if one.tax_usd is None else words.whole(one.tax_usd),
            str(one.positions_saved),
            Text(one.refused),
        )
    return table
