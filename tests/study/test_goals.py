"""What a look at the bands wants to hold, by the public examples, and never across a target."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.household import BandType, Target
from rebal_xl.study.goals import Bands
from tests.study.homes import sixty_forty

UNBANDED_BONDS = [Target("Stocks", 0.6), Target("Bonds", 0.4, BandType.ABSOLUTE, 1.0, 1.0)]


def goal(targets, *weights):
    return Bands.of(targets).goals(np.array([weights]))[0]


def outside(targets, *weights):
    return bool(Bands.of(targets).outside(np.array([weights])).any())


def test_sixty_percent_stocks_trade_beyond_seventy_two_and_stop_at_sixty_six() -> None:
    assert not outside(UNBANDED_BONDS, 0.72, 0.28)
    assert outside(UNBANDED_BONDS, 0.721, 0.279)
    assert goal(UNBANDED_BONDS, 0.721, 0.279) == pytest.approx([0.66, 0.34])


def test_where_bonds_are_banded_too_they_speak_first() -> None:
    """Bonds at 28 % are outside their 32 % and end at 36 %: 64/36."""
    assert goal(sixty_forty(), 0.72, 0.28) == pytest.approx([0.64, 0.36])


def test_absolute_and_relative_bands_of_the_advisors_words() -> None:
    points = [Target("Stocks", 0.6, BandType.ABSOLUTE, 0.02, 0.0175), UNBANDED_BONDS[1]]
    assert not outside(points, 0.619, 0.381)
    assert goal(points, 0.621, 0.379)[0] == pytest.approx(0.6175)
    tenth = [Target("Gold", 0.1, BandType.RELATIVE, 0.20, 0.04), Target("Rest", 0.9, BandType.ABSOLUTE, 1.0, 1.0)]
    assert not outside(tenth, 0.119, 0.881)
    assert goal(tenth, 0.121, 0.879)[0] == pytest.approx(0.104)


def test_a_class_inside_its_band_is_left_where_it_is_unless_its_dollars_are_needed() -> None:
    """Stocks at 62 % of 50 end at 55: the 7 points go to those below target, 3 and 9 points short, as 1 to 3."""
    three = [Target("Stocks", 0.5), Target("Bonds", 0.3), Target("Cash", 0.2, BandType.ABSOLUTE, 0.12, 0.12)]
    assert goal(three, 0.62, 0.27, 0.11) == pytest.approx([0.55, 0.27 + 7 / 400, 0.11 + 21 / 400])


@given(st.lists(st.floats(0.001, 1.0), min_size=5, max_size=5), st.lists(st.floats(0.02, 1.0), min_size=5, max_size=5))
def test_goals_sum_to_one_stay_in_band_and_cross_no_target(held, wanted) -> None:
    target = np.array(wanted) / sum(wanted)
    bands = Bands.of([Target(str(number), float(weight)) for number, weight in enumerate(target)])
    weights = np.array([held]) / sum(held)
    found = bands.goals(weights)
    assert found.sum() == pytest.approx(1.0)
    assert not bands.outside(found).any()
    was_out = bands.outside(weights)
    inside = (bands.destination_low - 1e-9 <= found) & (found <= bands.destination_high + 1e-9)
    assert inside[was_out].all()
    # each class ends between where it was and its target
    assert np.all((found - weights) * (bands.target - weights) >= -1e-9)
    assert np.all(np.abs(found - weights) <= np.abs(bands.target - weights) + 1e-9)
