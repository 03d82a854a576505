"""Many bills at once: what `tax_bill` makes of arrays of gains, for one taxpayer or for one taxpayer an element.

The worksheets as sums of ramps over numpy arrays, without collectibles; no line is named, because `tax_bill` has them.
The tests hold both paths equal. For charts over a range of gains, books of households, and searches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax.law import Law, StatusLaw
from rebal_xl.tax.state import state_rates
from rebal_xl.tax.state_rules import StateGains, StateRule, addition, by_rates

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Payers:
    """Profiles and the figures of their statuses as arrays: one element, or one for each gain."""

    # figures of `TaxProfile` and `StatusLaw` by their names there
    given: dict[str, Floats]
    # itemized deductions other than taxes, 0 where none were given
    itemized: Floats
    law_of: dict[str, Floats]
    # bracket edges and the rise of the rate at each, one row a bracket; missing brackets are never reached
    edges: Floats
    rises: Floats
    trust: NDArray[np.bool_]
    separate: NDArray[np.bool_]
    itemizes: NDArray[np.bool_]
    state_short: Floats
    state_long: Floats
    # rules of states, and whose they are
    state_rules: tuple[tuple[StateRule, NDArray[np.bool_]], ...]


@dataclass(frozen=True, slots=True)
class _Year:
    """Schedule D and income of a year, dollars."""

    # all net gain, and net long-term gain by itself
    net: Floats
    long_net: Floats
    in_income: Floats
    preferential: Floats
    agi: Floats


def totals(profile: TaxProfile, law: Law, short_gain_usd: ArrayLike, long_gain_usd: ArrayLike) -> Floats:
    """`tax_bill(...).total_usd` for arrays of extra gains, which are broadcast against each other.

    ValueError for a grantor trust and for an unknown state.
    """
    short, long = _gains(short_gain_usd, long_gain_usd)
    found = _totals(_payers([profile], law), law, short, long)
    return found.reshape(np.broadcast_shapes(short.shape, long.shape))


def totals_by_profile(
    profiles: Sequence[TaxProfile], law: Law, short_gain_usd: ArrayLike, long_gain_usd: ArrayLike
) -> Floats:
    """`totals` where every element has a taxpayer of its own: the arrays' last axis runs over `profiles`."""
    return _totals(_payers(profiles, law), law, *_gains(short_gain_usd, long_gain_usd))


def _gains(short: ArrayLike, long: ArrayLike) -> tuple[Floats, Floats]:
    return np.asarray(short, dtype=np.float64), np.asarray(long, dtype=np.float64)


_GIVEN = (
    "ordinary_income_usd",
    "qualified_dividends_usd",
    "tax_exempt_interest_usd",
    "other_investment_income_usd",
    "social_security_usd",
    "state_local_tax_usd",
    "aged_65",
    "blind",
    "short_realized_usd",
    "long_realized_usd",
    "short_carryforward_usd",
    "long_carryforward_usd",
)
_LAW = (
    "zero_rate_top_usd",
    "fifteen_rate_top_usd",
    "standard_deduction_usd",
    "aged_or_blind_addition_usd",
    "exemption_usd",
    "senior_deduction_usd",
    "senior_phaseout_start_usd",
    "salt_cap_usd",
    "salt_phaseout_start_usd",
    "salt_floor_usd",
    "niit_threshold_usd",
    "loss_limit_usd",
    "amt_exemption_usd",
    "amt_phaseout_start_usd",
    "amt_28_over_usd",
    "start_of_37_usd",
)


def _payers(profiles: Sequence[TaxProfile], law: Law) -> _Payers:
    statuses = list(dict.fromkeys(profile.status for profile in profiles))
    place_of = {status: place for place, status in enumerate(statuses)}
    places = np.array([place_of[profile.status] for profile in profiles], dtype=np.intp)
    figures = [law.of(status) for status in statuses]
    most = max((len(each.brackets) for each in figures), default=0)
    law_of = {name: np.array([getattr(each, name) for each in figures])[places] for name in _LAW}
    for place, name in enumerate(("first_base", "second_base")):
        law_of[name] = np.array([each.social_security_bases_usd[place] for each in figures])[places]
    rates = [state_rates(profile, law.year) for profile in profiles]
    return _Payers(
        given={name: np.array(list(map(attrgetter(name), profiles)), dtype=np.float64) for name in _GIVEN},
        itemized=np.array([profile.itemized_deductions_usd or 0.0 for profile in profiles]),
        law_of=law_of,
        edges=np.array([_edges(each, most) for each in figures]).reshape(len(figures), most)[places].T,
        rises=np.array([_rises(each, most) for each in figures]).reshape(len(figures), most)[places].T,
        trust=np.array([profile.status is FilingStatus.TRUST for profile in profiles], dtype=bool),
        separate=np.array([profile.status is FilingStatus.MFS for profile in profiles], dtype=bool),
        itemizes=np.array([_may_itemize(profile) for profile in profiles], dtype=bool),
        state_short=np.array([each.short for each in rates]),
        state_long=np.array([each.long for each in rates]),
        state_rules=tuple(
            (rule, np.array([rule in each.rules for each in rates], dtype=bool))
            for rule in dict.fromkeys(rule for each in dict.fromkeys(rates) for rule in each.rules)
        ),
    )


def _may_itemize(profile: TaxProfile) -> bool:
    return profile.itemized_deductions_usd is not None and profile.status is not FilingStatus.TRUST


def _edges(figures: StatusLaw, most: int) -> list[float]:
    edges = [bracket.over_usd for bracket in figures.brackets]
    return edges + [np.inf] * (most - len(edges))


def _rises(figures: StatusLaw, most: int) -> list[float]:
    rates = [0.0, *(bracket.rate for bracket in figures.brackets)]
    rises = [upper - lower for lower, upper in pairwise(rates)]
    return rises + [0.0] * (most - len(rises))


def _above(value: Floats, edge: Floats | float) -> Floats:
    """What of a value lies above an edge."""
    return np.maximum(value - edge, 0.0)


def _totals(payers: _Payers, law: Law, short_gain: Floats, long_gain: Floats) -> Floats:
    year = _year(payers, law, short_gain, long_gain)
    figures, given = payers.law_of, payers.given
    standard, itemized = _deductions(payers, law, year.agi)
    by_standard = _income_tax(payers, law, year, standard, np.zeros(()))
    by_itemizing = _income_tax(payers, law, year, itemized, payers.itemized)
    # whoever may itemize takes what leaves less tax; a trust has no standard deduction to choose
    income_tax = np.where(payers.itemizes, np.minimum(by_standard, by_itemizing), by_standard)
    investment = given["other_investment_income_usd"] + given["qualified_dividends_usd"] + year.in_income
    niit = law.niit_rate * np.minimum(_above(investment, 0.0), _above(year.agi, figures["niit_threshold_usd"]))
    total: Floats = income_tax + niit + _state_tax(payers, year)
    return total


def _state_tax(payers: _Payers, year: _Year) -> Floats:
    given, dividends = payers.given, payers.given["qualified_dividends_usd"]
    gains = StateGains(
        in_income=year.in_income,
        preferential=year.preferential,
        long_net=year.long_net,
        of_this_year=year.net + given["short_carryforward_usd"] + given["long_carryforward_usd"],
        income=given["ordinary_income_usd"] + dividends,
        investment=given["other_investment_income_usd"] + dividends,
    )
    tax: Floats = by_rates(payers.state_short, payers.state_long, gains)
    for rule, theirs in payers.state_rules:
        tax = tax + np.where(theirs, addition(rule, payers.state_short, payers.state_long, gains), 0.0)
    return tax


def _income_tax(payers: _Payers, law: Law, year: _Year, deduction: Floats, minimum_deduction: Floats) -> Floats:
    """Regular or tentative minimum tax, whichever is more."""
    taxable = _above(year.agi, deduction)
    preferential = payers.given["qualified_dividends_usd"] + year.preferential
    base = _above(taxable, preferential)
    minimum_taxable = year.agi + payers.law_of["exemption_usd"] - minimum_deduction
    regular = _stacked(payers, law, taxable, base)
    tax: Floats = np.maximum(regular, _minimum_tax(payers, law, minimum_taxable, preferential, base))
    return tax


def _year(payers: _Payers, law: Law, short_gain: Floats, long_gain: Floats) -> _Year:
    given, figures = payers.given, payers.law_of
    short = given["short_realized_usd"] + short_gain - given["short_carryforward_usd"]
    long = given["long_realized_usd"] + long_gain - given["long_carryforward_usd"]
    net = short + long
    in_income = np.maximum(net, -figures["loss_limit_usd"])
    other = given["ordinary_income_usd"] + given["qualified_dividends_usd"] + in_income
    costs = np.where(payers.trust, payers.itemized, 0.0)
    benefits = np.where(payers.trust, 0.0, _taxable_benefits(payers, law, other))
    agi = other + benefits - costs - figures["exemption_usd"]
    preferential = _above(np.minimum(long, net), 0.0)
    return _Year(net=net, long_net=long, in_income=in_income, preferential=preferential, agi=agi)


def _taxable_benefits(payers: _Payers, law: Law, other: Floats) -> Floats:
    half, most = law.social_security_rates
    benefits, first = payers.given["social_security_usd"], payers.law_of["first_base"]
    second = payers.law_of["second_base"]
    provisional = other + payers.given["tax_exempt_interest_usd"] + half * benefits
    lower = np.minimum(half * benefits, half * _above(np.minimum(provisional, second), first))
    taxable: Floats = np.minimum(lower + most * _above(provisional, second), most * benefits)
    return taxable


def _deductions(payers: _Payers, law: Law, agi: Floats) -> tuple[Floats, Floats]:
    """With the standard deduction, and with itemized ones; a trust's taxes are both."""
    given, figures = payers.given, payers.law_of
    cap = figures["salt_cap_usd"] - law.salt_phaseout_rate * _above(agi, figures["salt_phaseout_start_usd"])
    taxes = np.minimum(given["state_local_tax_usd"], np.maximum(cap, figures["salt_floor_usd"]))
    shrink = law.senior_phaseout_rate * _above(agi, figures["senior_phaseout_start_usd"])
    senior = given["aged_65"] * _above(figures["senior_deduction_usd"], shrink)
    additions = figures["aged_or_blind_addition_usd"] * (given["aged_65"] + given["blind"])
    standard = figures["standard_deduction_usd"] + additions
    allowed = payers.itemized + taxes
    top = np.minimum(allowed, _above(agi, figures["start_of_37_usd"]))
    itemized = allowed - law.itemized_reduction_rate * top
    return np.where(payers.trust, taxes, standard + senior), itemized + senior


def _schedule(payers: _Payers, base: Floats) -> Floats:
    tax = np.zeros_like(base)
    for edge, rise in zip(payers.edges, payers.rises, strict=True):
        tax += rise * _above(base, edge)
    return tax


def _stacked(payers: _Payers, law: Law, taxable: Floats, base: Floats) -> Floats:
    """Ordinary tax on the base and gain rates on what is stacked on it, or ordinary tax on all if that is less."""
    _, middle, high = law.gain_rates
    tax = _schedule(payers, base)
    for top, rate in (("zero_rate_top_usd", middle), ("fifteen_rate_top_usd", high - middle)):
        edge = payers.law_of[top]
        tax = tax + rate * (_above(taxable, edge) - _above(base, edge))
    return np.minimum(tax, _schedule(payers, taxable))


def _minimum_tax(payers: _Payers, law: Law, income: Floats, preferential: Floats, base: Floats) -> Floats:
    """Tentative minimum tax (Form 6251 Parts II and III)."""
    figures = payers.law_of
    exemption, start = figures["amt_exemption_usd"], figures["amt_phaseout_start_usd"]
    gone_at = start + exemption / law.amt_phaseout_rate
    addition = np.minimum(exemption, law.amt_phaseout_rate * _above(income, gone_at))
    income = income + np.where(payers.separate, addition, 0.0)
    left = _above(exemption, law.amt_phaseout_rate * _above(income, start))
    taxed = _above(income, left)
    gains = np.minimum(taxed, preferential)
    _, middle, high = law.gain_rates
    zero_room = _above(figures["zero_rate_top_usd"], base)
    at_zero = np.minimum(zero_room, gains)
    at_middle = np.minimum(gains - at_zero, _above(figures["fifteen_rate_top_usd"], zero_room + base))
    by_parts = _two_rates(payers, law, taxed - gains) + middle * at_middle + high * (gains - at_zero - at_middle)
    tentative: Floats = np.minimum(by_parts, _two_rates(payers, law, taxed))
    return tentative


def _two_rates(payers: _Payers, law: Law, base: Floats) -> Floats:
    low, high = law.amt_rates
    return low * base + (high - low) * _above(base, payers.law_of["amt_28_over_usd"])
