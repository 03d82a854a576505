"""The rates at which a study taxes: what the next dollar meets today, of whoever pays for the taxable accounts."""

from dataclasses import replace

from rebal_xl.household import Account, Household, Policy, Problem, StudyTax, TaxProfile, TaxTreatment
from rebal_xl.measure import IncomeRates, income_rates
from rebal_xl.measure.after_tax import ordinary_rate
from rebal_xl.optimize.prices import wanted_law
from rebal_xl.tax import marginal_rates

# Rates of a household that pays no tax at all: everything is sheltered, and nothing of that is tax-deferred.
NO_RATES = IncomeRates(0.0, 0.0, 0.0, 0.0, 0.0)


def unknown_payers(household: Household) -> tuple[Problem, ...]:
    """Accounts whose tax nobody could compute, as problems."""
    return tuple(
        Problem(
            f"Account {account.name} is {account.treatment}, but there is no tax profile to compute its tax from.",
            "Fill one row of the TaxProfile table: taxpayer, type, law year, state and income.",
            sheet="TaxProfile",
            code="no-tax-profile",
        )
        for account in _taxed(household)
        if household.payer(account) is None
    )


def study_rates(household: Household, policy: Policy) -> tuple[StudyTax, IncomeRates]:
    """Rates weighted by what each taxpayer's accounts are worth, and the rates on income paid out.

    Gains realised so far this year are left out, and losses carried in are handed on: the study nets them itself.
    Raises InputErrors when the profiles name different law years, LawMissing for a year without law.
    """
    taxable = _payers(household, TaxTreatment.TAXABLE)
    deferred = _payers(household, TaxTreatment.TAX_DEFERRED)
    if not taxable and not deferred:
        return StudyTax(0.0, 0.0, 0.0, 0.0), NO_RATES
    law, estimate = wanted_law(household, policy)
    gains = [(marginal_rates(_plain(profile), 0.0, 0.0, law), share) for profile, share in taxable]
    income = [(income_rates(_plain(profile), law), share) for profile, share in taxable]
    tax = StudyTax(
        short_gain=sum(short * share for (short, _), share in gains),
        long_gain=sum(long * share for (_, long), share in gains),
        ordinary=sum(ordinary_rate(_plain(profile), law) * share for profile, share in deferred),
        loss_limit_usd=max((law.of(profile.status).loss_limit_usd for profile, _ in taxable), default=0.0),
        short_carryforward_usd=sum(profile.short_carryforward_usd for profile, _ in taxable),
        long_carryforward_usd=sum(profile.long_carryforward_usd for profile, _ in taxable),
        law_year=law.year,
        law_estimate=estimate,
    )
    names = ("interest", "dividend", "reit", "state_income", "state_gain")
    weighted = {name: sum(getattr(rates, name) * share for rates, share in income) for name in names}
    return tax, IncomeRates(**weighted)


def _taxed(household: Household) -> list[Account]:
    treatments = (TaxTreatment.TAXABLE, TaxTreatment.TAX_DEFERRED)
    return [each for each in household.accounts if each.counts_in_target and each.treatment in treatments]


def _payers(household: Household, treatment: TaxTreatment) -> list[tuple[TaxProfile, float]]:
    """Who pays for the accounts of a treatment, and for what part (0..1) of them."""
    worth: dict[str, float] = {}
    profiles: dict[str, TaxProfile] = {}
    for account in _taxed(household):
        payer = household.payer(account)
        usd = household.account_value_usd(account.name) + account.contribution_usd
        if account.treatment is treatment and payer is not None and usd > 0.0:
            worth[payer.taxpayer] = worth.get(payer.taxpayer, 0.0) + usd
            profiles[payer.taxpayer] = payer
    total = sum(worth.values())
    return [(profiles[name], usd / total) for name, usd in worth.items()]


def _plain(profile: TaxProfile) -> TaxProfile:
    """The profile as a year without gains and losses: what a net gain meets."""
    return replace(
        profile,
        short_realized_usd=0.0,
        long_realized_usd=0.0,
        short_carryforward_usd=0.0,
        long_carryforward_usd=0.0,
    )
