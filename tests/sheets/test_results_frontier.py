"""The Frontier sheet: the Millers' plan beside two plans of a curve drawn by hand."""

from dataclasses import replace

import pytest
from openpyxl import Workbook

from rebal_xl.household import CostTerm, Frontier, FrontierPoint, Method, PlanTax
from rebal_xl.sheets.results import RESULT_TABLES, build_results
from rebal_xl.sheets.results_frontier import CHOSEN, POINTS, beside_curve
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


def test_a_harvest_that_is_cheaper_than_the_curve_is_not_said_to_be_dearer() -> None:
    # $1,000 of tax saved by losses that the curve does not look for, against $382.50 on the curve
    saving = replace(PLAN, method=Method.HARVEST, cost_terms=(CostTerm("tax", -1_000.0),), relaxed=())
    given = replace(FRONTIER, chosen=saving)
    book = reopened(build_results(saving, HOUSEHOLD, POLICY, frontier=given))
    assert row_of(book, CHOSEN.name, Plan="Cheapest plan of the curve with no more drift")["Cost"] == 382.5
    assert below(book, CHOSEN.name)[:3] == ["Difference in cost", None, -1_382.5]
    said = [cell.value for row in book["Frontier"].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(
        one.endswith(
            "costs $1,382.50 less than the cheapest plan of the curve that leaves as little: "
            "its method looks for savings that the curve does not."
        )
        for one in said
    )
    assert not any("stricter" in one for one in said)


def test_a_plan_of_the_curve_that_whole_shares_leave_further_off_is_not_said_to_be_nearer() -> None:
    # the plan leaves 5.42 %, the one beside it 17.5 %
    far = replace(FRONTIER, beside_chosen=FrontierPoint(0.0542, NOTHING, 0.0, 0.0))
    book = reopened(build_results(PLAN, HOUSEHOLD, POLICY, frontier=far))
    assert row_of(book, CHOSEN.name, Plan="Cheapest plan near that drift")["Cost"] == 0.0


def test_what_only_ranks_plans_is_told_from_what_is_paid() -> None:
    # $392.50 are paid against $382.50, and $40 of prices that nobody pays come to it
    priced = replace(PLAN, cost_terms=(*PLAN.cost_terms, CostTerm("buy ranks", 40.0)))
    given = replace(FRONTIER, chosen=priced)
    book = reopened(build_results(priced, HOUSEHOLD, POLICY, frontier=given))
    mine = row_of(book, CHOSEN.name, Plan="This plan (Opportunistic)")
    assert (mine["Cost"], mine["Paid"]) == (432.5, 392.5)
    assert below(book, CHOSEN.name)[:4] == ["Difference in cost", None, 50.0, 10.0]
    said = beside_curve(given)
    assert "costs $50.00 more than the cheapest plan that leaves as little" in said
    assert said.endswith("What is paid, now or later, is $10.00 more: the other prices only rank plans.")
    # where all of it is paid there is nothing to tell apart
    assert "What is paid" not in beside_curve(FRONTIER)
