"""The Start sheet: what to do first, in a few lines with links."""

from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.sheets import layout, looks
from rebal_xl.sheets.cells import cell_at, put

# (sheet to go to, what to do there)
STEPS: tuple[tuple[str, str], ...] = (
    ("Household", "Name the people and list every account, with its tax treatment and its cash."),
    ("Holdings", "One row per tax lot. Paste them from the custodian's download or type them."),
    (
        "Securities",
        "Price and class of every symbol, also of those that may be bought. Funds of several classes: ClassMix, right.",
    ),
    ("Targets", "The wanted mix; it sums to 100 %. Bands are optional."),
    ("Tax Profile", "Filing status, state and income of each return."),
    ("Recent Trades", "Purchases and sales of the last 30 days, IRAs and spouse included: wash sales are seen there."),
    ("Settings", "How to rebalance. The defaults are a good start."),
)
OPTIONAL_STEPS: tuple[tuple[str, str], ...] = (
    ("Withdrawals", "Cash that must leave."),
    ("My Trades", "Trades you have decided yourself: plans keep them as typed."),
    ("Fills", "What was executed of the plans, for the sheet Value So Far."),
    ("Models", "Named mixes, when several households share one."),
    ("Assumptions", "Return, risk and yield of each class, where you know better."),
    ("Covariance", "For the tracking error, where you know better than the assumptions that come along."),
)
# Tabs of results, and what each is for. They are no links: before the first run there is nothing to lead to, and no
# run changes a sheet that is typed in.
RESULT_TABS: tuple[tuple[str, str], ...] = (
    ("Checks", "Read it first: what stands in the way, and what to know before an order is entered."),
    ("Dashboard", "The plan at a glance, on one page."),
    ("Explanation", "The same in words, for the client."),
    ("Drift, Frontier", "Every class before and after, with its band; what less drift would cost."),
    ("Trades, Lots Sold", "The orders with their reasons, and the tax lots behind every sale."),
    ("Execution", "For whoever enters the orders: account by account, lot by lot, with boxes to tick."),
    ("Tax, Wash Sales", "The return without and with the plan; what must wait, and until when."),
    ("Location, Overlap", "What lies where and what that costs a year; what is held more than once."),
    ("Value So Far, Run Log", "What the year has brought, and every run with its date and proof."),
)
LEGEND = (
    "Type only in yellow cells. Dark headers are required, the others may stay empty: point at a header to read what "
    "it means. Column order is free and you may add columns of your own.",
    "In Excel, click Check and Rebalance on the tab Rebalance. Without the add-in run: rebal-xl check, and "
    "rebal-xl rebalance, each followed by this file's name. Results come on sheets of their own; nothing you typed is "
    "changed.",
)


def write_start(sheet: Worksheet, household: str) -> None:
    """Fill the Start sheet."""
    sheet.column_dimensions["A"].width = 5
    sheet.column_dimensions["B"].width = 27
    sheet.column_dimensions["C"].width = 92
    layout.write_title(sheet, household or "Household workbook")
    layout.write_note(sheet, LEGEND[0], 2, 1, 3)
    layout.write_caption(sheet, "Fill in, in this order", 4)
    row = _write_steps(sheet, STEPS, 5, numbered=True)
    layout.write_caption(sheet, "When needed", row + 1)
    row = _write_steps(sheet, OPTIONAL_STEPS, row + 2, numbered=False)
    layout.write_caption(sheet, "Then run it", row + 1)
    layout.write_note(sheet, LEGEND[1], row + 2, 1, 3)
    layout.write_caption(sheet, "Results, on the dark blue tabs", row + 4)
    _write_steps(sheet, RESULT_TABS, row + 5, numbered=False, linked=False)
    sheet.sheet_view.showGridLines = False
    layout.set_up_print(sheet)


def _write_steps(
    sheet: Worksheet, steps: tuple[tuple[str, str], ...], row: int, numbered: bool, linked: bool = True
) -> int:
    for number, (target, text) in enumerate(steps, 1):
        if numbered:
            count = cell_at(sheet, row, 1)
            put(count, float(number), "0")
            count.font, count.alignment = looks.BOLD_FONT, looks.CENTRED
        link = cell_at(sheet, row, 2)
        put(link, target)
        if linked:
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{target}'!A1")
        link.font, link.alignment = looks.LINK_FONT if linked else looks.BOLD_FONT, looks.NOTE_ALIGNMENT
        words = cell_at(sheet, row, 3)
        put(words, text)
        words.font, words.alignment = looks.BODY_FONT, looks.NOTE_ALIGNMENT
        row += 1
    return row
