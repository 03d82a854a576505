"""What one more dollar costs: the bill has no jumps, and its slopes are sums of rates that the law knows."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax import Law, load_law, marginal_rates, tax_bill, totals
from tests.tax.households import PERSONS, any_profiles, couple, dollars, laws, single, trust

LAW = load_law(2026)
GAINS = dollars(-500_000, 2_000_000)
CENTS = st.sampled_from((-0.02, -0.01, 0.01, 0.02))

ORDINARY = (0.0, 0.10, 0.12, 0.22, 0.24, 0.32, 0.35, 0.37)
PREFERENTIAL = (0.0, 0.15, 0.20)
NIIT = (0.0, 0.038)


@settings(max_examples=400)
@given(any_profiles(), laws, GAINS, GAINS, CENTS, CENTS)
def test_a_few_cents_of_gain_never_move_the_bill_by_more(
    profile: TaxProfile, law: Law, short: float, long: float, more_short: float, more_long: float
):
    # no exception is needed: nothing in the federal bill is a cliff. Medicare premiums are, and are no part of it.
    no_state = replace(profile, state="")
    here, there = totals(no_state, law, [short, short + more_short], [long, long + more_long])
    assert abs(there - here) <= 2.0 * (abs(more_short) + abs(more_long))


class TestSlopesAreStatutory:
    """Wage earners without benefits and itemized deductions, so that nothing but rates and the exemption moves."""

    def slopes(self, profile: TaxProfile, law: Law, short: float, long: np.ndarray) -> np.ndarray:
        return totals(profile, law, short, long + 1.0) - totals(profile, law, short, long)

    def allowed(self, law: Law) -> set[float]:
        regular = {gain + niit for gain, niit in product((*PREFERENTIAL, *ORDINARY), NIIT)}
        # one more dollar of gain stacked on wages pushes nothing else up; in the minimum tax it may use up exemption,
        # which puts 25 or 50 cents more under 26 or 28 %, or under the rate of a gain that the exemption had covered
        minimum = {
            gain + law.amt_phaseout_rate * rate + niit
            for gain, rate, niit in product((*PREFERENTIAL, 0.26, 0.28), (*PREFERENTIAL, 0.26, 0.28), NIIT)
        }
        return {round(slope, 6) for slope in regular | minimum}

    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    @pytest.mark.parametrize("status", [*PERSONS, FilingStatus.TRUST])
    def test_of_long_gain(self, status: FilingStatus, year: int):
        law = load_law(year)
        # off the round numbers, so that no dollar straddles a figure of the law
        gains = np.arange(37.31, 3_000_000.0, 10_000.0)
        allowed = self.allowed(law)
        for wages in (0.0, 60_000.77, 240_000.77, 700_000.77):
            profile = TaxProfile("Anybody", status, ordinary_income_usd=wages)
            found = {round(float(slope), 6) for slope in self.slopes(profile, law, 0.0, gains)}
            assert found <= allowed, f"{wages:,.0f}: {sorted(found - allowed)}"

    def test_of_short_gain_through_every_bracket(self):
        # single: one dollar inside each bracket, 16,100 of deduction above taxable income; NIIT from 200,000
        inside = [5_000, 30_000, 80_000, 150_000, 230_000, 400_000, 1_000_000]
        found = [marginal_rates(single(16_100), amount, 0, LAW)[0] for amount in inside]
        assert found == pytest.approx([0.10, 0.12, 0.22, 0.24, 0.32 + 0.038, 0.35 + 0.038, 0.37 + 0.038])


class TestSlopesThatAreSums:
    def test_benefits_come_into_tax_with_gains(self):
        # 85 cents of benefits for each dollar of short gain, both at 12 %
        pensioner = single(30_000, social_security_usd=30_000)
        assert marginal_rates(pensioner, 0, 0, LAW)[0] == pytest.approx(0.12 * 1.85)

    def test_benefits_push_gain_out_of_the_zero_percent_band(self):
        # the gain itself and the 85 cents of benefits below it: 12 % on the benefits, 15 % on what leaves the band
        # (25,000 of pension and 17,500 of gain: 24,475 of the benefits are taxable, 66,975 in all, 50,875 taxed)
        pensioner = single(25_000, social_security_usd=30_000)
        assert marginal_rates(pensioner, 0, 17_500, LAW)[1] == pytest.approx(0.85 * 0.12 + 1.85 * 0.15)

    def test_a_shrinking_senior_deduction_adds_six_percent_of_the_rate(self):
        senior = single(85_000, aged_65=1)
        assert marginal_rates(senior, 0, 0, LAW)[0] == pytest.approx(0.22 * 1.06)

    def test_a_shrinking_cap_on_state_tax_adds_thirty(self):
        # 35,900 of 60,000 are left at 520,000; taxable income is 454,100, in the 32 % bracket
        payer = couple(520_000, itemized_deductions_usd=30_000, state_local_tax_usd=60_000)
        assert marginal_rates(payer, 0, 0, LAW)[0] == pytest.approx(0.32 * 1.30 + 0.038)

    def test_minimum_tax_with_its_exemption_gone_takes_28_percent_of_short_gain(self):
        # and each dollar of it pushes one of long gain from 15 to 20 %
        assert marginal_rates(couple(300_000), 0, 1_400_000, LAW)[0] == pytest.approx(0.28 + 0.05 + 0.038)


class TestSignsWithCarryforwards:
    """The four quadrants of the year's short and long net, with losses of earlier years inside."""

    @pytest.mark.parametrize(
        ("short", "long", "carried_short", "carried_long", "short_rate", "long_rate"),
        [
            # both gains left: each at its own rate
            (10_000, 10_000, 4_000, 4_000, 0.278, 0.188),
            # short carryforward larger than short gain: what is left of it is set against long gain
            (10_000, 50_000, 30_000, 0, 0.188, 0.188),
            # long carryforward larger than long gain eats short gain: both at the ordinary rate
            (50_000, 10_000, 0, 30_000, 0.278, 0.278),
            # a net loss within the limit is deducted from wages, and there is no investment income to tax
            (10_000, 10_000, 15_000, 7_000, 0.24, 0.24),
            # a net loss beyond it: the next dollar costs nothing now
            (10_000, 10_000, 40_000, 40_000, 0.0, 0.0),
            # a short loss within long gain
            (-10_000, 40_000, 5_000, 5_000, 0.188, 0.188),
            # a long loss within short gain
            (40_000, -10_000, 5_000, 5_000, 0.278, 0.278),
        ],
    )
    def test_marginal_rates(
        self,
        short: float,
        long: float,
        carried_short: float,
        carried_long: float,
        short_rate: float,
        long_rate: float,
    ):
        # 400,000 of wages: 24 % (to 403,550 of taxable income), 15 %, and NIIT on every dollar of net gain
        payer = couple(400_000, short_carryforward_usd=carried_short, long_carryforward_usd=carried_long)
        assert marginal_rates(payer, short, long, LAW) == pytest.approx((short_rate, long_rate))

    @settings(max_examples=200)
    @given(any_profiles(), laws, GAINS, GAINS, dollars(0, 300_000), dollars(0, 300_000))
    def test_a_carryforward_is_a_loss_of_this_year(
        self, profile: TaxProfile, law: Law, short: float, long: float, carried_short: float, carried_long: float
    ):
        plain = replace(profile, state="", short_carryforward_usd=0.0, long_carryforward_usd=0.0)
        carrying = replace(plain, short_carryforward_usd=carried_short, long_carryforward_usd=carried_long)
        with_losses = tax_bill(plain, short - carried_short, long - carried_long, law=law)
        assert tax_bill(carrying, short, long, law=law).total_usd == pytest.approx(with_losses.total_usd, abs=1e-6)


def test_a_trust_reaches_the_top_rates_early():
    # ordinary 37 % and NIIT from 16,000; long gain 20 % and NIIT from 16,250 in all
    assert marginal_rates(trust(17_000), 0, 0, LAW) == pytest.approx((0.37 + 0.038, 0.20 + 0.038))
