"""The list of everything found while a book is read: errors and notices with sheet and cell, in sheet order.

Nothing here stops the reading: one bad row must not hide the other 299.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rebal_xl.household import Problem, Severity
from rebal_xl.sheets.grid import Grid, GridBook


def letters(column: int) -> str:
    """The letters of a 1-based column: 1 is A, 27 is AA."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; row and column are 1-based, 0 when it is about no single row or column."""

    sheet: str = ""
    row: int = 0
    column: int = 0
    # lines of a CSV file have no column letters
    csv: bool = False

    @property
    def cell(self) -> str:
        """The cell as people write it: C7, or line 7 in a CSV file."""
        if self.csv:
            return f"line {self.row}" if self.row else ""
        if not self.row:
            return ""
        return f"{letters(self.column)}{self.row}" if self.column else f"row {self.row}"


def place_in(grid: Grid, row: int = 0, column: int = 0) -> Place:
    """A place on a grid; of a cell that stands for another one, where that one is."""
    if grid.origin:
        row, column = grid.origin.get((row, column), (row, column))
    return Place(grid.name, row, column, csv=grid.kind in ("csv", "array"))


@dataclass(slots=True)
class Findings:
    """Collects problems and notices, and hands them back in the order of the sheets."""

    # sheet name -> its place in the book
    order: Mapping[str, int] = field(default_factory=dict)
    _found: list[tuple[Place, Problem]] = field(default_factory=list)

    @classmethod
    def of(cls, book: GridBook) -> "Findings":
        """An empty list that knows the order of the book's sheets."""
        return cls({grid.name: number for number, grid in enumerate(book.grids)})

    def error(self, code: str, place: Place, message: str, advice: str) -> None:
        """Something that must be mended before anything can be computed."""
        self._add(Severity.ERROR, code, place, message, advice)

    def notice(self, code: str, place: Place, message: str, advice: str = "") -> None:
        """Something computed all the same, but worth a look."""
        self._add(Severity.NOTICE, code, place, message, advice)

    def _add(self, severity: Severity, code: str, place: Place, message: str, advice: str) -> None:
        self._found.append((place, Problem(message, advice, place.sheet, place.cell, severity, code)))

    def take(self, problem: Problem) -> None:
        """A finding of another list, at the end of its sheet."""
        self._found.append((Place(problem.sheet), problem))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The errors in sheet order, each said once."""
        return self._sorted(Severity.ERROR)

    @property
    def notices(self) -> tuple[Problem, ...]:
        """The notices in sheet order, each said once."""
        return self._sorted(Severity.NOTICE)

    def _sorted(self, severity: Severity) -> tuple[Problem, ...]:
        last = len(self.order)
        found = {
            (self.order.get(place.sheet, last), place.row, place.column, problem.message): problem
            for place, problem in self._found
            if problem.severity is severity
        }
        return tuple(found[key] for key in sorted(found))


def how_to_ask(name: str) -> str:
    """How to say which of several households is meant; `name` is one of them."""
    return (
        f'Choose one on the sheet Understood, ask for it by its name, such as --household "{name}", or keep one '
        "household to a workbook."
    )
