"""Bonds quoted per 100 of face whose Price Divisor nobody wrote: read as shares they count a hundred times too much.

Where a market value is given, quantity times price says so. Where none is, what they cost may; else it is mentioned.
"""

import re
from collections.abc import Mapping, Sequence

from rebal_xl.household import Security
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.cusips import is_debt
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import plain_number
from rebal_xl.sheets.tables import SECURITIES

_COUPON = re.compile(r"\d(\.\d+)? ?%")
# Prices per 100 of face; face in hundreds.
_LEAST_PRICE, _MOST_PRICE, _LEAST_FACE = 10.0, 250.0, 100.0
# Value over cost of shares that were a hundred times too many.
_LEAST_TIMES, _MOST_TIMES = 40.0, 250.0


def looks_like_debt(symbol: str) -> bool:
    """Whether a symbol is the CUSIP of a bond, or says a coupon."""
    return is_debt(symbol) or _COUPON.search(symbol) is not None


def check_bonds(rows: Sequence[Row], securities: Mapping[str, Security], sheets: Sheets) -> None:
    """Look at bonds without Price Divisor and market value: an error where their cost tells, else a notice."""
    stated = {row.text("Symbol") for row in sheets.of(SECURITIES) if "Price Divisor" in row.values}
    valued = {row.text("Symbol") for row in rows if row.number_in("Market Value") is not None}
    told: set[str] = set()
    for row in rows:
        symbol, face = row.text("Symbol"), row.number_in("Quantity") or 0.0
        security = securities.get(symbol)
        if security is None or symbol in stated | valued | told or not looks_like_debt(symbol):
            continue
        if abs(face) < _LEAST_FACE or not _LEAST_PRICE <= security.price_usd <= _MOST_PRICE:
            continue
        told.add(symbol)
        value = face * security.unit_usd
        cost = row.number_in("Cost Basis")
        certain = cost is not None and cost > 0.0 and _LEAST_TIMES <= value / cost <= _MOST_TIMES
        beside = f", and cost {plain_number(cost)}" if certain and cost is not None else ""
        (sheets.findings.error if certain else sheets.findings.notice)(
            "price-divisor",
            row.place("Quantity"),
            f"{plain_number(face)} {symbol} at {plain_number(security.price_usd)} are "
            f"{plain_number(round(value, 2))} dollars{beside}; a bond quoted per 100 of face is worth a hundredth of "
            "that.",
            "Write 100 as its Price Divisor in Securities if it is such a bond, else 1.",
        )
