"""Small households for the tests of measures: one security a class at a dollar a share unless said otherwise."""

from collections.abc import Mapping
from datetime import date

from rebal_xl.household import Account, Household, Lot, Policy, Security, Target, TaxTreatment, Withdrawal

AS_OF = date(2026, 11, 23)


def plain(symbol: str, price: float = 1.0, **mix: float) -> Security:
    """A security of the class of its own name, or of the classes and weights given."""
    return Security(symbol, price, tuple(mix.items()) or ((symbol, 1.0),))


def household_of(dollars: Mapping[str, float], *, cash_usd: float = 0.0) -> Household:
    """One taxable account holding each class in one security of its name."""
    return Household(
        accounts=(Account("Joint", TaxTreatment.TAXABLE, cash_usd=cash_usd),),
        lots=tuple(Lot("Joint", name, usd, basis_usd=usd) for name, usd in dollars.items()),
        securities=tuple(plain(name) for name in dollars),
    )


def policy_of(*targets: Target, withdrawals: tuple[Withdrawal, ...] = ()) -> Policy:
    """The targets, seen from one fixed day."""
    return Policy(targets=targets, as_of=AS_OF, withdrawals=withdrawals)
