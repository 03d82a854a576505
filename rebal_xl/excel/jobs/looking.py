"""Check and Drift: what is wrong with the input, and how far the household is from its target; no plan is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook

from rebal_xl import api
from rebal_xl.excel.jobs.base import Desk, Found, Task, begin_reading, read_inputs
from rebal_xl.excel.jobs.understanding import confirm
from rebal_xl.excel.jobs.watch import Watch
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.write import write_sheets
from rebal_xl.household import Drift, Household, InputErrors, Policy, Problem, Severity
from rebal_xl.intake.understood import Understood, understood, was_inferred
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.results_checks import add_findings
from rebal_xl.sheets.results_drift import add_drift_alone
from rebal_xl.sheets.results_sheet import Heading
from rebal_xl.words import count, percent

NO_PLAN = "No plan: this is the household as it is, after withdrawals and contributions."


@dataclass(frozen=True, slots=True)
class Checked:
    """What Check found."""

    # whose household, and for which day; "" where it cannot be read
    whose: str
    problems: Sequence[Problem]
    # what the workbook was taken for, where some of it was inferred
    understood: Understood | None


def begin_check(book: OpenBook, answer: str, desk: Desk) -> Task:
    """Read the workbook now; look for problems in a thread."""
    book.refuse_unless_writable()
    grids = read_open_book(book, ours=False)

    def work(watch: Watch) -> Found:
        watch.step("reading")
        try:
            read = read_inputs(grids)
        except InputErrors as found:
            return Found(Checked("", found.problems, _inferred(grids, found.problems)), "Check: writing")
        watch.step("looking for problems")
        told = f"{read.household.name} · as of {read.policy.as_of:%m/%d/%Y}"
        problems = api.plan_problems(read.household, read.policy)
        return Found(Checked(told, problems, _inferred(grids, problems)), "Check: writing")

    return Task(work, _write_check)


def _inferred(grids: GridBook, problems: Sequence[Problem]) -> Understood | None:
    # Several households: which of them, the advisor says on that sheet.
    asks = any(problem.code == "several-households" for problem in problems)
    return understood(grids) if asks or was_inferred(problems) else None


def _write_check(book: OpenBook, found: Checked) -> str:
    problems = found.problems
    also = confirm(book, found.understood)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    notices = len(problems) - errors
    told = ", ".join(count(number, word) for number, word in ((errors, "problem"), (notices, "notice")) if number)
    facts = found.whose or "The household cannot be read yet."
    tab = write_sheets(book, findings_workbook(facts, problems)).tabs["Checks"]
    if not problems:
        return "All is well: a plan can be made."
    state = "Nothing is planned until the problems are mended." if errors else "A plan can be made."
    return " ".join(filter(None, (f"{told[:1].upper()}{told[1:]}: see the sheet {tab}. {state}", also)))


def findings_workbook(facts: str, problems: Sequence[Problem]) -> Workbook:
    """The Checks sheet alone."""
    built = _empty()
    add_findings(built, Heading(facts, "What was found in the workbook; no plan was made.", facts), problems)
    return built


def begin_drift(book: OpenBook, answer: str, desk: Desk) -> Task:
    """Read the workbook now; measure in a thread."""
    _, read = begin_reading(book)

    def work(watch: Watch) -> Found:
        watch.step("measuring")
        return Found((read.household.name, read.policy, drift_of(read.household, read.policy)), "Drift: writing")

    return Task(work, _write_drift, read)


def drift_of(household: Household, policy: Policy) -> Drift:
    """The drift; what only the covariance table can be at fault for is a problem of the input. Raises InputErrors."""
    try:
        return api.drift(household, policy)
    except ValueError as wrong:
        raise InputErrors([Problem(str(wrong), sheet="Covariance", code="covariance")]) from wrong


def _write_drift(book: OpenBook, found: tuple[str, Policy, Drift]) -> str:
    name, policy, drift = found
    built = _empty()
    foot = f"{policy.firm + ', ' if policy.firm else ''}{name}"
    add_drift_alone(built, Heading(f"{name} · as of {policy.as_of:%m/%d/%Y}", NO_PLAN, foot), drift)
    tab = write_sheets(book, built).tabs["Drift"]
    outside = ", ".join(drift.outside)
    state = f"Outside their bands: {outside}." if outside else "Every class is inside its band."
    if drift.tracking_trigger is not None and drift.tracking_error is not None:
        beyond = "beyond" if drift.needed else "within"
        trigger = percent(drift.tracking_trigger)
        state = f"Tracking error {percent(drift.tracking_error)} a year, {beyond} its trigger of {trigger}."
    return f"Household drift {percent(drift.household_drift)}. {state} See the sheet {tab}."


def _empty() -> Workbook:
    built = Workbook()
    for sheet in list(built.worksheets):
        built.remove(sheet)
    built.properties.creator = "rebal_xl"
    return built
