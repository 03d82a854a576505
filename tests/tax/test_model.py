"""The optimizer's tax is the bill where income does not move with gains, and never above it where it does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax import Law, load_law, model_constants, tax_bill
from tests.tax.households import any_profiles, couple, dollars, laws, plain_profiles, single, trust

GAINS = dollars(-500_000, 1_500_000)


def test_constants_of_a_couple():
    profile = couple(
        qualified_dividends_usd=8_000,
        other_investment_income_usd=5_000,
        short_realized_usd=1_000,
        short_carryforward_usd=4_000,
        long_carryforward_usd=10_000,
        state="MA",
    )
    model = model_constants(profile, load_law(2026), 0.0)
    assert model.ordinary_usd == pytest.approx(250_000 - 32_200)
    assert model.qualified_dividends_usd == 8_000
    assert model.agi_usd == pytest.approx(258_000)
    assert model.investment_income_usd == pytest.approx(13_000)
    assert (model.short_start_usd, model.long_start_usd) == (-3_000, -10_000)
    assert (model.zero_rate_top_usd, model.fifteen_rate_top_usd) == (98_900, 613_700)
    assert (model.niit_threshold_usd, model.niit_rate, model.loss_limit_usd) == (250_000, 0.038, 3_000)
    assert (model.state_short_rate, model.state_long_rate) == (0.085, 0.05)


def test_deductions_beyond_income_make_the_ordinary_constant_negative():
    assert model_constants(single(10_000), load_law(2026)).ordinary_usd == pytest.approx(10_000 - 16_100)


def test_a_trust_s_exemption_is_off_its_income():
    model = model_constants(trust(10_100), load_law(2026))
    assert (model.ordinary_usd, model.agi_usd, model.investment_income_usd) == (10_000, 10_000, 10_100)


def test_what_moves_with_gains_is_taken_where_it_is_lowest():
    # 30,000 of benefits and 20,000 of pension: 5,350 are taxable as it stands, 2,800 less with 3,000 of loss
    pensioner = single(20_000, social_security_usd=30_000)
    law = load_law(2026)
    assert model_constants(pensioner, law, 0.0).agi_usd == pytest.approx(25_350)
    # provisional income 32,000: half of the 7,000 over 25,000
    assert model_constants(pensioner, law, -50_000.0).agi_usd == pytest.approx(23_500)


def test_it_is_exact_where_it_is_taken():
    pensioner = single(20_000, social_security_usd=30_000)
    law = load_law(2026)
    model = model_constants(pensioner, law, -2_000.0)
    assert model.tax_usd(-2_000, 0) == pytest.approx(tax_bill(pensioner, -2_000, law=law).total_usd)


def test_just_above_the_zero_percent_band_the_schedule_wins():
    # single: 49,450 of wages after the deduction, and 950 of gain at 12 % instead of 15 %
    profile = single(16_100 + 49_450)
    law = load_law(2026)
    model = model_constants(profile, law)
    assert model.tax_usd(0, 950) - model.tax_usd() == pytest.approx(114)
    assert model.tax_usd(0, 950) == pytest.approx(tax_bill(profile, 0, 950, law=law).total_usd)


def test_gain_on_collectibles_pays_the_rate_of_its_bracket_and_28_percent_at_the_most():
    """A couple, 2026: brackets end at 100,800 (12 %), 211,400 (22 %) and 403,550 (24 %); other long gain pays 15 %."""
    law = load_law(2026)
    for taxable, rate in ((60_000, 0.12), (150_000, 0.22), (300_000, 0.24), (450_000, 0.28), (900_000, 0.28)):
        model = model_constants(couple(taxable + 32_200), law)
        niit = 0.038 if taxable + 32_200 >= 250_000 else 0.0
        assert model.tax_usd(0, 10_000, 10_000) - model.tax_usd() == pytest.approx((rate + niit) * 10_000)


@settings(max_examples=500)
@given(plain_profiles(), laws, GAINS, GAINS, st.floats(0, 1))
def test_equal_with_collectibles_too(profile: TaxProfile, law: Law, short: float, long: float, share: float):
    model = model_constants(profile, law, min(0.0, short + long))
    bill = tax_bill(profile, short, long, law=law, collectible_gain_usd=share * long)
    unused = bill.amt_usd > 0 and model.ordinary_usd + bill.gain_in_income_usd - max(0.0, bill.long_net_usd) < 0
    assert unused or model.tax_usd(short, long, share * long) == pytest.approx(bill.total_usd, abs=1e-6)


def test_a_grantor_trust_has_no_constants():
    with pytest.raises(ValueError, match="grantor"):
        model_constants(TaxProfile("Living trust", FilingStatus.GRANTOR_TRUST), load_law(2026))


@settings(max_examples=500)
@given(plain_profiles(), laws, GAINS, GAINS)
def test_equal_where_income_does_not_move_with_gains(profile: TaxProfile, law: Law, short: float, long: float):
    model = model_constants(profile, law, min(0.0, short + long))
    bill = tax_bill(profile, short, long, law=law)
    # Deductions beyond ordinary income shelter gains from the regular tax; the minimum tax on those stays outside.
    unused = bill.amt_usd > 0 and model.ordinary_usd + bill.gain_in_income_usd - max(0.0, bill.long_net_usd) < 0
    assert unused or model.tax_usd(short, long) == pytest.approx(bill.total_usd, abs=1e-6)


@settings(max_examples=500)
@given(any_profiles(), laws, GAINS, GAINS, dollars(0, 500_000))
def test_never_above_the_bill(profile: TaxProfile, law: Law, short: float, long: float, further: float):
    model = model_constants(profile, law, short + long - further)
    assert model.tax_usd(short, long) <= tax_bill(profile, short, long, law=law).total_usd + 1e-6


@settings(max_examples=300)
@given(any_profiles(), laws, GAINS, dollars(1, 500_000), st.floats(0, 1))
def test_never_above_the_bill_with_collectibles(profile: TaxProfile, law: Law, short: float, long: float, share: float):
    model = model_constants(profile, law, short + long)
    bill = tax_bill(profile, short, long, law=law, collectible_gain_usd=share * long)
    assert model.tax_usd(short, long, share * long) <= bill.total_usd + 1e-6
