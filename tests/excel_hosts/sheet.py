"""A sheet of formulas, written as one types them into Excel, in the workbook that LibreOffice has open."""

import re
from collections.abc import Sequence
from typing import Any

from tests.tools.office import Office

_TEXT = re.compile(r'("[^"]*")')
_ALL = re.compile(r"(?<!\[)\[#All\]")
_SHEET = re.compile(r"('[^']+'|\b[A-Za-z_]\w*)!")

# More columns than any formula gives.
WIDEST = 16


def in_calc(formula: str) -> str:
    """Excel's spelling in LibreOffice's: arguments are parted by semicolons, sheets by a dot.

    LibreOffice 7.4 knows `Table[#All]` only as `Table[[#All]]`.
    """
    parts = _TEXT.split(formula)
    for number in range(0, len(parts), 2):
        part = _ALL.sub("[[#All]]", parts[number])
        parts[number] = _SHEET.sub(r"$\1.", part).replace(",", ";")
    return "".join(parts)


def column_letter(number: int) -> str:
    """A, B, ... of 0, 1, ..."""
    return chr(ord("A") + number) if number < 26 else column_letter(number // 26 - 1) + column_letter(number % 26)


class Sheet:
    """Formulas one below the other; each call of a method takes the next free rows."""

    def __init__(self, office: Office, name: str) -> None:
        self.office, self.name = office, name
        office.add_sheet(name)
        self._free = 1

    def _take(self, rows: int, columns: int) -> str:
        first, self._free = self._free, self._free + rows + 1
        return f"A{first}" if rows == columns == 1 else f"A{first}:{column_letter(columns - 1)}{first + rows - 1}"

    def write(self, rows: Sequence[Sequence[object]], number_format: str = "") -> str:
        """Put constants down; where they are."""
        place = self._take(len(rows), len(rows[0]))
        self.office.write(self.name, place, rows)
        if number_format:
            self.office.number_format(self.name, place, number_format)
        return place

    def enter(self, formula: str) -> str:
        """Type a formula into a cell; the cell."""
        place = self._take(1, 1)
        self.office.formula(self.name, place, in_calc(formula))
        return place

    def shown(self, place: str) -> str:
        """What a cell shows."""
        return str(self.office.shown(self.name, place)["text"])

    def value(self, formula: str) -> Any:
        """What a formula in one cell gives: a number or a text."""
        return self.office.read(self.name, self.enter(formula))[0][0]

    def shown_number(self, place: str) -> Any:
        """The number in a cell."""
        return self.office.shown(self.name, place)["number"]

    def spill_place(self, formula: str, rows: int, columns: int) -> str:
        """Enter an array formula over so many cells, since LibreOffice 7.4 does not spill by itself; where it is."""
        place = self._take(rows, columns)
        self.office.array_formula(self.name, place, in_calc(formula))
        return place

    def rows(self, place: str) -> list[list[Any]]:
        """What cells hold: numbers and texts, None beyond the end of an array."""
        found: list[list[Any]] = self.office.read(self.name, place)
        return found

    def spill(self, formula: str, rows: int, columns: int) -> list[list[Any]]:
        """What an array formula over so many cells gives."""
        return self.rows(self.spill_place(formula, rows, columns))

    def table(self, formula: str, rows: int) -> list[dict[str, Any]]:
        """So many rows of an array with a header row, and none more, by the names of the columns."""
        header, *found, beyond = self.rows(self.spill_place(formula, rows + 2, WIDEST))
        assert set(beyond) == {None}, f"{formula} gives more than {rows} rows: {beyond}"
        width = header.index(None)
        return [dict(zip(header[:width], row[:width], strict=True)) for row in found]
