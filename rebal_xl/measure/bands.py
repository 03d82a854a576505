"""Bands as weights: the edges between which a class may lie, and those at which trading stops.

A target writes its half-widths; here they become edges between 0 and 1, and a floor lifts the low ones.
"""

from dataclasses import dataclass

from rebal_xl.household import Target


@dataclass(frozen=True, slots=True)
class Band:
    """Edges of one class as weights of household value (0..1)."""

    trigger_low: float
    trigger_high: float
    destination_low: float
    destination_high: float


def band_of(target: Target) -> Band:
    """The band of a target, cut at 0 and 1 and lifted to its floor.

    A floor above an edge wins over it: a class with target 10 %, band 8-12 % and floor 9 % may not fall below 9 %.
    """
    least = max(0.0, target.floor or 0.0)
    trigger_low = max(least, target.weight - target.trigger_width)
    destination_low = max(least, target.weight - target.destination_width)
    return Band(
        trigger_low=trigger_low,
        trigger_high=max(trigger_low, min(1.0, target.weight + target.trigger_width)),
        destination_low=destination_low,
        destination_high=max(destination_low, min(1.0, target.weight + target.destination_width)),
    )
