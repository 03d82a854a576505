"""The advisor's own trades: done exactly as typed, whatever minimum, whole shares or ranks would say."""

import numpy as np

from rebal_xl.household import Side
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.program import INFINITY, UNIT_USD


def add_typed_rows(model: Model) -> None:
    """Every kept trade at its size; which lots a sale takes stays open, unless the advisor named them.

    That they are orders is in the bounds of their flags (see the rows of orders).
    """
    positions = {key: index for index, key in enumerate(model.positions)}
    pairs = {(pair.account, pair.symbol): index for index, pair in enumerate(model.choices.buys)}
    for key, order in model.choices.typed.items():
        account, symbol = key
        price = model.household.security(symbol).unit_usd / UNIT_USD
        amount = order.quantity * price
        if order.side is Side.BUY:
            model.program.add_row(f"typed {account} {symbol}", amount, amount, (int(model.bought[pairs[key]]), 1.0))
            continue
        units = np.flatnonzero(model.position_of == positions[key])
        model.program.add_row(f"typed {account} {symbol}", amount, amount, (model.sold[units], 1.0))
        for unit in units:
            named = sum(order.of_lots.get(lot, 0.0) for lot in model.choices.units[unit].lots)
            if named > 0:
                row = f"typed lot {account} {symbol} {unit}"
                model.program.add_row(row, named * price, INFINITY, (int(model.sold[unit]), 1.0))
