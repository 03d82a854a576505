"""A taxpayer's bill for the year: income of the profile, gains realised so far, carryforwards, and the plan's gains."""

from dataclasses import dataclass

from rebal_xl.household import FilingStatus, TaxBill, TaxProfile
from rebal_xl.tax.amt import amt_usd
from rebal_xl.tax.deductions import deductions
from rebal_xl.tax.law import Law
from rebal_xl.tax.netting import NetGains, carry_over, net_gains
from rebal_xl.tax.niit import niit_usd
from rebal_xl.tax.preferential import stacked_tax
from rebal_xl.tax.social_security import taxable_benefits_usd
from rebal_xl.tax.state import state_rates, state_tax_usd


@dataclass(frozen=True, slots=True)
class Income:
    """What a net gain of the year makes of a profile's income, dollars."""

    agi_usd: float
    # adjusted gross income less deductions; negative when they exceed it
    taxable_usd: float
    # alternative minimum taxable income
    minimum_taxable_usd: float
    # dividends, other investment income and the net gain or allowed loss (IRC 1411)
    investment_usd: float


@dataclass(frozen=True, slots=True)
class Computed:
    """A return with one of the deductions a filer may choose, dollars."""

    income: Income
    income_tax_usd: float
    amt_usd: float


def agi_with(profile: TaxProfile, gain_in_income_usd: float, law: Law) -> float:
    """Adjusted gross income once a net gain (or an allowed loss, negative) is on the return, dollars."""
    other = profile.ordinary_income_usd + profile.qualified_dividends_usd + gain_in_income_usd
    figures = law.of(profile.status)
    if profile.status is FilingStatus.TRUST:
        # a trust's costs and exemption come off in arriving at its adjusted gross income (IRC 67(e))
        return other - (profile.itemized_deductions_usd or 0.0) - figures.exemption_usd
    return other + taxable_benefits_usd(
        profile.social_security_usd, other, profile.tax_exempt_interest_usd, figures, law
    )


def income_with(profile: TaxProfile, gain_in_income_usd: float, law: Law, *, larger: bool = True) -> Income:
    """Income and deductions once a net gain (or an allowed loss, negative) is on the return.

    `larger` takes the larger of standard and itemized deductions, else the smaller.
    """
    agi = agi_with(profile, gain_in_income_usd, law)
    added_back = law.of(profile.status).exemption_usd if profile.status is FilingStatus.TRUST else 0.0
    taken = deductions(profile, agi, law, larger=larger)
    return Income(
        agi_usd=agi,
        taxable_usd=agi - taken.regular_usd,
        minimum_taxable_usd=agi + added_back - taken.minimum_tax_usd,
        investment_usd=profile.other_investment_income_usd + profile.qualified_dividends_usd + gain_in_income_usd,
    )


def year_gains(
    profile: TaxProfile,
    short_gain_usd: float,
    long_gain_usd: float,
    law: Law,
    collectible_gain_usd: float = 0.0,
) -> NetGains:
    """Schedule D of the year: gains so far, carryforwards in, and the extra gains."""
    return net_gains(
        profile.short_realized_usd + short_gain_usd,
        profile.long_realized_usd + long_gain_usd,
        loss_limit_usd=law.of(profile.status).loss_limit_usd,
        short_carryforward_usd=profile.short_carryforward_usd,
        long_carryforward_usd=profile.long_carryforward_usd,
        collectible_usd=collectible_gain_usd,
    )


def best_return(profile: TaxProfile, gains: NetGains, law: Law) -> Computed:
    """The return with the deductions that leave less tax.

    Those are the larger ones, but where the minimum tax, which knows no standard deduction, makes it pay to itemize
    less than that (IRC 63(e)(1), 56(b)(1)(D)).
    """
    larger = _return_with(profile, gains, law, larger=True)
    if larger.amt_usd <= 0.0 or profile.itemized_deductions_usd is None:
        return larger
    smaller = _return_with(profile, gains, law, larger=False)
    return min(larger, smaller, key=lambda each: each.income_tax_usd + each.amt_usd)


def _return_with(profile: TaxProfile, gains: NetGains, law: Law, *, larger: bool) -> Computed:
    figures = law.of(profile.status)
    income = income_with(profile, gains.in_income_usd, law, larger=larger)
    regular = stacked_tax(max(0.0, income.taxable_usd), profile.qualified_dividends_usd, gains, figures, law)
    return Computed(income, regular.tax_usd, amt_usd(income.minimum_taxable_usd, regular, figures, law))


def tax_bill(
    profile: TaxProfile,
    short_gain_usd: float = 0.0,
    long_gain_usd: float = 0.0,
    *,
    law: Law,
    estimate: bool = False,
    collectible_gain_usd: float = 0.0,
) -> TaxBill:
    """The bill of the year with extra gains (negative: losses) on top of what the profile has realised so far.

    `collectible_gain_usd` is the part of `long_gain_usd` from collectibles. `estimate` marks another year's law.
    ValueError for a grantor trust, whose grantor pays, and for an unknown state.
    """
    figures = law.of(profile.status)
    gains = year_gains(profile, short_gain_usd, long_gain_usd, law, collectible_gain_usd)
    best = best_return(profile, gains, law)
    income = best.income
    carried = carry_over(gains, income.taxable_usd + figures.exemption_usd)
    return TaxBill(
        taxpayer=profile.taxpayer,
        status=profile.status,
        law_year=law.year,
        estimate=estimate,
        short_net_usd=gains.short_usd,
        long_net_usd=gains.long_usd,
        gain_in_income_usd=gains.in_income_usd,
        agi_usd=income.agi_usd,
        taxable_income_usd=max(0.0, income.taxable_usd),
        income_tax_usd=best.income_tax_usd,
        niit_usd=niit_usd(income.investment_usd, income.agi_usd, figures, law),
        amt_usd=best.amt_usd,
        state_usd=state_tax_usd(state_rates(profile, law.year), profile, gains),
        short_carryforward_usd=carried.short_usd,
        long_carryforward_usd=carried.long_usd,
    )


def marginal_rates(profile: TaxProfile, short_gain_usd: float, long_gain_usd: float, law: Law) -> tuple[float, float]:
    """Tax on one more dollar of short-term and of long-term gain (0..1), every phase-out included."""
    base = tax_bill(profile, short_gain_usd, long_gain_usd, law=law).total_usd
    short = tax_bill(profile, short_gain_usd + 1.0, long_gain_usd, law=law).total_usd - base
    long = tax_bill(profile, short_gain_usd, long_gain_usd + 1.0, law=law).total_usd - base
    return short, long
