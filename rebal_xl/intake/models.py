"""Models of models multiplied out into class weights: those of the Models table, and the examples that come along."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rebal_xl.household import CASH_CLASS
from rebal_xl.household.groups import INSIDE
from rebal_xl.intake.book import Sheets, Spellings
from rebal_xl.intake.classes import ROUNDING, ClassNames, whole
from rebal_xl.intake.findings import Place
from rebal_xl.intake.rows import Row, shown
from rebal_xl.intake.values import listed, squeeze
from rebal_xl.measure.class_match import match_class
from rebal_xl.measure.example_models import MARK, example_models
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import CLASS_MIX, HOLDINGS, MODELS, SECURITIES, TARGETS


class Piece(NamedTuple):
    """One part of a model."""

    # a class or a model
    part: str
    weight: float
    # None for a part of an example
    row: Row | None


Parts = dict[str, list[Piece]]


@dataclass(frozen=True, slots=True)
class ModelWeights:
    """A model multiplied out."""

    name: str
    # class -> weight 0..1, sum 1
    weights: Mapping[str, float]
    # class -> the models in which it lies inside this one, outermost first, as "Equity > US Equity"; "" for none
    groups: Mapping[str, str]


def model_weights(classes: ClassNames, sheets: Sheets) -> ModelWeights | None:
    """Class weights of the model that the household names; None when Targets gives the weights.

    Without a Targets table and without a name, the only model there is counts, with a notice.
    """
    parts = _parts(sheets)
    _check_totals(parts, sheets)
    written, place = sheets.settings.get("Model"), sheets.settings.place("Model")
    if written is None and parts and not sheets.of(TARGETS):
        written, place = _only_model(Spellings(parts), parts, sheets)
    if written is None:
        return None
    parts |= _examples(parts, _advisors_classes(sheets))
    names = Spellings(parts)
    model = names.find(str(written))
    if model is None:
        _report_unknown(str(written), place, names, sheets)
        return None
    found: dict[str, list[tuple[float, tuple[str, ...]]]] = {}
    if not _add(model, 1.0, (), parts, names, classes, found, place, sheets):
        return None
    if model in example_models().models and parts[model][0].row is None:
        sheets.findings.notice(
            "example-model",
            place,
            f"The targets are those of {model}, an example that comes along. Its weights are no advice.",
            "Write the firm's own models into the table Models.",
        )
    weights = whole({name: sum(weight for weight, _ in shares) for name, shares in found.items()})
    groups = {name: _group([path for _, path in shares]) for name, shares in found.items()}
    return ModelWeights(model, weights, groups)


def wanted_classes(classes: ClassNames, sheets: Sheets) -> tuple[str, ...]:
    """The classes that a security may be of: those with a target or in a model, else all that the workbook names."""
    wanted = [row.text("Asset Class") for row in sheets.of(TARGETS)]
    models = Spellings(row.text("Model") for row in sheets.of(MODELS))
    wanted += [row.text("Asset Class or Model") for row in sheets.of(MODELS)]
    written = sheets.settings.get("Model")
    if any(is_example(name) for name in (*wanted, str(written or ""))):
        examples = _examples({}, _advisors_classes(sheets))
        wanted += [piece.part for pieces in examples.values() for piece in pieces]
    found = [classes.of(name) for name in wanted if name and models.find(name) is None and not is_example(name)]
    return tuple(dict.fromkeys([*(found or classes.names), CASH_CLASS]))


def is_example(name: str) -> bool:
    """True for the name of an example model, in any spelling."""
    return squeeze(name) in _example_names()


@lru_cache(maxsize=1)
def _example_names() -> frozenset[str]:
    return frozenset(squeeze(name) for name in example_models().models)


def _advisors_classes(sheets: Sheets) -> tuple[str, ...]:
    """The classes into whose words an example is put: those of Targets, else those of what is held."""
    targeted = [row.text("Asset Class") for row in sheets.of(TARGETS)]
    held = [row.text("Asset Class") for table in (SECURITIES, CLASS_MIX, HOLDINGS) for row in sheets.of(table)]
    return tuple(dict.fromkeys(filter(None, targeted or held)))


def _parts(sheets: Sheets) -> Parts:
    parts: Parts = {}
    for row in sheets.of(MODELS):
        weight = row.number_in("Weight")
        if row.text("Model") and row.text("Asset Class or Model") and weight is not None:
            parts.setdefault(row.text("Model"), []).append(Piece(row.text("Asset Class or Model"), weight, row))
    return parts


def _examples(own: Parts, advisors: tuple[str, ...]) -> Parts:
    """The example models that the workbook does not write itself, their classes in the advisor's words."""
    taken = {squeeze(name) for name in own}
    models = example_models().models
    return {
        name: [
            Piece(part if part in models else match_class(part, advisors).name or part, weight, None)
            for part, weight in parts.items()
        ]
        for name, parts in models.items()
        if squeeze(name) not in taken
    }


def _report_unknown(written: str, place: Place, names: Spellings, sheets: Sheets) -> None:
    own = [name for name in names.names if not is_example(name)]
    told = own or list(example_models().profiles)
    sheets.findings.error(
        "unknown-model",
        place,
        f'There is no model "{written}".{names.hint(written)}',
        f"Write {listed(told)}." if own else f"Add a Models table, write {listed(told)}, or leave Model empty.",
    )


def _check_totals(parts: Parts, sheets: Sheets) -> None:
    for model, pieces in parts.items():
        total = sum(piece.weight for piece in pieces)
        if abs(total - 1.0) > ROUNDING:
            sheets.findings.error(
                "model-total",
                _place(pieces[0], "Weight", Place()),
                f"The weights of the model {model} sum to {shown(Kind.PERCENT, total)}.",
                "Let them sum to 100 %.",
            )


def _place(piece: Piece, column: str, otherwise: Place) -> Place:
    return piece.row.place(column) if piece.row is not None else otherwise


def _only_model(names: Spellings, parts: Parts, sheets: Sheets) -> tuple[str | None, Place]:
    first = _place(next(iter(parts.values()))[0], "Model", Place())
    inner = {names.find(piece.part) for pieces in parts.values() for piece in pieces}
    outer = [name for name in names.names if name not in inner]
    if len(outer) == 1:
        sheets.findings.notice(
            "model-chosen",
            first,
            f"There is no Targets table and no setting Model; the model {outer[0]} was taken.",
        )
        return outer[0], first
    sheets.findings.error(
        "no-model",
        sheets.settings.place("Model") if sheets.settings.place("Model").row else first,
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
    found: dict[str, list[tuple[float, tuple[str, ...]]]],
    place: Place,
    sheets: Sheets,
) -> bool:
    """Add a model's classes to what is found, its share multiplied through; False when it contains itself."""
    within = (*above, model)
    for piece in parts[model]:
        inner = names.find(piece.part)
        if inner is None:
            found.setdefault(classes.of(piece.part), []).append((share * piece.weight, within[1:]))
            continue
        if inner in within:
            circle = (inner, *reversed(within[within.index(inner) :]))
            sheets.findings.error(
                "model-cycle",
                _place(piece, "Asset Class or Model", place),
                f"The model {inner} contains itself: {' in '.join(circle)}.",
                "Take one of these rows out.",
            )
            return False
        if not _add(inner, share * piece.weight, within, parts, names, classes, found, place, sheets):
            return False
    return True


def _group(paths: list[tuple[str, ...]]) -> str:
    """The models in which a class lies by every way that leads to it."""
    shared: list[str] = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0].removeprefix(MARK))
    return INSIDE.join(shared)
