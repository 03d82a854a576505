"""Write into copies of workbooks and pages: plans, reports, what was understood and imported."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path

from openpyxl import Workbook

from rebal_xl.api.asking import compared, dashboard_curve, overlap, placements
from rebal_xl.api.reading import TEXT_FILES, book_of_file, previous_runs, previous_ticks
from rebal_xl.explain import Told, explain
from rebal_xl.files.client_page import PageWritten, page_path, picture_beside
from rebal_xl.files.graft import GraftReport, graft
from rebal_xl.files.imports import Imported, import_into
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import default_output, refuse_if_open, save_workbook
from rebal_xl.household import (
    Against,
    Curve,
    Frontier,
    Household,
    LocationReport,
    Plan,
    Policy,
)
from rebal_xl.intake import read_grids
from rebal_xl.intake.households import Choice
from rebal_xl.intake.understood import understood
from rebal_xl.optimize.assemble import fingerprint
from rebal_xl.optimize.location import suspect_input
from rebal_xl.orders.fills_enter import FillsEntered, enter_fills
from rebal_xl.report import Picture, Report, render
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.results_execution import Tick
from rebal_xl.sheets.results_log import RunEntry
from rebal_xl.sheets.understood import KIND as UNDERSTOOD_KIND
from rebal_xl.sheets.understood import understood_workbook


def import_files(
    paths: Sequence[str | PathLike[str]],
    into: str | PathLike[str],
    out: str | PathLike[str] | None = None,
) -> Imported:
    """Bring custodians' files into a copy of a workbook: holdings and cash, prices, and the trades of the last weeks.

    The copy is `out`, else '<name> imported.xlsx' beside `into`, which is not changed. Raises InputErrors with every
    problem, FileRefused when nothing can be written.
    """
    return import_into(Path(into), [Path(path) for path in paths], None if out is None else Path(out))


def read_fills_into(
    workbook: str | PathLike[str],
    fills: str | PathLike[str],
    out: str | PathLike[str] | None = None,
    *,
    write: bool = True,
    fills_only: bool = False,
    today: date | None = None,
) -> FillsEntered:
    """Enter a CSV file of executed fills into a copy of the workbook whose plan they carry out.

    Lots, cash, RecentTrades and Fills are brought up to date; slippage against the plan is in the answer. The copy is
    `out`, else '<name> filled.xlsx' beside the workbook, which is not changed. `fills_only` writes Fills alone. Raises
    InputErrors with every problem, FileRefused when nothing can be written.
    """
    target = None if out is None else Path(out)
    return enter_fills(Path(workbook), Path(fills), target, write=write, fills_only=fills_only, today=today)


def write_understood(
    path: str | PathLike[str], out: str | PathLike[str] | None = None, household: str = "", *, in_place: bool = False
) -> GraftReport:
    """Write the sheet Understood: what every range of the workbook was taken for, with a column to correct it.

    It goes into a copy, "<name> understood.xlsx" beside the workbook without `out`; the advisor's sheets keep every
    byte, and corrections that were typed before stay. Raises FileRefused when the file cannot be read or saved.
    """
    source = Path(path)
    target = None if in_place else default_output(source, "understood") if out is None else Path(out)
    target = result_path(source, target, in_place=in_place)
    found = understood(book_of_file(source), household)
    sheet = understood_workbook(found.lines, source.name, found.households)
    return graft(source, sheet, target, backup=True, show=UNDERSTOOD_KIND)


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
    frontier: Frontier | Curve | None = None,
    logo: Picture | None = None,
) -> str:
    """A plan as one self-contained HTML page for the client: words, charts and tables; nothing on it is loaded.

    `location` is what `placements` says where it was asked already, a `frontier` gets a chart of its own, and so does
    what `dashboard_curve` found of one. The same plan gives the same text. Raises as `location`.
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
        overlap=overlap(household, policy),
    )


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


def _inputs_of(source: Path, plan: Plan, revise: Callable[[Policy], Policy]) -> tuple[GridBook, Household, Policy]:
    """What a file holds now. Raises FileRefused where that is not what the plan was made from."""
    book = book_of_file(source)
    household, own = read_grids(book, plan.as_of, as_of_wins=True, choice=Choice(plan.household))
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
