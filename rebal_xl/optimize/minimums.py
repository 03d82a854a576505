"""Orders that the minimum trade forbids: where it is in the way, and which setting to lower how far.

The minimum is the greater of Minimum Trade $ and Minimum Trade % of the account's value, so it differs by account, and
lowering the one that does not govern changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from rebal_xl.household import Policy

# Dollars within which two amounts are the same: rounding.
ROUNDING_USD = 0.01
# A percentage is advised to the hundredth of a percent.
PERCENT_STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Room:
    """How much more of a security could be sold, or bought, in an account."""

    account: str
    # value of the account, dollars
    account_usd: float
    # most dollars that could still be ordered
    most_usd: float
    # least dollars that make an order; 0 where the plan has one that could be larger
    least_usd: float
    # the account's minimum trade, dollars
    minimum_usd: float
    # part of what is ordered that is of the class in question
    share: float = 1.0

    @property
    def useful_usd(self) -> float:
        """Most dollars of the class in question that could still be ordered."""
        return self.most_usd * self.share


@dataclass(frozen=True, slots=True)
class TooSmall:
    """What the minimum trade is in the way of."""

    # dollars that could be ordered under the lower minimum
    usd: float
    # dollars that cannot be ordered under the present one
    missing_usd: float
    words: str
    advice: str

    @property
    def all_of_it(self) -> bool:
        """Whether nothing is missing under the lower minimum."""
        return self.usd >= self.missing_usd - ROUNDING_USD


def too_small(policy: Policy, rooms: Iterable[Room], off_usd: float, *, more_is_fine: bool) -> TooSmall | None:
    """The minimum trade, where it keeps `off_usd` dollars from being ordered; None where it does not.

    `more_is_fine`: an order may be larger than what is missing, as for cash that must be raised.
    """
    usable = [room for room in rooms if room.useful_usd > ROUNDING_USD]
    blocked, rest = [], off_usd
    for room in usable:
        most = room.most_usd if more_is_fine else min(off_usd / room.share, room.most_usd)
        if room.least_usd <= most + ROUNDING_USD:
            rest -= room.useful_usd
        else:
            blocked.append(room)
    if rest <= ROUNDING_USD:
        return None
    blocked.sort(key=lambda room: (-min(rest, room.useful_usd), room.minimum_usd, room.account))
    parts: list[tuple[Room, float]] = []
    missing = rest
    for room in blocked:
        if missing > ROUNDING_USD:
            parts.append((room, min(missing / room.share, room.most_usd)))
            missing -= parts[-1][1] * room.share
    advice = _advice(policy, parts)
    if not advice:
        return None
    least = min(room.minimum_usd for room, _ in parts)
    usd = sum(part * room.share for room, part in parts)
    return TooSmall(usd, rest, f"the minimum trade of ${least:,.0f}", advice)


def _advice(policy: Policy, parts: Sequence[tuple[Room, float]]) -> str:
    """The settings that must be lowered for orders of so many dollars, and to what; "" for none, or for nothing."""
    settings = []
    usd = min((round(part, 2) for _, part in parts), default=policy.min_trade_usd)
    if policy.min_trade_usd > usd:
        if usd < 1.0:
            # less than a dollar: nobody would order that
            return ""
        settings.append(f"Minimum Trade $ to ${floor(usd):,}")
    weight = min((round(part, 2) / room.account_usd for room, part in parts if room.account_usd > 0), default=1.0)
    if policy.min_trade_weight > weight:
        # the division's own rounding must not cost a step
        lower = floor(round(weight / PERCENT_STEP, 6)) * PERCENT_STEP
        if lower <= 0.0:
            return ""
        settings.append(f"Minimum Trade % to {lower:.2%}")
    return f"lower {' and '.join(settings)}" if settings else ""
