"""Gain on collectibles in the tax rows: the part of long gain that is taxed at ordinary rates, at 28 % at the most.

With S the year's short net, K the net gain on collectibles less long losses carried in, and p the preferential part:
    c = max(0, min(p, K, K + S))    28% Rate Gain Worksheet, and line 12 of the Schedule D Tax Worksheet (IRC 1(h)(5))
    e = max(0, B + c - top of the 24 % bracket), at most c      what pays 28 % (lines 20, 21 and 42; IRC 1(h)(4))
so that the schedule taxes B + c - e, 0 and 15 % start beyond B + c, and 20 % where B + c - e and the rest pass its top.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rebal_xl.optimize.program import INFINITY, Program


@dataclass(frozen=True, slots=True)
class CollectibleNet:
    """The year's net gain on collectibles and where it may lie, thousands of dollars."""

    column: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A linear form of which c may be the smallest: terms, constant and reach."""

    terms: tuple[tuple[int, float], ...]
    constant: float
    low: float
    high: float


def add_part(
    program: Program, name: str, forms: list[Candidate], smallest: list[Candidate], binary: Callable[[str], int]
) -> tuple[int, float] | None:
    """The column of c, the smallest of `forms` and never negative, and its most; None where that is nothing.

    Bounded from below exactly, with a binary for each of those that may be the `smallest`; from above by each form
    that is never negative, and by the chord of one that may be.
    """
    most = min(form.high for form in forms)
    if most <= 0.0:
        return None
    part = program.add_column(f"collectible {name}", 0.0, most)
    for number, form in enumerate(forms):
        slope, constant = 1.0, form.constant
        if form.low < 0.0:
            slope = form.high / (form.high - form.low)
            constant = slope * (form.constant - form.low)
        terms = [(column, -slope * value) for column, value in form.terms]
        program.add_row(f"collectible at most {number} {name}", -INFINITY, constant, (part, 1.0), *terms)
    chosen = [binary(f"collectible as {number}") for number in range(len(smallest))] if len(smallest) > 1 else []
    if chosen:
        program.add_row(f"collectible as one {name}", 1.0, 1.0, *((column, 1.0) for column in chosen))
    for number, form in enumerate(smallest):
        terms = [(column, -value) for column, value in form.terms]
        room = max(0.0, form.high)
        unless = [(chosen[number], -room)] if chosen else []
        low = form.constant - (room if chosen else 0.0)
        program.add_row(f"collectible at least {number} {name}", low, INFINITY, (part, 1.0), *terms, *unless)
    return part, most


def add_top_rate(
    program: Program,
    name: str,
    part: tuple[int, float],
    base: tuple[int, float, float],
    top: float,
    binary: Callable[[str], int],
) -> int | None:
    """The column of e, None where it is never more than nothing; `base` is B with its reach, `top` where 24 % end."""
    (collectible, most), (column, low, high) = part, base
    if high + most <= top:
        return None
    reach = min(most, high + most - top)
    at_top = program.add_column(f"collectible at 28 % {name}", 0.0, reach)
    program.add_row(f"28 % at most collectible {name}", -INFINITY, 0.0, (at_top, 1.0), (collectible, -1.0))
    if low < top:
        beyond = binary("collectible beyond 24 %")
        room = top - low
        program.add_row(f"28 % only beyond {name}", -INFINITY, 0.0, (at_top, 1.0), (beyond, -reach))
        program.add_row(
            f"28 % at most beyond {name}", -INFINITY, room - top,
            (at_top, 1.0), (column, -1.0), (collectible, -1.0), (beyond, room),
        )  # fmt: skip
    return at_top
