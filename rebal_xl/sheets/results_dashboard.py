"""The Dashboard: the plan at a glance, on one landscape page.

Figures on top, charts below, then the map of accounts and classes. The tables that the charts read stand under the
page, one below the other like those of every result sheet, so that a later run can rewrite them where they stand.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import Curve, LocationReport, Problem
from rebal_xl.sheets import dashboard_charts, layout, looks
from rebal_xl.sheets import dashboard_tables as tables
from rebal_xl.sheets.cells import as_shown, cell_at
from rebal_xl.sheets.charts import Frame, hang
from rebal_xl.sheets.dashboard_tables import KIND, Shortened
from rebal_xl.sheets.dashboard_tiles import figure_rows, tiles, write_tiles
from rebal_xl.sheets.layout import Placed
from rebal_xl.sheets.measure_text import text_width
from rebal_xl.sheets.results_sheet import FACTS_ROW, PROOF_ROW, Answer, Block, facts, mark, proof

TILES_ROW = 5
# Two rows of charts, each of so many rows of the sheet.
CHARTS_ROW, CHART_ROWS = 9, 12
CHART_ROW_HEIGHT, SPACE_HEIGHT = 17.0, 7.0
# Characters of the column of names, and least of all others.
NAMES_WIDTH, LEAST_WIDTH = 28.0, 13.0
# An arrow before a number.
ARROW_ROOM = 2.5
# Parts of the page's width: between two charts, and right of the last, whose frame would else lie on the page's edge.
GAP, EDGE = 0.006, 0.001
# A curve has so many points at least.
LEAST_POINTS = 2
# The page has as many columns as the heat map, but no fewer than these.
LEAST_COLUMNS = 13

HEAT_CAPTION = "Where each class lies after the plan (▲ more than before, ▼ less; the darker, the more)"
# What the lower row of charts reads.
LOWER = (tables.REALISED, tables.WAYS, tables.CURVE)
# Rows from the page's last to the first caption below it.
BELOW_PAGE = 3
DATA_CAPTION = "The figures behind the charts"


@dataclass(frozen=True, slots=True)
class _Page:
    """The part of the sheet that is printed."""

    # of the heat map's caption
    heat_row: int
    columns: int
    last_row: int


def add_dashboard(
    workbook: Workbook,
    answer: Answer,
    location: tuple[LocationReport, LocationReport] | None,
    curve: Curve | None,
    problems: Sequence[Problem],
    kinds: frozenset[str],
) -> None:
    """Add the Dashboard as the first sheet; `kinds` are the result sheets that it may lead to."""
    plan = answer.plan
    sheet = workbook.create_sheet(KIND, 0)
    mark(sheet, KIND)
    classes = tables.shown_classes(plan)
    blocks = _data_blocks(answer, location, curve, problems, classes)
    heat = tables.heat_of(plan, classes)
    row = CHARTS_ROW + (2 if any(block.table in LOWER for block in blocks) else 1) * (CHART_ROWS + 1) + 1
    layout.write_caption(sheet, HEAT_CAPTION, row)
    placed = {heat.table.name: layout.write_table(sheet, heat.table, heat.rows, row + 1, totals=(heat.total,))}
    page = _Page(row, max(LEAST_COLUMNS, placed[heat.table.name].last_col), placed[heat.table.name].last_row + 1)
    row = page.last_row + BELOW_PAGE
    for block in blocks:
        layout.write_caption(sheet, block.caption, row)
        one = layout.write_table(sheet, block.table, block.rows, row + 1)
        placed[block.table.name], row = one, one.last_row + 3
    _fit(sheet, list(placed.values()), page.columns)
    layout.write_title(sheet, KIND)
    layout.write_note(sheet, facts(answer), FACTS_ROW, 1, page.columns)
    layout.write_note(sheet, _proof(answer, curve, classes), PROOF_ROW, 1, page.columns)
    write_tiles(sheet, tiles(plan, location, problems), TILES_ROW, page.columns, kinds)
    _colour(sheet, placed[heat.table.name], heat)
    _hang_charts(sheet, answer, curve, placed, page.columns)
    _finish(sheet, answer, page)


def _data_blocks(
    answer: Answer,
    location: tuple[LocationReport, LocationReport] | None,
    curve: Curve | None,
    problems: Sequence[Problem],
    classes: Shortened,
) -> list[Block]:
    """What the charts read. A chart with nothing to show is left out with its table."""
    plan = answer.plan
    blocks = [
        Block(tables.FIGURES, figure_rows(plan, location, problems), f"{DATA_CAPTION}: on top"),
        Block(tables.CLASSES, tables.class_rows(plan, classes), "Mix and drift"),
    ]
    if tables.realises(plan):
        blocks.append(Block(tables.REALISED, tables.realised_rows(plan), "Gains and losses realized"))
    if tables.taxed(plan):
        blocks.append(Block(tables.WAYS, tables.way_rows(plan), "Tax beside account-by-account rebalancing"))
    if curve is not None and len(curve.points) >= LEAST_POINTS:
        blocks.append(Block(tables.CURVE, tables.curve_rows(curve), "What coming nearer to the target costs"))
        blocks.append(Block(tables.CHOSEN, [tables.chosen_row(plan)], "This plan, beside it"))
    return blocks


def _proof(answer: Answer, curve: Curve | None, classes: Shortened) -> str:
    said = [proof(answer)]
    if classes.others:
        said.append(f"Shown are the largest classes, and {classes.others} together: Drift has them all.")
    if curve is not None and curve.told:
        said.append(curve.told)
    return " ".join(said)


def _fit(sheet: Worksheet, placed: Sequence[Placed], columns: int) -> None:
    """One width for names and one for figures: charts and tiles stand on the same grid."""
    figures = LEAST_WIDTH
    for one in placed:
        for number, column in enumerate(one.table.columns, one.first_col):
            words = column.name.split() if number > 1 else []
            figures = max([figures, *(text_width(word, bold=True) + layout.HEADER_MARGIN + 1 for word in words)])
            for row in range(one.first_row + 1, one.last_row + one.totals + 1):
                cell = cell_at(sheet, row, number)
                if number > 1 and not isinstance(cell.value, str):
                    figures = max(figures, _figure_width(cell.value, cell.number_format, bool(cell.font.bold)))
                elif isinstance(cell.value, str) and text_width(cell.value) + layout.MARGIN + 1 > NAMES_WIDTH:
                    cell.alignment = looks.WRAPPED
    sheet.column_dimensions["A"].width = NAMES_WIDTH
    for number in range(2, columns + 1):
        sheet.column_dimensions[get_column_letter(number)].width = math.ceil(figures)
    for one in placed:
        layout.fit_heights(sheet, one)


def _figure_width(value: object, number_format: str, bold: bool) -> float:
    thousands = number_format.partition(";")[0].count(',"') + number_format.partition(";")[0].count(",,")
    if isinstance(value, float | int) and thousands:
        value = value / 1000.0**thousands
    arrow = ARROW_ROOM if number_format.startswith('"') else 0.0
    plain = number_format.partition(";")[0].replace('"▲ "', "").replace('"▼ "', "")
    return text_width(as_shown(value, plain), bold) + arrow + bool(thousands) * 1.5 + layout.MARGIN


def _colour(sheet: Worksheet, placed: Placed, heat: tables.Heat) -> None:
    """One hue from white: light against dark is seen by everybody, and in print without colours."""
    if not heat.accounts or not heat.classes:
        return
    first, last = get_column_letter(placed.first_col + 1), get_column_letter(placed.first_col + heat.classes)
    cells = f"{first}{placed.first_row + 1}:{last}{placed.first_row + heat.accounts}"
    edges = [FormatObject(type="num", val=0), FormatObject(type="max")]
    scale = ColorScale(cfvo=edges, color=[Color(rgb=f"00{colour}") for colour in ("FFFFFF", looks.HEAT_BLUE)])
    sheet.conditional_formatting.add(cells, Rule(type="colorScale", colorScale=scale))


def _hang_charts(
    sheet: Worksheet, answer: Answer, curve: Curve | None, placed: dict[str, Placed], columns: int
) -> None:
    plan = answer.plan
    classes = placed[tables.CLASSES.name]
    upper = [dashboard_charts.allocation(classes, plan), dashboard_charts.drift(classes, plan)]
    lower = []
    if tables.WAYS.name in placed:
        lower.append(dashboard_charts.ways(placed[tables.WAYS.name], plan))
    if tables.REALISED.name in placed:
        lower.append(dashboard_charts.realised(placed[tables.REALISED.name], plan))
    if curve is not None and tables.CURVE.name in placed:
        beside = placed[tables.CURVE.name], placed[tables.CHOSEN.name]
        lower.append(dashboard_charts.frontier(*beside, plan, curve))
    for number, charts in enumerate((upper, lower)):
        top = CHARTS_ROW + number * (CHART_ROWS + 1)
        for place, chart in enumerate(charts):
            left = place / len(charts) + (GAP if place else 0.0)
            right = (place + 1) / len(charts) - (GAP if place + 1 < len(charts) else EDGE)
            hang(sheet, chart, Frame(top, top + CHART_ROWS - 1, left, right), columns)


def _finish(sheet: Worksheet, answer: Answer, page: _Page) -> None:
    for row in range(CHARTS_ROW, page.heat_row):
        sheet.row_dimensions[row].height = CHART_ROW_HEIGHT
    for row in (TILES_ROW - 1, *range(CHARTS_ROW - 1, page.heat_row, CHART_ROWS + 1), page.heat_row - 1):
        sheet.row_dimensions[row].height = SPACE_HEIGHT
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = looks.BLUE
    firm = answer.policy.firm
    layout.set_up_print(sheet, None, f"{firm + ', ' if firm else ''}{answer.plan.household}")
    sheet.page_setup.fitToHeight = 1
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:{get_column_letter(page.columns)}{page.last_row}"
