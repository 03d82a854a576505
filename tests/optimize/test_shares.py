"""Amounts of the program become shares of lots: rounding never takes a loss that the program left alone."""

import numpy as np
import pytest

from rebal_xl.household import Account, BandType, Target, Withdrawal, WithdrawalLevel
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.program import UNIT_USD
from rebal_xl.optimize.search import build_model
from rebal_xl.optimize.shares import actions_of
from tests.optimize.homes import TAXABLE, banded, bond, household, lot, policy, stock


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


def test_a_part_of_a_cent_left_by_a_fee_is_no_cent_that_an_account_can_pay() -> None:
    # ten shares of $33.33 less 1 % are $329.967: with the $70.04 in cash elsewhere, $400.00 can be paid and no more
    home = household(
        [Account("Joint", TAXABLE), Account("Lee", TAXABLE, cash_usd=70.04)],
        [lot("Joint", "STK", 10.0, 333.30)],
        [stock(price=33.33, redemption_fee=0.01, lot_size=1.0)],
    )
    rules = policy(
        (Target("Stock", 1.0, BandType.ABSOLUTE, 1.0, 1.0),),
        withdrawals=(Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 400.0),),
    )
    plan = rebalance(home, rules)
    assert dict(plan.withdrawals_paid) == {"Joint": pytest.approx(329.96), "Lee": pytest.approx(70.04)}
    assert all(usd >= 0.0 for _, usd in plan.cash_after)
