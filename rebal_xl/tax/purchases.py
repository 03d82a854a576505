"""Purchases out of trades and lots, each counted once, and which purchase every sold share came from.

A purchase may show as a row of recent trades, as a lot that is held, or as both. What was bought and is held no more
was sold, as far as the sales explain it; what no sale explains is still held, as in a 401(k) whose lots nobody lists.
Sales that do not say what they sold took the oldest shares first (Reg. 1.1012-1(c)).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rebal_xl.household import CASH_SYMBOL, Lot, LotSource, RecentTrade, Side

# Some custodians date a lot by settlement: a day after the trade, and a long weekend.
SETTLEMENT_DAYS = 4
# shares below which a rest is a rounding error
DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Bought:
    """One purchase: what was bought, and how much of it is still held."""

    # unique among the purchases
    key: str
    account: str
    symbol: str
    acquired: date
    # shares bought
    quantity: float
    # shares of it that are held on the ledger's day
    held: float
    reinvested: bool
    # names of the lots in which they are held
    lot_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SoldPart:
    """Shares of one sale that came from one purchase, or from before everything that is known."""

    trade: RecentTrade
    # shares
    quantity: float
    # key of the purchase, "" for shares bought before
    bought: str = ""
    # None when not known: longer ago than every known purchase
    acquired: date | None = None


@dataclass(slots=True)
class _Unit:
    """A purchase while it is pieced together."""

    account: str
    symbol: str
    acquired: date
    # shares bought, held on the ledger's day, and sold by the sales at hand
    quantity: float
    held: float = 0.0
    sold: float = 0.0
    # the same as `sold`, not yet given to a sale
    to_place: float = 0.0
    reinvested: bool = False
    lot_ids: tuple[str, ...] = ()

    @property
    def missing(self) -> float:
        """Shares that are neither held nor known to be sold."""
        return self.quantity - self.held - self.sold


def reconstruct(
    trades: Iterable[RecentTrade], lots: Iterable[Lot], as_of: date, *, reinvestments_count: bool = True
) -> tuple[tuple[Bought, ...], tuple[SoldPart, ...]]:
    """Every purchase up to a day with what is held of it, and the sales cut into parts by purchase.

    `lots` are those held on that day; gifts and inheritances are no purchases. The order of rows does not matter.
    """
    seen = [trade for trade in trades if trade.traded <= as_of and trade.quantity > DUST]
    rows = sorted((trade for trade in seen if trade.symbol != CASH_SYMBOL), key=_trade_order)
    places: dict[tuple[str, str], _Place] = defaultdict(_Place)
    for row in rows:
        place = places[row.account, row.symbol]
        if row.side is Side.SELL:
            place.sales.append(row)
        elif reinvestments_count or not row.reinvested:
            place.units.append(_Unit(row.account, row.symbol, row.traded, row.quantity, reinvested=row.reinvested))
    for lot in sorted(lots, key=_lot_order):
        if lot.quantity > 0 and _purchased(lot, reinvestments_count) and (lot.acquired or as_of) <= as_of:
            places[lot.account, lot.symbol].lots.append(lot)
    bought: list[Bought] = []
    parts: list[SoldPart] = []
    for key in sorted(places):
        found = places[key]
        found.piece_together()
        of_place = found.finished()
        bought += of_place[0]
        parts += of_place[1]
    return tuple(bought), tuple(parts)


class _Place:
    """One security in one account: its purchases, lots and sales."""

    def __init__(self) -> None:
        self.units: list[_Unit] = []
        self.lots: list[Lot] = []
        self.sales: list[RecentTrade] = []
        # sale, shares, and the purchase they came from (None: from before)
        self.taken: list[tuple[RecentTrade, float, _Unit | None]] = []

    def piece_together(self) -> None:
        """Match lots with purchases, then sales with what is missing."""
        _place_lots(self.units, self.lots)
        self._in_order()
        for sale in self.sales:
            if sale.acquired is not None:
                self._sell_of_a_day(sale, sale.acquired)
        self._in_order()
        silent = [sale for sale in self.sales if sale.acquired is None]
        _count_missing(silent, self.units)
        # The oldest shares were sold first, so the youngest of what is missing went in the latest sales.
        for sale in reversed(silent):
            self._sell_youngest(sale)

    def finished(self) -> tuple[list[Bought], list[SoldPart]]:
        """What was bought and sold here."""
        keys = {id(unit): f"{unit.account}\n{unit.symbol}\n{number:05d}" for number, unit in enumerate(self.units)}
        bought = [
            Bought(
                key=keys[id(unit)],
                account=unit.account,
                symbol=unit.symbol,
                acquired=unit.acquired,
                quantity=unit.quantity,
                held=unit.quantity - unit.sold,
                reinvested=unit.reinvested,
                lot_ids=unit.lot_ids,
            )
            for unit in self.units
        ]
        parts = [
            SoldPart(sale, quantity, keys[id(unit)], unit.acquired) if unit else SoldPart(sale, quantity)
            for sale, quantity, unit in self.taken
        ]
        return bought, parts

    def _in_order(self) -> None:
        self.units.sort(key=lambda unit: (unit.acquired, unit.quantity, unit.held, unit.lot_ids))

    def _sell_of_a_day(self, sale: RecentTrade, day: date) -> None:
        """A sale that says when its shares were bought; what no purchase of that day has becomes one."""
        wanted = sale.quantity
        same_day = [unit for unit in self.units if unit.acquired == day]
        for unit in same_day:
            taken = min(wanted, unit.missing)
            if taken > DUST:
                unit.sold += taken
                wanted -= taken
                self.taken.append((sale, taken, unit))
        if wanted <= DUST:
            return
        # The rest of a lot whose purchase is in no row of trades: it was larger than what is held of it.
        unit = same_day[0] if same_day else _Unit(sale.account, sale.symbol, day, 0.0)
        if not same_day:
            self.units.append(unit)
        unit.quantity += wanted
        unit.sold += wanted
        self.taken.append((sale, wanted, unit))

    def _sell_youngest(self, sale: RecentTrade) -> None:
        """A sale that does not say what it sold; what no purchase explains was bought before all that is known."""
        wanted = sale.quantity
        for unit in reversed(self.units):
            taken = min(wanted, unit.to_place)
            if unit.acquired <= sale.traded and taken > DUST:
                unit.to_place -= taken
                wanted -= taken
                self.taken.append((sale, taken, unit))
        if wanted > DUST:
            self.taken.append((sale, wanted, None))


def _place_lots(units: list[_Unit], lots: Sequence[Lot]) -> None:
    """Say of each purchase what is held of it; lots that no row of trades explains become purchases."""
    left = [lot.quantity for lot in lots]

    def take(unit: _Unit, index: int) -> None:
        taken = min(unit.quantity - unit.held, left[index])
        left[index] -= taken
        unit.held += taken
        if lots[index].lot_id:
            unit.lot_ids = (*unit.lot_ids, lots[index].lot_id)

    dated = [(index, lot, lot.acquired) for index, lot in enumerate(lots) if lot.acquired is not None]
    for days, exact in ((0, True), (0, False), (SETTLEMENT_DAYS, True)):
        for unit in units:
            for index, lot, day in dated:
                same = abs(lot.quantity - unit.quantity) <= DUST and unit.held == 0.0 and left[index] == lot.quantity
                room = unit.missing > DUST and left[index] > DUST
                if room and 0 <= (day - unit.acquired).days <= days and (same or not exact):
                    take(unit, index)
    for unit in sorted(units, key=lambda unit: unit.acquired, reverse=True):
        for index, lot in enumerate(lots):
            if lot.acquired is None and unit.missing > DUST and left[index] > DUST:
                take(unit, index)
    for index, lot, day in dated:
        if left[index] > DUST:
            name = (lot.lot_id,) if lot.lot_id else ()
            again = lot.source is LotSource.REINVESTED
            units.append(_Unit(lot.account, lot.symbol, day, left[index], left[index], 0.0, 0.0, again, name))


def _count_missing(sales: Sequence[RecentTrade], units: Sequence[_Unit]) -> None:
    """How much of every purchase the sales explain, oldest shares first."""
    for sale in sales:
        wanted = sale.quantity
        for unit in units:
            taken = min(wanted, unit.missing)
            if unit.acquired <= sale.traded and taken > DUST:
                unit.sold += taken
                unit.to_place += taken
                wanted -= taken


def _purchased(lot: Lot, reinvestments_count: bool) -> bool:
    if lot.source is LotSource.REINVESTED:
        return reinvestments_count
    return lot.source.bought


def _trade_order(trade: RecentTrade) -> tuple[date, str, str, date, float, float, bool]:
    gain = float("-inf") if trade.gain_usd is None else trade.gain_usd
    return (
        trade.traded, trade.account, trade.symbol, trade.acquired or date.min, trade.quantity, gain, trade.reinvested,
    )  # fmt: skip


def _lot_order(lot: Lot) -> tuple[date, float, float, str, bool]:
    basis = -1.0 if lot.basis_usd is None else lot.basis_usd
    return (lot.acquired or date.min, lot.quantity, basis, lot.lot_id, lot.source is LotSource.REINVESTED)
