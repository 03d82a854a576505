"""The frame of a command that reads a household, asks one question about it, and shows the answer."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from rebal_xl import api
from rebal_xl.cli import documents
from rebal_xl.cli.guard import ending_well
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import show_problems
from rebal_xl.household import Household, Policy

Report = TypeVar("Report")


def answer(
    screen: Screen,
    command: str,
    file: Path,
    as_of: date | None,
    name: str,
    *,
    ask: Callable[[Household, Policy], Report],
    document: Callable[[Household, Policy, Report], documents.Document],
    show: Callable[[Console, Report], None],
) -> None:
    """Read, ask, and print the document or show the answer with what was noticed; nothing is written."""
    with ending_well(screen, command):
        household, policy = api.read_workbook(file, as_of, name)
        report = ask(household, policy)
        if screen.as_json:
            screen.write(documents.as_text(document(household, policy, report)))
            return
        if household.notices:
            show_problems(screen.err, household.notices)
        show(screen.out, report)
