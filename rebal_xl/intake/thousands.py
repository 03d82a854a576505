"""Lists whose dollars are told in thousands: by a header such as Cost Basis ($000), or by a line right above the list.

Prices and costs of one share are never in thousands.
"""

from collections.abc import Mapping
from dataclasses import replace

from rebal_xl.intake.candidates import Candidate
from rebal_xl.intake.headers import PER_SHARE, Match
from rebal_xl.intake.naming import amount, text_of
from rebal_xl.intake.tells import IN_DOLLARS, THOUSANDS
from rebal_xl.intake.values import listed, scaled
from rebal_xl.sheets.grid import Cell, Grid, cells_by_row
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS

# A line about units stands at most so many rows above the header, with hardly anything beside it.
REACH, MOST_BESIDE = 3, 3
_SO = "so they fit shares times prices"


def in_dollars(candidate: Candidate, match: Match, sheet: Grid) -> tuple[Grid, str]:
    """The candidate's grid in dollars, and what was multiplied in words, "" for nothing. `sheet` is as it stands."""
    headers = dict(candidate.headers)
    kinds = {column.name: column.kind for column in match.table.columns}
    sums = {n: at for n, at in match.columns.items() if kinds[n] is Kind.MONEY and n not in PER_SHARE}
    told = {name: at for name, at in sums.items() if THOUSANDS.search(headers.get(at, ""))}
    if match.table in (ACCOUNTS, HOLDINGS) and candidate.fence is None and _said_above(sheet, candidate.row):
        above = {name: at for name, at in sums.items() if not IN_DOLLARS.search(headers.get(at, ""))}
        if above and _are_dollars(candidate, match):
            names = listed(list(above), "and")
            if not told:
                return candidate.grid, f"{names} in dollars, although a line above speaks of thousands: {_SO}"
        else:
            told = above
    if not told:
        return candidate.grid, ""
    numbers = set(told.values())
    cells = {
        place: _times(cell) if place[0] > candidate.row and place[1] in numbers else cell
        for place, cell in candidate.grid.cells.items()
    }
    return replace(candidate.grid, cells=cells), f"{listed(list(told), 'and')} in thousands of dollars"


def _are_dollars(candidate: Candidate, match: Match) -> bool:
    """Whether shares times prices show that the dollars of a list are as they stand, and no row shows the contrary.

    A market value is their product; a cost, where there is no value, is within a wide range of it.
    """
    name, low, high = ("Market Value", 0.98, 1.02) if "Market Value" in match.columns else ("Cost Basis", 0.05, 20.0)
    wanted = [match.columns.get(column) for column in ("Quantity", "Price", name)]
    if None in wanted:
        return False
    plain = times = 0
    for row, cells in cells_by_row(candidate.grid.cells).items():
        shares, price, usd = (amount(cells.get(number or 0)) for number in wanted)
        if row > candidate.row and shares and price and usd:
            plain += low <= usd / (shares * price) <= high
            times += low <= 1000.0 * usd / (shares * price) <= high
    return plain > 0 and times == 0


def _said_above(sheet: Grid, header: int) -> bool:
    rows: Mapping[int, Mapping[int, Cell]] = cells_by_row(sheet.cells)
    for row in range(header - 1, max(header - 1 - REACH, 0), -1):
        texts = [text_of(cell) for cell in rows.get(row, {}).values()]
        if len(texts) > MOST_BESIDE or not all(texts):
            return False
        if any(THOUSANDS.search(text) for text in texts):
            return True
    return False


def _times(cell: Cell) -> Cell:
    value = amount(cell)
    return cell if value is None else cell._replace(value=scaled(value, 3))
