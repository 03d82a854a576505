"""Which rows below a header hold data: blank rows, totals rows and the notes below the data do not.

What looks like data and is not read is said.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rebal_xl.intake.candidates import NAMES
from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings, place_in
from rebal_xl.intake.tells import TOTAL_END, TOTAL_LAST, TOTAL_WORDS
from rebal_xl.intake.tells import TOTAL_START as TOTAL_START
from rebal_xl.intake.values import NOTHING_MARKS, clean, squeeze
from rebal_xl.sheets.grid import Cell, FilledRow, cells_by_row
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import HOLDINGS, SECURITIES

# Columns that say what a row is about.
NAMING = frozenset({Kind.TEXT, Kind.CHOICE})
# Longer texts alone in a row are sentences, not names.
LONGEST_NAME = 40


def data_rows(region: Region, findings: Findings) -> dict[int, Mapping[int, Cell]]:
    """Row of the sheet -> its filled cells by column, for the rows that hold data; others are blank, totals, notes."""
    numbers = sorted(region.headers)
    filled = _filled_rows(region, numbers)
    ours = set(region.columns.values())
    required = [region.columns[c.name] for c in region.table.columns if c.required and c.name in region.columns]
    rows: dict[int, Mapping[int, Cell]] = {}
    last = region.header_row
    section = ""
    for number in sorted(filled):
        cells = filled[number]
        if _is_total(region, cells):
            continue
        if region.table is HOLDINGS and _is_total_inside(region, number, cells, findings):
            continue
        if region.fenced:
            if not ours.isdisjoint(cells):
                rows[number] = cells
            continue
        if region.table is HOLDINGS and (title := _section_of(cells)):
            section = "" if not NOT_HELD.search(title) else title
        count = len(ours & cells.keys())
        gap = Gap(number > last + 1, number > region.header_row + 2)
        if _is_data(required, cells, count, gap):
            rows[number] = cells
            last = number
            if section:
                _report_section(region, number, section, findings)
                section = ""
        elif count >= 2:
            findings.notice(
                "row-not-read",
                region.place(number),
                f"This row below {region.table.name} looks like data and was not read.",
                "Fill in its required columns if it belongs to the table.",
            )
    _report_hidden(region, rows, findings)
    _report_below(region, numbers, findings)
    return rows


def _section_of(cells: Mapping[int, Cell]) -> str:
    """The text of a line that holds nothing else, such as Closed positions; "" where it is none."""
    if len(cells) != 1:
        return ""
    text = _text_of(next(iter(cells.values())))
    return text if len(text) <= LONGEST_NAME else ""


def _report_section(region: Region, number: int, section: str, findings: Findings) -> None:
    findings.error(
        "section-not-held",
        region.place(number),
        f'This row stands below the line "{section}", and looks like holdings: it would count as held.',
        "Move what is not held to another sheet, or leave the line out if it is held.",
    )


def _filled_rows(region: Region, numbers: Sequence[int]) -> dict[int, Mapping[int, Cell]]:
    """Row -> its filled cells by column, within the region."""
    first, last = numbers[0], numbers[-1]
    filled: dict[int, Mapping[int, Cell]] = {}
    rows = cells_by_row(region.grid.cells)
    body = range(region.header_row + 1, region.last_row + 1)
    for row in body if len(body) < len(rows) else rows:
        if row not in body or row not in rows:
            continue
        cells = rows[row]
        if isinstance(cells, FilledRow) and first <= next(iter(cells)) and next(reversed(cells)) <= last:
            filled[row] = cells
            continue
        kept = {
            column: cell
            for column, cell in cells.items()
            # a formula that shows nothing leaves an empty text behind
            if first <= column <= last
            and (bool(clean(value)) if isinstance(value := cell.value, str) else value is not None or cell.formula)
        }
        if kept:
            filled[row] = kept
    return filled


def _is_total(region: Region, cells: Mapping[int, Cell]) -> bool:
    """A row that starts or ends with a word for a total and names nothing else: no symbol, no treatment."""
    first = cells.first_text if isinstance(cells, FilledRow) else _first_text(cells)
    if not _starts_like_a_total(first):
        return False
    named = [column.name for column in region.table.columns if column.required and column.kind in NAMING]
    others = [_text_of(cells.get(region.columns.get(name, 0))) for name in named]
    if any(text and text != first and text not in NOTHING_MARKS for text in others):
        return False
    required = [column.name for column in region.table.columns if column.required]
    whole = all(region.columns.get(name) in cells for name in required)
    return not whole or TOTAL_WORDS.fullmatch(first) is not None


def _is_total_inside(region: Region, number: int, cells: Mapping[int, Cell], findings: Findings) -> bool:
    """A row of holdings with a word for a total under another column than its first: below Symbol, Class or Name."""
    symbol, account = (_text_of(cells.get(region.columns.get(name, 0))) for name in ("Symbol", "Account"))
    if TOTAL_WORDS.fullmatch(symbol) or (account and _is_total_of(symbol, account)):
        return True
    said = {column for column, cell in cells.items() if _is_total_word(_text_of(cell))}
    said.discard(region.columns.get("Account", 0))
    if symbol and symbol not in NOTHING_MARKS:
        # A note may say total as well; a lot has a day, and a total has none.
        said &= {*region.columns.values(), *(n for n, text in region.headers.items() if _is_name(text))}
        day = cells.get(region.columns.get("Acquired", 0))
        if day is not None and not (isinstance(day.value, str) and _is_no_day(clean(day.value))):
            return False
    if not said:
        return False
    if symbol and symbol not in NOTHING_MARKS:
        findings.notice(
            "total-not-read",
            region.place(number, "Symbol"),
            f"This row of {symbol} calls itself a total; it was not read.",
            "If it is a lot of its own, take the word out.",
        )
    return True


def _is_no_day(text: str) -> bool:
    return text.casefold() in NOTHING_MARKS or _is_total_word(text)


@lru_cache(maxsize=1024)
def _is_name(header: str) -> bool:
    found = NAMES[SECURITIES.name].column_of(header)
    return found is not None and found[1].name == "Name"


@lru_cache(maxsize=8192)
def _is_total_word(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and TOTAL_WORDS.fullmatch(text) is not None


def _is_total_of(text: str, account: str) -> bool:
    """Whether a text is a word for a total with the account's name: Total Joint, Joint Total."""
    if not _starts_like_a_total(text):
        return False
    return squeeze(account) in (squeeze(TOTAL_START.sub("", text)), squeeze(TOTAL_LAST.sub("", text)))


def _first_text(cells: Mapping[int, Cell]) -> str:
    texts = (_text_of(cells[column]) for column in sorted(cells))
    return next(filter(None, texts), "")


@lru_cache(maxsize=8192)
def _starts_like_a_total(text: str) -> bool:
    return TOTAL_START.match(text) is not None or TOTAL_END.fullmatch(text) is not None


def _text_of(cell: Cell | None) -> str:
    return clean(cell.value) if cell is not None and isinstance(cell.value, str) else ""


# Words of a line above rows that are no holdings.
NOT_HELD = re.compile(
    r"\b(closed(?![ -]*end)|sold|realized|proposed|hypothetical|watch ?list|recommended|recommendations|buy list|"
    r"sell list)\b|\bto (be )?(buy|sell|bought|sold)\b",
    re.IGNORECASE,
)


class Gap(NamedTuple):
    """How a row stands to those above it."""

    # a blank row, or one that is no data, comes before it
    before: bool
    # it does not follow the header closely
    deep: bool


def _is_data(required: Sequence[int], cells: Mapping[int, Cell], ours: int, gap: Gap) -> bool:
    """`required` are the numbers of the columns that a row needs, `ours` is how many of its cells we know."""
    given = sum(column in cells for column in required)
    alone = len(cells) == 1
    if given == len(required):
        # One name alone after a blank row is a note below a table that needs no more than a name.
        return ours > 0 and not (alone and gap.before and gap.deep)
    if gap.before:
        return ours >= 2 and given >= 2
    if alone and ours:
        value = next(iter(cells.values())).value
        short = not isinstance(value, str) or len(clean(value)) <= LONGEST_NAME
        return given > 0 and len(required) <= 2 and short
    return ours >= 2


def _report_hidden(region: Region, rows: Mapping[int, object], findings: Findings) -> None:
    hidden = [number for number in rows if number in region.grid.hidden_rows]
    if hidden:
        findings.notice(
            "hidden-rows",
            region.place(hidden[0]),
            f"{len(hidden)} hidden rows of {region.table.name} were read too.",
            "Delete them if they do not count; hiding or filtering does not leave them out.",
        )
    if region.grid.hidden and rows:
        findings.notice("hidden-sheet", region.place(), f"{region.table.name} was read from a hidden sheet.")


def _report_below(region: Region, numbers: Sequence[int], findings: Findings) -> None:
    """Rows typed right below an Excel table that did not grow are easily overlooked, and would be missing."""
    if not region.fenced:
        return
    below = max((fence.last_row for fence in region.grid.tables if fence.first_row == region.header_row), default=0) + 1
    required = [column.name for column in region.table.columns if column.required]
    cells = {name: region.grid.cells.get((below, region.columns.get(name, 0))) for name in required}
    filled = {column: region.grid.cells[below, column] for column in numbers if (below, column) in region.grid.cells}
    if below > 1 and filled and all(cells.values()) and not _is_total(region, filled):
        findings.error(
            "row-below-table",
            place_in(region.grid, below, numbers[0]),
            f"This row stands right below the Excel table {region.table.name} and is not part of it.",
            "Drag the corner of the table over it, or leave a blank row between.",
        )
