"""Exposure: funds are looked through, cash is a class, and some accounts are not part of the mix."""

import pytest

from rebal_xl.household import Account, Household, Lot, Security, Target, TaxTreatment
from rebal_xl.measure import measure_drift, measure_exposure
from tests.measure.homes import plain, policy_of


def two_funds() -> Household:
    """Fund A is nine tenths developed and one tenth emerging, fund B all emerging; held half and half."""
    return Household(
        accounts=(Account("IRA", TaxTreatment.TAX_DEFERRED),),
        lots=(Lot("IRA", "A", 50.0), Lot("IRA", "B", 50.0)),
        securities=(plain("A", Developed=0.9, Emerging=0.1), plain("B", Emerging=1.0)),
    )


def test_funds_are_looked_through():
    exposure = measure_exposure(two_funds())
    # 50 x 0.9 = 45; 50 x 0.1 + 50 = 55
    assert exposure.by_class["Developed"] == pytest.approx(45)
    assert exposure.by_class["Emerging"] == pytest.approx(55)


def test_the_published_trade_of_two_funds_removes_all_drift():
    policy = policy_of(Target("Developed", 0.70), Target("Emerging", 0.30))
    assert measure_drift(two_funds(), policy).household_drift == pytest.approx(0.25)
    # 0.9 A = 70 gives A = 77.778: buy 27.778 of it and sell as much of B
    bought = 70 / 0.9 - 50
    assert bought == pytest.approx(27.778, abs=5e-4)
    after = {("IRA", "A"): 50 + bought, ("IRA", "B"): 50 - bought}
    assert measure_drift(two_funds(), policy, holdings=after, cash={"IRA": 0.0}).household_drift == pytest.approx(0)


def test_accounts_outside_the_target_are_left_out():
    home = Household(
        accounts=(
            Account("Joint", TaxTreatment.TAXABLE, cash_usd=1_000),
            Account("Stock plan", TaxTreatment.TAXABLE, cash_usd=77, counts_in_target=False),
        ),
        lots=(Lot("Joint", "VTI", 10.0), Lot("Stock plan", "VTI", 90.0)),
        securities=(plain("VTI", 300.0, Stock=1.0),),
    )
    exposure = measure_exposure(home)
    assert exposure.by_class == {"Stock": 3_000, "Cash": 1_000}
    assert exposure.by_account == {("Joint", "Stock"): 3_000, ("Joint", "Cash"): 1_000}
    assert exposure.total_usd == home.total_usd


def test_a_money_market_fund_and_settled_cash_are_one_class():
    home = Household(
        accounts=(Account("Joint", TaxTreatment.TAXABLE, cash_usd=250),),
        lots=(Lot("Joint", "MMF", 750.0),),
        securities=(plain("MMF", Cash=1.0),),
    )
    assert measure_exposure(home).by_class == {"Cash": 1_000}


def test_bonds_are_quoted_per_hundred_of_face():
    home = Household(
        accounts=(Account("Joint", TaxTreatment.TAXABLE),),
        lots=(Lot("Joint", "T 4.5 2030", 10_000.0),),
        securities=(Security("T 4.5 2030", 98.5, (("Bond", 1.0),), price_divisor=100.0),),
    )
    assert measure_exposure(home).by_class["Bond"] == pytest.approx(9_850)


def test_cash_after_trading_must_name_every_account():
    with pytest.raises(ValueError, match="No cash is given for IRA"):
        measure_exposure(two_funds(), cash={})
