"""The bill of a year as `rebal_xl.tax_bill` gives it: the law is found by the year, not handed in."""

from rebal_xl.household import TaxBill, TaxProfile
from rebal_xl.tax.law import known_years, load_law
from rebal_xl.tax.liability import tax_bill as bill_under


def tax_bill(
    profile: TaxProfile,
    short_gain_usd: float = 0.0,
    long_gain_usd: float = 0.0,
    *,
    law_year: int | None = None,
    collectible_gain_usd: float = 0.0,
) -> TaxBill:
    """The bill of a taxpayer's year with extra gains (negative: losses) on top of what the profile has realised.

    The law is that of `law_year`, else of the profile's law year, else of the latest year known; never the clock's.
    `collectible_gain_usd` is the part of `long_gain_usd` from collectibles. Raises LawMissing for a year without law,
    ValueError for a grantor trust and for an unknown state.
    """
    law = load_law(law_year or profile.law_year or known_years()[-1])
    return bill_under(profile, short_gain_usd, long_gain_usd, law=law, collectible_gain_usd=collectible_gain_usd)
