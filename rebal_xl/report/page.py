"""The client's page: one HTML file with everything in it, for a screen, a phone, or paper.

Nothing on it is loaded from anywhere: no script, no font, no picture but the firm's own logo, which is part of the
file; a Content-Security-Policy holds the browser to that, whatever a workbook's names say. The same plan gives the
same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import rebal_xl
from rebal_xl.household import Curve, Frontier, Household, Plan
from rebal_xl.household.explanation import Explanation
from rebal_xl.report import sections
from rebal_xl.report.markup import Markup, css_text, joined, name, tag
from rebal_xl.report.wording import day, fitted

LANGUAGE = "en-US"
# Letters of a name that the margin of a printed page has room for.
MARGIN_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Picture:
    """The firm's logo, read and checked already."""

    # image/png or image/jpeg
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """What the page is made of."""

    explanation: Explanation
    plan: Plan
    household: Household
    # what each step nearer to the target costs, where it was asked for
    frontier: Frontier | Curve | None = None
    logo: Picture | None = None


def render(report: Report) -> str:
    """The whole page as the text of an HTML file."""
    told = report.explanation
    style = Markup(_style(told))
    shown = sections.shown(report.explanation, report.plan, report.household, report.frontier)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("meta", name="format-detection", content="telephone=no"),
        tag("meta", name="generator", content=f"rebal_xl {rebal_xl.__version__}"),
        tag("title", f"{told.title}: {told.household}"),
        tag("style", style),
    )
    body = tag(
        "body",
        tag("a", "Skip to the report", href="#report", class_="skip"),
        _header(report),
        _contents(shown),
        tag("main", *(section.html for section in shown), id="report", tabindex="-1"),
        _footer(told),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang=LANGUAGE)}\n"


def policy(style: str) -> str:
    """What a browser may load for the page: its own style and the pictures in it, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def _style(told: Explanation) -> str:
    """The style sheet, with what every printed page says in its margins."""
    own = files("rebal_xl.report").joinpath("report.css").read_text(encoding="utf-8")
    left = " · ".join((fitted(told.household, MARGIN_LETTERS), told.title))
    right = f"As of {day(told.as_of)}"
    margins = (
        f"@page {{ @top-left {{ content: {css_text(left)} }} @top-right {{ content: {css_text(right)} }}"
        f" @bottom-left {{ content: {css_text(fitted(told.firm, MARGIN_LETTERS))} }} }}"
    )
    return f"\n{own}\n{margins}\n"


def _header(report: Report) -> Markup:
    told = report.explanation
    return tag(
        "header",
        tag(
            "div",
            _logo(report.logo, told.firm),
            tag("p", name(told.firm), class_="firm") if told.firm else None,
            class_="brand",
        ),
        tag("h1", told.title),
        tag("p", name(told.household), class_="household"),
        tag("p", f"As of {day(told.as_of)}. Every figure is an estimate.", class_="lead"),
        class_="top",
    )


def _logo(logo: Picture | None, firm: str) -> Markup | None:
    if logo is None:
        return None
    content = base64.b64encode(logo.content).decode("ascii")
    return tag("img", src=f"data:{logo.kind};base64,{content}", alt="" if firm else "Logo", class_="logo")


def _contents(shown: Sequence[sections.Shown]) -> Markup:
    links = [tag("li", tag("a", one.title, href=f"#{one.key}")) for one in shown]
    return tag("nav", tag("ul", *links), aria_label="On this page", class_="contents")


def _footer(told: Explanation) -> Markup:
    disclosure = [tag("p", line) for line in told.disclosure.splitlines() if line.strip()]
    return tag(
        "footer",
        tag("h2", "What these figures rest on"),
        *(sections.passage(one) for one in told.small_print),
        joined(tag("h2", "Disclosure"), *disclosure) if disclosure else None,
    )
