"""A history of monthly returns, from a table of the workbook or a file of its own, or every problem of it at once.

One column names the month, the others asset classes as the targets write them; other columns are left out and said.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rebal_xl.household import InputErrors, ReturnHistory
from rebal_xl.intake.book import Spellings
from rebal_xl.intake.candidates import headers_of
from rebal_xl.intake.datarows import data_rows
from rebal_xl.intake.dates import FIRST_DAY, LAST_DAY
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings, Place
from rebal_xl.intake.headers import Names, name_key
from rebal_xl.intake.rows import read_rows, report_reading, share_of, shown
from rebal_xl.intake.values import BarePercent, Fault, Want, clean, listed, read_cell
from rebal_xl.sheets.grid import Cell, Grid, GridBook, TableRange
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import ASSUMPTIONS, RETURNS

MONTH = "Date"
NAMES = Names(RETURNS)
TABLE_KEYS = frozenset(name_key(name) for name in (RETURNS.name, *RETURNS.synonyms))
# Rows of a sheet in which the header is looked for.
HEADER_ROWS = 50
# No asset class doubles in a month; what says so is in percent.
MOST_RETURN = 1.0
# A class that moves more than this in an average month is not an asset class, but a misread number.
MOST_AVERAGE = 0.2
_YEAR_FIRST = re.compile(r"(\d{4})[-/ ]?(\d{1,2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/](\d{4})")
_NAMED = re.compile(r"([A-Za-z]{3})[a-z]*\.?[- ,]+(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_returns(book: GridBook, classes: Sequence[str] | None, *, only: bool = False) -> ReturnHistory | None:
    """The history in a book, for these classes (None: for every column); None where it has none.

    A table or sheet is found by its name; with `only`, any sheet with a header Date will do, since the file was given
    for nothing else, and its absence is a problem. Raises InputErrors with every problem; notices are in the history.
    """
    findings = Findings.of(book)
    region = _find(book, findings, classes, only)
    if region is None:
        if only:
            findings.error(
                "no-returns",
                Place(book.grids[0].name if book.grids else ""),
                "There is no table of monthly returns.",
                "Give a header row with Date and the names of the classes, and a row for each month.",
            )
            raise InputErrors(findings.errors)
        return None
    months, returns = _read(region, findings, book.date1904)
    _check_months(months, region, findings)
    _check_sizes(returns, region, findings)
    if findings.errors:
        raise InputErrors(findings.errors)
    order = sorted(months, key=lambda row: months[row])
    names = tuple(returns)
    first = months[order[0]]
    return ReturnHistory(
        classes=names,
        first=date(first // 12, first % 12 + 1, 1),
        rows=tuple(tuple(returns[name][row] for name in names) for row in order),
        source=book.path.name if only and book.path is not None else region.grid.name,
        notices=findings.notices,
    )


def read_expected_returns(book: GridBook, classes: Sequence[str]) -> dict[str, float]:
    """Class -> the return of a year that the workbook's Assumptions table expects; what is wrong the door has said."""
    findings = Findings.of(book)
    rows = read_rows(ASSUMPTIONS, find_tables(book, findings).get(ASSUMPTIONS.name, ()), findings, book.date1904)
    known = Spellings(classes)
    found: dict[str, float] = {}
    for row in rows:
        name, expected = known.find(row.text("Asset Class")), row.number_in("Expected Return")
        if name is not None and expected is not None:
            found[name] = expected
    return found


def _find(book: GridBook, findings: Findings, classes: Sequence[str] | None, only: bool) -> Region | None:
    grids = [grid for grid in book.grids if not grid.ours]
    for grid in grids:
        for fence in grid.tables:
            if name_key(fence.name) in TABLE_KEYS and fence.header_rows:
                return _region(grid, fence.first_row, headers_of(grid, fence), classes, findings, fence)
    for grid in [grid for grid in grids if name_key(grid.name) in TABLE_KEYS] or (grids if only else []):
        for row in range(1, HEADER_ROWS + 1):
            headers = tuple(_texts(grid, row))
            if len(headers) > 1 and any(NAMES.column_of(text) for _, text in headers):
                return _region(grid, row, headers, classes, findings, None)
    return None


def _texts(grid: Grid, row: int) -> Iterator[tuple[int, str]]:
    for (at, column), cell in grid.cells.items():
        if at == row and isinstance(cell.value, str) and clean(cell.value):
            yield column, clean(cell.value)


def _region(
    grid: Grid,
    row: int,
    headers: Sequence[tuple[int, str]],
    classes: Sequence[str] | None,
    findings: Findings,
    fence: TableRange | None,
) -> Region:
    """Where month and classes stand; a class that is missing or stands twice is a problem."""
    known = Spellings(classes if classes is not None else [text for _, text in headers])
    columns: dict[str, int] = {}
    others: list[str] = []
    last = fence.last_row - fence.totals_rows if fence else max(at for at, _ in grid.cells)
    region = Region(RETURNS, grid, row, columns, dict(headers), last, fence is not None)
    for number, text in sorted(headers):
        name = MONTH if MONTH not in columns and NAMES.column_of(text) else known.find(text)
        if name is None:
            others.append(text)
        elif name in columns:
            place = Place(grid.name, row, number, csv=grid.kind == "csv")
            findings.error("repeated-column", place, f"Returns has two columns {name}.", "Delete one.")
        else:
            columns[name] = number
    if MONTH not in columns:
        findings.error("missing-column", region.place(), "Returns has no column Date.", "Give each row its month.")
    for name in classes or ():
        if name not in columns:
            hint = Spellings(others).hint(name).replace("Did you mean", "Is it the column")
            findings.error(
                "returns-class",
                region.place(),
                f"Returns has no column for the class {name}.{hint}",
                f'Call a column "{name}", as Targets writes it.',
            )
    if others:
        findings.notice("column-not-read", region.place(), f"No target is called {listed(others, 'or')}: not read.")
    return region


def _read(region: Region, findings: Findings, date1904: bool) -> tuple[dict[int, int], dict[str, dict[int, float]]]:
    """Row -> its month (counted from year 0), and class -> row -> return; what cannot be read is a problem."""
    months: dict[int, int] = {}
    returns: dict[str, dict[int, float | BarePercent]] = {name: {} for name in region.columns if name != MONTH}
    for number, cells in data_rows(region, findings).items():
        month = _month(cells.get(region.columns.get(MONTH, 0)), date1904)
        if isinstance(month, Fault):
            findings.error(month.code, region.place(number, MONTH), month.message, month.advice)
        else:
            months[number] = month
        for name, of_class in returns.items():
            read = read_cell(cells.get(region.columns[name]), Want(Kind.PERCENT))
            place = region.place(number, name)
            if isinstance(read, Fault):
                findings.error(read.code, place, f"{name}: {read.message}", read.advice)
            elif isinstance(read, float | BarePercent):
                of_class[number] = read
            else:
                findings.error("missing-return", place, f"The return of {name} is missing.", "Fill in the month.")
    return months, _settled(returns, region, findings)


def _settled(
    returns: Mapping[str, Mapping[int, float | BarePercent]], region: Region, findings: Findings
) -> dict[str, dict[int, float]]:
    """Bare numbers as shares: the whole table is in percent as soon as one month would have doubled a class."""
    bare = [value for of_class in returns.values() for value in of_class.values() if isinstance(value, BarePercent)]
    points = any(abs(value.number) > MOST_RETURN for value in bare)
    if bare:
        report_reading(findings, region.place(), "Returns", bare, points)
    return {
        name: {
            row: share_of(value, points) if isinstance(value, BarePercent) else value for row, value in of_class.items()
        }
        for name, of_class in returns.items()
    }


def _month(cell: Cell | None, date1904: bool) -> int | Fault:
    """Months since the year 0."""
    alone = None if cell is None else _month_alone(cell.value)
    if alone is not None:
        return alone
    read = read_cell(cell, Want(Kind.DATE, date1904=date1904))
    if isinstance(read, date):
        return read.year * 12 + read.month - 1
    if isinstance(read, Fault):
        return Fault(read.message, "Write a day of the month, such as 03/31/2020, or 2020-03.", read.code)
    return Fault("This row has no month.", "Write a day of the month, such as 03/31/2020, or 2020-03.", "missing-value")


def _month_alone(value: object) -> int | None:
    """A month without a day: 2020-03, 202003, 03/2020, Mar 2020."""
    text = f"{value:.0f}" if isinstance(value, float) and value == int(value) else value
    if not isinstance(text, str):
        return None
    text = clean(text)
    found = None
    if (match := _YEAR_FIRST.fullmatch(text)) and len(text) > len("20203"):
        found = int(match[1]), int(match[2])
    elif match := _MONTH_FIRST.fullmatch(text):
        found = int(match[2]), int(match[1])
    elif (match := _NAMED.fullmatch(text)) and match[1].casefold() in _MONTHS:
        found = int(match[2]), _MONTHS.index(match[1].casefold()) + 1
    if found is None or not FIRST_DAY.year <= found[0] <= LAST_DAY.year or not 1 <= found[1] <= 12:
        return None
    return found[0] * 12 + found[1] - 1


def _check_months(months: Mapping[int, int], region: Region, findings: Findings) -> None:
    """Every month once, and none left out."""
    if not months:
        findings.error("no-months", region.place(), "Returns has no months.", "Fill in a row for each month.")
    before: int | None = None
    for row in sorted(months, key=lambda row: (months[row], row)):
        month = months[row]
        place = region.place(row, MONTH)
        if month == before:
            message = f"{_text(month)} stands in Returns more than once."
            findings.error("repeated-month", place, message, "Keep one row for each month.")
        elif before is not None and month > before + 1:
            message = f"Between {_text(before)} and {_text(month)} months are missing."
            findings.error("missing-month", place, message, "Fill them in: returns must follow month by month.")
        before = month


def _check_sizes(returns: Mapping[str, Mapping[int, float]], region: Region, findings: Findings) -> None:
    """Nothing is lost more than whole, doubles in a month, or swings like a misread number."""
    for name, of_class in returns.items():
        for row, value in of_class.items():
            place = region.place(row, name)
            if value <= -1.0:
                message = f"A return of {shown(Kind.PERCENT, value)} loses everything or more."
                findings.error("return-too-low", place, message, "Correct it.")
            elif value > MOST_RETURN:
                message = f"A return of {shown(Kind.PERCENT, value)} more than doubles {name} in a month."
                findings.error("return-too-high", place, message, "Give monthly returns, as 1.2% or 0.012.")
        possible = all(-1.0 < value <= MOST_RETURN for value in of_class.values())
        average = sum(abs(value) for value in of_class.values()) / max(1, len(of_class))
        if possible and average > MOST_AVERAGE:
            findings.error(
                "returns-swing",
                region.place(0, name),
                f"{name} moves by {shown(Kind.PERCENT, round(average, 4))} in an average month.",
                "Write returns with a percent sign, such as 0.3%.",
            )


def _text(month: int) -> str:
    return f"{month % 12 + 1:02d}/{month // 12}"
