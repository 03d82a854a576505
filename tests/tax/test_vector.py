"""Arrays of gains give the bills that single gains give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax import Law, load_law, tax_bill, totals, totals_by_profile
from tests.tax.households import any_profiles, couple, dollars, laws, single, trust

GAINS = st.lists(st.tuples(dollars(-500_000, 3_000_000), dollars(-500_000, 3_000_000)), min_size=1, max_size=20)
LAW = load_law(2026)


def test_a_couple_s_gain_at_each_of_three_sizes():
    # 217,800 of wages after the deduction: 60,000 of long gain at 15 %, and NIIT on what is over 250,000
    bills = totals(couple(), LAW, [0, 10_000, 10_000], [0, 0, 60_000])
    assert bills - bills[0] == pytest.approx([0, 2_400 + 380, 2_400 + 9_000 + 2_660])


def test_short_and_long_gains_are_broadcast():
    grid = totals(single(), LAW, np.zeros((3, 1)), np.array([0.0, 1_000.0]))
    assert grid.shape == (3, 2)


def test_every_element_may_have_a_taxpayer_of_its_own():
    payers = [couple(), single(), trust(20_000)]
    found = totals_by_profile(payers, LAW, [1_000.0, 2_000.0, 3_000.0], 40_000.0)
    expected = [
        tax_bill(payer, 1_000.0 * (place + 1), 40_000.0, law=LAW).total_usd for place, payer in enumerate(payers)
    ]
    assert found == pytest.approx(expected, abs=1e-6)


def test_nobody_owes_nothing():
    assert totals_by_profile([], LAW, [], []).shape == (0,)


def test_a_grantor_trust_has_no_bills():
    with pytest.raises(ValueError, match="grantor"):
        totals(TaxProfile("Living trust", FilingStatus.GRANTOR_TRUST), LAW, 0.0, 0.0)


@settings(max_examples=400)
@given(any_profiles(), laws, GAINS)
def test_the_same_figures_as_bill_by_bill(profile: TaxProfile, law: Law, gains: list[tuple[float, float]]):
    short, long = np.array(gains).T
    expected = [tax_bill(profile, each_short, each_long, law=law).total_usd for each_short, each_long in gains]
    assert totals(profile, law, short, long) == pytest.approx(expected, abs=1e-6, rel=1e-12)


@settings(max_examples=200)
@given(st.lists(any_profiles(), min_size=1, max_size=8), laws, dollars(-500_000, 3_000_000), dollars(-1e6, 3_000_000))
def test_the_same_figures_for_many_taxpayers(profiles: list[TaxProfile], law: Law, short: float, long: float):
    expected = [tax_bill(profile, short, long, law=law).total_usd for profile in profiles]
    assert totals_by_profile(profiles, law, short, long) == pytest.approx(expected, abs=1e-6, rel=1e-12)
