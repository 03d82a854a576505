"""Workbooks as advisors lay them out, made from seeds, each with the household that truly stands in it.

python -m tests.tools.layouts FOLDER         write all, and what is true of each beside it
python -m tests.tools.layouts                read all and print how many were read right, refused and wrong
python -m tests.tools.layouts --page         the same, and write the table into docs/own-workbook.md
"""

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from rebal_xl.api import read_workbook
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Household, InputErrors, Policy
from tests.tools.layouts_pen import (
    AS_OF,
    SECURITIES,
    Made,
    Pen,
    Percent,
    Truth,
    account_rows,
    cash_row,
    columns_of,
    drawn,
    lot_row,
    put_accounts,
    put_holdings,
    put_targets,
)

PAGE = Path(__file__).parent.parent.parent / "docs" / "own-workbook.md"
START, END = "<!-- figures -->", "<!-- end of figures -->"
EACH = 15


# --- the layouts -----------------------------------------------------------------------------------------------


def three_sheets(pen: Pen) -> Made:
    """Accounts, lots and targets on a sheet each, headers anywhere, in other words."""
    truth = drawn(pen.chance)
    put_accounts(pen, truth)
    put_holdings(pen, truth)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def stacked(pen: Pen) -> Made:
    """Everything on one sheet, one below the other."""
    truth = drawn(pen.chance)
    sheet = pen.sheet("Review")
    row = put_targets(pen, truth, sheet, pen.titles(sheet), 2)
    row = put_accounts(pen, truth, sheet, row + pen.chance.randrange(2, 5), 2)
    put_holdings(pen, truth, sheet, row + pen.chance.randrange(2, 5), 2)
    return Made(pen.workbook, {"": truth})


def side_by_side(pen: Pen) -> Made:
    """Two tables beside each other on one sheet."""
    truth = drawn(pen.chance)
    sheet = pen.sheet("Plan")
    top = pen.titles(sheet)
    put_accounts(pen, truth, sheet, top, 1)
    put_targets(pen, truth, sheet, top + pen.chance.choice((0, 0, 1, 2)), 5 + pen.chance.randrange(2))
    put_holdings(pen, truth)
    return Made(pen.workbook, {"": truth})


def text_numbers(pen: Pen) -> Made:
    """Pasted from a web page: every number and date is text."""
    pen.text_numbers, pen.dates = True, pen.chance.choice(("text", "words", "iso"))
    truth = drawn(pen.chance)
    put_holdings(pen, truth, cash=True)
    put_targets(pen, truth)
    if pen.chance.random() < 0.5:
        put_accounts(pen, truth, cash=False)
    return Made(pen.workbook, {"": truth})


def subtotals(pen: Pen) -> Made:
    """A subtotal below every account, a grand total, blank rows between and notes below."""
    truth = drawn(pen.chance)
    sheet = pen.sheet(pen.chance.choice(("Holdings", "By account")))
    top = pen.titles(sheet)
    columns = columns_of(pen, account=True)
    rows: list[list] = []
    total = 0.0
    for account in truth.accounts:
        own = [lot for lot in truth.lots if lot[0] == account]
        rows += [lot_row(pen, truth, lot, columns) for lot in own]
        rows.append(cash_row(pen, truth, account, columns, pen.chance.choice(("CASH", "Cash & Cash Investments"))))
        value = sum(quantity * truth.securities[symbol][1] for _, symbol, quantity, _, _ in own)
        total += value
        word = pen.chance.choice((f"Total {account}", f"{account} Total", "Subtotal", "Sub-total"))
        rows.append(_foot(columns, word, round(value, 2)))
        if pen.chance.random() < 0.6:
            rows.append([])
    rows.append(_foot(columns, "Grand Total", round(total, 2)))
    row = pen.table(sheet, top, 1, [pen.word(column) for column in columns], rows)
    sheet.cell(row + 1, 1, "* Prices are delayed. This list is no statement of your custodian.")
    put_accounts(pen, truth, cash=False)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def _foot(columns: Sequence[str], word: str, value: float) -> list:
    row: list = [None] * len(columns)
    row[0], row[columns.index("Market Value")] = word, value
    return row


def account_once(pen: Pen) -> Made:
    """The account stands beside its first row only, as a merged cell or over blanks."""
    truth = drawn(pen.chance)
    sheet = pen.sheet("Holdings")
    top = pen.titles(sheet)
    columns = ["Account", *columns_of(pen, account=False)]
    rows: list[list] = []
    spans = []
    for account in truth.accounts:
        own = [lot_row(pen, truth, lot, columns) for lot in truth.lots if lot[0] == account]
        own.append(cash_row(pen, truth, account, columns))
        for row in own[1:]:
            row[0] = None
        spans.append((len(rows), len(rows) + len(own) - 1))
        rows += own
    pen.table(sheet, top, 1, [pen.word(column) for column in columns], rows)
    if pen.chance.random() < 0.5:
        for first, last in spans:
            sheet.merge_cells(start_row=top + 1 + first, start_column=1, end_row=top + 1 + last, end_column=1)
    put_accounts(pen, truth, cash=False)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def titled_blocks(pen: Pen) -> Made:
    """A block for each account, its name in the line above."""
    truth = drawn(pen.chance)
    sheet = pen.sheet(pen.chance.choice(("Holdings", "Detail", "Statement")))
    row = pen.titles(sheet)
    columns = columns_of(pen, account=False)
    headers = [pen.word(column) for column in columns]
    for account in truth.accounts:
        title = pen.chance.choice(
            (account, f"Account: {account}", f"Positions for account {account} as of 06/12/2026", f"{account}:")
        )
        sheet.cell(row, 1, title).font = Font(bold=True)
        rows = [lot_row(pen, truth, lot, columns) for lot in truth.lots if lot[0] == account]
        rows.append(cash_row(pen, truth, account, columns))
        rows.append(_foot(columns, "Account Total", 1234.5))
        row = pen.table(sheet, row + pen.chance.choice((1, 1, 2)), 1, headers, rows) + pen.chance.randrange(1, 3)
    if pen.chance.random() < 0.6:
        put_accounts(pen, truth, cash=False)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def lines_between(pen: Pen) -> Made:
    """One header, and a line with the account's name above its rows."""
    truth = drawn(pen.chance)
    sheet = pen.sheet(pen.chance.choice(("Holdings", "All accounts")))
    top = pen.titles(sheet)
    columns = columns_of(pen, account=False)
    rows: list[list] = []
    for account in truth.accounts:
        rows.append([account])
        rows += [lot_row(pen, truth, lot, columns) for lot in truth.lots if lot[0] == account]
        rows.append(cash_row(pen, truth, account, columns))
        rows.append(_foot(columns, f"Total {account}", 4321.0))
        if pen.chance.random() < 0.5:
            rows.append([])
    pen.table(sheet, top, 1, [pen.word(column) for column in columns], rows)
    if pen.chance.random() < 0.6:
        put_accounts(pen, truth, cash=False)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def tabs(pen: Pen) -> Made:
    """A sheet for each account, named like it."""
    truth = drawn(pen.chance)
    columns = columns_of(pen, account=False)
    headers = [pen.word(column) for column in columns]
    for account in truth.accounts:
        sheet = pen.sheet(account)
        rows = [lot_row(pen, truth, lot, columns) for lot in truth.lots if lot[0] == account]
        rows.append(cash_row(pen, truth, account, columns))
        pen.table(sheet, pen.titles(sheet), pen.chance.choice((1, 2)), headers, rows)
    if pen.chance.random() < 0.6:
        put_accounts(pen, truth, cash=False)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def matrix_down(pen: Pen) -> Made:
    """Classes down, accounts across, with totals and perhaps the targets."""
    truth = drawn(pen.chance, lots=False)
    with_targets = pen.chance.random() < 0.5
    _matrix(pen, truth, with_targets=with_targets)
    if not with_targets:
        put_targets(pen, truth)
    if pen.chance.random() < 0.6:
        put_accounts(pen, truth, cash=False)
    return Made(pen.workbook, {"": truth}, classes_only=True)


def _matrix(pen: Pen, truth: Truth, with_targets: bool = False, scale: float = 1.0, treatments: bool = False) -> None:
    sheet = pen.sheet(pen.chance.choice(("Allocation by account", "Holdings", "Matrix")))
    top = pen.titles(sheet)
    if scale != 1.0:
        sheet.cell(top - 1, 1, pen.chance.choice(("$000s", "All figures in thousands", "($000)")))
    held = truth.by_class()
    names = [*dict.fromkeys(asset_class for _, asset_class in sorted(held, key=lambda key: key[1])), "Cash"]
    headers = [pen.chance.choice(("Asset Class", "Class", "Category")), *truth.accounts, "Total"]
    rows: list[list] = []
    if treatments:
        rows.append(["Tax Treatment", *truth.accounts.values()])
    sums = [0.0] * (len(truth.accounts) + 1)
    for name in names:
        values = [
            (truth.cash[account] if name == "Cash" else held.get((account, name), 0.0)) / scale
            for account in truth.accounts
        ]
        values.append(sum(values))
        sums = [one + other for one, other in zip(sums, values, strict=True)]
        shown: list = [pen.money(round(value, 6)) if value else None for value in values]
        rows.append([name, *shown, *([Percent(truth.targets[name])] if with_targets else [])])
    if pen.chance.random() < 0.7:
        rows.append(["Total", *[pen.money(round(value, 6)) for value in sums]])
    pen.table(sheet, top, 1, [*headers, *(["Target %"] if with_targets else [])], rows)


def matrix_across(pen: Pen) -> Made:
    """Accounts down, classes across, perhaps with the treatment beside."""
    truth = drawn(pen.chance, lots=False)
    sheet = pen.sheet(pen.chance.choice(("Where it is", "Summary")))
    held = truth.by_class()
    names = [*dict.fromkeys(asset_class for _, asset_class in sorted(held, key=lambda key: key[1])), "Cash"]
    typed = pen.chance.random() < 0.5
    rows = []
    for account, treatment in truth.accounts.items():
        values = [truth.cash[account] if name == "Cash" else held.get((account, name), 0.0) for name in names]
        rows.append([account, *([treatment] if typed else []), *[v or None for v in values], round(sum(values), 2)])
    headers = ["Account", *(["Tax Treatment"] if typed else []), *names, "Total"]
    pen.table(sheet, pen.titles(sheet), 1, headers, rows)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth}, classes_only=True)


def matrix_thousands(pen: Pen) -> Made:
    """Classes down, accounts across, in thousands, the treatments in a line of their own."""
    truth = drawn(pen.chance, lots=False)
    _matrix(pen, truth, scale=1000.0, treatments=True)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth}, classes_only=True)


def matrix_of_shares(pen: Pen) -> Made:
    """Securities down, accounts across, in shares."""
    truth = drawn(pen.chance, lots=False)
    truth = replace(truth, lots=tuple((*lot[:3], None, None) for lot in truth.lots))
    sheet = pen.sheet("Shares")
    top = pen.titles(sheet)
    sheet.cell(top - 1, 1, pen.chance.choice(("Shares by account", "Number of shares held")))
    held = {(account, symbol): quantity for account, symbol, quantity, _, _ in truth.lots}
    rows = [
        [symbol, asset_class, price, *[held.get((account, symbol)) for account in truth.accounts]]
        for symbol, (asset_class, price) in truth.securities.items()
    ]
    pen.table(sheet, top, 1, [pen.word("Symbol"), "Asset Class", "Price", *truth.accounts], rows)
    put_accounts(pen, truth)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def class_list(pen: Pen) -> Made:
    """A list of account, class and dollars, without securities."""
    truth = drawn(pen.chance, lots=False)
    sheet = pen.sheet(pen.chance.choice(("Holdings", "Mix")))
    held = truth.by_class() | {(account, "Cash"): usd for account, usd in truth.cash.items()}
    rows = [[account, name, pen.money(value)] for (account, name), value in sorted(held.items())]
    pen.table(sheet, pen.titles(sheet), 1, [pen.word("Account"), pen.word("Asset Class"), "Market Value"], rows)
    if pen.chance.random() < 0.5:
        put_accounts(pen, truth, cash=False)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth}, classes_only=True)


def household_column(pen: Pen) -> Made:
    """Several households in one list, told apart by a column."""
    chance = pen.chance
    truths = {name: drawn(chance, name) for name in chance.sample(("Rivera", "Okafor", "Lindqvist"), 2)}
    shared = next(iter(truths.values())).targets
    classes = {symbol: (asset_class, price) for symbol, asset_class, price in SECURITIES}
    columns = columns_of(pen, account=True)
    sheet = pen.sheet("Holdings")
    rows = [
        [name, *lot_row(pen, replace(truth, securities=classes), lot, columns)]
        for name, truth in truths.items()
        for lot in truth.lots
    ]
    pen.table(sheet, pen.titles(sheet), 1, ["Household", *[pen.word(column) for column in columns]], rows)
    accounts = pen.sheet("Accounts")
    rows = [[name, *row] for name, truth in truths.items() for row in account_rows(pen, truth, cash=True)]
    pen.table(accounts, pen.titles(accounts), 1, ["Household", "Account", "Tax Treatment", "Cash"], rows)
    put_targets(pen, replace(truths[next(iter(truths))], targets=shared))
    return Made(pen.workbook, {name: replace(truth, targets=shared) for name, truth in truths.items()})


def household_tabs(pen: Pen) -> Made:
    """A sheet for each household, with all that it has."""
    chance = pen.chance
    truths = {name: drawn(chance) for name in chance.sample(("Rivera", "Okafor", "Lindqvist"), chance.choice((2, 3)))}
    for name, truth in truths.items():
        sheet = pen.sheet(name)
        row = put_accounts(pen, truth, sheet, pen.titles(sheet))
        row = put_targets(pen, truth, sheet, row + 2)
        put_holdings(pen, truth, sheet, row + 2)
    return Made(pen.workbook, truths)


def odd_dates(pen: Pen) -> Made:
    """Dates as numbers, as text, or counted from 1904."""
    if pen.chance.random() < 0.5:
        pen.workbook.epoch = CALENDAR_MAC_1904
    pen.dates = pen.chance.choice(("serial", "date", "text", "words", "iso"))
    return three_sheets(pen)


def hidden_rows(pen: Pen) -> Made:
    """Hidden rows, an old hidden copy, a merged band above the header, columns nobody asked for."""
    truth = drawn(pen.chance)
    sheet = pen.sheet("Holdings")
    top = pen.titles(sheet)
    sheet.cell(top, 1, "Position")
    sheet.cell(top, 4, "Value and cost")
    sheet.merge_cells(start_row=top, start_column=1, end_row=top, end_column=3)
    sheet.merge_cells(start_row=top, start_column=4, end_row=top, end_column=7)
    put_holdings(pen, truth, sheet, top + 1)
    for row in range(top + 3, top + 3 + pen.chance.randrange(1, 4)):
        sheet.row_dimensions[row].hidden = True
    old = pen.sheet("Holdings 2024")
    old.sheet_state = "hidden"
    put_holdings(pen, drawn(pen.chance), old, 3)
    put_accounts(pen, truth)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def shorts_and_options(pen: Pen) -> Made:
    """Short rows, options, cash in a column of the accounts."""
    truth = drawn(pen.chance)
    account = next(iter(truth.accounts))
    symbol = next(iter(truth.securities))
    short = (account, symbol, -float(pen.chance.randrange(5, 50)), None, None)
    option = (account, "ACME 01/15/2027 55.00 C", -2.0, None, None)
    securities = truth.securities | {"ACME 01/15/2027 55.00 C": ("Other", 3.1)}
    extra = (short, option) if pen.chance.random() < 0.5 else (short,)
    if len(extra) == 1:
        securities = truth.securities
    truth = replace(truth, lots=(*truth.lots, *extra), securities=securities)
    put_accounts(pen, truth)
    shown = {name: value for name, value in securities.items() if value[0] != "Other"}
    sheet = pen.sheet("Positions")
    columns = ["Account", "Symbol", "Quantity", "Price", "Cost Basis", "Acquired"]
    rows = [lot_row(pen, truth, lot, columns) for lot in truth.lots]
    pen.table(sheet, pen.titles(sheet), 1, [pen.word(column) for column in columns], rows)
    master = pen.sheet("Securities")
    rows = [[name, asset_class] for name, (asset_class, _) in shown.items()]
    pen.table(master, pen.titles(master), 1, ["Symbol", "Asset Class"], rows)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def two_row_headers(pen: Pen) -> Made:
    """Headers in two rows: Cost over Per share and Total, Market over Price and Value, merged or not."""
    truth = drawn(pen.chance)
    sheet = pen.sheet(pen.chance.choice(("Holdings", "Positions", "Detail")))
    top = pen.titles(sheet)
    merged = pen.chance.random() < 0.6
    cost = pen.chance.choice(("Cost", "Cost Basis", "Tax Cost"))
    market = pen.chance.choice(("Market", "Current"))
    single = [("Account", "", "Account"), ("Symbol", "", "Symbol"), ("Asset Class", "", "Asset Class")]
    single.append(("Quantity", "", "Quantity"))
    pairs = [
        [(cost, "Per share", "Cost/Share"), (cost, "Total", "Cost Basis")],
        [(market, "Price", "Price"), (market, "Value", "Market Value")],
        [("Purchase", "Date", "Acquired")],
    ]
    pen.chance.shuffle(pairs)
    if not merged:
        # Where nothing is merged, a price that is not the first below its band could be anybody's.
        pairs = [pair for pair in pairs if len(pair) == 1 or pair[0][0] == cost] + [
            [("Market Price", "", "Price")], [("Market Value", "", "Market Value")],
        ]  # fmt: skip
    columns = [*single, *(column for pair in pairs for column in pair)]
    rows = []
    for lot in truth.lots:
        names = [name for _, _, name in columns if name != "Cost/Share"]
        values = dict(zip(names, lot_row(pen, truth, lot, names), strict=True))
        values["Cost/Share"] = None if lot[3] is None else pen.money(round(lot[3] / lot[2], 6))
        rows.append([values[name] for _, _, name in columns])
    pen.table(sheet, top + 1, 1, [under for _, under, _ in columns], rows)
    before = ""
    for number, (over, under, _) in enumerate(columns, 1):
        if not under:
            low = pen.chance.random() < 0.5
            sheet.cell(top + 1 if low else top, number, over)
            sheet.cell(top if low else top + 1, number).value = None
        elif over != before:
            sheet.cell(top, number, over)
            width = sum(one == over for one, _, _ in columns)
            if merged and width > 1:
                sheet.merge_cells(start_row=top, start_column=number, end_row=top, end_column=number + width - 1)
        before = over
    put_accounts(pen, truth)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


def list_in_thousands(pen: Pen) -> Made:
    """Lots whose cost and value, but not prices, are in thousands, as a header or a line above the list says."""
    truth = drawn(pen.chance)
    by_header = pen.chance.random() < 0.5
    sheet = pen.sheet(pen.chance.choice(("Holdings", "Positions")))
    top = pen.titles(sheet)
    if not by_header:
        sheet.cell(top - 1, 1, pen.chance.choice(("All figures in thousands", "($000)", "Dollars in thousands")))
    columns = columns_of(pen, account=True)
    mark = pen.chance.choice((" ($000)", " (000s)", " (in thousands)")) if by_header else ""
    sums = ("Cost Basis", "Market Value", "Gain/Loss")
    headers = [f"{column}{mark}" if column in sums else pen.word(column) for column in columns]
    rows = []
    for lot in truth.lots:
        row = lot_row(pen, truth, lot, columns)
        rows.append([
            round(value / 1000, 6) if column in sums and value is not None else value
            for column, value in zip(columns, row, strict=True)
        ])  # fmt: skip
    pen.table(sheet, top, 1, headers, rows)
    put_accounts(pen, truth)
    put_targets(pen, truth)
    return Made(pen.workbook, {"": truth})


# CUSIPs of digits alone: of their eight first digits follows the ninth.
DIGITS_ALONE = (("037833100", "US Stocks", 190.5), ("023135106", "US Stocks", 180.25), ("002824100", "Bonds", 110.5))


def lost_zeros(pen: Pen) -> Made:
    """CUSIPs that Excel took for numbers, so that their leading zeros are gone, or shown by a format alone."""
    truth = drawn(pen.chance)
    swap = dict(zip(sorted(truth.securities), DIGITS_ALONE, strict=False))
    securities = {swap[s][0] if s in swap else s: swap[s][1:] if s in swap else v for s, v in truth.securities.items()}
    lots = tuple((lot[0], swap[lot[1]][0] if lot[1] in swap else lot[1], *lot[2:]) for lot in truth.lots)
    classes = {asset_class for asset_class, _ in securities.values()} | {"Cash"}
    share = 1 / len(classes)
    targets = dict.fromkeys(sorted(classes), share)
    truth = replace(truth, securities=securities, lots=lots, targets=targets)
    put_accounts(pen, truth)
    sheet = pen.sheet(pen.chance.choice(("Holdings", "Positions")))
    top = pen.titles(sheet)
    columns = columns_of(pen, account=True)
    rows = [lot_row(pen, truth, lot, columns) for lot in truth.lots]
    at = columns.index("Symbol")
    shown = pen.chance.random() < 0.3
    for row in rows:
        if row[at].isdigit():
            row[at] = int(row[at])
    pen.table(sheet, top, 1, [pen.word(column) for column in columns], rows)
    for number in range(top + 1, top + 1 + len(rows)):
        if shown and isinstance(sheet.cell(number, at + 1).value, int):
            sheet.cell(number, at + 1).number_format = "000000000"
    plan = pen.sheet("Targets")
    pen.table(plan, 1, 1, ["Asset Class", "Target %"], [[name, weight] for name, weight in targets.items()])
    return Made(pen.workbook, {"": truth})


def hard(pen: Pen) -> Made:
    """Blocks side by side under their accounts; or dollars, percentages and nameless lists that nobody can read."""
    truth = drawn(pen.chance, lots=False)
    way = pen.chance.choice(("beside", "beside", "percent", "dollars", "nameless"))
    sheet = pen.sheet("Overview")
    top = pen.titles(sheet)
    put_targets(pen, truth)
    if way == "beside":
        left = 1
        for account in truth.accounts:
            sheet.cell(top, left, f"Account: {account}")
            columns = ["Symbol", "Quantity", "Price", "Asset Class", "Cost Basis", "Acquired"]
            rows = [lot_row(pen, truth, lot, columns) for lot in truth.lots if lot[0] == account]
            rows.append(cash_row(pen, truth, account, columns))
            pen.table(sheet, top + 1, left, columns, rows)
            left += len(columns) + pen.chance.choice((1, 2))
        return Made(pen.workbook, {"": truth})
    if way == "percent":
        names = sorted({asset_class for asset_class, _ in truth.securities.values()})
        rows = [[name, *[Percent(1 / len(names)) for _ in truth.accounts]] for name in names]
        pen.table(sheet, top, 1, ["Asset Class", *truth.accounts], rows)
    elif way == "dollars":
        rows = [[account, symbol, round(100 * quantity, 2)] for account, symbol, quantity, _, _ in truth.lots]
        pen.table(sheet, top, 1, ["Account", "Symbol", "Market Value"], rows)
    else:
        columns = ["Symbol", "Quantity", "Price", "Asset Class"]
        rows = [lot_row(pen, truth, lot, columns) for lot in truth.lots]
        pen.table(sheet, top, 1, columns, rows)
    return Made(pen.workbook, {"": truth}, unreadable=True)


LAYOUTS: tuple[Callable[[Pen], Made], ...] = (
    three_sheets, stacked, side_by_side, text_numbers, subtotals, account_once, titled_blocks, lines_between, tabs,
    matrix_down, matrix_across, matrix_thousands, matrix_of_shares, class_list, household_column, household_tabs,
    odd_dates, hidden_rows, shorts_and_options, two_row_headers, list_in_thousands, lost_zeros,
    hard,
)  # fmt: skip


def made(layout: Callable[[Pen], Made], seed: int) -> Made:
    """The workbook of a layout and a seed."""
    chance = random.Random(f"{layout.__name__} {seed}")
    pen = Pen(chance, synonyms=chance.random() < 0.8, dates=chance.choice(("date", "date", "text")))
    return layout(pen)


def all_made(each: int = EACH) -> Iterator[tuple[Callable[[Pen], Made], int, Made]]:
    """Every workbook: so many of each layout."""
    for layout in LAYOUTS:
        for seed in range(each):
            yield layout, seed, made(layout, seed)


# --- right, refused or wrong -----------------------------------------------------------------------------------


def verdict(one: Made, path: Path) -> tuple[str, str]:
    """ "right", "refused" or "wrong", with the reason; a workbook of several households is right when all are."""
    one.workbook.save(path)
    for name, truth in one.truths.items():
        try:
            household, policy = read_workbook(path, AS_OF, **({"household": name} if name else {}))
        except (InputErrors, FileRefused) as refused:
            return "refused", str(refused)
        found = differences(household, policy, truth, one.classes_only)
        if found:
            return "wrong", found
        if one.unreadable:
            return "wrong", "it was read, and nobody can"
    return "right", ""


def differences(household: Household, policy: Policy, truth: Truth, classes_only: bool) -> str:
    """What differs from the truth, "" when nothing does."""
    accounts = {account.name: account.treatment.value for account in household.accounts}
    if accounts != truth.accounts:
        return f"accounts {accounts} instead of {truth.accounts}"
    cash = {account.name: account.cash_usd for account in household.accounts}
    if any(abs(cash[name] - usd) > 0.005 for name, usd in truth.cash.items()):
        return f"cash {cash} instead of {truth.cash}"
    targets = {target.asset_class: target.weight for target in policy.targets}
    if targets.keys() != truth.targets.keys() or any(abs(targets[n] - w) > 1e-9 for n, w in truth.targets.items()):
        return f"targets {targets} instead of {truth.targets}"
    if classes_only:
        dollars = Counter[tuple[str, str]]()
        for lot in household.lots:
            dollars[lot.account, household.security(lot.symbol).class_mix[0][0]] += household.value_usd(lot)
        wanted = truth.by_class()
        if dollars.keys() != wanted.keys() or any(abs(dollars[key] - usd) > 0.01 for key, usd in wanted.items()):
            return f"by class {dict(dollars)} instead of {wanted}"
        return ""
    lots = Counter(
        (lot.account, lot.symbol, round(lot.quantity, 6), lot.basis_usd, lot.acquired) for lot in household.lots
    )
    if lots != Counter(truth.lots):
        return f"lots {lots - Counter(truth.lots)} instead of {Counter(truth.lots) - lots}"
    told = {s.symbol: (s.class_mix[0][0], s.price_usd) for s in household.securities if s.symbol in truth.securities}
    return "" if told == truth.securities else f"securities {told} instead of {truth.securities}"


def figures(each: int = EACH) -> dict[str, Counter[str]]:
    """Layout -> how many were read right, refused and wrong."""
    found: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for layout, seed, one in all_made(each):
            result, why = verdict(one, Path(folder) / f"{layout.__name__}-{seed}.xlsx")
            found.setdefault(layout.__name__, Counter())[result] += 1
            if "-v" in sys.argv and result != "right" and not one.unreadable:
                print(layout.__name__, seed, result, why[:1200])
    return found


def page_table(found: dict[str, Counter[str]]) -> str:
    """The figures as the page has them."""
    lines = ["| layout | workbooks | read right | refused with the reason | wrong |", "|---|---|---|---|---|"]
    documented = {layout.__name__: (layout.__doc__ or "").rstrip(".") for layout in LAYOUTS}
    total: Counter[str] = Counter()
    for name, counts in found.items():
        total += counts
        lines.append(f"| {documented[name]} | {counts.total()} | {_cells(counts)} |")
    lines.append(f"| **all** | {total.total()} | {_cells(total)} |")
    share = 100.0 * total["right"] / total.total()
    return "\n".join([*lines, "", f"{share:.1f} % are read right, {total['wrong']} are read wrong."])


def _cells(counts: Counter[str]) -> str:
    return " | ".join(str(counts[word]) for word in ("right", "refused", "wrong"))


def write_all(folder: Path) -> None:
    """Every workbook into a folder, with what is true of it beside."""
    folder.mkdir(parents=True, exist_ok=True)
    for layout, seed, one in all_made():
        path = folder / f"{layout.__name__}-{seed}.xlsx"
        one.workbook.save(path)
        told = {
            name: {**vars(truth), "lots": [[*lot[:4], lot[4] and lot[4].isoformat()] for lot in truth.lots]}
            for name, truth in one.truths.items()
        }
        text = json.dumps({"unreadable": one.unreadable, "households": told}, indent=1)
        path.with_suffix(".json").write_text(text, encoding="utf-8")


def main() -> None:
    """Write the folder, or count."""
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    if folders:
        write_all(Path(folders[0]))
        return
    table = page_table(figures())
    print(table)
    if "--page" in sys.argv:
        text = PAGE.read_text(encoding="utf-8")
        before, rest = text.split(START, 1)
        PAGE.write_text(f"{before}{START}\n{table}\n{END}{rest.split(END, 1)[1]}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
