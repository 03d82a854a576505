"""
Fidelity: every row carries its account's number and name, and names repeat ("Individual - TOD" twice).

Files of lots carry the name alone. Core cash funds are marked with `**`; `Type` is the margin type, no kind of
security; options are written -ACME260417C55.
"""

from __future__ import annotations

import re

from rebal_xl.intake.custodians.layout import Layout, Section, Shaped
from rebal_xl.sheets.grid import Cell

_OPTION = re.compile(r"-?([A-Z]{1,6})(\d\d)(\d\d)(\d\d)([CP])(\d+(?:\.\d+)?)")


def _positions(section: Section, shaped: Shaped) -> None:
    numbers: dict[str, list[str]] = {}
    for row in section.data_rows():
        name, number = section.text(row, "accountname"), section.text(row, "accountnumber")
        if name and number and number not in numbers.setdefault(name, []):
            numbers[name].append(number)
    for name, found in numbers.items():
        if len(found) == 1:
            shaped.numbers[name] = found[0]
        else:
            shaped.shared[name] = found
            shaped.numbers |= {number: number for number in found}
    for row in section.data_rows():
        if section.text(row, "accountname") in shaped.shared:
            # The name says nothing, so that the number stands in for it.
            shaped.cells[row, section.columns["accountname"]] = Cell(section.text(row, "accountnumber"))
    _without_number(section, shaped)
    _options(section, shaped)


def _without_number(section: Section, shaped: Shaped) -> None:
    # It is read already; a second column for the account would only be mentioned.
    shaped.cells[section.header_row, section.columns["accountnumber"]] = Cell("Number at the custodian")


def _options(section: Section, shaped: Shaped) -> None:
    for row in section.data_rows():
        option = _OPTION.fullmatch(section.text(row, "symbol"))
        if option is not None:
            root, year, month, day, side, strike = option.groups()
            symbol = f"{root} {month}/{day}/20{year} {strike} {side}"
            shaped.cells[row, section.columns["symbol"]] = Cell(symbol)


LAYOUTS = (
    Layout(
        "Fidelity positions",
        frozenset({"accountnumber", "accountname", "symbol", "quantity", "currentvalue", "costbasistotal"}),
        _positions,
    ),
    Layout(
        "Fidelity lots",
        frozenset({"accountname", "symbol", "acquired", "term", "currentvalue", "costbasistotal"}),
        _options,
    ),
)
