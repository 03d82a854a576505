"""
One result sheet written anew where it stands, so that the advisor's own formulas that point to it keep working.

Result sheets hold their tables one below the other. Where the built sheet has the same tables, rows are inserted into
each, or deleted, until it has as many as the new one; then looks, values and links follow in a few large steps.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.excel.live.area import Area, HostValue
from rebal_xl.excel.live.host import OpenSheet, OpenTable
from rebal_xl.sheets.cells import FORMULA_SIGNS
from rebal_xl.sheets.charts import ranges
from rebal_xl.sheets.formats import TEXT
from rebal_xl.sheets.layout import LINE_HEIGHT

# Longer texts are sentences, which Excel takes for nothing else; formatted as text it may show them as ####.
LONGEST_FORMATTED_TEXT = 255
# Rows of a table with one row below its header.
HEADER_AND_ROW = 2
# A link to another sheet of ours as openpyxl holds it.
INNER_LINK = re.compile(r"#'(.+)'!([A-Z]+[0-9]+)")


@dataclass(frozen=True, slots=True)
class BuiltSheet:
    """A result sheet as openpyxl holds it, and the same sheet open in Excel."""

    sheet: Worksheet
    opened: OpenSheet
    # the day that the advisor's workbook counts from
    epoch: datetime.datetime

    @property
    def tables(self) -> list[Area]:
        """Its tables, from the top."""
        return sorted(_area(table.ref) for table in self.sheet.tables.values())

    @property
    def pictured_rows(self) -> set[int]:
        """The first rows of what its charts read."""
        return {_area(place.rpartition("!")[2]).first_row for place in ranges(self.sheet)}

    @property
    def inner_links(self) -> list[tuple[Cell, str, str]]:
        """Cells that lead to a sheet of ours: the cell, the kind of that sheet, the cell there."""
        cells = [cell for row in self.rows(self.area) for cell in row if cell.hyperlink]
        found = [(cell, INNER_LINK.fullmatch(cell.hyperlink.target or "")) for cell in cells if cell.hyperlink]
        return [(cell, link[1].replace("''", "'"), link[2]) for cell, link in found if link]

    @property
    def area(self) -> Area:
        """Everything on it."""
        return Area(1, 1, self.sheet.max_row, self.sheet.max_column)

    def rows(self, area: Area) -> list[list[Cell]]:
        """The cells of an area."""
        return [
            [self.sheet.cell(row, column) for column in range(area.first_col, area.last_col + 1)]  # type: ignore[misc]
            for row in range(area.first_row, area.last_row + 1)
        ]

    def value(self, cell: Cell) -> HostValue:
        """What Excel is given: days as numbers, numbers as floats."""
        held = getattr(cell, "value", None)
        if isinstance(held, datetime.date | datetime.time):
            return float(to_excel(held, self.epoch))  # type: ignore[no-untyped-call]
        if isinstance(held, bool) or held is None:
            return held
        if isinstance(held, int | float):
            return float(held)
        text = str(held)
        # A leading apostrophe is not part of the text: it keeps Excel from reading it as a formula.
        return f"'{text}" if len(text) > LONGEST_FORMATTED_TEXT and text.startswith(FORMULA_SIGNS) else text


def same_shape(old: OpenSheet, new: BuiltSheet) -> bool:
    """Whether the sheet has the tables that the built one has: as many, as wide, in the same order.

    A sheet without tables, all of merged text, never has: nothing tells where its cells belong, so it is made anew.
    A chart that reads a single row does not grow with it: such a table must not get more rows.
    """
    held = from_top(old)
    if not new.tables:
        return False
    pictured = new.pictured_rows
    if len(held) != len(new.tables) or any(table.header_rows != 1 or table.totals_rows for table in held):
        return False
    alike = all(
        (table.area.first_col, table.area.columns) == (area.first_col, area.columns)
        and not (table.area.rows == HEADER_AND_ROW < area.rows and area.first_row + 1 in pictured)
        and old.values(_corner(table.area))[0][0] == new.sheet.cell(area.first_row, area.first_col).value
        for table, area in zip(held, new.tables, strict=True)
    )
    return alike and (not _is_grouped(new.sheet) or _same_groups(held, old, new))


def _is_grouped(built: Worksheet) -> bool:
    """Whether pages break between groups of rows, or cells offer lists: neither can be moved as looks can."""
    return bool(built.row_breaks.brk or built.data_validations.dataValidation)


def _same_groups(held: list[OpenTable], old: OpenSheet, new: BuiltSheet) -> bool:
    """Whether every group of rows, which their first cells name, stands where it is to stand."""
    return all(
        table.area == area and old.values(_first_column(area)) == _named(new, _first_column(area))
        for table, area in zip(held, new.tables, strict=True)
    )


def _first_column(area: Area) -> Area:
    return Area(area.first_row, area.first_col, area.last_row, area.first_col)


def _named(new: BuiltSheet, area: Area) -> tuple[tuple[HostValue, ...], ...]:
    return tuple(tuple(new.value(cell) for cell in row) for row in new.rows(area))


def rewrite(old: OpenSheet, new: BuiltSheet) -> None:
    """Make the sheet hold what the built one of the same shape holds."""
    for table in old.tables:
        table.show_all()
    old.clear_filter()
    _fit_rows(old, new.tables)
    used = old.used
    whole = Area(1, 1, max(new.area.last_row, used.last_row), max(new.area.last_col, used.last_col))
    old.unlink(whole)
    old.dress(whole, new.opened)
    for area in _texts(new):
        old.format_numbers(area, TEXT)
    _write_values(old, new, whole)
    for table, area in zip(from_top(old), new.tables, strict=True):
        if table.area != area:
            table.resize(old, area)
    for row in new.rows(new.area):
        for cell in row:
            place = cell.hyperlink.location if cell.hyperlink else None
            if place:
                old.link(cell.row, cell.column, place)
    _fit_looks(old, new.sheet)


def _write_values(old: OpenSheet, new: BuiltSheet, whole: Area) -> None:
    """All but headers that stay: Excel names a column anew as soon as its header is empty, and formulas follow."""
    headers = {table.first_row: table for table in new.tables}
    edges = [0, *sorted(headers), whole.last_row + 1]
    for above, below in pairwise(edges):
        if below - above > 1:
            area = Area(above + 1, 1, below - 1, whole.last_col)
            old.clear(area)
            old.write(area, [[new.value(cell) for cell in row] for row in new.rows(area)])
    for row, table in headers.items():
        area = Area(row, table.first_col, row, table.last_col)
        wanted = [[new.value(cell) for cell in cells] for cells in new.rows(area)]
        if [list(cells) for cells in old.values(area)] != wanted:
            old.write(area, wanted)


def _fit_rows(old: OpenSheet, wanted: list[Area]) -> None:
    """Insert and delete whole rows, from the bottom up, until every table stands where the built one does."""
    held = [table.area for table in from_top(old)]
    for number in reversed(range(len(wanted))):
        now, then = held[number], wanted[number]
        more = then.rows - now.rows
        if more > 0:
            # Before the last row, so that sums over the old rows take in the new ones.
            old.insert_rows(now.last_row, more)
        elif more < 0:
            old.delete_rows(now.last_row + more, -more)
        end_now, end_then = (held[number - 1].last_row, wanted[number - 1].last_row) if number else (0, 0)
        more = (then.first_row - end_then) - (now.first_row - end_now)
        if more > 0:
            old.insert_rows(now.first_row, more)
        elif more < 0:
            old.delete_rows(now.first_row + more, -more)


def _texts(new: BuiltSheet) -> Iterator[Area]:
    """Runs of text in each column: they are formatted as text before they are written."""
    for column in range(1, new.area.last_col + 1):
        first = 0
        for row in range(1, new.area.last_row + 2):
            value = new.value(new.sheet.cell(row, column)) if row <= new.area.last_row else None  # type: ignore[arg-type]
            text = isinstance(value, str) and len(value) <= LONGEST_FORMATTED_TEXT
            if text and not first:
                first = row
            elif not text and first:
                yield Area(first, column, row - 1, column)
                first = 0


def _fit_looks(old: OpenSheet, built: Worksheet) -> None:
    # Rows that were high for a long text the last time.
    old.set_height(1, old.used.last_row, LINE_HEIGHT)
    for row, dimension in built.row_dimensions.items():
        if dimension.height:
            old.set_height(row, row, float(dimension.height))
    for letter, column in built.column_dimensions.items():
        if column.width:
            old.widen(_area(f"{letter}1").first_col, float(column.width))


def from_top(sheet: OpenSheet) -> list[OpenTable]:
    """Its tables, the uppermost first."""
    return sorted(sheet.tables, key=lambda table: table.area)


def _corner(area: Area) -> Area:
    return Area(area.first_row, area.first_col, area.first_row, area.first_col)


def _area(ref: str) -> Area:
    first_col, first_row, last_col, last_row = range_boundaries(ref)
    return Area(int(first_row or 1), int(first_col or 1), int(last_row or 1), int(last_col or 1))
