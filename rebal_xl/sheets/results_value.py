"""The Value So Far sheet: what the runs carried out this year were worth against the ordinary way, on one page."""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import OrdinaryWay, RunEntry, RunValue, ValueSoFar, WaySum
from rebal_xl.household.value import kept_usd, saved_usd
from rebal_xl.measure.value import by_month, value_so_far
from rebal_xl.measure.value_words import headline, not_counted, reading
from rebal_xl.sheets import formats, layout, looks
from rebal_xl.sheets.cells import cell_at
from rebal_xl.sheets.columns import money
from rebal_xl.sheets.layout import Placed, Row
from rebal_xl.sheets.results_sheet import PROOF_ROW, Answer, Block, Heading, add_sheet, sheet_foot
from rebal_xl.sheets.schema import Column, Kind, Table

KIND = "Value So Far"
MONTHS_OF_YEAR = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WORTH = "Worth so far: tax kept and location"
# Points; the headline takes two lines of the body font, or three where figures are long.
HEADLINE_HEIGHT = 3 * layout.LINE_HEIGHT
# Rows that the picture covers.
PICTURE_ROWS = 15
PICTURE_CM = (25, 7.2)


SUMMARY = Table(
    name="ValueSoFar",
    sheet=KIND,
    is_input=False,
    note="The year so far: the runs of the Run Log as far as they were carried out, beside the ordinary way on the "
    "same days. Sums of single rebalances, estimates.",
    columns=(
        Column("Measure", Kind.TEXT, "What is measured.", width=40),
        money("Carried Out", "Of the runs carried out, dollars."),
        money("Own Method", "The ordinary way by each account's own lot method, or against it, dollars."),
        money("HIFO", "The ordinary way highest cost first, or against it, dollars."),
    ),
)

MONTHS = Table(
    name="ValueByMonth",
    sheet=KIND,
    is_input=False,
    note="From January to the end of each month, or to the as-of day: this year's tax of the runs compared, and what "
    "they saved against each account's own method, location left out.",
    columns=(
        Column("Month", Kind.TEXT, "To the end of which month."),
        money("Tax", "This year's tax of the runs compared, dollars."),
        money("Own Method Tax", "The same by each account's own lot method, dollars."),
        money("HIFO Tax", "The same highest cost first, dollars."),
        money("Tax Saved", "Saved this year against each account's own method, dollars."),
        money("Kept", "Of that, what is left after giving back later, dollars of today."),
    ),
)

RUNS = Table(
    name="ValueByRun",
    sheet=KIND,
    is_input=False,
    note="The runs that count, the oldest first.",
    columns=(
        Column("Run", Kind.TEXT, "Day and method of the run."),
        money("Tax", "This year's tax of what was carried out, dollars."),
        money("Own Method Tax", "The same part of the ordinary way by each account's own lot method, dollars."),
        money("HIFO Tax", "The same part of the ordinary way highest cost first, dollars."),
        money("Tax Saved", "Saved this year against each account's own method, dollars."),
        money("Kept", "Of that, what is left after giving back later, dollars of today."),
        money("Location", "Saved by location since the run, dollars."),
        money("Slippage", "Dollars that fills were worse than the plan's prices."),
        Column("Carried Out", Kind.PERCENT, "Part of its orders' dollars.", number_format="0%"),
        Column("Counted By", Kind.TEXT, "By its status or by fills, and as what."),
    ),
)


def add_value(workbook: Workbook, answer: Answer, runs: Sequence[RunEntry]) -> ValueSoFar:
    """Add the sheet where the log holds a run of the year; returns what it shows."""
    value = value_so_far(answer.household, runs, answer.plan.as_of)
    if not any(run.as_of.year == value.year and run.as_of <= value.as_of for run in runs):
        return value
    heading = Heading(
        " · ".join([answer.plan.household, f"{value.year} up to {value.as_of:%m/%d/%Y}", *value.laws]),
        headline(value),
        sheet_foot(answer),
    )
    blocks = [
        Block(SUMMARY, _summary(value), "Against the ordinary way"),
        Block(MONTHS, _months(value), "Month by month, added up", room_below=PICTURE_ROWS + 2),
        Block(RUNS, [_run(run) for run in value.runs], "Run by run", _totals(value)),
    ]
    summary, months, placed = add_sheet(workbook, KIND, heading, blocks)
    sheet = workbook[KIND]
    _add_chart(sheet, months)
    row = placed.last_row + placed.totals + 2
    for caption, sentences in (
        ("Not counted, or to be looked at", not_counted(value)),
        ("How to read this page", reading(value, answer.policy)),
    ):
        if sentences:
            layout.write_caption(sheet, caption, row)
            for sentence in sentences:
                row += 1
                layout.write_note(sheet, f"• {sentence}", row, 1, placed.last_col)
            row += 2
    _stress(sheet, summary, WORTH)
    told = cell_at(sheet, PROOF_ROW, 1)
    told.font = looks.BOLD_FONT
    sheet.row_dimensions[PROOF_ROW].height = HEADLINE_HEIGHT
    # One page whatever the number of runs.
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.fitToHeight = 1
    return value


def _stress(sheet: Worksheet, placed: Placed, measure: str) -> None:
    """One row of the table in bold."""
    for row in range(placed.first_row + 1, placed.last_row + 1):
        if sheet.cell(row, placed.first_col).value == measure:
            for column in range(placed.first_col, placed.last_col + 1):
                sheet.cell(row, column).font = looks.BOLD_FONT


def _summary(value: ValueSoFar) -> list[Row]:
    own, hifo = value.own, value.hifo

    def row(
        measure: str, carried: float | None = None, of_own: float | None = None, of_hifo: float | None = None
    ) -> Row:
        return {"Measure": measure, "Carried Out": carried, "Own Method": of_own, "HIFO": of_hifo}

    def each(measure: str, of: Sequence[float]) -> Row:
        return row(measure, None, *of)

    def worth(way: WaySum) -> float:
        return way.kept_usd + value.location_usd

    return [
        row("Tax this year, runs compared", own.plan_tax_usd, own.tax_usd, hifo.tax_usd),
        each("Tax saved this year", (own.saved_usd, hifo.saved_usd)),
        each("Given back later, today's worth", (own.later_usd, hifo.later_usd)),
        each("Tax kept", (own.kept_usd, hifo.kept_usd)),
        row("Location saved since the runs", value.location_usd),
        each(WORTH, (worth(own), worth(hifo))),
        row("Tax this year, all runs counted", value.tax_usd),
        row("Short-term gains realized, net", value.short_gain_usd),
        row("Long-term gains realized, net", value.long_gain_usd),
        row("Losses taken (harvested)", value.losses_usd),
        row("Losses disallowed by wash sales", value.disallowed_usd, own.disallowed_usd, hifo.disallowed_usd),
        each("Wash sales avoided, dollars of losses", (own.avoided_usd, hifo.avoided_usd)),
        row("Location saved, a year", value.location_year_usd),
        row("Slippage of fills, negative: better", value.slippage_usd if value.filled_usd > 0.0 else None),
    ]


def _months(value: ValueSoFar) -> list[Row]:
    rows: list[Row] = []
    for name, sums in zip(MONTHS_OF_YEAR, by_month(value), strict=True):
        row: dict[str, str | float | None] = {"Month": name}
        if sums is not None:
            row |= {
                "Tax": sums["tax"],
                "Own Method Tax": sums["own"],
                "HIFO Tax": sums["hifo"],
                "Tax Saved": sums["saved"],
                "Kept": sums["kept"],
            }
        rows.append(row)
    return rows


def _run(one: RunValue) -> Row:
    against = one.run.against.name if one.run.against else "not compared"
    return {
        "Run": f"{one.run.as_of:%m/%d/%Y} {one.run.method}",
        "Tax": one.tax_usd,
        "Own Method Tax": _tax(one.own),
        "HIFO Tax": _tax(one.hifo),
        "Tax Saved": None if one.own is None else saved_usd(one, one.own),
        "Kept": None if one.own is None else kept_usd(one, one.own),
        "Location": one.location_usd,
        "Slippage": one.slippage_usd if one.by_fills else None,
        "Carried Out": one.order_share,
        "Counted By": f"{'fills' if one.by_fills else 'status'}, {one.status.value}; against {against}"
        if one.own is not None
        else f"{'fills' if one.by_fills else 'status'}, {one.status.value}; {against}",
    }


def _totals(value: ValueSoFar) -> list[Row]:
    own = value.own
    return [
        {
            "Run": "Total",
            "Tax": value.tax_usd,
            "Own Method Tax": own.tax_usd,
            "HIFO Tax": value.hifo.tax_usd,
            "Tax Saved": own.saved_usd,
            "Kept": own.kept_usd,
            "Location": value.location_usd,
            "Slippage": value.slippage_usd if value.filled_usd > 0.0 else None,
        }
    ]


def _tax(way: OrdinaryWay | None) -> float | None:
    return None if way is None else way.tax_usd


def _add_chart(sheet: Worksheet, months: Placed) -> None:
    """Saved and kept, month by month; the table always has twelve rows, so that the picture never loses one."""
    chart = BarChart()
    chart.type, chart.grouping, chart.style, chart.roundedCorners = "col", "clustered", 10, False
    chart.title, chart.gapWidth, chart.overlap = None, 60, 0
    names = Reference(
        sheet, min_col=months.column_number("Month"), min_row=months.first_row + 1, max_row=months.last_row
    )
    for name, title, colour in (
        ("Tax Saved", "Tax saved this year", looks.BLUE),
        ("Kept", "Kept after giving back later", looks.ORANGE),
    ):
        figures = Reference(
            sheet, min_col=months.column_number(name), min_row=months.first_row + 1, max_row=months.last_row
        )
        series = Series(figures, title=title)
        series.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour))
        series.invertIfNegative = False
        chart.series.append(series)
    chart.set_categories(names)
    chart.x_axis.delete = chart.y_axis.delete = False
    # names of months stay below the bars of months that cost more
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.number_format = formats.WHOLE_DOLLARS
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=looks.RULE)))
    assert chart.legend is not None
    chart.legend.position = "b"
    chart.width, chart.height = PICTURE_CM
    sheet.add_chart(chart, f"A{months.last_row + 2}")
