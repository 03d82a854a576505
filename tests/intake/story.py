"""Small text tables into grid books, as a reader would hand them over.

A cell is what somebody would type into Excel: 100 is a number, 60% a number shown as a percentage, 03/15/2020 a
date. A leading apostrophe keeps text as text, =? is a formula that was never calculated, #N/A an error.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from rebal_xl.household import Household, InputErrors, Policy, Problem
from rebal_xl.intake import read_grids
from rebal_xl.sheets.grid import Cell, CellError, Grid, GridBook, TableRange

AS_OF = date(2026, 6, 15)


def typed(text: str) -> Cell | None:
    """What Excel stores when somebody types the text."""
    text = text.strip()
    if not text:
        return None
    if text.startswith("'"):
        return Cell(text[1:], "@")
    if text == "=?":
        return Cell(None, formula=True, cached=False)
    if text.startswith("#"):
        return Cell(CellError(text))
    if text in ("TRUE", "FALSE"):
        return Cell(text == "TRUE")
    if re.fullmatch(r"-?\d+(\.\d+)?%", text):
        return Cell(float(Decimal(text[:-1]) / 100), "0.00%")
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return Cell(float(text))
    if re.fullmatch(r"\d\d/\d\d/\d{4}", text):
        return Cell(datetime.strptime(text, "%m/%d/%Y").date(), "mm/dd/yyyy")  # noqa: DTZ007
    return Cell(text)


def cells(text: str, first_row: int = 1) -> dict[tuple[int, int], Cell]:
    """The filled cells of lines of cells separated by bars; a line holding a dot alone is a blank row."""
    found: dict[tuple[int, int], Cell] = {}
    lines = [line for line in text.strip().splitlines() if line.strip()]
    for row, line in enumerate(lines, first_row):
        for number, part in enumerate("" if line.strip() == "." else line.split("|"), 1):
            cell = typed(part) if isinstance(part, str) and line.strip() != "." else None
            if cell is not None:
                found[row, number] = cell
    return found


def sheet(name: str, text: str, **more) -> Grid:
    """One sheet of a book."""
    return Grid(name, cells(text), **more)


def fenced(name: str, text: str, table: str, first_row: int = 1, totals_rows: int = 0, **more) -> Grid:
    """A sheet whose content is one Excel table of the given name."""
    found = cells(text, first_row)
    last_row, last_col = max(row for row, _ in found), max(number for _, number in found)
    fence = TableRange(table, name, first_row, 1, last_row, last_col, totals_rows)
    return Grid(name, found, tables=(fence,), **more)


def book(*sheets: Grid | str, **more) -> GridBook:
    """A book of sheets, given as grids or as texts under lines such as [Holdings]."""
    grids: list[Grid] = []
    for part in sheets:
        if isinstance(part, Grid):
            grids.append(part)
            continue
        pieces = re.split(r"^\s*\[([^\]]+)\]\s*$", part, flags=re.MULTILINE)[1:]
        grids += [sheet(name, text) for name, text in zip(pieces[::2], pieces[1::2], strict=True)]
    return GridBook(None, tuple(grids), **more)


def read(*sheets: Grid | str, as_of: date | None = AS_OF, **more) -> tuple[Household, Policy]:
    """The household and policy of a book; InputErrors when it is refused."""
    return read_grids(book(*sheets, **more), as_of=as_of)


def refused(*sheets: Grid | str, **more) -> tuple[Problem, ...]:
    """Why a book is refused."""
    try:
        read(*sheets, **more)
    except InputErrors as errors:
        return errors.problems
    raise AssertionError("The book was read.")


def codes(problems: Iterable[Problem]) -> list[str]:
    """The kinds of findings, in their order."""
    return [problem.code for problem in problems]


def only(problems: Iterable[Problem], code: str) -> Problem:
    """The one finding of that kind."""
    found = [problem for problem in problems if problem.code == code]
    assert len(found) == 1, f"{code}: {[str(problem) for problem in problems]}"
    return found[0]


# The Smiths: two accounts, two funds, one return. Every test changes the one table it is about.
SMITH = {
    "People": "Person | Birth Date | Spouse Of\nAnn | 05/05/1970 | Bob\nBob | 02/02/1968 | Ann",
    "Accounts": "Account | Tax Treatment | Owner | Cash\nJoint | taxable | | 5000\nAnn IRA | IRA | Ann | 1000",
    "Holdings": """
        Account | Symbol | Quantity | Cost Basis | Acquired
        Joint | VTI | 100 | 20000 | 03/16/2020
        Joint | BND | 200 | 15000 | 06/10/2025
        Ann IRA | VTI | 50 | |
    """,
    "Securities": "Symbol | Asset Class | Price\nVTI | US Stocks | 250\nBND | US Bonds | 75",
    "Targets": "Asset Class | Target %\nUS Stocks | 60%\nUS Bonds | 40%",
    "TaxProfile": "Taxpayer | Type | State | Ordinary Income\nSmiths | MFJ | CA | 200000",
}


def smith(**changes: str | None) -> list[Grid]:
    """The Smiths' book with some tables changed, added, or (None) left out."""
    tables = {**SMITH, **changes}
    return [sheet(name, text) for name, text in tables.items() if text is not None]


def smiths(**changes: str | None) -> tuple[Household, Policy]:
    """The household read from the Smiths' book with some tables changed."""
    return read(*smith(**changes))


def smiths_refused(**changes: str | None) -> tuple[Problem, ...]:
    """Why the Smiths' changed book is refused."""
    return refused(*smith(**changes))


def noticed(**changes: str | None) -> tuple[Problem, ...]:
    """What is noticed about the Smiths' changed book."""
    return smiths(**changes)[0].notices
