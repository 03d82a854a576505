"""Columns that result tables have in common: dollars with and without cents, and percents, each shown in one way."""

from rebal_xl.sheets import formats
from rebal_xl.sheets.schema import Column, Kind


def money(name: str, note: str, field: str = "") -> Column:
    """Dollars and cents."""
    return Column(name, Kind.MONEY, note, number_format=formats.DOLLARS, field=field)


def whole_money(name: str, note: str) -> Column:
    """Dollars without cents, for summaries."""
    return Column(name, Kind.MONEY, note, number_format=formats.WHOLE_DOLLARS)


def rate(name: str, note: str, field: str = "", *, signed: bool = False) -> Column:
    """A weight or a rate (0..1) as a percent; `signed` where its sign is part of the message."""
    shown = formats.SIGNED_PERCENT if signed else formats.PERCENT
    return Column(name, Kind.PERCENT, note, number_format=shown, field=field)
