"""Whether a table can be written to cell by cell, as an import does: a plain list in dollars with a row for each lot.

What was understood by putting lists together, by turning a matrix or by multiplying thousands has no cell for a lot in
dollars. To write there would spoil the advisor's sheet, so that it is refused with what to do.
"""

from collections.abc import Mapping, Sequence

from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.values import listed
from rebal_xl.sheets.grid import Grid, GridBook
from rebal_xl.sheets.schema import Kind, Table

_NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.WHOLE})


def check_writable(
    table: Table, regions: Mapping[str, Sequence[Region]], book: GridBook, findings: Findings
) -> Region | None:
    """The one region of a table that can be written to, None where there is none; why not is an error.

    `book` is the workbook as it stands, before anything in it was understood.
    """
    found = regions.get(table.name, ())
    if not found:
        return None
    why = _why_not(found, {grid.name: grid for grid in book.grids})
    if not why:
        return found[0]
    at = found[1] if len(found) > 1 else found[0]
    findings.error(
        "layout-not-writable",
        at.place(),
        f"{table.name} can be read, and new numbers cannot be written into it: {why}.",
        f"Keep {table.name} as one list with a row for each entry, the account beside it and dollars as they are; "
        "rebal-xl new writes an empty one.",
    )
    return None


def _why_not(found: Sequence[Region], sheets: Mapping[str, Grid]) -> str:
    first = found[0]
    if len(found) > 1:
        stand = listed([f"in {one.place().cell} of {one.grid.name}" for one in found[:3]], "and")
        return f"it stands in {len(found)} lists ({stand}{' and elsewhere' if len(found) > 3 else ''})"
    if first.grid.origin:
        return "not every row says its account and security in cells of its own"
    scaled = _multiplied(first, sheets.get(first.grid.name))
    return f"{listed(scaled, 'and')} stand{'s' if len(scaled) == 1 else ''} in thousands" if scaled else ""


def _multiplied(region: Region, sheet: Grid | None) -> list[str]:
    """The columns of numbers that were read as others than stand on the sheet."""
    if sheet is None or sheet.cells is region.grid.cells:
        return []
    return [
        name
        for name, number in region.columns.items()
        if region.table.column(name).kind in _NUMBERS
        and any(
            cell.value != sheet.cells[place].value
            for place, cell in region.grid.cells.items()
            if place[1] == number and place[0] > region.header_row and place in sheet.cells
        )
    ]
