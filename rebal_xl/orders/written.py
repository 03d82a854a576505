"""Order lines by a map, as the bytes of a file; or every reason why a line cannot be written so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from rebal_xl.household import Problem, Severity
from rebal_xl.household.execution import AccountOrders
from rebal_xl.orders import values
from rebal_xl.orders.lines import FieldKind, OrderLine, account_number, lot_lines, order_lines
from rebal_xl.orders.maps import DEFAULT_DECIMALS, SEPARATORS, MapColumn, OrderMap, Rows
from rebal_xl.orders.ready import Ready
from rebal_xl.words import dollars

LINE_END = "\r\n"
_NOTHING_USD = 0.005


@dataclass(slots=True)
class Written:
    """An order file, and what is to be said of it."""

    lines: list[OrderLine] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    # errors keep the file from being written
    problems: list[Problem] = field(default_factory=list)
    # accounts of other custodians, which are not in the file
    left_out: list[AccountOrders] = field(default_factory=list)

    def orders_of(self, ready: Ready) -> int:
        """How many orders of a household are in the file."""
        return len({(line.order.trade.account, line.order.number) for line in self.lines if line.ready is ready})


def written(households: Sequence[Ready], made: OrderMap) -> Written:
    """The lines of all households by the map."""
    told = Written()
    for ready in households:
        mine = [account for account in ready.accounts if account.orders and _is_for(account, made)]
        told.left_out += [account for account in ready.accounts if account.orders and not _is_for(account, made)]
        told.lines += (lot_lines if made.rows is Rows.LOTS else order_lines)(ready, mine)
    for line in told.lines:
        told.rows.append([_cell(line, column, told.problems) for column in made.columns])
    told.problems = list(dict.fromkeys(told.problems))
    return told


def csv_bytes(rows: Iterable[Sequence[str]], made: OrderMap) -> bytes:
    """The file: a line of headers where the map wants it, every line with exactly the map's columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=SEPARATORS[made.separator], lineterminator=LINE_END)
    if made.header:
        writer.writerow([column.header for column in made.columns])
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig" if made.mark else "utf-8")


def _is_for(account: AccountOrders, made: OrderMap) -> bool:
    """An account whose custodian is not given may be with any."""
    named = account.custodian.casefold().strip()
    return not made.custodians or not named or named in {one.casefold().strip() for one in made.custodians}


def _cell(line: OrderLine, column: MapColumn, problems: list[Problem]) -> str:
    what = column.what
    if what is None:
        return column.constant
    value = what.value(line)
    text = _text(line, column, value, problems)
    if column.most_letters and len(text) > column.most_letters:
        problems.append(
            _problem(
                line, "too-long", f'{column.header or what.name} "{text}" has {len(text)} letters, and the file takes '
                f"{column.most_letters}.", "Shorten it in the workbook, or enter the order by hand.",
            )
        )  # fmt: skip
    return text


def _text(line: OrderLine, column: MapColumn, value: object, problems: list[Problem]) -> str:
    what = column.what
    assert what is not None
    decimals = DEFAULT_DECIMALS.get(what.kind, 0) if column.decimals is None else column.decimals
    if value is None:
        return ""
    if isinstance(value, date):
        return values.day(value, column.date)
    if isinstance(value, float):
        if what.kind is FieldKind.SHARES:
            return _shares(line, value, decimals, problems)
        if what.kind is FieldKind.MONEY:
            return values.money(value, decimals)
        return f"{value:.0f}" if what.kind is FieldKind.WHOLE else values.price(value, decimals)
    text = str(value)
    if what.kind is FieldKind.WORD:
        return dict(column.words).get(text, text)
    if what.kind is FieldKind.NAME:
        _check_name(line, what.name, text, problems)
        return text
    return values.free_text(text)


def _shares(line: OrderLine, quantity: float, decimals: int, problems: list[Problem]) -> str:
    """Cut, never rounded up: no more is sold than is held, no more bought than the cash pays."""
    cut = values.shares(quantity, decimals)
    rest = quantity - float(cut)
    usd = rest * line.security.unit_usd
    if cut <= 0:
        problems.append(
            _problem(
                line, "quantity-too-small", f"{quantity:.6g} shares are none with the {decimals} decimals that the "
                "file takes.", "Enter the order by hand, or use a map with more decimals.",
            )
        )  # fmt: skip
    elif rest > 1e-6 and usd >= _NOTHING_USD:
        problems.append(
            _problem(
                line, "quantity-cut", f"The file takes {decimals} decimals: {cut} of {quantity:.6g} shares are in it, "
                f"{dollars(usd)} less than planned.", severity=Severity.NOTICE,
            )
        )  # fmt: skip
    return values.plain(cut)


def _check_name(line: OrderLine, name: str, text: str, problems: list[Problem]) -> None:
    """Symbols and account numbers are never quoted or mended: one that a program may misread is refused."""
    if name == "symbol" and not values.SYMBOL.fullmatch(text):
        problems.append(
            _problem(
                line, "symbol-letters", f'"{text}" is no symbol that an order file can carry: it takes '
                f"{values.SYMBOL_TOLD}.", "Write the ticker or CUSIP in Holdings and Securities.",
            )
        )  # fmt: skip
    if name != "symbol" and not values.NUMBER.fullmatch(text):
        problems.append(
            _problem(
                line, "account-number", f'"{account_number(line.account)}" is no account number that an order file can '
                f"carry: it takes {values.NUMBER_TOLD}.", f"Write the number of {line.account.name} into the column "
                "Custodian Number of Accounts.", about_account=True,
            )
        )  # fmt: skip


def _problem(
    line: OrderLine,
    code: str,
    message: str,
    advice: str = "",
    *,
    severity: Severity = Severity.ERROR,
    about_account: bool = False,
) -> Problem:
    told = message if about_account else f"{line.place}: {message}"
    return Problem(told, advice, sheet=line.ready.path.name, severity=severity, code=code)
