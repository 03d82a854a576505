"""Plain values that describe a part of an open workbook: rectangles, names, and what a cell gives and takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

# What Excel takes and gives: text, numbers as floats, booleans, errors as integers, nothing as None.
HostValue = str | float | bool | int | None


class Area(NamedTuple):
    """A rectangle of a sheet, 1-based and inclusive."""

    first_row: int
    first_col: int
    last_row: int
    last_col: int

    @property
    def rows(self) -> int:
        """How many rows."""
        return self.last_row - self.first_row + 1

    @property
    def columns(self) -> int:
        """How many columns."""
        return self.last_col - self.first_col + 1

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
