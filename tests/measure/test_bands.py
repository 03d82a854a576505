"""Bands: the published examples of when to act and how far to go, and both sides of an edge."""

import pytest

from rebal_xl.household import BandType, Target
from rebal_xl.measure import band_of, measure_drift
from tests.measure.homes import household_of, policy_of

HALF_MILLION = 500_000.0


def stock_line(target: Target, weight: float, total: float = HALF_MILLION):
    """The drift line of Stock at a weight, beside a class without target that takes the rest."""
    home = household_of({"Stock": weight * total, "Other": (1 - weight) * total})
    return measure_drift(home, policy_of(target)).line("Stock")


def test_twenty_percent_of_a_sixty_percent_target_is_twelve_points():
    band = band_of(Target("Stock", 0.60, trigger=0.20))
    # 20 % of 60 % = 12 points: 48 % to 72 %; the destination is half of it: 54 % to 66 %
    assert (band.trigger_low, band.trigger_high) == pytest.approx((0.48, 0.72))
    assert (band.destination_low, band.destination_high) == pytest.approx((0.54, 0.66))


def test_seventy_two_percent_is_still_inside_and_a_tenth_more_is_not():
    target = Target("Stock", 0.60, trigger=0.20)
    assert not stock_line(target, 0.720).triggered
    assert stock_line(target, 0.721).triggered
    assert stock_line(target, 0.66).in_destination
    assert not stock_line(target, 0.6601).in_destination


def test_bonds_leave_their_band_before_stocks_do_in_a_sixty_forty_household():
    # bonds: 40 % less 20 % of it = 32 %; stocks: up to 72 %. At 72/28 only bonds are out, and must come back to 36 %.
    policy = policy_of(Target("Stock", 0.60, trigger=0.20), Target("Bond", 0.40, trigger=0.20))
    drift = measure_drift(household_of({"Stock": 72_000, "Bond": 28_000}), policy)
    assert [line.asset_class for line in drift.lines if line.triggered] == ["Bond"]
    assert drift.line("Bond").destination_low == pytest.approx(0.36)
    assert measure_drift(household_of({"Stock": 64_000, "Bond": 36_000}), policy).line("Bond").in_destination


def test_absolute_two_hundred_and_one_hundred_seventy_five_basis_points():
    target = Target("Stock", 0.60, BandType.ABSOLUTE, trigger=0.02, destination=0.0175)
    assert band_of(target).destination_high == pytest.approx(0.6175)
    assert stock_line(target, 0.621).triggered
    assert not stock_line(target, 0.619).triggered


def test_relative_twenty_and_four_percent_of_a_ten_percent_target():
    target = Target("Stock", 0.10, trigger=0.20, destination=0.04)
    band = band_of(target)
    assert (band.destination_low, band.destination_high) == pytest.approx((0.096, 0.104))
    assert stock_line(target, 0.121).triggered
    assert not stock_line(target, 0.119).triggered


@pytest.mark.parametrize(
    ("us", "intl", "bond", "outside"),
    [
        # widths: US min(5, 13.5) = 5, Intl min(5, 9) = 5, Bond min(5, 2.5) = 2.5 points
        (56, 30, 14, ["Intl", "Bond"]),
        (54, 35, 11, []),
    ],
)
def test_five_twenty_five(us, intl, bond, outside):
    rule = BandType.FIVE_TWENTYFIVE
    policy = policy_of(Target("US", 0.54, rule), Target("Intl", 0.36, rule), Target("Bond", 0.10, rule))
    drift = measure_drift(household_of({"US": us * 1e4, "Intl": intl * 1e4, "Bond": bond * 1e4}), policy)
    assert [line.asset_class for line in drift.lines if line.triggered] == outside
    assert drift.needed is bool(outside)


def test_the_default_band_is_at_least_half_a_point():
    # 20 % of a 1 % target is 0.2 points, less than half a point
    band = band_of(Target("Gold", 0.01))
    assert (band.trigger_low, band.trigger_high) == pytest.approx((0.005, 0.015))


@pytest.mark.parametrize("edge", [0.12, 0.08])
def test_on_the_edge_is_inside_and_a_cent_beyond_is_not(edge):
    target = Target("Stock", 0.10, BandType.ABSOLUTE, trigger=0.02)
    policy = policy_of(target)
    total, outwards = 50_000.0, 1 if edge > 0.10 else -1

    def triggered(cents: int) -> bool:
        stock = edge * total + cents / 100
        return measure_drift(household_of({"Stock": stock, "Other": total - stock}), policy).needed

    assert not triggered(0)
    assert not triggered(-outwards)
    assert triggered(outwards)


def test_bands_stay_between_nothing_and_everything():
    wide = band_of(Target("Stock", 0.02, BandType.ABSOLUTE, trigger=0.05, destination=0.03))
    assert (wide.trigger_low, wide.destination_low) == (0.0, 0.0)
    narrow = band_of(Target("Stock", 0.98, BandType.ABSOLUTE, trigger=0.05, destination=0.03))
    assert (narrow.trigger_high, narrow.destination_high) == (1.0, 1.0)


def test_a_floor_lifts_the_low_edges():
    band = band_of(Target("Bond", 0.40, trigger=0.20, floor=0.35))
    # without it 32 % and 36 %: the floor moves the trigger only
    assert (band.trigger_low, band.destination_low) == pytest.approx((0.35, 0.36))
    assert stock_line(Target("Stock", 0.40, trigger=0.20, floor=0.35), 0.34).triggered
    assert not stock_line(Target("Stock", 0.40, trigger=0.20, floor=0.35), 0.35).triggered
    assert not stock_line(Target("Stock", 0.40, trigger=0.20), 0.34).triggered
