"""The Parks: three funds of the S&P 500 over three accounts, at prices that are easy to multiply.

Joint (taxable): VOO 100 x $600 at cost; IVV 50 x $600 with a gain of $10,000; SPY 20 x $600 with a loss of $3,000.
IRA: VOO 10 x $600, IVV 20 x $600. Roth: IVV 10 x $600, SPY 10 x $600, no VOO. In all VOO $66,000, IVV $48,000 and
SPY $18,000, so that VOO is the largest. Outside of IRAs they want VOO, then IVV, then SPY. Their wages of $200,000
leave every gain here at 15 %, without NIIT.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from rebal_xl.household import Account, FilingStatus, Household, Lot, Policy, Security, Target, TaxProfile, TaxTreatment

AS_OF = date(2026, 11, 20)
LONG_AGO = date(2019, 5, 6)
INDEX = "S&P 500 Index"
RANKS = {"VOO": 1, "IVV": 2, "SPY": 3}
ACCOUNTS = (
    Account("Joint", TaxTreatment.TAXABLE),
    Account("IRA", TaxTreatment.TAX_DEFERRED),
    Account("Roth", TaxTreatment.ROTH),
)
LOTS = (
    Lot("Joint", "VOO", 100.0, 60_000.0, LONG_AGO),
    Lot("Joint", "IVV", 50.0, 20_000.0, LONG_AGO),
    Lot("Joint", "SPY", 20.0, 15_000.0, LONG_AGO),
    Lot("IRA", "VOO", 10.0),
    Lot("IRA", "IVV", 20.0),
    Lot("Roth", "IVV", 10.0),
    Lot("Roth", "SPY", 10.0),
)
COUPLE = TaxProfile("Parks", FilingStatus.MFJ, state="TX", ordinary_income_usd=200_000.0)


def fund(symbol: str, **more: Any) -> Security:
    """A fund of large US companies at $600 a share."""
    return Security(symbol, 600.0, (("US Large Cap", 1.0),), **more)


def parks(
    lots: tuple[Lot, ...] = LOTS,
    accounts: tuple[Account, ...] = ACCOUNTS,
    *,
    ranked: bool = True,
    **changed: dict[str, Any],
) -> Household:
    """The household; `changed` are fields of its funds by symbol. Not `ranked`, no fund has a rank."""
    funds = tuple(
        replace(
            fund(symbol, **dict.fromkeys(("rank_taxable", "rank_roth"), RANKS[symbol]) if ranked else {}),
            **changed.get(symbol, {}),
        )
        for symbol in ("IVV", "SPY", "VOO")
    )
    return Household(accounts, lots, funds, (COUPLE,))


def policy(**more: Any) -> Policy:
    """Everything is meant to be large US companies: nothing calls for trades."""
    return Policy((Target("US Large Cap", 1.0),), AS_OF, **more)


def without(*gone: tuple[str, str]) -> tuple[Lot, ...]:
    """The lots but those of some positions."""
    return tuple(lot for lot in LOTS if (lot.account, lot.symbol) not in gone)
