"""The tool that finds cells nobody can read whole finds each kind of them, on both sides of its edge."""

from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.tools.clipped import PADDING, clipped, clipped_on, shown

pytestmark = pytest.mark.hosts


@pytest.fixture
def sheet() -> Worksheet:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Holdings"
    return sheet


def write(sheet: Worksheet, place: str, value: object, number_format: str = "General", **alignment: object) -> None:
    cell = sheet[place]
    cell.value, cell.number_format = value, number_format
    cell.font = Font(name="Calibri", size=11)
    cell.alignment = Alignment(**alignment)  # type: ignore[arg-type]


def test_ten_digits_need_ten_and_the_padding(sheet: Worksheet) -> None:
    write(sheet, "A1", 1234567890, "0")
    sheet.column_dimensions["A"].width = 10 + PADDING + 0.01
    assert clipped_on(sheet) == []
    sheet.column_dimensions["A"].width = 10 + PADDING - 0.01
    assert clipped(sheet.parent) == ["Holdings!A1: '1234567890' is 10.0 digits wide and shows as ### in 10.0."]  # type: ignore[arg-type]


def test_dates_and_losses_show_as_signs_when_narrow(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 9
    write(sheet, "A1", date(2026, 11, 20), "mm/dd/yyyy")
    write(sheet, "A2", -1234567.891, "$#,##0.00;-$#,##0.00")
    assert [said.split(" is ")[0] for said in clipped_on(sheet)] == [
        "Holdings!A1: '11/20/2026'",
        "Holdings!A2: '-$1,234,567.89'",
    ]


def test_a_title_is_cut_by_a_filled_neighbour_only(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 10
    write(sheet, "A1", "Cash by account and what is left")
    write(sheet, "E2", "far away")
    assert clipped_on(sheet) == []
    write(sheet, "B1", "beside")
    assert [said.split(":")[0] for said in clipped_on(sheet)] == ["Holdings!A1"]


def test_text_on_the_right_runs_over_its_left_neighbour(sheet: Worksheet) -> None:
    for letter in "AB":
        sheet.column_dimensions[letter].width = 10
    write(sheet, "B1", "not known here", horizontal="right")
    assert clipped_on(sheet) == []
    write(sheet, "A1", "x")
    assert [said.split(":")[0] for said in clipped_on(sheet)] == ["Holdings!B1"]


def test_wrapped_lines_need_a_high_row_and_words_a_wide_column(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 8
    write(sheet, "A1", "111111 222222 333333", wrap_text=True)
    # Three lines of 11 points: 3 x 1.22 x 11 = 40.3.
    sheet.row_dimensions[1].height = 41
    assert clipped_on(sheet) == []
    sheet.row_dimensions[1].height = 30
    assert clipped_on(sheet) == ["Holdings!A1: 3 lines of '111111 222222 333333' take 40 points of a row of 30."]
    sheet.row_dimensions[1].height = 41
    sheet.column_dimensions["A"].width = 6
    assert any("the word '222222' is 6.0 digits wide and broken" in said for said in clipped_on(sheet))


def test_a_merged_range_has_the_room_of_all_its_columns(sheet: Worksheet) -> None:
    for letter in "AB":
        sheet.column_dimensions[letter].width = 10
    sheet.merge_cells("A1:B1")
    write(sheet, "A1", "0" * 19)
    assert clipped_on(sheet) == []
    write(sheet, "A1", "0" * 20)
    assert len(clipped_on(sheet)) == 1


def test_a_chart_must_not_cover_figures_nor_another_chart(sheet: Worksheet) -> None:
    write(sheet, "C5", 1, "0")
    for place in ("B2", "E4"):
        chart = BarChart()
        chart.width, chart.height = 7, 4
        sheet.add_chart(chart, place)
    # 7 cm are 265 pixels, more than four usual columns of 59; 4 cm are 113 points, nearly eight rows of 15.
    assert clipped_on(sheet) == ["Holdings: a chart covers C5.", "Holdings: two charts overlap."]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1234.5, "$#,##0.00;-$#,##0.00", "$1,234.50"),
        (-1234.5, "$#,##0;-$#,##0", "-$1,234"),
        (0.0, "+$#,##0.00;-$#,##0.00;$0.00", "$0.00"),
        (12.3, "+$#,##0.00;-$#,##0.00;$0.00", "+$12.30"),
        (101.5, "$#,##0.00##", "$101.50"),
        (101.5125, "$#,##0.00##", "$101.5125"),
        (-0.175, "+0.00%;-0.00%;0.00%", "-17.50%"),
        (25000.0, "#,##0.000", "25,000.000"),
        (7.0, "0", "7"),
        ("=1+1", "General", "=1+1"),
    ],
)
def test_values_are_shown_as_their_formats_say(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


def test_an_unknown_format_is_no_pass() -> None:
    with pytest.raises(AssertionError, match="a number format that"):
        shown(1.0, "[Red]0.0")
