"""Excel for Mac's objects under their names on Windows, where the two differ."""

import datetime
from pathlib import Path

import openpyxl
import pytest
import xlwings

from rebal_xl.excel.live.area import Area
from rebal_xl.excel.live.host import OpenBook, native
from rebal_xl.excel.live.mac_api import NOT_ALLOWED, NOT_RUNNING, TIMED_OUT
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.refusal import BookRefused, is_com_error, why_refused
from rebal_xl.sheets.grid import CellError
from tests.excel.openpyxl_engine import open_book
from tests.excel.openpyxl_engine.mac import CommandError


@pytest.fixture(params=[False, True], ids=["1900", "1904"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> OpenBook:
    """A small workbook with every kind of value."""
    made = openpyxl.Workbook()
    if request.param:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = made.active
    sheet.title = "Kinds"
    sheet.append(["text", 12.345678, True, None, datetime.date(2024, 1, 2), "#N/A", "12345E108"])
    sheet["B1"].number_format = '"$"#,##0.00'
    sheet["G1"].number_format = "@"
    sheet["A2"] = "second"
    sheet.row_dimensions[2].hidden = True
    made.save(tmp_path / "kinds.xlsx")
    return OpenBook(open_book(tmp_path / "kinds.xlsx"))


def test_values_come_as_windows_gives_them(book: OpenBook) -> None:
    sheet = book.sheets[0]
    # 2024-01-02 is day 45,293 since 1899-12-30, and 1,462 less since 1904-01-01
    day = 45_293.0 - (1_462.0 if book.date1904 else 0.0)
    assert sheet.values(Area(1, 1, 1, 7)) == (("text", 12.345678, True, "", day, -2146826246, "12345E108"),)
    assert sheet.values(Area(1, 1, 1, 1)) == (("text",),)


def test_a_sheet_reads_the_same_by_both_faces(book: OpenBook) -> None:
    (grid,) = read_open_book(book).grids
    told = {place: cell.value for place, cell in grid.cells.items()}
    assert told[1, 5] == datetime.date(2024, 1, 2)
    assert told[1, 6] == CellError("#N/A")
    assert told[1, 7] == "12345E108"
    assert (1, 4) not in told
    assert grid.hidden_rows == {2}


def test_names_are_defined_hidden_found_and_deleted(book: OpenBook) -> None:
    sheet = book.sheets[0]
    sheet.set_name("rebal_mark", '="Kind"')
    book.set_name("Everything", "=Kinds!$A$1:$G$1")
    assert [(name.name, name.sheet, name.hidden) for name in book.names] == [
        ("Everything", None, False),
        ("rebal_mark", "Kinds", True),
    ]
    sheet.delete_name("rebal_mark")
    assert [name.name for name in book.names] == ["Everything"]


def test_links_are_made_and_taken_away(book: OpenBook) -> None:
    sheet = book.sheets[0]
    sheet.link(1, 1, "Kinds!A2")
    sheet.link(2, 1, "Kinds!A1")
    cells = native(sheet.range(Area(1, 1, 2, 7)))
    assert len(cells.Hyperlinks._xl.hyperlinks.get()) == 2
    sheet.unlink(Area(1, 1, 2, 7))
    sheet.unlink(Area(1, 1, 2, 7))


def test_a_sheet_stays_the_same_when_others_come_before_it(book: OpenBook) -> None:
    first = book.sheets[0]
    copied = first.copy_after(first)
    kept = book.sheets
    copied.delete()
    second = first.copy_after(first)
    second.name = "Another"
    assert kept[0].values(Area(2, 1, 2, 1)) == (("second",),)
    assert [sheet.name for sheet in book.sheets] == ["Kinds", "Another"]


def test_a_formula_that_may_spill_falls_back_where_excel_is_old(book: OpenBook) -> None:
    book.sheets[0].write_formula(3, 1, "=SUM(B1:B1)")
    assert book.sheets[0].formulas(Area(3, 1, 3, 1)) == (("=SUM(B1:B1)",),)


def test_a_new_workbook_needs_no_template_of_excels(book: OpenBook, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "Only"
    made.defined_names["List"] = openpyxl.workbook.defined_name.DefinedName("List", attr_text="Only!$A$1")
    made.save(tmp_path / "from.xlsx")
    new = book.add_from(tmp_path / "from.xlsx")
    assert [sheet.name for sheet in new.sheets] == ["Only"]
    assert [(name.name, name.text) for name in new.names] == [("List", "Only!$A$1")]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (NOT_ALLOWED, "System Settings > Privacy & Security > Automation"),
        (TIMED_OUT, "Press Enter or Esc"),
        (NOT_RUNNING, "not running"),
        (-50, "Excel refused: Parameter error."),
    ],
)
def test_a_refusal_of_excels_is_a_sentence(number: int, told: str) -> None:
    error = CommandError(number, "Parameter error.")
    assert is_com_error(error)
    assert told in why_refused(error)


def test_a_protected_or_read_only_workbook_is_refused(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.security = openpyxl.workbook.protection.WorkbookProtection(lockStructure=True)
    made.save(tmp_path / "locked.xlsx")
    opened: xlwings.Book = open_book(tmp_path / "locked.xlsx")
    with pytest.raises(BookRefused, match="is protected"):
        OpenBook(opened).refuse_unless_writable()
