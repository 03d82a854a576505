"""One price for each security: Securities and every row of Holdings may give it, and must agree.

Exports of two custodians are minutes apart, so that a small difference is a notice; a large one is a typing error
that nobody should trade on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rebal_xl.intake.book import Sheets
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import plain_number
from rebal_xl.sheets.tables import SECURITIES

# Relative difference of two prices of one security that two exports of one day explain, and one that rounding does.
SAME_DAY = 0.005
ROUNDED = 0.00001
HALF_A_CENT = 0.0050001


@dataclass(frozen=True, slots=True)
class Quoted:
    """A price where somebody wrote it."""

    price: float
    row: Row
    # shares priced by that row; 0 for Securities
    quantity: float


def read_prices(held: Sequence[Row], divisors: Mapping[str, float], sheets: Sheets) -> dict[str, float]:
    """Symbol -> its quoted price; a symbol whose price is missing or impossible is left out."""
    quotes: dict[str, list[Quoted]] = {}
    for row in sheets.of(SECURITIES):
        _add(quotes, row, 0.0, sheets)
    for row in held:
        if "Price" in row.values:
            _add(quotes, row, abs(row.number_in("Quantity") or 0.0), sheets)
    prices = {symbol: _agreed(symbol, quoted, sheets) for symbol, quoted in quotes.items()}
    for symbol, price in _from_values(held, prices, divisors, sheets):
        prices[symbol] = price
    return prices


def _add(quotes: dict[str, list[Quoted]], row: Row, quantity: float, sheets: Sheets) -> None:
    price, symbol = row.number_in("Price"), row.text("Symbol")
    if price is None or not symbol:
        return
    if price == 0.0:
        sheets.findings.error(
            "zero-price",
            row.place("Price"),
            f"The price of {symbol} is zero.",
            "Write its price; leave out a worthless security, or write the cent it may still fetch.",
        )
    if price > 0.0:
        quotes.setdefault(symbol, []).append(Quoted(price, row, quantity))


def _agreed(symbol: str, quoted: list[Quoted], sheets: Sheets) -> float:
    """The price to use: that of Securities, else that of the most shares."""
    shares: dict[float, float] = {}
    for each in quoted:
        shares[each.price] = shares.get(each.price, 0.0) + each.quantity
    master = [each.price for each in quoted if each.row.region.table is SECURITIES]
    used = master[0] if master else min(shares, key=lambda price: (-shares[price], price))
    used_at = next(each.row.place("Price") for each in quoted if each.price == used)
    differing = [each for each in quoted if not _same(each.price, used)]
    for each in differing:
        if abs(each.price - used) > SAME_DAY * used:
            sheets.findings.error(
                "price-conflict",
                each.row.place("Price"),
                f"{symbol} costs {plain_number(each.price)} here and {plain_number(used)} in "
                f"{used_at.sheet}!{used_at.cell}.",
                "Correct one, or delete the one in Holdings.",
            )
    near = [each for each in differing if abs(each.price - used) <= SAME_DAY * used]
    if near:
        sheets.findings.notice(
            "price-differs",
            near[0].row.place("Price"),
            f"{symbol} costs {plain_number(near[0].price)} here; {plain_number(used)} is used.",
        )
    return used


def _same(one: float, other: float) -> bool:
    """The same price, one of them perhaps rounded to cents."""
    return abs(one - other) <= max(ROUNDED * other, HALF_A_CENT)


def _from_values(
    held: Sequence[Row], prices: Mapping[str, float], divisors: Mapping[str, float], sheets: Sheets
) -> Iterable[tuple[str, float]]:
    """Prices that only a market value tells."""
    values: dict[str, list[tuple[float, float, Row]]] = {}
    for row in held:
        if "Market Value" not in row.values:
            continue
        symbol, quantity, value = row.text("Symbol"), row.number_in("Quantity"), row.number_in("Market Value")
        if symbol and symbol not in prices and quantity and value and value / quantity > 0.0:
            values.setdefault(symbol, []).append((quantity, value, row))
    for symbol, found in values.items():
        if any("Price" in row.broken for _, _, row in found):
            continue
        # The largest position tells the price with the least rounding.
        quantity, value, row = max(found, key=lambda each: (abs(each[0]), each[1]))
        price = value / quantity * divisors.get(symbol, 1.0)
        sheets.findings.notice(
            "price-from-value",
            row.place("Market Value"),
            f"{symbol} has no price; {plain_number(round(price, 4))} follows from its market value and quantity.",
        )
        yield symbol, price
