"""Medicare premiums two years on: steps, edges, and that they are no tax."""

import pytest

from rebal_xl.household import FilingStatus
from rebal_xl.tax import load_law, tax_bill
from rebal_xl.tax.medicare import surcharge, surcharge_after, surcharge_now
from tests.tax.households import couple, single, trust

LAW = load_law(2026)
SINGLE, MFJ, MFS = FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS


@pytest.mark.parametrize(
    ("status", "income", "step", "monthly"),
    [
        (SINGLE, 109_000, 0, 0.0),
        (SINGLE, 109_000.01, 1, 81.20 + 14.50),
        (SINGLE, 137_000, 1, 81.20 + 14.50),
        (SINGLE, 137_001, 2, 202.90 + 37.50),
        (SINGLE, 205_001, 4, 446.30 + 83.30),
        (SINGLE, 499_999, 4, 446.30 + 83.30),
        (SINGLE, 500_000, 5, 487.00 + 91.00),
        (MFJ, 218_000, 0, 0.0),
        (MFJ, 218_001, 1, 81.20 + 14.50),
        (MFJ, 750_000, 5, 487.00 + 91.00),
        (FilingStatus.HOH, 109_001, 1, 81.20 + 14.50),
        (FilingStatus.QSS, 109_001, 1, 81.20 + 14.50),
        (MFS, 109_000, 0, 0.0),
        (MFS, 109_001, 1, 446.30 + 83.30),
        (MFS, 391_000, 2, 487.00 + 91.00),
    ],
)
def test_steps_of_2026(status: FilingStatus, income: float, step: int, monthly: float):
    found = surcharge(income, status, 1, 2026)
    assert (found.step, found.yearly_usd) == (step, pytest.approx(12 * monthly))


def test_the_first_step_costs_1148_a_person():
    assert surcharge(110_000, SINGLE, 1, 2026).yearly_usd == pytest.approx(1_148.40)


def test_both_of_a_couple_pay():
    assert surcharge(230_000, MFJ, 2, 2026).yearly_usd == pytest.approx(2_296.80)


def test_a_gain_of_this_year_raises_the_premiums_of_the_year_after_next():
    # wages 200,000 and 10,000 of exempt interest are below 218,000; 9,000 of gain is over it
    pair = couple(200_000, aged_65=2, tax_exempt_interest_usd=10_000)
    before = surcharge_after(pair, tax_bill(pair, law=LAW), 2026)
    after = surcharge_after(pair, tax_bill(pair, 0, 9_000, law=LAW), 2026)
    assert (before.yearly_usd, after.yearly_usd) == (0.0, pytest.approx(2_296.80))
    assert (before.income_usd, before.next_step_over_usd) == (210_000, 218_000)
    assert (after.premium_year, after.steps_of, after.estimate) == (2028, 2026, True)


def test_it_is_no_part_of_the_bill():
    old, young = couple(200_000, aged_65=0), couple(200_000, aged_65=0, magi_two_years_ago_usd=900_000.0)
    assert tax_bill(old, law=LAW) == tax_bill(young, law=LAW)


def test_the_income_of_two_years_ago_decides_this_year():
    assert surcharge_now(single(aged_65=1), 2026) is None
    found = surcharge_now(single(aged_65=1, magi_two_years_ago_usd=150_000.0), 2026)
    assert found is not None
    assert (found.step, found.estimate) == (2, False)


def test_nobody_of_65_pays_nothing():
    assert surcharge(900_000, MFJ, 0, 2026).yearly_usd == 0.0


def test_the_last_step_has_no_next():
    assert surcharge(800_000, MFJ, 2, 2026).next_step_over_usd is None


def test_a_trust_has_no_medicare():
    with pytest.raises(ValueError, match="no Medicare"):
        surcharge_after(trust(), tax_bill(trust(), law=LAW), 2026)


def test_the_source_is_named():
    assert "1395r" in surcharge(1, SINGLE, 1, 2026).source
