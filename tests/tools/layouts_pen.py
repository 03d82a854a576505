"""Households drawn from a seed, and the pen that puts their accounts, lots and targets on a sheet as advisors do."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

AS_OF = date(2026, 6, 15)
BY_CLASS = " (BY CLASS)"

# Names whose words tell their treatment, as advisors name accounts.
ACCOUNTS = (
    ("Jane Roth IRA", "Roth"), ("John Roth IRA", "Roth"), ("John Traditional IRA", "tax-deferred"),
    ("Jane Rollover IRA", "tax-deferred"), ("John 401(k)", "tax-deferred"), ("Jane SEP IRA", "tax-deferred"),
    ("Joint Brokerage", "taxable"), ("Rivera Living Trust", "taxable"), ("Jane Individual TOD", "taxable"),
    ("Family HSA", "HSA"),
)  # fmt: skip
# Made-up symbols, some of them like CUSIPs and with points, with class and price.
SECURITIES = (
    ("QSTK", "US Stocks", 110.25), ("QTOT", "US Stocks", 84.5), ("QINT", "Foreign Stocks", 61.75),
    ("QEMG", "Foreign Stocks", 33.2), ("QBND", "Bonds", 72.4), ("912828ZQ9", "Bonds", 98.75),
    ("QREI", "Real Estate", 45.1), ("BZK.B", "US Stocks", 402.6), ("31846V9X1", "Bonds", 10.05),
)  # fmt: skip
WORDS = {
    "Account": ("Account", "Account Name", "Acct", "Portfolio", "ACCOUNT #"),
    "Tax Treatment": ("Tax Treatment", "Account Type", "Tax Status", "Type"),
    "Symbol": ("Symbol", "Ticker", "Symbol/CUSIP", "CUSIP", "security id"),
    "Quantity": ("Quantity", "Qty", "Shares", "Units", "Share Quantity"),
    "Asset Class": ("Asset Class", "Class", "Category", "Asset Category"),
    "Price": ("Price", "Last Price", "Share Price", "Current Price"),
    "Market Value": ("Market Value", "Mkt Val", "Current Value", "Value ($)"),
    "Cost Basis": ("Cost Basis", "Total Cost", "Basis", "Cost Basis ($)"),
    "Acquired": ("Acquired", "Date Acquired", "Purchase Date", "Open Date"),
    "Target %": ("Target %", "Target", "Target Allocation", "Weight"),
    "Cash": ("Cash", "Cash Balance", "Settled Cash", "Available Cash"),
}
TREATMENT_WORDS = {
    "Roth": ("Roth", "Roth IRA"), "tax-deferred": ("Traditional IRA", "IRA", "tax-deferred", "Pre-tax"),
    "taxable": ("taxable", "Brokerage", "Joint", "Non-retirement"), "HSA": ("HSA", "Health Savings Account"),
}  # fmt: skip

LotKey = tuple[str, str, float, float | None, date | None]


@dataclass(frozen=True)
class Truth:
    """A household as it truly is."""

    # account -> treatment
    accounts: dict[str, str]
    cash: dict[str, float]
    lots: tuple[LotKey, ...]
    # symbol -> class, price
    securities: dict[str, tuple[str, float]]
    targets: dict[str, float]
    name: str = ""

    def by_class(self) -> dict[tuple[str, str], float]:
        """Dollars by account and class, in whole dollars."""
        found: dict[tuple[str, str], float] = {}
        for account, symbol, quantity, _, _ in self.lots:
            asset_class, price = self.securities[symbol]
            found[account, asset_class] = round(found.get((account, asset_class), 0.0) + quantity * price)
        return found


@dataclass
class Made:
    """A workbook and what is true of it."""

    workbook: Workbook
    # household to ask for ("" where there is one) -> what is true
    truths: dict[str, Truth]
    # it holds dollars by class, no lots
    classes_only: bool = False
    # where classes are told in dollars, how they were rounded
    no_accounts_table: bool = False
    # it cannot be read without a guess: the only right answer is a refusal
    unreadable: bool = False


@dataclass
class Pen:
    """Writes with the whims of one advisor."""

    chance: random.Random
    workbook: Workbook = field(default_factory=Workbook)
    text_numbers: bool = False
    dates: str = "date"
    synonyms: bool = True

    def sheet(self, name: str) -> Worksheet:
        first = self.workbook.worksheets[0]
        if len(self.workbook.worksheets) == 1 and first.title == "Sheet" and first.max_row == 1:
            first.title = name
            return first
        return self.workbook.create_sheet(name)

    def word(self, column: str) -> str:
        return self.chance.choice(WORDS[column]) if self.synonyms and column in WORDS else column

    def money(self, value: float) -> float | str:
        if not self.text_numbers:
            return value
        return f"(${-value:,.2f})" if value < 0 else f"${value:,.2f}"

    def number(self, value: float) -> float | str:
        return f"{value:,.4f}".rstrip("0").rstrip(".") if self.text_numbers else value

    def day(self, day: date | None) -> object:
        if day is None:
            return "Various" if self.chance.random() < 0.5 else None
        if self.dates == "text":
            return f"{day:%m/%d/%Y}"
        if self.dates == "words":
            return f"{day:%b-%d-%Y}"
        if self.dates == "iso":
            return day.isoformat()
        if self.dates == "serial":
            return int(to_excel(day, self.workbook.epoch))
        return day

    def titles(self, sheet: Worksheet, most: int = 4) -> int:
        """A title and perhaps some lines above a table; the row where the table may begin."""
        row = self.chance.randrange(1, 4)
        sheet.cell(row, 1, self.chance.choice(("Rivera review", "Portfolio review 2026", "Prepared for the client")))
        sheet.cell(row, 1).font = Font(bold=True, size=14)
        if self.chance.random() < 0.5:
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=5)
        for _ in range(self.chance.randrange(most)):
            row += 1
            if self.chance.random() < 0.5:
                sheet.cell(row, 1, "Prices at the close. For discussion only.")
        return row + 1 + self.chance.randrange(1, 3)

    def table(self, sheet: Worksheet, top: int, left: int, headers: Sequence[str], rows: Sequence[Sequence]) -> int:
        """Headers and rows; the row below them."""
        for number, header in enumerate(headers, left):
            sheet.cell(top, number, header).font = Font(bold=True)
        for row, values in enumerate(rows, top + 1):
            for number, value in enumerate(values, left):
                if value is None:
                    continue
                cell = sheet.cell(row, number, value)
                if isinstance(value, Percent):
                    cell.value, cell.number_format = float(value), "0.0%"
        return top + 1 + len(rows)


class Percent(float):
    """A share that is shown as a percentage."""


def drawn(chance: random.Random, name: str = "", lots: bool = True) -> Truth:
    """A household."""
    accounts = dict(chance.sample(ACCOUNTS, chance.randrange(2, 6)))
    if name:
        accounts = {f"{account} {name}": treatment for account, treatment in accounts.items()}
    securities = {symbol: (asset_class, price) for symbol, asset_class, price in chance.sample(SECURITIES, 6)}
    found: list[LotKey] = []
    for account, treatment in accounts.items():
        for symbol in chance.sample(sorted(securities), chance.randrange(2, 5)):
            for _ in range(chance.randrange(1, 4) if lots else 1):
                quantity = round(chance.uniform(5, 900), chance.choice((0, 0, 3)))
                basis = round(quantity * securities[symbol][1] * chance.uniform(0.4, 1.3), 2)
                day = AS_OF - timedelta(days=chance.randrange(20, 4000))
                known = treatment == "taxable" or chance.random() < 0.7
                found.append((account, symbol, quantity, basis if known else None, day if known else None))
    held = {securities[symbol][0] for _, symbol, _, _, _ in found}
    classes = sorted(held)
    weights = [chance.randrange(1, 10) for _ in classes]
    points = [round(95 * weight / sum(weights)) for weight in weights]
    points[0] += 95 - sum(points)
    targets = {asset_class: point / 100 for asset_class, point in zip(classes, points, strict=True)} | {"Cash": 0.05}
    cash = {account: round(chance.uniform(100, 20_000), 2) for account in accounts}
    used = {symbol for _, symbol, _, _, _ in found}
    return Truth(accounts, cash, tuple(found), {s: securities[s] for s in sorted(used)}, targets, name)


def target_rows(pen: Pen, truth: Truth) -> list[list]:
    way = pen.chance.choice(("percent", "points", "share", "text"))
    write: Callable[[float], object] = {
        "percent": Percent,
        "points": lambda weight: round(100 * weight, 6),
        "share": lambda weight: weight,
        "text": lambda weight: f"{100 * weight:.0f}%",
    }[way]
    rows = [[asset_class, write(weight)] for asset_class, weight in truth.targets.items()]
    if pen.chance.random() < 0.5:
        rows.append(["Total", write(1.0)])
    return rows


def put_targets(pen: Pen, truth: Truth, sheet: Worksheet | None = None, top: int = 0, left: int = 1) -> int:
    sheet = sheet or pen.sheet(pen.chance.choice(("Targets", "Target Mix", "Plan", "IPS")))
    top = top or pen.titles(sheet)
    return pen.table(sheet, top, left, [pen.word("Asset Class"), pen.word("Target %")], target_rows(pen, truth))


def account_rows(pen: Pen, truth: Truth, cash: bool) -> list[list]:
    return [
        [account, pen.chance.choice(TREATMENT_WORDS[treatment]), *([pen.money(truth.cash[account])] if cash else [])]
        for account, treatment in truth.accounts.items()
    ]


def put_accounts(
    pen: Pen, truth: Truth, sheet: Worksheet | None = None, top: int = 0, left: int = 1, cash: bool = True
) -> int:
    sheet = sheet or pen.sheet(pen.chance.choice(("Accounts", "Household", "Client data", "Registrations")))
    top = top or pen.titles(sheet)
    headers = [pen.word("Account"), pen.word("Tax Treatment"), *([pen.word("Cash")] if cash else [])]
    return pen.table(sheet, top, left, headers, account_rows(pen, truth, cash))


LOT_COLUMNS = ("Symbol", "Quantity", "Price", "Asset Class", "Market Value", "Cost Basis", "Acquired")


def lot_row(pen: Pen, truth: Truth, lot: LotKey, columns: Sequence[str]) -> list:
    account, symbol, quantity, basis, day = lot
    asset_class, price = truth.securities[symbol]
    values = {
        "Account": account,
        "Symbol": symbol,
        "Quantity": pen.number(quantity),
        "Price": pen.money(price),
        "Asset Class": asset_class,
        "Market Value": pen.money(round(quantity * price, 2)),
        "Cost Basis": None if basis is None else pen.money(basis),
        "Acquired": None if basis is None and day is None else pen.day(day),
        "Description": f"Made-up {asset_class.lower()} fund",
        "Gain/Loss": None if basis is None else pen.money(round(quantity * price - basis, 2)),
        "% of Account": Percent(0.1),
    }
    return [values[column] for column in columns]


def columns_of(pen: Pen, account: bool) -> list[str]:
    """The columns of a list of lots, in the advisor's order, with some nobody asked for."""
    columns = list(LOT_COLUMNS)
    pen.chance.shuffle(columns)
    columns.remove("Symbol")
    columns.insert(0, "Symbol")
    if account:
        columns.insert(pen.chance.choice((0, 0, 1)), "Account")
    for extra in ("Description", "Gain/Loss", "% of Account"):
        if pen.chance.random() < 0.5:
            columns.insert(pen.chance.randrange(1, len(columns)), extra)
    return columns


def cash_row(pen: Pen, truth: Truth, account: str, columns: Sequence[str], word: str = "CASH") -> list:
    values = {"Account": account, "Symbol": word, "Quantity": pen.number(truth.cash[account])}
    return [values.get(column) for column in columns]


def put_holdings(
    pen: Pen, truth: Truth, sheet: Worksheet | None = None, top: int = 0, left: int = 1, cash: bool = False
) -> int:
    sheet = sheet or pen.sheet(pen.chance.choice(("Holdings", "Positions", "Lots", "Data", "Sheet A")))
    top = top or pen.titles(sheet)
    columns = columns_of(pen, account=True)
    rows = [lot_row(pen, truth, lot, columns) for lot in truth.lots]
    if cash:
        rows += [cash_row(pen, truth, account, columns) for account in truth.accounts]
    return pen.table(sheet, top, left, [pen.word(column) for column in columns], rows)
