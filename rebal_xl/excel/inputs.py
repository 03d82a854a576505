"""The arguments of a formula as the household and the policy that they mean, through the same door as a workbook.

A table argument is a range with its header row, wherever the header stands in it; a few tables say so much by their
values that they need none. What is wrong is named by the cell it stands in, as the reader of the formula sees it.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rebal_xl.excel.asked import asked
from rebal_xl.excel.cache import Cache
from rebal_xl.excel.headers import names_in, region_of
from rebal_xl.excel.stand_ins import with_stand_ins
from rebal_xl.household import Household, InputErrors, Policy, Problem, TaxProfile
from rebal_xl.intake.door import read_profiles, read_regions
from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings, Place
from rebal_xl.intake.rows import forget_readings
from rebal_xl.intake.settings import today_in_new_york
from rebal_xl.intake.values import Fault, Want, clean, read_cell
from rebal_xl.sheets.grid import Cell, CellRows, CellValue, FilledRow, Grid
from rebal_xl.sheets.schema import Kind, Table
from rebal_xl.sheets.tables import (
    ACCOUNTS,
    CLASS_MIX,
    COVARIANCE,
    HOLDINGS,
    RECENT_TRADES,
    SECURITIES,
    SETTINGS,
    TARGETS,
    TAX_PROFILE,
)

Rows = Sequence[Sequence[CellValue]]

# argument name -> the table it holds
TABLES: Mapping[str, Table] = {
    "holdings": HOLDINGS,
    "targets": TARGETS,
    "securities": SECURITIES,
    "accounts": ACCOUNTS,
    "classmix": CLASS_MIX,
    "tax": TAX_PROFILE,
    "recent": RECENT_TRADES,
    "covariance": COVARIANCE,
    "settings": SETTINGS,
}
_PLACE = re.compile(r"^\$?([A-Z]{1,3})\$?(\d{1,7})(?::.*)?$", re.IGNORECASE)
_ROWS_ONLY = re.compile(r"^\$?(\d{1,7}):")
_COLUMNS_ONLY = re.compile(r"^\$?([A-Z]{1,3}):", re.IGNORECASE)

# So many notices about the input are told; the rest is counted.
MOST_NOTICES = 3

# Formulas side by side read the same household: drift, whether trades are needed, tracking error.
_HOUSEHOLDS: Cache[tuple[Household, Policy]] = Cache(entries=8)


@dataclass(frozen=True, slots=True)
class Corner:
    """Where an argument stands: its sheet, and the first row and column, 1-based."""

    sheet: str
    row: int = 1
    column: int = 1
    # an array that came from no range
    loose: bool = False


def corner_of(argument: str, place: str) -> Corner:
    """Where an argument came from; `place` is an external address, "" for what is no range."""
    sheet, mark, cells = place.rpartition("!")
    if sheet.startswith("'") and sheet.endswith("'") and len(sheet) > 1:
        sheet = sheet[1:-1].replace("''", "'")
    sheet = sheet.rpartition("]")[2]
    if not mark or not sheet:
        return Corner(f"argument {argument}", loose=True)
    if match := _PLACE.match(cells):
        return Corner(sheet, int(match[2]), _column_number(match[1]))
    if match := _ROWS_ONLY.match(cells):
        return Corner(sheet, row=int(match[1]))
    if match := _COLUMNS_ONLY.match(cells):
        return Corner(sheet, column=_column_number(match[1]))
    return Corner(sheet)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def read_household(
    tables: Mapping[str, Rows | None],
    as_of: CellValue | Rows = None,
    *,
    needed: Collection[Table] = (HOLDINGS, TARGETS),
    stand_ins: Collection[str] = (),
) -> tuple[Household, Policy]:
    """The household and the policy of table arguments, by argument name; None for one that was left out.

    `as_of` is one cell with a day, and wins over the setting As Of. `stand_ins` are columns of Securities that the
    question does not depend on. Raises InputErrors with every problem at once.
    """
    key = asked().fingerprint
    return _HOUSEHOLDS.made(key, lambda: _read_household(tables, as_of, needed, stand_ins))


def tell_day(tables: Mapping[str, Rows | None], as_of: object, policy: Policy) -> None:
    """Say which day counts where none was given."""
    if as_of is None and _no_day(tables):
        asked().tell(f"No as-of date is given, so it is today in New York ({policy.as_of:%m/%d/%Y}).")


def tell_notices(household: Household, codes: Collection[str] = ()) -> None:
    """Say what was noticed while the household was read; with `codes` only notices of these kinds."""
    notices = [notice for notice in household.notices if not codes or notice.code in codes]
    for notice in notices[:MOST_NOTICES]:
        asked().tell(str(notice))
    more = len(notices) - MOST_NOTICES
    if more > 0:
        asked().tell(f"{more} more notices about the input: =REBAL_CHECK() lists them all.")


def forget_households() -> None:
    """Forget what was read."""
    forget_readings()
    _HOUSEHOLDS.clear()
    _ROWS.clear()
    _CELLS.clear()


def _read_household(
    tables: Mapping[str, Rows | None], as_of: CellValue | Rows, needed: Collection[Table], stand_ins: Collection[str]
) -> tuple[Household, Policy]:
    regions, findings = find_regions(tables)
    day: date | None = None
    try:
        day = read_day("as_of", as_of) if as_of is not None else None
    except InputErrors as wrong:
        for problem in wrong.problems:
            findings.error(problem.code, Place(problem.sheet), problem.message, problem.advice)
    missing = [name for name, table in TABLES.items() if table in needed and table.name not in regions]
    for name in missing:
        findings.error(
            "empty-argument",
            Place(f"argument {name}"),
            f"The argument {name} holds nothing.",
            f"Give it the range of {TABLES[name].name} with its header row, such as {TABLES[name].name}[#All].",
        )
    needed = [table for table in needed if table.name in regions]
    regions = with_stand_ins(regions, stand_ins)
    return read_regions(regions, findings, asked().date1904, day, as_of_wins=True, needed=needed)


def _no_day(tables: Mapping[str, Rows | None]) -> bool:
    """No setting As Of either."""
    rows = tables.get("settings") or ()
    return not any(
        isinstance(row[0], str) and re.sub(r"[\W_]", "", row[0]).casefold() in ("asof", "asofdate")
        for row in rows
        if len(row) > 1 and row[1] not in (None, "")
    )


def read_taxpayers(tax: Rows | None) -> tuple[TaxProfile, ...]:
    """The tax profiles of an argument. Raises InputErrors with every problem at once."""
    regions, findings = find_regions({"tax": tax})
    if TAX_PROFILE.name not in regions:
        raise InputErrors([Problem("The argument tax holds nothing.", "Give it TaxProfile[#All].", "argument tax")])
    return read_profiles(regions, findings, asked().date1904, today_in_new_york())


def find_regions(tables: Mapping[str, Rows | None]) -> tuple[dict[str, tuple[Region, ...]], Findings]:
    """Where each table stands in its argument; what is wrong with the headers is in the findings."""
    places = asked().places
    corners = {name: corner_of(name, places.get(name, "")) for name, rows in tables.items() if rows}
    sheets = dict.fromkeys(corner.sheet for corner in corners.values())
    findings = Findings({sheet: number for number, sheet in enumerate(sheets)})
    regions: dict[str, tuple[Region, ...]] = {}
    # Holdings come last: where they have no header, the others may tell accounts from symbols.
    for name in sorted(corners, key=lambda name: name == "holdings"):
        grid = grid_of(tables[name] or (), corners[name])
        if grid.cells:
            known = _named(regions) if name == "holdings" else {}
            region = region_of(TABLES[name], name, grid, findings, known)
            regions[TABLES[name].name] = (region,) if region is not None else ()
    return regions, findings


def _named(regions: Mapping[str, tuple[Region, ...]]) -> dict[str, frozenset[str]]:
    """What the other arguments call accounts and symbols."""
    first = {name: next(iter(regions.get(name, ())), None) for name in (ACCOUNTS.name, SECURITIES.name)}
    return {"Account": names_in(first[ACCOUNTS.name], "Account"), "Symbol": names_in(first[SECURITIES.name], "Symbol")}


def grid_of(rows: Rows, corner: Corner) -> Grid:
    """An argument's filled cells where they stand on their sheet."""
    by_row: dict[int, FilledRow] = {}
    for number, row in enumerate(rows, corner.row):
        cells = _filled_row(row, corner.column)
        if cells:
            by_row[number] = cells
    return Grid(corner.sheet, CellRows(by_row), kind="array" if corner.loose else "values")


# Rows seen last, by their first column and their values: when a formula recalculates, nearly all of them come again.
_ROWS: dict[tuple[int, Sequence[CellValue]], FilledRow] = {}
MOST_ROWS = 20_000
# 1 and TRUE are equal, so that rows and cells with a TRUE could be taken for others.
_NO_FLAGS = frozenset({float, str, type(None)})


def _filled_row(row: Sequence[CellValue], first: int) -> FilledRow:
    """The cells of a row that hold something; the same object for the same row."""
    if not isinstance(row, tuple) or not _NO_FLAGS.issuperset(map(type, row)):
        return _new_row(row, first, _new_cell)
    key = first, row
    known = _ROWS.get(key)
    if known is None:
        if len(_ROWS) >= MOST_ROWS:
            _ROWS.clear()
        known = _ROWS[key] = _new_row(row, first, _CELLS.__getitem__)
    return known


class _Cells(dict[CellValue, Cell | None]):
    """Cells by their text or number; one that is not there yet is made."""

    def __missing__(self, value: CellValue) -> Cell | None:
        cell = self[value] = _new_cell(value)
        return cell


# A table repeats few names and days many times, and an edit changes one column.
_CELLS = _Cells()
MOST_CELLS = 50_000


def _new_row(row: Sequence[CellValue], first: int, cell_of: Callable[[CellValue], Cell | None]) -> FilledRow:
    if len(_CELLS) > MOST_CELLS:
        _CELLS.clear()
    held = {
        column: cell
        for column, value in enumerate(row, first)
        if value is not None and (cell := cell_of(value)) is not None
    }
    for value in row:
        if isinstance(value, str) and (text := clean(value)):
            return FilledRow(held, text)
    return FilledRow(held)


def _new_cell(value: CellValue) -> Cell | None:
    """The cell of a value; None for a text that shows nothing."""
    return None if isinstance(value, str) and not clean(value) else Cell(value)


def read_day(argument: str, value: object) -> date:
    """The day in one cell. Raises InputErrors when there is none."""
    found = _one(argument, value, Kind.DATE)
    if not isinstance(found, date):
        raise InputErrors([_problem(argument, "There is no date.", "Write a date such as 11/20/2026.")])
    return found


def read_number(argument: str, value: object, *, kind: Kind = Kind.NUMBER) -> float | None:
    """The number in one cell, None for an empty one. Raises InputErrors when it is none."""
    found = _one(argument, value, kind)
    return found if isinstance(found, float) else None


def _one(argument: str, value: object, kind: Kind) -> object:
    if isinstance(value, (list, tuple)):
        raise InputErrors([_problem(argument, "It holds several cells.", "Give it a single cell.")])
    return read_one(argument, value, kind)


def read_one(argument: str, value: object, kind: Kind, place: Place | None = None) -> object:
    """One cell's value of a kind; None for an empty cell. Raises InputErrors when it cannot be read."""
    cell = Cell(value) if value is not None else None  # type: ignore[arg-type]
    read = read_cell(cell, Want(kind, date1904=asked().date1904))
    if isinstance(read, Fault):
        raise InputErrors([_problem(argument, read.message, read.advice, read.code, place)])
    return read


def _problem(argument: str, message: str, advice: str, code: str = "argument", place: Place | None = None) -> Problem:
    if place is None:
        corner = corner_of(argument, asked().places.get(argument, ""))
        place = Place() if corner.loose else Place(corner.sheet, corner.row, corner.column)
    return Problem(f"{argument}: {message}", advice, place.sheet, place.cell, code=code)
