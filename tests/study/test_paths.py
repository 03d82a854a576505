"""Paths: twelve months multiplied have the year's mean and covariance, and a path does not depend on its neighbours."""

import numpy as np
import pytest

from rebal_xl.study.paths import BLOCK_PATHS, Bootstrap, Lognormal, draw_blocks

MEAN = np.array([0.08, 0.04])
COVARIANCE = np.array([[0.04, 0.003], [0.003, 0.0025]])


def drawn(returns, paths, months=12, seed=7):
    return np.concatenate(list(draw_blocks(returns, seed, paths, months)), axis=1)


def test_a_years_mean_and_covariance_are_those_asked_for() -> None:
    """Exactly: exp(12 m + 6 s²) = 1 + mean, and exp(12 s_ij) = 1 + cov / growth²."""
    found = Lognormal.of_years(MEAN, COVARIANCE)
    logs = found.root @ found.root.T
    assert np.exp(12 * found.mean + 6 * np.diag(logs)) == pytest.approx(1 + MEAN)
    growth = np.outer(1 + MEAN, 1 + MEAN)
    assert growth * (np.exp(12 * logs) - 1) == pytest.approx(COVARIANCE)


def test_and_the_paths_show_them_within_their_noise() -> None:
    years = drawn(Lognormal.of_years(MEAN, COVARIANCE), 20_000).prod(axis=0) - 1.0
    # four standard errors of a mean of 20,000
    assert np.all(np.abs(years.mean(axis=0) - MEAN) < 4 * np.sqrt(np.diag(COVARIANCE) / 20_000))
    assert np.cov(years, rowvar=False) == pytest.approx(COVARIANCE, rel=0.1)


def test_without_volatility_every_month_is_the_twelfth_root_of_the_year() -> None:
    growth = drawn(Lognormal.of_years(MEAN, np.zeros((2, 2))), 3)
    assert growth == pytest.approx(np.broadcast_to((1 + MEAN) ** (1 / 12), (12, 3, 2)))


def test_a_class_that_moves_exactly_with_another_has_the_same_months() -> None:
    twins = np.full((2, 2), 0.04)
    growth = drawn(Lognormal.of_years(np.array([0.08, 0.08]), twins), 50)
    assert growth[..., 0] == pytest.approx(growth[..., 1])


def test_more_than_everything_cannot_be_expected_to_be_lost() -> None:
    with pytest.raises(ValueError, match="-100 %"):
        Lognormal.of_years(np.array([-1.0]), np.array([[0.01]]))


@pytest.mark.parametrize(
    "returns",
    [Lognormal.of_years(MEAN, COVARIANCE), Bootstrap(np.linspace(0.9, 1.1, 120).reshape(60, 2))],
    ids=["simulated", "history"],
)
def test_a_path_is_the_same_whatever_is_drawn_beside_it(returns) -> None:
    few, many = drawn(returns, 10, 24), drawn(returns, 2 * BLOCK_PATHS + 5, 24)
    assert few.shape == (24, 10, 2)
    assert many.shape == (24, 2 * BLOCK_PATHS + 5, 2)
    assert np.array_equal(few, many[:, :10])
    assert np.array_equal(many, drawn(returns, 2 * BLOCK_PATHS + 5, 24))
    assert not np.array_equal(few, drawn(returns, 10, 24, seed=8))
    # and the second block is not the first once more
    assert not np.array_equal(many[:, :5], many[:, BLOCK_PATHS : BLOCK_PATHS + 5])


def test_months_of_history_stay_together_for_a_year_and_the_history_is_a_ring() -> None:
    """Months are numbered 0 to 39: within twelve months each follows the one before, 39 is followed by 0."""
    numbered = np.arange(40.0)[:, None]
    paths = drawn(Bootstrap(numbered), 300, 30)[..., 0]
    steps = np.diff(paths, axis=0) % 40
    within = [step for step in range(29) if (step + 1) % 12]
    assert np.all(steps[within] == 1)
    assert not np.all(steps[11] == 1)
    # every month starts a block sooner or later
    assert set(paths[0]) == set(range(40))
