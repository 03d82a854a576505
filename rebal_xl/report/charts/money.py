"""Dollars as bars: gains and losses by term, and what other ways to rebalance would have cost."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rebal_xl.household import Comparison, Term
from rebal_xl.household.views import RealisedView
from rebal_xl.report.charts.svg import LINE_PX, Chart, Legend, Panel, Scale, bar, figure_at_end, label, upright
from rebal_xl.report.markup import Markup
from rebal_xl.report.wording import Money, fitted, money

ROW_PX = 54.0
NAME_Y, FIRST_Y, SECOND_Y, BAR_PX = 13.0, 21.0, 35.0, 11.0
NAME_LETTERS = 46
NAME_LINES = 2
# Drift below this (0..1) is rounding.
SAME_DRIFT = 1e-9
# Per cent of the width between which bars stand; the rest is for their figures.
LEFT, RIGHT = 26.0, 74.0
TERMS = {Term.SHORT: "Short-term (held one year or less)", Term.LONG: "Long-term (held more than one year)"}


def gains(views: Sequence[RealisedView]) -> Chart:
    """For each term the gains to the right and the losses to the left."""
    write = money(usd for view in views for usd in (view.gains_usd, view.losses_usd))
    scale = _scale([usd for view in views for usd in (view.gains_usd, view.losses_usd)])
    shapes: list[Markup] = []
    for row, view in enumerate(views):
        top = row * ROW_PX
        shapes += [
            label(TERMS[view.term], 0.0, top + NAME_Y, "name"),
            *_amount("gain", scale, view.gains_usd, top + FIRST_Y, write),
            *_amount("loss", scale, view.losses_usd, top + SECOND_Y, write),
            upright("axis", scale.at(0.0), top + FIRST_Y - 3, top + SECOND_Y + BAR_PX + 3),
        ]
    told = "; ".join(
        f"{TERMS[view.term]}: gains {write(view.gains_usd)}, losses {write(view.losses_usd)}" for view in views
    )
    return Chart(
        key="gains",
        title="Gains and losses of the proposed sales",
        lead="Gains (right) and losses (left) that the sales in taxable accounts turn into this year's tax figures.",
        described=f"{told}.",
        panels=[Panel(shapes, len(views) * ROW_PX)],
        legend=(Legend("gain", "Gains"), Legend("loss", "Losses")),
    )


def comparison(ways: Sequence[Comparison]) -> Chart:
    """For each way to rebalance the tax of this year and everything that is paid now or later; the plan first."""
    amounts = [usd for way in ways for usd in (way.tax_usd, way.cost_usd)]
    write = money(amounts)
    low, high = min(0.0, *amounts), max(0.0, *amounts)
    scale = Scale(low, high if high > low else low + 1.0, 0.0 if low >= 0 else LEFT, RIGHT)
    shapes: list[Markup] = []
    top = 0.0
    for number, way in enumerate(ways):
        lines = lines_of(way.name)
        shapes += [label(line, 0.0, top + NAME_Y + LINE_PX * at, "name") for at, line in enumerate(lines)]
        top += LINE_PX * (len(lines) - 1)
        mine = " mine" if number == 0 else ""
        shapes += [
            bar(f"tax{mine}", scale, 0.0, way.tax_usd, top + FIRST_Y, BAR_PX),
            bar(f"cost{mine}", scale, 0.0, way.cost_usd, top + SECOND_Y, BAR_PX),
            figure_at_end(write(way.tax_usd), scale, way.tax_usd, top + FIRST_Y + BAR_PX - 1, look="value strong"),
            figure_at_end(write(way.cost_usd), scale, way.cost_usd, top + SECOND_Y + BAR_PX - 1),
        ]
        top += ROW_PX + 6.0
    return Chart(
        key="comparison",
        title="The same household, rebalanced in ordinary ways",
        lead=f"Estimated tax of this year, and everything paid now or later. {_ends(ways)}",
        described="; ".join(
            f"{way.name}: tax this year {write(way.tax_usd)}, all costs {write(way.cost_usd)}" for way in ways
        )
        + ".",
        panels=[Panel(shapes, top)],
        legend=(Legend("tax", "Tax this year"), Legend("cost", "All costs, now and later")),
    )


def lines_of(text: str) -> list[str]:
    """A long name on two lines at most."""
    lines = textwrap.wrap(text, NAME_LETTERS) or [""]
    return [*lines[: NAME_LINES - 1], fitted(" ".join(lines[NAME_LINES - 1 :]), NAME_LETTERS)] if lines[1:] else lines


def _amount(look: str, scale: Scale, usd: float, y: float, write: Money) -> tuple[Markup, ...]:
    """A bar with its figure; nothing for no dollars."""
    if not round(usd, 2):
        return ()
    return bar(look, scale, 0.0, usd, y, BAR_PX), figure_at_end(write(usd), scale, usd, y + BAR_PX - 1)


def _scale(amounts: Sequence[float]) -> Scale:
    low, high = min(0.0, *amounts), max(0.0, *amounts)
    return Scale(low, high if high > low else low + 1.0, 4.0 if low >= 0 else LEFT, RIGHT if high > 0 else 96.0)


def _ends(ways: Sequence[Comparison]) -> str:
    """Whether an ordinary way does more work than the plan, by what they are matched by."""

    def far(way: Comparison) -> float:
        return way.household_drift if way.tracking_error is None else way.tracking_error

    if any(far(way) < far(ways[0]) - SAME_DRIFT for way in ways[1:]):
        return "An ordinary way ends nearer to the target than this plan here: the table says how near."
    return "The ordinary ways go no nearer to the target than this plan."
