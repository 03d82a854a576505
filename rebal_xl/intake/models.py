"""Models of models multiplied out into class weights."""

from rebal_xl.intake.book import Sheets, Spellings
from rebal_xl.intake.classes import ROUNDING, ClassNames, whole
from rebal_xl.intake.findings import Place
from rebal_xl.intake.rows import Row, shown
from rebal_xl.intake.values import listed
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import MODELS, TARGETS

Parts = dict[str, list[tuple[str, float, Row]]]


def model_weights(classes: ClassNames, sheets: Sheets) -> dict[str, float] | None:
    """Class weights of the model that the household names; None when Targets gives the weights.

    Without a Targets table and without a name, the only model there is counts, with a notice.
    """
    parts = _parts(sheets)
    names = Spellings(parts)
    _check_totals(parts, sheets)
    written, place = sheets.settings.get("Model"), sheets.settings.place("Model")
    if written is None and parts and not sheets.of(TARGETS):
        written, place = _only_model(names, parts, sheets)
    if written is None:
        return None
    model = names.find(str(written))
    if model is None:
        sheets.findings.error(
            "unknown-model",
            place,
            f'There is no model "{written}".{names.hint(str(written))}',
            f"Write {listed(names.names)}." if parts else "Add a Models table, or leave the setting Model empty.",
        )
        return None
    weights: dict[str, float] = {}
    if not _add(model, 1.0, (), parts, names, classes, weights, sheets):
        return None
    return whole(weights)


def _parts(sheets: Sheets) -> Parts:
    parts: Parts = {}
    for row in sheets.of(MODELS):
        weight = row.number_in("Weight")
        if row.text("Model") and row.text("Asset Class or Model") and weight is not None:
            parts.setdefault(row.text("Model"), []).append((row.text("Asset Class or Model"), weight, row))
    return parts


def _check_totals(parts: Parts, sheets: Sheets) -> None:
    for model, pieces in parts.items():
        total = sum(weight for _, weight, _ in pieces)
        if abs(total - 1.0) > ROUNDING:
            sheets.findings.error(
                "model-total",
                pieces[0][2].place("Weight"),
                f"The weights of the model {model} sum to {shown(Kind.PERCENT, total)}.",
                "Let them sum to 100 %.",
            )


def _only_model(names: Spellings, parts: Parts, sheets: Sheets) -> tuple[str | None, Place]:
    first = next(iter(parts.values()))[0][2]
    inner = {names.find(part) for pieces in parts.values() for part, _, _ in pieces}
    outer = [name for name in names.names if name not in inner]
    if len(outer) == 1:
        sheets.findings.notice(
            "model-chosen",
            first.place("Model"),
            f"There is no Targets table and no setting Model; the model {outer[0]} was taken.",
        )
        return outer[0], first.place("Model")
    sheets.findings.error(
        "no-model",
        sheets.settings.place("Model") if sheets.settings.place("Model").row else first.place("Model"),
        "There is no Targets table, and nothing says which model the household follows.",
        f"Write the setting Model: {listed(sorted(outer or names.names))}.",
    )
    return None, Place()


def _add(
    model: str,
    share: float,
    above: tuple[str, ...],
    parts: Parts,
    names: Spellings,
    classes: ClassNames,
    weights: dict[str, float],
    sheets: Sheets,
) -> bool:
    """Add a model's classes to the weights, its share multiplied through; False when it contains itself."""
    for part, weight, row in parts[model]:
        inner = names.find(part)
        if inner is None:
            weights[classes.of(part)] = weights.get(classes.of(part), 0.0) + share * weight
            continue
        if inner in (*above, model):
            sheets.findings.error(
                "model-cycle",
                row.place("Asset Class or Model"),
                f"The model {inner} contains itself: {' in '.join((inner, model, *reversed(above)))}.",
                "Take one of these rows out.",
            )
            return False
        if not _add(inner, share * weight, (*above, model), parts, names, classes, weights, sheets):
            return False
    return True
