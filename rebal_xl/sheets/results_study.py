"""The Study sheet: what looking more or less often cost and kept, with two pictures and the sentences below.

It is a workbook of its own, since it is about the next decades and not about a plan.
"""

import math
from collections.abc import Sequence
from typing import Literal

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference, ScatterChart, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import HappenedLine, Study, StudyClass, StudyLine
from rebal_xl.sheets import formats, layout, looks
from rebal_xl.sheets.cells import Shown, Value, cell_at
from rebal_xl.sheets.columns import rate, whole_money
from rebal_xl.sheets.layout import Placed, Row
from rebal_xl.sheets.results_sheet import PROOF_ROW, Block, Heading, add_sheet
from rebal_xl.sheets.schema import Column, Kind, Table

KIND = "Study"
# Rows that the pictures cover, and how large they are.
PICTURE_ROWS = 18
PICTURE_CM = (16, 9)
WHISKER_POINTS_WIDE = 15_875
MARKER_POINTS = 9
# Width of a character of the body font.
CHARACTER_CM = 0.19
ORDERS_FORMAT = "0.0"
# Most steps of an axis whose dollars stand side by side.
AXIS_STEPS = 5
# Okabe and Ito, one for each rule in turn; shapes tell them apart as well.
_COLOURS = (looks.GREY, looks.ORANGE, looks.BLUE, "009E73", "D55E00", "CC79A7", "56B4E9", "000000")
_Shape = Literal["x", "square", "circle", "diamond", "triangle", "plus", "star", "dash"]
_SHAPES: tuple[_Shape, ...] = ("x", "square", "circle", "diamond", "triangle", "plus", "star", "dash")

_RULE = Column("Rule", Kind.TEXT, "When the household is looked at, and whether bands decide what is traded then.")


def _signed(name: str, note: str) -> Column:
    return Column(name, Kind.MONEY, note, number_format="+$#,##0;-$#,##0;$0")


_TRACKING = rate("Tracking Error", "Yearly standard deviation of household less target returns.")
_TURNOVER = rate("Turnover", "Sales a year as a part of the household; those that only pay tax are not counted.")
_TAX_PAID = whole_money("Tax on the Way", "Tax on income and on realized gains over the years.")
_ORDERS = Column(
    "Orders a Year",
    Kind.NUMBER,
    "One class bought or sold in the taxable or in the sheltered part.",
    number_format=ORDERS_FORMAT,
)

VALUE = Table(
    name="StudyValue",
    sheet=KIND,
    is_input=False,
    note="After-tax value at the end under each rule of looking, and its difference from the reference rule on the "
    "same paths. A difference whose 95 % interval spans zero cannot be told from nothing. Written by `rebal-xl study`.",
    columns=(
        _RULE,
        whole_money("After-Tax Value", "Mean over the paths, once the tax that waits is paid."),
        whole_money("5th Pct", "One path in twenty ended with less."),
        whole_money("Median", "One path in two ended with less."),
        whole_money("95th Pct", "One path in twenty ended with more."),
        _signed("Difference", "Mean of the after-tax value less that of the reference rule on the same path."),
        whole_money("±", "Half of the 95 % confidence interval of the difference."),
        _signed("From", "Low end of that interval."),
        _signed("To", "High end of that interval."),
        Column("Beyond Noise", Kind.FLAG, "Yes when the interval does not span zero."),
        Column(
            "Paths With More",
            Kind.PERCENT,
            "Part of the paths that ended with more than under the reference rule.",
            number_format="0%",
        ),
    ),
)

CARE = Table(
    name="StudyCare",
    sheet=KIND,
    is_input=False,
    note="How near to the target each rule kept the household, and what that took: means over the paths.",
    columns=(
        _RULE,
        _TRACKING,
        rate("Average Drift", "Household drift at the end of a month, before trading."),
        rate("Widest Drift", "The widest of a path."),
        rate("Volatility", "Yearly standard deviation of the mix held: how much risk was run."),
        rate(
            "Lean",
            "Expected return of the mix held less that of the target, a year: what drift leaned towards.",
            signed=True,
        ),
        _TURNOVER,
        Column("Trading Looks a Year", Kind.NUMBER, "Looks at which something was traded.", number_format="0.0"),
        _ORDERS,
        _TAX_PAID,
        whole_money(
            "Tax at the End", "Tax once everything is sold and taken out; with a step-up without that on gains."
        ),
        whole_money("Spreads", "Half-spreads paid, where Securities gives them."),
    ),
)

HAPPENED = Table(
    name="StudyHappened",
    sheet=KIND,
    is_input=False,
    note="The same rules over the supplied history as it happened: one path, so nothing is said of its noise.",
    columns=(
        _RULE,
        whole_money("After-Tax Value", "At the end of the history."),
        _signed("Difference", "From the reference rule."),
        _TRACKING,
        _TURNOVER,
        _TAX_PAID,
        _ORDERS,
    ),
)

CLASSES = Table(
    name="StudyClasses",
    sheet=KIND,
    is_input=False,
    note="What the study starts from: the household at its target, and what is assumed of each class.",
    columns=(
        Column("Asset Class", Kind.TEXT, "As in Targets."),
        rate("Target", "Weight in the household."),
        whole_money("Taxable", "Dollars in taxable accounts at the start."),
        whole_money("Basis", "Their cost basis."),
        whole_money("Sheltered", "Dollars in tax-deferred, Roth and HSA accounts at the start."),
        rate("Expected Return", "Mean of a year's total return."),
        rate("Volatility", "Standard deviation of a year's return."),
        rate("Paid Out", "Dividends, interest and gain distributions of a year."),
        rate("Tax on It", "What that costs a year in a taxable account, as a part of the value."),
    ),
)


def study_workbook(study: Study, firm: str = "") -> Workbook:
    """A study as a workbook with the sheet Study alone; values only."""
    workbook = Workbook()
    for sheet in list(workbook.worksheets):
        workbook.remove(sheet)
    blocks = [
        Block(
            VALUE, [_value_row(study, line) for line in study.lines], _value_caption(study), room_below=PICTURE_ROWS + 2
        ),
        Block(CARE, [_care_row(line) for line in study.lines], "How near to the target, and what it took"),
        *([Block(HAPPENED, list(map(_happened_row, study.happened)), "As it happened")] if study.happened else []),
        Block(CLASSES, list(map(_class_row, study.classes)), "What it starts from, and what is assumed"),
    ]
    heading = Heading(_facts(study), study.sentences[0], f"{firm + ', ' if firm else ''}{study.household}")
    value, care, *rest = add_sheet(workbook, KIND, heading, blocks)
    sheet = workbook[KIND]
    _add_difference_chart(sheet, value, study)
    _add_care_chart(sheet, care, value)
    _write_sentences(sheet, study, [value, care, *rest])
    _stress_answer(sheet)
    # Tables and pictures stand below each other: higher than wide.
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.fitToHeight = 1
    workbook.properties.creator = "rebal_xl"
    workbook.properties.title = f"{study.household}: how often to rebalance"
    return workbook


def _facts(study: Study) -> str:
    parts = [study.household, f"as of {study.as_of:%m/%d/%Y}", f"{study.paths:,d} paths of {study.years} years"]
    parts.append(f"seed {study.seed}")
    if study.tax.law_year:
        parts.append(f"{study.tax.law_year} law{', ESTIMATE' if study.tax.law_estimate else ''}")
    return " · ".join([*parts, "hypothetical"])


def _value_caption(study: Study) -> str:
    return f"After-tax value after {study.years} years, beside {study.reference}"


def _value_row(study: Study, line: StudyLine) -> Row:
    row: dict[str, Value | Shown] = {
        "Rule": line.rule.name,
        "After-Tax Value": _usd(line.value_usd.mean),
        "5th Pct": _usd(line.value_spread.p5),
        "Median": _usd(line.value_spread.p50),
        "95th Pct": _usd(line.value_spread.p95),
        "Difference": _usd(line.difference_usd.mean),
    }
    if line.rule.name == study.reference:
        return row
    return {
        **row,
        "±": _usd(line.difference_usd.half_width),
        "From": _usd(line.difference_usd.low),
        "To": _usd(line.difference_usd.high),
        "Beyond Noise": not line.difference_usd.spans_zero,
        "Paths With More": _share(line.better),
    }


def _usd(dollars: float) -> float:
    """Dollars in cents, so that a sheet is the same on every machine."""
    return round(dollars, 2) + 0.0


def _share(part: float) -> float:
    """A weight or rate in hundredths of a percent: finer digits would be noise."""
    return round(part, 4) + 0.0


def _care_row(line: StudyLine) -> Row:
    return {
        "Rule": line.rule.name,
        "Tracking Error": _share(line.tracking_error.mean),
        "Average Drift": _share(line.drift),
        "Widest Drift": _share(line.widest_drift),
        "Volatility": _share(line.volatility),
        "Lean": _share(line.lean),
        "Turnover": _share(line.turnover),
        "Trading Looks a Year": _share(line.rebalances),
        "Orders a Year": _share(line.orders),
        "Tax on the Way": _usd(line.tax_paid_usd.mean),
        "Tax at the End": _usd(line.tax_at_end_usd.mean),
        "Spreads": _usd(line.cost_usd),
    }


def _happened_row(line: HappenedLine) -> Row:
    return {
        "Rule": line.rule.name,
        "After-Tax Value": _usd(line.value_usd),
        "Difference": _usd(line.difference_usd),
        "Tracking Error": _share(line.tracking_error),
        "Turnover": _share(line.turnover),
        "Tax on the Way": _usd(line.tax_paid_usd),
        "Orders a Year": _share(line.orders),
    }


def _class_row(one: StudyClass) -> Row:
    return {
        "Asset Class": one.asset_class,
        "Target": _share(one.target),
        "Taxable": _usd(one.taxable_usd),
        "Basis": _usd(one.basis_usd),
        "Sheltered": _usd(one.sheltered_usd),
        "Expected Return": _share(one.expected_return),
        "Volatility": _share(one.volatility),
        "Paid Out": _share(one.payout),
        "Tax on It": _share(one.payout_tax),
    }


def _stress_answer(sheet: Worksheet) -> None:
    """The answer is what the sheet is for: larger than the notes around it."""
    cell = cell_at(sheet, PROOF_ROW, 1)
    cell.font = looks.BOLD_FONT
    sheet.row_dimensions[PROOF_ROW].height = (sheet.row_dimensions[PROOF_ROW].height or 0.0) + layout.LINE_HEIGHT


def _write_sentences(sheet: Worksheet, study: Study, placed: Sequence[Placed]) -> None:
    """The other sentences of the study, below the last table."""
    row = placed[-1].last_row + 2
    last = max(one.last_col for one in placed)
    layout.write_caption(sheet, "In words", row)
    for step, sentence in enumerate(study.sentences[1:], 1):
        layout.write_note(sheet, sentence, row + step, 1, last)


def _absolute(sheet: Worksheet, placed: Placed, name: str, row: int = 0) -> str:
    """The cells of a column, or one of them, as a chart refers to them."""
    letter = get_column_letter(placed.column_number(name))
    first, last = (row, row) if row else (placed.first_row + 1, placed.last_row)
    return f"'{sheet.title}'!${letter}${first}" + (f":${letter}${last}" if last > first else "")


def _add_difference_chart(sheet: Worksheet, placed: Placed, study: Study) -> None:
    """Bars of the mean differences, with whiskers for their 95 % intervals."""
    chart = BarChart()
    chart.type, chart.style, chart.title, chart.roundedCorners = "bar", 13, None, False
    chart.gapWidth, chart.legend = 60, None
    values, names = (
        Reference(sheet, min_col=placed.column_number(name), min_row=placed.first_row + 1, max_row=placed.last_row)
        for name in ("Difference", "Rule")
    )
    series = Series(values, title="Difference")
    series.graphicalProperties = GraphicalProperties(solidFill=looks.BLUE)
    series.invertIfNegative = False
    whiskers = NumDataSource(numRef=NumRef(f=_absolute(sheet, placed, "±")))
    series.errBars = ErrorBars(errBarType="both", errValType="cust", noEndCap=False, plus=whiskers, minus=whiskers)
    line = LineProperties(solidFill=looks.INK, w=WHISKER_POINTS_WIDE)
    series.errBars.spPr = GraphicalProperties(ln=line)
    chart.series.append(series)
    chart.set_categories(names)
    # the first rule on top, its name clear of bars that point left
    chart.x_axis.scaling.orientation, chart.x_axis.tickLblPos = "maxMin", "low"
    chart.y_axis.title, chart.y_axis.crosses = "Difference in after-tax value, with 95% interval", "max"
    # left alone, the axis ends at the longest bar and cuts its whisker off
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = _axis(study)
    chart.y_axis.number_format = formats.WHOLE_DOLLARS
    _finish(chart)
    sheet.add_chart(chart, f"{get_column_letter(placed.first_col)}{placed.last_row + 2}")


def _axis(study: Study) -> tuple[float, float, float]:
    """Ends and step of an axis on which every interval fits: round numbers, zero among them."""
    low = min(0.0, *(line.difference_usd.low for line in study.lines), 0.0)
    high = max(0.0, *(line.difference_usd.high for line in study.lines), 0.0)
    width = max(high - low, 1.0)
    step = 10.0 ** math.floor(math.log10(width))
    step *= next(part for part in (0.2, 0.5, 1.0, 2.0) if width / (part * step) <= AXIS_STEPS)
    return math.floor(low / step) * step, math.ceil(max(high, step) / step) * step, step


def _add_care_chart(sheet: Worksheet, care: Placed, above: Placed) -> None:
    """Tracking error against orders a year, a point for each rule."""
    chart = ScatterChart()
    chart.style, chart.title, chart.roundedCorners, chart.scatterStyle = 13, None, False, "lineMarker"
    for number, row in enumerate(range(care.first_row + 1, care.last_row + 1)):
        across, up = (
            Reference(sheet, min_col=care.column_number(name), min_row=row, max_row=row)
            for name in ("Orders a Year", "Tracking Error")
        )
        series = Series(up, across)
        series.tx = SeriesLabel(strRef=StrRef(f=_absolute(sheet, care, "Rule", row)))
        colour = _COLOURS[number % len(_COLOURS)]
        fill = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour))
        series.marker = Marker(symbol=_SHAPES[number % len(_SHAPES)], size=MARKER_POINTS, spPr=fill)
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        series.smooth = False
        chart.series.append(series)
    chart.x_axis.title, chart.y_axis.title = "Orders a year", "Tracking error"
    chart.x_axis.number_format, chart.y_axis.number_format = "0", "0.0%"
    chart.x_axis.scaling.min = chart.y_axis.scaling.min = 0
    assert chart.legend is not None
    chart.legend.position = "r"
    _finish(chart)
    sheet.add_chart(chart, f"{get_column_letter(_second_column(sheet, above))}{above.last_row + 2}")


def _finish(chart: BarChart | ScatterChart) -> None:
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.majorGridlines = None
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=looks.RULE)))
    chart.width, chart.height = PICTURE_CM


def _second_column(sheet: Worksheet, placed: Placed) -> int:
    """The first column that begins to the right of the first picture."""
    room = PICTURE_CM[0] + 0.5
    number = placed.first_col
    while room > 0.0:
        room -= CHARACTER_CM * float(sheet.column_dimensions[get_column_letter(number)].width or 13.0)
        number += 1
    return number
