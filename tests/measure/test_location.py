"""The yearly drag of lying in a taxable account: of stocks, bonds, REITs, municipal funds and cash."""

from dataclasses import replace

import pytest

from rebal_xl.household import FilingStatus, Household, Security, TaxProfile
from rebal_xl.measure.location import IncomeRates, cash_drag, income_rates, yearly_drag, yield_given_up
from rebal_xl.tax.law import load_law

# 35 % on interest, 15 % on dividends and gains, nothing to a state: the rates of the public example.
RATES = IncomeRates(interest=0.35, dividend=0.15, reit=0.28, state_income=0.0, state_gain=0.0)
STOCKS = Security(
    "STK", 1.0, (("Stock", 1.0),), yield_rate=0.015, qualified_share=1.0, growth_rate=0.055, turnover_rate=0.05
)
BONDS = Security("BND", 1.0, (("Bond", 1.0),), yield_rate=0.045)
MUNIS = Security("MUN", 1.0, (("Bond", 1.0),), yield_rate=0.03, exempt_share=1.0, state_exempt_share=1.0)


def home(*securities: Security) -> Household:
    return Household(accounts=(), lots=(), securities=securities)


def test_stocks_and_bonds_of_the_public_example() -> None:
    # 1.5 % dividends at 15 %, and 15 % of the 5 % of 5.5 % growth that is realised: 7 % becomes 6.73375 %
    assert 0.015 + 0.055 - yearly_drag(STOCKS, RATES) == pytest.approx(0.0673375, abs=1e-12)
    # 4.5 % interest at 35 % becomes 2.925 %
    assert 0.045 - yearly_drag(BONDS, RATES) == pytest.approx(0.02925, abs=1e-12)


def test_a_fund_that_loses_has_no_growth_to_pay_out() -> None:
    assert yearly_drag(replace(STOCKS, growth_rate=-0.02), RATES) == pytest.approx(0.015 * 0.15, abs=1e-12)
    assert yearly_drag(replace(STOCKS, growth_rate=0.0), RATES) == pytest.approx(0.015 * 0.15, abs=1e-12)


def test_the_state_taxes_all_but_what_it_exempts() -> None:
    taxed = replace(RATES, state_income=0.05, state_gain=0.04)
    # 5 % of the interest, or of the 60 % of it that is not from Treasuries
    assert yearly_drag(BONDS, taxed) == pytest.approx(0.045 * (0.35 + 0.05), abs=1e-12)
    treasuries = replace(BONDS, state_exempt_share=0.4)
    assert yearly_drag(treasuries, taxed) == pytest.approx(0.045 * (0.35 + 0.6 * 0.05), abs=1e-12)
    # dividends like income, gains paid out at the rate on gains
    stocks = 0.015 * (0.15 + 0.05) + 0.05 * 0.055 * (0.15 + 0.04)
    assert yearly_drag(STOCKS, taxed) == pytest.approx(stocks, abs=1e-12)


def test_a_fifth_of_reit_dividends_is_deducted() -> None:
    reit = replace(BONDS, yield_rate=0.04, qbi_share=0.75, qualified_share=0.05)
    # three quarters REIT dividends, a twentieth qualified, the other fifth ordinary
    assert yearly_drag(reit, RATES) == pytest.approx(0.04 * (0.75 * 0.28 + 0.05 * 0.15 + 0.2 * 0.35), abs=1e-12)


def test_a_municipal_fund_pays_with_the_yield_it_gives_up() -> None:
    # no tax; 4.5 % less 3 % given up
    given_up = yield_given_up(home(BONDS, MUNIS), MUNIS)
    assert given_up == pytest.approx(0.015, abs=1e-12)
    assert yearly_drag(MUNIS, RATES, given_up) == pytest.approx(0.015, abs=1e-12)
    # cheaper than the taxable bonds at 35 % (1.575 % a year), dearer at 24 % (1.08 %)
    assert yearly_drag(MUNIS, RATES, given_up) < yearly_drag(BONDS, RATES)
    assert yearly_drag(MUNIS, replace(RATES, interest=0.24), given_up) > yearly_drag(
        BONDS, replace(RATES, interest=0.24)
    )


def test_yield_is_given_up_against_the_best_taxable_fund_of_the_class() -> None:
    junk = replace(BONDS, symbol="JNK", yield_rate=0.07, class_mix=(("High Yield", 1.0),))
    better = replace(BONDS, symbol="LQD", yield_rate=0.05)
    other_muni = replace(MUNIS, symbol="MUB", yield_rate=0.06)
    assert yield_given_up(home(MUNIS, BONDS, better, junk, other_muni), MUNIS) == pytest.approx(0.02, abs=1e-12)
    # nothing to compare with, or nothing better
    assert yield_given_up(home(MUNIS, junk), MUNIS) == 0.0
    assert yield_given_up(home(MUNIS, replace(BONDS, yield_rate=0.03)), MUNIS) == 0.0
    # half exempt: half of it; and a taxable fund gives up nothing
    assert yield_given_up(home(BONDS, MUNIS), replace(MUNIS, exempt_share=0.5)) == pytest.approx(0.0075, abs=1e-12)
    assert yield_given_up(home(BONDS, better), BONDS) == 0.0


def test_cash_earns_interest() -> None:
    taxed = replace(RATES, state_income=0.05)
    assert cash_drag(0.04, taxed) == pytest.approx(0.04 * 0.40, abs=1e-12)
    assert cash_drag(0.0, taxed) == 0.0


@pytest.mark.parametrize(
    ("wages", "interest", "dividend", "reit"),
    [
        # Single, 2026: the deduction of $16,100 leaves $183,900, in the 24 % bracket and below the NIIT threshold.
        (200_000.0 - 2.0, 0.24, 0.15, 0.8 * 0.24),
        # From $200,000 on NIIT is added; the 199A fifth does not lower it.
        (200_000.0, 0.24 + 0.038, 0.15 + 0.038, 0.8 * 0.24 + 0.038),
        # $60,000 less $16,100 is $43,900: the 12 % bracket, and dividends are free.
        (60_000.0, 0.12, 0.0, 0.8 * 0.12),
    ],
)
def test_rates_are_those_of_the_next_dollar(wages: float, interest: float, dividend: float, reit: float) -> None:
    profile = TaxProfile("Ann", FilingStatus.SINGLE, "TX", ordinary_income_usd=wages)
    rates = income_rates(profile, load_law(2026))
    assert (rates.interest, rates.dividend, rates.reit) == pytest.approx((interest, dividend, reit), abs=1e-9)
    assert (rates.state_income, rates.state_gain) == (0.0, 0.0)


def test_the_profile_may_give_its_own_state_rates() -> None:
    profile = TaxProfile("Ann", FilingStatus.SINGLE, state_short_rate=0.06, state_long_rate=0.03)
    rates = income_rates(profile, load_law(2026))
    assert (rates.state_income, rates.state_gain) == (0.06, 0.03)
