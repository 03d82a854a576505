"""Figures as JSON documents carry them: rounded, no negative zero, null for what is not known."""

import math
from datetime import date


def usd(dollars: float | None) -> float | None:
    """Dollars in cents."""
    return _rounded(dollars, 2)


def weight(share: float | None) -> float | None:
    """Weights and rates, 0..1."""
    return _rounded(share, 10)


def price(dollars: float | None) -> float | None:
    """Dollars a share."""
    return _rounded(dollars, 6)


def quantity(shares: float) -> float | None:
    """Shares."""
    return _rounded(shares, 6)


def day(given: date | None) -> str | None:
    """An ISO date."""
    return given.isoformat() if given else None


def _rounded(number: float | None, decimals: int) -> float | None:
    """JSON has no infinity."""
    if number is None or not math.isfinite(number):
        return None
    return round(float(number), decimals) + 0.0
