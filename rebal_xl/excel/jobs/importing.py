"""
Import holdings: custodians' CSV files into the advisor's own Holdings table, after showing what would change.

The one button that writes on a sheet of his. Rows of accounts that the files do not name stay as they are. A lot that
is in the table and in a file keeps its row, with everything else written in it; cells with formulas are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rebal_xl.api import TEXT_FILES
from rebal_xl.excel.jobs.base import Ask, Desk, Done
from rebal_xl.excel.jobs.orders import YES
from rebal_xl.excel.live.fill import Change, fill_table
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.files.csvbook import read_csv_book
from rebal_xl.files.reader import read_book
from rebal_xl.household import InputErrors
from rebal_xl.intake.book import Spellings
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import Row, read_rows
from rebal_xl.intake.values import CORE_MARK, clean
from rebal_xl.sheets.cells import Value
from rebal_xl.sheets.grid import GridBook, TableRange
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS
from rebal_xl.words import count

FILES = "Which files of holdings or lots should be imported? Choose them as the custodian offers them for download."
_STAGE = "import"
_LINES_TOLD = 12


@dataclass(slots=True)
class Merge:
    """What the files would change in the table."""

    changes: list[Change] = field(default_factory=list)
    # account -> (rows in the table, rows in the files)
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    # accounts of the files that the workbook does not list, each with what it might mean
    unknown: list[str] = field(default_factory=list)
    # columns of the files that the table does not have
    dropped: list[str] = field(default_factory=list)


def begin_import(book: OpenBook, answer: str, desk: Desk) -> Done | Ask:
    """Ask for files, show what would change, and write it when the advisor says so."""
    said = answer.strip()
    files = desk.memory.pop(_STAGE, None)
    if not said:
        return Ask("files", FILES)
    if files is not None and said.lower() not in YES:
        return Done("Nothing was imported.")
    paths = files or [Path(part.strip()) for part in re.split(r"[|\n\r]+", said) if part.strip()]
    grids = read_open_book(book, ours=False)
    table, merge = read_merge(grids, paths)
    if not merge.changes:
        return Done("The files hold what the Holdings table holds already.")
    if files is None:
        desk.memory[_STAGE] = paths
        return Ask("yesno", _summary(merge))
    sheet = book.sheet(table.sheet)
    assert sheet is not None
    fill_table(book, sheet, table, merge.changes)
    return Done(f"{_counted(merge)} written to {table.name} on {table.sheet}. Press Check.")


def read_merge(grids: GridBook, paths: Sequence[Path]) -> tuple[TableRange, Merge]:
    """The Holdings table of the workbook, and what the files change in it.

    Raises InputErrors for files that cannot be read as holdings, BookRefused where there is no table to write to.
    """
    rows_in_files = _file_rows(paths)
    findings = Findings.of(grids)
    regions = find_tables(grids, findings)
    region, table = _holdings(regions)
    held = read_rows(HOLDINGS, (region,), findings)
    accounts = read_rows(ACCOUNTS, regions.get(ACCOUNTS.name, ()), findings)
    spellings = Spellings([row.text("Account") for row in (*accounts, *held)])
    merge = Merge()
    listed = Spellings(row.text("Account") for row in accounts)
    by_account: dict[str, list[Row]] = {}
    for row in rows_in_files:
        by_account.setdefault(spellings.find(row.text("Account")) or row.text("Account"), []).append(row)
    merge.unknown = [f"{name}.{listed.hint(name)}" for name in by_account if listed.find(name) is None]
    given = dict.fromkeys(name for row in rows_in_files for name in row.region.columns)
    merge.dropped = [name for name in given if name not in region.columns]
    free: list[int] = []
    added: list[dict[str, Value]] = []
    for account, new in by_account.items():
        old = [row for row in held if (spellings.find(row.text("Account")) or row.text("Account")) == account]
        merge.rows[account] = (len(old), len(new))
        _merge_account(merge, region, account, old, new, free, added)
    _place(merge, region, table, free, added, {row.number for row in held})
    return table, merge


def _file_rows(paths: Sequence[Path]) -> tuple[Row, ...]:
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise BookRefused(f"There is no file '{missing[0]}'. Nothing was imported.")
    texts = [path for path in paths if path.suffix.lower() in TEXT_FILES]
    grids = list(read_csv_book(texts).grids) if texts else []
    for path in paths:
        if path not in texts:
            grids += [replace(grid, name=f"{path.stem} {grid.name}") for grid in read_book(path).grids]
    files = GridBook(None, tuple(grids))
    findings = Findings.of(files)
    regions = find_tables(files, findings).get(HOLDINGS.name, ())
    rows = read_rows(HOLDINGS, regions, findings)
    if findings.errors:
        raise InputErrors(findings.errors)
    if not rows:
        raise BookRefused("These files hold no holdings: no header row with Account, Symbol and Quantity was found.")
    return rows


def _holdings(regions: Mapping[str, Sequence[Region]]) -> tuple[Region, TableRange]:
    for region in regions.get(HOLDINGS.name, ())[:1]:
        for table in region.grid.tables:
            if table.first_row == region.header_row and table.first_col == min(region.headers):
                return region, table
    raise BookRefused(
        "Holdings can be imported into an Excel table only. Select your holdings with their headers and press Ctrl+T, "
        "or press Insert template."
    )


def _merge_account(
    merge: Merge,
    region: Region,
    account: str,
    old: Sequence[Row],
    new: Sequence[Row],
    free: list[int],
    added: list[dict[str, Value]],
) -> None:
    """Lots that are in both keep their rows; what is left of either is collected."""
    waiting: dict[tuple[object, ...], list[Row]] = {}
    for row in old:
        waiting.setdefault(_lot_key(row), []).append(row)
    for row in new:
        values = row_values(row, account)
        same = waiting.get(_lot_key(row))
        if not same:
            added.append(values)
            continue
        kept = same.pop(0)
        now = row_values(kept, account)
        different = {name: value for name, value in values.items() if now.get(name) != value}
        _change(merge, region, kept.number, different)
    free += [row.number for rows in waiting.values() for row in rows]


def _lot_key(row: Row) -> tuple[object, ...]:
    return row.text("Symbol"), row.day("Acquired"), row.text("Lot")


def row_values(row: Row, account: str) -> dict[str, Value]:
    """A row as cells hold it, by our column names; what the custodian says it does not know stays in his words."""
    values: dict[str, Value] = {}
    for name, value in row.values.items():
        raw = row.cell(name)
        written = clean(raw.value) if raw is not None and isinstance(raw.value, str) else ""
        if name == "Account":
            values[name] = account
        elif name == "Symbol" and written.endswith(CORE_MARK):
            # The mark says that it is the account's cash.
            values[name] = written
        elif isinstance(value, str | float | bool) or hasattr(value, "year"):
            values[name] = value  # type: ignore[assignment]
        else:
            values[name] = written
    return values


def _change(merge: Merge, region: Region, row: int, values: Mapping[str, Value]) -> None:
    for name, value in values.items():
        column = region.columns.get(name)
        cell = None if column is None else region.grid.cells.get((row, column))
        if column is not None and not (cell is not None and cell.formula):
            described = HOLDINGS.column(name)
            merge.changes.append(Change(row, column, value, described.kind is Kind.DATE))


def _place(
    merge: Merge,
    region: Region,
    table: TableRange,
    free: list[int],
    added: Sequence[Mapping[str, Value]],
    used: set[int],
) -> None:
    """Put new lots where lots went away, then on blank rows of the table, then below it."""
    body = range(table.first_row + table.header_rows, table.last_row - table.totals_rows + 1)
    columns = range(table.first_col, table.last_col + 1)
    blank = [row for row in body if row not in used and not any((row, c) in region.grid.cells for c in columns)]
    gone = iter(sorted(free))
    places = [*sorted(free), *blank, *range(body.stop, body.stop + len(added))][: len(added)]
    for row, values in zip(places, added, strict=True):
        empty: dict[str, Value] = dict.fromkeys(_filled(region, row)) if row in free else {}
        _change(merge, region, row, {**empty, **values})
    for row in gone:
        if row not in places:
            _change(merge, region, row, dict.fromkeys(_filled(region, row)))


def _filled(region: Region, row: int) -> Iterable[str]:
    return [name for name, column in region.columns.items() if (row, column) in region.grid.cells]


def _counted(merge: Merge) -> str:
    return f"{count(sum(new for _, new in merge.rows.values()), 'row')} of {count(len(merge.rows), 'account')}"


def _summary(merge: Merge) -> str:
    lines = [f"{account}: {count(old, 'row')} now, {new} in the files" for account, (old, new) in merge.rows.items()]
    if len(lines) > _LINES_TOLD:
        lines = [*lines[:_LINES_TOLD], f"and {count(len(lines) - _LINES_TOLD, 'more account')}"]
    if merge.unknown:
        lines.append(f"Not in Accounts yet: {' '.join(merge.unknown)}")
    if merge.dropped:
        lines.append(f"Your table has no columns for: {', '.join(merge.dropped)}.")
    lines.append(f"Write {count(len({change.row for change in merge.changes}), 'row')} of your Holdings table?")
    return "\n".join(lines)
