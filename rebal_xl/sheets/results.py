"""The result workbook: a plan on sheets of its own, values only, each sheet with our hidden mark."""

from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook

from rebal_xl.household import Frontier, Household, LocationReport, Plan, Policy, Problem
from rebal_xl.sheets import (
    results_book,
    results_checks,
    results_comparison,
    results_drift,
    results_frontier,
    results_location,
    results_log,
    results_tax,
    results_trades,
    results_wash,
)
from rebal_xl.sheets.results_log import RunEntry
from rebal_xl.sheets.results_sheet import Answer
from rebal_xl.sheets.schema import Table

RESULT_TABLES: tuple[Table, ...] = (
    results_drift.SUMMARY,
    results_drift.CLASSES,
    results_drift.ACCOUNTS_BEFORE,
    results_drift.ACCOUNTS_AFTER,
    results_frontier.POINTS,
    results_frontier.CHOSEN,
    results_trades.TRADES,
    results_trades.CASH,
    results_trades.LOTS,
    results_tax.TAXPAYERS,
    results_tax.TAX_LINES,
    results_tax.ROOM,
    results_tax.COST,
    results_comparison.COMPARISON,
    results_location.SUMMARY,
    results_location.MOVES,
    results_location.PLACES,
    results_wash.WASH,
    results_wash.HISTORY,
    results_wash.EXPECTED,
    results_checks.RELAXED,
    results_checks.LEFT_ALONE,
    results_checks.WAITS,
    results_checks.FINDINGS,
    results_log.RUN_LOG,
    results_book.HOUSEHOLDS,
)


def build_results(
    plan: Plan,
    household: Household,
    policy: Policy,
    problems: Sequence[Problem] = (),
    previous_log: Sequence[RunEntry] = (),
    when: datetime | None = None,
    location: tuple[LocationReport, LocationReport] | None = None,
    frontier: Frontier | None = None,
) -> Workbook:
    """Every result sheet of a plan.

    `problems` are the findings about the input, `previous_log` the runs to keep in the Run Log (see
    `results_log.earlier_runs`), `when` the moment of this run. `location` are the reports before and after the plan;
    without them there is no sheet Location. A `frontier` gets a sheet of its own.
    """
    answer = Answer(plan, household, policy)
    workbook = Workbook()
    for sheet in list(workbook.worksheets):
        workbook.remove(sheet)
    results_drift.add_drift(workbook, answer)
    if frontier is not None:
        results_frontier.add_frontier(workbook, answer, frontier)
    results_trades.add_trades(workbook, answer)
    results_trades.add_lots(workbook, answer)
    results_tax.add_tax(workbook, answer)
    if location is not None:
        results_location.add_location(workbook, answer, *location)
    results_wash.add_wash_sales(workbook, answer)
    results_checks.add_checks(workbook, answer, problems)
    results_log.add_run_log(workbook, answer, previous_log, when)
    workbook.properties.creator = "rebal_xl"
    workbook.properties.title = f"{plan.household}: plan of {plan.as_of:%m/%d/%Y}"
    return workbook
