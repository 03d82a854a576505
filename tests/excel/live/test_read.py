"""An open workbook gives the grids that its saved file gives, and what is typed but not saved counts."""

import dataclasses
import datetime
import tempfile
from pathlib import Path

import hypothesis
import openpyxl
import pytest
import xlsxwriter
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table as ExcelTable

from rebal_xl.excel.live.area import Area
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.files.graft import graft
from rebal_xl.files.reader import read_book
from rebal_xl.sample.workbook import write_sample_workbook
from rebal_xl.sheets.grid import Cell, CellError, GridBook
from tests.excel.openpyxl_engine import double, open_book
from tests.excel.openpyxl_engine.ranges import RangeImpl
from tests.files.workbooks import advisor_workbook, result_sheets


def both(path: Path) -> tuple[GridBook, GridBook]:
    """What the file reader and the live reader make of the same workbook."""
    return read_book(path), read_open_book(OpenBook(open_book(path)))


def assert_same(path: Path) -> GridBook:
    """Both readers agree on everything; returns what they read."""
    file, live = both(path)
    assert [grid.name for grid in live.grids] == [grid.name for grid in file.grids]
    for theirs, ours in zip(file.grids, live.grids, strict=True):
        assert dict(ours.cells) == dict(theirs.cells), theirs.name
        assert set(ours.merged) == set(theirs.merged)
        assert dataclasses.replace(ours, cells={}, merged=()) == dataclasses.replace(theirs, cells={}, merged=())
    assert (live.names, live.date1904, live.path) == (file.names, file.date1904, None)
    return live


def odd_workbook(path: Path, date1904: bool = False) -> Path:
    """Everything a cell can hold, hidden rows and sheets, merged cells, a table with totals, one without headers."""
    book = xlsxwriter.Workbook(str(path), {"date_1904": date1904})
    formats = {code: book.add_format({"num_format": code}) for code in ("@", "0.0%", "$#,##0.00", "mm/dd/yyyy", "h:mm")}
    sheet = book.add_worksheet("Odd 'uns")
    for row, text in enumerate(("037833100", "12345E108", "=1+1", "+5", "#N/A", " x ", "")):
        sheet.write_string(row, 0, text, formats["@"])
    for row, (number, code) in enumerate(((0.125, "0.0%"), (1.2345678901, "$#,##0.00"), (46083, "mm/dd/yyyy"))):
        sheet.write_number(row, 1, number, formats[code])
    sheet.write_number(3, 1, 0.5, formats["h:mm"])
    sheet.write_number(4, 1, -3, formats["mm/dd/yyyy"])
    sheet.write_boolean(5, 1, True)
    sheet.write_formula(0, 2, "=1/0", None, "#DIV/0!")
    sheet.write_formula(2, 2, "=2+2", formats["0.0%"], 4)
    sheet.write_formula(3, 2, "=TRUE", None, True)
    sheet.write_formula(4, 2, '="a"&"b"', None, "ab")
    sheet.merge_range("E2:G4", "merged")
    sheet.merge_range("E6:F6", "too")
    for row in (2, 3, 20):
        sheet.set_row(row, None, None, {"hidden": True})
    hidden = book.add_worksheet("Archive")
    hidden.write("A1", "old")
    hidden.hide()
    secret = book.add_worksheet("Secret")
    secret.very_hidden()
    tables = book.add_worksheet("Tables")
    columns = [{"header": "Symbol", "total_string": "Total"}, {"header": "Quantity", "total_function": "sum"}]
    tables.add_table("B2:C5", {"name": "Lots", "columns": columns, "total_row": True, "data": [["A", 1.0], ["B", 2.0]]})
    tables.add_table("E2:E3", {"name": "Bare", "header_row": False, "data": [["x"], ["y"]]})
    book.define_name("Fee", "='Odd ''uns'!$B$1")
    book.define_name("Tables!Local", "=Tables!$B$2")
    book.close()
    return path


def test_the_sample_household_reads_the_same_open_and_saved(tmp_path: Path):
    assert_same(write_sample_workbook(tmp_path / "household.xlsx"))


@pytest.mark.parametrize("date1904", [False, True], ids=["1900", "1904"])
def test_odd_cells_read_the_same_open_and_saved(tmp_path: Path, date1904: bool):
    read = assert_same(odd_workbook(tmp_path / "odd.xlsx", date1904))
    odd = read.grids[0]
    assert odd.cells[1, 1] == Cell("037833100", "@")
    # Serial 46083 is 2 March 2026 counted from 1900, and 1,462 days later counted from 1904.
    later = datetime.timedelta(days=1_462 if date1904 else 0)
    assert odd.cells[3, 2].value == datetime.date(2026, 3, 2) + later
    assert odd.cells[1, 3] == Cell(CellError("#DIV/0!"), formula=True)
    assert odd.hidden_rows == {3, 4}
    assert [grid.hidden for grid in read.grids] == [False, True, True, False]
    assert read.names == {"Fee": "'Odd ''uns'!$B$1"}


@pytest.mark.parametrize("date1904", [False, True], ids=["1900", "1904"])
def test_an_advisors_workbook_reads_the_same_open_and_saved(tmp_path: Path, date1904: bool):
    assert_same(advisor_workbook(tmp_path / "rivera.xlsx", date1904=date1904))


CODES = ("General", "@", "0.00%", "mm/dd/yyyy", "$#,##0.00")
PLACES = st.tuples(st.integers(1, 12), st.integers(1, 6))


@hypothesis.settings(max_examples=40, deadline=None)
@hypothesis.given(
    st.dictionaries(PLACES, st.tuples(st.sampled_from([1.5, 46083.0, "x", "=1", True]), st.sampled_from(CODES))),
    st.lists(st.tuples(PLACES, st.integers(0, 3), st.integers(0, 2)), max_size=3),
    st.sets(st.integers(1, 12), max_size=4),
    st.booleans(),
)
def test_any_sheet_reads_the_same_open_and_saved(cells, merges, hidden, with_table):
    """Formats, merged cells and hidden rows are asked for by halves: no half may be forgotten."""
    book = openpyxl.Workbook()
    sheet = book.active
    for (row, column), (value, code) in cells.items():
        cell = sheet.cell(row, column, value)
        cell.number_format = code
        if isinstance(value, str):
            cell.data_type = "s"
    if with_table:
        for column, name in enumerate(("Symbol", "Shares"), 1):
            sheet.cell(20, column, name)
            sheet.cell(21, column, float(column)).number_format = "0.00%"
            sheet.cell(22, column, float(column))
        sheet.add_table(ExcelTable(displayName="Lots", ref="A20:B22"))
    taken: set[tuple[int, int]] = set()
    for (row, column), down, right in merges:
        area = {(r, c) for r in range(row, row + down + 1) for c in range(column, column + right + 1)}
        if len(area) > 1 and not area & taken:
            taken |= area
            sheet.merge_cells(start_row=row, start_column=column, end_row=row + down, end_column=column + right)
    for row in hidden:
        sheet.row_dimensions[row].hidden = True
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "any.xlsx")
        assert_same(Path(folder) / "any.xlsx")


def test_result_sheets_of_a_headless_run_are_known_as_ours(tmp_path: Path):
    path = advisor_workbook(tmp_path / "rivera.xlsx")
    graft(path, result_sheets(), path)
    graft(path, result_sheets(), path, keep_previous=True)
    live = read_open_book(OpenBook(open_book(path)))
    assert {grid.name: grid.ours for grid in live.grids} == {
        "Holdings": False,
        "Trades": False,
        "Drift (previous)": True,
        "Trades (rebal) (previous)": True,
        "Drift": True,
        "Trades (rebal)": True,
    }


def test_what_is_typed_and_not_saved_is_read(tmp_path: Path):
    book = open_book(write_sample_workbook(tmp_path / "household.xlsx"))
    opened = OpenBook(book)
    sheet = opened.sheet("holdings")
    assert sheet is not None
    sheet.write(Area(400, 3, 400, 3), [["note"]])
    assert read_open_book(opened).grids[2].cells[400, 3].value == "note"


def test_money_keeps_every_decimal(tmp_path: Path):
    """Range.Value would cut a price with a currency format to four decimals; the double refuses to be asked for it."""
    live = assert_same(odd_workbook(tmp_path / "odd.xlsx"))
    assert live.grids[0].cells[2, 2].value == 1.2345678901


def test_a_long_sheet_takes_no_more_questions_than_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every question crosses from one program to another; a sheet of ten thousand rows must not take that many."""
    asked: list[str] = []
    for name in ("number_format", "merge_cells", "api"):
        held = getattr(RangeImpl, name)
        told = property(lambda self, name=name, held=held: asked.append(name) or held.fget(self), held.fset)
        monkeypatch.setattr(RangeImpl, name, told)
    counts = []
    for rows in (10, 3_000):
        book = openpyxl.Workbook()
        for row in range(rows):
            book.active.append([f"S{row}", float(row), datetime.date(2026, 1, 2)])
        book.save(tmp_path / f"{rows}.xlsx")
        asked.clear()
        assert len(read_open_book(OpenBook(open_book(tmp_path / f"{rows}.xlsx"))).grids[0].cells) == 3 * rows
        counts.append(len(asked))
    assert counts[0] == counts[1] < 12


def test_a_sheet_that_is_used_to_its_end_is_refused_in_a_sentence(tmp_path: Path):
    path = tmp_path / "huge.xlsx"
    openpyxl.Workbook().save(path)
    book = open_book(path)
    double(book).used["Sheet"] = (1_048_576, 26)
    with pytest.raises(
        BookRefused, match=r"uses more than 2,000,000 cells; the sheet 'Sheet' alone reaches to row 1,048"
    ):
        read_open_book(OpenBook(book))
