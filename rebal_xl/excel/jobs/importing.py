"""
Import holdings: custodians' CSV files into the advisor's own Holdings table, after showing what would change.

The one button that writes on a sheet of his. Rows of accounts that the files do not name stay as they are. A lot that
is in the table and in a file keeps its row, with everything else written in it; cells with formulas are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rebal_xl.excel.jobs.base import Ask, Desk, Done
from rebal_xl.excel.jobs.downloads import account_names, add_up, amount, has_lots, is_cash, is_pending, read_downloads
from rebal_xl.excel.jobs.orders import YES
from rebal_xl.excel.live.fill import Change, fill_table
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.intake.book import Spellings
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import Row, read_rows
from rebal_xl.intake.values import CORE_MARK, clean
from rebal_xl.sheets.cells import Value
from rebal_xl.sheets.grid import GridBook, TableRange
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS
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
# Dollars that are no difference.
_CENT = 0.005


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
    regions = find_tables(grids, findings)
    held = read_rows(HOLDINGS, regions.get(HOLDINGS.name, ())[:1], findings)
    accounts = read_rows(ACCOUNTS, regions.get(ACCOUNTS.name, ()), findings)
    spellings = Spellings([row.text("Account") for row in (*accounts, *held)])
    new_rows = read_downloads(paths, spellings)
    region, table = _holdings(regions)

    listed = Spellings(row.text("Account") for row in accounts)
    cash = {row.text("Account"): given for row in accounts if (given := row.number_in("Cash")) is not None}
    columns = dict.fromkeys(name for row in new_rows for name in row.region.columns)
    old, new = _by_account(held, spellings), _by_account(new_rows, spellings)
    merge = Merge(
        unknown=[unlisted(name, listed) for name in new if listed.find(name) is None],
        dropped=[name for name in columns if name not in region.columns],
    )
    merging = _Merging(merge, region)
    for account, rows in new.items():
        merging.account(account, old.get(account, []), rows, cash.get(account))
    merging.place(table, {row.number for row in held})
    return table, merge


def _by_account(rows: Sequence[Row], spellings: Spellings) -> dict[str, list[Row]]:
    names = account_names(rows, spellings)
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(names[row.text("Account")], []).append(row)
    return found


def _holdings(regions: Mapping[str, Sequence[Region]]) -> tuple[Region, TableRange]:
    for region in regions.get(HOLDINGS.name, ())[:1]:
        for table in region.grid.tables:
            if table.first_row == region.header_row and table.first_col == min(region.headers):
                return region, table
    raise BookRefused(
        "Holdings can be imported into an Excel table only. Select your holdings with their headers and press Ctrl+T, "
        "or press Insert template."
    )


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
    if is_cash(row):
        # Cash that comes as a value only counts all the same where the table has no such column.
        values["Quantity"] = amount(row)
    return values


class _Merging:
    """Accounts of the files on their way into the table."""

    def __init__(self, merge: Merge, region: Region) -> None:
        self.merge = merge
        self.region = region
        # rows of the table that no lot needs any more, and lots that have no row yet
        self.free: list[int] = []
        self.added: list[dict[str, Value]] = []

    def account(self, name: str, old: Sequence[Row], new: Sequence[Row], cash: float | None) -> None:
        """Lots that are in both keep their rows; what is left of either is collected.

        `cash` is what Accounts gives, in dollars: it stays there, and is written in no other place.
        """
        if cash is not None:
            in_files = [amount(row) for row in new if is_cash(row) and not is_pending(row)]
            new = [row for row in new if not is_cash(row)]
            if in_files and abs(sum(in_files) - cash) >= _CENT:
                self.merge.cash.append(cash_told(name, sum(in_files), cash))
        if not any(is_cash(row) for row in new):
            # Files of lots never tell the cash.
            old = [row for row in old if not is_cash(row)]
        self.merge.rows[name] = (len(old), len(new))
        known, lost = _lots_without_news(old, new)
        self.merge.lost += [f"{_cut(symbol, _SYMBOL_TOLD)} in {_named(name)}" for symbol in lost]
        old = [row for row in old if row.text("Symbol") not in known or is_cash(row)]
        new = [row for row in new if row.text("Symbol") not in known or is_cash(row)]
        pairs = _pairs(old, new)
        for row in new:
            values = row_values(row, name)
            kept = pairs.get(row.region.grid.name, {}).get(row.number)
            if kept is None:
                self.added.append(values)
                continue
            now = row_values(kept, name)
            self._change(kept.number, {column: value for column, value in values.items() if now.get(column) != value})
        used = {kept.number for held in pairs.values() for kept in held.values()}
        self.free += [row.number for row in old if row.number not in used]

    def place(self, table: TableRange, used: set[int]) -> None:
        """Put new lots where lots went away, then on blank rows of the table, then below it."""
        cells = self.region.grid.cells
        body = range(table.first_row + table.header_rows, table.last_row - table.totals_rows + 1)
        columns = range(table.first_col, table.last_col + 1)
        blank = [row for row in body if row not in used and not any((row, c) in cells for c in columns)]
        free = sorted(self.free)
        places = [*free, *blank, *range(body.stop, body.stop + len(self.added))][: len(self.added)]
        for row, values in zip(places, self.added, strict=True):
            empty: dict[str, Value] = dict.fromkeys(self._filled(row)) if row in free else {}
            self._change(row, {**empty, **values})
        for row in free:
            if row not in places:
                self._change(row, dict.fromkeys(self._filled(row)))

    def _change(self, row: int, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            column = self.region.columns.get(name)
            cell = None if column is None else self.region.grid.cells.get((row, column))
            if column is not None and not (cell is not None and cell.formula):
                self.merge.changes.append(Change(row, column, value, HOLDINGS.column(name).kind is Kind.DATE))

    def _filled(self, row: int) -> Iterable[str]:
        return [name for name, column in self.region.columns.items() if (row, column) in self.region.grid.cells]


def _lots_without_news(old: Sequence[Row], new: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Symbols with lots in the table of which the files give the position alone, in order of symbol.

    First those whose lots make the position, so that they stay; then those whose lots it takes the place of.
    """
    lots = {row.text("Symbol") for row in new if has_lots(row)}
    known: list[str] = []
    lost: list[str] = []
    for symbol in sorted({row.text("Symbol") for row in new if not is_cash(row)} - lots):
        held = [row for row in old if row.text("Symbol") == symbol]
        dated = len(held) > 1 or any(row.day("Acquired") for row in held)
        if dated:
            stays = add_up(held, [row for row in new if row.text("Symbol") == symbol])
            (known if stays else lost).append(symbol)
    return known, lost


def _pairs(old: Sequence[Row], new: Sequence[Row]) -> dict[str, dict[int, Row]]:
    """File and line of a new row -> the row of the table that is the same lot.

    Of several lots of one day, those of one name belong together, then those of one quantity, then those in order.
    """
    pairs: dict[str, dict[int, Row]] = {}
    left_old, left_new = list(old), list(new)
    for alike in (_same_name, _same_quantity, _same_day):
        waiting: dict[tuple[object, ...], list[Row]] = {}
        for row in left_old:
            waiting.setdefault(alike(row), []).append(row)
        rest: list[Row] = []
        for row in left_new:
            same = waiting.get(alike(row))
            if same:
                pairs.setdefault(row.region.grid.name, {})[row.number] = same.pop(0)
            else:
                rest.append(row)
        left_old = [row for rows in waiting.values() for row in rows]
        left_new = rest
    return pairs


def _same_day(row: Row) -> tuple[object, ...]:
    return row.text("Symbol"), row.day("Acquired")


def _same_quantity(row: Row) -> tuple[object, ...]:
    return *_same_day(row), amount(row)


def _same_name(row: Row) -> tuple[object, ...]:
    # A lot without a name is like no other.
    name = row.text("Lot ID")
    return (*_same_day(row), name) if name else (row.region.grid.name, row.number)


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
    lines += _capped("Not in Accounts yet:", " ", merge.unknown, 3, TWICE)
    lines += _capped("Lots and their dates go, since the files give the position alone:", "; ", merge.lost, 3, ".")
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
