"""A handful of files read together: what is held, what was traded lately, and every problem with its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rebal_xl.household import InputErrors, Problem
from rebal_xl.intake.custodians.mapping import Mapping as Named
from rebal_xl.intake.custodians.recognise import OTHER, Recognised, recognise
from rebal_xl.intake.custodians.reconcile import Reconciled, has_lots, is_cash, reconcile, report
from rebal_xl.intake.custodians.whose import Whose, advice_for, by_own_name
from rebal_xl.intake.find import find_tables
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import Row, read_rows
from rebal_xl.intake.share_classes import one_spelling
from rebal_xl.intake.sums import check_sums
from rebal_xl.intake.values import listed, plain_number
from rebal_xl.intake.worth import BONDS, OPTIONS, SHARES, makes
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.tables import HOLDINGS, RECENT_TRADES


@dataclass(frozen=True, slots=True)
class File:
    """One file, read into grids."""

    # its name, for sentences
    name: str
    book: GridBook
    # what it is where its grids do not tell, and the day it was made
    layout: str = ""
    seen: date | None = None


@dataclass(frozen=True, slots=True)
class FileRead:
    """What one file turned out to be."""

    name: str
    # layouts and mappings found in it; "other" where only its headers tell
    layouts: tuple[str, ...]
    # rows of holdings that are lots, and that are positions or cash; rows of trades
    lots: int
    positions: int
    trades: int
    # the day it says it was made
    seen: date | None

    @property
    def empty(self) -> bool:
        """Nothing in it could be read."""
        return not (self.lots or self.positions or self.trades)


@dataclass(frozen=True, slots=True)
class Statement:
    """What the files say together."""

    # rows of Holdings, each share once, accounts by the workbook's names where it has them
    holdings: tuple[Row, ...]
    # rows of RecentTrades
    trades: tuple[Row, ...]
    files: tuple[FileRead, ...]
    # what the files call accounts that the workbook does not have, with a row that names each
    unknown: Mapping[str, Row]
    notices: tuple[Problem, ...]

    @property
    def seen(self) -> date | None:
        """The latest day that a file says it was made."""
        return max((file.seen for file in self.files if file.seen is not None), default=None)


@dataclass(slots=True)
class _Gathered:
    """The rows of all files, before they are held against each other."""

    holdings: list[Row] = field(default_factory=list)
    trades: list[Row] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    shared: dict[str, Sequence[str]] = field(default_factory=dict)
    # what a file calls an account -> the custodian whose file it is
    custodians: dict[str, str] = field(default_factory=dict)


def read_statement(
    files: Sequence[File], whose: Whose, mappings: Sequence[Named] = (), symbols: Sequence[str] = ()
) -> Statement:
    """Read the files together.

    `whose` knows the workbook's accounts, `symbols` are the workbook's: its spelling of a share class counts. Raises
    InputErrors with every cell that cannot be read, every position that two files tell, and all lots that do not make
    their position. Files without holdings are in `files`, as empty.
    """
    statement, done, findings = gather(files, whose, mappings, symbols)
    report(done, findings)
    if findings.errors:
        raise InputErrors(findings.errors)
    return replace(statement, notices=findings.notices)


def gather(
    files: Sequence[File], whose: Whose, mappings: Sequence[Named] = (), symbols: Sequence[str] = ()
) -> tuple[Statement, Reconciled, Findings]:
    """As `read_statement`, with what does not agree as data. Raises InputErrors for cells that cannot be read."""
    grids = tuple(grid for file in files for grid in file.book.grids)
    findings = Findings.of(GridBook(None, grids))
    found = _Gathered()
    for file in files:
        _read_file(file, mappings, findings, found)
    _refuse_shared(found, findings)
    spelt = one_spelling({HOLDINGS.name: found.holdings, RECENT_TRADES.name: found.trades}, findings, symbols)
    found.holdings, found.trades = list(spelt[HOLDINGS.name]), list(spelt[RECENT_TRADES.name])
    if findings.errors:
        raise InputErrors(findings.errors)
    called = [row.text("Account") for row in (*found.holdings, *found.trades)]
    names = whose.resolve(called, found.numbers, found.custodians)
    done = reconcile(found.holdings, names)
    unknown: dict[str, Row] = {}
    for row in (*found.holdings, *found.trades):
        name = row.text("Account")
        if whose.spellings.find(names.get(name, name)) is None:
            unknown.setdefault(name, row)
    check_sums([row for row in done.rows if not is_cash(row)], findings, lambda row: row.text("Account"))
    if findings.errors:
        raise InputErrors(findings.errors)
    done.rows = tuple(by_own_name(row, names) for row in done.rows)
    trades = tuple(by_own_name(row, names) for row in found.trades)
    statement = Statement(done.rows, trades, tuple(found.files), unknown, ())
    return statement, done, findings


def _read_file(file: File, mappings: Sequence[Named], findings: Findings, found: _Gathered) -> None:
    known = [recognise(grid, findings, mappings) for grid in file.book.grids if not grid.hidden]
    book = replace(file.book, grids=tuple(one.grid for one in known))
    mute = Findings()
    regions = find_tables(book, mute)
    date1904 = file.book.date1904
    holdings = read_rows(HOLDINGS, regions.get(HOLDINGS.name, ()), findings, date1904)
    trades = read_rows(RECENT_TRADES, regions.get(RECENT_TRADES.name, ()), findings, date1904)
    if holdings or trades:
        # What is wrong with headers matters where something was read below them.
        for problem in mute.errors:
            findings.take(problem)
    holdings = tuple(row for row in holdings if _is_counted(row, findings))
    for row in holdings:
        _check_value(row, findings)
    layouts = tuple(dict.fromkeys(name for one in known for name in one.layouts)) or (file.layout or OTHER,)
    lots = sum(map(has_lots, holdings))
    seen = max((one.seen for one in known if one.seen is not None), default=file.seen)
    found.files.append(FileRead(file.name, layouts, lots, len(holdings) - lots, len(trades), seen))
    found.holdings += holdings
    found.trades += trades
    _note_accounts(known, (*holdings, *trades), layouts, found)


def _is_counted(row: Row, findings: Findings) -> bool:
    """Whether a row says how much is held; one that has a value alone and is no cash would be missing."""
    if "Quantity" in row.values or "Quantity" in row.broken or is_cash(row):
        return True
    value = row.number_in("Market Value")
    if value:
        findings.error(
            "missing-value",
            row.place("Quantity"),
            f"{row.text('Symbol')} has no Quantity, and is worth {plain_number(value)} dollars.",
            "Write its shares into the file; where it has none, such as an annuity, its value as shares and a price of "
            "1, or take the row out.",
        )
    else:
        findings.notice(
            "zero-quantity",
            row.place("Quantity"),
            f"This row of {row.text('Symbol')} holds no shares and no dollars; it was not read.",
        )
    return bool(value)


def _check_value(row: Row, findings: Findings) -> None:
    """Shares times price are the market value, of bonds a hundredth of it and of options a hundred times as much.

    Said here, since the workbook may have no column for the value.
    """
    shares, price, value = (row.number_in(name) for name in ("Quantity", "Price", "Market Value"))
    if not shares or not price or not value or is_cash(row):
        return
    if makes(shares, price, value, (SHARES, BONDS, OPTIONS)):
        return
    findings.notice(
        "value-differs",
        row.place("Market Value"),
        f"The market value {plain_number(value)} is not {plain_number(shares)} {row.text('Symbol')} times "
        f"{plain_number(price)} ({plain_number(round(shares * price, 2))}).",
        "Quantity and price count; check them.",
    )


def _note_accounts(known: Iterable[Recognised], rows: Iterable[Row], layouts: Sequence[str], found: _Gathered) -> None:
    for one in known:
        found.numbers |= one.numbers
        found.shared |= one.shared
    custodian = layouts[0].split()[0].casefold() if layouts != (OTHER,) else ""
    for row in rows:
        found.custodians.setdefault(row.text("Account"), custodian)


def _refuse_shared(found: _Gathered, findings: Findings) -> None:
    """A name that several accounts share tells nothing in a file that has no numbers."""
    told: set[str] = set()
    for row in found.holdings:
        name = row.text("Account")
        if name in found.shared and name not in told:
            told.add(name)
            findings.error(
                "account-shared",
                row.place("Account"),
                f'"{name}" is the name of {len(found.shared[name])} accounts at the custodian '
                f"({listed(list(found.shared[name]), 'and')}), and this file has no numbers.",
                "Give the accounts names of their own at the custodian and download again, or leave this file out.",
            )


def refuse_unknown(statement: Statement, whose: Whose) -> None:
    """Raise InputErrors for every account that the workbook does not have, with what to write where."""
    findings = Findings()
    for called, row in statement.unknown.items():
        findings.error(
            "unknown-account",
            row.place("Account"),
            f'The workbook has no account that could be "{called}".{whose.spellings.hint(called)}',
            advice_for(called),
        )
    if findings.errors:
        raise InputErrors(findings.errors)
