"""Households whose plans are hard to tell: one story each, from nothing to do to fifty million dollars."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

from rebal_xl.consolidate import best_plan
from rebal_xl.explain import Told
from rebal_xl.household import (
    Account,
    BandType,
    Comparison,
    FilingStatus,
    Frontier,
    Household,
    Method,
    Policy,
    RecentTrade,
    Side,
    Target,
    TaxProfile,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.frontier import frontier
from rebal_xl.optimize.location import find_location, household_after
from rebal_xl.sample import sample_household, sample_policy
from tests.consolidate import homes as parks
from tests.optimize.homes import (
    AS_OF,
    IRA,
    ROTH,
    TAXABLE,
    banded,
    bond,
    days_ago,
    household,
    lot,
    policy,
    profile,
    stock,
)
from tests.sheets import miller


def planned(home: Household, rules: Policy, *, with_frontier: bool = False) -> Told:
    """The household with its plan."""
    plan = rebalance(home, rules)
    location = (find_location(home, rules, moves=False), find_location(household_after(home, plan), rules, moves=False))
    found: Frontier | None = frontier(home, rules, points=3, plan=plan) if with_frontier else None
    return Told(plan, home, rules, location, found)


def sample() -> Told:
    """The household everybody tries first."""
    return planned(sample_household(), sample_policy())


def by_hand() -> Told:
    """The Millers' plan, made by hand: estimate law, two returns' accounts, names that look like numbers."""
    return Told(miller.PLAN, miller.HOUSEHOLD, miller.POLICY, miller.LOCATION)


def nothing_to_do() -> Told:
    """60 % of stock where 60 % is the target."""
    home = household([Account("Joint", TAXABLE)], [lot("Joint", "STK", 600, 30_000), lot("Joint", "BND", 800, 41_000)])
    return planned(home, policy(banded(0.6)))


def only_a_shortfall() -> Told:
    """$9,000 wanted of an account whose $10,000 of stock may not be sold, with $2,000 of cash."""
    home = household([Account("Joint", TAXABLE, cash_usd=2_000.0)], [lot("Joint", "STK", 100, 4_000, do_not_sell=True)])
    targets = (Target("Stock", 1.0, BandType.ABSOLUTE, 1.0, 1.0),)
    wanted = (Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 9_000.0),)
    return planned(home, policy(targets, withdrawals=wanted))


def only_harvesting() -> Told:
    """$20,000 of losses taken, and another stock fund bought in the place of the one sold."""
    home = household(
        [Account("Joint", TAXABLE)],
        [lot("Joint", "STK", 600, 80_000), lot("Joint", "BND", 800, 40_000)],
        [stock(replacement="ALT"), stock("ALT", 40.0), bond()],
    )
    return planned(home, policy(banded(0.6), method=Method.HARVEST, harvest_usd=1_000.0))


def losses_only() -> Told:
    """Everything held is worth less than it cost, and the stock must shrink."""
    home = household(
        [Account("Joint", TAXABLE)],
        [lot("Joint", "STK", 800, 100_000), lot("Joint", "BND", 400, 30_000)],
        [stock(), bond()],
    )
    return planned(home, policy(banded(0.6)))


def all_rules_relaxed() -> Told:
    """A reserve, a withdrawal, a tax budget and a band that cannot all be kept: the gain is ten times the cost."""
    home = household(
        [
            Account("Joint", TAXABLE, cash_usd=100.0, reserve_usd=4_000.0),
            Account("Old 401(k)", IRA, locked=True, cash_usd=0.0),
        ],
        [
            lot("Joint", "STK", 500, 5_000),
            lot("Joint", "BND", 100, 1_000, do_not_sell=True),
            lot("Old 401(k)", "STK", 1_000, 30_000),
        ],
        taxpayers=(profile(tax_budget_usd=100.0, long_gain_limit_usd=500.0),),
    )
    wanted = (
        Withdrawal(WithdrawalLevel.ACCOUNT, "Old 401(k)", 5_000.0),
        Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 2_000.0),
    )
    return planned(home, policy(banded(0.5), withdrawals=wanted))


def two_dollars() -> Told:
    """$2 of cash where $98 of bonds stand beside $100 of stock."""
    home = household(
        [Account("Roth 2", ROTH, cash_usd=2.0)], [lot("Roth 2", "STK", 1, 50), lot("Roth 2", "BND", 1.96, 90)]
    )
    return planned(home, policy(banded(0.5), method=Method.CASH_ONLY, min_trade_usd=0.5, cost_per_order_usd=0.0))


def fifty_million() -> Told:
    """$50,000,000, a third of it too much in stock."""
    home = household(
        [Account("Trust Co. 9001", TAXABLE), Account("IRA", IRA)],
        [
            lot("Trust Co. 9001", "STK", 400_000, 12_000_000),
            lot("IRA", "STK", 40_000, 1_000_000),
            lot("IRA", "BND", 120_000, 6_000_000),
        ],
    )
    return planned(home, policy(banded(0.6)), with_frontier=True)


def one_account() -> Told:
    """One taxable account, one sale and one purchase, at a gain."""
    home = household([Account("Joint", TAXABLE)], [lot("Joint", "STK", 800, 20_000), lot("Joint", "BND", 400, 20_000)])
    return planned(home, policy(banded(0.6)))


def dearer_than_usual() -> Told:
    """The usual way happens to cost $1,500 less tax, but leaves more drift."""
    told = one_account()
    drift = told.plan.after.household_drift
    cheaper = told.plan.tax.cost_usd - 1_500.0
    usual = Comparison("Account by account, each account's own lot method", cheaper, 100.0, drift + 0.03, 2)
    return replace(told, plan=replace(told.plan, comparisons=(usual,)))


def as_dear_as_usual() -> Told:
    """The usual way costs the same to the cent."""
    told = one_account()
    usual = Comparison(
        "Account by account, each account's own lot method",
        told.plan.tax.cost_usd,
        told.plan.compared[0].cost_usd if told.plan.comparisons else 0.0,
        told.plan.after.household_drift,
        2,
    )
    return replace(told, plan=replace(told.plan, comparisons=(usual, usual)))


def stopped() -> Told:
    """A plan of which it is not known how good it is."""
    told = one_account()
    return replace(told, plan=replace(told.plan, status="deadline", bound_usd=told.plan.cost_usd - 812.4))


def earlier_law() -> Told:
    """A plan for 2028 by the law of 2026."""
    home = household([Account("Joint", TAXABLE)], [lot("Joint", "STK", 800, 20_000), lot("Joint", "BND", 400, 20_000)])
    return planned(home, policy(banded(0.6), as_of=date(2028, 11, 20), law_year=2026))


def trusts() -> Told:
    """A couple and a trust that files for itself, both with stock to sell."""
    home = household(
        [Account("Joint", TAXABLE, taxpayer="Couple"), Account("Trust 2019", TAXABLE, taxpayer="Trust of 2019")],
        [
            lot("Joint", "STK", 400, 10_000),
            lot("Trust 2019", "STK", 400, 12_000),
            lot("Trust 2019", "BND", 100, 5_000),
        ],
        taxpayers=(profile(), TaxProfile("Trust of 2019", FilingStatus.TRUST, "TX", ordinary_income_usd=20_000.0)),
    )
    return planned(home, policy(banded(0.4)))


def only_purchases() -> Told:
    """$20,000 of new money."""
    home = household(
        [Account("IRA", IRA, contribution_usd=20_000.0)], [lot("IRA", "STK", 300, 1_000), lot("IRA", "BND", 100, 1_000)]
    )
    return planned(home, policy(banded(0.6)))


def typed() -> Told:
    """The advisor's own sale, and nothing else."""
    home = household([Account("Joint", TAXABLE)], [lot("Joint", "STK", 800, 20_000), lot("Joint", "BND", 400, 20_000)])
    mine = (TypedTrade("Joint", "STK", Side.SELL, quantity=10.0),)
    return planned(home, policy(banded(0.6), method=Method.NONE, my_trades=mine))


def followed_by_tracking_error() -> Told:
    """Drift measured by the household as a whole."""
    rules = replace(sample_policy(), tracking=True)
    return planned(sample_household(), rules)


def nearly_long_term() -> Told:
    """A gain that turns long-term in eleven days is held back; a loss was taken last week."""
    home = household(
        [Account("Joint", TAXABLE), Account("IRA", IRA)],
        [
            lot("Joint", "STK", 300, 20_000, acquired=days_ago(355)),
            lot("Joint", "STK", 300, 20_000),
            lot("IRA", "STK", 200, 1_000),
            lot("IRA", "BND", 400, 1_000),
        ],
        [stock(), bond(), bond("BN2")],
        recent_trades=(RecentTrade("Joint", "BN2", days_ago(7), Side.SELL, 10.0, 50.0, -120.0),),
    )
    return planned(home, policy(banded(0.6)))


def capped() -> Told:
    """Most Drift stands in the place of bands."""
    home = household([Account("Joint", TAXABLE)], [lot("Joint", "STK", 800, 20_000), lot("Joint", "BND", 400, 20_000)])
    return planned(home, policy(banded(0.6), most_drift=0.05))


def withdrawals_from_an_ira() -> Told:
    """$30,000 out of an IRA, taxed as income, partly raised by sales."""
    home = household(
        [Account("IRA", IRA, cash_usd=5_000.0), Account("Joint", TAXABLE)],
        [lot("IRA", "STK", 400, 1_000), lot("IRA", "BND", 400, 1_000), lot("Joint", "BND", 200, 12_000)],
    )
    wanted = (Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 30_000.0),)
    return planned(home, policy(banded(0.5), withdrawals=wanted))


def moved_for_location() -> Told:
    """Bonds in a taxable account, stock in an IRA: method Location swaps them."""
    home = household(
        [Account("Joint", TAXABLE), Account("IRA", IRA)],
        [lot("Joint", "BND", 1_000, 50_000), lot("IRA", "STK", 500, 1_000)],
        [stock(yield_rate=0.015, qualified_share=1.0), bond(yield_rate=0.045)],
    )
    return planned(home, policy(banded(0.5), method=Method.LOCATION))


def consolidated() -> Told:
    """Funds of one index put together in three accounts, within $1,500 of tax."""
    home, rules = parks.parks(), parks.policy(consolidate=True, consolidate_tax_usd=1_500.0)
    return Told(best_plan(home, rules), home, rules)


STORIES: dict[str, Callable[[], Told]] = {
    story.__name__: cache(story)
    for story in (
        sample, by_hand, nothing_to_do, only_a_shortfall, only_harvesting, losses_only, all_rules_relaxed, two_dollars,
        fifty_million, one_account, dearer_than_usual, as_dear_as_usual, stopped, earlier_law, trusts, only_purchases,
        typed, followed_by_tracking_error, nearly_long_term, capped, withdrawals_from_an_ira, moved_for_location,
        consolidated,
    )
}  # fmt: skip
assert AS_OF.year == 2026
