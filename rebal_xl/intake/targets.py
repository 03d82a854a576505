"""Targets and bands from their rows, in groups where they lie in groups, or from the model that the household names."""

from dataclasses import replace
from typing import Any

from rebal_xl.household import BandType, Target
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.classes import EXACT, ROUNDING, ClassNames, whole
from rebal_xl.intake.groups import without_groups
from rebal_xl.intake.models import model_weights
from rebal_xl.intake.overrides import with_overrides
from rebal_xl.intake.rows import Row, shown
from rebal_xl.intake.values import plain_number
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import TARGETS

# Beyond so many points of the household an absolute band is no band; 200 was meant as basis points.
GREATEST_ABSOLUTE = 0.5
# A relative trigger beyond the target itself would never be reached from above zero.
GREATEST_RELATIVE = 1.0


def read_targets(classes: ClassNames, sheets: Sheets) -> tuple[Target, ...]:
    """The targets in the order of the sheet; a named model's weights replace those of Targets."""
    model = model_weights(classes, sheets)
    written: dict[str, tuple[Target, Row]] = {}
    for row in sheets.of(TARGETS):
        name = classes.of(row.text("Asset Class"))
        if name in written:
            sheets.findings.error(
                "duplicate-class", row.place("Asset Class"), f"The class {name} has two targets.", "Keep one row."
            )
        elif name:
            written[name] = (_target(name, row, sheets), row)
    if model is not None:
        return with_overrides(model, written, sheets)
    if not written:
        _report_none(sheets)
        return ()
    classed = without_groups(written, sheets)
    for target, row in classed.values():
        _check_floor(target, row, sheets)
    rows = [row for _, row in classed.values()]
    return _whole_targets([target for target, _ in classed.values()], rows, sheets)


def _report_none(sheets: Sheets) -> None:
    if sheets.of(TARGETS) or any(
        problem.code in ("unknown-model", "no-model", "model-cycle") for problem in sheets.findings.errors
    ):
        return
    region = next(iter(sheets.regions.get(TARGETS.name, ())), None)
    if region is not None and not any(
        True for column in TARGETS.columns if column.required and column.name not in region.columns
    ):
        sheets.findings.error(
            "no-targets", region.place(), "Targets has no rows.", "Give every asset class its target."
        )


def _target(name: str, row: Row, sheets: Sheets) -> Target:
    values: dict[str, Any] = row.fields()
    values["asset_class"] = name
    values.setdefault("weight", 0.0)
    values["band_type"] = BandType(values.get("band_type", BandType.RELATIVE))
    target = Target(**values)
    _check_band(target, row, sheets)
    return target


def _check_floor(target: Target, row: Row, sheets: Sheets) -> None:
    if target.floor is not None and "Target %" in row.values and target.floor > target.weight:
        sheets.findings.error(
            "floor-above-target",
            row.place("Floor"),
            f"The floor of {target.asset_class} ({shown(Kind.PERCENT, target.floor)}) is above its target "
            f"({shown(Kind.PERCENT, target.weight)}).",
            "A floor is the least the class may fall to; write a lower one.",
        )


def _check_band(target: Target, row: Row, sheets: Sheets) -> None:
    given = {"Trigger": target.trigger, "Destination": target.destination}
    if target.band_type is BandType.FIVE_TWENTYFIVE:
        if any(width is not None for width in given.values()):
            sheets.findings.notice(
                "band-not-used",
                row.place("Trigger" if target.trigger is not None else "Destination"),
                f"{target.asset_class} has a 5/25 band, which needs no trigger or destination; they are not used.",
            )
        return
    absolute = target.band_type is BandType.ABSOLUTE
    greatest = GREATEST_ABSOLUTE if absolute else GREATEST_RELATIVE
    for column, width in given.items():
        if width is not None and width > greatest:
            sheets.findings.error(
                "band-too-wide",
                row.place(column),
                f"The {column.lower()} of {target.asset_class} reads as {shown(Kind.PERCENT, width)} "
                f"{'of the household' if absolute else 'of its target'}, which is no band.",
                _band_advice(width, absolute),
            )
            return
    if target.trigger is not None and target.destination is not None and target.destination > target.trigger:
        sheets.findings.error(
            "destination-beyond-trigger",
            row.place("Destination"),
            f"The destination of {target.asset_class} ({shown(Kind.PERCENT, target.destination)}) is wider than its "
            f"trigger ({shown(Kind.PERCENT, target.trigger)}).",
            "The destination lies inside the trigger: write a smaller one, or swap the two.",
        )


def _band_advice(width: float, absolute: bool) -> str:
    if absolute:
        # 200 in a percent column reads as 200 %; as basis points it is 2 %.
        points = plain_number(round(width * 100.0, 6))
        return f"If {points} basis points are meant, write {plain_number(round(width, 6))} % or {points} bp."
    return "Write 20 % for a fifth of the target; for points of the household choose the band type Absolute."


def _whole_targets(targets: list[Target], rows: list[Row], sheets: Sheets) -> tuple[Target, ...]:
    if any("Target %" not in row.values for row in rows):
        return tuple(targets)
    total = sum(target.weight for target in targets)
    if abs(total - 1.0) > ROUNDING:
        sheets.findings.error(
            "targets-total",
            rows[0].place("Target %"),
            f"The targets sum to {shown(Kind.PERCENT, total)}, with {rows[0].text('Asset Class')} read as "
            f"{shown(Kind.PERCENT, targets[0].weight)}.",
            "Let them sum to 100 %.",
        )
        return tuple(targets)
    if abs(total - 1.0) > EXACT:
        sheets.findings.notice(
            "targets-rounded",
            rows[0].place("Target %"),
            f"The targets sum to {shown(Kind.PERCENT, total)}; they were scaled to 100 %.",
        )
    weights = whole({target.asset_class: target.weight for target in targets})
    return tuple(replace(target, weight=weights[target.asset_class]) for target in targets)
