"""What is wrong with the input, cell by cell, before anything is computed."""

from rebal_xl.excel.answers import spilled
from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.inputs import read_household, tell_day
from rebal_xl.excel.udf import Cells, OneCell, Result, formula
from rebal_xl.household import InputErrors, Problem
from rebal_xl.sheets.results_checks import FINDINGS, problem_row

NO_PROBLEMS = "No problems"


@formula(NOTES)
def REBAL_CHECK(
    holdings: Cells,
    targets: Cells,
    securities: Cells = None,
    accounts: Cells = None,
    tax: Cells = None,
    as_of: OneCell = None,
    recent: Cells = None,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """Every problem and notice of the input: where it stands, what it is, and what to write instead; or "No problems".
    With a tax profile it also says what a plan could not be made from."""
    tables = {
        "holdings": holdings,
        "targets": targets,
        "securities": securities,
        "accounts": accounts,
        "tax": tax,
        "recent": recent,
        "classmix": classmix,
        "settings": settings,
    }
    try:
        household, policy = read_household(tables, as_of)
    except InputErrors as found:
        problems = found.problems
    else:
        tell_day(tables, as_of, policy)
        problems = household.notices
        if tax is not None:
            # Imported late: it brings the solver, which a check of drift's input never needs.
            from rebal_xl.api import plan_problems

            problems = plan_problems(household, policy)
    return _rows(problems)


def _rows(problems: tuple[Problem, ...]) -> Result:
    if not problems:
        return [[NO_PROBLEMS]]
    return spilled(FINDINGS, map(problem_row, problems))
