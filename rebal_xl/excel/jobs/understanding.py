"""
Understood: what every range of the advisor's own workbook was taken for, on one sheet where it can be corrected.

The button writes it whenever it is clicked. Check and the buttons that plan write it by themselves the first time that
something had to be inferred; after that the sheet stays as the advisor left it, and is followed.
"""

from __future__ import annotations

from rebal_xl.excel.jobs.base import Desk, Done, Found, Task
from rebal_xl.excel.jobs.watch import Watch
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.ours import our_tabs
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.write import write_sheets
from rebal_xl.intake.understood import Understood, understood
from rebal_xl.sheets.understood import KIND, understood_workbook
from rebal_xl.words import count

NOTHING = (
    "No sheet of '{}' has a header row that could be holdings, accounts or targets, such as Account, Symbol, Quantity. "
    "Give your columns headers, or press Insert template."
)
CORRECT = "Where a line is wrong, choose a word under Correction; it is followed from then on."
CHOOSE = "The workbook holds several households: choose one under Correction on the first line, then press Check."


def begin_understand(book: OpenBook, answer: str, desk: Desk) -> Done | Task:
    """Read the workbook now; find out what is what in a thread."""
    book.refuse_unless_writable()
    grids = read_open_book(book, ours=False)
    name = book.name

    def work(watch: Watch) -> Found:
        watch.step("reading")
        return Found(understood(grids), "Understood: writing")

    def write(opened: OpenBook, found: Understood) -> str:
        if not found.lines:
            return NOTHING.format(name)
        tab = _write(opened, found)
        sheet = opened.sheet(tab)
        if sheet is not None:
            sheet.show()
        open_choice = found.households and not found.lines[0].correction
        return f"{count(found.ranges, 'range')} read: see the sheet {tab}. {CHOOSE if open_choice else CORRECT}"

    return Task(work, write)


def confirm(book: OpenBook, found: Understood | None) -> str:
    """Write Understood where it is not there yet; the sentence that says so, "" where there is nothing to say."""
    if found is None or not found.lines or is_there(book):
        return ""
    return f"Some of the workbook was inferred: the sheet {_write(book, found)} shows how it was understood. {CORRECT}"


def is_there(book: OpenBook) -> bool:
    """Whether the workbook has an Understood sheet."""
    return any(tab.kind == KIND and not tab.previous for tab in our_tabs(book))


def _write(book: OpenBook, found: Understood) -> str:
    return write_sheets(book, understood_workbook(found.lines, book.name, found.households)).tabs[KIND]
