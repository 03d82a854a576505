"""What each method asks of the classes after trading. Thousands of dollars."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.second_model.arithmetic import Arithmetic, Value, total
from tests.second_model.facts import CASH, Facts

# Dollars charged for a dollar outside: of a class that was inside its range, of one that was not, of drift as a whole.
QUIET_BAND, BAND = 1_000.0, 500.0
# Dollars charged for a dollar off target, and for one beyond it as seen from the start; method Cash only.
DISTANCE, CROSSING, BYPRODUCT = 1.0, 5.0, 0.05
# Method Location: how far a weight may move.
ROOM = 0.0025
# A class worth less than half a cent is not held.
HALF_A_CENT = 5e-6


@dataclass(frozen=True)
class Range:
    """Where a class is to end, and what a dollar outside costs."""

    low: float
    high: float
    price: float


def class_costs(facts: Facts, sums: Arithmetic, after: Callable[[str], Value]) -> dict[str, Value]:
    """Cost of where classes end; `after` gives a class's worth after trading."""
    method = facts.policy.method
    outside: list[Value] = []
    distance: list[Value] = []
    for name, where in ranges(facts).items():
        outside.append(where.price * sums.over(after(name) - where.high, f"above {name}"))
        outside.append(where.price * sums.over(where.low - after(name), f"below {name}"))
    if method == "Cash only" or (method == "Full" and not facts.tracks):
        for name in sorted(facts.targets):
            goal, before = facts.targets[name].weight * facts.value, facts.held.get(name, 0.0)
            up, down = (CROSSING if before < goal else DISTANCE), (CROSSING if before > goal else DISTANCE)
            if method == "Cash only":
                up = down = BYPRODUCT
            distance.append(up * sums.over(after(name) - goal, f"over target {name}"))
            distance.append(down * sums.over(goal - after(name), f"under target {name}"))
    return {
        "bands": total(outside),
        "distance": total(distance),
        "drift": _drift(facts, sums, after) + _tracking(facts, sums, after),
    }


def ranges(facts: Facts) -> dict[str, Range]:
    """Class -> range, for the classes that have one."""
    method = facts.policy.method
    if method == "Location":
        return _as_they_were(facts)
    if method in ("Cash only", "None") or facts.tracks or (method != "Harvest" and facts.policy.most_drift is not None):
        return {}
    found = {}
    for name in sorted(facts.targets):
        trigger, destination = facts.widths(name)
        triggered = facts.triggered(name)
        low, high = facts.band(name, trigger)
        price = QUIET_BAND
        if method == "Harvest":
            low, high = min(low, facts.weight(name)), max(high, facts.weight(name))
        elif triggered:
            low, high = facts.band(name, destination)
            price = BAND
        found[name] = Range(low * facts.value, high * facts.value, price)
    return found


def _as_they_were(facts: Facts) -> dict[str, Range]:
    """Near the weight a class had, or had when what is owed is taken off all alike."""
    names = {name for name, worth in facts.held.items() if abs(worth) >= HALF_A_CENT} | set(facts.targets)
    weights = {name: facts.weight(name) for name in sorted(names)}
    # where withdrawals must be raised, cash is below nothing and the others sum to more
    whole = sum(max(0.0, weight) for weight in weights.values())
    found = {}
    for name, weight in weights.items():
        if name != CASH:
            both = (weight, weight / whole)
            low, high = max(0.0, min(both) - ROOM), max(both) + ROOM
            found[name] = Range(low * facts.value, high * facts.value, QUIET_BAND)
    # cash may be used up, and grows no more than others may
    most = (max(0.0, facts.weight(CASH)) + ROOM) * facts.value
    found[CASH] = Range(-facts.value, most, QUIET_BAND)
    return found


def _drift(facts: Facts, sums: Arithmetic, after: Callable[[str], Value]) -> Value:
    """Half of what all classes are off target, beyond the cap."""
    policy = facts.policy
    if policy.most_drift is None or policy.method not in ("Opportunistic", "Full"):
        return 0.0
    names = {name for security in facts.household.securities for name, _ in security.class_mix}
    off: list[Value] = []
    for name in sorted(names | set(facts.targets) | {CASH}):
        goal = facts.targets[name].weight * facts.value if name in facts.targets else 0.0
        off.append(sums.over(after(name) - goal, f"drift over {name}"))
        off.append(sums.over(goal - after(name), f"drift under {name}"))
    return BAND * sums.over(0.5 * total(off) - policy.most_drift * facts.value, "drift")


def _tracking(facts: Facts, sums: Arithmetic, after: Callable[[str], Value]) -> Value:
    """Tracking error in dollars beyond its limit; method Full prices all of it."""
    if not facts.tracks:
        return 0.0
    policy = facts.policy
    names = policy.covariance.classes
    off = {
        name: after(name) - (facts.targets[name].weight * facts.value if name in facts.targets else 0.0)
        for name in names
    }
    parts = [total(loading[name] * off[name] for name in names if loading[name]) for loading in facts.directions]
    length = sums.length(parts, "tracking")
    home = 0.5 * policy.tracking_trigger if policy.tracking_destination is None else policy.tracking_destination
    limit = min(home, policy.tracking_trigger) if facts.needed else policy.tracking_trigger
    beyond = BAND * sums.over(length - limit * facts.value, "tracking")
    return beyond + (DISTANCE * length if policy.method == "Full" else 0.0)
