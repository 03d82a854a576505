"""Whatever went wrong, as a sentence for a message box; the details of the unexpected go to the log."""

from __future__ import annotations

from rebal_xl.api import EvaluatorDisagrees, FileRefused, LawMissing, SolverError, law_problem
from rebal_xl.excel import failures
from rebal_xl.excel.live.refusal import why_refused
from rebal_xl.household import InputErrors, Problem, Severity
from rebal_xl.log import write_log
from rebal_xl.words import count

# Problems told in a message box; the Checks sheet holds all of them.
TOLD = 3


def sentence(error: BaseException) -> str:
    """What to tell the advisor about an error."""
    if isinstance(error, InputErrors):
        return problems_told(error.problems)
    if isinstance(error, FileRefused):
        if error.__cause__ is not None:
            write_log(error)
        return error.sentence
    if isinstance(error, LawMissing):
        return str(law_problem(error))
    if isinstance(error, EvaluatorDisagrees | SolverError):
        return f"{error} The workbook is untouched. {failures.details(error)}"
    told = why_refused(error)
    if told:
        write_log(error)
        return told
    return failures.sentence(error)


def problems_told(problems: tuple[Problem, ...]) -> str:
    """The first problems of an input, and where the others are."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR] or list(problems)
    lines = [str(problem) for problem in errors[:TOLD]]
    head = f"{count(len(errors), 'problem')} must be mended first:" if len(errors) > 1 else ""
    more = len(errors) - TOLD
    foot = f"And {more} more: press Check for the whole list." if more > 0 else ""
    return "\n".join(line for line in (head, *lines, foot) if line)
