"""One spelling for a share class: custodians write BRK.B, BRK/B, BRK-B, BRK B and BRKB for the same shares.

Left apart they would be two securities: a loss on one would not be washed by a purchase of the other, and an import
would bring a second position.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import SYMBOL_COLUMNS, Row
from rebal_xl.intake.values import Value, listed, squeeze
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import HOLDINGS, INPUT_TABLES, SECURITIES

# A ticker and, behind a mark, the letter of its class; without the mark one word.
_CLASS = re.compile(r"[A-Z]{1,5}[ ./-][A-Z]")
_TICKER = re.compile(r"[A-Z]{2,6}|[A-Z]{1,5}[ ./-][A-Z]")
_LISTS = {table.name: [c.name for c in table.columns if c.kind is Kind.SYMBOLS] for table in INPUT_TABLES}


def spellings_of(symbols: Iterable[str]) -> dict[str, str]:
    """Symbol -> the spelling of it that counts, the first of several; symbols that have one spelling are left out."""
    forms: dict[str, list[str]] = {}
    for symbol in dict.fromkeys(symbols):
        if _TICKER.fullmatch(symbol):
            forms.setdefault(squeeze(symbol), []).append(symbol)
    return {
        symbol: alike[0]
        for alike in forms.values()
        if len(alike) > 1 and any(map(_CLASS.fullmatch, alike))
        for symbol in alike[1:]
    }


def symbols_of(rows: Iterable[Row]) -> list[str]:
    """The symbols of rows, each once, in their order."""
    return list(dict.fromkeys(filter(None, (row.text("Symbol") for row in rows))))


def respelt(row: Row, spelling: Mapping[str, str]) -> Row:
    """The row with the spellings that count."""
    changed: dict[str, Value] = {}
    for name in SYMBOL_COLUMNS:
        if row.text(name) in spelling:
            changed[name] = spelling[row.text(name)]
    for name in _LISTS.get(row.region.table.name, ()):
        symbols = row.values.get(name)
        if isinstance(symbols, tuple) and not spelling.keys().isdisjoint(symbols):
            changed[name] = tuple(sorted({spelling.get(symbol, symbol) for symbol in symbols}))
    return row._replace(values={**row.values, **changed}) if changed else row


def one_spelling(
    tables: Mapping[str, Sequence[Row]], findings: Findings, known: Iterable[str] = ()
) -> dict[str, tuple[Row, ...]]:
    """The rows of tables with one spelling for each share class: that of `known`, Securities, Holdings, in this order.

    Every other spelling is a notice at its first row.
    """
    first = [name for name in (SECURITIES.name, HOLDINGS.name) if name in tables]
    rows = [row for name in dict.fromkeys((*first, *tables)) for row in tables[name]]
    spelling = spellings_of((*known, *symbols_of(rows)))
    if not spelling:
        return {name: tuple(held) for name, held in tables.items()}
    told: dict[str, Row] = {}
    for row in rows:
        if row.text("Symbol") in spelling:
            told.setdefault(row.text("Symbol"), row)
    for written, row in told.items():
        others = listed([other for other in told if spelling[other] == spelling[written]], "and")
        findings.notice(
            "one-share-class",
            row.place("Symbol"),
            f"{others} and {spelling[written]} are spellings of one share class: read as {spelling[written]}.",
            "Write it in one way if you like; nothing to do otherwise.",
        )
    return {name: tuple(respelt(row, spelling) for row in held) for name, held in tables.items()}
