"""Ranges and tables."""

from collections.abc import Iterator
from copy import copy

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from tests.excel.openpyxl_engine.copying import copy_looks
from tests.excel.openpyxl_engine.shifting import Shift, shift_formulas, shift_furniture
from tests.excel.openpyxl_engine.values import handed_out, is_formula, put, refusal, typed

BOTTOM = 16_384


def one(values: set[object]) -> object:
    """The value that all share, None when they differ."""
    return values.pop() if len(values) == 1 else None


def show_rows(ws: Worksheet, ref: str) -> None:
    """Unhide the rows of an area."""
    _, top, _, bottom = range_boundaries(ref)
    for row in range(top, bottom + 1):
        ws.row_dimensions[row].hidden = False


def filtered_rows(ws: Worksheet) -> set[int]:
    """The rows that a filter hides."""
    filters = [ws.auto_filter, *(table.autoFilter for table in ws.tables.values())]
    found: set[int] = set()
    for held in filters:
        if held and held.filterColumn:
            _, top, _, bottom = range_boundaries(held.ref)
            found |= {row for row in range(top, bottom + 1) if ws.row_dimensions[row].hidden}
    return found


class RangeImpl:
    def __init__(self, sheet: object, first_row: int, first_col: int, last_row: int, last_col: int) -> None:
        self.sheet = sheet
        self.ws: Worksheet = sheet.sheet
        self.row, self.column = first_row, first_col
        self.last_row, self.last_col = last_row, last_col

    @property
    def shape(self) -> tuple[int, int]:
        return self.last_row - self.row + 1, self.last_col - self.column + 1

    @property
    def api(self) -> "RangeApi":
        self.sheet.book.app.check("Range")
        return RangeApi(self)

    @property
    def ref(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}:{get_column_letter(self.last_col)}{self.last_row}"

    def cells(self) -> Iterator[list[Cell]]:
        for row in range(self.row, self.last_row + 1):
            yield [self.ws.cell(row, column) for column in range(self.column, self.last_col + 1)]

    def refuse_if_protected(self) -> None:
        if self.ws.protection.sheet:
            raise refusal("The cell or chart you're trying to change is on a protected sheet.")

    @property
    def number_format(self) -> str | None:
        return one({cell.number_format for row in self.cells() for cell in row})

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.sheet.book.app.check("NumberFormat")
        self.refuse_if_protected()
        for row in self.cells():
            for cell in row:
                cell.number_format = code

    @property
    def merge_cells(self) -> bool | None:
        def inside(row: int, column: int) -> bool:
            return any(
                a <= row <= c and b <= column <= d
                for b, a, d, c in (merged.bounds for merged in self.ws.merged_cells.ranges)
            )

        columns = range(self.column, self.last_col + 1)
        return one({inside(row, column) for row in range(self.row, self.last_row + 1) for column in columns})

    @property
    def merge_area(self) -> "RangeImpl":
        for merged in self.ws.merged_cells.ranges:
            left, top, right, bottom = merged.bounds
            if top <= self.row <= bottom and left <= self.column <= right:
                return RangeImpl(self.sheet, top, left, bottom, right)
        return self

    @property
    def row_height(self) -> float:
        return self.ws.row_dimensions[self.row].height or 15.0

    @row_height.setter
    def row_height(self, points: float) -> None:
        for row in range(self.row, self.last_row + 1):
            self.ws.row_dimensions[row].height = points

    @property
    def column_width(self) -> float:
        return self.ws.column_dimensions[get_column_letter(self.column)].width

    @column_width.setter
    def column_width(self, characters: float) -> None:
        self.ws.column_dimensions[get_column_letter(self.column)].width = characters

    def clear_contents(self) -> None:
        self.refuse_if_protected()
        cache = self.sheet.book.cache.get(self.ws, {})
        headers = [range_boundaries(table.ref) for table in self.ws.tables.values()]
        for row in self.cells():
            for cell in row:
                if any(c == cell.row and a <= cell.column <= d for a, c, d, _ in headers):
                    raise AssertionError("Excel names a column anew when its header is emptied, and formulas follow")
                if not isinstance(cell, MergedCell):
                    cell.value = None
                    cache.pop((cell.row, cell.column), None)

    def unmerge(self) -> None:
        for held in list(self.ws.merged_cells.ranges):
            left, top, right, bottom = held.bounds
            if not (bottom < self.row or top > self.last_row or right < self.column or left > self.last_col):
                self.ws.unmerge_cells(str(held))

    def copy(self, destination: None = None) -> None:
        self.sheet.book.app.clipboard = self

    def paste(self, paste: str, operation: None, skip_blanks: bool, transpose: bool) -> None:
        self.sheet.book.app.check("PasteSpecial")
        self.refuse_if_protected()
        source = self.sheet.book.app.clipboard
        assert paste == "formats"
        assert source.shape == self.shape
        copy_looks(source.ws, self.ws, self.row, self.last_row, self.last_col)

    def insert(self, shift: str, copy_origin: str) -> None:
        self.sheet.book.app.check("Insert")
        self.refuse_if_protected()
        assert (shift, copy_origin) == ("down", "format_from_right_or_below")
        count = self.shape[0]
        looks = {column: copy(self.ws.cell(self.row, column)._style) for column in range(1, self.ws.max_column + 1)}
        self._move(count)
        for row in range(self.row, self.row + count):
            for column, look in looks.items():
                self.ws.cell(row, column)._style = copy(look)

    def delete(self, shift: str) -> None:
        self.sheet.book.app.check("Delete")
        self.refuse_if_protected()
        assert shift == "up"
        self._move(-self.shape[0])

    def _move(self, count: int) -> None:
        merged = [str(held) for held in self.ws.merged_cells.ranges]
        shift = Shift(self.ws, self.row, count)
        for ref in merged:
            # openpyxl keeps what merging hides as cells of another kind, which it cannot move
            self.ws.unmerge_cells(ref)
        links = {
            (cell.row, cell.column): (cell.hyperlink, cell) for row in self.ws.iter_rows() for cell in row
            if cell.hyperlink
        }  # fmt: skip
        if count > 0:
            self.ws.insert_rows(self.row, count)
        else:
            self.ws.delete_rows(self.row, -count)
        for ref in merged:
            self.ws.merged_cells.add(ref)
        for link, cell in links.values():
            link.ref = cell.coordinate
        cache = self.sheet.book.cache.get(self.ws, {})
        moved = {(span[0], col): held for (row, col), held in cache.items() if (span := shift.span(row, row))}
        cache.clear()
        cache.update(moved)
        shift_furniture(shift)
        shift_formulas(shift)


class RangeApi:
    """What is asked of Excel's own range."""

    def __init__(self, impl: RangeImpl) -> None:
        self.impl = impl

    @property
    def Address(self) -> str:
        first = f"${get_column_letter(self.impl.column)}${self.impl.row}"
        last = f"${get_column_letter(self.impl.last_col)}${self.impl.last_row}"
        return first if first == last else f"{first}:{last}"

    def _value(self, cell: Cell) -> object:
        held = cell.value
        if is_formula(cell):
            held = self.impl.sheet.book.cache.get(self.impl.ws, {}).get((cell.row, cell.column))
            return "" if held is None else handed_out(held, self.impl.ws.parent.epoch)
        if cell.data_type == "s":
            return held
        return handed_out(held, self.impl.ws.parent.epoch)

    @property
    def Value(self) -> object:
        raise AssertionError("Range.Value cuts money to four decimals: use Value2")

    @property
    def Value2(self) -> object:
        return self._block(self._value)

    @Value2.setter
    def Value2(self, values: object) -> None:
        app = self.impl.sheet.book.app
        app.check("Value2")
        self.impl.refuse_if_protected()
        cache = self.impl.sheet.book.cache.setdefault(self.impl.ws, {})
        rows = values if isinstance(values, tuple) else ((values,),)
        assert (len(rows), len(rows[0])) == self.impl.shape
        filtered = filtered_rows(self.impl.ws) & set(range(self.impl.row, self.impl.last_row + 1))
        if filtered:
            # Excel's fault: the first value into every visible cell, nothing into the others
            rows = tuple((rows[0][0],) * len(row) for row in rows)
        for cells, held in zip(self.impl.cells(), rows, strict=True):
            for cell, value in zip(cells, held, strict=True):
                if not isinstance(cell, MergedCell) and cell.row not in filtered:
                    put(cell, value, self.impl.ws.parent.epoch)
                    cache.pop((cell.row, cell.column), None)
        if app.auto_correct.AutoExpandListRange:
            self._let_tables_grow()

    def _let_tables_grow(self) -> None:
        """Excel's habit: a table takes in what is written right below it."""
        for table in self.impl.ws.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            below = [self.impl.ws.cell(bottom + 1, column).value for column in range(left, right + 1)]
            written = self.impl.row <= bottom + 1 <= self.impl.last_row and self.impl.column <= right
            if written and self.impl.last_col >= left and any(value is not None for value in below):
                table.ref = RangeImpl(self.impl.sheet, top, left, bottom + 1, right).ref

    @property
    def Formula(self) -> object:
        def told(cell: Cell) -> str:
            return str(typed(cell)) if is_formula(cell) else "" if cell.value is None else str(self._value(cell))

        return self._block(told)

    @Formula.setter
    def Formula(self, formula: str) -> None:
        self.Value2 = formula

    @property
    def Formula2(self) -> object:
        self.impl.sheet.book.app.check("Formula2")
        return self.Formula

    @Formula2.setter
    def Formula2(self, formula: str) -> None:
        self.impl.sheet.book.app.check("Formula2")
        self.Value2 = formula

    @property
    def EntireRow(self) -> "EntireRow":
        return EntireRow(self.impl)

    @property
    def Hyperlinks(self) -> "Hyperlinks":
        return Hyperlinks(self.impl)

    def _block(self, read: object) -> object:
        rows = tuple(tuple(read(cell) for cell in row) for row in self.impl.cells())
        return rows[0][0] if self.impl.shape == (1, 1) else rows


class EntireRow:
    def __init__(self, impl: RangeImpl) -> None:
        rows = range(impl.row, impl.last_row + 1)
        self.Hidden = one({bool(impl.ws.row_dimensions[row].hidden) for row in rows})


class Hyperlinks:
    def __init__(self, impl: RangeImpl) -> None:
        self.impl = impl

    def Add(self, anchor: RangeApi, address: str, place: str) -> None:
        cell = next(self.impl.cells())[0]
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place)

    def Delete(self) -> None:
        for row in self.impl.cells():
            for cell in row:
                if not isinstance(cell, MergedCell):
                    cell.hyperlink = None


class TableImpl:
    def __init__(self, sheet: object, table: Table) -> None:
        self.sheet = sheet
        self.table = table

    @property
    def name(self) -> str:
        return self.table.displayName

    @name.setter
    def name(self, name: str) -> None:
        held = self.sheet.sheet.tables
        taken = {t.displayName.lower() for ws in self.sheet.book.book.worksheets for t in ws.tables.values()}
        if name.lower() in taken - {self.table.displayName.lower()}:
            raise refusal("A table cannot have the name of another one.")
        del held[self.table.displayName]
        self.table.displayName = self.table.name = name
        held[name] = self.table

    @property
    def range(self) -> RangeImpl:
        left, top, right, bottom = range_boundaries(self.table.ref)
        return RangeImpl(self.sheet, top, left, bottom, right)

    @property
    def show_headers(self) -> bool:
        return self.table.headerRowCount != 0

    @property
    def show_totals(self) -> bool:
        return bool(self.table.totalsRowCount)

    @property
    def show_autofilter(self) -> bool:
        return self.table.autoFilter is not None

    @show_autofilter.setter
    def show_autofilter(self, shown: bool) -> None:
        self.table.autoFilter = AutoFilter(ref=self.table.ref) if shown else None
        show_rows(self.sheet.sheet, self.table.ref)

    def resize(self, area: object) -> None:
        impl = getattr(area, "impl", area)
        assert impl.row == self.range.row, "a table's header stays where it is"
        self.table.ref = impl.ref
        if self.table.autoFilter:
            self.table.autoFilter.ref = impl.ref
        names = [str(cell.value) for cell in next(impl.cells())]
        self.table.tableColumns = [TableColumn(id=number, name=name) for number, name in enumerate(names, 1)]
