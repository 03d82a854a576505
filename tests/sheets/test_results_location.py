"""The Location sheet: the Millers' placement before and after their plan, and the swaps that are left."""

from dataclasses import replace

import pytest
from openpyxl import Workbook
from openpyxl.utils import range_boundaries

from rebal_xl.household import LocationLine, LocationReport
from rebal_xl.sheets.results import build_results
from tests.sheets.miller import HOUSEHOLD, LOCATION, PLAN, POLICY
from tests.sheets.reading import reopened, row_of, table_values, texts

BEFORE, AFTER = LOCATION


def sheets(before: LocationReport = BEFORE, after: LocationReport = AFTER) -> Workbook:
    return reopened(build_results(PLAN, HOUSEHOLD, POLICY, location=(before, after)))


def test_the_score_before_and_after() -> None:
    # (2,700 - 2,400) / (2,700 - 1,500) = 25 of 100; (2,500 - 2,000) / (2,500 - 1,500) = 50
    measures = {row["Measure"]: (row["Before"], row["After"]) for row in table_values(sheets(), "LocationSummary")}
    assert measures == {
        "Score, 0 worst to 100 best": (25, 50),
        "Drag a year": (2_400, 2_000),
        "Drag a year in the best placement": (1_500, 1_500),
        "Drag a year in the worst placement": (2_700, 2_500),
        "The best placement would save a year": (900, 500),
        "That saving over 10 years, worth today": (pytest.approx(900 * 7.7217), pytest.approx(500 * 7.7217)),
    }


def test_a_long_sheet_goes_on_to_a_second_page_instead_of_being_printed_tiny() -> None:
    """A few lines fit a page; 90 lines of the same width do not."""
    assert sheets()["Location"].page_setup.fitToHeight == 1
    lines = tuple(replace(AFTER.lines[0], account=f"Account {number:02d}") for number in range(90))
    many = sheets(replace(BEFORE, lines=lines), replace(AFTER, lines=lines))["Location"]
    assert (many.page_setup.fitToWidth, many.page_setup.fitToHeight) == (1, 0)


def test_what_lies_where_before_and_after() -> None:
    found = sheets()
    # a household with many accounts goes on to a second page
    header = range_boundaries(found["Location"].tables["LocationPlaces"].ref)[1]
    assert found["Location"].print_title_rows == f"${header}:${header}"
    assert row_of(found, "LocationPlaces", **{"Account": "00123-4", "Asset Class": "Intl Stocks"}) == {
        "Account": "00123-4",
        "Asset Class": "Intl Stocks",
        "Before": 0,
        "After": 40_000,
        "Drag Before": 0,
        "Drag After": 900,
        "Best": 17_000,
    }
    assert len(table_values(found, "LocationPlaces")) == 3
    # what only the best placement before the plan would have held there is no row
    gone = LocationLine("Roth Ann", "Bonds", 0.0, 5_000.0, 0.0)
    again = sheets(replace(BEFORE, lines=(*BEFORE.lines, gone)))
    assert len(table_values(again, "LocationPlaces")) == 3


def test_the_swaps_that_are_left() -> None:
    found = sheets()
    assert table_values(found, "LocationMoves") == [
        {
            "Account": "00123-4",
            "Sells": "Intl Stocks",
            "Symbols": "VEA",
            "Other Account": "401k Acme",
            "Other Sells": "Bonds",
            "Other Symbols": "VBTLX",
            "Amount": 23_000,
            "Saves a Year": 500,
            "Over Horizon": 3_860.85,
            "Tax": 310,
        }
    ]
    assert "The next best swaps after the plan" in texts(found["Location"])
    assert "No swap is worth its tax and four orders" in texts(sheets(after=replace(AFTER, moves=()))["Location"])


def test_a_household_with_nothing_to_gain_and_one_with_too_much_are_told() -> None:
    nothing = replace(AFTER, best_usd=2_000.0, worst_usd=2_000.0, moves=())
    assert "Every placement of this mix that the rules allow costs the same" in texts(sheets(after=nothing)["Location"])
    # 80 basis points of 193,000 are 1,544
    for best, told in ((2_000.0 - 1_544.0, False), (2_000.0 - 1_545.0, True)):
        said = texts(sheets(after=replace(AFTER, best_usd=best))["Location"])
        assert ("Hard to believe: check yields, growth and tax rates first" in said) is told
