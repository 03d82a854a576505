"""Capital-market assumptions: what comes with the package of the return, volatility and correlation of asset classes.

They are one survey's published averages (assumptions/horizon_2025.toml, with its source). An advisor's class is looked
up there by its name; what the survey does not have is put together from what it has, or not known. Whoever knows
better fills in the Covariance table, or volatilities in Assumptions, and these are not used.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from rebal_xl.household import Covariance

_FOLDER = files("rebal_xl.measure") / "assumptions"
_SHIPPED = "horizon_2025.toml"
# Words that say nothing of the class, and words of one meaning.
_SILENT = frozenset({"cap", "caps", "fund", "funds", "index", "market", "markets", "asset", "class", "and", "the"})
_PHRASES = (
    (r"fixed income", "bond"),
    (r"non us|ex us|exus|outside us", "intl"),
    (r"u s a?\b", "us "),
    (r"united states", "us"),
)
_SAME = {
    "domestic": "us", "usa": "us", "american": "us", "international": "intl", "foreign": "intl",
    "equity": "stock", "equities": "stock", "debt": "bond", "municipal": "muni", "california": "ca",
    "reits": "reit", "commodities": "commodity", "treasuries": "treasury",
}  # fmt: skip
_KEPT_PLURAL = frozenset({"us", "tips"})


@dataclass(frozen=True, slots=True)
class AssumedClass:
    """One class of the survey, or one put together from its classes."""

    name: str
    # mean and standard deviation of a year's return, nominal, before tax, shares of one
    expected_return: float
    volatility: float
    # names by which advisors call it
    names: tuple[str, ...]
    # shares (0..1) of the survey's classes that it is made of; itself for a class of the survey
    parts: tuple[tuple[str, float], ...]
    # why it is made of them; "" for a class of the survey
    why: str = ""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What one source says of all classes together."""

    # where the figures are from, in one line
    source: str
    year: int
    # the survey's own classes first
    classes: tuple[AssumedClass, ...]
    # correlations of the survey's own classes, in their order
    correlations: tuple[tuple[float, ...], ...]

    def of(self, asset_class: str) -> AssumedClass | None:
        """What an advisor's class is taken for; None when its name says nothing we know."""
        words = class_words(asset_class)
        return next((known for known in self.classes if words in {*map(class_words, (known.name, *known.names))}), None)

    def unknown(self, asset_classes: Iterable[str]) -> tuple[str, ...]:
        """Classes that the assumptions say nothing of, by name."""
        return tuple(sorted({name for name in asset_classes if self.of(name) is None}))

    def covariance(self, asset_classes: Iterable[str], volatilities: Mapping[str, float]) -> Covariance | None:
        """Yearly covariance of an advisor's classes, by name; None when one of them is not known.

        `volatilities` (class -> standard deviation of a year's return) come before the survey's own.
        """
        names = tuple(sorted(set(asset_classes)))
        found = [self.of(name) for name in names]
        known = [each for each in found if each is not None]
        if len(known) < len(names):
            return None
        order = {each.name: place for place, each in enumerate(self.classes[: len(self.correlations)])}
        parts = np.zeros((len(names), len(order)))
        for row, each in enumerate(known):
            for part, share in each.parts:
                parts[row, order[part]] = share
        table = parts @ _survey_covariance(self) @ parts.T
        scale = [
            volatilities[name] / each.volatility if name in volatilities else 1.0
            for name, each in zip(names, known, strict=True)
        ]
        table = table * np.outer(scale, scale)
        return Covariance(names, tuple(tuple(float(value) for value in line) for line in table))


@lru_cache(maxsize=1)
def shipped_assumptions() -> Assumptions:
    """The assumptions that come with the package."""
    raw = tomllib.loads((_FOLDER / _SHIPPED).read_text(encoding="utf-8"))
    own = [_own(each) for each in raw["class"]]
    triangle = np.zeros((len(own), len(own)))
    for row, each in enumerate(raw["class"]):
        triangle[row, : row + 1] = each["correlations"]
    correlations = triangle + np.tril(triangle, -1).T
    survey = Assumptions(
        source=f"{raw['publisher']}, {raw['title']}, {raw['place']}: averages of {raw['advisors']} advisors",
        year=raw["year"],
        classes=tuple(own),
        correlations=tuple(tuple(float(value) for value in line) for line in correlations),
    )
    derived = [_derived(each, survey) for each in raw["derived"]]
    return Assumptions(survey.source, survey.year, (*own, *derived), survey.correlations)


@lru_cache(maxsize=256)
def shipped_covariance(asset_classes: tuple[str, ...]) -> Covariance | None:
    """Yearly covariance of these classes by the shipped assumptions; None when one of them is not known."""
    return shipped_assumptions().covariance(asset_classes, {})


def _own(raw: dict[str, Any]) -> AssumedClass:
    name = raw["name"]
    return AssumedClass(name, raw["expected_return"], raw["volatility"], tuple(raw["names"]), ((name, 1.0),))


def _derived(raw: dict[str, Any], survey: Assumptions) -> AssumedClass:
    parts = tuple(raw["parts"].items())
    shares = np.array([raw["parts"].get(each.name, 0.0) for each in survey.classes])
    expected = sum(share * each.expected_return for share, each in zip(shares, survey.classes, strict=True))
    variance = float(shares @ _survey_covariance(survey) @ shares)
    return AssumedClass(raw["name"], float(expected), variance**0.5, tuple(raw["names"]), parts, raw["why"])


def _survey_covariance(assumptions: Assumptions) -> npt.NDArray[np.float64]:
    table = np.array(assumptions.correlations)
    volatility = np.array([each.volatility for each in assumptions.classes[: len(table)]])
    covariance: npt.NDArray[np.float64] = np.outer(volatility, volatility) * table
    return covariance


@lru_cache(maxsize=4096)
def class_words(name: str) -> frozenset[str]:
    """What a class name says: its words without case, plural, punctuation and order."""
    text = re.sub(r"[^a-z0-9]+", " ", name.casefold()).strip()
    for phrase, meaning in _PHRASES:
        text = re.sub(rf"\b(?:{phrase})", meaning, text)
    found = set()
    for word in text.split():
        word = _SAME.get(word, word)
        if word.endswith("s") and word not in _KEPT_PLURAL:
            word = word[:-1]
        word = _SAME.get(word, word)
        if word and word not in _SILENT:
            found.add(word)
    return frozenset(found)
