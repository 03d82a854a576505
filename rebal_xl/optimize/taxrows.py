"""The federal tax of a year as rows of the program, exact for every mix of short and long gain.

With S and L the year's short and long net before netting (carried-in losses inside), N = S + L and limit l:
    n = max(N, -l)           what enters income (IRC 1211(b))
    p = max(0, min(L, N))    the part taxed at preferential rates (IRC 1222(11), less short-term loss)
    m(n)                     what moves with n: taxable social security, shrinking deductions, a line between kinks
    B = O + m + n - p        ordinary base;  Y = O + m + QD + n   taxable income (may be negative)
    c, e                     gain on collectibles in p, and what of it pays 28 % (collectible_rows.py)
    tax = min(Ord(B+c-e) + .28 e - .15 (B+c-T0)+ - .05 (B+c-e-T1)+ + .15 (Y-T0)+ + .05 (Y-e-T1)+,  Ord(Y))
        (the schedule no less than the 26 % and 28 % of Form 6251 on the same base less its exemption)
        + 3.8 % (n + min(NII0, AGI0 - threshold))+  +  state short rate (n - p) + state long rate p
which is the Qualified Dividends and Capital Gain Tax Worksheet, with collectibles the Schedule D Tax Worksheet,
IRC 1411, and a marginal state estimate.
A binary is spent only where the bounds of S and L leave a sign open. All money in thousands of dollars.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from rebal_xl.optimize.collectible_rows import Candidate, CollectibleNet, add_part, add_top_rate
from rebal_xl.optimize.program import INFINITY, Program
from rebal_xl.optimize.taxfigures import Form, Range, TaxColumns, TaxConstants, schedule


def add_tax_rows(
    program: Program,
    name: str,
    constants: TaxConstants,
    short: int,
    long: int,
    reach: Range,
    collectible: CollectibleNet | None = None,
) -> TaxColumns:
    """Add one taxpayer's block over the columns of its short and long net; returns where its tax is.

    `collectible` is the part of the long gain that is on collectibles, None where there is none.
    """
    block = _Block(program, name, constants, (short, long), reach, collectible)
    block.add_income()
    block.add_moving()
    block.add_preferential()
    block.add_collectible()
    forms = block.add_income_tax()
    forms += block.add_niit()
    c = constants
    forms += [(block.income, c.state_short)]
    if block.preferential >= 0:
        forms += [(block.preferential, c.state_long - c.state_short)]
    return TaxColumns(forms, block.income, tuple(block.binaries))


def _negative(form: Form) -> Form:
    return [(column, -value) for column, value in form]


def _flatter(slope: tuple[float, float], than: tuple[float, float]) -> bool:
    return any(mine < other - 1e-12 for mine, other in zip(slope, than, strict=True))


class _Block:
    """One taxpayer's columns and rows under construction."""

    def __init__(
        self,
        program: Program,
        name: str,
        constants: TaxConstants,
        nets: tuple[int, int],
        reach: Range,
        collectible: CollectibleNet | None,
    ) -> None:
        self.program, self.name, self.c, self.reach = program, name, constants, reach
        self.short, self.long = nets
        self.kinks = np.array(constants.moving)
        self.binaries: list[int] = []
        self.income = self.base = -1
        self.preferential = -1
        # c and e; the base of the schedule and the base beyond which gains are taxed less
        self.collectible = self.at_top_rate = -1
        self.scheduled = self.stacked = -1
        # taxable income and adjusted gross income moved: constant and columns
        self.moved: tuple[float, Form] = (0.0, [])
        self.moved_agi: tuple[float, Form] = (0.0, [])
        limit = constants.loss_limit
        self.income_low, self.income_high = max(reach.net_low, -limit), max(reach.net_high, -limit)
        self.base_low, self.base_high = self._base_range()
        # most that is preferential, and most of it that is gain on collectibles
        self.preferential_high = max(0.0, min(reach.long_high, reach.net_high))
        self.net = collectible
        carried = constants.long_carried
        self.part_high = (
            0.0 if collectible is None else max(0.0, min(self.preferential_high, collectible.high - carried))
        )
        self.stacked_high = self.base_high + self.part_high

    def _base_range(self) -> tuple[float, float]:
        """Reachable ordinary base: what is not preferential is ordinary, so it lies between loss and short gain."""
        r, o = self.reach, self.c.ordinary
        low = min(0.0, self.income_low) if r.net_low < 0 else max(0.0, min(r.short_low, r.net_low))
        high = max(0.0, min(r.short_high, r.net_high)) if r.net_high > 0 else self.income_high
        return o + low + self._moved_at(self.income_low)[0], o + high + self._moved_at(self.income_high)[0]

    def _moved_at(self, gain: float) -> tuple[float, float]:
        taxable, agi = (float(np.interp(gain, self.kinks[:, 0], self.kinks[:, part])) for part in (1, 2))
        return taxable, agi

    def add_moving(self) -> None:
        """m(n) by pieces: n fills them one after the other; a binary only where a later piece is cheaper."""
        inner = [gain for gain, _, _ in self.c.moving if self.income_low < gain < self.income_high]
        cuts = [self.income_low, *inner, self.income_high]
        ends = [self._moved_at(cut) for cut in cuts]
        self.moved, self.moved_agi = (ends[0][0], []), (ends[0][1], [])
        if all(end == ends[0] for end in ends):
            return
        pieces: Form = []
        steepest, last, full = (0.0, 0.0), (0.0, 0.0), -1
        for (low, high), (before, after) in zip(pairwise(cuts), pairwise(ends), strict=True):
            width = high - low
            piece = self.program.add_column(f"income from {low:g} {self.name}", 0.0, width)
            slope = ((after[0] - before[0]) / width, (after[1] - before[1]) / width)
            self.moved[1].append((piece, slope[0]))
            self.moved_agi[1].append((piece, slope[1]))
            if pieces and _flatter(slope, last):
                full = self._binary(f"income over {low:g}")
                for earlier, value in pieces:
                    self._row(f"filled below {low:g}", 0.0, INFINITY, (earlier, 1.0), (full, -value))
            if full >= 0 and _flatter(slope, steepest):
                self._row(f"only over {low:g}", -INFINITY, 0.0, (piece, 1.0), (full, -width))
            pieces.append((piece, width))
            last, steepest = slope, (max(steepest[0], slope[0]), max(steepest[1], slope[1]))
        start = cuts[0]
        self._row("income in pieces", start, start, (self.income, 1.0), *((piece, -1.0) for piece, _ in pieces))

    def _binary(self, label: str) -> int:
        column = self.program.add_binary(f"{label} {self.name}")
        self.binaries.append(column)
        return column

    def _row(self, label: str, lower: float, upper: float, *terms: tuple[int, float]) -> None:
        self.program.add_row(f"{label} {self.name}", lower, upper, *terms)

    def add_income(self) -> None:
        """n = max(N, -limit)."""
        limit, r = self.c.loss_limit, self.reach
        net = ((self.short, -1.0), (self.long, -1.0))
        self.income = n = self.program.add_column(f"income {self.name}", self.income_low, self.income_high)
        self._row("income at least net", 0.0, INFINITY, (n, 1.0), *net)
        if r.net_low >= -limit:
            self._row("income at most net", -INFINITY, 0.0, (n, 1.0), *net)
        elif r.net_high > -limit:
            above = self._binary("loss within limit")
            slack = -limit - r.net_low
            self._row("income at most net", -INFINITY, slack, (n, 1.0), *net, (above, slack))
            self._row("income at most limit", -INFINITY, -limit, (n, 1.0), (above, -(r.net_high + limit)))

    def add_preferential(self) -> None:
        """p = max(0, min(L, N)), bounded above always, from below only where the objective would push it down."""
        r, most = self.reach, self.preferential_high
        terms: Form = [(self.income, -1.0)]
        if most > 0:
            self.preferential = p = self.program.add_column(f"preferential {self.name}", 0.0, most)
            terms.append((p, 1.0))
            net = ((self.short, -1.0), (self.long, -1.0))
            if r.long_low >= 0 and r.net_low >= 0:
                self._row("preferential at most long", -INFINITY, 0.0, (p, 1.0), (self.long, -1.0))
                self._row("preferential at most net", -INFINITY, 0.0, (p, 1.0), *net)
            else:
                some = self._binary("some preferential")
                long_slack, net_slack = max(0.0, -r.long_low), max(0.0, -r.net_low)
                self._row("preferential only if some", -INFINITY, 0.0, (p, 1.0), (some, -most))
                self._row(
                    "preferential at most long", -INFINITY, long_slack, (p, 1.0), (self.long, -1.0), (some, long_slack)
                )
                self._row("preferential at most net", -INFINITY, net_slack, (p, 1.0), *net, (some, net_slack))
            if self._pushed_down():
                short_wins = self._binary("long below net")
                long_room = max(0.0, min(r.long_high, -r.short_low))
                net_room = max(0.0, min(r.short_high, r.net_high))
                self._row(
                    "preferential at least long", -long_room, INFINITY,
                    (p, 1.0), (self.long, -1.0), (short_wins, -long_room),
                )  # fmt: skip
                self._row("preferential at least net", 0.0, INFINITY, (p, 1.0), *net, (short_wins, net_room))
        self.base = self.program.add_column(f"base {self.name}", -INFINITY, INFINITY)
        fixed = self.c.ordinary + self.moved[0]
        self._row("base", fixed, fixed, (self.base, 1.0), *terms, *_negative(self.moved[1]))
        self.scheduled = self.stacked = self.base

    def add_collectible(self) -> None:
        """c and e, and the bases that they lift."""
        if self.net is None or self.part_high <= 0.0:
            return
        r, net, carried = self.reach, self.net, self.c.long_carried
        low, high = net.low - carried, net.high - carried
        least = max(0.0, min(r.long_low, r.net_low))
        preferential = Candidate(((self.preferential, 1.0),), 0.0, least, self.preferential_high)
        alone = Candidate(((net.column, 1.0),), -carried, low, high)
        less_short = Candidate(((net.column, 1.0), (self.short, 1.0)), -carried, low + r.short_low, high + r.short_high)
        forms = [alone] if r.short_low >= 0 else [less_short] if r.short_high <= 0 else [alone, less_short]
        # where other long gain is no loss, what is preferential is never the smallest
        smallest = forms if r.long_low >= low else [preferential, *forms]
        part = add_part(self.program, self.name, [preferential, *forms], smallest, self._binary)
        if part is None:
            return
        self.collectible, _ = part
        self.stacked = self._sum_column("stacked base", (self.base, 1.0), (self.collectible, 1.0))
        base = (self.base, self.base_low, self.base_high)
        top = add_top_rate(self.program, self.name, part, base, self.c.top_of_24, self._binary)
        self.scheduled = self.stacked
        if top is not None:
            self.at_top_rate = top
            self.scheduled = self._sum_column("scheduled base", (self.stacked, 1.0), (top, -1.0))

    def _sum_column(self, label: str, *terms: tuple[int, float]) -> int:
        column = self.program.add_column(f"{label} {self.name}", -INFINITY, INFINITY)
        self._row(label, 0.0, 0.0, (column, 1.0), *_negative(list(terms)))
        return column

    def _pushed_down(self) -> bool:
        """Whether somewhere in reach a dollar taxed as preferential costs more than as ordinary."""
        extra = self.c.state_long - self.c.state_short
        return any(extra - saving > 1e-12 for saving in self._savings())

    def _savings(self) -> Iterator[float]:
        """What moving a dollar out of the ordinary base saves, over the reachable pieces of the base."""
        if self.base_low < 0 or self.part_high > 0.0:
            yield 0.0
        cuts = sorted({0.0, self.c.zero_top, self.c.fifteen_top, *(top for top, _ in self.c.brackets)})
        for low, high in pairwise(cuts):
            if self.stacked_high > low and self.base_low < high:
                rate = next(rate for top, rate in self.c.brackets if top > low)
                yield (
                    rate
                    - (self.c.middle_rate if low >= self.c.zero_top else 0.0)
                    - (self.c.high_extra if low >= self.c.fifteen_top else 0.0)
                )

    def add_income_tax(self) -> Form:
        """Ordinary tax on the base plus preferential tax stacked on it, or ordinary tax on all if that is less."""
        ordinary = self._schedule_column("ordinary tax", self.scheduled, 0.0, self.base_low, self.stacked_high)
        forms: Form = [(ordinary, 1.0)]
        if self.at_top_rate >= 0:
            forms.append((self.at_top_rate, self.c.collectibles_rate))
        self._add_minimum_tax(forms)
        y_shift = self.c.ordinary + self.c.qualified_dividends + self.moved[0]
        moved = _negative(self.moved[1])
        between = () if self.at_top_rate < 0 else ((self.at_top_rate, 1.0),)
        for top, rate, base, less in (
            (self.c.zero_top, self.c.middle_rate, self.stacked, ()),
            (self.c.fifteen_top, self.c.high_extra, self.scheduled, between),
        ):
            forms += self._base_above(base, top, rate)
            above = self.program.add_column(f"income above {top:g} {self.name}")
            self._row(
                f"income above {top:g}", y_shift - top, INFINITY, (above, 1.0), (self.income, -1.0), *moved, *less
            )
            forms.append((above, rate))
        return self._smaller_of(forms, y_shift)

    def _add_minimum_tax(self, ordinary: Form) -> None:
        """Form 6251: gains are taxed as in the worksheet, so it only lifts what the rest pays (IRC 55(b)(3)).

        base = AMT income - exemption - preferential income. The exemption shrinks with income until it is gone, which
        bends the other way and takes a binary where the end is in reach.
        """
        c = self.c
        low, high = c.amt_rates
        total_high = c.minimum_taxable + self.income_high
        most_lost = c.amt_exemption + c.amt_most_added
        lost_high = min(most_lost, max(0.0, c.amt_phaseout * (total_high - c.amt_start)))
        top_base = total_high - c.amt_exemption + lost_high
        if low * top_base + (high - low) * max(0.0, top_base - c.amt_28_over) <= 0.0:
            return
        lost = self.program.add_column(f"exemption lost {self.name}", 0.0, most_lost)
        shrinks = c.amt_phaseout * (c.minimum_taxable - c.amt_start)
        if shrinks + c.amt_phaseout * self.income_high > 0:
            over = shrinks + c.amt_phaseout * self.income_high - most_lost
            ends: tuple[tuple[int, float], ...] = ()
            if over > 0:
                gone = self._binary("exemption gone")
                ends = ((gone, over),)
                self._row("exemption gone", 0.0, INFINITY, (lost, 1.0), (gone, -most_lost))
            self._row("exemption lost", shrinks, INFINITY, (lost, 1.0), (self.income, -c.amt_phaseout), *ends)
        base = self.program.add_column(f"minimum base {self.name}", -INFINITY, INFINITY)
        fixed = c.minimum_taxable - c.amt_exemption - c.qualified_dividends
        preferential = [(self.preferential, 1.0)] if self.preferential >= 0 else []
        preferential += [(self.collectible, -1.0)] if self.collectible >= 0 else []
        self._row("minimum base", fixed, fixed, (base, 1.0), (self.income, -1.0), (lost, -1.0), *preferential)
        self._row("minimum tax 26 %", 0.0, INFINITY, *ordinary, (base, -low))
        second = -(high - low) * c.amt_28_over
        self._row("minimum tax 28 %", second, INFINITY, *ordinary, (base, -high))

    def _schedule_column(self, label: str, of: int, shift: float, low: float, high: float) -> int:
        """Column at least the rate schedule of (column + shift): the schedule is convex, so tangents suffice."""
        tax = self.program.add_column(f"{label} {self.name}")
        floor, paid = 0.0, 0.0
        for top, rate in self.c.brackets:
            if top >= low and floor <= high:
                self._row(f"{label} {rate:g}", paid + rate * (shift - floor), INFINITY, (tax, 1.0), (of, -rate))
            if top == INFINITY:
                break
            paid, floor = paid + (top - floor) * rate, top
        return tax

    def _base_above(self, base: int, top: float, rate: float) -> Form:
        """-(rate) * (base - top)+: concave, so it takes a binary where the base may lie on both sides."""
        if self.stacked_high <= top:
            return []
        if self.base_low >= top:
            over = self.program.add_column(f"base above {top:g} {self.name}")
            self._row(f"base above {top:g}", -INFINITY, -top, (over, 1.0), (base, -1.0))
            return [(over, -rate)]
        room, shortfall = self.stacked_high - top, top - self.base_low
        over = self.program.add_column(f"base above {top:g} {self.name}", 0.0, room)
        is_over = self._binary(f"base is above {top:g}")
        self._row(f"base above {top:g} if", -INFINITY, 0.0, (over, 1.0), (is_over, -room))
        self._row(f"base above {top:g}", -INFINITY, -top + shortfall, (over, 1.0), (base, -1.0), (is_over, shortfall))
        return [(over, -rate)]

    def _smaller_of(self, forms: Form, y_shift: float) -> Form:
        """The worksheet's last line, the smaller of two taxes: it matters only where the 12 % bracket passes 0 %."""
        strip_top, strip_rate = next((top, rate) for top, rate in self.c.brackets if top >= self.c.zero_top)
        if strip_rate >= self.c.middle_rate or strip_top <= self.c.zero_top:
            return forms
        y_low = y_shift + self.income_low
        y_high = y_shift + self.income_high + self._moved_at(self.income_high)[0] - self.moved[0]
        next_rate = next((rate for top, rate in self.c.brackets if top > strip_top), 1.0)
        gain_at_strip = (self.c.middle_rate - strip_rate) * (strip_top - self.c.zero_top)
        meets = strip_top + gain_at_strip / max(next_rate - self.c.middle_rate, 1e-9)
        touches = self.stacked_high > self.c.zero_top or y_high > self.c.zero_top
        if not (touches and self.base_low < strip_top and y_high > self.c.zero_top and y_low < meets):
            return forms
        smaller = self.program.add_column(f"income tax {self.name}")
        whole = self._binary("ordinary tax on all")
        self._row(
            "income tax by worksheet", 0.0, INFINITY,
            (smaller, 1.0), (whole, gain_at_strip), *((column, -value) for column, value in forms),
        )  # fmt: skip
        most = schedule(max(y_high, 0.0), self.c.brackets)
        floor, paid = 0.0, 0.0
        for top, rate in self.c.brackets:
            if floor <= max(y_high, 0.0):
                self._row(
                    f"income tax by schedule {rate:g}", paid + rate * (y_shift - floor) - most, INFINITY,
                    (smaller, 1.0), (self.income, -rate), (whole, -most),
                    *((column, -rate * value) for column, value in self.moved[1]),
                )  # fmt: skip
            if top == INFINITY:
                break
            paid, floor = paid + (top - floor) * rate, top
        return [(smaller, 1.0)]

    def add_niit(self) -> Form:
        """Both arguments of the minimum move one for one with the gain, so one row is exact (IRC 1411(a)(1))."""
        taxed = self.program.add_column(f"NIIT base {self.name}")
        fixed, moved = self.moved_agi if self.c.niit_by_income else (0.0, [])
        self._row("NIIT base", self.c.niit_base + fixed, INFINITY, (taxed, 1.0), (self.income, -1.0), *_negative(moved))
        return [(taxed, self.c.niit_rate)]
