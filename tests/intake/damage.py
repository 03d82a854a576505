"""Ways in which an advisor's workbook goes wrong, each with what must come of it.

A damage changes an openpyxl workbook in place and returns what to expect: the household it now describes, or the
place and kind of the problem that refuses it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import Household, Policy
from rebal_xl.sheets.tables import input_table


@dataclass(frozen=True)
class Refused:
    """The book must be refused with a problem of that kind at that place."""

    code: str
    sheet: str
    # "" when the problem is about the whole header row
    cell: str


@dataclass(frozen=True)
class Reads:
    """The book must be read as this household and policy."""

    household: Household
    policy: Policy
    # kind of a notice that must be among the household's
    notice: str = ""


Expected = Refused | Reads
Damage = Callable[["Book", Random], Expected]


class Book:
    """A workbook to damage, and what it means while it is whole."""

    def __init__(self, workbook: Workbook, household: Household, policy: Policy) -> None:
        self.workbook = workbook
        self.household = household
        self.policy = policy

    def at(self, name: str) -> tuple[Worksheet, Table, tuple[int, int, int, int]]:
        """Sheet, table and (left, top, right, bottom) of an input table."""
        for sheet in self.workbook.worksheets:
            if name in sheet.tables:
                return sheet, sheet.tables[name], range_boundaries(sheet.tables[name].ref)
        raise KeyError(name)

    def header(self, table: str, column: str) -> Cell:
        sheet, _, (left, top, right, _) = self.at(table)
        return next(
            sheet.cell(top, number) for number in range(left, right + 1) if sheet.cell(top, number).value == column
        )

    def cells(self, table: str, column: str) -> list[Cell]:
        """The filled cells of a column."""
        sheet, _, (_, top, _, bottom) = self.at(table)
        number = self.header(table, column).column
        found = [sheet.cell(row, number) for row in range(top + 1, bottom + 1)]
        return [cell for cell in found if cell.value is not None]

    def some(self, rng: Random, table: str, column: str) -> Cell:
        return rng.choice(self.cells(table, column))

    def beside(self, cell: Cell, table: str, column: str) -> Any:
        """The value in the same row of another column."""
        return cell.parent.cell(cell.row, self.header(table, column).column).value

    def rows(self, table: str) -> list[int]:
        """The rows that hold data."""
        sheet, _, (left, top, right, bottom) = self.at(table)
        numbers = range(left, right + 1)
        return [row for row in range(top + 1, bottom + 1) if any(sheet.cell(row, n).value is not None for n in numbers)]

    def grow(self, table: str, rows: int) -> tuple[Worksheet, int, int]:
        """Make an Excel table longer; the sheet, its first new row and its first column."""
        sheet, found, (left, top, right, bottom) = self.at(table)
        found.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom + rows}"
        if found.autoFilter is not None:
            found.autoFilter.ref = found.ref
        return sheet, bottom + 1, left

    def same(self, notice: str = "") -> Reads:
        return Reads(self.household, self.policy, notice)

    def with_account(self, name: str, **changes: Any) -> Reads:
        accounts = [replace(each, **changes) if each.name == name else each for each in self.household.accounts]
        return Reads(replace(self.household, accounts=tuple(accounts)), self.policy)

    def with_lot(self, name: str, notice: str = "", **changes: Any) -> Reads:
        lots = [replace(each, **changes) if each.lot_id == name else each for each in self.household.lots]
        return Reads(replace(self.household, lots=tuple(lots)), self.policy, notice)


def refused(code: str, cell: Cell) -> Refused:
    return Refused(code, cell.parent.title, cell.coordinate)


REQUIRED = [("Holdings", "Account"), ("Holdings", "Symbol"), ("Holdings", "Quantity"), ("Targets", "Asset Class")]
REQUIRED += [("Targets", "Target %"), ("Accounts", "Account"), ("Accounts", "Tax Treatment"), ("TaxProfile", "Type")]
NUMBERS = [("Holdings", "Quantity"), ("Holdings", "Cost Basis"), ("Securities", "Price"), ("Targets", "Target %")]
NUMBERS += [("TaxProfile", "Ordinary Income"), ("Accounts", "Cash"), ("RecentTrades", "Quantity")]
NUMBERS += [("Withdrawals", "Amount")]
NEVER_NEGATIVE = [("Holdings", "Cost Basis"), ("Securities", "Price"), ("Targets", "Target %")]
NEVER_NEGATIVE += [("Accounts", "Reserve $"), ("TaxProfile", "Qualified Dividends"), ("Securities", "Yield")]
DATES = [("Holdings", "Acquired"), ("People", "Birth Date"), ("Securities", "Price As Of"), ("RecentTrades", "Date")]
NEEDED = [(table, column.name) for table in ("Holdings", "Accounts", "Targets", "TaxProfile", "RecentTrades")
          for column in input_table(table).columns if column.required]  # fmt: skip


def blank_needed(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, *rng.choice(REQUIRED))
    cell.value = None
    return refused("missing-value", cell)


def blank_custodian(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, "Accounts", "Custodian")
    name = book.beside(cell, "Accounts", "Account")
    cell.value = rng.choice([None, "", "  ", "n/a", "--"])
    return book.with_account(name, custodian="")


def blank_taxable_basis(book: Book, rng: Random) -> Expected:
    taxable = {account.name for account in book.household.accounts if account.taxable}
    cells = [
        cell for cell in book.cells("Holdings", "Cost Basis") if book.beside(cell, "Holdings", "Account") in taxable
    ]
    cell = rng.choice(cells)
    cell.value = rng.choice([None, "Incomplete", "--", "n/a"])
    return book.with_lot(book.beside(cell, "Holdings", "Lot ID"), "lot-locked", basis_usd=None, locked=True)


def text_for_number(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, *rng.choice(NUMBERS))
    cell.value = rng.choice(["abc", "12,34", "1.234,50", "ca. 5", "5 shares"])
    return refused("not-a-number", cell)


def flag_for_number(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, *rng.choice(NUMBERS))
    cell.value = rng.random() < 0.5
    return refused("not-a-number", cell)


def negative(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, *rng.choice(NEVER_NEGATIVE))
    cell.value = -abs(cell.value) - 1.0
    return refused("out-of-range", cell)


def negative_quantity(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, "Holdings", "Quantity")
    cell.value = -cell.value
    name = book.beside(cell, "Holdings", "Lot ID")
    changes = {"quantity": cell.value, "locked": True, "basis_usd": None, "acquired": None}
    return book.with_lot(name, "lot-locked", **changes)


def error_value(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, *rng.choice([*NUMBERS, *DATES, *REQUIRED]))
    cell.value = rng.choice(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
    return refused("cell-error", cell)


def formula_never_calculated(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, *rng.choice([*NUMBERS, *DATES, *REQUIRED]))
    cell.value = "=1+1"
    return refused("formula-not-calculated", cell)


def huge_number(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, *rng.choice(NUMBERS))
    cell.value = rng.choice([1e15, 4.2e200, 9.99e13])
    return refused("number-too-large", cell)


def impossible_date(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, *rng.choice(DATES))
    cell.value = rng.choice(["02/30/2020", "13/45/2020", "03/15/20", "15.03.2020", "soon", 2020, 99_999_999])
    cell.number_format = "General"
    return refused("not-a-date", cell)


def bought_tomorrow(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, "Holdings", "Acquired")
    cell.value = date(book.policy.as_of.year + 1, 1, 4)
    return refused("acquired-after-as-of", cell)


def header_lost(book: Book, rng: Random) -> Expected:
    cell = book.header(*rng.choice(NEEDED))
    cell.value = rng.choice([None, "Remarks", "Column1"])
    return Refused("missing-column", cell.parent.title, "")


def optional_header_lost(book: Book, rng: Random) -> Expected:
    cell = book.header("Accounts", "Custodian")
    cell.value = rng.choice([None, "Remarks"])
    accounts = tuple(replace(each, custodian="") for each in book.household.accounts)
    return Reads(replace(book.household, accounts=accounts), book.policy)


def header_twice(book: Book, rng: Random) -> Expected:
    sheet, _, (_, top, right, _) = book.at("Holdings")
    cell = sheet.cell(top, right)
    cell.value = rng.choice(["Quantity", "symbol", " ACCOUNT "])
    return refused("repeated-column", cell)


def header_merged(book: Book, rng: Random) -> Expected:
    sheet, _, (left, top, right, _) = book.at(rng.choice(["Holdings", "Targets", "TaxProfile"]))
    first = rng.randrange(left, right)
    sheet.merge_cells(start_row=top, start_column=first, end_row=top, end_column=first + 1)
    return refused("merged-header", sheet.cell(top, first))


def header_respelt(book: Book, rng: Random) -> Expected:
    for column, spelling in (
        ("Quantity", " QTY "),
        ("Symbol", "Ticker"),
        ("Acquired", "open date"),
        ("Account", "Acct #"),
    ):
        book.header("Holdings", column).value = spelling
    return book.same()


def sheet_renamed(book: Book, rng: Random) -> Expected:
    for number, sheet in enumerate(book.workbook.worksheets):
        if rng.random() < 0.5:
            sheet.title = rng.choice(["Blatt", "Sheet", "Smith – ", "My "]) + str(number)
    return book.same()


def tables_dissolved(book: Book, rng: Random) -> Expected:
    for sheet in book.workbook.worksheets:
        for name in list(sheet.tables):
            del sheet.tables[name]
    return book.same()


def moved_to_a_plain_sheet(book: Book, rng: Random) -> Expected:
    name = rng.choice(["Holdings", "Targets", "Accounts", "Securities", "TaxProfile", "RecentTrades"])
    sheet, _, _ = book.at(name)
    for table in list(sheet.tables):
        del sheet.tables[table]
    sheet.title = "Page 9"
    return book.same()


def blank_rows(book: Book, rng: Random) -> Expected:
    book.grow(rng.choice(["Holdings", "Targets", "TaxProfile"]), rng.randrange(1, 5))
    return book.same()


def totals_row(book: Book, rng: Random) -> Expected:
    sheet, row, left = book.grow("Holdings", 2)
    sheet.cell(row, left).value = rng.choice(["Total", "Grand Total", "Account Total:", "SUBTOTAL"])
    sheet.cell(row, book.header("Holdings", "Quantity").column).value = 12345.0
    sheet.cell(row, book.header("Holdings", "Cost Basis").column).value = 99999.0
    return book.same()


def row_twice(book: Book, rng: Random) -> Expected:
    sheet, row, left = book.grow("Accounts", 1)
    source = rng.choice(book.rows("Accounts"))
    for number in range(left, left + 3):
        sheet.cell(row, number).value = sheet.cell(source, number).value
    return refused("duplicate-account", sheet.cell(row, left))


def wrong_account(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, "Holdings", "Account")
    cell.value = cell.value[:-1] + "qq"
    return refused("unknown-account", cell)


def wrong_symbol(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, "Holdings", "Symbol")
    cell.value = "ZZQ"
    return refused("unknown-symbol", cell)


def wrong_target(book: Book, rng: Random) -> Expected:
    cell = book.some(rng, "Targets", "Target %")
    cell.value = cell.value + 0.01
    return refused("targets-total", book.cells("Targets", "Target %")[0])


def percent_format_lost(book: Book, rng: Random) -> Expected:
    unit = rng.choice([1, 100])
    for cell in book.cells("Targets", "Target %"):
        cell.value, cell.number_format = round(cell.value * unit, 10), "General"
    return book.same("percent-reading")


def dates_as_text(book: Book, rng: Random) -> Expected:
    layout = rng.choice(["%m/%d/%Y", "%b-%d-%Y", "%Y-%m-%d", "%B %d, %Y", "%m/%d/%Y 00:00:00"])
    for cell in book.cells("Holdings", "Acquired"):
        cell.value, cell.number_format = f"{cell.value:{layout}}", "@"
    return book.same()


def dates_as_numbers(book: Book, rng: Random) -> Expected:
    for cell in book.cells("Holdings", "Acquired"):
        cell.value, cell.number_format = (day_of(cell.value) - date(1899, 12, 30)).days, "General"
    return book.same()


def day_of(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def dollars_as_text(book: Book, rng: Random) -> Expected:
    for cell in book.cells("Holdings", "Cost Basis"):
        # Text shows all digits, so that the basis is the same to the last of them.
        cell.value, cell.number_format = f"${cell.value:,}", "@"
    return book.same()


def counted_from_1904(book: Book, rng: Random) -> Expected:
    book.workbook.epoch = CALENDAR_MAC_1904
    return book.same()


def rows_hidden(book: Book, rng: Random) -> Expected:
    sheet, _, _ = book.at("Holdings")
    for row in rng.sample(book.rows("Holdings"), 5):
        sheet.row_dimensions[row].hidden = True
    return book.same("hidden-rows")


def rows_shuffled(book: Book, rng: Random) -> Expected:
    sheet, _, (left, _, right, _) = book.at("Holdings")
    rows = book.rows("Holdings")
    numbers = range(left, right + 1)
    contents = [[(sheet.cell(row, n).value, sheet.cell(row, n).number_format) for n in numbers] for row in rows]
    rng.shuffle(contents)
    for row, content in zip(rows, contents, strict=True):
        for number, (value, layout) in zip(numbers, content, strict=True):
            sheet.cell(row, number).value, sheet.cell(row, number).number_format = value, layout
    return book.same()


def notes_below(book: Book, rng: Random) -> Expected:
    sheet, _, (left, _, _, bottom) = book.at("Holdings")
    sheet.cell(bottom + 3, left).value = "Values are believed to be right but nobody is liable for them."
    sheet.cell(bottom + 4, left).value = "Downloaded 11/20/2026"
    return book.same()


def columns_of_ones_own(book: Book, rng: Random) -> Expected:
    sheet, found, (left, top, right, bottom) = book.at("Holdings")
    found.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right + 1)}{bottom}"
    sheet.cell(top, right + 1).value = "Talk about"
    sheet.cell(top + 1, right + 1).value = rng.choice(["#N/A", "=NOW()", "tax loss?", 17])
    return book.same()


DAMAGES: tuple[Damage, ...] = (
    blank_needed, blank_custodian, blank_taxable_basis, text_for_number, flag_for_number, negative, negative_quantity,
    error_value, formula_never_calculated, huge_number, impossible_date, bought_tomorrow, header_lost,
    optional_header_lost, header_twice, header_merged, header_respelt, sheet_renamed, tables_dissolved,
    moved_to_a_plain_sheet, blank_rows,
    totals_row, row_twice, wrong_account, wrong_symbol, wrong_target, percent_format_lost, dates_as_text,
    dates_as_numbers, dollars_as_text, counted_from_1904, rows_hidden, rows_shuffled, notes_below, columns_of_ones_own,
)  # fmt: skip
