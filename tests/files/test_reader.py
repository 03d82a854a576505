"""What intake sees of a workbook: values with their meaning, and nothing that is not there."""

import datetime
import time
import tracemalloc
from pathlib import Path

import pytest
import xlsxwriter

from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.sheets.grid import Cell, CellError, Grid, TableRange
from tests.files.workbooks import advisor_workbook, edit_zip

DAY, NOON = datetime.date(2026, 3, 2), datetime.time(12)
SHEET = "xl/worksheets/sheet1.xml"


def first_sheet(path: Path, rows: str) -> Grid:
    """The grid of a workbook whose first sheet holds these rows, as raw XML."""
    book = xlsxwriter.Workbook(str(path))
    look = {"money": '"$"#,##0.00', "percent": "0.0%", "day": "mm/dd/yyyy", "time": "h:mm", "span": "[h]:mm"}
    sheet = book.add_worksheet("Lots")
    for column, code in enumerate(look.values()):
        sheet.write_number(0, column, 1, book.add_format({"num_format": code}))
    book.close()
    with_rows = edit_zip(path, SHEET, "</sheetData>", rows + "</sheetData>")
    return read_book(with_rows).grids[0]


def test_holdings_as_intake_sees_them(workbook: Path):
    book = read_book(workbook)
    holdings, trades = book.grids
    assert (holdings.name, holdings.kind, holdings.ours, holdings.hidden) == ("Holdings", "sheet", False, False)
    assert holdings.cells[2, 2] == Cell("VTI")
    assert holdings.cells[2, 3] == Cell(120.0)
    assert holdings.cells[1, 5] == Cell(1234.5, "$#,##0.00")
    assert holdings.cells[2, 5] == Cell(2469.0, "$#,##0.00", formula=True)
    assert holdings.cells[3, 5] == Cell(datetime.date(2026, 3, 2), "mm/dd/yyyy")
    assert holdings.tables == (TableRange("Holdings", "Holdings", 1, 1, 4, 3),)
    assert trades.tables == ()
    assert book.names == {"Advisor_Fee": "Holdings!$E$1"}
    assert book.path == workbook
    assert book.date1904 is False


def test_the_1904_system_gives_the_same_day(tmp_path: Path):
    book = read_book(advisor_workbook(tmp_path / "mac.xlsx", date1904=True))
    assert book.date1904 is True
    assert book.grids[0].cells[3, 5].value == datetime.date(2026, 3, 2)


# Cell formats of `first_sheet`: 1 money, 2 percent, 3 day, 4 time, 5 span.
@pytest.mark.parametrize(
    ("xml", "cell"),
    [
        ("<v>0.6</v>", Cell(0.6)),
        ('s="2"><v>0.6</v>', Cell(0.6, "0.0%")),
        ('t="b"><v>1</v>', Cell(True)),
        ('t="e"><v>#N/A</v>', Cell(CellError("#N/A"))),
        ('t="e"><f>NA()</f><v>#N/A</v>', Cell(CellError("#N/A"), formula=True)),
        ('t="str"><f>A1&amp;""</f><v></v>', Cell("", formula=True)),
        ("<f>A1</f>", Cell(None, formula=True, cached=False)),
        ("<f>A1</f><v></v>", Cell(None, formula=True, cached=False)),
        ('t="inlineStr"><is><t>a</t></is>', Cell("a")),
        ('t="inlineStr"><is><r><t>a </t></r><r><t>b</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is>', Cell("a b")),
        ('t="inlineStr"><is><t>a_x000D_b</t></is>', Cell("a\rb")),
        # Day 46083 after 30 December 1899 is 2 March 2026; half a day is noon.
        ('s="3"><v>46083</v>', Cell(datetime.date(2026, 3, 2), "mm/dd/yyyy")),
        ('s="3"><v>46083.5</v>', Cell(datetime.datetime.combine(DAY, NOON), "mm/dd/yyyy")),
        ('s="4"><v>0.25</v>', Cell(datetime.time(6), "h:mm")),
        ('s="5"><v>1.5</v>', Cell(1.5, "[h]:mm")),
        ('t="d"><v>2026-03-02</v>', Cell(datetime.date(2026, 3, 2))),
        # No possible date: the number is shown, not a date made up.
        ('s="3"><v>99999999</v>', Cell(99999999.0, "mm/dd/yyyy")),
        ('s="3"><v>0</v>', Cell(0.0, "mm/dd/yyyy")),
        ('s="3"><v>-5</v>', Cell(-5.0, "mm/dd/yyyy")),
    ],
)
def test_one_cell(tmp_path: Path, xml: str, cell: Cell):
    opened = f'<c r="B5" {xml}</c>' if not xml.startswith("<") else f'<c r="B5">{xml}</c>'
    grid = first_sheet(tmp_path / "lots.xlsx", f'<row r="5">{opened}</row>')
    assert grid.cells[5, 2] == cell


@pytest.mark.parametrize(
    "xml", ['<c r="B5" s="3"/>', '<c r="B5"><v/></c>', '<c r="B5" t="inlineStr"><is><t/></is></c>']
)
def test_a_cell_that_only_has_a_look_is_not_there(tmp_path: Path, xml: str):
    assert (5, 2) not in first_sheet(tmp_path / "lots.xlsx", f'<row r="5">{xml}</row>').cells


def test_cells_without_addresses_stand_in_order(tmp_path: Path):
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row r="9"><c r="D9"><v>3</v></c><c><v>4</v></c></row>'
    cells = first_sheet(tmp_path / "lots.xlsx", rows).cells
    assert {place: cell.value for place, cell in cells.items() if place[0] > 1} == {
        (2, 1): 1.0,
        (2, 2): 2.0,
        (9, 4): 3.0,
        (9, 5): 4.0,
    }


def test_hidden_rows_merged_cells_and_hidden_sheets(workbook: Path):
    edit_zip(workbook, SHEET, '<row r="3"', '<row r="3" hidden="1"')
    edit_zip(workbook, SHEET, "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>')
    edit_zip(workbook, "xl/workbook.xml", '<sheet name="Trades"', '<sheet name="Trades" state="veryHidden"')
    holdings, trades = read_book(workbook).grids
    assert holdings.hidden_rows == {3}
    assert holdings.merged == ((1, 1, 1, 3),)
    assert trades.hidden


def test_a_table_knows_its_totals_row(workbook: Path):
    edit_zip(workbook, "xl/tables/table1.xml", 'totalsRowShown="0"', 'totalsRowCount="1"')
    assert read_book(workbook).grids[0].tables[0].totals_rows == 1


def test_a_cell_in_the_last_corner_takes_no_memory(tmp_path: Path):
    """XFD1048576 is row 1,048,576 and column 16,384: 17 thousand million cells lie before it."""
    rows = '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'
    path = tmp_path / "corner.xlsx"
    first_sheet(path, rows)
    tracemalloc.start()
    began = time.perf_counter()
    cells = read_book(path).grids[0].cells
    assert time.perf_counter() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    tracemalloc.stop()
    assert cells[1_048_576, 16_384].value == 7.0
    assert len(cells) == 6


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="5"><c r="XFE5"><v>1</v></c></row>',
        '<row r="5"><c r="B6"><v>1</v></c></row>',
        '<row r="5"><c r="5B"><v>1</v></c></row>',
        '<row r="5"><c r="B5"><v>1</v></c><c r="B"><v>1</v></c></row>',
        '<row r="x"><c r="B5"><v>1</v></c></row>',
        '<row r="5"><c r="B5"><v>1_000</v></c></row>',
        '<row r="5"><c r="B5"><v>INF</v></c></row>',
        '<row r="5"><c r="B5" t="s"><v>999</v></c></row>',
        '<row r="5"><c r="B5" t="d"><v>March</v></c></row>',
        '<row r="5"><c r="B5"><v>1</v></row>',
    ],
)
def test_cells_that_make_no_sense_are_refused(tmp_path: Path, row: str):
    with pytest.raises(FileRefused, match="is damaged"):
        first_sheet(tmp_path / "lots.xlsx", row)


def test_a_workbook_with_too_many_cells_is_refused(workbook: Path):
    count = sum(len(grid.cells) for grid in read_book(workbook).grids)
    assert sum(len(grid.cells) for grid in read_book(workbook, max_cells=count).grids) == count
    with pytest.raises(FileRefused, match=f"more than {count - 1:,} filled cells"):
        read_book(workbook, max_cells=count - 1)


def test_a_chart_sheet_is_no_grid(tmp_path: Path):
    book = xlsxwriter.Workbook(str(tmp_path / "c.xlsx"))
    sheet = book.add_worksheet("Lots")
    sheet.write(0, 0, 1)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Lots!$A$1:$A$2"})
    book.add_chartsheet("Picture").set_chart(chart)
    book.close()
    assert [grid.name for grid in read_book(tmp_path / "c.xlsx").grids] == ["Lots"]
