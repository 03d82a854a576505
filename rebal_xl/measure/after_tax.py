"""After-tax value: what the accounts are worth once the tax that waits in them is paid.

Pre-tax money is worth face times one less the retirement rate, taxable money its value less tax on unrealised gain,
Roth and HSA money its face (W. Reichenstein, "Calculating a Family's Asset Mix", Financial Services Review 7, 1998).
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

from rebal_xl.household import CASH_CLASS, Account, Household, Lot, TaxProfile, TaxTreatment, Term
from rebal_xl.tax.basis import basis_of
from rebal_xl.tax.law import Law
from rebal_xl.tax.liability import marginal_rates, tax_bill
from rebal_xl.tax.state import least_state_tax, state_rates


@dataclass(frozen=True, slots=True)
class AfterTaxRates:
    """Marginal rates (0..1), state included, at which the waiting tax would be paid."""

    # on money leaving tax-deferred accounts
    ordinary: float
    short_gain: float
    long_gain: float
    # what a dollar of unrealised loss is worth; 0 values lots at a loss at market
    loss: float = 0.0


@dataclass(frozen=True, slots=True)
class AfterTaxValue:
    """One account, before and after the tax that waits in it, dollars."""

    account: str
    market_usd: float
    tax_usd: float
    # symbols of taxable lots without basis: counted at market, since their gain is not known
    unknown_basis: tuple[str, ...] = ()

    @property
    def after_tax_usd(self) -> float:
        """Market value less tax."""
        return self.market_usd - self.tax_usd


def waiting_rates(profile: TaxProfile, law: Law) -> AfterTaxRates:
    """Rates at which a taxpayer's waiting tax would be paid: the profile's own later rates, else today's on the next
    dollar, federal and state. ValueError for a grantor trust without grantor, and for an unknown state."""
    short, long = marginal_rates(profile, 0.0, 0.0, law)
    if profile.future_gain_rate is not None:
        long = profile.future_gain_rate
    return AfterTaxRates(ordinary_rate(profile, law), short, long)


def ordinary_rate(profile: TaxProfile, law: Law) -> float:
    """Rate (0..1) on the next dollar out of a tax-deferred account, which is no investment income: the profile's own
    later rate, else today's, federal and state. ValueError as in `waiting_rates`."""
    if profile.future_ordinary_rate is not None:
        return profile.future_ordinary_rate
    more = replace(profile, ordinary_income_usd=profile.ordinary_income_usd + 1.0)
    federal = tax_bill(more, law=law).federal_usd - tax_bill(profile, law=law).federal_usd
    income, _, _ = least_state_tax(state_rates(profile, law.year), profile)
    return federal + income


def after_tax_values(
    household: Household, rates: AfterTaxRates, term_of: Callable[[Lot], Term]
) -> tuple[AfterTaxValue, ...]:
    """Every account that counts, in the household's order. `term_of` says how a lot would be taxed if sold."""
    return tuple(
        _account_value(household, account, rates, term_of) for account in household.accounts if account.counts_in_target
    )


def after_tax_weights(household: Household, rates: AfterTaxRates, term_of: Callable[[Lot], Term]) -> dict[str, float]:
    """Asset class -> share (0..1) of the household's after-tax value; empty for an empty household."""
    dollars: dict[str, float] = defaultdict(float)
    for account in household.accounts:
        if not account.counts_in_target:
            continue
        dollars[CASH_CLASS] += account.cash_usd * _kept(account, rates)
        for lot in household.lots:
            if lot.account == account.name:
                usd = household.value_usd(lot) - _tax_usd(household, account, lot, rates, term_of)
                for asset_class, weight in household.security(lot.symbol).class_mix:
                    dollars[asset_class] += usd * weight
    total = sum(dollars.values())
    if total <= 0.0:
        return {}
    return {asset_class: usd / total for asset_class, usd in sorted(dollars.items()) if usd != 0.0}


def _account_value(
    household: Household, account: Account, rates: AfterTaxRates, term_of: Callable[[Lot], Term]
) -> AfterTaxValue:
    lots = [lot for lot in household.lots if lot.account == account.name]
    tax = account.cash_usd * (1.0 - _kept(account, rates))
    tax += sum(_tax_usd(household, account, lot, rates, term_of) for lot in lots)
    unknown = {lot.symbol for lot in lots if account.taxable and lot.basis_usd is None}
    return AfterTaxValue(account.name, household.account_value_usd(account.name), tax, tuple(sorted(unknown)))


def _kept(account: Account, rates: AfterTaxRates) -> float:
    """Share of a dollar of cash in the account that its owner keeps."""
    return 1.0 - rates.ordinary if account.treatment is TaxTreatment.TAX_DEFERRED else 1.0


def _tax_usd(
    household: Household, account: Account, lot: Lot, rates: AfterTaxRates, term_of: Callable[[Lot], Term]
) -> float:
    value = household.value_usd(lot)
    if not account.taxable:
        return value * (1.0 - _kept(account, rates))
    basis = basis_of(lot, lot.quantity, value)
    if basis is None:
        return 0.0
    gain = value - basis
    if gain < 0.0:
        return gain * rates.loss
    return gain * (rates.long_gain if term_of(lot) is Term.LONG else rates.short_gain)
