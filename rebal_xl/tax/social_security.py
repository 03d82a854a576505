"""How much of social security is taxed (IRC 86): it grows with every other income, gains included."""

from rebal_xl.tax.law import Law, StatusLaw


def taxable_benefits_usd(
    benefits_usd: float, other_income_usd: float, exempt_interest_usd: float, figures: StatusLaw, law: Law
) -> float:
    """Taxable part of the year's benefits.

    `other_income_usd` is adjusted gross income without the benefits (net gains included). Married people filing
    separately are taken to have lived together, which makes their base amounts zero (IRC 86(c)(1)(C)(ii)).
    """
    if benefits_usd <= 0.0:
        return 0.0
    half, most = law.social_security_rates
    first, second = figures.social_security_bases_usd
    provisional = other_income_usd + exempt_interest_usd + half * benefits_usd
    if provisional <= first:
        return 0.0
    lower_tier = min(half * benefits_usd, half * (min(provisional, second) - first))
    upper_tier = most * max(0.0, provisional - second)
    return min(lower_tier + upper_tier, most * benefits_usd)
