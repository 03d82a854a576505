"""
The values of a workbook file, sheet by sheet, for the intake door.
Reads the cells that are filled, whatever range a sheet claims to have; formulas are never calculated, only their
stored results are read, and a formula that has none says so.
"""

from __future__ import annotations

import datetime
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, range_boundaries

from rebal_xl.files.numbers import NumberFormat, number_formats
from rebal_xl.files.opc import MAIN, relationships, resolve
from rebal_xl.files.package import Package
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.workbookxml import Sheet, WorkbookXml, is_true
from rebal_xl.files.xmltext import XmlText
from rebal_xl.sheets.grid import Cell, CellError, CellRows, CellValue, Grid, GridBook, TableRange

MAX_CELLS = 2_000_000
# A file may be anything; a household of 2,000 lots has some 40,000 filled cells.
MAX_FILE_CELLS = 500_000
# Far beyond a row with something in every column; the parser makes fifty times as much of it.
_MOST_OF_A_ROW = 4 << 20
_MAX_ROW = 1_048_576
_MAX_COLUMN = 16_384
_LETTERS = re.compile(r"[A-Z]{1,3}")
# Characters XML cannot hold are stored as _x000D_ (ECMA-376 part 1, 22.4.2.4).
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_C, _F, _V, _IS, _ROW = (f"{{{MAIN}}}{local}" for local in ("c", "f", "v", "is", "row"))
_T, _R, _SI, _MERGE = (f"{{{MAIN}}}{local}" for local in ("t", "r", "si", "mergeCell"))


def read_book(path: Path, max_cells: int = MAX_FILE_CELLS) -> GridBook:
    """The filled cells of an .xlsx or .xlsm file. Raises FileRefused with a sentence when it cannot be read."""
    return book_of(Package.to_stream(path), path, max_cells)


def book_of(package: Package, path: Path, max_cells: int = MAX_FILE_CELLS) -> GridBook:
    """As `read_book`, of a file that is unpacked already; of `path` only the name counts."""
    try:
        return _Reader(package, path, max_cells).book()
    except etree.XMLSyntaxError as error:
        raise FileRefused(
            f"'{path.name}' is damaged: a part of it cannot be read ({error}). Open it in Excel, repair it and save it "
            "again."
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _damaged(path, "a part of it") from error
    except ValueError as error:
        # A number, date or address that no spreadsheet program writes.
        raise _damaged(path, f"'{error}'") from error


@dataclass(slots=True)
class _SheetCells:
    """What is gathered from one sheet."""

    # row -> column -> cell
    cells: dict[int, dict[int, Cell]]
    hidden_rows: set[int]
    merged: list[tuple[int, int, int, int]]


class _Reader:
    """Reads one package."""

    def __init__(self, package: Package, path: Path, max_cells: int) -> None:
        self.package = package
        self.path = path
        self.max_cells = max_cells
        self.count = 0
        # column letters -> number, as they come up
        self.columns: dict[str, int] = {}
        self.workbook = WorkbookXml(package, path.name)
        self.date1904 = self.workbook.date1904
        self.formats = number_formats(self._first("styles"))
        self.texts: list[str] = []
        for text in self._shared_texts():
            self.texts.append(text)
            if len(self.texts) > max_cells:
                raise self._too_many("different texts")

    def book(self) -> GridBook:
        grids = tuple(self._grid(sheet) for sheet in self.workbook.sheets if sheet.kind == "worksheet")
        names = {n.name: n.text for n in self.workbook.names if n.scope is None and not n.hidden}
        return GridBook(self.path, grids, self.date1904, names)

    def _grid(self, sheet: Sheet) -> Grid:
        held = self._cells(sheet)
        return Grid(
            name=sheet.name,
            cells=CellRows(held.cells),
            tables=tuple(self._tables(sheet)),
            merged=tuple(held.merged),
            hidden_rows=frozenset(held.hidden_rows),
            hidden=sheet.hidden,
            ours=self.workbook.marked(sheet),
        )

    def _cells(self, sheet: Sheet) -> _SheetCells:
        held = _SheetCells({}, set(), [])
        row = 0
        for element in _stream(_ByRows(self.package.open(sheet.part), self.path), (_ROW, _MERGE)):
            if element.tag == _MERGE:
                held.merged.append(self._area(element.get("ref", "")))
                continue
            row = int(element.get("r", row + 1))
            before = self.count
            self._row(element, row, held, sheet.name)
            if is_true(element.get("hidden")) and self.count > before:
                held.hidden_rows.add(row)
        return held

    def _row(self, element: etree._Element, row: int, held: _SheetCells, sheet: str) -> None:
        column, digits = 0, str(row)
        filled = held.cells.get(row, {})
        for child in element.iterchildren(_C):
            address = child.get("r")
            column = column + 1 if address is None else self._column(address, digits)
            cell = self._cell(child)
            if cell is None:
                continue
            if row > _MAX_ROW or column > _MAX_COLUMN:
                raise _damaged(self.path, f"a cell in row {row}, column {column}")
            self.count += 1
            if self.count > self.max_cells:
                raise self._too_many(f"filled cells, counted up to row {row} of the sheet '{sheet}'")
            filled[column] = cell
        if filled:
            held.cells[row] = filled

    def _too_many(self, what: str) -> FileRefused:
        return FileRefused(
            f"'{self.path.name}' has more than {self.max_cells:,} {what}. Keep only the household's own sheets in the "
            "workbook, and move price histories and other large lists to a file of their own."
        )

    def _cell(self, element: etree._Element) -> Cell | None:
        """The cell, or None when it holds nothing but a look."""
        index = int(element.get("s", "0"))
        look = self.formats[index] if index < len(self.formats) else NumberFormat()
        kind = element.get("t", "n")
        formula, inline, stored = False, None, None
        for child in element:
            if child.tag == _V:
                stored = child
            elif child.tag == _F:
                formula = True
            elif child.tag == _IS:
                inline = child
        if kind == "inlineStr":
            text = "" if inline is None else _text_of(inline)
            return Cell(text, look.code, formula) if text or formula else None
        raw = None if stored is None else stored.text or ""
        if raw is None or (raw == "" and kind != "str"):
            return Cell(None, look.code, formula=True, cached=False) if formula else None
        value = self._value(kind, raw, look)
        return None if value == "" and not formula else Cell(value, look.code, formula)

    def _value(self, kind: str, raw: str, look: NumberFormat) -> CellValue:
        if kind == "s":
            return self._shared(raw)
        if kind == "str":
            return _unescape(raw)
        if kind == "b":
            return is_true(raw)
        if kind == "e":
            return CellError(raw)
        if kind == "d":
            moment = datetime.datetime.fromisoformat(raw)
            return moment.date() if "T" not in raw else moment
        try:
            number = float(raw)
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or "_" in raw:
            raise _damaged(self.path, f"the number '{raw[:40]}'")
        return look.read(number, self.date1904)

    def _shared(self, raw: str) -> str:
        if not raw.strip().isdigit() or int(raw) >= len(self.texts):
            raise _damaged(self.path, f"the shared text number '{raw[:40]}'")
        return self.texts[int(raw)]

    def _column(self, address: str, row: str) -> int:
        letters = address.removesuffix(row)
        if letters == address or (letters not in self.columns and not _LETTERS.fullmatch(letters)):
            raise _damaged(self.path, f"the cell '{address[:40]}' in row {row}")
        if letters not in self.columns:
            self.columns[letters] = int(column_index_from_string(letters))
        return self.columns[letters]

    def _area(self, ref: str) -> tuple[int, int, int, int]:
        try:
            first_col, first_row, last_col, last_row = range_boundaries(ref)
        except (ValueError, TypeError) as error:
            raise _damaged(self.path, f"the range '{ref[:40]}'") from error
        if first_col is None or first_row is None or last_col is None or last_row is None:
            raise _damaged(self.path, f"the range '{ref[:40]}'")
        return first_row, first_col, last_row, last_col

    def _tables(self, sheet: Sheet) -> Iterator[TableRange]:
        for arrow in relationships(self.package, sheet.part):
            if arrow.kind != "table" or arrow.external:
                continue
            part = resolve(sheet.part, arrow.target)
            held = XmlText(self.package.data(part), part).root.attributes
            first_row, first_col, last_row, last_col = self._area(held.get("ref", ""))
            yield TableRange(
                name=held.get("displayName", held.get("name", "")),
                sheet=sheet.name,
                first_row=first_row,
                first_col=first_col,
                last_row=last_row,
                last_col=last_col,
                totals_rows=int(held.get("totalsRowCount", "0")),
                header_rows=int(held.get("headerRowCount", "1")),
            )

    def _shared_texts(self) -> Iterator[str]:
        name = next((name for name in self.workbook.targets("sharedStrings") if name in self.package), None)
        for element in _stream(self.package.open(name), (_SI,)) if name is not None else ():
            yield _text_of(element)

    def _first(self, kind: str) -> bytes | None:
        for name in self.workbook.targets(kind):
            part = self.package.get(name)
            if part is not None:
                return part.data
        return None


def column_of(address: str) -> int:
    """The column of a cell's address, from 1."""
    return int(column_index_from_string(address.rstrip("0123456789")))


class _ByRows:
    """A sheet's part on its way to the parser, which holds a row as a whole: none may be larger than memory allows."""

    __slots__ = ("path", "since", "stream")

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self.stream, self.path = stream, path
        # bytes since a row, or anything else that is no cell, last ended
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        end = data.rfind(b"row>")
        self.since = len(data) - end if end >= 0 else self.since + len(data)
        if self.since > _MOST_OF_A_ROW and b"<v" in data[-4096:]:
            raise _damaged(self.path, "a row of more cells than a sheet has columns")
        return data


def _stream(data: BinaryIO | _ByRows, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """Each wanted element as it ends; what is behind is forgotten, so that memory stays small."""
    events = etree.iterparse(data, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False)
    for _, element in events:
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _text_of(element: etree._Element) -> str:
    """A text and its rich runs; hints for pronunciation are not part of it."""
    parts = []
    for child in element:
        if child.tag == _T:
            parts.append(child.text or "")
        elif child.tag == _R:
            parts.extend(held.text or "" for held in child.iterchildren(_T))
    return _unescape("".join(parts))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _damaged(path: Path, what: str) -> FileRefused:
    return FileRefused(
        f"'{path.name}' is damaged: {what} makes no sense. Open it in Excel, repair it and save it again."
    )
