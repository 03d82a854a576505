"""Location: what a dollar of a security, or of cash, costs its owner a year for lying in a taxable account.

The drag is what tax takes of the yearly return: of the yield by its kind, and of the part of the growth that a fund
realises and pays out. A tax-exempt fund is charged the yield it gives up instead. Elsewhere nothing is taxed by the
year, so the drag of tax-deferred, Roth and HSA accounts is nil.
"""

from dataclasses import dataclass, replace

from rebal_xl.household import Household, Security, TaxProfile
from rebal_xl.tax.law import Law
from rebal_xl.tax.liability import tax_bill
from rebal_xl.tax.state import least_state_tax, state_rates

# IRC 199A(b)(1)(B): a fifth of REIT dividends is deducted from taxable income, though not from investment income.
REIT_DEDUCTION = 0.2


@dataclass(frozen=True, slots=True)
class IncomeRates:
    """What a taxpayer pays on one more dollar of investment income (0..1)."""

    # federal on interest and on qualified dividends and long-term gains, NIIT included
    interest: float
    dividend: float
    # federal on a REIT dividend: a fifth is deducted, NIIT is on the whole
    reit: float
    # state on interest and dividends, and on long-term gains
    state_income: float
    state_gain: float


def income_rates(profile: TaxProfile, law: Law) -> IncomeRates:
    """Rates that one more dollar meets on top of the profile's income: all phase-outs included.

    ValueError for a grantor trust, whose grantor pays, and for an unknown state.
    """
    base = tax_bill(profile, law=law)
    with_interest = replace(
        profile,
        ordinary_income_usd=profile.ordinary_income_usd + 1.0,
        other_investment_income_usd=profile.other_investment_income_usd + 1.0,
    )
    with_dividends = replace(profile, qualified_dividends_usd=profile.qualified_dividends_usd + 1.0)
    on_interest = tax_bill(with_interest, law=law)
    interest = on_interest.federal_usd - base.federal_usd
    deducted = REIT_DEDUCTION * (interest - (on_interest.niit_usd - base.niit_usd))
    state_income, state_gain, _ = least_state_tax(state_rates(profile, law.year), profile)
    return IncomeRates(
        interest=interest,
        dividend=tax_bill(with_dividends, law=law).federal_usd - base.federal_usd,
        reit=interest - deducted,
        state_income=state_income,
        state_gain=state_gain,
    )


def yearly_drag(security: Security, rates: IncomeRates, given_up: float = 0.0) -> float:
    """Part of a dollar (0..1) that a year in a taxable account costs; `given_up` is the yield of `yield_given_up`."""
    taxed = max(0.0, 1.0 - security.qualified_share - security.exempt_share - security.qbi_share)
    federal = taxed * rates.interest + security.qualified_share * rates.dividend + security.qbi_share * rates.reit
    state = (1.0 - security.state_exempt_share) * rates.state_income
    realised = security.turnover_rate * max(0.0, security.growth_rate)
    return security.yield_rate * (federal + state) + realised * (rates.dividend + rates.state_gain) + given_up


def cash_drag(cash_yield: float, rates: IncomeRates) -> float:
    """Part of a dollar (0..1) of cash that a year in a taxable account costs: all of its yield is interest."""
    return cash_yield * (rates.interest + rates.state_income)


def yield_given_up(household: Household, security: Security) -> float:
    """Yield (0..1 a year) that a tax-exempt security lacks against the best-yielding taxable one of its class.

    Of a fund that is exempt in part, that part; 0 where the household knows no fully taxable security of the class.
    """
    if security.exempt_share <= 0.0:
        return 0.0
    wanted = security.main_class
    taxable = [
        other.yield_rate for other in household.securities if other.exempt_share <= 0.0 and other.main_class == wanted
    ]
    return security.exempt_share * max(0.0, max(taxable, default=0.0) - security.yield_rate)
