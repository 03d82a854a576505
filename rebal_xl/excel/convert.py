"""The engine whose rules xlwings' converters follow for our formulas, the same on every operating system.

xlwings has an engine for Excel on Windows only, and it would lose two things: error cells become nothing or plain
text, and dates are left to COM. Ours keeps an error cell apart from a text that looks like one, takes numbers as
floats whatever type they come in, and hands dates out as serial numbers of the caller's date system.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from rebal_xl.excel.asked import asked
from rebal_xl.excel.tame import xlwings as xw
from rebal_xl.intake.dates import FIRST_1900, FIRST_1904
from rebal_xl.sheets.grid import CellError, CellValue

NAME = "rebal_xl"
# Excel's error values as COM sends them: 0x800A0000 and the number of CVErr.
_ERROR_START = -2146828288
_ERRORS = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!",
}  # fmt: skip
_ERROR_NUMBERS = range(2000, 2100)
# COM's word for an argument that was left out.
MISSING = -2147352572
# The longest text that a cell can hold.
LONGEST_TEXT = 32_767
_AS_THEY_ARE = frozenset({float, str, bool, type(None)})


class CellEngine:
    """What xlwings asks of an engine when it converts values; there is no application behind it."""

    name = NAME
    type = "desktop"
    apps = None

    @staticmethod
    def clean_value_data(data: Iterable[Any], *_options: object) -> list[Sequence[CellValue]]:
        """Rows of cells as our door reads them; the options of the pipeline change nothing here."""
        rows = [row if isinstance(row, (list, tuple)) else [row] for row in data]
        width = max(map(len, rows), default=0) or 1
        if any(len(row) < width for row in rows):
            # Excel's arrays are never ragged; whoever else calls is served all the same.
            rows = [[*row, *([None] * (width - len(row)))] for row in rows]
        return [row if _AS_THEY_ARE.issuperset(map(type, row)) else [_read(cell) for cell in row] for row in rows]

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: object = None) -> str | float | bool:
        """A value as a cell takes it: blanks as empty text, dates as serials, no infinite number."""
        return _shown(value)


def _read(value: Any) -> CellValue:
    if type(value) in _AS_THEY_ARE:
        return value  # type: ignore[no-any-return]
    if isinstance(value, int):
        if value == MISSING:
            return None
        number = value - _ERROR_START
        if number in _ERROR_NUMBERS:
            return CellError(_ERRORS.get(number, "#ERROR"))
    if isinstance(value, CellError | time | date):
        return value
    if isinstance(value, (int, float, Decimal)):
        try:
            return float(value)
        except (OverflowError, ValueError):
            return CellError("#NUM!")
    if isinstance(value, str):
        return str(value)
    # Nothing else comes out of a cell; an array inside an array is no value.
    return CellError("#VALUE!")


def _shown(value: Any) -> str | float | bool:
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)[:LONGEST_TEXT]
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else ""
    if isinstance(value, datetime):
        whole = serial_of(value.date(), date1904=asked().date1904)
        return whole + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if isinstance(value, date):
        return serial_of(value, date1904=asked().date1904)
    return str(value)[:LONGEST_TEXT]


def serial_of(day: date, *, date1904: bool = False) -> float:
    """The serial number by which Excel knows a day."""
    return float((day - (FIRST_1904 if date1904 else FIRST_1900)).days)


def read_argument(value: object, options: Mapping[str, object]) -> Any:
    """An argument through xlwings' converters."""
    return xw.conversion.read(None, value, dict(options), engine_name=NAME)  # type: ignore[no-untyped-call]


def write_result(value: object, options: Mapping[str, object]) -> list[list[str | float | bool]]:
    """A result through xlwings' converters: equally long rows of what cells take."""
    rows: list[list[str | float | bool]]
    rows = xw.conversion.write(value, None, dict(options), engine_name=NAME)  # type: ignore[no-untyped-call]
    return rows


if NAME not in xw.engines.engines_by_name:
    xw.engines.add(xw.Engine(impl=CellEngine()))
