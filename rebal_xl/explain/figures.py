"""Figures as a client reads them, each with the path that it was taken from.

A source is a path of names from Told (`plan.before.household_drift`). A filter picks those that match:
`plan.trades[side='Sell'][account.taxable=True][class='US Bonds'].amount_usd`, where `account` and `symbol` lead on to
the household's own, and `class` is the main class of a symbol. `sum(…)`, `count(…)`, `distinct(…)`, `min(…)` and
`max(…)` gather what is found; ` + `, ` - `, ` * ` between them and a leading minus mean what they say.
"""

from datetime import date

from rebal_xl import words
from rebal_xl.household.explanation import Figure

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Dollars below which cents are shown: above it they only cost reading.
CENTS_BELOW_USD = 1000.0
# Dollars below which a figure is not worth a sentence.
TOLD_USD = 0.5
# Weight (0..1) below which there is nothing to tell: half of what is shown.
TOLD_WEIGHT = 0.0005
# Two ways of rebalancing differ from so many dollars on, and from so large a part of what they cost: the usual way is
# scaled to the plan's drift within a thousandth.
DIFFERS_USD, DIFFERS_SHARE = 1.0, 0.002


def usd(value: float, source: str) -> Figure:
    """Whole dollars, with cents where there are few of them."""
    text = words.dollars(value) if abs(value) < CENTS_BELOW_USD else words.dollars(round(value))
    return Figure(text.removesuffix(".00"), value, source)


def differ(one_usd: float, other_usd: float) -> bool:
    """Whether what two ways cost is told apart."""
    return abs(one_usd - other_usd) > max(DIFFERS_USD, DIFFERS_SHARE * max(abs(one_usd), abs(other_usd)))


def change(value: float, source: str) -> Figure:
    """A change in dollars without its sign: the sentence says which way it goes."""
    return usd(value, source) if value >= 0 else usd(-value, f"-({source})")


def about(value: float, source: str) -> Figure:
    """Whole dollars, of an amount that is only about right; cents below a dollar."""
    return Figure(words.dollars(value if abs(value) < 1.0 else round(value)).removesuffix(".00"), value, source)


def at_most(value: float, source: str) -> Figure:
    """Dollars rounded up: what a proof may claim."""
    return Figure(words.at_most(value), value, source)


def share(weight: float, source: str) -> Figure:
    """A weight 0..1 in percent, to a tenth."""
    text = "less than 0.1%" if 0 < weight < TOLD_WEIGHT else words.tenths(weight)
    return Figure(text, weight, source)


def fine_share(weight: float, source: str) -> Figure:
    """A weight 0..1 in percent as it was typed, to a hundredth at most: 5%, 1.25%."""
    return Figure(f"{round(100 * weight, 2) + 0.0:g}%", weight, source)


def count(number: int, noun: str, source: str) -> Figure:
    """A number of things: 1 order, 2 orders."""
    return Figure(words.count(number, noun), float(number), source)


def number(value: float, source: str) -> Figure:
    """A plain whole number."""
    return Figure(words.whole(value), value, source)


def years(value: float, source: str) -> Figure:
    """1 year, 10 years, 7.5 years."""
    return Figure(f"{value:g} year" + ("" if value == 1 else "s"), value, source)


def day(when: date, source: str) -> Figure:
    """December 21, 2026."""
    return Figure(f"{MONTHS[when.month - 1]} {when.day}, {when.year}", when, source)


def year(value: int, source: str) -> Figure:
    """2026."""
    return Figure(str(value), float(value), source)
