"""What a matrix must be to be read: dollars or shares in every cell, no name twice, sums that are its own totals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rebal_xl.intake.blocks import Rows
from rebal_xl.intake.findings import Findings, place_in
from rebal_xl.intake.naming import MONEY, Names, amount, is_percent, is_total, text_of
from rebal_xl.intake.subtotals import Line, subtotal_in
from rebal_xl.intake.values import Fault, listed, plain_number, read_cell
from rebal_xl.sheets.grid import Grid

# Sums of a matrix may differ from its totals by rounding: a dollar, or so much of the total.
ROUNDED = 0.0005
Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Where the names of a matrix stand."""

    grid: Grid
    rows: Rows
    header: int
    corner: int
    # column -> what it is about, row -> what it is about
    across: Mapping[int, str]
    down: Mapping[int, str]
    # columns that its totals count and another table reads
    aside: tuple[int, ...] = ()


def may_be_read(matrix: Matrix, names: Names, findings: Findings) -> bool:
    """False, with the reason, for percentages, for doubled names, and for sums that are not the matrix's own totals."""
    rows, place = matrix.rows, place_in(matrix.grid, matrix.header, matrix.corner)
    if any(is_percent(rows[row].get(column)) for row in matrix.down for column in matrix.across):
        findings.error(
            "matrix-percent",
            place,
            "This matrix of accounts holds percentages, from which nobody can tell how many dollars there are.",
            "Write dollars into it.",
        )
        return False
    for kind in (matrix.down, matrix.across):
        twice = [name for name in kind.values() if list(kind.values()).count(name) > 1]
        if twice:
            findings.error(
                "matrix-repeated", place, f"{twice[0]} stands in this matrix twice.", "Keep one, or rename one of them."
            )
            return False
    if _has_no_numbers(matrix, findings) or _has_subtotal(matrix, names, findings):
        return False
    off = next(_wrong_totals(matrix), None)
    if off is not None:
        spot, told, sum_ = off
        findings.error(
            "matrix-total",
            place_in(matrix.grid, *spot),
            f"The total {plain_number(round(told, 2))} is not the sum {plain_number(round(sum_, 2))} of what was "
            "understood of this matrix.",
            "Let every account have a column and every class a row of its own, without subtotals that are not "
            "called so, or correct the total.",
        )
    return off is None


def _has_no_numbers(matrix: Matrix, findings: Findings) -> bool:
    """Whether cells of a matrix hold something that is no number; each is said, since its dollars would be missing."""
    wrong = False
    for row in matrix.down:
        for column in matrix.across:
            read = read_cell(matrix.rows[row].get(column), MONEY)
            if isinstance(read, Fault):
                wrong = True
                findings.error(read.code, place_in(matrix.grid, row, column), read.message, read.advice)
    return wrong


def _has_subtotal(matrix: Matrix, names: Names, findings: Findings) -> bool:
    """Whether a row of a matrix holds what its neighbours hold, which is said."""
    lines = {
        Line(name, tuple(amount(matrix.rows[row].get(column)) or 0.0 for column in matrix.across)): row
        for row, name in matrix.down.items()
    }
    found = subtotal_in(list(lines), lambda name: bool(names.asset_class(name)))
    if found is not None:
        line, parts = found
        findings.error(
            "matrix-subtotal",
            place_in(matrix.grid, lines[line], matrix.corner),
            f"{line.name} is the sum of {listed([part.name for part in parts], 'and')} in every account, and would "
            "count twice.",
            f"Call it Total {line.name} if it is their total, or delete the row.",
        )
    return found is not None


def _wrong_totals(matrix: Matrix) -> Iterator[tuple[Spot, float, float]]:
    rows, header = matrix.rows, matrix.rows[matrix.header]
    sides = [column for column, cell in header.items() if is_total(text_of(cell)) and "%" not in text_of(cell)]
    for row in matrix.down:
        for column in sides:
            told = amount(rows[row].get(column))
            sum_ = sum(amount(rows[row].get(one)) or 0.0 for one in (*matrix.across, *matrix.aside))
            if told is not None and not is_percent(rows[row].get(column)) and _differ(told, sum_):
                yield (row, column), told, sum_
    last = max(matrix.down)
    feet = [
        row
        for row in range(matrix.header + 1, last + 4)
        if is_total(text_of(rows.get(row, {}).get(matrix.corner))) and row > last
    ]
    for column in matrix.across if feet else ():
        told = amount(rows[feet[0]].get(column))
        sum_ = sum(amount(rows[row].get(column)) or 0.0 for row in matrix.down)
        if told is not None and _differ(told, sum_):
            yield (feet[0], column), told, sum_


def _differ(told: float, sum_: float) -> bool:
    return abs(told - sum_) > max(1.0, ROUNDED * abs(told))
