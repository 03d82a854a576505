"""Orders of one symbol and side at one custodian as a block, with what each account gets of it.

Rule: a block is traded in whole shares of securities that trade whole, so each account's fraction (of a position that
is closed, or in an account that trades fractions) stays out of the block and is listed as a line of its own; what is
left is each account's own order, and the block is their sum, share for share. Nobody gives shares to anybody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from rebal_xl.household import Side
from rebal_xl.orders import values
from rebal_xl.orders.lines import OrderLine, account_number, order_lines
from rebal_xl.orders.ready import Ready

HEADER = (
    "Block", "Line", "Custodian", "Side", "Symbol", "Name", "Quantity", "Household", "Account", "Account Number",
    "Price (estimate)", "Amount (estimate)",
)  # fmt: skip
BLOCK, ALLOCATION, FRACTION = "Block", "Allocation", "Fraction"


@dataclass(frozen=True, slots=True)
class Share:
    """What an account gets of a block, and the fraction that it trades by itself."""

    line: OrderLine
    quantity: Decimal
    # whole cents
    usd: Decimal
    fraction: Decimal
    fraction_usd: Decimal


@dataclass(frozen=True, slots=True)
class Block:
    """One order for several accounts."""

    number: int
    custodian: str
    side: Side
    symbol: str
    shares: tuple[Share, ...]

    @property
    def quantity(self) -> Decimal:
        """Shares of the block: the sum of its allocations, exactly."""
        return sum((share.quantity for share in self.shares), Decimal(0))

    @property
    def usd(self) -> Decimal:
        """Dollars of the block: the sum of its allocations, to the cent."""
        return sum((share.usd for share in self.shares), Decimal(0))


def blocks(households: Sequence[Ready]) -> tuple[Block, ...]:
    """Every order of the households in its block: by custodian, sells before buys, by symbol."""
    groups: dict[tuple[str, bool, str], list[OrderLine]] = defaultdict(list)
    for ready in households:
        for line in order_lines(ready, ready.accounts):
            trade = line.order.trade
            groups[line.account.custodian.casefold(), trade.side is Side.BUY, trade.symbol].append(line)
    made = []
    for number, (key, lines) in enumerate(sorted(groups.items(), key=lambda item: item[0]), 1):
        first = lines[0]
        shares = tuple(_share(line) for line in lines)
        made.append(Block(number, first.account.custodian, first.order.trade.side, key[2], shares))
    return tuple(made)


def _share(line: OrderLine) -> Share:
    ordered = values.shares(line.quantity)
    step = Decimal(repr(line.security.lot_size)) if line.security.lot_size > 0.0 else Decimal(0)
    whole = ordered if step == 0 else (ordered / step).to_integral_value(ROUND_DOWN) * step
    # the whole order in cents, of which the whole shares have their part
    usd = Decimal(repr(line.order.cash_usd)).quantize(Decimal("0.01"))
    mine = (usd * whole / ordered).quantize(Decimal("0.01")) if ordered else Decimal("0.00")
    return Share(line, whole, mine, ordered - whole, usd - mine)


def block_rows(made: Sequence[Block]) -> list[list[str]]:
    """Header and lines: a block, then its allocations, then fractions to enter in their accounts."""
    rows = [list(HEADER)]
    for block in made:
        name = values.free_text(block.shares[0].line.security.name)
        start = [str(block.number)]
        about = [values.free_text(block.custodian), block.side.value, block.symbol, name]
        price = values.price(block.shares[0].line.order.trade.price_usd)
        if block.quantity:
            rows.append([*start, BLOCK, *about, values.plain(block.quantity), "", "", "", price, f"{block.usd:.2f}"])
        for word in (ALLOCATION, FRACTION):
            for share in block.shares:
                quantity, usd = (
                    (share.quantity, share.usd) if word == ALLOCATION else (share.fraction, share.fraction_usd)
                )
                if quantity:
                    line = share.line
                    whose = [line.ready.household.name, line.account.name]
                    number = account_number(line.account) if line.account.number else ""
                    mine = values.price(line.order.trade.price_usd)
                    rows.append([*start, word, *about, values.plain(quantity), *map(values.free_text, whose), number,
                                 mine, f"{usd:.2f}"])  # fmt: skip
    return rows
