"""The Python interface: read a household, measure its drift, find its plan, write the plan into its workbook.

Everything here works on files and plain values; nothing asks a question, prints or ends the process.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path

from openpyxl import Workbook

from rebal_xl.files.csvbook import read_csv_book
from rebal_xl.files.graft import GraftReport, graft
from rebal_xl.files.package import Package
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import default_output, refuse_if_open
from rebal_xl.files.workbookxml import WorkbookXml
from rebal_xl.household import (
    Drift,
    Frontier,
    Household,
    InputErrors,
    LocationReport,
    Plan,
    Policy,
    Problem,
    RuleCosts,
    WhatIf,
)
from rebal_xl.intake import read_grids
from rebal_xl.intake.edits import EditedPolicy, Edits, read_edits
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize.assemble import fingerprint
from rebal_xl.optimize.binding import Steps
from rebal_xl.optimize.binding import binding_rules as find_rule_costs
from rebal_xl.optimize.frontier import POINTS, FrontierProgress
from rebal_xl.optimize.frontier import frontier as find_frontier
from rebal_xl.optimize.location import find_location, household_after, suspect_input
from rebal_xl.optimize.prices import find_prices
from rebal_xl.optimize.rebalance import rebalance as find_plan
from rebal_xl.optimize.rebalance import refuse_unplannable
from rebal_xl.optimize.search import EvaluatorDisagrees
from rebal_xl.optimize.solver import Progress, SolverError
from rebal_xl.optimize.whatif import what_if as find_what_if
from rebal_xl.sheets import results_log
from rebal_xl.sheets.grid import Cell, Grid, GridBook, TableRange
from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.results_log import RunEntry, earlier_runs
from rebal_xl.tax import LawMissing

__all__ = [
    "EvaluatorDisagrees",
    "FileRefused",
    "LawMissing",
    "SolverError",
    "binding_rules",
    "check",
    "default_output",
    "drift",
    "edit_policy",
    "frontier",
    "location",
    "read_workbook",
    "rebalance",
    "result_path",
    "result_sheets",
    "what_if",
    "write_plan",
    "write_results",
]

TEXT_FILES = (".csv", ".tsv", ".txt")


def read_workbook(path: str | PathLike[str], as_of: date | None = None) -> tuple[Household, Policy]:
    """The household in a workbook (.xlsx, .xlsm) or CSV file, and what is wanted of it.

    `as_of` wins over the As Of setting; without both it is today in New York. What was noticed while reading is in
    `household.notices`. Raises InputErrors with every problem in `problems`, FileRefused when the file is no such file.
    """
    return read_grids(_book(Path(path)), as_of, as_of_wins=True)


def check(path: str | PathLike[str], as_of: date | None = None) -> tuple[Problem, ...]:
    """Everything to mend or to look at before a plan can be made, errors and notices; empty when all is well.

    Raises FileRefused when the file cannot be read at all.
    """
    try:
        household, policy = read_workbook(path, as_of)
    except InputErrors as found:
        return found.problems
    return plan_problems(household, policy)


def plan_problems(household: Household, policy: Policy) -> tuple[Problem, ...]:
    """As `check`, of a household that could be read."""
    try:
        refuse_unplannable(household, policy)
        find_prices(household, policy)
        placed = find_location(household, policy, moves=False)
    except InputErrors as found:
        return (*found.problems, *household.notices)
    except LawMissing as missing:
        return (law_problem(missing), *household.notices)
    return (*household.notices, *suspect_input(placed))


def law_problem(missing: LawMissing) -> Problem:
    """A year without law, as the finding about the input that it is."""
    return Problem(str(missing), code="law-missing")


def drift(household: Household, policy: Policy) -> Drift:
    """How far the household is from its target, class by class, in weights 0..1 and dollars.

    Raises ValueError when the covariance table lacks a class that carries drift.
    """
    return measure_drift(household, policy)


def location(household: Household, policy: Policy, plan: Plan | None = None) -> LocationReport:
    """What it costs a year that the classes lie where they do: between the best and the worst placement of this mix.

    With a `plan`, once its orders are done. Raises InputErrors for what cannot be planned, LawMissing for a year
    without law.
    """
    refuse_unplannable(household, policy)
    return find_location(household if plan is None else household_after(household, plan), policy)


def rebalance(household: Household, policy: Policy, *, progress: Progress | None = None, seed: int = 0) -> Plan:
    """The cheapest plan under the policy's rules, with the proof of how good it is.

    `progress` is called with (best cost, bound, seconds) in dollars and seconds, infinite while nothing is known;
    returning True stops the search with the best plan found. Raises InputErrors for what cannot be planned, LawMissing
    for a year without law, SolverError when nothing was found, EvaluatorDisagrees when a plan fails its recomputation.
    """
    return find_plan(household, policy, progress=progress, seed=seed)


def binding_rules(household: Household, policy: Policy, plan: Plan, *, progress: Steps | None = None) -> RuleCosts:
    """Which rules of a plan cost money: each is loosened by a stated step and the household planned again.

    `plan` is the plan of `rebalance` for the same household and policy. It takes as long as that many plans, but no
    longer than the policy's deadline. `progress` is called with (number of the rule, how many there are, its name);
    returning True stops with what was found. Raises as `rebalance`.
    """
    return find_rule_costs(household, policy, plan, progress)


def frontier(
    household: Household,
    policy: Policy,
    *,
    points: int = POINTS,
    plan: Plan | None = None,
    progress: FrontierProgress | None = None,
) -> Frontier:
    """The cheapest plan for each of `points` caps on household drift, and the policy's own plan beside them.

    The caps go evenly from today's drift down to the least that any plan reaches, and stand instead of the bands; all
    other rules hold. `plan` is the policy's plan where it was made already. `progress` is called with (plans found,
    plans in all, seconds); returning True stops with what was found. Raises as `rebalance`, and InputErrors for fewer
    than two points.
    """
    return find_frontier(household, policy, points=points, plan=plan, progress=progress)


def what_if(
    household: Household,
    policy: Policy,
    edited: Policy,
    *,
    edited_household: Household | None = None,
    base: Plan | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """The plan under `policy` beside the plan under `edited`, and their differences in tax, cost, classes and orders.

    `edited_household` is planned under `edited` where the household is edited as well; `base` is the plan under
    `policy` where it was made already. Raises as `rebalance`, before any search for edits that cannot be.
    """
    return find_what_if(household, policy, edited, edited_household=edited_household, base=base, progress=progress)


def edit_policy(household: Household, policy: Policy, edits: Edits) -> EditedPolicy:
    """The policy after edits typed as text, read through the same door as a workbook.

    Raises InputErrors with every reason, all at once, why edits cannot be read or planned.
    """
    found = read_edits(household, policy, edits)
    problems = list(found.problems)
    try:
        refuse_unplannable(household, found.policy)
    except InputErrors as refused:
        problems += refused.problems
    if problems:
        raise InputErrors(problems)
    return found


def write_plan(
    path: str | PathLike[str],
    plan: Plan,
    out: str | PathLike[str] | None = None,
    *,
    in_place: bool = False,
    policy: Policy | None = None,
    frontier: Frontier | None = None,
) -> Path:
    """Write the plan on result sheets into a copy of the workbook it was made from; returns where it went.

    `out` is the new workbook, without it "<name> rebalanced.xlsx" beside the old one; `in_place` changes the workbook
    itself. A file that is overwritten is kept as a backup. `policy` is the plan's policy where it is not the
    workbook's own, such as another method; a `frontier` gets a sheet of its own. Raises FileRefused, with nothing
    written, when the workbook's inputs are not those of the plan any more or the file cannot be saved; ValueError for
    `out` and `in_place` at once.
    """
    return _saved(
        write_results(path, plan, out, in_place=in_place, revise=lambda own: policy or own, frontier=frontier)
    )


def write_results(
    path: str | PathLike[str],
    plan: Plan,
    out: str | PathLike[str] | None = None,
    *,
    in_place: bool = False,
    revise: Callable[[Policy], Policy] = lambda own: own,
    backup: bool = True,
    frontier: Frontier | None = None,
) -> GraftReport:
    """As `write_plan`, with everything there is to tell about what was written.

    `revise` turns the workbook's own policy into the plan's. Without `backup` a file that is overwritten is lost.
    """
    source = Path(path)
    target = result_path(source, None if out is None else Path(out), in_place=in_place)
    book = _book(source)
    household, own = read_grids(book, plan.as_of, as_of_wins=True)
    wanted = revise(own)
    if fingerprint(household, wanted) != plan.fingerprint:
        raise FileRefused(
            f"'{source.name}' does not hold what the plan was made from: it was changed in the meantime. "
            "Make the plan again. Nothing was written."
        )
    built = result_sheets(plan, household, wanted, previous_runs(source, book), frontier)
    return graft(source, built, target, backup=backup, keep_previous=True)


def result_sheets(
    plan: Plan,
    household: Household,
    policy: Policy,
    earlier: Sequence[RunEntry] = (),
    frontier: Frontier | None = None,
    placed: tuple[LocationReport, LocationReport] | None = None,
) -> Workbook:
    """The result sheets of a plan as a workbook of their own.

    `earlier` are the runs that the Run Log keeps, `placed` what `placements` says where it was asked already. Raises as
    `location`.
    """
    before, after = placed or placements(household, policy, plan)
    return build_results(
        plan,
        household,
        policy,
        (*household.notices, *suspect_input(before)),
        previous_log=earlier,
        location=(before, after),
        # Excel knows no time zones: the time as the clock on the wall shows it.
        when=datetime.now(UTC).astimezone().replace(tzinfo=None, second=0, microsecond=0),
        frontier=frontier,
    )


def placements(household: Household, policy: Policy, plan: Plan) -> tuple[LocationReport, LocationReport]:
    """Where the classes lie before and after a plan. Raises as `location`."""
    return find_location(household, policy, moves=False), location(household, policy, plan)


def result_path(source: Path, out: Path | None, *, in_place: bool) -> Path:
    """Where the results of a workbook go; refused as early as possible where they cannot.

    Raises FileRefused for a text file, for another ending than the workbook's, or while the file is open elsewhere;
    ValueError for `out` and `in_place` at once.
    """
    if in_place and out is not None:
        raise ValueError("Give `out` or `in_place`, not both.")
    if source.suffix.lower() in TEXT_FILES:
        raise FileRefused(f"'{source.name}' is a text file and has no sheets. Keep the household in an .xlsx workbook.")
    target = source if in_place else out or default_output(source)
    if target.suffix.lower() != source.suffix.lower():
        raise FileRefused(f"'{target.name}' must end in '{source.suffix}' like '{source.name}'.")
    if target.is_dir():
        raise FileRefused(f"'{target}' is a folder. Name a file in it.")
    refuse_if_open(target)
    return target


def previous_runs(path: Path, book: GridBook) -> tuple[RunEntry, ...]:
    """The rows of the workbook's Run Log, the newest first, with what the advisor wrote under Status and Note."""
    sheets = WorkbookXml(Package.read(path), path.name).our_sheets()
    tabs = [ours.sheet.name for ours in sheets if ours.kind == results_log.KIND and not ours.previous]
    for grid in book.grids:
        if grid.name in tabs:
            return logged_runs(grid)
    return ()


def logged_runs(grid: Grid) -> tuple[RunEntry, ...]:
    """The runs on a Run Log sheet, the newest first; none where its table is gone."""
    return earlier_runs(table_rows(grid.cells, grid.tables[0])) if grid.tables else ()


def table_rows(cells: Mapping[tuple[int, int], Cell], table: TableRange) -> list[dict[str, object]]:
    """The body of a table, a dictionary of header -> value for each row."""
    columns = range(table.first_col, table.last_col + 1)

    def value(row: int, column: int) -> object:
        cell = cells.get((row, column))
        return cell.value if cell else None

    headers = {column: str(value(table.first_row, column)) for column in columns}
    body = range(table.first_row + table.header_rows, table.last_row + 1 - table.totals_rows)
    return [{headers[column]: value(row, column) for column in columns} for row in body]


def _book(path: Path) -> GridBook:
    return read_csv_book(path) if path.suffix.lower() in TEXT_FILES else read_book(path)


def _saved(report: GraftReport) -> Path:
    if report.saved is None:
        raise AssertionError("a graft to a file says where it was saved")
    return report.saved.path
