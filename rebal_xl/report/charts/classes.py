"""Class by class: where the household is, wants to be and ends (allocation), and how far from target (drift)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rebal_xl.household.views import ClassView
from rebal_xl.report.charts.svg import Chart, Legend, Panel, Scale, bar, figure_at_end, label, upright
from rebal_xl.report.markup import Markup
from rebal_xl.report.wording import fitted, percent, signed_percent

# Rows that fit on the first printed page of either size, below its head; of more, two panels fit on each page.
ROWS, ROWS_OF_MORE = 11, 8
ROW_PX = 49.0
# Within a row: the name's baseline, the two bars, and what spans both.
NAME_Y, BEFORE_Y, AFTER_Y, BAR_PX = 12.0, 19.0, 30.0, 8.0
SPAN_TOP, SPAN_BOTTOM = 16.5, 40.5
# Letters that a name has room for on a phone, beside the target and beside the longer words of the drift chart.
NAME_LETTERS, NAME_LETTERS_BESIDE_STATUS = 30, 25
# Per cent of the width that bars may take; the rest is for their figures.
BARS_RIGHT = 82.0
DRIFT_LEFT, DRIFT_RIGHT = 17.0, 83.0
# Per cent of the width that a figure takes on a phone.
FIGURE_ACROSS = 15.0
# Statuses of a class in a client's words.
STATUS = {
    "above band": "too high",
    "below band": "too low",
    "in band": "in range",
    "in destination": "in range",
    "no band": "no range",
    "": "",
}
TABLE = "The figures stand in the table Class by class."
Draw = Callable[[ClassView, float], Sequence[Markup]]


def allocation(views: Sequence[ClassView]) -> Chart:
    """Two bars for each class, today and after, and a mark for its target."""
    weights = [weight for view in views for weight in (view.before, view.target, view.after)]
    lowest = min(0.0, *weights)
    scale = Scale(lowest, max(*weights, 1e-9), 0.0 if lowest >= 0 else DRIFT_LEFT, BARS_RIGHT)

    def draw(view: ClassView, top: float) -> Sequence[Markup]:
        mark = max(view.target, 0.0)

        def clear(weight: float) -> float:
            """Where a figure starts: behind its bar, or behind the target's mark where that would run through it."""
            near = 0 <= scale.at(mark) - scale.at(max(weight, 0.0)) < FIGURE_ACROSS
            return mark if near else max(weight, 0.0)

        return (
            label(fitted(view.asset_class, NAME_LETTERS), 0.0, top + NAME_Y, "name"),
            label(f"Target {percent(view.target)}", 100.0, top + NAME_Y, "note", "end"),
            bar("before", scale, 0.0, view.before, top + BEFORE_Y, BAR_PX),
            bar("after", scale, 0.0, view.after, top + AFTER_Y, BAR_PX),
            upright("target", scale.at(view.target), top + SPAN_TOP, top + SPAN_BOTTOM),
            figure_at_end(percent(view.before), scale, clear(view.before), top + BEFORE_Y + BAR_PX),
            figure_at_end(percent(view.after), scale, clear(view.after), top + AFTER_Y + BAR_PX, look="value strong"),
        )

    return Chart(
        key="allocation",
        title="What the household holds",
        lead="Share of the household's value in each asset class, before and after the proposed trades.",
        described=f"Two bars for each asset class and a mark for its target. {farthest(views)} {TABLE}",
        panels=panels(views, draw),
        legend=(Legend("before", "Today"), Legend("after", "After the trades"), Legend("target", "Target")),
    )


def drift(views: Sequence[ClassView]) -> Chart:
    """For each class how far it is from its target, left too little and right too much, on the range it may move in."""
    reach = max(
        1e-9,
        *(abs(value) for view in views for value in (view.drift_before, view.drift_after, *_range(view))),
    )
    scale = Scale(-reach, reach, DRIFT_LEFT, DRIFT_RIGHT)

    def draw(view: ClassView, top: float) -> Sequence[Markup]:
        low, high = _range(view)
        banded = view.low is not None and view.high is not None
        return (
            label(fitted(view.asset_class, NAME_LETTERS_BESIDE_STATUS), 0.0, top + NAME_Y, "name"),
            label(status(view), 100.0, top + NAME_Y, "note", "end"),
            *((bar("range", scale, low, high, top + SPAN_TOP, SPAN_BOTTOM - SPAN_TOP),) if banded else ()),
            bar("before", scale, 0.0, view.drift_before, top + BEFORE_Y, BAR_PX),
            bar("after", scale, 0.0, view.drift_after, top + AFTER_Y, BAR_PX),
            upright("axis", scale.at(0.0), top + SPAN_TOP, top + SPAN_BOTTOM),
            figure_at_end(signed_percent(view.drift_before), scale, view.drift_before, top + BEFORE_Y + BAR_PX),
            figure_at_end(
                signed_percent(view.drift_after), scale, view.drift_after, top + AFTER_Y + BAR_PX, look="value strong"
            ),
        )

    return Chart(
        key="drift",
        title="How far it is from the target",
        lead="Points above (right) or below (left) the target of each class. The shaded range is where it may move.",
        described=f"Two bars for each asset class, from a line that is its target. {farthest(views)} {TABLE}",
        panels=panels(views, draw),
        legend=(Legend("before", "Today"), Legend("after", "After the trades"), Legend("range", "Allowed range")),
    )


def panels(views: Sequence[ClassView], draw: Draw) -> list[Panel]:
    """The rows of a chart, so many to a panel that each fits on a page."""
    found = []
    each = ROWS
    if len(views) > ROWS:
        number = -(-len(views) // ROWS_OF_MORE)
        each = -(-len(views) // number)
    for start in range(0, len(views), each):
        part = views[start : start + each]
        shapes = [shape for row, view in enumerate(part) for shape in draw(view, row * ROW_PX)]
        found.append(Panel(shapes, len(part) * ROW_PX))
    return found


def farthest(views: Sequence[ClassView]) -> str:
    """The class that is farthest from its target today, in a sentence."""
    if not views:
        return ""
    view = max(views, key=lambda one: abs(one.drift_before))
    return (
        f"{view.asset_class} is farthest from its target of {percent(view.target)}: {percent(view.before)} today and "
        f"{percent(view.after)} after the trades."
    )


def status(view: ClassView) -> str:
    """Whether the class is in its range, before and after."""
    before, after = STATUS.get(view.status_before, ""), STATUS.get(view.status_after, "")
    if before == after or not before or not after:
        return after or before
    return f"{before} → {after}"


def _range(view: ClassView) -> tuple[float, float]:
    """The band around the target, as drift."""
    if view.low is None or view.high is None:
        return 0.0, 0.0
    return view.low - view.target, view.high - view.target
