"""The assumptions that come along: the survey's figures, what class names stand for, and what is not known."""

import math

import numpy as np
import pytest

from benchmarks.households import MARKETS
from rebal_xl.household import CASH_CLASS
from rebal_xl.measure import shipped_assumptions
from rebal_xl.sample.policy import TARGETS

SURVEY = shipped_assumptions()


def correlation(one: str, other: str) -> float:
    covariance = SURVEY.covariance((one, other), {})
    assert covariance is not None
    table = np.array(covariance.rows)
    return float(table[0, -1] / math.sqrt(table[0, 0] * table[-1, -1]))


def test_the_source_is_named_with_its_year() -> None:
    assert SURVEY.year == 2025
    for part in ("Horizon Actuarial Services", "Survey of Capital Market Assumptions", "2025 Edition", "Exhibit 17"):
        assert part in SURVEY.source


def test_the_correlations_are_those_of_some_set_of_returns() -> None:
    table = np.array(SURVEY.correlations)
    assert table.shape == (17, 17)
    assert (table == table.T).all()
    assert (np.diag(table) == 1.0).all()
    # No repair was needed: every mix of classes has a variance above zero.
    assert np.linalg.eigvalsh(table)[0] > 0.05


@pytest.mark.parametrize(
    ("asset_class", "expected_return", "volatility"),
    [
        ("US Large Cap", 0.0767, 0.1654),
        ("US Small", 0.0887, 0.2044),
        ("International Developed", 0.0858, 0.1820),
        ("Emerging Markets", 0.0996, 0.2343),
        ("US Bonds", 0.0519, 0.0622),
        ("High Yield", 0.0644, 0.0977),
        ("TIPS", 0.0463, 0.0604),
        ("REITs", 0.0752, 0.1624),
        ("Cash", 0.0360, 0.0147),
    ],
)
def test_figures_of_the_survey(asset_class: str, expected_return: float, volatility: float) -> None:
    found = SURVEY.of(asset_class)
    assert found is not None
    assert (found.expected_return, found.volatility, found.why) == (expected_return, volatility, "")


def test_correlations_of_the_survey() -> None:
    assert correlation("US Large", "US Small") == pytest.approx(0.89)
    assert correlation("US Bonds", "Emerging Markets") == pytest.approx(0.29)
    assert correlation("Cash", "US Large") == pytest.approx(-0.01)


def test_municipal_bonds_move_with_core_bonds_and_say_so() -> None:
    munis = SURVEY.of("Municipal Bonds")
    assert munis is not None
    assert munis.volatility == pytest.approx(0.0622)
    assert "core bonds" in munis.why
    assert correlation("Municipal", "US Bonds") == pytest.approx(1.0)
    assert correlation("Municipal", "US Large") == pytest.approx(0.32)


def test_short_bonds_are_half_core_bonds_half_cash() -> None:
    short = SURVEY.of("Short-Term Bonds")
    assert short is not None
    # 0.5 x (6.22 %, 1.47 %) with a correlation of 0.19
    variance = 0.25 * (0.0622**2 + 0.0147**2 + 2 * 0.19 * 0.0622 * 0.0147)
    assert short.volatility == pytest.approx(math.sqrt(variance))
    assert short.expected_return == pytest.approx((0.0519 + 0.0360) / 2)


@pytest.mark.parametrize(
    ("written", "survey_class"),
    [
        ("U.S. Large-Cap Equity", "US Equity - Large Cap"),
        ("Domestic Large Cap Stocks", "US Equity - Large Cap"),
        ("small cap", "US Equity - Small/Mid Cap"),
        ("Non-US Developed Equities", "Non-US Equity - Developed"),
        ("International ex-US", "Non-US Equity - Developed"),
        ("Emerging Markets Debt", "Non-US Debt - Emerging"),
        ("U.S. Fixed Income", "US Corporate Bonds - Core"),
        ("Real Estate", "Real Estate"),
        ("Cash & Equivalents", "US Treasuries (Cash Equivalents)"),
        ("California Municipals", "Municipal Bonds"),
    ],
)
def test_names_are_read_loosely(written: str, survey_class: str) -> None:
    found = SURVEY.of(written)
    assert found is not None
    assert found.name == survey_class


def test_names_that_say_too_little_or_something_else_are_not_guessed() -> None:
    assert SURVEY.unknown(("Preferred", "Gold", "Timber", "Global Stocks", "Other", "US Large", "")) == (
        "", "Global Stocks", "Gold", "Other", "Preferred", "Timber",
    )  # fmt: skip
    assert SURVEY.covariance(("US Large", "Timber"), {}) is None


def test_no_name_stands_for_two_classes() -> None:
    for known in SURVEY.classes:
        for name in (known.name, *known.names):
            found = SURVEY.of(name)
            assert found is not None
            assert found.name == known.name, name


def test_every_class_of_the_sample_and_nearly_all_of_the_synthetic_households_are_known() -> None:
    assert SURVEY.unknown(target.asset_class for target in TARGETS) == ()
    assert SURVEY.unknown([*(market.name for market in MARKETS), CASH_CLASS]) == ("Preferred",)


def test_a_volatility_of_ones_own_keeps_the_correlations() -> None:
    covariance = SURVEY.covariance(("US Large", "US Bonds"), {"US Large": 0.20})
    assert covariance is not None
    assert covariance.classes == ("US Bonds", "US Large")
    assert covariance.rows[1] == pytest.approx((0.32 * 0.0622 * 0.20, 0.04))
