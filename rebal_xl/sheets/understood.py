"""The Understood sheet: what a reader took every range of the advisor's workbook for, with a column to correct it.

It stays in the workbook; what is written under Correction is followed at the next reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.sheets import looks
from rebal_xl.sheets.layout import Placed
from rebal_xl.sheets.results_sheet import Block, Heading, add_sheet
from rebal_xl.sheets.schema import Column, Kind, Table
from rebal_xl.sheets.tables import INPUT_TABLES, input_table

KIND = "Understood"
NOT_READ = "not read"
# What may be written about numbers, beside the names of columns.
POINTS, SHARES, THOUSANDS, DOLLARS = "60 means 60 %", "0.6 means 60 %", "in thousands", "in dollars"
WHOLE = "(the whole table)"
# The line that says which of several households is meant.
WHICH = "(which household)"
# Characters; the longest word for a correction.
CORRECTION_WIDTH = 26.0

UNDERSTOOD = Table(
    name=KIND,
    sheet=KIND,
    is_input=False,
    note="One row per column of every range that was read, and one for the range itself. Written by `rebal-xl "
    "understand` and by Understood on the ribbon; what is typed under Correction is followed whenever the workbook is "
    "read again.",
    columns=(
        Column("Sheet", Kind.TEXT, "The sheet it stands on."),
        Column("Range", Kind.TEXT, "Header row and rows that were looked at."),
        Column("Read As", Kind.TEXT, "The table it was taken for."),
        Column(
            "Header",
            Kind.TEXT,
            "The header as it is written; (the whole table) for the range itself, (which household) where the workbook "
            "holds several.",
        ),
        Column("Column Read", Kind.TEXT, "The column it was taken for."),
        Column("Unit and Sign", Kind.TEXT, "How its values were read."),
        Column("Example", Kind.TEXT, "The first value, as written and as read."),
        Column(
            "Correction",
            Kind.TEXT,
            "Another column's name where that is wrong; how numbers are meant; not read to leave it out.",
        ),
    ),
)
WORDS = Table(
    name="UnderstoodWords",
    sheet=KIND,
    is_input=False,
    note="What may be written under Correction.",
    columns=(
        Column("Table", Kind.TEXT, "The table."),
        Column("Word", Kind.TEXT, "A word for Correction."),
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of Understood."""

    sheet: str
    range: str
    table: str
    header: str
    column: str = ""
    unit: str = ""
    example: str = ""
    correction: str = ""


def words_of(table: str) -> tuple[str, ...]:
    """What may be written under Correction beside a column of a table."""
    return (NOT_READ, *(column.name for column in input_table(table).columns), POINTS, SHARES, THOUSANDS, DOLLARS)


def understood_workbook(lines: Sequence[Line], file: str, households: Sequence[str] = ()) -> Workbook:
    """The Understood sheet as a workbook of its own, to be brought into the advisor's.

    `households` are the names to choose from, where the workbook holds several.
    """
    workbook = Workbook()
    for sheet in list(workbook.worksheets):
        workbook.remove(sheet)
    tables = [table.name for table in INPUT_TABLES if any(line.table == table.name for line in lines)]
    words = [(WHICH, name) for name in households] + [(table, word) for table in tables for word in words_of(table)]
    heading = Heading(
        f"{file} · this is what was understood",
        "Where a line is wrong, choose a word under Correction and save: it is followed from then on.",
        KIND,
    )
    rows = [
        {
            "Sheet": line.sheet,
            "Range": line.range,
            "Read As": line.table,
            "Header": line.header,
            "Column Read": line.column,
            "Unit and Sign": line.unit,
            "Example": line.example,
            "Correction": line.correction,
        }
        for line in lines
    ]
    blocks = [
        Block(UNDERSTOOD, rows),
        Block(WORDS, [{"Table": table, "Word": word} for table, word in words], "Words for Correction"),
    ]
    placed = add_sheet(workbook, KIND, heading, blocks)
    sheet = workbook[KIND]
    column, first = placed[0].column_number("Correction"), placed[0].first_row + 1
    letter = get_column_letter(placed[1].column_number("Word"))
    for table in dict.fromkeys(name for name, _ in words):
        span = [number for number, (name, _) in enumerate(words) if name == table]
        top = placed[1].first_row + 1
        where = f"${letter}${top + span[0]}:${letter}${top + span[-1]}"
        _offer(sheet, where, [first + n for n, line in enumerate(lines) if _correctable(line, table)], column)
    for row, line in enumerate(lines, first):
        _dress(sheet, placed[0], row, line)
    sheet.column_dimensions[get_column_letter(column)].width = CORRECTION_WIDTH
    sheet.sheet_properties.tabColor = looks.GOLD
    whole = [first + number for number, line in enumerate(lines) if line.header == WHOLE]
    _offer(sheet, f'"{NOT_READ}"', whole, column)
    workbook.properties.creator = "rebal_xl"
    return workbook


def _dress(sheet: Worksheet, placed: Placed, row: int, line: Line) -> None:
    """Where a word may be written is yellow; the first line of a range stands out."""
    if line.header in (WHOLE, WHICH):
        for number in range(placed.first_col, placed.last_col):
            sheet.cell(row, number).fill, sheet.cell(row, number).font = looks.GROUP_FILL, looks.BOLD_FONT
    if line.header:
        cell = sheet.cell(row, placed.column_number("Correction"))
        cell.fill, cell.border = looks.INPUT_FILL, looks.GRID_BORDER


def _correctable(line: Line, table: str) -> bool:
    return line.header == WHICH if table == WHICH else line.table == table and line.header not in ("", WHOLE)


def _offer(sheet: Worksheet, formula: str, rows: Sequence[int], column: int) -> None:
    if not rows:
        return
    offered = DataValidation(type="list", formula1=formula, allow_blank=True, errorStyle="warning")
    for row in rows:
        offered.add(f"{get_column_letter(column)}{row}")
    sheet.add_data_validation(offered)
