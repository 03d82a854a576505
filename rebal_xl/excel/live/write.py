"""
Result sheets into a workbook that is open in Excel.

They are built once, by openpyxl; Excel opens them read-only beside the advisor's workbook. A sheet that is not there
yet is copied over whole; one that is, is kept as "(previous)" and rewritten where it stands. Whatever can be refused is
refused before anything is written, and sheets added before a failure are taken away again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from rebal_xl.excel.live.host import OpenBook, OpenSheet
from rebal_xl.excel.live.ours import OurTab, our_tabs
from rebal_xl.excel.live.refusal import BookRefused, why_refused
from rebal_xl.excel.live.rewrite import BuiltSheet, from_top, rewrite, same_shape
from rebal_xl.files.references import free_sheet_name, free_table_name, quoted_sheet
from rebal_xl.files.workbookxml import MARK, MARK_PREVIOUS
from rebal_xl.sheets.save import workbook_bytes

PREVIOUS_SHEET, PREVIOUS_TABLE = " (previous)", "_previous"
FILE_NAME = "rebal_xl results.xlsx"


@dataclass(slots=True)
class Written:
    """What was written."""

    # our sheet's kind -> the tab's name
    tabs: dict[str, str] = field(default_factory=dict)
    # tabs that now hold the run before
    previous: list[str] = field(default_factory=list)
    # tabs made anew, since other tables belong on them, though the advisor's cells refer to them
    moved: list[str] = field(default_factory=list)
    # tabs of earlier runs that stay, because the advisor's own cells refer to them
    stale: list[str] = field(default_factory=list)


def write_sheets(book: OpenBook, built: Workbook) -> Written:
    """Write result sheets, each with our mark.

    Raises BookRefused, with nothing written, where the workbook forbids it.
    """
    book.refuse_unless_writable()
    held = our_tabs(book)
    kinds = set(built.sheetnames)
    _refuse_protected([tab for tab in held if tab.kind in kinds])
    with book.steady(), beside(book, built, FILE_NAME) as opened:
        epoch = CALENDAR_MAC_1904 if book.date1904 else CALENDAR_WINDOWS_1900
        new = {
            sheet.name: BuiltSheet(built[sheet.name], sheet, epoch) for sheet in opened.sheets if sheet.name in kinds
        }
        return _Writing(book, held, new).write()


@contextmanager
def beside(book: OpenBook, built: Workbook, name: str) -> Iterator[OpenBook]:
    """A workbook of ours opened in the advisor's Excel, in his way to count days; closed and deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="rebal_xl "))
    epoch = built.epoch
    try:
        path = folder / f"{folder.name[-8:]} {name}"
        # Day numbers must count from the day that his workbook counts from.
        built.epoch = CALENDAR_MAC_1904 if book.date1904 else CALENDAR_WINDOWS_1900
        path.write_bytes(workbook_bytes(built))
        opened = book.open_beside(path)
        try:
            yield opened
        finally:
            with suppress(Exception):
                opened.close()
    finally:
        built.epoch = epoch
        shutil.rmtree(folder, ignore_errors=True)


def _refuse_protected(tabs: list[OurTab]) -> None:
    for tab in tabs:
        if not tab.previous and tab.sheet.protected:
            raise BookRefused(
                f"The sheet '{tab.sheet.name}' is protected, so its results cannot be renewed. "
                "Unprotect it (Review > Unprotect Sheet) and try again. Nothing was written."
            )


class _Writing:
    """One run's sheets on their way into the workbook."""

    def __init__(self, book: OpenBook, held: list[OurTab], new: dict[str, BuiltSheet]) -> None:
        self.book = book
        self.new = new
        self.last = {tab.kind: tab for tab in held if not tab.previous}
        self.before = {tab.kind: tab for tab in held if tab.previous}
        self.names = {kind: tab.sheet.name for kind, tab in self.last.items()}
        self.tables = {kind: table_names(tab.sheet) for kind, tab in self.last.items()}
        # sheets that this run brought in so far
        self.added: list[OpenSheet] = []
        # names that no table can get any more
        self.taken: set[str] = set()
        # every formula of the advisor's own, in lower case
        self.texts: list[str] = []
        self.written = Written()

    def write(self) -> Written:
        """Add what is new, keep what was there, rewrite, and only then take away what is older still."""
        renewed = {
            kind: tab for kind, tab in self.last.items() if kind in self.new and same_shape(tab.sheet, self.new[kind])
        }
        # Before anything is written, so that nothing is half-written when it cannot be read.
        self.texts = list(his_formulas(self.book)) if self.last else []
        try:
            copies: dict[str, OpenSheet] = {}
            for kind in self.new:
                if kind not in renewed:
                    copies[kind] = self._copied(self.new[kind], copies)
            kept = {kind: self._kept(tab) for kind, tab in renewed.items()}
        except Exception:
            self._take_away(self.added)
            raise
        try:
            for kind, tab in renewed.items():
                rewrite(tab.sheet, self.new[kind])
        except Exception as error:
            # What was rewritten cannot be undone; the copies of the run before stay beside.
            self._take_away(list(copies.values()))
            with suppress(Exception):
                for kind, sheet in kept.items():
                    self._make_previous(kind, sheet)
            raise BookRefused(
                f"Writing stopped half-way. {_why(error)} The results of the run before are in "
                f"{', '.join(sheet.name for sheet in kept.values())}. Run it again."
            ) from error
        sheets = {kind: copies[kind] if kind in copies else renewed[kind].sheet for kind in self.new}
        try:
            self._tidy(copies, kept)
            self._link(sheets)
        except Exception as error:
            raise BookRefused(
                f"The results are written, but the sheets of the run before are not all in order. {_why(error)}"
            ) from error
        self.written.tabs = {kind: sheet.name for kind, sheet in sheets.items()}
        return self.written

    def _tidy(self, copies: dict[str, OpenSheet], kept: dict[str, OpenSheet]) -> None:
        """Take away the run before the last, call the last one previous, and give new sheets their names."""
        replaced = {kind: self.last[kind] for kind in copies if kind in self.last}
        self.taken = {name.name for name in self.book.names if name.sheet is None}
        self._retire({kind: self.before[kind] for kind in (*kept, *replaced) if kind in self.before})
        self.taken |= {table.name for sheet in self.book.sheets for table in sheet.tables}
        moved = {kind for kind, tab in replaced.items() if is_mentioned(tab.sheet, self.texts)}
        for kind, sheet in (*kept.items(), *((kind, tab.sheet) for kind, tab in replaced.items())):
            self._make_previous(kind, sheet)
        for kind, sheet in copies.items():
            self._settle(kind, sheet)
        self.written.moved = [copies[kind].name for kind in copies if kind in moved]

    def _link(self, sheets: dict[str, OpenSheet]) -> None:
        """Let links from one sheet of ours to another lead to it, whatever its tab is called."""
        for kind, sheet in sheets.items():
            for cell, to, place in self.new[kind].inner_links:
                if to in sheets:
                    sheet.link(cell.row, cell.column, f"{quoted_sheet(sheets[to].name)}!{place}")

    def _take_away(self, sheets: list[OpenSheet]) -> None:
        for sheet in reversed(sheets):
            with suppress(Exception):
                sheet.delete()

    def _copied(self, new: BuiltSheet, copies: dict[str, OpenSheet]) -> OpenSheet:
        """The built sheet behind the one it takes the place of, else behind the one before it, or the last tab."""
        kinds = list(self.new)
        place = self.book.sheets[-1]
        for kind in reversed(kinds[: kinds.index(new.sheet.title) + 1]):
            if kind in self.last or kind in copies:
                place = copies[kind] if kind in copies else self.last[kind].sheet
                break
        sheet = new.opened.copy_after(place)
        self.added.append(sheet)
        return sheet

    def _kept(self, tab: OurTab) -> OpenSheet:
        """A copy of the last run's sheet, beside it."""
        sheet = tab.sheet.copy_after(tab.sheet)
        self.added.append(sheet)
        return sheet

    def _retire(self, older: dict[str, OurTab]) -> None:
        """Take away the run before the last, unless the advisor's cells refer to it."""
        for tab in older.values():
            if is_mentioned(tab.sheet, self.texts):
                self.written.stale.append(tab.sheet.name)
                # A sheet of his from now on, as far as later runs are concerned.
                tab.sheet.delete_name(MARK_PREVIOUS)
            else:
                tab.sheet.delete()

    def _make_previous(self, kind: str, sheet: OpenSheet) -> None:
        taken = {other.name for other in self.book.sheets}
        sheet.delete_name(MARK)
        sheet.set_name(MARK_PREVIOUS, f'="{kind}"')
        # Its own name is taken, so that this appends " (previous)".
        sheet.name = free_sheet_name(self.names[kind], taken, PREVIOUS_SHEET)
        self.written.previous.append(sheet.name)
        self._name_tables(sheet, self.tables[kind], PREVIOUS_TABLE)

    def _settle(self, kind: str, sheet: OpenSheet) -> None:
        """Give a sheet copied over its name, its mark and the names of its tables."""
        taken = {other.name for other in self.book.sheets} - {sheet.name}
        name = free_sheet_name(self.names.get(kind, kind), taken)
        if sheet.name != name:
            sheet.name = name
        sheet.set_name(MARK, f'="{kind}"')
        self._name_tables(sheet, table_names(self.new[kind].opened))

    def _name_tables(self, sheet: OpenSheet, names: list[str], suffix: str = "") -> None:
        """Excel numbers the tables of a copied sheet: give them their own names where these are free."""
        for table, wanted in zip(from_top(sheet), names, strict=False):
            was = table.name
            self.taken.discard(was)
            name = free_table_name(wanted, self.taken, suffix)
            self.taken.add(name)
            if was != name:
                table.name = name


def table_names(sheet: OpenSheet) -> list[str]:
    """The names of a sheet's tables, from the top."""
    return [table.name for table in from_top(sheet)]


def _why(error: Exception) -> str:
    return why_refused(error) or "Something unexpected went wrong."


def his_formulas(book: OpenBook) -> Iterator[str]:
    """Every formula on the advisor's own sheets, and what his names refer to, in lower case."""
    ours = {tab.sheet.name for tab in our_tabs(book)}
    for sheet in book.sheets:
        if sheet.name not in ours:
            for row in sheet.formulas(sheet.used):
                yield from (text.lower() for text in row if isinstance(text, str) and text.startswith("="))
    yield from (name.text.lower() for name in book.known_names if name.sheet not in ours)


def is_mentioned(sheet: OpenSheet, texts: list[str]) -> bool:
    """Whether one of these formulas, in lower case, refers to the sheet or to a table on it."""
    signs = [f"{quoted_sheet(sheet.name).lower()}!", *(f"{table.name.lower()}[" for table in sheet.tables)]
    return any(sign in text for text in texts for sign in signs)
