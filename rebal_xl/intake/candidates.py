"""Rows of a sheet that could head one of our tables, and what is wrong with the one that is chosen."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rebal_xl.intake.findings import Findings, place_in
from rebal_xl.intake.headers import Match, Names, missing_advice, name_key, spelling, without_signs
from rebal_xl.sheets.grid import Cell, CellValue, Grid, GridBook, TableRange, cells_by_row
from rebal_xl.sheets.schema import Table
from rebal_xl.sheets.tables import INPUT_TABLES

NAMES = {table.name: Names(table) for table in INPUT_TABLES}
_ANY_NAME = frozenset().union(*(names.spellings for names in NAMES.values()))
LEAST_MATCHES = 2
# Longer texts are sentences, not headers.
LONGEST_HEADER = 80
OWN_SHEETS = frozenset(name_key(table.name) for table in INPUT_TABLES)
_REFERENCE = re.compile(r"^=?(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that could be a header row, with the columns it could head."""

    grid: Grid
    row: int
    headers: tuple[tuple[int, str], ...]
    fence: TableRange | None
    # what was put beside its cells, in words, and where it was found; "" for a header row as it stands
    told: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Its columns on the sheet, without those that were put beside them."""
        return tuple(number for number, _ in self.headers if (self.row, number) not in self.grid.origin)

    def match(self, table: Table) -> Match:
        return matched(table.name, self.headers)


@lru_cache(maxsize=4096)
def matched(table: str, headers: tuple[tuple[int, str], ...]) -> Match:
    """How a row's headers, each with its column number, fit the table of that name."""
    # A file may repeat its header row thousands of times, and every table asks for every row.
    return NAMES[table].match(headers)


def candidates_of(grid: Grid) -> Iterator[Candidate]:
    """The rows of a sheet that could be header rows: those with two names of our columns, or one where it is ours."""
    least = 1 if name_key(grid.name) in OWN_SHEETS else LEAST_MATCHES
    rows = cells_by_row(grid.cells)
    for row in sorted(rows):
        fences = [fence for fence in grid.tables if fence.first_row <= row <= fence.last_row]
        for fence in fences:
            if row == fence.first_row and fence.header_rows:
                yield Candidate(grid, row, headers_of(grid, fence), fence)
        free = {
            number: cell
            for number, cell in rows[row].items()
            if not any(fence.first_col <= number <= fence.last_col for fence in fences)
        }
        known = sum(isinstance(cell.value, str) and is_some_column(cell.value) for cell in free.values())
        if known >= least:
            for numbers in _runs(sorted(free)):
                headers = tuple((number, _header_text(free[number])) for number in numbers)
                yield Candidate(grid, row, headers, None)


@lru_cache(maxsize=8192)
def is_some_column(text: str) -> bool:
    """Whether a text names a column of one of our tables."""
    if len(text) >= LONGEST_HEADER or ("(" not in text and without_signs(spelling(text)) not in _ANY_NAME):
        return False
    return any(names.column_of(text) is not None for names in NAMES.values())


def headings_behind_blanks(grid: Grid, above: int, span: tuple[int, int]) -> list[int]:
    """Rows below a header that, behind a blank row, head something else: a summary by class, for example."""
    rows = cells_by_row(grid.cells)
    found = []
    for row in sorted(rows):
        if row <= above + 1 or _within(rows.get(row - 1, {}), span):
            continue
        values = _within(rows[row], span)
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) == len(values) and sum(map(is_some_column, texts)) > 1:
            found.append(row)
    return found


def _within(cells: Mapping[int, Cell], span: tuple[int, int]) -> list[CellValue]:
    return [cell.value for number, cell in cells.items() if span[0] <= number <= span[1]]


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Neighbouring columns together, then all of them: tables may stand side by side, or have an unnamed column."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [*runs, list(numbers)] if len(runs) > 1 else runs


def headers_of(grid: Grid, fence: TableRange) -> tuple[tuple[int, str], ...]:
    cells = (
        (number, grid.cells.get((fence.first_row, number))) for number in range(fence.first_col, fence.last_col + 1)
    )
    return tuple((number, _header_text(cell)) for number, cell in cells if cell is not None)


def _header_text(cell: Cell) -> str:
    return cell.value.strip() if isinstance(cell.value, str) else str(cell.value)


def named_ranges(book: GridBook, grid: Grid) -> Iterator[TableRange]:
    """Workbook-wide names that mean a range of this sheet, as if they were Excel tables."""
    for name, reference in book.names.items():
        match = _REFERENCE.match(reference)
        if match is None or (match[1] or match[2]).replace("''", "'") != grid.name:
            continue
        first, last = _column_number(match[3]), _column_number(match[5])
        yield TableRange(name, grid.name, int(match[4]), first, int(match[6]), last)


def _column_number(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def check_header(candidate: Candidate, match: Match, findings: Findings) -> None:
    """Say what is wrong with a header row: missing, repeated or merged columns."""
    table, grid, row = match.table, candidate.grid, candidate.row
    known = set(match.columns.values()) | {double.number for double in match.doubles}
    unmatched = [text for number, text in candidate.headers if number not in known]
    for column in match.missing:
        findings.error(
            "missing-column",
            place_in(grid, row),
            f"{table.name} has no column {column.name}.",
            missing_advice(column, unmatched),
        )
    for double in match.doubles:
        place = place_in(grid, row, double.number)
        if double.repeated:
            findings.error(
                "repeated-column",
                place,
                f'{table.name} has two columns "{double.header}".',
                "Delete one, or give it another name.",
            )
        else:
            kept = next(text for number, text in candidate.headers if number == match.columns[double.column])
            findings.notice(
                "column-not-read",
                place,
                f'{table.name} has the columns "{kept}" and "{double.header}" for {double.column}; '
                f'"{kept}" is read and the other is not.',
            )
    _check_merged(candidate, findings)


def _check_merged(candidate: Candidate, findings: Findings) -> None:
    numbers = [number for number, _ in candidate.headers]
    for top, left, bottom, right in candidate.grid.merged:
        if top <= candidate.row <= bottom and left <= max(numbers) and right >= min(numbers):
            findings.error(
                "merged-header",
                place_in(candidate.grid, top, left),
                "The header cells are merged, so that it is unclear which column they name.",
                "Unmerge them and give every column a header of its own.",
            )
