"""The Execution sheet: what to key at the custodian, account by account, with a box to tick beside every line.

It is one table, so that a later run of the same plan finds the ticks again; an account starts with a line of its own,
which says where it is held and what there is to know about its cash, and on a page of its own.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import Side
from rebal_xl.household.execution import AccountOrders, OrderToEnter, executions
from rebal_xl.sheets import formats, layout, looks
from rebal_xl.sheets.cells import Shown, Value, cell_at, put
from rebal_xl.sheets.columns import money
from rebal_xl.sheets.fill import share_format
from rebal_xl.sheets.layout import Placed, Row
from rebal_xl.sheets.results_sheet import Answer, Block, Heading, add_sheet, facts, proof, sheet_foot
from rebal_xl.sheets.results_trades import no_trade
from rebal_xl.sheets.schema import Column, Kind, Table
from rebal_xl.words import count, dollars

KIND = "Execution"
OPEN, DONE = "☐", "☑"
# What else an advisor may type for a tick.
TICKS = frozenset({DONE, "x", "X", "✓", "✔", "☒", "yes", "Yes", "done", "Done"})
# First words of a line.
CASH, SELL, SELL_ALL, BUY, WITHDRAW = "Cash", "Sell", "Sell all", "Buy", "Withdraw"
HOW_ROW = 4
HOW = (
    "Account by account, from the top: sells first, lot by lot, then buys, then withdrawals. Prices, proceeds and cash "
    "are estimates at the prices of the plan; T+1 is the next business day. Tick a line when its order is entered; "
    "ticks and notes are kept as long as the plan stays the same."
)
# The plan's fingerprint, as the sheet's second row says it.
PLAN = re.compile(r"\bplan ([0-9a-z]{8,})$")
# Landscape letter paper less its margins, in pixels of 96 to an inch, and a digit of the body font as it is printed.
PAGE_PIXELS, DIGIT_PIXELS = 979.0, 7.45
# Fonts differ a little between machines.
CAUTION = 0.97
LEAST_SCALE = 30


LINES = Table(
    name="ExecutionLines",
    sheet=KIND,
    is_input=False,
    note="What to key at the custodian: account by account, sells before buys, a line for each lot.",
    columns=(
        Column("Account", Kind.TEXT, "Where to enter the order; accounts of one custodian stand together."),
        Column("Done", Kind.FLAG, "Tick it when the order is entered: choose the ticked box from the list, or type x."),
        Column("Order", Kind.WHOLE, "Number of the order in its account; the lots of one order share it.",
               number_format=formats.WHOLE),
        Column("Side", Kind.TEXT, "Cash to start with, Sell, Sell all (nothing of it remains), Buy or Withdraw."),
        Column("Symbol", Kind.TEXT, "Ticker or CUSIP."),
        Column("Name", Kind.TEXT, "Full name of the security; on the first line of an account what to know of it."),
        Column("Order Quantity", Kind.NUMBER, "Shares of the whole order, on its first line.",
               number_format=formats.SHARES),
        Column("Lot", Kind.TEXT, "The lot's name, as in Holdings: the lot to choose at the custodian."),
        Column("Acquired", Kind.DATE, "Day of the lot's purchase.", number_format=formats.DATE),
        Column("Term", Kind.TEXT, "Short is held for one year or less (IRC 1222); empty where gains are not taxed."),
        Column("Quantity", Kind.NUMBER, "Shares of this line.", number_format=formats.SHARES),
        Column("Price", Kind.MONEY, "Price the plan was made with, dollars.", number_format=formats.PRICE),
        money("Amount", "Proceeds of a sell after redemption fees, cost of a buy, or what is withdrawn, dollars."),
        money("Basis", "Cost of the shares sold, dollars."),
        money("Gain", "Realized gain before wash sales, dollars; a loss is negative."),
        money("Cash After", "Cash of the account once this line and those above it are done and settled, dollars."),
        Column("Note", Kind.TEXT, "Yours: kept, like the ticks, as long as the plan stays the same.", width=20),
    ),
)  # fmt: skip

# Account, order, side, symbol and lot: what tells a line from all others of its plan.
Line = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Tick:
    """What somebody ticked or noted beside a line of an earlier run."""

    # of the plan it belongs to
    fingerprint: str
    line: Line
    done: bool
    note: str = ""


def add_execution(workbook: Workbook, answer: Answer, ticks: Iterable[Tick] = ()) -> None:
    """Add the Execution sheet; `ticks` are those of earlier runs, of which those of this plan are kept."""
    accounts = executions(answer.plan, answer.household)
    kept = {tick.line: tick for tick in ticks if tick.fingerprint == answer.plan.fingerprint}
    rows = [row for account in accounts for row in account_rows(answer, account, kept)]
    caption = "" if rows else no_trade(answer.plan).removesuffix(".")
    name = f"plan {answer.plan.fingerprint}"
    heading = Heading(f"{facts(answer)} · {name}", proof(answer), f"{sheet_foot(answer)}, {name}")
    placed = add_sheet(workbook, KIND, heading, [Block(LINES, rows, caption, _totals(accounts))])[0]
    sheet = workbook[KIND]
    layout.write_note(sheet, HOW, HOW_ROW, 1, placed.last_col)
    layout.colour_losses(sheet, placed.cells("Gain"))
    if rows:
        _head_accounts(sheet, placed, accounts, {one.name: one.number for one in answer.household.accounts})
        _offer_ticks(sheet, placed)
    _print_by_account(sheet, placed, accounts)


def account_rows(answer: Answer, account: AccountOrders, kept: Mapping[Line, Tick]) -> list[Row]:
    """An account's lines: cash to start with, a line for each lot sold, for each purchase, and for the withdrawal."""
    quantities = [order.trade.quantity for order in account.orders]
    shown = share_format([*quantities, *(lot.quantity for order in account.orders for lot in order.lots)])
    rows: list[dict[str, Value | Shown]] = [{"Side": CASH, "Cash After": account.cash_before_usd}]
    for order in account.orders:
        rows += _order_rows(answer, order, shown)
    if account.withdrawn_usd:
        rows.append({"Side": WITHDRAW, "Amount": account.withdrawn_usd, "Cash After": account.cash_left_usd})
    for row in rows:
        row["Account"] = account.account
        if row["Side"] != CASH:
            tick = kept.get(line_of(row))
            row["Done"] = DONE if tick is not None and tick.done else OPEN
            row["Note"] = tick.note if tick is not None else ""
    return list(rows)


def _order_rows(answer: Answer, order: OrderToEnter, shown: str) -> list[dict[str, Value | Shown]]:
    trade = order.trade
    common: dict[str, Value | Shown] = {
        "Order": float(order.number),
        "Side": BUY if trade.side is Side.BUY else SELL_ALL if trade.closes_position else SELL,
        "Symbol": trade.symbol,
        "Name": answer.household.security(trade.symbol).name,
        "Price": trade.price_usd,
    }
    if not order.lots:
        quantity = Shown(trade.quantity, shown)
        common |= {"Order Quantity": quantity, "Quantity": quantity}
        return [common | {"Amount": order.cash_usd, "Cash After": order.cash_after_usd}]
    rows: list[dict[str, Value | Shown]] = []
    cash = order.cash_after_usd - order.cash_usd
    for number, lot in enumerate(order.lots):
        cash = round(cash + lot.proceeds_usd, 2) + 0.0
        rows.append(
            common
            | {
                "Order Quantity": None if number else Shown(trade.quantity, shown),
                "Lot": lot.lot_id,
                "Acquired": lot.acquired or "not known",
                "Term": lot.term.value if lot.term else "",
                "Quantity": Shown(lot.quantity, shown),
                "Amount": lot.proceeds_usd,
                "Basis": "not known" if lot.basis_usd is None else lot.basis_usd,
                # no figure where nobody taxes it
                "Gain": lot.gain_usd if lot.term else None,
                "Cash After": cash,
            }
        )
    return rows


def line_of(row: Mapping[str, object]) -> Line:
    """Which line a row is."""

    def text(name: str) -> str:
        held = row.get(name)
        return "" if held is None else f"{held:g}" if isinstance(held, float) else str(held)

    return text("Account"), text("Order"), text("Side"), text("Symbol"), text("Lot")


def earlier_ticks(facts_line: object, rows: Iterable[Mapping[str, object]]) -> tuple[Tick, ...]:
    """What was ticked and noted on an Execution sheet.

    `facts_line` is what its second row says, `rows` are those of its table (header -> value).
    """
    found = PLAN.search(str(facts_line or "").strip())
    if found is None:
        return ()
    ticks = []
    for row in rows:
        done, note = str(row.get("Done") or "").strip() in TICKS, str(row.get("Note") or "")
        if done or note:
            ticks.append(Tick(found[1], line_of(row), done, note))
    return tuple(ticks)


def what_to_know(account: AccountOrders, number: str = "") -> str:
    """Where an account is held and under which number, and how its orders hang together."""
    held = account.custodian or "Custodian not given"
    if number and number != account.account:
        held += f" account {number}"
    said = [f"{held}: {_in_short(account)}."]
    if account.contribution_needed_usd:
        said.append(f"{dollars(account.contribution_needed_usd)} of the contribution must be there first.")
    if account.buys_from_sells_usd:
        said.append(f"Sells pay {dollars(account.buys_from_sells_usd)} of the buys; both settle on T+1.")
    if account.withdrawn_from_sells_usd:
        said.append(f"Pay out only when the sells have settled{'' if account.buys_from_sells_usd else ' (T+1)'}.")
    if account.short_usd:
        said.append(f"{dollars(account.short_usd)} of cash are missing: see Checks.")
    return " ".join(said)


def _in_short(account: AccountOrders) -> str:
    sells = sum(order.sells for order in account.orders)
    buys = len(account.orders) - sells
    parts = [count(number, noun) for number, noun in ((sells, "sell"), (buys, "buy")) if number]
    if account.withdrawn_usd:
        parts.append("a withdrawal")
    return ", ".join(parts)


def _totals(accounts: Sequence[AccountOrders]) -> list[Row]:
    """What the lines add up to; with the fees it is what the plan sells and buys, to the cent."""
    sums = [
        ("Total sold", sum(account.sold_usd for account in accounts)),
        ("Total bought", sum(account.bought_usd for account in accounts)),
        ("Total withdrawn", sum(account.withdrawn_usd for account in accounts)),
    ]
    fees = sum(account.fees_usd for account in accounts)
    if fees:
        sums.insert(1, ("Redemption fees", fees))
    lots = [lot for account in accounts for order in account.orders for lot in order.lots]
    rows: list[dict[str, Value | Shown]] = [{"Account": name, "Amount": round(usd, 2)} for name, usd in sums]
    rows[0] |= {"Basis": sum(lot.basis_usd or 0.0 for lot in lots), "Gain": sum(lot.gain_usd for lot in lots)}
    return list(rows)


def _first_rows(placed: Placed, accounts: Sequence[AccountOrders]) -> Iterator[tuple[AccountOrders, int]]:
    row = placed.first_row + 1
    for account in accounts:
        yield account, row
        row += 1 + sum(max(1, len(order.lots)) for order in account.orders) + bool(account.withdrawn_usd)


def _head_accounts(
    sheet: Worksheet, placed: Placed, accounts: Sequence[AccountOrders], numbers: Mapping[str, str]
) -> None:
    """The first line of an account stands out, and its sentences run over the empty cells beside them."""
    for account, row in _first_rows(placed, accounts):
        for number in range(placed.first_col, placed.last_col + 1):
            cell = cell_at(sheet, row, number)
            cell.font, cell.fill = looks.BOLD_FONT, looks.GROUP_FILL
        cell = cell_at(sheet, row, placed.column_number("Name"))
        put(cell, what_to_know(account, numbers[account.account]))
        cell.alignment = looks.TOP


def _offer_ticks(sheet: Worksheet, placed: Placed) -> None:
    offered = DataValidation(type="list", formula1=f'"{OPEN},{DONE}"', allow_blank=True, errorStyle="warning")
    offered.showErrorMessage = True
    offered.errorTitle, offered.error = "Not in the list", f"Choose {DONE} when the order is entered, or type x."
    offered.add(placed.cells("Done"))
    sheet.add_data_validation(offered)


def _print_by_account(sheet: Worksheet, placed: Placed, accounts: Sequence[AccountOrders]) -> None:
    """Each account on pages of its own, below the heading that says whose plan it is."""
    for _, row in list(_first_rows(placed, accounts))[1:]:
        sheet.row_breaks.append(Break(id=row - 1))
    sheet.print_title_rows = f"1:{placed.first_row}"
    # Fitting a sheet to pages would make Excel forget where they break.
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = False
    wide = layout.total_width(sheet) * DIGIT_PIXELS
    sheet.page_setup.scale = max(LEAST_SCALE, min(100, math.floor(100 * CAUTION * PAGE_PIXELS / wide)))
