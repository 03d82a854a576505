"""The frontier: what each step nearer to the target costs, and where the proposed plan stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from rebal_xl.household import FrontierPoint, Plan
from rebal_xl.report.charts.svg import Chart, Legend, Panel, Scale, across, label, level, upright
from rebal_xl.report.markup import Markup, tag
from rebal_xl.report.wording import money, percent

HEIGHT_PX = 280.0
# Where the curve may stand: per cent across, pixels down.
LEFT, RIGHT, TOP, BOTTOM = 20.0, 94.0, 28.0, 236.0
TICK_Y = 254.0
# Lines that help the eye, at most.
STEPS = 4
POINT_PX, MINE_PX = 4.5, 7.0


def frontier(points: Sequence[FrontierPoint], chosen: Plan) -> Chart:
    """Points of the curve joined by lines, and the chosen plan as a larger one."""
    spots = [(point.drift, point.plan.paid_usd) for point in points]
    mine = (chosen.after.household_drift, chosen.paid_usd)
    every = [*spots, mine]
    down = Scale(*_around([usd for _, usd in every]), BOTTOM, TOP)
    over = Scale(0.0, max(max(drift for drift, _ in every), 1e-9), LEFT, RIGHT)
    rows, columns = ticks(down.low, down.high), ticks(over.low, over.high)
    write = money(rows)
    shapes: list[Markup] = []
    for usd in rows:
        shapes += [level("grid", down.at(usd)), label(write(usd), 0.0, down.at(usd) - 4.0, "tick")]
    for drift in columns:
        at = over.at(drift)
        shapes += [upright("grid", at, BOTTOM, BOTTOM + 6.0), label(percent(drift), at, TICK_Y, "tick", "middle")]
    shapes.append(label("Distance from target that is left", 100.0, TICK_Y + 20.0, "note", "end"))
    places = [(over.at(drift), down.at(usd)) for drift, usd in sorted(spots)]
    shapes += [_line(one, other) for one, other in pairwise(places)]
    shapes += [_dot("point", x, y, POINT_PX) for x, y in places]
    shapes.append(_dot("chosen", over.at(mine[0]), down.at(mine[1]), MINE_PX))
    exact = money([mine[1]])
    return Chart(
        key="frontier",
        title="What coming nearer to the target would cost",
        lead="Each point is the plan chosen for so much distance from the target; upward more is paid, now and later.",
        described=f"A curve of costs toward the target. The proposed plan leaves {percent(mine[0])} of "
        f"distance from the target and costs {exact(mine[1])}. The figures stand in the table below.",
        panels=[Panel(shapes, HEIGHT_PX)],
        legend=(Legend("point", "Cheapest plans"), Legend("chosen", "This plan")),
    )


def ticks(low: float, high: float) -> list[float]:
    """Round values between two others, a few of them."""
    width = high - low
    if width <= 0:
        return [low]
    rough = width / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _around(amounts: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest, zero included, never the same."""
    low, high = min(0.0, *amounts), max(0.0, *amounts)
    return (low, high) if high > low else (low, low + 1.0)


def _line(one: tuple[float, float], other: tuple[float, float]) -> Markup:
    return tag("line", class_="curve", x1=across(one[0]), y1=one[1], x2=across(other[0]), y2=other[1])


def _dot(look: str, x: float, y: float, radius: float) -> Markup:
    return tag("circle", class_=look, cx=across(x), cy=y, r=radius)
