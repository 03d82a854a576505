"""What can be traded, in which steps, and what cash stays: each rule inside and outside its edge."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.household import Account, Household, Lot, LotSource, Security, Side, TaxTreatment, TypedTrade
from rebal_xl.measure.tradable import dated, reserve_usd, step_of, traded, typed_shares

IRA = Account("IRA", TaxTreatment.TAX_DEFERRED, cash_usd=1_000.0)
FUND = Security("FND", 33.0, (("Stock", 1.0),), lot_size=10.0)
# $10,000 in all
HOME = Household((IRA,), (Lot("IRA", "FND", 9_000.0 / 33.0, None),), (FUND,))


def test_locked_accounts_and_those_outside_the_target_are_not_traded() -> None:
    assert traded(IRA)
    assert not traded(replace(IRA, locked=True))
    assert not traded(replace(IRA, counts_in_target=False))


def test_a_date_or_an_inheritance_makes_the_holding_period_known() -> None:
    lot = Lot("IRA", "FND", 1.0, None)
    assert not dated(lot)
    assert dated(replace(lot, acquired=date(2020, 1, 2)))
    assert dated(replace(lot, source=LotSource.INHERITED))


def test_an_account_in_fractions_knows_no_steps() -> None:
    assert step_of(HOME, "IRA", "FND") == 10.0
    assert step_of(replace(HOME, accounts=(replace(IRA, fractional=True),)), "IRA", "FND") == 0.0


@pytest.mark.parametrize(("usd", "shares"), [(659.99, 10.0), (660.0, 20.0), (329.99, 0.0)])
def test_dollars_typed_are_rounded_down_to_whole_steps(usd: float, shares: float) -> None:
    # ten shares are $330, twenty $660
    assert typed_shares(HOME, TypedTrade("IRA", "FND", Side.BUY, amount_usd=usd)) == shares


def test_dollars_typed_in_fractions_are_rounded_down_to_a_thousandth() -> None:
    home = replace(HOME, accounts=(replace(IRA, fractional=True),))
    # 100 / 33 = 3.0303...
    assert typed_shares(home, TypedTrade("IRA", "FND", Side.BUY, amount_usd=100.0)) == pytest.approx(3.030, abs=1e-9)


def test_shares_typed_are_taken_as_typed() -> None:
    assert typed_shares(HOME, TypedTrade("IRA", "FND", Side.SELL, 7.25)) == 7.25


@pytest.mark.parametrize(("usd", "share", "kept"), [(500.0, 0.04, 500.0), (500.0, 0.06, 600.0)])
def test_the_reserve_is_the_greater_of_dollars_and_share(usd: float, share: float, kept: float) -> None:
    account = replace(IRA, reserve_usd=usd, reserve_weight=share)
    assert reserve_usd(replace(HOME, accounts=(account,)), account) == pytest.approx(kept)
