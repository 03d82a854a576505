"""A second, separate tax return for 2026, single, joint and of a trust: what tests hold the product's figures against.

Written from the forms line by line (Schedule D and its carryover worksheet, the Qualified Dividends and Capital Gain
Tax Worksheet, Forms 8960 and 6251), for collectibles from the letter of IRC 1(h), and sharing no code with the product.
Figures: Rev. Proc. 2025-32, P.L. 119-21, and IRC 1411 and 1211, which are not indexed. Left out: itemised deductions,
Social Security, age.
"""

from dataclasses import dataclass

EVERYTHING = float("inf")


@dataclass(frozen=True)
class Figures:
    """One status's figures, dollars."""

    # (taxable income up to, rate)
    brackets: tuple[tuple[float, float], ...]
    zero_to: float
    fifteen_to: float
    standard_deduction: float
    niit_over: float
    amt_exemption: float
    amt_phase_out: float
    # a trust's, off its adjusted gross income (IRC 642(b)(2)(A)); not allowed for the minimum tax
    exemption: float = 0.0


RATES = (0.10, 0.12, 0.22, 0.24, 0.32, 0.35, 0.37)
FIGURES = {
    "single": Figures(
        tuple(zip((12_400, 50_400, 105_700, 201_775, 256_225, 640_600, EVERYTHING), RATES, strict=True)),
        zero_to=49_450,
        fifteen_to=545_500,
        standard_deduction=16_100,
        niit_over=200_000,
        amt_exemption=90_100,
        amt_phase_out=500_000,
    ),
    "MFJ": Figures(
        tuple(zip((24_800, 100_800, 211_400, 403_550, 512_450, 768_700, EVERYTHING), RATES, strict=True)),
        zero_to=98_900,
        fifteen_to=613_700,
        standard_deduction=32_200,
        niit_over=250_000,
        amt_exemption=140_200,
        amt_phase_out=1_000_000,
    ),
    # a complex trust that keeps its gains (Form 1041)
    "non-grantor trust": Figures(
        ((3_300, 0.10), (11_700, 0.24), (16_000, 0.35), (EVERYTHING, 0.37)),
        zero_to=3_300,
        fifteen_to=16_250,
        standard_deduction=0,
        niit_over=16_000,
        amt_exemption=31_400,
        amt_phase_out=104_800,
        exemption=100,
    ),
}
LOSS_LIMIT = 3_000.0
AMT_26_TO = 244_500.0


@dataclass(frozen=True)
class Year:
    """One return: the income of the year and what Schedule D starts from, dollars."""

    status: str
    # everything ordinary: wages, interest, IRA withdrawals, non-qualified dividends
    ordinary: float
    qualified_dividends: float = 0.0
    # the part of `ordinary` that is net investment income
    other_investment: float = 0.0
    # gains and losses of the year, and carryovers from earlier years as positive losses
    short: float = 0.0
    long: float = 0.0
    short_carryover: float = 0.0
    long_carryover: float = 0.0
    # the part of `long` that is on collectibles
    collectible: float = 0.0


@dataclass(frozen=True)
class Liability:
    """What the return comes to, dollars."""

    agi: float
    taxable: float
    # net gain, or the loss allowed, in income
    gain: float
    income_tax: float
    niit: float
    amt: float
    short_carryover: float
    long_carryover: float

    @property
    def total(self) -> float:
        return self.income_tax + self.niit + self.amt


def file_return(year: Year) -> Liability:
    """Fill in the forms."""
    figures = FIGURES[year.status]
    line7 = year.short - year.short_carryover
    line15 = year.long - year.long_carryover
    line16 = line7 + line15
    gain = line16 if line16 >= 0 else -min(LOSS_LIMIT, -line16)
    agi = year.ordinary + year.qualified_dividends + gain - figures.exemption
    before_floor = agi - figures.standard_deduction
    taxable = max(0.0, before_floor)
    net_long = min(line15, line16) if line15 > 0 and line16 > 0 else 0.0
    # IRC 1(h)(4): collectibles less long losses carried in and the net short loss
    rate_28 = min(net_long, max(0.0, year.collectible - year.long_carryover + min(0.0, line7)))
    adjusted = year.qualified_dividends + net_long - rate_28
    if rate_28 > 0:
        income_tax, ordinary_part, schedule_part = _section_1h(figures, taxable, rate_28, adjusted)
    else:
        income_tax, ordinary_part = _worksheet(figures, taxable, adjusted)
        schedule_part = ordinary_part
    investment = max(0.0, year.other_investment + year.qualified_dividends + gain)
    niit = 0.038 * min(investment, max(0.0, agi - figures.niit_over))
    amt = _form_6251(figures, agi + figures.exemption, adjusted, (ordinary_part, schedule_part), income_tax)
    short_left, long_left = _carryover(before_floor, line7, line15, line16)
    return Liability(agi, taxable, gain, income_tax, niit, amt, short_left, long_left)


def _schedule(figures: Figures, income: float) -> float:
    tax, low = 0.0, 0.0
    for top, rate in figures.brackets:
        tax += rate * max(0.0, min(income, top) - low)
        low = top
    return tax


def _worksheet(figures: Figures, line1: float, line4: float) -> tuple[float, float]:
    """Lines 1 to 25 of the Qualified Dividends and Capital Gain Tax Worksheet; also its line 5."""
    line5 = max(0.0, line1 - line4)
    line7 = min(line1, figures.zero_to)
    line8 = min(line5, line7)
    line9 = line7 - line8
    line10 = min(line1, line4)
    line12 = line10 - line9
    line14 = min(line1, figures.fifteen_to)
    line15 = line5 + line9
    line17 = min(line12, max(0.0, line14 - line15))
    line20 = line10 - (line9 + line17)
    line23 = 0.15 * line17 + 0.20 * line20 + _schedule(figures, line5)
    return min(line23, _schedule(figures, line1)), line5


def _section_1h(figures: Figures, taxable: float, rate_28: float, adjusted: float) -> tuple[float, float, float]:
    """IRC 1(h)(1) with gain taxed at 28 %; also taxable income less adjusted net capital gain, and what (A) taxes.

    `adjusted` is the adjusted net capital gain of (h)(3), qualified dividends in it (h)(11): with the 28-percent rate
    gain it is the net capital gain. The amount taxed below 25 % in (A)(ii)(I) ends with the 24 % bracket.
    """
    below_25 = max(top for top, rate in figures.brackets if rate < 0.25)
    less_adjusted = max(0.0, taxable - adjusted)
    part_a = max(0.0, taxable - (adjusted + rate_28), min(below_25, less_adjusted))
    gain = min(adjusted, taxable)
    part_b = min(gain, max(0.0, min(taxable, figures.zero_to) - less_adjusted))
    part_c = min(gain - part_b, max(0.0, min(taxable, figures.fifteen_to) - (part_a + part_b)))
    part_d = gain - part_b - part_c
    part_f = max(0.0, taxable - (part_a + part_b + part_c + part_d))
    tax = _schedule(figures, part_a) + 0.15 * part_c + 0.20 * part_d + 0.28 * part_f
    return min(tax, _schedule(figures, taxable)), less_adjusted, part_a


def _two_rates(base: float) -> float:
    return 0.26 * base if base <= AMT_26_TO else 0.28 * base - 0.02 * AMT_26_TO


def _form_6251(figures: Figures, agi: float, preferential: float, below: tuple[float, float], regular: float) -> float:
    """Parts I to III with no preference items: the standard deduction is not allowed.

    `below` is what lies below the 0 % band and below the 15 % band.
    """
    below_zero, below_fifteen = below
    exemption = max(0.0, figures.amt_exemption - 0.50 * max(0.0, agi - figures.amt_phase_out))
    line6 = max(0.0, agi - exemption)
    line16 = min(line6, preferential)
    line18 = _two_rates(line6 - line16)
    zero_left = max(0.0, figures.zero_to - below_zero)
    at_zero = min(zero_left, line16)
    fifteen_left = max(0.0, figures.fifteen_to - (zero_left + below_fifteen))
    at_fifteen = min(line16 - at_zero, fifteen_left)
    at_twenty = line16 - at_zero - at_fifteen
    tentative = min(line18 + 0.15 * at_fifteen + 0.20 * at_twenty, _two_rates(line6))
    return max(0.0, tentative - regular)


def _carryover(line1: float, line7: float, line15: float, line16: float) -> tuple[float, float]:
    """Lines 1 to 13 of the Capital Loss Carryover Worksheet; `line1` is taxable income before it is cut at zero."""
    if line16 >= 0:
        return 0.0, 0.0
    line2 = min(LOSS_LIMIT, -line16)
    line4 = min(line2, max(0.0, line1 + line2))
    short_left = max(0.0, -line7 - (line4 + max(0.0, line15))) if line7 < 0 else 0.0
    line11 = max(0.0, line4 - max(0.0, -line7))
    long_left = max(0.0, -line15 - (max(0.0, line7) + line11)) if line15 < 0 else 0.0
    return short_left, long_left
