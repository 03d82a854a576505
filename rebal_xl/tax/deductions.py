"""Deductions from adjusted gross income: standard or itemized, senior deduction, a trust's exemption.

All but the standard deduction and the exemption shrink as income grows, so a realised gain costs more than its rate.
The 0.5 % floor under charitable gifts (2026) is the advisor's to apply: profiles do not give gifts apart.
"""

from dataclasses import dataclass

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax.law import Law, StatusLaw


@dataclass(frozen=True, slots=True)
class Deductions:
    """What is taken off adjusted gross income, dollars."""

    # off regular taxable income
    regular_usd: float
    # off alternative minimum taxable income: itemized deductions other than taxes, not cut by IRC 68 (IRC 56(b)(1))
    minimum_tax_usd: float


def state_local_tax_usd(paid_usd: float, agi_usd: float, figures: StatusLaw, law: Law) -> float:
    """State and local tax that may be deducted: capped, and the cap shrinks to its floor (IRC 164(b)(6)-(7))."""
    shrink = law.salt_phaseout_rate * max(0.0, agi_usd - figures.salt_phaseout_start_usd)
    return min(paid_usd, max(figures.salt_cap_usd - shrink, figures.salt_floor_usd))


def senior_deduction_usd(aged_65: int, agi_usd: float, figures: StatusLaw, law: Law) -> float:
    """Deduction of filers aged 65 or more; each one's amount shrinks with income (IRC 151(d)(5)(C))."""
    shrink = law.senior_phaseout_rate * max(0.0, agi_usd - figures.senior_phaseout_start_usd)
    return aged_65 * max(0.0, figures.senior_deduction_usd - shrink)


def deductions(profile: TaxProfile, agi_usd: float, law: Law, *, larger: bool = True) -> Deductions:
    """The larger of standard and itemized deductions, and the senior deduction beside it.

    Not `larger`: the smaller one, which may be elected (IRC 63(e)).
    """
    figures = law.of(profile.status)
    if profile.status is FilingStatus.TRUST:
        # its costs and exemption are already off adjusted gross income; only taxes come after it
        taxes = state_local_tax_usd(profile.state_local_tax_usd, agi_usd, figures, law)
        return Deductions(regular_usd=taxes, minimum_tax_usd=0.0)
    senior = senior_deduction_usd(profile.aged_65, agi_usd, figures, law)
    standard = figures.standard_deduction_usd + figures.aged_or_blind_addition_usd * (profile.aged_65 + profile.blind)
    if profile.itemized_deductions_usd is not None:
        other = profile.itemized_deductions_usd
        allowed = other + state_local_tax_usd(profile.state_local_tax_usd, agi_usd, figures, law)
        itemized = allowed - _top_bracket_reduction(allowed, agi_usd, figures, law)
        if (itemized > standard) is larger:
            return Deductions(regular_usd=itemized + senior, minimum_tax_usd=other)
    return Deductions(regular_usd=standard + senior, minimum_tax_usd=0.0)


def _top_bracket_reduction(itemized_usd: float, agi_usd: float, figures: StatusLaw, law: Law) -> float:
    """IRC 68 from 2026: 2/37 of the lesser of the deductions and of income before them over the top bracket's start.

    Income before them is adjusted gross income: so far up the senior deduction has long shrunk to nothing.
    """
    over_top = max(0.0, agi_usd - figures.start_of_37_usd)
    return law.itemized_reduction_rate * min(itemized_usd, over_top)
