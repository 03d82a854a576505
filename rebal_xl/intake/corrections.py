"""What an advisor wrote under Correction on the Understood sheet, done to the cells before anything looks for tables.

A correction belongs to a header's words on a sheet, not to a cell's address, so that it holds when rows are inserted.
Nothing is changed in the workbook itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rebal_xl.intake import tells
from rebal_xl.intake.candidates import NAMES, headers_of
from rebal_xl.intake.findings import Findings, place_in
from rebal_xl.intake.headers import spelling
from rebal_xl.intake.naming import amount, text_of
from rebal_xl.intake.values import near_miss, scaled, squeeze
from rebal_xl.sheets.grid import Cell, Grid, GridBook, cells_by_row
from rebal_xl.sheets.tables import INPUT_TABLES
from rebal_xl.sheets.understood import DOLLARS, KIND, NOT_READ, POINTS, SHARES, THOUSANDS, WHICH, WHOLE, words_of

# What a header that is not to be read is called meanwhile.
LEFT_OUT = "(left out)"
NUMBERS = {POINTS: (-2, "0.00%"), SHARES: (0, "0.00%"), THOUSANDS: (3, "")}
Cells = dict[tuple[int, int], Cell]


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the Understood sheet that somebody corrected."""

    sheet: str
    table: str
    header: str
    # "" where nothing, or nothing that is understood, is written
    word: str
    # as it is written
    written: str


def corrections_of(book: GridBook, findings: Findings | None = None) -> tuple[Correction, ...]:
    """The corrections on the Understood sheet; a word that means nothing is an error."""
    return tuple(one for one, _ in _lines(book, findings or Findings()) if one.written)


def household_meant(book: GridBook) -> str:
    """The household that the Understood sheet chooses of several, "" for none."""
    return next((one.word for one, _ in _lines(book, Findings()) if one.header == WHICH), "")


def corrected(book: GridBook, findings: Findings) -> GridBook:
    """The book as its Understood sheet says it is meant."""
    lines = [one for one, _ in _lines(book, findings)]
    if not any(one.word for one in lines):
        return book
    grids = tuple(
        grid if grid.ours else _corrected(grid, [one for one in lines if one.sheet == grid.name]) for grid in book.grids
    )
    return replace(book, grids=grids)


def _lines(book: GridBook, findings: Findings) -> Iterator[tuple[Correction, int]]:
    for grid in book.grids:
        for fence in grid.tables if grid.ours else ():
            columns = {text: number for number, text in headers_of(grid, fence)}
            if fence.name.rstrip("0123456789_") != KIND or not {"Sheet", "Header", "Correction"} <= columns.keys():
                continue
            for row in range(fence.first_row + 1, fence.last_row + 1):
                said = {name: text_of(grid.cells.get((row, number))) for name, number in columns.items()}
                # Whether there is such a household, the tables know.
                which = said["Header"] == WHICH
                word = (
                    said["Correction"]
                    if which
                    else _word(said.get("Read As", ""), said["Correction"], said["Header"] == WHOLE)
                )
                if word is None:
                    words = words_of(said.get("Read As", "")) if said["Header"] != WHOLE else (NOT_READ,)
                    near = near_miss(said["Correction"], words)
                    findings.error(
                        "unknown-correction",
                        place_in(grid, row, columns["Correction"]),
                        f'"{said["Correction"]}" is no word for a correction here.'
                        + (f' Did you mean "{near}"?' if near else ""),
                        "Choose a word of the list, or leave the cell empty.",
                    )
                yield (
                    Correction(said["Sheet"], said.get("Read As", ""), said["Header"], word or "", said["Correction"]),
                    row,
                )


def _word(table: str, written: str, whole: bool) -> str | None:
    """The word that is meant, "" for none, None for a word that means nothing."""
    if not written:
        return ""
    known = (NOT_READ,) if whole or table not in {one.name for one in INPUT_TABLES} else words_of(table)
    return next((word for word in known if squeeze(word) == squeeze(written)), None)


def _corrected(grid: Grid, lines: list[Correction]) -> Grid:
    tables: dict[str, list[Correction]] = {}
    for one in lines:
        tables.setdefault(one.table, []).append(one)
    if not any(one.word for one in lines):
        return grid
    rows = cells_by_row(grid.cells)
    cells: Cells = {(row, number): cell for row, held in rows.items() for number, cell in held.items()}
    for held in tables.values():
        for header in _header_rows(rows, held) if any(one.word for one in held) else ():
            _correct_table(rows, header, held, cells)
    return replace(grid, cells=cells)


def _in_thousands(header: str) -> str:
    """The header of a column of dollars with its unit, "" for a column that has none."""
    if tells.THOUSANDS.search(header):
        return header
    told = f"{header} ($000)"
    return told if any(names.column_of(told) for names in NAMES.values()) else ""


def _in_dollars(header: str) -> str:
    """The header of a column of dollars that are as they stand, "" for a column that has none."""
    bare = re.sub(r"\(\W*\)", "", tells.THOUSANDS.sub("", header)).strip(" ,;:-")
    told = f"{bare} (in dollars)"
    return told if any(names.column_of(told) for names in NAMES.values()) else ""


def _header_rows(rows: Mapping[int, Mapping[int, Cell]], lines: list[Correction]) -> list[int]:
    """Rows that hold most of the headers of a table."""
    keys = {spelling(one.header) for one in lines if one.header and one.header != WHOLE}
    found = []
    for row, held in rows.items():
        here = {spelling(text) for cell in held.values() if (text := text_of(cell))}
        if keys and 2 * len(keys & here) > len(keys):
            found.append(row)
    return sorted(found)


def _correct_table(rows: Mapping[int, Mapping[int, Cell]], header: int, lines: list[Correction], cells: Cells) -> None:
    words = {spelling(one.header): one.word for one in lines if one.word and one.header != WHOLE}
    whole = any(one.header == WHOLE and one.word == NOT_READ for one in lines)
    listed = {spelling(one.header) for one in lines if one.header}
    for number, cell in rows[header].items():
        key = spelling(text_of(cell))
        word = NOT_READ if whole and key in listed else words.get(key, "")
        if word == THOUSANDS and (said := _in_thousands(text_of(cell))):
            # Said by the header, it is done once, whatever a line above says as well.
            cells[header, number] = Cell(said)
        elif word == DOLLARS:
            cells[header, number] = Cell(_in_dollars(text_of(cell)) or text_of(cell))
        elif word in NUMBERS:
            power, look = NUMBERS[word]
            for row in [row for row in rows if row > header]:
                below = cells.get((row, number))
                value = amount(below)
                if below is not None and value is not None and "%" not in below.number_format:
                    cells[row, number] = Cell(scaled(value, power) if power else value, look or below.number_format)
        elif word:
            cells[header, number] = Cell(LEFT_OUT if word == NOT_READ else word)
