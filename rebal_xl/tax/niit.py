"""Net investment income tax (IRC 1411, Form 8960)."""

from rebal_xl.tax.law import Law, StatusLaw


def niit_usd(investment_income_usd: float, agi_usd: float, figures: StatusLaw, law: Law) -> float:
    """Tax on the lesser of net investment income and income over the threshold, neither below zero.

    `investment_income_usd` holds dividends, interest and the net gain, or the allowed loss as a negative number.
    A trust is taxed on the undistributed part over the start of its top bracket (IRC 1411(a)(2)).
    """
    over_threshold = max(0.0, agi_usd - figures.niit_threshold_usd)
    return law.niit_rate * min(max(0.0, investment_income_usd), over_threshold)
