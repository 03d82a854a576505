"""Where a piecewise linear function bends, found from its values alone."""

from collections.abc import Callable, Sequence

Function = Callable[[float], float]

# Money is in thousands of dollars: a tenth of a cent either side measures a slope.
STEP = 1e-3
SAME_SLOPE = 1e-6
SAME_VALUE = 1e-9
# Bends nearer together than this are one.
NARROW = 1e-2
# Interior points, as parts of an interval, at which a line is checked.
CHECKS = (0.137, 0.293, 0.5, 0.611, 0.871)


def bends(function: Function, low: float, high: float) -> list[float]:
    """Points strictly between `low` and `high` at which a continuous piecewise linear function changes its slope."""
    if high - low <= NARROW:
        return []
    step = min(STEP, 0.01 * (high - low))
    start, end = function(low), function(high)
    left = (function(low + step) - start) / step
    right = (end - function(high - step)) / step
    slope = (end - start) / (high - low)
    straight = abs(left - slope) < SAME_SLOPE and abs(right - slope) < SAME_SLOPE
    if straight and all(_on_line(function, low, high, start, end, part) for part in CHECKS):
        return []
    middle = 0.5 * (low + high)
    if abs(left - right) > SAME_SLOPE:
        meet = (end - right * high - start + left * low) / (left - right)
        if low < meet < high:
            if abs(function(meet) - (start + left * (meet - low))) < SAME_VALUE * (1 + abs(start)):
                beside = [*bends(function, low, meet), meet, *bends(function, meet, high)]
                return beside
            middle = min(max(meet, low + 0.01 * (high - low)), high - 0.01 * (high - low))
    return [*bends(function, low, middle), *_if_bent(function, middle, step), *bends(function, middle, high)]


def all_bends(functions: Sequence[Function], low: float, high: float) -> list[float]:
    """Bends of any of the functions, ascending, the ends included."""
    found = sorted(point for function in functions for point in bends(function, low, high))
    kept = [low]
    for point in found:
        if point - kept[-1] > STEP and high - point > STEP:
            kept.append(point)
    return [*kept, high]


def _on_line(function: Function, low: float, high: float, start: float, end: float, part: float) -> bool:
    on_line = start + part * (end - start)
    return abs(function(low + part * (high - low)) - on_line) < SAME_VALUE * (1 + abs(on_line))


def _if_bent(function: Function, point: float, step: float) -> list[float]:
    here = function(point)
    before, after = (here - function(point - step)) / step, (function(point + step) - here) / step
    return [point] if abs(before - after) > SAME_SLOPE else []
