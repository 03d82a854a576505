"""What gains of this year add to Medicare premiums two years on (IRMAA): a line of its own, no part of the tax bill.

The steps are cliffs: one dollar over an edge costs a year of higher premiums for everyone of the household on Medicare.
The edges of the year in question are not published yet when the gain is realised, so the answer is an estimate.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rebal_xl.household import FilingStatus, TaxBill, TaxProfile

# A return decides the premiums of the second year after it (42 U.S.C. 1395r(i)(4)(B)).
YEARS_LATER = 2
MONTHS = 12


@dataclass(frozen=True, slots=True)
class MedicareSurcharge:
    """What Medicare adds to a household's premiums in one year; never part of `TaxBill.total_usd`."""

    # year of the premiums, and the year whose published steps were used
    premium_year: int
    steps_of: int
    # adjusted gross income plus tax-exempt interest of two years before, dollars
    income_usd: float
    # filers on Medicare
    people: int
    # 0 for the standard premium, else the number of the step
    step: int
    # Parts B and D over the standard premium, for all of them, dollars a year
    yearly_usd: float
    # income beyond which the next step begins; None on the last one
    next_step_over_usd: float | None
    source: str

    @property
    def estimate(self) -> bool:
        """True when another year's steps stand in for steps that are not published."""
        return self.premium_year != self.steps_of


def surcharge(income_usd: float, status: FilingStatus, people: int, premium_year: int) -> MedicareSurcharge:
    """The surcharge of a year for `people` on Medicare whose return of two years before had that income.

    Separate filers are taken to live together. ValueError for a trust, which has no Medicare.
    """
    used = _steps_year(premium_year)
    table = _table()[str(used)]
    steps = table[_column(status)]
    reached = sum(income_usd > over for over, _, _ in steps)
    if table["last_includes_edge"] and income_usd == steps[-1][0]:
        reached = len(steps)
    monthly = sum(steps[reached - 1][1:]) if reached else 0.0
    return MedicareSurcharge(
        premium_year=premium_year,
        steps_of=used,
        income_usd=income_usd,
        people=people,
        step=reached,
        yearly_usd=MONTHS * people * float(monthly),
        next_step_over_usd=float(steps[reached][0]) if reached < len(steps) else None,
        source=table["source"],
    )


def surcharge_after(profile: TaxProfile, bill: TaxBill, year: int) -> MedicareSurcharge:
    """What the income of `bill`, the return of `year`, does to the premiums two years later.

    Everybody of 65 or more is taken to be on Medicare Parts B and D; somebody of 63 now is not counted.
    """
    income = bill.agi_usd + profile.tax_exempt_interest_usd
    return surcharge(income, profile.status, profile.aged_65, year + YEARS_LATER)


def surcharge_now(profile: TaxProfile, year: int) -> MedicareSurcharge | None:
    """The surcharge of this year by the income of two years ago; None where the profile does not give it."""
    if profile.magi_two_years_ago_usd is None:
        return None
    return surcharge(profile.magi_two_years_ago_usd, profile.status, profile.aged_65, year)


def _column(status: FilingStatus) -> str:
    if status in (FilingStatus.TRUST, FilingStatus.GRANTOR_TRUST):
        raise ValueError("A trust has no Medicare premiums. Use the tax profile of the person.")
    if status is FilingStatus.MFJ:
        return "joint"
    return "separate" if status is FilingStatus.MFS else "single"


def _steps_year(premium_year: int) -> int:
    return min((int(year) for year in _table()), key=lambda each: (abs(each - premium_year), -each))


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads((files("rebal_xl.tax") / "law" / "medicare.toml").read_text(encoding="utf-8"))
