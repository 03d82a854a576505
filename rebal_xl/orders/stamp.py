"""An export stamped into the Run Log of its workbook: when, as what, how many orders, into which file.

The Run Log is ours, so its one cell is written into the workbook itself; every other part keeps its bytes.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rebal_xl.files.cellwrite import edited
from rebal_xl.files.ours import our_grid
from rebal_xl.files.package import Package, PackageLimits, read_bytes
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.intake.table_edits import Change, TableEdit
from rebal_xl.sheets import results_log
from rebal_xl.sheets.grid import Grid, TableRange
from rebal_xl.words import count


def stamp_text(when: datetime, exporting: str, orders: int, file: Path) -> str:
    """One export in words, without the semicolon that parts it from the next."""
    name = file.name.replace(";", ",")
    return f"{when:%m/%d/%Y %H:%M} as {exporting}: {count(orders, 'order')}, {name}"


def stamped(path: Path, fingerprint: str, stamp: str) -> tuple[bytes, bytes]:
    """The workbook as it is, and with the stamp in the newest row of that plan.

    Raises FileRefused where the Run Log cannot take it.
    """
    held = read_bytes(path, PackageLimits())
    grid = our_grid(path, read_book(path), results_log.KIND)
    if grid is None:
        raise FileRefused(f"'{path.name}' has no Run Log any more. Rebalance again. Nothing was written.")
    cell = stamp_cell(grid, fingerprint, stamp, path.name)
    edit = TableEdit("Run Log", log_of(grid, path.name), (cell,))
    return held, edited(Package.from_bytes(held, path.name), path, [edit], recalculate=False).to_bytes()


def log_of(grid: Grid, name: str) -> TableRange:
    """The table of runs on a Run Log. Raises FileRefused where it is gone."""
    table = min(grid.tables, key=lambda table: table.first_row, default=None)
    if table is None:
        raise FileRefused(f"'{name}' has no Run Log any more. Rebalance again. Nothing was written.")
    return table


def stamp_cell(grid: Grid, fingerprint: str, stamp: str, name: str) -> Change:
    """The cell of a Run Log that takes the stamp, behind earlier ones; `name` is the workbook's for the sentences.

    Raises FileRefused where the Run Log cannot take it.
    """
    table = log_of(grid, name)
    columns = {
        cell.value: column
        for column in range(table.first_col, table.last_col + 1)
        if (cell := grid.cells.get((table.first_row, column))) is not None
    }
    if results_log.EXPORTED not in columns:
        raise FileRefused(
            f"The Run Log of '{name}' was written by an earlier version and has no column "
            f"{results_log.EXPORTED}. Rebalance again. Nothing was written."
        )
    for row in range(table.first_row + 1, table.last_row + 1):
        cell = grid.cells.get((row, columns["Fingerprint"]))
        if cell is not None and cell.value == fingerprint:
            before = grid.cells.get((row, columns[results_log.EXPORTED]))
            earlier = f"{before.value}; " if before is not None and before.value else ""
            return Change(row, columns[results_log.EXPORTED], f"{earlier}{stamp}")
    raise FileRefused(f"The Run Log of '{name}' has no row of this plan. Rebalance again. Nothing was written.")
