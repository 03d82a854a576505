"""A folder of households is scanned whole: figures as of each file alone, the urgent ones first, nothing stops it."""

import os
from datetime import date
from pathlib import Path

import pytest

import rebal_xl
from rebal_xl import log
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Account, Method, Scanned, ScanReport, TaxTreatment, Withdrawal, WithdrawalLevel
from rebal_xl.measure.harvest import losses_worth_taking
from rebal_xl.practice import scan
from rebal_xl.practice.book import scan_file
from rebal_xl.sheets.results_book import book_workbook, summary
from tests.practice.books import DDE_FILE, FORMULA_NAME, balanced, simple


@pytest.fixture(scope="module")
def report(book: Path) -> ScanReport:
    return scan(book)


def row(report: ScanReport, file: str) -> Scanned:
    return next(one for one in report.households if one.file == file)


def test_every_household_file_is_a_row_and_nothing_else(report: ScanReport):
    assert {one.file for one in report.households} == {
        "Rivera.xlsx", "abel.xlsx", DDE_FILE, "Broken.xlsx", "bomb.xlsx", "letter.csv", "cut off.xlsx",
    }  # fmt: skip
    assert report.complete
    assert {one.file: one.why for one in report.skipped} == {
        "~$Rivera.xlsx": "left by a program that has the workbook open",
        "._Rivera.xlsx": "left by a program that has the workbook open",
        "Rivera.backup-20260302-141500.xlsx": "a backup",
        "Rivera rebalanced.xlsx": "the result of 'Rivera.xlsx'",
        "orders 2026-11-20.csv": "orders of a plan",
    }


@pytest.mark.parametrize("file", ["Rivera.xlsx", "abel.xlsx", DDE_FILE])
def test_the_figures_are_those_of_the_python_interface_for_the_file_alone(report: ScanReport, book: Path, file: str):
    household, policy = rebal_xl.read_workbook(book / file)
    measured, losses = rebal_xl.drift(household, policy), losses_worth_taking(household, policy)
    one = row(report, file)
    assert (one.name, one.as_of) == (household.name, policy.as_of)
    assert (one.value_usd, one.drift) == (measured.value_usd, measured.household_drift)
    assert (one.needed, one.outside) == (measured.needed, measured.outside)
    assert one.losses_usd == sum(loss.loss_usd for loss in losses)
    assert one.waiting_usd == sum(loss.loss_usd for loss in losses if loss.safe_from)
    assert one.notices == len(household.notices)


def test_what_cannot_be_read_says_why(report: ScanReport):
    said = {one.file: [str(problem) for problem in one.problems] for one in report.unreadable}
    assert set(said) == {"Broken.xlsx", "bomb.xlsx", "letter.csv", "cut off.xlsx"}
    assert len(said["Broken.xlsx"]) == 2
    assert "a dozen" in said["Broken.xlsx"][0]
    assert said["Broken.xlsx"][0].startswith("Holdings!")
    assert "zip bomb" in said["bomb.xlsx"][0]
    assert "is damaged or not complete" in said["cut off.xlsx"][0]
    assert "No sheet has a table of holdings." in said["letter.csv"][0]
    assert all(one.value_usd is None and one.drift is None for one in report.unreadable)


def test_those_that_need_attention_come_first_then_what_must_be_mended(report: ScanReport):
    # Lee is at 75 % of 60 %: drift 15 %; Abel is on target.
    assert [one.file for one in report.households if one.file != "Rivera.xlsx"] == [
        DDE_FILE, "bomb.xlsx", "Broken.xlsx", "cut off.xlsx", "letter.csv", "abel.xlsx",
    ]  # fmt: skip
    assert row(report, DDE_FILE).drift == pytest.approx(0.15)
    assert row(report, "abel.xlsx").to_do == ()
    rivera = row(report, "Rivera.xlsx")
    assert rivera.to_do[0] == "rebalance"
    assert report.calling == tuple(sorted((rivera, row(report, DDE_FILE)), key=lambda one: -(one.drift or 0.0)))
    assert summary(report) == "7 files scanned: 2 households call for attention, 4 files cannot be read."


def test_the_order_does_not_depend_on_the_order_of_the_files(report: ScanReport):
    mixed = tuple(sorted(report.households, key=lambda one: hash(one.file)))
    assert ScanReport(report.folder, mixed, report.files).households == report.households


def test_losses_call_for_a_harvest_where_the_settings_ask_for_it(tmp_path: Path):
    """60,000 of stocks bought for 70,000: a loss of 10,000, against thresholds of 5,000 and of 20,000."""
    cases = {"off": {}, "met": {"harvest_usd": 5_000.0}, "not met": {"harvest_usd": 20_000.0}}
    for name, rules in cases.items():
        simple(tmp_path / f"{name}.xlsx", name, 60_000.0, 40_000.0, stocks_basis_usd=70_000.0, **rules)
    found = scan(tmp_path)
    assert [(one.name, one.losses_usd, one.to_do) for one in found.households] == [
        ("met", 10_000.0, ("harvest",)), ("off", 10_000.0, ()), ("not met", 0.0, ()),
    ]  # fmt: skip


def test_cash_that_is_missing_or_lies_idle(tmp_path: Path):
    """Of 5,000 in cash 2,000 are reserve, 3,000 free: a withdrawal of 4,500 lacks 1,500, one of 1,000 leaves 2,000."""
    joint = Account("Joint", TaxTreatment.TAXABLE, cash_usd=5_000.0, reserve_usd=2_000.0)
    for name, usd in (("short", 4_500.0), ("idle", 1_000.0)):
        ask = (Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", usd),)
        simple(tmp_path / f"{name}.xlsx", name, 60_000.0, 40_000.0, account=joint, withdrawals=ask)
    low = Account("Joint", TaxTreatment.TAXABLE, cash_usd=500.0, reserve_usd=2_000.0)
    simple(tmp_path / "low.xlsx", "low", 60_000.0, 40_000.0, account=low)
    found = {one.name: one for one in scan(tmp_path).households}
    assert (found["short"].short_usd, found["short"].idle_usd) == (1_500.0, 0.0)
    assert "raise cash" in found["short"].to_do
    assert (found["idle"].short_usd, found["idle"].idle_usd) == (0.0, 2_000.0)
    assert "raise cash" not in found["idle"].to_do
    # its reserve lacks 1,500
    assert (found["low"].short_usd, found["low"].idle_usd) == (1_500.0, 0.0)


def test_a_scan_that_is_stopped_tells_what_it_came_to(book: Path):
    seen: list[tuple[int, int, str]] = []

    def until_third(number: int, files: int, name: str) -> bool:
        seen.append((number, files, name))
        return number == 3

    stopped = scan(book, until_third)
    assert seen == [(1, 7, DDE_FILE), (2, 7, "abel.xlsx"), (3, 7, "bomb.xlsx")]
    assert [one.file for one in stopped.households] == [DDE_FILE, "abel.xlsx"]
    assert not stopped.complete
    assert summary(stopped).startswith("Stopped after 2 of 7 files. 2 files scanned: 1 household calls")


def test_what_nobody_foresaw_in_one_file_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(log, "log_path", lambda: tmp_path / "log" / "scan.log")
    monkeypatch.setattr("rebal_xl.practice.book.losses_worth_taking", lambda *_: 1 / 0)
    folder = tmp_path / "firm"
    folder.mkdir()
    balanced(folder / "abel.xlsx")
    (one,) = scan(folder).households
    assert str(one.problems[0]).startswith("Something unexpected went wrong with this file. Details are in ")
    assert "ZeroDivisionError" in (tmp_path / "log" / "scan.log").read_text()


def test_the_sheet_of_an_earlier_scan_is_left_out_and_a_result_without_its_workbook_is_a_household(
    report: ScanReport, tmp_path: Path
):
    book_workbook(report).save(tmp_path / "my book.xlsx")
    balanced(tmp_path / "Abel rebalanced.xlsx")
    found = scan(tmp_path)
    assert [one.file for one in found.households] == ["Abel rebalanced.xlsx"]
    assert [(one.file, one.why) for one in found.skipped] == [
        ("my book.xlsx", "result sheets of rebal_xl and nothing else")
    ]
    assert found.complete


def test_a_household_that_nobody_named_is_called_after_its_file(tmp_path: Path):
    assert scan_file(balanced(tmp_path / "Lee family.xlsx", "Household")).name == "Lee family"


def test_a_day_that_is_asked_for_wins(tmp_path: Path):
    balanced(tmp_path / "abel.xlsx")
    assert scan(tmp_path, as_of=date(2026, 11, 27)).households[0].as_of == date(2026, 11, 27)


def test_a_folder_that_is_none(tmp_path: Path):
    with pytest.raises(FileRefused, match="There is no folder"):
        scan(tmp_path / "gone")
    assert scan(tmp_path) == ScanReport(str(tmp_path), (), 0)
    assert summary(scan(tmp_path)).startswith("There is no household in this folder")


def test_nothing_is_written_into_the_folder(book: Path, report: ScanReport):
    before = {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(book)}
    scan(book, lambda number, files, name: number > 2)
    assert {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(book)} == before


def test_names_that_look_like_formulas_stay_text(report: ScanReport):
    sheet = book_workbook(report)["Book"]
    cells = {cell.value: cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)}
    for text in (FORMULA_NAME, DDE_FILE):
        assert (cells[text].data_type, cells[text].quotePrefix) == ("s", True)
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_the_sheet_holds_what_the_report_holds(report: ScanReport):
    sheet = book_workbook(report)["Book"]
    table = sheet.tables["BookHouseholds"]
    head, *body = [[cell.value for cell in line] for line in sheet[table.ref]]
    rows = [dict(zip(head, line, strict=True)) for line in body]
    assert [line["File"] for line in rows] == [one.file for one in report.households]
    for line, one in zip(rows, report.households, strict=True):
        assert (line["Value"], line["Drift"], line["Losses"]) == (one.value_usd, one.drift, one.losses_usd)
        assert line["Problems"] == len(one.problems)
        assert line["First Problem"] == (str(one.problems[0]) if one.problems else None)
        assert line["Rebalance"] == (None if not one.readable else "Yes" if one.needed else "No")
    assert sheet["A2"].value.endswith(summary(report))
    assert "~$Rivera.xlsx" in sheet["A3"].value


def test_a_method_that_trades_nothing_by_itself_still_has_a_drift(tmp_path: Path):
    simple(tmp_path / "lee.xlsx", "Lee", 75_000.0, 25_000.0, method=Method.NONE)
    assert scan(tmp_path).households[0].to_do == ("rebalance",)
