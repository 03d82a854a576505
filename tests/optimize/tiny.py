"""Random households of two or three taxable lots and a small IRA, whose shares are few and dear.

Prices are thousands of dollars and lots a few shares, so that all plans can be listed; bands are wide, since one share
moves a class by several points.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from rebal_xl.household import (
    Account,
    BandType,
    FilingStatus,
    Household,
    Lot,
    Method,
    Policy,
    RecentTrade,
    Security,
    Side,
    Target,
    TaxProfile,
    TaxTreatment,
    Withdrawal,
    WithdrawalLevel,
)

AS_OF = date(2026, 11, 23)
STOCK, BOND = "Stock", "Bond"


@dataclass(frozen=True)
class TinyCase:
    """A household and what is wanted of it."""

    seed: int
    household: Household
    policy: Policy


def tiny_case(seed: int, *, recent: bool = True) -> TinyCase:
    """The household of a seed; with `recent`, some lots were bought inside the wash-sale window."""
    draw = Random(seed)
    securities = _securities(draw)
    accounts = [
        Account(
            "Joint",
            TaxTreatment.TAXABLE,
            cash_usd=round(draw.choice((0, 500, 4_000, 15_000)) * draw.uniform(0.8, 1.2), 2),
            reserve_usd=draw.choice((0, 0, 250)),
            reserve_weight=draw.choice((0, 0, 0.02)),
            contribution_usd=draw.choice((0, 0, 0, 9_000)),
        )
    ]
    lots = _taxable_lots(draw, securities, recent)
    other = draw.random()
    payers = [_profile(draw, "Pat")]
    if other < 0.15:
        accounts.append(_spouse(draw))
        if accounts[1].taxpayer:
            payers.append(_profile(draw, accounts[1].taxpayer))
        lots += [
            _lot(draw, "Lee", draw.choice(securities), f"S{place}", draw.randint(1, 3), recent) for place in (0, 1)
        ]
    elif other < 0.75:
        accounts.append(_ira(draw, securities))
        lots += _ira_lots(draw, securities, recent)
    household = Household(
        accounts=tuple(accounts),
        lots=tuple(lots),
        securities=tuple(securities),
        taxpayers=tuple(payers),
        recent_trades=_recent_trades(draw, securities) if recent else (),
    )
    return TinyCase(seed, household, _policy(draw, household))


def _ira(draw: Random, securities: list[Security]) -> Account:
    return Account(
        "IRA",
        draw.choice((TaxTreatment.TAX_DEFERRED, TaxTreatment.ROTH, TaxTreatment.HSA)),
        cash_usd=round(draw.choice((0, 900, 8_000)) * draw.uniform(0.8, 1.2), 2),
        menu=frozenset(draw.sample([security.symbol for security in securities], k=2)) if draw.random() < 0.2 else None,
    )


def _spouse(draw: Random) -> Account:
    """Somebody else's account: on the joint return or one of its own; the wash-sale rule looks at both, as a rule."""
    return Account(
        "Lee",
        TaxTreatment.TAXABLE,
        taxpayer="Lee" if draw.random() < 0.5 else "",
        cash_usd=float(draw.choice((0, 5_000))),
        wash_group="apart" if draw.random() < 0.2 else "",
    )


def _securities(draw: Random) -> list[Security]:
    """A stock fund, its partner (identical to it or not), sometimes a fund that mixes both classes, and a bond fund."""

    def price() -> float:
        return round(draw.uniform(4_000, 12_000), 2)

    identical = draw.random() < 0.3
    stock_yield, bond_yield = draw.uniform(0.01, 0.02), draw.uniform(0.03, 0.05)
    common = {"yield_rate": stock_yield, "qualified_share": 0.95, "turnover_rate": 0.1, "growth_rate": 0.055}
    found = [
        Security(
            "BND", price(), ((BOND, 1.0),), yield_rate=bond_yield, spread_bp=draw.choice((0.0, 3.0)),
            do_not_buy=draw.random() < 0.05, redemption_fee=draw.choice((0.0, 0.0, 0.01)),
        ),
        Security("VTI", price(), ((STOCK, 1.0),), identical_group="us" if identical else "", spread_bp=1.0, **common),
    ]  # fmt: skip
    if draw.random() < 0.6:
        mix = ((STOCK, 1.0),) if draw.random() < 0.7 else ((STOCK, 0.75), (BOND, 0.25))
        found.append(Security("SCHB", price(), mix, identical_group="us" if identical else "", spread_bp=2.0, **common))
    return found


def _taxable_lots(draw: Random, securities: list[Security], recent: bool) -> list[Lot]:
    return [
        _lot(draw, "Joint", draw.choice(securities), f"J{place}", draw.randint(2, 5), recent)
        for place in range(draw.choice((2, 2, 3)))
    ]


def _ira_lots(draw: Random, securities: list[Security], recent: bool) -> list[Lot]:
    held = draw.sample(securities, k=min(len(securities), draw.choice((1, 2))))
    return [_lot(draw, "IRA", security, f"I{place}", draw.randint(2, 4), recent) for place, security in enumerate(held)]


def _lot(draw: Random, account: str, security: Security, name: str, shares: int, recent: bool) -> Lot:
    ages = [draw.randint(400, 3_000)] * 5 + [draw.randint(31, 330)] * 3 + [draw.randint(340, 364)]
    days = draw.randint(1, 30) if recent and draw.random() < 0.12 else draw.choice(ages)
    basis_share = draw.choice((draw.uniform(0.25, 0.9), draw.uniform(0.9, 1.1), draw.uniform(1.05, 1.6)))
    return Lot(
        account=account,
        symbol=security.symbol,
        quantity=float(shares),
        basis_usd=round(shares * security.unit_usd * basis_share, 2),
        acquired=AS_OF - timedelta(days=days),
        locked=draw.random() < 0.03,
        do_not_sell=draw.random() < 0.03,
        min_hold=1.0 if draw.random() < 0.05 else None,
        max_hold=shares + 1.0 if draw.random() < 0.05 else None,
        lot_id=name,
    )


def _recent_trades(draw: Random, securities: list[Security]) -> tuple[RecentTrade, ...]:
    """Now and then a sale around the edge of the window, at a loss, at a gain or with a result nobody knows."""
    if draw.random() > 0.2:
        return ()
    symbol, days = draw.choice(securities).symbol, draw.choice((1, 12, 30, 31, 40))
    gain = draw.choice((-400.0, -400.0, 250.0, None))
    return (RecentTrade("Joint", symbol, AS_OF - timedelta(days=days), Side.SELL, 1.0, gain_usd=gain),)


def _profile(draw: Random, name: str) -> TaxProfile:
    return TaxProfile(
        name,
        draw.choice((FilingStatus.SINGLE, FilingStatus.MFJ)),
        ordinary_income_usd=float(draw.choice((14_000, 45_000, 62_000, 98_000, 130_000, 190_000, 240_000, 420_000))),
        qualified_dividends_usd=float(draw.choice((0, 0, 3_000, 12_000))),
        other_investment_income_usd=float(draw.choice((0, 0, 2_000))),
        short_realized_usd=float(draw.choice((0, 0, 4_000, -6_000))),
        long_realized_usd=float(draw.choice((0, 0, 0, 15_000, 15_000, -9_000, -9_000, 650_000, 1_150_000))),
        short_carryforward_usd=float(draw.choice((0, 0, 0, 5_000))),
        long_carryforward_usd=float(draw.choice((0, 0, 0, 25_000))),
        state_short_rate=draw.choice((0.0, 0.05)),
        state_long_rate=draw.choice((0.0, 0.05)),
        future_gain_rate=draw.choice((None, 0.15, 0.25)),
        long_gain_limit_usd=draw.choice((None, None, None, 4_000.0)),
        short_gain_limit_usd=draw.choice((None, None, None, 0.0)),
        tax_budget_usd=draw.choice((None, None, None, 300.0)),
    )


def _policy(draw: Random, household: Household) -> Policy:
    stock = draw.choice((0.4, 0.5, 0.6, 0.7))
    trigger = draw.choice((0.08, 0.10, 0.15))
    destination = trigger * draw.choice((0.6, 0.8, 1.0))
    cash = draw.choice((0.0, 0.0, 0.04))
    targets = [
        Target(STOCK, stock - cash, BandType.ABSOLUTE, trigger=trigger, destination=destination),
        Target(BOND, round(1 - stock, 2), BandType.ABSOLUTE, trigger=trigger, destination=destination),
    ]
    if cash:
        targets.append(Target("Cash", cash, BandType.ABSOLUTE, trigger=0.06, destination=0.05))
    asks: tuple[Withdrawal, ...] = ()
    if draw.random() < 0.25:
        asks = (Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", float(draw.choice((3_000, 11_000)))),)
    return Policy(
        targets=tuple(targets),
        as_of=AS_OF,
        method=draw.choice((Method.OPPORTUNISTIC, Method.OPPORTUNISTIC, Method.FULL)),
        withdrawals=asks,
        min_trade_usd=float(draw.choice((0, 500, 6_000, 10_000))),
        min_trade_weight=draw.choice((0.0, 0.0, 0.12)),
        cost_per_order_usd=float(draw.choice((0, 10, 50))),
        harvest_usd=draw.choice((None, None, 1.0)),
        gap_bp=0.01,
    )
