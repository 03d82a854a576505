"""The Explanation sheet: a page that a client holds in hand."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household.explanation import Explanation, Figure, Headline, Passage, Section
from rebal_xl.sheets.layout import CAUTION
from rebal_xl.sheets.measure_text import text_width, wrapped_lines
from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.results_explanation import add_explanation
from rebal_xl.sheets.results_sheet import Answer
from tests.sheets.miller import HOUSEHOLD, PLAN, POLICY
from tests.sheets.test_rendering import drawn

SENTENCE = "Of what you own, a part that nobody counts lies where the target does not want it to lie."
LONG = " ".join([SENTENCE] * 4)


def told(length: int = 3, headlines: int = 4, points: int = 4) -> Explanation:
    """An explanation of `length` sections with a paragraph each, and a list."""
    return Explanation(
        household="Miller & Sons",
        as_of=PLAN.as_of,
        title="Your portfolio review",
        headlines=tuple(
            Headline(f"Headline {chr(65 + at)}", Figure("$1,234,567", 1_234_567.0, "plan"), "estimate")
            for at in range(headlines)
        ),
        sections=(
            *(Section(f"part {at}", "A question", (Passage(LONG), Passage(SENTENCE))) for at in range(length)),
            Section("list", "Points", tuple(Passage("=SUM(A1) is no formula.") for _ in range(points)), listed=True),
        ),
        small_print=(Passage("Hypothetical."), Passage("By this law.")),
        firm="Oak & Elm Advisors",
        disclosure="Word for word.",
    )


def sheet_of(explanation: Explanation) -> Worksheet:
    workbook = Workbook()
    add_explanation(workbook, Answer(PLAN, HOUSEHOLD, POLICY), explanation)
    return workbook["Explanation"]


def width_of(sheet: Worksheet) -> float:
    columns = range(1, sheet.max_column + 1)
    return sum(sheet.column_dimensions[get_column_letter(number)].width for number in columns)


def height_of(sheet: Worksheet) -> float:
    return sum(sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1))


def lines(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_it_says_everything_in_order() -> None:
    said = lines(sheet_of(told(length=1, headlines=1, points=1)))
    assert said == [
        "Oak & Elm Advisors",
        "Your portfolio review",
        "Miller & Sons · 05/04/2026 · 2026 law, ESTIMATE",
        "$1,234,567",
        "Headline A",
        "estimate",
        "A question",
        f"{LONG} {SENTENCE}",
        "Points",
        "•  =SUM(A1) is no formula.",
        "Hypothetical. By this law.",
        "Word for word.",
    ]


def test_without_an_explanation_there_is_no_sheet() -> None:
    assert "Explanation" not in build_results(PLAN, HOUSEHOLD, POLICY).sheetnames


def test_it_comes_behind_the_dashboard_and_carries_our_mark() -> None:
    workbook = build_results(PLAN, HOUSEHOLD, POLICY, explanation=told())
    assert workbook.sheetnames[:2] == ["Dashboard", "Explanation"]
    assert workbook["Explanation"].defined_names["_rebal_xl"].attr_text == '"Explanation"'


@pytest.mark.parametrize("length", [0, 3, 14])
@pytest.mark.parametrize("headlines", [0, 1, 2, 3, 4, 5])
def test_it_is_one_portrait_page_whose_height_fits_its_width(length: int, headlines: int) -> None:
    sheet = sheet_of(told(length, headlines))
    assert sheet.page_setup.orientation == "portrait"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    # letter paper, 8.5 by 11 inches, less half an inch on three sides and 0.6 below; a character is 7/96 of an inch
    width_inches, height_inches = width_of(sheet) * 7 / 96, height_of(sheet) / 72
    assert height_inches / width_inches <= (11 - 0.5 - 0.6) / (8.5 - 2 * 0.5) + 1e-9


@pytest.mark.parametrize("length", [0, 3, 12])
def test_every_row_is_as_high_as_its_text(length: int) -> None:
    sheet = sheet_of(told(length))
    merged = {str(area).split(":")[0]: area for area in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.alignment.wrap_text:
                area = merged[cell.coordinate]
                room = sum(
                    sheet.column_dimensions[get_column_letter(number)].width
                    for number in range(area.min_col, area.max_col + 1)
                )
                size = float(cell.font.size or 11)
                # at full width, without the margins that the sheet itself leaves
                wanted = wrapped_lines(cell.value, room * 11 / size * CAUTION, bool(cell.font.bold)) * 13.4 * size / 11
                assert sheet.row_dimensions[cell.row].height >= wanted, cell.value[:60]


def test_headline_figures_fit_their_boxes() -> None:
    sheet = sheet_of(told(headlines=5))
    for area in sheet.merged_cells.ranges:
        cell = sheet.cell(area.min_row, area.min_col)
        if str(cell.value).startswith("$1,234,567"):
            room = sum(
                sheet.column_dimensions[get_column_letter(number)].width
                for number in range(area.min_col, area.max_col + 1)
            )
            assert text_width(str(cell.value), bold=True) * float(cell.font.size or 11) / 11 <= room


def test_more_to_say_makes_the_print_smaller_never_the_page_longer() -> None:
    few, many = sheet_of(told(2)), sheet_of(told(14))
    assert width_of(few) < width_of(many)


def test_a_short_explanation_is_printed_at_full_size() -> None:
    # 8.5 inches less margins of half an inch
    assert width_of(sheet_of(told(1))) * 7 / 96 == pytest.approx(7.5, abs=0.1)


def test_text_stays_text() -> None:
    sheet = sheet_of(replace(told(1), title="=1+1", firm="+cmd", disclosure="@here"))
    for text in ("=1+1", "+cmd", "@here"):
        cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == text)
        assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.hosts
def test_it_is_drawn_on_one_page(tmp_path: Path) -> None:
    workbook = build_results(PLAN, HOUSEHOLD, POLICY, explanation=told(9, 5))
    for name in workbook.sheetnames:
        if name != "Explanation":
            workbook.remove(workbook[name])
    text = drawn(workbook, tmp_path)
    assert text.count("page 1 of 1") == 1
    assert "###" not in text
    for word in ("Oak & Elm Advisors", "Headline E", "Word for word."):
        assert word in text
    assert " ".join(text.split()).count("a part that nobody counts") == 9 * 5
