"""Amounts of the program become shares of lots: rounding never takes a loss that the program left alone."""

from dataclasses import replace

import numpy as np
import pytest

from rebal_xl.household import Account, BandType, Household, Method, Plan, Security, Target
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.program import UNIT_USD
from rebal_xl.optimize.search import build_model
from rebal_xl.optimize.shares import actions_of
from tests.optimize.homes import TAXABLE, banded, bond, days_ago, household, lot, policy, profile, stock, within


@pytest.mark.parametrize("loss_shares", [50.0, 3.0])
def test_an_order_in_tens_is_rounded_among_the_lots_it_sells(loss_shares: float) -> None:
    """Ten shares are sold, 8 and 2 of two lots with a gain: no multiple of ten in any lot, and none of the loss."""
    home = household(
        [Account("Joint", TAXABLE)],
        [
            lot("Joint", "STK", 8.0, 700.0, lot_id="eight"),
            lot("Joint", "STK", 12.0, 1_000.0, lot_id="twelve"),
            lot("Joint", "STK", loss_shares, 150.0 * loss_shares, lot_id="loss"),
            lot("Joint", "BND", 100.0, 5_000.0),
        ],
        [stock(lot_size=10.0), bond()],
    )
    rules = policy(banded(0.5))
    model = build_model(home, rules, measure_drift(home, rules))
    values = np.zeros(sum(len(columns) for columns in model.program.columns.values()))
    wanted = {"eight": 8.0, "twelve": 2.0}
    for unit, column in zip(model.choices.units, model.sold, strict=True):
        values[column] = wanted.get(home.lots[unit.lots[0]].lot_id, 0.0) * unit.unit_usd / UNIT_USD
    sold = {home.lots[index].lot_id: shares for index, shares in actions_of(model, values, rounded=True).sales.items()}
    assert sold == {"eight": pytest.approx(8.0), "twelve": pytest.approx(2.0)}


def _two_terms(short_lot: float, long_lot: float) -> Household:
    """Stock with a short gain of $10 a share and a long one of $50, in one account."""
    return household(
        [Account("Joint", TAXABLE)],
        [
            lot("Joint", "STK", short_lot, 90.0 * short_lot, acquired=days_ago(100), lot_id="short"),
            lot("Joint", "STK", long_lot, 50.0 * long_lot, lot_id="long"),
            lot("Joint", "BND", 100.0, 5_000.0),
        ],
        [stock(lot_size=1.0), bond(lot_size=1.0)],
    )


def _sold(plan: Plan) -> dict[str, float]:
    return {one.lot_id: one.quantity for one in plan.lot_sales}


def test_lots_are_sold_in_whole_shares_that_keep_a_gain_limit() -> None:
    """Six shares must go. Short gain of $35 allows 3.5 shares of the one lot, which whole shares would make four."""
    home = _two_terms(10.0, 10.0)
    limits = profile(short_gain_limit_usd=35.0, long_gain_limit_usd=200.0)
    plan = rebalance(replace(home, taxpayers=(limits,)), policy(banded(0.2, 0.1, 0.0)))
    assert _sold(plan) == {"short": pytest.approx(3.0), "long": pytest.approx(3.0)}
    assert not plan.relaxed
    assert plan.gap_usd < 0.05


def test_lots_that_hold_parts_of_a_share_keep_a_gain_limit_too() -> None:
    """As before, with 10.4 and 10.6 shares: of 21 target keeps 15 ($1,500 of $7,100 are 21.1 %), so six go, and one lot
    may be cut inside a share only by what closes another."""
    home = _two_terms(10.4, 10.6)
    limits = profile(short_gain_limit_usd=35.0, long_gain_limit_usd=200.0)
    plan = rebalance(replace(home, taxpayers=(limits,)), policy(banded(1_500.0 / 7_100.0, 0.1, 0.0)))
    assert _sold(plan) == {"short": pytest.approx(3.0), "long": pytest.approx(3.0)}
    assert not plan.relaxed
    assert plan.gap_usd < 0.05


@pytest.mark.parametrize("limit", ["long_gain_limit_usd", "tax_budget_usd"])
def test_rounding_to_a_thousandth_of_a_share_breaks_no_limit(limit: str) -> None:
    """Half of every dollar is gain: $77.7777 allow 1.555554 shares, which rounded up are 1.556 and 2.2 cents over."""
    home = household(
        [Account("Joint", TAXABLE)], [lot("Joint", "STK", 20.0, 1_000.0), lot("Joint", "BND", 100.0, 5_000.0)]
    )
    # 15 % federal and 3.8 % on investment income beyond $250,000 of wages
    allowed = 77.7777 if limit == "long_gain_limit_usd" else 77.7777 * 0.188
    rules = policy(within(stock_weight=0.2), method=Method.FULL)
    plan = rebalance(replace(home, taxpayers=(profile(**{limit: allowed}),)), rules)
    assert sum(_sold(plan).values()) == pytest.approx(1.555, abs=1e-9)


def test_a_lot_a_hair_short_of_a_step_is_sold_whole() -> None:
    """99.995 shares without gain are no step of 100: all of them are sold, and 0.005 of the lot with much gain."""
    held = [
        *_two_terms(10.0, 10.0).lots,
        lot("Joint", "X", 99.995, 999.95, lot_id="level"),
        lot("Joint", "X", 200.0, 1_000.0, lot_id="gain"),
    ]
    hundreds = Security("X", 10.0, (("X", 1.0),), lot_size=100.0)
    total, left = 7_000.0 + 2_999.95, 1_999.95
    targets = (
        Target("Stock", 1_400.0 / total, BandType.RELATIVE, 0.0005, 0.0),
        Target("X", left / total, BandType.RELATIVE, 0.0005, 0.0),
        Target("Bond", 1.0 - (1_400.0 + left) / total, BandType.ABSOLUTE, 1.0, 1.0),
    )
    home = household(
        [Account("Joint", TAXABLE)],
        held,
        [stock(lot_size=1.0), bond(lot_size=1.0), hundreds],
        taxpayers=(profile(short_gain_limit_usd=35.0),),
    )
    plan = rebalance(home, policy(targets))
    sold = {"short": 3.0, "long": 3.0, "level": 99.995, "gain": 0.005}
    assert _sold(plan) == {name: pytest.approx(shares) for name, shares in sold.items()}
    assert plan.gap_usd < 0.05


def test_lots_keep_a_limit_too_where_another_rule_is_broken_whatever_is_done() -> None:
    """Gold cannot be bought, and a dear security in fractions asks for room that is no use: three and three even so."""
    securities = [
        *(stock(lot_size=1.0), bond(lot_size=1.0), bond("FRACTION", price=1_500.0)),
        *(bond(f"B{number}", lot_size=1.0) for number in range(80)),
        Security("GLD", 50.0, (("Gold", 1.0),), lot_size=1.0, do_not_buy=True),
    ]
    home = replace(
        _two_terms(10.0, 10.0),
        securities=tuple(securities),
        taxpayers=(profile(short_gain_limit_usd=39.0, long_gain_limit_usd=200.0),),
    )
    targets = (
        Target("Stock", 0.2, BandType.RELATIVE, 0.1, 0.0),
        Target("Bond", 0.7, BandType.ABSOLUTE, 1.0, 1.0),
        Target("Gold", 0.1, BandType.ABSOLUTE, 0.01, 0.01),
    )
    plan = rebalance(home, policy(targets))
    assert _sold(plan) == {"short": pytest.approx(3.0), "long": pytest.approx(3.0)}
    assert [item.rule for item in plan.relaxed] == ["Band of Gold"]
