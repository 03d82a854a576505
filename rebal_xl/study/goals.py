"""What a look wants to hold: the target itself, or as little change as bands call for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rebal_xl.household import Target
from rebal_xl.household.plan import WEIGHT_TOLERANCE
from rebal_xl.measure import band_of
from rebal_xl.study.paths import FloatArray


@dataclass(frozen=True, slots=True)
class Bands:
    """Targets and the edges of their bands as weights (0..1), by class."""

    target: FloatArray
    trigger_low: FloatArray
    trigger_high: FloatArray
    destination_low: FloatArray
    destination_high: FloatArray

    @classmethod
    def of(cls, targets: Sequence[Target]) -> "Bands":
        """The bands of these targets, in their order."""
        found = [band_of(target) for target in targets]
        return cls(
            target=np.array([target.weight for target in targets]),
            trigger_low=np.array([band.trigger_low for band in found]),
            trigger_high=np.array([band.trigger_high for band in found]),
            destination_low=np.array([band.destination_low for band in found]),
            destination_high=np.array([band.destination_high for band in found]),
        )

    def outside(self, weights: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Which classes of which rows lie outside their trigger bands."""
        low, high = self.trigger_low - WEIGHT_TOLERANCE, self.trigger_high + WEIGHT_TOLERANCE
        found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (weights < low) | (weights > high)
        return found

    def goals(self, weights: FloatArray) -> FloatArray:
        """Weights to hold: classes outside their trigger end at the near edge of their destination.

        What that takes or leaves comes from classes on the other side of their targets, in proportion to how far they
        are from them; so no class crosses its target, and none leaves its band.
        """
        goal = np.where(self.outside(weights), np.clip(weights, self.destination_low, self.destination_high), weights)
        rest = 1.0 - goal.sum(axis=1, keepdims=True)
        below, above = np.maximum(self.target - goal, 0.0), np.maximum(goal - self.target, 0.0)
        room = np.where(rest > 0.0, below, above)
        total = room.sum(axis=1, keepdims=True)
        found: FloatArray = goal + rest * np.divide(room, total, out=np.zeros_like(room), where=total > 0.0)
        return found
