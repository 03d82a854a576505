"""
A portal's export without a public layout: its columns are named once, kept by a name, and known again by its headers.

A mapping says which header is which of our columns, and may give an account (or any other value) that the file leaves
out. It is a small JSON document, so that people can read and mend it.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rebal_xl.household import InputErrors, Problem
from rebal_xl.intake.candidates import NAMES
from rebal_xl.intake.custodians.layout import with_cells
from rebal_xl.intake.headers import spelling
from rebal_xl.intake.values import clean, near_miss
from rebal_xl.sheets.grid import Cell, Grid, cells_by_row
from rebal_xl.sheets.tables import HOLDINGS, RECENT_TRADES

TABLES = {table.name: table for table in (HOLDINGS, RECENT_TRADES)}
# A header row has at least so many columns.
_LEAST_HEADERS = 3
# What stands where nobody has said yet which of our columns a header is.
UNSAID = ""
_MAPPED = "not read"


@dataclass(frozen=True, slots=True)
class Mapping:
    """One export's columns."""

    # as people call it: "orion-lots"
    name: str
    # the file's header -> our column; "" leaves a column out
    columns: abc.Mapping[str, str]
    # our column -> a value for every row of a file that has no such column
    constants: abc.Mapping[str, str]
    # our table that it fills
    table: str = HOLDINGS.name


def to_document(mapping: Mapping) -> dict[str, Any]:
    """As it is kept."""
    return {"table": mapping.table, "columns": dict(mapping.columns), "constants": dict(mapping.constants)}


def from_document(name: str, document: Any, file: str = "") -> Mapping:
    """A mapping as it was kept. Raises InputErrors with everything that is wrong with it."""
    problems: list[Problem] = []

    def wrong(message: str, advice: str) -> None:
        problems.append(Problem(message, advice, sheet=file or name, code="mapping-wrong"))

    parts: dict[str, Any] = document if isinstance(document, dict) else {}
    table = TABLES.get(str(parts.get("table", HOLDINGS.name)))
    if table is None:
        wrong(f'The table "{parts.get("table")}" is none that files fill.', f"Write {' or '.join(TABLES)}.")
        raise InputErrors(problems)
    columns, constants = _texts(parts.get("columns")), _texts(parts.get("constants", {}))
    if columns is None or constants is None or not columns:
        wrong("A mapping has columns (their header: our column) and may have constants (our column: value).",
              "Make it anew with: rebal-xl mapping new NAME FILE")  # fmt: skip
        raise InputErrors(problems)
    known = [column.name for column in table.columns]
    for ours in (*columns.values(), *constants):
        if ours and ours not in known:
            near = near_miss(ours, known)
            wrong(f'"{ours}" is no column of {table.name}.{f" Did you mean {near}?" if near else ""}',
                  f"Write one of {', '.join(known)}, or leave it empty.")  # fmt: skip
    given = [ours for ours in columns.values() if ours]
    for ours in dict.fromkeys(given):
        if given.count(ours) > 1:
            wrong(f"Two headers are {ours}.", "Keep one, and leave the other empty.")
    for column in table.columns:
        if column.required and column.name not in (*given, *constants):
            wrong(f"Nothing gives {column.name}.", "Write it behind the header that holds it, or under constants.")
    if problems:
        raise InputErrors(problems)
    return Mapping(name, columns, constants, table.name)


def _texts(given: object) -> dict[str, str] | None:
    if not isinstance(given, dict):
        return None
    return {str(key): str(value) for key, value in given.items()}


def propose(name: str, grid: Grid) -> Mapping:
    """A mapping of the grid's widest header row, filled in where our own names for columns tell.

    Raises InputErrors when the grid has no header row.
    """
    best: dict[str, str] = {}
    for cells in cells_by_row(grid.cells).values():
        texts = [clean(cell.value) for _, cell in sorted(cells.items()) if isinstance(cell.value, str)]
        headers = [text for text in dict.fromkeys(texts) if text and not any(mark.isdigit() for mark in text)]
        if len(headers) >= _LEAST_HEADERS and len(headers) > len(best) and len(headers) >= len(cells) - 1:
            match = NAMES[HOLDINGS.name].match(enumerate(headers))
            meant = {headers[number]: column for column, number in match.columns.items()}
            best = {header: meant.get(header, UNSAID) for header in headers}
    if not best:
        raise InputErrors([Problem("No row looks like a header row.", "Choose the file as the portal exports it.",
                                   sheet=grid.name, code="no-header-row")])  # fmt: skip
    return Mapping(name, best, {})


def apply_mapping(grid: Grid, mappings: Sequence[Mapping]) -> tuple[Grid, tuple[str, ...]]:
    """The grid with our headers in the place of those that a mapping names, and the names of the mappings used.

    A mapping fits where one row has all the headers it gives a meaning; of several that fit the most telling is used.
    """
    ordered = sorted(mappings, key=lambda one: (-sum(bool(ours) for ours in one.columns.values()), one.name))
    cells: dict[tuple[int, int], Cell | None] = {}
    used: dict[str, None] = {}
    rows = cells_by_row(grid.cells) if ordered else {}
    free = max((max(held) for held in rows.values() if held), default=0) + 1
    header: Mapping | None = None
    for row in sorted(rows):
        at = {spelling(cell.value): number for number, cell in rows[row].items() if isinstance(cell.value, str)}
        found = next((one for one in ordered if _heads(one, at)), None)
        if found is not None:
            header = found
            used[found.name] = None
            for theirs, ours in found.columns.items():
                number = at.get(spelling(theirs))
                if number is not None:
                    cells[row, number] = Cell(ours or f"{_MAPPED} {number}")
            cells |= {(row, free + place): Cell(ours) for place, ours in enumerate(found.constants)}
        elif header is not None and len(rows[row]) > 1:
            cells |= {(row, free + place): Cell(value) for place, value in enumerate(header.constants.values())}
    return (replace(grid, cells=with_cells(rows, cells)) if cells else grid), tuple(used)


def _heads(mapping: Mapping, at: abc.Mapping[str, int]) -> bool:
    return all(spelling(theirs) in at for theirs, ours in mapping.columns.items() if ours)
