"""What can be said of a sample: its mean, how sure that is, and how single values differ."""

import numpy as np
import pytest

from rebal_xl.household import Estimate
from rebal_xl.study.rules import calendar, never
from rebal_xl.study.simulate import Outcome
from rebal_xl.study.statistics import estimate, happened_lines, percentiles, study_lines


def test_the_interval_of_a_mean_is_students() -> None:
    """1 to 5: mean 3, standard deviation 1.5811, t of 4 degrees 2.7764: 3 ± 2.7764 x 1.5811 / 2.2361 = 1.9632."""
    found = estimate(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert (found.mean, found.half_width) == (3.0, pytest.approx(1.9632, abs=1e-4))
    assert not found.spans_zero


def test_the_interval_holds_the_true_mean_nineteen_times_in_twenty() -> None:
    chance = np.random.default_rng(5)
    found = [estimate(chance.lognormal(0.0, 0.3, 200) - np.exp(0.045)) for _ in range(2_000)]
    held = np.mean([one.spans_zero for one in found])
    # 0.95 ± four standard errors of 0.0049
    assert abs(held - 0.95) < 0.02


def test_percentiles_are_those_of_the_paths() -> None:
    found = percentiles(np.arange(101.0))
    assert (found.p5, found.p25, found.p50, found.p75, found.p95) == (5.0, 25.0, 50.0, 75.0, 95.0)


def outcome(*values: list[float]) -> Outcome:
    """Only the values matter here."""
    value = np.array(values)
    return Outcome(value, *(np.zeros_like(value) for _ in range(11)))


def test_rules_are_compared_path_by_path() -> None:
    """Values that vary by hundreds differ by 1 or 3 on the same path: ± 12.706 x 1.4142 / 1.4142 of 2 paths is wide."""
    lines = study_lines(outcome([100.0, 500.0], [101.0, 503.0]), [never(), calendar(12)], 0)
    found = lines[1].difference_usd
    assert found.mean == pytest.approx(2.0)
    assert found.half_width == pytest.approx(12.706, abs=1e-3)
    assert lines[1].better == 1.0
    assert lines[0].difference_usd == Estimate(0.0, 0.0, 0.0)


def test_rounding_is_no_difference() -> None:
    lines = study_lines(outcome([1e7, 1e7], [1e7 + 1e-3, 1e7 - 2e-3]), [never(), calendar(12)], 0)
    assert lines[1].difference_usd == Estimate(0.0, 0.0, 0.0)
    assert lines[1].better == 0.0


def test_a_history_that_happened_once_has_values_alone() -> None:
    lines = happened_lines(outcome([100.0], [90.0]), [never(), calendar(12)], 1)
    assert [(line.rule.name, line.value_usd, line.difference_usd) for line in lines] == [
        ("Never", 100.0, 10.0),
        ("Annually", 90.0, 0.0),
    ]
