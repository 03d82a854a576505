"""Counts of shares as an advisor reads them: never in powers of ten, never with zeros that say nothing."""

# Shares are known to a millionth.
DECIMALS = 6


def shares_in_words(quantity: float) -> str:
    """Shares, or dollars of a bond's face: `1,234,567`, `0.125`; at most six decimals, none that are zero."""
    text = f"{quantity:,.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
