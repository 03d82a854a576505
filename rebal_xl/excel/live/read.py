"""
The values of a workbook open in Excel, unsaved edits included, as the grids that its saved file would give.

A sheet is read in one piece; number formats, merged cells and hidden rows are asked for by halves, until a half is all
of one kind, so that a plain sheet takes a handful of calls whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TypeVar

from rebal_xl.excel.live.area import Area, HostName, HostValue
from rebal_xl.excel.live.host import OpenBook, OpenSheet
from rebal_xl.excel.live.ours import kind_of, marks
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.files.numbers import NumberFormat, number_format
from rebal_xl.files.reader import MAX_CELLS
from rebal_xl.sheets.grid import Cell, CellError, CellValue, Grid, GridBook, TableRange
from rebal_xl.sheets.understood import KIND as UNDERSTOOD

# Excel's xlErr numbers; COM adds this much to them.
_ERROR_BASE = -2146828288
_ERRORS = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!",
}  # fmt: skip
# What is asked about an area of one kind.
Asked = TypeVar("Asked", str, bool)


def read_open_book(book: OpenBook, max_cells: int = MAX_CELLS, *, ours: bool = True) -> GridBook:
    """The filled cells of an open workbook, those of our own sheets only with `ours`, but for Understood.

    Raises BookRefused when there are too many.
    """
    names = book.known_names
    marked = marks(names)
    # asked once: each takes several questions to Excel
    sheets = [(sheet, sheet.used) for sheet in book.sheets]
    _refuse_huge(book, sheets, max_cells)
    looks: dict[str, NumberFormat] = {}
    date1904 = book.date1904
    grids = tuple(
        Grid(sheet.name, {}, ours=True)
        if sheet.name in marked and not ours and kind_of(marked[sheet.name]) != UNDERSTOOD
        else _Sheet(sheet, used, date1904, looks).grid(ours=sheet.name in marked)
        for sheet, used in sheets
    )
    return GridBook(None, grids, date1904, _listed(names))


def read_tab(book: OpenBook, sheet: OpenSheet) -> Grid:
    """The filled cells of one sheet of ours."""
    return _Sheet(sheet, sheet.used, book.date1904, {}).grid(ours=True)


def _listed(names: list[HostName]) -> dict[str, str]:
    return {name.name: name.text for name in names if name.sheet is None and not name.hidden}


def _refuse_huge(book: OpenBook, sheets: list[tuple[OpenSheet, Area]], max_cells: int) -> None:
    if sum(used.size for _, used in sheets) <= max_cells:
        return
    sheet, used = max(sheets, key=lambda held: held[1].size)
    raise BookRefused(
        f"'{book.name}' uses more than {max_cells:,} cells; the sheet '{sheet.name}' alone reaches to row "
        f"{used.last_row:,}, column {used.last_col:,}. Delete the empty rows and columns that carry only formats, or "
        "keep only the household's own sheets in the workbook."
    )


class _Sheet:
    """Reads one sheet."""

    def __init__(self, sheet: OpenSheet, used: Area, date1904: bool, looks: dict[str, NumberFormat]) -> None:
        self.sheet = sheet
        self.date1904 = date1904
        # number format codes met so far; shared by all sheets
        self.looks = looks
        self.used = used

    def grid(self, ours: bool) -> Grid:
        values, formulas = self.sheet.values(self.used), self.sheet.formulas(self.used)
        top, left = self.used.first_row, self.used.first_col
        filled = {
            (top + down, left + right): (value, _is_formula(typed, value))
            for down, (row, line) in enumerate(zip(values, formulas, strict=True))
            for right, (value, typed) in enumerate(zip(row, line, strict=True))
            if value not in (None, "") or _is_formula(typed, value)
        }
        tables = tuple(self._tables())
        codes = dict(self._codes(list(filled), tables))
        return Grid(
            name=self.sheet.name,
            cells={
                place: Cell(self._value(held[0], codes[place]), codes[place], held[1]) for place, held in filled.items()
            },
            tables=tables,
            merged=tuple(self._merged(tables)),
            hidden_rows=self._hidden_rows(sorted({row for row, _ in filled})),
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

    def _codes(
        self, places: list[tuple[int, int]], tables: tuple[TableRange, ...]
    ) -> Iterator[tuple[tuple[int, int], str]]:
        """Each of these cells with its number format; asked for heads and bodies of tables at once, else by column."""
        for band in self._bands(tables):
            held = [place for place in places if band.first_row <= place[0] <= band.last_row]
            by_column: dict[int, list[int]] = {}
            for row, column in held:
                by_column.setdefault(column, []).append(row)
            if not held:
                continue
            code = self.sheet.number_format(Area(held[0][0], min(by_column), held[-1][0], max(by_column)))
            if code is not None:
                yield from ((place, code) for place in held)
                continue
            for column, rows in by_column.items():
                yield from self._column_codes(column, rows)

    def _column_codes(self, column: int, rows: list[int]) -> Iterator[tuple[tuple[int, int], str]]:
        def ask(first: int, last: int) -> str | None:
            return self.sheet.number_format(Area(first, column, last, column))

        return (((row, column), code) for row, code in _halved(rows, ask, "General"))

    def _bands(self, tables: tuple[TableRange, ...]) -> Iterator[Area]:
        """The used rows, cut where tables begin, where their heads and bodies end, and where they end."""
        starts = {self.used.first_row}
        for table in tables:
            starts |= {table.first_row, table.first_row + table.header_rows, table.last_row + 1}
            starts.add(table.last_row + 1 - table.totals_rows)
        edges = sorted(row for row in starts if row <= self.used.last_row)
        for first, after in pairwise([*edges, self.used.last_row + 1]):
            yield self.used._replace(first_row=first, last_row=after - 1)

    def _hidden_rows(self, rows: list[int]) -> frozenset[int]:
        return frozenset(row for row, hidden in _halved(rows, self.sheet.rows_hidden, False) if hidden)

    def _merged(self, tables: tuple[TableRange, ...]) -> Iterator[tuple[int, int, int, int]]:
        """The merged ranges, each once: bands of tables seldom have any, the others are halved where they do."""
        found: dict[Area, None] = {}
        for band in self._bands(tables):
            self._find_merged(band, found)
        for area in found:
            yield area.first_row, area.first_col, area.last_row, area.last_col

    def _find_merged(self, area: Area, found: dict[Area, None]) -> None:
        if any(area.inside(one) for one in found):
            return
        merged = self.sheet.merged(area)
        if merged is False:
            return
        if merged:
            # All of it: take the range that its first cell belongs to, then look at what is left.
            one = self.sheet.merge_area(area.first_row, area.first_col)
            found[one] = None
            if area.inside(one):
                return
        for half in area.halves():
            self._find_merged(half, found)

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
