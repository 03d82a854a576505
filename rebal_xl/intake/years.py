"""Says how years of two digits were read, which Excel writes where its short date has them."""

from collections.abc import Iterable, Mapping
from datetime import date

from rebal_xl.intake.dates import FIRST_OF_LAST_CENTURY, has_short_year
from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.values import Value, clean


def tell_years(
    region: Region, columns: Iterable[str], rows: Mapping[int, Mapping[str, Value]], findings: Findings
) -> None:
    """A notice for each of these columns of days that has such a year; `rows` are what was read of the region."""
    first, last = FIRST_OF_LAST_CENTURY + 1900, FIRST_OF_LAST_CENTURY + 1999
    for name in columns:
        for number, values in rows.items():
            cell, day = region.grid.cells.get((number, region.columns[name])), values.get(name)
            text = clean(cell.value) if cell is not None and isinstance(cell.value, str) else ""
            if isinstance(day, date) and has_short_year(text):
                findings.notice(
                    "two-digit-years",
                    region.place(number, name),
                    f'{name} has years of two digits, read as {first} to {last}: "{text}" is {day:%m/%d/%Y}.',
                    "Give the column a date format with four digits of the year.",
                )
                break
