"""Excel for Mac as the double shows it, and an advisor before it who answers as the test says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import xlwings

from rebal_xl.excel.mac import Bookings, Click, Request
from rebal_xl.excel.mac_dialogs import Dialogs, script
from rebal_xl.sample.workbook import write_sample_workbook
from tests.excel.openpyxl_engine import open_book
from tests.excel.openpyxl_engine.mac import play_mac


@pytest.fixture(autouse=True)
def _mac(monkeypatch: pytest.MonkeyPatch) -> None:
    play_mac(monkeypatch)


@dataclass
class Advisor:
    """Who sees the dialogs: `said` is what was shown (kind, text), `answers` what is answered, None to leave."""

    answers: list[str | None] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)

    def show(self, source: str, words: Sequence[str]) -> str | None:
        kinds = ("text", "yesno", "file", "files", "folder", "tell", "warn")
        kind = next(kind for kind in kinds if script(kind) == source)
        self.said.append((kind, words[0]))
        return "" if kind in ("tell", "warn") else self.answers.pop(0)

    @property
    def last(self) -> tuple[str, str]:
        """The last dialog."""
        return self.said[-1]


@dataclass
class OneExcel:
    """The running Excel with its open workbooks, and what its status bar showed."""

    app: xlwings.App
    shown: list[str | bool] = field(default_factory=list)

    def book(self, name: str) -> xlwings.Book | None:
        return next((book for book in self.app.books if book.name == name), None) if name else None

    def status(self, text: str | bool) -> None:
        self.shown.append(text)


@dataclass
class Mac:
    """A Mac with Excel, an open household and an advisor."""

    book: xlwings.Book
    excel: OneExcel
    advisor: Advisor
    bookings: Bookings
    # what happens while a job is waited for, one a poll
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def click(self, job: str, *answers: str | None, book: str | None = None) -> tuple[str, str]:
        """All of a click; the last dialog."""
        self.advisor.answers = list(answers)
        request = Request(job, self.book.name if book is None else book)
        made = Click(request, self.excel, Dialogs(self.advisor.show), self.bookings, wait=self._wait)
        made.run()
        return self.advisor.last

    def _wait(self, seconds: float) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()


@pytest.fixture
def mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mac:
    """The sample household, open in Excel for Mac."""
    book = open_book(write_sample_workbook(tmp_path / "household.xlsx"))
    return Mac(book, OneExcel(book.app), Advisor(), Bookings(tmp_path / "running"))
