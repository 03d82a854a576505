"""
An open workbook as Excel shows it: the one place that knows xlwings and Excel's own objects.

Everything else in `live` and `jobs` goes through these classes. What they need of a host, and nothing more:

xlwings (the BSD part)
  Book     api, app, sheets, close          App     api, books, hwnd, calculation, screen_updating, enable_events,
  Books    api, open, by name                       display_alerts, cut_copy_mode
  Sheets   iteration                        Sheet   api, name, visible, used_range, range("A1:C4"), range("3:5"),
  Table    name, range, resize,                     book, tables, copy(after=), delete
           show_headers, show_totals,       Range   api, row, column, shape, number_format, insert, delete,
           show_autofilter                          clear_contents, merge_cells, merge_area, row_height,
                                                    column_width, copy(), paste("formats"), unmerge
Excel's own (by `.api`, late bound)
  Workbook     FullName, Name, Date1904, ReadOnly, ProtectStructure, ActiveSheet, Names (Count, Item(i),
               Add(Name, RefersTo)), Activate; Workbooks.Add(Template)
  Application  ActiveWorkbook, Selection (Address), AutoCorrect (AutoExpandListRange)
  Worksheet    ProtectContents, Names (Count, Item, Add), Range(address) (Select), Activate
  Name         Name, RefersTo, Visible, Delete
  Range        Value2, Formula, Formula2, EntireRow.Hidden, Hyperlinks (Delete, Add(Anchor, Address, SubAddress))

What xlwings makes of its members: Application.Workbooks (Item(name), Open with 15 arguments in place, iteration,
Hwnd, ScreenUpdating, EnableEvents, DisplayAlerts, Calculation, CutCopyMode), Workbook.Worksheets (Count, Item,
iteration, Parent), Close(SaveChanges=), Worksheet.Copy(Before=, After=), Delete, Visible, UsedRange, ListObjects
(iteration), Range(address), ListObject.Name, Range, Resize, ShowHeaders, ShowTotals,
ShowAutoFilter, and Range.Row, Column, Rows.Count, Columns.Count, Worksheet, NumberFormat, MergeCells, MergeArea,
UnMerge, ClearContents, Insert(Shift=, CopyOrigin=), Delete(Shift=), RowHeight, ColumnWidth, Copy(Destination=),
PasteSpecial(Paste=, Operation=, SkipBlanks=, Transpose=).

Never `Range.Value`: it cuts cells with a currency format to four decimals. Never xlwings' `Book.fullname`: of a book on
SharePoint it reads settings from a sheet of that book.

On a Mac, where Excel speaks AppleScript, `mac_api` gives its own objects these names; `native` knows where it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rebal_xl.excel.live.area import Area, HostName, HostValue
from rebal_xl.excel.live.mac_api import native, new_book, pinned
from rebal_xl.excel.live.refusal import BookRefused, is_busy, is_com_error
from rebal_xl.excel.tame import xlwings

# Excel's Visible of a sheet that is shown.
SHOWN = (True, -1)


class OpenTable:
    """An Excel table of an open sheet."""

    def __init__(self, table: Any) -> None:
        self._table = table

    @property
    def name(self) -> str:
        """What formulas call it."""
        return str(self._table.name)

    @name.setter
    def name(self, name: str) -> None:
        self._table.name = name

    @property
    def area(self) -> Area:
        """The whole table, header and totals included."""
        return _area(self._table.range)

    @property
    def header_rows(self) -> int:
        """0 or 1."""
        return int(bool(self._table.show_headers))

    @property
    def totals_rows(self) -> int:
        """0 or 1."""
        return int(bool(self._table.show_totals))

    def show_all(self) -> None:
        """Take a filter off, so that no row of it is hidden."""
        if self._table.show_autofilter:
            self._table.show_autofilter = False

    def resize(self, sheet: OpenSheet, area: Area) -> None:
        """Let the table reach over another area with the same header row."""
        self._table.resize(sheet.range(area))


class OpenSheet:
    """A worksheet of an open workbook."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    @property
    def name(self) -> str:
        """The tab's name."""
        return str(self._sheet.name)

    @name.setter
    def name(self, name: str) -> None:
        self._sheet.name = name

    @property
    def hidden(self) -> bool:
        """Whether the tab is hidden."""
        return self._sheet.visible not in SHOWN

    @property
    def protected(self) -> bool:
        """Whether its cells are protected."""
        return bool(native(self._sheet).ProtectContents)

    @property
    def used(self) -> Area:
        """What Excel takes for used; formats count."""
        return _area(self._sheet.used_range)

    @property
    def tables(self) -> list[OpenTable]:
        """Its Excel tables."""
        return [OpenTable(table) for table in self._sheet.tables]

    def range(self, area: Area) -> Any:
        """The xlwings range of an area."""
        # By its address: one call to Excel, where two corners take three.
        return self._sheet.range(area.address)

    def values(self, area: Area) -> tuple[tuple[HostValue, ...], ...]:
        """What the cells hold: dates as day numbers, errors as integers."""
        values: tuple[tuple[HostValue, ...], ...] = _block(native(self.range(area)).Value2)
        return values

    def formulas(self, area: Area) -> tuple[tuple[HostValue, ...], ...]:
        """What was typed, in US English; constants as they are."""
        formulas: tuple[tuple[HostValue, ...], ...] = _block(native(self.range(area)).Formula)
        return formulas

    def write(self, area: Area, values: Sequence[Sequence[HostValue]]) -> None:
        """Write a block of values. Text is taken for what it looks like unless the cells are formatted as text."""
        plain = tuple(tuple(_plain(value) for value in row) for row in values)
        native(self.range(area)).Value2 = plain[0][0] if area.size == 1 else plain

    def write_formula(self, row: int, column: int, formula: str) -> None:
        """Write a formula that may spill; a host without spilling gets it as one cell."""
        api = native(self.range(Area(row, column, row, column)))
        try:
            api.Formula2 = formula
        except Exception as error:
            if not (is_com_error(error) or isinstance(error, AttributeError | TypeError)):
                raise
            api.Formula = formula

    def number_format(self, area: Area) -> str | None:
        """The number format of all the cells, None when they differ."""
        code = self.range(area).number_format
        return None if code is None else str(code)

    def format_numbers(self, area: Area, code: str) -> None:
        """Set the number format."""
        self.range(area).number_format = code

    def merged(self, area: Area) -> bool | None:
        """Whether all the cells are merged, or none; None when some are."""
        held = self.range(area).merge_cells
        # A Mac says "no value" in a word of its own where some are.
        return held if isinstance(held, bool) else None

    def merge_area(self, row: int, column: int) -> Area:
        """The merged range that a cell is part of."""
        return _area(self.range(Area(row, column, row, column)).merge_area)

    def rows_hidden(self, first: int, last: int) -> bool | None:
        """Whether all the rows are hidden, or none; None when some are."""
        held = native(self.range(Area(first, 1, last, 1))).EntireRow.Hidden
        return None if held is None else bool(held)

    def insert_rows(self, before: int, count: int) -> None:
        """Insert whole rows, which look like the row they come before."""
        rows = self._sheet.range(f"{before}:{before + count - 1}")
        rows.insert(shift="down", copy_origin="format_from_right_or_below")

    def delete_rows(self, first: int, count: int) -> None:
        """Delete whole rows."""
        self._sheet.range(f"{first}:{first + count - 1}").delete(shift="up")

    def dress(self, area: Area, like: OpenSheet) -> None:
        """Give the cells the looks of the same cells of another open sheet: fonts, fills, number formats, merging."""
        cells = self.range(area)
        cells.unmerge()
        like.range(area).copy()
        cells.paste(paste="formats")
        self._sheet.book.app.cut_copy_mode = False

    def clear(self, area: Area) -> None:
        """Empty the cells; their formats stay."""
        self.range(area).clear_contents()

    def set_height(self, first: int, last: int, points: float) -> None:
        """Height of rows."""
        self.range(Area(first, 1, last, 1)).row_height = points

    def widen(self, column: int, characters: float) -> None:
        """Make a column at least so wide."""
        cell = self.range(Area(1, column, 1, column))
        if (cell.column_width or 0.0) < characters:
            cell.column_width = characters

    def unlink(self, area: Area) -> None:
        """Take the hyperlinks from the cells."""
        native(self.range(area)).Hyperlinks.Delete()

    def link(self, row: int, column: int, place: str) -> None:
        """Let a click on the cell lead to a place of this workbook."""
        cell = native(self.range(Area(row, column, row, column)))
        cell.Hyperlinks.Add(cell, "", place)

    def delete_name(self, name: str) -> None:
        """Delete a name of the sheet's own, if it is there."""
        _delete_name(native(self._sheet).Names, name)

    def set_name(self, name: str, refers_to: str) -> None:
        """Put a hidden name of its own on the sheet."""
        native(self._sheet).Names.Add(name, refers_to).Visible = False

    def copy_after(self, other: OpenSheet) -> OpenSheet:
        """Copy the sheet behind another one, of this or another workbook; returns the copy."""
        return OpenSheet(self._sheet.copy(after=other._sheet))

    def delete(self) -> None:
        """Delete the sheet without a question."""
        self._sheet.delete()

    def show(self) -> None:
        """Bring the sheet to the front."""
        # xlwings' own would also take the window in front of other programs.
        native(self._sheet).Activate()


class OpenBook:
    """A workbook that is open in Excel."""

    def __init__(self, book: Any) -> None:
        """`book` is an xlwings.Book."""
        self._book = book

    @property
    def name(self) -> str:
        """The file's name, "Book1" before it was saved."""
        return str(native(self._book).Name)

    @property
    def key(self) -> str:
        """What tells it from every other workbook open in any Excel."""
        return f"{self._book.app.hwnd}|{native(self._book).FullName}".lower()

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
                found.append(_name(held.Item(number)))
            except Exception as error:
                if not is_com_error(error) or is_busy(error):
                    raise
        return found

    def delete_name(self, name: str) -> None:
        """Delete a name of the workbook, if it is there."""
        _delete_name(native(self._book).Names, name, None)

    def set_name(self, name: str, refers_to: str) -> None:
        """Define a name for the whole workbook."""
        native(self._book).Names.Add(name, refers_to)

    def refuse_unless_writable(self) -> None:
        """Raise BookRefused where no sheet can be added."""
        if native(self._book).ProtectStructure:
            raise BookRefused(
                f"The structure of '{self.name}' is protected, so no sheet can be added. "
                "Unprotect it (Review > Protect Workbook) and try again."
            )
        if native(self._book).ReadOnly:
            raise BookRefused(
                f"'{self.name}' is open read-only. Save it under another name, or open it so that it can be changed, "
                "and try again."
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

    def show(self) -> None:
        """Bring it to the front."""
        native(self._book).Activate()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Nothing moves, asks or recalculates meanwhile; afterwards everything is as it was, whatever happens."""
        app, api = self._book.app, native(self._book.app)
        held = {name: getattr(app, name) for name in _SWITCHES}
        front, tab = api.ActiveWorkbook, native(self._book).ActiveSheet
        growing, selected = False, ""
        with suppress(Exception):  # not every host has such a habit
            growing = bool(api.AutoCorrect.AutoExpandListRange)
        with suppress(Exception):  # a picture or nothing may be selected
            selected = str(api.Selection.Address)
        try:
            for name, value in _SWITCHES.items():
                setattr(app, name, value)
            if growing:
                # Otherwise a table would swallow the totals that are written right below it.
                api.AutoCorrect.AutoExpandListRange = False
            yield
        finally:
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


def new_in_running_excel(path: Path) -> OpenBook:
    """A new workbook made from a file of ours in the Excel that runs without one. Raises BookRefused without Excel."""
    app = xlwings.apps.active
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


def _area(found: Any) -> Area:
    rows, columns = found.shape
    return Area(found.row, found.column, found.row + rows - 1, found.column + columns - 1)


def _block(held: Any) -> Any:
    return held if isinstance(held, tuple) else ((held,),)


def _plain(value: HostValue) -> HostValue:
    """Floats only: Excel would take other kinds of numbers for currency."""
    if value is None or isinstance(value, bool | str):
        return value
    number = float(value)
    return number if math.isfinite(number) else None


def _delete_name(held: Any, name: str, *sheet: None) -> None:
    """Delete a name from a collection; with None behind it, only the one that belongs to no sheet."""
    for number in range(int(held.Count), 0, -1):
        found = _name(held.Item(number))
        if found.name == name and (not sheet or found.sheet is None):
            held.Item(number).Delete()


def _name(held: Any) -> HostName:
    before, mark, name = str(held.Name).rpartition("!")
    sheet = before.strip("'").replace("''", "'") if mark else None
    return HostName(name, sheet, str(held.RefersTo).removeprefix("="), not bool(held.Visible))
