"""
Ribbon jobs from start to finish: started on Excel's thread, worked on in a thread of their own, asked after by polls,
written on Excel's thread again. Every answer is a text as the ribbon's macros expect it; nothing is ever raised.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from typing import Any

from rebal_xl.api import SolverError
from rebal_xl.excel.jobs.base import NO_BOOK, Aside, Ask, Desk, Done, Found, Job, StoppedEarly, Task, read_inputs
from rebal_xl.excel.jobs.sentences import sentence
from rebal_xl.excel.jobs.watch import Stopped, Watch
from rebal_xl.excel.live.host import OpenBook, told_by
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.household import InputErrors
from rebal_xl.log import LOGGER, start_notes

# Stands for "no workbook" among the keys of open ones.
NO_KEY = ""
STOPPED_EARLY = "cancelled|Stopped before a plan worth the name was found. Nothing was written."
GONE = "failed|That job is over. Start it again."


class _Run:
    """One job at work."""

    def __init__(self, job: Job, key: str, name: str, task: Task | Aside) -> None:
        self.job = job
        self.key = key
        # the workbook's name, for the sentences
        self.book_name = name
        self.task = task
        self.watch = Watch(job.title)
        if isinstance(task, Aside):
            self.watch.keeps = task.keeps
        self.found: Found | None = None
        # failed or cancelled, and why
        self.ended = ""
        # a second Cancel: whatever is found is thrown away
        self.dropped = False
        self.thread = threading.Thread(target=self._work, name=f"rebal_xl {job.name}", daemon=True)

    def _work(self) -> None:
        try:
            self.found = self.task.work(self.watch)
        except StoppedEarly:
            self.ended = STOPPED_EARLY
        except SolverError as error:
            self.ended = STOPPED_EARLY if self.watch.stopping else f"failed|{sentence(error)}"
        except Stopped as stopped:
            self.ended = f"cancelled|{stopped}"
        except BaseException as error:  # noqa: BLE001 - whatever happens in a thread must end as a sentence
            self.ended = f"failed|{sentence(error)}"

    @property
    def state(self) -> str:
        """What a poll answers."""
        if self.ended:
            return self.ended
        if self.dropped:
            return "cancelled|Stopped. Nothing was written."
        return f"running|{self.watch.text}" if self.found is None else f"ready|{self.found.text}"


class Jobs:
    """The jobs of one Excel session; at most one runs for each workbook."""

    def __init__(self, jobs: Mapping[str, Job] | None = None) -> None:
        if jobs is None:
            # The registry imports every job, and they import this package.
            from rebal_xl.excel.jobs import JOBS

            jobs = JOBS
        start_notes()
        self._jobs = jobs
        self._numbers = itertools.count(1)
        self._runs: dict[str, _Run] = {}
        self._desks: dict[str, Desk] = {}

    def start(self, job: str, book: Any, answer: str = "") -> str:
        """Begin a job on an xlwings.Book: `job:`, `done|`, `ask|` or `failed|`.

        Where no workbook is open, `book` is the xlwings.App, or None where that is not known.
        """
        with told_by(book) as opened:
            return _guarded(lambda: self._start(job, opened, answer))

    def poll(self, id: str) -> str:
        """How far a job is: `running|`, `ready|`, `failed|` or `cancelled|`; the last two are told once."""
        run = self._runs.get(id)
        if run is None:
            return GONE
        state = run.state
        if state.startswith(("failed|", "cancelled|")):
            del self._runs[id]
        return state

    def finish(self, id: str, book: Any, force: bool = False) -> str:
        """Write what a job found: `done|`, `changed|` where the inputs are not those it started from, or `failed|`."""
        run = self._runs.get(id)
        if run is None:
            return GONE
        if run.found is None:
            return run.state if run.ended else f"failed|{run.job.title} is not done yet."
        with told_by(book) as opened:
            answer = _guarded(lambda: self._finish(run, opened, force))
        if not answer.startswith("changed|"):
            self._runs.pop(id, None)
        return answer

    def cancel(self, id: str) -> str:
        """Stop a job with the best it has; asked a second time, without. Returns a sentence."""
        run = self._runs.get(id)
        if run is None:
            return "There is nothing to stop."
        if run.found is not None or run.watch.stopping:
            run.dropped = True
            self._runs.pop(id, None)
            return "Stopped. Nothing was written."
        run.watch.stopping = True
        if run.watch.keeps:
            return run.watch.keeps
        if run.watch.has_plan:
            return "Stopping with the best plan found so far."
        return "Stopping. No plan was found yet, so nothing may come of it."

    def _start(self, name: str, book: Any, answer: str) -> str:
        job = self._jobs.get(name)
        if job is None:
            return f"failed|There is no job called {name}."
        LOGGER.info("job %s", name)
        if book is None and job.alone is None:
            return f"failed|{NO_BOOK}"
        opened = None if book is None else OpenBook(book)
        key = NO_KEY if opened is None else opened.key
        busy = self._make_room(key, opened)
        if busy:
            return busy
        if opened is not None:
            outcome = job.begin(opened, answer, self._desks.setdefault(key, Desk()))
        else:
            assert job.alone is not None
            outcome = job.alone(answer)
        if not isinstance(outcome, Task | Aside):
            return _told(outcome)
        id = str(next(self._numbers))
        self._runs[id] = _Run(job, key, "" if opened is None else opened.name, outcome)
        self._runs[id].thread.start()
        return f"job:{id}"

    def _make_room(self, key: str, opened: OpenBook | None) -> str:
        """Forget a run that nobody came for; the refusal where one is still at work, else ""."""
        running = next((run for run in self._runs.values() if run.key == key), None)
        if running is not None and (running.ended or running.found is not None):
            # Nobody came for what it found: Excel's macros were reset, or the workbook was closed.
            self._runs = {id: run for id, run in self._runs.items() if run is not running}
        elif running is not None:
            if opened is None:
                return f"failed|{running.job.title} is still at work. Wait for it, or stop it with Cancel."
            return (
                f"failed|{running.job.title} is still at work on '{opened.name}'. Wait for it, or stop it with Cancel."
            )
        return ""

    def _finish(self, run: _Run, book: Any, force: bool) -> str:
        assert run.found is not None
        if isinstance(run.task, Aside):
            shown = run.task.show(None if book is None else OpenBook(book), run.found.answer)
            return f"done|{shown}"
        if book is None:
            return f"failed|{NO_BOOK}"
        opened = OpenBook(book)
        # Which workbook it is, the ribbon's macros know: they send the very one that they started with. Its name and
        # its window may be others by now.
        if run.task.inputs is not None and not force:
            changed = _what_changed(run.task, opened)
            if changed and opened.name != run.book_name:
                changed += f" It was called '{run.book_name}' when {run.job.title} was started."
            if changed:
                return f"changed|{changed} Write the results for the values as they were?"
        self._desks[opened.key] = self._desks[run.key]
        return f"done|{run.task.write(opened, run.found.answer)}"


def _what_changed(task: Task, book: OpenBook) -> str:
    """Why the results are not those of the workbook as it is now; "" when they are."""
    assert task.inputs is not None
    try:
        now = read_inputs(read_open_book(book, ours=False), task.inputs.policy.as_of)
    except InputErrors:
        return f"'{book.name}' was changed meanwhile, and can no longer be read without problems."
    if now.fingerprint == task.inputs.fingerprint:
        return ""
    return f"'{book.name}' was changed meanwhile."


def _told(outcome: Done | Ask) -> str:
    if isinstance(outcome, Done):
        return f"done|{outcome.message}"
    return f"ask|{outcome.kind}|{outcome.prompt.replace('|', '/')}|{outcome.default}"


def _guarded(answer: Callable[[], str]) -> str:
    try:
        return answer()
    except Exception as error:  # noqa: BLE001 - nothing may be raised through Excel
        return f"failed|{sentence(error)}"
