"""Writing one value into one cell safely, and how wide it will be when shown."""

import math
from datetime import date, datetime
from typing import NamedTuple

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.sheets import formats

# What we write: text, numbers, dates or nothing.
Value = str | float | bool | date | datetime | None
# The longest text a cell can hold.
LONGEST_TEXT = 32_767
# Text that a spreadsheet program would take for a formula when it is edited or saved as CSV.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Shown(NamedTuple):
    """A value with its own number format, for tables whose rows differ."""

    value: Value
    number_format: str


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell to write to; TypeError where it is hidden below a merged one."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError(f"{cell.coordinate} of {sheet.title} is inside a merged range")
    return cell


def put(cell: Cell, value: Value, number_format: str = "General") -> None:
    """Write a value. Text is written as text whatever it looks like: "=1+1", "00123" and "#N/A" stay as they are."""
    cell.number_format = number_format
    if value is None or value == "":
        return
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_SIGNS)
        return
    if isinstance(value, bool):
        cell.value = formats.FLAG_WORDS[0] if value else formats.FLAG_WORDS[1]
        return
    if isinstance(value, float) and not math.isfinite(value):
        put(cell, "not finite", number_format)
        return
    cell.value = value
    if isinstance(value, date) and number_format == "General":
        cell.number_format = formats.DATE


def without_negative_zero(value: Value, number_format: str) -> Value:
    """A figure of a result, 0 where a spreadsheet program would show -$0.00 or -0.00%.

    What the advisor's own tables hold is written as it is.
    """
    if not isinstance(value, float) or value > 0 or "." not in number_format:
        return value
    digits = sum(mark in "0#" for mark in number_format.partition(";")[0].partition(".")[2])
    return 0.0 if round(value, digits + 2 * ("%" in number_format)) == 0 else value


def as_shown(value: object, number_format: str) -> str:
    """About what the cell shows, for its width; never shorter than what Excel shows."""
    if value is None:
        return ""
    if isinstance(value, str):
        return max(value.splitlines() or [""], key=len)
    if isinstance(value, bool):
        return formats.FLAG_WORDS[0]
    if isinstance(value, datetime):
        return value.strftime("%m/%d/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%m/%d/%Y")
    return _number_as_shown(value, number_format) if isinstance(value, (int, float)) else str(value)


def _number_as_shown(value: float, number_format: str) -> str:
    first = number_format.partition(";")[0]
    sign = "-" if value < 0 else "+" if first.startswith("+") else ""
    if "%" in first:
        value *= 100
    if first == "General":
        return f"{value:.10g}"
    digits = sum(1 for mark in first.partition(".")[2] if mark in "0#")
    body = f"{abs(value):,.{digits}f}" if "," in first else f"{abs(value):.{digits}f}"
    return f"{sign}{'$' if '$' in first else ''}{body}{'%' if '%' in first else ''}"
