"""Orders: the orders of the last plan, lot by lot, as a CSV file to key in, checked first and stamped into the Run Log.

The file and the checks are those of `rebal_xl.orders`, as on the command line. A plan of this session is at hand; after
a restart it is made again, and must be the one on the sheets.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rebal_xl import api
from rebal_xl.excel.jobs.base import Ask, Desk, Done, Found, Inputs, Task, read_inputs, refuse_unproven, total_usd
from rebal_xl.excel.jobs.planning import LAST_ANSWER, Planned
from rebal_xl.excel.jobs.sentences import TOLD, problems_told
from rebal_xl.excel.jobs.watch import Watch
from rebal_xl.excel.live.area import Area
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.ours import our_tabs
from rebal_xl.excel.live.read import read_open_book, read_tab
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.files.save import save_workbook
from rebal_xl.household import InputErrors, Plan, Policy, Problem, RunEntry
from rebal_xl.intake.settings import today_in_new_york
from rebal_xl.optimize.assemble import fingerprint
from rebal_xl.orders.checks import ACCEPTABLE
from rebal_xl.orders.export import Export, default_file, make_export
from rebal_xl.orders.ready import Ready, of_plan, policy_of
from rebal_xl.orders.stamp import stamp_cell, stamp_text
from rebal_xl.sheets import results_log
from rebal_xl.words import count

FORMAT = "lots"
NO_PLAN = "There is no plan in this workbook yet. Press Rebalance first."
AGAIN = "Press Rebalance, look at the plan, and press Orders again."
YES = frozenset({"yes", "y", "true", "6", "ok"})
# Where the job remembers how far it has asked, and a plan that it made again.
_STAGE, _MADE = "orders", "orders plan"
_DOUBT, _FOLDER = "doubt", "folder"


@dataclass(frozen=True, slots=True)
class _Held:
    """A plan at hand, and what it was made from."""

    # what the workbook said
    inputs: Inputs
    # what the plan was made by
    policy: Policy
    plan: Plan


def begin_orders(book: OpenBook, answer: str, desk: Desk) -> Done | Ask | Task:
    """Check, ask where to, save and stamp; a plan of an earlier session is made again first."""
    said = answer.strip()
    stage, accepted = desk.memory.pop(_STAGE, (_FOLDER, ()))
    run = _last_run(book)
    ready = _at_hand(book, run, desk)
    if not said:
        return _first(book, ready, run, desk)
    if stage == _DOUBT:
        return _where(desk, accepted) if said.lower() in YES else Done("No orders were saved.")
    folder = Path(said)
    if not folder.is_dir():
        raise BookRefused(f"There is no folder '{folder}'. Choose another one; no orders were saved.")
    if ready is None:
        return _made_again(book, run, folder, desk)
    return Done(_save(book, _export(ready, accepted), folder))


def _first(book: OpenBook, ready: Ready | None, run: RunEntry, desk: Desk) -> Done | Ask:
    """What the checks say; where the plan must be made again first, they come with it."""
    if ready is None:
        _now(book, run)
        return _where(desk, ())
    made = _export(ready, ())
    if not ready.orders:
        return Done("The last plan has no orders.")
    if not made.errors:
        return _where(desk, ())
    told = _told(made.errors)
    if not _may_be_accepted(made.errors):
        raise BookRefused(f"{told}\nNo orders were saved.")
    desk.memory[_STAGE] = (_DOUBT, tuple({problem.code for problem in made.errors}))
    return Ask("yesno", f"{told}\nSave the orders all the same?")


def _where(desk: Desk, accepted: Collection[str]) -> Ask:
    desk.memory[_STAGE] = (_FOLDER, tuple(accepted))
    return Ask("folder", "Where should the orders be saved?")


def _told(errors: Sequence[Problem]) -> str:
    """The first of them, without the name of the workbook that is before one's eyes."""
    lines = [str(replace(problem, sheet="")) for problem in errors[:TOLD]]
    more = len(errors) - TOLD
    return "\n".join([*lines, *([f"And {more} more like these."] if more > 0 else [])])


def _may_be_accepted(errors: Sequence[Problem]) -> bool:
    return all(problem.code in ACCEPTABLE for problem in errors)


def _export(ready: Ready, accepted: Collection[str]) -> Export:
    return make_export([ready], FORMAT, today_in_new_york(), accepted)


def _last_run(book: OpenBook) -> RunEntry:
    for tab in our_tabs(book):
        if tab.kind == results_log.KIND and not tab.previous:
            runs = api.logged_runs(read_tab(book, tab.sheet))
            if runs:
                return runs[0]
    raise BookRefused(NO_PLAN)


def _at_hand(book: OpenBook, run: RunEntry, desk: Desk) -> Ready | None:
    """The last plan where this session has it; BookRefused where the workbook is not what it was made from."""
    last, made = desk.memory.get(LAST_ANSWER), desk.memory.get(_MADE)
    held = _Held(last.inputs, last.policy, last.plan) if isinstance(last, Planned) else None
    if held is None or held.plan.fingerprint != run.fingerprint:
        held = made if isinstance(made, _Held) and made.plan.fingerprint == run.fingerprint else None
    if held is None:
        return None
    try:
        now = read_inputs(read_open_book(book, ours=False), held.inputs.policy.as_of)
    except InputErrors as found:
        raise BookRefused(f"{_other(run)} {AGAIN}\n{problems_told(found.problems)}") from found
    if now.fingerprint != held.inputs.fingerprint:
        raise BookRefused(f"{_other(run)} {AGAIN}")
    return of_plan(Path(book.name), held.inputs.household, held.policy, held.plan, run)


def _now(book: OpenBook, run: RunEntry) -> tuple[Inputs, Policy]:
    """What the workbook says and the run's policy; BookRefused where the run was made from something else."""
    inputs = read_inputs(read_open_book(book, ours=False), run.as_of)
    policy = policy_of(run, inputs.policy)
    if fingerprint(inputs.household, policy) != run.fingerprint:
        raise BookRefused(f"{_other(run)} {AGAIN}")
    return inputs, policy


def _other(run: RunEntry) -> str:
    return f"The workbook does not hold what the plan of {run.as_of:%m/%d/%Y} was made from: no orders were saved."


def _made_again(book: OpenBook, run: RunEntry, folder: Path, desk: Desk) -> Task:
    inputs, policy = _now(book, run)
    household, name = inputs.household, Path(book.name)

    def work(watch: Watch) -> Found:
        watch.step("making the plan again")
        watch.holds_usd = total_usd(household)
        plan = refuse_unproven(api.rebalance(household, policy, progress=watch.report), watch)
        return Found(of_plan(name, household, policy, plan, run), "Orders: writing")

    def write(book: OpenBook, ready: Ready) -> str:
        desk.memory[_MADE] = _Held(inputs, policy, ready.plan)
        # a status or stamp may have been written meanwhile
        ready = replace(ready, run=_last_run(book))
        made = _export(ready, ())
        if made.errors:
            more = " Press Orders again to save them all the same." if _may_be_accepted(made.errors) else ""
            return f"{_told(made.errors)}\nNo orders were saved.{more}"
        return _save(book, made, folder) if ready.orders else "The last plan has no orders."

    return Task(work, write, inputs)


def _save(book: OpenBook, made: Export, folder: Path) -> str:
    """Write the file and stamp the Run Log; where it cannot be stamped there is no file either."""
    if made.errors:
        raise BookRefused(f"{_told(made.errors)}\nNo orders were saved.")
    (part,) = made.parts
    book.refuse_unless_writable()
    path = default_file([replace(part.ready, path=folder / part.ready.path.name)], made.format)
    save_workbook(made.content, path)
    now = datetime.now(UTC).astimezone().replace(tzinfo=None, second=0, microsecond=0)
    try:
        _stamp(book, part.ready.run.fingerprint, stamp_text(now, made.format, part.orders, path))
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    told = f"\n{_told(made.problems)}" if made.problems else ""
    return (
        f"{count(part.orders, 'order')} saved in {path}, {count(part.lines, 'line')}, and the Run Log says so. Prices "
        f"and amounts are estimates; check every order before you send it.{told}"
    )


def _stamp(book: OpenBook, fingerprint: str, stamp: str) -> None:
    for tab in our_tabs(book):
        if tab.kind == results_log.KIND and not tab.previous:
            cell = stamp_cell(read_tab(book, tab.sheet), fingerprint, stamp, book.name)
            with book.steady():
                tab.sheet.write(Area(cell.row, cell.column, cell.row, cell.column), [[str(cell.value)]])
            return
    raise BookRefused(NO_PLAN)
