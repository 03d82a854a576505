"""A table's region into typed rows: every cell read, every problem collected, every address kept.

Which rows hold data is for `datarows` to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from rebal_xl.intake.cusips import LEAST_DIGITS, LENGTH, with_zeros
from rebal_xl.intake.datarows import data_rows
from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings, Place
from rebal_xl.intake.percent import Entry, are_points
from rebal_xl.intake.values import (
    GREATEST_NUMBER,
    UNKNOWN,
    BarePercent,
    Fault,
    Read,
    Value,
    Want,
    listed,
    plain_number,
    read_cell,
    scaled,
    split_core_mark,
)
from rebal_xl.intake.years import tell_years
from rebal_xl.sheets.grid import Cell, FilledRow
from rebal_xl.sheets.schema import Column, Kind, Table
from rebal_xl.sheets.tables import input_table

SYMBOL_COLUMNS = frozenset({"Symbol", "Replacement"})
NOTHING_BROKEN: frozenset[str] = frozenset()
MOST = GREATEST_NUMBER
_UNREAD = Fault("", "", "")
# Where the custodian's "Various" and "Incomplete" are answers.
MAY_BE_UNKNOWN = frozenset(
    {*(("Holdings", name) for name in ("Acquired", "Cost Basis", "Cost/Share", "Term")), ("RecentTrades", "Acquired")}
)
# Days on which something was bought or sold.
TRADED = frozenset(
    {("Holdings", "Acquired"), ("RecentTrades", "Acquired"), ("RecentTrades", "Date"), ("Fills", "Date")}
)
_COSTS = frozenset({"Cost Basis", "Cost/Share"})
# Columns that must sum to one, and the column that says what belongs together.
SUMS_TO_ONE = {("Targets", "Target %"): "Group", ("ClassMix", "Weight"): "Symbol", ("Models", "Weight"): "Model"}


class Row(NamedTuple):
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
        find = _fields_of(self.region.table.name).get
        return {field: value for name, value in self.values.items() if value is not UNKNOWN and (field := find(name))}


@cache
def _fields_of(table: str) -> Mapping[str, str]:
    """Column name -> field of the noun, for the columns of a table that fill one."""
    return {column.name: column.field for column in input_table(table).columns if column.field}


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
        found += _read_region(region, data_rows(region, findings), wants, required, findings)
    rows = _settle_percents(table, found, findings)
    _check_limits(table, rows, findings)
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
        traded=(table.name, column.name) in TRADED,
    )


def _read_region(
    region: Region,
    filled: Mapping[int, Mapping[int, Cell]],
    wants: Mapping[str, Want],
    required: Iterable[Column],
    findings: Findings,
) -> list[Row]:
    """The rows of a region from its filled cells; equal cells of a column have one reading."""
    readers = {number: _Reader(name, wants[name]) for name, number in region.columns.items()}
    needed = _needed_in(region, required)
    rows: list[Row] = []
    way = repr((region.table.name, *wants.values(), *sorted(region.columns.items()), *(each.name for each in needed)))
    for number, cells in filled.items():
        # A row that comes again is not read again.
        if isinstance(cells, FilledRow) and cells.way == way:
            rows.append(Row(region, number, cells.read, NOTHING_BROKEN))
            continue
        values: dict[str, Value] = {}
        broken: set[str] = set()
        for column, cell in cells.items():
            reader = readers.get(column)
            if reader is None:
                continue
            value, _, _, cached = cell
            # By far the most cells are numbers.
            if value.__class__ is float and reader.of_numbers and cached and -MOST <= value <= MOST:
                values[reader.name] = value + 0.0  # turns -0.0 into 0.0
                continue
            # 1 and TRUE are equal, and are read differently.
            read = _UNREAD if value.__class__ is bool else reader.known.get(cell, _UNREAD)
            if read is _UNREAD:
                read = reader.read(cell)
            if read is None:
                continue
            if isinstance(read, Fault):
                broken.add(reader.name)
                place = region.place(number, reader.name)
                findings.error(read.code, place, f"{reader.name}: {read.message}", read.advice)
            else:
                values[reader.name] = read
        for wanted in needed:
            if wanted.name not in values and wanted.name not in broken:
                broken.add(wanted.name)
                _report_missing(region, number, wanted, findings)
        if isinstance(cells, FilledRow) and not broken:
            cells.way, cells.read = way, values
        rows.append(Row(region, number, values, frozenset(broken) if broken else NOTHING_BROKEN))
    _tell_zeros(region, readers.values(), rows, findings)
    traded = [reader.name for reader in readers.values() if reader.want.traded]
    tell_years(region, traded, {row.number: row.values for row in rows} if traded else {}, findings)
    return rows


def _needed_in(region: Region, required: Iterable[Column]) -> list[Column]:
    """Columns of a region that every row must fill."""
    # A custodian's row of core cash has a value and no quantity; whoever reads the holdings decides.
    return [
        column
        for column in required
        if column.name in region.columns and (region.table.name, column.name) != ("Holdings", "Quantity")
    ]


# What was read of a cell depends on it, the name of its column and what is wanted there: nearly all cells come again.
_READINGS: dict[tuple[str, Want], dict[Cell, Read]] = {}
MOST_READINGS = 20_000


def forget_readings() -> None:
    """Forget what was read of cells."""
    _READINGS.clear()


class _Reader:
    """Reads the cells of one column; a sheet repeats few names and days many times."""

    __slots__ = ("known", "name", "of_numbers", "want")

    def __init__(self, name: str, want: Want) -> None:
        self.name, self.want = name, want
        self.of_numbers = want.kind in (Kind.NUMBER, Kind.MONEY)
        # what was read of equal cells, TRUE and FALSE apart
        self.known = _READINGS.setdefault((name, want), {})
        if len(self.known) > MOST_READINGS:
            self.known.clear()

    def read(self, cell: Cell) -> Read:
        """The value of a cell that was not read yet."""
        read = read_cell(cell, self.want)
        if self.name in SYMBOL_COLUMNS and isinstance(read, str):
            read = split_core_mark(read.upper())[0]
            if cell.value.__class__ is float:
                read = _symbol_of_number(read)
        # 0 and -0 are equal too
        if cell.value.__class__ is not bool and cell.value != 0.0:
            self.known[cell] = read
        return read


def _symbol_of_number(digits: str) -> Read:
    """A symbol that Excel holds as a number, with the zeros that it lost; a Fault where nobody knows how many."""
    whole = with_zeros(digits)
    if whole or not LEAST_DIGITS <= len(digits) < LENGTH:
        return whole or digits
    return Fault(
        f"{digits} is a number here. A CUSIP has nine characters, so zeros in front may be lost; put back, its check "
        "digit does not fit.",
        "Format the cell as Text and type the symbol again.",
        "symbol-zeros",
    )


def _tell_zeros(region: Region, readers: Iterable[_Reader], rows: Sequence[Row], findings: Findings) -> None:
    """Say which symbols got their leading zeros back."""
    for reader in readers:
        if reader.name not in SYMBOL_COLUMNS:
            continue
        column = region.columns[reader.name]
        mended = [row for row in rows if _has_zeros_back(region.grid.cells.get((row.number, column)), row, reader.name)]
        if mended:
            first = mended[0]
            found = {row.text(reader.name): row.text(reader.name).lstrip("0") for row in mended}
            told = listed([f"{number} as {symbol}" for symbol, number in found.items()], "and")
            findings.notice(
                "symbol-zeros",
                first.place(reader.name),
                f"{reader.name} holds numbers that were CUSIPs and lost their leading zeros: read {told}, whose check "
                f"{'digits fit' if len(found) > 1 else 'digit fits'}.",
                "Format the column as Text and write them with their zeros.",
            )


def _has_zeros_back(cell: Cell | None, row: Row, name: str) -> bool:
    """Whether a number stands where a symbol with leading zeros was read."""
    text = row.text(name)
    if cell is None or not isinstance(cell.value, float) or not text.startswith("0"):
        return False
    return len(text) > len(plain_number(cell.value))


def _report_missing(region: Region, number: int, column: Column, findings: Findings) -> None:
    findings.error(
        "missing-value",
        region.place(number, column.name),
        f"This row of {region.table.name} has no {column.name}.",
        f"Fill it in, or clear the row. {column.note}",
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


def _check_limits(table: Table, rows: Sequence[Row], findings: Findings) -> None:
    given: set[str] = set().union(*(row.values for row in rows))
    for column in table.columns:
        if (column.least is None and column.greatest is None) or column.name not in given:
            continue
        for row in rows:
            value = row.values.get(column.name)
            if isinstance(value, float) and _is_beyond(value, column.least, column.greatest):
                if column.name in _COSTS and (row.number_in("Quantity") or 0.0) < 0.0:
                    # What was received for shares sold short is shown with either sign, and nobody needs it.
                    continue
                place = row.place(column.name)
                check_limit(findings, place, column.name, column.kind, value, column.least, column.greatest)


def _is_beyond(value: float, least: float | None, greatest: float | None) -> bool:
    return (least is not None and value < least) or (greatest is not None and value > greatest)


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
