"""Consolidating as part of a plan: what the tax budget buys, what the orders say, and when it is left out."""

from dataclasses import replace

import pytest

import rebal_xl
from rebal_xl import api
from rebal_xl.consolidate import choose, consolidated, in_force
from rebal_xl.household import BandType, Household, Lot, Method, Plan, Policy, Side, Target
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.assemble import fingerprint
from tests.consolidate.homes import ACCOUNTS, LONG_AGO, LOTS, fund, parks, policy

FREE = [("IRA", ("IVV",)), ("Roth", ("IVV", "SPY"))]


def wanted(budget_usd: float = 0.0, **more: object) -> Policy:
    return policy(consolidate=True, consolidate_tax_usd=budget_usd, **more)


def chosen(budget_usd: float, **more: object) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.account, one.sold) for one in choose(parks(), wanted(budget_usd, **more))]


def orders(plan: Plan) -> list[tuple[str, Side, str, float]]:
    return [(trade.account, trade.side, trade.symbol, trade.quantity) for trade in plan.trades]


def test_the_budget_takes_what_is_free_first_and_what_fits():
    # IVV in Joint costs 15 % of $10,000; SPY's loss is never taken
    assert chosen(0.0) == FREE
    assert chosen(1_499.0) == FREE
    assert chosen(1_500.0) == [*FREE, ("Joint", ("IVV",))]


def test_the_cheapest_for_each_position_comes_first():
    # SPY with a gain of 20 x 600 - 9,000 = $3,000 costs $450, IVV $1,500: together $1,950
    lots = tuple(replace(lot, basis_usd=9_000.0) if lot.basis_usd == 15_000.0 else lot for lot in LOTS)
    for budget, sold in ((449.0, []), (450.0, ["SPY"]), (1_949.0, ["SPY"]), (1_950.0, ["SPY", "IVV"])):
        picked = choose(parks(lots), wanted(budget))
        assert [one.sold[0] for one in picked if one.account == "Joint"] == sold


def test_the_plan_does_them_and_says_so():
    plan = rebal_xl.rebalance(parks(), wanted(1_500.0))
    assert orders(plan) == [
        ("IRA", Side.SELL, "IVV", 20.0),
        ("IRA", Side.BUY, "VOO", 20.0),
        ("Joint", Side.SELL, "IVV", 50.0),
        ("Joint", Side.BUY, "VOO", 50.0),
        ("Roth", Side.SELL, "IVV", 10.0),
        ("Roth", Side.SELL, "SPY", 10.0),
        ("Roth", Side.BUY, "VOO", 20.0),
    ]
    assert plan.tax.cost_usd == pytest.approx(1_500.0)
    assert {trade.serves for trade in plan.trades} == {"consolidation"}
    same = "both track the same index (S&P 500 Index)."
    assert plan.trades[2].reason == f"Consolidates IVV into VOO: {same}"
    assert plan.trades[6].reason == f"Consolidates IVV and SPY into VOO: {same.replace('both', 'all')}"
    assert all(trade.closes_position for trade in plan.trades if trade.side is Side.SELL)


def test_the_rest_is_planned_around_them():
    # $20,000 of new money buys 33 shares at $600; the consolidations stay as they are
    accounts = (replace(ACCOUNTS[0], cash_usd=20_000.0), *ACCOUNTS[1:])
    plan = rebal_xl.rebalance(parks(accounts=accounts), wanted(method=Method.FULL))
    assert [trade.reason for trade in plan.trades if trade.account != "Joint"] == [
        trade.reason for trade in rebal_xl.rebalance(parks(), wanted()).trades
    ]
    (bought,) = [trade for trade in plan.trades if trade.account == "Joint"]
    assert (bought.side, bought.quantity, bought.serves) == (Side.BUY, 33.0, "cash")
    assert plan.tax.cost_usd == 0.0


def test_off_nothing_changes():
    home, off = parks(), policy(method=Method.FULL)
    plan, own = rebal_xl.rebalance(home, off), rebalance(home, off)
    assert replace(plan, solve_seconds=0.0) == replace(own, solve_seconds=0.0)
    assert consolidated(home, off) is off
    # neither budget nor security master are told of a policy that does not consolidate
    assert repr(off) == repr(replace(off, consolidate_tax_usd=9.0, security_master=False))
    assert "consolidate" not in repr(off)
    assert repr(off).startswith("Policy(targets=(Target(asset_class='US Large Cap', weight=1.0,")
    assert fingerprint(home, off) != fingerprint(home, wanted(method=Method.FULL))
    assert fingerprint(home, wanted()) != fingerprint(home, wanted(1.0))


def test_the_fingerprint_is_that_of_the_policy_as_it_was_given():
    home = parks()
    plan = rebal_xl.rebalance(home, wanted())
    assert plan.fingerprint == fingerprint(home, wanted())
    made_by = in_force(home, wanted(), plan)
    assert len(made_by.my_trades) == 5
    assert in_force(home, wanted(), rebalance(home, policy())) == wanted()


@pytest.mark.parametrize("method", [Method.CASH_ONLY, Method.HARVEST, Method.LOCATION, Method.NONE])
def test_other_methods_only_do_what_they_are_for(method: Method):
    assert chosen(10_000.0, method=method) == []


def test_they_are_left_out_where_a_rule_would_be_kept_less_well():
    # 15 x $600 of stock and 200 x $80 of bonds: stock is 36 % and wanted at 80 %. IVV and VOO, the only stock funds of
    # the menu, are tied up by the consolidation, and there is no other account: stock would stay at 36 %.
    menu = replace(ACCOUNTS[1], menu=frozenset({"IVV", "VOO", "BND"}))
    lots = (Lot("IRA", "VOO", 10.0), Lot("IRA", "IVV", 5.0), Lot("IRA", "BND", 200.0))
    bond = replace(fund("BND"), price_usd=80.0, class_mix=(("US Core Bond", 1.0),))
    home = Household((menu,), lots, (fund("IVV"), fund("VOO"), bond), parks().taxpayers)
    targets = (
        Target("US Large Cap", 0.8, BandType.ABSOLUTE, 0.02, 0.0),
        Target("US Core Bond", 0.2, BandType.ABSOLUTE, 0.02, 0.0),
    )
    rules = replace(wanted(), targets=targets)
    assert [one.sold for one in choose(home, rules)] == [("IVV",)]
    plan = rebal_xl.rebalance(home, rules)
    assert "consolidation" not in {trade.serves for trade in plan.trades}
    (said,) = [notice for notice in plan.notices if notice.topic == "consolidation"]
    assert said.sentence == (
        "The consolidations within the tax budget are left out of this plan. "
        "With them a rule could not be kept as well: Band of US Large Cap."
    )
    alone = rebalance(home, replace(rules, consolidate=False))
    assert orders(plan) == orders(alone)
    assert plan.fingerprint == fingerprint(home, rules)


def test_they_are_left_out_where_the_whole_plan_would_pay_more_tax():
    # Stock is 50 x $600 of VOO at cost, 20 x $600 of IVV with a gain of $2,000 and 30 x $600 of LGX with one of $9,000;
    # with 100 x $80 of bonds it is $60,000 of $68,000 and must come down to 66 %, $44,880: 26 shares are sold. Alone
    # these are of VOO and nothing is taxed. Consolidating IVV costs 15 % of $2,000 and ties VOO up; then LGX is sold,
    # 26 x ($600 - $300) of gain. In all 15 % of $9,800, $1,470, where $300 were meant.
    lots = (
        Lot("Joint", "VOO", 50.0, 30_000.0, LONG_AGO),
        Lot("Joint", "IVV", 20.0, 10_000.0, LONG_AGO),
        Lot("Joint", "LGX", 30.0, 9_000.0, LONG_AGO),
        Lot("Joint", "BND", 100.0, 8_000.0, LONG_AGO),
    )
    bond = replace(fund("BND"), price_usd=80.0, class_mix=(("US Core Bond", 1.0),))
    stock = tuple(fund(symbol, rank_taxable=place) for place, symbol in enumerate(("VOO", "IVV", "LGX"), start=1))
    home = Household(ACCOUNTS[:1], lots, (*stock, bond), parks().taxpayers)
    targets = (
        Target("US Large Cap", 0.65, BandType.ABSOLUTE, 0.02, 0.01),
        Target("US Core Bond", 0.35, BandType.ABSOLUTE, 0.02, 0.01),
    )
    rules = replace(wanted(300.0), targets=targets)
    assert [one.sold for one in choose(home, rules)] == [("IVV",)]
    alone, plan = rebalance(home, replace(rules, consolidate=False)), rebal_xl.rebalance(home, rules)
    assert alone.tax.cost_usd == pytest.approx(0.0)
    assert orders(plan) == orders(alone)
    (said,) = [notice for notice in plan.notices if notice.topic == "consolidation"]
    assert said.sentence.endswith("With them the whole plan would cost $1,470 more tax this year.")


def test_they_are_left_out_where_a_loss_of_the_plan_may_be_washed():
    # Joint harvests 100 x $600 of SPY bought for $80,000; consolidating the IRA buys VOO, of the same index
    lots = (Lot("Joint", "SPY", 100.0, 80_000.0, LONG_AGO), Lot("IRA", "VOO", 120.0), Lot("IRA", "IVV", 20.0))
    home, rules = parks(lots), wanted(harvest_usd=100.0)
    assert [(one.account, one.sold, one.keep) for one in choose(home, rules)] == [("IRA", ("IVV",), "VOO")]
    plan = rebal_xl.rebalance(home, rules)
    assert sum(sale.gain_usd for sale in plan.lot_sales) < 0.0
    assert "consolidation" not in {trade.serves for trade in plan.trades}
    (said,) = [notice for notice in plan.notices if notice.topic == "consolidation"]
    assert said.sentence.endswith("The plan takes a loss on SPY, and buying VOO may make it a wash sale.")


def test_the_order_of_rows_makes_no_difference():
    home = parks()
    turned = Household(home.accounts[::-1], home.lots[::-1], home.securities[::-1], home.taxpayers)
    assert choose(turned, wanted(1_500.0)) == choose(home, wanted(1_500.0))
    assert orders(rebal_xl.rebalance(turned, wanted(1_500.0))) == orders(rebal_xl.rebalance(home, wanted(1_500.0)))


def test_a_household_of_two_thousand_lots_keeps_the_budget():
    # ten accounts, 200 lots in each of VOO, IVV and SPY by turns; a share bought for $600 - i/100 has i/100 of gain
    accounts = tuple(replace(ACCOUNTS[0], name=f"Joint {number}") for number in range(10))
    lots = tuple(
        Lot(f"Joint {i % 10}", ("VOO", "IVV", "SPY")[i // 10 % 3], 1.0, 600.0 - i / 100, LONG_AGO, lot_id=f"{i:04}")
        for i in range(2_000)
    )
    home = parks(lots, accounts)
    # all but VOO of an account is gain at 15 %: of the cheapest positions first, until the next one does not fit
    each = sorted(
        0.15 * sum(i / 100 for i in range(2_000) if (i % 10, i // 10 % 3) == (account, turn))
        for account in range(10)
        for turn in (1, 2)
    )
    budget = sum(each[:7]) + 0.01
    picked = choose(home, wanted(budget))
    assert [one.tax_usd for one in picked] == pytest.approx(each[:7])
    plan = rebal_xl.rebalance(home, wanted(budget))
    assert sum(trade.closes_position for trade in plan.trades) == 7
    assert plan.tax.cost_usd == pytest.approx(sum(each[:7]))


def test_the_advisors_own_trades_come_first():
    lot = Lot("Joint", "IVV", 1.0, 600.0, LONG_AGO)
    typed = rebal_xl.TypedTrade("IRA", "IVV", Side.SELL, quantity=1.0)
    assert [one.account for one in choose(parks((*LOTS, lot)), wanted(my_trades=(typed,)))] == ["Roth"]


def test_what_if_and_the_frontier_plan_with_them():
    home = parks()
    found = api.what_if(home, policy(), wanted())
    assert (len(found.base.trades), len(found.edited.trades)) == (0, 5)
    assert {change.kind for change in found.orders} == {"added"}
    points = api.frontier(home, wanted(), points=2).points
    assert all(len(point.plan.trades) == 5 for point in points)
