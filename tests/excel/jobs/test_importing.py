"""Import holdings: a custodian's file into the advisor's own table, shown first, written at his word."""

import csv
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwings
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.worksheet.filters import AutoFilter, FilterColumn
from openpyxl.worksheet.table import Table

from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.jobs.importing import Merge, cash_told, summary, unlisted
from rebal_xl.excel.live.fill import Change
from rebal_xl.excel.live.host import OpenBook, OpenTable
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.intake.book import Spellings
from rebal_xl.sample.custodians import write_custodian_files
from rebal_xl.sheets.grid import Grid
from rebal_xl.sheets.tables import HOLDINGS
from tests.excel.jobs.ribbon import cell, click, double, grid, is_ours, tabs, type_in

MACROS = Path(__file__).parents[3] / "workbook" / "vba" / "RebalRibbon.bas"
# What the ribbon's macros show of a message.
LONGEST_MESSAGE = int(re.findall(r"LONGEST_MESSAGE As Long = (\d+)", MACROS.read_text())[0])
HEADER = ["Account", "Symbol", "Quantity", "Acquired", "Cost Basis", "Locked", "My note"]
OLD = [
    ["IRA", "VTI", 10.0, date(2020, 1, 2), 1000.0, "Yes", "keep"],
    ["IRA", "BND", 20.0, date(2021, 3, 4), 1500.0, None, None],
    ["Joint", "VTI", 5.0, date(2022, 5, 6), "=E2*2", None, "gift for Ana"],
]


def workbook(
    path: Path, *, below: bool = False, table: bool = True, mac: bool = False, extra: Sequence[str] = ()
) -> Path:
    """Two accounts, three lots, a column of his own, and a basis that is a formula."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900
    sheet = book.active
    sheet.title = "Holdings"
    for row in ([*HEADER, *extra], *OLD):
        sheet.append(row)
    if below:
        sheet["A5"] = "as told by Ana"
    if table:
        sheet.add_table(Table(displayName="Holdings", ref=f"A1:{get_column_letter(7 + len(extra))}4"))
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
    assert question == "ask|yesno|Write 3 rows of your Holdings table?\nIRA: 2 rows now, 3 in the files|"
    assert rows(book) == before
    assert jobs.start("import_holdings", book, "yes") == (
        "done|3 rows of 1 account written to Holdings on Holdings. "
        "What was there before is on the sheet Holdings (before import). Press Check."
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
    assert double(book).book["Holdings"]["E4"].value == "=E2*2"


def test_lots_that_are_gone_leave_their_rows_blank(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    path = csv_file(tmp_path, "IRA,VTI,10,01/02/2020,1000")
    jobs = Jobs()
    jobs.start("import_holdings", book, str(path))
    jobs.start("import_holdings", book, "yes")
    assert rows(book)[1] == [None] * 7
    assert rows(book)[0] == ["IRA", "VTI", 10.0, date(2020, 1, 2), 1000.0, "Yes", "keep"]


def schwab(folder: Path, total: str) -> Path:
    """A download of the IRA as Schwab writes it."""
    path = folder / "schwab.csv"
    path.write_text(
        '"Positions for account IRA as of 12:33 PM ET, 2026/05/04"\n""\n'
        '"Symbol","Description","Qty (Quantity)","Price","Mkt Val (Market Value)","Cost Basis","Asset Type",\n'
        '"BRK/B","BERKSHIRE","10","$450.00","$4,500.00","$2,000.00","Equity",\n'
        f'"Account Total","","--","--","{total}","$2,000.00","--",\n'
    )
    return path


def test_what_may_be_missing_from_the_file_is_said_before_anything_is_written(
    open_household: Callable[..., xlwings.Book], tmp_path: Path
):
    asked = Jobs().start("import_holdings", open_household(), str(schwab(tmp_path, "$9,000.00")))
    assert "Look at this first: schwab!line 5: The rows above add up to 4,500.00" in asked
    asked = Jobs().start("import_holdings", open_household(), str(schwab(tmp_path, "$4,500.00")))
    assert "Look at" not in asked


def test_a_share_class_keeps_the_spelling_of_the_table(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    double(book).book["Holdings"]["B2"].value = "BRK.B"
    jobs = Jobs()
    jobs.start("import_holdings", book, str(schwab(tmp_path, "$4,500.00")))
    jobs.start("import_holdings", book, "yes")
    assert [row[1] for row in rows(book) if row[0] == "IRA"] == ["BRK.B"]


def test_a_table_in_thousands_is_not_written_in_dollars(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    double(book).book["Holdings"]["E1"].value = "Cost Basis ($000)"
    before = rows(book)
    told = Jobs().start("import_holdings", book, str(csv_file(tmp_path, "IRA,VTI,12,01/02/2020,1200.55")))
    assert "in thousands" in told
    assert rows(book) == before


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
    assert "\nAlex HSA: 5 rows now, 5 in the files\nAlex IRA: 30 rows now, 30 in the files" in question
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
    assert 'Not in Accounts yet: Joint ...4. Did you mean "Joint"? One that you have under another name' in question


def test_what_was_there_before_is_kept_beside(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    before = dict(grid(book, "Holdings").cells)
    bring(book, csv_file(tmp_path, "IRA,VTI,12,01/02/2020,1200.55", "IRA,NEW,1,01/02/2020,9"))
    assert tabs(book) == ["Holdings", "Holdings (before import)", "Accounts"]
    kept = grid(book, "Holdings (before import)")
    assert dict(kept.cells) == before
    # It is ours: no input is read from it, and its table does not take the name of his.
    assert is_ours(book, kept.name)
    assert [held.name for held in kept.tables] == ["Holdings_before"]
    assert [held.name for held in grid(book, "Holdings").tables] == ["Holdings"]
    second = dict(grid(book, "Holdings").cells)
    assert second != before
    bring(book, csv_file(tmp_path, "IRA,VTI,15,01/02/2020,1200.55"))
    assert tabs(book) == ["Holdings", "Holdings (before import)", "Accounts"]
    assert dict(grid(book, "Holdings (before import)").cells) == second
    assert [held.name for held in grid(book, "Holdings (before import)").tables] == ["Holdings_before"]


def test_a_copy_that_his_cells_refer_to_stays(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    book = open_household()
    bring(book, csv_file(tmp_path, "IRA,VTI,12,01/02/2020,1200.55"))
    type_in(book, "Accounts", 9, 1, "='Holdings (before import)'!C2")
    bring(book, csv_file(tmp_path, "IRA,VTI,15,01/02/2020,1200.55"))
    assert tabs(book) == ["Holdings", "Holdings (before import (rebal)", "Holdings (before import)", "Accounts"]
    assert cell(book, "Holdings (before import)", 2, 3) == 10.0
    assert cell(book, "Holdings (before import (rebal)", 2, 3) == 12.0


def test_a_failure_while_writing_says_where_the_holdings_are(
    open_household: Callable[..., xlwings.Book], tmp_path: Path
):
    book = open_household()
    before = dict(grid(book, "Holdings").cells)
    jobs = Jobs()
    jobs.start("import_holdings", book, str(csv_file(tmp_path, "IRA,VTI,12,01/02/2020,1200.55", "IRA,N,1,,")))
    double(book).app.broken = {"Value2"}
    failed = jobs.start("import_holdings", book, "yes")
    double(book).app.broken = set()
    assert failed.startswith("failed|Writing stopped half-way. ")
    assert failed.endswith("Holdings as it was is on the sheet Holdings (before import).")
    assert dict(grid(book, "Holdings (before import)").cells) == before


def bring(book: xlwings.Book, path: Path) -> str:
    jobs = Jobs()
    assert jobs.start("import_holdings", book, str(path)).startswith("ask|yesno|")
    return jobs.start("import_holdings", book, "yes")


TRAPS = ["=cmd|'/C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1,2)", '=HYPERLINK("http://x","y")']


@pytest.mark.parametrize("trap", TRAPS)
def test_text_that_looks_like_a_formula_arrives_as_text(
    open_household: Callable[..., xlwings.Book], tmp_path: Path, trap: str
):
    """An account, a symbol, a class or a lot of that name is a name, and Excel calculates nothing."""
    book = open_household(extra=["Asset Class", "Lot ID"])
    path = tmp_path / "lots.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["Account", "Symbol", "Quantity", "Asset Class", "Lot ID"], [trap, trap, 3, trap, trap], ["IRA", "X", 1]]
        )
    bring(book, path)
    sheet = double(book).book["Holdings"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == trap)
    for column in (0, 1, 7, 8):
        written = row[column]
        # A symbol is read in capitals.
        assert str(written.value).upper() == trap.upper()
        assert (written.number_format, written.data_type) == ("@", "s"), written.coordinate
    assert not any(held.formula for held in grid(book, "Holdings").cells.values() if held.value in (trap, trap.upper()))


def test_the_question_comes_first_and_fits_the_message_box(open_household: Callable[..., xlwings.Book], tmp_path: Path):
    """A book of 300 accounts with long names, none of them listed, and every column that there is."""
    names = [f"The {number} Irrevocable Trust of the Descendants of Ana and Bob {'X' * 200}" for number in range(300)]
    columns = [column.name for column in HOLDINGS.columns if column.name not in ("Account", "Symbol", "Quantity")]
    path = tmp_path / "lots.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["Account", "Symbol", "Quantity", *columns], *([name, "VTI", 1] for name in names)])
    asked = Jobs().start("import_holdings", open_household(), str(path)).removeprefix("ask|yesno|").removesuffix("|")
    assert asked.startswith("Write 300 rows of your Holdings table?\nNot in Accounts yet: The 0 Irrevocable Trust")
    assert "and 297 more" in asked
    assert asked.endswith(" more accounts")
    assert len(asked) < LONGEST_MESSAGE


@pytest.mark.parametrize("accounts", [1, 2, 12, 13, 400])
@pytest.mark.parametrize("letters", [1, 40, 300])
def test_no_summary_is_longer_than_the_message_box(accounts: int, letters: int):
    names = [f"{number}{'W' * letters}" for number in range(accounts)]
    merge = Merge(
        changes=[Change(row, 1, "x") for row in range(100_000)],
        rows=dict.fromkeys(names, (100_000, 100_000)),
        unknown=[unlisted(name, Spellings([name + "s"])) for name in names],
        dropped=[column.name for column in HOLDINGS.columns],
        lost=[f"VTI in {name[:32]}" for name in names],
        cash=[cash_told(name, 123_456_789.01, 987_654_321.99) for name in names],
        doubts=[f"{name[:20]}!line 5: {'w' * 130}" for name in names],
    )
    told = summary(merge)
    assert told.startswith("Write 100,000 rows of your Holdings table?\n")
    assert len(told) < LONGEST_MESSAGE


def filtered(book: xlwings.Book) -> None:
    """The household with a filter of his on Holdings that hides the first lot."""
    sheet = double(book).book["Holdings"]
    sheet.tables["Holdings"].autoFilter = AutoFilter(ref="A1:G4", filterColumn=[FilterColumn(colId=0)])
    sheet.row_dimensions[2].hidden = True


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
    sheet = double(book).book["Holdings"]
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
