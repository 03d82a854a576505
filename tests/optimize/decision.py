"""A plan of a tiny household in whole shares of lots and of securities."""

from dataclasses import dataclass, field

from rebal_xl.household import Household, Plan, Side

# Shares by which a whole number may miss.
WHOLE = 1e-6


@dataclass(frozen=True)
class Decision:
    """One plan: whole shares sold of lots (by place in household.lots) and bought of (account, symbol)."""

    sold: dict[int, int] = field(default_factory=dict)
    bought: dict[tuple[str, str], int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"sell {self.sold or 'nothing'}, buy {self.bought or 'nothing'}"


@dataclass(frozen=True)
class Found:
    """The cheapest plan and how many were tried."""

    decision: Decision | None
    cost_usd: float
    tried: int


def decision_of(household: Household, plan: Plan) -> Decision | None:
    """A plan of the product in whole shares of lots; None when a sale takes part of a share from a lot.

    Orders are whole shares, but the lots behind one order may be cut anywhere.
    """
    sold: dict[int, float] = {}
    places = {lot.lot_id: place for place, lot in enumerate(household.lots)}
    for sale in plan.lot_sales:
        sold[places[sale.lot_id]] = sold.get(places[sale.lot_id], 0.0) + sale.quantity
    bought = {(trade.account, trade.symbol): trade.quantity for trade in plan.trades if trade.side is Side.BUY}
    for trade in plan.trades:
        assert abs(trade.quantity - round(trade.quantity)) < WHOLE, f"{trade} is no whole number of shares"
    if any(abs(quantity - round(quantity)) > WHOLE for quantity in sold.values()):
        return None
    return Decision(
        {place: round(quantity) for place, quantity in sold.items() if round(quantity)},
        {pair: round(quantity) for pair, quantity in bought.items() if round(quantity)},
    )
