"""What every range of a workbook was taken for: the lines of the Understood sheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rebal_xl.household import Problem
from rebal_xl.intake.corrections import corrected, corrections_of, household_meant
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings, letters
from rebal_xl.intake.headers import spelling
from rebal_xl.intake.households import HEADERS, Choice, by_sheets, told_apart
from rebal_xl.intake.matrices import BY_CLASS
from rebal_xl.intake.naming import amount, is_percent
from rebal_xl.intake.rows import Row, read_rows, shown
from rebal_xl.intake.twolines import with_joined_headers
from rebal_xl.intake.values import UNKNOWN, listed, plain_number
from rebal_xl.sheets.grid import Cell, GridBook
from rebal_xl.sheets.schema import Column, Kind
from rebal_xl.sheets.understood import NOT_READ, WHICH, WHOLE, Line

# Findings about what no header says.
INFERRED = frozenset(
    {"shape-read", "percent-reading", "treatment-from-name", "column-not-read", "table-not-read", "symbol-zeros"}
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a workbook was taken for."""

    lines: tuple[Line, ...]
    # households to choose from, where it holds several
    households: tuple[str, ...] = ()

    @property
    def ranges(self) -> int:
        """How many ranges were read."""
        return sum(line.header == WHOLE and bool(line.range) for line in self.lines)


def was_inferred(problems: Iterable[Problem]) -> bool:
    """True where a workbook was read by more than what its headers say."""
    return any(problem.code in INFERRED for problem in problems)


def understood(book: GridBook, household: str = "") -> Understood:
    """A line for every range that was read and for each of its columns, in the order of the sheets.

    Nothing that is wrong with the workbook stops it: what cannot be read has an empty example.
    """
    book = with_joined_headers(book)
    known = {(one.sheet, one.table, spelling(one.header)): one.word or one.written for one in corrections_of(book)}
    meant = corrected(book, Findings())
    choice = Choice(household or household_meant(book))
    found = told_apart(
        find_tables(meant, Findings.of(book), lambda names: by_sheets(names, choice)), Findings(), choice
    )
    order = {grid.name: number for number, grid in enumerate(book.grids)}
    regions = sorted(
        (region for held in found.values() for region in held),
        key=lambda region: (order.get(region.grid.name, 0), _first_row(region)),
    )
    written = {grid.name: grid for grid in book.grids}
    lines = _which(choice, household)
    for region in regions:
        for line in _lines(region, written[region.grid.name].cells, book.date1904, len(choice.names) > 1):
            word = known.get((line.sheet, line.table, spelling(line.header)), "")
            lines.append(
                Line(line.sheet, line.range, line.table, line.header, line.column, line.unit, line.example, word)
            )
    # What was left out or renamed by a correction keeps its line, so that the correction can be taken back.
    told = {(line.sheet, line.table, spelling(line.header)) for line in lines}
    for one in corrections_of(book):
        if (one.sheet, one.table, spelling(one.header)) not in told and one.header != WHICH:
            lines.append(Line(one.sheet, "", one.table, one.header, "", correction=one.word or one.written))
    return Understood(tuple(lines), tuple(choice.names))


def _which(choice: Choice, asked: str) -> list[Line]:
    """The line that says which of several households is meant."""
    if len(choice.names) < 2:
        return []
    return [
        Line(
            "",
            "",
            "",
            WHICH,
            choice.taken or "none yet",
            f"one of {len(choice.names)} households",
            listed(choice.names, "and"),
            (choice.taken if asked else "") or choice.asked,
        )
    ]


def _first_row(region: Region) -> int:
    return region.grid.origin.get((region.header_row, 0), (region.header_row, 0))[0]


def _lines(region: Region, written: Mapping[tuple[int, int], Cell], date1904: bool, several: bool) -> Iterator[Line]:
    rows = read_rows(region.table, (region,), Findings(), date1904)
    origin = region.grid.origin
    spots = [origin.get((row, number), (row, number)) for row, number in region.grid.cells if row >= region.header_row]
    own = [number for number in region.headers if (region.header_row, number) not in origin]
    if own:
        first, last = min(own), max(own)
        end = max([row.number for row in rows], default=region.header_row)
        top = region.header_row
    else:
        first, last = min(column for _, column in spots), max(column for _, column in spots)
        top, end = min(row for row, _ in spots), max(row for row, _ in spots)
    where = f"{letters(first)}{top}:{letters(last)}{end}"
    name = region.table.name
    yield Line(region.grid.name, where, name, WHOLE, unit=f"{len(rows)} rows")
    ours = {number: column for column, number in region.columns.items()}
    for number, header in sorted(region.headers.items()):
        column = ours.get(number)
        stands_for = origin.get((region.header_row, number))
        cell = written.get((region.header_row, number)) if stands_for is None else None
        said = cell.value.strip() if cell is not None and isinstance(cell.value, str) else header
        if stands_for is not None:
            said = ""
        if column is None:
            if said:
                tells = several and spelling(said) in HEADERS
                yield Line(region.grid.name, where, name, said, WHICH if tells else NOT_READ)
            continue
        described = region.table.column(column)
        unit = _unit(region, rows, described)
        if _was_scaled(rows, column, number, written):
            unit += ", from thousands"
        if stands_for is not None:
            place = next((row.place(column) for row in rows if column in row.values), None)
            unit += f", taken from {place.cell}" if place is not None and place.cell else ""
        yield Line(
            region.grid.name, where, name, said, column, unit, _example(rows, column, described, number, written)
        )


def _unit(region: Region, rows: Sequence[Row], column: Column) -> str:
    cells = [cell for row in rows if column.name in row.values and (cell := row.cell(column.name)) is not None]
    numbers = [value for row in rows if (value := row.number_in(column.name)) is not None]
    unit = {Kind.MONEY: "dollars", Kind.NUMBER: "number", Kind.DATE: "dates", Kind.PERCENT: "percent"}.get(
        column.kind, "words"
    )
    if column.name == "Quantity":
        by_class = any(row.text("Symbol").endswith(BY_CLASS) for row in rows)
        unit = "dollars, held by class" if by_class else "shares"
    if column.kind is Kind.PERCENT:
        unit = _percent_unit(rows, column.name)
    if column.kind is Kind.DATE and cells:
        counted = any(isinstance(cell.value, float) for cell in cells)
        unit = "dates, from day numbers" if counted else unit
    if column.kind in (Kind.MONEY, Kind.NUMBER, Kind.PERCENT, Kind.DATE) and any(
        isinstance(cell.value, str) for cell in cells
    ):
        unit += ", written as text"
    negative = sum(number < 0.0 for number in numbers)
    return f"{unit}, {negative} negative" if negative else unit


def _was_scaled(rows: Sequence[Row], name: str, number: int, written: Mapping[tuple[int, int], Cell]) -> bool:
    """Whether the numbers of a column are not those that stand in its cells."""
    for row in rows:
        value, stands = row.number_in(name), amount(written.get((row.number, number)))
        if value and stands and row.cell(name) is not None:
            return abs(value - stands) > abs(value) / 2 and row.region.table.column(name).kind is Kind.MONEY
    return False


def _percent_unit(rows: Sequence[Row], name: str) -> str:
    for row in rows:
        cell, value = row.cell(name), row.number_in(name)
        if cell is None or not value:
            continue
        if is_percent(cell):
            return "percent"
        if isinstance(cell.value, float):
            return "shares of one: 0.6 means 60 %" if cell.value == value else "points: 60 means 60 %"
    return "percent"


def _example(
    rows: Sequence[Row], name: str, column: Column, number: int, stands: Mapping[tuple[int, int], Cell]
) -> str:
    row = next((row for row in rows if name in row.values), None)
    if row is None:
        return ""
    value = row.values[name]
    # As it stands on the sheet, where it has a cell of its own there.
    own = not row.region.grid.origin and (row.number, number) in stands
    written = _written(stands[row.number, number] if own else row.cell(name))
    if value is UNKNOWN:
        read = "not known"
    elif isinstance(value, bool):
        read = "Yes" if value else "No"
    elif isinstance(value, float):
        read = shown(column.kind, value)
    elif isinstance(value, date):
        read = f"{value:%m/%d/%Y}"
    elif isinstance(value, tuple):
        read = ", ".join(value)
    else:
        read = str(value)
    return read if written in ("", read) else f"{written} → {read}"


def _written(cell: Cell | None) -> str:
    if cell is None or cell.value is None:
        return ""
    if isinstance(cell.value, float):
        return shown(Kind.PERCENT, cell.value) if is_percent(cell) else plain_number(cell.value)
    if isinstance(cell.value, date):
        return f"{cell.value:%m/%d/%Y}"
    return str(cell.value)
