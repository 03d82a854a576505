"""The Execution sheet in an open workbook: rewritten where it stands for the same accounts, made anew for others."""

from dataclasses import replace
from datetime import date

import openpyxl
import xlwings

from rebal_xl import api
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.write import Written, write_sheets
from rebal_xl.household import Plan, Policy, Target
from rebal_xl.sheets.grid import Grid
from rebal_xl.sheets.results_execution import DONE, OPEN, Tick, add_execution
from rebal_xl.sheets.results_sheet import Answer
from tests.excel.openpyxl_engine import double
from tests.household.test_execution import BUY, IRA_BUY, SELL, household, plan

FIRST, OTHER = "9f2c41d07ab3", "0000c0ffee00"


def execution(made: Plan, ticks: tuple[Tick, ...] = ()) -> openpyxl.Workbook:
    built = openpyxl.Workbook()
    built.remove(built.active)  # type: ignore[arg-type]
    policy = Policy(targets=(Target("US", 1.0),), as_of=date(2026, 11, 20))
    add_execution(built, Answer(made, household(), policy), ticks)
    return built


def write(book: xlwings.Book, built: openpyxl.Workbook) -> Written:
    return write_sheets(OpenBook(book), built)


def grid(book: xlwings.Book, tab: str = "Execution") -> Grid:
    return next(held for held in read_open_book(OpenBook(book)).grids if held.name == tab)


def column(book: xlwings.Book, name: str) -> list[object]:
    held = grid(book)
    return [row[name] for row in api.table_rows(held.cells, held.tables[0])]


def named(made: Plan, fingerprint: str) -> Plan:
    return replace(made, fingerprint=fingerprint)


def test_a_tick_survives_a_run_of_the_same_plan_where_it_stands(notes: xlwings.Book) -> None:
    write(notes, execution(named(plan(), FIRST)))
    impl = double(notes)
    # IRA: cash, buy; Joint: cash, two lots, buy, withdrawal
    assert column(notes, "Side") == ["Cash", "Buy", "Cash", "Sell all", "Sell all", "Buy", "Withdraw"]
    sheet = impl.book["Execution"]
    impl.book["Notes"]["B1"] = "=Execution!M9"
    row = grid(notes).tables[0].first_row + 4
    sheet.cell(row, 2).value, sheet.cell(row, 17).value = DONE, "filled"
    ticks = api.ticked_lines(grid(notes))
    assert [(tick.fingerprint, tick.line) for tick in ticks] == [(FIRST, ("Joint", "1", "Sell all", "OLD", "J-1"))]
    written = write(notes, execution(named(plan(), FIRST), ticks))
    assert (written.moved, written.previous) == ([], ["Execution (previous)"])
    assert column(notes, "Done") == [None, OPEN, None, DONE, OPEN, OPEN, OPEN]
    assert column(notes, "Note") == [None, None, None, "filled", None, None, None]
    assert impl.book["Notes"]["B1"].value == "=Execution!M9"
    # Boxes are offered, and pages break, as the first run made it.
    assert [str(held.sqref) for held in sheet.data_validations.dataValidation] == ["B6:B12"]
    assert [held.id for held in sheet.row_breaks.brk] == [7]


def test_another_plan_for_the_same_lines_starts_without_ticks(notes: xlwings.Book) -> None:
    write(notes, execution(named(plan(), FIRST)))
    ticks = (Tick(FIRST, ("IRA", "1", "Buy", "NEW", ""), True, "filled"),)
    write(notes, execution(named(plan(), OTHER), ticks))
    assert column(notes, "Done") == [None, OPEN, None, OPEN, OPEN, OPEN, OPEN]
    assert api.ticked_lines(grid(notes)) == ()


def test_other_groups_of_lines_make_the_sheet_anew(notes: xlwings.Book) -> None:
    """Page breaks and boxes cannot be moved, so the run before steps aside whole."""
    write(notes, execution(named(plan(), FIRST)))
    impl = double(notes)
    impl.book["Notes"]["B1"] = "=Execution!M9"
    made = plan(BUY, SELL, paid=())
    written = write(notes, execution(named(made, OTHER)))
    assert (written.moved, written.previous) == (["Execution"], ["Execution (previous)"])
    assert column(notes, "Side") == ["Cash", "Sell all", "Sell all", "Buy"]
    assert [str(held.sqref) for held in impl.book["Execution"].data_validations.dataValidation] == ["B6:B9"]
    assert not impl.book["Execution"].row_breaks.brk
    # The same number of lines for other accounts: the page would break in the wrong place.
    made = plan(IRA_BUY, SELL, paid=())
    write(notes, execution(named(made, FIRST)))
    assert column(notes, "Account") == ["IRA", "IRA", "Joint", "Joint", "Joint"]
    assert [held.id for held in impl.book["Execution"].row_breaks.brk] == [7]
