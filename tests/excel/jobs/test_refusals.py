"""What cannot be done is one sentence, and leaves the workbook and Excel as they were."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwings

from rebal_xl import api, log
from rebal_xl.excel.jobs import JOBS, Jobs
from tests.excel.jobs.ribbon import click, double, tabs, wait
from tests.excel.openpyxl_engine import BookImpl, open_book

WRITING = (
    "check", "understand", "drift", "rebalance", "harvest", "raise_cash", "location", "insert_formulas",
    "insert_template",
)  # fmt: skip


@pytest.fixture
def impl(household: xlwings.Book) -> BookImpl:
    return double(household)


@pytest.fixture(autouse=True)
def own_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(log, "log_path", lambda: tmp_path / "log" / "rebal-xl.log")
    return tmp_path / "log" / "rebal-xl.log"


def test_every_button_of_the_ribbon_has_its_job():
    assert set(JOBS) == {
        "new_workbook", "import_holdings", "check", "drift", "rebalance", "what_if", "harvest", "raise_cash",
        "location", "client_report", "orders", "scan_book", "settings", "help", "insert_formulas", "insert_template",
        "understand",
    }  # fmt: skip
    assert Jobs().start("rebalence", None, "") == "failed|There is no job called rebalence."


@pytest.mark.parametrize("job", sorted(set(JOBS) - {"new_workbook", "help", "scan_book"}))
def test_without_a_workbook(job: str):
    assert Jobs().start(job, None, "").startswith("failed|There is no workbook to work on.")


@pytest.mark.parametrize("job", WRITING)
def test_a_protected_structure_is_told_before_any_search(household: xlwings.Book, impl: BookImpl, job: str):
    impl.structure_locked = True
    assert Jobs().start(job, household, "").startswith("failed|The structure of 'household.xlsx' is protected")


@pytest.mark.parametrize("job", WRITING)
def test_a_read_only_workbook_is_told_before_any_search(household: xlwings.Book, impl: BookImpl, job: str):
    impl.read_only = True
    assert Jobs().start(job, household, "").startswith("failed|'household.xlsx' is open read-only.")


@pytest.mark.parametrize("job", WRITING)
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (
            "compatible",
            "failed|'household.xlsx' is a workbook of Excel 97-2003 (.xls)",
        ),
        ("shared", "failed|'household.xlsx' is a shared workbook of the old kind, to which no tables can be added."),
    ],
)
def test_a_workbook_of_the_old_kind_is_told_before_any_search(
    household: xlwings.Book, impl: BookImpl, job: str, kind: str, told: str
):
    setattr(impl, kind, True)
    assert click(Jobs(), job, household).startswith(told)


@pytest.mark.parametrize("job", sorted(set(JOBS) - {"help"}))
def test_excel_that_is_editing_a_cell(household: xlwings.Book, impl: BookImpl, job: str):
    impl.app.busy = True
    assert Jobs().start(job, household, "").startswith("failed|Excel is busy: a cell is being edited")


def test_excel_that_becomes_busy_before_the_results_are_written(household: xlwings.Book, impl: BookImpl):
    jobs = Jobs()
    before = tabs(household)
    started = jobs.start("drift", household, "")
    wait(jobs, started)
    impl.app.busy = True
    assert jobs.finish(started.removeprefix("job:"), household, False).startswith("failed|Excel is busy")
    impl.app.busy = False
    assert tabs(household) == before


def test_the_unexpected_is_a_sentence_and_a_log_with_masked_accounts(
    household: xlwings.Book, monkeypatch: pytest.MonkeyPatch, own_log: Path
):
    def broken(*_: object) -> None:
        raise RuntimeError("account 12345678 is odd")

    monkeypatch.setattr(api, "drift", broken)
    message = click(Jobs(), "drift", household)
    assert message == (
        f"failed|Something unexpected went wrong in rebal_xl, and nothing was changed. Details are in {own_log}"
    )
    assert "account ***678 is odd" in own_log.read_text()
    assert "12345678" not in own_log.read_text()


def test_a_failing_write_is_told_and_everything_is_switched_back(household: xlwings.Book, impl: BookImpl):
    before, front = tabs(household), impl.book.active.title
    impl.app.broken = {"Copy"}
    assert click(Jobs(), "drift", household) == "failed|Excel refused: Copy failed"
    assert tabs(household) == before
    assert impl.app.switches["calculation"] == "automatic"
    assert impl.app.switches["screen_updating"] is True
    assert impl.book.active.title == front


def test_a_received_workbook_sets_nothing_and_runs_nothing(
    household_file: Path, open_workbook: Callable[[Path], xlwings.Book], monkeypatch: pytest.MonkeyPatch
):
    """xlwings' own add-in would take its interpreter from such sheets, and import from the workbook's folder."""
    folder = household_file.parent
    for module in ("pandas", "numpy", "rebal_xl", "sitecustomize", "openpyxl"):
        (folder / f"{module}.py").write_text(f"open(r'{folder / 'pwned'}', 'w').close()\n")
    book = openpyxl.load_workbook(household_file)
    for name in ("rebal_xl.conf", "xlwings.conf"):
        sheet = book.create_sheet(name)
        evil = str(folder / "evil.exe")
        for row in (["INTERPRETER_WIN", evil], ["PYTHONPATH", str(folder)], ["UDF MODULES", "pandas"]):
            sheet.append(row)
    book.save(household_file)
    monkeypatch.chdir(folder)
    opened = open_workbook(household_file)
    jobs = Jobs()
    assert click(jobs, "drift", opened).startswith("done|")
    assert click(jobs, "insert_formulas", opened).startswith("done|")
    assert not (folder / "pwned").exists()


def test_a_book_on_sharepoint_is_never_asked_for_its_settings(household: xlwings.Book, impl: BookImpl):
    """xlwings' Book.fullname reads a sheet xlwings.conf of a book whose name is an address."""
    impl.fullname = "https://firm.sharepoint.com/clients/household.xlsx"
    assert click(Jobs(), "drift", household).startswith("done|")


def test_the_paid_part_of_xlwings_is_off(household_file: Path):
    open_book(household_file)
    assert xlwings.__pro__ is False
