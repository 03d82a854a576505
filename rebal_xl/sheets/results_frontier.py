"""The Frontier sheet: what each step nearer to the target costs, and where the plan stands beside the curve."""

from openpyxl import Workbook
from openpyxl.chart import Reference, ScatterChart, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl import words
from rebal_xl.household import Frontier, FrontierPoint, Plan
from rebal_xl.sheets import formats, looks
from rebal_xl.sheets.charts import Shape, describe
from rebal_xl.sheets.layout import Placed, Row, write_note
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet
from rebal_xl.sheets.schema import Column, Kind, Table

KIND = "Frontier"
# Dollars that are no difference worth a word, and drift (0..1) that is none.
NOTHING_USD, SAME_DRIFT = 0.5, 1e-9
# Why a plan is cheaper than the curve.
SAVES_MORE = "its method looks for savings that the curve does not"
# Rows that the picture covers.
PICTURE_ROWS = 20
PICTURE_CM = (24, 10)
# Shape and size of the points; the plan's own, on or beside the line, is told without its color.
POINT: tuple[Shape, int] = ("circle", 7)
OWN_POINT: tuple[Shape, int] = ("diamond", 12)

_FIGURES = (
    Column("Drift After", Kind.PERCENT, "Household drift that the plan leaves.", number_format=formats.PERCENT),
    Column(
        "Cost",
        Kind.MONEY,
        "What plans are chosen by, dollars: what is paid, and prices of lower ranks, idle cash and unasked losses.",
        number_format=formats.DOLLARS,
    ),
    Column(
        "Paid",
        Kind.MONEY,
        "Of it what is paid now or later: tax, carried losses, basis given up, trading, orders and location.",
        number_format=formats.DOLLARS,
    ),
    Column("Tax", Kind.MONEY, "What it adds to this year's tax; negative is a saving.", number_format=formats.DOLLARS),
    Column("Orders", Kind.WHOLE, "Number of orders.", number_format=formats.WHOLE),
    Column("Within", Kind.MONEY, "No plan is more than this cheaper, dollars.", number_format=formats.DOLLARS),
    Column("Relaxed", Kind.TEXT, "Rules that the plan could not keep."),
)

POINTS = Table(
    name="FrontierPoints",
    sheet=KIND,
    is_input=False,
    note="The cheapest plan for each cap on household drift, from doing as little as the rules allow to the nearest "
    "that any plan comes to the target. The caps stand instead of the bands; every other rule holds.",
    columns=(
        Column(
            "Drift Allowed",
            Kind.PERCENT,
            "Most household drift allowed (half the sum of all classes' distances from target).",
            number_format=formats.PERCENT,
        ),
        *_FIGURES,
    ),
)

CHOSEN = Table(
    name="FrontierChosen",
    sheet=KIND,
    is_input=False,
    note="The plan of this run, and the cheapest plan of the curve that leaves no more household drift; the line below "
    "says where the difference in cost comes from.",
    columns=(Column("Plan", Kind.TEXT, "Which plan."), *_FIGURES),
)


def add_frontier(workbook: Workbook, answer: Answer, frontier: Frontier) -> None:
    """Add the Frontier sheet."""
    chosen, beside = frontier.chosen, frontier.beside_chosen
    rows: list[Row] = [
        {"Plan": f"This plan ({chosen.method})", **_plan_figures(chosen, chosen.gap_usd)},
        {"Plan": _cheapest(frontier, "with no more drift"), **_figures(beside)},
    ]
    total: Row = {
        "Plan": "Difference in cost",
        "Cost": frontier.extra_usd,
        "Paid": chosen.paid_usd - beside.plan.paid_usd,
        "Tax": chosen.tax.cost_usd - beside.tax_usd,
    }
    points = [{"Drift Allowed": point.drift_cap, **_figures(point)} for point in frontier.points]
    blocks = [
        Block(POINTS, points, "Nearer to the target: what it costs", room_below=PICTURE_ROWS + 2),
        Block(CHOSEN, rows, "The plan beside the curve", (total,)),
    ]
    curve, mine = add_result_sheet(workbook, KIND, answer, blocks)
    _add_chart(workbook[KIND], curve, mine)
    write_note(workbook[KIND], beside_curve(frontier), mine.last_row + len(blocks[-1].totals) + 1, 1, mine.last_col)


def beside_curve(found: Frontier) -> str:
    """The chosen plan against the cheapest one that leaves no more drift: how much it costs more or less, and why."""
    drift, extra = words.percent(found.chosen.after.household_drift), found.extra_usd
    plan = f"The plan by method {found.chosen.method.value} leaves {drift} of household drift"
    # a cheaper plan that was found is a fact; a dearer one may only not be proven
    if -max(NOTHING_USD, found.beside_chosen.gap_usd) <= extra <= NOTHING_USD:
        return f"{plan}, and no plan that leaves as little is known to cost less."
    more = f"{words.dollars(abs(extra))} {'more' if extra > 0 else 'less'}"
    why = "the price of its own rules, such as bands for every class"
    if extra < 0:
        why = "it keeps other rules less well" if found.same_savings else SAVES_MORE
    cheapest = _cheapest(found, "that leaves as little")
    said = f"{plan}, and costs {more} than the {cheapest[:1].lower()}{cheapest[1:]}: {why}."
    paid = found.chosen.paid_usd - found.beside_chosen.plan.paid_usd
    if abs(paid - extra) <= NOTHING_USD:
        return said
    less = f"{words.dollars(abs(paid))} {'more' if paid >= 0 else 'less'}"
    return f"{said} What is paid, now or later, is {less}: the other prices only rank plans."


def _cheapest(found: Frontier, which: str) -> str:
    """What the plan beside the chosen one is: of the curve alone where the chosen one is cheaper."""
    own = found.extra_usd < -max(NOTHING_USD, found.beside_chosen.gap_usd)
    whose = "Cheapest plan of the curve" if own else "Cheapest plan"
    if found.beside_chosen.drift > found.chosen.after.household_drift + SAME_DRIFT:
        return f"{whose} near that drift"
    return f"{whose} {which}"


def _figures(point: FrontierPoint) -> dict[str, str | float | None]:
    return _plan_figures(point.plan, point.gap_usd)


def _plan_figures(plan: Plan, gap_usd: float) -> dict[str, str | float | None]:
    return {
        "Drift After": plan.after.household_drift,
        "Cost": plan.money_usd,
        "Paid": plan.paid_usd,
        "Tax": plan.tax.cost_usd,
        "Orders": float(len(plan.trades)),
        "Within": gap_usd,
        "Relaxed": ", ".join(item.rule for item in plan.relaxed),
    }


def _add_chart(sheet: Worksheet, curve: Placed, mine: Placed) -> None:
    chart = ScatterChart()
    chart.style, chart.title, chart.roundedCorners, chart.scatterStyle = 13, None, False, "lineMarker"
    for placed, rows, title, colour, (shape, size) in (
        (curve, (curve.first_row + 1, curve.last_row), "Cheapest plans", looks.BLUE, POINT),
        (mine, (mine.first_row + 1, mine.first_row + 1), "This plan", looks.ORANGE, OWN_POINT),
    ):
        across, up = (
            Reference(sheet, min_col=placed.column_number(name), min_row=rows[0], max_row=rows[1])
            for name in ("Drift After", "Paid")
        )
        series = Series(up, across, title=title)
        fill = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour))
        series.marker = Marker(symbol=shape, size=size, spPr=fill)
        line = LineProperties(solidFill=colour) if placed is curve else LineProperties(noFill=True)
        series.graphicalProperties = GraphicalProperties(ln=line)
        series.smooth = False
        chart.series.append(series)
    chart.x_axis.title, chart.y_axis.title = "Household drift left", "Paid, now and later"
    chart.x_axis.number_format, chart.y_axis.number_format = "0.0%", formats.WHOLE_DOLLARS
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.majorGridlines = None
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=looks.RULE)))
    assert chart.legend is not None
    chart.legend.position = "b"
    chart.width, chart.height = PICTURE_CM
    describe(chart, "A line: what is paid for each plan by the drift that it leaves; the table above has the figures.")
    sheet.add_chart(chart, f"{get_column_letter(curve.first_col)}{curve.last_row + 2}")
