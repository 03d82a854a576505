"""An advisor's own workbook, without the template, open in Excel: shown as it was understood, and corrected once."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwings

from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.household import Household
from rebal_xl.intake import read_grids
from rebal_xl.intake.understood import understood
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.understood import NOT_READ, WHICH
from tests.excel.jobs.ribbon import cell, click, double, grid, place_of, tabs, type_in

Opens = Callable[[Path], xlwings.Book]


def saved(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def own(tmp_path: Path, open_workbook: Opens) -> xlwings.Book:
    """Two columns could be the cost; the account stands above the list; the targets are bare numbers."""
    sheets: dict[str, list[list[object]]] = {
        "My list": [
            ["Account: Ann IRA"],
            ["Ticker", "Shares", "Last Price", "Class", "Paid", "Cost", "Bought"],
            ["VTI", 100, 250, "Stocks", 20_000, 5, "03/16/2020"],
            ["CASH", 1_000],
        ],
        "Targets": [["Asset Class", "Target %"], ["Stocks", 95], ["Cash", 5]],
    }
    return open_workbook(saved(tmp_path / "own.xlsx", sheets))


def values(book: xlwings.Book) -> GridBook:
    return read_open_book(OpenBook(book), ours=False)


def read(book: xlwings.Book) -> Household:
    return read_grids(values(book))[0]


def correct(book: xlwings.Book, header: str, word: str) -> None:
    """Type a word under Correction in the line of a header."""
    row, _ = place_of(book, "Understood", header)
    _, column = place_of(book, "Understood", "Correction")
    type_in(book, "Understood", row, column, word)


def test_the_button_shows_what_was_understood(own: xlwings.Book):
    before = grid(own, "My list")
    message = click(Jobs(), "understand", own)
    assert message.startswith("done|2 ranges read: see the sheet Understood. Where a line is wrong")
    row, column = place_of(own, "Understood", "Paid")
    assert cell(own, "Understood", row, column + 1) == NOT_READ
    row, column = place_of(own, "Understood", "Cost")
    assert cell(own, "Understood", row, column + 1) == "Cost Basis"
    assert grid(own, "Understood").ours
    assert grid(own, "My list") == before
    assert double(own).book.active.title == "Understood"


def test_a_correction_is_followed_by_the_next_click_and_stays(own: xlwings.Book):
    jobs = Jobs()
    click(jobs, "understand", own)
    assert read(own).lots[0].basis_usd == 5.0
    correct(own, "Paid", "Cost Basis")
    correct(own, "Cost", NOT_READ)
    assert read(own).lots[0].basis_usd == 20_000.0
    click(jobs, "understand", own)
    row, column = place_of(own, "Understood", "Paid")
    assert cell(own, "Understood", row, column + 1) == "Cost Basis"
    assert read(own).lots[0].basis_usd == 20_000.0
    assert [line.correction for line in understood(values(own)).lines if line.header == "Paid"] == ["Cost Basis"]


def test_a_word_that_means_nothing_is_told_by_check_and_not_lost(own: xlwings.Book):
    jobs = Jobs()
    click(jobs, "understand", own)
    correct(own, "Paid", "Cost Bassis")
    assert "1 problem" in click(jobs, "check", own)
    click(jobs, "understand", own)
    row, _ = place_of(own, "Understood", "Paid")
    assert cell(own, "Understood", row, place_of(own, "Understood", "Correction")[1]) == "Cost Bassis"


@pytest.mark.parametrize("job", ["check", "rebalance"])
def test_check_and_rebalance_show_it_the_first_time(own: xlwings.Book, job: str):
    jobs = Jobs()
    assert "Some of the workbook was inferred: the sheet Understood shows" in click(jobs, job, own)
    assert tabs(own).count("Understood") == 1
    # From then on the sheet is the advisor's to correct.
    assert "inferred" not in click(jobs, job, own)
    assert [tab for tab in tabs(own) if tab.startswith("Understood")] == ["Understood"]


def test_a_household_on_our_template_is_not_bothered(household: xlwings.Book):
    assert "inferred" not in click(Jobs(), "check", household)
    assert "Understood" not in tabs(household)


def test_which_of_several_households_is_meant_is_chosen_on_the_sheet(tmp_path: Path, open_workbook: Opens):
    accounts: list[list[object]] = [
        ["Household", "Account", "Tax Treatment"],
        ["Rivera", "Ann IRA", "IRA"],
        ["Okafor", "Bob IRA", "IRA"],
    ]
    holdings: list[list[object]] = [
        ["Household", "Account", "Symbol", "Quantity", "Price", "Asset Class"],
        ["Rivera", "Ann IRA", "VTI", 100, 250, "Stocks"],
        ["Okafor", "Bob IRA", "BND", 40, 75, "Bonds"],
    ]
    targets: list[list[object]] = [["Asset Class", "Target %"], ["Stocks", 0.5], ["Bonds", 0.5]]
    sheets = {"Accounts": accounts, "Holdings": holdings, "Targets": targets}
    book = open_workbook(saved(tmp_path / "two.xlsx", sheets))
    jobs = Jobs()
    assert click(jobs, "drift", book).startswith("failed|")
    click(jobs, "check", book)
    assert "Understood" in tabs(book)
    assert "choose one under Correction on the first line" in click(jobs, "understand", book)
    correct(book, WHICH, "okafor")
    assert [lot.symbol for lot in read(book).lots] == ["BND"]
    assert read(book).name == "Okafor"
    assert click(jobs, "drift", book).startswith("done|")
    correct(book, WHICH, "Nobody")
    assert 'There is no household "Nobody"' in click(jobs, "drift", book)


def test_a_workbook_without_tables_is_a_sentence(tmp_path: Path, open_workbook: Opens):
    book = open_workbook(saved(tmp_path / "letter.xlsx", {"Letter": [["Dear Ann,"], ["all is well."]]}))
    assert click(Jobs(), "understand", book).startswith("done|No sheet of 'letter.xlsx' has a header row")
    assert tabs(book) == ["Letter"]
