"""The household's dollars in every path under every rule, and what happens to them: growth, trades, taxes.

One row is one path under one rule, one column one class. The household has two parts: the taxable one, with an average
basis by class, and the sheltered one. Nothing moves between them. Sold shares are those held longest, as for average
basis (Treas. Reg. 1.1012-1(e)); shares held for at most a year are counted month by month.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rebal_xl.household import StudyTax
from rebal_xl.study.netting import net_year
from rebal_xl.study.paths import MONTHS_A_YEAR, FloatArray

# Less than this is rounding, not a trade.
HALF_A_CENT = 0.005
# Shares bought so many months ago or less are short-term: a year to the day is no more than a year (IRC 1222).
YOUNG_MONTHS = MONTHS_A_YEAR
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is the same in every row; arrays by class."""

    tax: StudyTax
    # part of the value (0..1 a year) that is paid out and bought again, and the tax on that as a part of the value
    payout: FloatArray
    payout_tax: FloatArray
    # half of the spread, part of the traded dollars
    half_spread: FloatArray
    # part of the sheltered value that is taxed as income when it is taken out
    deferred_share: float


class Book:
    """Many rows of dollars; methods are called month by month."""

    def __init__(self, terms: Terms, taxable: FloatArray, basis: FloatArray, sheltered: FloatArray) -> None:
        """Rows as they stand at the start, dollars; all of it held for more than a year."""
        self.terms = terms
        rows, classes = taxable.shape
        self.taxable, self.basis, self.sheltered = taxable.copy(), basis.copy(), sheltered.copy()
        # a share's price, so that shares bought in different months can be added
        self._price = np.ones((rows, classes))
        # shares bought in each of the last months, and their sum
        self._bought = np.zeros((YOUNG_MONTHS + 1, rows, classes))
        self._young = np.zeros((rows, classes))
        self._slot = 0
        # gains of the year so far, losses carried in, tax on income of the year, and tax not paid for want of assets
        self.short, self.long = np.zeros(rows), np.zeros(rows)
        self.short_carried = np.full(rows, terms.tax.short_carryforward_usd)
        self.long_carried = np.full(rows, terms.tax.long_carryforward_usd)
        self.income_tax, self.owed = np.zeros(rows), np.zeros(rows)
        # what was paid, done and traded since the start
        self.tax_paid, self.cost = np.zeros(rows), np.zeros(rows)
        self.rebalances, self.orders, self.turnover = np.zeros(rows), np.zeros(rows), np.zeros(rows)

    @property
    def by_class(self) -> FloatArray:
        """Dollars of the household by row and class."""
        return self.taxable + self.sheltered

    @property
    def young(self) -> FloatArray:
        """Dollars of taxable shares held for at most a year."""
        return np.minimum(self._young * self._price, self.taxable)

    def grow(self, growth: FloatArray) -> None:
        """A month passes: values grow, and what is paid out buys more shares of the same class."""
        paid_out = self.terms.payout / MONTHS_A_YEAR
        self.taxable *= growth
        self.sheltered *= growth
        self._price *= growth * (1.0 - paid_out)
        self._slot = (self._slot + 1) % (YOUNG_MONTHS + 1)
        self._young -= self._bought[self._slot]
        usd = paid_out * self.taxable
        self.basis += usd
        self._bought[self._slot] = usd / self._price
        self._young += self._bought[self._slot]
        self.income_tax += self.taxable @ (self.terms.payout_tax / MONTHS_A_YEAR)

    def trade(self, rows: Rows, goal: FloatArray) -> None:
        """Bring some rows to the dollars of `goal`, in the sheltered part as far as that can do it, then in taxable."""
        move = goal - self.by_class[rows]
        moved = np.abs(move).max(axis=1) >= HALF_A_CENT
        if not moved.any():
            return
        rows, move = rows[moved], move[moved]
        sell, buy = np.maximum(-move, 0.0), np.maximum(move, 0.0)
        sold = sell.sum(axis=1, keepdims=True)
        sheltered_sell = np.minimum(sell, self.sheltered[rows])
        share = sheltered_sell.sum(axis=1, keepdims=True) / sold
        taxable_sell = np.minimum(sell - sheltered_sell, self.taxable[rows])
        total = self.by_class[rows].sum(axis=1)
        self._swap_sheltered(rows, sheltered_sell, buy * share)
        self._swap_taxable(rows, taxable_sell, buy * (1.0 - share))
        orders = (sheltered_sell, buy * share, taxable_sell, buy * (1.0 - share))
        self.orders[rows] += sum((usd >= HALF_A_CENT).sum(axis=1) for usd in orders)
        self.rebalances[rows] += 1.0
        self.turnover[rows] += sold[:, 0] / total

    def settle(self) -> None:
        """The year ends: its tax is paid by selling a little of every taxable class, or what is saved is invested."""
        netted = net_year(self.short, self.long, self.short_carried, self.long_carried, self.terms.tax)
        self.short_carried, self.long_carried = netted.short_carryforward_usd, netted.long_carryforward_usd
        due = netted.tax_usd + self.income_tax + self.owed
        self.short, self.long = np.zeros_like(self.short), np.zeros_like(self.long)
        self.income_tax = np.zeros_like(self.income_tax)
        worth = self.taxable.sum(axis=1)
        paid = np.where(worth > 0.0, np.minimum(due, worth), 0.0)
        self.owed = due - paid
        self.tax_paid += paid
        part = np.divide(paid, worth, out=np.zeros_like(paid), where=worth > 0.0)[:, None] * self.taxable
        everyone = np.arange(len(paid))
        self._sell(everyone, np.maximum(part, 0.0), np.zeros_like(part))
        self._buy(everyone, np.maximum(-part, 0.0), np.zeros_like(part))

    def liquidated(self, *, step_up: bool) -> tuple[FloatArray, FloatArray]:
        """(after-tax value, tax of the end) by row, dollars, were everything sold and taken out now.

        With `step_up` gains of the taxable part are not taxed: heirs take it at its value (IRC 1014). Losses that could
        still be carried on are worth nothing.
        """
        short, long = self.short, self.long
        if not step_up:
            gains = self.taxable - self.basis
            young = np.divide(self.young, self.taxable, out=np.zeros_like(gains), where=self.taxable > 0.0)
            short = short + (gains * young).sum(axis=1)
            long = long + (gains * (1.0 - young)).sum(axis=1)
        netted = net_year(short, long, self.short_carried, self.long_carried, self.terms.tax)
        sheltered = self.sheltered.sum(axis=1)
        later = sheltered * self.terms.deferred_share * self.terms.tax.ordinary
        tax = netted.tax_usd + self.income_tax + self.owed + later
        return self.taxable.sum(axis=1) + sheltered - tax, tax

    def _swap_sheltered(self, rows: Rows, sell: FloatArray, buy: FloatArray) -> None:
        spread = self.terms.half_spread
        spend = buy * _kept(sell, spread)
        cost = sell * spread + spend * spread
        # what is bought is worth what was spent less half a spread
        self.sheltered[rows] = np.maximum(self.sheltered[rows] - sell + spend * (1.0 - spread), 0.0)
        self.cost[rows] += cost.sum(axis=1)

    def _swap_taxable(self, rows: Rows, sell: FloatArray, buy: FloatArray) -> None:
        spread = np.broadcast_to(self.terms.half_spread, sell.shape)
        spend = buy * _kept(sell, self.terms.half_spread)
        self._sell(rows, sell, spread)
        self._buy(rows, spend, spread)

    def _sell(self, rows: Rows, usd: FloatArray, spread: FloatArray) -> None:
        """Sell dollars of taxable classes, the shares held longest first, and note the gains by term."""
        held, basis, price = self.taxable[rows], self.basis[rows], self._price[rows]
        part = np.divide(usd, held, out=np.zeros_like(usd), where=held > 0.0)
        gain = usd * (1.0 - spread) - basis * part
        young = np.minimum(self._young[rows] * price, held)
        short_usd = np.maximum(usd - (held - young), 0.0)
        short = np.divide(short_usd, usd, out=np.zeros_like(usd), where=usd > 0.0)
        self.short[rows] += (gain * short).sum(axis=1)
        self.long[rows] += (gain * (1.0 - short)).sum(axis=1)
        sold_young = np.flatnonzero(short_usd.any(axis=1))
        if len(sold_young):
            self._forget(rows[sold_young], short_usd[sold_young] / price[sold_young])
        self.taxable[rows] = np.maximum(held - usd, 0.0)
        self.basis[rows] = basis * (1.0 - part)
        self.cost[rows] += (usd * spread).sum(axis=1)

    def _forget(self, rows: Rows, shares: FloatArray) -> None:
        """Shares held for at most a year are gone, the oldest first."""
        left = shares
        for age in range(YOUNG_MONTHS + 1):
            slot = (self._slot + 1 + age) % (YOUNG_MONTHS + 1)
            gone = np.minimum(left, self._bought[slot, rows])
            self._bought[slot, rows] -= gone
            self._young[rows] -= gone
            left = left - gone

    def _buy(self, rows: Rows, usd: FloatArray, spread: FloatArray) -> None:
        """Buy taxable classes for so many dollars, spread included: it is part of the basis."""
        value = usd * (1.0 - spread)
        shares = value / self._price[rows]
        self.taxable[rows] += value
        self.basis[rows] += usd
        self._bought[self._slot, rows] += shares
        self._young[rows] += shares
        self.cost[rows] += (usd * spread).sum(axis=1)


def _kept(sell: FloatArray, spread: FloatArray) -> FloatArray:
    """Part of the sales' dollars that is left for purchases, by row."""
    sold = sell.sum(axis=1, keepdims=True)
    proceeds = (sell * (1.0 - spread)).sum(axis=1, keepdims=True)
    kept: FloatArray = np.divide(proceeds, sold, out=np.zeros_like(sold), where=sold > 0.0)
    return kept
