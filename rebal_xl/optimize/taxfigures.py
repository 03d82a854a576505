"""What goes into a taxpayer's rows of the program, and what comes out. All money in thousands of dollars."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaxConstants:
    """A taxpayer's year as the rows need it, thousands of dollars."""

    # taxable ordinary income without gains and qualified dividends; may be negative
    ordinary: float
    qualified_dividends: float
    # (upper limit, rate) of each bracket, last limit infinite
    brackets: tuple[tuple[float, float], ...]
    zero_top: float
    fifteen_top: float
    # rate between the two, and what comes on top beyond (15 % and 5 %; IRC 1(h)(1))
    middle_rate: float
    high_extra: float
    # where the brackets end whose rates collectibles pay too, the rate beyond, and long losses carried in
    top_of_24: float
    collectibles_rate: float
    long_carried: float
    loss_limit: float
    # min(other net investment income, AGI without gains less threshold)
    niit_base: float
    niit_rate: float
    # kinks of what moves with the net gain: (net gain, taxable income moved, adjusted gross income moved)
    moving: tuple[tuple[float, float, float], ...]
    # whether the NIIT follows income over its threshold, so that what moves counts there too
    niit_by_income: bool
    state_short: float
    state_long: float
    # alternative minimum tax: income without gains, exemption, what comes on top once it is gone, its phase-out, rates
    minimum_taxable: float
    amt_exemption: float
    amt_most_added: float
    amt_start: float
    amt_phaseout: float
    amt_rates: tuple[float, float]
    amt_28_over: float


@dataclass(frozen=True, slots=True)
class Range:
    """Reachable values of the year's short and long net."""

    short_low: float
    short_high: float
    long_low: float
    long_high: float

    @property
    def net_low(self) -> float:
        """Lowest sum."""
        return self.short_low + self.long_low

    @property
    def net_high(self) -> float:
        """Highest sum."""
        return self.short_high + self.long_high


# A linear form: columns with coefficients.
Form = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class TaxColumns:
    """Where a taxpayer's tax is in the program."""

    # tax = sum of coefficient * column, at the optimum
    tax: Form
    # net gain or allowed loss in income
    income: int
    # binaries of the block
    binaries: tuple[int, ...]


def schedule(base: float, brackets: tuple[tuple[float, float], ...]) -> float:
    """Tax on ordinary taxable income by the rate schedule."""
    tax, floor = 0.0, 0.0
    for top, rate in brackets:
        if base > floor:
            tax += (min(base, top) - floor) * rate
        floor = top
    return tax
