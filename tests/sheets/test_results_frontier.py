"""The Frontier sheet: the Millers' plan beside two plans of a curve drawn by hand."""

from dataclasses import replace

import pytest
from openpyxl import Workbook

from rebal_xl.household import CostTerm, Frontier, FrontierPoint, PlanTax
from rebal_xl.sheets.results import RESULT_TABLES, build_results
from rebal_xl.sheets.results_frontier import CHOSEN, POINTS
from tests.sheets.miller import HOUSEHOLD, PLAN, POLICY
from tests.sheets.reading import below, reopened, row_of, table_values

NOTHING = replace(
    PLAN,
    trades=(),
    lot_sales=(),
    tax=PlanTax(),
    after=PLAN.before,
    cost_terms=(),
    cost_usd=0.0,
    bound_usd=0.0,
    relaxed=(),
)
# Two orders instead of three, at the drift of the plan: $10 less.
NEAR = replace(
    PLAN,
    trades=PLAN.trades[:2],
    cost_terms=(CostTerm("tax", 362.5), CostTerm("orders", 20.0)),
    cost_usd=382.5,
    relaxed=(),
)
FRONTIER = Frontier(
    points=(FrontierPoint(0.175, NOTHING, 0.0, 0.0), FrontierPoint(0.06, NEAR, 382.5, 7.25)),
    chosen=PLAN,
    beside_chosen=FrontierPoint(0.0542, NEAR, 382.5, 7.25),
    seconds=1.0,
)


@pytest.fixture(scope="module")
def results() -> Workbook:
    return reopened(build_results(PLAN, HOUSEHOLD, POLICY, frontier=FRONTIER))


def test_the_points_stand_from_the_loosest_cap_to_the_tightest(results: Workbook) -> None:
    rows = table_values(results, POINTS.name)
    assert [(row["Drift Allowed"], row["Drift After"], row["Cost"], row["Orders"]) for row in rows] == [
        (0.175, 0.175, 0.0, 0),
        (0.06, 0.0542, 382.5, 2),
    ]
    assert rows[1]["Tax"] == pytest.approx(362.5)
    assert rows[1]["Within"] == 7.25


def test_the_plan_is_set_beside_the_cheapest_of_its_drift(results: Workbook) -> None:
    mine = row_of(results, CHOSEN.name, Plan="This plan (Opportunistic)")
    # 362.50 of tax and 30.00 for three orders; proven within 392.50 - 381.30
    assert (mine["Cost"], mine["Orders"]) == (392.5, 3)
    assert mine["Within"] == pytest.approx(11.2)
    assert mine["Relaxed"] == "Cash reserve of =HYPERLINK(A1)"
    assert row_of(results, CHOSEN.name, Plan="Cheapest plan with no more drift")["Cost"] == 382.5
    assert below(results, CHOSEN.name)[:3] == ["Difference in cost", None, 10.0]


def test_the_sheet_stands_behind_drift_with_one_picture_and_is_described(results: Workbook) -> None:
    assert results.sheetnames[:3] == ["Dashboard", "Drift", "Frontier"]
    assert len(results["Frontier"]._charts) == 1
    assert {POINTS, CHOSEN} <= set(RESULT_TABLES)
    assert set(results["Frontier"].tables) == {POINTS.name, CHOSEN.name}


def test_the_plans_own_point_is_seen_on_the_line() -> None:
    (chart,) = build_results(PLAN, HOUSEHOLD, POLICY, frontier=FRONTIER)["Frontier"]._charts
    line, own = (series.marker for series in chart.series)
    assert own.size > line.size
    # told apart without color too
    assert own.symbol != line.symbol
