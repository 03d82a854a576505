"""A mixed-integer linear program, built column by column and row by row with names, stored as sparse arrays.

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


def _filled(value: FloatArray | float, count: int) -> FloatArray:
    """An array of its own with one number for each of `count`."""
    filled = np.empty(count)
    filled[:] = value
    return filled


@dataclass(slots=True)
class Program:
    """Collects columns and rows; `columns` and `rows` keep where each named block lies."""

    columns: dict[str, IntArray] = field(default_factory=dict)
    rows: dict[str, IntArray] = field(default_factory=dict)
    # constant of the objective
    offset: float = 0.0
    # the tracking error, where a rule has set one up
    cone: Cone | None = None
    _count: int = 0
    _row_count: int = 0
    _cost: list[FloatArray] = field(default_factory=list)
    _lower: list[FloatArray] = field(default_factory=list)
    _upper: list[FloatArray] = field(default_factory=list)
    _integer: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    _row_lower: list[FloatArray] = field(default_factory=list)
    _row_upper: list[FloatArray] = field(default_factory=list)
    _triplets: list[tuple[IntArray, IntArray, FloatArray]] = field(default_factory=list)

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
        index = np.arange(self._count, self._count + count, dtype=np.int64)
        self._count += count
        self.columns[name] = index
        for store, value in ((self._lower, lower), (self._upper, upper), (self._cost, cost)):
            store.append(_filled(value, count))
        self._integer.append(np.full(count, integer))
        return index

    def add_binary(self, name: str, cost: float = 0.0) -> int:
        """Add one yes-or-no column; returns its index."""
        return int(self.add_columns(name, 1, 0.0, 1.0, cost, integer=True)[0])

    def add_column(self, name: str, lower: float = 0.0, upper: float = INFINITY, cost: float = 0.0) -> int:
        """Add one continuous column; returns its index."""
        return int(self.add_columns(name, 1, lower, upper, cost)[0])

    def add_rows(
        self, name: str, count: int, lower: FloatArray | float, upper: FloatArray | float, *terms: Term
    ) -> IntArray:
        """Add `count` rows lower <= sum of terms <= upper under a name; returns their indexes."""
        first = self._row_count
        self._row_count += count
        index = np.arange(first, self._row_count, dtype=np.int64)
        self.rows[name] = index
        for store, value in ((self._row_lower, lower), (self._row_upper, upper)):
            store.append(_filled(value, count))
        for term in terms:
            column = np.array(term.column, dtype=np.int64, ndmin=1)
            row = np.full(len(column), first, dtype=np.int64)
            row += term.row
            self._triplets.append((row, column, _filled(term.value, len(column))))
        return index

    def add_row(self, name: str, lower: float, upper: float, *terms: tuple[int | IntArray, FloatArray | float]) -> None:
        """Add one row lower <= sum(value * column) <= upper; terms are (columns, values)."""
        # rows of many single columns are common, and arrays of one are slow
        single = [(column, value) for column, value in terms if not isinstance(column, np.ndarray)]
        blocks = [Term(0, column, value) for column, value in terms if isinstance(column, np.ndarray)]
        if single:
            columns, values = zip(*single, strict=True)
            blocks.append(Term(0, np.array(columns, dtype=np.int64), np.array(values, dtype=np.float64)))
        self.add_rows(name, 1, lower, upper, *blocks)

    def finish(self) -> Arrays:
        """Put the pieces together."""

        def joined(pieces: list[FloatArray]) -> FloatArray:
            return np.concatenate(pieces) if pieces else np.zeros(0)

        triplets = self._triplets or [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
        rows, columns, values = (np.concatenate(part) for part in zip(*triplets, strict=True))
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=(self._row_count, self._count))
        matrix.eliminate_zeros()
        return Arrays(
            cost=joined(self._cost),
            lower=joined(self._lower),
            upper=joined(self._upper),
            integer=np.concatenate(self._integer) if self._integer else np.zeros(0, dtype=np.bool_),
            matrix=matrix,
            row_lower=joined(self._row_lower),
            row_upper=joined(self._row_upper),
            offset=self.offset,
            cone=self.cone,
        )

    def names(self) -> Iterator[str]:
        """Name of each column in order, for messages in development."""
        for name, index in self.columns.items():
            for place in range(len(index)):
                yield name if len(index) == 1 else f"{name}[{place}]"
