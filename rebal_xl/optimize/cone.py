"""The cone that a tracking error is in the program: how long F d is, what that costs, and where rows touch it.

Rows can only touch a cone. Its length r is split into parts z with sum z <= r and y^2 <= z r for each entry y of F d;
the tangent of slope a to each of these is z >= 2 a y - a^2 r. Tangents at the slopes y / r of an answer that undercuts
the cone make its length what it is, and never cut off a plan: what the rows prove stays a bound.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int64]


@dataclass(slots=True)
class Cone:
    """Columns of the tracking error, its prices, and the slopes found so far. Money in thousands of dollars."""

    # entries y of F d, and their parts z of the length
    entries: Columns
    parts: Columns
    # length r, and what of it is beyond the limit
    length: int
    beyond: int
    limit: float
    # price of a dollar of length, and of a dollar beyond the limit
    price: float
    beyond_price: float
    # over the entries, one vector for each answer that undercut the cone; shared by the programs of one run
    slopes: list[Vector] = field(default_factory=list)

    def missed(self, values: Vector) -> float:
        """What an answer pays too little for its tracking error, thousand dollars."""
        true = float(np.linalg.norm(values[self.entries]))
        length = max(0.0, true - float(values[self.length]))
        beyond = max(0.0, true - self.limit - float(values[self.beyond]))
        return self.price * length + self.beyond_price * beyond

    def touch(self, values: Vector) -> None:
        """Note the slopes of an answer that undercuts the cone."""
        found = values[self.entries]
        self.slopes.append(found / np.linalg.norm(found))
