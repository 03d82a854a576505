"""Fills held against the orders of the Run Log: which order each carries out, from which lots, and at what slippage.

A fill without a lot takes the plan's lots in the order of the Execution sheet, the oldest first, as far as they are not
filled yet; each piece is written with its lot, so that gains are counted from the lots that were sold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rebal_xl.household import Fill, Household, RunEntry, RunOrder, RunStatus, Side
from rebal_xl.measure.value import MATCH_DAYS, run_status
from rebal_xl.orders.fills_read import FileFill

_SHARES = 1e-6


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a fill: of a sale, the shares of one lot."""

    fill: FileFill
    quantity: float
    # dollars of the fill's fees
    fees_usd: float
    order: RunOrder


@dataclass(slots=True)
class OrderFilled:
    """One order and what was filled of it."""

    fingerprint: str
    lots: tuple[RunOrder, ...]
    # shares by earlier fills, by place of the lot
    before: list[float]
    pieces: list[Piece] = field(default_factory=list)

    @property
    def ordered(self) -> float:
        """Shares ordered."""
        return sum(lot.quantity for lot in self.lots)

    @property
    def filled(self) -> float:
        """Shares filled by this file."""
        return sum(piece.quantity for piece in self.pieces)

    @property
    def price_usd(self) -> float:
        """Average price of these fills."""
        return sum(piece.quantity * piece.fill.price_usd for piece in self.pieces) / self.filled

    @property
    def slippage_usd(self) -> float:
        """Dollars that the fills were worse than the plan's price; negative is better. Fees are apart."""
        return sum(_slippage(piece) for piece in self.pieces)

    @property
    def planned_usd(self) -> float:
        """What the filled shares were to bring or cost at the plan's price, dollars."""
        return sum(piece.quantity * piece.order.price_usd * unit_of(piece.order) for piece in self.pieces)

    @property
    def slippage_bp(self) -> float | None:
        """Slippage in hundredths of a percent of the plan's dollars; None where these are none."""
        planned = self.planned_usd
        return self.slippage_usd / planned * 1e4 if planned > 0.0 else None

    @property
    def fees_usd(self) -> float:
        """Fees of the fills."""
        return sum(piece.fees_usd for piece in self.pieces)

    def left(self) -> list[float]:
        """Shares of each lot that are not filled yet."""
        left = [lot.quantity - before for lot, before in zip(self.lots, self.before, strict=True)]
        for piece in self.pieces:
            left[self.lots.index(piece.order)] -= piece.quantity
        return [max(0.0, each) for each in left]


@dataclass(slots=True)
class Matched:
    """Every fill of the file in its place."""

    orders: list[OrderFilled] = field(default_factory=list)
    # with the reason
    unmatched: list[tuple[FileFill, str]] = field(default_factory=list)
    # fills that the workbook holds already
    known: list[FileFill] = field(default_factory=list)
    # plan and order of fills that the workbook held before
    before: set[tuple[str, tuple[str, str, Side]]] = field(default_factory=set)

    @property
    def pieces(self) -> list[Piece]:
        """Every piece, in the order of the orders."""
        return [piece for order in self.orders for piece in order.pieces]


def match_fills(household: Household, runs: Sequence[RunEntry], fills: Sequence[FileFill]) -> Matched:
    """Match the fills with the runs (the newest first); `household.fills` are those entered before."""
    told = Matched()
    new = _without_known(household, fills, told)
    books: dict[tuple[str, tuple[str, str, Side]], OrderFilled] = {}
    for fill in new:
        run = _run_of(runs, fill)
        if run is None:
            told.unmatched.append((fill, _why(household, runs, fill)))
            continue
        key = (run.fingerprint, fill.key)
        order = books.get(key) or _opened(household, run, fill)
        why = _take(order, fill)
        if why:
            told.unmatched.append((fill, why))
        else:
            books[key] = order
    told.orders = list(books.values())
    keys = {(run.fingerprint, order.key): run for run in runs for order in run.orders}
    told.before = {(plan, key) for (plan, key), run in keys.items() if _begun(household, run, key)}
    return told


def _without_known(household: Household, fills: Sequence[FileFill], told: Matched) -> list[FileFill]:
    """Fills that earlier imports did not enter; pieces of one fill add up to it."""
    entered: dict[tuple[object, ...], float] = defaultdict(float)
    for held in household.fills:
        entered[held.account, held.symbol, held.side, held.filled, round(held.price_usd, 6)] += held.quantity
    new = []
    for fill in fills:
        key = (*fill.key, fill.filled, round(fill.price_usd, 6))
        if entered[key] >= fill.quantity - _SHARES:
            entered[key] -= fill.quantity
            told.known.append(fill)
        else:
            new.append(fill)
    return new


def _run_of(runs: Sequence[RunEntry], fill: FileFill) -> RunEntry | None:
    for run in sorted(runs, key=lambda one: -one.as_of.toordinal()):
        if not any(order.key == fill.key for order in run.orders):
            continue
        if fill.fingerprint:
            if run.fingerprint == fill.fingerprint:
                return run
        elif run_status(run.status) is not RunStatus.DROPPED and 0 <= (fill.filled - run.as_of).days <= MATCH_DAYS:
            return run
    return None


def _why(household: Household, runs: Sequence[RunEntry], fill: FileFill) -> str:
    if fill.account not in {account.name for account in household.accounts}:
        return "no account of the workbook is called so, by its name or Custodian Number"
    if not any(order.key == fill.key for run in runs for order in run.orders):
        return "no plan in the Run Log has such an order"
    return f"its plan was dropped, or made after the fill or more than {MATCH_DAYS} days before"


def _begun(household: Household, run: RunEntry, key: tuple[str, str, Side]) -> bool:
    """Whether a fill that was entered before is of this order."""
    return any(_is_of(held, run, key) for held in household.fills)


def _is_of(held: Fill, run: RunEntry, key: tuple[str, str, Side]) -> bool:
    same = (held.account, held.symbol, held.side) == key and held.filled >= run.as_of
    return same and held.fingerprint in ("", run.fingerprint)


def _opened(household: Household, run: RunEntry, fill: FileFill) -> OrderFilled:
    lots = tuple(
        sorted(
            (order for order in run.orders if order.key == fill.key),
            key=lambda one: (one.acquired.toordinal() if one.acquired else 0, one.lot_id),
        )
    )
    before = [0.0] * len(lots)
    for held in household.fills:
        if not _is_of(held, run, fill.key):
            continue
        rest = held.quantity
        named = [n for n, lot in enumerate(lots) if lot.lot_id == held.lot_id]
        for number in named or range(len(lots)):
            taken = min(rest, lots[number].quantity - before[number])
            before[number] += taken
            rest -= taken
    return OrderFilled(run.fingerprint, lots, before)


def _take(order: OrderFilled, fill: FileFill) -> str:
    """Enter a fill; a reason where it does not fit, and then nothing is entered."""
    left = order.left()
    numbers = list(range(len(order.lots)))
    if fill.lot_id and fill.side is Side.SELL:
        numbers = [number for number in numbers if order.lots[number].lot_id == fill.lot_id]
        if not numbers:
            return f"the plan does not sell the lot {fill.lot_id}"
    room = sum(left[number] for number in numbers)
    if fill.quantity > room + _SHARES:
        return f"{fill.quantity:,.6g} shares are more than the {room:,.6g} of the order that are not filled yet"
    rest, fees = fill.quantity, fill.fees_usd
    for number in numbers:
        taken = min(rest, left[number])
        if taken <= _SHARES / 10:
            continue
        rest -= taken
        part = fees if rest <= _SHARES else round(fill.fees_usd * taken / fill.quantity, 2)
        fees -= part
        order.pieces.append(Piece(fill, taken, part, order.lots[number]))
    return ""


def _slippage(piece: Piece) -> float:
    worse = piece.quantity * unit_of(piece.order) * (piece.fill.price_usd - piece.order.price_usd)
    return worse if piece.fill.side is Side.BUY else -worse


def unit_of(order: RunOrder) -> float:
    """Dollars of a share by dollars of its price: a bond is quoted per 100 of face, a redemption fee is taken off."""
    whole = order.quantity * order.price_usd
    return order.amount_usd / whole if whole > 0.0 else 1.0
