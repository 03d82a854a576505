"""Amounts of the program become shares of lots: rounding never takes a loss that the program left alone."""

import numpy as np
import pytest

from rebal_xl.household import Account
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.program import UNIT_USD
from rebal_xl.optimize.search import build_model
from rebal_xl.optimize.shares import actions_of
from tests.optimize.homes import TAXABLE, banded, bond, household, lot, policy, stock
from tests.optimize.themes import themed_case


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
    # Joint is left with 13,344.56 + 2 x 6,985.51 less 1 % - 3 x 6,803.29 = 6,765.9998 dollars, and pays with Lee
    case = themed_case(300049, "flows")
    plan = rebalance(case.household, case.policy)
    assert sum(usd for _, usd in plan.withdrawals_paid) == pytest.approx(11_000.0, abs=1e-9)
    assert dict(plan.withdrawals_paid)["Joint"] == 6_765.99
    assert all(usd >= 0.0 for _, usd in plan.cash_after)
