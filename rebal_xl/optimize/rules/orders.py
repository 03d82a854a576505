"""Orders: minimum trade, cost per order, order cap, no buying and selling of the same thing, range to hold."""

from math import ceil

import numpy as np

from rebal_xl.household import Term as HoldingTerm
from rebal_xl.measure.tradable import FRACTION
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.program import INFINITY, UNIT_USD, Term
from rebal_xl.optimize.shares import NOTHING

# Thousand dollars by which sums of the same money may differ, and the part of a step that is rounding.
SUM_DUST, STEP_DUST = 1e-9, 1e-6


def add_order_rows(model: Model) -> None:
    """Sales and purchases are nothing or at least the minimum; a full liquidation below the minimum is allowed."""
    minimum = {
        account: model.policy.minimum_trade_usd(model.household.account_value_usd(account)) / UNIT_USD + model.margin
        for account in model.accounts
    }
    _add_sell_orders(model, minimum)
    _add_buy_orders(model, minimum)
    _never_both(model)
    _add_range_to_hold(model)
    if model.policy.most_orders is not None:
        cap = max(model.policy.most_orders, len(model.choices.typed))
        model.program.add_row("order cap", 0.0, cap, (model.sells, 1.0), (model.buys, 1.0))


def _add_sell_orders(model: Model, minimum: dict[str, float]) -> None:
    """Sales of a position are nothing, or at least the account's minimum (thousand dollars) or the whole position."""
    program, cost = model.program, model.policy.cost_per_order_usd / UNIT_USD
    count = len(model.positions)
    held = np.zeros(count)
    np.add.at(held, model.position_of, model.unit_values)
    # whole shares leave a tail worth nothing; the proof does not, and is quickest with the whole amount
    closed = held - NOTHING if model.orderable else held
    closing = np.array(
        [closed[i] if key in model.choices.closable else INFINITY for i, key in enumerate(model.positions)]
    )
    typed = model.choices.typed
    smallest = [0.0 if key in typed else minimum[key[0]] for key in model.positions]
    least = np.minimum(smallest, closing) if count else np.zeros(0)
    rows = np.arange(count)
    mine = np.array([float(key in typed) for key in model.positions])
    model.sells = program.add_columns("sell order", count, mine, 1.0, cost, integer=True)
    program.add_rows(
        "sold only with an order", count, -INFINITY, 0.0,
        Term(model.position_of, model.sold), Term(rows, model.sells, -held),
    )  # fmt: skip
    program.add_rows(
        "sold at least the minimum", count, 0.0, INFINITY,
        Term(model.position_of, model.sold), Term(rows, model.sells, -least),
    )  # fmt: skip


def _add_buy_orders(model: Model, minimum: dict[str, float]) -> None:
    """Purchases are nothing, or at least the account's minimum (thousand dollars)."""
    program, cost = model.program, model.policy.cost_per_order_usd / UNIT_USD
    typed, pairs = model.choices.typed, model.choices.buys
    caps = model.caps
    floor = np.array(
        [
            0.0 if (pair.account, pair.symbol) in typed
            else _least_order(model, pair.account, pair.symbol, minimum[pair.account])
            for pair in pairs
        ]
    )  # fmt: skip
    rows = np.arange(len(pairs))
    possible = np.where(caps >= floor - SUM_DUST, 1.0, 0.0) if len(pairs) else np.zeros(0)
    mine = np.array([float((pair.account, pair.symbol) in typed) for pair in pairs])
    model.buys = program.add_columns("buy order", len(pairs), mine, possible, cost, integer=True)
    program.add_rows(
        "bought only with an order", len(pairs), -INFINITY, 0.0,
        Term(rows, model.bought), Term(rows, model.buys, -caps),
    )  # fmt: skip
    program.add_rows(
        "bought at least the minimum", len(pairs), 0.0, INFINITY,
        Term(rows, model.bought), Term(rows, model.buys, -floor),
    )  # fmt: skip


def _least_order(model: Model, account: str, symbol: str, minimum: float) -> float:
    """The smallest purchase no smaller than the minimum, thousand dollars: in the proof the minimum itself.

    Orders in fractions are rounded down to thousandths of a share, so it is the first of these that is enough.
    """
    security = model.household.security(symbol)
    whole = security.lot_size > 0 and not model.household.account(account).fractional
    if whole or not model.orderable:
        return minimum
    step = FRACTION * security.unit_usd / UNIT_USD
    return ceil(minimum / step - STEP_DUST) * step


def _never_both(model: Model) -> None:
    """A security is not bought and sold in one account, unless its long gains are taken to raise the basis."""
    bought_back = {
        int(model.position_of[index])
        for index, unit in enumerate(model.choices.units)
        if model.policy.harvest_gains and unit.term is HoldingTerm.LONG and unit.gain_rate > 0
    }
    place = {position: index for index, position in enumerate(model.positions)}
    both = [
        (place[pair.account, pair.symbol], index)
        for index, pair in enumerate(model.choices.buys)
        if place.get((pair.account, pair.symbol), -1) not in {-1, *bought_back}
    ]
    rows = np.arange(len(both))
    model.program.add_rows(
        "buy or sell, not both", len(both), -INFINITY, 1.0,
        Term(rows, model.sells[[sell for sell, _ in both]]), Term(rows, model.buys[[buy for _, buy in both]]),
    )  # fmt: skip


def _add_range_to_hold(model: Model) -> None:
    """At least `min_hold` shares of a position stay. (Purchases beyond `max_hold` are no choice to begin with.)"""
    for index, (account, symbol) in enumerate(model.positions):
        lots = model.household.held(account, symbol)
        least = max((lot.min_hold for lot in lots if lot.min_hold is not None), default=None)
        if least is None or (account, symbol) in model.choices.typed:
            continue
        spare = sum(lot.quantity for lot in lots) - least
        price = model.household.security(symbol).unit_usd / UNIT_USD
        units = np.flatnonzero(model.position_of == index)
        model.program.add_row(f"range to hold {account} {symbol}", -INFINITY, max(0.0, spare) * price,
                              (model.sold[units], 1.0))  # fmt: skip
