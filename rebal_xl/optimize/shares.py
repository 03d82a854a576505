"""Whole shares: orders in multiples of what can be traded, and amounts turned into shares of lots.

A sale may always be of everything, so that the odd fraction of a position can be closed.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np

from rebal_xl.household import Household
from rebal_xl.measure.tradable import FRACTION, step_of
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.paid_out import in_cents
from rebal_xl.optimize.program import INFINITY, UNIT_USD, FloatArray, Program
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.rules.cash import CENT

# Shares around the fractional optimum that are searched for the best whole number.
SEARCH_STEPS = 2
# Amounts below this (thousand dollars) are nothing.
NOTHING = 1e-6
# Part of a step below which a number of steps is whole.
STEP_DUST = 1e-4
# Shares of the advisor's own trades below this are rounding of the solver.
TYPED_DUST = 1e-4
# Shares below this are rounding of a sum.
DUST = 1e-7


@dataclass(frozen=True, slots=True)
class _Order:
    """One position or pair that is traded in whole steps."""

    label: str
    columns: list[int]
    flag: int
    # thousand dollars of one step
    step_value: float
    most_steps: int
    # thousand dollars beyond the last whole step; sold only with everything
    tail: float
    amount: float


def add_whole_share_rows(
    model: Model, near: FloatArray | None, *, more_orders: bool = False, fractions: bool = False
) -> None:
    """Tie every order of a whole-share security to an integer; `near` limits it to steps around that solution.

    With `more_orders`, only what that solution trades is limited; everything else may be traded besides. With
    `fractions`, orders in fractions are tied to thousandths of a share; else they are rounded afterwards.
    """
    for order in [*_sales(model, near, fractions), *_purchases(model, near, fractions)]:
        low, high = 0, order.most_steps
        if near is not None and not (more_orders and order.amount <= NOTHING):
            steps = order.amount / order.step_value
            low = max(0, floor(steps) - SEARCH_STEPS)
            high = min(order.most_steps, floor(steps) + 1 + SEARCH_STEPS)
            if order.amount <= NOTHING:
                low = high = 0
        steps_column = int(
            model.program.add_columns(f"steps {order.label}", 1, low, max(low, high), 0.0, integer=True)[0]
        )
        amounts = (np.array(order.columns), 1.0)
        if order.tail > NOTHING:
            everything = model.program.add_binary(f"everything {order.label}")
            model.program.add_row(
                f"whole {order.label}", 0.0, 0.0,
                amounts, (steps_column, -order.step_value), (everything, -order.tail),
            )  # fmt: skip
            model.program.add_row(
                f"tail with all {order.label}", 0.0, INFINITY, (steps_column, 1.0), (everything, -order.most_steps)
            )
        else:
            model.program.add_row(f"whole {order.label}", 0.0, 0.0, amounts, (steps_column, -order.step_value))


def add_exact_rows(model: Model, near: FloatArray | None) -> bool:
    """Tie what is sold of every lot of a whole-share security to whole steps, or to all of it, and what is paid out to
    whole cents; whether there was anything to tie.

    Where lots hold a part of a step, one lot of an order may be cut inside a step, so that the order itself is whole.
    `near` limits it to positions that this solution sells.
    """
    tied = False
    for index, (account, symbol) in enumerate(model.positions):
        step = step_of(model.household, account, symbol)
        units = np.flatnonzero(model.position_of == index).tolist()
        if step <= 0 or len(units) < 2 or (account, symbol) in model.choices.typed:
            continue
        if near is not None and near[model.sold[units]].sum() <= NOTHING:
            continue
        held = [model.choices.units[i].quantity for i in units]
        most = [floor(quantity / step + DUST) for quantity in held]
        tails = [max(0.0, quantity / step - count) for quantity, count in zip(held, most, strict=True)]
        value = step * model.household.security(symbol).unit_usd / UNIT_USD
        _tie_lots(model.program, f"{account} {symbol}", value, model.sold[units].tolist(), most, tails)
        tied = True
    for (number, name), column in sorted(model.paid.items()):
        most_cents = float(floor(model.most_paid[number, name] / CENT + STEP_DUST))
        cents = model.program.add_column(f"cents {number} {name}", 0.0, most_cents, integer=True)
        model.program.add_row(f"whole cents {number} {name}", 0.0, 0.0, (column, 1.0), (cents, -CENT))
        tied = True
    return tied


def _tie_lots(
    program: Program, label: str, value: float, columns: list[int], most: list[int], tails: list[float]
) -> None:
    """Whole steps, worth `value` each, of each lot of one position; besides its odd tail where all of it is sold, or
    the order's cut."""
    odd = any(tail > DUST for tail in tails)
    cuts: list[int] = []
    for number, (column, count, tail) in enumerate(zip(columns, most, tails, strict=True)):
        name = f"lot {number} {label}"
        terms: list[tuple[int, float]] = [(column, 1.0)]
        steps = program.add_column(f"steps {name}", 0.0, float(count), integer=True)
        terms.append((steps, -value))
        if odd:
            everything, cut = program.add_binary(f"everything {name}"), program.add_binary(f"cut {name}")
            part = program.add_column(f"part {name}", 0.0, value)
            program.add_row(f"tail with all {name}", 0.0, INFINITY, (steps, 1.0), (everything, -float(count)))
            program.add_row(f"part of a cut {name}", -INFINITY, 0.0, (part, 1.0), (cut, -value))
            terms += [(everything, -value * tail), (part, -1.0)]
            cuts.append(cut)
        program.add_row(f"whole {name}", 0.0, 0.0, *terms)
    if odd:
        program.add_row(f"one cut {label}", -INFINITY, 1.0, *[(cut, 1.0) for cut in cuts])


def _sales(model: Model, near: FloatArray | None, fractions: bool) -> list[_Order]:
    orders = []
    for index, (account, symbol) in enumerate(model.positions):
        step = step_of(model.household, account, symbol) or (FRACTION if fractions else 0.0)
        if step <= 0 or (account, symbol) in model.choices.typed:
            continue
        units = np.flatnonzero(model.position_of == index)
        quantity = sum(model.choices.units[i].quantity for i in units)
        price = model.household.security(symbol).unit_usd / UNIT_USD
        most = floor(quantity / step + DUST)
        tail = max(0.0, quantity - most * step) if (account, symbol) in model.choices.closable else 0.0
        amount = 0.0 if near is None else float(near[model.sold[units]].sum())
        columns = [int(column) for column in model.sold[units]]
        tail_value = tail * price if tail > DUST else 0.0
        orders.append(
            _Order(f"sell {account} {symbol}", columns, int(model.sells[index]), step * price, most, tail_value, amount)
        )
    return orders


def _purchases(model: Model, near: FloatArray | None, fractions: bool) -> list[_Order]:
    orders = []
    for index, pair in enumerate(model.choices.buys):
        step = step_of(model.household, pair.account, pair.symbol) or (FRACTION if fractions else 0.0)
        if step <= 0 or (pair.account, pair.symbol) in model.choices.typed:
            continue
        column = int(model.bought[index])
        price = step * model.household.security(pair.symbol).unit_usd / UNIT_USD
        amount = 0.0 if near is None else float(near[column])
        most = floor(float(model.caps[index]) / price + DUST)
        label = f"buy {pair.account} {pair.symbol}"
        orders.append(_Order(label, [column], int(model.buys[index]), price, most, 0.0, amount))
    return orders


def actions_of(model: Model, values: FloatArray, *, rounded: bool) -> Actions:
    """Shares per lot and per purchase that a solution stands for, rounded to what can be ordered when asked."""
    sales: dict[int, float] = {}
    # plain numbers: one by one they are quicker to come by than an array's
    amount, sold, bought = values.tolist(), model.sold.tolist(), model.bought.tolist()
    for index, (account, symbol) in enumerate(model.positions):
        step = step_of(model.household, account, symbol) if rounded else -1.0
        units = np.flatnonzero(model.position_of == index).tolist()
        wanted = {i: amount[sold[i]] * UNIT_USD / model.choices.units[i].unit_usd for i in units}
        closable = (account, symbol) in model.choices.closable
        typed = model.choices.typed.get((account, symbol))
        if rounded and typed is not None:
            snapped = _as_typed(model, wanted, typed.quantity)
        else:
            snapped = _snapped(model, wanted, step, closable=closable)
        for i, quantity in snapped.items():
            sales.update(_spread_over_lots(model.household, model.choices.units[i].lots, quantity))
    purchases: dict[tuple[str, str], float] = {}
    for index, pair in enumerate(model.choices.buys):
        quantity = amount[bought[index]] * UNIT_USD / model.household.security(pair.symbol).unit_usd
        step = step_of(model.household, pair.account, pair.symbol)
        typed = model.choices.typed.get((pair.account, pair.symbol))
        if typed is not None:
            quantity = typed.quantity
        elif rounded:
            grid = step or FRACTION
            quantity = round(floor(quantity / grid + STEP_DUST) * grid, 6)
        if quantity > DUST and amount[bought[index]] > NOTHING:
            purchases[pair.account, pair.symbol] = quantity
    paid = {key: amount[column] * UNIT_USD for key, column in model.paid.items()}
    orders = Actions(sales, purchases, {})
    return replace(orders, paid=in_cents(model.household, orders, paid) if rounded else paid)


def _as_typed(model: Model, wanted: dict[int, float], quantity: float) -> dict[int, float]:
    """Shares per unit that sum to what the advisor typed; a lot is not opened or left for the sake of rounding."""
    held = {i: model.choices.units[i].quantity for i in wanted}
    taken = {i: held[i] if shares > held[i] - TYPED_DUST else shares for i, shares in wanted.items()}
    taken = {i: shares for i, shares in taken.items() if shares > TYPED_DUST}
    if abs(sum(taken.values()) - quantity) > TYPED_DUST:
        taken = {**dict.fromkeys(wanted, 0.0), **taken}
    last = _least_wanted(model, wanted)
    return {i: shares for i, shares in _moved_to(taken, held, quantity, last).items() if shares > DUST}


def _snapped(model: Model, wanted: dict[int, float], step: float, *, closable: bool) -> dict[int, float]:
    """Shares per unit; with a step the position's total is put on it, the difference taken by the largest open lot."""
    units = model.choices.units
    value = sum(quantity * units[i].unit_usd for i, quantity in wanted.items())
    if value <= NOTHING * UNIT_USD:
        return {}
    held = {i: units[i].quantity for i in wanted}
    near_full = {i for i, quantity in wanted.items() if quantity >= held[i] * (1 - 1e-9) - DUST}
    taken = {i: held[i] if i in near_full else max(0.0, quantity) for i, quantity in wanted.items()}
    # A whole position with an odd tail is no multiple of the step, and need not be.
    if step >= 0 and not (closable and len(near_full) == len(wanted)):
        grid = step or FRACTION
        steps = sum(taken.values()) / grid
        # Sales up and purchases down, so that no account is a cent short; a whole number stays what it is.
        goal = round(ceil(steps - STEP_DUST) * grid, 6)
        most = floor(sum(held.values()) / grid + DUST) * grid
        left_usd = (sum(held.values()) - goal) * units[next(iter(wanted))].unit_usd
        everything = closable and (goal > most or left_usd <= NOTHING * UNIT_USD)
        goal = sum(held.values()) if everything else min(goal, most)
        last = _least_wanted(model, wanted)
        if len(cut := _cut(taken, held, step)) == 1:
            last = {**last, cut[0]: -1}
        taken = _moved_to(_whole_lots(_moved_to(taken, held, goal, last), held, step), held, goal, last)
    return {i: quantity for i, quantity in taken.items() if quantity > DUST}


def _whole_lots(taken: dict[int, float], held: dict[int, float], step: float) -> dict[int, float]:
    """Whole steps of every lot that is sold in part, so that at most one lot of an order is cut inside a step."""
    if step <= 0:
        return taken
    cut = _cut(taken, held, step)
    return {
        i: quantity if quantity >= held[i] - DUST or cut == [i] else floor(quantity / step + STEP_DUST) * step
        for i, quantity in taken.items()
    }


def _cut(taken: dict[int, float], held: dict[int, float], step: float) -> list[int]:
    """Lots that are sold in part and end inside a step."""
    return [
        i
        for i, quantity in taken.items()
        if step > 0 and quantity < held[i] - DUST and abs(quantity / step - round(quantity / step)) > STEP_DUST
    ]


def _least_wanted(model: Model, wanted: dict[int, float]) -> dict[int, int]:
    """0 for lots the program sells, 1 for others, 2 for those at a loss: rounding must not take a loss unasked."""
    return {i: 0 if quantity > DUST else 1 + model.choices.units[i].at_loss for i, quantity in wanted.items()}


def _moved_to(taken: dict[int, float], held: dict[int, float], goal: float, last: dict[int, int]) -> dict[int, float]:
    """Shift the shares sold so that they sum to `goal`, least disturbing the lots sold whole; lots of a greater `last`
    only once no other is left."""
    rest = goal - sum(taken.values())
    open_lots = sorted(taken, key=lambda i: (last[i], not 0 < taken[i] < held[i], -taken[i], i))
    moved = dict(taken)
    for i in open_lots:
        change = min(rest, held[i] - moved[i]) if rest > 0 else max(rest, -moved[i])
        moved[i] += change
        rest -= change
        if abs(rest) <= 1e-12:
            break
    return moved


def _spread_over_lots(household: Household, lots: tuple[int, ...], quantity: float) -> dict[int, float]:
    """Shares of interchangeable lots, oldest first, as the custodian would book them."""
    sold: dict[int, float] = defaultdict(float)
    for index in lots:
        take = min(quantity, household.lots[index].quantity)
        if take > 0:
            sold[index] = take
        quantity -= take
        if quantity <= 1e-12:
            break
    return dict(sold)
