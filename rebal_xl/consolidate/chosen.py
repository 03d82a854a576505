"""The option of the optimizer: consolidations within a tax budget, done as the advisor's own trades would be.

They are chosen before anything is planned, the cheapest for each position saved first, and evaluated together: a
consolidation that brings the tax of all above the budget, or makes a loss of another one a wash sale, is left out.
The optimizer is given them as trades that are done exactly as typed and plans the rest around them.
"""

from dataclasses import replace
from functools import lru_cache

from rebal_xl.consolidate.priced import Evaluator
from rebal_xl.consolidate.report import told
from rebal_xl.consolidate.steps import Step, find_steps
from rebal_xl.household import Household, Method, Plan, Policy, Side, Trade, TypedTrade
from rebal_xl.household.overlap import Consolidation
from rebal_xl.optimize.typed import refusals

# Methods that trade for drift: the others only do what they are for.
METHODS = (Method.OPPORTUNISTIC, Method.FULL)
# See Trade.serves.
SERVES = "consolidation"
HALF_A_CENT = 0.005


def consolidated(household: Household, policy: Policy) -> Policy:
    """The policy whose own trades are those of `policy` and the consolidations chosen; itself where none is."""
    chosen = choose(household, policy)
    return _with_trades(household, policy, chosen) if chosen else policy


@lru_cache(maxsize=4)
def choose(household: Household, policy: Policy) -> tuple[Consolidation, ...]:
    """The consolidations within the budget, in the order they were chosen. Raises as `find_prices`."""
    if not policy.consolidate or policy.method not in METHODS:
        return ()
    steps = [step for step in find_steps(household, policy) if not step.refused and step.positions_saved > 0]
    if not steps:
        return ()
    evaluator = Evaluator(household, policy)
    priced = [(told(evaluator, step), step) for step in steps]
    priced = sorted((pair for pair in priced if not pair[0].refused), key=lambda pair: _order(pair[0]))
    chosen: list[tuple[Consolidation, Step]] = []
    for pair in priced:
        together = [*chosen, pair]
        found = evaluator.priced(step for _, step in together)
        fits = found.tax_usd <= policy.consolidate_tax_usd + HALF_A_CENT and not found.refused
        one = tuple(consolidation for consolidation, _ in together)
        if fits and not refusals(household, _with_trades(household, policy, one)):
            chosen = together
    return tuple(consolidation for consolidation, _ in chosen)


def in_force(household: Household, policy: Policy, plan: Plan) -> Policy:
    """The policy that a plan was made by: with the consolidations where the plan does them."""
    if not any(trade.serves == SERVES for trade in plan.trades):
        return policy
    return consolidated(household, policy)


def explained(plan: Plan, chosen: tuple[Consolidation, ...]) -> Plan:
    """The plan whose orders say what they consolidate."""
    return replace(plan, trades=tuple(_explained(trade, chosen) for trade in plan.trades))


def _explained(trade: Trade, chosen: tuple[Consolidation, ...]) -> Trade:
    mine = [one for one in chosen if one.account == trade.account]
    if trade.side is Side.SELL:
        mine = [one for one in mine if trade.symbol in one.sold]
    else:
        mine = [one for one in mine if trade.symbol == one.keep]
    if not mine:
        return trade
    return replace(trade, serves=SERVES, reason=" ".join(one.sentence for one in mine))


def _with_trades(household: Household, policy: Policy, chosen: tuple[Consolidation, ...]) -> Policy:
    trades = list(policy.my_trades)
    for one in chosen:
        for symbol in one.sold:
            shares = sum(lot.quantity for lot in household.held(one.account, symbol))
            trades.append(TypedTrade(one.account, symbol, Side.SELL, quantity=round(shares, 6)))
        trades.append(TypedTrade(one.account, one.keep, Side.BUY, quantity=one.bought_quantity))
    return replace(policy, my_trades=tuple(trades))


def _order(one: Consolidation) -> tuple[float, float, str, tuple[str, ...]]:
    return (
        round((one.tax_usd or 0.0) / one.positions_saved, 2),
        -round(one.amount_usd, 2),
        one.account,
        one.sold,
    )
