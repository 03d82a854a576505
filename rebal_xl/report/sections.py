"""The parts of the page, top to bottom: what is seen first, the words, and the pictures with their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rebal_xl.household import Comparison, Curve, Frontier, Household, Plan
from rebal_xl.household.explanation import Explanation, Headline, Passage, Section
from rebal_xl.household.views import RealisedView, class_views, heat_map, realised_views
from rebal_xl.report import tables
from rebal_xl.report.charts.classes import allocation, drift
from rebal_xl.report.charts.curve import frontier as curve
from rebal_xl.report.charts.money import comparison, gains
from rebal_xl.report.charts.svg import framed
from rebal_xl.report.markup import Markup, escaped, name, tag
from rebal_xl.sheets.results_trades import no_trade

_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the page, and how the list of contents calls it."""

    key: str
    title: str
    html: Markup


def shown(told: Explanation, plan: Plan, household: Household, found: Frontier | Curve | None) -> list[Shown]:
    """Every part of the page that this plan has something to say in."""
    parts = [
        _part("glance", "At a glance", _headlines(told.headlines), _glance(plan)),
        _part("explained", "What we propose, and why", _letter(told.sections)),
        _part("classes", "Class by class", tables.classes(class_views(plan))),
        _part("trades", "The proposed trades", _trades(plan, household)),
        _part("accounts", "Account by account", tables.accounts(heat_map(plan))),
        _part("gains-and-losses", "Gains and losses", *_gains(plan)),
    ]
    if plan.compared:
        parts.append(_part("ways", "Beside ordinary ways", _bars(plan.compared), tables.comparison(plan.compared)))
    if found is not None and found.points:
        parts.append(
            _part(
                "steps", "Nearer to the target", framed(curve(found.points, plan)), tables.frontier(found.points, plan)
            )
        )
    return parts


def passage(told: Passage, element: str = "p") -> Markup:
    """A passage with its figures in one piece and its names fit for any script."""
    return tag(element, *_pieces(told))


def _part(key: str, title: str, *children: Markup | None) -> Shown:
    heading = f"{key}-heading"
    html = tag("section", tag("h2", title, id=heading), *children, id=key, aria_labelledby=heading)
    return Shown(key, title, html)


def _headlines(headlines: Sequence[Headline]) -> Markup | None:
    if not headlines:
        return None
    cards = [
        tag(
            "div",
            tag("dt", one.label),
            tag("dd", tag("span", one.figure.text, class_="big"), tag("small", one.note) if one.note else None),
        )
        for one in headlines
    ]
    return tag("dl", *cards, class_="headlines")


def _glance(plan: Plan) -> Markup | None:
    views = class_views(plan)
    return tag("div", framed(allocation(views)), framed(drift(views)), class_="pair") if views else None


def _letter(sections: Sequence[Section]) -> Markup:
    return tag("div", *(_section(section) for section in sections), class_="letter")


def _section(section: Section) -> Markup:
    said = [passage(one, "li" if section.listed else "p") for one in section.passages]
    key = _NOT_IN_A_KEY.sub("-", section.key.lower()).strip("-")
    return tag(
        "section",
        tag("h3", section.title),
        *([tag("ul", *said)] if section.listed else said),
        class_="told",
        id=f"told-{key}",
    )


def _trades(plan: Plan, household: Household) -> Markup:
    return tables.trades(plan, household) if plan.trades else tag("p", no_trade(plan))


def _bars(ways: Sequence[Comparison]) -> Markup | None:
    """A drawing of the ways, unless none of them costs anything."""
    costs = any(round(usd, 2) for way in ways for usd in (way.tax_usd, way.cost_usd))
    return framed(comparison(ways)) if costs else None


def _gains(plan: Plan) -> tuple[Markup, ...]:
    views = realised_views(plan)
    if not any(_moves(view) for view in views):
        return (tag("p", "No sale of this plan turns a gain or a loss into this year's tax figures."),)
    return framed(gains(views)), tables.gains(views)


def _moves(view: RealisedView) -> bool:
    return any(round(usd, 2) for usd in (view.gains_usd, view.losses_usd, view.disallowed_usd))


def _pieces(told: Passage) -> Iterator[Markup]:
    """The text cut at its figures and names; what stands between is text."""
    marks = {figure.text: "figure" for figure in told.figures} | dict.fromkeys(told.names, "name")
    known = sorted(filter(None, marks), key=len, reverse=True)
    if not known:
        yield escaped(told.text)
        return
    for piece in re.split("(" + "|".join(re.escape(text) for text in known) + ")", told.text):
        match marks.get(piece):
            case "figure":
                yield tag("span", piece, class_="figure")
            case "name":
                yield name(piece)
            case _:
                yield escaped(piece)
