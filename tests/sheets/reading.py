"""Reading a workbook of ours back, cell by cell, by its Excel tables alone."""

import io
from datetime import datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.sheets.save import workbook_bytes


def reopened(workbook: Workbook) -> Workbook:
    """The workbook as it comes back from its file."""
    return load_workbook(io.BytesIO(workbook_bytes(workbook)))


def sheet_of(workbook: Workbook, table: str) -> Worksheet:
    return next(sheet for sheet in workbook.worksheets if table in sheet.tables)


def table_cells(workbook: Workbook, table: str) -> list[dict[str, Cell]]:
    """Every row of an Excel table as header -> cell."""
    sheet = sheet_of(workbook, table)
    first_col, first_row, last_col, last_row = range_boundaries(sheet.tables[table].ref)
    headers = [sheet.cell(first_row, number).value for number in range(first_col, last_col + 1)]
    assert headers == [column.name for column in sheet.tables[table].tableColumns]
    return [
        dict(zip(headers, (sheet.cell(row, number) for number in range(first_col, last_col + 1)), strict=True))
        for row in range(first_row + 1, last_row + 1)
    ]


def table_values(workbook: Workbook, table: str) -> list[dict[str, Any]]:
    """Every row of an Excel table as header -> value, empty cells left out."""
    return [
        {header: _whole_day(cell.value) for header, cell in row.items() if cell.value is not None}
        for row in table_cells(workbook, table)
    ]


def _whole_day(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) and value.time() == time() else value


def row_of(workbook: Workbook, table: str, **wanted: Any) -> dict[str, Any]:
    """The one row of a table with those values."""
    found = [
        row
        for row in table_values(workbook, table)
        if all(row.get(header) == value for header, value in wanted.items())
    ]
    assert len(found) == 1, found
    return found[0]


def below(workbook: Workbook, table: str, step: int = 1) -> list[Any]:
    """The values of a row of totals below a table."""
    sheet = sheet_of(workbook, table)
    first_col, _, last_col, last_row = range_boundaries(sheet.tables[table].ref)
    return [sheet.cell(last_row + step, number).value for number in range(first_col, last_col + 1)]


def texts(sheet: Worksheet) -> list[str]:
    """Every text of a sheet."""
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
