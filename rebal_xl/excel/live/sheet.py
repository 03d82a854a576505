"""A sheet of an open workbook and its tables, as Excel shows them; `host` says what these need of Excel."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rebal_xl.excel.live.area import Area, HostName, HostValue
from rebal_xl.excel.live.mac_api import native
from rebal_xl.excel.live.refusal import is_busy, is_com_error

# Excel's Visible of a sheet that is shown.
SHOWN = (True, -1)
# Between two tries to paste.
CLIPBOARD_REST_S = 0.1


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

    def clear_filter(self) -> None:
        """Show the rows that its filter hides; the buttons in its header stay."""
        if self._table.show_autofilter:
            self._table.show_autofilter = False
            self._table.show_autofilter = True

    def resize(self, sheet: OpenSheet, area: Area) -> None:
        """Let the table reach over another area with the same header row."""
        self._table.resize(sheet.range(area))


class OpenSheet:
    """A worksheet of an open workbook."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        # whether formulas may spill here; None before the first one
        self._spills: bool | None = None

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
        if self._spills is None:
            # Found out by reading: xlwings would try to write what Excel does not have a thousand times.
            self._spills = ask(api, "Formula2") is not None
        if self._spills:
            with suppress_refusals():
                api.Formula2 = formula
                return
        api.Formula = formula

    def clear_filter(self) -> None:
        """Show the rows that a filter of the sheet hides, one of a table excepted."""
        api = native(self._sheet)
        if ask(api, "FilterMode"):
            api.ShowAllData()

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
        for more in (2, 1, 0):
            try:
                like.range(area).copy()
                cells.paste(paste="formats")
                break
            except Exception as error:
                # Another program may hold the clipboard for a moment.
                if not more or not is_com_error(error):
                    raise
                time.sleep(CLIPBOARD_REST_S)
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
        delete_name_from(native(self._sheet).Names, name)

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


def ask(api: Any, member: str) -> Any:
    """A member that not every Excel has; None where this one has not."""
    held = None
    with suppress_refusals():
        held = getattr(api, member)
    return held


@contextmanager
def suppress_refusals() -> Iterator[None]:
    """Go on where Excel has no such thing; an Excel that is busy is no such case."""
    try:
        yield
    except Exception as error:
        if is_busy(error) or not (is_com_error(error) or isinstance(error, AttributeError | TypeError)):
            raise


def _area(found: Any) -> Area:
    # By its address: one question to Excel, where row, column and shape take ten.
    told = ask(native(found), "Address")
    if isinstance(told, str) and (area := Area.at(told)):
        return area
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


def delete_name_from(held: Any, name: str, *sheet: None) -> None:
    """Delete a name from a collection; with None behind it, only the one that belongs to no sheet."""
    # Directly: a workbook may have tens of thousands of names. Not every Excel finds hidden ones so.
    with suppress_refusals():
        direct = held.Item(name)
        found = read_name(direct)
        if found.name == name and (not sheet or found.sheet is None):
            direct.Delete()
            return
    for number in range(int(held.Count), 0, -1):
        found = read_name(held.Item(number))
        if found.name == name and (not sheet or found.sheet is None):
            held.Item(number).Delete()


def read_name(held: Any) -> HostName:
    """A defined name of Excel's."""
    before, mark, name = str(held.Name).rpartition("!")
    sheet = before.strip("'").replace("''", "'") if mark else None
    return HostName(name, sheet, str(held.RefersTo).removeprefix("="), not bool(held.Visible))
