"""Tax on a return with long-term gains or qualified dividends, by the worksheets of the IRS, line by line.

Qualified Dividends and Capital Gain Tax Worksheet (25 lines, instructions of Form 1040), and the Schedule D Tax
Worksheet (47 lines, instructions of Schedule D) where gain on collectibles is taxed at up to 28 %.
"""

from dataclasses import dataclass

from rebal_xl.tax.law import Law, StatusLaw
from rebal_xl.tax.netting import NetGains
from rebal_xl.tax.ordinary import schedule_tax_usd


@dataclass(frozen=True, slots=True)
class Stacking:
    """How taxable income divides, dollars: what the alternative minimum tax takes over from the worksheets."""

    # qualified dividends and gain taxed at 0/15/20 % (line 4 of the one, line 13 of the other worksheet)
    preferential_usd: float
    # taxable income below it, which decides where the 0 % band ends (line 5; line 14)
    below_zero_band_usd: float
    # what lies below the 15 % band (line 5; line 21)
    below_fifteen_band_usd: float
    # regular income tax
    tax_usd: float


def stacked_tax(
    taxable_usd: float, qualified_dividends_usd: float, gains: NetGains, figures: StatusLaw, law: Law
) -> Stacking:
    """Regular income tax by the worksheet that applies; `taxable_usd` is taxable income, not below zero."""
    if gains.collectible_usd > 0.0 and gains.long_usd > 0.0 and gains.total_usd > 0.0:
        return _schedule_d_worksheet(taxable_usd, qualified_dividends_usd, gains, figures, law)
    return _dividends_and_gain_worksheet(taxable_usd, qualified_dividends_usd, gains, figures, law)


def _dividends_and_gain_worksheet(
    line_1: float, line_2: float, gains: NetGains, figures: StatusLaw, law: Law
) -> Stacking:
    _, middle, high = law.gain_rates
    line_3 = gains.preferential_usd
    line_4 = line_2 + line_3
    line_5 = max(0.0, line_1 - line_4)
    line_6 = figures.zero_rate_top_usd
    line_7 = min(line_1, line_6)
    line_8 = min(line_5, line_7)
    line_9 = line_7 - line_8  # taxed at 0 %
    line_10 = min(line_1, line_4)
    line_11 = line_9
    line_12 = line_10 - line_11
    line_13 = figures.fifteen_rate_top_usd
    line_14 = min(line_1, line_13)
    line_15 = line_5 + line_9
    line_16 = max(0.0, line_14 - line_15)
    line_17 = min(line_12, line_16)
    line_18 = middle * line_17
    line_19 = line_9 + line_17
    line_20 = line_10 - line_19
    line_21 = high * line_20
    line_22 = schedule_tax_usd(figures.brackets, line_5)
    line_23 = line_18 + line_21 + line_22
    line_24 = schedule_tax_usd(figures.brackets, line_1)
    line_25 = min(line_23, line_24)
    return Stacking(line_4, line_5, line_5, line_25)


def _schedule_d_worksheet(line_1: float, line_2: float, gains: NetGains, figures: StatusLaw, law: Law) -> Stacking:
    _, middle, high = law.gain_rates
    # lines 3-5 and 8 concern investment interest, 19 of Schedule D concerns depreciated buildings: none here
    line_6 = max(0.0, line_2)
    line_9 = gains.preferential_usd
    line_10 = line_6 + line_9
    line_11 = gains.collectible_usd
    line_12 = min(line_9, line_11)
    line_13 = line_10 - line_12
    line_14 = max(0.0, line_1 - line_13)
    line_16 = min(line_1, figures.zero_rate_top_usd)
    line_17 = min(line_14, line_16)
    line_18 = max(0.0, line_1 - line_10)
    line_19 = min(line_1, figures.top_of_24_usd)
    line_20 = min(line_14, line_19)
    line_21 = max(line_18, line_20)  # gain on collectibles is taxed below 28 % where the ordinary rate is lower
    line_22 = line_16 - line_17  # taxed at 0 %
    line_23 = min(line_1, line_13)
    line_25 = max(0.0, line_23 - line_22)
    line_27 = min(line_1, figures.fifteen_rate_top_usd)
    line_28 = line_21 + line_22
    line_29 = max(0.0, line_27 - line_28)
    line_30 = min(line_25, line_29)
    line_31 = middle * line_30
    line_32 = line_22 + line_30
    line_33 = line_23 - line_32
    line_34 = high * line_33
    line_41 = line_21 + line_22 + line_30 + line_33
    line_42 = max(0.0, line_1 - line_41)
    line_43 = law.collectibles_rate * line_42
    line_44 = schedule_tax_usd(figures.brackets, line_21)
    line_45 = line_31 + line_34 + line_43 + line_44
    line_46 = schedule_tax_usd(figures.brackets, line_1)
    return Stacking(line_13, line_14, line_21, min(line_45, line_46))
