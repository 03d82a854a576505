"""Days as people and custodians write them, read in fixed US order, never by the machine's locale.

A day that cannot be read comes back as (what is wrong, what to write instead).
"""

import re
from datetime import date, timedelta
from functools import lru_cache

# Day 60 of the 1900 system is 29 February 1900, which never was; from day 61 on this start is right.
FIRST_1900 = date(1899, 12, 30)
FIRST_1904 = date(1904, 1, 1)
LEAST_SERIAL_1900 = 61
# A bare 2020 in a date column is a year, not the 2,020th day since 1900 (12 July 1905).
BARE_YEARS = range(1900, 2101)
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)

_TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]\.?M\.?)?(?:,? ?(?:ET|EST|EDT|Z))?)?"
_NUMERIC = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2})" + _TIME, re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([A-Z]{3,9})\.?[ -]*(\d{1,2})(?:st|nd|rd|th)?,?[ -]+(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]*([A-Z]{3,9})\.?,?[ -]*(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
# What stands before the year of two digits, the year, and the time of day.
_SHORT_YEAR = re.compile(
    r"(\d{1,2}([/-])\d{1,2}\2|[A-Z]{3,9}\.?[ -]*\d{1,2},?[ -]+|\d{1,2}[ -]*[A-Z]{3,9}\.?,?[ -]*)(\d{2})"
    rf"({_TIME})",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
# Of two digits; Excel reads 29 as 2029 and 30 as 1930.
FIRST_OF_LAST_CENTURY = 30
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

Wrong = tuple[str, str]
WRITE_A_DATE = "Write a date such as 03/15/2020 (month, day, year)."


def sensible_day(day: date) -> date | Wrong:
    """The day itself when somebody alive could have bought something on it."""
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    return f"{day:%m/%d}/{day.year} is too far away to be meant.", WRITE_A_DATE


@lru_cache(maxsize=16384)
def day_of_serial(number: float, date1904: bool) -> date | Wrong:
    """The day of an Excel serial number; the time of day is dropped."""
    whole = int(number // 1) if abs(number) < 1e9 else 0
    if whole in BARE_YEARS and whole == number:
        return f"{whole} is a year, not a day.", f"Write the whole date, such as 03/15/{whole}."
    if date1904 and 0 <= whole <= (LAST_DAY - FIRST_1904).days:
        return FIRST_1904 + timedelta(days=whole)
    if not date1904 and LEAST_SERIAL_1900 <= whole <= (LAST_DAY - FIRST_1900).days:
        return FIRST_1900 + timedelta(days=whole)
    return f"The number {number:.10g} is no date.", WRITE_A_DATE


def day_of_text(text: str, *, traded: bool = False) -> date | Wrong:
    """The day of a text such as 03/15/2020, Mar-15-2020, 15-Mar-2020, March 15, 2020, 20200315 or 2020-03-15.

    A `traded` day may have a year of two digits, as Excel shows it where its short date has them: 30 and more are of
    the last century, as Excel has it, and nobody holds shares bought a hundred years ago.
    """
    if traded and (short := _SHORT_YEAR.fullmatch(text)):
        text = f"{short[1]}{_century(short[3])}{short[3]}{short[4]}"
    if match := _COMPACT.fullmatch(text):
        return _day(text, match[1], int(match[2]), match[3])
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(text, match[1], int(match[3]), match[4])
    if match := _NUMERIC.fullmatch(text):
        return _day(text, match[4], int(match[1]), match[3])
    if match := _MONTH_FIRST.fullmatch(text):
        return _day(text, match[3], _month(match[1]), match[2])
    if match := _DAY_FIRST.fullmatch(text):
        return _day(text, match[3], _month(match[2]), match[1])
    return f'"{text}" is no date.', WRITE_A_DATE


def _century(year: str) -> str:
    return "20" if int(year) < FIRST_OF_LAST_CENTURY else "19"


def has_short_year(text: str) -> bool:
    """Whether a text is a day with a year of two digits."""
    return _SHORT_YEAR.fullmatch(text) is not None


def _month(word: str) -> int:
    """Number of a month written out or shortened to three or more letters; 0 when it is none."""
    found = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(word.casefold())]
    return found[0] if len(found) == 1 else 0


def _day(text: str, year: str, month: int, day: str) -> date | Wrong:
    if len(year) == 2:
        advice = f"Write the year with four digits, such as {month:02d}/{int(day):02d}/20{year}."
        return f'"{text}" has a year of two digits, so its century is a guess.', advice
    try:
        return sensible_day(date(int(year), month, int(day)))
    except ValueError:
        if 12 < month <= 31 and 1 <= int(day) <= 12:
            advice = f"Dates are read month first: write {int(day):02d}/{month:02d}/{year} if that is meant."
            return f'"{text}" has no month {month}.', advice
        return f'"{text}" is a day that does not exist.', WRITE_A_DATE
