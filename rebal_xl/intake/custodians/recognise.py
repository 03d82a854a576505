"""A custodian's file, recognised by its header rows and never by its name, as the reader of tables wants it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rebal_xl.intake.custodians import fidelity, schwab, vanguard
from rebal_xl.intake.custodians.layout import Layout, Section, Shaped, drop_short_costs, with_cells
from rebal_xl.intake.custodians.mapping import Mapping as Named
from rebal_xl.intake.custodians.mapping import apply_mapping
from rebal_xl.intake.custodians.whose import tail_of
from rebal_xl.intake.dates import day_of_text
from rebal_xl.intake.find import MOST_HEADER_ROWS
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.headers import spelling
from rebal_xl.intake.values import clean
from rebal_xl.sheets.grid import Cell, Grid, cells_by_row

LAYOUTS: tuple[Layout, ...] = (*schwab.LAYOUTS, *fidelity.LAYOUTS, *vanguard.LAYOUTS)
OTHER = "other"
# Header rows have at least so many cells, none of them longer than this.
_LEAST_HEADERS, _LONGEST_HEADER = 5, 80
# A line that says the day of the file is no longer.
_LONGEST_LINE = 500
# Parts that commas may cut an account's name into.
_MOST_OF_A_NAME = 3
_SEEN = re.compile(
    r"(?:\bas of\b|\bdate downloaded\b)[^\d]{0,40}(?:\d{1,2}:\d\d(?::\d\d)?\s*[ap]\.?m\.?\s*(?:[ECMP][SD]?T)?[,\s]*)?"
    r"(?P<day>\d{1,2}/\d{1,2}/\d{4}|\d{4}[/-]\d{1,2}[/-]\d{1,2}|[A-Z][a-z]{2}-\d{1,2}-\d{4})",
    re.IGNORECASE,
)
_DOWNLOADED = re.compile(r"date downloaded\s+(?P<day>[A-Z][a-z]{2}-\d{1,2}-\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A grid ready to be read, and what was told of it."""

    grid: Grid
    # names of the layouts found, in the order of the file; empty for what has no known one
    layouts: tuple[str, ...]
    # what the file calls an account -> the account's number
    numbers: Mapping[str, str]
    # an account's name that several numbers share -> those numbers
    shared: Mapping[str, Sequence[str]]
    # the day the file says it was made, None when it does not
    seen: date | None


def recognise(grid: Grid, findings: Findings, mappings: Sequence[Named] = ()) -> Recognised:
    """Take a custodian's quirks out of a grid; a grid of no known layout comes back as it is."""
    grid, named = apply_mapping(grid, mappings)
    rows = dict(sorted(cells_by_row(grid.cells).items()))
    shaped = Shaped(findings)
    found = list(_sections(grid, rows))
    for section in found:
        section.layout.shape(section, shaped)
        drop_short_costs(section, shaped)
    if shaped.cells:
        grid = replace(grid, cells=with_cells(rows, shaped.cells))
    layouts = dict.fromkeys((*named, *(section.layout.name for section in found)))
    return Recognised(grid, tuple(layouts), shaped.numbers, shaped.shared, _day_seen(rows))


def _sections(grid: Grid, rows: Mapping[int, Mapping[int, Cell]]) -> Iterator[Section]:
    numbers = list(rows)
    heads = [(row, found) for row in numbers if (found := _layout_of(rows[row])) is not None]
    if len(heads) > MOST_HEADER_ROWS:
        return
    free = max((max(cells) for cells in rows.values() if cells), default=0) + 1
    starts = [0, *(row for row, _ in heads)]
    titles = [_title(rows, above, row) for above, row in itertools.pairwise(starts)]
    not_data = {row for row, _ in titles}
    for index, (row, (layout, columns)) in enumerate(heads):
        end = heads[index + 1][0] - 1 if index + 1 < len(heads) else numbers[-1]
        body = {number: rows[number] for number in numbers if row < number <= end and number not in not_data}
        title_row, title = titles[index]
        places = frozenset((title_row, column) for column in rows.get(title_row, ()))
        yield Section(grid, layout, row, end, columns, body, title, places, free)


def _layout_of(cells: Mapping[int, Cell]) -> tuple[Layout, dict[str, int]] | None:
    if len(cells) < _LEAST_HEADERS:
        return None
    columns: dict[str, int] = {}
    for number, cell in sorted(cells.items()):
        value = cell.value
        if isinstance(value, str) and len(value) <= _LONGEST_HEADER:
            columns.setdefault(spelling(value), number)
    for layout in LAYOUTS:
        if layout.headers <= columns.keys():
            return layout, columns
    return None


def _title(rows: Mapping[int, Mapping[int, Cell]], above: int, header: int) -> tuple[int, str]:
    """The nearest text that stands alone in its row, and the row, between the table before and the header."""
    for row in sorted((number for number in rows if above < number < header), reverse=True):
        cells = sorted(rows[row].items())
        texts = [clean(cell.value) for _, cell in cells if isinstance(cell.value, str) and clean(cell.value)]
        if texts:
            # A name with a comma falls apart where nobody quoted it: Doe Trust, Jane ...426
            whole = ", ".join(texts)
            alone = len(texts) == 1 or (len(texts) <= _MOST_OF_A_NAME and tail_of(whole))
            return (row, whole) if alone else (0, "")
    return 0, ""


def _day_seen(rows: Mapping[int, Mapping[int, Cell]]) -> date | None:
    """The latest day that a title, a header or a closing line gives as that of the file."""
    days = []
    for cells in rows.values():
        for cell in cells.values():
            value = cell.value
            if (
                not isinstance(value, str)
                or not 12 <= len(value) <= _LONGEST_LINE
                or ("of" not in value and "ownload" not in value)
            ):
                continue
            match = _DOWNLOADED.search(value) or _SEEN.search(value)
            day = day_of_text(match["day"]) if match is not None else None
            if isinstance(day, date):
                days.append(day)
    return max(days, default=None)
