"""Bands: every class ends in the range its method asks for, the household within its drift cap, and what has no target
is sold when that is wanted.

Method Full prices every dollar off target besides.
"""

import numpy as np

from rebal_xl.household import CASH_CLASS, Household, Policy, Side
from rebal_xl.measure.exposure import held_shares
from rebal_xl.optimize.methods import ClassGoal, class_goals, drift_is_capped, sells_without_target
from rebal_xl.optimize.model import Model, Slack
from rebal_xl.optimize.prices import BAND_PRICE
from rebal_xl.optimize.program import INFINITY, UNIT_USD, FloatArray, IntArray


def add_band_rows(model: Model) -> None:
    """One column per class that carries its dollars after trading, rows for its range and its distance."""
    value = model.before.value_usd / UNIT_USD
    for goal in class_goals(model.policy, model.before):
        after = class_column(model, goal.asset_class)
        if goal.low is not None and goal.high is not None:
            _add_range(model, goal, after, goal.low * value, goal.high * value)
        if goal.over_price or goal.under_price:
            _add_distance(model, goal, after, value)
    if drift_is_capped(model.policy):
        _add_drift_cap(model, value)
    if sells_without_target(model.policy):
        _add_without_target(model)


def without_target(household: Household, policy: Policy) -> frozenset[str]:
    """Securities whose class has no target, or a target of nothing."""
    return frozenset(
        security.symbol
        for security in household.securities
        if (target := policy.target_of(security.main_class)) is None or target.weight <= 0
    )


def _add_range(model: Model, goal: ClassGoal, after: int, low: float, high: float) -> None:
    name = goal.asset_class
    room = min(model.margin, (high - low) / 2)
    low, high = (low + room if low > 0 else low), high - room
    above = model.program.add_column(f"above band {name}", 0.0, INFINITY, goal.price)
    below = model.program.add_column(f"below band {name}", 0.0, INFINITY, goal.price)
    model.slacks += [Slack("band", name, above, 1), Slack("band", name, below, -1)]
    model.program.add_row(f"band {name}", -INFINITY, high, (after, 1.0), (above, -1.0))
    model.program.add_row(f"band floor {name}", low, INFINITY, (after, 1.0), (below, 1.0))


def _add_distance(model: Model, goal: ClassGoal, after: int, value: float) -> None:
    over = model.program.add_column(f"over target {goal.asset_class}", 0.0, INFINITY, goal.over_price)
    under = model.program.add_column(f"under target {goal.asset_class}", 0.0, INFINITY, goal.under_price)
    wanted = goal.target_weight * value
    model.program.add_row(f"distance {goal.asset_class}", wanted, wanted, (after, 1.0), (over, -1.0), (under, 1.0))


def _add_drift_cap(model: Model, value: float) -> None:
    """Half the dollars off target, summed over every class, stay within the cap."""
    assert model.policy.most_drift is not None
    off = []
    for name in every_class(model.household, model.policy):
        after = class_column(model, name)
        target = model.policy.target_of(name)
        wanted = 0.0 if target is None else target.weight * value
        column = model.program.add_column(f"off target {name}", 0.0)
        model.program.add_row(f"off target over {name}", -INFINITY, wanted, (after, 1.0), (column, -1.0))
        model.program.add_row(f"off target under {name}", wanted, INFINITY, (after, 1.0), (column, 1.0))
        off.append(column)
    beyond = model.program.add_column("drift beyond the cap", 0.0, INFINITY, BAND_PRICE)
    model.slacks.append(Slack("drift cap", "the household", beyond))
    most = max(0.0, model.policy.most_drift * value - model.margin * len(off) / 2)
    model.program.add_row("drift cap", -INFINITY, most, (np.array(off), 0.5), (beyond, -1.0))


def every_class(household: Household, policy: Policy) -> tuple[str, ...]:
    """Classes with a target and classes of some security, cash included, by name."""
    return tuple(sorted({*household.classes, *(target.asset_class for target in policy.targets), CASH_CLASS}))


def _add_without_target(model: Model) -> None:
    """Every dollar still held of a security without target costs its price."""
    symbols, place = without_target(model.household, model.policy), {key: i for i, key in enumerate(model.positions)}
    bought = {key for key, order in model.choices.typed.items() if order.side is Side.BUY}
    for account, symbol in sorted({*held_shares(model.household), *bought}):
        if symbol not in symbols or account not in model.accounts:
            continue
        held = [model.household.value_usd(lot) for lot in model.household.held(account, symbol)]
        units = np.flatnonzero(model.position_of == place.get((account, symbol), -1))
        pairs = [i for i, pair in enumerate(model.choices.buys) if (pair.account, pair.symbol) == (account, symbol)]
        left = model.program.add_column(f"left {account} {symbol}", 0.0, INFINITY, BAND_PRICE)
        model.slacks.append(Slack("without target", f"{symbol} in {account}", left))
        model.program.add_row(
            f"sell without target {account} {symbol}", sum(held) / UNIT_USD, INFINITY,
            (left, 1.0), (model.sold[units], 1.0), (model.bought[pairs], -1.0),
        )  # fmt: skip


def class_column(model: Model, asset_class: str) -> int:
    """Dollars of a class after trading = dollars now - its share of what is sold + its share of what is bought."""
    if asset_class in model.class_after:
        return model.class_after[asset_class]
    share = {
        security.symbol: weight
        for security in model.household.securities
        for name, weight in security.class_mix
        if name == asset_class and weight
    }
    sold, sold_share = _part([unit.symbol for unit in model.choices.units], model.sold, share)
    bought, bought_share = _part([pair.symbol for pair in model.choices.buys], model.bought, share)
    now = sum(line.actual_usd for line in model.before.lines if line.asset_class == asset_class) / UNIT_USD
    after = model.program.add_column(f"class {asset_class}", -INFINITY)
    model.class_after[asset_class] = after
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
