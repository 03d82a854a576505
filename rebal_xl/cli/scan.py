"""`rebal-xl scan`: every household file of a folder in one table, those that need attention first; only read."""

from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rebal_xl import words
from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.progress import Watch
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading
from rebal_xl.household import Scanned, ScanReport
from rebal_xl.practice import scan as scan_folder
from rebal_xl.sheets.results_book import summary, told


def scan(screen: Screen, folder: Path, as_of: date | None) -> Exit:
    """Scan a folder and show it; Ctrl-C keeps what was scanned so far."""
    with ending_well(screen, "scan"):
        with Watch(screen.err) as watch:
            report = scan_folder(folder, watch.files, as_of)
        if watch.stopping and not report.complete and not report.households:
            # Stopped before there was anything to show.
            raise KeyboardInterrupt
        code = Exit.PROBLEMS if report.unreadable else Exit.DONE
        if not report.complete:
            code = Exit.INTERRUPTED
        if screen.as_json:
            screen.write(documents.as_text(document(report, code)))
            return code
        show(screen.out, report)
        return code


def document(report: ScanReport, code: int) -> documents.Document:
    """What --json prints."""
    return documents.head("scan", (), code) | {
        "scan": {
            "complete": report.complete,
            "files": report.files,
            "folder": report.folder,
            "households": [_household(one) for one in report.households],
            "skipped": [{"file": one.file, "why": one.why} for one in report.skipped],
        }
    }


def _household(one: Scanned) -> documents.Document:
    return {
        "as_of": figures.day(one.as_of),
        "cash_idle_usd": figures.usd(one.idle_usd),
        "cash_short_usd": figures.usd(one.short_usd),
        "file": one.file,
        "household": one.name,
        "household_drift": figures.weight(one.drift),
        "losses_to_wait_usd": figures.usd(one.waiting_usd),
        "losses_usd": figures.usd(one.losses_usd),
        "needed": one.needed if one.readable else None,
        "notices": one.notices,
        "outside": list(one.outside),
        "problems": [documents.finding(problem) for problem in one.problems],
        "to_do": list(one.to_do),
        "value_usd": figures.usd(one.value_usd),
    }


def show(console: Console, report: ScanReport) -> None:
    """The table, why files cannot be read, what was left out, and the whole in a sentence."""
    readable = [one for one in report.households if one.readable]
    if readable:
        console.print(_table(readable))
    if report.unreadable:
        say_heading(console, "Files that cannot be read")
        for one in report.unreadable:
            more = f" (and {len(one.problems) - 1:,d} more)" if len(one.problems) > 1 else ""
            console.print(Text(f"- {one.file}: {one.problems[0]}{more}"))
    if report.skipped:
        say_heading(console, "Left out")
        for skipped in report.skipped:
            console.print(Text(f"- {skipped.file}: {skipped.why}"))
    console.print()
    console.print(Text(summary(report)))


def _outside(one: Scanned) -> str:
    """The first class out of band and how many more there are: --json and Excel name them all."""
    more = len(one.outside) - 1
    return f"{one.outside[0]} and {more} more" if more > 0 else "".join(one.outside)


def _table(households: list[Scanned]) -> Table:
    table = plain_table()
    table.add_column("Household", overflow="fold")
    table.add_column("File", overflow="fold")
    table.add_column("To do", overflow="fold")
    for name in ("Value", "Drift"):
        number_column(table, name)
    table.add_column("Out of band", overflow="fold")
    for name in ("Losses", "Idle", "Short"):
        number_column(table, name)
    for one in households:
        table.add_row(
            Text(one.name),
            Text(one.file),
            Text(told(one.to_do), style="bold" if one.to_do else ""),
            words.whole(one.value_usd or 0.0),
            words.percent(one.drift or 0.0),
            Text(_outside(one)),
            *(words.whole(usd or 0.0) for usd in (one.losses_usd, one.idle_usd, one.short_usd)),
        )
    return table
