"""What states do to gains beyond a pair of rates: each rule on both sides of its edge, and the optimizer below them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax import Law, load_law, model_constants, state_rates, tax_bill, totals
from rebal_xl.tax.state_rules import RULES
from tests.tax.households import STATES, any_profiles, couple, dollars, laws, single

LAW = load_law(2026)
RULED = ("MA", "MD", "ME", "MN", "NJ", "NM", "PA", "VT", "WA")
GAINS = dollars(-300_000, 2_500_000)


def state_tax(profile: TaxProfile, short: float = 0.0, long: float = 0.0, law: Law = LAW) -> float:
    return tax_bill(profile, short, long, law=law).state_usd


class TestMassachusetts:
    def test_short_gain_pays_8_5_and_long_gain_5_percent(self):
        assert state_tax(couple(state="MA"), 10_000, 60_000) == pytest.approx(850 + 3_000)

    def test_the_surtax_takes_4_percent_of_what_is_over_1083150(self):
        # 1,000,000 of wages: 83,150 of the gain lie below, 16,850 above
        assert state_tax(couple(1_000_000, state="MA"), 0, 83_150) == pytest.approx(0.05 * 83_150)
        assert state_tax(couple(1_000_000, state="MA"), 0, 100_000) == pytest.approx(5_000 + 0.04 * 16_850)

    def test_whoever_is_over_it_anyhow_pays_it_on_all_gain(self):
        assert state_tax(single(3_000_000, state="MA"), 10_000, 10_000) == pytest.approx(0.125 * 10_000 + 0.09 * 10_000)

    def test_of_a_net_loss_2000_count_at_5_percent(self):
        assert state_tax(couple(state="MA"), -10_000, 0) == pytest.approx(-100)
        assert state_tax(couple(state="MA"), -1_000, 0) == pytest.approx(-50)


class TestWashington:
    def test_long_gain_over_the_deduction_pays_7_percent(self):
        assert state_tax(couple(state="WA"), 0, 278_000) == 0.0
        assert state_tax(couple(state="WA"), 0, 378_000) == pytest.approx(7_000)

    def test_and_9_9_percent_of_what_is_over_a_million(self):
        assert state_tax(couple(state="WA"), 0, 1_378_000) == pytest.approx(70_000 + 9_900)

    def test_in_2024_the_deduction_was_270000_and_there_was_one_rate(self):
        assert state_tax(couple(state="WA"), 0, 1_370_000, load_law(2024)) == pytest.approx(0.07 * 1_100_000)

    def test_short_gain_is_free_and_short_losses_are_of_no_use(self):
        assert state_tax(couple(state="WA"), 900_000, 0) == 0.0
        assert state_tax(couple(state="WA"), -100_000, 378_000) == pytest.approx(7_000)


class TestNewJerseyAndPennsylvania:
    @pytest.mark.parametrize(("state", "rate"), [("NJ", 0.0637), ("PA", 0.0307)])
    def test_losses_of_the_year_count_and_no_others(self, state: str, rate: float):
        payer = couple(state=state, long_carryforward_usd=500_000)
        assert state_tax(payer, -20_000, 120_000) == pytest.approx(rate * 100_000)

    @pytest.mark.parametrize("state", ["NJ", "PA"])
    def test_a_net_loss_saves_nothing(self, state: str):
        assert state_tax(couple(state=state), -50_000, 0) == 0.0


class TestSurcharges:
    def test_maryland_takes_2_percent_of_all_gain_from_350000_of_income(self):
        # 300,000 of wages: at 50,000 of gain income is 350,000, which is not over it
        rate = state_rates(couple(300_000, state="MD"), 2026).long
        assert state_tax(couple(300_000, state="MD"), 0, 50_000) == pytest.approx(rate * 50_000)
        assert state_tax(couple(300_000, state="MD"), 0, 50_001) == pytest.approx((rate + 0.02) * 50_001)

    def test_minnesota_takes_1_percent_of_investment_income_over_a_million(self):
        payer = couple(5_000_000, state="MN", qualified_dividends_usd=100_000)
        rate = state_rates(payer, 2026).long
        assert state_tax(payer, 0, 900_000) == pytest.approx(rate * 900_000)
        assert state_tax(payer, 0, 1_000_000) == pytest.approx(rate * 1_000_000 + 1_000)

    def test_maine_takes_2_percent_over_a_million_from_2026(self):
        payer = single(1_000_000, state="ME")
        assert state_tax(payer, 100_000, 0) == pytest.approx(0.0915 * 100_000)
        assert state_tax(payer, 100_000, 0, load_law(2025)) == pytest.approx(0.0715 * 100_000)


class TestPreferences:
    @pytest.mark.parametrize(("state", "free", "rate"), [("VT", 5_000, 0.076), ("NM", 2_500, 0.05139)])
    def test_the_first_dollars_of_long_gain_are_free(self, state: str, free: float, rate: float):
        assert state_tax(single(state=state), 0, free) == pytest.approx(0.0, abs=1e-9)
        assert state_tax(single(state=state), 0, free + 1_000) == pytest.approx(rate * 1_000)
        assert state_tax(single(state=state), 1_000, 0) == pytest.approx(rate * 1_000)

    @pytest.mark.parametrize(
        ("state", "part"),
        [("AZ", 0.75), ("AR", 0.50), ("ND", 0.60), ("SC", 0.56), ("WI", 0.70)],
    )
    def test_part_of_long_gain_is_taxed(self, state: str, part: float):
        rates = state_rates(single(state=state), 2026)
        assert rates.long == pytest.approx(part * rates.short, abs=1e-5)

    def test_hawaii_caps_the_rate_on_long_gain(self):
        assert state_rates(single(3_000_000, state="HI"), 2026).long == 0.0725

    def test_montana_has_a_rate_of_its_own_for_long_gain(self):
        assert state_rates(single(state="MT"), 2026).long == 0.041

    def test_missouri_leaves_all_gain_free(self):
        assert state_tax(single(state="MO"), 50_000, 50_000) == 0.0


def test_the_advisor_s_own_rates_override_every_rule():
    for state in RULED:
        own = couple(1_200_000, state=state, state_short_rate=0.06, state_long_rate=0.04)
        assert state_tax(own, 10_000, 2_000_000) == pytest.approx(600 + 80_000)
        assert state_tax(own, -10_000, 0) == pytest.approx(-180)


def test_every_kind_of_rule_is_used_and_names_its_source():
    found = [rule for state in RULED for rule in state_rates(couple(state=state), 2026).rules]
    assert {rule.kind for rule in found} == set(RULES)
    assert all("secondary source" in rule.source for rule in found)


def test_states_without_rules_have_none():
    for state in {*STATES} - {*RULED}:
        assert state_rates(couple(state=state), 2026).rules == ()


ruled_profiles = st.tuples(any_profiles(), st.sampled_from(RULED)).map(lambda pair: replace(pair[0], state=pair[1]))


@settings(max_examples=500)
@given(ruled_profiles, laws, GAINS, GAINS, dollars(0, 300_000))
def test_the_optimizer_s_tax_is_never_above_the_bill(
    profile: TaxProfile, law: Law, short: float, long: float, further: float
):
    model = model_constants(profile, law, short + long - further)
    assert model.tax_usd(short, long) <= tax_bill(profile, short, long, law=law).total_usd + 1e-6


@settings(max_examples=200)
@given(ruled_profiles, laws, GAINS, GAINS)
def test_arrays_follow_the_same_rules(profile: TaxProfile, law: Law, short: float, long: float):
    (found,) = totals(profile, law, np.array([short]), np.array([long]))
    assert found == pytest.approx(tax_bill(profile, short, long, law=law).total_usd, abs=1e-6, rel=1e-12)


class TestTheOptimizerIsExactWhereTheRuleIsALine:
    def check(self, profile: TaxProfile, short: float, long: float) -> None:
        bill = tax_bill(profile, short, long, law=LAW)
        assert model_constants(profile, LAW).tax_usd(short, long) == pytest.approx(bill.total_usd, abs=1e-6)

    def test_beyond_an_exclusion(self):
        self.check(single(state="VT"), 3_000, 50_000)
        self.check(single(state="NM"), 3_000, 50_000)

    def test_in_a_surcharge(self):
        self.check(single(3_000_000, state="MA"), 10_000, 90_000)
        self.check(single(1_500_000, state="ME"), 10_000, 90_000)
        self.check(single(400_000, state="MD"), 10_000, 90_000)

    def test_with_net_gain_and_nothing_carried_in(self):
        self.check(couple(state="NJ"), -10_000, 90_000)

    def test_below_an_excise(self):
        self.check(couple(state="WA"), 0, 278_000)

    def test_a_trust_is_a_payer_like_others(self):
        profile = TaxProfile("Trust", FilingStatus.TRUST, state="PA", ordinary_income_usd=5_000)
        self.check(profile, 1_000, 50_000)
