"""Rows of a result as a formula spills them: the header row first, columns of the result sheets by name."""

from collections.abc import Iterable, Sequence
from typing import Any

from rebal_xl.sheets.cells import Shown
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.schema import Table


def spilled(table: Table, rows: Iterable[Row], columns: Sequence[str] = ()) -> list[list[Any]]:
    """The header row of a result table and its rows; `columns` names those to show, all of them without.

    KeyError for a column that the table does not have.
    """
    names = [table.column(name).name for name in columns] or [column.name for column in table.columns]
    return [[*names], *([_value(row.get(name)) for name in names] for row in rows)]


def _value(value: object) -> object:
    return value.value if isinstance(value, Shown) else value
