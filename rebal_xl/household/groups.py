"""Groups of classes, one in another: what each holds and should hold, added up from its classes."""

from collections.abc import Sequence
from dataclasses import dataclass

from rebal_xl.household.plan import DriftLine

# Between the parts of a group's path, as in Equity > US.
INSIDE = " > "


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group of classes: dollars, and weights 0..1 of the household's counted value."""

    # outermost first
    path: tuple[str, ...]
    classes: tuple[str, ...]
    actual_usd: float
    actual_weight: float
    target_weight: float

    @property
    def name(self) -> str:
        """The path as the column Group writes it."""
        return INSIDE.join(self.path)

    @property
    def drift(self) -> float:
        """Actual minus target weight."""
        return self.actual_weight - self.target_weight


def group_path(text: str) -> tuple[str, ...]:
    """The parts of a group: Equity > US is the group US in the group Equity."""
    return tuple(part.strip() for part in text.split(INSIDE.strip()) if part.strip())


def group_views(lines: Sequence[DriftLine]) -> tuple[GroupView, ...]:
    """Every group of some lines, in the order in which the lines name them, what lies in a group right after it."""
    members: dict[tuple[str, ...], list[DriftLine]] = {}
    for line in lines:
        path = group_path(line.group)
        for depth in range(1, len(path) + 1):
            members.setdefault(path[:depth], []).append(line)
    first = {path: number for number, path in enumerate(members)}
    order = sorted(members, key=lambda path: [first[path[:depth]] for depth in range(1, len(path) + 1)])
    return tuple(
        GroupView(
            path,
            tuple(line.asset_class for line in members[path]),
            sum(line.actual_usd for line in members[path]),
            sum(line.actual_weight for line in members[path]),
            sum(line.target_weight for line in members[path]),
        )
        for path in order
    )
