"""Every story stands on one page that can be read: the sheet and the words together."""

from dataclasses import replace

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from rebal_xl.explain import explain
from rebal_xl.household import Length
from rebal_xl.sheets.results_explanation import add_explanation
from rebal_xl.sheets.results_sheet import Answer
from tests.explain.stories import STORIES

# The body font is 11 points; the paper is 7.5 inches wide, and a character of a column 7/96 of an inch.
BODY_POINTS, PAPER_INCHES = 11.0, 7.5


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(("length", "least_points"), [(Length.BRIEF, 9.5), (Length.FULL, 8.0)])
def test_the_print_is_large_enough_to_read(story: str, length: Length, least_points: float) -> None:
    told = STORIES[story]()
    told = replace(told, policy=replace(told.policy, explanation_length=length))
    workbook = Workbook()
    add_explanation(workbook, Answer(told.plan, told.household, told.policy), explain(told))
    sheet = workbook["Explanation"]
    columns = range(1, sheet.max_column + 1)
    inches = sum(sheet.column_dimensions[get_column_letter(number)].width for number in columns) * 7 / 96
    assert BODY_POINTS * min(1.0, PAPER_INCHES / inches) >= least_points
