"""Which two securities of a household hold the same, how many dollars of it, and what could be held as one.

Dollars in common are, class by class, the smaller of what both hold of it, funds of several classes looked through.
Two funds of one group or one index have the same classes, so that it is the smaller of the two for them.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

from rebal_xl import words
from rebal_xl.household import Household, Security
from rebal_xl.household.overlap import IDENTICAL, SAME_INDEX, SAME_MIX, SHARED_CLASSES, OverlapPair
from rebal_xl.measure.overlap import HALF_A_CENT, held_usd, index_of

# Weights of a mix that differ by less are the same.
SAME_WEIGHT = 1e-9
# The nearest first.
NEAREST = (IDENTICAL, SAME_INDEX, SAME_MIX, SHARED_CLASSES)


def same_mix(one: Security, other: Security) -> bool:
    """Whether two securities have the same classes at the same weights."""
    mine, theirs = dict(one.class_mix), dict(other.class_mix)
    return all(abs(mine.get(name, 0.0) - theirs.get(name, 0.0)) < SAME_WEIGHT for name in {*mine, *theirs})


def nearness(one: Security, other: Security, *, indexes: bool = True) -> tuple[str, str]:
    """How near two securities are, and by what: their group, their index, or the classes that both have.

    Both are "" where they have no class in common, and for two plain securities of one class: an active fund, a stock
    and an index fund may share it, and hold nothing else alike.
    """
    if one.group == other.group:
        return IDENTICAL, one.group
    index = index_of(one.symbol) if indexes else ""
    if index and index == index_of(other.symbol):
        return SAME_INDEX, index
    names = [name for name, _ in one.class_mix if name in dict(other.class_mix)]
    if not names or len(one.class_mix) == len(other.class_mix) == 1:
        return "", ""
    if same_mix(one, other):
        return SAME_MIX, mix_in_words(one)
    return SHARED_CLASSES, ", ".join(sorted(names))


def mix_in_words(security: Security) -> str:
    """The classes with their weights."""
    return ", ".join(f"{words.percent(weight)} {name}" for name, weight in security.class_mix)


def overlap_pairs(household: Household, *, indexes: bool = True) -> tuple[OverlapPair, ...]:
    """Every two securities with dollars in common, the most dollars first, then the nearest, then by symbol."""
    usd, accounts = _by_symbol(held_usd(household))
    found = []
    for first, second in combinations(sorted(usd), 2):
        one, other = household.security(first), household.security(second)
        kind, subject = nearness(one, other, indexes=indexes)
        if not kind:
            continue
        common = _common_usd(kind, (one, usd[first]), (other, usd[second]))
        if common >= HALF_A_CENT:
            where = tuple(sorted(accounts[first] | accounts[second]))
            found.append(OverlapPair(kind, first, second, subject, usd[first], usd[second], common, where))
    return tuple(sorted(found, key=lambda pair: (-round(pair.common_usd, 2), NEAREST.index(pair.kind), pair.first,
                                                 pair.second)))  # fmt: skip


def near_clusters(household: Household, *, indexes: bool = True) -> tuple[tuple[str, ...], ...]:
    """Held securities that could be held as one: of one identical group, of one index, or funds of one class mix."""
    usd, _ = _by_symbol(held_usd(household))
    symbols = sorted(symbol for symbol, dollars in usd.items() if dollars > 0.0)
    root = {symbol: symbol for symbol in symbols}

    def top(symbol: str) -> str:
        while root[symbol] != symbol:
            symbol = root[symbol]
        return symbol

    for first, second in combinations(symbols, 2):
        one, other = household.security(first), household.security(second)
        if could_be_one(one, other, indexes=indexes):
            low, high = sorted((top(first), top(second)))
            root[high] = low
    clusters: dict[str, list[str]] = defaultdict(list)
    for symbol in symbols:
        clusters[top(symbol)].append(symbol)
    return tuple(tuple(members) for members in clusters.values() if len(members) > 1)


def could_be_one(one: Security, other: Security, *, indexes: bool = True) -> str:
    """The kind by which one could stand for the other, "" where none does."""
    kind, _ = nearness(one, other, indexes=indexes)
    return "" if kind == SHARED_CLASSES else kind


def _by_symbol(held: Mapping[tuple[str, str], float]) -> tuple[dict[str, float], dict[str, set[str]]]:
    usd: dict[str, float] = defaultdict(float)
    accounts: dict[str, set[str]] = defaultdict(set)
    for (account, symbol), dollars in held.items():
        usd[symbol] += dollars
        accounts[symbol].add(account)
    return dict(usd), dict(accounts)


def _common_usd(kind: str, *sides: tuple[Security, float]) -> float:
    if kind in (IDENTICAL, SAME_INDEX):
        return min(usd for _, usd in sides)
    (mine, my_usd), (theirs, their_usd) = sides
    others = dict(theirs.class_mix)
    return sum(_smaller(my_usd * weight, their_usd * others.get(name, 0.0)) for name, weight in mine.class_mix)


def _smaller(*dollars: float) -> float:
    return max(0.0, min(dollars))
