"""Rate schedules: tax on ordinary taxable income (IRC 1)."""

from rebal_xl.tax.law import Bracket


def schedule_tax_usd(brackets: tuple[Bracket, ...], taxable_usd: float) -> float:
    """Tax on taxable income by the schedule; below zero there is none.

    The printed Tax Table taxes the middle of a 50-dollar band below 100,000 and differs by a few dollars.
    """
    for bracket in reversed(brackets):
        if taxable_usd > bracket.over_usd:
            return bracket.tax_below_usd + bracket.rate * (taxable_usd - bracket.over_usd)
    return 0.0
