"""Which error a cell shows, and the sentence behind it."""

from collections.abc import Iterable
from enum import StrEnum

from rebal_xl.household import InputErrors, Problem
from rebal_xl.tax.law import LawMissing

# So many problems are told in full; the rest is counted.
MOST_TOLD = 5
# Findings that make others: where a table cannot be read, whatever it would have said is missed elsewhere.
CAUSES = frozenset({"no-header-row", "missing-column", "empty-argument"})


class Code(StrEnum):
    """Excel's errors, as the wrapper knows them."""

    # the input is wrong
    VALUE = "VALUE"
    # there is nothing to answer, or not now
    NA = "NA"
    # numbers that cannot be
    NUM = "NUM"


class Refused(Exception):
    """A formula has no answer; the sentence says why and what to do."""

    def __init__(self, code: Code, sentence: str) -> None:
        self.code = code
        self.sentence = sentence
        super().__init__(sentence)


def refusal_of(error: Exception) -> tuple[Code, str] | None:
    """The error of a cell and its sentence; None for what nobody expected."""
    if isinstance(error, Refused):
        return error.code, error.sentence
    if isinstance(error, InputErrors):
        return Code.VALUE, told(error.problems)
    if isinstance(error, LawMissing):
        return Code.NA, str(error)
    return None


def told(problems: Iterable[Problem]) -> str:
    """Problems as one text, causes before what follows from them: the first few in full, then how many more."""
    ordered = sorted(problems, key=lambda problem: problem.code not in CAUSES)
    sentences = list(dict.fromkeys(str(problem) for problem in ordered))
    more = len(sentences) - MOST_TOLD
    rest = f"And {more} more: =REBAL_CHECK() lists them all." if more > 0 else ""
    return " ".join([*sentences[:MOST_TOLD], *([rest] if rest else [])])
