"""Stand-ins for what a question does not depend on: asset classes where it is about lots alone, prices for days.

They are given only where nothing was said: a table of securities that lacks a price is still asked for it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from rebal_xl.intake.find import Region
from rebal_xl.intake.values import clean, split_core_mark
from rebal_xl.sheets.grid import Cell, Grid
from rebal_xl.sheets.schema import Table
from rebal_xl.sheets.tables import ACCOUNTS, CLASS_MIX, HOLDINGS, SECURITIES

CLASS, PRICE = "Asset Class", "Price"
OTHER_CLASS = "Other"
# Whatever was paid, it was more: what is held counts as held at a loss, so that nobody is told too little.
LEAST_PRICE = 0.01

Regions = Mapping[str, tuple[Region, ...]]


def with_stand_ins(regions: Regions, wanted: Collection[str]) -> dict[str, tuple[Region, ...]]:
    """The tables with what a question may do without.

    Where no securities are given, menus are not read: nobody could say whether they name any.
    """
    found = dict(regions)
    if SECURITIES.name not in regions:
        if ACCOUNTS.name in regions:
            found[ACCOUNTS.name] = tuple(_without(region, "Menu") for region in regions[ACCOUNTS.name])
        if PRICE in wanted and not _gives_prices(regions):
            found[SECURITIES.name] = (_table(SECURITIES, regions, {CLASS: OTHER_CLASS, PRICE: LEAST_PRICE}),)
    if CLASS in wanted and CLASS_MIX.name not in regions:
        found[CLASS_MIX.name] = (_table(CLASS_MIX, regions, {CLASS: OTHER_CLASS, "Weight": 1.0}),)
    return found


def _without(region: Region, column: str) -> Region:
    return replace(region, columns={name: number for name, number in region.columns.items() if name != column})


def _gives_prices(regions: Regions) -> bool:
    return any({PRICE, "Market Value"} & set(region.columns) for region in regions.get(HOLDINGS.name, ()))


def _table(table: Table, regions: Regions, values: Mapping[str, str | float]) -> Region:
    """A table with a row for every symbol that is held or described."""
    symbols = sorted({symbol for known in (HOLDINGS, SECURITIES) for symbol in _symbols(regions.get(known.name, ()))})
    columns = ["Symbol", *values]
    cells = {
        (row, column): Cell(value)
        for row, symbol in enumerate(symbols, 1)
        for column, value in enumerate([symbol, *values.values()], 1)
    }
    numbers = {name: number for number, name in enumerate(columns, 1)}
    headers = dict(enumerate(columns, 1))
    return Region(table, Grid("", cells, kind="values"), 0, numbers, headers, len(symbols), fenced=True)


def _symbols(regions: Collection[Region]) -> Iterator[str]:
    for region in regions:
        number = region.columns.get("Symbol")
        for (row, column), cell in region.grid.cells.items():
            if column == number and row > region.header_row and isinstance(cell.value, str):
                symbol = split_core_mark(clean(cell.value).upper())[0]
                if symbol:
                    yield symbol
