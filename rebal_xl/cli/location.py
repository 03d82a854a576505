"""`rebal-xl location`: the score of a household's placement, what lies where at what cost, and the next best swaps."""

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
from rebal_xl.household import Household, LocationMove, LocationReport, Policy


def location(screen: Screen, file: Path, as_of: date | None, name: str = "") -> None:
    """What it costs a year that classes lie where they do."""
    answer(screen, "location", file, as_of, name, ask=api.location, document=document, show=show)


def document(household: Household, policy: Policy, report: LocationReport) -> documents.Document:
    """What --json prints."""
    head = documents.head("location", household.notices, 0)
    return head | {
        "location": {
            "as_of": figures.day(policy.as_of),
            "best_usd": figures.usd(report.best_usd),
            "drag_usd": figures.usd(report.drag_usd),
            "gain_usd": figures.usd(report.gain_usd),
            "horizon_usd": figures.usd(report.horizon_usd),
            "horizon_years": report.horizon_years,
            "household": household.name,
            "lines": [
                {
                    "account": line.account,
                    "asset_class": line.asset_class,
                    "best_usd": figures.usd(line.best_usd),
                    "drag_usd": figures.usd(line.drag_usd),
                    "usd": figures.usd(line.usd),
                }
                for line in report.lines
            ],
            "moves": [_move(move) for move in report.moves],
            "same_everywhere": report.same_everywhere,
            "score": figures.weight(report.score),
            "sentences": list(report.sentences),
            "suspect": report.suspect,
            "value_usd": figures.usd(report.value_usd),
            "worst_usd": figures.usd(report.worst_usd),
        }
    }


def show(console: Console, report: LocationReport) -> None:
    """The score in words, what lies where, and the swaps."""
    console.print(_lines(report))
    for sentence in report.sentences:
        console.print(Text(sentence))
    if report.moves:
        say_heading(console, "The next best swaps, one after the other")
        for move in report.moves:
            console.print(Text(f"- {move.sentence}"))


def _lines(report: LocationReport) -> Table:
    table = plain_table()
    table.add_column("Account / class")
    for name in ("Dollars", "Best", "Drag a year"):
        number_column(table, name)
    for account in dict.fromkeys(line.account for line in report.lines):
        mine = [line for line in report.lines if line.account == account]
        totals = (sum(line.usd for line in mine), sum(line.best_usd for line in mine))
        drag = words.whole(sum(line.drag_usd for line in mine))
        table.add_row(*(Text(text, style="bold") for text in (account, *map(words.whole, totals), drag)))
        for line in sorted(mine, key=lambda one: -one.usd):
            figures_of_line = (line.usd, line.best_usd, line.drag_usd)
            table.add_row(f"  {line.asset_class}", *(words.whole(usd) for usd in figures_of_line))
    return table


def _move(move: LocationMove) -> documents.Document:
    return {
        "account": move.account,
        "amount_usd": figures.usd(move.amount_usd),
        "asset_class": move.asset_class,
        "horizon_usd": figures.usd(move.horizon_usd),
        "other_account": move.other_account,
        "other_class": move.other_class,
        "other_symbols": list(move.other_symbols),
        "saves_usd": figures.usd(move.saves_usd),
        "sentence": move.sentence,
        "symbols": list(move.symbols),
        "tax_usd": figures.usd(move.tax_usd),
    }
