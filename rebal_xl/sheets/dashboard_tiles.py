"""The figures on top of the Dashboard: large ones in tiles for the eye, the same ones in a table for formulas."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import LocationReport, Plan, Problem, Severity
from rebal_xl.household import Side as Direction
from rebal_xl.sheets import formats, looks
from rebal_xl.sheets.cells import Shown, cell_at, put
from rebal_xl.sheets.layout import Row
from rebal_xl.words import at_most, count, percent

# Columns that each tile but the last is wide; the last takes what is left of the page.
SPANS = (1, 2, 2, 2, 2, 2)
LABEL_HEIGHT, VALUE_HEIGHT, NOTE_HEIGHT = 15.0, 24.0, 27.0
NOTHING_USD = 0.5
DASH = "–"
# How the rule is called that a withdrawal is paid in full.
SHORT = "Withdrawal from "

_FILL = PatternFill("solid", start_color="F3F6FA", end_color="F3F6FA")
_EDGE = Side(style="thick", color=looks.BLUE)
_GAP = Side(style="thick", color="FFFFFF")
_LABEL = Font(name=looks.FONT_NAME, size=10, bold=True, color=looks.MUTED)
_LINKED = Font(name=looks.FONT_NAME, size=10, bold=True, underline="single", color=looks.LINK)
_VALUE = Font(name=looks.FONT_NAME, size=16, bold=True, color=looks.NAVY)
_NOTE = Font(name=looks.FONT_NAME, size=9, color=looks.MUTED)
# A figure that is too wide for its tile is drawn smaller, never cut off.
_FITTING = Alignment(horizontal="left", vertical="center", indent=1, shrink_to_fit=True)
_WRAPPING = Alignment(horizontal="left", vertical="top", indent=1, wrap_text=True)

Placements = tuple[LocationReport, LocationReport]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with what it is and a few words on it."""

    label: str
    value: str
    note: str
    # the kind of the sheet that a click on the label leads to
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """How much there is to read on the Checks sheet."""

    errors: int
    notices: int
    relaxed: int
    left_alone: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.errors + self.notices + self.relaxed + self.left_alone

    @property
    def sentence(self) -> str:
        """What there is, without what there is not."""
        parts = (
            (self.errors, count(self.errors, "problem")),
            (self.relaxed, f"{count(self.relaxed, 'rule')} relaxed"),
            (self.left_alone, f"{count(self.left_alone, 'band')} left open"),
            (self.notices, count(self.notices, "notice")),
        )
        return ", ".join(said for number, said in parts if number)


def found(plan: Plan, problems: Sequence[Problem]) -> Findings:
    """What the Checks sheet has."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return Findings(errors, len(problems) - errors + len(plan.notices), len(plan.relaxed), len(plan.left_alone))


def tiles(plan: Plan, location: Placements | None, problems: Sequence[Problem]) -> tuple[Tile, ...]:
    """The seven figures, from the left."""
    return (
        _value_tile(plan),
        _drift_tile(plan),
        _orders_tile(plan),
        _tax_tile(plan),
        _location_tile(location),
        _gap_tile(plan),
        _checks_tile(found(plan, problems)),
    )


def _value_tile(plan: Plan) -> Tile:
    before, after = plan.before.value_usd, plan.after.value_usd
    accounts = count(len({account for account, _, _ in plan.before.by_account}), "account")
    classes = len(plan.before.lines)
    note = f"{accounts}, {classes} asset class{'es' if classes != 1 else ''}"
    note += f"; after the plan {_usd(after)}" if abs(after - before) > NOTHING_USD else _withdrawn(plan)
    return Tile("Household value", _usd(before), note)


def _withdrawn(plan: Plan) -> str:
    """What the value is counted after, where cash leaves: also what is asked for and cannot be raised."""
    if any(one.rule.startswith(SHORT) for one in plan.relaxed):
        return "; after all withdrawals asked for"
    return "; after withdrawals" if any(usd > NOTHING_USD for _, usd in plan.withdrawals_paid) else ""


def _drift_tile(plan: Plan) -> Tile:
    before, after = plan.before, plan.after
    outside = f"Classes outside their band: {len(before.outside)} → {len(after.outside)}"
    if before.value_usd <= 0 or before.household_drift > 1.0:
        # weights beside cash that is owed say nothing
        return Tile("Drift from target", DASH, "Not told: more cash is asked for than can be spared", "Drift")
    return Tile(
        "Drift from target", f"{percent(before.household_drift)} → {percent(after.household_drift)}", outside, "Drift"
    )


def _orders_tile(plan: Plan) -> Tile:
    sold = sum(trade.side is Direction.SELL for trade in plan.trades)
    said = f"{count(sold, 'sale')}, {count(len(plan.trades) - sold, 'purchase')}"
    return Tile("Orders", str(len(plan.trades)), said if plan.trades else "Nothing to trade", "Trades")


def _tax_tile(plan: Plan) -> Tile:
    tax = plan.tax.cost_usd
    if not plan.comparisons:
        return Tile("Tax added this year", _usd(tax), "Not compared with ordinary rebalancing: see Checks", "Tax")
    saved = plan.tax_saved_usd(plan.comparisons[0])
    said = f"{_usd(abs(saved))} {'less' if saved > 0 else 'more'} than account by account"
    if abs(saved) <= NOTHING_USD:
        said = "As much as account by account"
    return Tile("Tax added this year", _usd(tax), said, "Tax")


def _location_tile(location: Placements | None) -> Tile:
    if location is None:
        return Tile("Location score", DASH, "Not measured")
    before, after = location
    note = f"Of 100; a better placement could save {_usd(after.gain_usd)} a year more"
    if after.same_everywhere:
        note = "Of 100; every placement costs the same"
    return Tile("Location score", f"{before.score:.0f} → {after.score:.0f}", note, "Location")


def _gap_tile(plan: Plan) -> Tile:
    note = "No plan under these rules is better by more"
    if plan.status != "optimal":
        note = f"Stopped early ({plan.status}): a better plan may exist, by no more than this"
    return Tile("Proven within", at_most(plan.gap_usd), note, "Run Log")


def _checks_tile(held: Findings) -> Tile:
    if not held.total:
        return Tile("Checks", "All clear", "Nothing to report", "Checks")
    return Tile("Checks", f"{held.total} to read", held.sentence, "Checks")


def _usd(usd: float) -> str:
    """Whole dollars, halves rounded up as Excel does in the charts below."""
    rounded = math.floor(abs(usd) + 0.5)
    return f"{'-' if usd < 0 and rounded else ''}${rounded:,d}"


def write_tiles(sheet: Worksheet, drawn: Sequence[Tile], row: int, columns: int, sheets: frozenset[str]) -> None:
    """Write them side by side in three rows over so many columns; labels lead to those of our `sheets` there are."""
    left = 1
    for tile, span in zip(drawn, (*SPANS, columns - sum(SPANS)), strict=True):
        right = left + span - 1
        linked = tile.sheet in sheets
        texts = ((tile.label, _LINKED if linked else _LABEL, _FITTING), (tile.value, _VALUE, _FITTING),
                 (tile.note, _NOTE, _WRAPPING))  # fmt: skip
        for step, (text, font, alignment) in enumerate(texts):
            for number in range(left, right + 1):
                cell = cell_at(sheet, row + step, number)
                cell.fill = _FILL
                cell.border = Border(left=_EDGE if number == left else None, right=_GAP if number == right else None)
            cell = cell_at(sheet, row + step, left)
            put(cell, text)
            cell.font, cell.alignment = font, alignment
            if right > left:
                sheet.merge_cells(start_row=row + step, start_column=left, end_row=row + step, end_column=right)
        if linked:
            # so written, it leads to our own sheet whatever it is called in the advisor's workbook
            cell_at(sheet, row, left).hyperlink = f"#'{tile.sheet}'!A1"
            cell_at(sheet, row, left).font = _LINKED
        left = right + 1
    for step, height in enumerate((LABEL_HEIGHT, VALUE_HEIGHT, NOTE_HEIGHT)):
        sheet.row_dimensions[row + step].height = height


def figure_rows(plan: Plan, location: Placements | None, problems: Sequence[Problem]) -> list[Row]:
    """The same figures as numbers."""
    held = found(plan, problems)
    sold = sum(trade.side is Direction.SELL for trade in plan.trades)
    started, ended = (None, None) if location is None else (location[0].score, location[1].score)
    return [
        _figure("Household value", plan.before.value_usd, plan.after.value_usd, formats.WHOLE_DOLLARS),
        _figure("Household drift", plan.before.household_drift, plan.after.household_drift, formats.PERCENT),
        _figure("Classes outside their band", len(plan.before.outside), len(plan.after.outside), formats.WHOLE),
        _figure("Location score", started, ended, "0.0"),
        _figure("Sales", None, sold, formats.WHOLE),
        _figure("Purchases", None, len(plan.trades) - sold, formats.WHOLE),
        _figure("Tax added this year", None, plan.tax.cost_usd, formats.WHOLE_DOLLARS),
        _figure(
            "Tax of ordinary rebalancing",
            None,
            plan.comparisons[0].tax_usd if plan.comparisons else None,
            formats.WHOLE_DOLLARS,
        ),
        _figure("Proven within", None, plan.gap_usd, formats.WHOLE_DOLLARS),
        _figure("Rules relaxed", None, held.relaxed, formats.WHOLE),
        _figure("Bands left open", None, held.left_alone, formats.WHOLE),
        _figure("Problems", None, held.errors, formats.WHOLE),
        _figure("Notices", None, held.notices, formats.WHOLE),
    ]


def _figure(name: str, before: float | None, after: float | None, shown: str) -> Row:
    def cell(value: float | None) -> Shown | None:
        return None if value is None else Shown(float(value), shown)

    return {"Measure": name, "Before": cell(before), "After": cell(after)}
