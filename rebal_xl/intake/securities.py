"""Securities from Securities, ClassMix, Assumptions and what Holdings itself says of class and price."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from rebal_xl.household import CASH_CLASS, Security
from rebal_xl.intake.book import Sheets, Spellings
from rebal_xl.intake.classes import ClassNames, Mix, class_mixes, given_classes, mix_text
from rebal_xl.intake.known import Known
from rebal_xl.intake.prices import read_prices
from rebal_xl.intake.rows import Row
from rebal_xl.sheets.tables import ASSUMPTIONS, SECURITIES

# ACME 04/17/2026 55.00 C, or the 21 characters of the Options Clearing Corporation
_UNDERLYING, _DAY = r"[A-Z./]{1,6} +", r"(\d{1,2}/\d{1,2}/(\d{4}|\d{2})|\d{1,2} ?[A-Z]{3} ?(\d{4}|\d{2})) +"
OPTION = re.compile(
    rf"{_UNDERLYING}{_DAY}(\$?[\d,.]+ +(C|P|CALL|PUT)|(C|P|CALL|PUT) ?\$?[\d,.]+)|[A-Z]{{1,6}} *\d{{6}}[CP]\d{{8}}"
)
# An option is quoted for one share and covers a hundred.
OPTION_DIVISOR = 0.01
# The class of what is held without one and is never traded.
OTHER_CLASS = "Other"
# Figures that Assumptions may give for a class when the security's own cell is blank: the columns that make them up,
# added and subtracted.
STAND_INS: dict[str, tuple[tuple[str, float], ...]] = {
    "Yield": (("Yield", 1.0),),
    "Qualified %": (("Qualified %", 1.0),),
    "Exempt %": (("Exempt %", 1.0),),
    "Turnover": (("Turnover", 1.0),),
    "Growth": (("Expected Return", 1.0), ("Yield", -1.0)),
}
STALE_PLACE = "Price As Of"


@lru_cache(maxsize=8192)
def is_option(symbol: str) -> bool:
    """True for the name of an option contract."""
    return OPTION.fullmatch(symbol) is not None


def read_securities(sheets: Sheets, held: Sequence[Row], classes: ClassNames) -> dict[str, Security]:
    """Every security that is described or held, by symbol; what lacks class or price is a finding."""
    rows = _described(sheets)
    holders: dict[str, Row] = {}
    for row in held:
        if row.text("Symbol"):
            holders.setdefault(row.text("Symbol"), row)
    known = Known(rows, holders, classes, sheets)
    divisors = {symbol: _divisor(symbol, rows.get(symbol)) for symbol in {*rows, *holders}}
    prices = read_prices(held, divisors, sheets)
    mixes = _mixes(rows, holders, held, classes, known, sheets)
    found: dict[str, Security] = {}
    for symbol in sorted({*rows, *holders}):
        mix = mixes.get(symbol)
        price = prices.get(symbol)
        if price is None and not _price_is_wrong(rows.get(symbol), holders.get(symbol)):
            price = known.price(symbol)
        if price is None:
            _report_price(symbol, rows.get(symbol), holders.get(symbol), sheets)
        if mix is None or price is None:
            continue
        filled = known.fields(symbol, mix)
        found[symbol] = _security(symbol, rows.get(symbol), price, mix, divisors[symbol], filled, sheets)
    known.complete(found)
    _stand_in(found, rows, classes, sheets)
    names = Spellings({*rows, *holders})
    for row in rows.values():
        _check_replacement(row, found, names, sheets)
        _check_shares(row, sheets)
    return found


def _described(sheets: Sheets) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for row in sheets.of(SECURITIES):
        symbol = row.text("Symbol")
        if symbol in rows:
            sheets.findings.error(
                "duplicate-symbol",
                row.place("Symbol"),
                f"{symbol} stands in Securities more than once.",
                "Keep one row.",
            )
        elif symbol:
            rows[symbol] = row
    return rows


def _divisor(symbol: str, row: Row | None) -> float:
    given = row.number_in("Price Divisor") if row else None
    return given or (OPTION_DIVISOR if is_option(symbol) else 1.0)


def _mixes(
    rows: Mapping[str, Row],
    holders: Mapping[str, Row],
    held: Sequence[Row],
    classes: ClassNames,
    known: Known,
    sheets: Sheets,
) -> dict[str, Mix]:
    """Symbol -> class mix: Holdings wins over ClassMix, ClassMix over Securities, Securities over the master."""
    by_holdings, by_mix = given_classes(held, classes, sheets), class_mixes(classes, sheets)
    found: dict[str, Mix] = {}
    open_: list[str] = []
    for symbol in sorted({*rows, *holders}):
        row = rows.get(symbol)
        said: list[tuple[str, Mix, Row]] = []
        if symbol in by_holdings:
            asset_class, holder = by_holdings[symbol]
            said.append(("Holdings", ((asset_class, 1.0),), holder))
        if symbol in by_mix:
            said.append(("ClassMix", *by_mix[symbol]))
        if row is not None and row.text("Asset Class"):
            said.append(("Securities", ((classes.of(row.text("Asset Class")), 1.0),), row))
        if not said and is_option(symbol):
            said.append(("Holdings", ((OTHER_CLASS, 1.0),), holders.get(symbol) or rows[symbol]))
        if not said:
            open_.append(symbol)
            continue
        found[symbol] = said[0][1]
        for where, mix, place in said[1:]:
            if mix != said[0][1]:
                sheets.findings.notice(
                    "class-differs",
                    place.place("Asset Class"),
                    f"{symbol} is {mix_text(mix)} in {where} and {mix_text(said[0][1])} in {said[0][0]}, which counts.",
                )
    given = dict(found)
    for symbol in open_:
        filled = None if _class_is_broken(rows.get(symbol), holders.get(symbol)) else known.mix(symbol, given)
        if filled is None:
            _report_class(symbol, rows.get(symbol), holders.get(symbol), known, Spellings(rows), sheets)
        else:
            found[symbol] = filled
    for symbol, (_, mix_row) in by_mix.items():
        if symbol not in found:
            sheets.findings.notice(
                "mix-not-used",
                mix_row.place("Symbol"),
                f"ClassMix describes {symbol}, which is neither held nor in Securities.",
            )
    return found


def _class_is_broken(*rows: Row | None) -> bool:
    """True when a class is written that could not be read."""
    return any(row is not None and "Asset Class" in row.broken for row in rows)


def _report_class(
    symbol: str, row: Row | None, holder: Row | None, known: Known, names: Spellings, sheets: Sheets
) -> None:
    why, advice = known.unknown_why(symbol)
    if symbol in known.unclear:
        return
    if row is not None:
        sheets.findings.error(
            "no-class",
            row.place("Asset Class"),
            f"{symbol} has no asset class.{why}",
            advice or "Write its class in Securities, or give its mix in ClassMix.",
        )
    elif holder is not None and "Asset Class" not in holder.broken:
        sheets.findings.error(
            "unknown-symbol",
            holder.place("Symbol"),
            f"{symbol} is held but has no asset class anywhere.{names.hint(symbol)}{why}",
            advice or "Add it to Securities with its class and price, or correct the symbol.",
        )


def _report_price(symbol: str, row: Row | None, holder: Row | None, sheets: Sheets) -> None:
    at = row or holder
    if at is None or _price_is_wrong(row, holder):
        return
    sheets.findings.error(
        "missing-price",
        at.place("Price") if "Price" in at.region.columns else at.place("Symbol"),
        f"{symbol} has no price.",
        "Write its price in Securities, or in the column Price of Holdings.",
    )


def _price_is_wrong(*rows: Row | None) -> bool:
    """True when a price is written that is none, which is reported where it was read."""
    for row in filter(None, rows):
        price = row.number_in("Price")
        if "Price" in row.broken or (price is not None and price <= 0.0):
            return True
    return False


def _security(
    symbol: str,
    row: Row | None,
    price: float,
    mix: Mix,
    divisor: float,
    filled: Mapping[str, Any],
    sheets: Sheets,
) -> Security:
    """A security from its own cells, then from what the security master filled in."""
    values: dict[str, Any] = {**filled, **(row.fields() if row else {})}
    values |= {"symbol": symbol, "price_usd": price, "class_mix": mix, "price_divisor": divisor}
    for field in ("rank_taxable", "rank_deferred", "rank_roth"):
        if field in values:
            values[field] = int(values[field])
    if row is not None:
        if row.flag("Whole Shares") is False:
            values["lot_size"] = 0.0
        _check_price_day(row, sheets)
    elif is_option(symbol):
        values["do_not_buy"] = True
    return Security(**values)


def _check_price_day(row: Row, sheets: Sheets) -> None:
    day = row.day(STALE_PLACE)
    if day is None:
        return
    stale = sheets.settings.get("Stale Price Days")
    most = 5 if stale is None else int(stale)
    days = (sheets.as_of - day).days
    if days < 0:
        sheets.findings.notice(
            "price-ahead",
            row.place(STALE_PLACE),
            f"The price of {row.text('Symbol')} is of {day:%m/%d/%Y}, after the as-of date {sheets.as_of:%m/%d/%Y}.",
            "Check the setting As Of.",
        )
    elif days > most:
        sheets.findings.notice(
            "stale-price",
            row.place(STALE_PLACE),
            f"The price of {row.text('Symbol')} is {days} days old ({day:%m/%d/%Y}).",
            "Update it before trading.",
        )


def _check_replacement(row: Row, found: Mapping[str, Security], known: Spellings, sheets: Sheets) -> None:
    symbol, replacement = row.text("Symbol"), row.text("Replacement")
    if not replacement:
        return
    if replacement not in known.names:
        sheets.findings.error(
            "unknown-symbol",
            row.place("Replacement"),
            f"The replacement {replacement} of {symbol} is no known security.{known.hint(replacement)}",
            "Add it to Securities, or correct the symbol.",
        )
    elif symbol in found and replacement in found and found[symbol].group == found[replacement].group:
        sheets.findings.error(
            "identical-replacement",
            row.place("Replacement"),
            f"{replacement} is substantially identical to {symbol}, so that buying it would wash the loss.",
            "Name a security of another identical group.",
        )


def _check_shares(row: Row, sheets: Sheets) -> None:
    parts = [row.number_in(name) or 0.0 for name in ("Qualified %", "Exempt %", "199A %")]
    if sum(parts) > 1.0 + 1e-9:
        sheets.findings.error(
            "shares-exceed-whole",
            row.place("Qualified %"),
            f"Qualified %, Exempt % and 199A % of {row.text('Symbol')} sum to more than 100 % of its distributions.",
            "They are parts of one whole.",
        )


def read_cash_yield(classes: ClassNames, sheets: Sheets) -> float:
    """Interest of cash a year as Assumptions gives it for the class Cash, 0 when it does not."""
    row = _assumptions(classes, sheets).get(CASH_CLASS)
    return (row.number_in("Yield") if row else None) or 0.0


def _assumptions(classes: ClassNames, sheets: Sheets) -> dict[str, Row]:
    return {classes.of(row.text("Asset Class")): row for row in sheets.of(ASSUMPTIONS)}


def _assumed(row: Row | None, name: str) -> float | None:
    """The figure of a class, None when a column that makes it up is blank."""
    parts = [(row.number_in(column) if row else None, sign) for column, sign in STAND_INS[name]]
    if any(part is None for part, _ in parts):
        return None
    return sum((part or 0.0) * sign for part, sign in parts)


def _stand_in(found: dict[str, Security], rows: Mapping[str, Row], classes: ClassNames, sheets: Sheets) -> None:
    """Give securities the yields and the growth of their classes where their own cells are blank."""
    assumed = _assumptions(classes, sheets)
    if not assumed:
        return
    fields = {column.name: column.field for column in SECURITIES.columns}
    for symbol, security in found.items():
        row = rows.get(symbol)
        values: dict[str, Any] = {}
        for name in STAND_INS:
            if row is not None and (name in row.values or name in row.broken):
                continue
            parts = [(_assumed(assumed.get(each), name), weight) for each, weight in security.class_mix]
            if all(part is not None for part, _ in parts):
                values[fields[name]] = sum((part or 0.0) * weight for part, weight in parts)
        if values:
            found[symbol] = replace(security, **values)
