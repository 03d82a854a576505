"""What an advisor calls an asset class that the security master or an example model names in its own words.

Three looser and looser readings: the same words; the only class of the advisor that the shipped assumptions take for
the same class; a wider class that holds it. Where several would do, none is chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rebal_xl.measure.assumptions import class_words, shipped_assumptions

_STOCK = ("Total Stock", "Stock")
_BOND = ("US Bond", "Taxable Bond", "Total Bond", "Bond")
# A class of the shipped assumptions -> names of wider classes that hold it, the narrowest first.
WIDER: dict[str, tuple[str, ...]] = {
    "US Equity - Large Cap": ("US Total Stock", "US Stock", *_STOCK),
    "US Equity - Small/Mid Cap": ("US Total Stock", "US Stock", *_STOCK),
    "Non-US Equity - Developed": ("Total Intl Stock", "Intl Stock", "Intl", *_STOCK),
    "Non-US Equity - Emerging": ("Total Intl Stock", "Intl Stock", "Intl", *_STOCK),
    "US Corporate Bonds - Core": _BOND,
    "US Corporate Bonds - Long Duration": _BOND,
    "US Corporate Bonds - High Yield": _BOND,
    "TIPS (Inflation-Protected)": _BOND,
    "Short-Term Bonds": _BOND,
    "Non-US Debt - Developed": ("Total Intl Bond", "Intl Bond", "Total Bond", "Bond"),
    "Non-US Debt - Emerging": ("Intl Bond", "Total Bond", "Bond"),
    "Municipal Bonds": ("Total Bond", "Bond"),
}
# A class with one of these words is not taken for one without it: a total-market fund is no value fund.
_NARROW = frozenset({"value", "growth", "ca", "ny"})


@dataclass(frozen=True, slots=True)
class ClassMatch:
    """The advisor's class for one of ours."""

    # "" where the advisor has none, or several that it could be
    name: str
    # the several, "" else
    choices: tuple[str, ...] = ()


def match_class(known: str, advisors: Iterable[str]) -> ClassMatch:
    """The class among an advisor's that a class of ours is."""
    return _match(known, tuple(dict.fromkeys(advisors)))


@lru_cache(maxsize=1024)
def _match(known: str, advisors: tuple[str, ...]) -> ClassMatch:
    survey, words = shipped_assumptions(), class_words(known)
    meant = survey.of(known)
    stocks = frozenset({"stock"}) if meant and "Equity" in meant.name else frozenset()
    same = [name for name in advisors if class_words(name) - stocks == words - stocks]
    if same:
        return ClassMatch(same[0])
    if meant is None:
        return ClassMatch("")
    open_ = [name for name in advisors if not class_words(name) & _NARROW - words]
    alike = [name for name in open_ if survey.of(name) == meant]
    # Of US Stock and US Large Growth, a fund of the total US stock market is the first.
    holding = [name for name in alike if class_words(name) < words] if len(alike) > 1 else alike
    if len(holding) == 1:
        return ClassMatch(holding[0])
    for wider in WIDER.get(meant.name, ()):
        found = [name for name in advisors if class_words(name) == class_words(wider)]
        if found:
            return ClassMatch(found[0])
    return ClassMatch("", tuple(sorted(alike)))
