"""What a dollar of each thing is worth to the objective: deferral, carried losses, location, idle cash, broken rules.

Every price is in dollars per dollar, stated here with its reason; the evaluator charges the very same prices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rebal_xl.household import (
    Account,
    Household,
    InputErrors,
    Method,
    Policy,
    Problem,
    Security,
    TaxBill,
    TaxProfile,
    TaxTreatment,
)
from rebal_xl.measure.flows import distributions_usd
from rebal_xl.measure.location import IncomeRates, cash_drag, income_rates, yearly_drag, yield_given_up
from rebal_xl.optimize.buyable import rank
from rebal_xl.optimize.choices import SellUnit
from rebal_xl.tax.law import Law, law_for
from rebal_xl.tax.liability import tax_bill
from rebal_xl.tax.model import ModelConstants, model_constants

# What one dollar of each rule is priced at when it has to give: far above any tax (at most some 60 cents a dollar) and
# any wish, also where a traded dollar changes what the rule looks at by a cent only, and far enough apart that the more
# important rule is kept first, whole shares and minimum orders included.
WITHDRAWAL_PRICE = 50_000.0
RESERVE_PRICE = 5_000.0
BAND_PRICE = 500.0
# A class that was inside its trigger is not pushed out of it to bring another home.
QUIET_BAND_PRICE = 1_000.0
# Gains and the tax on them together stay below a band: a dollar of proceeds has a dollar of gain at most.
GAIN_LIMIT_PRICE = 300.0
# Method Full: one dollar off target (sum over classes) is priced above the tax of moving it.
DISTANCE_PRICE = 1.0
# ... and crossing the target five times that: a minimum trade too large to stop at the target is not made.
CROSSING_PRICE = 5.0
# Method Cash only: a dollar off target, enough to choose between purchases or between sales, too little to pay tax for.
BYPRODUCT_PRICE = 0.05
# Every rank below the first costs a purchase so much: enough to prefer, too little to pay tax for.
RANK_STEP_PRICE = 0.0005
# An amount this close to a threshold meets it: rounding of a sum.
HALF_A_CENT = 0.005
# A dollar of proceeds left uninvested beyond reserve and cash target; above the location cost of most purchases.
IDLE_CASH_PRICE = 0.10
# Savings that nobody asked for (tax beyond the plan's own gains, better location) count a tenth of a cent in the
# dollar: enough to sell the better security, too little to trade for it.
UNASKED_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class PayerPrices:
    """One taxpayer's law and prices."""

    profile: TaxProfile
    constants: ModelConstants
    # dollars of later tax that a dollar of loss taken now would have saved: basis given up (0..1)
    deferral: float
    # what a dollar of loss carried forward is worth; never above `deferral`, or unusable losses would look profitable
    carry: float
    # what one more dollar of investment income costs, by its kind
    rates: IncomeRates
    # the year's bill without the plan
    before: TaxBill

    @property
    def carried_usd(self) -> float:
        """Losses beyond the yearly limit without the plan, dollars."""
        return self.before.gain_in_income_usd - self.before.short_net_usd - self.before.long_net_usd


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of one run."""

    law: Law
    law_estimate: bool
    payers: dict[str, PayerPrices]
    # present value of a dollar a year over the horizon
    annuity: float
    # losses may be taken for their own sake
    harvesting: bool
    # interest that cash earns a year (0..1)
    cash_yield: float
    # the basis that long gains raise is credited
    gains_credited: bool = False
    # every saving counts: nothing but the advisor's own trades is done
    net_in_full: bool = False

    def location_usd(self, household: Household, account: str, symbol: str) -> float:
        """Location cost of one dollar of a security in an account: its yearly drag over the horizon."""
        rates = self.income_rates(household, account)
        if rates is None:
            return 0.0
        security = household.security(symbol)
        return self.annuity * yearly_drag(security, rates, yield_given_up(household, security))

    def location_cash_usd(self, household: Household, account: str) -> float:
        """Location cost of one dollar of cash in an account: its yearly drag over the horizon."""
        rates = self.income_rates(household, account)
        return 0.0 if rates is None else self.annuity * cash_drag(self.cash_yield, rates)

    def income_rates(self, household: Household, account: str) -> IncomeRates | None:
        """The rates on income of an account; None where income is not taxed by the year."""
        payer = household.payer(household.account(account))
        if payer is None or not household.account(account).taxable:
            return None
        return self.payers[payer.taxpayer].rates


def find_prices(household: Household, policy: Policy, units: tuple[SellUnit, ...] | None = None) -> Prices:
    """Law and prices for every taxpayer whose gains matter.

    `units` is what may be sold; without it every lot counts as within reach.
    Raises InputErrors when a taxable account that may be traded has no tax profile, LawMissing when the year's law is
    not known.
    """
    law, estimate = wanted_law(household, policy)
    payers: dict[str, PayerPrices] = {}
    distributions = distributions_usd(household, policy)
    for account in household.accounts:
        if not account.taxable:
            continue
        profile = household.payer(account)
        if profile is None:
            raise InputErrors([_no_profile(account.name)])
        if profile.taxpayer not in payers:
            profile = with_distributions(profile, distributions)
            payers[profile.taxpayer] = _payer_prices(household, policy, profile, law, units)
    rate, years = policy.discount_rate, policy.horizon_years
    annuity = years if rate == 0 else (1 - (1 + rate) ** -years) / rate
    typed = policy.method is Method.NONE
    return Prices(
        law, estimate, payers, annuity, policy.harvests, policy.cash_yield, policy.harvest_gains, net_in_full=typed
    )


def counted_location_usd(change_usd: float, least_usd: float | None) -> float:
    """What a change of location cost counts: an improvement only where it may be a reason to trade, and is worth it."""
    if least_usd is not None and change_usd <= -least_usd + HALF_A_CENT:
        return change_usd
    return max(change_usd, UNASKED_SHARE * change_usd)


def with_distributions(profile: TaxProfile, distributions: Mapping[str, float]) -> TaxProfile:
    """The profile with what withdrawals take out of tax-deferred accounts, by taxpayer, as ordinary income."""
    taken = distributions.get(profile.taxpayer, 0.0)
    return replace(profile, ordinary_income_usd=profile.ordinary_income_usd + taken) if taken else profile


def wanted_law(household: Household, policy: Policy) -> tuple[Law, bool]:
    """The law that settings and tax profiles ask for, and whether it is another year's and so an estimate.

    Raises InputErrors when the profiles name different years, LawMissing when the law is not known.
    """
    wanted = sorted({profile.law_year for profile in household.taxpayers if profile.law_year})
    if len(wanted) > 1 and policy.law_year is None:
        raise InputErrors([_two_law_years(wanted)])
    return law_for(policy.as_of.year, policy.law_year or (wanted[0] if wanted else None))


def _payer_prices(
    household: Household, policy: Policy, profile: TaxProfile, law: Law, units: tuple[SellUnit, ...] | None
) -> PayerPrices:
    constants = model_constants(profile, law, _lowest_gain_usd(household, profile, units))
    before = tax_bill(profile, law=law)
    rates = income_rates(profile, law)
    later = profile.future_gain_rate
    if later is None:
        # Gains are raised because they will be taxed: never less than at the middle rate.
        least = constants.gain_rates[1] if policy.harvest_gains else 0.0
        later = max(rates.dividend, least) + rates.state_gain
    deferral = later * (1 + policy.discount_rate) ** -policy.horizon_years
    return PayerPrices(profile, constants, deferral, deferral, rates, before)


def _lowest_gain_usd(household: Household, profile: TaxProfile, units: tuple[SellUnit, ...] | None) -> float:
    """Net gain of the plan if every loss were taken and no gain."""
    if units is not None:
        mine = (unit for unit in units if unit.payer == profile.taxpayer and unit.at_loss)
        return sum(unit.gain_rate * unit.value_usd for unit in mine)
    lowest = 0.0
    for lot in household.lots:
        account = household.account(lot.account)
        if account.taxable and lot.basis_usd is not None and _pays(household, account, profile):
            lowest += min(0.0, household.value_usd(lot) - lot.basis_usd)
    return lowest


def _pays(household: Household, account: Account, profile: TaxProfile) -> bool:
    payer = household.payer(account)
    return payer is not None and payer.taxpayer == profile.taxpayer


def _two_law_years(years: list[int]) -> Problem:
    named = " and ".join(str(year) for year in years)
    return Problem(
        f"The tax profiles name the law of {named}: one plan is made under one year's law.",
        "Write the same Law Year in every row of TaxProfile, or one in Settings.",
        code="law-years",
    )


def _no_profile(account: str) -> Problem:
    return Problem(
        f"Account {account} is taxable, but there is no tax profile, so the tax of its sales cannot be computed.",
        "Fill one row of the TaxProfile table: taxpayer, type, law year, state and income.",
        code="no-tax-profile",
    )


def rank_price(security: Security, treatment: TaxTreatment) -> float:
    """What buying one dollar of a security costs for not being the advisor's first choice of its class."""
    place = rank(security, treatment)
    return RANK_STEP_PRICE * (place - 1) if place else 0.0
