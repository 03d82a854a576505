"""A table's region into typed rows: every cell read, every problem collected, every address kept.

Blank rows, totals rows and the notes below the data are not rows; what looks like data and is not read is said.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings, Place, place_in
from rebal_xl.intake.percent import Entry, are_points
from rebal_xl.intake.values import (
    NOTHING_MARKS,
    UNKNOWN,
    BarePercent,
    Fault,
    Value,
    Want,
    clean,
    listed,
    plain_number,
    read_cell,
    scaled,
    split_core_mark,
)
from rebal_xl.sheets.grid import Cell
from rebal_xl.sheets.schema import Column, Kind, Table

TOTAL_WORDS = re.compile(
    r"(grand|sub|account|accounts|position|positions|portfolio|household|overall)?[ -]*totals?"
    r"( value| assets| market value| portfolio| account value)?[ :]*",
    re.IGNORECASE,
)
TOTAL_START = re.compile(r"(grand|sub|accounts?|positions?|portfolio|household|overall)?[ -]*totals?\b", re.IGNORECASE)
# Columns that say what a row is about.
NAMING = frozenset({Kind.TEXT, Kind.CHOICE})
# Longer texts alone in a row are sentences, not names.
LONGEST_NAME = 40
SYMBOL_COLUMNS = frozenset({"Symbol", "Replacement"})
# Where the custodian's "Various" and "Incomplete" are answers.
MAY_BE_UNKNOWN = frozenset(
    {*(("Holdings", name) for name in ("Acquired", "Cost Basis", "Cost/Share", "Term")), ("RecentTrades", "Acquired")}
)
# Columns that must sum to one, and the column that says what belongs together.
SUMS_TO_ONE = {("Targets", "Target %"): "", ("ClassMix", "Weight"): "Symbol", ("Models", "Weight"): "Model"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its values by our column names, and where each stands."""

    region: Region
    # row of the sheet, 1-based
    number: int
    # blank cells and cells that could not be read are absent
    values: Mapping[str, Value]
    # columns whose cell could not be read
    broken: frozenset[str]

    def place(self, column: str = "") -> Place:
        """The place of the row, or of its cell in one of our columns."""
        return self.region.place(self.number, column)

    def cell(self, column: str) -> Cell | None:
        """The cell itself in one of our columns."""
        number = self.region.columns.get(column)
        return None if number is None else self.region.grid.cells.get((self.number, number))

    def text(self, column: str) -> str:
        """Text or choice of a column, "" when blank."""
        value = self.values.get(column)
        return value if isinstance(value, str) else ""

    def number_in(self, column: str) -> float | None:
        """Number of a column, None when blank or not known."""
        value = self.values.get(column)
        return value if isinstance(value, float) else None

    def flag(self, column: str) -> bool | None:
        """Yes or no of a column, None when blank."""
        value = self.values.get(column)
        return value if isinstance(value, bool) else None

    def day(self, column: str) -> date | None:
        """Day of a column, None when blank or not known."""
        value = self.values.get(column)
        return value if isinstance(value, date) else None

    def whole(self, columns: Iterable[str]) -> bool:
        """True when all these columns are filled and could be read."""
        return all(column in self.values for column in columns)

    def fields(self) -> dict[str, Value]:
        """The values by the names of the noun's fields; what is blank or not known is absent."""
        return {
            column.field: self.values[column.name]
            for column in self.region.table.columns
            if column.field and self.values.get(column.name, UNKNOWN) is not UNKNOWN
        }


def read_rows(
    table: Table,
    regions: Sequence[Region],
    findings: Findings,
    date1904: bool = False,
    optional: frozenset[str] = frozenset(),
) -> tuple[Row, ...]:
    """The rows of a table in the order of the sheet; required columns named in `optional` may be blank."""
    found: list[Row] = []
    required = [column for column in table.columns if column.required and column.name not in optional]
    wants = {column.name: want_of(table, column, date1904) for column in table.columns}
    for region in regions:
        for number in _data_rows(region, findings):
            found.append(_read_row(region, number, wants, required, findings))
    rows = _settle_percents(table, found, findings)
    for row in rows:
        _check_limits(row, findings)
    return tuple(rows)


def want_of(table: Table, column: Column, date1904: bool) -> Want:
    """What a cell of a column should hold."""
    return Want(
        column.kind,
        column.choices,
        column.choice_synonyms,
        may_be_unknown=(table.name, column.name) in MAY_BE_UNKNOWN,
        # The value of a setting may be anything; the setting itself knows what.
        identity=(column.required or bool(column.refers_to)) and table.name != "Settings",
        date1904=date1904,
    )


def _read_row(
    region: Region, number: int, wants: Mapping[str, Want], required: Iterable[Column], findings: Findings
) -> Row:
    values: dict[str, Value] = {}
    broken: set[str] = set()
    for name, column_number in region.columns.items():
        read = read_cell(region.grid.cells.get((number, column_number)), wants[name])
        if isinstance(read, Fault):
            broken.add(name)
            findings.error(read.code, region.place(number, name), f"{name}: {read.message}", read.advice)
        elif read is not None:
            values[name] = _as_symbol(read) if name in SYMBOL_COLUMNS else read
    for column in required:
        if column.name in region.columns and column.name not in values and column.name not in broken:
            # A custodian's row of core cash has a value and no quantity; whoever reads the holdings decides.
            if (region.table.name, column.name) == ("Holdings", "Quantity"):
                continue
            broken.add(column.name)
            findings.error(
                "missing-value",
                region.place(number, column.name),
                f"This row of {region.table.name} has no {column.name}.",
                f"Fill it in, or clear the row. {column.note}",
            )
    return Row(region, number, values, frozenset(broken))


def _as_symbol(value: Value) -> Value:
    return split_core_mark(value.upper())[0] if isinstance(value, str) else value


def _data_rows(region: Region, findings: Findings) -> list[int]:
    """Rows of the sheet that hold data; the others are blank, totals, or notes."""
    numbers = sorted(region.headers)
    filled = _filled_rows(region, numbers)
    rows: list[int] = []
    last = region.header_row
    for number in sorted(filled):
        columns = filled[number]
        if _is_total(region, number, columns):
            continue
        ours = [name for name, column in region.columns.items() if column in columns]
        if _is_data(region, ours, columns, number, gap=number > last + 1):
            rows.append(number)
            last = number
        elif len(ours) >= 2:
            findings.notice(
                "row-not-read",
                region.place(number),
                f"This row below {region.table.name} looks like data and was not read.",
                "Fill in its required columns if it belongs to the table.",
            )
    _report_hidden(region, rows, findings)
    _report_below(region, numbers, findings)
    return rows


def _filled_rows(region: Region, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Row -> its filled columns, within the region."""
    filled: dict[int, list[int]] = {}
    wanted = set(range(numbers[0], numbers[-1] + 1))
    for (row, column), cell in region.grid.cells.items():
        if region.header_row < row <= region.last_row and column in wanted and _holds_something(cell):
            filled.setdefault(row, []).append(column)
    return filled


def _holds_something(cell: Cell) -> bool:
    if cell.value is None:
        return cell.formula
    # A formula that shows nothing leaves an empty text behind.
    return not isinstance(cell.value, str) or bool(clean(cell.value))


def _is_total(region: Region, number: int, columns: Sequence[int]) -> bool:
    """A row that starts with a word for a total and names nothing else: no symbol, no treatment."""
    texts = [_text_at(region, number, column) for column in sorted(columns)]
    first = next((text for text in texts if text), "")
    if not TOTAL_START.match(first):
        return False
    names = [column.name for column in region.table.columns if column.required and column.kind in NAMING]
    others = [_text_at(region, number, region.columns.get(name, 0)) for name in names]
    if any(text and text != first and text not in NOTHING_MARKS for text in others):
        return False
    required = [column.name for column in region.table.columns if column.required]
    whole = all(region.columns.get(name) in columns for name in required)
    return not whole or TOTAL_WORDS.fullmatch(first) is not None


def _text_at(region: Region, number: int, column: int) -> str:
    cell = region.grid.cells.get((number, column))
    return clean(cell.value) if cell is not None and isinstance(cell.value, str) else ""


def _is_data(region: Region, ours: Sequence[str], columns: Sequence[int], number: int, gap: bool) -> bool:
    required = [column.name for column in region.table.columns if column.required and column.name in region.columns]
    given = [name for name in required if name in ours]
    alone = len(columns) == 1
    if region.fenced:
        return bool(ours)
    if len(given) == len(required):
        # One name alone after a blank row is a note below a table that needs no more than a name.
        return bool(ours) and not (alone and gap and number > region.header_row + 2)
    if gap:
        return len(ours) >= 2 and len(given) >= 2
    if alone and ours:
        value = region.grid.cells[number, columns[0]].value
        short = not isinstance(value, str) or len(clean(value)) <= LONGEST_NAME
        return bool(given) and len(required) <= 2 and short
    return len(ours) >= 2


def _report_hidden(region: Region, rows: Sequence[int], findings: Findings) -> None:
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
    filled = [column for column in numbers if (below, column) in region.grid.cells]
    if below > 1 and filled and all(cells.values()) and not _is_total(region, below, filled):
        findings.error(
            "row-below-table",
            place_in(region.grid, below, numbers[0]),
            f"This row stands right below the Excel table {region.table.name} and is not part of it.",
            "Drag the corner of the table over it, or leave a blank row between.",
        )


def _settle_percents(table: Table, rows: Sequence[Row], findings: Findings) -> list[Row]:
    """Rows whose bare percent numbers are shares of one, decided column by column."""
    settled = list(rows)
    for column in table.columns:
        if column.kind is not Kind.PERCENT:
            continue
        bare = [row for row in settled if isinstance(row.values.get(column.name), BarePercent)]
        if not bare:
            continue
        group = SUMS_TO_ONE.get((table.name, column.name))
        points = are_points(column.name, _entries(settled, column.name, group or ""), group is not None)
        settled = [_with_share(row, column.name, points) for row in settled]
        numbers = [row.values[column.name] for row in bare]
        if points or formats_are_known(bare[0].region):
            report_reading(findings, bare[0].place(column.name), column.name, numbers, points)
    return settled


def formats_are_known(region: Region) -> bool:
    """False where values came without their formats: 0.6 may well be shown as 60 % there."""
    return region.grid.kind not in ("values", "array")


def _entries(rows: Sequence[Row], name: str, group: str) -> list[Entry]:
    entries = []
    for row in rows:
        value = row.values.get(name)
        if isinstance(value, BarePercent):
            entries.append(Entry(row.text(group), value.number, bare=True))
        elif isinstance(value, float):
            entries.append(Entry(row.text(group), value, bare=False))
    return entries


def _with_share(row: Row, name: str, points: bool) -> Row:
    value = row.values.get(name)
    if not isinstance(value, BarePercent):
        return row
    return Row(row.region, row.number, {**row.values, name: share_of(value, points)}, row.broken)


def share_of(value: BarePercent, points: bool) -> float:
    """A bare percent number as a share of one."""
    return scaled(value.number, -2) if points else value.number


def report_reading(findings: Findings, place: Place, name: str, values: Sequence[object], points: bool) -> None:
    """Say how the bare numbers of a percent column were read: the first, and one of the other size if there is any."""
    bare = [value for value in values if isinstance(value, BarePercent)]
    other = [value for value in bare if (value.number > 1.0) != (bare[0].number > 1.0)]
    examples = [bare[0], *other[:1]]
    written = listed([plain_number(value.number) for value in examples], "and")
    read = listed([shown(Kind.PERCENT, share_of(value, points)) for value in examples], "and")
    findings.notice(
        "percent-reading",
        place,
        f"{name} holds {written} without a percent sign, read as {read}.",
        "Give the cells a percent format so that nobody has to guess.",
    )


def shown(kind: Kind, value: float) -> str:
    """A number as the sheet shows it."""
    return f"{plain_number(round(value * 100.0, 8))} %" if kind is Kind.PERCENT else plain_number(value)


def _check_limits(row: Row, findings: Findings) -> None:
    for column in row.region.table.columns:
        value = row.values.get(column.name)
        if isinstance(value, float) and (column.least is not None or column.greatest is not None):
            check_limit(
                findings, row.place(column.name), column.name, column.kind, value, column.least, column.greatest
            )


def check_limit(
    findings: Findings,
    place: Place,
    name: str,
    kind: Kind,
    value: float,
    least: float | None,
    greatest: float | None,
) -> bool:
    """Report a number beyond its limits; True when it is inside."""
    if least is not None and value < least:
        wrong, limit = "less", f"{shown(kind, least)} or more"
    elif greatest is not None and value > greatest:
        wrong, limit = "more", f"{shown(kind, greatest)} or less"
    else:
        return True
    findings.error("out-of-range", place, f"{name} is {shown(kind, value)}, {wrong} than it can be.", f"Write {limit}.")
    return False
