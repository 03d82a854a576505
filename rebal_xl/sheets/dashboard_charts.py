"""The charts of the Dashboard. Each reads the tables of its own sheet, so that it follows wherever the sheet goes."""

from openpyxl.chart import BarChart, LineChart, ScatterChart
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.legend import LegendEntry

from rebal_xl.household import Curve, Plan
from rebal_xl.household.views import ClassView, class_views, realised_views
from rebal_xl.sheets import formats, looks
from rebal_xl.sheets.charts import Look, bars, dress_axes, finish, name_axis, points, scattered
from rebal_xl.sheets.dashboard_tables import OUTSIDE, short_way
from rebal_xl.sheets.layout import Placed
from rebal_xl.words import count, percent, signed_percent, whole

BEFORE = Look("Before", looks.GREY)
TARGET = Look("Target", looks.ORANGE, pattern="wdUpDiag")
AFTER = Look("After", looks.BLUE)
BAND = Look("Trigger band", looks.PALE_BLUE)
# Where both lie on one spot, the smaller mark is seen on the larger.
DRIFT_BEFORE = Look("Before", looks.MUTED, marker="diamond", size=12)
DRIFT_AFTER = Look("After", looks.BLUE, marker="circle", size=7)
GAINS = Look("Gains", looks.BLUE, ink="FFFFFF")
LOSSES = Look("Losses", looks.ORANGE, ink=looks.INK)
DISALLOWED = Look("Losses disallowed", looks.MUTED, hollow=True)
TAX = Look("Tax added this year", looks.BLUE)
CHEAPEST = Look("Cheapest plans", looks.BLUE, marker="circle", size=7, line="solid")
CHEAPEST_TAX = Look("Their tax this year", looks.GREY, marker="square", size=6, line="sysDash")
CHOSEN = Look("This plan", looks.ORANGE, marker="diamond", size=12)
# Weight (0..1) below zero that can be seen.
LEAST_BELOW = 0.005
# With more classes than these a long word would be broken below its bars.
CROWDED_FROM = 8
# Dollars above a bar; nothing is said of an empty one.
BAR_DOLLARS = "$#,##0;-$#,##0;;"


def allocation(placed: Placed, plan: Plan) -> ChartBase:
    """Weights before, wanted and after, class by class."""
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "col", "clustered", 50, 0
    for column, look in (("Before", BEFORE), ("Target", TARGET), ("After", AFTER)):
        bars(chart, placed, column, look, "Asset Class")
    dress_axes(chart.x_axis, chart.y_axis, "0%", crowded=_crowded(plan))
    # cash that is owed is below nothing, and shown so
    if min((min(v.before, v.after) for v in _told(plan)), default=0.0) > -LEAST_BELOW:
        chart.y_axis.scaling.min = 0
    told = "; ".join(
        f"{v.asset_class} {percent(v.before)}, {percent(v.target)}, {percent(v.after)}" for v in _told(plan)
    )
    finish(chart, "The mix: before, target, after", f"Columns, by class: weight before, target and after. {told}.")
    return chart


def drift(placed: Placed, plan: Plan) -> ChartBase:
    """Distance from target before and after, over the band in which nothing calls for a trade."""
    chart, marks = BarChart(), LineChart()
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "col", "clustered", 40, 100
    for column in ("Band Below", "Band Above"):
        bars(chart, placed, column, BAND, "Asset Class")
    for column, look in (("Drift Before", DRIFT_BEFORE), ("Drift After", DRIFT_AFTER)):
        points(marks, placed, column, look, "Asset Class")
    dress_axes(chart.x_axis, chart.y_axis, "+0%;-0%;0%", crowded=_crowded(plan))
    chart += marks
    assert chart.legend is not None
    # the band is drawn as two bars, below and above its target, and named once
    chart.legend.legendEntry = [LegendEntry(idx=1, delete=True)]
    told = "; ".join(
        f"{v.asset_class} {signed_percent(v.drift_before)} to {signed_percent(v.drift_after)}"
        f"{', outside its band before' if v.status_before in OUTSIDE else ''}"
        for v in _told(plan)
    )
    finish(
        chart,
        "Drift from target, and the band in which nothing is traded",
        f"Marks over shaded bands, by class: distance from target before and after. {told}.",
    )
    return chart


def _crowded(plan: Plan) -> bool:
    return len(_told(plan)) > CROWDED_FROM


def _told(plan: Plan) -> tuple[ClassView, ...]:
    return class_views(plan)


def ways(placed: Placed, plan: Plan) -> ChartBase:
    """The tax of the plan beside that of ordinary rebalancing."""
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "col", "clustered", 80
    bars(chart, placed, "Tax", TAX, "Way", number_format=formats.WHOLE_DOLLARS)
    dress_axes(chart.x_axis, chart.y_axis, formats.WHOLE_DOLLARS)
    chart.legend = None
    told = "; ".join(f"{short_way(way.name)} {_usd(way.tax_usd)}" for way in plan.compared)
    finish(
        chart,
        "Tax this year, beside account by account",
        f"Columns: tax that each way adds to this year. {told}.",
    )
    return chart


def realised(placed: Placed, plan: Plan) -> ChartBase:
    """Gains upwards and losses downwards, short-term and long-term."""
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "col", "stacked", 80, 100
    for column, look in (("Gains", GAINS), ("Losses", LOSSES), ("Disallowed", DISALLOWED)):
        bars(chart, placed, column, look, "Term", number_format=BAR_DOLLARS)
    dress_axes(chart.x_axis, chart.y_axis, formats.WHOLE_DOLLARS)
    told = "; ".join(
        f"{view.term.value} gains {_usd(view.gains_usd)}, losses {_usd(view.losses_usd)}, of which "
        f"{_usd(view.disallowed_usd)} disallowed"
        for view in realised_views(plan)
    )
    finish(chart, "Gains and losses realized", f"Columns, by term: gains and losses that the plan realizes. {told}.")
    return chart


def frontier(curve: Placed, chosen: Placed, plan: Plan, found: Curve) -> ChartBase:
    """What coming nearer to the target costs, and where the plan stands."""
    chart = ScatterChart()
    chart.scatterStyle = "lineMarker"
    scattered(chart, curve, "Drift After", "Cost", CHEAPEST)
    scattered(chart, curve, "Drift After", "Tax", CHEAPEST_TAX)
    scattered(chart, chosen, "Drift After", "Cost", CHOSEN)
    dress_axes(chart.x_axis, chart.y_axis, formats.WHOLE_DOLLARS)
    chart.x_axis.number_format, chart.x_axis.scaling.min = "0%", 0
    name_axis(chart.x_axis, "Household drift left")
    told = "; ".join(f"{percent(point.drift)} for {_usd(point.plan.paid_usd)}" for point in found.points)
    finish(
        chart,
        "What coming nearer to the target costs",
        f"A line of {count(len(found.points), 'plan')} by the drift that they leave and what they cost: {told}. "
        f"This plan leaves {percent(plan.after.household_drift)} for {_usd(plan.paid_usd)}.",
    )
    return chart


def _usd(usd: float) -> str:
    return f"{whole(usd)} dollars"
