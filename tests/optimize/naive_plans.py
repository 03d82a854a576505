"""Rules that advisors follow without an optimizer, as plans beside the optimizer's.

Whether they keep the hard rules is judged, and their cost worked out, by the second model's plain arithmetic.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from benchmarks.naive import RULES
from rebal_xl.household import Household, Policy
from rebal_xl.measure import measure_drift
from rebal_xl.optimize.book import Book
from rebal_xl.optimize.evaluate import evaluate
from rebal_xl.optimize.ordinary import highest_cost
from rebal_xl.optimize.prices import find_prices
from rebal_xl.optimize.realised import Actions
from tests.optimize.crowded import Crowded
from tests.optimize.second_model import case_of, price


@dataclass(frozen=True)
class NaivePlan:
    """One such plan, dollars."""

    name: str
    cost_usd: float
    # the same by the product's evaluator
    evaluated_usd: float
    # hard rules it breaks; rules that may give way are in the cost
    broken: tuple[str, ...]

    @property
    def keeps_rules(self) -> bool:
        """Whether the optimizer could have made it."""
        return not self.broken


def nothing(household: Household, policy: Policy) -> Actions:
    """No order; withdrawals as far as cash goes."""
    book = Book(household, policy, highest_cost)
    left = {account.name: max(0.0, account.cash_usd + account.contribution_usd) for account in household.accounts}
    paid = {}
    for (number, name), usd in book.paid.items():
        paid[number, name] = min(usd, left[name])
        left[name] -= paid[number, name]
    return Actions({}, {}, paid)


def naive_plans(case: Crowded) -> list[NaivePlan]:
    """Every way's plan of a household."""
    household, policy = case.household, case.policy
    prices, before = find_prices(household, policy), measure_drift(household, policy)
    found = []
    for name, way in {"nothing": nothing, **RULES}.items():
        actions = way(household, policy)
        cost, broken = price(case_of(household, policy, _orders(household, actions)))
        evaluated = evaluate(household, policy, prices, before, actions).cost_usd
        found.append(NaivePlan(name, cost, evaluated, broken))
    return found


def _orders(household: Household, actions: Actions) -> dict[str, Any]:
    paid: dict[str, float] = defaultdict(float)
    for (_, account), usd in actions.paid.items():
        paid[account] += usd
    lots = {household.lots[index]: shares for index, shares in actions.sales.items() if shares > 0.0}
    return {
        "sales": [{"account": lot.account, "lot_id": lot.lot_id, "quantity": shares} for lot, shares in lots.items()],
        "purchases": [
            {"account": account, "symbol": symbol, "quantity": shares}
            for (account, symbol), shares in actions.purchases.items()
            if shares > 0.0
        ],
        "paid": [{"account": account, "usd": usd} for account, usd in paid.items()],
    }
