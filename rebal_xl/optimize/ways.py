"""Which rules must go together for what is missing, and which of them would do alone.

A dollar may be held back by several rules at once, all of which must go; an account that buys nothing of a class may be
opened by any one of several.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from rebal_xl.optimize.minimums import ROUNDING_USD

# As many rules that would each do alone are named, those with the most dollars first.
MOST_NAMED = 3
# Rules whose combinations are tried; of more, those with the fewest dollars are left out.
MOST_TRIED = 10


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A rule in the way."""

    # what it is, in short words
    words: str
    # what to do about it, to follow "or"; rules that must all go share it
    advice: str
    # whether doing so brings but a part of what is missing
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that holds dollars back."""

    words: str
    advice: str
    # whether the dollars that it holds back are told
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """Dollars that rules keep away."""

    usd: float
    rules: tuple[Rule, ...]
    # class that these dollars come out of, which can spare but so many; "" where nothing limits them
    out_of: str = ""
    # whether one of the rules is enough; else all must go
    any_of_them: bool = False

    def opened(self, gone: frozenset[Rule]) -> bool:
        """Whether it is free once these rules are gone."""
        return any(one in gone for one in self.rules) if self.any_of_them else all(one in gone for one in self.rules)


def in_the_way(
    ways: Iterable[Way], missing_usd: float, can_spare: Mapping[str, float] = MappingProxyType({})
) -> list[Obstacle]:
    """The rules each of which is enough for what is missing; else the fewest that are together, or all as a part.

    `can_spare`: the most dollars that may come out of a class.
    """
    useful = [way for way in ways if way.usd > 0]
    rules = sorted({rule for way in useful for rule in way.rules}, key=lambda rule: (-_held(useful, rule), rule.words))
    enough = missing_usd - ROUNDING_USD
    for number in range(1, min(len(rules), MOST_TRIED) + 1):
        tried = [frozenset(chosen) for chosen in combinations(rules[:MOST_TRIED], number)]
        found = [gone for gone in tried if _freed(useful, gone, can_spare) >= enough]
        if found and number == 1:
            return [one for gone in found[:MOST_NAMED] for one in _together(useful, list(gone))]
        if found:
            best = max(found, key=lambda gone: _freed(useful, gone, can_spare))
            return _together(useful, [rule for rule in rules if rule in best])
    return _together(useful, rules, partly=True)


def all_needed(*groups: Sequence[Obstacle]) -> list[Obstacle]:
    """Several obstacles, one of each group of which must go."""
    there = [list(group) for group in groups if group]
    if len(there) < 2:
        return there[0] if there else []
    parts = list(dict.fromkeys(" or ".join(dict.fromkeys(one.advice for one in group)) for group in there))
    if any(" or " in part for part in parts):
        advice = ", and ".join(parts)
    else:
        # a last part that ends with its own "and" goes on
        advice = ", ".join(parts) if " and " in parts[-1] else _joined(parts)
    partly = any(one.partly for group in there for one in group)
    return [Obstacle(one.words, advice, partly) for group in there for one in group]


def _freed(ways: Iterable[Way], gone: frozenset[Rule], can_spare: Mapping[str, float]) -> float:
    freed: dict[str, float] = defaultdict(float)
    for way in ways:
        freed[way.out_of] += way.usd if way.opened(gone) else 0.0
    return sum(min(usd, can_spare.get(name, usd)) for name, usd in freed.items())


def _held(ways: Iterable[Way], rule: Rule) -> float:
    return sum(way.usd for way in ways if rule in way.rules)


def _together(ways: Sequence[Way], rules: Sequence[Rule], *, partly: bool = False) -> list[Obstacle]:
    """Rules that must all go: each with its dollars, and one advice."""
    advice = _joined(list(dict.fromkeys(rule.advice for rule in rules)))
    return [
        Obstacle(f"{rule.words} (${_held(ways, rule):,.0f})" if rule.counted else rule.words, advice, partly)
        for rule in rules
    ]


def _joined(parts: list[str]) -> str:
    """One, two and three: in words."""
    return " and ".join([part for part in (", ".join(parts[:-1]), parts[-1]) if part]) if parts else ""
