"""What earlier runs left on our own sheets of a workbook file: the runs of its Run Log, rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rebal_xl.files.package import Package
from rebal_xl.files.workbookxml import WorkbookXml
from rebal_xl.sheets.grid import Cell, Grid, GridBook, TableRange
from rebal_xl.sheets.results_log import RunEntry, earlier_runs


def our_grid(path: Path, book: GridBook, kind: str) -> Grid | None:
    """Our sheet of that kind as the last run wrote it; None where there is none."""
    sheets = WorkbookXml(Package.read(path), path.name).our_sheets()
    tabs = [ours.sheet.name for ours in sheets if ours.kind == kind and not ours.previous]
    return next((grid for grid in book.grids if grid.name in tabs), None)


def logged_runs(grid: Grid) -> tuple[RunEntry, ...]:
    """The runs on a Run Log sheet, the newest first; none where its table is gone."""
    tables = sorted(grid.tables, key=lambda table: table.first_row)
    log, orders = ([table_rows(grid.cells, table) for table in tables] + [[], []])[:2]
    return earlier_runs(log, orders)


def table_rows(cells: Mapping[tuple[int, int], Cell], table: TableRange) -> list[dict[str, object]]:
    """The body of a table, a dictionary of header -> value for each row."""
    columns = range(table.first_col, table.last_col + 1)

    def value(row: int, column: int) -> object:
        cell = cells.get((row, column))
        return cell.value if cell else None

    headers = {column: str(value(table.first_row, column)) for column in columns}
    body = range(table.first_row + table.header_rows, table.last_row + 1 - table.totals_rows)
    return [{headers[column]: value(row, column) for column in columns} for row in body]
