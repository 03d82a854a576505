"""Problems and notices: what is wrong with an input, where, and what to write instead. Errors are data."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding stops."""

    # nothing can be computed until it is mended
    ERROR = "error"
    # computed, but somebody should look
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about the input."""

    message: str
    # what to write instead, or what to do
    advice: str = ""
    # sheet name or file name, "" when the finding is about no single place
    sheet: str = ""
    # cell such as "C7", or "line 12" in a CSV file
    cell: str = ""
    severity: Severity = Severity.ERROR
    # stable short name of the kind of finding, e.g. "unknown-account"
    code: str = ""

    @property
    def place(self) -> str:
        """Where it is, as people write it: Holdings!C7."""
        return f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.message}" + (f" {self.advice}" if self.advice else "")


class InputErrors(ValueError):
    """The input cannot become a household; `problems` says why, all of it at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
