"""The parts of a return: NIIT, social security, deductions, alternative minimum tax, state estimate."""

from dataclasses import replace

import pytest
from hypothesis import given

from rebal_xl.household import FilingStatus
from rebal_xl.tax import load_law, state_rates, tax_bill
from rebal_xl.tax.amt import exemption_usd
from rebal_xl.tax.deductions import deductions, senior_deduction_usd, state_local_tax_usd
from rebal_xl.tax.liability import income_with
from rebal_xl.tax.netting import net_gains
from rebal_xl.tax.niit import niit_usd
from rebal_xl.tax.social_security import taxable_benefits_usd
from rebal_xl.tax.state import state_tax_usd
from tests.tax.households import couple, dollars, single, trust

LAW = load_law(2026)
SINGLE, MFJ, MFS = (LAW.of(status) for status in (FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS))


class TestNetInvestmentIncomeTax:
    def test_it_begins_at_the_threshold(self):
        assert niit_usd(50_000, 250_000, MFJ, LAW) == 0.0
        assert niit_usd(50_000, 250_001, MFJ, LAW) == pytest.approx(0.038)

    def test_the_lesser_of_investment_income_and_excess_counts(self):
        assert niit_usd(10_000, 400_000, MFJ, LAW) == pytest.approx(380)
        assert niit_usd(90_000, 270_000, MFJ, LAW) == pytest.approx(760)

    def test_a_loss_never_makes_it_negative(self):
        assert niit_usd(-3_000, 900_000, MFJ, LAW) == 0.0

    def test_an_allowed_loss_lowers_investment_income(self):
        # interest 20,000 less the 3,000 of loss that is allowed
        profile = couple(500_000, other_investment_income_usd=20_000, long_realized_usd=-50_000)
        assert tax_bill(profile, law=LAW).niit_usd == pytest.approx(0.038 * 17_000)

    def test_wages_raise_income_but_are_no_investment_income(self):
        assert tax_bill(couple(900_000), law=LAW).niit_usd == 0.0

    @given(dollars(-100_000, 100_000), dollars(-100_000, 600_000), dollars(-3_000, 500_000))
    def test_one_floor_is_enough(self, other: float, agi: float, net: float):
        """0.038 (n + min(NII0, AGI0 - threshold))+ needs no floor on investment income of its own."""
        formula = 0.038 * max(0.0, net + min(other, agi - MFJ.niit_threshold_usd))
        assert niit_usd(other + net, agi + net, MFJ, LAW) == pytest.approx(formula, abs=1e-6)


class TestSocialSecurity:
    def test_below_the_first_base_nothing_is_taxed(self):
        # 15,000 + half of 20,000 is the base of 25,000
        assert taxable_benefits_usd(20_000, 15_000, 0, SINGLE, LAW) == 0.0
        assert taxable_benefits_usd(20_000, 15_100, 0, SINGLE, LAW) == pytest.approx(50)

    def test_pensioner_of_publication_915(self):
        # 28,990 + 2,990 = 31,980, 6,980 over the base; half of it is 3,490, but no more than half of the benefits
        assert taxable_benefits_usd(5_980, 28_990, 0, SINGLE, LAW) == pytest.approx(2_990)

    def test_couple_of_publication_915(self):
        # 29,750 + 2,800 = 32,550, 550 over the base: 275
        assert taxable_benefits_usd(5_600, 29_750, 0, MFJ, LAW) == pytest.approx(275)

    def test_above_the_second_base_85_percent(self):
        # 20,000 + 15,000 = 35,000: half of 9,000 below 34,000, and 85 % of the 1,000 above
        assert taxable_benefits_usd(30_000, 20_000, 0, SINGLE, LAW) == pytest.approx(4_500 + 850)

    def test_never_more_than_85_percent(self):
        assert taxable_benefits_usd(30_000, 500_000, 0, SINGLE, LAW) == pytest.approx(25_500)

    def test_exempt_interest_counts(self):
        with_interest = taxable_benefits_usd(30_000, 15_000, 5_000, SINGLE, LAW)
        assert with_interest == taxable_benefits_usd(30_000, 20_000, 0, SINGLE, LAW)

    def test_separate_filers_have_no_base(self):
        assert taxable_benefits_usd(10_000, 5_000, 0, MFS, LAW) == pytest.approx(8_500)

    def test_no_benefits_no_tax(self):
        assert taxable_benefits_usd(0, 100_000, 0, SINGLE, LAW) == 0.0

    def test_a_gain_drags_benefits_into_tax(self):
        # 30,000 of benefits, 20,000 of pension: 1,000 of gain makes 850 more of benefits taxable
        pensioner = single(20_000, social_security_usd=30_000)
        before, after = tax_bill(pensioner, law=LAW), tax_bill(pensioner, 1_000, law=LAW)
        assert after.agi_usd - before.agi_usd == pytest.approx(1_850)


class TestDeductions:
    def test_standard_deduction_with_additions(self):
        # couple, both 65, one blind: 32,200 + 3 x 1,650; the senior deduction of 2 x 6,000 is whole below 150,000
        assert deductions(couple(aged_65=2, blind=1), 100_000, LAW).regular_usd == pytest.approx(37_150 + 12_000)

    def test_single_filers_have_the_larger_addition(self):
        assert deductions(single(aged_65=1), 50_000, LAW).regular_usd == pytest.approx(16_100 + 2_050 + 6_000)

    @pytest.mark.parametrize(("agi", "left"), [(150_000, 12_000), (200_000, 6_000), (250_000, 0), (300_000, 0)])
    def test_each_senior_deduction_shrinks_by_six_percent(self, agi: float, left: float):
        assert senior_deduction_usd(2, agi, MFJ, LAW) == pytest.approx(left)

    def test_no_senior_deduction_before_2025_nor_for_separate_filers(self):
        old = load_law(2024)
        assert senior_deduction_usd(1, 50_000, old.of(FilingStatus.SINGLE), old) == 0.0
        assert senior_deduction_usd(1, 50_000, MFS, LAW) == 0.0

    def test_the_senior_deduction_comes_on_top_of_itemized_ones(self):
        profile = single(itemized_deductions_usd=30_000, aged_65=1)
        assert deductions(profile, 60_000, LAW).regular_usd == pytest.approx(36_000)

    def test_the_larger_deduction_is_taken(self):
        assert deductions(single(itemized_deductions_usd=16_000), 90_000, LAW).regular_usd == 16_100
        assert deductions(single(itemized_deductions_usd=16_200), 90_000, LAW).regular_usd == 16_200

    def test_state_tax_without_itemizing_is_not_deducted(self):
        assert deductions(single(state_local_tax_usd=30_000), 90_000, LAW).regular_usd == 16_100

    @pytest.mark.parametrize(
        ("paid", "agi", "allowed"),
        [
            (30_000, 300_000, 30_000),
            (60_000, 505_000, 40_400),
            (60_000, 525_000, 34_400),  # 40,400 less 30 % of 20,000
            (60_000, 606_333, 10_000.10),
            (60_000, 700_000, 10_000),
            (8_000, 700_000, 8_000),
        ],
    )
    def test_the_cap_on_state_tax_shrinks_to_its_floor(self, paid: float, agi: float, allowed: float):
        assert state_local_tax_usd(paid, agi, SINGLE, LAW) == pytest.approx(allowed)

    def test_separate_filers_have_half_the_cap(self):
        assert state_local_tax_usd(60_000, 100_000, MFS, LAW) == 20_200
        assert state_local_tax_usd(60_000, 500_000, MFS, LAW) == 5_000

    def test_the_cap_of_2024_does_not_shrink(self):
        old = load_law(2024)
        assert state_local_tax_usd(60_000, 5_000_000, old.of(FilingStatus.MFJ), old) == 10_000

    def test_top_bracket_income_takes_back_part_of_itemized_deductions_in_2026(self):
        # 50,000 and 10,000 of state tax; income before them is 59,400 over 640,600: 2/37 of 59,400 is lost
        profile = single(itemized_deductions_usd=50_000, state_local_tax_usd=20_000)
        assert deductions(profile, 700_000, LAW).regular_usd == pytest.approx(60_000 - 59_400 * 2 / 37)
        # beyond the deductions themselves nothing more is lost
        assert deductions(profile, 2_000_000, LAW).regular_usd == pytest.approx(60_000 * 35 / 37)
        assert deductions(profile, 2_000_000, load_law(2025)).regular_usd == 60_000

    def test_minimum_tax_allows_neither_standard_deduction_nor_state_tax(self):
        assert deductions(single(), 90_000, LAW).minimum_tax_usd == 0.0
        profile = single(itemized_deductions_usd=30_000, state_local_tax_usd=8_000)
        assert deductions(profile, 90_000, LAW).minimum_tax_usd == 30_000


class TestAlternativeMinimumTax:
    @pytest.mark.parametrize(
        ("year", "income", "left"),
        [
            (2025, 1_252_700, 137_000),
            (2025, 1_352_700, 112_000),  # 25 % of 100,000
            (2026, 1_000_000, 140_200),
            (2026, 1_100_000, 90_200),  # 50 % of 100,000
            (2026, 1_280_400, 0),
            (2026, 2_000_000, 0),
        ],
    )
    def test_exemption_shrinks(self, year: int, income: float, left: float):
        law = load_law(year)
        assert exemption_usd(income, law.of(FilingStatus.MFJ), law) == pytest.approx(left)

    def test_a_large_gain_brings_it(self):
        # wages 300,000 and gain 800,000: exemption 90,200; 26 % of 209,800 = 54,548 against 49,468 by the schedule
        bill = tax_bill(couple(300_000), 0, 800_000, law=LAW)
        assert bill.amt_usd == pytest.approx(54_548 - 49_468)

    def test_wages_alone_do_not(self):
        assert tax_bill(couple(3_000_000), law=LAW).amt_usd == 0.0

    def test_state_tax_deducted_counts_as_income(self):
        # 500,000 less 250,000 and 40,000 of state tax; the minimum tax takes off the 250,000 alone
        profile = couple(500_000, itemized_deductions_usd=250_000, state_local_tax_usd=40_000)
        income = income_with(profile, 0.0, load_law(2025))
        assert (income.taxable_usd, income.minimum_taxable_usd) == (210_000, 250_000)

    def test_the_senior_deduction_counts_as_income(self):
        # 2026: 80,000 less 16,100 + 2,050 and 6,000 less 6 % of 5,000; none of it in the minimum tax
        income = income_with(single(80_000, aged_65=1), 0.0, LAW)
        assert (income.taxable_usd, income.minimum_taxable_usd) == (80_000 - 18_150 - 5_700, 80_000)

    def test_separate_filers_add_income_once_the_exemption_is_gone(self):
        # 2026: gone at 500,000 + 70,100 / 50 % = 640,200; at 700,000 half of 59,800 is added: 729,900
        profile = replace(single(200_000), status=FilingStatus.MFS)
        bill = tax_bill(profile, 0, 500_000, law=LAW)
        # 26 % of 122,250 and 28 % of 107,650 on the 229,900 that is no gain; taxable 683,900, ordinary 183,900:
        # 306,850 - 183,900 = 122,950 of gain at 15 %, 377,050 at 20 %, the same in both computations
        minimum = 0.26 * 122_250 + 0.28 * 107_650
        regular = 17_966 + 0.24 * (183_900 - 105_700)
        assert bill.amt_usd == pytest.approx(minimum - regular)

    def test_separate_filers_add_no_more_than_the_exemption(self):
        # 900,000 and 70,100; 270,100 of it is no gain
        profile = replace(single(200_000), status=FilingStatus.MFS)
        bill = tax_bill(profile, 0, 700_000, law=LAW)
        minimum = 0.26 * 122_250 + 0.28 * 147_850
        regular = 17_966 + 0.24 * (183_900 - 105_700)
        assert bill.amt_usd == pytest.approx(minimum - regular)

    def test_gain_keeps_its_bands(self):
        # wages equal to the standard deduction: a million of gain is taxed alike in both computations, 0 % and 15 %
        # bands included, and the minimum tax adds 26 % of the 16,100
        assert tax_bill(single(16_100), 0, 1_000_000, law=LAW).amt_usd == pytest.approx(0.26 * 16_100)

    def test_collectibles_are_taxed_like_wages(self):
        # 1,100,000 of income, exemption 90,200. Schedule D Tax Worksheet: 82,048 to the end of the 24 % bracket, 28 %
        # of 64,250, 15 % of 210,150, 20 % of 389,850. Form 6251: 26 % of 244,500, 28 % of 165,300, else the same
        bill = tax_bill(couple(300_000), 0, 800_000, law=LAW, collectible_gain_usd=200_000)
        assert bill.income_tax_usd == pytest.approx(82_048 + 17_990 + 31_522.50 + 77_970)
        assert bill.amt_usd == pytest.approx((63_570 + 46_284) - (82_048 + 17_990))


class TestStateEstimate:
    def test_short_and_long_rates_apply_to_their_parts(self):
        # Massachusetts: 8.5 % short, 5 % long
        gains = net_gains(10_000, 60_000, loss_limit_usd=3_000)
        payer = couple(state="MA")
        rates = state_rates(payer, 2026)
        assert (rates.short, rates.long) == (0.085, 0.05)
        assert state_tax_usd(rates, payer, gains) == pytest.approx(850 + 3_000)

    def test_an_allowed_loss_saves_state_tax(self):
        gains = net_gains(-10_000, 0, loss_limit_usd=3_000)
        payer = single(state="CA")
        assert state_tax_usd(state_rates(payer, 2026), payer, gains) == pytest.approx(-0.093 * 3_000)

    def test_the_advisor_s_own_rates_win(self):
        rates = state_rates(single(state="CA", state_short_rate=0.123, state_long_rate=0.1), 2026)
        assert (rates.short, rates.long) == (0.123, 0.1)

    def test_one_own_rate_leaves_the_other_at_its_default(self):
        rates = state_rates(single(state="ca", state_long_rate=0.1), 2026)
        assert (rates.short, rates.long) == (0.093, 0.1)

    def test_high_incomes_have_their_own_rate(self):
        assert state_rates(single(2_000_000, state="CA"), 2026).long == 0.133

    def test_couples_have_their_own_column(self):
        assert state_rates(couple(state="NY"), 2026).short == pytest.approx(0.07648)
        assert state_rates(single(state="NY"), 2026).short == pytest.approx(0.07656)

    @pytest.mark.parametrize("state", ["AK", "FL", "NH", "NV", "SD", "TN", "TX", "WY"])
    def test_states_without_tax_on_gains(self, state: str):
        rates = state_rates(single(state=state), 2026)
        assert (rates.short, rates.long) == (0, 0)

    def test_a_year_outside_the_table_says_which_year_is_used(self):
        assert "CA 2025" in state_rates(single(state="CA"), 2024).source

    def test_every_default_is_marked_an_estimate(self):
        assert "estimate" in state_rates(single(state="CA"), 2026).source

    @pytest.mark.parametrize("state", ["XX", "source", "PR"])
    def test_an_unknown_state_is_refused(self, state: str):
        with pytest.raises(ValueError, match="no state of the United States"):
            state_rates(single(state=state), 2026)

    def test_a_state_without_table_is_no_matter_when_both_rates_are_given(self):
        rates = state_rates(single(state="PR", state_short_rate=0.2, state_long_rate=0.15), 2026)
        assert (rates.short, rates.long) == (0.2, 0.15)

    def test_no_state_no_tax(self):
        assert tax_bill(single(), 50_000, law=LAW).state_usd == 0.0

    def test_a_trust_is_taxed_at_the_single_column(self):
        assert state_rates(trust(state="NY"), 2026) == state_rates(single(state="NY"), 2026)
