"""A firm's book at a glance: what a scan of a folder says about each household, those that need attention first."""

from dataclasses import dataclass
from datetime import date

from rebal_xl.household.problems import Problem

# Less than this is rounding, not dollars that somebody misses.
CENT_USD = 0.01


@dataclass(frozen=True, slots=True)
class Scanned:
    """One household file: its figures, or why it has none (then every figure is None and `problems` says why)."""

    # the file's name in its folder
    file: str
    # the household's name, the file's own where it cannot be read
    name: str
    # errors that keep the file from being read; empty when it was
    problems: tuple[Problem, ...] = ()
    # findings that somebody should look at, where it was read
    notices: int = 0
    # day of prices and rules
    as_of: date | None = None
    # value of the accounts that count, after contributions and withdrawals, dollars
    value_usd: float | None = None
    # half the sum of absolute drifts, 0..1
    drift: float | None = None
    # some class is outside its trigger band, or the tracking error beyond its trigger
    needed: bool = False
    # classes outside their trigger band
    outside: tuple[str, ...] = ()
    # losses that meet the workbook's thresholds, dollars, and the part that an earlier purchase would wash today
    losses_usd: float | None = None
    waiting_usd: float | None = None
    # the workbook's settings ask for harvesting
    harvests: bool = False
    # cash beyond reserves, withdrawals and cash's own target, and cash that these need and do not find, dollars
    idle_usd: float | None = None
    short_usd: float | None = None

    @property
    def readable(self) -> bool:
        """Whether it has figures."""
        return not self.problems

    @property
    def to_do(self) -> tuple[str, ...]:
        """What it calls for, the most urgent first; empty when nothing does."""
        if not self.readable:
            return ("mend the workbook",)
        harvest = self.harvests and (self.losses_usd or 0.0) - (self.waiting_usd or 0.0) >= CENT_USD
        called = (
            (self.needed, "rebalance"),
            ((self.short_usd or 0.0) >= CENT_USD, "raise cash"),
            (harvest, "harvest"),
        )
        return tuple(words for wanted, words in called if wanted)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of the folder that is no household, and why."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan found. Canonically sorted on construction: those that need attention first, then by name."""

    folder: str
    households: tuple[Scanned, ...]
    # household files that there were to scan; more than `households` when the scan was stopped
    files: int
    skipped: tuple[Skipped, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "households", tuple(sorted(self.households, key=_urgency)))

    @property
    def complete(self) -> bool:
        """Whether every file was scanned."""
        return len(self.households) == self.files

    @property
    def calling(self) -> tuple[Scanned, ...]:
        """Households that could be read and call for something."""
        return tuple(one for one in self.households if one.readable and one.to_do)

    @property
    def unreadable(self) -> tuple[Scanned, ...]:
        """Files that could not be read."""
        return tuple(one for one in self.households if not one.readable)


def _urgency(one: Scanned) -> tuple[int, float, float, str, str]:
    """Trades or cash called for, then losses, then files to mend, then the rest; the farthest from target first."""
    to_do = one.to_do
    rank = 3 if not to_do else 2 if not one.readable else 1 if to_do == ("harvest",) else 0
    return (rank, -(one.drift or 0.0), -(one.losses_usd or 0.0), one.name.casefold(), one.file)
