"""Paths of monthly returns: drawn from assumptions, or put together from blocks of a history.

Paths come in blocks of a fixed size, and every block has a generator of its own, spawned from the seed (PCG64). So a
path is the same whatever is drawn beside it, in whatever order, by however many processes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

MONTHS_A_YEAR = 12
# Paths that share a generator.
BLOCK_PATHS = 256
# Months of history that stay together, so that a bad year stays a bad year.
BLOCK_MONTHS = 12


class Returns(Protocol):
    """Something that paths can be drawn from."""

    def draw(self, chance: np.random.Generator, paths: int, months: int) -> FloatArray:
        """Growth factors (1 + return) by month, path and class."""


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Independent months whose logarithms are normal."""

    # of the logarithm of a month's growth, by class
    mean: FloatArray
    # `mean + root @ z` are a month's logarithms when z is standard normal
    root: FloatArray

    @classmethod
    def of_years(cls, expected: FloatArray, covariance: FloatArray) -> "Lognormal":
        """From mean and covariance of a year's returns: twelve months multiplied have exactly these.

        Raises ValueError for an expected loss of everything.
        """
        growth = 1.0 + expected
        if np.any(growth <= 0.0):
            raise ValueError("an expected return must be more than -100 %")
        logs = np.log1p(covariance / np.outer(growth, growth))
        variances, directions = np.linalg.eigh(logs)
        # the logarithm of a covariance with many decimals may fail to be one by a rounding
        root = directions * np.sqrt(np.maximum(variances, 0.0) / MONTHS_A_YEAR)
        return cls((np.log(growth) - 0.5 * np.diag(logs)) / MONTHS_A_YEAR, root)

    def draw(self, chance: np.random.Generator, paths: int, months: int) -> FloatArray:
        """Growth factors by month, path and class."""
        normal = chance.standard_normal((months, paths, len(self.mean)))
        grown: FloatArray = np.exp(self.mean + normal @ self.root.T)
        return grown


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Blocks of twelve months of a history, each begun in a month drawn at random; the history is a ring."""

    # growth factors by month and class
    history: FloatArray

    def draw(self, chance: np.random.Generator, paths: int, months: int) -> FloatArray:
        """Growth factors by month, path and class."""
        length = len(self.history)
        blocks = -(-months // BLOCK_MONTHS)
        starts = chance.integers(0, length, (blocks, 1, paths))
        picked = (starts + np.arange(BLOCK_MONTHS)[:, None]) % length
        grown: FloatArray = self.history[picked.reshape(blocks * BLOCK_MONTHS, paths)[:months]]
        return grown


def draw_blocks(returns: Returns, seed: int, paths: int, months: int) -> Iterator[FloatArray]:
    """The paths, a block at a time; the last one is cut where fewer are wanted."""
    blocks = -(-paths // BLOCK_PATHS)
    for number, child in enumerate(np.random.SeedSequence(seed).spawn(blocks)):
        drawn = returns.draw(np.random.Generator(np.random.PCG64(child)), BLOCK_PATHS, months)
        yield drawn[:, : paths - number * BLOCK_PATHS]
