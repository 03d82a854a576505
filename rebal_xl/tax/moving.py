"""Income that moves with gains: taxable social security, and deductions that shrink as income grows.

Both are piecewise linear in the net gain, so they are told by their kinks: between two kinks a straight line.
"""

from dataclasses import dataclass
from itertools import pairwise

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax.law import Law
from rebal_xl.tax.liability import Income, agi_with, income_with

# Dollars by which a straight line may miss.
STRAIGHT_USD = 1e-6
# Halvings that find an income to far below a cent.
HALVINGS = 80
# Kinks closer than this are one, dollars.
APART_USD = 1e-4


@dataclass(frozen=True, slots=True)
class Kink:
    """What income has moved by at one net gain, dollars."""

    # net gain (or allowed loss, negative) that enters income
    gain_usd: float
    # taxable income and adjusted gross income beyond the gain itself, less the same at the first kink
    taxable_usd: float
    agi_usd: float


def kinks(profile: TaxProfile, lowest_usd: float, law: Law) -> tuple[Kink, ...]:
    """Every kink from the lowest net gain in income upwards; beyond the last one nothing moves any more."""
    first = income_with(profile, lowest_usd, law)
    places = sorted({lowest_usd, *(gain for gain in _places(profile, lowest_usd, law) if gain > lowest_usd)})
    found = [places[0]]
    for place in places[1:]:
        if place - found[-1] > APART_USD:
            found += [*_switches(profile, found[-1], place, law), place]
    points = [_kink(income_with(profile, gain, law), first, gain, lowest_usd) for gain in found]
    return _bends(points)


def _kink(income: Income, first: Income, gain: float, lowest: float) -> Kink:
    beyond = gain - lowest
    return Kink(gain, income.taxable_usd - first.taxable_usd - beyond, income.agi_usd - first.agi_usd - beyond)


def _places(profile: TaxProfile, lowest: float, law: Law) -> list[float]:
    """Gains at which some rule may bend."""
    figures = law.of(profile.status)
    other = profile.ordinary_income_usd + profile.qualified_dividends_usd
    half, most = law.social_security_rates
    benefits = profile.social_security_usd
    found = []
    if benefits > 0 and profile.status is not FilingStatus.TRUST:
        low, high = figures.social_security_bases_usd
        first_tier = min(half * benefits, half * (high - low))
        provisional = (low, high, low + benefits, high + (most * benefits - first_tier) / most)
        found += [at - other - profile.tax_exempt_interest_usd - half * benefits for at in provisional]
    agis = [figures.salt_phaseout_start_usd]
    if law.salt_phaseout_rate > 0:
        for left in (figures.salt_floor_usd, profile.state_local_tax_usd):
            agis.append(figures.salt_phaseout_start_usd + (figures.salt_cap_usd - left) / law.salt_phaseout_rate)
    if law.senior_phaseout_rate > 0:
        start = figures.senior_phaseout_start_usd
        agis += [start, start + figures.senior_deduction_usd / law.senior_phaseout_rate]
    if profile.itemized_deductions_usd is not None:
        allowed = profile.itemized_deductions_usd + figures.salt_floor_usd
        agis += [figures.start_of_37_usd, figures.start_of_37_usd + allowed]
        allowed = profile.itemized_deductions_usd + min(profile.state_local_tax_usd, figures.salt_floor_usd)
        agis.append(figures.start_of_37_usd + allowed)
    found += [_gain_at(profile, agi, lowest, law) for agi in agis if agi < float("inf")]
    return found


def _gain_at(profile: TaxProfile, agi_usd: float, lowest: float, law: Law) -> float:
    """The gain at which adjusted gross income is so much; it grows at least as fast as the gain."""
    start = agi_with(profile, lowest, law)
    if start >= agi_usd:
        return lowest
    low, high = lowest, lowest + agi_usd - start
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            # no number lies between the two: further halvings change nothing
            break
        low, high = (middle, high) if agi_with(profile, middle, law) < agi_usd else (low, middle)
    return high


def _switches(profile: TaxProfile, low: float, high: float, law: Law) -> list[float]:
    """Where the larger deduction changes between two places: taxable income then bends once, where two lines meet."""

    def taxable(gain: float) -> float:
        return income_with(profile, gain, law).taxable_usd

    width = high - low
    at_low, at_high = taxable(low), taxable(high)
    middle = taxable(low + 0.5 * width)
    if abs(middle - 0.5 * (at_low + at_high)) <= STRAIGHT_USD:
        return []
    near = width * 1e-4
    slope_low = (taxable(low + near) - at_low) / near
    slope_high = (at_high - taxable(high - near)) / near
    if abs(slope_low - slope_high) < 1e-9:
        return []
    meeting = (at_high - at_low - slope_high * width) / (slope_low - slope_high)
    return [low + meeting] if 0.0 < meeting < width else []


def _bends(points: list[Kink]) -> tuple[Kink, ...]:
    """Only the points at which a line really bends, and the first."""
    kept = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        share = (here.gain_usd - before.gain_usd) / (after.gain_usd - before.gain_usd)
        taxable = before.taxable_usd + share * (after.taxable_usd - before.taxable_usd)
        agi = before.agi_usd + share * (after.agi_usd - before.agi_usd)
        if abs(here.taxable_usd - taxable) > STRAIGHT_USD or abs(here.agi_usd - agi) > STRAIGHT_USD:
            kept.append(here)
    return (*kept, *points[-1:]) if len(points) > 1 and points[-1] != kept[-1] else tuple(kept)


def moved(points: tuple[Kink, ...], gain_usd: float) -> tuple[float, float]:
    """Taxable and adjusted gross income moved at a gain: straight lines between kinks, nothing beyond the last."""
    if gain_usd <= points[0].gain_usd:
        return points[0].taxable_usd, points[0].agi_usd
    for low, high in pairwise(points):
        if gain_usd <= high.gain_usd:
            share = (gain_usd - low.gain_usd) / (high.gain_usd - low.gain_usd)
            taxable = low.taxable_usd + share * (high.taxable_usd - low.taxable_usd)
            return taxable, low.agi_usd + share * (high.agi_usd - low.agi_usd)
    return points[-1].taxable_usd, points[-1].agi_usd
