"""The Parkers: Ann's and Bob's accounts, their IRA and Roth, and what they may trade."""

from collections.abc import Sequence
from datetime import date, timedelta

from rebal_xl.household import (
    Account,
    Lot,
    RecentTrade,
    Side,
    TaxTreatment,
)
from rebal_xl.tax.entries import Ledger
from rebal_xl.tax.ledger import wash_sales

SOLD = date(2026, 3, 16)
ACCOUNTS = (
    Account("Ann", TaxTreatment.TAXABLE),
    Account("Bob", TaxTreatment.TAXABLE),
    Account("IRA", TaxTreatment.TAX_DEFERRED),
    Account("Roth", TaxTreatment.ROTH),
    Account("HSA", TaxTreatment.HSA),
    Account("Child", TaxTreatment.TAXABLE, wash_group="child"),
)


def day(days: int) -> date:
    """A day after (or before) the sale."""
    return SOLD + timedelta(days=days)


def buy(quantity: float, when: date, account: str = "Ann", symbol: str = "XYZ", **more) -> RecentTrade:
    """A purchase."""
    return RecentTrade(account, symbol, when, Side.BUY, quantity, **more)


def sell(quantity: float, gain: float | None, when: date = SOLD, account: str = "Ann", symbol: str = "XYZ", **more):
    """A sale with its gain in dollars; a loss is negative."""
    return RecentTrade(account, symbol, when, Side.SELL, quantity, gain_usd=gain, **more)


def held(quantity: float, acquired: date | None, account: str = "Ann", symbol: str = "XYZ", **more) -> Lot:
    """A lot that is held on the ledger's day."""
    return Lot(account, symbol, quantity, acquired=acquired, **more)


def ledger(trades: Sequence[RecentTrade], lots: Sequence[Lot] = (), as_of: date | None = None, **more) -> Ledger:
    """The Parkers' ledger, sixty days after the sale unless said otherwise."""
    return wash_sales(trades, lots, more.pop("groups", None), accounts=ACCOUNTS, as_of=as_of or day(60), **more)
