"""Drift by group, on the Drift sheet: what groups of classes hold and should hold, added up from their classes."""

from rebal_xl.household import Drift
from rebal_xl.household.groups import group_views
from rebal_xl.sheets import formats
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Block
from rebal_xl.sheets.schema import Column, Kind, Table

GROUPS = Table(
    name="DriftGroups",
    sheet="Drift",
    is_input=False,
    note="One row per group of Targets, a group in a group below it. Groups have no bands: these are of the classes.",
    columns=(
        Column("Group", Kind.TEXT, "The group, as Targets or the model calls it; Equity > US lies in Equity."),
        Column("Actual $", Kind.MONEY, "Dollars before the plan.", number_format=formats.WHOLE_DOLLARS),
        Column("Actual %", Kind.PERCENT, "Weight before the plan.", number_format=formats.PERCENT),
        Column("Target %", Kind.PERCENT, "Wanted weight of its classes together.", number_format=formats.PERCENT),
        Column("Drift", Kind.PERCENT, "Actual minus target weight.", number_format=formats.SIGNED_PERCENT),
        Column("After $", Kind.MONEY, "Dollars after the plan.", number_format=formats.WHOLE_DOLLARS),
        Column("After %", Kind.PERCENT, "Weight after the plan.", number_format=formats.PERCENT),
        Column("Drift After", Kind.PERCENT, "After minus target weight.", number_format=formats.SIGNED_PERCENT),
    ),
)


def group_block(before: Drift, after: Drift | None) -> Block:
    """The table of groups; without rows where Targets has none."""
    ended = {view.path: view for view in group_views(after.lines if after else ())}
    rows: list[Row] = []
    for view in group_views(before.lines):
        row: dict[str, str | float | None] = {
            "Group": view.name,
            "Actual $": view.actual_usd,
            "Actual %": view.actual_weight,
            "Target %": view.target_weight,
            "Drift": view.drift,
        }
        end = ended.get(view.path)
        if end is not None:
            row |= {"After $": end.actual_usd, "After %": end.actual_weight, "Drift After": end.drift}
        rows.append(row)
    return Block(GROUPS, rows, "Groups of classes")
