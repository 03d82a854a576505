"""
What a stored number means under its number format: a date, a time, or just a number.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from rebal_xl.files.opc import MAIN
from rebal_xl.files.xmltext import tree
from rebal_xl.sheets.grid import CellValue

# Built-in formats that are dates in some languages and have no fixed code (ECMA-376 part 1, 18.8.30).
_LOCAL_DATES = frozenset((*range(27, 37), *range(50, 59)))
# Texts, colours and languages inside a format code, which are no letters of a date.
_LITERAL = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")
_NAMES_A_DAY = re.compile(r"[yd]", re.IGNORECASE)
_MIDNIGHT = datetime.time(0, 0)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A cell format as far as it says what a number means."""

    # e.g. "0.00%" or "mm/dd/yyyy"
    code: str = "General"
    # the number is a day, or a time of day
    date: bool = False
    # it shows the time alone, so that less than one day is a time and no mistake
    clock: bool = False

    def read(self, number: float, date1904: bool) -> CellValue:
        """The number, or the date it stands for; a number that is no possible date stays a number."""
        # Excel shows day 0 as 01/00/1900 and days before it as ####: no dates, and none is made of them here.
        if not self.date or number < 0 or (number < 1 and not self.clock):
            return number
        try:
            moment = from_excel(number, CALENDAR_MAC_1904 if date1904 else CALENDAR_WINDOWS_1900)
        except (OverflowError, ValueError):
            return number
        if isinstance(moment, datetime.datetime) and moment.time() == _MIDNIGHT:
            return moment.date()
        return moment if isinstance(moment, datetime.datetime | datetime.time) else number


def number_format(code: str) -> NumberFormat:
    """What a format code, such as "mm/dd/yyyy", makes of a number."""
    date = bool(is_date_format(code)) and not is_timedelta_format(code)
    return NumberFormat(code, date, clock=date and not _NAMES_A_DAY.search(_LITERAL.sub("", code)))


def number_formats(styles: bytes | None) -> list[NumberFormat]:
    """The number format of every cell format of a style sheet, in order."""
    if styles is None:
        return []
    root = tree(styles, "styles.xml")
    codes = dict(BUILTIN_FORMATS)
    codes.update(dict.fromkeys(_LOCAL_DATES, "yyyy-mm-dd"))
    for element in root.iterfind(f"{{{MAIN}}}numFmts/{{{MAIN}}}numFmt"):
        codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "General")
    made: dict[int, NumberFormat] = {}
    formats = []
    for xf in root.iterfind(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf"):
        number = int(xf.get("numFmtId", "0"))
        if number not in made:
            made[number] = number_format(codes.get(number, "General"))
        formats.append(made[number])
    return formats
