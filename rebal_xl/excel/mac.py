"""
A click on the Rebalance tab of Excel for Mac: `python -I -B -m rebal_xl.excel.mac REQUEST`, one process for each click.

The add-in can only hand two names to a script (workbook/mac/rebal_xl.applescript): the button's job and the open
workbook. All else happens here: the workbook is reached in the running Excel by its name, questions are asked, progress
is shown in the status bar, and the result is written. A click on Cancel is a process of its own too; it leaves a note
that the running one finds.

REQUEST is `1.<job>.<workbook>`, both names as four hexadecimal digits for each UTF-16 unit; "" for no workbook.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from rebal_xl.excel.jobs import JOBS, Jobs
from rebal_xl.excel.jobs.desk import GONE
from rebal_xl.excel.jobs.sentences import sentence
from rebal_xl.excel.mac_dialogs import TITLE, Dialogs, shortened
from rebal_xl.excel.tame import xlwings

FORM = "1"
LONGEST_STATUS = 200
POLL_SECONDS = 1.0
CANCEL = "cancel"
_HEX = r"(?:[0-9A-F]{4})*"
_REQUEST = re.compile(rf"(\d+)\.({_HEX})\.({_HEX})")

OTHER_VERSION = (
    "The rebal_xl add-in and its engine are not of one version: run install-mac.command again, and start Excel anew."
)
CLOSED = "The workbook was closed while rebal_xl was working on it. Nothing was written."
STOPPED = "cancelled|Stopped. Nothing was written."
NOTHING_RUNS = "There is nothing to stop: no rebal_xl job runs on this workbook."
RUNS_ALREADY = "Another rebal_xl job is still running on this workbook. Wait for it, or click Cancel."


@dataclass(frozen=True, slots=True)
class Request:
    """What a click asks for."""

    job: str
    # name of the open workbook, "" where none is open
    book: str

    @classmethod
    def read(cls, text: str) -> Request:
        """From the add-in's text. Raises ValueError for anything else, and for a job that there is not."""
        found = _REQUEST.fullmatch(text)
        if found is None or found[1] != FORM:
            raise ValueError("not a request of this version")
        job, book = (bytes.fromhex(part).decode("utf-16-be") for part in found.groups()[1:])
        if job not in JOBS and job != CANCEL:
            raise ValueError("no such job")
        return cls(job, book)


class Excel(Protocol):
    """The running Excel."""

    def book(self, name: str) -> Any:
        """The open workbook of that name as an xlwings.Book, None where none is open."""

    def status(self, text: str | bool) -> None:
        """Show a text in the status bar; False gives the bar back to Excel."""


class RunningExcel:
    """The Excel for Mac that the click came from: there is never more than one."""

    def book(self, name: str) -> Any:
        """See Excel."""
        if not name:
            return None
        app = xlwings.apps.active
        try:
            return None if app is None else app.books[name]
        except KeyError:
            return None

    def status(self, text: str | bool) -> None:
        """See Excel."""
        with suppress(Exception):  # Excel waits while a cell is being edited; the next text comes in a second
            app = xlwings.apps.active
            if app is not None:
                app.status_bar = text


@dataclass(frozen=True, slots=True)
class Bookings:
    """Which workbook has a job running, and who wants it stopped: files in a folder of the user's."""

    folder: Path

    @contextmanager
    def taken(self, book: str) -> Iterator[bool]:
        """Take the workbook for one job; gives False where another process has it. Ends with the process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._path(book, "lock").open("w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            self._path(book, "stop").unlink(missing_ok=True)
            try:
                yield True
            finally:
                self._path(book, "stop").unlink(missing_ok=True)

    def ask_to_stop(self, book: str) -> None:
        """Leave one more wish that the job on this workbook ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._path(book, "stop").open("a") as wishes:
            wishes.write("stop\n")

    def wishes(self, book: str) -> int:
        """How often its end was wished."""
        try:
            return len(self._path(book, "stop").read_text().splitlines())
        except OSError:
            return 0

    def _path(self, book: str, kind: str) -> Path:
        # A digest: a workbook's name may hold what a file's name may not.
        return self.folder / f"{hashlib.sha256(book.lower().encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.{kind}"


@dataclass(slots=True)
class Click:
    """One click, from its request to its message."""

    request: Request
    excel: Excel
    dialogs: Dialogs
    bookings: Bookings
    jobs: Jobs = field(default_factory=Jobs)
    wait: Callable[[float], object] = time.sleep

    def run(self) -> None:
        """Do what was asked, and say how it went; nothing is raised."""
        try:
            if self.request.job == CANCEL:
                self._cancel()
                return
            with self.bookings.taken(self.request.book) as free:
                if not free:
                    self.dialogs.warn(RUNS_ALREADY)
                    return
                try:
                    self._tell(self._job())
                finally:
                    self.excel.status(False)
        except Exception as error:  # noqa: BLE001 - the advisor must be told, whatever it is
            self.dialogs.warn(sentence(error))

    def _cancel(self) -> None:
        with self.bookings.taken(self.request.book) as free:
            if free:
                self.dialogs.tell(NOTHING_RUNS)
                return
        self.bookings.ask_to_stop(self.request.book)

    def _job(self) -> str:
        """Start, ask, wait and write; the last of the engine's answers."""
        name, book = self.request.book, self.excel.book(self.request.book)
        if name and book is None:
            return f"failed|'{name}' is not open in Excel any more."
        self._show("reading the workbook ...")
        said = self.jobs.start(self.request.job, book, "")
        while said.startswith("ask|"):
            _, kind, prompt, default = f"{said}||".split("|")[:4]
            self.excel.status(False)
            answer = self.dialogs.ask(kind, prompt, default)
            if not answer:
                return "done|"
            self._show("reading the workbook ...")
            said = self.jobs.start(self.request.job, book, answer)
        return self._waited(said.removeprefix("job:")) if said.startswith("job:") else said

    def _waited(self, id: str) -> str:
        heard = 0
        while (said := self.jobs.poll(id)).startswith("running|"):
            self._show(said.partition("|")[2])
            self.wait(POLL_SECONDS)
            for _ in range(heard, wished := self.bookings.wishes(self.request.book)):
                self._show(self.jobs.cancel(id))
            heard = wished
            if heard > 1:
                return STOPPED
        # what was found already is thrown away by the first wish
        if heard and said == GONE:
            return STOPPED
        return self._written(id) if said.startswith("ready|") else said

    def _written(self, id: str) -> str:
        self._show("writing ...")
        book = self.excel.book(self.request.book)
        if book is None:
            return f"failed|{CLOSED}"
        said = self.jobs.finish(id, book)
        if said.startswith("changed|"):
            if self.dialogs.ask("yesno", said.partition("|")[2]) != "yes":
                return "done|"
            said = self.jobs.finish(id, book, force=True)
        return said

    def _show(self, text: str) -> None:
        self.excel.status(shortened(f"{TITLE}: {text}", LONGEST_STATUS))

    def _tell(self, said: str) -> None:
        verb, _, message = said.partition("|")
        (self.dialogs.tell if verb in ("done", "cancelled") else self.dialogs.warn)(message)


def user_folder() -> Path:
    """Where the installer puts rebal_xl, and where running jobs are noted."""
    return Path.home() / "Library" / "Application Support" / "rebal_xl"


def use_a_folder_that_excel_may_read() -> None:
    """Excel for Mac is kept to its own folders: files made for it to open go where it need not ask."""
    shared = Path.home() / "Library" / "Group Containers" / "UBF8T346G9.Office"
    if shared.is_dir() and os.access(shared, os.W_OK):
        tempfile.tempdir = str(shared)


def main(arguments: Sequence[str]) -> int:
    """Do what one click asks for; returns 0, or 2 for what is no request."""
    dialogs = Dialogs()
    try:
        request = Request.read(arguments[0] if len(arguments) == 1 else "")
    except ValueError:
        dialogs.warn(OTHER_VERSION)
        return 2
    use_a_folder_that_excel_may_read()
    Click(request, RunningExcel(), dialogs, Bookings(user_folder() / "running")).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
