"""
Data frames as grids: of pandas, polars or anything else with named columns and rows; none of them is imported here.

The first row of a frame is line 2, as if it had been saved as a CSV file.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rebal_xl.household import InputErrors, Problem
from rebal_xl.sheets.grid import Cell, CellValue, Grid, GridBook


def book_of_frames(frames: Mapping[str, Any]) -> GridBook:
    """Table name (Holdings, Targets, ...) -> frame, as a book. Raises InputErrors for what is no frame."""
    wrong = [name for name, frame in frames.items() if not hasattr(frame, "columns")]
    if wrong:
        raise InputErrors(
            [Problem(f"{name} is no data frame.", "Give an object with columns and rows, such as a pandas DataFrame.",
                     sheet=name, code="no-frame") for name in wrong]
        )  # fmt: skip
    return GridBook(None, tuple(_grid(name, frame) for name, frame in frames.items()))


def _grid(name: str, frame: Any) -> Grid:
    cells = {(1, column): Cell(str(header)) for column, header in enumerate(frame.columns, 1)}
    for row, values in enumerate(_rows(frame), 2):
        for column, value in enumerate(values, 1):
            read = _value(value)
            if read is not None:
                cells[row, column] = Cell(read)
    return Grid(name, cells, kind="array")


def _rows(frame: Any) -> Iterator[Sequence[Any]]:
    yield from frame.itertuples(index=False, name=None) if hasattr(frame, "itertuples") else frame.iter_rows()


def _value(value: Any) -> CellValue:
    """A value as a cell holds it; what stands for nothing in a frame (None, NaN, NaT, NA) is nothing."""
    if value is None or value != value or str(value) in ("<NA>", "NaT"):
        return None
    if hasattr(value, "item") and not isinstance(value, str | float):
        value = value.item()
    if isinstance(value, bool | str):
        return value or None if isinstance(value, str) else value
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return number if math.isfinite(number) else None
    if isinstance(value, datetime.datetime):
        moment = value.replace(tzinfo=None)
        return moment.date() if moment.time() == datetime.time() else moment
    return value if isinstance(value, datetime.date | datetime.time) else str(value)
