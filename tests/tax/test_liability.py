"""The bill of a year: what gains cost a couple, what a trust pays, and that no gain costs more than itself."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax import Law, load_law, marginal_rates, tax_bill
from tests.tax.households import any_profiles, couple, dollars, laws, plain_profiles, single, trust

GAINS = dollars(-500_000, 1_000_000)


class TestCoupleWith250000OfWages:
    @pytest.mark.parametrize(
        ("year", "taxable", "income_tax", "total"),
        [(2024, 290_800, 50_477, 53_137), (2025, 288_500, 49_534, 52_194), (2026, 287_800, 48_868, 51_528)],
    )
    def test_gains_cost_14060(self, year: int, taxable: float, income_tax: float, total: float):
        # 24 % of 10,000, 15 % of 60,000, 3.8 % of 70,000
        law = load_law(year)
        bill = tax_bill(couple(), 10_000, 60_000, law=law)
        assert (bill.taxable_income_usd, bill.niit_usd) == (taxable, pytest.approx(2_660))
        assert (bill.income_tax_usd, bill.total_usd) == (pytest.approx(income_tax), pytest.approx(total))
        assert bill.total_usd - tax_bill(couple(), law=law).total_usd == pytest.approx(14_060)

    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    def test_a_long_loss_saves_720_and_47000_are_carried(self, year: int):
        law = load_law(year)
        bill = tax_bill(couple(), 10_000, -60_000, law=law)
        assert bill.total_usd - tax_bill(couple(), law=law).total_usd == pytest.approx(-720)
        assert (bill.short_carryforward_usd, bill.long_carryforward_usd) == (0, 47_000)

    def test_gains_so_far_and_gains_of_the_plan_add_up(self):
        law = load_law(2026)
        so_far = couple(short_realized_usd=4_000, long_realized_usd=20_000)
        assert tax_bill(so_far, 6_000, 40_000, law=law) == tax_bill(couple(), 10_000, 60_000, law=law)

    def test_marginal_rates_after_the_gains(self):
        # 24 % + 3.8 % short, 15 % + 3.8 % long
        assert marginal_rates(couple(), 10_000, 60_000, load_law(2026)) == pytest.approx((0.278, 0.188))

    def test_beyond_the_allowed_loss_one_more_dollar_saves_nothing(self):
        assert marginal_rates(couple(), -20_000, 0, load_law(2026)) == pytest.approx((0, 0))

    def test_another_year_s_law_is_stamped(self):
        bill = tax_bill(couple(), law=load_law(2026), estimate=True)
        assert (bill.law_year, bill.estimate, bill.taxpayer) == (2026, True, "Ann and Bob")


class TestMarginalRatesOfALargeGain:
    LAW = load_law(2026)

    def test_below_the_minimum_tax(self):
        assert marginal_rates(couple(300_000), 0, 500_000, self.LAW)[1] == pytest.approx(0.238)

    def test_inside_the_phase_out_of_2026_it_is_36_8_percent(self):
        # 20 % + 3.8 % + 26 % of the 50 cents of exemption that each dollar uses up
        assert marginal_rates(couple(300_000), 0, 800_000, self.LAW)[1] == pytest.approx(0.368)

    def test_in_the_zero_percent_band_it_is_nothing(self):
        assert marginal_rates(single(40_000), 0, 10_000, self.LAW)[1] == 0.0


class TestElectingTheSmallerDeduction:
    LAW = load_law(2026)

    def test_the_minimum_tax_makes_it_pay_to_itemize_less_than_the_standard_deduction(self):
        # couple, 300,000 of wages, 1,200,000 of gain: 301,815 with the standard deduction of 32,200, which the minimum
        # tax does not allow. With 20,000 of mortgage interest instead its base falls by 20,000 at 28 %, and less of the
        # gain is taxed at 15 instead of 20 %: by the difference of the deductions, 2/37 of the 20,000 being lost
        kept = 20_000 * 35 / 37
        bill = tax_bill(couple(300_000, itemized_deductions_usd=20_000), 0, 1_200_000, law=self.LAW)
        assert bill.taxable_income_usd == pytest.approx(1_500_000 - kept)
        assert bill.income_tax_usd + bill.amt_usd == pytest.approx(301_815 - 5_600 + 0.05 * (32_200 - kept))

    def test_without_minimum_tax_the_larger_deduction_is_taken(self):
        bill = tax_bill(couple(300_000, itemized_deductions_usd=20_000), 0, 100_000, law=self.LAW)
        assert bill.taxable_income_usd == 400_000 - 32_200

    def test_it_never_costs_more_than_having_nothing_to_itemize(self):
        for interest in (1_000.0, 10_000.0, 32_000.0, 40_000.0):
            with_interest = tax_bill(couple(300_000, itemized_deductions_usd=interest), 0, 1_200_000, law=self.LAW)
            assert with_interest.total_usd <= tax_bill(couple(300_000), 0, 1_200_000, law=self.LAW).total_usd


class TestNonGrantorTrust:
    def test_interest_alone(self):
        # 10,100 less 100: 10 % of 3,300 and 24 % of 6,700
        bill = tax_bill(trust(10_100), law=load_law(2026))
        assert bill.taxable_income_usd == 10_000
        assert bill.income_tax_usd == pytest.approx(330 + 1_608)
        assert (bill.niit_usd, bill.amt_usd) == (0, 0)

    def test_long_gain_alone(self):
        # 50,000 taxable: 3,300 at 0 %, 12,950 at 15 %, 33,750 at 20 %; NIIT on 34,000 over the start of the top bracket
        bill = tax_bill(trust(), 0, 50_100, law=load_law(2026))
        assert bill.income_tax_usd == pytest.approx(1_942.50 + 6_750)
        assert bill.niit_usd == pytest.approx(1_292)
        assert bill.amt_usd == 0

    def test_short_gain_on_top_of_interest(self):
        # 49,900 taxable: 3,851 up to 16,000 and 37 % of 33,900; NIIT on the same 33,900
        bill = tax_bill(trust(40_000), 10_000, law=load_law(2026))
        assert bill.income_tax_usd == pytest.approx(3_851 + 12_543)
        assert bill.niit_usd == pytest.approx(0.038 * 33_900)
        assert bill.total_usd == pytest.approx(17_682.20)

    def test_a_loss_larger_than_3000(self):
        # 20,100 - 3,000 - 100 = 17,000: 3,851 and 37 % of 1,000; NIIT on 1,000
        bill = tax_bill(trust(20_100), 0, -10_000, law=load_law(2026))
        assert bill.income_tax_usd == pytest.approx(4_221)
        assert bill.niit_usd == pytest.approx(38)
        assert bill.long_carryforward_usd == 7_000

    def test_dividends_costs_and_state_tax_in_2025(self):
        # AGI 20,600 - 2,000 of costs - 100 = 18,500; taxable 18,000, of which 6,000 ordinary: 315 and 24 % of 2,850;
        # dividends: 9,900 at 15 % up to 15,900, 2,100 at 20 %; NIIT on 2,850 over 15,650
        profile = trust(8_600, qualified_dividends_usd=12_000, itemized_deductions_usd=2_000, state_local_tax_usd=500)
        bill = tax_bill(profile, law=load_law(2025))
        assert (bill.agi_usd, bill.taxable_income_usd) == (18_500, 18_000)
        assert bill.income_tax_usd == pytest.approx(999 + 1_485 + 420)
        assert bill.niit_usd == pytest.approx(108.30)

    def test_a_large_gain_in_2025_brings_minimum_tax(self):
        # 10,000 ordinary: 315 and 24 % of 6,850; gain 5,900 at 15 %, 394,100 at 20 %. The exemption is gone, so the
        # minimum tax takes 26 % of 10,100 instead
        bill = tax_bill(trust(10_100), 0, 400_000, law=load_law(2025))
        assert bill.income_tax_usd == pytest.approx(1_959 + 885 + 78_820)
        assert bill.amt_usd == pytest.approx(2_626 - 1_959)
        assert bill.niit_usd == pytest.approx(0.038 * (410_000 - 15_650))

    def test_the_exemption_does_not_use_up_a_loss(self):
        # income of 50: without the exemption only 50 of the loss saved anything
        bill = tax_bill(trust(50), 0, -5_000, law=load_law(2026))
        assert bill.long_carryforward_usd == 4_950


def test_a_grantor_trust_has_no_bill():
    profile = TaxProfile("Living trust", FilingStatus.GRANTOR_TRUST, grantor="Ann")
    with pytest.raises(ValueError, match="its grantor is taxed"):
        tax_bill(profile, law=load_law(2026))


def test_separate_filers_may_deduct_half_the_loss():
    profile = replace(single(90_000), status=FilingStatus.MFS)
    assert tax_bill(profile, -5_000, -4_000, law=load_law(2025)).gain_in_income_usd == -1_500


@settings(max_examples=300)
@given(any_profiles(), laws, GAINS, GAINS)
def test_one_more_dollar_of_gain_costs_nothing_or_less_than_itself(
    profile: TaxProfile, law: Law, short: float, long: float
):
    # state taxes of a few percent come on top of federal rates that social security and phase-outs can nearly double
    for rate in marginal_rates(replace(profile, state=""), short, long, law):
        assert -1e-6 <= rate <= 1.0


@settings(max_examples=300)
@given(any_profiles(), laws, GAINS, GAINS)
def test_the_bill_has_no_jumps(profile: TaxProfile, law: Law, short: float, long: float):
    here = tax_bill(profile, short, long, law=law).total_usd
    cent_more = tax_bill(profile, short + 0.01, long, law=law).total_usd
    assert abs(cent_more - here) <= 0.02


@settings(max_examples=200)
@given(plain_profiles(), laws, GAINS, GAINS)
def test_long_gain_is_never_dearer_than_short_gain(profile: TaxProfile, law: Law, short: float, long: float):
    # for equal income; by line 25 of the worksheet and the schedule of the minimum tax
    no_state = replace(profile, state="")
    amount = 10_000.0
    as_short = tax_bill(no_state, short + amount, long, law=law).total_usd
    as_long = tax_bill(no_state, short, long + amount, law=law).total_usd
    assert as_long <= as_short + 1e-6
