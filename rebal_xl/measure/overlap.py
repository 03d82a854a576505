"""Overlap: what a household holds in more than one place, under one name or under several.

Four kinds, each with its dollars and its share of everything held: the same security in several accounts,
substantially identical securities side by side, funds that track one index by the security master, and an asset class
that several securities carry, funds of several classes looked through. Every account counts, since a wash sale knows
no target. Which two securities overlap, and how far, is in overlap_pairs.py.
"""

from collections import defaultdict

from rebal_xl.household import Household
from rebal_xl.household.overlap import IDENTICAL, SAME_CLASS, SAME_INDEX, SAME_SECURITY, Overlap
from rebal_xl.measure.security_master import security_master

# Less than this is rounding of a sum, not a holding.
HALF_A_CENT = 0.005


def index_of(symbol: str) -> str:
    """The index that a fund tracks by the security master, "" where it is active or not known."""
    known = security_master().get(symbol)
    return known.index_tracked if known else ""


def held_usd(household: Household) -> dict[tuple[str, str], float]:
    """Dollars by account and symbol, in that order; what is held and sold short in equal parts is not there."""
    held: dict[tuple[str, str], float] = defaultdict(float)
    for lot in household.lots:
        held[lot.account, lot.symbol] += household.value_usd(lot)
    return {position: usd for position, usd in sorted(held.items()) if abs(usd) >= HALF_A_CENT}


def measure_overlap(household: Household, *, indexes: bool = True) -> tuple[Overlap, ...]:
    """Everything held in several places: securities, identical groups, indexes, then classes, the largest first.

    Without `indexes` the security master is not asked.
    """
    total = sum(household.account_value_usd(account.name) for account in household.accounts)
    same, identical, tracked, classes = (_Gathered(total) for _ in range(4))
    for (account, symbol), usd in held_usd(household).items():
        security = household.security(symbol)
        same.add(symbol, account, symbol, usd)
        identical.add(security.group, account, symbol, usd)
        if indexes and (index := index_of(symbol)):
            tracked.add(index, account, symbol, usd)
        for asset_class, weight in security.class_mix:
            classes.add(asset_class, account, symbol, usd * weight)
    groups = [one for one in identical.found(IDENTICAL) if len(one.symbols) > 1]
    told = {one.symbols for one in groups}
    return (
        *(one for one in same.found(SAME_SECURITY) if len(one.accounts) > 1),
        *groups,
        # what is one identical group anyway is not told twice
        *(one for one in tracked.found(SAME_INDEX) if len(one.symbols) > 1 and one.symbols not in told),
        *(one for one in classes.found(SAME_CLASS) if len(one.symbols) > 1),
    )


class _Gathered:
    """Positions by what they have in common."""

    def __init__(self, total_usd: float) -> None:
        self.total_usd = total_usd
        self._usd: dict[str, float] = defaultdict(float)
        self._symbols: dict[str, set[str]] = defaultdict(set)
        self._accounts: dict[str, set[str]] = defaultdict(set)

    def add(self, subject: str, account: str, symbol: str, usd: float) -> None:
        self._usd[subject] += usd
        self._symbols[subject].add(symbol)
        self._accounts[subject].add(account)

    def found(self, kind: str) -> list[Overlap]:
        return [
            Overlap(
                kind,
                subject,
                tuple(sorted(self._symbols[subject])),
                tuple(sorted(self._accounts[subject])),
                usd,
                usd / self.total_usd if self.total_usd > 0.0 else 0.0,
            )
            for subject, usd in sorted(self._usd.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
