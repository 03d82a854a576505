"""What each command does, from reading to writing; how it may fail is in guard.py."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rebal_xl import api
from rebal_xl.cli import demo as samples
from rebal_xl.cli import documents
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.progress import Watch
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import say_count, show_drift, show_problems
from rebal_xl.cli.show_plan import show_plan
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import Saved, save_workbook
from rebal_xl.household import Household, InputErrors, Method, Plan, Policy, Problem, Severity
from rebal_xl.intake.understood import was_inferred
from rebal_xl.log import LOGGER
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template

WORKBOOK_ENDING = ".xlsx"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants instead of what the workbook's settings say; None keeps the workbook's."""

    as_of: date | None = None
    method: Method | None = None
    gap_bp: float | None = None
    deadline_s: float | None = None
    # the one that is meant where the workbook holds several
    household: str = ""

    def revise(self, policy: Policy) -> Policy:
        """The workbook's policy with these wishes."""
        return replace(
            policy,
            method=policy.method if self.method is None else self.method,
            gap_bp=policy.gap_bp if self.gap_bp is None else self.gap_bp,
            deadline_s=policy.deadline_s if self.deadline_s is None else self.deadline_s,
        )


def new(screen: Screen, file: Path, force: bool) -> None:
    """Write the empty workbook."""
    with ending_well(screen, "new"):
        if file.suffix.lower() != WORKBOOK_ENDING:
            raise FileRefused(f"'{file.name}' must end in .xlsx, or Excel will not open it.")
        if file.exists() and not force:
            raise FileRefused(f"'{file}' exists and is left as it is. Choose another name, or add --force.")
        saved = save_workbook(workbook_bytes(build_template()), file, backup=True)
        say_saved(screen, "The empty workbook is", saved)
        screen.err.print("Fill the yellow cells, then run: rebal-xl check", file.name, soft_wrap=True)


def demo(screen: Screen, folder: Path) -> Exit:
    """Write the sample household and rebalance it."""
    with ending_well(screen, "demo"):
        workbook = samples.write_samples(folder)
        screen.err.print(f"The sample household is in {workbook}", soft_wrap=True)
        out = folder / samples.RESULT
        return _rebalance(screen, workbook, Wish(), out=out, backup=False)


def check(screen: Screen, file: Path, as_of: date | None, household: str = "") -> Exit:
    """Every problem and notice of a workbook."""
    with ending_well(screen, "check"):
        problems = api.check(file, as_of, household)
        code = Exit.PROBLEMS if any(one.severity is Severity.ERROR for one in problems) else Exit.DONE
        if screen.as_json:
            screen.write(documents.as_text(documents.checked(problems, code)))
        else:
            if problems:
                show_problems(screen.out, problems)
            say_count(screen.out, problems)
            if was_inferred(problems) and file.suffix.lower() not in api.TEXT_FILES:
                screen.err.print(
                    "Some of it was inferred. To see what was understood, and to correct it once: rebal-xl understand",
                    file.name,
                    soft_wrap=True,
                )
        return code


def understand(screen: Screen, file: Path, out: Path | None, household: str, *, in_place: bool) -> None:
    """Write what was understood of a workbook."""
    with ending_well(screen, "understand"):
        report = api.write_understood(file, out, household, in_place=in_place)
        say_saved(screen, "What was understood is on the sheet Understood", report.saved or Saved(file))


def drift(screen: Screen, file: Path, as_of: date | None, name: str = "") -> None:
    """How far a household is from its target."""
    with ending_well(screen, "drift"):
        household, policy = api.read_workbook(file, as_of, name)
        try:
            measured = api.drift(household, policy)
        except ValueError as wrong:
            # What only the covariance table can be at fault for.
            raise InputErrors([Problem(str(wrong), sheet="Covariance", code="covariance")]) from wrong
        if screen.as_json:
            screen.write(documents.as_text(documents.drifted(household, policy, measured)))
            return
        show_notices(screen, household)
        show_drift(screen.out, measured)


def rebalance(screen: Screen, file: Path, wish: Wish, *, out: Path | None, in_place: bool) -> Exit:
    """Find a plan and write it."""
    with ending_well(screen, "rebalance"):
        return _rebalance(screen, file, wish, out=out, in_place=in_place)


def _rebalance(
    screen: Screen, file: Path, wish: Wish, *, out: Path | None, in_place: bool = False, backup: bool = True
) -> Exit:
    # Before a long search, not after it: can the answer be written at all?
    api.result_path(file, out, in_place=in_place)
    household, own = api.read_workbook(file, wish.as_of, wish.household)
    policy = wish.revise(own)
    if not screen.as_json:
        show_notices(screen, household)
    LOGGER.info(
        "%d accounts, %d lots, %d securities, %d classes, as of %s, method %s",
        len(household.accounts), len(household.lots), len(household.securities), len(policy.targets),
        policy.as_of, policy.method,
    )  # fmt: skip
    plan = searched(screen, household, policy)
    with Watch(screen.err) as watch:
        curve = api.dashboard_curve(household, policy, plan, progress=watch.beside)
    # Reads the workbook again: it may have been saved while the search ran, and then the plan is not its plan.
    report = api.write_results(file, plan, out, in_place=in_place, revise=wish.revise, backup=backup, curve=curve)
    saved = report.saved or Saved(file)
    code = Exit.RELAXED if plan.relaxed else Exit.DONE
    if screen.as_json:
        told = api.explanation(household, policy, plan)
        document = documents.planned(household, plan, told, code, saved.path, saved.backup)
        screen.write(documents.as_text(document))
        return code
    show_plan(screen.out, plan)
    say_saved(screen, "The plan is", saved)
    return code


def searched(screen: Screen, household: Household, policy: Policy) -> Plan:
    """The plan, with its progress shown; Ctrl-C keeps the best found so far."""
    with Watch(screen.err) as watch:
        try:
            plan = api.rebalance(household, policy, progress=watch.report)
        except api.SolverError as wrong:
            if watch.stopping:
                # Stopped before there was anything to keep.
                raise KeyboardInterrupt from wrong
            raise
    LOGGER.info(
        "%s after %.1f s: cost %.2f, bound %.2f", plan.status, plan.solve_seconds, plan.cost_usd, plan.bound_usd
    )
    return plan


def show_notices(screen: Screen, household: Household) -> None:
    """What was noticed while the workbook was read."""
    if household.notices:
        show_problems(screen.err, household.notices)


def say_saved(screen: Screen, what: str, saved: Saved) -> None:
    """Where a workbook went, and the file it replaced."""
    screen.err.print(f"{what} in {saved.path}", soft_wrap=True)
    if saved.backup:
        screen.err.print(f"The file as it was is in {saved.backup}", soft_wrap=True)
