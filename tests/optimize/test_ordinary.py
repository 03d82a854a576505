"""Ordinary rebalancing, account by account, worked by hand, and the plan compared with it."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.household import (
    Account,
    BasisMethod,
    Comparison,
    Covariance,
    Household,
    Method,
    Plan,
    Policy,
    Side,
    Target,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.measure import measure_drift
from rebal_xl.measure.tradable import reserve_usd
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.comparison import at_no_less_drift, compare, with_comparisons
from rebal_xl.optimize.evaluate import cash_after, shares_after
from rebal_xl.optimize.ordinary import account_by_account, averaged, first_in, highest_cost, own_method
from rebal_xl.optimize.prices import find_prices
from rebal_xl.optimize.realised import Actions
from rebal_xl.sample import sample_household, sample_policy
from tests.optimize.homes import IRA, TAXABLE, bond, days_ago, lot, policy, profile, stock
from tests.optimize.homes import household as home
from tests.optimize.tiny import tiny_case

# $150,000 of wages: long-term gains are taxed at 15 %, a deductible loss saves 22 % (2026: 0 % of gains ends at
# $98,900 and 12 % of income at $100,800 of taxable income for a couple; theirs is 150,000 - 32,200 = 117,800).
COUPLE = profile(ordinary_income_usd=150_000.0)
HALF = (Target("Stock", 0.5), Target("Bond", 0.5))


def two_accounts(first: float, second: float, *, step: float = 1.0, **joint: object) -> Household:
    """$8,000 of stock in a joint account, two lots of 40 shares bought for so many dollars; $4,000 of bonds in an IRA.

    Each account on its own goes half and half: the joint account sells 40 shares of stock and buys 80 of bonds, the
    IRA sells 40 of bonds and buys 20 of stock. The household then holds $6,000 of each.
    """
    return home(
        [Account("Joint", TAXABLE, **joint), Account("IRA", IRA)],
        [
            lot("Joint", "STK", 40, first, acquired=date(2020, 3, 2)),
            lot("Joint", "STK", 40, second, acquired=date(2022, 3, 2)),
            lot("IRA", "BND", 80),
        ],
        [stock(lot_size=step), bond(lot_size=step)],
        taxpayers=(COUPLE,),
    )


def ways(household: Household, rules: Policy, drift: float = 0.0) -> tuple[Comparison, Comparison]:
    """Both ordinary ways, by the accounts' own methods and by HIFO."""
    before = measure_drift(household, rules)
    own, dearest = compare(household, rules, find_prices(household, rules), before, drift)
    return own, dearest


def test_stocks_go_first_in_first_out_and_the_second_time_dearest_first() -> None:
    # 40 shares bring $4,000: less $2,000 of the older lot a gain of $2,000, less $3,600 of the dearer one $400
    own, dearest = ways(two_accounts(2_000, 3_600), policy(HALF))
    assert own.tax_usd == pytest.approx(0.15 * 2_000)
    assert dearest.tax_usd == pytest.approx(0.15 * 400)
    assert own.household_drift == dearest.household_drift == pytest.approx(0.0)
    assert own.orders == dearest.orders == 4
    assert own.breaks == own.classes_out == ()


def test_funds_are_averaged_unless_the_account_says_otherwise() -> None:
    # 80 shares for $5,600 are $70 each: a gain of 40 * 30 = $1,200
    assert ways(two_accounts(2_000, 3_600, step=0.0), policy(HALF))[0].tax_usd == pytest.approx(0.15 * 1_200)
    last_in = two_accounts(2_000, 3_600, step=0.0, basis_method=BasisMethod.LIFO)
    assert ways(last_in, policy(HALF))[0].tax_usd == pytest.approx(0.15 * 400)


def test_stocks_cannot_be_averaged() -> None:
    own, _ = ways(two_accounts(2_000, 3_600, basis_method=BasisMethod.AVERAGE), policy(HALF))
    assert own.tax_usd == pytest.approx(0.15 * 2_000)


def test_a_position_with_a_lot_of_unknown_basis_is_not_averaged() -> None:
    household = two_accounts(2_000, 3_600, step=0.0)
    unknown = replace(household, lots=(*household.lots, lot("Joint", "STK", 1, None)))
    assert {one.basis_usd for one in averaged(unknown, own_method).lots if one.account == "Joint"} == {2000, 3600, None}


def test_the_wash_sale_it_causes_is_charged() -> None:
    # The older lot is sold at a loss of 6,000 - 4,000 = $2,000; the IRA buys 20 of the 40 shares back: $1,000 is lost
    # for good, and $1,000 saves 22 cents a dollar.
    own, dearest = ways(two_accounts(6_000, 3_600), policy(HALF))
    assert (own.disallowed_usd, own.permanent_usd) == (pytest.approx(1_000), pytest.approx(1_000))
    assert own.tax_usd == pytest.approx(-0.22 * 1_000)
    assert own.breaks == dearest.breaks == ("wash sale",)


def test_it_stops_where_the_plan_stops() -> None:
    # Stock is 8/12 = 66.7 %. Ending at 55 %, or $6,600, takes 0.7 of the way (20 shares net, 14 of them): the joint
    # account sells 28 shares at an average gain of $30. The share is found to a thousandth.
    household = two_accounts(2_000, 3_600, step=0.0)
    own, _ = ways(household, policy(HALF), drift=0.05)
    assert 0.05 <= own.household_drift + 1e-9 <= 0.0502
    assert own.tax_usd == pytest.approx(0.15 * 28 * 30, abs=0.15 * 0.04 * 30)


def test_no_work_is_asked_for_when_the_plan_does_none() -> None:
    household, rules = two_accounts(2_000, 3_600), policy(HALF)
    before = measure_drift(household, rules)
    assert [way.orders for way in ways(household, rules, before.household_drift)] == [0, 0]


def test_locks_and_menus_are_kept() -> None:
    household = two_accounts(2_000, 3_600)
    kept = replace(
        household,
        accounts=(Account("Joint", TAXABLE), Account("IRA", IRA, menu=frozenset({"BND"}))),
        lots=tuple(replace(one, locked=one.basis_usd == 2_000) for one in household.lots),
    )
    actions = account_by_account(kept, policy(HALF), first_in)
    # nothing but bonds can be held in the IRA, so it stays; the joint account sells the lot that is free
    assert {kept.lots[index].basis_usd: shares for index, shares in actions.sales.items()} == {3_600: 40}
    assert dict(actions.purchases) == {("Joint", "BND"): 80}


def test_no_order_is_below_the_minimum() -> None:
    actions = account_by_account(two_accounts(2_000, 3_600), policy(HALF, min_trade_usd=3_000.0), first_in)
    # the IRA's orders would be of $2,000
    assert dict(actions.purchases) == {("Joint", "BND"): 80}


def test_the_household_withdraws_from_taxable_accounts_by_their_value() -> None:
    household = home(
        [Account("A", TAXABLE), Account("B", TAXABLE, cash_usd=3_000.0), Account("IRA", IRA, cash_usd=5_000.0)],
        [lot("A", "STK", 60, 6_000)],
    )
    rules = policy(HALF, withdrawals=(Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 900.0),))
    actions = account_by_account(household, rules, first_in)
    assert {account: usd for (_, account), usd in actions.paid.items()} == {"A": 600.0, "B": 300.0}
    assert min(cash_after(household, actions).values()) >= 0.0


def test_gains_days_before_they_are_long_term_and_rebuys_are_named() -> None:
    young = [
        lot("Joint", "STK", 40, 3_000, acquired=days_ago(360)),
        lot("Joint", "STK", 40, 3_600, acquired=days_ago(355)),
    ]
    household = replace(two_accounts(1, 1), lots=(*young, lot("IRA", "BND", 80)))
    assert ways(household, policy(HALF))[0].breaks == ("nearly long-term",)


@pytest.mark.parametrize("seed", range(60))
def test_it_never_gets_credit_for_more_drift_than_asked_nor_breaks_what_it_keeps(seed: int) -> None:
    case = tiny_case(seed)
    household, rules = case.household, case.policy
    for relief in (own_method, highest_cost):
        least = _drift(household, rules, account_by_account(household, rules, relief, 0.0))
        for wanted in (0.0, 0.05, 0.15):
            actions = at_no_less_drift(household, rules, relief, wanted)
            assert _drift(household, rules, actions) >= min(wanted, least) - 1e-9
            _keeps_what_it_keeps(household, actions)


def _drift(household: Household, rules: Policy, actions: Actions) -> float:
    holdings, cash = shares_after(household, actions), cash_after(household, actions)
    return measure_drift(household, rules, holdings=holdings, cash=cash).household_drift


def _keeps_what_it_keeps(household: Household, actions: Actions) -> None:
    sold: dict[tuple[str, str], float] = {}
    for index, shares in actions.sales.items():
        one = household.lots[index]
        assert not one.locked
        assert not one.do_not_sell
        assert 0 < shares <= one.quantity + 1e-9
        sold[one.account, one.symbol] = sold.get((one.account, one.symbol), 0.0) + shares
    assert not set(sold) & set(actions.purchases)
    for account, symbol in actions.purchases:
        menu = household.account(account).menu
        assert menu is None or symbol in menu
        assert not household.security(symbol).do_not_buy
    for shares in (*sold.values(), *actions.purchases.values()):
        assert shares == pytest.approx(round(shares))
    for name in {name for name, _ in actions.purchases}:
        assert cash_after(household, actions)[name] >= reserve_usd(household, household.account(name)) - 0.01


def test_a_comparison_that_cannot_be_made_costs_no_plan() -> None:
    household, rules = two_accounts(2_000, 3_600), policy(HALF)
    plan = rebalance(household, rules)
    assert len(plan.comparisons) == 2
    nobody = replace(find_prices(household, rules), payers={})
    alone = with_comparisons(replace(plan, comparisons=()), household, rules, nobody)
    assert alone.comparisons == alone.compared == ()
    assert alone.trades == plan.trades
    assert [notice.topic for notice in alone.notices if notice not in plan.notices] == ["comparison"]


def test_the_plan_pays_no_more_than_either_ordinary_way() -> None:
    # Only the joint account needs to trade: $1,400 of stock brings the household to 55 %, the nearer edge, and the
    # dearer lot gains $10 a share.
    plan = rebalance(two_accounts(2_000, 3_600), policy(HALF))
    assert plan.tax.cost_usd == pytest.approx(0.15 * 14 * 10)
    for way in plan.comparisons:
        assert plan.tax_saved_usd(way) == way.tax_usd - plan.tax.cost_usd > 0
        assert way.household_drift >= plan.after.household_drift - 1e-9


@pytest.mark.parametrize("method", [Method.HARVEST, Method.LOCATION])
def test_methods_without_an_ordinary_counterpart_say_that_they_are_not_compared(method: Method) -> None:
    plan = rebalance(two_accounts(2_000, 3_600), policy(HALF, method=method))
    assert plan.comparisons == ()
    (notice,) = [notice for notice in plan.notices if notice.topic == "comparison"]
    assert notice.sentence.startswith(f"The plan is not compared with ordinary rebalancing: method {method.value}")


def test_raising_cash_is_compared_with_raising_the_same_cash_by_other_lots() -> None:
    # $1,000 to withdraw and no cash: one share more than the ten that are needed, at $50 of gain in the older lot
    # (FIFO) and $10 in the dearer one. The plan sells ten of the dearer lot.
    ask = Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 1_000.0)
    plan = rebalance(two_accounts(2_000, 3_600), policy(HALF, method=Method.CASH_ONLY, withdrawals=(ask,)))
    own, dearest = plan.comparisons
    assert (own.name, own.orders) == ("Cash account by account, each account's own lot method", 1)
    assert own.tax_usd == pytest.approx(0.15 * 11 * 50)
    assert dearest.tax_usd == pytest.approx(0.15 * 11 * 10)
    assert plan.tax.cost_usd == pytest.approx(0.15 * 10 * 10)


def test_cash_that_is_invested_account_by_account_sells_nothing() -> None:
    # $2,000 beyond the reserve: the joint account is to hold $5,000 of each class, and buys bonds for all of it.
    home = two_accounts(2_000, 3_600, cash_usd=2_000.0)
    own, _ = ways(home, policy(HALF, method=Method.CASH_ONLY))
    assert (own.tax_usd, own.orders) == (0.0, 1)


def test_typed_sales_are_compared_with_other_lots_of_the_same_trades() -> None:
    typed = (TypedTrade("Joint", "STK", Side.SELL, 50.0), TypedTrade("Joint", "BND", Side.BUY, 100.0))
    plan = rebalance(two_accounts(2_000, 3_600), policy(HALF, method=Method.NONE, my_trades=typed))
    own, dearest = plan.comparisons
    # FIFO: 40 shares with $50 of gain and 10 with $10; HIFO and the plan: 40 with $10 and 10 with $50
    assert own.tax_usd == pytest.approx(0.15 * (40 * 50 + 10 * 10))
    assert dearest.tax_usd == pytest.approx(0.15 * (40 * 10 + 10 * 50)) == plan.tax.cost_usd
    assert own.name == "The same trades, each account's own lot method"
    assert [way.household_drift for way in plan.comparisons] == pytest.approx([plan.after.household_drift] * 2)


def test_lots_that_are_typed_are_sold_in_every_way() -> None:
    home = two_accounts(2_000, 3_600)
    oldest = next(one for one in home.lots if one.basis_usd == 2_000)
    named = replace(home, lots=tuple(replace(one, lot_id="old") if one == oldest else one for one in home.lots))
    typed = (TypedTrade("Joint", "STK", Side.SELL, 10.0, lot_id="old"),)
    for way in ways(named, policy(HALF, method=Method.NONE, my_trades=typed)):
        assert way.tax_usd == pytest.approx(0.15 * 10 * 50)


def test_the_advisors_own_trades_come_first_and_nothing_else_of_them_is_traded() -> None:
    home = two_accounts(2_000, 3_600)
    rules = policy(HALF, my_trades=(TypedTrade("Joint", "STK", Side.SELL, 10.0),))
    actions = account_by_account(home, rules, first_in)
    sold = {(home.lots[index].account, home.lots[index].symbol): shares for index, shares in actions.sales.items()}
    # alone the joint account would sell 40 shares; now it invests the $1,000 that ten bring
    assert sold == {("Joint", "STK"): 10, ("IRA", "BND"): 40}
    assert actions.purchases["Joint", "BND"] == 20


def test_what_has_no_target_is_sold_where_the_plan_sells_it_and_a_cap_on_orders_is_named() -> None:
    gold = replace(bond("GLD", lot_size=1.0), class_mix=(("Gold", 1.0),))
    home = two_accounts(2_000, 3_600)
    home = replace(home, securities=(*home.securities, gold), lots=(*home.lots, lot("IRA", "GLD", 20.0)))
    kept, gone = (ways(home, policy(HALF, sell_without_target=sells, most_orders=3))[0] for sells in (False, True))
    assert (kept.orders, gone.orders) == (4, 5)
    assert kept.breaks == gone.breaks == ("most orders",)


def test_the_sample_saves_tax_at_no_more_drift() -> None:
    plan: Plan = rebalance(sample_household(), sample_policy())
    assert len(plan.comparisons) == 2
    mine = plan.compared[0]
    assert (mine.tax_usd, mine.orders) == (plan.tax.cost_usd, len(plan.trades))
    for way in plan.comparisons:
        assert way.tax_usd >= plan.tax.cost_usd
        assert way.cost_usd >= mine.cost_usd
        assert way.household_drift >= plan.after.household_drift - 1e-9


# Stock 16 % and bonds 5 % a year, uncorrelated: a point off target is sqrt(0.0256 + 0.0025) = 0.1676 points of tracking
# error a year.
PER_WEIGHT = 0.0281**0.5
SIGMA = Covariance(("Bond", "Stock"), ((0.0025, 0.0), (0.0, 0.0256)))


def test_where_tracking_error_is_followed_it_is_what_the_ways_are_matched_by() -> None:
    # stock at 8/12 for a half is 2.79 % a year, and must come to half a percent: 2.98 points off
    plan = rebalance(two_accounts(2_000, 3_600, step=0.0), policy(HALF, tracking=True, covariance=SIGMA))
    mine, *ordinary = plan.compared
    assert mine.tracking_error == plan.after.tracking_error == pytest.approx(0.005, abs=1e-5)
    assert len(ordinary) == 2
    for way in ordinary:
        # some dollars stay cash, of which neither class knows
        assert way.tracking_error == pytest.approx(way.household_drift * PER_WEIGHT, abs=5e-6)
        # no nearer than the plan, and to a thousandth of the way as near
        assert mine.tracking_error - 1e-9 <= way.tracking_error <= mine.tracking_error + 0.001 * 0.0279


def test_no_tracking_error_is_told_where_trades_do_not_follow_it() -> None:
    plan = rebalance(two_accounts(2_000, 3_600), policy(HALF, covariance=SIGMA))
    assert plan.after.tracking_error is not None
    assert [way.tracking_error for way in plan.compared] == [None, None, None]


def test_cash_only_moves_the_same_cash_wherever_that_ends() -> None:
    # All of the IRA's $1,200 of cash is invested, and the household is nearer to its target for it: asked to leave all
    # of its drift, the ordinary way does so all the same.
    household = home(
        [Account("IRA", IRA, cash_usd=1_200.0)],
        [lot("IRA", "STK", 48)],
        taxpayers=(COUPLE,),
    )
    rules = policy(HALF, method=Method.CASH_ONLY)
    told = at_no_less_drift(household, rules, own_method, measure_drift(household, rules).household_drift)
    bought = {name: shares * household.security(name).price_usd for (_, name), shares in told.purchases.items()}
    assert sum(bought.values()) == pytest.approx(1_200.0, abs=1.0)
    after = measure_drift(household, rules, holdings=shares_after(household, told), cash=cash_after(household, told))
    # 80 % stock and 20 % cash are 50 points off, 80 % stock and 20 % bonds 30
    assert measure_drift(household, rules).household_drift == pytest.approx(0.5)
    assert after.household_drift == pytest.approx(0.3)
