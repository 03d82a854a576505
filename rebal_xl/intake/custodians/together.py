"""Custodians' text files on their way through the door: quirks out, accounts by their names, each share once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rebal_xl.intake.book import Spellings
from rebal_xl.intake.custodians.mapping import Mapping as Mapped
from rebal_xl.intake.custodians.recognise import recognise
from rebal_xl.intake.custodians.reconcile import reconcile, report
from rebal_xl.intake.custodians.whose import Whose, by_own_name, is_number, listed_accounts
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import squeeze
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS, RECENT_TRADES


@dataclass(slots=True)
class Told:
    """What custodians' files say of their accounts."""

    # what a file calls an account -> the account's number
    numbers: dict[str, str] = field(default_factory=dict)
    # name of a grid -> the custodian whose file it is
    custodians: dict[str, str] = field(default_factory=dict)


def without_quirks(book: GridBook, findings: Findings, mappings: Sequence[Mapped] = ()) -> tuple[GridBook, Told | None]:
    """The book with its text files as the reader of tables wants them; None when it has no text file."""
    if not any(grid.kind == "csv" for grid in book.grids):
        return book, None
    told, grids = Told(), []
    for grid in book.grids:
        if grid.kind == "csv":
            known = recognise(grid, findings, mappings)
            told.numbers |= known.numbers
            if known.layouts:
                told.custodians[grid.name] = known.layouts[0].split()[0].casefold()
            grid = known.grid
        grids.append(grid)
    return replace(book, grids=tuple(grids)), told


def each_share_once(rows: Mapping[str, Sequence[Row]], told: Told, findings: Findings) -> dict[str, tuple[Row, ...]]:
    """The rows of Holdings and RecentTrades by the accounts' own names, without positions that lots make up.

    Lots that do not make their position are a problem; a position that two files tell is one for who reads the lots.
    """
    held, trades = rows.get(HOLDINGS.name, ()), rows.get(RECENT_TRADES.name, ())
    whose = Whose(listed_accounts(rows.get(ACCOUNTS.name, ())))
    custodians = {
        row.text("Account"): told.custodians.get(row.region.grid.name, "")
        for row in (*held, *trades)
        if row.region.grid.kind == "csv"
    }
    names = whose.resolve(custodians, told.numbers, custodians)
    done = reconcile(held, names)
    report(replace(done, twice={}), findings)
    found = {HOLDINGS.name: tuple(by_own_name(row, names) for row in done.rows)}
    if trades:
        found[RECENT_TRADES.name] = tuple(by_own_name(row, names) for row in trades)
    return found if held else {}


def accounts_by_number(rows: Mapping[str, Sequence[Row]], findings: Findings) -> dict[str, tuple[Row, ...]]:
    """The rows of a workbook's tables with the accounts' names where they wrote the numbers that Accounts gives."""
    accounts = rows.get(ACCOUNTS.name, ())
    names, known = Spellings(row.text("Account") for row in accounts), listed_accounts(accounts)
    by_number: dict[str, str] = {}
    told: dict[str, Row] = {}
    for row in (row for table, held in rows.items() if table != ACCOUNTS.name for row in held):
        called = row.text("Account")
        if called in by_number or row.region.grid.kind == "csv" or not is_number(called) or names.find(called):
            continue
        owners = [one.name for one in known if squeeze(called) in one.numbers]
        if len(owners) == 1:
            by_number[called] = owners[0]
            told[called] = row
    for called, row in told.items():
        findings.notice(
            "account-by-number",
            row.place("Account"),
            f"{called} is the number of {by_number[called]} in {ACCOUNTS.name}; its rows are read as that account's.",
        )
    return {
        table: tuple(
            row._replace(values={**row.values, "Account": by_number[row.text("Account")]})
            if table != ACCOUNTS.name and row.text("Account") in by_number
            else row
            for row in held
        )
        for table, held in rows.items()
    }
