"""Two columns for one of ours, such as Price and Last Price: the one that makes the market value counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from rebal_xl.intake.candidates import Candidate
from rebal_xl.intake.headers import Double, Match
from rebal_xl.intake.naming import amount
from rebal_xl.intake.values import NOTHING_MARKS, clean
from rebal_xl.intake.worth import BONDS, SHARES, makes
from rebal_xl.sheets.grid import Cell, Grid, cells_by_row
from rebal_xl.sheets.tables import HOLDINGS

_FACTORS = ("Quantity", "Price")


def by_value(candidate: Candidate, match: Match) -> Match:
    """The match with those of its double columns whose shares times prices are the market value.

    As it is where that decides nothing: no value, one column each, or the columns read first fit as well.
    """
    doubles = {name: [d for d in match.doubles if d.column == name and not d.repeated] for name in _FACTORS}
    if match.table is not HOLDINGS or "Market Value" not in match.columns or not any(doubles.values()):
        return match
    if any(name not in match.columns for name in _FACTORS):
        return match
    choices = [[match.columns[name], *(double.number for double in doubles[name])] for name in _FACTORS]
    first, *others = product(*choices)
    fits = list(_fitting(candidate, match.columns["Market Value"], [first, *others]))
    if first not in fits and len(fits) == 1:
        return _with(candidate, match, dict(zip(_FACTORS, fits[0], strict=True)))
    return match


def with_second_symbols(grid: Grid, header: int, match: Match) -> Grid:
    """The grid with what a second column of symbols says where the first is blank: a bond has a CUSIP and no ticker."""
    others = [double.number for double in match.doubles if double.column == "Symbol" and not double.repeated]
    if match.table is not HOLDINGS or not others:
        return grid
    first = match.columns["Symbol"]
    given: dict[tuple[int, int], Cell] = {}
    for row, cells in cells_by_row(grid.cells).items():
        if row > header and _is_blank(cells.get(first)):
            found = next((cells[number] for number in others if not _is_blank(cells.get(number))), None)
            if found is not None and match.columns.get("Quantity") in cells:
                given[row, first] = found
    return replace(grid, cells={**grid.cells, **given}) if given else grid


def _is_blank(cell: Cell | None) -> bool:
    return cell is None or cell.value is None or (isinstance(cell.value, str) and clean(cell.value) in NOTHING_MARKS)


def _fitting(candidate: Candidate, value: int, pairs: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """The pairs of columns whose product is the value in every row that has all three."""
    rows = [cells for row, cells in cells_by_row(candidate.grid.cells).items() if row > candidate.row]
    for pair in pairs:
        known = [[amount(cells.get(number)) for number in (*pair, value)] for cells in rows]
        told = [(shares, price, usd) for shares, price, usd in known if shares and price and usd]
        if told and all(makes(*figures, (SHARES, BONDS)) for figures in told):
            yield pair


def _with(candidate: Candidate, match: Match, chosen: Mapping[str, int]) -> Match:
    headers = dict(candidate.headers)
    before = {name: match.columns[name] for name, number in chosen.items() if match.columns[name] != number}
    doubles = [
        Double(double.column, headers[before[double.column]], before[double.column], repeated=False)
        if double.number == chosen.get(double.column)
        else double
        for double in match.doubles
    ]
    return replace(match, columns={**match.columns, **chosen}, doubles=tuple(doubles))
