"""Subtotals of a matrix that are not called so: Equity above US Stocks and Foreign Stocks holds their dollars again."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """A row of a matrix: what it is about, and its dollars in every account."""

    name: str
    usd: tuple[float, ...]


def subtotal_in(lines: Sequence[Line], is_class: Callable[[str], bool]) -> tuple[Line, Sequence[Line]] | None:
    """The first line that is the sum of the lines right below or above it in every account, with these; None for none.

    A line that goes by the name of a class that the workbook knows is one, whatever its dollars are.
    """
    for at, line in enumerate(lines):
        if not any(line.usd) or is_class(line.name):
            continue
        for parts in _beside(lines, at):
            held = [part for part in parts if any(part.usd)]
            if len(held) > 1 and all(
                abs(told - sum(column)) <= 1.0
                for told, column in zip(line.usd, zip(*(part.usd for part in held), strict=True), strict=True)
            ):
                return line, held
    return None


def _beside(lines: Sequence[Line], at: int) -> Iterator[Sequence[Line]]:
    """Two lines or more right below, and right above."""
    for end in range(at + 3, len(lines) + 1):
        yield lines[at + 1 : end]
    for start in range(at - 2, -1, -1):
        yield lines[start:at]
