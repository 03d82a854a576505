"""The Book sheet: every household of a folder in one row, those that need attention first."""

from collections.abc import Sequence

from openpyxl import Workbook

from rebal_xl.household import Scanned, ScanReport
from rebal_xl.sheets import formats
from rebal_xl.sheets.columns import whole_money
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Block, Heading, add_sheet
from rebal_xl.sheets.schema import Column, Kind, Table
from rebal_xl.words import count

KIND = "Book"
# Skipped files named on the sheet; how many there are is always told.
SKIPPED_TOLD = 5


HOUSEHOLDS = Table(
    name="BookHouseholds",
    sheet=KIND,
    is_input=False,
    note="One row per household file of the scanned folder: what calls for trades or cash first, then losses worth "
    "taking, then files that cannot be read, then the rest; within each, the farthest from target first. Written by "
    "Scan book into a workbook of its own.",
    columns=(
        Column("Household", Kind.TEXT, "The household's name; the file's where it has none or cannot be read."),
        Column("File", Kind.TEXT, "The file in the folder."),
        Column("To Do", Kind.TEXT, "What it calls for; nothing when every class is inside its band and cash is there."),
        whole_money("Value", "Value of the accounts that count, after contributions and withdrawals."),
        Column("Drift", Kind.PERCENT, "Half the sum of the classes' absolute drifts.", number_format=formats.PERCENT),
        Column(
            "Rebalance",
            Kind.FLAG,
            "Yes when a class is outside its trigger band, or the tracking error beyond its trigger.",
        ),
        Column("Out of Band", Kind.TEXT, "Classes outside their trigger band."),
        whole_money("Losses", "Losses that meet the workbook's own harvest thresholds, as REBAL_HARVEST lists them."),
        whole_money("To Wait", "The part of these losses that a purchase of the last 30 days would wash today."),
        whole_money("Cash Idle", "Cash beyond reserves, withdrawals and cash's own target."),
        whole_money("Cash Short", "Cash that reserves and withdrawals need and that is not there."),
        Column("As Of", Kind.DATE, "The day of prices and rules.", number_format=formats.DATE),
        Column("Notices", Kind.WHOLE, "Findings that somebody should look at: press Check.", number_format="0"),
        Column("Problems", Kind.WHOLE, "Problems that keep the file from being read.", number_format="0"),
        Column("First Problem", Kind.TEXT, "The first of them."),
    ),
)


def book_workbook(report: ScanReport) -> Workbook:
    """A scan as a workbook with the sheet Book alone; values only."""
    workbook = Workbook()
    for sheet in list(workbook.worksheets):
        workbook.remove(sheet)
    heading = Heading(_facts(report), _rest(report), "Book")
    add_sheet(workbook, KIND, heading, [Block(HOUSEHOLDS, [book_row(one) for one in report.households])])
    workbook.properties.creator = "rebal_xl"
    workbook.properties.title = "Book"
    return workbook


def book_row(one: Scanned) -> Row:
    """A household as a row of BookHouseholds."""
    row: dict[str, str | float | bool | None] = {"Household": one.name, "File": one.file, "To Do": told(one.to_do)}
    if not one.readable:
        return row | {"Problems": float(len(one.problems)), "First Problem": str(one.problems[0])}
    return {
        **row,
        "Value": one.value_usd,
        "Drift": one.drift,
        "Rebalance": one.needed,
        "Out of Band": ", ".join(one.outside),
        "Losses": one.losses_usd,
        "To Wait": one.waiting_usd,
        "Cash Idle": one.idle_usd,
        "Cash Short": one.short_usd,
        "As Of": one.as_of,
        "Notices": float(one.notices),
        "Problems": 0.0,
    }


def told(words: Sequence[str]) -> str:
    """What a household calls for, as one text: "Rebalance, raise cash"."""
    text = ", ".join(words)
    return f"{text[:1].upper()}{text[1:]}"


def summary(report: ScanReport) -> str:
    """The scan in sentences, for a heading or a message."""
    scanned = len(report.households)
    stopped = "" if report.complete else f"Stopped after {scanned} of {count(report.files, 'file')}. "
    if not report.files:
        return "There is no household in this folder: no .xlsx, .xlsm or .csv file that is one."
    calling = len(report.calling)
    parts = [f"{count(calling, 'household')} {'calls' if calling == 1 else 'call'} for attention"]
    if report.unreadable:
        parts.append(f"{count(len(report.unreadable), 'file')} cannot be read")
    return f"{stopped}{count(scanned, 'file')} scanned: {', '.join(parts)}."


def _facts(report: ScanReport) -> str:
    return f"{report.folder} · {summary(report)}"


def _rest(report: ScanReport) -> str:
    text = "By each workbook's own targets, bands and settings, as it was saved; no plan was made."
    if report.skipped:
        named = ", ".join(f"{one.file} ({one.why})" for one in report.skipped[:SKIPPED_TOLD])
        more = len(report.skipped) - SKIPPED_TOLD
        text += f" Left out: {named}" + (f", and {more} more." if more > 0 else ".")
    return text
