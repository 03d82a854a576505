"""A household's own targets over those of its model: some classes as Targets says, the others in proportion."""

from collections.abc import Mapping
from dataclasses import replace

from rebal_xl.household import Target
from rebal_xl.household.groups import INSIDE
from rebal_xl.intake.book import Sheets, Spellings
from rebal_xl.intake.classes import ROUNDING, whole
from rebal_xl.intake.models import ModelWeights
from rebal_xl.intake.rows import Row, shown
from rebal_xl.intake.values import listed, squeeze
from rebal_xl.sheets.schema import Kind

WEIGHT = "Target %"
Written = Mapping[str, tuple[Target, Row]]


def with_overrides(model: ModelWeights, written: Written, sheets: Sheets) -> tuple[Target, ...]:
    """The model's classes with the bands and the overrides of Targets, in the order of Targets, then of the model.

    A Target % beside a model overrides that class; the model's other classes share what is left in proportion to their
    weights in the model. Targets that sum to 100 % by themselves are a mix of their own: then the model counts.
    """
    overrides = _overrides(model, written, sheets)
    weights = dict(model.weights) if overrides is None else _rescaled(model, overrides, sheets)
    found = []
    for name, (target, row) in written.items():
        if name in weights:
            found.append(replace(target, weight=weights[name], group=target.group or model.groups.get(name, "")))
        else:
            sheets.findings.notice(
                "class-not-in-model",
                row.place("Asset Class"),
                f"{name} is in Targets but not in the model, so that it has no target.",
            )
    found += [
        Target(name, weights[name], group=model.groups.get(name, "")) for name in sorted(weights) if name not in written
    ]
    return tuple(found)


def _overrides(model: ModelWeights, written: Written, sheets: Sheets) -> Written | None:
    """The rows that override the model; None where there are none, or where they cannot."""
    given = {name: (target, row) for name, (target, row) in written.items() if WEIGHT in row.values}
    if not given:
        return None
    if _parts_overridden(model, given, sheets):
        return None
    total = sum(target.weight for target, _ in given.values())
    place = next(iter(given.values()))[1].place(WEIGHT)
    if abs(total - 1.0) <= ROUNDING:
        sheets.findings.notice(
            "model-over-targets",
            place,
            f"Targets holds a whole mix and the setting Model names {model.name}: the weights of the model count.",
            "Clear Target % but where this household differs from the model, or clear the setting Model.",
        )
        return None
    rest = sum(weight for name, weight in model.weights.items() if name not in given)
    if total > 1.0 or rest <= 0.0:
        sheets.findings.error(
            "override-total",
            place,
            f"The targets that override the model {model.name} sum to {shown(Kind.PERCENT, total)}, "
            + ("which is more than all." if total > 1.0 else "and the model has no other class to take the rest."),
            "Override fewer classes, or let the targets sum to 100 % and clear the setting Model.",
        )
        return None
    return given


def _parts_overridden(model: ModelWeights, given: Written, sheets: Sheets) -> bool:
    """Whether a row names a part of the model, whose weight would come on top of its classes; each is an error."""
    paths = {name: path.split(INSIDE) for name, path in model.groups.items() if path}
    inner = {squeeze(part): part for path in paths.values() for part in path}
    found = False
    for name, (_, row) in given.items():
        part = inner.get(squeeze(name))
        if part is None or name in model.weights:
            continue
        found = True
        classes = [one for one, path in sorted(paths.items()) if part in path]
        sheets.findings.error(
            "override-of-part",
            row.place("Asset Class"),
            f"{name} is a part of the model {model.name}, not an asset class, so that its weight cannot be overridden.",
            f"Write the Target % of its classes: {listed(classes, 'and')}.",
        )
    return found


def _rescaled(model: ModelWeights, overrides: Written, sheets: Sheets) -> dict[str, float]:
    """The weights with overrides, and a notice of what became of the others."""
    left = 1.0 - sum(target.weight for target, _ in overrides.values())
    rest = sum(weight for name, weight in model.weights.items() if name not in overrides)
    weights = {name: weight * left / rest for name, weight in model.weights.items() if name not in overrides}
    weights |= {name: target.weight for name, (target, _) in overrides.items()}
    told = [
        f"{name} is {shown(Kind.PERCENT, target.weight)}, not {shown(Kind.PERCENT, model.weights.get(name, 0.0))}"
        for name, (target, _) in overrides.items()
    ]
    added = [name for name in overrides if name not in model.weights]
    hints = "".join(f" {name} is no class of the model.{Spellings(model.weights).hint(name)}" for name in added)
    sheets.findings.notice(
        "model-override",
        next(iter(overrides.values()))[1].place(WEIGHT),
        f"Targets overrides the model {model.name}: {listed(told, 'and')}. Its other classes are multiplied by "
        f"{left / rest:.4g}, so that all sum to 100 %.{hints}",
    )
    return whole(weights)
