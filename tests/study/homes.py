"""Households and markets for the stories of the study: stocks and bonds, few words to change one thing."""

from typing import Any

import numpy as np

from rebal_xl.household import StudyTax, Target
from rebal_xl.study.book import Book, Terms
from rebal_xl.study.goals import Bands
from rebal_xl.study.simulate import Start

# 37 % on short-term, 20 % on long-term gain, a quarter on income, $3,000 of losses a year against other income
TAX = StudyTax(short_gain=0.37, long_gain=0.20, ordinary=0.25, loss_limit_usd=3_000.0)
NO_TAX = StudyTax(0.0, 0.0, 0.0, 0.0)


def terms(classes: int = 2, **more: Any) -> Terms:
    """Taxed as above; nothing is paid out, trading is free, everything sheltered is Roth."""
    nothing = np.zeros(classes)
    given = {"tax": TAX, "payout": nothing, "payout_tax": nothing, "half_spread": nothing, "deferred_share": 0.0}
    return Terms(**{**given, **{name: _array(value) for name, value in more.items()}})


def _array(value: Any) -> Any:
    return np.array(value, dtype=float) if isinstance(value, list) else value


def book(taxable: list[float], basis: list[float], sheltered: list[float], **more: Any) -> Book:
    """One household as a book of one row."""
    rows = (np.array([row], dtype=float) for row in (taxable, basis, sheltered))
    return Book(terms(len(taxable), **more), *rows)


def start(
    targets: list[Target], total: float = 1_000_000.0, taxable: float = 1.0, gain: float = 0.0, **more: Any
) -> Start:
    """At target, the same mix in both parts; `gain` is the part of the taxable value that is gain."""
    weights = np.array([target.weight for target in targets])
    size = len(targets)
    return Start(
        terms=terms(size, **more),
        bands=Bands.of(targets),
        taxable=total * taxable * weights,
        basis=total * taxable * weights * (1.0 - gain),
        sheltered=total * (1.0 - taxable) * weights,
        expected=np.zeros(size),
        covariance=np.zeros((size, size)),
    )


def sixty_forty() -> list[Target]:
    """60 % stocks and 40 % bonds with our default bands: 48-72 and 32-48, destinations half as far."""
    return [Target("Stocks", 0.6), Target("Bonds", 0.4)]
