"""60, 60 % and 0.6: which reading a percent column has, decided for the column as a whole.

A cell with a percent sign is certain. Bare numbers are percent points (60 means 60 %) or shares (0.6 means 60 %):
the reading under which the column, or more groups in it, sum to 100 % where they must; else points when any number is
beyond 1, or when shares would be beyond what such a column ever holds; else shares. Whatever is decided is shown in a
notice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

# Custodians and advisors round weights to two decimals; a column of them still sums to 100 % within this.
TOTAL_TOLERANCE = 0.005
# Beyond these a share is not believable (a fund that yields 80 % a year), so that the number is in points.
GREATEST_BELIEVABLE = {
    "Yield": 0.25,
    "Growth": 0.25,
    "Redemption Fee %": 0.05,
    "State Short Rate": 0.20,
    "State Long Rate": 0.20,
    "Expected Return": 0.30,
    "Discount Rate": 0.25,
    "Minimum Trade %": 0.25,
    "Harvest %": 0.75,
    "Most Drift": 0.25,
    "Tracking Trigger": 0.15,
    "Tracking Destination": 0.15,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of a percent column."""

    # what its total belongs to: the fund of a class mix, the model; "" for the whole column
    group: str
    number: float
    # written without a percent sign
    bare: bool


def are_points(column: str, entries: Sequence[Entry], sums_to_one: bool) -> bool:
    """True when the bare numbers of a column are percent points, False when they are shares of one."""
    bare = [abs(entry.number) for entry in entries if entry.bare]
    # Targets sum to one as a whole, or group by group.
    whole = [replace(entry, group="") for entry in entries] if column == "Target %" else []
    for sums in (whole, entries) if sums_to_one else ():
        points, shares = _whole_groups(sums, 0.01), _whole_groups(sums, 1.0)
        if points != shares:
            return points > shares
    return any(number > 1.0 for number in bare) or any(number > GREATEST_BELIEVABLE.get(column, 1.0) for number in bare)


def _whole_groups(entries: Iterable[Entry], unit: float) -> int:
    """How many groups sum to one when a bare number counts as that many shares of one."""
    totals: dict[str, float] = {}
    for entry in entries:
        totals[entry.group] = totals.get(entry.group, 0.0) + entry.number * (unit if entry.bare else 1.0)
    return sum(abs(total - 1.0) <= TOTAL_TOLERANCE for total in totals.values())
