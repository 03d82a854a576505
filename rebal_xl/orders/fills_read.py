"""A custodian's or trading desk's file of executions, read by its headers; every problem of it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rebal_xl.files.csvbook import read_csv_book
from rebal_xl.household import Household, InputErrors, Problem, Side
from rebal_xl.intake.book import Spellings
from rebal_xl.intake.custodians.whose import Listed, filter_blank, tail_of
from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.flows import side_and_shares
from rebal_xl.intake.headers import Match, Names
from rebal_xl.intake.rows import Row, read_rows
from rebal_xl.intake.values import listed
from rebal_xl.sheets import formats
from rebal_xl.sheets.grid import Grid
from rebal_xl.sheets.schema import Column, Kind
from rebal_xl.sheets.tables import FILLS

_EXTRA = {
    "Account": ("Account",),
    "Side": ("Order Action", "Buy Sell", "Transaction"),
    "Date": ("Execution Date", "Date Executed", "Filled", "Activity Date"),
    "Quantity": ("Filled Quantity", "Executed Quantity", "Fill Quantity", "Quantity Filled", "Exec Qty"),
    "Price": ("Average Price", "Avg Price", "Executed Price", "Price Executed"),
}
FEES = Column(
    "Fees", Kind.MONEY, "Commission and fees of the fill, dollars.", number_format=formats.DOLLARS,
    synonyms=("Fee", "Commission", "Commissions", "Commissions and Fees", "Commission & Fees", "Fees & Comm",
              "Commission ($)", "Fees ($)", "Total Fees"),
)  # fmt: skip
FILE = replace(
    FILLS,
    columns=(
        *(
            replace(column, synonyms=(*column.synonyms, *_EXTRA.get(column.name, ())), refers_to="")
            for column in FILLS.columns
        ),
        FEES,
    ),
)


@dataclass(frozen=True, slots=True)
class FileFill:
    """One execution as the file tells it."""

    # of the file, from 1
    line: int
    # as the workbook calls it; as the file does where the workbook has none such
    account: str
    symbol: str
    side: Side
    filled: date
    # shares, always positive
    quantity: float
    # dollars a share, quoted as in Securities
    price_usd: float
    lot_id: str = ""
    fingerprint: str = ""
    fees_usd: float = 0.0

    @property
    def key(self) -> tuple[str, str, Side]:
        """What an order is matched by."""
        return self.account, self.symbol, self.side


def read_fills_file(path: Path, household: Household) -> tuple[FileFill, ...]:
    """The fills of a CSV file, oldest first. Raises InputErrors with every problem, FileRefused for no such file."""
    book = read_csv_book(path)
    findings = Findings.of(book)
    region = _region(book.grids[0])
    rows = read_rows(FILE, (region,), findings)
    numbers = {account.number: account.name for account in household.accounts if account.number}
    accounts = Spellings([account.name for account in household.accounts])
    by_number = Spellings(numbers)
    symbols = Spellings([security.symbol for security in household.securities])
    found = []
    for row in rows:
        fill = _fill(row, findings)
        if fill is None:
            continue
        number = by_number.find(fill.account)
        name = numbers[number] if number else accounts.find(fill.account) or _masked(fill.account, household)
        found.append(replace(fill, account=name, symbol=symbols.find(fill.symbol) or fill.symbol))
    if findings.errors:
        raise InputErrors(findings.errors)
    if not found:
        raise InputErrors([Problem("The file has no fills.", "Name a file with a row for each.", sheet=path.name)])
    return tuple(sorted(found, key=lambda one: (one.filled, one.line)))


def _masked(called: str, household: Household) -> str:
    """The one account whose number ends as the digits behind a mask (...5792); the words where there is none such."""
    if not tail_of(called):
        return called
    fit = [one.name for one in household.accounts if Listed.of(one.name, filter_blank([one.number])).ends_in(called)]
    return fit[0] if len(fit) == 1 else called


def _region(grid: Grid) -> Region:
    """The first row that has every column a fill needs. Raises InputErrors, naming what the nearest one lacks."""
    names = Names(FILE)
    best: tuple[int, Match] | None = None
    for row in sorted({row for row, _ in grid.cells}):
        headers = [(column, str(cell.value)) for (r, column), cell in sorted(grid.cells.items()) if r == row]
        match = names.match(headers)
        if match.complete:
            last = max(row for row, _ in grid.cells)
            return Region(FILE, grid, row, match.columns, dict(headers), last)
        if best is None or len(match.columns) > len(best[1].columns):
            best = row, match
    wanted = [column.name for column in FILE.columns if column.required]
    there = best[1].columns if best else {}
    missing = [name for name in wanted if name not in there]
    raise InputErrors(
        [
            Problem(
                f"No line of the file heads fills: {listed(missing, 'and')} missing.",
                f"Give it the headers {listed(wanted, 'and')}; {listed(['Lot ID', 'Fees'], 'and')} where known.",
                sheet=grid.name,
                cell=f"line {best[0]}" if best else "",
                code="no-fill-headers",
            )
        ]
    )


def _fill(row: Row, findings: Findings) -> FileFill | None:
    price, filled = row.number_in("Price"), row.day("Date")
    if price is None or filled is None or not row.whole(("Account", "Symbol", "Side", "Quantity")):
        return None
    side, quantity = side_and_shares(row, findings, "fill")
    return FileFill(
        line=row.number,
        account=row.text("Account"),
        symbol=row.text("Symbol"),
        side=side,
        filled=filled,
        quantity=quantity,
        price_usd=price,
        lot_id=row.text("Lot ID"),
        fingerprint=row.text("Plan Fingerprint"),
        # custodians write what is paid as a negative number
        fees_usd=abs(row.number_in("Fees") or 0.0),
    )
