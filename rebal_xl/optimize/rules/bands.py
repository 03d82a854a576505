"""Bands: a class outside its trigger ends inside its destination, every other class stays inside its trigger.

Method Full prices every dollar off target instead, as well as leaving the trigger.
"""

import numpy as np

from rebal_xl.household import CASH_CLASS, DriftLine
from rebal_xl.optimize.model import Model, Slack
from rebal_xl.optimize.prices import BAND_PRICE, CROSSING_PRICE, DISTANCE_PRICE, QUIET_BAND_PRICE
from rebal_xl.optimize.program import INFINITY, UNIT_USD, FloatArray, IntArray


def band_edges(line: DriftLine) -> tuple[float, float] | None:
    """Weights between which a class must end; None for a class without band."""
    if line.trigger_low is None or line.trigger_high is None:
        return None
    if not line.triggered:
        return line.trigger_low, line.trigger_high
    assert line.destination_low is not None
    assert line.destination_high is not None
    return line.destination_low, line.destination_high


def band_price(line: DriftLine) -> float:
    """Price of a dollar outside: leaving a trigger is worse than not coming home."""
    return BAND_PRICE if line.triggered else QUIET_BAND_PRICE


def add_band_rows(model: Model) -> None:
    """One column per class that carries its dollars after trading, one row per side of its band."""
    for line in sorted(model.before.lines, key=lambda line: line.asset_class):
        edges = band_edges(line)
        if edges is None:
            continue
        after = _class_column(model, line.asset_class)
        value = model.before.value_usd / UNIT_USD
        low, high = edges[0] * value, edges[1] * value
        room = min(model.margin, (high - low) / 2)
        low, high = (low + room if low > 0 else low), high - room
        above = model.program.add_column(f"above band {line.asset_class}", 0.0, INFINITY, band_price(line))
        below = model.program.add_column(f"below band {line.asset_class}", 0.0, INFINITY, band_price(line))
        model.slacks += [Slack("band", line.asset_class, above, 1), Slack("band", line.asset_class, below, -1)]
        model.program.add_row(f"band {line.asset_class}", -INFINITY, high, (after, 1.0), (above, -1.0))
        model.program.add_row(f"band floor {line.asset_class}", low, INFINITY, (after, 1.0), (below, 1.0))
        if model.full:
            _add_distance(model, line, after, value)


def distance_prices(line: DriftLine) -> tuple[float, float]:
    """Price of a dollar over and of a dollar under target: the side the class does not come from is dearer."""
    over = CROSSING_PRICE if line.drift < 0 else DISTANCE_PRICE
    under = CROSSING_PRICE if line.drift > 0 else DISTANCE_PRICE
    return over, under


def _add_distance(model: Model, line: DriftLine, after: int, value: float) -> None:
    over_price, under_price = distance_prices(line)
    over = model.program.add_column(f"over target {line.asset_class}", 0.0, INFINITY, over_price)
    under = model.program.add_column(f"under target {line.asset_class}", 0.0, INFINITY, under_price)
    goal = line.target_weight * value
    model.program.add_row(f"distance {line.asset_class}", goal, goal, (after, 1.0), (over, -1.0), (under, 1.0))


def _class_column(model: Model, asset_class: str) -> int:
    """Dollars of a class after trading = dollars now - its share of what is sold + its share of what is bought."""
    share = {
        security.symbol: weight
        for security in model.household.securities
        for name, weight in security.class_mix
        if name == asset_class and weight
    }
    sold, sold_share = _part([unit.symbol for unit in model.choices.units], model.sold, share)
    bought, bought_share = _part([pair.symbol for pair in model.choices.buys], model.bought, share)
    now = model.before.line(asset_class).actual_usd / UNIT_USD
    after = model.program.add_column(f"class {asset_class}", -INFINITY)
    terms: list[tuple[int | IntArray, FloatArray | float]] = [(after, 1.0), (sold, sold_share), (bought, -bought_share)]
    if asset_class == CASH_CLASS:
        # Cash is what the accounts end with; cash outside the traded accounts stays.
        elsewhere = sum(
            account.cash_usd + account.contribution_usd
            for account in model.household.accounts
            if account.counts_in_target and account.name not in model.accounts
        )
        held_as_securities = sum(
            model.household.value_usd(lot) * share[lot.symbol]
            for lot in model.household.lots
            if lot.symbol in share and model.household.account(lot.account).counts_in_target
        )
        now = (elsewhere + held_as_securities) / UNIT_USD
        terms.append((model.cash, -1.0))
    model.program.add_row(f"class {asset_class}", now, now, *terms)
    return after


def _part(symbols: list[str], columns: IntArray, share: dict[str, float]) -> tuple[IntArray, FloatArray]:
    places = [index for index, symbol in enumerate(symbols) if symbol in share]
    return columns[places], np.array([share[symbols[index]] for index in places])
