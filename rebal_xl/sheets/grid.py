"""
The filled cells of a workbook or CSV file, as plain values.
Every door (a file, live Excel, a CSV export) hands intake the same grids, so that one reader finds the
tables whatever the source. Grids are sparse: a cell that holds nothing is not there.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class CellError:
    """An Excel error value."""

    # as Excel shows it, e.g. "#N/A" or "#VALUE!"
    code: str


# What a cell can hold. Numbers are floats always; a whole-day date is a date, one with a time is a datetime.
CellValue = str | float | bool | datetime.date | datetime.datetime | datetime.time | CellError | None


class Cell(NamedTuple):
    """One filled cell. (A tuple, since a sheet makes tens of thousands of them.)"""

    # already converted to a date when the number format is a date; None for a formula that has no stored value
    value: CellValue
    # Excel's number format code, e.g. "0.00%"; "@" is text
    number_format: str = "General"
    # the cell holds a formula
    formula: bool = False
    # False: a formula whose result was never stored (the file was not written by a spreadsheet program)
    cached: bool = True


class FilledRow(dict[int, Cell]):
    """The cells of one row that hold something, by column in ascending order.

    A row that comes again, as nearly all do when a formula recalculates, brings along what was read of it; nobody
    changes it.
    """

    __slots__ = ("first_text", "read", "way")

    def __init__(self, cells: Iterable[tuple[int, Cell]] | Mapping[int, Cell], first_text: str = "") -> None:
        dict.__init__(self, cells)
        # of its cells, "" where none holds text
        self.first_text = first_text
        # how it was read last, "" where it was not yet, and what was read
        self.way = ""
        self.read: Any = None


class CellRows(Mapping[tuple[int, int], Cell]):
    """Filled cells kept row by row: who goes through a sheet by its rows need not gather them first."""

    __slots__ = ("by_row",)

    def __init__(self, by_row: Mapping[int, Mapping[int, Cell]]) -> None:
        # row -> column -> cell; no row is empty
        self.by_row = by_row

    def __getitem__(self, key: tuple[int, int]) -> Cell:
        row, column = key
        return self.by_row[row][column]

    def get(self, key: tuple[int, int], default: Any = None) -> Any:
        """The cell at (row, column), else the default."""
        row, column = key
        cells = self.by_row.get(row)
        return default if cells is None else cells.get(column, default)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row, cells in self.by_row.items() for column in cells)

    def __len__(self) -> int:
        return sum(map(len, self.by_row.values()))


def cells_by_row(cells: Mapping[tuple[int, int], Cell]) -> Mapping[int, Mapping[int, Cell]]:
    """Row -> its filled cells by column."""
    if isinstance(cells, CellRows):
        return cells.by_row
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in cells.items():
        if row in rows:
            rows[row][column] = cell
        else:
            rows[row] = {column: cell}
    return rows


@dataclass(frozen=True, slots=True)
class TableRange:
    """An Excel table (ListObject); rows and columns are 1-based and inclusive."""

    # the name formulas use, unique in its workbook
    name: str
    # the sheet it lies on
    sheet: str
    # the whole range, header and totals rows included
    first_row: int
    first_col: int
    last_row: int
    last_col: int
    # how many of the last rows are totals (0 or 1)
    totals_rows: int = 0
    # how many of the first rows are headers (0 or 1)
    header_rows: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """The filled cells of one sheet, or of one CSV file."""

    # the sheet's name, or the CSV file's name without its ending
    name: str
    # (row, column), 1-based -> cell; empty cells are absent
    cells: Mapping[tuple[int, int], Cell]
    tables: tuple[TableRange, ...] = ()
    # merged ranges: (first row, first column, last row, last column)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    # rows hidden by hand or by a filter
    hidden_rows: frozenset[int] = frozenset()
    # the whole sheet is hidden
    hidden: bool = False
    # one of our own result sheets, which are never read as input
    ours: bool = False
    # "sheet", "csv", or the argument of a formula, whose cells come without their formats: "values" where it is a
    # range, "array" where it came from none
    kind: str = "sheet"
    # cells that stand for others of the sheet: where a reader put an account's name beside each of its rows, the row
    # and column here -> the row and column that say so on the sheet
    origin: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GridBook:
    """All the grids of one source."""

    # the workbook file; None when the grids come from live Excel or from several files
    path: Path | None
    # in the order of the sheets
    grids: tuple[Grid, ...]
    # the workbook counts days from 1904 (already applied to every date in the cells)
    date1904: bool = False
    # workbook-wide defined names -> what they refer to, e.g. "Targets" -> "Plan!$A$1:$B$9"
    names: Mapping[str, str] = field(default_factory=dict)
