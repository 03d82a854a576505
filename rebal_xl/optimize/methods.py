"""What each method asks of the classes: the range to end in, and what a dollar outside it or off target costs."""

from dataclasses import dataclass

from rebal_xl.household import CASH_CLASS, Drift, DriftLine, Method, Policy
from rebal_xl.optimize.prices import (
    BAND_PRICE,
    BYPRODUCT_PRICE,
    CROSSING_PRICE,
    DISTANCE_PRICE,
    QUIET_BAND_PRICE,
)

# Method Location keeps every class within a quarter of a percentage point of where it was, cash that or below.
MIX_ROOM = 0.0025


@dataclass(frozen=True, slots=True)
class ClassGoal:
    """Where one class should end."""

    asset_class: str
    target_weight: float
    # weights between which it must end, and the price of a dollar outside; None where there is no range
    low: float | None = None
    high: float | None = None
    price: float = 0.0
    # prices of a dollar over and under target; 0 where the distance does not matter
    over_price: float = 0.0
    under_price: float = 0.0


def class_goals(policy: Policy, before: Drift) -> tuple[ClassGoal, ...]:
    """The goal of every class that the policy's method asks something of, by name."""
    lines = sorted(before.lines, key=lambda line: line.asset_class)
    if policy.method is Method.LOCATION:
        total = sum(max(0.0, line.actual_weight) for line in lines)
        kept = [_as_it_was(line, total) for line in lines if line.asset_class != CASH_CLASS]
        return (*kept, _no_more_cash(policy, before))
    asked = (_goal(policy, line) for line in lines if line.trigger_low is not None)
    return tuple(goal for goal in asked if goal is not None)


def drift_is_capped(policy: Policy) -> bool:
    """Whether household drift as a whole has a limit, instead of the bands of its classes."""
    return policy.method in (Method.OPPORTUNISTIC, Method.FULL) and policy.most_drift is not None


def sells_without_target(policy: Policy) -> bool:
    """Whether securities whose class has no target are sold."""
    return policy.method in (Method.OPPORTUNISTIC, Method.FULL) and policy.sell_without_target


def only_typed(policy: Policy) -> bool:
    """Whether nothing but the advisor's own trades is done."""
    return policy.method is Method.NONE


def keeps_idle_cash(policy: Policy, before: Drift) -> bool:
    """Whether cash that was idle before may stay so: nothing calls for trades, or not for that one's sake."""
    if policy.method in (Method.HARVEST, Method.LOCATION):
        return True
    return policy.method is not Method.CASH_ONLY and not before.needed


def least_location_usd(policy: Policy) -> float | None:
    """Least worth of a better location that is a reason to trade, dollars over the horizon; None: it never is."""
    if policy.method is Method.LOCATION:
        return policy.location_usd or 0.0
    return policy.location_usd


def _goal(policy: Policy, line: DriftLine) -> ClassGoal | None:
    assert line.trigger_low is not None
    assert line.trigger_high is not None
    match policy.method:
        case Method.NONE:
            return None
        case Method.CASH_ONLY:
            return ClassGoal(
                line.asset_class, line.target_weight, over_price=BYPRODUCT_PRICE, under_price=BYPRODUCT_PRICE
            )
        case Method.HARVEST:
            low = min(line.trigger_low, line.actual_weight)
            high = max(line.trigger_high, line.actual_weight)
            return ClassGoal(line.asset_class, line.target_weight, low, high, QUIET_BAND_PRICE)
        case _:
            return _banded(policy, line)


def _banded(policy: Policy, line: DriftLine) -> ClassGoal | None:
    """Outside its trigger: home into its destination. Inside: it stays. Leaving is worse than not coming home."""
    over, under = (0.0, 0.0)
    if policy.method is Method.FULL:
        # the side the class does not come from is dearer
        over = CROSSING_PRICE if line.drift < 0 else DISTANCE_PRICE
        under = CROSSING_PRICE if line.drift > 0 else DISTANCE_PRICE
    if drift_is_capped(policy):
        return ClassGoal(line.asset_class, line.target_weight, over_price=over, under_price=under) if over else None
    low, high, price = line.trigger_low, line.trigger_high, QUIET_BAND_PRICE
    if line.triggered:
        low, high, price = line.destination_low, line.destination_high, BAND_PRICE
    return ClassGoal(line.asset_class, line.target_weight, low, high, price, over, under)


def _no_more_cash(policy: Policy, before: Drift) -> ClassGoal:
    """Cash is no better place for a class: it may be used up, not grow beyond the room."""
    held = sum(line.actual_weight for line in before.lines if line.asset_class == CASH_CLASS)
    target = policy.target_of(CASH_CLASS)
    wanted = 0.0 if target is None else target.weight
    return ClassGoal(CASH_CLASS, wanted, min(0.0, held) - 1.0, max(0.0, held) + MIX_ROOM, QUIET_BAND_PRICE)


def _as_it_was(line: DriftLine, total: float) -> ClassGoal:
    """Within the room of its weight. Where withdrawals must be raised, the others sum to more and shrink alike."""
    shrunk = line.actual_weight / total if total > 0 else 0.0
    low = max(0.0, min(line.actual_weight, shrunk) - MIX_ROOM)
    high = max(line.actual_weight, shrunk) + MIX_ROOM
    return ClassGoal(line.asset_class, line.target_weight, low, high, QUIET_BAND_PRICE)
