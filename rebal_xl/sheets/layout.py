"""Placing described tables on a sheet: headers, rows, widths, captions and print set-up.

Widths come from what the cells show, so that no cell shows ### and no text is cut off.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.sheets import looks
from rebal_xl.sheets.cells import Shown, Value, as_shown, cell_at, put, without_negative_zero
from rebal_xl.sheets.measure_text import text_width, two_line_width, wrapped_lines
from rebal_xl.sheets.schema import Column, Kind, Table

Row = Mapping[str, Value | Shown]

# Points; one line of the body font.
LINE_HEIGHT = 15.0
TITLE_HEIGHT = 27.0
# Results are as wide as what they show, unless their description asks for more than this.
USUAL_WIDTH = 12.0
# Headers up to this many characters stay on one line.
ONE_LINE_HEADER = 12
# Text longer than this is wrapped, characters.
WRAP_AT = 66
# The arrow of a filter and the margins of a cell take about so many characters.
FILTER_ROOM = 3.0
MARGIN = 2.0
HEADER_MARGIN = 1.0
# Fonts differ: a header may fit on one line where we reckon so much of it would.
NEARLY = 0.85
# One step of indent, characters.
INDENT = 1.3
# Fonts differ a little between machines: lines are counted as if they were this much shorter.
CAUTION = 0.97
# The font of explanations is smaller than that of the body by this factor.
NOTE_SCALE = 1.08
# Points above and below the words of a header, together.
HEADER_ROOM = 7.0
# A line of explanation is merged over about so many characters, at most.
NOTE_WIDTH = 110.0
# A landscape letter page without its margins, in points, and a digit of the body font as it is printed.
PAGE_POINTS, DIGIT_POINTS = (734.0, 525.0), 5.6
# A sheet is drawn on one page down to so much of its size; what would be smaller goes on to further pages.
LEAST_SCALE = 0.42
_CENTRED_KINDS = frozenset({Kind.FLAG, Kind.DATE, Kind.WHOLE})
_RIGHT_KINDS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT})


@dataclass(frozen=True, slots=True)
class Placed:
    """A table on a sheet; rows and columns are 1-based and inclusive, the header row is the first."""

    table: Table
    sheet: str
    first_row: int
    first_col: int
    last_row: int
    last_col: int
    # rows of totals below the last row
    totals: int = 0

    @property
    def ref(self) -> str:
        """The whole range, as A4:F9."""
        return f"{get_column_letter(self.first_col)}{self.first_row}:{get_column_letter(self.last_col)}{self.last_row}"

    def column_number(self, name: str) -> int:
        """Sheet column of a column of the table; KeyError when it has none."""
        for offset, column in enumerate(self.table.columns):
            if column.name == name:
                return self.first_col + offset
        raise KeyError(name)

    def cells(self, name: str) -> str:
        """The data cells of a column, as B5:B9."""
        letter = get_column_letter(self.column_number(name))
        return f"{letter}{self.first_row + 1}:{letter}{self.last_row}"


def write_table(
    sheet: Worksheet,
    table: Table,
    rows: Sequence[Row],
    top: int,
    left: int = 1,
    totals: Sequence[Row] = (),
) -> Placed:
    """Write the header, the rows and the totals below them, and make header and rows an Excel table.

    A table needs a row: without rows it gets an empty one. Totals stand below the table, not in it.
    """
    body = list(rows) or [{}]
    for offset, column in enumerate(table.columns):
        _write_header(sheet, column, top, left + offset, table.is_input)
        for step, row in enumerate(body, 1):
            _write_cell(sheet, column, row.get(column.name), top + step, left + offset, table.is_input)
        for step, row in enumerate(totals, len(body) + 1):
            _write_total(sheet, column, row.get(column.name), top + step, left + offset, first=step == len(body) + 1)
    placed = Placed(table, sheet.title, top, left, top + len(body), left + len(table.columns) - 1, len(totals))
    _add_excel_table(sheet, placed)
    return placed


def _write_header(sheet: Worksheet, column: Column, row: int, number: int, is_input: bool) -> None:
    cell = cell_at(sheet, row, number)
    put(cell, column.name)
    cell.font = looks.HEADER_FONT
    cell.fill = looks.REQUIRED_FILL if column.required or not is_input else looks.OPTIONAL_FILL
    cell.alignment = looks.HEADER_ALIGNMENT if is_input else _header_alignment(column)
    cell.border = looks.GRID_BORDER


def _write_cell(sheet: Worksheet, column: Column, value: Value | Shown, row: int, number: int, is_input: bool) -> None:
    cell = cell_at(sheet, row, number)
    figure, code = value if isinstance(value, Shown) else (value, column.number_format)
    put(cell, figure if is_input else without_negative_zero(figure, code), code)
    cell.font = looks.BODY_FONT
    cell.border = looks.GRID_BORDER if is_input else looks.ROW_BORDER
    cell.alignment = _alignment(column, value)
    if is_input:
        cell.fill = looks.INPUT_FILL


def _write_total(sheet: Worksheet, column: Column, value: Value | Shown, row: int, number: int, first: bool) -> None:
    cell = cell_at(sheet, row, number)
    figure, code = value if isinstance(value, Shown) else (value, column.number_format)
    put(cell, without_negative_zero(figure, code), code)
    cell.font = looks.BOLD_FONT
    cell.alignment = (
        looks.TOP if isinstance(value, str) else looks.CENTRED if column.kind in _CENTRED_KINDS else looks.RIGHT
    )
    if first:
        cell.border = looks.TOTAL_BORDER


def _header_alignment(column: Column) -> Alignment:
    if column.kind in _CENTRED_KINDS:
        return looks.HEADER_ALIGNMENT
    return looks.RIGHT_HEADER_ALIGNMENT if column.kind in _RIGHT_KINDS else looks.LEFT_HEADER_ALIGNMENT


def _alignment(column: Column, value: Value | Shown) -> Alignment:
    held = value.value if isinstance(value, Shown) else value
    if isinstance(held, str):
        if column.kind in _RIGHT_KINDS:
            return looks.RIGHT
        return (
            looks.WRAPPED
            if len(held) > (column.wrap_at or WRAP_AT)
            else looks.CENTRED
            if column.kind in _CENTRED_KINDS
            else looks.TOP
        )
    return looks.CENTRED if column.kind in _CENTRED_KINDS else looks.RIGHT if column.kind in _RIGHT_KINDS else looks.TOP


def _add_excel_table(sheet: Worksheet, placed: Placed) -> None:
    excel = ExcelTable(displayName=placed.table.name, ref=placed.ref)
    excel.tableColumns = [TableColumn(id=i, name=column.name) for i, column in enumerate(placed.table.columns, 1)]
    # Filters help where people type and search; on a result they would only hide headers.
    if placed.table.is_input:
        excel.autoFilter = AutoFilter(ref=placed.ref)
    excel.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=not placed.table.is_input)
    sheet.add_table(excel)


def fit_widths(sheet: Worksheet, placed: Sequence[Placed], least: Mapping[int, float] | None = None) -> None:
    """Make every column as wide as what it shows, and rows of wrapped text as high."""
    wanted = dict(least or {})
    for one in placed:
        for number, column in enumerate(one.table.columns, one.first_col):
            wanted[number] = max(wanted.get(number, 0.0), _column_width(sheet, one, number, column))
    for number, width in wanted.items():
        names = {one.table.columns[number - one.first_col].name for one in placed if _heads(one, number)}
        sheet.column_dimensions[get_column_letter(number)].width = _airy(math.ceil(width), names)
    for one in placed:
        fit_heights(sheet, one)


def _column_width(sheet: Worksheet, placed: Placed, number: int, column: Column) -> float:
    room = FILTER_ROOM if placed.table.is_input else MARGIN
    width = _header_width(column.name) + room + (0 if placed.table.is_input else INDENT)
    if placed.table.is_input or column.width > USUAL_WIDTH:
        width = max(width, column.width)
    for row in range(placed.first_row + 1, placed.last_row + placed.totals + 1):
        cell = sheet.cell(row, number)
        shown = text_width(as_shown(cell.value, cell.number_format), bool(cell.font.bold))
        if cell.alignment.wrap_text:
            shown = min(shown / CAUTION, column.wrap_at or WRAP_AT)
        elif row > placed.last_row and isinstance(cell.value, str) and sheet.cell(row, number + 1).value is None:
            # Labels of totals run over the empty cells beside them.
            continue
        width = max(width, shown + cell.alignment.indent * INDENT + MARGIN)
    return width


def _heads(placed: Placed, column: int) -> bool:
    """Whether a table of results has a header in a column."""
    return not placed.table.is_input and placed.first_col <= column <= placed.last_col


def _airy(width: int, names: Collection[str]) -> int:
    """A width in which no header just about fits on one line: it would run into its neighbor."""
    lines = [text_width(name, bold=True) for name in names]
    # the shortest first: room for one may be what another nearly fits
    for line in sorted(lines):
        if NEARLY * line + HEADER_MARGIN <= width:
            width = max(width, math.ceil(line + MARGIN + INDENT))
    return width


def _header_width(name: str) -> float:
    """Room for a short header on one line, or for a long one on two."""
    return text_width(name, bold=True) if len(name) <= ONE_LINE_HEADER else two_line_width(name, bold=True)


def total_width(sheet: Worksheet) -> float:
    """Characters that the columns with a width take together."""
    return sum(dimension.width for dimension in sheet.column_dimensions.values() if dimension.customWidth)


def fit_heights(sheet: Worksheet, placed: Placed) -> None:
    """Make the rows of a table as high as their wrapped texts; call it when widths are final."""
    for row in range(placed.first_row, placed.last_row + 1):
        most = 1
        for number in range(placed.first_col, placed.last_col + 1):
            cell = cell_at(sheet, row, number)
            if isinstance(cell.value, str) and cell.alignment.wrap_text:
                width = sheet.column_dimensions[get_column_letter(number)].width or 10.0
                room = (width - _taken(placed, row, cell.alignment.indent)) * CAUTION
                most = max(most, wrapped_lines(cell.value, room, bool(cell.font.bold)))
        if row == placed.first_row:
            _raise_row(sheet, row, most * LINE_HEIGHT + HEADER_ROOM)
        elif most > 1:
            _raise_row(sheet, row, most * LINE_HEIGHT + 3)


def _taken(placed: Placed, row: int, indent: float) -> float:
    """What margins, indents and the arrow of a filter take of a column's width."""
    if row > placed.first_row:
        return MARGIN + indent * INDENT
    return FILTER_ROOM if placed.table.is_input else HEADER_MARGIN + indent * INDENT


def _raise_row(sheet: Worksheet, row: int, height: float) -> None:
    """Make a row at least so high; tables side by side share it."""
    sheet.row_dimensions[row].height = max(sheet.row_dimensions[row].height or 0.0, height)


def colour_losses(sheet: Worksheet, cells: str) -> None:
    """Let losses stand out among figures; their minus sign tells them without colour."""
    sheet.conditional_formatting.add(
        cells, Rule(type="cellIs", operator="lessThan", formula=["0"], dxf=DifferentialStyle(font=looks.LOSS_FONT))
    )


def stress(sheet: Worksheet, cells: str, word: str = "", fill: PatternFill = looks.ABOVE_FILL) -> None:
    """Let the cells that hold a word, or without one the amounts above zero, stand out by fill and bold."""
    first = cells.partition(":")[0]
    # A text is greater than any number.
    held = f'{first}="{word}"' if word else f"AND(ISNUMBER({first}),{first}>0.004)"
    look = DifferentialStyle(font=looks.RULE_FONT, fill=fill)
    sheet.conditional_formatting.add(cells, Rule(type="expression", formula=[held], dxf=look))


def write_title(sheet: Worksheet, text: str) -> None:
    """The heading in A1."""
    cell = cell_at(sheet, 1, 1)
    put(cell, text)
    cell.font = looks.TITLE_FONT
    sheet.row_dimensions[1].height = TITLE_HEIGHT


def write_caption(sheet: Worksheet, text: str, row: int, left: int = 1) -> None:
    """The heading of one table among several."""
    cell = cell_at(sheet, row, left)
    put(cell, text)
    cell.font = looks.CAPTION_FONT


def write_note(sheet: Worksheet, text: str, row: int, left: int = 1, last: int | None = None) -> None:
    """A line of explanation, merged over the columns up to `last` and wrapped; call it when widths are final."""
    width, end = 0.0, left
    for number in range(left, (last or left + 40) + 1):
        if width and width >= NOTE_WIDTH:
            break
        width += sheet.column_dimensions[get_column_letter(number)].width or 13.0
        end = number
    cell = cell_at(sheet, row, left)
    put(cell, text)
    cell.font = looks.SUBTITLE_FONT
    cell.alignment = looks.NOTE_ALIGNMENT
    if end > left:
        sheet.merge_cells(start_row=row, start_column=left, end_row=row, end_column=end)
    _raise_row(sheet, row, wrapped_lines(text, width * NOTE_SCALE) * 13.5 + 3)


def write_remark(sheet: Worksheet, text: str, row: int, column: int) -> None:
    """A few words beside a row of a table; they run over the empty cells on their right."""
    cell = cell_at(sheet, row, column)
    put(cell, text)
    cell.font, cell.alignment = looks.SUBTITLE_FONT, looks.TOP


def _fits_a_page(sheet: Worksheet, pages_wide: int) -> bool:
    """Whether one page holds all rows in a size that can be read."""
    across, down = PAGE_POINTS
    # looked up without making a row
    rows = (sheet.row_dimensions.get(row) for row in range(1, sheet.max_row + 1))
    height = sum(LINE_HEIGHT if row is None or row.height is None else row.height for row in rows)
    scale = min(1.0, pages_wide * across / max(1.0, total_width(sheet) * DIGIT_POINTS))
    pages = height * scale / down
    return pages <= 1.0 or scale / pages >= LEAST_SCALE


def set_up_print(
    sheet: Worksheet, header_row: int | None = None, foot: str = "", pages_wide: int = 1, label_columns: int = 0
) -> None:
    """Landscape letter paper, headers and label columns on every page, page numbers below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 1
    sheet.page_setup.fitToWidth = pages_wide
    sheet.page_setup.fitToHeight = 1 if _fits_a_page(sheet, pages_wide) else 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.25
    if label_columns and pages_wide > 1:
        sheet.print_title_cols = f"A:{get_column_letter(label_columns)}"
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"
    left, right = foot.replace("&", "&&")[:120], "&A, page &P of &N"
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(left or None), right=_HeaderFooterPart(right)
    )
