"""The template of a household as a grid book, without a file: what a reader hands over after Excel saved it."""

from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.utils import range_boundaries

from rebal_xl.household import Household, Policy
from rebal_xl.sheets.grid import Cell, Grid, GridBook, TableRange
from rebal_xl.sheets.template import build_template


def template_book(household: Household, policy: Policy) -> GridBook:
    """The grids of the template filled with a household and its policy."""
    return grids_of(build_template(household, policy))


def grids_of(workbook: Workbook) -> GridBook:
    """The grids of a workbook in memory."""
    grids = []
    for sheet in workbook.worksheets:
        tables = []
        for table in sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            tables.append(TableRange(table.displayName, sheet.title, top, left, bottom, right))
        found = {(cell.row, cell.column): as_cell(cell) for row in sheet.iter_rows() for cell in filled(row)}
        grids.append(Grid(sheet.title, found, tuple(tables)))
    return GridBook(None, tuple(grids))


def filled(row: tuple[SheetCell, ...]) -> Iterator[SheetCell]:
    return (cell for cell in row if cell.value is not None)


def as_cell(cell: SheetCell) -> Cell:
    value = cell.value
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    return Cell(value, cell.number_format)
