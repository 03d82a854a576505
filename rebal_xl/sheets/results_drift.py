"""The Drift sheet: where the household is, where it should be and where the plan brings it."""

from collections.abc import Callable
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import Drift, DriftLine
from rebal_xl.sheets import formats, layout, looks
from rebal_xl.sheets.cells import Shown
from rebal_xl.sheets.charts import describe
from rebal_xl.sheets.columns import rate, whole_money
from rebal_xl.sheets.layout import Placed, Row
from rebal_xl.sheets.results_groups import group_block
from rebal_xl.sheets.results_sheet import Answer, Block, Heading, add_result_sheet, add_sheet
from rebal_xl.sheets.schema import Column, Kind, Table

KIND = "Drift"
# Rows that the picture covers.
PICTURE_ROWS = 18
PICTURE_CM = (28, 9)
# With more classes the labels on the bars would cover each other.
LABELLED_CLASSES = 5
# Weight (0..1) below zero that can be seen.
LEAST_BELOW = 0.005


SUMMARY = Table(
    name="DriftSummary",
    sheet=KIND,
    is_input=False,
    note="The household in three figures, before and after the plan.",
    columns=(
        Column("Measure", Kind.TEXT, "What is measured."),
        Column("Before", Kind.NUMBER, "Before the plan's trades, after withdrawals and contributions."),
        Column("After", Kind.NUMBER, "After the plan's trades."),
    ),
)

CLASSES = Table(
    name="DriftClasses",
    sheet=KIND,
    is_input=False,
    note="One row per asset class. Percents are of the household's counted value.",
    columns=(
        Column("Asset Class", Kind.TEXT, "The class; cash last."),
        Column("Group", Kind.TEXT, "Sleeve of the class, as in Targets."),
        whole_money("Actual $", "Dollars before the plan."),
        rate("Actual %", "Weight before the plan."),
        rate("Target %", "Wanted weight."),
        rate("Drift", "Actual minus target weight.", signed=True),
        rate("Trigger Low", "Below this weight the class is bought."),
        rate("Trigger High", "Above this weight the class is sold."),
        rate("Destination Low", "Buying may stop here."),
        rate("Destination High", "Selling may stop here."),
        Column("Status", Kind.TEXT, "Above band, below band, in band, in destination, or no band."),
        whole_money("After $", "Dollars after the plan."),
        rate("After %", "Weight after the plan."),
        rate("Drift After", "After minus target weight.", signed=True),
        Column("Status After", Kind.TEXT, "The status after the plan."),
    ),
)

_ACCOUNT = Column("Account", Kind.TEXT, "The account; one column per asset class follows, in dollars, then the total.")
ACCOUNTS_BEFORE = Table(
    name="DriftAccountsBefore",
    sheet=KIND,
    is_input=False,
    square=True,
    note="Dollars by account and class before the plan.",
    columns=(_ACCOUNT,),
)
ACCOUNTS_AFTER = replace(
    ACCOUNTS_BEFORE, name="DriftAccountsAfter", note="Dollars by account and class after the plan."
)


def add_drift(workbook: Workbook, answer: Answer) -> None:
    """Add the Drift sheet."""
    before, after = answer.plan.before, answer.plan.after
    # cash that leaves is still in its account here, and no longer in the weights above
    leaves = any(usd for _, usd in answer.plan.withdrawals_paid)
    started = "Before the plan and its withdrawals, by account" if leaves else "Before the plan, by account"
    blocks = [
        *_class_blocks(before, after),
        _account_block(ACCOUNTS_BEFORE, before, started),
        _account_block(ACCOUNTS_AFTER, after, "After the plan, by account"),
        group_block(before, after),
    ]
    _finish(workbook, add_result_sheet(workbook, KIND, answer, blocks))


def add_drift_alone(workbook: Workbook, heading: Heading, drift: Drift) -> None:
    """Add the Drift sheet of a household without a plan: the same tables, with nothing under After."""
    before = _account_block(ACCOUNTS_BEFORE, drift, "As it is, by account")
    # The same columns, so that the sheet of a later plan can take its place cell by cell.
    after = Block(
        replace(before.table, name=ACCOUNTS_AFTER.name, note=ACCOUNTS_AFTER.note),
        (),
        "After the plan, by account: there is no plan yet",
    )
    _finish(
        workbook,
        add_sheet(workbook, KIND, heading, [*_class_blocks(drift, None), before, after, group_block(drift, None)]),
    )


def _class_blocks(before: Drift, after: Drift | None) -> list[Block]:
    total = (_class_total(before, after),)
    return [
        Block(SUMMARY, _summary_rows(before, after)),
        Block(CLASSES, _class_rows(before, after), "Asset classes", total, room_below=PICTURE_ROWS + 2),
    ]


def _finish(workbook: Workbook, placed: list[Placed]) -> None:
    classes, sheet = placed[1], workbook[KIND]
    for name in ("Status", "Status After"):
        _colour_status(sheet, classes.cells(name))
    _add_chart(sheet, classes)


def _summary_rows(before: Drift, after: Drift | None) -> list[Row]:
    def row(measure: str, held: Callable[[Drift], float | None], shown: str) -> Row:
        def told(drift: Drift | None) -> Shown:
            value = None if drift is None else held(drift)
            return Shown("" if drift is None else "not known" if value is None else value, shown)

        return {"Measure": measure, "Before": told(before), "After": told(after)}

    followed = (
        []
        if before.tracking_trigger is None
        else [row("Tracking trigger", lambda _: before.tracking_trigger, formats.PERCENT)]
    )
    return [
        row("Counted value", lambda drift: drift.value_usd, formats.WHOLE_DOLLARS),
        row("Household drift", lambda drift: drift.household_drift, formats.PERCENT),
        row("Tracking error a year", lambda drift: drift.tracking_error, formats.PERCENT),
        *followed,
        row("Classes outside their trigger", _triggered, formats.WHOLE),
    ]


def _triggered(drift: Drift) -> float:
    return float(sum(line.triggered for line in drift.lines))


def _class_rows(before: Drift, after: Drift | None) -> list[Row]:
    ended = {line.asset_class: line for line in (after.lines if after else ())}
    started = {line.asset_class: line for line in before.lines}
    names = [*started, *(name for name in ended if name not in started)]
    return [class_row(name, started.get(name), ended.get(name)) for name in names]


def class_row(name: str, before: DriftLine | None, after: DriftLine | None) -> Row:
    """A class as a row of DriftClasses, before and after a plan; either may be missing."""
    known = before or after
    row: dict[str, str | float | None] = {"Asset Class": name}
    if known is not None:
        row |= {
            "Group": known.group,
            "Target %": known.target_weight,
            "Trigger Low": known.trigger_low,
            "Trigger High": known.trigger_high,
            "Destination Low": known.destination_low,
            "Destination High": known.destination_high,
        }
    if before is not None:
        row |= {
            "Actual $": before.actual_usd,
            "Actual %": before.actual_weight,
            "Drift": before.drift,
            "Status": before.status,
        }
    if after is not None:
        row |= {
            "After $": after.actual_usd,
            "After %": after.actual_weight,
            "Drift After": after.drift,
            "Status After": after.status,
        }
    return row


def _class_total(before: Drift, after: Drift | None) -> Row:
    row: dict[str, str | float | None] = {
        "Asset Class": "Total",
        "Actual $": sum(line.actual_usd for line in before.lines),
        "Actual %": sum(line.actual_weight for line in before.lines),
        "Target %": sum(line.target_weight for line in before.lines),
    }
    if after is not None:
        row |= {
            "After $": sum(line.actual_usd for line in after.lines),
            "After %": sum(line.actual_weight for line in after.lines),
        }
    return row


def _account_block(table: Table, drift: Drift, caption: str) -> Block:
    held = {line.asset_class for line in drift.lines} | {name for _, name, _ in drift.by_account}
    order = [line.asset_class for line in drift.lines]
    classes = [*order, *sorted(held - set(order))]
    headers = dict(zip(classes, unlike(classes, ("Account", "Total")), strict=True))
    across = tuple(whole_money(headers[name], "Dollars.") for name in classes)
    rows: dict[str, dict[str, str | float | None]] = {}
    for account, name, dollars in drift.by_account:
        row = rows.setdefault(account, {"Account": account, "Total": 0.0})
        row[headers[name]] = dollars
        row["Total"] = float(row["Total"] or 0.0) + dollars
    total: dict[str, str | float | None] = {"Account": "Total"}
    for header in (*headers.values(), "Total"):
        total[header] = sum(float(row.get(header) or 0.0) for row in rows.values())
    columns = (_ACCOUNT, *across, whole_money("Total", "All classes of the account."))
    return Block(replace(table, columns=columns), [rows[name] for name in sorted(rows)], caption, (total,))


def unlike(names: list[str], taken: tuple[str, ...]) -> list[str]:
    """Names fit to be headers of one table: none empty, none like another or like a taken one, case apart."""
    seen = {name.casefold() for name in taken}
    fit = []
    for name in names:
        header, count = name or "(no class)", 2
        while header.casefold() in seen:
            header, count = f"{name} {count}", count + 1
        seen.add(header.casefold())
        fit.append(header)
    return fit


def _colour_status(sheet: Worksheet, cells: str) -> None:
    layout.stress(sheet, cells, "above band", looks.ABOVE_FILL)
    layout.stress(sheet, cells, "below band", looks.BELOW_FILL)


def _add_chart(sheet: Worksheet, classes: Placed) -> None:
    rows = range(classes.first_row + 1, classes.last_row + 1)
    numbers = [classes.column_number(name) for name in ("Actual %", "After %")]
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "col", "clustered", 60, -5
    chart.title, chart.roundedCorners = None, False
    for name, title, colour in (
        ("Actual %", "Before", looks.GREY),
        ("Target %", "Target", looks.ORANGE),
        ("After %", "After", looks.BLUE),
    ):
        number = classes.column_number(name)
        values = Reference(sheet, min_col=number, min_row=classes.first_row, max_row=classes.last_row)
        chart.add_data(values, titles_from_data=True)
        series = chart.series[-1]
        series.tx.strRef = None
        series.tx.v = title
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        if classes.last_row - classes.first_row <= LABELLED_CLASSES:
            series.dLbls = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    chart.set_categories(
        Reference(sheet, min_col=classes.first_col, min_row=classes.first_row + 1, max_row=classes.last_row)
    )
    chart.y_axis.number_format = "0%"
    # cash that is owed is below nothing, and shown so; class names stand below it
    held = [sheet.cell(row, number).value for row in rows for number in numbers]
    if min((float(weight) for weight in held if isinstance(weight, int | float)), default=0.0) > -LEAST_BELOW:
        chart.y_axis.scaling.min = 0
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=looks.RULE)))
    chart.legend.position = "b"
    chart.width, chart.height = PICTURE_CM
    describe(chart, "Columns: the weight of each class before, its target and after; the table above has the figures.")
    sheet.add_chart(chart, f"{get_column_letter(classes.first_col)}{classes.last_row + 3}")
