"""A click on the ribbon of Excel for Mac, from the request to the message, on the double's Mac face."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from rebal_xl.excel.jobs import JOBS
from rebal_xl.excel.jobs.base import Found, Job, Task
from rebal_xl.excel.live.host import native
from rebal_xl.excel.live.mac_api import NOT_ALLOWED, MacBook
from rebal_xl.excel.mac import CANCEL, CLOSED, NOTHING_RUNS, RUNS_ALREADY, Request, RunningExcel
from rebal_xl.sheets.template import build_template
from tests.excel.jobs.ribbon import place_of, tabs, type_in
from tests.excel.mac.conftest import Mac
from tests.excel.openpyxl_engine.mac import CommandError


def test_the_double_shows_its_mac_face(mac: Mac) -> None:
    assert isinstance(native(mac.book), MacBook)


@pytest.mark.parametrize(("job", "sheet"), [("check", "Checks"), ("drift", "Drift"), ("rebalance", "Trades")])
def test_a_button_writes_its_sheet_says_so_and_frees_the_status_bar(mac: Mac, job: str, sheet: str) -> None:
    kind, told = mac.click(job)
    assert kind == "tell"
    assert sheet in told
    assert sheet in tabs(mac.book)
    assert mac.excel.shown[0] == "rebal_xl: reading the workbook ..."
    assert mac.excel.shown[-2:] == ["rebal_xl: writing ...", False]


def test_a_second_run_keeps_the_first_one_and_rewrites_the_sheet(mac: Mac) -> None:
    mac.click("drift")
    mac.click("drift")
    assert [tab for tab in tabs(mac.book) if "Drift" in tab] == ["Drift", "Drift (previous)"]


def test_questions_are_asked_until_the_job_has_what_it_needs(mac: Mac) -> None:
    kind, told = mac.click("what_if", "Method=Sometimes", "Method=Full")
    assert [kind for kind, _ in mac.advisor.said] == ["text", "text", "tell"]
    assert kind == "tell"
    assert "Cost of the plan" in told


def test_a_question_left_ends_the_job_silently(mac: Mac) -> None:
    mac.click("what_if", None)
    assert [kind for kind, _ in mac.advisor.said] == ["text"]
    assert mac.excel.shown[-1] is False


def test_files_are_chosen_and_the_summary_is_agreed_to(mac: Mac, tmp_path: Path) -> None:
    missing = tmp_path / "nothing.csv"
    kind, told = mac.click("import_holdings", str(missing))
    assert mac.advisor.said[0][0] == "files"
    assert kind == "warn"
    assert "nothing.csv" in told


def test_a_new_workbook_has_the_templates_sheets_and_none_of_its_own(mac: Mac) -> None:
    _, told = mac.click("new_workbook")
    name = told.split(" is a new household workbook")[0]
    made = mac.excel.book(name)
    assert made is not None
    assert tabs(made) == build_template().sheetnames
    assert [book.name for book in mac.excel.app.books] == [mac.book.name, name]


@pytest.mark.parametrize(("answer", "written"), [("No", False), ("Yes", True)])
def test_a_workbook_changed_meanwhile_is_asked_about(
    mac: Mac, monkeypatch: pytest.MonkeyPatch, answer: str, written: bool
) -> None:
    row, column = place_of(mac.book, "Holdings", "Quantity")

    def begin_and_edit(book, given, desk):
        task = JOBS["drift"].begin(book, given, desk)
        type_in(mac.book, "Holdings", row + 1, column, 100_000.0)
        return task

    monkeypatch.setattr("rebal_xl.excel.jobs.JOBS", {"drift": Job("drift", "Drift", begin_and_edit)})
    mac.click("drift", answer)
    (asked,) = [text for kind, text in mac.advisor.said if kind == "yesno"]
    assert "changed meanwhile" in asked
    assert ("Drift" in tabs(mac.book)) == written


class Slow:
    """A job that works until it is stopped, and has found something or not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, finds: bool) -> None:
        self.finds = finds
        self.written = False
        monkeypatch.setattr("rebal_xl.excel.jobs.JOBS", {"rebalance": Job("rebalance", "Rebalancing", self.begin)})

    def begin(self, book, answer, desk):
        return Task(self.work, self.write)

    def work(self, watch):
        stopped = watch.report(1000.0, 900.0, 0.0) if self.finds else False
        while not stopped and not watch.stopping:
            time.sleep(0.01)
        return Found("plan", "a plan")

    def write(self, book, answer):
        self.written = True
        return "The best plan found so far is written."


def test_cancel_from_another_click_stops_with_the_best_found(mac: Mac, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch, finds=True)
    mac.meanwhile = [lambda: mac.bookings.ask_to_stop(mac.book.name)]
    assert mac.click("rebalance") == ("tell", "The best plan found so far is written.")
    assert slow.written
    assert "rebal_xl: Stopping with the best plan found so far." in mac.excel.shown


def test_two_cancels_drop_the_job(mac: Mac, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch, finds=False)
    mac.meanwhile = [lambda: [mac.bookings.ask_to_stop(mac.book.name) for _ in range(2)]]
    assert mac.click("rebalance") == ("tell", "Stopped. Nothing was written.")
    assert not slow.written


def test_a_click_on_cancel_reaches_the_running_job_only(mac: Mac) -> None:
    assert mac.click(CANCEL) == ("tell", NOTHING_RUNS)
    with mac.bookings.taken(mac.book.name) as free:
        assert free
        said = len(mac.advisor.said)
        mac.click(CANCEL)
        assert len(mac.advisor.said) == said
        assert mac.bookings.wishes(mac.book.name) == 1
        assert mac.bookings.wishes("another.xlsx") == 0
    # the next job is not stopped by an old wish
    assert mac.bookings.wishes(mac.book.name) == 0


def test_one_job_runs_on_a_workbook_and_others_may_on_others(mac: Mac) -> None:
    with mac.bookings.taken(mac.book.name):
        assert mac.click("check") == ("warn", RUNS_ALREADY)
        assert "Checks" not in tabs(mac.book)
        with mac.bookings.taken("another.xlsx") as free:
            assert free
    assert mac.click("check")[0] == "tell"


def test_a_workbook_closed_before_or_meanwhile_is_told(mac: Mac, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mac.click("check", book="Gone.xlsx") == ("warn", "'Gone.xlsx' is not open in Excel any more.")
    Slow(monkeypatch, finds=True)
    mac.meanwhile = [mac.book.close, lambda: mac.bookings.ask_to_stop("household.xlsx")]
    assert mac.click("rebalance", book="household.xlsx") == ("warn", CLOSED)


def test_whatever_goes_wrong_is_one_message(mac: Mac) -> None:
    def broken(name: str) -> None:
        raise RuntimeError("no Excel")

    mac.excel.book = broken  # type: ignore[assignment]
    kind, told = mac.click("check")
    assert kind == "warn"
    assert "Something unexpected went wrong" in told
    assert mac.excel.shown[-1] is False


@pytest.mark.parametrize("job", sorted(JOBS))
def test_every_button_can_be_clicked_without_a_workbook(mac: Mac, job: str) -> None:
    mac.excel.app = xlwings_without_books(mac)
    kind, told = mac.click(job, book="")
    assert kind in ("tell", "warn")
    assert told


def xlwings_without_books(mac: Mac):
    """The same Excel, all workbooks closed."""
    app = mac.book.app
    mac.book.close()
    return app


def test_requests_name_jobs_that_there_are() -> None:
    for job in (*JOBS, CANCEL):
        assert Request.read(f"1.{job.encode('utf-16-be').hex().upper()}.") == Request(job, "")


def test_the_running_excel_is_asked_for_workbooks_by_name(mac: Mac, monkeypatch: pytest.MonkeyPatch) -> None:
    excel = RunningExcel()
    app = SimpleNamespace(books=mac.excel.app.books, status_bar=False)
    monkeypatch.setattr("xlwings.apps", SimpleNamespace(active=app))
    assert excel.book("") is None
    assert excel.book("another.xlsx") is None
    found = excel.book("household.xlsx")
    assert found is not None
    assert found.name == mac.book.name
    excel.status("rebal_xl: working ...")
    assert app.status_bar == "rebal_xl: working ..."
    monkeypatch.setattr("xlwings.apps", SimpleNamespace(active=None))
    assert excel.book("household.xlsx") is None
    excel.status(False)


def test_a_mac_that_does_not_allow_it_says_where_to_allow_it(mac: Mac) -> None:
    def refused(name: str) -> None:
        raise CommandError(NOT_ALLOWED, "Not authorized to send Apple events to Microsoft Excel.")

    mac.excel.book = refused  # type: ignore[method-assign]
    kind, told = mac.click("check")
    assert kind == "warn"
    assert "Privacy & Security > Automation" in told
