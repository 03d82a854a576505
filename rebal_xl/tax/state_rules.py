"""What some states do to gains beyond a pair of rates, as additions to the estimate by rates.

Each rule is a line of law/states.toml and one function here, for plain numbers and numpy arrays alike. Estimates, like
the rates: a state's own base is taken to be the income of the profile, without its deductions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rebal_xl.household import TaxProfile
from rebal_xl.tax.netting import NetGains

# a float, or an array of floats: the rules do not care
Amount = Any


@dataclass(frozen=True, slots=True)
class StateRule:
    """One rule of one state, with the figures of a year."""

    kind: str
    # what it applies, a share of one
    rate: float
    # where it begins, or how far it goes, dollars
    usd: float
    # what it looks at, for a surcharge: "income" or "investment income"
    of: str
    source: str


@dataclass(frozen=True, slots=True)
class StateGains:
    """What the rules look at, dollars."""

    # net gain or allowed loss in income, and the part of it that is net long-term gain, as on the federal return
    in_income: Amount
    preferential: Amount
    # net long-term gain by itself, and all of the year's net gain without losses of earlier years
    long_net: Amount
    of_this_year: Amount
    # income without gains, and the investment income in it
    income: Amount
    investment: Amount


def state_gains(profile: TaxProfile, gains: NetGains) -> StateGains:
    """What the rules look at, of one bill."""
    dividends = profile.qualified_dividends_usd
    return StateGains(
        in_income=gains.in_income_usd,
        preferential=gains.preferential_usd,
        long_net=gains.long_usd,
        of_this_year=gains.total_usd + profile.short_carryforward_usd + profile.long_carryforward_usd,
        income=profile.ordinary_income_usd + dividends,
        investment=profile.other_investment_income_usd + dividends,
    )


def by_rates(short_rate: Amount, long_rate: Amount, gains: StateGains) -> Amount:
    """The estimate by the two rates; negative where a loss is deducted from other income."""
    return short_rate * (gains.in_income - gains.preferential) + long_rate * gains.preferential


def surcharge(rule: StateRule, short_rate: Amount, long_rate: Amount, gains: StateGains) -> Amount:
    """A further rate on income (or investment income) over an amount: what the gain adds to it."""
    base = gains.investment if rule.of == "investment income" else gains.income
    return rule.rate * (_above(base + gains.in_income, rule.usd) - _above(base, rule.usd))


def surcharge_on_gain(rule: StateRule, short_rate: Amount, long_rate: Amount, gains: StateGains) -> Amount:
    """A further rate on all net gain of those whose income exceeds an amount: a cliff."""
    return rule.rate * _above(gains.in_income, 0.0) * (gains.income + gains.in_income > rule.usd)


def excise(rule: StateRule, short_rate: Amount, long_rate: Amount, gains: StateGains) -> Amount:
    """A tax on net long-term gain over a deduction, in a state without income tax."""
    return rule.rate * _above(gains.long_net, rule.usd)


def exclusion(rule: StateRule, short_rate: Amount, long_rate: Amount, gains: StateGains) -> Amount:
    """The first dollars of net long-term gain are free."""
    return -long_rate * np.minimum(gains.preferential, rule.usd)


def no_losses(rule: StateRule, short_rate: Amount, long_rate: Amount, gains: StateGains) -> Amount:
    """Losses are set against gains of the same year only: neither other income nor later years know them."""
    return short_rate * _above(gains.of_this_year, 0.0) - by_rates(short_rate, long_rate, gains)


def less_loss(rule: StateRule, short_rate: Amount, long_rate: Amount, gains: StateGains) -> Amount:
    """Less of a net loss may be set against other income, at a rate of its own."""
    loss = _above(-gains.in_income, 0.0)
    return short_rate * loss - rule.rate * np.minimum(loss, rule.usd)


RULES: dict[str, Callable[[StateRule, Amount, Amount, StateGains], Amount]] = {
    "surcharge": surcharge,
    "surcharge on gain": surcharge_on_gain,
    "excise": excise,
    "exclusion": exclusion,
    "no losses": no_losses,
    "less loss": less_loss,
}


def addition(rule: StateRule, short_rate: Amount, long_rate: Amount, gains: StateGains) -> Amount:
    """What a rule adds to the estimate by rates (negative: takes off)."""
    return RULES[rule.kind](rule, short_rate, long_rate, gains)


def least_addition(rule: StateRule, long_rate: float, profile: TaxProfile) -> tuple[float, float]:
    """(rate, dollars): a rule never adds less than the rate times net gain in income, plus the dollars.

    For the optimizer's rows, which know rates and constants only; exact wherever the rule is a line there.
    """
    dividends = profile.qualified_dividends_usd
    base = dividends + profile.ordinary_income_usd
    if rule.of == "investment income":
        base = dividends + profile.other_investment_income_usd
    if rule.kind in ("surcharge", "surcharge on gain"):
        # convex, or a line from the cliff on: the slope without gains lies below it everywhere
        return (rule.rate if base > rule.usd else 0.0), 0.0
    if rule.kind == "exclusion":
        return 0.0, -long_rate * rule.usd
    return 0.0, 0.0


def _above(value: Amount, edge: float) -> Amount:
    return np.maximum(value - edge, 0.0)
