"""Custodians' files read, shown, and brought into a copy of a household's workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rebal_xl.files.cellwrite import write_tables
from rebal_xl.files.mappings import kept_mappings
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import Saved, default_output
from rebal_xl.files.statements import FilesRead, LeftOut, read_files
from rebal_xl.household import Household, Policy
from rebal_xl.intake.custodians.bring_in import Import, plan_import
from rebal_xl.intake.custodians.statement import Statement, read_statement
from rebal_xl.intake.custodians.whose import Whose
from rebal_xl.intake.door import read_grids
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.tables import HOLDINGS


@dataclass(frozen=True, slots=True)
class Understood:
    """What files say by themselves, without a workbook."""

    statement: Statement
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changes, and where the changed copy of the workbook is; nowhere when nothing changes."""

    found: Import
    left_out: tuple[LeftOut, ...]
    saved: Saved | None


def household_of_files(paths: Sequence[Path], as_of: date | None = None) -> tuple[Household, Policy]:
    """The household that files hold: custodians' files, and tables such as Accounts, Securities and Targets.

    Targets may be missing: the policy then has none. Raises InputErrors with every problem, FileRefused for a file that
    is no table.
    """
    read = read_files(paths)
    grids = tuple(grid for file in read.files for grid in file.book.grids)
    book = replace(read.files[0].book, grids=grids) if len(read.files) == 1 else GridBook(None, grids)
    return read_grids(book, as_of, as_of_wins=True, needed=(HOLDINGS,), mappings=kept_mappings())


def understand(paths: Sequence[Path]) -> Understood:
    """What custodians' files say. Raises as `household_of_files`."""
    read = read_files(paths)
    statement = read_statement(read.files, Whose(()), kept_mappings())
    return Understood(statement, read.left_out + _empty(read, statement))


def import_into(workbook: Path, paths: Sequence[Path], out: Path | None = None, *, write: bool = True) -> Imported:
    """Bring files into a copy of a workbook, `out` or '<name> imported.xlsx' beside it.

    Holdings, the cash of Accounts, prices of Securities and RecentTrades are updated; every other cell and every other
    column stays. Raises InputErrors with every problem in the files, FileRefused where nothing can be written.
    """
    read = read_files(paths)
    found = plan_import(read_book(workbook), read.files, kept_mappings())
    left = read.left_out + _empty(read, found.statement)
    if not (found.statement.holdings or found.statement.trades):
        raise FileRefused(
            "These files hold no holdings: no header row with Account, Symbol and Quantity was found. If a portal "
            "calls its columns otherwise, name them once: rebal-xl mapping new NAME FILE"
        )
    if not found.edits or not write:
        return Imported(found, left, None)
    return Imported(found, left, write_tables(workbook, found.edits, out or default_output(workbook, "imported")))


def _empty(read: FilesRead, statement: Statement) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(file.name, "no header row of holdings, lots or trades was found in it")
        for file in statement.files
        if file.empty
    )
