"""What one table of a custodian's file looks like, and how to say what must change for the reader of tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rebal_xl.intake.datarows import TOTAL_START
from rebal_xl.intake.findings import Findings, place_in
from rebal_xl.intake.values import clean, plain_number, read_number_text
from rebal_xl.sheets.grid import Cell, CellRows, Grid

Place = tuple[int, int]
# Headers of shares and of what they cost, as `headers.spelling` writes them.
_QUANTITIES = ("quantity", "qtyquantity")
_COSTS = ("costbasis", "costbasistotal", "averagecostbasis", "costshare", "costpershare", "totalcost")


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of table that a custodian writes."""

    # as people call it: "Schwab positions"
    name: str
    # headers, as `headers.spelling` writes them, that its header row has all of
    headers: frozenset[str]
    # what must change for the reader of tables
    shape: Callable[[Section, Shaped], None]


@dataclass(frozen=True, slots=True)
class Section:
    """A table of a known layout where it stands on a grid; rows are 1-based and inclusive."""

    grid: Grid
    layout: Layout
    header_row: int
    last_row: int
    # header, as `headers.spelling` writes it -> column number; of two alike the first
    columns: Mapping[str, int]
    # row -> its filled cells by column, of the table's rows
    rows: Mapping[int, Mapping[int, Cell]]
    # the nearest line above the header that is a text alone, "" when there is none
    title: str
    # the cells of that line
    title_places: frozenset[Place]
    # first column to the right of everything on the grid
    free_column: int

    def text(self, row: int, header: str) -> str:
        """The text of a cell under a header, of a number its digits; "" when it is blank or something else."""
        cell = self.rows[row].get(self.columns.get(header, 0))
        value = None if cell is None else cell.value
        # A file that Excel saved as a workbook has numbers where the custodian wrote digits.
        return clean(value) if isinstance(value, str) else plain_number(value) if isinstance(value, float) else ""

    def number(self, row: int, header: str) -> float | None:
        """The number of a cell under a header, None when it holds none."""
        cell = self.rows[row].get(self.columns.get(header, 0))
        value = None if cell is None else cell.value
        if isinstance(value, str):
            read = read_number_text(clean(value))
            return read if isinstance(read, float) else None
        return value if isinstance(value, float) else None

    def data_rows(self) -> list[int]:
        """Rows with more than one filled cell that are no totals."""
        return [number for number, cells in self.rows.items() if len(cells) > 1 and not is_total(cells)]


@dataclass(slots=True)
class Shaped:
    """What changes on a grid, and what its files say of the accounts."""

    findings: Findings
    # (row, column) -> the cell that stands there instead; None empties it
    cells: dict[Place, Cell | None] = field(default_factory=dict)
    # what a file calls an account -> the account's number
    numbers: dict[str, str] = field(default_factory=dict)
    # an account's name that several numbers share -> those numbers
    shared: dict[str, list[str]] = field(default_factory=dict)
    # an account's name in a line above a table -> that line
    titles: dict[str, int] = field(default_factory=dict)

    def add_column(self, section: Section, column: int, header: str, values: Mapping[int, str]) -> None:
        """A column of our own beside the table."""
        self.cells[section.header_row, column] = Cell(header)
        for row, value in values.items():
            self.cells[row, column] = Cell(value)

    def drop_row(self, section: Section, row: int) -> None:
        """Take a row out, so that nobody reads it."""
        self.cells |= {(row, column): None for column in section.rows[row]}


def with_cells(rows: Mapping[int, Mapping[int, Cell]], changed: Mapping[Place, Cell | None]) -> CellRows:
    """The cells of a grid with some of them changed, added, or, where None stands, taken out."""
    fresh: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in changed.items():
        cells = fresh.setdefault(row, dict(rows.get(row, {})))
        if cell is None:
            cells.pop(column, None)
        else:
            cells[column] = cell
    return CellRows({row: cells for row, cells in sorted({**rows, **fresh}.items()) if cells})


def is_total(cells: Mapping[int, Cell]) -> bool:
    """Whether a row starts with a word for a total."""
    texts = (clean(cell.value) for _, cell in sorted(cells.items()) if isinstance(cell.value, str))
    return TOTAL_START.match(next(filter(None, texts), "")) is not None


def drop_short_costs(section: Section, shaped: Shaped) -> None:
    """What was received for shares sold short is no cost: custodians show it with either sign, and nobody needs it."""
    quantities = [header for header in _QUANTITIES if header in section.columns]
    costs = [section.columns[header] for header in _COSTS if header in section.columns]
    if not quantities or not costs:
        return
    for row in section.rows:
        if (section.number(row, quantities[0]) or 0.0) < 0.0:
            shaped.cells |= {(row, column): None for column in costs}


def check_total(section: Section, shaped: Shaped, added: str) -> None:
    """Hold the rows of a table against its own total under the header `added`: what is missing from a file that was
    cut off, or edited, shows there.
    """
    column = section.columns.get(added)
    if column is None:
        return
    totals = [row for row, cells in section.rows.items() if is_total(cells)]
    rows = [row for row in section.data_rows() if not totals or row < totals[-1]]
    if not rows:
        return
    if not totals:
        shaped.findings.notice(
            "no-total",
            place_in(section.grid, rows[-1], column),
            "The custodian closes this table with a line of its total, and there is none: the file may be cut off.",
            "Compare the last rows with the custodian's page, or download the file again.",
        )
        return
    stated = section.number(totals[-1], added)
    if stated is None:
        return
    counted = sum(section.number(row, added) or 0.0 for row in rows)
    # Every row is rounded to cents, or shares to thousandths.
    if abs(counted - stated) > 0.01 * (len(rows) + 1):
        shaped.findings.notice(
            "total-differs",
            place_in(section.grid, totals[-1], column),
            f"The rows above add up to {counted:,.2f}, and the file's own total is {stated:,.2f}: rows are missing, or "
            "one is not read as it is meant.",
            "Compare them with the custodian's page, or download the file again.",
        )


def as_is(section: Section, shaped: Shaped) -> None:
    """A table that the reader understands as it stands."""
