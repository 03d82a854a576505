"""Cells to write into tables that were read: where a table stands, and which of its rows are free.

Cells with formulas are never among them; what is written is for `files` (a closed workbook) or Excel to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rebal_xl.intake.find import Region
from rebal_xl.intake.rows import Row
from rebal_xl.sheets.cells import Value
from rebal_xl.sheets.grid import TableRange, cells_by_row
from rebal_xl.sheets.schema import Kind


@dataclass(frozen=True, slots=True)
class Change:
    """One cell to write; row and column of the sheet, 1-based."""

    row: int
    column: int
    # None empties it
    value: Value
    # it stands in a column of days
    date: bool = False


@dataclass(frozen=True, slots=True)
class TableEdit:
    """Cells to write into one table of the workbook."""

    # its name as we call it: Holdings
    name: str
    # where it stands; its own name is "" where it is a plain range
    table: TableRange
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, region: Region, changes: Iterable[Change]) -> TableEdit:
        """Changes in the table of a region."""
        return cls(region.table.name, range_of(region), tuple(changes))


def range_of(region: Region) -> TableRange:
    """The Excel table of a region, or the cells it fills where it is none."""
    first, last = min(region.headers), max(region.headers)
    for table in region.grid.tables:
        if table.first_row == region.header_row and table.first_col <= first <= table.last_col:
            return table
    filled = cells_by_row(region.grid.cells)
    below = (row for row in filled if region.header_row < row <= region.last_row)
    rows = [row for row in below if any(first <= column <= last for column in filled[row])]
    return TableRange("", region.grid.name, region.header_row, first, max(rows, default=region.header_row), last)


def cell_changes(region: Region, row: int, values: Mapping[str, Value]) -> Iterator[Change]:
    """The cells of a row, by our column names: those that the table has and where no formula stands."""
    for name, value in values.items():
        column = region.columns.get(name)
        cell = None if column is None else region.grid.cells.get((row, column))
        if column is not None and not (cell is not None and cell.formula):
            yield Change(row, column, value, region.table.column(name).kind is Kind.DATE)


def changed_cells(row: Row, values: Mapping[str, Value]) -> Iterator[Change]:
    """As `cell_changes`, of a row that was read: cells that hold the value already are left out."""
    yield from cell_changes(row.region, row.number, {n: v for n, v in values.items() if row.values.get(n) != v})


def free_rows(region: Region, used: Collection[int], count: int) -> list[int]:
    """So many rows for new entries: the blank ones of the table, then those below it."""
    table, filled = range_of(region), cells_by_row(region.grid.cells)
    columns = range(table.first_col, table.last_col + 1)
    body = range(table.first_row + table.header_rows, table.last_row - table.totals_rows + 1)
    blank = [row for row in body if row not in used and not any(column in filled.get(row, {}) for column in columns)]
    return [*blank, *range(body.stop, body.stop + count)][:count]
