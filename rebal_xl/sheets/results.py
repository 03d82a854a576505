"""The result workbook: a plan on sheets of its own, values only, each sheet with our hidden mark."""

from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook

from rebal_xl.household import Against, Curve, Frontier, Household, LocationReport, Plan, Policy, Problem
from rebal_xl.household.explanation import Explanation
from rebal_xl.household.overlap import OverlapReport
from rebal_xl.sheets import (
    dashboard_tables,
    results_book,
    results_checks,
    results_comparison,
    results_dashboard,
    results_drift,
    results_execution,
    results_explanation,
    results_frontier,
    results_groups,
    results_location,
    results_log,
    results_orders,
    results_overlap,
    results_study,
    results_tax,
    results_trades,
    results_value,
    results_wash,
)
from rebal_xl.sheets.results_execution import Tick
from rebal_xl.sheets.results_log import RunEntry
from rebal_xl.sheets.results_sheet import Answer
from rebal_xl.sheets.schema import Table

RESULT_TABLES: tuple[Table, ...] = (
    *dashboard_tables.TABLES,
    results_drift.SUMMARY,
    results_drift.CLASSES,
    results_drift.ACCOUNTS_BEFORE,
    results_drift.ACCOUNTS_AFTER,
    results_groups.GROUPS,
    results_frontier.POINTS,
    results_frontier.CHOSEN,
    results_trades.TRADES,
    results_trades.CASH,
    results_trades.LOTS,
    results_execution.LINES,
    results_tax.TAXPAYERS,
    results_tax.TAX_LINES,
    results_tax.ROOM,
    results_tax.COST,
    results_comparison.COMPARISON,
    results_location.SUMMARY,
    results_location.MOVES,
    results_location.PLACES,
    *results_overlap.TABLES,
    results_wash.WASH,
    results_wash.HISTORY,
    results_wash.EXPECTED,
    results_value.SUMMARY,
    results_value.MONTHS,
    results_value.RUNS,
    results_checks.RELAXED,
    results_checks.LEFT_ALONE,
    results_checks.WAITS,
    results_checks.FINDINGS,
    results_log.RUN_LOG,
    results_orders.RUN_ORDERS,
    results_book.HOUSEHOLDS,
    results_study.VALUE,
    results_study.CARE,
    results_study.HAPPENED,
    results_study.CLASSES,
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
    explanation: Explanation | None = None,
    ticks: Sequence[Tick] = (),
    curve: Curve | None = None,
    against: Against | None = None,
    overlap: OverlapReport | None = None,
) -> Workbook:
    """Every result sheet of a plan.

    `problems` are the findings about the input, `previous_log` the runs to keep in the Run Log (see
    `results_log.earlier_runs`), `when` the moment of this run. `location` are the reports before and after the plan;
    without them there is no sheet Location, and without an `overlap` that holds something none of that name. A
    `frontier` gets a sheet of its own; without one, `curve` is what the Dashboard draws. An `explanation` gets a sheet
    too. `ticks` are what was ticked on the Execution sheet before (see `results_execution.earlier_ticks`). `against` is
    what the Run Log holds this run against; Value So Far is there once the log holds an earlier run of the year.
    """
    answer = Answer(plan, household, policy)
    workbook = Workbook()
    for sheet in list(workbook.worksheets):
        workbook.remove(sheet)
    if explanation is not None:
        results_explanation.add_explanation(workbook, answer, explanation)
    results_drift.add_drift(workbook, answer)
    if frontier is not None:
        results_frontier.add_frontier(workbook, answer, frontier)
    results_trades.add_trades(workbook, answer)
    results_trades.add_lots(workbook, answer)
    results_execution.add_execution(workbook, answer, ticks)
    results_tax.add_tax(workbook, answer)
    if location is not None:
        results_location.add_location(workbook, answer, *location)
    if overlap is not None:
        results_overlap.add_overlap(workbook, answer, overlap)
    results_wash.add_wash_sales(workbook, answer)
    value = results_value.add_value(workbook, answer, previous_log)
    results_checks.add_checks(workbook, answer, problems)
    run = results_log.run_entry(answer, when, against, location)
    results_log.add_run_log(workbook, answer, run, previous_log, dict(value.filled))
    drawn = curve if frontier is None else Curve(frontier.points)
    results_dashboard.add_dashboard(workbook, answer, location, drawn, problems, frozenset(workbook.sheetnames))
    workbook.properties.creator = "rebal_xl"
    workbook.properties.title = f"{plan.household}: plan of {plan.as_of:%m/%d/%Y}"
    return workbook
