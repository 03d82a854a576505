"""Which column of a sheet is which column of a table: names without case, spaces or punctuation, and synonyms.

The signs $ and % are kept, because they tell Reserve $ from Reserve %; where a sheet leaves them out and only
one column can be meant, that one is taken.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rebal_xl.intake.tells import THOUSANDS
from rebal_xl.intake.values import clean, near_miss
from rebal_xl.sheets.schema import Column, Kind, Table

# The day follows soon; without an end to the search, a text that repeats "as of" would take minutes.
_AS_OF = re.compile(r"\bas of\b.{0,80}?\d.*$", re.IGNORECASE)
_PERCENT_WORD = re.compile(r"\b(percent(age)?|pct)\b", re.IGNORECASE)
_DOLLAR_WORD = re.compile(r"\b(us ?dollars?|dollars?|usd)\b|US\$", re.IGNORECASE)
_PARENTHESES = re.compile(r"^(.*?)\s*\(([^()]*)\)\s*$")
# Dollars of one share, which nobody tells in thousands.
PER_SHARE = frozenset({"Price", "Cost/Share", "Expected Distribution"})
# Units that a header may carry in parentheses without changing what it means.
_UNITS = frozenset({"", "$", "%", "in$"})


@dataclass(frozen=True, slots=True)
class Double:
    """A header that means a column which another header already gives."""

    # name of our column
    column: str
    header: str
    # column number of the sheet
    number: int
    # the very same header once more: nobody can say which of the two counts
    repeated: bool


@dataclass(frozen=True, slots=True)
class Match:
    """How the headers of one row fit one table."""

    table: Table
    # name of our column -> column number of the sheet
    columns: Mapping[str, int]
    # headers that mean a column which another header already gives
    doubles: tuple[Double, ...]
    # how many columns go by our own name for them
    own_names: int

    @property
    def missing(self) -> tuple[Column, ...]:
        """Required columns that no header names."""
        return tuple(column for column in self.table.columns if column.required and column.name not in self.columns)

    @property
    def complete(self) -> bool:
        """True when every required column is there."""
        return not self.missing


@lru_cache(maxsize=8192)
def spelling(text: str) -> str:
    """A header without case, spaces, punctuation and dates; its $ and % signs stand at the end."""
    text = _AS_OF.sub("", clean(text))
    text = _DOLLAR_WORD.sub("$", _PERCENT_WORD.sub("%", text)).casefold()
    letters = "".join(filter(str.isalnum, text))
    return letters + "".join(sign for sign in "$%" if sign in text)


def without_signs(key: str) -> str:
    """The spelling of a header without its signs."""
    return key.rstrip("$%")


class Names:
    """Every name that the columns of one table go by."""

    __slots__ = ("_bare", "_direct", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        # spelling -> (0 for the column's own name, else the synonym's place, the column)
        self._direct: dict[str, tuple[int, Column]] = {}
        for column in table.columns:
            for rank, synonym in enumerate(column.synonyms, 1):
                self._direct.setdefault(spelling(synonym), (rank, column))
        for column in table.columns:
            self._direct[spelling(column.name)] = (0, column)
        # spelling without signs -> every spelling with signs that it may stand for
        self._bare: dict[str, list[str]] = {}
        for key in self._direct:
            self._bare.setdefault(without_signs(key), []).append(key)

    @property
    def spellings(self) -> frozenset[str]:
        """Every name of a column, spelt without signs."""
        return frozenset(self._bare)

    def column_of(self, header: str) -> tuple[int, Column] | None:
        """The column that a header means and how directly it says so (0 is the name itself); None for an extra one."""
        found = self._of_key(spelling(header))
        if found is not None or "(" not in header:
            return found
        parts = _PARENTHESES.match(_AS_OF.sub("", clean(header)))
        if parts is None:
            return None
        outside, inside = self._of_key(spelling(parts[1])), self._of_key(spelling(parts[2]))
        if spelling(parts[2]) in _UNITS or (outside is not None and THOUSANDS.search(header) and _is_sum(outside[1])):
            return outside
        # "Qty (Quantity)" says one thing twice; "Cost Basis (per share)" says something else than "Cost Basis".
        if inside is not None and (outside is None or outside[1] is inside[1]):
            return inside
        return None

    def _of_key(self, key: str) -> tuple[int, Column] | None:
        if key in self._direct:
            return self._direct[key]
        bare = without_signs(key)
        signs = key[len(bare) :]
        meant: dict[str, tuple[int, Column]] = {}
        for candidate in self._bare.get(bare, ()) if bare else ():
            rank, column = self._direct[candidate]
            if _sign_fits(signs, candidate, column):
                meant.setdefault(column.name, (rank, column))
        return next(iter(meant.values())) if len(meant) == 1 else None

    def match(self, headers: Iterable[tuple[int, str]]) -> Match:
        """Fit a row of (column number, header text) to the table.

        Where several headers mean one column, the column's own name wins, then the synonyms in their order: a
        sheet with both Symbol and CUSIP is read by Symbol.
        """
        claims: dict[str, list[tuple[int, int, str]]] = {}
        for number, text in headers:
            found = self.column_of(text)
            if found is not None:
                claims.setdefault(found[1].name, []).append((found[0], number, text))
        columns: dict[str, int] = {}
        doubles: list[Double] = []
        own = 0
        for name, claimed in claims.items():
            claimed.sort()
            rank, columns[name], first = claimed[0]
            own += rank == 0
            for _, number, text in claimed[1:]:
                doubles.append(Double(name, text, number, spelling(text) == spelling(first)))
        return Match(self.table, columns, tuple(doubles), own)


def _is_sum(column: Column) -> bool:
    return column.kind is Kind.MONEY and column.name not in PER_SHARE


def _sign_fits(signs: str, candidate: str, column: Column) -> bool:
    if not signs:
        return True
    if candidate != without_signs(candidate):
        return False
    return (signs == "$" and column.kind is Kind.MONEY) or (signs == "%" and column.kind is Kind.PERCENT)


def missing_advice(column: Column, unmatched: Sequence[str]) -> str:
    """What to call a column so that the missing one is found."""
    names = f"{column.name} (or {', '.join(column.synonyms[:4])})" if column.synonyms else column.name
    advice = f"Call one of your columns {names}."
    for known in (column.name, *column.synonyms):
        near = near_miss(known, [text for text in unmatched if len(text) > 2])
        if near:
            return f'Is it the column "{near}"? {advice}'
    return advice


def name_key(name: str) -> str:
    """A table's or sheet's name without case, spaces, punctuation and the "tbl" that some people put in front."""
    letters = "".join(mark for mark in unicodedata.normalize("NFKC", name).casefold() if mark.isalnum())
    for prefix in ("tbl", "table"):
        if letters.startswith(prefix) and len(letters) > len(prefix) + 2:
            return letters[len(prefix) :]
    return letters
