"""Small households for the optimizer's stories: stock and bond funds, one couple, few words to change one thing."""

from datetime import date, timedelta
from typing import Any

from rebal_xl.household import (
    Account,
    BandType,
    FilingStatus,
    Household,
    Lot,
    Plan,
    Policy,
    Security,
    Side,
    Target,
    TaxProfile,
    TaxTreatment,
)

AS_OF = date(2026, 11, 20)
LONG_AGO = date(2020, 3, 2)
TAXABLE, IRA, ROTH = TaxTreatment.TAXABLE, TaxTreatment.TAX_DEFERRED, TaxTreatment.ROTH


def days_ago(days: int) -> date:
    """A day before the as-of date."""
    return AS_OF - timedelta(days=days)


def stock(symbol: str = "STK", price: float = 100.0, **more: Any) -> Security:
    """A stock fund traded in fractions unless said otherwise."""
    return Security(symbol, price, (("Stock", 1.0),), **{"lot_size": 0.0, **more})


def bond(symbol: str = "BND", price: float = 50.0, **more: Any) -> Security:
    """A bond fund traded in fractions unless said otherwise."""
    return Security(symbol, price, (("Bond", 1.0),), **{"lot_size": 0.0, **more})


def lot(account: str, symbol: str, quantity: float, basis: float | None = None, **more: Any) -> Lot:
    """Shares bought long ago; the basis is the total in dollars."""
    return Lot(account, symbol, quantity, basis, **{"acquired": LONG_AGO, **more})


def profile(**more: Any) -> TaxProfile:
    """A couple with $250,000 of wages in a state without income tax."""
    given = {"taxpayer": "Couple", "status": FilingStatus.MFJ, "state": "TX", "ordinary_income_usd": 250_000.0, **more}
    return TaxProfile(**given)


def household(
    accounts: list[Account], lots: list[Lot], securities: list[Security] | None = None, **more: Any
) -> Household:
    """A household of one couple holding stock and bond funds."""
    return Household(
        accounts=tuple(accounts),
        lots=tuple(lots),
        securities=tuple(securities or [stock(), bond()]),
        **{"taxpayers": (profile(),), **more},
    )


def banded(stock_weight: float, trigger: float | None = None, destination: float | None = None) -> tuple[Target, ...]:
    """Stock with a relative band, bonds with one so wide that it never speaks."""
    return (
        Target("Stock", stock_weight, BandType.RELATIVE, trigger, destination),
        Target("Bond", 1.0 - stock_weight, BandType.ABSOLUTE, 1.0, 1.0),
    )


def within(width: float = 1.0, stock_weight: float = 0.6) -> tuple[Target, ...]:
    """Stock within so much of its weight, by default anywhere; bonds anywhere."""
    return (
        Target("Stock", stock_weight, BandType.ABSOLUTE, width, width),
        Target("Bond", 1.0 - stock_weight, BandType.ABSOLUTE, 1.0, 1.0),
    )


def policy(targets: tuple[Target, ...], **more: Any) -> Policy:
    """A policy with small minimums, so that a story's rule is the only one that speaks."""
    given = {"as_of": AS_OF, "min_trade_usd": 1.0, "cost_per_order_usd": 1.0, "gap_bp": 0.05, **more}
    return Policy(targets=targets, **given)


def weight_after(plan: Plan, asset_class: str) -> float:
    """Weight of a class after the plan."""
    return plan.after.line(asset_class).actual_weight


def amount(plan: Plan, account: str, symbol: str, side: Side) -> float:
    """Dollars ordered."""
    return sum(
        trade.amount_usd
        for trade in plan.trades
        if (trade.account, trade.symbol, trade.side) == (account, symbol, side)
    )
