"""The worksheets for dividends and gain: bands, collectibles, and the closed form the optimizer uses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl.household import FilingStatus
from rebal_xl.tax import known_years, load_law
from rebal_xl.tax.netting import net_gains
from rebal_xl.tax.ordinary import schedule_tax_usd
from rebal_xl.tax.preferential import stacked_tax

FILERS = st.sampled_from([status for status in FilingStatus if status is not FilingStatus.GRANTOR_TRUST])
YEARS = st.sampled_from(known_years())


def tax(taxable: float, dividends: float = 0.0, short: float = 0.0, long: float = 0.0, **given) -> float:
    law = load_law(given.pop("year", 2026))
    figures = law.of(given.pop("status", FilingStatus.SINGLE))
    gains = net_gains(short, long, loss_limit_usd=3_000, **given)
    return stacked_tax(taxable, dividends, gains, figures, law).tax_usd


def test_schedule_of_2026_by_hand():
    brackets = load_law(2026).of(FilingStatus.SINGLE).brackets
    assert schedule_tax_usd(brackets, 0.0) == 0.0
    assert schedule_tax_usd(brackets, -5_000.0) == 0.0
    assert schedule_tax_usd(brackets, 12_400) == pytest.approx(1_240)
    # 10 % of 12,400, 12 % of 38,000, 22 % of 9,600
    assert schedule_tax_usd(brackets, 60_000) == pytest.approx(1_240 + 4_560 + 2_112)


def test_gain_in_the_zero_percent_band_is_free():
    # single 2026: 30,000 of wages after deductions, 19,450 of room to 49,450
    wages_tax = 1_240 + 0.12 * 17_600
    assert tax(49_450, long=19_450) == pytest.approx(wages_tax)
    assert tax(49_550, long=19_550) == pytest.approx(wages_tax + 15)


def test_gain_across_the_top_of_the_15_percent_band():
    # 500,000 ordinary; 100,000 of gain: 45,500 at 15 % up to 545,500, 54,500 at 20 %
    wages_tax = 58_448 + 0.35 * (500_000 - 256_225)
    assert tax(600_000, long=100_000) == pytest.approx(wages_tax + 6_825 + 10_900)


def test_dividends_and_gain_share_the_bands():
    assert tax(80_000, dividends=20_000, long=10_000) == tax(80_000, dividends=30_000)


def test_ordinary_rates_win_just_above_the_zero_percent_band():
    # 49,450 to 50,400 is taxed at 12 % by the schedule but 15 % by the worksheet; line 25 takes the smaller
    at_band = schedule_tax_usd(load_law(2026).of(FilingStatus.SINGLE).brackets, 49_450)
    assert tax(50_400, long=950) == pytest.approx(at_band + 0.12 * 950)


def test_collectibles_stop_at_28_percent():
    # 300,000 ordinary in the 35 % bracket: 20,000 of collectibles at 28 %, 30,000 of other gain at 15 %
    wages_tax = 58_448 + 0.35 * (300_000 - 256_225)
    assert tax(350_000, long=50_000, collectible_usd=20_000) == pytest.approx(wages_tax + 5_600 + 4_500)


def test_collectibles_pay_the_ordinary_rate_where_it_is_lower():
    # 60,000 ordinary, 22 % bracket: 10,000 of collectibles at 22 %, 10,000 of other gain at 15 %
    wages_tax = 1_240 + 4_560 + 2_112
    assert tax(80_000, long=20_000, collectible_usd=10_000) == pytest.approx(wages_tax + 2_200 + 1_500)


def test_with_collectibles_too_ordinary_rates_win_just_above_the_zero_percent_band():
    # 100 of collectibles at 12 % and 850 of other gain at 15 % would be more than 12 % of 950
    at_band = schedule_tax_usd(load_law(2026).of(FilingStatus.SINGLE).brackets, 49_450)
    assert tax(50_400, long=950, collectible_usd=100) == pytest.approx(at_band + 0.12 * 950)


def test_collectibles_under_a_net_loss_change_nothing():
    assert tax(80_000, short=-40_000, long=20_000, collectible_usd=20_000) == tax(80_000)


@settings(max_examples=400)
@given(
    FILERS,
    YEARS,
    st.floats(-50_000, 1_000_000),
    st.floats(0, 200_000),
    st.floats(-200_000, 800_000),
    st.floats(-200_000, 800_000),
)
def test_the_25_lines_are_one_formula(
    status: FilingStatus, year: int, ordinary: float, dividends: float, short: float, long: float
):
    """Schedule tax on the base, 15 % above the 0 % band, 5 % more above the 15 % band; or line 24 where it is less."""
    law = load_law(year)
    figures = law.of(status)
    gains = net_gains(short, long, loss_limit_usd=figures.loss_limit_usd)
    base = ordinary + gains.ordinary_usd
    whole = ordinary + dividends + gains.in_income_usd
    low, high = figures.zero_rate_top_usd, figures.fifteen_rate_top_usd
    formula = (
        schedule_tax_usd(figures.brackets, base)
        + 0.15 * (max(0.0, whole - low) - max(0.0, base - low))
        + 0.05 * (max(0.0, whole - high) - max(0.0, base - high))
    )
    expected = min(formula, schedule_tax_usd(figures.brackets, whole))
    found = stacked_tax(max(0.0, whole), dividends, gains, figures, law)
    assert found.tax_usd == pytest.approx(expected, abs=1e-6)


@settings(max_examples=300)
@given(FILERS, YEARS, st.floats(0, 800_000), st.floats(0, 100_000), st.floats(0, 400_000), st.floats(0, 1))
def test_collectibles_cost_more_but_for_the_strip_above_the_zero_percent_band(
    status: FilingStatus, year: int, ordinary: float, dividends: float, long: float, share: float
):
    """Between the end of the 0 % band and of the 12 % bracket collectibles pay 12 % where other gain pays 15 %."""
    law = load_law(year)
    figures = law.of(status)
    whole = ordinary + dividends + long
    plain = net_gains(0, long, loss_limit_usd=3_000)
    coins = net_gains(0, long, loss_limit_usd=3_000, collectible_usd=share * long)
    twelve_ends = next((b.over_usd for b in figures.brackets if b.rate > 0.15), 0.0)
    strip = 0.03 * max(0.0, twelve_ends - figures.zero_rate_top_usd)
    without = stacked_tax(whole, dividends, plain, figures, law).tax_usd
    with_coins = stacked_tax(whole, dividends, coins, figures, law).tax_usd
    assert with_coins >= without - strip - 1e-6
    assert with_coins <= schedule_tax_usd(figures.brackets, whole) + 1e-6
