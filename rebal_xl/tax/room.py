"""The room left in a year: how much more long-term gain is taxed at 0 % and at 15 %, and income before NIIT begins.

A further dollar of long-term gain may first replace losses, then fill the 0 % band, then the 15 % band. Income moves
with it by more than a dollar where Social Security becomes taxable or deductions shrink, so the ends are searched for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rebal_xl.household import TaxProfile
from rebal_xl.tax.law import Law
from rebal_xl.tax.liability import best_return, year_gains

# Halvings of a range of dollars: from a billion to far below a cent.
HALVINGS = 60
# Dollars that rounding may put on a sum.
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Room:
    """Dollars of further long-term gain by what becomes of it, one stretch after the other."""

    # set against losses that would be carried on: no tax this year
    absorbed_usd: float
    # replaces losses deducted from other income or short-term gain: taxed as ordinary income
    ordinary_usd: float
    # regular income tax of 0 % and of 15 % before 20 % begins
    at_low_rate_usd: float
    at_middle_rate_usd: float
    # further adjusted gross income, of any kind, before net investment income tax can begin
    before_niit_usd: float


def room_left(profile: TaxProfile, short_gain_usd: float, long_gain_usd: float, law: Law) -> Room:
    """The room left after the year's gains so far and the given ones; ValueError for a grantor trust.

    The rates are those of the regular income tax: `marginal_rates` knows what a dollar costs with everything else.
    """
    figures = law.of(profile.status)
    gains = year_gains(profile, short_gain_usd, long_gain_usd, law)
    absorbed = max(0.0, -gains.total_usd - figures.loss_limit_usd)
    # from here on a dollar more of long gain is a dollar more of preferential gain
    preferential_from = max(0.0, -gains.long_usd, -gains.total_usd)

    def taxable(more_usd: float) -> float:
        raised = year_gains(profile, short_gain_usd, long_gain_usd + more_usd, law)
        return best_return(profile, raised, law).income.taxable_usd

    low_end = max(preferential_from, _reach(taxable, figures.zero_rate_top_usd, absorbed))
    middle_end = max(low_end, _reach(taxable, figures.fifteen_rate_top_usd, absorbed))
    return Room(
        absorbed_usd=absorbed,
        ordinary_usd=preferential_from - absorbed,
        at_low_rate_usd=low_end - preferential_from,
        at_middle_rate_usd=middle_end - low_end,
        before_niit_usd=max(0.0, figures.niit_threshold_usd - best_return(profile, gains, law).income.agi_usd),
    )


def _reach(income: Callable[[float], float], top_usd: float, still_usd: float) -> float:
    """Dollars of further gain with which income reaches a top; it stands still for the first ones, then rises with
    every dollar by a dollar or more."""
    most = still_usd + top_usd - income(0.0)
    if most <= still_usd:
        return 0.0
    if income(most) <= top_usd + ROUNDING:
        return most
    least = 0.0
    for _ in range(HALVINGS):
        middle = (least + most) / 2.0
        if income(middle) <= top_usd:
            least = middle
        else:
            most = middle
    return least
