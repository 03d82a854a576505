"""The Run Log sheet: one row per run, the newest first; earlier rows are handed in and kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook

from rebal_xl import __version__
from rebal_xl.sheets import formats
from rebal_xl.sheets.cells import Shown, Value
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Answer, Block, add_result_sheet, law
from rebal_xl.sheets.schema import Column, Kind, Table

KIND = "Run Log"
WHEN_FORMAT = "mm/dd/yyyy hh:mm"


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run of the past, as the Run Log keeps it."""

    # None when the caller did not say
    when: datetime | None
    as_of: date
    # of rebal_xl
    version: str
    # such as "2026 law, ESTIMATE"
    law: str
    method: str
    # dollars: what the plan costs, what no plan undercuts, and the difference
    cost_usd: float
    bound_usd: float
    gap_usd: float
    # household drift, 0..1
    drift_before: float
    drift_after: float
    trades: int
    fingerprint: str
    status: str
    # what the advisor typed beside it
    note: str = ""


def _dollars(name: str, note: str, field: str) -> Column:
    return Column(name, Kind.MONEY, note, number_format=formats.DOLLARS, field=field)


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
        _dollars("Cost", "What the plan costs, dollars.", "cost_usd"),
        _dollars("Bound", "No plan under the same rules costs less, dollars.", "bound_usd"),
        _dollars("Gap", "Cost minus bound, dollars.", "gap_usd"),
        Column("Drift Before", Kind.PERCENT, "Household drift before the plan.", number_format=formats.PERCENT,
               field="drift_before"),
        Column("Drift After", Kind.PERCENT, "Household drift after the plan.", number_format=formats.PERCENT,
               field="drift_after"),
        Column("Trades", Kind.WHOLE, "Number of orders.", number_format=formats.WHOLE, field="trades"),
        Column("Fingerprint", Kind.TEXT, "The same for the same inputs, rules, law and version.", field="fingerprint"),
        Column("Status", Kind.TEXT, "Optimal, deadline or cancelled.", field="status"),
        Column("Note", Kind.TEXT, "Yours: what you write here and under Status is kept by later runs.", width=30,
               field="note"),
    ),
)  # fmt: skip


def add_run_log(workbook: Workbook, answer: Answer, previous: Sequence[RunEntry], when: datetime | None) -> None:
    """Add the Run Log sheet with this run above the earlier ones."""
    rows = [_row(entry) for entry in (run_entry(answer, when), *previous)]
    add_result_sheet(workbook, KIND, answer, [Block(RUN_LOG, rows)])


def run_entry(answer: Answer, when: datetime | None) -> RunEntry:
    """This run as the Run Log keeps it."""
    plan = answer.plan
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
        status=plan.status,
    )


def earlier_runs(rows: Iterable[Mapping[str, object]]) -> tuple[RunEntry, ...]:
    """Rows of a Run Log table (header -> value) as entries; rows without an as-of date are not runs."""
    entries = []
    for row in rows:
        held = {column.field: row.get(column.name) for column in RUN_LOG.columns}
        as_of = held["as_of"]
        if not isinstance(as_of, date):
            continue
        when = held["when"]
        entries.append(
            RunEntry(
                when=when if isinstance(when, datetime) else None,
                as_of=as_of.date() if isinstance(as_of, datetime) else as_of,
                version=_text(held["version"]),
                law=_text(held["law"]),
                method=_text(held["method"]),
                cost_usd=_number(held["cost_usd"]),
                bound_usd=_number(held["bound_usd"]),
                gap_usd=_number(held["gap_usd"]),
                drift_before=_number(held["drift_before"]),
                drift_after=_number(held["drift_after"]),
                trades=round(_number(held["trades"])),
                fingerprint=_text(held["fingerprint"]),
                status=_text(held["status"]),
                note=_text(held["note"]),
            )
        )
    return tuple(entries)


def _text(held: object) -> str:
    return "" if held is None else str(held)


def _number(held: object) -> float:
    return float(held) if isinstance(held, (int, float)) else 0.0


def _row(entry: RunEntry) -> Row:
    row: dict[str, Value | Shown] = {column.name: getattr(entry, column.field) for column in RUN_LOG.columns}
    row["When"] = entry.when or ""
    return row
