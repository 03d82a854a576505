"""The sample household and what is hardest to show of it: large sums, long names, a plan with nothing to do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from openpyxl import Workbook

from rebal_xl import api
from rebal_xl.household import Household, Plan, Policy
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.template import build_template

# The sample's day, at half past nine.
WHEN = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 - Excel knows no time zones
LARGE_USD = 50e6
LONGEST = 30


@dataclass(frozen=True, slots=True)
class Edge:
    """A household, what it wants, and its plan."""

    household: Household
    policy: Policy
    plan: Plan

    def inputs(self) -> Workbook:
        """Its workbook."""
        return build_template(self.household, self.policy)

    def results(self) -> Workbook:
        """Its result sheets."""
        placed = api.placements(self.household, self.policy, self.plan)
        return build_results(self.plan, self.household, self.policy, self.household.notices, when=WHEN, location=placed)


def _planned(household: Household, policy: Policy) -> Edge:
    return Edge(household, policy, api.rebalance(household, policy))


@cache
def sample() -> Edge:
    """As it is."""
    return _planned(sample_household(), sample_policy())


@cache
def fifty_million() -> Edge:
    """The same shares many times over, until the household is worth $50 million."""
    household, policy = sample_household(), sample_policy()
    times = round(LARGE_USD / household.total_usd)
    accounts = tuple(
        replace(account, cash_usd=account.cash_usd * times, reserve_usd=account.reserve_usd * times)
        for account in household.accounts
    )
    lots = tuple(
        replace(lot, quantity=lot.quantity * times, basis_usd=None if lot.basis_usd is None else lot.basis_usd * times)
        for lot in household.lots
    )
    withdrawals = tuple(replace(one, amount_usd=one.amount_usd * times) for one in policy.withdrawals)
    return _planned(replace(household, accounts=accounts, lots=lots), replace(policy, withdrawals=withdrawals))


@cache
def long_names() -> Edge:
    """Every name that an advisor chooses has 30 characters, capitals among them."""
    household, policy = sample_household(), sample_policy()

    def longer(name: str) -> str:
        return f"{name} WHITTINGHAM-MONTGOMERY MEMORIAL TRUST"[:LONGEST] if name else name

    accounts = tuple(
        replace(account, name=longer(account.name), custodian=longer(account.custodian), owner=longer(account.owner))
        for account in household.accounts
    )
    securities = tuple(
        replace(
            one,
            name=longer(one.name),
            class_mix=tuple((name if name == "Cash" else longer(name), weight) for name, weight in one.class_mix),
        )
        for one in household.securities
    )
    people = tuple(
        replace(person, name=longer(person.name), spouse_of=longer(person.spouse_of)) for person in household.people
    )
    longest = replace(
        household,
        name=longer(household.name),
        accounts=accounts,
        securities=securities,
        people=people,
        lots=tuple(replace(lot, account=longer(lot.account)) for lot in household.lots),
        recent_trades=tuple(replace(trade, account=longer(trade.account)) for trade in household.recent_trades),
    )
    targets = tuple(
        one if one.asset_class == "Cash" else replace(one, asset_class=longer(one.asset_class), group=longer(one.group))
        for one in policy.targets
    )
    typed = tuple(replace(one, account=longer(one.account)) for one in policy.my_trades)
    return _planned(longest, replace(policy, targets=targets, my_trades=typed, firm=longer(policy.firm)))


@cache
def nothing_to_do() -> Edge:
    """Every class is where its target is, and nobody asks for cash."""
    household, policy = sample_household(), replace(sample_policy(), withdrawals=())
    held = {line.asset_class: line.actual_weight for line in api.drift(household, policy).lines}
    targets = tuple(replace(one, weight=held[one.asset_class]) for one in policy.targets)
    edge = _planned(household, replace(policy, targets=targets))
    assert not edge.plan.trades
    return edge


EDGES: dict[str, Callable[[], Edge]] = {
    "the sample": sample,
    "$50 million": fifty_million,
    "names of 30 characters": long_names,
    "nothing to do": nothing_to_do,
}
