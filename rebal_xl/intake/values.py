"""One cell into one value.

Excel hands over numbers, dates and errors; custodians hand over text in a dozen spellings. Everything is
read by fixed US rules, never by the machine's locale, and what cannot be read is a Fault that says why.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache

from rebal_xl.intake.dates import day_of_serial, day_of_text, sensible_day
from rebal_xl.sheets.grid import Cell, CellError
from rebal_xl.sheets.schema import Kind

# Larger than any household and far from the edge of a float's exact cents.
GREATEST_NUMBER = 1e12
# Whole numbers up to here are exact in a float, so their digits are the ones that were typed.
GREATEST_EXACT = 2**53

# How custodians fill a cell that holds nothing; words only where no word could be meant ("None" is a method).
NOTHING_MARKS = frozenset({"", "-", "--", "---", "n/a"})
NOTHING_WORDS = frozenset({"na", "none", "null", "nil", "notapplicable"})
UNKNOWN_WORDS = frozenset(
    {"various", "variousdates", "varied", "multiple", "mixed", "incomplete", "missing", "pending", "tbd"}
    | {"unknown", "notknown", "unavailable", "notavailable", "notprovided", "noncovered", "uncovered"}
)
YES_WORDS = frozenset({"yes", "y", "true", "t", "1", "x", "on", "✓", "✔"})
NO_WORDS = frozenset({"no", "n", "false", "f", "0", "off"})
FOREIGN_MONEY = re.compile(r"[€£¥₹₽]|\b(EUR|GBP|CAD|CHF|JPY|AUD|HKD|MXN)\b", re.IGNORECASE)
DOLLAR_SIGN = re.compile(r"US\$|\$|\bUSD\b", re.IGNORECASE)
PLAIN = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d{1,3}")
GROUPED = re.compile(r"\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d*)?")
# A custodian's mark behind the symbol of its core cash fund: SPAXX**
CORE_MARK = "**"


class Unknown(Enum):
    """A value that the custodian says it does not know: "Various", "Incomplete"."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell cannot be read, and what to write instead."""

    message: str
    advice: str
    # stable short name of the kind of finding
    code: str


@dataclass(frozen=True, slots=True)
class BarePercent:
    """A number in a percent column without a percent sign: 60 and 0.6 are told apart by the whole column."""

    number: float


Value = str | float | bool | date | tuple[str, ...] | Unknown | BarePercent
Read = Value | Fault | None


@dataclass(frozen=True, slots=True)
class Want:
    """What a cell should hold."""

    kind: Kind
    # allowed words of a choice as we write them, and what else people write for them
    choices: tuple[str, ...] = ()
    choice_synonyms: tuple[tuple[str, str], ...] = ()
    # "Various" and "Incomplete" are an answer here
    may_be_unknown: bool = False
    # names of accounts, symbols: digits must survive as typed
    identity: bool = False
    # the workbook counts days from 1904
    date1904: bool = False
    # a day on which something was bought or sold, so that a year of two digits is plain
    traded: bool = False


def read_cell(cell: Cell | None, want: Want) -> Read:
    """The value of a cell; None when it holds nothing, a Fault when it cannot be read."""
    if cell is None:
        return None
    broken = _broken(cell)
    if broken is not None:
        return broken
    if isinstance(cell.value, str):
        text = clean(cell.value)
        if text.casefold() in NOTHING_MARKS:
            return None
        if want.kind not in _WORDED and squeeze(text) in NOTHING_WORDS:
            return None
        if want.may_be_unknown and squeeze(text) in UNKNOWN_WORDS:
            return UNKNOWN
        return _READERS[want.kind](Cell(text, cell.number_format), want)
    if cell.value is None:
        return None
    return _READERS[want.kind](cell, want)


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """Text without invisible characters, with plain spaces, plain minus signs and no apostrophe mark in front."""
    if text.isascii() and text.isprintable():
        # Nothing invisible, one kind of hyphen; by far the most texts.
        return " ".join(text.split())
    text = unicodedata.normalize("NFKC", text)
    text = "".join(mark for mark in text if mark in "\t\n" or unicodedata.category(mark) not in ("Cf", "Cc"))
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """Letters and digits only, without case: what two spellings of one word have in common."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum())


def near_miss(word: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, "" when none is near."""
    spellings = {squeeze(candidate): candidate for candidate in known}
    found = get_close_matches(squeeze(word), list(spellings), n=1, cutoff=0.72)
    return spellings[found[0]] if found else ""


def listed(words: Sequence[str], last: str = "or") -> str:
    """Words as a sentence lists them: A, B or C."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def plain_number(number: float) -> str:
    """A number as a person would type it."""
    if number == int(number) and abs(number) < GREATEST_EXACT:
        return f"{int(number):d}"
    return f"{number:.10g}"


def scaled(number: float, power: int) -> float:
    """The number with its decimal point moved: 9.3 % is 0.093, where a division by 100 gives 0.09300000000000001."""
    return float(Decimal(repr(number)).scaleb(power))


def split_core_mark(symbol: str) -> tuple[str, bool]:
    """A symbol without its footnote stars, and whether they marked a core cash fund."""
    bare = symbol.rstrip("* ")
    return bare, symbol.endswith(CORE_MARK)


def _broken(cell: Cell) -> Fault | None:
    if isinstance(cell.value, CellError):
        return Fault(
            f"The cell shows the error {cell.value.code}.",
            "Mend the formula, or type the value itself.",
            "cell-error",
        )
    if isinstance(cell.value, float) and not math.isfinite(cell.value):
        return Fault("The cell holds an infinite or undefined number.", "Write a plain value.", "not-a-number")
    if cell.formula and (not cell.cached or cell.value is None):
        return Fault(
            "The cell holds a formula whose result was never calculated.",
            "Open the workbook in Excel, let it calculate, and save it.",
            "formula-not-calculated",
        )
    return None


def read_number_text(text: str) -> float | Fault:
    """A number as custodians write it: $1,234.50, (12.3), 12.3-, +5, 1 234.5; never by the machine's locale."""
    if FOREIGN_MONEY.search(text):
        return Fault(f'"{text}" is not in US dollars.', "Write the amount in US dollars.", "foreign-currency")
    bare = DOLLAR_SIGN.sub("", text).strip()
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        negative, bare = True, bare[1:-1].strip()
    if bare[:1] in ("+", "-"):
        negative, bare = negative != (bare[0] == "-"), bare[1:].strip()
    elif bare[-1:] in ("+", "-"):
        negative, bare = negative != (bare[-1] == "-"), bare[:-1].strip()
    if GROUPED.fullmatch(bare):
        bare = bare.replace(",", "").replace(" ", "")
    if not PLAIN.fullmatch(bare):
        return _not_a_number(text)
    number = float(bare)
    return _sensible(-number if negative else number)


def _not_a_number(text: str) -> Fault:
    if re.search(r"\d,\d{1,2}$", text) or re.search(r"\.\d{3},", text):
        return Fault(
            f'"{text}" has a comma where US numbers have a point.',
            "Write it as 1,234.50: commas between thousands, a point before cents.",
            "not-a-number",
        )
    return Fault(
        f'"{text}" is not a number.', "Write a number such as 1234.5, or leave the cell empty.", "not-a-number"
    )


def _sensible(number: float) -> float | Fault:
    if abs(number) > GREATEST_NUMBER:
        return Fault(
            f"The number {number:g} is larger than any household.",
            "Check the digits, and that no account number stands in this column.",
            "number-too-large",
        )
    return number + 0.0  # turns -0.0 into 0.0


def _number(cell: Cell, want: Want) -> Read:
    value = cell.value
    if isinstance(value, bool):
        word = "TRUE" if value else "FALSE"
        return Fault(f"The cell holds {word} where a number is expected.", "Write a number.", "not-a-number")
    if isinstance(value, date | datetime | time):
        return Fault(
            "The cell is formatted as a date where a number is expected.",
            "Give the cell a number format and check the number it then shows.",
            "not-a-number",
        )
    if isinstance(value, str):
        if value.endswith("%"):
            return Fault(f'"{value}" is a percentage where a number is expected.', "Write a number.", "not-a-number")
        return read_number_text(value)
    assert isinstance(value, float | int)
    return _sensible(float(value))


def _whole(cell: Cell, want: Want) -> Read:
    number = _number(cell, want)
    if isinstance(number, float) and number != int(number):
        return Fault(f"{plain_number(number)} is not a whole number.", "Write a whole number.", "not-whole")
    return number


def _percent(cell: Cell, want: Want) -> Read:
    value = cell.value
    if isinstance(value, str) and re.search(r"%\)?$", value):
        number = read_number_text(value.replace("%", "", 1).strip())
        return number if isinstance(number, Fault) else scaled(number, -2)
    if isinstance(value, str) and re.search(r"\d\s*(bps?|basis points?)$", value, re.IGNORECASE):
        number = read_number_text(re.sub(r"\s*(bps?|basis points?)$", "", value, flags=re.IGNORECASE))
        return number if isinstance(number, Fault) else scaled(number, -4)
    read = _number(cell, want)
    if not isinstance(read, float):
        return read
    if read == 0.0:
        return read
    if isinstance(value, str) or "%" not in cell.number_format:
        return BarePercent(read)
    # A quoted percent sign is only drawn: 0.0"%" shows 60.0% for 60.
    drawn_only = "%" not in re.sub(r'"[^"]*"|\\.', "", cell.number_format)
    return scaled(read, -2) if drawn_only else read


def _date(cell: Cell, want: Want) -> Read:
    value = cell.value
    if value.__class__ is float:  # the usual cell
        return _as_fault(day_of_serial(value, want.date1904))
    if isinstance(value, bool | time):
        return Fault("The cell holds no date.", "Write a date such as 03/15/2020.", "not-a-date")
    if isinstance(value, datetime):
        return _as_fault(sensible_day(value.date()))
    if isinstance(value, date):
        return _as_fault(sensible_day(value))
    if isinstance(value, str):
        if re.fullmatch(r"\d{5}(\.\d+)?", value):
            return _as_fault(day_of_serial(float(value), want.date1904))
        return _as_fault(day_of_text(value, traded=want.traded))
    assert isinstance(value, float | int)
    return _as_fault(day_of_serial(float(value), want.date1904))


def _as_fault(day: date | tuple[str, str]) -> date | Fault:
    return day if isinstance(day, date) else Fault(day[0], day[1], "not-a-date")


def _flag(cell: Cell, want: Want) -> Read:
    if isinstance(cell.value, bool):
        return cell.value
    word = cell.value.casefold() if isinstance(cell.value, str) else _typed(cell)
    if word in YES_WORDS:
        return True
    if word in NO_WORDS:
        return False
    return Fault(f'"{_typed(cell)}" is neither yes nor no.', "Write Yes or No.", "not-a-flag")


def _choice(cell: Cell, want: Want) -> Read:
    # Excel turns a typed 5/25 into the 25th of May.
    moment = cell.value
    word = f"{moment.month}/{moment.day}" if isinstance(moment, date) else _typed(cell)
    meant = _meanings(want)
    found = meant.get(squeeze(word))
    if found is None and isinstance(moment, float):
        # … and where formats are not known, that day is a number.
        day = day_of_serial(moment, want.date1904)
        found = meant.get(squeeze(f"{day.month}/{day.day}")) if isinstance(day, date) else None
    if found is not None:
        return found
    near = near_miss(word, [*want.choices, *(written for written, _ in want.choice_synonyms)])
    hint = f' Did you mean "{near}"?' if near else ""
    return Fault(
        f'"{word}" is not one of the words allowed here.{hint}', f"Write {listed(want.choices)}.", "not-a-choice"
    )


@lru_cache(maxsize=256)
def _meanings(want: Want) -> dict[str, str]:
    """Squeezed spelling -> the word of the list that it means."""
    meant = {squeeze(written): meaning for written, meaning in want.choice_synonyms}
    return meant | {squeeze(choice): choice for choice in want.choices}


def _typed(cell: Cell) -> str:
    """What was typed into the cell, as text: whole numbers keep their digits, and leading zeros their format."""
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        text = plain_number(float(value))
        return text.zfill(len(cell.number_format)) if re.fullmatch(r"0{2,}", cell.number_format) else text
    if isinstance(value, datetime):
        return f"{value:%m/%d/%Y}"
    if isinstance(value, date):
        return f"{value:%m/%d/%Y}"
    return str(value)


def _became_number(shown: str) -> Fault:
    return Fault(
        f"Excel has turned this text into the number {shown}, so that its characters are lost.",
        "Format the cell as Text and type it again.",
        "text-became-number",
    )


def _text(cell: Cell, want: Want) -> Read:
    value = cell.value
    if isinstance(value, str):
        # As Excel saves a long number in a CSV file.
        return value if not (want.identity and SCIENTIFIC.fullmatch(value)) else _became_number(value)
    if want.identity and isinstance(value, date | time):
        return Fault(
            "Excel has turned this text into a date.",
            "Format the cell as Text and type it again.",
            "text-became-date",
        )
    if want.identity and isinstance(value, float) and (value != int(value) or abs(value) > GREATEST_EXACT):
        return _became_number(f"{value:g}")
    return _typed(cell)


def _symbols(cell: Cell, want: Want) -> Read:
    text = _text(cell, want)
    if not isinstance(text, str):
        return text
    found = [split_core_mark(part.upper())[0] for part in re.split(r"[,;\s]+", text)]
    return tuple(sorted({symbol for symbol in found if symbol}))


_WORDED = frozenset({Kind.TEXT, Kind.CHOICE, Kind.SYMBOLS})
_READERS: dict[Kind, Callable[[Cell, Want], Read]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.PERCENT: _percent,
    Kind.DATE: _date,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.WHOLE: _whole,
    Kind.SYMBOLS: _symbols,
}
