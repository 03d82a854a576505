"""A plan that is given, and its price by plain arithmetic."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.second_model.arithmetic import NOTHING, Numbers
from tests.second_model.bill import K
from tests.second_model.facts import Facts
from tests.second_model.objective import Objective
from tests.second_model.orders import Plan
from tests.second_model.purchases import purchases


def facts_of(case: SimpleNamespace) -> Facts:
    """The household of a case."""
    return Facts(case.household, case.policy, Path(case.law_folder))


def plan_of(facts: Facts, given: Any) -> tuple[Plan, list[str]]:
    """The plan in thousands of dollars, and what it does though nothing allows it."""
    shares = {(sale.account, sale.lot_id): sale.quantity for sale in given.sales}
    names = {index: (lot.account, lot.lot_id) for index, lot in enumerate(facts.lots)}
    sold = [sum(shares.get(names[index], 0.0) for index in unit.lots) * unit.price for unit in facts.units]
    for_sale = {names[index] for unit in facts.units for index in unit.lots}
    refused = [f"not for sale: {name}" for name in sorted(set(shares) - for_sale)]
    wanted = {(trade.account, trade.symbol): trade.quantity * facts.price(trade.symbol) for trade in given.purchases}
    pairs = purchases(facts)
    refused += [f"not to be bought: {pair}" for pair in sorted(set(wanted) - set(pairs))]
    paid = _paid(facts, {each.account: each.usd / K for each in given.paid})
    return Plan(sold, {pair: wanted.get(pair, 0.0) for pair in pairs}, paid), refused


def _paid(facts: Facts, by_account: dict[str, float]) -> dict[tuple[int, str], float]:
    """Which request an account's payment meets: as much of all requests as can be, by augmenting paths."""
    paid = {(place, account): 0.0 for place, ask in enumerate(facts.asks) for account in ask.accounts}
    left = dict(by_account)
    for place, ask in enumerate(facts.asks):
        wanted = ask.amount
        while wanted > NOTHING and (path := _path(facts, paid, left, place)):
            moved = min(wanted, left[path[-1][1]], *(paid[giver] for giver in path[1::2]))
            for step, key in enumerate(path):
                paid[key] += -moved if step % 2 else moved
            left[path[-1][1]] -= moved
            wanted -= moved
    return paid


def _path(
    facts: Facts, paid: dict[tuple[int, str], float], left: dict[str, float], place: int
) -> list[tuple[int, str]] | None:
    """Payments to raise and to lower in turn until an account has money left."""
    queue: list[tuple[int, list[tuple[int, str]]]] = [(place, [])]
    seen = {place}
    while queue:
        here, path = queue.pop(0)
        for account in facts.asks[here].accounts:
            longer = [*path, (here, account)]
            if left.get(account, 0.0) > NOTHING:
                return longer
            for other in range(len(facts.asks)):
                if other not in seen and paid.get((other, account), 0.0) > NOTHING:
                    seen.add(other)
                    queue.append((other, [*longer, (other, account)]))
    return None


def priced(facts: Facts, plan: Plan, *, whole: bool) -> dict[str, Any]:
    """Dollars of every term, their sum, and the hard rules that the plan breaks."""
    sums = Numbers()
    terms = Objective(facts, sums, plan, whole=whole).terms()
    usd = {name: K * value for name, value in terms.items()}
    return {"cost_usd": sum(usd.values()), "terms_usd": usd, "broken": sums.broken}
