"""The Python interface: read a household, measure its drift, find its plan, write the plan into its workbook.

Everything here works on files and plain values; nothing asks a question, prints or ends the process.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path

from openpyxl import Workbook

from rebal_xl.explain import Told, explain
from rebal_xl.files import studies
from rebal_xl.files.client_page import PageWritten, page_path, picture_beside
from rebal_xl.files.csvbook import read_csv_book
from rebal_xl.files.graft import GraftReport, graft
from rebal_xl.files.package import Package
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import default_output, refuse_if_open, save_workbook
from rebal_xl.files.workbookxml import WorkbookXml
from rebal_xl.household import (
    Against,
    Curve,
    Drift,
    Frontier,
    Household,
    InputErrors,
    LocationReport,
    Plan,
    Policy,
    Problem,
    ReturnHistory,
    RuleCosts,
    Study,
    ValueSoFar,
    WhatIf,
)
from rebal_xl.household.explanation import Explanation
from rebal_xl.intake import read_grids
from rebal_xl.intake.edits import EditedPolicy, Edits, read_edits
from rebal_xl.measure.drift import measure_drift
from rebal_xl.measure.value import value_so_far as find_value
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
from rebal_xl.report import Picture, Report, render
from rebal_xl.review import held_against
from rebal_xl.sheets import results_execution, results_log
from rebal_xl.sheets.grid import Cell, Grid, GridBook, TableRange
from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.results_execution import Tick, earlier_ticks
from rebal_xl.sheets.results_log import RunEntry, earlier_runs
from rebal_xl.sheets.results_sheet import FACTS_ROW
from rebal_xl.study import Wishes
from rebal_xl.study import how_often as find_study
from rebal_xl.tax import LawMissing

__all__ = [
    "EvaluatorDisagrees",
    "FileRefused",
    "LawMissing",
    "SolverError",
    "binding_rules",
    "check",
    "client_report",
    "dashboard_curve",
    "default_output",
    "drift",
    "edit_policy",
    "explanation",
    "frontier",
    "how_often",
    "location",
    "read_returns",
    "read_workbook",
    "rebalance",
    "result_path",
    "result_sheets",
    "value_so_far",
    "what_if",
    "write_page",
    "write_plan",
    "write_report",
    "write_results",
]

TEXT_FILES = (".csv", ".tsv", ".txt")
# The Dashboard's curve: so many plans, looked for in so many seconds at most.
CURVE_POINTS, CURVE_S = 6, 10.0
NOT_DRAWN = "What coming nearer to the target costs is not shown"


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


def dashboard_curve(
    household: Household, policy: Policy, plan: Plan, *, progress: FrontierProgress | None = None
) -> Curve | None:
    """What the Dashboard shows of the frontier beside a plan; None where the policy does not ask for it.

    It takes ten seconds at most, and no longer than the policy's deadline; `progress` is as in `frontier`. A curve
    that was stopped has the points that were proven by then, and says so. Raises as `frontier`.
    """
    if not policy.frontier_on_dashboard:
        return None
    allowed = min(CURVE_S, policy.deadline_s)
    if plan.status == "cancelled" or (progress is not None and progress(0, CURVE_POINTS + 1, 0.0)):
        # Whoever stops the search for a plan does not wait for what stands beside it.
        return Curve(told=f"{NOT_DRAWN}: the search was stopped.")
    if plan.status != "optimal" or plan.solve_seconds > allowed:
        return Curve(told=f"{NOT_DRAWN}: the plan alone took longer than the {allowed:.0f} seconds for it.")
    out_of_time: list[bool] = []

    def watch(found: int, total: int, seconds: float) -> bool:
        if seconds >= allowed:
            out_of_time.append(True)
            return True
        return progress is not None and progress(found, total, seconds)

    timed = replace(policy, deadline_s=allowed)
    found = find_frontier(household, timed, points=CURVE_POINTS, plan=plan, progress=watch)
    points = tuple(point for point in found.points if point.plan.status == "optimal")
    if found.status == "optimal":
        return Curve(points)
    why = f"{allowed:.0f} seconds were not enough" if out_of_time else "the search was stopped"
    if not points:
        return Curve(told=f"{NOT_DRAWN}: {why}.")
    return Curve(points, f"What coming nearer to the target costs is shown in part: {why}.")


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


def how_often(
    household: Household,
    policy: Policy,
    wishes: Wishes | None = None,
    *,
    history: ReturnHistory | None = None,
    expected: Mapping[str, float] | None = None,
) -> Study:
    """The household under several rules of rebalancing (never, by the calendar, by bands), over many paths of returns.

    Paths are put together from `history` (see `read_returns`) where it is given, else simulated from the policy's
    covariance and `expected` returns (class -> mean of a year, 0..1), the shipped assumptions where these are missing.
    `wishes` name the rules, paths, years and seed. Raises InputErrors with everything that makes a study impossible.
    """
    return find_study(household, policy, wishes, history=history, expected=expected)


def read_returns(path: str | PathLike[str], policy: Policy) -> ReturnHistory:
    """Monthly returns of the target's classes from a CSV file or workbook: Date, and a column for each class.

    Raises InputErrors with every problem of the file, FileRefused when it is no such file.
    """
    return studies.read_returns(Path(path), policy)


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
    curve: Curve | None = None,
) -> Path:
    """Write the plan on result sheets into a copy of the workbook it was made from; returns where it went.

    `out` is the new workbook, without it "<name> rebalanced.xlsx" beside the old one; `in_place` changes the workbook
    itself. A file that is overwritten is kept as a backup. `policy` is the plan's policy where it is not the
    workbook's own, such as another method; a `frontier` gets a sheet of its own. Without one, the Dashboard shows
    `curve`, or what `dashboard_curve` finds. Raises FileRefused, with nothing written, when the workbook's inputs are
    not those of the plan any more or the file cannot be saved; ValueError for `out` and `in_place` at once.
    """
    return _saved(
        write_results(
            path, plan, out, in_place=in_place, revise=lambda own: policy or own, frontier=frontier, curve=curve
        )
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
    curve: Curve | None = None,
) -> GraftReport:
    """As `write_plan`, with everything there is to tell about what was written.

    `revise` turns the workbook's own policy into the plan's. Without `backup` a file that is overwritten is lost.
    """
    source = Path(path)
    target = result_path(source, None if out is None else Path(out), in_place=in_place)
    book, household, wanted = _inputs_of(source, plan, revise)
    if frontier is None and curve is None:
        curve = dashboard_curve(household, wanted, plan)
    built = result_sheets(
        plan,
        household,
        wanted,
        previous_runs(source, book),
        frontier,
        curve=curve,
        ticks=previous_ticks(source, book),
    )
    return graft(source, built, target, backup=backup, keep_previous=True)


def client_report(
    household: Household,
    policy: Policy,
    plan: Plan,
    *,
    location: tuple[LocationReport, LocationReport] | None = None,
    frontier: Frontier | None = None,
    logo: Picture | None = None,
) -> str:
    """A plan as one self-contained HTML page for the client: words, charts and tables; nothing on it is loaded.

    `location` is what `placements` says where it was asked already, a `frontier` gets a chart of its own. The same plan
    gives the same text. Raises as `location`.
    """
    return render(_report(Told(plan, household, policy, location, frontier), logo))


def write_report(
    path: str | PathLike[str],
    plan: Plan,
    out: str | PathLike[str] | None = None,
    *,
    policy: Policy | None = None,
    frontier: Frontier | None = None,
) -> Path:
    """Write the plan as a page for the client; returns where it went.

    `out` is the page, without it "<name> report.html" beside the workbook; a file that is overwritten is kept as a
    backup. `policy` and `frontier` are as in `write_plan`, and so is what is raised. A logo that cannot be used is left
    out.
    """
    return write_page(path, plan, out, revise=lambda own: policy or own, frontier=frontier).saved.path


def write_page(
    path: str | PathLike[str],
    plan: Plan,
    out: str | PathLike[str] | None = None,
    *,
    revise: Callable[[Policy], Policy] = lambda own: own,
    frontier: Frontier | None = None,
) -> PageWritten:
    """As `write_report`, with what there is to tell about it; `revise` is as in `write_results`."""
    source = Path(path)
    target = page_path(source, None if out is None else Path(out))
    _, household, wanted = _inputs_of(source, plan, revise)
    logo, notices = picture_beside(source, wanted.logo)
    report = _report(Told(plan, household, wanted, frontier=frontier), logo)
    saved = save_workbook(render(report).encode("utf-8"), target, backup=True)
    return PageWritten(saved, report.explanation, notices)


def _report(told: Told, logo: Picture | None) -> Report:
    placed = told.location or placements(told.household, told.policy, told.plan)
    return Report(explain(replace(told, location=placed)), told.plan, told.household, told.frontier, logo)


def result_sheets(
    plan: Plan,
    household: Household,
    policy: Policy,
    earlier: Sequence[RunEntry] = (),
    frontier: Frontier | None = None,
    placed: tuple[LocationReport, LocationReport] | None = None,
    ticks: Sequence[Tick] = (),
    curve: Curve | None = None,
    against: Against | None = None,
) -> Workbook:
    """The result sheets of a plan as a workbook of their own.

    `earlier` are the runs that the Run Log keeps, `ticks` those of the Execution sheet, `placed` what `placements` and
    `against` what `compared` says where they were asked already, `curve` what the Dashboard shows of the frontier where
    there is no `frontier`. Raises as `location`.
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
        explanation=explain(Told(plan, household, policy, (before, after), frontier)),
        ticks=ticks,
        curve=curve,
        against=against or compared(household, policy, plan),
    )


def compared(household: Household, policy: Policy, plan: Plan) -> Against | None:
    """What the Run Log holds a plan against; None where that could not be computed: it never costs the plan."""
    try:
        return held_against(household, policy, plan)
    except (ArithmeticError, LookupError, ValueError):
        return None


def value_so_far(path: str | PathLike[str], as_of: date | None = None) -> ValueSoFar:
    """What the runs of a workbook's Run Log that were carried out this year were worth against the ordinary way.

    The year is that of the as-of day, as in `read_workbook`. Estimates in dollars, the sum of single rebalances. Raises
    as `read_workbook`.
    """
    return value_with_inputs(path, as_of)[-1]


def value_with_inputs(path: str | PathLike[str], as_of: date | None = None) -> tuple[Household, Policy, ValueSoFar]:
    """As `value_so_far`, with the household and policy of the workbook before it."""
    source = Path(path)
    book = _book(source)
    household, policy = read_grids(book, as_of, as_of_wins=True)
    return household, policy, find_value(household, previous_runs(source, book), policy.as_of)


def placements(household: Household, policy: Policy, plan: Plan) -> tuple[LocationReport, LocationReport]:
    """Where the classes lie before and after a plan. Raises as `location`."""
    return find_location(household, policy, moves=False), location(household, policy, plan)


def explanation(household: Household, policy: Policy, plan: Plan, frontier: Frontier | None = None) -> Explanation:
    """The plan in a client's words, in the tone and length of the policy; as on the Explanation sheet.

    A `frontier` tells what going nearer to the target would cost. Raises as `location`.
    """
    return explain(Told(plan, household, policy, placements(household, policy, plan), frontier))


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
    if path.suffix.lower() in TEXT_FILES:
        return ()
    grid = _our_grid(path, book, results_log.KIND)
    return () if grid is None else logged_runs(grid)


def previous_ticks(path: Path, book: GridBook) -> tuple[Tick, ...]:
    """The lines of the workbook's Execution sheet that were ticked or noted."""
    grid = _our_grid(path, book, results_execution.KIND)
    return () if grid is None else ticked_lines(grid)


def _our_grid(path: Path, book: GridBook, kind: str) -> Grid | None:
    """Our sheet of that kind as the last run wrote it; None where there is none."""
    sheets = WorkbookXml(Package.read(path), path.name).our_sheets()
    tabs = [ours.sheet.name for ours in sheets if ours.kind == kind and not ours.previous]
    return next((grid for grid in book.grids if grid.name in tabs), None)


def logged_runs(grid: Grid) -> tuple[RunEntry, ...]:
    """The runs on a Run Log sheet, the newest first; none where its table is gone."""
    tables = sorted(grid.tables, key=lambda table: table.first_row)
    log, orders = ([table_rows(grid.cells, table) for table in tables] + [[], []])[:2]
    return earlier_runs(log, orders)


def ticked_lines(grid: Grid) -> tuple[Tick, ...]:
    """What was ticked and noted on an Execution sheet; nothing where its table is gone."""
    said = grid.cells.get((FACTS_ROW, 1))
    return earlier_ticks(said.value if said else "", table_rows(grid.cells, grid.tables[0])) if grid.tables else ()


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


def _inputs_of(source: Path, plan: Plan, revise: Callable[[Policy], Policy]) -> tuple[GridBook, Household, Policy]:
    """What a file holds now. Raises FileRefused where that is not what the plan was made from."""
    book = _book(source)
    household, own = read_grids(book, plan.as_of, as_of_wins=True)
    wanted = revise(own)
    if fingerprint(household, wanted) != plan.fingerprint:
        raise FileRefused(
            f"'{source.name}' does not hold what the plan was made from: it was changed in the meantime. "
            "Make the plan again. Nothing was written."
        )
    return book, household, wanted


def _saved(report: GraftReport) -> Path:
    if report.saved is None:
        raise AssertionError("a graft to a file says where it was saved")
    return report.saved.path
