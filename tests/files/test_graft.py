"""Our sheets go into the Rivera household's workbook, and nothing of theirs changes."""

import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900
from openpyxl.worksheet.hyperlink import Hyperlink

from rebal_xl.files.graft import graft
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from tests.files.workbooks import (
    HOLDINGS,
    advisor_workbook,
    again,
    cell_text,
    edit_zip,
    mark,
    only_appended,
    read_zip,
    result_sheets,
)
from tests.tools.ooxml import validate

LISTS = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}


def test_every_part_of_the_advisor_stays_byte_for_byte_through_two_runs(household: Path, tmp_path: Path):
    before = read_zip(household)
    first, second = tmp_path / f"1{household.suffix}", tmp_path / f"2{household.suffix}"
    graft(household, result_sheets(0.05), first)
    graft(first, result_sheets(0.07), second)
    for after in (read_zip(first), read_zip(second)):
        assert [name for name in after if name in before] == list(before)
        assert {name for name in before if after[name] != before[name]} == LISTS
        for name in LISTS:
            assert only_appended(before[name], after[name]), name


def test_the_report_says_what_happened(workbook: Path):
    before = read_zip(workbook)
    report = graft(workbook, result_sheets(), workbook)
    assert set(report.appended) == LISTS
    assert set(report.untouched) == set(before) - LISTS
    assert set(report.written) == set(read_zip(workbook)) - set(before)
    assert report.sheets == {"Drift": "Drift", "Trades": "Trades (rebal)"}
    assert report.removed == ()
    again = graft(workbook, result_sheets(), workbook)
    # The same results once more: not even the lists change.
    assert (set(again.untouched), again.appended) == (set(before), ())
    assert (set(again.written), again.removed) == (set(report.written), ())


def test_openpyxl_and_our_reader_find_our_values_and_theirs(household: Path):
    graft(household, result_sheets(), household)
    book = openpyxl.load_workbook(household)
    assert book.sheetnames == ["Holdings", "Trades", "Drift", "Trades (rebal)"]
    drift = book["Drift"]
    assert [cell.value for cell in drift[2]][:2] == ["US", 0.05]
    assert drift["B2"].number_format == "0.00%"
    assert drift["B3"].number_format == '0.0000" bp"'
    assert drift["B3"].fill.fgColor.rgb == "FFFFFF00"
    assert drift["A1"].font.size == 14
    assert drift["A1"].alignment.horizontal == "center"
    assert drift["D1"].value == " spaces around "
    assert drift["D4"].hyperlink.target.startswith("https://www.irs.gov")
    assert drift["A1"].comment.text == "actual minus target"
    assert list(drift.tables) == ["RebalDrift"]
    assert drift.print_title_rows == "$1:$1"
    assert book["Holdings"]["E1"].number_format == "$#,##0.00"
    rows = [[cell.value for cell in row][:3] for row in book["Holdings"]["A2:C4"]]
    assert rows == HOLDINGS


def test_formulas_links_and_charts_of_ours_follow_our_renamed_sheet(workbook: Path):
    """The advisor has a Trades sheet, so ours is "Trades (rebal)" and all that meant it says so."""
    graft(workbook, result_sheets(), workbook)
    parts = read_zip(workbook)
    drift = parts["xl/worksheets/rebal_sheet1.xml"].decode()
    assert "SUM(RebalDrift[Drift])+'Trades (rebal)'!B2" in drift
    assert 'HYPERLINK("#\'Trades (rebal)\'!A2","first trade")' in drift
    assert "location=\"'Trades (rebal)'!A1\"" in drift
    assert "<formula>'Trades (rebal)'!$B$2</formula>" in drift
    assert "<formula1>'Trades (rebal)'!$A$2:$A$3</formula1>" in drift
    assert "'Drift'!$B$2:$B$3" in parts["xl/charts/rebal_chart1.xml"].decode()
    assert "'Trades (rebal)'!$A$1:$B$3" in parts["xl/workbook.xml"].decode()


def test_a_link_to_the_advisors_sheet_leads_there_even_when_ours_has_its_name(workbook: Path):
    """A finding about cell B2 of his Trades sheet must not lead to our "Trades (rebal)"."""
    ours = result_sheets()
    cell = ours["Drift"]["D8"]
    cell.value = "see your sheet"
    cell.hyperlink = Hyperlink(ref="D8", location="'Trades'!B2")
    for _ in range(2):
        graft(workbook, ours, workbook)
        drift = read_zip(workbook)["xl/worksheets/rebal_sheet1.xml"].decode()
        assert "location=\"'Trades'!B2\"" in drift
        assert "location=\"'Trades (rebal)'!A1\"" in drift


def test_on_request_the_workbook_opens_on_our_sheet(workbook: Path):
    """Only the mark of being selected leaves the advisor's sheet: two selected tabs would be edited together."""
    before = read_zip(workbook)
    report = graft(workbook, result_sheets(), workbook, show="Drift")
    after = read_zip(workbook)
    sheet = "xl/worksheets/sheet1.xml"
    assert 'activeTab="2"' in after["xl/workbook.xml"].decode()
    assert after[sheet] == before[sheet].replace(b'tabSelected="1"', b'tabSelected="0"')
    assert after[sheet] != before[sheet]
    assert set(report.appended) == LISTS | {sheet}
    selected = [name for name, data in after.items() if b'tabSelected="1"' in data]
    assert selected == ["xl/worksheets/rebal_sheet1.xml"]
    with pytest.raises(ValueError, match="Dashboard"):
        graft(workbook, result_sheets(), workbook, show="Dashboard")


def test_a_table_name_of_the_advisor_makes_ours_step_aside(workbook: Path):
    """He has a defined name RebalDrift and a table RebalDrift_2: ours is RebalDrift_3, in its formulas too."""
    edit_zip(workbook, "xl/workbook.xml", 'name="Advisor_Fee"', 'name="rebaldrift"')
    edit_zip(workbook, "xl/tables/table1.xml", 'displayName="Holdings"', 'displayName="RebalDrift_2"')
    report = graft(workbook, result_sheets(), workbook)
    assert report.renamed_tables == {"RebalDrift": "RebalDrift_3"}
    assert "SUM(RebalDrift_3[Drift])" in read_zip(workbook)["xl/worksheets/rebal_sheet1.xml"].decode()


def test_a_workbook_that_counts_days_from_1904_shows_our_dates_right(tmp_path: Path):
    path = advisor_workbook(tmp_path / "mac.xlsx", date1904=True)
    ours = result_sheets()
    graft(path, ours, path)
    assert openpyxl.load_workbook(path)["Drift"]["C2"].value.date() == datetime.date(2026, 3, 2)
    assert cell_text(path, "Drift", 2, 3) == datetime.date(2026, 3, 2)
    # The builder's workbook is as it was: it can be grafted into a 1900 workbook next.
    assert ours.epoch == CALENDAR_WINDOWS_1900


def test_a_sheet_without_our_mark_is_a_mistake_of_the_builder(workbook: Path):
    ours = result_sheets()
    ours.create_sheet("Notes")
    with pytest.raises(ValueError, match="Notes"):
        graft(workbook, ours, workbook)


def test_a_hidden_result_sheet_stays_hidden(workbook: Path):
    ours = result_sheets()
    log = ours.create_sheet("Run Log")
    log.sheet_state = "hidden"
    mark(log, "Run Log")
    graft(workbook, ours, workbook)
    assert {g.name: g.hidden for g in read_book(workbook).grids}["Run Log"] is True


def test_a_workbook_with_protected_structure_is_refused_unchanged(workbook: Path):
    edit_zip(workbook, "xl/workbook.xml", "<bookViews>", '<workbookProtection lockStructure="1"/><bookViews>')
    before = workbook.read_bytes()
    with pytest.raises(FileRefused, match="Unprotect it"):
        graft(workbook, result_sheets(), workbook)
    assert workbook.read_bytes() == before


def test_a_signed_workbook_is_refused(workbook: Path):
    origin = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    arrow = f'<Relationship Id="rIdS" Type="{origin}" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    edit_zip(workbook, "_rels/.rels", "</Relationships>", arrow)
    with pytest.raises(FileRefused, match="digitally signed"):
        graft(workbook, result_sheets(), workbook)


def test_a_backup_is_kept_on_request(workbook: Path):
    before = workbook.read_bytes()
    report = graft(workbook, result_sheets(), workbook, backup=True)
    assert report.saved is not None
    assert report.saved.backup is not None
    assert report.saved.backup.name.startswith("rivera.backup-")
    assert report.saved.backup.read_bytes() == before


@pytest.mark.hosts
@pytest.mark.parametrize("suffix", ["xlsx", "xlsm"])
def test_microsofts_validator_finds_nothing_to_report(tmp_path: Path, suffix: str):
    path = advisor_workbook(tmp_path / f"rivera.{suffix}", macros=suffix == "xlsm")
    assert validate(path) == []
    for run in range(3):
        again(path, keep_previous=run > 0)
        assert validate(path) == []
