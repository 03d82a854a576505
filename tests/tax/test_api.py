"""The bill and the holding period as a notebook asks for them."""

from datetime import date

import pytest

import rebal_xl
from rebal_xl.household import Term
from rebal_xl.tax import known_years, load_law
from rebal_xl.tax import tax_bill as bill_under
from tests.tax.households import couple


def test_gains_of_a_couple_cost_14060():
    # 24 % of 10,000, 15 % of 60,000, 3.8 % of 70,000
    more = rebal_xl.tax_bill(couple(), 10_000, 60_000).total_usd - rebal_xl.tax_bill(couple()).total_usd
    assert more == pytest.approx(14_060)


def test_without_a_year_the_latest_law_that_is_known_applies():
    assert rebal_xl.tax_bill(couple()).law_year == known_years()[-1]


def test_the_profile_s_year_comes_before_it_and_the_year_asked_for_before_both():
    payer = couple(law_year=2025)
    assert rebal_xl.tax_bill(payer).law_year == 2025
    assert rebal_xl.tax_bill(payer, law_year=2024).law_year == 2024


def test_collectibles_are_told_apart():
    law = load_law(2026)
    found = rebal_xl.tax_bill(couple(900_000), 0, 50_000, law_year=2026, collectible_gain_usd=20_000)
    assert found == bill_under(couple(900_000), 0, 50_000, law=law, collectible_gain_usd=20_000)
    assert found.total_usd > rebal_xl.tax_bill(couple(900_000), 0, 50_000, law_year=2026).total_usd


def test_a_year_without_law_is_refused():
    with pytest.raises(rebal_xl.LawMissing, match="2031"):
        rebal_xl.tax_bill(couple(), law_year=2031)


def test_long_from_a_year_and_a_day():
    assert rebal_xl.term(date(2025, 3, 2), date(2026, 3, 2)) is Term.SHORT
    assert rebal_xl.term(date(2025, 3, 2), date(2026, 3, 3)) is Term.LONG
