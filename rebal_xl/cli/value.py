"""`rebal-xl value`: what the runs carried out this year were worth against the ordinary way."""

from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rebal_xl import api, words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import ending_well
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading, show_problems
from rebal_xl.household import Household, OrdinaryWay, RunValue, ValueSoFar, WaySum
from rebal_xl.household.value import kept_usd, saved_usd
from rebal_xl.measure.value_words import headline, not_counted, reading


def value(screen: Screen, file: Path, as_of: date | None, name: str = "") -> None:
    """The year so far from the Run Log and the fills of a workbook."""
    with ending_well(screen, "value"):
        household, policy, told = api.value_with_inputs(file, as_of, name)
        if screen.as_json:
            screen.write(documents.as_text(document(household, told)))
            return
        if household.notices:
            show_problems(screen.err, household.notices)
        show(screen.out, told)
        if told.seen or told.notes:
            say_heading(screen.out, "How to read this")
            for sentence in reading(told, policy):
                screen.out.print(Text(f"- {sentence}"))


def document(household: Household, told: ValueSoFar) -> documents.Document:
    """What --json prints."""
    head = documents.head("value", household.notices, 0)
    return head | {
        "value": {
            "as_of": figures.day(told.as_of),
            "disallowed_usd": figures.usd(told.disallowed_usd),
            "dropped": told.dropped,
            "filled_usd": figures.usd(told.filled_usd),
            "headline": headline(told),
            "hifo": _way(told.hifo),
            "household": told.household,
            "laws": list(told.laws),
            "location_usd": figures.usd(told.location_usd),
            "location_year_usd": figures.usd(told.location_year_usd),
            "long_gain_usd": figures.usd(told.long_gain_usd),
            "losses_usd": figures.usd(told.losses_usd),
            "notes": list(told.notes),
            "own": _way(told.own),
            "proposed": told.proposed,
            "runs": [_run(run) for run in told.runs],
            "short_gain_usd": figures.usd(told.short_gain_usd),
            "slippage_usd": figures.usd(told.slippage_usd),
            "tax_usd": figures.usd(told.tax_usd),
            "worth_usd": figures.usd(told.worth_usd),
            "year": told.year,
        }
    }


def show(console: Console, told: ValueSoFar) -> None:
    """The headline, both ways, every run, and what does not count."""
    console.print(Text(headline(told), style="bold"))
    if told.runs:
        console.print()
        console.print(_ways(told))
        console.print(
            Text(
                f"Realized: {words.dollars(told.short_gain_usd)} short, {words.dollars(told.long_gain_usd)} long; "
                f"losses {words.dollars(told.losses_usd)}, {words.dollars(told.disallowed_usd)} of them disallowed."
            )
        )
        say_heading(console, "Run by run, against each account's own lot method")
        console.print(_runs(told))
    left = not_counted(told)
    if left:
        say_heading(console, "Not counted, or to be looked at")
        for sentence in left:
            console.print(Text(f"- {sentence}"))


def _ways(told: ValueSoFar) -> Table:
    table = plain_table()
    table.add_column("Against")
    for name in ("Own method", "HIFO"):
        number_column(table, name)
    own, hifo = told.own, told.hifo
    for name, mine, other in (
        ("Tax of that way", own.tax_usd, hifo.tax_usd),
        ("Tax of the plans", own.plan_tax_usd, hifo.plan_tax_usd),
        ("Tax saved this year", own.saved_usd, hifo.saved_usd),
        ("Given back later", own.later_usd, hifo.later_usd),
        ("Tax kept", own.kept_usd, hifo.kept_usd),
        ("Location so far", told.location_usd, told.location_usd),
        ("Worth so far", own.kept_usd + told.location_usd, hifo.kept_usd + told.location_usd),
        ("Wash sales avoided", own.avoided_usd, hifo.avoided_usd),
    ):
        table.add_row(name, words.cents(mine), words.cents(other))
    return table


def _runs(told: ValueSoFar) -> Table:
    table = plain_table()
    table.add_column("Run")
    table.add_column("Counted by")
    for name in ("Done", "Tax", "Ordinary", "Saved", "Kept"):
        number_column(table, name)
    for run in told.runs:
        way = run.own
        table.add_row(
            Text(f"{run.run.as_of:%m/%d/%Y} {run.run.method}"),
            "fills" if run.by_fills else "status",
            f"{run.order_share:.0%}",
            words.cents(run.tax_usd),
            *(
                ["", "", ""]
                if way is None
                else map(words.cents, (way.tax_usd, saved_usd(run, way), kept_usd(run, way)))
            ),
        )
    return table


def _way(way: WaySum) -> documents.Document:
    return {
        "avoided_usd": figures.usd(way.avoided_usd),
        "disallowed_usd": figures.usd(way.disallowed_usd),
        "kept_usd": figures.usd(way.kept_usd),
        "later_usd": figures.usd(way.later_usd),
        "plan_tax_usd": figures.usd(way.plan_tax_usd),
        "saved_usd": figures.usd(way.saved_usd),
        "tax_usd": figures.usd(way.tax_usd),
    }


def _run(run: RunValue) -> documents.Document:
    return {
        "against": run.run.against.name if run.run.against else None,
        "as_of": figures.day(run.run.as_of),
        "by_fills": run.by_fills,
        "disallowed_usd": figures.usd(run.disallowed_usd),
        "fingerprint": run.run.fingerprint,
        "hifo": _ordinary(run, run.hifo),
        "location_usd": figures.usd(run.location_usd),
        "location_year_usd": figures.usd(run.location_year_usd),
        "long_gain_usd": figures.usd(run.long_gain_usd),
        "losses_usd": figures.usd(run.losses_usd),
        "method": run.run.method,
        "order_share": figures.weight(run.order_share),
        "own": _ordinary(run, run.own),
        "short_gain_usd": figures.usd(run.short_gain_usd),
        "slippage_usd": figures.usd(run.slippage_usd),
        "status": run.status.value,
        "tax_usd": figures.usd(run.tax_usd),
        "taxed_share": figures.weight(run.share),
    }


def _ordinary(run: RunValue, way: OrdinaryWay | None) -> documents.Document | None:
    if way is None:
        return None
    return {
        "disallowed_usd": figures.usd(way.disallowed_usd),
        "kept_usd": figures.usd(kept_usd(run, way)),
        "later_usd": figures.usd(way.later_usd),
        "saved_usd": figures.usd(saved_usd(run, way)),
        "tax_usd": figures.usd(way.tax_usd),
    }
