"""Which asset classes a security belongs to: Holdings, ClassMix and Securities may each say so.

A class is written as Targets writes it; other tables may differ in case, spaces and punctuation.
"""

from collections.abc import Iterable, Mapping

from rebal_xl.household import CASH_CLASS
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.rows import Row, shown
from rebal_xl.intake.values import plain_number, squeeze
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import CLASS_MIX, HOLDINGS, MODELS, SECURITIES, TARGETS

# Weights that sum to one within this are rounded, not wrong: 33.33 % three times.
ROUNDING = 0.0005
# Sums of floats differ from one by less than this when they mean one.
EXACT = 1e-9

Mix = tuple[tuple[str, float], ...]


class ClassNames:
    """Asset classes in one spelling each."""

    def __init__(self, sheets: Sheets) -> None:
        written = [row.text("Asset Class") for row in sheets.of(TARGETS)]
        written += sorted(row.text("Asset Class or Model") for row in sheets.of(MODELS))
        written += sorted(row.text("Asset Class") for table in (SECURITIES, CLASS_MIX) for row in sheets.of(table))
        written += sorted(row.text("Asset Class") for row in sheets.of(HOLDINGS))
        self._spelling = {squeeze(CASH_CLASS): CASH_CLASS}
        for name in filter(None, written):
            self._spelling.setdefault(squeeze(name), name)

    @property
    def names(self) -> tuple[str, ...]:
        """Every class that the workbook names, models among them."""
        return tuple(self._spelling.values())

    def of(self, written: str) -> str:
        """The one spelling of a class, "" for none."""
        return self._spelling.get(squeeze(written), written)


def given_classes(rows: Iterable[Row], classes: ClassNames, sheets: Sheets) -> dict[str, tuple[str, Row]]:
    """Symbol -> the class that Holdings gives it; two classes for one symbol are a problem."""
    found: dict[str, tuple[str, Row]] = {}
    for row in rows:
        symbol, asset_class = row.text("Symbol"), classes.of(row.text("Asset Class"))
        if not symbol or not asset_class:
            continue
        first, _ = found.setdefault(symbol, (asset_class, row))
        if first != asset_class:
            sheets.findings.error(
                "class-conflict",
                row.place("Asset Class"),
                f"{symbol} is {asset_class} here and {first} in another row of Holdings.",
                "Give a security one class; a fund of several classes has rows in ClassMix.",
            )
    return found


def class_mixes(classes: ClassNames, sheets: Sheets) -> dict[str, tuple[Mix, Row]]:
    """Symbol -> its mix from ClassMix, in the order of the class names."""
    rows: dict[str, list[Row]] = {}
    for row in sheets.of(CLASS_MIX):
        if row.whole(("Symbol", "Asset Class", "Weight")):
            rows.setdefault(row.text("Symbol"), []).append(row)
    return {symbol: (_mix(symbol, of_symbol, classes, sheets), of_symbol[0]) for symbol, of_symbol in rows.items()}


def _mix(symbol: str, rows: list[Row], classes: ClassNames, sheets: Sheets) -> Mix:
    weights: dict[str, float] = {}
    for row in rows:
        asset_class = classes.of(row.text("Asset Class"))
        if asset_class in weights:
            sheets.findings.error(
                "repeated-class",
                row.place("Asset Class"),
                f"{symbol} has the class {asset_class} twice in ClassMix.",
                "Keep one row.",
            )
        weights[asset_class] = row.number_in("Weight") or 0.0
    total = sum(weights.values())
    if abs(total - 1.0) > ROUNDING:
        sheets.findings.error(
            "mix-total",
            rows[0].place("Weight"),
            f"The class weights of {symbol} sum to {shown(Kind.PERCENT, total)}.",
            "Let them sum to 100 %.",
        )
        return tuple(sorted(weights.items()))
    return tuple((name, weight) for name, weight in sorted(whole(weights).items()) if weight > 0.0)


def whole(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights that sum to one, their rounding taken off in proportion."""
    total = sum(weights.values())
    if abs(total - 1.0) <= EXACT or total <= 0.0:
        return dict(weights)
    return {name: weight / total for name, weight in weights.items()}


def mix_text(mix: Mix) -> str:
    """A mix in words."""
    if len(mix) == 1:
        return mix[0][0]
    return ", ".join(f"{plain_number(round(weight * 100.0, 4))} % {name}" for name, weight in mix)
