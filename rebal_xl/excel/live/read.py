"""
The values of a workbook open in Excel, unsaved edits included, as the grids that its saved file would give.

A sheet is read in one piece; number formats, merged cells and hidden rows are asked for by halves, until a half is all
of one kind, so that a plain sheet takes a handful of calls whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from rebal_xl.excel.live.area import Area, HostName, HostValue
from rebal_xl.excel.live.host import OpenBook, OpenSheet
from rebal_xl.excel.live.ours import marks
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.files.numbers import NumberFormat, number_format
from rebal_xl.files.reader import MAX_CELLS
from rebal_xl.sheets.grid import Cell, CellError, CellValue, Grid, GridBook, TableRange

# Excel's xlErr numbers; COM adds this much to them.
_ERROR_BASE = -2146828288
_ERRORS = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!",
}  # fmt: skip
# What is asked about an area of one kind.
Asked = TypeVar("Asked", str, bool)


def read_open_book(book: OpenBook, max_cells: int = MAX_CELLS) -> GridBook:
    """The filled cells of an open workbook. Raises BookRefused when there are too many."""
    names = book.names
    marked = marks(names)
    sheets = book.sheets
    _refuse_huge(book, sheets, max_cells)
    looks: dict[str, NumberFormat] = {}
    grids = tuple(_Sheet(sheet, book.date1904, looks).grid(ours=sheet.name in marked) for sheet in sheets)
    return GridBook(None, grids, book.date1904, _listed(names))


def read_tab(book: OpenBook, sheet: OpenSheet) -> Grid:
    """The filled cells of one sheet of ours."""
    return _Sheet(sheet, book.date1904, {}).grid(ours=True)


def _listed(names: list[HostName]) -> dict[str, str]:
    return {name.name: name.text for name in names if name.sheet is None and not name.hidden}


def _refuse_huge(book: OpenBook, sheets: list[OpenSheet], max_cells: int) -> None:
    sizes = [(sheet.used, sheet.name) for sheet in sheets]
    if sum(used.size for used, _ in sizes) <= max_cells:
        return
    used, name = max(sizes, key=lambda size: size[0].size)
    raise BookRefused(
        f"'{book.name}' uses more than {max_cells:,} cells; the sheet '{name}' alone reaches to row "
        f"{used.last_row:,}, column {used.last_col:,}. Delete the empty rows and columns that carry only formats, or "
        "keep only the household's own sheets in the workbook."
    )


class _Sheet:
    """Reads one sheet."""

    def __init__(self, sheet: OpenSheet, date1904: bool, looks: dict[str, NumberFormat]) -> None:
        self.sheet = sheet
        self.date1904 = date1904
        # number format codes met so far; shared by all sheets
        self.looks = looks
        self.used = sheet.used

    def grid(self, ours: bool) -> Grid:
        values, formulas = self.sheet.values(self.used), self.sheet.formulas(self.used)
        cells: dict[tuple[int, int], Cell] = {}
        top, left = self.used.first_row, self.used.first_col
        for offset in range(self.used.columns):
            held = [
                (row[offset], _is_formula(line[offset], row[offset]))
                for row, line in zip(values, formulas, strict=True)
            ]
            filled = [number for number, (value, formula) in enumerate(held) if formula or value not in (None, "")]
            for number, code in self._codes(left + offset, [top + number for number in filled]):
                value, formula = held[number - top]
                cells[number, left + offset] = Cell(self._value(value, code), code, formula)
        return Grid(
            name=self.sheet.name,
            cells=dict(sorted(cells.items())),
            tables=tuple(self._tables()),
            merged=tuple(self._merged(self.used)),
            hidden_rows=self._hidden_rows(sorted({row for row, _ in cells})),
            hidden=self.sheet.hidden,
            ours=ours,
        )

    def _value(self, value: HostValue, code: str) -> CellValue:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        if isinstance(value, int):
            # Numbers come as floats; an integer is an error.
            return CellError(_ERRORS.get(value - _ERROR_BASE, "#ERROR!"))
        look = self.looks.get(code)
        if look is None:
            look = self.looks.setdefault(code, number_format(code))
        return look.read(value, self.date1904)

    def _codes(self, column: int, rows: list[int]) -> Iterator[tuple[int, str]]:
        """Each of these rows with the number format of its cell in the column."""
        return _halved(rows, lambda first, last: self.sheet.number_format(Area(first, column, last, column)), "General")

    def _hidden_rows(self, rows: list[int]) -> frozenset[int]:
        return frozenset(row for row, hidden in _halved(rows, self.sheet.rows_hidden, False) if hidden)

    def _merged(self, area: Area) -> Iterator[tuple[int, int, int, int]]:
        """The merged ranges of an area, each once, by halves."""
        merged = self.sheet.merged(area)
        if merged is False:
            return
        if area.size == 1 or merged:
            yield from self._merged_whole(area)
            return
        middle_row, middle_col = (area.first_row + area.last_row) // 2, (area.first_col + area.last_col) // 2
        if area.rows >= area.columns:
            halves = area._replace(last_row=middle_row), area._replace(first_row=middle_row + 1)
        else:
            halves = area._replace(last_col=middle_col), area._replace(first_col=middle_col + 1)
        yield from dict.fromkeys(found for half in halves for found in self._merged(half))

    def _merged_whole(self, area: Area) -> Iterator[tuple[int, int, int, int]]:
        found: dict[tuple[int, int, int, int], None] = {}
        for row in range(area.first_row, area.last_row + 1):
            for column in range(area.first_col, area.last_col + 1):
                if not any(a <= row <= c and b <= column <= d for a, b, c, d in found):
                    first_row, first_col, last_row, last_col = self.sheet.merge_area(row, column)
                    found[first_row, first_col, last_row, last_col] = None
        yield from found

    def _tables(self) -> Iterator[TableRange]:
        for table in self.sheet.tables:
            first_row, first_col, last_row, last_col = table.area
            yield TableRange(
                name=table.name,
                sheet=self.sheet.name,
                first_row=first_row,
                first_col=first_col,
                last_row=last_row,
                last_col=last_col,
                totals_rows=table.totals_rows,
                header_rows=table.header_rows,
            )


def _is_formula(typed: HostValue, value: HostValue) -> bool:
    # Text that only looks like a formula is its own value.
    return isinstance(typed, str) and typed.startswith("=") and typed != value


def _halved(rows: list[int], ask: Callable[[int, int], Asked | None], otherwise: Asked) -> Iterator[tuple[int, Asked]]:
    """Each row with the answer for it; `ask` answers for a span of rows, with None where they differ."""
    if not rows:
        return
    answer = ask(rows[0], rows[-1])
    if answer is None and len(rows) > 1:
        middle = len(rows) // 2
        yield from _halved(rows[:middle], ask, otherwise)
        yield from _halved(rows[middle:], ask, otherwise)
        return
    for row in rows:
        yield row, otherwise if answer is None else answer
