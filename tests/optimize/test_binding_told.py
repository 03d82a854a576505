"""What is said of a binding rule: money that is paid, found anew, and what it does to other rules and to the target."""

from dataclasses import replace

import pytest

from benchmarks.households import draw_household
from rebal_xl.household import (
    Account,
    Covariance,
    Household,
    Method,
    Plan,
    Policy,
    RecentTrade,
    Relaxation,
    Side,
    Target,
)
from rebal_xl.optimize import binding, rebalance
from rebal_xl.optimize.binding import binding_rules
from rebal_xl.optimize.looser import looser_rules
from tests.optimize.crowded import crowded
from tests.optimize.homes import IRA, TAXABLE, banded, bond, days_ago, household, lot, policy, stock
from tests.optimize.test_binding import LONG_RATE, costs, rule, two_terms

CROWDED = crowded("small", 24)


def resolved(home: Household, rules: Policy, plan: Plan, name: str) -> Plan:
    """The plan under the looser form of a rule, found by itself."""
    (looser,) = (one for one in looser_rules(home, rules, plan) if one.rule == name)
    return rebalance(looser.household, looser.policy)


def paid(plan: Plan) -> float:
    """Tax of this year and of later ones, spreads, orders and location: what somebody pays."""
    names = ("tax", "carried losses", "basis given up", "trading", "orders", "location")
    return sum(term.usd for term in plan.cost_terms if term.name in names)


DRAWN = [("drawn 10", *draw_household("small", 10)), ("crowded 24", CROWDED.household, CROWDED.policy)]


@pytest.mark.parametrize(("home", "rules"), [one[1:] for one in DRAWN], ids=[one[0] for one in DRAWN])
def test_what_a_rule_is_said_to_save_is_paid_less_by_a_plan_found_anew(home: Household, rules: Policy) -> None:
    plan = rebalance(home, rules)
    found = binding_rules(home, rules, plan)
    assert found.binding
    for one in found.binding:
        other = resolved(home, rules, plan, one.rule)
        gaps = plan.gap_usd + other.gap_usd
        assert paid(plan) - paid(other) == pytest.approx(one.saves_usd, abs=gaps + 1.0)
        assert sum(usd for _, usd in one.parts) == pytest.approx(one.saves_usd, abs=6.0)
        assert {name for name, _ in one.parts} <= {"tax", "later tax", "trading", "orders", "location"}


def test_a_rule_that_only_ranks_differ_by_is_not_said_to_save_money() -> None:
    # Bonds come to 36 % of $10,000,000, $1,600,000 bought of the second choice: 5 basis points of it are $800, which
    # nobody pays. The first choice may be bought again in some days, and costs as much.
    held = [lot("IRA", "STK", 80_000.0), lot("IRA", "OLD", 40_000.0)]
    securities = [stock(), bond("OLD"), bond("ONE", rank_deferred=1), bond("TWO", rank_deferred=2)]
    sold = RecentTrade("Joint", "ONE", days_ago(10), Side.SELL, 100.0, gain_usd=-500.0)
    home = household([Account("IRA", IRA), Account("Joint", TAXABLE)], held, securities, recent_trades=(sold,))
    rules = policy((Target("Stock", 0.6), Target("Bond", 0.4)))
    plan = rebalance(home, rules)
    other = resolved(home, rules, plan, "Wash sale of ONE")
    assert plan.cost_usd - other.cost_usd == pytest.approx(800.0, abs=10.0)
    assert paid(plan) == pytest.approx(paid(other), abs=0.01)
    found = binding_rules(home, rules, plan)
    assert "Wash sale of ONE" in found.free
    assert "Wash sale of ONE" not in {one.rule for one in found.binding}


def test_a_saving_that_leaves_the_household_further_from_its_target_says_so() -> None:
    # Cash only sells $10,000 of stock for the reserve: three quarters are gain, taxed at 18.8 %, and one order. It also
    # brings stock (80 % for 50 %) and cash (0 % for 10 %) ten points nearer, which is given up with it.
    held = [lot("Joint", "STK", 800.0, 20_000.0), lot("IRA", "BND", 400.0)]
    home = household([Account("Joint", TAXABLE, reserve_usd=10_000.0), Account("IRA", IRA)], held)
    targets = (Target("Stock", 0.5), Target("Bond", 0.4), Target("Cash", 0.1))
    found = costs(home, policy(targets, method=Method.CASH_ONLY))
    one = rule(found, "Cash reserve of Joint")
    assert one.saves_usd == pytest.approx(LONG_RATE * 7_500.0 + 1.0, abs=0.5)
    assert one.worsens == ("the household ends $10,000 further from its target",)
    assert one.mends == ()
    assert "give or take" not in one.sentence
    assert one.sentence.endswith("but the household ends $10,000 further from its target.")
    # a nickel for each of 20,000 dollars off target is the other side of the scales
    assert one.within_usd == pytest.approx(0.05 * 20_000.0, abs=5.0)


def planned_as(monkeypatch: pytest.MonkeyPatch, other: Plan) -> None:
    """Whatever is loosened, this plan is found."""
    monkeypatch.setattr(binding, "find", lambda run: (other,))


def cheaper(plan: Plan, saved: dict[str, float], **more: object) -> Plan:
    """A plan whose terms of cost are so much less, proven to the cent."""
    terms = tuple(replace(term, usd=term.usd - saved.get(term.name, 0.0)) for term in plan.cost_terms)
    cost = sum(term.usd for term in terms)
    return replace(plan, cost_terms=terms, cost_usd=cost, bound_usd=cost, **more)  # type: ignore[arg-type]


def test_a_saving_that_breaks_another_rule_more_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    home, rules = two_terms(400.0), policy(banded(0.60))
    plan = rebalance(home, rules)
    # $500 of tax less, and a reserve of which nothing was said before misses $40
    missed = Relaxation("Cash reserve of Joint", 40.0, "")
    planned_as(monkeypatch, cheaper(plan, {"tax": 500.0}, relaxed=(missed,)))
    one = rule(binding_rules(home, rules, plan), "Long gain limit of Couple")
    assert one.worsens == ("Cash reserve of Joint is missed by $40",)
    assert one.sentence.endswith("saves $500.00 (tax $500.00), but Cash reserve of Joint is missed by $40.")


def test_full_under_a_tracking_error_tells_the_way_to_the_target_by_that(monkeypatch: pytest.MonkeyPatch) -> None:
    covariance = Covariance(("Bond", "Stock"), ((0.0025, 0.0), (0.0, 0.0256)))
    home, rules = two_terms(400.0), policy(banded(0.60), method=Method.FULL, tracking=True, covariance=covariance)
    found = rebalance(home, rules)
    plan = replace(found, after=replace(found.after, tracking_error=0.006))
    # $700 of tax less, for $400 more of the price of distance
    further = replace(plan.after, tracking_error=0.0095)
    planned_as(monkeypatch, cheaper(plan, {"tax": 700.0, "distance": -400.0}, after=further))
    one = rule(binding_rules(home, rules, plan), "Minimum trade")
    assert one.saves_usd == pytest.approx(700.0)
    assert one.worsens == ("the household's tracking error rises from 0.60% to 0.95%",)
    # $100 of tax more, for $400 less of it
    nearer = replace(plan.after, tracking_error=0.002)
    planned_as(monkeypatch, cheaper(plan, {"tax": -100.0, "distance": 400.0}, after=nearer))
    one = rule(binding_rules(home, rules, plan), "Minimum trade")
    assert one.saves_usd == pytest.approx(-100.0)
    assert one.mends == ("the household's tracking error falls from 0.60% to 0.20%",)
    assert one.sentence.endswith("from 0.60% to 0.20%. That costs $100.00 (tax -$100.00).")


def test_a_broken_rule_that_is_kept_for_nothing_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    home, rules = two_terms(400.0), policy(banded(0.60))
    plan = rebalance(home, rules)
    broken = replace(plan, relaxed=(Relaxation("Band of Bond", 90.0, ""),))
    planned_as(monkeypatch, cheaper(plan, {"relaxed rules": 2_700.0}))
    one = rule(binding_rules(home, rules, broken), "Long gain limit of Couple")
    assert one.sentence.endswith("Band of Bond is kept. That costs nothing.")
