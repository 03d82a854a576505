"""Withdrawals in whole cents: nobody pays a cent that is not there."""

import pytest

from rebal_xl.household import Account, Plan, Withdrawal, WithdrawalLevel
from rebal_xl.optimize import rebalance
from tests.optimize.homes import TAXABLE, household, lot, policy, stock, within


def _asked(usd: float, accounts: list[Account], held: dict[str, float], price: float, fee: float = 0.0) -> Plan:
    """Everything a household has in one stock is not enough for what it asks."""
    lots = [lot(name, "STK", shares, shares * price) for name, shares in held.items()]
    home = household(accounts, lots, [stock(price=price, redemption_fee=fee, lot_size=1.0)])
    asks = (Withdrawal(WithdrawalLevel.HOUSEHOLD, "", usd),)
    return rebalance(home, policy(within(stock_weight=1.0), withdrawals=asks))


def test_two_halves_of_a_cent_in_two_accounts_are_no_cent() -> None:
    # ten shares of $33.35 less 1 % are $330.165 in either account
    two = [Account("Joint", TAXABLE), Account("Lee", TAXABLE)]
    plan = _asked(700.0, two, {"Joint": 10.0, "Lee": 10.0}, 33.35, 0.01)
    assert dict(plan.withdrawals_paid) == {"Joint": pytest.approx(330.16), "Lee": pytest.approx(330.16)}
    assert all(usd >= 0.0 for _, usd in plan.cash_after)
    assert plan.gap_usd < 0.05


def test_the_odd_cent_is_paid_by_the_account_that_has_it() -> None:
    # $330.175 and $330.165 are $660.34 together, of which the halves of a cent stay where they are
    two = [Account("Joint", TAXABLE, cash_usd=0.01), Account("Lee", TAXABLE)]
    plan = _asked(700.0, two, {"Joint": 10.0, "Lee": 10.0}, 33.35, 0.01)
    assert dict(plan.withdrawals_paid) == {"Joint": pytest.approx(330.17), "Lee": pytest.approx(330.16)}


def test_no_more_is_paid_than_the_thousandths_of_a_share_that_can_be_sold_bring() -> None:
    """2.272933 shares are for sale and cannot be closed, since another lot stays: 2.272 of $274.7062 are $624.1325."""
    home = household(
        [Account("Joint", TAXABLE)],
        [lot("Joint", "STK", 2.272933, 300.0), lot("Joint", "STK", 1.0, 100.0, do_not_sell=True)],
        [stock(price=274.7062)],
    )
    asks = (Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 700.0),)
    plan = rebalance(home, policy(within(stock_weight=1.0), withdrawals=asks))
    assert [trade.quantity for trade in plan.trades] == [pytest.approx(2.272)]
    assert dict(plan.withdrawals_paid) == {"Joint": pytest.approx(624.13)}
    assert dict(plan.cash_after)["Joint"] >= 0.0


def test_a_part_of_a_cent_left_by_a_fee_is_no_cent_that_an_account_can_pay() -> None:
    # ten shares of $33.33 less 1 % are $329.967: with the $70.04 in cash elsewhere, $400.00 can be paid and no more
    two = [Account("Joint", TAXABLE), Account("Lee", TAXABLE, cash_usd=70.04)]
    plan = _asked(400.0, two, {"Joint": 10.0}, 33.33, 0.01)
    assert dict(plan.withdrawals_paid) == {"Joint": pytest.approx(329.96), "Lee": pytest.approx(70.04)}
    assert all(usd >= 0.0 for _, usd in plan.cash_after)


def test_what_cannot_be_paid_for_want_of_part_of_a_cent_leaves_no_gap() -> None:
    # two shares of $33.33 less 1 % are $65.9934: $65.99 can be paid, and no plan pays the 0.34 cents too
    plan = _asked(66.0, [Account("Joint", TAXABLE)], {"Joint": 2.0}, 33.33, 0.01)
    assert dict(plan.withdrawals_paid) == {"Joint": pytest.approx(65.99)}
    assert plan.gap_usd < 0.05
