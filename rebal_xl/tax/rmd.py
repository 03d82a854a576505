"""Required minimum distributions: what the owner of a tax-deferred account must take out of it in a year.

Only the owner's own accounts, by the Uniform Lifetime Table. Inherited accounts follow rules of their own that ask for
dates nobody gives; the Joint Life Table (a spouse more than ten years younger who is the only beneficiary) asks for
less, and who the beneficiaries are is not known either.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

# The Uniform Lifetime Table below is that of distributions from this year (T.D. 9930).
FIRST_YEAR = 2022
# A spouse so many years younger, and the only beneficiary, lowers the distribution (Reg. 1.401(a)(9)-5(d)(1)(ii)).
YOUNGER_SPOUSE_YEARS = 10


@dataclass(frozen=True, slots=True)
class RequiredDistribution:
    """The least that must leave an account in one year."""

    amount_usd: float
    # years over which the table spreads the balance
    factor: float
    # age that the owner reaches in the year
    age: int
    # the first distribution ever: it may wait until April 1 of the next year (IRC 401(a)(9)(C))
    first: bool
    source: str


def required_distribution(prior_year_end_usd: float, born: date, year: int) -> RequiredDistribution | None:
    """What the owner must take in `year` from an account worth `prior_year_end_usd` on the December 31 before.

    None before the year in which distributions begin. ValueError for a year before the table (2022).
    IRC 401(a)(9)(C)(v) for the age, Treas. Reg. 1.401(a)(9)-9(c) for the factor.
    """
    table = _table()
    if year < FIRST_YEAR:
        raise ValueError(f"Distributions of {year} follow an older table.")
    age = year - born.year
    begins = next(int(begins) for before, begins in table["starts"] if born < before)
    if age < begins:
        return None
    factors = table["factors"]
    factor = float(factors[min(age - table["first_age"], len(factors) - 1)])
    return RequiredDistribution(
        amount_usd=max(0.0, prior_year_end_usd) / factor,
        factor=factor,
        age=age,
        first=age == begins,
        source=table["source"],
    )


def much_younger(spouse_born: date, owner_born: date) -> bool:
    """True when the spouse is more than ten years younger, by calendar year of birth (Reg. 1.401(a)(9)-5(d)(1)(ii))."""
    return spouse_born.year - owner_born.year > YOUNGER_SPOUSE_YEARS


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads((files("rebal_xl.tax") / "law" / "rmd.toml").read_text(encoding="utf-8"))
