"""The table on the Tax sheet that sets the plan beside ordinary, account-by-account rebalancing of the household."""

from dataclasses import replace

from rebal_xl.household import Comparison, Plan
from rebal_xl.sheets import formats
from rebal_xl.sheets.columns import money
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Block, law
from rebal_xl.sheets.schema import Column, Kind, Table

COMPARISON = Table(
    name="PlanComparison",
    sheet="Tax",
    is_input=False,
    note="The plan beside ordinary rebalancing, each account on its own to the target mix, priced by the same "
    "calculation. An ordinary way that would come nearer to the target than the plan is scaled down until it does not; "
    "under methods Cash only and None it does the same flows or trades, wherever they end. "
    "Measured on this household, this rebalance; estimates, not a promise for others.",
    columns=(
        Column("Way", Kind.TEXT, "This plan, or how an ordinary rebalance chooses the lots it sells."),
        money("Tax", "What it adds to this year's tax, dollars; negative is a saving."),
        money("Tax Saved", "That tax less this plan's, dollars; negative where the plan pays more."),
        money(
            "Cost",
            "What is paid now or later, dollars: tax, carried losses, basis given up, trading, orders and location.",
        ),
        Column("Drift After", Kind.PERCENT, "Household drift it ends with.", number_format=formats.PERCENT),
        # text stands below the wide texts of the tables above
        Column("Out of Band", Kind.TEXT, "Classes it leaves outside their trigger band."),
        Column("Orders", Kind.WHOLE, "Number of orders.", number_format=formats.WHOLE),
        money("Disallowed Loss", "Losses that the wash-sale rule disallows, dollars."),
        money("Lost for Good", "Part of them that no later basis gives back, dollars."),
        Column("Breaks", Kind.TEXT, "Rules of the plan that it does not keep."),
        Column(
            "Tracking Error",
            Kind.PERCENT,
            "Tracking error a year it ends with, which the ways are matched by then; only where trades follow it.",
            number_format=formats.PERCENT,
        ),
    ),
)


def comparison_block(plan: Plan) -> Block:
    """The plan's row first, then one per ordinary way."""
    caption = "Beside ordinary rebalancing: measured on this household, this rebalance; estimate"
    if not plan.comparisons:
        caption = "Beside ordinary rebalancing: not compared, see Checks"
    elif stamp := law(plan):
        caption += f" ({stamp})"
    followed = any(way.tracking_error is not None for way in plan.compared)
    # a column of nothing says nothing
    table = COMPARISON if followed else replace(COMPARISON, columns=COMPARISON.columns[:-1])
    return Block(table, [_row(plan, way, mine=number == 0) for number, way in enumerate(plan.compared)], caption)


def _row(plan: Plan, way: Comparison, *, mine: bool) -> Row:
    return {
        "Way": way.name,
        "Tax": way.tax_usd,
        "Tax Saved": None if mine else plan.tax_saved_usd(way),
        "Cost": way.cost_usd,
        "Drift After": way.household_drift,
        "Out of Band": ", ".join(way.classes_out),
        "Orders": way.orders,
        "Disallowed Loss": way.disallowed_usd,
        "Lost for Good": way.permanent_usd,
        "Breaks": ", ".join(way.breaks),
        "Tracking Error": way.tracking_error,
    }
