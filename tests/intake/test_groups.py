"""Targets in groups, one in another: weights of the group, multiplied out by hand."""

import pytest

from rebal_xl.household import BandType
from tests.intake.story import codes, only, smiths, smiths_refused

FUNDS = """
    Symbol | Asset Class | Price
    VTI | US Large | 250
    VB | US Small | 270
    VXUS | International | 73
    BND | US Bonds | 75
"""
# Equity 60 %, of which US 70 % and International 30 %; of US 80 % large and 20 % small.
NESTED = """
    Asset Class | Target % | Group
    Equity | {} |
    US | {} | Equity
    US Large | {} | Equity > US
    US Small | {} | US
    International | {} | Equity
    US Bonds | {} |
"""
TARGETS = NESTED.format("60%", "70%", "80%", "20%", "30%", "40%")


def targets(text: str, **changes):
    return {each.asset_class: each for each in smiths(Securities=FUNDS, Targets=text, **changes)[1].targets}


def problems(text: str):
    return smiths_refused(Securities=FUNDS, Targets=text)


def test_weights_of_groups_are_multiplied_out():
    found = targets(TARGETS)
    # 60 % x 70 % x 80 %, 60 % x 70 % x 20 %, 60 % x 30 %
    assert {name: target.weight for name, target in found.items()} == {
        "US Large": pytest.approx(0.336),
        "US Small": pytest.approx(0.084),
        "International": pytest.approx(0.18),
        "US Bonds": pytest.approx(0.4),
    }
    assert [target.group for target in found.values()] == ["Equity > US", "Equity > US", "Equity", ""]
    household, _ = smiths(Securities=FUNDS, Targets=TARGETS)
    assert codes(household.notices) == []


@pytest.mark.parametrize("written", [(60, 70, 80, 20, 30, 40), (0.6, 0.7, 0.8, 0.2, 0.3, 0.4)])
def test_bare_numbers_are_read_group_by_group(written):
    assert targets(NESTED.format(*written))["US Small"].weight == pytest.approx(0.084)


def test_targets_that_sum_to_all_keep_their_groups_as_words_for_reports():
    # Bonds is a class and the word that reports use for two classes: nothing is multiplied.
    flat = "Asset Class | Target % | Group\nUS Large | 60% | Equity\nUS Bonds | 30% | US Bonds\nCash | 10% | US Bonds"
    found = targets(flat)
    assert [target.weight for target in found.values()] == [0.6, 0.3, 0.1]
    assert found["Cash"].group == "US Bonds"


def test_a_group_must_be_whole():
    problem = only(problems(TARGETS.replace("US Small | 20%", "US Small | 10%")), "group-total")
    assert problem.place == "Targets!B4"
    assert "in the group US sum to 90 %" in problem.message
    # and so must the household
    assert "targets-total" in codes(problems(TARGETS.replace("US Bonds | 40%", "US Bonds | 30%")))


def test_thirds_are_rounded_within_their_group():
    thirds = TARGETS.replace("US Large | 80%", "US Large | 66.67%").replace("US Small | 20%", "US Small | 33.34%")
    found = targets(thirds)
    assert sum(target.weight for target in found.values()) == pytest.approx(1.0, abs=1e-12)
    assert found["US Large"].weight == pytest.approx(0.42 * 66.67 / 100.01)


def test_a_group_that_contains_itself_is_named_with_its_path():
    circle = TARGETS.replace("Equity | 60% |", "Equity | 60% | US")
    problem = only(problems(circle), "group-cycle")
    assert problem.message == "The group Equity contains itself: Equity in US in Equity."
    assert problem.place == "Targets!C2"


def test_a_group_that_lies_elsewhere_or_has_no_row_is_refused():
    elsewhere = only(problems(TARGETS.replace("Equity > US", "Bonds > US")), "group-path")
    assert (elsewhere.place, "Equity > US" in elsewhere.message) == ("Targets!C4", True)
    missing = only(problems(TARGETS.replace("US Small | 20% | US", "US Small | 20% | Equity > Small")), "group-path")
    assert "no row of Targets is the group Small" in missing.message


def test_a_class_has_the_relative_band_of_its_nearest_group():
    banded = """
        Asset Class | Target % | Group | Trigger | Destination | Band Type
        Equity | 60% | | 20% | 10% |
        US | 70% | Equity | | | 5/25
        US Large | 80% | US | | |
        US Small | 20% | US | 50% | |
        International | 30% | Equity | | |
        US Bonds | 40% | | | |
    """
    found = targets(banded)
    # 20 % of the 18 % that International is of the household
    assert found["International"].trigger_width == pytest.approx(0.036)
    assert found["International"].destination_width == pytest.approx(0.018)
    # the lesser of 5 points and a quarter of 33.6 %; its own band is nearer for small companies: half of 8.4 %
    assert (found["US Large"].band_type, found["US Large"].trigger_width) == (BandType.FIVE_TWENTYFIVE, 0.05)
    assert found["US Small"].trigger_width == pytest.approx(0.042)
    assert found["US Bonds"].trigger is None


def test_what_a_group_cannot_have():
    head = "Asset Class | Target % | Group | Trigger | Band Type | Floor\n"
    rest = "US Large | 100% | Equity | | |\nUS Bonds | 40% | | | |"
    household, policy = smiths(Securities=FUNDS, Targets=head + "Equity | 60% | | 5% | Absolute |\n" + rest)
    assert only(household.notices, "group-band").place == "Targets!D2"
    assert policy.targets[0].trigger is None
    assert only(problems(head + "Equity | 60% | | | | 50%\n" + rest), "group-floor").place == "Targets!F2"
    # a floor of a class is of the household: 60 % is all it may be
    floors = head + "Equity | 60% | | | |\nUS Large | 100% | Equity | | | {}\nUS Bonds | 40% | | | |"
    assert targets(floors.format("60%"))["US Large"].floor == 0.6
    assert only(problems(floors.format("61%")), "floor-above-target").place == "Targets!F3"
