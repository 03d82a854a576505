"""Lot relief: which shares a custodian sells when nobody names lots, and with what basis.

Reg. 1.1012-1(c): without identification the oldest shares go first; only fund shares may be averaged (1.1012-1(e)).
The minimum-tax order is the six buckets that Schwab (Tax Lot Optimizer) and Vanguard (MinTax) publish.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rebal_xl.household import BasisMethod, Lot, LotSource, Term
from rebal_xl.household.counts import shares_in_words
from rebal_xl.tax.basis import basis_of, gain_of
from rebal_xl.tax.holding import term_of_lot

# shares below which a request is met
_DUST = 1e-9
# dollars a share below which a gain counts as none
_NO_GAIN_USD = 1e-9

# what a lot is sorted by; its name comes last, so that the order of rows never matters
SortKey = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Relieved:
    """Shares of one lot that are sold."""

    lot: Lot
    quantity: float
    # basis of those shares in dollars; None when nobody knows it
    basis_usd: float | None


def relieve(
    lots: Sequence[Lot], quantity: float, method: BasisMethod, unit_price_usd: float, sold: date
) -> tuple[Relieved, ...]:
    """Sell shares of one position (one account and symbol) by a custodian's method.

    `lots` are those that may be sold; for average basis they are the whole position, because all of it is averaged.
    ValueError when they hold fewer shares than are to be sold.
    """
    held = sum(lot.quantity for lot in lots if lot.quantity > 0)
    if quantity > held + _DUST:
        raise ValueError(
            f"{shares_in_words(quantity)} shares are to be sold, but the lots hold {shares_in_words(held)}. Sell no "
            "more than that."
        )
    average = _average_basis_usd(lots) if method is BasisMethod.AVERAGE else None
    wanted = quantity
    found: list[Relieved] = []
    for lot in order_lots(lots, method, unit_price_usd, sold):
        if wanted <= _DUST:
            break
        taken = min(wanted, lot.quantity)
        wanted -= taken
        if method is BasisMethod.AVERAGE:
            basis = None if average is None else taken * average
        else:
            basis = basis_of(lot, taken, taken * unit_price_usd)
        found.append(Relieved(lot, taken, basis))
    return tuple(found)


def order_lots(lots: Sequence[Lot], method: BasisMethod, unit_price_usd: float, sold: date) -> tuple[Lot, ...]:
    """Lots of one position in the order in which a method sells them; `specific` keeps the order given."""
    sellable = [lot for lot in lots if lot.quantity > 0]
    if method is BasisMethod.SPECIFIC:
        return tuple(sellable)
    key = _KEYS[method]
    return tuple(sorted(sellable, key=lambda lot: (key(lot, unit_price_usd, sold), _name(lot))))


def _first_in(lot: Lot, unit_price_usd: float, sold: date) -> SortKey:
    return (_day(lot, unknown=date.max),)


def _last_in(lot: Lot, unit_price_usd: float, sold: date) -> SortKey:
    return (-_day(lot, unknown=date.min),)


def _highest_cost(lot: Lot, unit_price_usd: float, sold: date) -> SortKey:
    basis = _unit_basis_usd(lot, unit_price_usd)
    if basis is None:
        return (1.0, 0.0, 0.0, _day(lot, unknown=date.max))
    return (0.0, -basis, 0.0 if _term(lot, sold) is Term.LONG else 1.0, _day(lot, unknown=date.max))


def _six_buckets(lot: Lot, unit_price_usd: float, sold: date) -> SortKey:
    """Short losses, long losses (largest first), short and long without gain, long gains, short gains (smallest)."""
    day = _day(lot, unknown=date.max)
    if lot.basis_usd is None:
        return (7.0, 0.0, day)
    gain, term = gain_of(lot, 1.0, unit_price_usd, sold)
    if term is None:
        return (7.0, 0.0, day)
    short = term is Term.SHORT
    if gain < -_NO_GAIN_USD:
        return (1.0 if short else 2.0, gain, day)
    if gain <= _NO_GAIN_USD:
        return (3.0 if short else 4.0, 0.0, day)
    return (6.0 if short else 5.0, gain, day)


_KEYS: dict[BasisMethod, Callable[[Lot, float, date], SortKey]] = {
    BasisMethod.FIFO: _first_in,
    BasisMethod.LIFO: _last_in,
    BasisMethod.HIFO: _highest_cost,
    BasisMethod.AVERAGE: _first_in,
    BasisMethod.MIN_TAX: _six_buckets,
}


def _average_basis_usd(lots: Sequence[Lot]) -> float | None:
    """Basis of one share when a position is averaged; None when the basis of any lot is not known."""
    held = [lot for lot in lots if lot.quantity > 0]
    known = [lot.basis_usd for lot in held if lot.basis_usd is not None]
    if not held or len(known) < len(held):
        return None
    return sum(known) / sum(lot.quantity for lot in held)


def _unit_basis_usd(lot: Lot, unit_price_usd: float) -> float | None:
    return basis_of(lot, 1.0, unit_price_usd)


def _term(lot: Lot, sold: date) -> Term | None:
    if lot.acquired is None and lot.custodian_term is None and lot.source is not LotSource.INHERITED:
        return None
    return term_of_lot(lot, sold)


def _day(lot: Lot, unknown: date) -> float:
    return float((lot.acquired or unknown).toordinal())


def _name(lot: Lot) -> tuple[str, float, float]:
    return (lot.lot_id, lot.basis_usd or 0.0, lot.quantity)
