"""The Run Log sheet: one row per run, the newest first; earlier rows are handed in and kept.

Below stand the orders that each run of this year and the last proposed, which fills are held against.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from rebal_xl import __version__
from rebal_xl.household import Against, LocationReport, OrdinaryWay, RunEntry, RunOrder, RunStatus
from rebal_xl.sheets import formats, layout, looks
from rebal_xl.sheets.cells import Shown, Value, cell_at
from rebal_xl.sheets.columns import money
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_orders import RUN_ORDERS, day, number, order_row, read_orders, run_orders, text
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet, law, sheet_foot
from rebal_xl.sheets.schema import Column, Kind, Table

__all__ = ["KIND", "RUN_LOG", "RUN_ORDERS", "RunEntry", "add_run_log", "earlier_runs", "run_entry"]

KIND = "Run Log"
WHEN_FORMAT = "mm/dd/yyyy hh:mm"
# Where exports of orders are stamped.
EXPORTED = "Orders Exported"
# Columns that the advisor types in.
YOURS = ("Status", "Note")
# What earlier versions wrote under Status: how the search ended, which stands under Proof now.
PROOFS = ("optimal", "deadline", "cancelled")


RUN_LOG: Table = Table(
    name="RunLog",
    sheet=KIND,
    is_input=False,
    note="One row per run, the newest first.",
    columns=(
        Column("When", Kind.DATE, "Day and time of the run.", number_format=WHEN_FORMAT, field="when"),
        Column("As Of", Kind.DATE, "Day the plan was made for.", number_format=formats.DATE, field="as_of"),
        Column("Version", Kind.TEXT, "Version of rebal_xl.", field="version"),
        Column("Law", Kind.TEXT, "Tax law of the run.", field="law"),
        Column("Method", Kind.TEXT, "Method of the run.", field="method"),
        money("Cost", "Cost of the plan, dollars: the sum of its terms on Tax, not all of which are paid.", "cost_usd"),
        money("Bound", "No plan under the same rules costs less, dollars.", "bound_usd"),
        money("Gap", "Cost minus bound, dollars.", "gap_usd"),
        Column("Drift Before", Kind.PERCENT, "Household drift before the plan.", number_format=formats.PERCENT,
               field="drift_before"),
        Column("Drift After", Kind.PERCENT, "Household drift after the plan.", number_format=formats.PERCENT,
               field="drift_after"),
        Column("Trades", Kind.WHOLE, "Number of orders.", number_format=formats.WHOLE, field="trades"),
        Column("Fingerprint", Kind.TEXT, "The same for the same inputs, rules, law and version.", field="fingerprint"),
        Column("Status", Kind.TEXT, "Yours: proposed, done, partly done or dropped. A run counts on Value So Far once "
               "it is done, or as far as Fills say; other words are kept, and reported there.", field="status"),
        Column("Note", Kind.TEXT, "Yours: what you write here and under Status is kept by later runs.", width=30,
               field="note"),
        Column("Proof", Kind.TEXT, "How the search ended: optimal, deadline or cancelled.", field="proof"),
        money("Tax", "What the plan adds to this year's tax, dollars.", "tax_usd"),
        money("Short Gain", "Net short-term gain of the plan after disallowed losses, dollars.", "short_gain_usd"),
        money("Long Gain", "Net long-term gain of the plan after disallowed losses, dollars.", "long_gain_usd"),
        money("Losses Taken", "Losses of the lots sold, before any is disallowed, dollars.", "losses_usd"),
        money("Disallowed Loss", "Part of them that the wash-sale rule disallows, dollars.", "disallowed_usd"),
        money("Lost for Good", "Part of that which no later basis gives back, dollars.", "permanent_usd"),
        Column("Compared With", Kind.TEXT, "What the plan is held against: ordinary rebalancing, account by account; "
               "doing nothing where the method has no ordinary counterpart."),
        money("Own Tax", "This year's tax of that by each account's own lot method, dollars."),
        money("Own Disallowed", "Losses disallowed there, dollars."),
        money("Own Later", "Today's worth of the later tax that the plan leaves beyond what that leaves, dollars."),
        money("HIFO Tax", "This year's tax of that, highest cost first, dollars."),
        money("HIFO Disallowed", "Losses disallowed there, dollars."),
        money("HIFO Later", "Today's worth of the later tax that the plan leaves beyond what that leaves, dollars."),
        money("Location Before", "What the placement of the classes costs a year above the best one of the same "
                 "mix, before the plan, dollars.", "location_before_usd"),
        money("Location After", "The same after the plan, dollars.", "location_after_usd"),
        Column("Orders Filled", Kind.TEXT, "Orders of the plan that have fills; blank without any.", field="filled"),
        Column(EXPORTED, Kind.TEXT, "Order files written of the plan: when, as what, how many orders, which file.",
               width=30, field="exported"),
    ),
)  # fmt: skip
_WAYS, _FIGURES = ("Own", "HIFO"), ("Tax", "Disallowed", "Later")
_SINCE_TAX = ("Short Gain", "Long Gain", "Losses Taken", "Disallowed Loss", "Lost for Good")
_PLAIN = tuple(column for column in RUN_LOG.columns if column.field)


def add_run_log(
    workbook: Workbook, answer: Answer, run: RunEntry, previous: Sequence[RunEntry], filled: Mapping[str, str]
) -> None:
    """Add the Run Log sheet with this run above the earlier ones.

    `filled` says how many orders of a fingerprint have fills, in words.
    """
    entries = [replace(entry, filled=filled.get(entry.fingerprint, "")) for entry in (run, *previous)]
    # a plan that was found again has the same orders
    kept = {entry.fingerprint: entry.orders for entry in reversed(entries) if _is_recent(entry, run) and entry.orders}
    orders = [order for fingerprint in reversed(kept) for order in kept[fingerprint]]
    blocks = [
        Block(RUN_LOG, [_row(entry) for entry in entries]),
        Block(RUN_ORDERS, [order_row(order) for order in orders], "Orders of the runs of this year and the last"),
    ]
    placed, _ = add_result_sheet(workbook, KIND, answer, blocks)
    # A warning, not a refusal: whatever else is written there is kept.
    offered = DataValidation(
        type="list", formula1=f'"{",".join(RunStatus)}"', allow_blank=True, errorStyle="warning", showErrorMessage=True
    )
    offered.errorTitle, offered.error = "Not in the list", "Only done and partly done count on Value So Far."
    offered.add(placed.cells("Status"))
    sheet = workbook[KIND]
    sheet.add_data_validation(offered)
    for name in YOURS:
        for row in range(placed.first_row + 1, placed.last_row + 1):
            cell = cell_at(sheet, row, placed.column_number(name))
            cell.fill, cell.border = looks.INPUT_FILL, looks.GRID_BORDER
    # Too many columns for one page: the days stand on both.
    layout.set_up_print(sheet, foot=sheet_foot(answer), pages_wide=2, label_columns=2)


def run_entry(
    answer: Answer,
    when: datetime | None,
    against: Against | None = None,
    location: tuple[LocationReport, LocationReport] | None = None,
) -> RunEntry:
    """This run as the Run Log keeps it, not carried out yet."""
    plan = answer.plan
    losses = sum(max(0.0, -sale.gain_usd) for sale in plan.lot_sales)
    return RunEntry(
        when=when,
        as_of=plan.as_of,
        version=__version__,
        law=law(plan),
        method=plan.method.value,
        cost_usd=plan.money_usd,
        bound_usd=plan.money_usd - plan.gap_usd,
        gap_usd=plan.gap_usd,
        drift_before=plan.before.household_drift,
        drift_after=plan.after.household_drift,
        trades=len(plan.trades),
        fingerprint=plan.fingerprint,
        status=RunStatus.PROPOSED.value,
        proof=plan.status,
        tax_usd=plan.tax.cost_usd,
        short_gain_usd=sum(change.short_gain_usd for change in plan.tax.changes),
        long_gain_usd=sum(change.long_gain_usd for change in plan.tax.changes),
        losses_usd=losses,
        disallowed_usd=sum(sale.disallowed_usd for sale in plan.lot_sales),
        permanent_usd=sum(sale.permanent_usd for sale in plan.lot_sales),
        against=against,
        location_before_usd=location[0].gain_usd if location else None,
        location_after_usd=location[1].gain_usd if location else None,
        orders=run_orders(plan, answer.household),
    )


def earlier_runs(
    rows: Iterable[Mapping[str, object]], orders: Iterable[Mapping[str, object]] = ()
) -> tuple[RunEntry, ...]:
    """Rows of a Run Log table (header -> value) as entries; rows without an as-of date are not runs.

    `orders` are the rows of the table below it. Columns that an earlier version did not write may be missing.
    """
    ordered = read_orders(orders)
    return tuple(entry for row in rows if (entry := _entry(row, ordered)) is not None)


def _entry(row: Mapping[str, object], ordered: Mapping[str, tuple[RunOrder, ...]]) -> RunEntry | None:
    held = {column.field: row.get(column.name) for column in _PLAIN}
    as_of, when, fingerprint = day(held["as_of"]), held["when"], text(held["fingerprint"])
    if as_of is None:
        return None
    status, proof = text(held["status"]), text(held["proof"])
    if not proof and status in PROOFS:
        status, proof = RunStatus.PROPOSED.value, status
    return RunEntry(
        when=when if isinstance(when, datetime) else None,
        as_of=as_of,
        version=text(held["version"]),
        law=text(held["law"]),
        method=text(held["method"]),
        cost_usd=_sum(held["cost_usd"]),
        bound_usd=_sum(held["bound_usd"]),
        gap_usd=_sum(held["gap_usd"]),
        drift_before=_sum(held["drift_before"]),
        drift_after=_sum(held["drift_after"]),
        trades=round(_sum(held["trades"])),
        fingerprint=fingerprint,
        status=status,
        note=text(held["note"]),
        proof=proof,
        tax_usd=number(held["tax_usd"]),
        short_gain_usd=_sum(held["short_gain_usd"]),
        long_gain_usd=_sum(held["long_gain_usd"]),
        losses_usd=_sum(held["losses_usd"]),
        disallowed_usd=_sum(held["disallowed_usd"]),
        permanent_usd=_sum(held["permanent_usd"]),
        against=_against(row),
        location_before_usd=number(held["location_before_usd"]),
        location_after_usd=number(held["location_after_usd"]),
        filled=text(held["filled"]),
        exported=text(held["exported"]),
        orders=ordered.get(fingerprint, ()),
    )


def _against(row: Mapping[str, object]) -> Against | None:
    name = text(row.get("Compared With"))
    figures = [number(row.get(f"{way} {what}")) for way in _WAYS for what in _FIGURES]
    known = [figure for figure in figures if figure is not None]
    if not name or len(known) < len(figures):
        return None
    return Against(name, OrdinaryWay(*known[:3]), OrdinaryWay(*known[3:]))


def _is_recent(entry: RunEntry, run: RunEntry) -> bool:
    return entry.as_of.year >= run.as_of.year - 1


def _sum(held: object) -> float:
    return number(held) or 0.0


def _row(entry: RunEntry) -> Row:
    row: dict[str, Value | Shown] = {column.name: getattr(entry, column.field) for column in _PLAIN}
    row["When"] = entry.when or ""
    if entry.tax_usd is None:
        # not nought, but not known
        row |= dict.fromkeys(_SINCE_TAX)
    if entry.against is not None:
        row["Compared With"] = entry.against.name
        for way, told in zip(_WAYS, (entry.against.own, entry.against.hifo), strict=True):
            figures = (told.tax_usd, told.disallowed_usd, told.later_usd)
            row |= {f"{way} {what}": figure for what, figure in zip(_FIGURES, figures, strict=True)}
    return row
