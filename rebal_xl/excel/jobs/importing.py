"""
Import holdings: custodians' CSV files into the advisor's own Holdings table, after showing what would change.

The one button that writes on a sheet of his. Rows of accounts that the files do not name stay as they are. A lot that
is in the table and in a file keeps its row, with everything else written in it; cells with formulas are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rebal_xl.excel.jobs.base import Ask, Desk, Done
from rebal_xl.excel.jobs.downloads import read_downloads
from rebal_xl.excel.jobs.orders import YES
from rebal_xl.excel.live.fill import fill_table
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.household import InputErrors
from rebal_xl.intake.book import Spellings
from rebal_xl.intake.corrections import corrected
from rebal_xl.intake.custodians.merge import merge_holdings
from rebal_xl.intake.custodians.together import accounts_by_number
from rebal_xl.intake.custodians.whose import Whose, listed_accounts
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import Row, read_rows
from rebal_xl.intake.share_classes import one_spelling, symbols_of
from rebal_xl.intake.table_edits import Change
from rebal_xl.intake.twolines import with_joined_headers
from rebal_xl.intake.writable import check_writable
from rebal_xl.sheets.grid import GridBook, TableRange
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS, SECURITIES
from rebal_xl.words import count, dollars

FILES = "Which files of holdings or lots should be imported? Choose them as the custodian offers them for download."
TWICE = " One that you have under another name would count twice: answer No, and call it as the files do."
# The sheet that keeps what was there before the last import.
BEFORE = "Holdings (before import)"
_STAGE = "import"
_LINES_TOLD = 12
# What a message box shows, as the ribbon's macros cut it, and some room to spare.
_LONGEST = 950
_ROOM_FOR_MORE = 30
# Characters of an account's name, of what it might mean, and of a symbol.
_NAME_TOLD, _HINT_TOLD, _SYMBOL_TOLD = 32, 52, 12
# And of what may be missing.
_DOUBT_TOLD = 160


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
    # positions of the files, without dates, that take the place of lots
    lost: list[str] = field(default_factory=list)
    # accounts whose cash is another one in the files than in Accounts, which gives it
    cash: list[str] = field(default_factory=list)
    # what may be missing from the files
    doubts: list[str] = field(default_factory=list)


def begin_import(book: OpenBook, answer: str, desk: Desk) -> Done | Ask:
    """Ask for files, show what would change, and write it when the advisor says so."""
    said = answer.strip()
    files = desk.memory.pop(_STAGE, None)
    if not said:
        return Ask("files", FILES)
    if files is not None and said.lower() not in YES:
        return Done("Nothing was imported.")
    paths = files or [Path(part.strip()) for part in re.split(r"[|\n\r]+", said) if part.strip()]
    book.refuse_unless_writable()
    grids = read_open_book(book, ours=False)
    table, merge = read_merge(grids, paths)
    if not merge.changes:
        return Done("The files hold what the Holdings table holds already.")
    if files is None:
        desk.memory[_STAGE] = paths
        return Ask("yesno", summary(merge))
    sheet = book.sheet(table.sheet)
    assert sheet is not None
    kept = fill_table(book, sheet, table, merge.changes, BEFORE)
    return Done(
        f"{_counted(merge)} written to {table.name} on {table.sheet}. What was there before is on the sheet {kept}. "
        "Press Check."
    )


def read_merge(grids: GridBook, paths: Sequence[Path]) -> tuple[TableRange, Merge]:
    """The Holdings table of the workbook, and what the files change in it.

    Raises InputErrors for files that cannot be read as holdings, BookRefused for files that tell a position twice
    without agreeing, and where there is no table to write to.
    """
    findings = Findings.of(grids)
    regions = find_tables(corrected(with_joined_headers(grids), findings), findings)
    check_writable(HOLDINGS, regions, grids, findings)
    if findings.errors:
        raise InputErrors(findings.errors)
    held = read_rows(HOLDINGS, regions.get(HOLDINGS.name, ())[:1], findings)
    accounts = read_rows(ACCOUNTS, regions.get(ACCOUNTS.name, ()), findings)
    held = accounts_by_number({ACCOUNTS.name: accounts, HOLDINGS.name: held}, Findings())[HOLDINGS.name]
    securities = read_rows(SECURITIES, regions.get(SECURITIES.name, ()), Findings())
    spelt = one_spelling({SECURITIES.name: securities, HOLDINGS.name: held}, Findings())
    held = spelt[HOLDINGS.name]
    whose = Whose(listed_accounts(accounts), [row.text("Account") for row in held])
    new_rows, doubts = read_downloads(paths, whose, symbols_of((*spelt[SECURITIES.name], *held)))
    region, table = _holdings(regions)

    listed = Spellings(row.text("Account") for row in accounts)
    cash = {row.text("Account"): given for row in accounts if (given := row.number_in("Cash")) is not None}
    names = dict.fromkeys(row.text("Account") for row in new_rows)
    found = merge_holdings(region, [_as_listed(row, whose) for row in held], new_rows, cash)
    merge = Merge(
        changes=found.changes,
        rows=found.rows,
        unknown=[unlisted(name, listed) for name in names if listed.find(name) is None],
        dropped=found.dropped,
        lost=[f"{_cut(symbol, _SYMBOL_TOLD)} in {_named(account)}" for account, symbol in found.lost],
        cash=[cash_told(one.account, one.in_files, one.in_accounts) for one in found.cash],
        doubts=[_cut(doubt, _DOUBT_TOLD) for doubt in doubts],
    )
    return table, merge


def _as_listed(row: Row, whose: Whose) -> Row:
    """A row of the table with its account as Accounts writes it."""
    name = whose.spellings.find(row.text("Account"))
    return row if name is None else row._replace(values={**row.values, "Account": name})


def _holdings(regions: Mapping[str, Sequence[Region]]) -> tuple[Region, TableRange]:
    for region in regions.get(HOLDINGS.name, ())[:1]:
        for table in region.grid.tables:
            if table.first_row == region.header_row and table.first_col == min(region.headers):
                return region, table
    raise BookRefused(
        "Holdings can be imported into an Excel table only. Select your holdings with their headers and press Ctrl+T, "
        "or press Insert template."
    )


def _named(account: str) -> str:
    return _cut(account, _NAME_TOLD)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 4]} ..."


def unlisted(account: str, listed: Spellings) -> str:
    """An account that is not listed, and which one of those that are it might mean."""
    return f"{_named(account)}.{_cut(listed.hint(account), _HINT_TOLD)}"


def cash_told(account: str, in_files: float, in_accounts: float) -> str:
    """An account with the cash of the files and that of Accounts, in dollars."""
    return f"{_named(account)} {dollars(in_files)}, Accounts says {dollars(in_accounts)}"


def _counted(merge: Merge) -> str:
    return f"{count(sum(new for _, new in merge.rows.values()), 'row')} of {count(len(merge.rows), 'account')}"


def summary(merge: Merge) -> str:
    """The question first, so that nothing can push it out of the message box, then what it is about."""
    lines = [f"Write {count(len({change.row for change in merge.changes}), 'row')} of your Holdings table?"]
    lines += _capped("Look at this first:", " ", merge.doubts, 1, "")
    # A message box holds no more.
    most = 1 if merge.doubts else 3
    lines += _capped("Not in Accounts yet:", " ", merge.unknown, most, TWICE)
    lines += _capped("Lots and their dates go, since the files give the position alone:", "; ", merge.lost, most, ".")
    lines += _capped("Cash in the files, which stays as it is in Accounts:", "; ", merge.cash, 2, ".")
    lines += _capped("Your table has no columns for", ", ", merge.dropped, 5, ".")
    told = [
        f"{_named(account)}: {count(old, 'row')} now, {new} in the files" for account, (old, new) in merge.rows.items()
    ]
    return "\n".join([*lines, *_fitting(told, _LONGEST - sum(len(line) + 1 for line in lines))])


def _capped(what: str, between: str, items: Sequence[str], most: int, end: str) -> list[str]:
    if not items:
        return []
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return [f"{what} {between.join(items[:most])}{more}{end}"]


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    """The first lines, as many as there is room for, and how many more there are."""
    kept: list[str] = []
    for line in lines[:_LINES_TOLD]:
        room -= len(line) + 1
        if room < _ROOM_FOR_MORE:
            break
        kept.append(line)
    more = len(lines) - len(kept)
    return [*kept, f"and {count(more, 'more account')}"] if more else kept
