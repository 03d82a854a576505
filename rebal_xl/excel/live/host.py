"""
An open workbook as Excel shows it; with `sheet` the one place that knows xlwings and Excel's own objects.

Everything else in `live` and `jobs` goes through their classes. What they need of a host, and nothing more:

xlwings (the BSD part)
  Book     api, app, sheets, close          App     api, books, calculation, screen_updating, enable_events,
  Books    api, open, by name                       display_alerts, cut_copy_mode
  Sheets   iteration                        Sheet   api, name, visible, used_range, range("A1:C4"), range("3:5"),
  Table    name, range, resize,                     book, tables, copy(after=), delete
           show_headers, show_totals,       Range   api, row, column, shape, number_format, insert, delete,
           show_autofilter                          clear_contents, merge_cells, merge_area, row_height,
                                                    column_width, copy(), paste("formats"), unmerge
Excel's own (by `.api`, late bound)
  Workbook     FullName, Name, Date1904, ReadOnly, ProtectStructure, ActiveSheet, Names (Count, Item(i or name),
               Add(Name, RefersTo)), Activate; Workbooks.Add(Template); where there are such: Excel8CompatibilityMode,
               MultiUserEditing
  Application  ActiveWorkbook, Selection (Address), AutoCorrect (AutoExpandListRange)
  Worksheet    ProtectContents, Names (Count, Item, Add), Range(address) (Select), Activate; where there are such:
               FilterMode, ShowAllData
  Name         Name, RefersTo, Visible, Delete
  Range        Value2, Formula, Formula2, EntireRow.Hidden, Hyperlinks (Delete, Add(Anchor, Address, SubAddress));
               where there is one: Address

What xlwings makes of its members: Application.Workbooks (Item(name), Open with 15 arguments in place, iteration,
ScreenUpdating, EnableEvents, DisplayAlerts, Calculation, CutCopyMode, Hwnd of an App alone), Workbook.Worksheets
(Count, Item, iteration, Parent), Close(SaveChanges=), Worksheet.Copy(Before=, After=), Delete, Visible, UsedRange,
ListObjects (iteration), Range(address), ListObject.Name, Range, Resize, ShowHeaders, ShowTotals, ShowAutoFilter, and
Range.Row, Column, Rows.Count, Columns.Count, Worksheet, NumberFormat, MergeCells, MergeArea, UnMerge, ClearContents,
Insert(Shift=, CopyOrigin=), Delete(Shift=), RowHeight, ColumnWidth, Copy(Destination=), PasteSpecial(Paste=,
Operation=, SkipBlanks=, Transpose=).

Never `Range.Value`: it cuts cells with a currency format to four decimals. Never xlwings' `Book.fullname`: of a book on
SharePoint it reads settings from a sheet of that book.

On a Mac, where Excel speaks AppleScript, `mac_api` gives its own objects these names; `native` knows where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from rebal_xl.excel.live.area import HostName
from rebal_xl.excel.live.mac_api import native, new_book, pinned
from rebal_xl.excel.live.refusal import BookRefused, is_busy, is_com_error
from rebal_xl.excel.live.sheet import OpenSheet as OpenSheet
from rebal_xl.excel.live.sheet import OpenTable as OpenTable
from rebal_xl.excel.live.sheet import ask, delete_name_from, read_name
from rebal_xl.excel.tame import xlwings


class OpenBook:
    """A workbook that is open in Excel."""

    def __init__(self, book: Any) -> None:
        """`book` is an xlwings.Book."""
        self._book = book
        self._names: list[HostName] | None = None

    @property
    def name(self) -> str:
        """The file's name, "Book1" before it was saved."""
        return str(native(self._book).Name)

    @property
    def key(self) -> str:
        """What tells it from every other workbook open in this Excel, until it is saved under another name."""
        return str(native(self._book).FullName).lower()

    @property
    def date1904(self) -> bool:
        """Whether its days count from 1904."""
        return bool(native(self._book).Date1904)

    @property
    def sheets(self) -> list[OpenSheet]:
        """Its worksheets, in tab order."""
        return [OpenSheet(pinned(sheet)) for sheet in self._book.sheets]

    def sheet(self, name: str) -> OpenSheet | None:
        """The worksheet of that name, None when there is none."""
        return next((sheet for sheet in self.sheets if sheet.name.lower() == name.lower()), None)

    @property
    def names(self) -> list[HostName]:
        """Every defined name, of the workbook and of its sheets; damaged ones that Excel cannot tell are left out."""
        held = native(self._book).Names
        found = []
        for number in range(1, int(held.Count) + 1):
            try:
                found.append(read_name(held.Item(number)))
            except Exception as error:
                if not is_com_error(error) or is_busy(error):
                    raise
        self._names = found
        return found

    @property
    def known_names(self) -> list[HostName]:
        """The same as they were when they were last read: there may be tens of thousands. Writing forgets them."""
        return self.names if self._names is None else self._names

    def delete_name(self, name: str) -> None:
        """Delete a name of the workbook, if it is there."""
        delete_name_from(native(self._book).Names, name, None)

    def set_name(self, name: str, refers_to: str) -> None:
        """Define a name for the whole workbook."""
        native(self._book).Names.Add(name, refers_to)

    def refuse_unless_writable(self) -> None:
        """Raise BookRefused where no sheet can be added."""
        api = native(self._book)
        if api.ProtectStructure:
            raise BookRefused(
                f"The structure of '{self.name}' is protected, so no sheet can be added. "
                "Unprotect it (Review > Protect Workbook) and try again."
            )
        if api.ReadOnly:
            raise BookRefused(
                f"'{self.name}' is open read-only. Save it under another name, or open it so that it can be changed, "
                "and try again."
            )
        if ask(api, "Excel8CompatibilityMode"):
            raise BookRefused(
                f"'{self.name}' is a workbook of Excel 97-2003 (.xls), which has no room for the results. Save it as "
                "an Excel Workbook (File > Save As, .xlsx), close it, open the new file, and try again."
            )
        if ask(api, "MultiUserEditing"):
            raise BookRefused(
                f"'{self.name}' is a shared workbook of the old kind, to which no tables can be added. Stop sharing it "
                "(Review > Unshare Workbook, or Share Workbook (Legacy)), and try again."
            )

    def open_beside(self, path: Path) -> OpenBook:
        """Open a file of ours read-only in the same Excel."""
        books = self._book.app.books
        return OpenBook(books.open(str(path), update_links=False, read_only=True, add_to_mru=False))

    def add_from(self, path: Path) -> OpenBook:
        """A new workbook, not saved yet, made from a file of ours in the same Excel."""
        return _made_from(self._book.app, path)

    def close(self) -> None:
        """Close it without saving."""
        self._book.close()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Nothing moves, asks or recalculates meanwhile; afterwards everything is as it was, whatever happens."""
        app, api = self._book.app, native(self._book.app)
        with suppress(Exception):
            # Cells that he copied would come along when rows are inserted.
            app.cut_copy_mode = False
        held = {name: getattr(app, name) for name in _SWITCHES}
        front, tab = api.ActiveWorkbook, native(self._book).ActiveSheet
        growing, selected = False, ""
        with suppress(Exception):  # not every host has such a habit
            growing = bool(api.AutoCorrect.AutoExpandListRange)
        with suppress(Exception):  # a picture or nothing may be selected
            # What is selected in another workbook is no place on this one's sheet.
            selected = str(api.Selection.Address) if front.FullName == native(self._book).FullName else ""
        try:
            for name, value in _SWITCHES.items():
                setattr(app, name, value)
            if growing:
                # Otherwise a table would swallow the totals that are written right below it.
                api.AutoCorrect.AutoExpandListRange = False
            yield
        finally:
            self._names = None
            if growing:
                with suppress(Exception):
                    api.AutoCorrect.AutoExpandListRange = True
            with suppress(Exception):
                tab.Activate()
                if selected:
                    tab.Range(selected).Select()
            with suppress(Exception):
                front.Activate()
            # The screen last, so that it is drawn once.
            for name, value in reversed(held.items()):
                with suppress(Exception):
                    setattr(app, name, value)


# In the order in which they are set; calculation last, since it is the one that Excel may refuse.
_SWITCHES = {"screen_updating": False, "enable_events": False, "display_alerts": False, "calculation": "manual"}


# The Excel that asks, while it asks without a workbook: none is held longer, since Excel would live on with it.
_ASKING: ContextVar[Any] = ContextVar("asking", default=None)


@contextmanager
def told_by(book: Any) -> Iterator[Any]:
    """What Excel sent with a click: gives the xlwings.Book, or None for an xlwings.App, which is known meanwhile."""
    if not isinstance(book, xlwings.App):
        yield book
        return
    token = _ASKING.set(book)
    try:
        yield None
    finally:
        _ASKING.reset(token)


def new_in_running_excel(path: Path) -> OpenBook:
    """A new workbook made from a file of ours in the Excel that asks without one. Raises BookRefused without Excel."""
    app = _ASKING.get() or xlwings.apps.active
    if app is None:
        raise BookRefused("Excel was not found. Open an empty workbook first, and try again.")
    return _made_from(app, path)


def _made_from(app: Any, path: Path) -> OpenBook:
    made = new_book(app)
    if made is not None:
        return _filled_from(app, OpenBook(made), path)
    name = str(app.books.api.Add(str(path)).Name)
    return OpenBook(app.books[name])


def _filled_from(app: Any, made: OpenBook, path: Path) -> OpenBook:
    """A new workbook with copies of a file's sheets and names in place of its own empty sheets."""
    empty = made.sheets
    source = OpenBook(app.books.open(str(path), update_links=False, read_only=True, add_to_mru=False))
    try:
        for sheet in source.sheets:
            sheet.copy_after(made.sheets[-1])
        for name in source.names:
            if name.sheet is None and not name.hidden:
                made.set_name(name.name, f"={name.text}")
    finally:
        source.close()
    for sheet in empty:
        sheet.delete()
    return made
