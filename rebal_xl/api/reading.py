"""Read a household, what is wanted of it, and what earlier runs left in its workbook."""

from collections.abc import Mapping, Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

from rebal_xl.files import studies
from rebal_xl.files.csvbook import read_csv_book
from rebal_xl.files.imports import household_of_files
from rebal_xl.files.ours import logged_runs, our_grid, table_rows
from rebal_xl.files.reader import read_book
from rebal_xl.household import (
    Household,
    InputErrors,
    Policy,
    Problem,
    ReturnHistory,
    ValueSoFar,
)
from rebal_xl.intake import read_grids
from rebal_xl.intake.door import read_one
from rebal_xl.intake.edits import EditedPolicy, Edits, read_edits
from rebal_xl.intake.frames import book_of_frames
from rebal_xl.measure.value import value_so_far as find_value
from rebal_xl.optimize.location import find_location, suspect_input
from rebal_xl.optimize.prices import find_prices
from rebal_xl.optimize.rebalance import refuse_unplannable
from rebal_xl.sheets import results_execution, results_log
from rebal_xl.sheets.grid import Grid, GridBook
from rebal_xl.sheets.results_execution import Tick, earlier_ticks
from rebal_xl.sheets.results_log import RunEntry
from rebal_xl.sheets.results_sheet import FACTS_ROW
from rebal_xl.sheets.tables import HOLDINGS
from rebal_xl.tax import LawMissing

TEXT_FILES = (".csv", ".tsv", ".txt")


def read_workbook(
    path: str | PathLike[str], as_of: date | None = None, household: str = ""
) -> tuple[Household, Policy]:
    """The household in a workbook (.xlsx, .xlsm) or CSV file, and what is wanted of it.

    `as_of` wins over the As Of setting; without both it is today in New York. What was noticed while reading is in
    `household.notices`. `household` is the name of the one that is meant, where the file holds several. Raises
    InputErrors with every problem in `problems`, FileRefused when the file is no such file.
    """
    return read_one(book_of_file(Path(path)), as_of, household)


def read_csvs(paths: Sequence[str | PathLike[str]], as_of: date | None = None) -> tuple[Household, Policy]:
    """The household in several files: custodians' exports (CSV, Excel, OFX, a folder, a ZIP) and tables of our own.

    Positions and lots of one account count once. Where no file holds Targets the policy has none. Raises InputErrors
    with every problem, each with its file and line, FileRefused for a file that is no table.
    """
    return household_of_files([Path(path) for path in paths], as_of)


def read_frames(frames: Mapping[str, Any], as_of: date | None = None) -> tuple[Household, Policy]:
    """The household in data frames (pandas, polars), by table name: {"Holdings": ..., "Targets": ...}.

    Columns go by the names and synonyms of a workbook's. Where Targets is left out the policy has none. Raises
    InputErrors with every problem; the first row of a frame is line 2.
    """
    return read_grids(book_of_frames(frames), as_of, as_of_wins=True, needed=(HOLDINGS,))


def read_returns(path: str | PathLike[str], policy: Policy) -> ReturnHistory:
    """Monthly returns of the target's classes from a CSV file or workbook: Date, and a column for each class.

    Raises InputErrors with every problem of the file, FileRefused when it is no such file.
    """
    return studies.read_returns(Path(path), policy)


def check(path: str | PathLike[str], as_of: date | None = None, household: str = "") -> tuple[Problem, ...]:
    """Everything to mend or to look at before a plan can be made, errors and notices; empty when all is well.

    Raises FileRefused when the file cannot be read at all.
    """
    try:
        read, policy = read_workbook(path, as_of, household)
    except InputErrors as found:
        return found.problems
    return plan_problems(read, policy)


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


def value_so_far(path: str | PathLike[str], as_of: date | None = None) -> ValueSoFar:
    """What the runs of a workbook's Run Log that were carried out this year were worth against the ordinary way.

    The year is that of the as-of day, as in `read_workbook`. Estimates in dollars, the sum of single rebalances. Raises
    as `read_workbook`.
    """
    return value_with_inputs(path, as_of)[-1]


def value_with_inputs(
    path: str | PathLike[str], as_of: date | None = None, household: str = ""
) -> tuple[Household, Policy, ValueSoFar]:
    """As `value_so_far`, with the household and policy of the workbook before it; `household` as in `read_workbook`."""
    source = Path(path)
    book = book_of_file(source)
    read, policy = read_one(book, as_of, household)
    return read, policy, find_value(read, previous_runs(source, book), policy.as_of)


def previous_runs(path: Path, book: GridBook) -> tuple[RunEntry, ...]:
    """The rows of the workbook's Run Log, the newest first, with what the advisor wrote under Status and Note."""
    if path.suffix.lower() in TEXT_FILES:
        return ()
    grid = our_grid(path, book, results_log.KIND)
    return () if grid is None else logged_runs(grid)


def previous_ticks(path: Path, book: GridBook) -> tuple[Tick, ...]:
    """The lines of the workbook's Execution sheet that were ticked or noted."""
    grid = our_grid(path, book, results_execution.KIND)
    return () if grid is None else ticked_lines(grid)


def ticked_lines(grid: Grid) -> tuple[Tick, ...]:
    """What was ticked and noted on an Execution sheet; nothing where its table is gone."""
    said = grid.cells.get((FACTS_ROW, 1))
    return earlier_ticks(said.value if said else "", table_rows(grid.cells, grid.tables[0])) if grid.tables else ()


def book_of_file(path: Path) -> GridBook:
    """The grids of a workbook or text file. Raises FileRefused when it is no such file."""
    return read_csv_book(path) if path.suffix.lower() in TEXT_FILES else read_book(path)
