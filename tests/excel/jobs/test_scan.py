"""Scan book on the ribbon: a folder is asked for, scanned in a thread, and shown in a workbook of its own."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings

from rebal_xl.excel.jobs import Jobs, scanning
from rebal_xl.practice import scan
from tests.excel.jobs.ribbon import click, grid, is_ours, number, tabs, wait
from tests.practice.books import DDE_FILE, FORMULA_NAME, whole_book


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_book(tmp_path_factory.mktemp("firm"))


def new_book(beside: xlwings.Book) -> xlwings.Book:
    """The workbook that the scan opened."""
    return next(book for book in beside.app.books if book.name.startswith("rebal_xl book"))


def rows(book: xlwings.Book) -> list[dict[str, object]]:
    """The table of the sheet Book."""
    held = grid(book, "Book")
    (table,) = held.tables
    columns = range(table.first_col, table.last_col + 1)

    def value(row: int, column: int) -> object:
        return held.cells[row, column].value if (row, column) in held.cells else None

    heads = [str(value(table.first_row, column)) for column in columns]
    return [
        dict(zip(heads, (value(row, column) for column in columns), strict=True))
        for row in range(table.first_row + 1, table.last_row + 1)
    ]


def test_it_asks_for_a_folder_and_remembers_the_last_one(household: xlwings.Book, folder: Path):
    jobs = Jobs()
    assert jobs.start("scan_book", household) == "ask|folder|Which folder holds your households' workbooks?|"
    click(jobs, "scan_book", household, str(folder))
    assert jobs.start("scan_book", household).endswith(f"|{folder}")


def test_the_book_is_shown_in_a_new_workbook_and_the_advisors_is_left_alone(household: xlwings.Book, folder: Path):
    before = tabs(household)
    message = click(Jobs(), "scan_book", household, str(folder))
    assert message.startswith(
        "done|7 files scanned: 2 households call for attention, 4 files cannot be read. See the sheet Book in "
        "rebal_xl book"
    )
    assert tabs(household) == before
    made = new_book(household)
    assert tabs(made) == ["Book"]
    assert is_ours(made, "Book")
    theirs = scan(folder)
    assert [row["File"] for row in rows(made)] == [one.file for one in theirs.households]
    for row, one in zip(rows(made), theirs.households, strict=True):
        assert row["Household"] == one.name
        assert row["Value"] == (None if one.value_usd is None else pytest.approx(one.value_usd))
        assert row["Drift"] == (None if one.drift is None else pytest.approx(one.drift))
        assert row["Losses"] == (None if one.losses_usd is None else pytest.approx(one.losses_usd))


def test_names_that_look_like_formulas_stay_text(household: xlwings.Book, folder: Path):
    click(Jobs(), "scan_book", household, str(folder))
    held = {cell.value: cell for cell in grid(new_book(household), "Book").cells.values()}
    assert {FORMULA_NAME, DDE_FILE} <= set(held)
    assert not any(cell.formula for cell in held.values())


def test_a_scan_that_is_stopped_shows_what_it_came_to(
    household: xlwings.Book, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    jobs = Jobs()
    said: list[str] = []

    def stopped_at_the_third(where: Path, progress: Callable[[int, int, str], bool]) -> object:
        def and_stop(at: int, files: int, name: str) -> bool:
            if at == 3:
                said.append(jobs.cancel("1"))
            return progress(at, files, name)

        return scan(where, and_stop)

    monkeypatch.setattr(scanning, "scan", stopped_at_the_third)
    message = click(jobs, "scan_book", household, str(folder))
    assert said == ["Stopping. What was scanned so far will be shown."]
    assert message.startswith("done|Stopped after 2 of 7 files. 2 files scanned")
    assert [row["File"] for row in rows(new_book(household))] == [DDE_FILE, "abel.xlsx"]


def test_a_scan_that_is_stopped_before_its_first_file_shows_nothing(
    household: xlwings.Book, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scanning, "scan", lambda where, progress: scan(where, lambda *_: True))
    message = click(Jobs(), "scan_book", household, str(folder))
    assert message == "cancelled|Stopped before a household was scanned. Nothing was written."


def test_the_status_bar_says_how_far_it_is(household: xlwings.Book, folder: Path, monkeypatch: pytest.MonkeyPatch):
    jobs = Jobs()
    texts: list[str] = []

    def told(where: Path, progress: Callable[[int, int, str], bool]) -> object:
        def and_look(at: int, files: int, name: str) -> bool:
            stop = progress(at, files, name)
            texts.append(jobs.poll("1"))
            return stop

        return scan(where, and_look)

    monkeypatch.setattr(scanning, "scan", told)
    click(jobs, "scan_book", household, str(folder))
    assert len(texts) == 7
    assert texts[1].startswith("running|Scan: 2 of 7: abel.xlsx, ")


def test_it_needs_no_open_workbook(household: xlwings.Book, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Where none is open, the new workbook is opened in the Excel that runs."""
    asked: list[object] = []
    monkeypatch.setattr(scanning, "open_new", lambda book, built, name: asked.append((book, built.sheetnames)) or name)
    jobs = Jobs()
    assert jobs.start("scan_book", None) == "ask|folder|Which folder holds your households' workbooks?|"
    started = jobs.start("scan_book", None, str(folder))
    assert wait(jobs, started) == "ready|Scan: writing"
    assert jobs.finish(number(started), None, False).startswith("done|7 files scanned")
    assert asked == [(None, ["Book"])]


def test_one_scan_at_a_time_without_a_workbook(folder: Path, monkeypatch: pytest.MonkeyPatch):
    go_on = threading.Event()
    monkeypatch.setattr(scanning, "scan", lambda where, progress: go_on.wait(60.0) and scan(where, progress))
    jobs = Jobs()
    started = jobs.start("scan_book", None, str(folder))
    second = jobs.start("scan_book", None, str(folder))
    go_on.set()
    assert second == "failed|Scan is still at work. Wait for it, or stop it with Cancel."
    assert wait(jobs, started) == "ready|Scan: writing"


def test_a_folder_that_is_none_or_holds_no_household(household: xlwings.Book, tmp_path: Path):
    jobs = Jobs()
    gone = tmp_path / "gone"
    assert jobs.start("scan_book", household, str(gone)) == f"failed|There is no folder '{gone}'. Choose another one."
    (tmp_path / "empty").mkdir()
    assert jobs.start("scan_book", household, str(tmp_path / "empty")).startswith("done|There is no household in")
