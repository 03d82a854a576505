"""Where a study starts: the household at its target, as today's trades would leave it, their tax left out.

That tax is the same under every rule and is the plan's to tell. So rules differ by what comes after.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from rebal_xl.household import CASH_CLASS, Household, Policy, Security, StudyTax, Target, TaxTreatment
from rebal_xl.measure import (
    IncomeRates,
    cash_drag,
    contributions_usd,
    measure_exposure,
    value_after_flows_usd,
    yearly_drag,
)
from rebal_xl.study.book import Book, Terms
from rebal_xl.study.goals import Bands
from rebal_xl.study.paths import FloatArray
from rebal_xl.study.simulate import Start
from rebal_xl.tax import basis_of

BASIS_POINT = 1e-4


@dataclass(frozen=True, slots=True)
class Holdings:
    """Dollars by class in the accounts that count, before today's trades."""

    taxable: dict[str, float]
    basis: dict[str, float]
    sheltered: dict[str, float]
    # part (0..1) of the sheltered dollars that lies in tax-deferred accounts
    deferred_share: float

    @property
    def total_usd(self) -> float:
        """All of it."""
        return sum(self.taxable.values()) + sum(self.sheltered.values())


def targets_of(policy: Policy) -> tuple[Target, ...]:
    """The targets that ask for something, in the advisor's order."""
    return tuple(target for target in policy.targets if target.weight > 0.0)


def holdings_of(household: Household, policy: Policy) -> Holdings:
    """What the household holds, contributions received, withdrawals still owed taken off everything evenly."""
    exposure = measure_exposure(household)
    taxable: dict[str, float] = defaultdict(float)
    sheltered: dict[str, float] = defaultdict(float)
    deferred = 0.0
    for (name, asset_class), usd in sorted(exposure.by_account.items()):
        account = household.account(name)
        (taxable if account.taxable else sheltered)[asset_class] += usd
        deferred += usd if account.treatment is TaxTreatment.TAX_DEFERRED else 0.0
    held = household.total_usd + contributions_usd(household)
    scale = value_after_flows_usd(household, policy) / held if held > 0.0 else 0.0
    total = sum(sheltered.values())
    return Holdings(
        taxable=_scaled(taxable, scale),
        basis=_scaled(_basis(household), scale),
        sheltered=_scaled(sheltered, scale),
        deferred_share=min(1.0, max(0.0, deferred / total)) if total > 0.0 else 0.0,
    )


def start_of(
    household: Household,
    policy: Policy,
    held: Holdings,
    tax: StudyTax,
    rates: IncomeRates,
    expected: FloatArray,
    covariance: FloatArray,
) -> Start:
    """The household at its target: what can be moved inside the sheltered part is, the rest in the taxable part."""
    targets = targets_of(policy)
    names = [target.asset_class for target in targets]
    others = sorted({*held.taxable, *held.sheltered} - set(names))
    every = [*names, *others]
    nothing = np.zeros(len(every))
    columns = [np.array([dollars.get(name, 0.0) for name in every]) for dollars in _sides(held)]
    book = Book(Terms(tax, nothing, nothing, nothing, held.deferred_share), *(column[None, :] for column in columns))
    weights = np.array([*(target.weight for target in targets), *(0.0 for _ in others)])
    book.trade(np.array([0]), weights[None, :] * book.by_class.sum())
    size = len(names)
    return Start(
        terms=_terms(household, policy, names, tax, rates, held.deferred_share),
        bands=Bands.of(targets),
        taxable=book.taxable[0, :size],
        basis=book.basis[0, :size],
        sheltered=book.sheltered[0, :size],
        expected=expected,
        covariance=covariance,
    )


def _sides(held: Holdings) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    return held.taxable, held.basis, held.sheltered


def _scaled(dollars: dict[str, float], scale: float) -> dict[str, float]:
    """By class; a class of which more is owed than held counts as none."""
    return {name: usd * scale for name, usd in dollars.items() if usd > 0.0}


def _basis(household: Household) -> dict[str, float]:
    """Basis of the taxable accounts that count; where nobody knows it, and for cash, the value itself."""
    basis: dict[str, float] = defaultdict(float)
    for account in household.accounts:
        if account.taxable and account.counts_in_target:
            basis[CASH_CLASS] += account.cash_usd + account.contribution_usd
    for lot in household.lots:
        account = household.account(lot.account)
        if not account.taxable or not account.counts_in_target:
            continue
        value = household.value_usd(lot)
        known = basis_of(lot, lot.quantity, value)
        for asset_class, weight in household.security(lot.symbol).class_mix:
            basis[asset_class] += weight * (value if known is None else known)
    return dict(basis)


def _terms(
    household: Household, policy: Policy, names: list[str], tax: StudyTax, rates: IncomeRates, deferred_share: float
) -> Terms:
    """What is paid out, taxed and lost in trading, by class."""
    means = [_Mean(household, policy, name) for name in names]

    def by_class(of: Callable[[Security], float], cash: float) -> FloatArray:
        return np.array([mean.of(of, cash) for mean in means])

    return Terms(
        tax=tax,
        payout=by_class(_payout, policy.cash_yield),
        payout_tax=by_class(lambda security: yearly_drag(security, rates), cash_drag(policy.cash_yield, rates)),
        half_spread=by_class(lambda security: security.spread_bp * BASIS_POINT, 0.0),
        deferred_share=deferred_share,
    )


def _payout(security: Security) -> float:
    """Dividends, interest and gain distributions of a year as a part of the value."""
    return security.yield_rate + security.turnover_rate * max(0.0, security.growth_rate)


class _Mean:
    """A class as the household's securities make it up: those in taxable accounts, else any held, else any known."""

    def __init__(self, household: Household, policy: Policy, asset_class: str) -> None:
        counted = [account for account in household.accounts if account.counts_in_target]
        taxable = {account.name for account in counted if account.taxable}
        # (dollars, security; None for plain cash)
        self._parts: list[tuple[float, Security | None]] = []
        for names in (taxable, {account.name for account in counted}):
            if not self._parts:
                self._parts = list(_held_parts(household, names, asset_class))
        if not self._parts:
            known = (one for one in household.securities if one.main_class == asset_class and not one.do_not_buy)
            self._parts = [(1.0, one) for one in known]
        if not self._parts and asset_class == CASH_CLASS:
            self._parts = [(1.0, None)]

    def of(self, figure: Callable[[Security], float], cash: float) -> float:
        """The mean of a figure by dollars; 0 where nobody knows a security of the class."""
        total = sum(usd for usd, _ in self._parts)
        if total <= 0.0:
            return 0.0
        return sum(usd * (cash if security is None else figure(security)) for usd, security in self._parts) / total


def _held_parts(household: Household, accounts: set[str], asset_class: str) -> Iterable[tuple[float, Security | None]]:
    if asset_class == CASH_CLASS:
        cash = sum(
            household.account(name).cash_usd + household.account(name).contribution_usd for name in sorted(accounts)
        )
        if cash > 0.0:
            yield cash, None
    for lot in household.lots:
        security = household.security(lot.symbol)
        weight = dict(security.class_mix).get(asset_class, 0.0)
        usd = weight * household.value_usd(lot)
        if lot.account in accounts and usd > 0.0:
            yield usd, security
