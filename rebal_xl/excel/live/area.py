"""Plain values that describe a part of an open workbook: rectangles, names, and what a cell gives and takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from openpyxl.utils import column_index_from_string, get_column_letter

# What Excel takes and gives: text, numbers as floats, booleans, errors as integers, nothing as None.
HostValue = str | float | bool | int | None
# A cell, two corners, whole columns or whole rows, as Excel tells them.
_ADDRESS = re.compile(r"(?:\$([A-Z]{1,3}))?(?:\$(\d{1,7}))?(?::(?:\$([A-Z]{1,3}))?(?:\$(\d{1,7}))?)?")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class Area(NamedTuple):
    """A rectangle of a sheet, 1-based and inclusive."""

    first_row: int
    first_col: int
    last_row: int
    last_col: int

    @classmethod
    def at(cls, address: str) -> Area | None:
        """The rectangle at an address such as $A$4:$F$9, $A:$C or $3:$7; None where it is no single one."""
        told = _ADDRESS.fullmatch(address)
        if told is None or not address:
            return None
        left, top, right, bottom = told.groups()
        if ":" not in address:
            right, bottom = (left, top) if left and top else (None, None)
        if (left is None, top is None) != (right is None, bottom is None) or (left is None and top is None):
            return None
        columns = (column_index_from_string(left), column_index_from_string(right)) if left else (1, LAST_COLUMN)
        rows = (int(top), int(bottom)) if top else (1, LAST_ROW)
        return cls(rows[0], columns[0], rows[1], columns[1])

    @property
    def address(self) -> str:
        """As A4:F9."""
        first, last = get_column_letter(self.first_col), get_column_letter(self.last_col)
        return f"{first}{self.first_row}:{last}{self.last_row}"

    @property
    def rows(self) -> int:
        """How many rows."""
        return self.last_row - self.first_row + 1

    @property
    def columns(self) -> int:
        """How many columns."""
        return self.last_col - self.first_col + 1

    def inside(self, other: Area) -> bool:
        """Whether no cell of it is outside the other."""
        return (
            other.first_row <= self.first_row
            and other.first_col <= self.first_col
            and self.last_row <= other.last_row
            and self.last_col <= other.last_col
        )

    def halves(self) -> tuple[Area, Area]:
        """Its two halves, by rows where it has several; of more than one cell."""
        if self.rows > 1:
            middle = (self.first_row + self.last_row) // 2
            return self._replace(last_row=middle), self._replace(first_row=middle + 1)
        middle = (self.first_col + self.last_col) // 2
        return self._replace(last_col=middle), self._replace(first_col=middle + 1)

    @property
    def size(self) -> int:
        """How many cells."""
        return self.rows * self.columns


@dataclass(frozen=True, slots=True)
class HostName:
    """A defined name."""

    name: str
    # the sheet it belongs to; None for the whole workbook
    sheet: str | None
    # what it refers to, without "="
    text: str
    hidden: bool
