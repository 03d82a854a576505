"""What a cell shows is never longer than we reckon, and what we write is what we were given."""

from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from rebal_xl.sheets import formats
from rebal_xl.sheets.cells import as_shown, cell_at, put, without_negative_zero


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (1234.5, formats.DOLLARS, "$1,234.50"),
        (-1234.5, formats.DOLLARS, "-$1,234.50"),
        (0.125, formats.PERCENT, "12.50%"),
        (0.125, formats.SIGNED_PERCENT, "+12.50%"),
        (1000, formats.WHOLE_SHARES, "1,000"),
        (1000.5, formats.SHARES, "1,000.500"),
        (2026, formats.WHOLE, "2026"),
        (date(2026, 5, 4), formats.DATE, "05/04/2026"),
        (datetime.combine(date(2026, 5, 4), time(9, 30)), "mm/dd/yyyy hh:mm", "05/04/2026 09:30"),
        ("one\nlonger line", "General", "longer line"),
        (True, "General", "Yes"),
        (None, "General", ""),
    ],
)
def test_shown_as_excel_shows_it(value: object, number_format: str, shown: str) -> None:
    assert as_shown(value, number_format) == shown


@pytest.mark.parametrize(
    ("value", "number_format", "held"),
    [
        # what is shown as nothing has no minus sign
        (-0.004, formats.DOLLARS, 0.0),
        (-0.0, formats.SIGNED_DOLLARS, 0.0),
        (-0.00004, formats.PERCENT, 0.0),
        # half a cent is shown as one
        (-0.006, formats.DOLLARS, -0.006),
        (-0.00006, formats.SIGNED_PERCENT, -0.00006),
        (0.004, formats.DOLLARS, 0.004),
        # plain numbers are kept as they are
        (-0.004, "General", -0.004),
    ],
)
def test_nothing_is_below_zero_by_nothing(value: float, number_format: str, held: float) -> None:
    assert str(without_negative_zero(value, number_format)) == str(held)


def test_a_number_that_is_none_is_written_as_words() -> None:
    workbook = Workbook()
    put(workbook.active["A1"], float("nan"))
    assert workbook.active["A1"].value == "not finite"


def test_a_cell_hidden_below_a_merged_one_is_refused() -> None:
    sheet = Workbook().active
    sheet.merge_cells("A1:B1")
    with pytest.raises(TypeError, match="B1"):
        cell_at(sheet, 1, 2)


def test_what_the_advisor_gives_is_written_as_it_is() -> None:
    cell = cell_at(Workbook().active, 1, 1)
    put(cell, -0.00004, formats.PERCENT)
    assert cell.value == -0.00004
