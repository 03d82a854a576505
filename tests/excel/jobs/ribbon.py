"""A click on the ribbon, as its macros do it: start, poll, finish."""

import time

import xlwings

from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.live.area import Area
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.ours import marks
from rebal_xl.excel.live.read import read_tab
from rebal_xl.sheets.grid import CellValue, Grid
from tests.excel.openpyxl_engine import double as double

# Longer than any job here takes on a busy machine.
PATIENCE_S = 600.0


def click(jobs: Jobs, job: str, book: xlwings.Book | None, answer: str = "") -> str:
    """All of a click: the message, question or refusal it ends with."""
    started = jobs.start(job, book, answer)
    if not started.startswith("job:"):
        return started
    ended = wait(jobs, started)
    return jobs.finish(number(started), book, False) if ended.startswith("ready|") else ended


def number(started: str) -> str:
    """The id in the answer of a start."""
    return started.removeprefix("job:")


def wait(jobs: Jobs, started: str) -> str:
    """Poll until a job no longer runs."""
    assert started.startswith("job:"), started
    until = time.monotonic() + PATIENCE_S
    while (state := jobs.poll(number(started))).startswith("running|"):
        assert time.monotonic() < until, state
        time.sleep(0.02)
    return state


def tabs(book: xlwings.Book) -> list[str]:
    """The names of the sheets."""
    return [sheet.name for sheet in OpenBook(book).sheets]


def grid(book: xlwings.Book, tab: str) -> Grid:
    """A sheet's cells; the others are not asked, since over COM each question takes its time."""
    opened = OpenBook(book)
    sheet = opened.sheet(tab)
    assert sheet is not None, tab
    return read_tab(opened, sheet)


def is_ours(book: xlwings.Book, tab: str) -> bool:
    """Whether a sheet carries our mark."""
    return tab in marks(OpenBook(book).names)


def cell(book: xlwings.Book, tab: str, row: int, column: int) -> CellValue:
    """A cell's value, None when it is empty."""
    held = grid(book, tab).cells.get((row, column))
    return held.value if held else None


def type_in(book: xlwings.Book, tab: str, row: int, column: int, value: str | float | None) -> None:
    """What the advisor types; nothing is saved."""
    sheet = OpenBook(book).sheet(tab)
    assert sheet is not None
    sheet.write(Area(row, column, row, column), [[value]])


def place_of(book: xlwings.Book, tab: str, text: str) -> tuple[int, int]:
    """Row and column of the first cell that holds a text."""
    return next(place for place, held in grid(book, tab).cells.items() if held.value == text)
