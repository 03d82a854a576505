"""Required minimum distributions: the published factors, and the years in which they begin."""

from datetime import date

import pytest

from rebal_xl.tax.rmd import much_younger, required_distribution


@pytest.mark.parametrize(
    ("born", "year", "age", "factor"),
    [
        # Publication 590-B, Appendix B, Table III (Uniform Lifetime)
        (date(1950, 3, 1), 2022, 72, 27.4),
        (date(1952, 3, 1), 2025, 73, 26.5),
        (date(1951, 12, 31), 2026, 75, 24.6),
        (date(1946, 7, 1), 2026, 80, 20.2),
        (date(1936, 7, 1), 2026, 90, 12.2),
        (date(1926, 7, 1), 2026, 100, 6.4),
        (date(1907, 7, 1), 2026, 119, 2.3),
        (date(1906, 7, 1), 2026, 120, 2.0),
        (date(1905, 7, 1), 2026, 121, 2.0),
    ],
)
def test_the_factor_is_that_of_the_age_reached_in_the_year(born, year, age, factor):
    found = required_distribution(100_000.0, born, year)
    assert (found.age, found.factor) == (age, factor)
    assert found.amount_usd == pytest.approx(100_000.0 / factor)


def test_a_hundred_thousand_dollars_at_75():
    # 100,000 / 24.6
    assert required_distribution(100_000.0, date(1951, 6, 1), 2026).amount_usd == pytest.approx(4_065.04, abs=0.005)


@pytest.mark.parametrize(
    ("born", "first_year"),
    [
        # IRC 401(a)(9)(C)(v): 72, from births in 1951 on 73, from births in 1960 on 75
        (date(1950, 12, 31), 2022),
        (date(1951, 1, 1), 2024),
        (date(1959, 12, 31), 2032),
        (date(1960, 1, 1), 2035),
    ],
)
def test_distributions_begin_in_the_year_of_the_birthday_and_the_first_may_wait(born, first_year):
    assert required_distribution(50_000.0, born, first_year).first
    assert not required_distribution(50_000.0, born, first_year + 1).first
    if first_year > 2022:
        assert required_distribution(50_000.0, born, first_year - 1) is None


def test_older_tables_are_not_known():
    with pytest.raises(ValueError, match="2021"):
        required_distribution(50_000.0, date(1940, 1, 1), 2021)


def test_an_empty_or_overdrawn_account_owes_nothing():
    assert required_distribution(0.0, date(1946, 7, 1), 2026).amount_usd == 0.0
    assert required_distribution(-5.0, date(1946, 7, 1), 2026).amount_usd == 0.0


def test_more_than_ten_years_younger_is_counted_in_calendar_years():
    # Reg. 1.401(a)(9)-5(d)(1)(ii): more than ten years
    assert much_younger(date(1961, 1, 1), date(1950, 12, 31))
    assert not much_younger(date(1960, 12, 31), date(1950, 1, 1))
