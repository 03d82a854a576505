"""What binding rules cost, worked by hand: the saving of one step, rules that are free, and claims within the gaps."""

from dataclasses import replace

import pytest

from rebal_xl.household import (
    Account,
    BandType,
    BindingRule,
    Household,
    Method,
    Policy,
    RecentTrade,
    RuleCosts,
    Security,
    Side,
    Target,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import binding, rebalance
from rebal_xl.optimize.binding import binding_rules
from rebal_xl.optimize.looser import looser_rules, step_usd
from rebal_xl.optimize.rebalance import find
from rebal_xl.optimize.search import Run
from rebal_xl.optimize.solver import SolverError
from tests.optimize.homes import IRA, TAXABLE, banded, bond, days_ago, household, lot, policy, profile, stock

# $250,000 of wages (see test_waiting): short gains are taxed at 24 % + 3.8 %, long ones at 15 % + 3.8 %.
SHORT_RATE, LONG_RATE = 0.278, 0.188
# Stock at 80 % of $100,000 must come down to 66 %: $14,000 is sold.
SOLD = 14_000.0
BONDS = lot("Joint", "BND", 400.0, 20_000.0)


def costs(home: Household, rules: Policy) -> RuleCosts:
    """What the rules of the household's plan cost."""
    return binding_rules(home, rules, rebalance(home, rules))


def rule(found: RuleCosts, name: str) -> BindingRule:
    """The binding rule of that name."""
    (one,) = [one for one in found.binding if one.rule == name]
    return one


def two_terms(limit: float) -> Household:
    """$40,000 of stock held long and $40,000 held short, each with a gain of a tenth, and a limit on long gains."""
    held = [
        lot("Joint", "STK", 400.0, 36_000.0),
        lot("Joint", "STK", 400.0, 36_000.0, acquired=days_ago(100)),
        BONDS,
    ]
    return household([Account("Joint", TAXABLE)], held, taxpayers=(profile(long_gain_limit_usd=limit),))


def test_a_gain_limit_costs_what_the_dearer_lots_cost_more() -> None:
    # $14,000 of the long lot would gain $1,400, but only $400 is allowed: $1,000 of short gain takes its place.
    found = costs(two_terms(400.0), policy(banded(0.60)))
    one = rule(found, "Long gain limit of Couple")
    assert one.step == "raised from $400 to $1,400"
    assert one.saves_usd == pytest.approx((SHORT_RATE - LONG_RATE) * 1_000.0, abs=0.5)
    assert dict(one.parts)["tax"] == pytest.approx(90.0, abs=0.5)
    assert one.sentence.startswith("Long gain limit of Couple, raised from $400 to $1,400: saves $90.")
    assert one.within_usd < 5.0


def test_a_gain_limit_that_is_not_reached_is_not_tried() -> None:
    found = costs(two_terms(2_000.0), policy(banded(0.60)))
    tried = [one.rule for one in found.binding] + list(found.free)
    assert "Long gain limit of Couple" not in tried


def test_nothing_is_claimed_that_the_gaps_could_hide() -> None:
    # Asked for no more than a gap of $100,000, and proven to a tenth of it, ties alone may cost more than the $90.
    found = costs(two_terms(400.0), policy(banded(0.60), gap_bp=10_000.0))
    assert "Long gain limit of Couple" in found.free


def test_a_reserve_costs_the_tax_of_raising_it() -> None:
    # All the cash of $10,000 is reserve, so $5,000 to withdraw is sold: half of it is gain.
    held = [lot("Joint", "STK", 600.0, 30_000.0), lot("Joint", "BND", 800.0, 20_000.0)]
    joint = Account("Joint", TAXABLE, cash_usd=10_000.0, reserve_usd=10_000.0)
    ask = Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 5_000.0)
    wide = (Target("Stock", 0.6, trigger=0.9), Target("Bond", 0.4, trigger=0.9))
    found = costs(household([joint], held), policy(wide, withdrawals=(ask,)))
    one = rule(found, "Cash reserve of Joint")
    assert one.step == "lowered from $10,000 to $0"
    # one order of $1 besides
    assert one.saves_usd == pytest.approx(LONG_RATE * 2_500.0 + 1.0, abs=0.5)


def test_a_menu_costs_the_tax_of_selling_elsewhere() -> None:
    # The IRA may buy nothing but stock, so the joint account sells at a gain of 40 %; bonds in the IRA cost no tax.
    held = [lot("Joint", "STK", 600.0, 36_000.0), BONDS, lot("IRA", "STK", 200.0)]
    accounts = [Account("Joint", TAXABLE), Account("IRA", IRA, menu=frozenset({"STK"}))]
    found = costs(household(accounts, held), policy(banded(0.60)))
    one = rule(found, "Menu of IRA")
    assert one.saves_usd == pytest.approx(LONG_RATE * 0.4 * SOLD, abs=0.5)
    assert found.binding[0] == one


def test_the_boundary_costs_the_gain_of_the_lots_sold_instead() -> None:
    # The young lot gains 2 %, but is held back for 20 days; the old one gains half of what is sold.
    held = [
        lot("Joint", "STK", 400.0, 39_200.0, acquired=days_ago(346)),
        lot("Joint", "STK", 400.0, 20_000.0),
        BONDS,
    ]
    found = costs(household([Account("Joint", TAXABLE)], held), policy(banded(0.60)))
    one = rule(found, "Short-term boundary")
    assert one.saves_usd == pytest.approx((LONG_RATE * 0.5 - SHORT_RATE * 0.02) * SOLD, abs=0.5)


def test_a_destination_costs_the_last_point() -> None:
    # One point wider is $1,000 of stock less to sell, at a gain of half.
    held = [lot("Joint", "STK", 800.0, 40_000.0), BONDS]
    found = costs(household([Account("Joint", TAXABLE)], held), policy(banded(0.60)))
    one = rule(found, "Destination band of Stock")
    assert one.saves_usd == pytest.approx(LONG_RATE * 0.5 * 1_000.0, abs=0.5)


def test_a_lock_that_keeps_a_band_from_being_kept_says_what_it_mends() -> None:
    held = [lot("IRA", "STK", 900.0, locked=True), lot("IRA", "BND", 200.0)]
    found = costs(household([Account("IRA", IRA)], held), policy(banded(0.60)))
    one = found.binding[0]
    assert one.rule == "Locked lots in IRA (STK)"
    assert one.mends == ("Band of Stock is kept",)
    # a sale and a purchase at a dollar each
    assert one.saves_usd == pytest.approx(-2.0, abs=0.1)
    assert one.sentence.startswith("Locked lots in IRA (STK), lifted: Band of Stock is kept. That costs $2.0")


def test_a_wash_sale_that_forbids_buying_says_when_it_is_over() -> None:
    held = [lot("IRA", "STK", 800.0), lot("IRA", "BND", 400.0)]
    sold = RecentTrade("Joint", "BND", days_ago(10), Side.SELL, 100.0, gain_usd=-500.0)
    accounts = [Account("IRA", IRA), Account("Joint", TAXABLE)]
    home = household(accounts, held, recent_trades=(sold,))
    found = costs(home, policy((Target("Stock", 0.6), Target("Bond", 0.4))))
    one = rule(found, "Wash sale of BND")
    # sold on 10 November: safe again on 11 December
    assert one.step == "over on 12/11/2026"
    assert one.mends == ("Band of Bond is kept",)


def test_what_nobody_may_buy_and_what_must_be_held_are_named() -> None:
    held = [lot("IRA", "STK", 800.0, min_hold=760.0), lot("IRA", "BND", 400.0)]
    home = household([Account("IRA", IRA)], held, [stock(), bond(do_not_buy=True)])
    found = costs(home, policy((Target("Stock", 0.6), Target("Bond", 0.4))))
    # neither alone is enough: without bonds to buy the proceeds stay cash, without stock to sell nothing is bought
    named = {one.rule for one in found.binding}
    assert named == {"Do not buy BND (Bond)", "Range to hold of STK in IRA"}
    assert all(one.mends for one in found.binding)


def test_a_cap_on_orders_costs_what_one_order_more_would_save() -> None:
    # Two orders: the joint account sells all $14,000 at a gain of half, $1,316 of tax, and buys bonds. With a third the
    # IRA sells its $10,000 and buys bonds, and the joint account sells $4,000 ($376), which stay cash: the ten cents a
    # dollar are no money that is paid, but so much less certain is the saving.
    held = [lot("Joint", "STK", 700.0, 35_000.0), BONDS, lot("IRA", "STK", 100.0)]
    home = household([Account("Joint", TAXABLE), Account("IRA", IRA)], held)
    one = rule(costs(home, policy(banded(0.60), most_orders=2)), "Most orders")
    assert one.step == "raised from 2 to 3"
    assert one.parts == (
        ("tax", pytest.approx(LONG_RATE * 0.5 * 10_000.0, abs=0.5)),
        ("orders", pytest.approx(-1.0)),
    )
    assert one.saves_usd == pytest.approx(940.0 - 1.0, abs=0.5)
    assert one.within_usd == pytest.approx(400.0, abs=5.0)


def test_a_drift_cap_costs_the_last_point() -> None:
    held = [lot("Joint", "STK", 800.0, 40_000.0), BONDS]
    both = (Target("Stock", 0.6), Target("Bond", 0.4))
    found = costs(household([Account("Joint", TAXABLE)], held), policy(both, most_drift=0.05))
    one = rule(found, "Most drift")
    assert one.step == "raised from 5.00% to 6.00%"
    assert one.saves_usd == pytest.approx(LONG_RATE * 0.5 * 1_000.0, abs=0.5)


def test_harvest_thresholds_cost_the_losses_they_leave() -> None:
    # A loss of $4,000 is below $5,000. Taken, it would save 18.8 % of gains realised before, give up the same ten years
    # on, at 5 % a year, and take two orders.
    held = [lot("Joint", "STK", 160.0, 20_000.0), lot("Joint", "BND", 320.0, 16_000.0)]
    home = household(
        [Account("Joint", TAXABLE)], held, [stock(), stock("PRT"), bond()],
        taxpayers=(profile(long_realized_usd=50_000.0),),
    )  # fmt: skip
    one = rule(costs(home, policy(banded(0.5, 0.5, 0.5), harvest_usd=5_000.0)), "Harvest thresholds")
    assert one.saves_usd == pytest.approx(LONG_RATE * 4_000.0 * (1.0 - 1.05**-10) - 2.0, abs=0.5)


def test_the_least_worth_of_a_better_location_costs_the_moves_it_forbids() -> None:
    # Bonds of $20,000 pay 4 %, taxed at 27.8 %: over ten years at 5 % worth $1,717, less four orders. $2,000 are asked.
    held = [lot("Joint", "BND", 400.0, 20_000.0), lot("IRA", "STK", 200.0)]
    home = household([Account("Joint", TAXABLE), Account("IRA", IRA)], held, [stock(), bond(yield_rate=0.04)])
    both = (Target("Stock", 0.6), Target("Bond", 0.4))
    one = rule(costs(home, policy(both, location_usd=2_000.0)), "Least worth of a better location")
    worth = 20_000.0 * 0.04 * SHORT_RATE * (1.0 - 1.05**-10) / 0.05
    assert one.saves_usd == pytest.approx(worth - 4.0, abs=2.0)


def test_selling_what_has_no_target_costs_its_tax() -> None:
    gold = Security("GLD", 10.0, (("Gold", 1.0),), lot_size=0.0)
    held = [lot("Joint", "STK", 540.0, 54_000.0), lot("Joint", "BND", 720.0, 36_000.0), lot("Joint", "GLD", 1e3, 5e3)]
    home = household([Account("Joint", TAXABLE)], held, [stock(), bond(), gold])
    one = rule(costs(home, policy(banded(0.60), sell_without_target=True)), "Sell what has no target")
    # half of $10,000 is gain; a sale and a purchase
    assert one.saves_usd == pytest.approx(LONG_RATE * 5_000.0 + 2.0, abs=0.5)


def test_a_typed_trade_costs_what_leaving_it_out_would_save() -> None:
    # Inside every band nothing would be done, but the advisor sells $1,000 of stock at a gain of half; the proceeds go
    # into bonds, at a dollar an order.
    held = [lot("Joint", "STK", 600.0, 30_000.0), lot("Joint", "BND", 800.0, 40_000.0)]
    home = household([Account("Joint", TAXABLE)], held)
    found = costs(home, policy(banded(0.60), my_trades=(TypedTrade("Joint", "STK", Side.SELL, 10.0),)))
    one = rule(found, "Your trade: sell STK in Joint")
    assert one.step == "left out"
    assert one.saves_usd == pytest.approx(LONG_RATE * 500.0 + 2.0, abs=0.1)


def test_a_typed_purchase_that_lives_on_a_typed_sale_is_not_left_alone_with_nothing_to_pay_it() -> None:
    held = [lot("IRA", "STK", 600.0), lot("IRA", "BND", 800.0)]
    typed = (TypedTrade("IRA", "STK", Side.SELL, 100.0), TypedTrade("IRA", "BND", Side.BUY, 200.0))
    rules = policy(banded(0.60), my_trades=typed, method=Method.CASH_ONLY)
    home = household([Account("IRA", IRA)], held)
    tried = [one.rule for one in looser_rules(home, rules, rebalance(home, rules)) if "Your trade" in one.rule]
    assert tried == ["Your trade: buy BND in IRA"]


def test_a_search_that_is_stopped_says_what_it_did_not_try() -> None:
    home, rules = two_terms(400.0), policy(banded(0.60))
    seen: list[tuple[int, int, str]] = []

    def stop_at_the_second(number: int, total: int, name: str) -> bool:
        seen.append((number, total, name))
        return number == 1

    plan = rebalance(home, rules)
    found = binding_rules(home, rules, plan, stop_at_the_second)
    whole = binding_rules(home, rules, plan)
    assert [one.rule for one in found.binding] == ["Long gain limit of Couple"]
    assert len(found.not_tried) == len(whole.binding) + len(whole.free) - 1
    assert whole.not_tried == ()
    assert seen[0][1] == len(found.not_tried) + 1


def test_a_rule_without_an_answer_is_named_and_the_others_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    home, rules = two_terms(400.0), policy(banded(0.60))
    plan = rebalance(home, rules)
    whole = binding_rules(home, rules, plan)
    asked: list[Run] = []

    def first_fails(run: Run) -> object:
        asked.append(run)
        if len(asked) == 1:
            raise SolverError("no answer")
        return find(run)

    monkeypatch.setattr(binding, "find", first_fails)
    found = binding_rules(home, rules, plan)
    assert found.not_tried == ("Long gain limit of Couple",)
    assert {one.rule for one in found.binding} == {one.rule for one in whole.binding} - set(found.not_tried)
    assert found.free == whole.free


def test_looser_rules_never_cost_more_and_the_same_question_has_one_answer() -> None:
    home, rules = two_terms(400.0), policy(banded(0.60))
    plan = rebalance(home, rules)
    first, second = binding_rules(home, rules, plan), binding_rules(home, rules, plan)
    assert first == second
    assert all(one.saves_usd > one.within_usd for one in first.binding if not one.mends)


@pytest.mark.parametrize(
    ("limit", "step"), [(0.0, 1_000.0), (999.0, 1_000.0), (2_500.0, 1_000.0), (40_000.0, 10_000.0)]
)
def test_limits_move_by_the_power_of_ten_below_them(limit: float, step: float) -> None:
    assert step_usd(limit) == step


def test_typed_trades_alone_have_no_rules_to_loosen() -> None:
    home, rules = two_terms(400.0), policy(banded(0.60))
    plan = rebalance(home, rules)
    assert looser_rules(home, replace(rules, method=Method.NONE), plan) == ()


def test_a_drift_cap_is_no_rule_of_a_harvest_and_its_bands_are() -> None:
    # Stock at a loss is 50 % of $32,000, on the edge of its band of 45 % to 50 %: the cap of 3 % stands for nothing.
    held = [lot("Joint", "STK", 160.0, 20_000.0), lot("Joint", "BND", 320.0, 16_000.0)]
    home = household([Account("Joint", TAXABLE)], held)
    rules = policy((Target("Stock", 0.475, BandType.ABSOLUTE, 0.025, 0.025), *banded(0.475)[1:]), most_drift=0.03)
    harvest = replace(rules, method=Method.HARVEST)
    tried = [one.rule for one in looser_rules(home, harvest, rebalance(home, harvest))]
    assert "Most drift" not in tried
    assert "Trigger band of Stock" in tried
    # the cap is a rule where trades are made for drift: drift is 50 % - 47.5 % = 2.5 %, at its cap
    capped = replace(rules, most_drift=0.025)
    tried = [one.rule for one in looser_rules(home, capped, rebalance(home, capped))]
    assert "Most drift" in tried
    assert "Trigger band of Stock" not in tried
