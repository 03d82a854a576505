"""Lot relief by the tax itself: the lots whose sale adds least tax per dollar of proceeds, band after band.

The published minimum-tax orders sort lots once, by term and gain: a lot with a tiny short-term gain goes last, after
lots with huge long-term ones. Here every lot is weighed with the taxpayer's own bill (gains so far, losses carried in,
every bracket and phase-out), and weighed anew wherever the sale so far has moved the taxpayer into another band.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rebal_xl.household import BasisMethod, Lot, TaxProfile, Term
from rebal_xl.household.counts import shares_in_words
from rebal_xl.tax.basis import basis_of, gain_of
from rebal_xl.tax.law import Law
from rebal_xl.tax.relief import Relieved, order_lots
from rebal_xl.tax.vector import totals

# shares below which a request is met
_DUST = 1e-9
# part of a share that is no reason to sell one more
_HARDLY = 0.01
# a bill is on a line as long as it strays from it by less than this, dollars
_STRAIGHT_USD = 0.005
# proceeds over which a lot's tax is weighed, dollars
_FIRST_DOLLAR = 1.0
# points of a search for the end of a line, and how often it is refined
_POINTS, _ROUNDS = 32, 4


@dataclass(slots=True)
class _Open:
    """A lot in the course of a sale."""

    lot: Lot
    left: float
    # gain per dollar of proceeds
    rate: float
    long: bool
    # its place in the published order, which decides ties
    place: int
    taken: float = 0.0


def relieve_least_tax(
    lots: Sequence[Lot],
    quantity: float,
    unit_price_usd: float,
    sold: date,
    profile: TaxProfile,
    law: Law,
    *,
    short_gain_usd: float = 0.0,
    long_gain_usd: float = 0.0,
) -> tuple[Relieved, ...]:
    """Sell shares of one position so that each dollar of proceeds adds least to the bill of the year.

    `short_gain_usd` and `long_gain_usd` are other gains of the same plan. Lots without a basis or a holding period come
    last. Pieces are whole shares but for what is left of a lot. ValueError when the lots hold fewer shares than that.
    """
    held = sum(lot.quantity for lot in lots if lot.quantity > 0)
    if quantity > held + _DUST:
        raise ValueError(
            f"{shares_in_words(quantity)} shares are to be sold, but the lots hold {shares_in_words(held)}. Sell no "
            "more than that."
        )
    ordered = order_lots(lots, BasisMethod.MIN_TAX, unit_price_usd, sold)
    weighed = [each for place, lot in enumerate(ordered) if (each := _opened(lot, place, unit_price_usd, sold))]
    gains = np.array([short_gain_usd, long_gain_usd])
    wanted = quantity
    while wanted > _DUST and any(each.left > _DUST for each in weighed):
        best, tax_per_usd = _cheapest([each for each in weighed if each.left > _DUST], gains, profile, law)
        most = min(wanted, best.left)
        straight = _straight_usd(best, tax_per_usd, most * unit_price_usd, gains, profile, law)
        piece = min(most, max(1.0, math.ceil(straight / unit_price_usd - _HARDLY)))
        best.left, best.taken, wanted = best.left - piece, best.taken + piece, wanted - piece
        gains = gains + _direction(best) * piece * unit_price_usd
    pieces = [(each.lot, each.taken) for each in weighed if each.taken > 0.0]
    known = {id(each.lot) for each in weighed}
    for lot in ordered:
        if wanted > _DUST and id(lot) not in known:
            taken = min(wanted, lot.quantity)
            pieces.append((lot, taken))
            wanted -= taken
    return tuple(Relieved(lot, taken, basis_of(lot, taken, taken * unit_price_usd)) for lot, taken in pieces)


def _opened(lot: Lot, place: int, unit_price_usd: float, sold: date) -> _Open | None:
    if lot.basis_usd is None or unit_price_usd <= 0.0:
        return None
    gain, term = gain_of(lot, lot.quantity, lot.quantity * unit_price_usd, sold)
    if term is None:
        return None
    return _Open(lot, lot.quantity, gain / (lot.quantity * unit_price_usd), term is Term.LONG, place)


def _direction(each: _Open) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Short and long gain of a dollar of proceeds."""
    return np.array([0.0, each.rate]) if each.long else np.array([each.rate, 0.0])


def _cheapest(
    weighed: Sequence[_Open], gains: np.ndarray[tuple[int], np.dtype[np.float64]], profile: TaxProfile, law: Law
) -> tuple[_Open, float]:
    """The lot whose next dollar of proceeds adds least tax, and that tax."""
    steps = np.array([[0.0, 0.0], *(_direction(each) * _FIRST_DOLLAR for each in weighed)])
    bills = totals(profile, law, gains[0] + steps[:, 0], gains[1] + steps[:, 1])
    taxes = np.round((bills[1:] - bills[0]) / _FIRST_DOLLAR, 7)
    best = min(range(len(weighed)), key=lambda index: (taxes[index], weighed[index].place))
    return weighed[best], float(taxes[best])


def _straight_usd(
    each: _Open,
    tax_per_usd: float,
    most_usd: float,
    gains: np.ndarray[tuple[int], np.dtype[np.float64]],
    profile: TaxProfile,
    law: Law,
) -> float:
    """Proceeds of a lot over which the bill goes on as it begins."""
    low, high = 0.0, most_usd
    start = float(totals(profile, law, gains[0], gains[1]))
    for _ in range(_ROUNDS):
        points = np.linspace(low, high, _POINTS + 1)[1:]
        step = _direction(each)
        bills = totals(profile, law, gains[0] + step[0] * points, gains[1] + step[1] * points)
        off = np.flatnonzero(np.abs(bills - start - tax_per_usd * points) > _STRAIGHT_USD)
        if off.size == 0:
            return high
        first = int(off[0])
        low, high = (float(points[first - 1]) if first else low), float(points[first])
    return high
