"""Whether shares times price make a market value: prices are rounded to cents, and bonds are quoted per 100 of face."""

from collections.abc import Sequence

# Dollars that a price rounded to cents may be off by for each share, and the part of a value that does not matter.
ROUNDED_USD, ROUNDED_SHARE = 0.005, 0.005
# Dollars that two roundings to cents may be off by.
CENTS_USD = 0.02
# What the dollars of one are multiplied by: shares; bonds per 100 of face; options on 100 shares.
SHARES, BONDS, OPTIONS = 1.0, 0.01, 100.0


def room_usd(shares: float, value_usd: float, factor: float = SHARES) -> float:
    """Dollars by which shares times price times `factor` may miss a market value that is right."""
    return max(CENTS_USD + ROUNDED_USD * abs(shares) * factor, ROUNDED_SHARE * abs(value_usd))


def makes(shares: float, price_usd: float, value_usd: float, factors: Sequence[float]) -> bool:
    """Whether shares times price make a market value by one of the factors."""
    return any(
        abs(shares * price_usd * factor - value_usd) <= room_usd(shares, value_usd, factor) for factor in factors
    )
