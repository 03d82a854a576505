"""Buttons that make no plan: new workbook, template, formulas, Settings, Help."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwings
from openpyxl.worksheet.table import Table

import rebal_xl
from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.jobs.base import NO_BOOK
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.sheets.tables import INPUT_TABLES
from rebal_xl.sheets.template import LIST_NAMES
from tests.excel.jobs.ribbon import click, double, grid, is_ours, tabs
from tests.excel.openpyxl_engine import new_app

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture
def empty(tmp_path: Path, open_workbook: Callable[[Path], xlwings.Book]) -> xlwings.Book:
    """An empty workbook, open."""
    path = tmp_path / "empty.xlsx"
    openpyxl.Workbook().save(path)
    return open_workbook(path)


def tables(book: xlwings.Book) -> set[str]:
    return {table.name for held in read_open_book(OpenBook(book)).grids for table in held.tables}


def test_the_template_comes_sheet_by_sheet(empty: xlwings.Book):
    message = click(Jobs(), "insert_template", empty)
    assert message.startswith("done|Added: Household, Holdings, ")
    assert tabs(empty)[0] == "Sheet"
    assert tables(empty) == {table.name for table in INPUT_TABLES}
    names = read_open_book(OpenBook(empty)).names
    assert {name: names[name] for name in LIST_NAMES.values()} == {name: text for text, name in LIST_NAMES.items()}
    assert not any(held.ours for held in read_open_book(OpenBook(empty)).grids)


def test_sheets_and_tables_of_his_own_are_kept(tmp_path: Path, open_workbook: Callable[[Path], xlwings.Book]):
    book = openpyxl.Workbook()
    book.active.title = "My positions"
    for row in (["Account", "Symbol", "Quantity"], ["IRA", "VTI", 3]):
        book.active.append(row)
    book.active.add_table(Table(displayName="Holdings", ref="A1:C2"))
    book.create_sheet("settings")
    path = tmp_path / "his.xlsx"
    book.save(path)
    opened = open_workbook(path)
    before = grid(opened, "My positions")
    message = click(Jobs(), "insert_template", opened)
    assert message.endswith("Yours were kept: Holdings, Settings.")
    assert grid(opened, "My positions") == before
    assert "Targets" in tabs(opened)
    assert "Holdings" not in tabs(opened)


def test_a_failure_takes_the_copied_sheets_away_again(empty: xlwings.Book):
    double(empty).app.broken = {"Names"}
    assert click(Jobs(), "insert_template", empty).startswith("failed|Excel refused")
    assert tabs(empty) == ["Sheet"]


def test_a_new_workbook_is_the_template_and_not_saved(household: xlwings.Book):
    before = tabs(household)
    message = click(Jobs(), "new_workbook", household)
    (made,) = [book for book in household.app.books if book.name != household.name]
    assert message.startswith(f"done|{made.name} is a new household workbook.")
    assert tabs(made)[0] == "Start"
    assert tables(made) == {table.name for table in INPUT_TABLES}
    assert tabs(household) == before


def test_a_new_workbook_comes_in_the_excel_that_asks(empty: xlwings.Book):
    # another Excel is there, too, and would be found by its windows
    asking, other = new_app(), empty.app
    message = click(Jobs(), "new_workbook", xlwings.App(impl=asking))
    assert [f"done|{book.name} is a new" for book in asking.books] == [message.partition(" household")[0]]
    assert len(other.books) == 1
    assert click(Jobs(), "help", xlwings.App(impl=asking)).startswith("done|rebal_xl ")
    assert click(Jobs(), "drift", xlwings.App(impl=asking)) == f"failed|{NO_BOOK}"


def test_example_formulas_point_to_the_workbooks_own_tables(household: xlwings.Book):
    assert click(Jobs(), "insert_formulas", household) == "done|The sheet Rebal Formulas has formulas to start from."
    impl = double(household)
    sheet = impl.book["Rebal Formulas"]
    formulas = [str(row[1].value) for row in sheet.iter_rows() if row[1].value]
    every = "Holdings[#All],Targets[#All],Securities[#All],Accounts[#All]"
    assert f"=REBAL_DRIFT({every},ClassMix[#All],Settings[#All])" in formulas
    # no day is given: the setting As Of counts
    rest = "TaxProfile[#All],,RecentTrades[#All],ClassMix[#All],Settings[#All]"
    assert f"=REBAL_CHECK({every},{rest})" in formulas
    assert "=REBAL_VERSION()" in formulas
    why = next(row for row in sheet.iter_rows() if row[1].value == "=REBAL_WHY(B6)")
    assert sheet["B6"].value == f"=REBAL_TRACKING_ERROR({every},ClassMix[#All],Covariance[#All],Settings[#All])"
    assert why[0].row > 6
    assert is_ours(household, "Rebal Formulas")


def test_a_host_that_cannot_spill_gets_plain_formulas(household: xlwings.Book):
    impl = double(household)
    impl.app.broken = {"Formula2"}
    assert click(Jobs(), "insert_formulas", household).startswith("done|")
    assert str(impl.book["Rebal Formulas"]["B4"].value).startswith("=REBAL_NEEDED(")


def test_formulas_need_tables_to_point_at(empty: xlwings.Book):
    assert click(Jobs(), "insert_formulas", empty).startswith("failed|There is no table of Holdings and Targets")


def test_settings_are_shown(household: xlwings.Book):
    impl = double(household)
    assert click(Jobs(), "settings", household) == "done|"
    assert impl.book.active.title == "Settings"


def test_settings_are_offered_where_there_are_none(empty: xlwings.Book):
    jobs = Jobs()
    assert jobs.start("settings", empty, "").startswith("ask|yesno|This workbook has no Settings")
    assert jobs.start("settings", empty, "no") == "done|"
    assert tabs(empty) == ["Sheet"]
    assert jobs.start("settings", empty, "yes") == "done|"
    assert tabs(empty) == ["Sheet", "Settings"]
    assert read_open_book(OpenBook(empty)).names == {}


def test_help_says_version_guide_and_log():
    message = Jobs().start("help", None, "")
    assert message.startswith(f"done|rebal_xl {rebal_xl.__version__}.")
    assert f"\nThe guide is in the folder {DOCS}. Start with README.md there.\n" in message
    assert message.endswith("Nothing leaves this computer.")


@pytest.mark.parametrize("where", ["engine/docs", "docs"], ids=["in the engine's folder", "beside the engine"])
def test_help_finds_the_guide_that_was_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str):
    engine = tmp_path / "engine"
    engine.mkdir()
    (tmp_path / where).mkdir()
    (tmp_path / where / "README.md").write_text("The guide\n")
    monkeypatch.setattr(sys, "prefix", str(engine))
    assert f"\nThe guide is in the folder {tmp_path / where}. Start with" in Jobs().start("help", None, "")


def test_help_without_a_guide_says_where_there_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "engine"))
    monkeypatch.setattr(rebal_xl, "__file__", str(tmp_path / "site-packages" / "rebal_xl" / "__init__.py"))
    assert "\nThe guide is the folder docs of rebal_xl's source.\n" in Jobs().start("help", None, "")


def test_the_guide_quotes_what_a_second_job_is_told():
    macros = (DOCS.parent / "workbook" / "vba" / "RebalRibbon.bas").read_text(encoding="utf-8")
    (told,) = re.findall(r'Warn "(Another rebal_xl job[^"]*)"', macros)
    assert f'"{told}"' in " ".join((DOCS / "ribbon.md").read_text(encoding="utf-8").split())
