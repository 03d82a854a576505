"""The lines of an order file before they have a format: an order, or a lot of it, with everything that may be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rebal_xl.household import Account, Security, Side
from rebal_xl.household.execution import AccountOrders, LotLine, OrderToEnter
from rebal_xl.orders.ready import Ready


class FieldKind(StrEnum):
    """How a field is written."""

    # text that may be anything: names and notes
    TEXT = "text"
    # names that a program reads: symbols and account numbers, checked letter by letter
    NAME = "name"
    SHARES = "shares"
    MONEY = "money"
    PRICE = "price"
    WHOLE = "whole"
    DAY = "day"
    # one of a few words, which a map may turn into others
    WORD = "word"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line: an order, or with `lot` the part of it that comes from one lot."""

    ready: Ready
    account: Account
    order: OrderToEnter
    security: Security
    lot: LotLine | None = None

    @property
    def quantity(self) -> float:
        """Shares of the line."""
        return self.order.trade.quantity if self.lot is None else self.lot.quantity

    @property
    def usd(self) -> float:
        """Cash of the line in whole cents, positive dollars: after redemption fees for a sale."""
        return self.order.cash_usd if self.lot is None else self.lot.proceeds_usd

    @property
    def place(self) -> str:
        """The line as a sentence names it."""
        trade = self.order.trade
        return f"{trade.side.value} {trade.symbol} in {trade.account}"


FieldValue = str | float | date | None


@dataclass(frozen=True, slots=True)
class Field:
    """What a column may hold."""

    name: str
    kind: FieldKind
    told: str
    value: Callable[[OrderLine], FieldValue]
    # the words of a WORD field
    words: tuple[str, ...] = ()
    # there is none on the line of a whole order
    of_lot: bool = False


def account_number(account: Account) -> str:
    """What the custodian calls the account."""
    return account.number or account.name


def _word(answer: bool) -> str:
    return "Yes" if answer else "No"


FIELDS: dict[str, Field] = {
    one.name: one
    for one in (
        Field("account", FieldKind.TEXT, "the account's name in the workbook", lambda line: line.account.name),
        Field("account_number", FieldKind.NAME, "Custodian Number of Accounts, else the account's name",
              lambda line: account_number(line.account)),
        Field("acquired", FieldKind.DAY, "day the lot was bought", lambda line: line.lot.acquired if line.lot else None,
              of_lot=True),
        Field("amount", FieldKind.MONEY, "dollars of the line: cost, or proceeds after redemption fees",
              lambda line: line.usd),
        Field("as_of", FieldKind.DAY, "day of the plan", lambda line: line.ready.plan.as_of),
        Field("basis", FieldKind.MONEY, "cost of the lot's shares sold",
              lambda line: line.lot.basis_usd if line.lot else None,
              of_lot=True),
        Field("custodian", FieldKind.TEXT, "where the account is kept", lambda line: line.account.custodian),
        Field("custodian_number", FieldKind.NAME, "Custodian Number of Accounts; blank where none is given",
              lambda line: line.account.number or None),
        Field("fingerprint", FieldKind.TEXT, "of the plan, as in the Run Log",
              lambda line: line.ready.plan.fingerprint),
        Field("gain", FieldKind.MONEY, "gain of the lot before wash sales; blank where gains are not taxed",
              lambda line: line.lot.gain_usd if line.lot and line.lot.term else None, of_lot=True),
        Field("household", FieldKind.TEXT, "the household's name", lambda line: line.ready.household.name),
        Field("lot", FieldKind.TEXT, "the lot's name, as in Holdings",
              lambda line: line.lot.lot_id if line.lot else None,
              of_lot=True),
        Field("name", FieldKind.TEXT, "the security's name", lambda line: line.security.name),
        Field("order", FieldKind.WHOLE, "number of the order in its account", lambda line: float(line.order.number)),
        Field("order_quantity", FieldKind.SHARES, "shares of the whole order", lambda line: line.order.trade.quantity),
        Field("price", FieldKind.PRICE, "price of the plan", lambda line: line.order.trade.price_usd),
        Field("quantity", FieldKind.SHARES, "shares of the line", lambda line: line.quantity),
        Field("side", FieldKind.WORD, "Buy or Sell", lambda line: line.order.trade.side.value,
              words=tuple(side.value for side in Side)),
        Field("symbol", FieldKind.NAME, "ticker or CUSIP", lambda line: line.order.trade.symbol),
        Field("term", FieldKind.WORD, "Short or Long; blank where gains are not taxed",
              lambda line: line.lot.term.value if line.lot and line.lot.term else None, words=("Short", "Long"),
              of_lot=True),
        Field("whole_position", FieldKind.WORD, "Yes where nothing of the position remains",
              lambda line: _word(line.order.trade.closes_position), words=("Yes", "No")),
    )
}  # fmt: skip


def order_lines(ready: Ready, accounts: Iterable[AccountOrders]) -> list[OrderLine]:
    """A line for each order of these accounts."""
    return [
        OrderLine(ready, ready.household.account(account.account), order, ready.household.security(order.trade.symbol))
        for account in accounts
        for order in account.orders
    ]


def lot_lines(ready: Ready, accounts: Iterable[AccountOrders]) -> list[OrderLine]:
    """A line for each lot of a sale and for each purchase of these accounts."""
    lines: list[OrderLine] = []
    for line in order_lines(ready, accounts):
        lots = line.order.lots
        lines += [OrderLine(ready, line.account, line.order, line.security, lot) for lot in lots] or [line]
    return lines
