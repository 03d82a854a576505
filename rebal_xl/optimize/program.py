"""A mixed-integer linear program, built column by column and row by row with names, finished as sparse arrays.

Money in columns and in the objective is in thousands of dollars: HiGHS is two to six times faster so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from rebal_xl.optimize.cone import Cone

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
INFINITY = float("inf")
# Dollars in one unit of the program.
UNIT_USD = 1000.0


@dataclass(slots=True)
class Term:
    """Part of rows: coefficient `value` of column `column` in the block's row `row` (arrays broadcast together)."""

    row: IntArray | int
    column: IntArray | int
    value: FloatArray | float = 1.0


@dataclass(slots=True)
class Arrays:
    """The finished program, as a solver wants it."""

    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    integer: npt.NDArray[np.bool_]
    matrix: sparse.csr_matrix
    row_lower: FloatArray
    row_upper: FloatArray
    offset: float
    # a tracking error that the rows only touch; see optimize/tangents.py
    cone: Cone | None = None


def _put(store: list[float], value: FloatArray | float, count: int) -> None:
    """Append one number for each of `count`."""
    if not isinstance(value, np.ndarray):
        store.extend([value] * count)
    elif value.shape == (count,):
        store.extend(value.tolist())
    else:
        store.extend(np.broadcast_to(value, count).tolist())


@dataclass(slots=True)
class Program:
    """Collects columns and rows; `columns` and `rows` keep where each named block lies.

    Blocks are small and many, so they are kept as plain lists, which become arrays once, when the program is finished.
    """

    columns: dict[str, range] = field(default_factory=dict)
    rows: dict[str, range] = field(default_factory=dict)
    # constant of the objective
    offset: float = 0.0
    # the tracking error, where a rule has set one up
    cone: Cone | None = None
    _count: int = 0
    _row_count: int = 0
    _cost: list[float] = field(default_factory=list)
    _lower: list[float] = field(default_factory=list)
    _upper: list[float] = field(default_factory=list)
    _integer: list[bool] = field(default_factory=list)
    _row_lower: list[float] = field(default_factory=list)
    _row_upper: list[float] = field(default_factory=list)
    # row, column and coefficient of every term
    _term_rows: list[int] = field(default_factory=list)
    _term_columns: list[int] = field(default_factory=list)
    _term_values: list[float] = field(default_factory=list)

    def add_columns(
        self,
        name: str,
        count: int,
        lower: FloatArray | float = 0.0,
        upper: FloatArray | float = INFINITY,
        cost: FloatArray | float = 0.0,
        integer: bool = False,
    ) -> IntArray:
        """Add `count` columns under a name; returns their indexes."""
        first = self._count
        self._count += count
        self.columns[name] = range(first, self._count)
        for store, value in ((self._lower, lower), (self._upper, upper), (self._cost, cost)):
            _put(store, value, count)
        self._integer.extend([integer] * count)
        return np.arange(first, self._count, dtype=np.int64)

    def add_binary(self, name: str, cost: float = 0.0) -> int:
        """Add one yes-or-no column; returns its index."""
        return self.add_column(name, 0.0, 1.0, cost, integer=True)

    def add_column(
        self, name: str, lower: float = 0.0, upper: float = INFINITY, cost: float = 0.0, *, integer: bool = False
    ) -> int:
        """Add one column; returns its index."""
        index = self._count
        self._count += 1
        self.columns[name] = range(index, self._count)
        self._lower.append(lower)
        self._upper.append(upper)
        self._cost.append(cost)
        self._integer.append(integer)
        return index

    def add_rows(
        self, name: str, count: int, lower: FloatArray | float, upper: FloatArray | float, *terms: Term
    ) -> None:
        """Add `count` rows lower <= sum of terms <= upper under a name."""
        first = self._row_count
        self._row_count += count
        self.rows[name] = range(first, self._row_count)
        _put(self._row_lower, lower, count)
        _put(self._row_upper, upper, count)
        for term in terms:
            columns = term.column.tolist() if isinstance(term.column, np.ndarray) else [term.column]
            if isinstance(term.row, np.ndarray):
                self._term_rows.extend((term.row + first).tolist())
            else:
                self._term_rows.extend([term.row + first] * len(columns))
            self._term_columns.extend(columns)
            _put(self._term_values, term.value, len(columns))

    def add_row(self, name: str, lower: float, upper: float, *terms: tuple[int | IntArray, FloatArray | float]) -> None:
        """Add one row lower <= sum(value * column) <= upper; terms are (columns, values)."""
        row = self._row_count
        self._row_count += 1
        self.rows[name] = range(row, self._row_count)
        self._row_lower.append(lower)
        self._row_upper.append(upper)
        before = len(self._term_columns)
        # columns in blocks first, then single ones
        for column, value in terms:
            if isinstance(column, np.ndarray):
                self._term_columns.extend(column.tolist())
                _put(self._term_values, value, len(column))
        for column, value in terms:
            if not isinstance(column, np.ndarray):
                self._term_columns.append(column)
                self._term_values.append(float(value))
        self._term_rows.extend([row] * (len(self._term_columns) - before))

    def finish(self) -> Arrays:
        """Put the pieces together."""
        rows, columns = np.array(self._term_rows, np.int32), np.array(self._term_columns, np.int32)
        values = np.array(self._term_values, np.float64)
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=(self._row_count, self._count))
        matrix.eliminate_zeros()
        return Arrays(
            cost=np.array(self._cost, np.float64),
            lower=np.array(self._lower, np.float64),
            upper=np.array(self._upper, np.float64),
            integer=np.array(self._integer, np.bool_),
            matrix=matrix,
            row_lower=np.array(self._row_lower, np.float64),
            row_upper=np.array(self._row_upper, np.float64),
            offset=self.offset,
            cone=self.cone,
        )

    def names(self) -> Iterator[str]:
        """Name of each column in order, for messages in development."""
        for name, index in self.columns.items():
            for place in range(len(index)):
                yield name if len(index) == 1 else f"{name}[{place}]"
