"""
Cells of tables, the advisor's own and our Run Log, written into a workbook file: every other part stays byte for byte.

Text is written as text and never as a formula; a cell keeps its format, and a new row takes those of the row above it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils.cell import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from rebal_xl.files.graft import refuse_signed_or_shared
from rebal_xl.files.numbers import NumberFormat, number_formats
from rebal_xl.files.opc import relationships, resolve
from rebal_xl.files.package import Package, PackageLimits, read_bytes
from rebal_xl.files.reader import book_of
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import Saved, save_workbook
from rebal_xl.files.workbookxml import WorkbookXml, is_true
from rebal_xl.files.xmltext import Element, XmlText, escape
from rebal_xl.intake.table_edits import Change, TableEdit
from rebal_xl.sheets import formats
from rebal_xl.sheets.cells import Value
from rebal_xl.sheets.grid import TableRange

Place = tuple[int, int]


def write_tables(source: Path, edits: Sequence[TableEdit], out: Path) -> Saved:
    """Write a copy of the workbook with the cells of the edits.

    Raises FileRefused, with nothing written, when a table would grow over something, or the file is signed.
    """
    package = Package.from_bytes(read_bytes(source, PackageLimits()), source.name)
    changed = edited(package, source, edits)
    expected = source.read_bytes() if out == source else None
    return save_workbook(changed.to_bytes(), out, like=source, expected=expected)


def edited(package: Package, source: Path, edits: Sequence[TableEdit], *, recalculate: bool = True) -> Package:
    """The package with the cells of the edits; `recalculate` asks Excel to calculate when it opens the file.

    Raises FileRefused for a protected sheet, a signed or shared workbook, or a table that has no room below it.
    """
    workbook = WorkbookXml(package, source.name)
    refuse_signed_or_shared(package, workbook, source.name)
    grids = {grid.name: grid for grid in book_of(package, source).grids}
    looks = _looks(package, workbook)
    parts: dict[str, bytes] = {}
    for edit in edits:
        sheet = next(one for one in workbook.sheets if one.name == edit.table.sheet)
        last = max(edit.table.last_row, *(change.row for change in edit.changes))
        if last > edit.table.last_row:
            _refuse_occupied(edit, last, grids[sheet.name].cells)
        data = parts.get(sheet.part) or package.data(sheet.part)
        written = _Sheet(data, sheet.part, looks, workbook.date1904)
        written.refuse_protected(sheet.name, source.name)
        parts[sheet.part] = written.write(edit)
        if edit.table.name and last > edit.table.last_row:
            parts |= _grown(package, sheet.part, edit.table, last)
    calculation = workbook.xml.root.child("calcPr")
    if recalculate and calculation is not None and parts:
        # What formulas show is of the cells before.
        workbook.xml.set_attribute(calculation, "fullCalcOnLoad", "1")
        parts[workbook.part] = workbook.xml.result()
    return package.changed(parts)


def _looks(package: Package, workbook: WorkbookXml) -> list[NumberFormat]:
    part = next((package.get(name) for name in workbook.targets("styles") if name in package), None)
    return list(number_formats(part.data if part else None))


def _refuse_occupied(edit: TableEdit, last: int, cells: Iterable[Place]) -> None:
    table = edit.table
    below = any(table.last_row < row <= last and table.first_col <= col <= table.last_col for row, col in cells)
    if table.totals_rows or below:
        raise FileRefused(
            f"{edit.name} on '{table.sheet}' needs {last - table.last_row} more rows, and something stands below it. "
            "Make room there and try again. Nothing was written."
        )


def _grown(package: Package, sheet_part: str, table: TableRange, last: int) -> dict[str, bytes]:
    """The part of an Excel table that reaches further down."""
    ref = _area(table.first_row, table.first_col, last, table.last_col)
    for arrow in relationships(package, sheet_part):
        if arrow.kind != "table" or arrow.external:
            continue
        part = resolve(sheet_part, arrow.target)
        xml = XmlText(package.data(part), part)
        if xml.root.attributes.get("displayName", xml.root.attributes.get("name")) == table.name:
            xml.set_attribute(xml.root, "ref", ref)
            filtered = xml.root.child("autoFilter")
            if filtered is not None:
                xml.set_attribute(filtered, "ref", ref)
            return {part: xml.result()}
    return {}


def _area(first_row: int, first_col: int, last_row: int, last_col: int) -> str:
    return f"{get_column_letter(first_col)}{first_row}:{get_column_letter(last_col)}{last_row}"


@dataclass(slots=True)
class _Row:
    element: Element
    # column -> cell, in the order of the file
    cells: dict[int, Element]


class _Sheet:
    """One sheet's part and the cells written into it."""

    def __init__(self, data: bytes, part: str, looks: Sequence[NumberFormat], date1904: bool) -> None:
        self.xml = XmlText(data, part)
        self.looks = looks
        self.epoch = CALENDAR_MAC_1904 if date1904 else CALENDAR_WINDOWS_1900
        held = self.xml.root.child("sheetData")
        if held is None:
            raise FileRefused(f"The workbook is damaged: its part '{part}' holds no cells.")
        self.data = held
        self.rows = _rows(held)
        self.prefix = held.prefix

    def refuse_protected(self, sheet: str, name: str) -> None:
        """Raise FileRefused for a protected sheet."""
        protection = self.xml.root.child("sheetProtection")
        if protection is not None and is_true(protection.attributes.get("sheet")):
            raise FileRefused(
                f"The sheet '{sheet}' of '{name}' is protected. Unprotect it (Review > Unprotect Sheet) and try again. "
                "Nothing was written."
            )

    def write(self, edit: TableEdit) -> bytes:
        """The part with the cells of the edit."""
        by_row: dict[int, dict[int, Change]] = {}
        for change in edit.changes:
            by_row.setdefault(change.row, {})[change.column] = change
        body = [row for row in self.rows if edit.table.first_row < row <= edit.table.last_row]
        model = self.rows[max(body)].cells if body else {}
        following = sorted(self.rows)
        for number in sorted(by_row):
            columns = by_row[number]
            row = self.rows.get(number)
            if row is not None:
                self._into_row(row, number, columns, model)
                continue
            cells = "".join(self._cell(number, column, columns[column], model) for column in sorted(columns))
            xml = f'<{self.prefix}row r="{number}">{cells}</{self.prefix}row>'
            later = next((each for each in following if each > number), None)
            if later is None:
                self.xml.append(self.data, xml)
            else:
                self.xml.insert_before(self.rows[later].element, xml)
        self._widen(edit, max(by_row))
        return self.xml.result()

    def _into_row(self, row: _Row, number: int, columns: dict[int, Change], model: dict[int, Element]) -> None:
        for column in sorted(columns):
            held = row.cells.get(column)
            xml = self._cell(number, column, columns[column], row.cells if held is not None else model)
            if held is not None:
                self.xml.insert_before(held, xml)
                self.xml.remove(held)
                continue
            later = next((row.cells[each] for each in sorted(row.cells) if each > column), None)
            if later is None:
                self.xml.append(row.element, xml)
            else:
                self.xml.insert_before(later, xml)

    def _cell(self, row: int, column: int, change: Change, model: dict[int, Element]) -> str:
        held = model.get(column)
        style = "" if held is None else held.attributes.get("s", "")
        name, value = f"{self.prefix}c", change.value
        if isinstance(value, datetime.date):
            style, value = self._day(style, value)
        look = f' s="{style}"' if style else ""
        start = f'<{name} r="{get_column_letter(column)}{row}"{look}'
        text = _written(value)
        if text is None:
            return f"{start}/>"
        if isinstance(text, str):
            p = self.prefix
            inner = f'<{p}is><{p}t xml:space="preserve">{escape(text)}</{p}t></{p}is>'
            return f'{start} t="inlineStr">{inner}</{name}>'
        return f"{start}><{self.prefix}v>{text!r}</{self.prefix}v></{name}>"

    def _day(self, style: str, day: datetime.date) -> tuple[str, str | float]:
        """A day as a number where some format of the workbook shows days, else as text."""
        if style and int(style) < len(self.looks) and self.looks[int(style)].date:
            number = style
        else:
            number = next((str(index) for index, look in enumerate(self.looks) if look.date), "")
        if not number:
            return style, f"{day:%m/%d/%Y}"
        return number, float(to_excel(day, self.epoch))  # type: ignore[no-untyped-call]

    def _widen(self, edit: TableEdit, last: int) -> None:
        dimension = self.xml.root.child("dimension")
        if dimension is None:
            return
        first, _, end = dimension.attributes.get("ref", "").partition(":")
        letters = "".join(mark for mark in end if mark.isalpha())
        digits = "".join(mark for mark in end if mark.isdigit())
        if letters and digits and int(digits) < last:
            self.xml.set_attribute(dimension, "ref", f"{first}:{letters}{last}")


def _written(value: Value) -> str | float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return formats.FLAG_WORDS[0] if value else formats.FLAG_WORDS[1]
    if isinstance(value, str):
        return "".join(mark for mark in value if mark >= " " or mark in "\t\n")
    assert isinstance(value, float | int)
    return float(value)


def _rows(data: Element) -> dict[int, _Row]:
    """The rows of a sheet by number; both rows and cells may leave their address out."""
    found: dict[int, _Row] = {}
    number = 0
    for element in data.all("row"):
        number = element.number("r", number + 1)
        cells: dict[int, Element] = {}
        column = 0
        for cell in element.all("c"):
            letters = "".join(mark for mark in cell.attributes.get("r", "") if mark.isalpha())
            column = column_index_from_string(letters) if letters else column + 1
            cells[column] = cell
        found[number] = _Row(element, cells)
    return found
