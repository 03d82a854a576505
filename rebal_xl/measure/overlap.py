"""Overlap: what a household holds in more than one place, under one name or under several.

Three kinds, each with its dollars and its share of everything held: the same security in several accounts,
substantially identical securities side by side, and an asset class that several securities carry, funds of several
classes looked through. Every account counts, since a wash sale knows no target.
"""

from collections import defaultdict
from dataclasses import dataclass

from rebal_xl.household import Household

# Less than this is rounding of a sum, not a holding.
HALF_A_CENT = 0.005
SAME_SECURITY = "Same security"
IDENTICAL = "Substantially identical"
SAME_CLASS = "Same asset class"


@dataclass(frozen=True, slots=True)
class Overlap:
    """One thing that is held in several places."""

    # one of the three kinds above
    kind: str
    # the symbol, the identical group, or the asset class
    subject: str
    # what is held of it, and where
    symbols: tuple[str, ...]
    accounts: tuple[str, ...]
    # of a class: its part of each security
    value_usd: float
    # of all that the household holds, cash included (0..1)
    share: float


def measure_overlap(household: Household) -> tuple[Overlap, ...]:
    """Everything held in several places: securities, then identical groups, then classes, the largest first."""
    held: dict[tuple[str, str], float] = defaultdict(float)
    for lot in household.lots:
        held[lot.account, lot.symbol] += household.value_usd(lot)
    held = {position: usd for position, usd in held.items() if abs(usd) >= HALF_A_CENT}
    total = sum(household.account_value_usd(account.name) for account in household.accounts)
    same, identical, classes = _Gathered(total), _Gathered(total), _Gathered(total)
    for (account, symbol), usd in sorted(held.items()):
        security = household.security(symbol)
        same.add(symbol, account, symbol, usd)
        identical.add(security.group, account, symbol, usd)
        for asset_class, weight in security.class_mix:
            classes.add(asset_class, account, symbol, usd * weight)
    return (
        *(one for one in same.found(SAME_SECURITY) if len(one.accounts) > 1),
        *(one for one in identical.found(IDENTICAL) if len(one.symbols) > 1),
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
