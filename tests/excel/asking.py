"""Sheets of a workbook as Excel hands them to a formula: Value2 of a range, and the external address it came from."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from rebal_xl.excel.call import call
from rebal_xl.excel.convert import serial_of
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.inputs import TABLES
from rebal_xl.excel.reasons import why
from rebal_xl.files.reader import read_book
from rebal_xl.intake.findings import letters
from rebal_xl.sample.workbook import write_sample_workbook
from rebal_xl.sheets.grid import CellError, GridBook

BOOK = "Rivera.xlsx"
# The cell that asks where a test names none.
CALLER = "[B.xlsx]Dashboard!$B$2"
# What COM sends for an error cell.
NA_ERROR, DIV_ERROR = -2146826246, -2146826281
Table = tuple[tuple[object, ...], ...]
ARGUMENTS = {each.name: [argument.name for argument in each.arguments] for each in CATALOG}


@cache
def sample_book() -> GridBook:
    """The sample workbook, read from its file."""
    with TemporaryDirectory() as folder:
        return read_book(write_sample_workbook(Path(folder) / BOOK))


def sample_tables() -> dict[str, tuple[str, tuple[tuple[object, ...], ...]]]:
    """Argument name -> (address, values) of the Excel table that it would be."""
    found = {}
    for argument, table in TABLES.items():
        for grid in sample_book().grids:
            for fence in grid.tables:
                if fence.name == table.name:
                    last = fence.last_row - fence.totals_rows
                    rows = tuple(
                        tuple(
                            _value2(grid.cells[row, column].value if (row, column) in grid.cells else None)
                            for column in range(fence.first_col, fence.last_col + 1)
                        )
                        for row in range(fence.first_row, last + 1)
                    )
                    start = f"${letters(fence.first_col)}${fence.first_row}"
                    address = f"[{BOOK}]{grid.name}!{start}:${letters(fence.last_col)}${last}"
                    found[argument] = (address, rows)
    return found


def _value2(value: object) -> object:
    if isinstance(value, datetime):
        return serial_of(value.date()) + (value.hour * 60 + value.minute) / 1440
    if isinstance(value, date):
        return serial_of(value)
    if isinstance(value, CellError):
        return NA_ERROR
    return value


def ask(
    name: str,
    arguments: Mapping[str, object],
    places: Mapping[str, str] | None = None,
    *,
    caller: str = CALLER,
    date1904: bool = False,
    wizard: bool = False,
) -> object:
    """Call a formula with named arguments, as the wrapper would: in order, what is left out as None."""
    names = ARGUMENTS[name]
    assert set(arguments) <= set(names), f"{name} has no {set(arguments) - set(names)}"
    values = [arguments.get(argument) for argument in names]
    where = [(places or {}).get(argument, "") for argument in names]
    return call(name, values, where, caller, date1904, wizard)


def ask_sample(name: str, **arguments: object) -> object:
    """Call a formula on the sample workbook: every table that it takes, and the cells given."""
    tables = sample_tables()
    wanted = [argument for argument in ARGUMENTS[name] if argument in tables and argument not in arguments]
    given = {argument: tables[argument][1] for argument in wanted} | arguments
    return ask(name, given, {argument: tables[argument][0] for argument in wanted})


def as_records(table: object) -> list[dict[str, object]]:
    """A spilled table as one dictionary for each row below the header."""
    assert isinstance(table, tuple), table
    header, *rows = table
    return [dict(zip(header, row, strict=True)) for row in rows]


def rows(text: str) -> tuple[tuple[object, ...], ...]:
    """A table written as text: columns parted by |, numbers as numbers, nothing as an empty cell."""
    lines = [[_cell(cell.strip()) for cell in line.split("|")] for line in text.strip().splitlines()]
    width = max(map(len, lines))
    return tuple((*line, *([None] * (width - len(line)))) for line in lines)


def _cell(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text or None


def columns(table: Sequence[Sequence[object]], *names: str) -> list[tuple[object, ...]]:
    """Some columns of a spilled table, without its header."""
    return [tuple(record[name] for name in names) for record in as_records(table)]


def changed(table: Table, row: int, column: int, value: object) -> Table:
    """A table with one cell changed; rows and columns count from zero, the header is row 0."""
    lines = [list(line) for line in table]
    lines[row][column] = value
    return tuple(map(tuple, lines))


def refused(answer: object, code: str = "VALUE") -> str:
    """The sentence of an error; fails when it is none."""
    assert isinstance(answer, str), answer
    assert answer.startswith(f"#REBAL!{code}|"), answer
    sentence = answer.partition("|")[2]
    assert sentence == why(CALLER)
    assert "Traceback" not in sentence
    return sentence
