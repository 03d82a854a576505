"""Figures as people read them: dollars with separators, a minus sign for what is lost, never a negative zero."""

import math
from collections.abc import Iterable

# Shares are traded in thousandths; finer quantities (coins) show what they need.
SHARE_DECIMALS = (0, 3, 6)
CENTS_BELOW_USD = 10_000.0


def cents(usd: float) -> str:
    """1,234.50 or -1,234.50."""
    return f"{round(usd, 2) + 0.0:,.2f}"


def whole(usd: float) -> str:
    """1,235 or -1,235."""
    return f"{round(usd) + 0:,d}"


def dollars(usd: float) -> str:
    """$1,234.50 or -$1,234.50, for a sentence."""
    rounded = round(usd, 2) + 0.0
    return f"-${-rounded:,.2f}" if rounded < 0 else f"${rounded:,.2f}"


def short(usd: float) -> str:
    """Dollars for a line with little room: cents only below $10,000."""
    return dollars(usd) if abs(usd) < CENTS_BELOW_USD else dollars(round(usd))[: -len(".00")]


def signed(usd: float) -> str:
    """+1,234.50, -1,234.50 or 0.00: a change."""
    rounded = round(usd, 2) + 0.0
    return f"{rounded:+,.2f}" if rounded else "0.00"


def percent(weight: float) -> str:
    """44.65%."""
    return f"{round(100 * weight, 2) + 0.0:.2f}%"


def tenths(weight: float) -> str:
    """44.7%."""
    return f"{round(100 * weight, 1) + 0.0:.1f}%"


def signed_percent(weight: float) -> str:
    """+14.65%, -1.00% or 0.00%."""
    rounded = round(100 * weight, 2) + 0.0
    return f"{rounded:+.2f}%" if rounded else "0.00%"


def band(low: float | None, high: float | None) -> str:
    """24.0 - 36.0%, empty for a class without band."""
    if low is None or high is None:
        return ""
    return f"{100 * low + 0.0:.1f} - {100 * high:.1f}%"


def share_decimals(quantities: Iterable[float]) -> int:
    """How many decimals a column of quantities needs, so that its points stand below each other."""
    held = list(quantities)
    for decimals in SHARE_DECIMALS:
        if all(abs(quantity - round(quantity, decimals)) < 5e-7 for quantity in held):
            return decimals
    return SHARE_DECIMALS[-1]


def at_most(usd: float) -> str:
    """Dollars rounded up: what a proof may claim."""
    return f"${math.ceil(round(usd, 2)):,d}"


def count(number: int, noun: str) -> str:
    """1 trade, 2 trades."""
    return f"{number:,d} {noun}" + ("" if number == 1 else "s")
