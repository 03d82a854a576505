"""Alternative minimum tax (IRC 55, Form 6251).

Long-term gains keep their rates in it, but they use up the exemption, from 2026 twice as fast: so a large gain can
bring a tax that none of the rate tables shows.
"""

from rebal_xl.household import FilingStatus
from rebal_xl.tax.law import Law, StatusLaw
from rebal_xl.tax.preferential import Stacking


def amt_usd(minimum_taxable_usd: float, regular: Stacking, figures: StatusLaw, law: Law) -> float:
    """What the alternative minimum tax adds to regular income tax.

    `minimum_taxable_usd` is alternative minimum taxable income: adjusted gross income less the deductions that count.
    """
    line_4 = minimum_taxable_usd + _separate_filer_addition(minimum_taxable_usd, figures, law)
    line_6 = max(0.0, line_4 - exemption_usd(line_4, figures, law))
    if line_6 <= 0.0:
        return 0.0
    return max(0.0, _tentative_tax(line_6, regular, figures, law) - regular.tax_usd)


def exemption_usd(minimum_taxable_usd: float, figures: StatusLaw, law: Law) -> float:
    """The exemption left at an alternative minimum taxable income (IRC 55(d))."""
    over = max(0.0, minimum_taxable_usd - figures.amt_phaseout_start_usd)
    return max(0.0, figures.amt_exemption_usd - law.amt_phaseout_rate * over)


def _separate_filer_addition(minimum_taxable_usd: float, figures: StatusLaw, law: Law) -> float:
    """Married people filing separately add income once their exemption is gone, up to the exemption again."""
    if figures.status is not FilingStatus.MFS:
        return 0.0
    gone_at = figures.amt_phaseout_start_usd + figures.amt_exemption_usd / law.amt_phaseout_rate
    return min(figures.amt_exemption_usd, law.amt_phaseout_rate * max(0.0, minimum_taxable_usd - gone_at))


def _tentative_tax(line_12: float, regular: Stacking, figures: StatusLaw, law: Law) -> float:
    """Form 6251 Part III; its line numbers."""
    _, middle, high = law.gain_rates
    line_13 = regular.preferential_usd
    line_16 = min(line_12, line_13)
    line_17 = line_12 - line_16
    line_18 = _flat_tax(line_17, figures, law)
    line_21 = max(0.0, figures.zero_rate_top_usd - regular.below_zero_band_usd)
    line_22 = min(line_12, line_13)
    line_23 = min(line_21, line_22)  # taxed at 0 %
    line_24 = line_22 - line_23
    line_28 = line_21 + regular.below_fifteen_band_usd
    line_29 = max(0.0, figures.fifteen_rate_top_usd - line_28)
    line_30 = min(line_24, line_29)
    line_33 = line_22 - (line_23 + line_30)
    line_38 = line_18 + middle * line_30 + high * line_33
    line_39 = _flat_tax(line_12, figures, law)
    return min(line_38, line_39)


def _flat_tax(base_usd: float, figures: StatusLaw, law: Law) -> float:
    low, high = law.amt_rates
    return low * base_usd + (high - low) * max(0.0, base_usd - figures.amt_28_over_usd)
