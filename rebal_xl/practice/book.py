"""The scan of a book: every household of a folder read and measured by its own settings, without Excel."""

from collections.abc import Callable
from datetime import date
from os import PathLike
from pathlib import Path

from rebal_xl.api import TEXT_FILES, read_workbook
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Household, InputErrors, Policy, Problem, Scanned, ScanReport, Severity, Skipped
from rebal_xl.log import write_log
from rebal_xl.measure.drift import measure_drift
from rebal_xl.measure.harvest import losses_worth_taking
from rebal_xl.practice.cash import cash_idle_and_short_usd
from rebal_xl.practice.files import book_files

# Called with (number of the file, how many there are, its name) before each; True stops the scan.
Progress = Callable[[int, int, str], bool]
# What a household is called that nobody named.
NO_NAME = "Household"
OURS = "result sheets of rebal_xl and nothing else"


def scan(folder: str | PathLike[str], progress: Progress | None = None, as_of: date | None = None) -> ScanReport:
    """Every household file of a folder (not of folders in it), in the order in which they need attention.

    `as_of` wins over each workbook's own As Of. A file that cannot be read is a row with its problems, never the end
    of the scan; a stopped scan reports what it came to. Raises FileRefused when the folder cannot be read.
    """
    root = Path(folder)
    files, skipped = book_files(root)
    found: list[Scanned] = []
    ours: list[Skipped] = []
    for number, path in enumerate(files, 1):
        if progress is not None and progress(number, len(files), path.name):
            break
        one = scan_file(path, as_of)
        if not one.readable and _only_ours(path):
            ours.append(Skipped(path.name, OURS))
        else:
            found.append(one)
    every = sorted([*skipped, *ours], key=lambda one: (one.file.casefold(), one.file))
    return ScanReport(str(root), tuple(found), len(files) - len(ours), tuple(every))


def scan_file(path: Path, as_of: date | None = None) -> Scanned:
    """One household file; whatever is wrong with it is in its `problems`."""
    try:
        return _measured(path, *read_workbook(path, as_of))
    except InputErrors as found:
        errors = tuple(problem for problem in found.problems if problem.severity is Severity.ERROR)
        problems = errors or found.problems
    except FileRefused as refused:
        problems = (Problem(refused.sentence, code="file-refused"),)
    except Exception as wrong:  # noqa: BLE001 - one bad file must not stop the others
        log = write_log(wrong)
        where = f"Details are in {log}" if log else ""
        problems = (Problem("Something unexpected went wrong with this file.", where, code="unexpected"),)
    return Scanned(path.name, path.stem, problems)


def _measured(path: Path, household: Household, policy: Policy) -> Scanned:
    try:
        drift = measure_drift(household, policy)
    except ValueError as wrong:
        # What only the covariance table can be at fault for.
        raise InputErrors([Problem(str(wrong), sheet="Covariance", code="covariance")]) from wrong
    losses = losses_worth_taking(household, policy)
    idle, short = cash_idle_and_short_usd(household, policy, drift.value_usd)
    return Scanned(
        file=path.name,
        name=path.stem if household.name == NO_NAME else household.name,
        notices=len(household.notices),
        as_of=policy.as_of,
        value_usd=drift.value_usd,
        drift=drift.household_drift,
        needed=drift.needed,
        outside=drift.outside,
        losses_usd=sum(loss.loss_usd for loss in losses),
        waiting_usd=sum(loss.loss_usd for loss in losses if loss.safe_from is not None),
        harvests=policy.harvests,
        idle_usd=idle,
        short_usd=short,
    )


def _only_ours(path: Path) -> bool:
    """Whether a workbook holds our result sheets and nothing else, such as the sheet of an earlier scan."""
    if path.suffix.lower() in TEXT_FILES:
        return False
    try:
        grids = read_book(path).grids
    except FileRefused:
        return False
    except Exception:  # noqa: BLE001 - it was told already why this file cannot be read
        return False
    return bool(grids) and all(grid.ours or not grid.cells for grid in grids) and any(grid.ours for grid in grids)
