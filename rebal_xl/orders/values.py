"""Values as an order file carries them: numbers cut, never rounded up beyond what is held or paid for; text that no
spreadsheet takes for a formula; and names that a custodian's program can only read one way."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from rebal_xl.sheets.cells import FORMULA_SIGNS

# Symbols and CUSIPs as exchanges and custodians write them: BRK.B, BF/B, 912828XX1, ACME 04/17/2026 55.00 C is none.
SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,29}")
NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?")
SYMBOL_TOLD = "capital letters, digits, '.', '/' and '-', beginning with a letter or digit"
NUMBER_TOLD = "letters and digits, hyphens between them, no more than 20"
# Digits of a quantity that mean something; the rest is a float's dust.
_SHARE_DIGITS = 6


def shares(quantity: float, decimals: int = _SHARE_DIGITS) -> Decimal:
    """A quantity cut to so many decimals."""
    exact = Decimal(repr(quantity)).quantize(Decimal(1).scaleb(-_SHARE_DIGITS), ROUND_HALF_EVEN)
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)


def plain(number: Decimal) -> str:
    """A number without exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(usd: float, decimals: int = 2) -> str:
    """Dollars with so many decimals, no negative zero."""
    return f"{Decimal(repr(usd + 0.0)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN) + 0:.{decimals}f}"


def price(usd: float, decimals: int = 4) -> str:
    """A price with at least two and at most so many decimals."""
    text = f"{Decimal(repr(usd)).quantize(Decimal(1).scaleb(-max(2, decimals)), ROUND_HALF_EVEN):f}"
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.rstrip('0').ljust(2, '0')}"


def day(given: date | None, pattern: str) -> str:
    """A day by a pattern of MM, DD, YYYY and YY; "" for none."""
    if given is None:
        return ""
    text = pattern.replace("YYYY", f"{given.year:04d}").replace("YY", f"{given.year % 100:02d}")
    return text.replace("MM", f"{given.month:02d}").replace("DD", f"{given.day:02d}")


def free_text(text: str) -> str:
    """Text on one line; an apostrophe goes before what a spreadsheet would calculate."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA_SIGNS) else line
