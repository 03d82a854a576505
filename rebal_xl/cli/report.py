"""`rebal-xl report`: the plan as one page for the client, and what stands at its head on the screen."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from rebal_xl import api
from rebal_xl.cli import documents, figures
from rebal_xl.cli.frontier import searched as curve_searched
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.jobs import Wish, say_saved, searched, show_notices
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import plain_table, say_heading, show_problems
from rebal_xl.cli.show_plan import proof
from rebal_xl.files.browser import show as show_file
from rebal_xl.files.client_page import PageWritten, page_path
from rebal_xl.household import Frontier, Household, Plan, Policy
from rebal_xl.household.explanation import Explanation


def report(screen: Screen, file: Path, wish: Wish, *, points: int | None, out: Path | None, open_it: bool) -> Exit:
    """Find the plan and write its page."""
    with ending_well(screen, "report"):
        # Before a long search, not after it: can the page be written at all?
        page_path(file, out)
        household, own = api.read_workbook(file, wish.as_of, wish.household)
        policy = wish.revise(own)
        if not screen.as_json:
            show_notices(screen, household)
        plan, frontier = _planned(screen, household, policy, points)
        written = api.write_page(file, plan, out, revise=wish.revise, frontier=frontier)
        code = Exit.RELAXED if plan.relaxed else Exit.DONE
        if screen.as_json:
            screen.write(documents.as_text(document(household, plan, written, code)))
        else:
            if written.notices:
                show_problems(screen.err, written.notices)
            show(screen.out, plan, written.explanation)
            say_saved(screen, "The report is", written.saved)
        if open_it and not show_file(written.saved.path) and not screen.as_json:
            screen.err.print("No browser was found to show it in.")
        return code


def _planned(screen: Screen, household: Household, policy: Policy, points: int | None) -> tuple[Plan, Frontier | None]:
    if points is None:
        return searched(screen, household, policy), None
    found = curve_searched(screen, household, policy, points)
    return found.chosen, found


def document(household: Household, plan: Plan, written: PageWritten, code: int) -> documents.Document:
    """What --json prints."""
    told = written.explanation
    answer = {
        "as_of": figures.day(plan.as_of),
        "fingerprint": plan.fingerprint,
        "headlines": [{"figure": one.figure.text, "label": one.label, "note": one.note} for one in told.headlines],
        "household": plan.household,
        "method": plan.method.value,
        "status": plan.status,
        "title": told.title,
    }
    saved = written.saved
    where = {"backup": str(saved.backup) if saved.backup else None, "page": str(saved.path)}
    problems = (*household.notices, *written.notices)
    return documents.head("report", problems, code) | {"report": answer, "written": where}


def show(console: Console, plan: Plan, told: Explanation) -> None:
    """The figures at the head of the page, and how good the plan is."""
    say_heading(console, f"{plan.household}: {told.title}, {plan.as_of:%m/%d/%Y}")
    table = plain_table()
    table.add_column("", overflow="fold")
    table.add_column("", overflow="fold")
    table.add_column("", overflow="fold")
    for one in told.headlines:
        table.add_row(Text(one.label), Text(one.figure.text, style="bold"), Text(one.note))
    console.print(table)
    console.print(Text(proof(plan), style="bold"))
