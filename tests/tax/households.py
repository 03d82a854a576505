"""Households and hypothesis strategies the tax tests share."""

from hypothesis import strategies as st

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax import known_years, load_law

PERSONS = (FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS, FilingStatus.HOH, FilingStatus.QSS)
FILERS = (*PERSONS, FilingStatus.TRUST)


def couple(ordinary: float = 250_000.0, **given) -> TaxProfile:
    """A couple with wages."""
    return TaxProfile("Ann and Bob", FilingStatus.MFJ, ordinary_income_usd=ordinary, **given)


def single(ordinary: float = 100_000.0, **given) -> TaxProfile:
    """One person with wages."""
    return TaxProfile("Ann", FilingStatus.SINGLE, ordinary_income_usd=ordinary, **given)


def trust(interest: float = 0.0, **given) -> TaxProfile:
    """A non-grantor trust with interest, all of it net investment income."""
    return TaxProfile(
        "Trust",
        FilingStatus.TRUST,
        ordinary_income_usd=interest,
        other_investment_income_usd=interest,
        **given,
    )


def dollars(least: float, most: float) -> st.SearchStrategy[float]:
    """Amounts to the cent."""
    return st.floats(least, most).map(lambda value: round(value, 2))


laws = st.sampled_from(known_years()).map(load_law)


# states that the two rates describe, and all those with rules of their own but the cliff of Maryland
PLAIN_STATES = ("", "CA", "SC", "TX", "NY")
STATES = (*PLAIN_STATES, "MA", "ME", "MN", "NJ", "NM", "PA", "VT", "WA")


@st.composite
def plain_profiles(draw: st.DrawFn) -> TaxProfile:
    """Profiles whose income and deductions do not move with gains."""
    return TaxProfile(
        "Anybody",
        draw(st.sampled_from(FILERS)),
        state=draw(st.sampled_from(PLAIN_STATES)),
        ordinary_income_usd=draw(dollars(-50_000, 1_500_000)),
        qualified_dividends_usd=draw(dollars(0, 200_000)),
        other_investment_income_usd=draw(dollars(-50_000, 200_000)),
        tax_exempt_interest_usd=draw(dollars(0, 50_000)),
        blind=draw(st.integers(0, 2)),
        short_realized_usd=draw(dollars(-200_000, 200_000)),
        long_realized_usd=draw(dollars(-200_000, 200_000)),
        short_carryforward_usd=draw(dollars(0, 100_000)),
        long_carryforward_usd=draw(dollars(0, 100_000)),
    )


@st.composite
def any_profiles(draw: st.DrawFn) -> TaxProfile:
    """Profiles with everything that moves with gains: social security, age, itemized deductions, state tax paid."""
    status = draw(st.sampled_from(FILERS))
    person = status is not FilingStatus.TRUST
    return TaxProfile(
        "Anybody",
        status,
        state=draw(st.sampled_from(STATES)),
        ordinary_income_usd=draw(dollars(-50_000, 1_500_000) | dollars(0, 100_000)),
        qualified_dividends_usd=draw(dollars(0, 200_000)),
        other_investment_income_usd=draw(dollars(-50_000, 200_000)),
        tax_exempt_interest_usd=draw(dollars(0, 50_000)),
        social_security_usd=draw(dollars(0, 90_000)) if person else 0.0,
        itemized_deductions_usd=draw(st.none() | dollars(0, 150_000)),
        state_local_tax_usd=draw(dollars(0, 80_000)),
        aged_65=draw(st.integers(0, 2)),
        blind=draw(st.integers(0, 2)),
        short_realized_usd=draw(dollars(-200_000, 200_000)),
        long_realized_usd=draw(dollars(-200_000, 200_000)),
        short_carryforward_usd=draw(dollars(0, 100_000)),
        long_carryforward_usd=draw(dollars(0, 100_000)),
    )
