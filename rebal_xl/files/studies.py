"""
The files of a study of how often to rebalance: a household with its returns in, a workbook of its own out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rebal_xl.files.csvbook import read_csv_book
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import Saved, default_output, refuse_if_open, save_workbook
from rebal_xl.household import Household, InputErrors, Policy, Problem, ReturnHistory, Study
from rebal_xl.intake.door import read_one
from rebal_xl.intake.returns import read_expected_returns
from rebal_xl.intake.returns import read_returns as read_history
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.results_study import study_workbook
from rebal_xl.sheets.save import workbook_bytes

TEXT_FILES = (".csv", ".tsv", ".txt")
WORKBOOK = ".xlsx"


@dataclass(frozen=True, slots=True)
class StudyInput:
    """What a study is made from, as files say it."""

    household: Household
    policy: Policy
    # months that the advisor supplied; None for simulated ones
    history: ReturnHistory | None
    # class -> mean of a year's return (0..1), where the workbook's Assumptions table says so
    expected: Mapping[str, float]


def read_study(path: Path, as_of: date | None = None, returns: Path | None = None, name: str = "") -> StudyInput:
    """A household for `how_often`, with the returns of a file, else of the workbook's own Returns table if it has one.

    `name` is the household that is meant, where the workbook holds several.

    Raises InputErrors with the problems of both files, FileRefused when one cannot be read at all.
    """
    book = _book(path)
    source = book if returns is None else _book(returns)
    problems: list[Problem] = []
    household: Household | None = None
    try:
        household, policy = read_one(book, as_of, name)
    except InputErrors as found:
        problems += found.problems
    classes = None if household is None else _target_classes(policy)
    try:
        history = read_history(source, classes, only=returns is not None)
    except InputErrors as found:
        problems += found.problems
    if problems or household is None:
        raise InputErrors(problems)
    return StudyInput(household, policy, history, read_expected_returns(book, classes or ()))


def read_returns(path: Path, policy: Policy) -> ReturnHistory:
    """The history of a file given for it alone. Raises InputErrors and FileRefused."""
    found = read_history(_book(path), _target_classes(policy), only=True)
    assert found is not None, "a file given for its returns has some, or is refused"
    return found


def _book(path: Path) -> GridBook:
    return read_csv_book(path) if path.suffix.lower() in TEXT_FILES else read_book(path)


def write_study(path: Path, study: Study, out: Path | None = None, *, firm: str = "") -> Saved:
    """Write a study into a workbook of its own: `out`, else "<name> study.xlsx" beside the household's file.

    Raises FileRefused where it cannot be written.
    """
    target = study_path(path, out)
    return save_workbook(workbook_bytes(study_workbook(study, firm)), target, backup=True)


def study_path(source: Path, out: Path | None) -> Path:
    """Where a study goes; FileRefused, as early as possible, where it cannot."""
    target = out or default_output(source, "study", WORKBOOK)
    if target.suffix.lower() != WORKBOOK:
        raise FileRefused(f"'{target.name}' must end in .xlsx, or Excel will not open it.")
    if target.is_dir():
        raise FileRefused(f"'{target}' is a folder. Name a file in it.")
    if target.exists() and target.resolve() == source.resolve():
        raise FileRefused("The study is a workbook of its own: name another file than the household's.")
    refuse_if_open(target)
    return target


def _target_classes(policy: Policy) -> tuple[str, ...]:
    return tuple(target.asset_class for target in policy.targets if target.weight > 0.0)
