"""A household under every rule, month by month, over the same paths."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from rebal_xl.household import LookRule
from rebal_xl.study.book import Book, Terms
from rebal_xl.study.goals import Bands
from rebal_xl.study.paths import MONTHS_A_YEAR, FloatArray


@dataclass(frozen=True, slots=True)
class Start:
    """The household on the first day, at its target; arrays by class."""

    terms: Terms
    bands: Bands
    # dollars, and the basis of the taxable part
    taxable: FloatArray
    basis: FloatArray
    sheltered: FloatArray
    # of a year's returns: mean and covariance
    expected: FloatArray
    covariance: FloatArray


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of every path (columns) under every rule (rows)."""

    # after tax, and the part of the tax that fell due at the end; dollars
    value_usd: FloatArray
    tax_at_end_usd: FloatArray
    tax_paid_usd: FloatArray
    cost_usd: FloatArray
    # yearly, 0..1
    tracking_error: FloatArray
    volatility: FloatArray
    lean: FloatArray
    turnover: FloatArray
    # household drift, 0..1
    drift: FloatArray
    widest_drift: FloatArray
    # a year
    rebalances: FloatArray
    orders: FloatArray


def simulate(
    start: Start, rules: Sequence[LookRule], blocks: Iterable[FloatArray], *, step_up: bool = False
) -> Outcome:
    """Every block of paths (growth factors by month, path and class) under every rule."""
    parts = [_simulate_block(start, rules, growth, step_up) for growth in blocks]
    return Outcome(*(np.concatenate([getattr(part, each.name) for part in parts], axis=1) for each in fields(Outcome)))


def _simulate_block(start: Start, rules: Sequence[LookRule], growth: FloatArray, step_up: bool) -> Outcome:
    months, paths, _ = growth.shape
    rows = len(rules) * paths
    book = Book(start.terms, *(np.tile(usd, (rows, 1)) for usd in (start.taxable, start.basis, start.sheltered)))
    watch = _Watch(start, rows)
    for month in range(1, months + 1):
        grown = np.tile(growth[month - 1], (len(rules), 1))
        watch.before(book, grown)
        book.grow(grown)
        if month == months:
            watch.after(book)
            break
        if month % MONTHS_A_YEAR == 0:
            book.settle()
        weights = watch.after(book)
        _look(book, start.bands, rules, month, weights)
    value, tax = book.liquidated(step_up=step_up)
    years = months / MONTHS_A_YEAR
    flat = (
        *(value, tax, book.tax_paid, book.cost, watch.tracking_error(months), watch.volatility / months),
        *(
            watch.lean / months,
            book.turnover / years,
            watch.drift / months,
            watch.widest,
            book.rebalances / years,
            book.orders / years,
        ),
    )
    return Outcome(*(each.reshape(len(rules), paths) for each in flat))


def _look(book: Book, bands: Bands, rules: Sequence[LookRule], month: int, weights: FloatArray) -> None:
    """Trade the rows whose rule looks this month and finds something to do."""
    looks = np.array([bool(rule.every_months) and month % rule.every_months == 0 for rule in rules])
    if not looks.any():
        return
    paths = len(weights) // len(rules)
    banded = np.array([rule.banded for rule in rules])
    whole = np.flatnonzero(np.repeat(looks & ~banded, paths))
    looked = np.flatnonzero(np.repeat(looks & banded, paths))
    called = looked[bands.outside(weights[looked]).any(axis=1)]
    wanted = np.concatenate([np.tile(bands.target, (len(whole), 1)), bands.goals(weights[called])])
    rows = np.concatenate([whole, called])
    book.trade(rows, wanted * book.by_class[rows].sum(axis=1, keepdims=True))


class _Watch:
    """How far each row is from its target, month by month."""

    def __init__(self, start: Start, rows: int) -> None:
        self._target, self._expected, self._covariance = start.bands.target, start.expected, start.covariance
        self._sum, self._squares = np.zeros(rows), np.zeros(rows)
        self.volatility, self.lean = np.zeros(rows), np.zeros(rows)
        self.drift, self.widest = np.zeros(rows), np.zeros(rows)

    def before(self, book: Book, growth: FloatArray) -> None:
        """A month begins with these holdings and brings this growth."""
        weights = _weights(book)
        away = weights - self._target
        apart = (away * growth).sum(axis=1)
        self._sum += apart
        self._squares += apart * apart
        self.lean += away @ self._expected
        self.volatility += np.sqrt(np.maximum(((weights @ self._covariance) * weights).sum(axis=1), 0.0))

    def after(self, book: Book) -> FloatArray:
        """The month is over, and nothing is traded yet: the weights."""
        weights = _weights(book)
        drift = 0.5 * np.abs(weights - self._target).sum(axis=1)
        self.drift += drift
        np.maximum(self.widest, drift, out=self.widest)
        return weights

    def tracking_error(self, months: int) -> FloatArray:
        """Yearly standard deviation of household less target returns (0..1)."""
        mean = self._sum / months
        found: FloatArray = np.sqrt(np.maximum(self._squares / months - mean * mean, 0.0) * MONTHS_A_YEAR)
        return found


def _weights(book: Book) -> FloatArray:
    dollars = book.by_class
    total = dollars.sum(axis=1, keepdims=True)
    # an emptied household has no weights, so it is taken to stand at nothing
    found: FloatArray = np.divide(dollars, total, out=np.zeros_like(dollars), where=total > 0.0)
    return found
