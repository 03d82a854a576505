"""Wash sales share by share (IRC 1091, Reg. 1.1091-1), over every account of the household.

A group sold at a loss is bought nowhere the same day. Shares bought in the last thirty days wash as many shares of a
loss sale as are still held, earliest acquired first, so a small reinvestment does not forbid a large harvest. Shares
bought in the window are themselves sold at a loss only together with every other share bought in the window.
"""

from collections import defaultdict

import numpy as np

from rebal_xl.optimize.choices import SellUnit
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.program import INFINITY, UNIT_USD, FloatArray, IntArray, Term

Family = tuple[str, str]


def add_wash_rows(model: Model) -> None:
    """Rows for every family of identical securities with a loss that could be taken."""
    units = model.choices.units
    losses: dict[Family, list[int]] = defaultdict(list)
    recents: dict[Family, list[int]] = defaultdict(list)
    pairs: dict[Family, list[int]] = defaultdict(list)
    for index, unit in enumerate(units):
        if unit.at_loss:
            losses[unit.family].append(index)
        if unit.recent:
            recents[unit.family].append(index)
    for index, pair in enumerate(model.choices.buys):
        # what the advisor buys is bought anyway: it washes losses, share by share
        if (pair.account, pair.symbol) not in model.choices.typed:
            pairs[pair.family].append(index)
    for family in sorted(losses):
        _add_no_rebuy(model, family, losses[family], pairs[family])
        kept = model.choices.kept_recent.get(family, 0.0)
        if recents[family] or kept > 0:
            old = [index for index in losses[family] if not units[index].recent]
            young = [index for index in losses[family] if units[index].recent]
            _add_young_losses(model, family, young, recents[family], kept)
            if old:
                _add_matching(model, family, old, recents[family], kept)


def _add_no_rebuy(model: Model, family: Family, losses: list[int], pairs: list[int]) -> None:
    """Either losses of the family are taken or some of it is bought, never both."""
    if not pairs:
        return
    taken = model.program.add_binary(f"loss taken {family[0]} {family[1]}")
    by_position: dict[int, list[int]] = defaultdict(list)
    for index in losses:
        by_position[int(model.position_of[index])].append(index)
    for position in sorted(by_position):
        members = by_position[position]
        most = float(model.unit_values[members].sum())
        model.program.add_row(
            f"loss only if taken {position}", -INFINITY, 0.0, (model.sold[members], 1.0), (taken, -most)
        )
    rows = np.arange(len(pairs))
    model.program.add_rows(
        f"no rebuy {family[0]} {family[1]}", len(pairs), -INFINITY, 1.0,
        Term(rows, model.buys[pairs]), Term(rows, np.full(len(pairs), taken)),
    )  # fmt: skip


def _add_young_losses(model: Model, family: Family, young: list[int], recents: list[int], kept: float) -> None:
    """A loss on shares of the window counts only when no other share of the window stays (Rev. Rul. 56-602)."""
    if not young or (len(recents) == 1 and kept == 0):
        return
    program = model.program
    if kept > 0:
        program.add_row(f"young losses {family[1]}", 0.0, 0.0, (model.sold[young], 1.0))
        return
    cleared = program.add_binary(f"window cleared {family[0]} {family[1]}")
    for index in young:
        value = float(model.unit_values[index])
        program.add_row(f"young loss {index}", -INFINITY, 0.0, (int(model.sold[index]), 1.0), (cleared, -value))
    for index in recents:
        value = float(model.unit_values[index])
        program.add_row(f"all young {index}", 0.0, INFINITY, (int(model.sold[index]), 1.0), (cleared, -value))


def wash_order(unit: SellUnit, index: int) -> tuple[int, int]:
    """Same-day loss sales are matched by original acquisition, earliest first (Reg. 1.1091-1(b))."""
    return (unit.acquired.toordinal() if unit.acquired else 0, index)


def _add_matching(model: Model, family: Family, old: list[int], recents: list[int], kept: float) -> None:
    """Washed shares = min(loss shares sold, window shares still held)."""
    program, units = model.program, model.choices.units
    ordered = sorted(old, key=lambda index: wash_order(units[index], index))
    # shares per thousand dollars
    per_value = np.array([UNIT_USD / units[index].unit_usd for index in ordered])
    recent_rate = np.array([UNIT_USD / units[index].unit_usd for index in recents])
    held = kept + float(sum(units[index].quantity for index in recents))
    values = model.unit_values[ordered]
    count, rows, sold = len(ordered), np.arange(len(ordered)), model.sold[ordered]
    label = f"{family[0]} {family[1]}"
    washed = program.add_columns(f"washed {label}", count, 0.0, values)
    all_washed = program.add_binary(f"all washed {label}")
    some = program.add_binary(f"some wash {label}", model.policy.wash_sale_cost_usd / UNIT_USD)
    model.washed.update({index: int(column) for index, column in zip(ordered, washed, strict=True)})
    still_held = (model.sold[recents], recent_rate)
    program.add_rows(f"washed if sold {label}", count, -INFINITY, 0.0, Term(rows, washed), Term(rows, sold, -1.0))
    program.add_row(f"no more than held {label}", -INFINITY, held, (washed, per_value), still_held)
    program.add_row(f"as many as held {label}", held, INFINITY, (washed, per_value), still_held, (all_washed, held))
    program.add_rows(
        f"all washed {label}", count, -values, INFINITY,
        Term(rows, washed), Term(rows, sold, -1.0), Term(rows, np.full(count, all_washed), -values),
    )  # fmt: skip
    program.add_row(f"some wash {label}", -INFINITY, 0.0, (washed, 1.0), (some, -float(values.sum())))
    if family in model.in_order:
        _add_order(model, label, washed, sold, values)


def _add_order(model: Model, label: str, washed: IntArray, sold: IntArray, values: FloatArray) -> None:
    """Earlier lots are washed first: a lot only when every earlier one is washed whole.

    Without these rows the program may wash the smallest losses first: cheaper than the law, so still a bound.
    """
    count = len(washed)
    rows, later = np.arange(count), np.arange(count - 1)
    whole = model.program.add_columns(f"wholly washed {label}", count, 0.0, 1.0, integer=True)
    model.program.add_rows(
        f"wholly washed {label}", count, -values, INFINITY,
        Term(rows, washed), Term(rows, sold, -1.0), Term(rows, whole, -values),
    )  # fmt: skip
    model.program.add_rows(
        f"earlier lots first {label}", count - 1, -INFINITY, 0.0,
        Term(later, washed[1:]), Term(later, whole[:-1], -values[1:]),
    )  # fmt: skip
    model.program.add_rows(
        f"in order {label}", count - 1, -INFINITY, 0.0, Term(later, whole[1:]), Term(later, whole[:-1], -1.0)
    )
