"""Targets and bands: how much of each class is wanted, when to act and how far to go.

Bands are two half-widths around the target: the trigger (drift beyond it calls for trades) and the
destination (trades stop once inside it). Both are kept as written and turned into weights on request.
"""

from dataclasses import dataclass

from rebal_xl.household.words import BandType

# Our default: 20 % of target, at least half a percentage point; stop half-way.
DEFAULT_RELATIVE_TRIGGER = 0.20
DEFAULT_LEAST_TRIGGER = 0.005
DEFAULT_DESTINATION_SHARE = 0.5
# The "5/25" rule (Larry Swedroe): 5 percentage points or 25 % of target, whichever is less.
FIVE_POINTS = 0.05
TWENTY_FIVE_PERCENT = 0.25


@dataclass(frozen=True, slots=True)
class Target:
    """The wanted weight of one asset class, and its band."""

    asset_class: str
    # 0..1 of the household
    weight: float
    band_type: BandType = BandType.RELATIVE
    # as written: share of target when Relative (0.20 = 20 % of target), weight points when Absolute; None = default
    trigger: float | None = None
    destination: float | None = None
    # least weight the class may fall to (0..1); None for no floor
    floor: float | None = None
    # name of the sleeve the class belongs to ("Equity"), for reports
    group: str = ""

    @property
    def trigger_width(self) -> float:
        """Half-width of the trigger band, in weight (0..1)."""
        if self.band_type is BandType.FIVE_TWENTYFIVE:
            return min(FIVE_POINTS, TWENTY_FIVE_PERCENT * self.weight)
        if self.trigger is None:
            return max(DEFAULT_RELATIVE_TRIGGER * self.weight, DEFAULT_LEAST_TRIGGER)
        return self.trigger * self.weight if self.band_type is BandType.RELATIVE else self.trigger

    @property
    def destination_width(self) -> float:
        """Half-width of the destination band, in weight (0..1), never wider than the trigger."""
        if self.destination is None or self.band_type is BandType.FIVE_TWENTYFIVE:
            return DEFAULT_DESTINATION_SHARE * self.trigger_width
        written = self.destination * self.weight if self.band_type is BandType.RELATIVE else self.destination
        return min(written, self.trigger_width)
