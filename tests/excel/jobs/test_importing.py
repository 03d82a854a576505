"""Import holdings: a custodian's file into the advisor's own table, shown first, written at his word."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwings
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.worksheet.filters import AutoFilter, FilterColumn
from openpyxl.worksheet.table import Table

from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.live.host import OpenBook, OpenTable
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.sample.custodians import write_custodian_files
from rebal_xl.sheets.grid import Grid
from tests.excel.jobs.ribbon import click, grid
from tests.excel.openpyxl_engine import BookImpl

HEADER = ["Account", "Symbol", "Quantity", "Acquired", "Cost Basis", "Locked", "My note"]
OLD = [
    ["IRA", "VTI", 10.0, date(2020, 1, 2), 1000.0, "Yes", "keep"],
    ["IRA", "BND", 20.0, date(2021, 3, 4), 1500.0, None, None],
    ["Joint", "VTI", 5.0, date(2022, 5, 6), "=E2*2", None, "gift for Ana"],
]


def workbook(path: Path, *, below: bool = False, table: bool = True, mac: bool = False) -> Path:
    """Two accounts, three lots, a column of his own, and a basis that is a formula."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900
    sheet = book.active
    sheet.title = "Holdings"
    for row in (HEADER, *OLD):
        sheet.append(row)
    if below:
        sheet["A5"] = "as told by Ana"
    if table:
        sheet.add_table(Table(displayName="Holdings", ref="A1:G4"))
    accounts = book.create_sheet("Accounts")
    for row in (["Account", "Tax Treatment"], ["IRA", "tax-deferred"], ["Joint", "taxable"]):
        accounts.append(row)
    accounts.add_table(Table(displayName="Accounts", ref="A1:B3"))
    book.save(path)
    return path


def csv_file(folder: Path, *lines: str) -> Path:
    path = folder / "lots.csv"
    path.write_text("\n".join(["Account,Symbol,Quantity,Acquired,Cost Basis", *lines]) + "\n")
    return path


@pytest.fixture
def open_household(tmp_path: Path, open_workbook: Callable[[Path], xlwings.Book]) -> Callable[..., xlwings.Book]:
    return lambda **how: open_workbook(workbook(tmp_path / "household.xlsx", **how))


def rows(book: xlwings.Book) -> list[list[object]]:
    held = grid(book, "Holdings")
    last = held.tables[0].last_row
    return [[held.cells[r, c].value if (r, c) in held.cells else None for c in range(1, 8)] for r in range(2, last + 1)]


def holdings(book: xlwings.Book) -> Grid:
    return next(held for held in read_open_book(OpenBook(book)).grids if held.name == "Holdings")


@pytest.mark.parametrize("mac", [False, True], ids=["1900", "1904"])
def test_the_change_is_shown_and_written_at_his_word(
    open_household: Callable[..., xlwings.Book], tmp_path: Path, mac: bool
):
    book = open_household(mac=mac)
    path = csv_file(
        tmp_path,
        "IRA,VTI,12,01/02/2020,1200.55",
        "IRA,12345E108,7,02/03/2026,70",
        "IRA,VXUS,8,02/04/2026,80",
    )
    jobs, before = Jobs(), rows(book)
    assert jobs.start("import_holdings", book, "").startswith("ask|files|")
    question = jobs.start("import_holdings", book, str(path))
    assert question == ("ask|yesno|IRA: 2 rows now, 3 in the files\nWrite 3 rows of your Holdings table?|")
    assert rows(book) == before
    assert jobs.start("import_holdings", book, "yes") == (
        "done|3 rows of 1 account written to Holdings on Holdings. Press Check."
    )
    assert rows(book) == [
        # The lot that stayed keeps what he wrote beside it.
        ["IRA", "VTI", 12.0, date(2020, 1, 2), 1200.55, "Yes", "keep"],
        # BND is gone; a CUSIP that looks like a number has taken its row.
        ["IRA", "12345E108", 7.0, date(2026, 2, 3), 70.0, None, None],
        # His formula was never calculated here.
        ["Joint", "VTI", 5.0, date(2022, 5, 6), "", None, "gift for Ana"],
        ["IRA", "VXUS", 8.0, date(2026, 2, 4), 80.0, None, None],
    ]
    held = holdings(book)
    assert (held.tables[0].last_row, held.cells[3, 2].number_format) == (5, "@")
    # An account that the file does not name, and a formula of his, are left alone.
    assert isinstance(book.impl, BookImpl)
    assert book.impl.book["Holdings"]["E4"].value == "=E2*2"


def test_lots_that_are_gone_leave_their_rows_blank(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    path = csv_file(tmp_path, "IRA,VTI,10,01/02/2020,1000")
    jobs = Jobs()
    jobs.start("import_holdings", book, str(path))
    jobs.start("import_holdings", book, "yes")
    assert rows(book)[1] == [None] * 7
    assert rows(book)[0] == ["IRA", "VTI", 10.0, date(2020, 1, 2), 1000.0, "Yes", "keep"]


def test_no_is_no(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    before = rows(book)
    jobs = Jobs()
    jobs.start("import_holdings", book, str(csv_file(tmp_path, "IRA,VTI,12,01/02/2020,1200")))
    assert jobs.start("import_holdings", book, "no") == "done|Nothing was imported."
    assert rows(book) == before


def test_what_is_there_already_changes_nothing(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    path = csv_file(tmp_path, "IRA,VTI,10,01/02/2020,1000", "IRA,BND,20,03/04/2021,1500")
    assert Jobs().start("import_holdings", book, str(path)) == (
        "done|The files hold what the Holdings table holds already."
    )


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"below": True}, "Holdings needs 1 more rows, and something stands below it."),
        ({"table": False}, "Holdings can be imported into an Excel table only."),
    ],
)
def test_where_there_is_no_room_or_no_table(
    open_household: Callable[..., xlwings.Book], tmp_path: Path, how: dict[str, bool], told: str
):
    book = open_household(**how)
    before = dict(grid(book, "Holdings").cells)
    path = csv_file(tmp_path, "IRA,VTI,10,01/02/2020,1000", "IRA,BND,20,03/04/2021,1500", "IRA,C,1,01/05/2026,1")
    jobs = Jobs()
    answer = jobs.start("import_holdings", book, str(path))
    if answer.startswith("ask|"):
        answer = jobs.start("import_holdings", book, "yes")
    assert answer.startswith(f"failed|{told}")
    assert dict(grid(book, "Holdings").cells) == before


def test_files_that_are_none(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    (tmp_path / "letter.csv").write_text("Dear Ana,\nhow are you?\n")
    jobs = Jobs()
    assert jobs.start("import_holdings", book, str(tmp_path / "gone.csv")).startswith("failed|There is no file")
    assert jobs.start("import_holdings", book, str(tmp_path / "letter.csv")).startswith("failed|These files hold no")
    assert jobs.start("import_holdings", book, str(csv_file(tmp_path, "IRA,VTI,many,01/02/2020,1"))).startswith(
        "failed|lots!line 2"
    )


def test_a_custodians_own_download_of_the_same_lots_changes_no_plan(household: xlwings.Book, tmp_path: Path):
    """Fidelity's file of lots: other columns, other spellings, the same 35 lots of two accounts."""
    (download,) = [
        path for path in write_custodian_files(tmp_path / "downloads") if path.name.startswith("Fidelity-Lots")
    ]
    jobs = Jobs()
    before = click(jobs, "drift", household)
    question = jobs.start("import_holdings", household, str(download))
    assert question.startswith("ask|yesno|Alex HSA: 5 rows now, 5 in the files\nAlex IRA: 30 rows now, 30 in the files")
    assert jobs.start("import_holdings", household, "yes").startswith("done|35 rows of 2 accounts written")
    assert click(jobs, "drift", household) == before


def test_a_workbook_of_holdings_is_imported_like_a_text_file(
    open_household: Callable[..., xlwings.Book], tmp_path: Path
):
    book = openpyxl.Workbook()
    for row in (["Account", "Symbol", "Quantity", "Acquired"], ["IRA", "VTI", 11.0, date(2020, 1, 2)]):
        book.active.append(row)
    book.save(tmp_path / "download.xlsx")
    household = open_household()
    jobs = Jobs()
    assert "IRA: 2 rows now, 1 in the files" in jobs.start(
        "import_holdings", household, str(tmp_path / "download.xlsx")
    )
    jobs.start("import_holdings", household, "yes")
    assert rows(household)[0] == ["IRA", "VTI", 11.0, date(2020, 1, 2), 1000.0, "Yes", "keep"]


def test_an_account_that_is_not_listed_is_named(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    path = csv_file(tmp_path, "Joint ...4,VTI,10,01/02/2020,1000")
    question = Jobs().start("import_holdings", open_household(), str(path))
    assert 'Not in Accounts yet: Joint ...4. Did you mean "Joint"?' in question


def filtered(book: xlwings.Book) -> BookImpl:
    """The household with a filter of his on Holdings that hides the first lot."""
    impl = book.impl
    assert isinstance(impl, BookImpl)
    sheet = impl.book["Holdings"]
    sheet.tables["Holdings"].autoFilter = AutoFilter(ref="A1:G4", filterColumn=[FilterColumn(colId=0)])
    sheet.row_dimensions[2].hidden = True
    return impl


def test_a_filter_of_his_loses_no_value(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    filtered(book)
    path = csv_file(tmp_path, "IRA,VTI,12,01/02/2020,1200", "IRA,BND,7,02/03/2026,70", "IRA,VXUS,8,02/04/2026,80")
    jobs = Jobs()
    jobs.start("import_holdings", book, str(path))
    assert jobs.start("import_holdings", book, "yes").startswith("done|")
    assert sorted(row[2] for row in rows(book) if row[0] == "IRA") == [7.0, 8.0, 12.0]
    assert holdings(book).hidden_rows == frozenset()


def test_a_filter_of_the_sheet_is_taken_off_too(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    impl = book.impl
    assert isinstance(impl, BookImpl)
    sheet = impl.book["Holdings"]
    sheet.auto_filter = AutoFilter(ref="A1:G4", filterColumn=[FilterColumn(colId=0)])
    sheet.row_dimensions[2].hidden = True
    path = csv_file(tmp_path, "IRA,VTI,12,01/02/2020,1200", "IRA,BND,7,02/03/2026,70", "IRA,VXUS,8,02/04/2026,80")
    jobs = Jobs()
    jobs.start("import_holdings", book, str(path))
    assert jobs.start("import_holdings", book, "yes").startswith("done|")
    assert sorted(row[2] for row in rows(book) if row[0] == "IRA") == [7.0, 8.0, 12.0]


def test_values_that_excel_did_not_take_are_told(
    open_household: Callable[..., xlwings.Book], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    book = open_household()
    filtered(book)
    # a filter that cannot be taken off
    monkeypatch.setattr(OpenTable, "clear_filter", lambda table: None)
    path = csv_file(tmp_path, "IRA,VTI,12,01/02/2020,1200", "IRA,BND,7,02/03/2026,70", "IRA,VXUS,8,02/04/2026,80")
    jobs = Jobs()
    jobs.start("import_holdings", book, str(path))
    told = jobs.start("import_holdings", book, "yes")
    assert told.startswith("failed|")
    assert "Excel did not take the values as they are into " in told
