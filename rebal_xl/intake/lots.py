"""Lots seen together: the positions they make, split fills, and a name for every lot.

A lot without a name of its own gets one from its day and its place among the lots of its position, in an order
that does not depend on the rows of the sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, fields, make_dataclass
from typing import Any

from rebal_xl.household import Lot
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import plain_number

PlacedLot = tuple[Lot, Row]
# Account and symbol -> their lots, in the order of the sheet.
Positions = dict[tuple[str, str], list[PlacedLot]]
_NAMES = [each.name for each in fields(Lot)]
# A lot that anybody may fill.
_Open: Any = make_dataclass(
    "_Open", [(each.name, each.type, field(default=each.default)) for each in fields(Lot)], slots=True
)
# Cost of a share that two fills have in common, in dollars.
SAME_COST_DIGITS = 2


def lot_of(values: Mapping[str, object]) -> Lot:
    """`Lot(**values)` in a third of the time: a frozen dataclass fills its fields slowly, and there are thousands."""
    lot: Lot = _Open(**values)
    object.__setattr__(lot, "__class__", Lot)
    return lot


def check_positions(positions: Positions, sheets: Sheets) -> None:
    """Check what the lots of one account and symbol say together."""
    for position in positions.values():
        _check_holds(position, sheets)
        _check_split_fills(position, sheets)


def _check_holds(position: Sequence[PlacedLot], sheets: Sheets) -> None:
    for column, values in (
        ("Min Hold", {lot.min_hold for lot, _ in position} - {None}),
        ("Max Hold", {lot.max_hold for lot, _ in position} - {None}),
    ):
        if len(values) > 1:
            row = next(row for _, row in reversed(position) if row.number_in(column) is not None)
            sheets.findings.error(
                "hold-conflict",
                row.place(column),
                f"The rows of {position[0][0].symbol} in {position[0][0].account} give different numbers for {column}.",
                "It is about the whole position: give it once, or the same on every row.",
            )
    least = [lot.min_hold for lot, _ in position if lot.min_hold is not None]
    most = [lot.max_hold for lot, _ in position if lot.max_hold is not None]
    if least and most and max(least) > min(most):
        row = next(row for lot, row in position if lot.min_hold is not None)
        sheets.findings.error(
            "hold-conflict",
            row.place("Min Hold"),
            f"{position[0][0].symbol} in {position[0][0].account} is to hold at least {plain_number(max(least))} and "
            f"at most {plain_number(min(most))} shares.",
            "Let Min Hold be no more than Max Hold.",
        )


def _check_split_fills(position: Sequence[PlacedLot], sheets: Sheets) -> None:
    priced = [placed for placed in position if placed[0].acquired is not None and placed[0].basis_usd is not None]
    days = [(lot.acquired, round((lot.basis_usd or 0.0) / lot.quantity, SAME_COST_DIGITS)) for lot, _ in priced]
    if len(set(days)) == len(days):
        return
    fills: dict[object, list[PlacedLot]] = {}
    for day, placed in zip(days, priced, strict=True):
        fills.setdefault(day, []).append(placed)
    split = [group for group in fills.values() if len(group) > 1]
    lot, row = split[0][0]
    count = sum(len(group) for group in split)
    sheets.findings.notice(
        "split-fills",
        row.place("Acquired"),
        f"{count} lots of {lot.symbol} in {lot.account} share their day and price with another lot; they were "
        "read as fills of one order.",
        "Delete what stands there twice by mistake.",
    )


def named(positions: Positions, sheets: Sheets) -> tuple[PlacedLot, ...]:
    """The lots, each with a name that is its own within account and symbol."""
    found: list[PlacedLot] = []
    for position in positions.values():
        taken = _given_names(position, sheets)
        counts: dict[str, int] = {}
        found += [each for each in position if each[0].lot_id]
        for lot, row in sorted((each for each in position if not each[0].lot_id), key=lambda each: _order(each[0])):
            held = {name: getattr(lot, name) for name in _NAMES}
            found.append((lot_of(held | {"lot_id": _free_name(lot, counts, taken)}), row))
    return tuple(found)


def _given_names(position: Sequence[PlacedLot], sheets: Sheets) -> set[str]:
    taken: set[str] = set()
    for lot, row in position:
        if lot.lot_id and lot.lot_id in taken:
            sheets.findings.error(
                "duplicate-lot",
                row.place("Lot ID"),
                f"Two lots of {lot.symbol} in {lot.account} are called {lot.lot_id}.",
                "Give each lot its own Lot ID, or leave them empty.",
            )
        taken.add(lot.lot_id)
    return taken


def _free_name(lot: Lot, counts: dict[str, int], taken: set[str]) -> str:
    start = f"{lot.symbol} {lot.acquired.isoformat()}" if lot.acquired else f"{lot.symbol} undated"
    while True:
        counts[start] = counts.get(start, 0) + 1
        name = start if counts[start] == 1 else f"{start} #{counts[start]}"
        if name not in taken:
            return name


def _order(lot: Lot) -> tuple[object, ...]:
    basis = -1.0 if lot.basis_usd is None else lot.basis_usd
    flags = (lot.locked, lot.do_not_sell, lot.reinvest, lot.source.value, str(lot.custodian_term))
    holds = (-1.0 if lot.min_hold is None else lot.min_hold, -1.0 if lot.max_hold is None else lot.max_hold)
    return (lot.acquired.toordinal() if lot.acquired else 0, basis, lot.quantity, lot.lot_id, flags, holds)
