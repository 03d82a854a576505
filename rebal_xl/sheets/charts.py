"""Native Excel charts in one look: title, axes, colours, a place on the grid, and words for those who cannot see them.

Colours are never alone: series differ in order, shape, pattern or dash as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.chart._chart import ChartBase
from openpyxl.chart.axis import ChartLines, NumericAxis, TextAxis
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.sheets import looks
from rebal_xl.sheets.layout import Placed

# Hundredths of a point.
TITLE_SIZE, TEXT_SIZE, LABEL_SIZE, CROWDED_SIZE = 1300, 900, 800, 700
# English metric units in a pixel, a point and a line of one point.
PIXEL, POINT = 9525, 12700
# Pixels of a column of so many characters in the usual font.
PIXELS_PER_CHARACTER, PIXELS_OF_MARGIN = 7, 5
# The attribute of a chart that holds its description.
ALT_TEXT = "alt_text"


# Patterns, shapes and dashes that our charts use, by the names that the file format gives them.
Pattern = Literal["wdUpDiag"]
Shape = Literal["circle", "diamond", "square"]
Dash = Literal["solid", "sysDash"]


@dataclass(frozen=True, slots=True)
class Look:
    """How one series is drawn."""

    # as the legend says it
    title: str
    colour: str
    # a pattern instead of a solid fill
    pattern: Pattern | None = None
    # white inside its outline
    hollow: bool = False
    # colour of the numbers in its bars
    ink: str = looks.MUTED
    # shape of the points of a line
    marker: Shape | None = None
    # size of a point
    size: int = 8
    # a line that joins the points
    line: Dash | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart lies: rows are 1-based and inclusive, left and right parts 0..1 of the page's width."""

    first_row: int
    last_row: int
    left: float
    right: float


def bars(chart: ChartBase, placed: Placed, column: str, look: Look, labels: str, *, number_format: str = "") -> None:
    """A series of columns from a column of a table; `labels` is the column of the categories."""
    series = _series(placed, column, labels)
    series.tx = SeriesLabel(v=look.title)
    series.graphicalProperties = filled(look)
    series.invertIfNegative = False
    if number_format:
        series.dLbls = _labels(number_format, look.ink)
    chart.series.append(series)


def points(chart: ChartBase, placed: Placed, column: str, look: Look, labels: str) -> None:
    """A series of points, joined or not, from a column of a table, over the categories of `labels`."""
    series = _series(placed, column, labels)
    series.tx = SeriesLabel(v=look.title)
    _draw_points(series, look)
    chart.series.append(series)


def scattered(chart: ChartBase, placed: Placed, across: str, up: str, look: Look) -> None:
    """A series of points from two columns of numbers."""
    series = XYSeries(
        xVal=AxDataSource(numRef=NumRef(f=_reference(placed, across))),
        yVal=NumDataSource(numRef=NumRef(f=_reference(placed, up))),
        tx=SeriesLabel(v=look.title),
    )
    _draw_points(series, look)
    chart.series.append(series)


def finish(chart: ChartBase, title: str, alt_text: str) -> None:
    """The title and the legend, and the words for those who cannot see the chart."""
    chart.style, chart.roundedCorners = 2, False
    text = CharacterProperties(sz=TITLE_SIZE, b=True, solidFill=looks.NAVY, latin=None)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=text), r=[RegularTextRun(rPr=text, t=title)])
    # at the left edge, as the captions of tables are
    corner = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.012, y=0.02))
    chart.title = Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False, layout=corner)
    if chart.legend is not None:
        chart.legend.position = "b"
        chart.legend.txPr = words()
    chart.graphical_properties = GraphicalProperties(
        solidFill="FFFFFF", ln=LineProperties(solidFill=looks.RULE, w=POINT // 2)
    )
    describe(chart, alt_text)


def describe(chart: ChartBase, alt_text: str) -> None:
    """Say what a chart shows to those who cannot see it; saving writes it down."""
    setattr(chart, ALT_TEXT, alt_text)


def dress_axes(across: TextAxis | NumericAxis, up: NumericAxis, up_format: str, *, crowded: bool = False) -> None:
    """Small muted words, faint lines across, names of classes below the lowest bar; smaller where they are crowded."""
    up.number_format, up.majorTickMark = up_format, "none"
    up.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=looks.RULE, w=POINT // 2)))
    up.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    across.majorGridlines, across.tickLblPos, across.majorTickMark = None, "low", "none"
    across.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=looks.MUTED, w=POINT // 2))
    up.delete, up.txPr = False, words()
    # level: long names of classes are broken into lines, not turned, which would take half of the chart
    across.delete, across.txPr = False, words(level=True, size=CROWDED_SIZE if crowded else LABEL_SIZE)


def name_axis(axis: TextAxis | NumericAxis, title: str) -> None:
    """A name beside an axis, where the chart's title does not say it."""
    text = CharacterProperties(sz=TEXT_SIZE, b=False, solidFill=looks.MUTED)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=text), r=[RegularTextRun(rPr=text, t=title)])
    axis.title = Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def words(ink: str = looks.MUTED, *, level: bool = False, size: int = TEXT_SIZE) -> RichText:
    """How the words of axes and legends look, in hundredths of a point; `level` words are never turned."""
    text = CharacterProperties(sz=size, solidFill=ink)
    body = RichTextProperties(rot=0, vert="horz") if level else RichTextProperties()
    return RichText(bodyPr=body, p=[Paragraph(pPr=ParagraphProperties(defRPr=text), endParaRPr=CharacterProperties())])


def filled(look: Look) -> GraphicalProperties:
    """A solid or patterned fill with an outline of its colour."""
    edge = LineProperties(solidFill=look.colour, w=POINT)
    if not look.pattern:
        return GraphicalProperties(solidFill="FFFFFF" if look.hollow else look.colour, ln=edge)
    ink, paper = ColorChoice(srgbClr=look.colour), ColorChoice(srgbClr="FFFFFF")  # type: ignore[arg-type]
    pattern = PatternFillProperties(prst=look.pattern, fgClr=ink, bgClr=paper)
    return GraphicalProperties(pattFill=pattern, ln=edge)


def hang(sheet: Worksheet, chart: ChartBase, frame: Frame, columns: int) -> None:
    """Put a chart on the sheet, its corners tied to cells: it never lies over its neighbour, whatever the font.

    The page is as wide as the first so many `columns`, whose widths are final.
    """
    chart.anchor = TwoCellAnchor(  # type: ignore[assignment]
        editAs="oneCell",
        _from=_corner(sheet, frame.left, columns, frame.first_row - 1),
        to=_corner(sheet, frame.right, columns, frame.last_row),
    )
    sheet.add_chart(chart)


def _corner(sheet: Worksheet, part: float, columns: int, row: int) -> AnchorMarker:
    widths = [_pixels(sheet, number) for number in range(1, columns + 1)]
    left = part * sum(widths)
    for number, width in enumerate(widths):
        if left < width or number == columns - 1:
            return AnchorMarker(col=number, colOff=round(min(left, width) * PIXEL), row=row)
        left -= width
    raise AssertionError("a page has columns")


def _pixels(sheet: Worksheet, column: int) -> float:
    width = sheet.column_dimensions[get_column_letter(column)].width
    return int(width * PIXELS_PER_CHARACTER) + PIXELS_OF_MARGIN


def _series(placed: Placed, column: str, labels: str) -> Series:
    return Series(
        cat=AxDataSource(strRef=StrRef(f=_reference(placed, labels))),
        val=NumDataSource(numRef=NumRef(f=_reference(placed, column))),
    )


def _reference(placed: Placed, column: str) -> str:
    """The data cells of a column, as a chart names them."""
    letter = get_column_letter(placed.column_number(column))
    quoted = placed.sheet.replace("'", "''")
    return f"'{quoted}'!${letter}${placed.first_row + 1}:${letter}${placed.last_row}"


def _draw_points(series: Series, look: Look) -> None:
    fill = GraphicalProperties(solidFill=look.colour, ln=LineProperties(solidFill=look.colour))
    series.marker = Marker(symbol=look.marker, size=look.size, spPr=fill) if look.marker else Marker(symbol="none")
    line = LineProperties(solidFill=look.colour, w=2 * POINT, prstDash=look.line) if look.line else None
    series.graphicalProperties = GraphicalProperties(ln=line or LineProperties(noFill=True))
    series.smooth = False


def _labels(number_format: str, ink: str) -> DataLabelList:
    labels = DataLabelList(
        numFmt=number_format, showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False
    )
    labels.txPr = words(ink)
    return labels


def alt_texts(charts: Sequence[ChartBase]) -> list[str]:
    """What is told of each chart to those who cannot see it."""
    return [getattr(chart, ALT_TEXT, "") for chart in charts]


def ranges(sheet: Worksheet) -> list[str]:
    """The cells that the charts of a sheet read, as $B$5:$B$9 with the sheet's name before it."""
    held = []
    for chart in sheet._charts:  # type: ignore[attr-defined]
        for part in chart._charts:
            for series in part.series:
                for data in (series.cat, series.val, series.xVal, series.yVal):
                    found = data and (data.numRef or getattr(data, "strRef", None))
                    if found:
                        held.append(str(found.f))
    return held
