"""What every chart is made of: a scale, bars, marks, labels, and a frame that tells what is seen in words.

Places across are per cent of the chart's width and heights are pixels, so that a chart fills a phone, a screen or a
printed column while its letters keep their size. Colours are classes, so that the page's theme decides them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rebal_xl.report.markup import Markup, joined, tag

# Pixels between two lines of a label.
LINE_PX = 16.0
# Pixels between the end of a bar and its figure.
AFTER_BAR_PX = 5.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Values to places: `low` stands at `left` and `high` at `right`, per cent of the width (or pixels down)."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        width = self.high - self.low
        return self.left if width <= 0 else self.left + (value - self.low) / width * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class Legend:
    """A colour and its meaning."""

    # class of the swatch
    look: str
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing of a chart; a chart of many classes has several, none of which is split over two pages."""

    shapes: Sequence[Markup]
    height_px: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with what stands around it."""

    # unique on the page
    key: str
    title: str
    # one sentence under the title
    lead: str
    # what is seen, for those who cannot see it
    described: str
    panels: Sequence[Panel]
    legend: Sequence[Legend] = ()


def framed(chart: Chart, level: int = 3) -> Markup:
    """The chart as a figure of the page, its heading at `level`."""
    swatches = [
        tag("li", tag("span", class_=f"swatch {entry.look}", aria_hidden="true"), entry.text) for entry in chart.legend
    ]
    return tag(
        "figure",
        tag("figcaption", tag(f"h{level}", chart.title), tag("p", chart.lead, class_="lead")),
        tag("ul", *swatches, class_="legend") if swatches else None,
        *(_panel(chart, panel, number) for number, panel in enumerate(chart.panels)),
        class_="chart whole" if len(chart.panels) == 1 else "chart",
        id=chart.key,
    )


def _panel(chart: Chart, panel: Panel, number: int) -> Markup:
    title, described = f"{chart.key}-title-{number}", f"{chart.key}-text-{number}"
    more = ", continued" if number else ""
    return tag(
        "svg",
        tag("title", f"{chart.title}{more}", id=title),
        tag("desc", chart.described, id=described),
        *panel.shapes,
        role="img",
        aria_labelledby=title,
        aria_describedby=described,
        width="100%",
        height=panel.height_px,
    )


def bar(look: str, scale: Scale, start: float, end: float, y: float, height: float) -> Markup:
    """A bar from one value to another."""
    left, right = sorted((scale.at(start), scale.at(end)))
    return tag(
        "rect",
        class_=look,
        x=across(left),
        y=y,
        width=across(right - left),
        height=height,
        rx=None if height < 6 else 1.5,
    )


def upright(look: str, x: float, top: float, bottom: float) -> Markup:
    """A line from top to bottom, at `x` per cent."""
    return tag("line", class_=look, x1=across(x), x2=across(x), y1=top, y2=bottom)


def level(look: str, y: float) -> Markup:
    """A line across the whole chart."""
    return tag("line", class_=look, x1="0%", x2="100%", y1=y, y2=y)


def label(
    text: str | Markup, x: float, y: float, look: str = "", anchor: str = "start", shift_px: float = 0.0
) -> Markup:
    """Text with its baseline at `y` pixels."""
    return tag(
        "text",
        text,
        class_=look or None,
        x=across(x),
        y=y,
        dx=shift_px or None,
        text_anchor=None if anchor == "start" else anchor,
    )


def figure_at_end(
    text: str, scale: Scale, value: float, y: float, *, start: float = 0.0, look: str = "value"
) -> Markup:
    """The figure of a bar behind its end: right of it, or left where the bar goes to the left."""
    if value < start:
        return label(text, scale.at(value), y, look, "end", -AFTER_BAR_PX)
    return label(text, scale.at(value), y, look, "start", AFTER_BAR_PX)


def across(per_cent: float) -> str:
    """A place or a width, as SVG writes it."""
    return f"{round(per_cent, 4) + 0.0:g}%"


def nothing(title: str, sentence: str, level: int = 3) -> Markup:
    """What stands where there is nothing to draw."""
    return joined(tag(f"h{level}", title), tag("p", sentence))
