"""Location: what the yearly tax on distributions changes by, over the horizon, and when a saving counts.

Buying what pays much into a taxable account costs, selling it saves; the cash it comes from and turns into has a cost
of its own. Savings set off costs, but only where location may be a reason to trade, and is worth it, do they count
beyond.
"""

import numpy as np

from rebal_xl.optimize.methods import least_location_usd, only_typed
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.prices import UNASKED_SHARE
from rebal_xl.optimize.program import INFINITY, UNIT_USD


def add_location_rows(model: Model) -> None:
    """One column for the change, one for what of it counts."""
    if only_typed(model.policy):
        return
    program, household, prices = model.program, model.household, model.prices
    buys = model.choices.buys
    cash = {name: prices.location_cash_usd(household, name) for name in model.accounts}
    kept = [cash[name] * (1.0 - household.security(symbol).redemption_fee) for name, symbol in model.positions]
    given = [prices.location_usd(household, name, symbol) for name, symbol in model.positions]
    sold = np.array([usd - less for usd, less in zip(given, kept, strict=True)])[model.position_of]
    bought = np.array([prices.location_usd(household, pair.account, pair.symbol) for pair in buys])
    bought -= [cash[pair.account] for pair in buys]
    caps = np.array([pair.cap_usd for pair in buys]) / UNIT_USD
    lowest = -float(np.maximum(sold, 0.0) @ model.unit_values) + float(np.minimum(bought, 0.0) @ caps)
    highest = -float(np.minimum(sold, 0.0) @ model.unit_values) + float(np.maximum(bought, 0.0) @ caps)
    change = program.add_column("location", -INFINITY)
    program.add_row("location", 0.0, 0.0, (change, 1.0), (model.sold, sold), (model.bought, -bought))
    counted = program.add_column("location counted", -INFINITY, INFINITY, 1.0)
    program.add_row("location costs count in full", 0.0, INFINITY, (counted, 1.0), (change, -1.0))
    least = least_location_usd(model.policy)
    if least == 0:
        return
    hardly = ((counted, 1.0), (change, -UNASKED_SHARE))
    if least is None or -lowest * UNIT_USD < least:
        program.add_row("location savings hardly count", 0.0, INFINITY, *hardly)
        return
    worth = program.add_binary("location is worth it")
    program.add_row(
        "location savings count when worth it", 0.0, INFINITY, *hardly, (worth, -lowest * (1.0 - UNASKED_SHARE))
    )
    least /= UNIT_USD
    program.add_row("location is worth it", -INFINITY, highest, (change, 1.0), (worth, highest + least))
