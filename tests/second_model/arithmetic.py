"""One language for both uses of the second model: plain numbers that price a plan, and a program that SCIP minimises.

The rules and the tax are written once, over an arithmetic. `Numbers` works them out and notes every broken hard rule;
`Program` makes columns and rows of them. Whatever bends is a choice among segments, each with a binary of its own.
Money in thousands of dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import floor, hypot
from typing import Any

from tests.second_model.segments import Function, all_bends

EVERYTHING = float("inf")
# A cent: what orders and withdrawals in whole cents may miss a rule by.
CENT = 1e-5
# A millionth of a dollar is no order.
NOTHING = 1e-9
# Half a cent: what counts from an edge on counts when orders in fractions come so near.
HALF_A_CENT = 5e-6
# Part of an amount that is rounding.
ROUNDING = 1e-9
# Part of a step that is rounding.
WHOLE = 1e-6


class Numbers:
    """Prices a plan that is given."""

    def __init__(self) -> None:
        # hard rules that the plan breaks, with the dollars or the count by which it does
        self.broken: list[str] = []

    def require(self, label: str, value: float, low: float = -EVERYTHING, high: float = EVERYTHING) -> None:
        """A rule that never gives way."""
        off = max(low - value, value - high)
        if off > CENT + ROUNDING * abs(value):
            self.broken.append(f"{label}: off by {off:.9f}")

    def flag(self, label: str, amount: float, least: float, most: float) -> float:
        """1 when there is an amount, which is then between `least` and `most`; else 0."""
        if amount <= NOTHING:
            return 0.0
        self.require(label, amount, least, most)
        return 1.0

    def whole(self, label: str, amount: float, step: float, everything: float | None) -> None:
        """A multiple of a step, or everything where that may be."""
        if everything is not None and abs(amount - everything) <= NOTHING + ROUNDING * everything:
            return
        self.require(label, amount, round(amount / step) * step, round(amount / step) * step)

    def cut(self, label: str, amount: float, step: float, everything: float) -> float:
        """1 where it is neither a multiple of a step nor everything, else 0."""
        whole = abs(amount - round(amount / step) * step) <= CENT or abs(amount - everything) <= CENT
        return 0.0 if whole else 1.0

    def ramp(self, value: float, label: str) -> float:
        """What of it is above zero."""
        return max(0.0, value)

    def part(self, value: float, high: float, label: str) -> float:
        """All of it where it is at most `high` (zero or less), else nothing."""
        return value if value <= high + HALF_A_CENT else 0.0

    def over(self, value: float, label: str) -> float:
        """The same, where more of it always costs more."""
        return max(0.0, value)

    def length(self, values: Sequence[float], label: str) -> float:
        """Root of the sum of squares, where more of it always costs more."""
        return hypot(*values)

    def table(self, value: float, functions: Sequence[Function], label: str) -> list[float]:
        """Piecewise linear functions of one value."""
        return [function(value) for function in functions]

    def within(self, value: float, low: float, high: float) -> float:
        """The same value, of which it is known where it lies."""
        assert low - 1e-6 <= value <= high + 1e-6, (value, low, high)
        return value


class Form:
    """A linear form over columns of a program."""

    __slots__ = ("constant", "program", "terms")

    def __init__(self, program: Program, terms: dict[int, float], constant: float = 0.0) -> None:
        self.program, self.terms, self.constant = program, terms, constant

    def __add__(self, other: Form | float) -> Form:
        if not isinstance(other, Form):
            return Form(self.program, self.terms, self.constant + other)
        terms = dict(self.terms)
        for column, value in other.terms.items():
            terms[column] = terms.get(column, 0.0) + value
        return Form(self.program, terms, self.constant + other.constant)

    __radd__ = __add__

    def __neg__(self) -> Form:
        return self * -1.0

    def __sub__(self, other: Form | float) -> Form:
        return self + (-other)

    def __rsub__(self, other: float) -> Form:
        return -self + other

    def __mul__(self, factor: float) -> Form:
        return Form(
            self.program, {column: factor * value for column, value in self.terms.items()}, factor * self.constant
        )

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Form:
        return self * (1.0 / divisor)

    @property
    def low(self) -> float:
        """Least value, by the bounds of its columns."""
        bounds = self.program.bounds
        return self.constant + sum(
            value * bounds[column][0 if value > 0 else 1] for column, value in self.terms.items() if value
        )

    @property
    def high(self) -> float:
        """Greatest value, by the bounds of its columns."""
        return -(-self).low


class Program:
    """Columns and rows in SCIP."""

    def __init__(self, scip: Any) -> None:
        self.scip = scip
        self.columns: list[Any] = []
        self.names: list[str] = []
        self.bounds: list[tuple[float, float]] = []

    def column(self, name: str, low: float, high: float, kind: str = "C") -> Form:
        """A new column: continuous, binary ("B") or whole ("I")."""
        limits = [None if abs(limit) == EVERYTHING else limit for limit in (low, high)]
        label = f"{len(self.columns):06d} {name}"
        self.columns.append(self.scip.addVar(name=label, lb=limits[0], ub=limits[1], vtype=kind))
        self.names.append(label)
        self.bounds.append((low, high))
        return Form(self, {len(self.columns) - 1: 1.0})

    def expression(self, form: Form) -> Any:
        """The form in SCIP's own terms."""
        return self._sum(value * self.columns[column] for column, value in form.terms.items()) + form.constant

    def _sum(self, parts: Iterable[Any]) -> Any:
        from pyscipopt import quicksum

        return quicksum(parts)

    def require(self, label: str, value: Form | float, low: float = -EVERYTHING, high: float = EVERYTHING) -> None:
        """A rule that never gives way."""
        if not isinstance(value, Form) or not any(value.terms.values()):
            constant = value.constant if isinstance(value, Form) else value
            assert low - CENT <= constant <= high + CENT, label
            return
        expression = self.expression(value)
        if low == high:
            self.scip.addCons(expression == low, name=label)
            return
        if high < EVERYTHING:
            self.scip.addCons(expression <= high, name=label)
        if low > -EVERYTHING:
            self.scip.addCons(expression >= low, name=label)

    def flag(self, label: str, amount: Form, least: float, most: float) -> Form:
        """1 when there is an amount, which is then between `least` and `most`; else 0."""
        if least > most:
            self.require(label, amount, high=0.0)
            return Form(self, {})
        flag = self.column(f"flag {label}", 0.0, 1.0, kind="B")
        self.require(f"{label} if any", amount - most * flag, high=0.0)
        if least > 0.0:
            self.require(f"{label} at least", amount - least * flag, low=0.0)
        return flag

    def whole(self, label: str, amount: Form, step: float, everything: float | None) -> None:
        """A multiple of a step, or everything where that may be."""
        steps = self.column(f"steps {label}", 0.0, float(floor(amount.high / step + WHOLE)), kind="I")
        whole = amount - step * steps
        if everything is not None:
            most = floor(everything / step + WHOLE)
            tail = everything - most * step
            if tail > NOTHING:
                closes = self.column(f"everything {label}", 0.0, 1.0, kind="B")
                self.require(f"with everything {label}", steps - most * closes, low=0.0)
                whole = whole - tail * closes
        self.require(f"whole {label}", whole, 0.0, 0.0)

    def cut(self, label: str, amount: Form, step: float, everything: float) -> Form:
        """A column that is 1 where it is neither a multiple of a step nor everything."""
        most = float(floor(everything / step + NOTHING))
        steps = self.column(f"steps {label}", 0.0, most, kind="I")
        cut = self.column(f"cut {label}", 0.0, 1.0, kind="B")
        rest = self.column(f"rest {label}", 0.0, step)
        self.require(f"rest if cut {label}", rest - step * cut, high=0.0)
        whole = amount - step * steps - rest
        if (tail := everything - most * step) > NOTHING:
            closes = self.column(f"everything {label}", 0.0, 1.0, kind="B")
            self.require(f"with everything {label}", steps - most * closes, low=0.0)
            whole = whole - tail * closes
        self.require(f"whole {label}", whole, 0.0, 0.0)
        return cut

    def part(self, value: Form | float, high: float, label: str) -> Form | float:
        """All of it, where it is at most `high`, or nothing."""
        if not isinstance(value, Form):
            return value if value <= high else 0.0
        least = value.low
        if least > high:
            return 0.0
        some = self.column(f"some {label}", 0.0, 1.0, kind="B")
        taken = self.column(f"part {label}", min(least, 0.0), 0.0)
        self.require(f"part from {label}", taken - least * some, low=0.0)
        self.require(f"part to {label}", taken - high * some, high=0.0)
        rest = value - taken
        self.require(f"rest from {label}", rest + least * some, low=least)
        self.require(f"rest to {label}", rest + max(0.0, value.high) * some, high=max(0.0, value.high))
        return taken

    def ramp(self, value: Form | float, label: str) -> Form | float:
        """What of it is above zero: either the part above or the part below is nothing."""
        if not isinstance(value, Form):
            return max(0.0, value)
        low, high = value.low, value.high
        if low >= 0.0:
            return value
        if high <= 0.0:
            return 0.0
        above, below = self.column(f"above {label}", 0.0, high), self.column(f"below {label}", 0.0, -low)
        side = self.column(f"side {label}", 0.0, 1.0, kind="B")
        self.require(f"parts {label}", value - above + below, 0.0, 0.0)
        self.require(f"above {label}", above - high * side, high=0.0)
        self.require(f"below {label}", below - low * side, high=-low)
        return above

    def over(self, value: Form | float, label: str) -> Form | float:
        """What of it is above zero, where more of it always costs more: no choice is needed."""
        if not isinstance(value, Form):
            return max(0.0, value)
        high = value.high
        if high <= 0.0:
            return 0.0
        above = self.column(f"over {label}", 0.0, high)
        self.require(f"over {label}", above - value, low=0.0)
        return above

    def length(self, values: Sequence[Form | float], label: str) -> Form:
        """Root of the sum of squares, where more of it always costs more: a cone."""
        sides = []
        for place, value in enumerate(values):
            side = self.column(f"side {place} of {label}", -EVERYTHING, EVERYTHING)
            self.require(f"side {place} of {label}", side - value, 0.0, 0.0)
            sides.append(self.expression(side))
        high = hypot(*(max(abs(value.low), abs(value.high)) if isinstance(value, Form) else value for value in values))
        length = self.column(f"length {label}", 0.0, high)
        whole = self.expression(length)
        self.scip.addCons(self._sum(side * side for side in sides) - whole * whole <= 0.0, name=f"length {label}")
        return length

    def table(self, value: Form | float, functions: Sequence[Function], label: str) -> list[Form | float]:
        """Piecewise linear functions of one value: it lies on one of their common segments."""
        if not isinstance(value, Form):
            return [function(value) for function in functions]
        low, high = value.low, value.high
        points = all_bends(functions, low, high)
        if len(points) == 2:
            return [_line(function, low, high, value) for function in functions]
        pieces = [
            (
                self.column(f"{label} on {place}", min(0.0, start), max(0.0, end)),
                self.column(f"{label} is on {place}", 0.0, 1.0, kind="B"),
            )
            for place, (start, end) in enumerate(pairwise(points))
        ]
        for place, ((part, chosen), (start, end)) in enumerate(zip(pieces, pairwise(points), strict=True)):
            self.require(f"{label} from {place}", part - start * chosen, low=0.0)
            self.require(f"{label} to {place}", part - end * chosen, high=0.0)
        self.require(f"{label} one segment", total(chosen for _, chosen in pieces), 1.0, 1.0)
        self.require(f"{label} value", value - total(part for part, _ in pieces), 0.0, 0.0)
        return [
            self._looked_up(function, points, pieces, f"{label} {number}") for number, function in enumerate(functions)
        ]

    def _looked_up(
        self, function: Function, points: Sequence[float], pieces: Sequence[tuple[Form, Form]], label: str
    ) -> Form:
        values = [function(point) for point in points]
        found: Form | float = 0.0
        for (start, end), (first, last), (part, chosen) in zip(pairwise(points), pairwise(values), pieces, strict=True):
            slope = (last - first) / (end - start)
            found = found + slope * part + (first - slope * start) * chosen
        result = self.column(label, min(values), max(values))
        self.require(label, result - found, 0.0, 0.0)
        return result

    def within(self, value: Form | float, low: float, high: float) -> Form | float:
        """The same value, of which it is known where it lies."""
        if not isinstance(value, Form) or (value.low >= low and value.high <= high):
            return value
        bounded = self.column("known", max(low, value.low), min(high, value.high))
        self.require("known", bounded - value, 0.0, 0.0)
        return bounded


def _line(function: Function, low: float, high: float, value: Form) -> Form | float:
    start, end = function(low), function(high)
    slope = (end - start) / (high - low) if high > low else 0.0
    return value * slope + (start - slope * low)


# Either arithmetic, and a value in it.
Arithmetic = Any
Value = Any


def total(values: Iterable[Value]) -> Value:
    """Sum of numbers or of forms."""
    terms: dict[int, float] = {}
    constant, program = 0.0, None
    for value in values:
        if isinstance(value, Form):
            program = value.program
            constant += value.constant
            for column, factor in value.terms.items():
                terms[column] = terms.get(column, 0.0) + factor
        else:
            constant += value
    return constant if program is None else Form(program, terms, constant)


def least(sums: Arithmetic, first: Value, second: Value, label: str) -> Value:
    """The smaller of two."""
    return first - sums.ramp(first - second, label)


def most(sums: Arithmetic, first: Value, second: Value, label: str) -> Value:
    """The larger of two."""
    return second + sums.ramp(first - second, label)
