"""Which cells of a workbook a reader would not see whole, found without drawing it.

An independent measure: the advance widths of Carlito, the metric twin of Calibri, read from the font itself, and number
formats applied anew here. What the program under test believes of widths is not asked. Widths are counted in digits of
the 11-point body font, as Excel counts column widths.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.drawing.spreadsheet_drawing import _check_anchor
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
BODY_POINTS = 11.0
# What Excel keeps free of a column's width: five of about seven pixels to a digit (ECMA-376 part 1, 18.3.1.13).
PADDING = 5 / 7
# Width of a column and height of a row that nobody set.
USUAL_WIDTH, USUAL_HEIGHT = 8.43, 15.0
# One step of indent is about nine pixels.
INDENT = 9 / 7
# Lines of Calibri stand 1.22 times their size apart; rows are rounded to three quarters of a point.
LINE, ROUNDING = 1.22, 0.75
# 914,400 EMU to an inch of 96 pixels; a row's height is in points.
EMU_PER_PIXEL, EMU_PER_POINT, PIXELS_PER_DIGIT = 9525, 12700, 7


@dataclass(frozen=True)
class Face:
    """One face of the font: advance widths in units of its em."""

    em: float
    digit: float
    advances: Mapping[int, float]

    def digits(self, text: str, points: float) -> float:
        """Width of a line of text in digits of the plain body font."""
        return (
            sum(self.advances.get(ord(sign), self.em * 0.75) for sign in text)
            / face(False).digit
            * (points / BODY_POINTS)
        )


@cache
def face(bold: bool) -> Face:
    """Carlito, plain or bold; skips the calling test where the font is missing (in CI that is a failure)."""
    name = f"Carlito-{'Bold' if bold else 'Regular'}.ttf"
    found = [path for folder in FONT_FOLDERS if folder.is_dir() for path in folder.rglob(name)]
    if not found:
        pytest.skip(f"The font {name} is not installed; .ci/run installs it.")
    from fontTools.ttLib import TTFont

    font = TTFont(found[0])
    advances = font["hmtx"].metrics
    table = {code: float(advances[glyph][0]) for code, glyph in font.getBestCmap().items()}
    return Face(float(font["head"].unitsPerEm), table[ord("0")], table)


@dataclass
class _Sheet:
    """A sheet with what is asked of it again and again."""

    sheet: Worksheet
    # (row, column) below a merged range but not its corner
    covered: set[tuple[int, int]] = field(default_factory=set)
    # corner -> (last row, last column)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    # (row, column) of every cell that holds something
    held: set[tuple[int, int]] = field(default_factory=set)
    last_col: int = 0

    def __post_init__(self) -> None:
        cells = [cell for row in self.sheet.iter_rows() for cell in row if cell.value is not None]
        self.held = {(cell.row, cell.column) for cell in cells}
        self.last_col = max((column for _, column in self.held), default=0)
        for area in self.sheet.merged_cells.ranges:
            self.merged[area.min_row, area.min_col] = (area.max_row, area.max_col)
            self.covered |= {
                (row, column)
                for row in range(area.min_row, area.max_row + 1)
                for column in range(area.min_col, area.max_col + 1)
                if (row, column) != (area.min_row, area.min_col)
            }
        for letter, dimension in self.sheet.column_dimensions.items():
            if dimension.width and dimension.customWidth:
                first = dimension.min or self.sheet[f"{letter}1"].column
                for number in range(first, (dimension.max or first) + 1):
                    self.widths[number] = dimension.width

    def width(self, column: int) -> float:
        """Width of a column in digits."""
        return self.widths.get(column, USUAL_WIDTH)

    def height(self, row: int) -> float:
        """Height of a row in points."""
        return self.sheet.row_dimensions[row].height or USUAL_HEIGHT

    def room(self, cell: Cell) -> float:
        """Digits that a cell's text may take inside its own cell or merged range."""
        last = self.merged.get((cell.row, cell.column), (cell.row, cell.column))[1]
        width = sum(self.width(column) for column in range(cell.column, last + 1))
        return width - PADDING - INDENT * (cell.alignment.indent or 0)

    def filled(self, row: int, column: int) -> bool:
        """Whether text beside it stops at this cell."""
        return (row, column) in self.covered or (row, column) in self.held

    def overflow(self, cell: Cell) -> float:
        """Digits that a line of text may take when it runs over its empty neighbours."""
        room, side = self.room(cell), cell.alignment.horizontal or "general"
        if (cell.row, cell.column) in self.merged:
            return room
        if side in ("left", "general"):
            column = cell.column + 1
            # What runs out beyond the last filled column is on no printed page.
            while column <= self.last_col and not self.filled(cell.row, column):
                room, column = room + self.width(column), column + 1
            return room
        if side == "right":
            column = cell.column - 1
            while column >= 1 and not self.filled(cell.row, column):
                room, column = room + self.width(column), column - 1
        return room


def clipped(workbook: Workbook) -> list[str]:
    """What cannot be read whole on any sheet of a workbook, one sentence each."""
    return [said for sheet in workbook.worksheets for said in clipped_on(sheet)]


def clipped_on(worksheet: Worksheet) -> list[str]:
    """What cannot be read whole on a sheet."""
    sheet = _Sheet(worksheet)
    found = []
    for row in worksheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.value is not None and not _hidden(sheet, cell):
                found += [f"{worksheet.title}!{cell.coordinate}: {said}" for said in _faults(sheet, cell)]
    return [*found, *(f"{worksheet.title}: {said}" for said in _covered_by_pictures(sheet))]


def _hidden(sheet: _Sheet, cell: Cell) -> bool:
    dimensions = sheet.sheet.column_dimensions, sheet.sheet.row_dimensions
    return bool(dimensions[0][get_column_letter(cell.column)].hidden or dimensions[1][cell.row].hidden)


def _faults(sheet: _Sheet, cell: Cell) -> Iterator[str]:
    text = shown(cell.value, cell.number_format)
    bold, points = bool(cell.font.bold), float(cell.font.size or BODY_POINTS)
    letters = face(bold)
    if not isinstance(cell.value, str):
        needed = letters.digits(text, points)
        if needed > sheet.room(cell):
            yield f"'{text}' is {needed:.1f} digits wide and shows as ### in {sheet.room(cell):.1f}."
    elif cell.alignment.wrap_text:
        yield from _wrapping_faults(sheet, cell, letters, points)
    else:
        for line in text.splitlines():
            needed = letters.digits(line, points)
            if needed > sheet.overflow(cell):
                yield f"'{line}' is {needed:.1f} digits wide and cut off after {sheet.overflow(cell):.1f}."
    lines = 1
    if isinstance(cell.value, str) and cell.alignment.wrap_text:
        lines = len(broken(text, sheet.room(cell), letters, points))
    last = sheet.merged.get((cell.row, cell.column), (cell.row, 0))[0]
    height = sum(sheet.height(row) for row in range(cell.row, last + 1))
    if lines * points * LINE > height + ROUNDING:
        yield f"{lines} lines of '{text[:40]}' take {lines * points * LINE:.0f} points of a row of {height:.0f}."


def _wrapping_faults(sheet: _Sheet, cell: Cell, letters: Face, points: float) -> Iterator[str]:
    for word in re.split(r"[\s-]+", str(cell.value)):
        needed = letters.digits(word, points)
        if needed > sheet.room(cell):
            yield f"the word '{word}' is {needed:.1f} digits wide and broken in {sheet.room(cell):.1f}."


def broken(text: str, room: float, letters: Face, points: float) -> list[str]:
    """The lines that a text is broken into; a word longer than a line is broken inside."""
    lines = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in re.findall(r"[^\s-]+-?|-", paragraph):
            glue = "" if not line or line.endswith("-") else " "
            if line and letters.digits(line + glue + word, points) > room:
                lines.append(line)
                line, glue = "", ""
            line += glue + word
            while len(line) > 1 and letters.digits(line, points) > room:
                fits = max(n for n in range(1, len(line)) if n == 1 or letters.digits(line[:n], points) <= room)
                lines.append(line[:fits])
                line = line[fits:]
        lines.append(line)
    return lines


def shown(value: Any, number_format: str) -> str:
    """What a cell shows. Raises AssertionError for a number format that this module does not know."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return _shown_date(value, number_format)
    if number_format in ("General", "@"):
        return f"{value:.10g}"
    sections = number_format.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 else sections[2] if not value and sections[2:] else None
    body = section or sections[0]
    pattern = re.fullmatch(r'((?:"[^"]*"|[-+$ (])*)((?:#,##)?[0#]+)(,?)(?:\.([0#]+))?(%?)("[^"]*"|[ )]*)', body)
    assert pattern, f"{number_format}: a number format that tests/tools/clipped.py does not know"
    before, whole, thousands, decimals, percent, after = pattern.groups(default="")
    held = abs(value) * (100 if percent else 1) / (1_000 if thousands else 1)
    digits = f"{held:{',' if ',' in whole else ''}.{len(decimals)}f}"
    while decimals.endswith("#") and digits.endswith("0"):
        decimals, digits = decimals[:-1], digits[:-1]
    sign = "-" if value < 0 and section is None else ""
    return f"{sign}{before.replace(chr(34), '')}{digits.rstrip('.')}{percent}{after.strip(chr(34))}"


def _shown_date(value: date, number_format: str) -> str:
    words = {"mm/dd/yyyy": "%m/%d/%Y", "mm/dd/yyyy hh:mm": "%m/%d/%Y %H:%M", "yyyy-mm-dd": "%Y-%m-%d"}
    assert number_format in words, f"{number_format}: a date format that tests/tools/clipped.py does not know"
    return (value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)).strftime(  # noqa: DTZ001
        words[number_format]
    )


def _covered_by_pictures(sheet: _Sheet) -> Iterator[str]:
    """Filled cells below a chart, and charts upon charts."""
    anchors = [_check_anchor(chart) for chart in sheet.sheet._charts]
    areas = [_area(sheet, anchor) for anchor in anchors]
    for number, (first_row, first_col, last_row, last_col) in enumerate(areas):
        for row in range(first_row, last_row + 1):
            for column in range(first_col, last_col + 1):
                if sheet.filled(row, column):
                    yield f"a chart covers {get_column_letter(column)}{row}."
        for later, other in enumerate(areas[number + 1 :], number + 1):
            meet = first_row <= other[2] and other[0] <= last_row and first_col <= other[3] and other[1] <= last_col
            if meet and not _apart(anchors[number], anchors[later]):
                yield "two charts overlap."


def _apart(one: Any, other: Any) -> bool:
    """Whether charts that share cells lie beside each other inside them."""
    if not (hasattr(one, "to") and hasattr(other, "to")):
        return False

    def ends_before(first: Any, second: Any) -> bool:
        across = (first.to.col, first.to.colOff) <= (second._from.col, second._from.colOff)
        return across or (first.to.row, first.to.rowOff) <= (second._from.row, second._from.rowOff)

    return ends_before(one, other) or ends_before(other, one)


def _area(sheet: _Sheet, anchor: Any) -> tuple[int, int, int, int]:
    """Rows and columns under a chart, 1-based and inclusive."""
    start = anchor._from
    first_row, first_col = start.row + 1, start.col + 1
    if hasattr(anchor, "to"):
        return first_row, first_col, anchor.to.row + (anchor.to.rowOff > 0), anchor.to.col + (anchor.to.colOff > 0)
    right, below = start.colOff + anchor.ext.width, start.rowOff + anchor.ext.height
    last_row, last_col = first_row, first_col
    while (right := right - sheet.width(last_col) * PIXELS_PER_DIGIT * EMU_PER_PIXEL) > 0:
        last_col += 1
    while (below := below - sheet.height(last_row) * EMU_PER_POINT) > 0:
        last_row += 1
    return first_row, first_col, last_row, last_col
