"""Synthetic US households, drawn from a seed: small, medium and large, drifted from their targets.

Every figure here is made up within plausible ranges; nothing is a forecast. The same size and seed give the same
household on any machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from rebal_xl.household import (
    Account,
    BandType,
    FilingStatus,
    Household,
    Lot,
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
CASH_TARGET = 0.02
TRUST = "Family Trust"
COUPLE = "Pat and Lee"
PLAN_401K = "401(k)"
MUNICIPAL = "Municipal"

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Market:
    """What one asset class pays and how it moves, a year, shares of price."""

    name: str
    yield_rate: float
    qualified_share: float
    growth: float
    volatility: float
    exempt: bool = False

    @property
    def equity(self) -> bool:
        """Moves like shares rather than like bonds."""
        return self.volatility > 0.14


MARKETS = (
    Market("US Large", 0.013, 0.95, 0.057, 0.16),
    Market("International", 0.030, 0.75, 0.045, 0.17),
    Market("US Bonds", 0.044, 0.0, 0.001, 0.06),
    Market("Real Estate", 0.038, 0.05, 0.032, 0.20),
    Market(MUNICIPAL, 0.034, 0.0, 0.0, 0.05, exempt=True),
    Market("US Small", 0.013, 0.80, 0.065, 0.21),
    Market("Emerging", 0.027, 0.50, 0.058, 0.22),
    Market("Inflation Bonds", 0.040, 0.0, 0.002, 0.06),
    Market("High Yield", 0.068, 0.0, -0.006, 0.10),
    Market("US Mid", 0.014, 0.90, 0.060, 0.18),
    Market("International Bonds", 0.038, 0.0, 0.004, 0.07),
    Market("Short Bonds", 0.042, 0.0, -0.002, 0.02),
    Market("Commodities", 0.030, 0.0, 0.015, 0.18),
    Market("Preferred", 0.060, 0.75, -0.005, 0.12),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a household of one name is."""

    # (account name, treatment, taxpayer or "")
    accounts: tuple[tuple[str, TaxTreatment, str], ...]
    lots: int
    classes: int
    securities: int
    median_usd: float


_TAXABLE, _DEFERRED, _ROTH = TaxTreatment.TAXABLE, TaxTreatment.TAX_DEFERRED, TaxTreatment.ROTH
SIZES = {
    "small": Size(
        (("Joint", _TAXABLE, COUPLE), ("IRA", _DEFERRED, ""), ("Roth", _ROTH, "")), 40, 5, 14, 900_000
    ),
    "medium": Size(
        (
            ("Joint", _TAXABLE, COUPLE),
            ("Individual", _TAXABLE, COUPLE),
            ("IRA", _DEFERRED, ""),
            ("Roth", _ROTH, ""),
            (PLAN_401K, _DEFERRED, ""),
            (TRUST, _TAXABLE, TRUST),
        ),
        250,
        9,
        36,
        3_000_000,
    ),
    "large": Size(
        (
            ("Joint", _TAXABLE, COUPLE),
            ("Pat", _TAXABLE, COUPLE),
            ("Lee", _TAXABLE, COUPLE),
            ("Pat IRA", _DEFERRED, ""),
            ("Lee IRA", _DEFERRED, ""),
            ("Pat Roth", _ROTH, ""),
            ("Lee Roth", _ROTH, ""),
            (PLAN_401K, _DEFERRED, ""),
            (TRUST, _TAXABLE, TRUST),
            ("HSA", TaxTreatment.HSA, ""),
        ),
        2_000,
        14,
        60,
        9_000_000,
    ),
}  # fmt: skip


def draw_household(size_name: str, seed: int) -> tuple[Household, Policy]:
    """The household of a size ("small", "medium" or "large") and seed, and what is wanted of it."""
    size = SIZES[size_name]
    draw = np.random.default_rng(seed)
    markets = MARKETS[: size.classes]
    total = size.median_usd * float(np.exp(draw.normal(0.0, 0.4)))
    targets = _targets(draw, markets)
    securities, menu = _securities(draw, size, markets)
    accounts, values = _accounts(draw, size, total, menu)
    lots = _lots(draw, size, accounts, values, securities, markets, targets)
    household = Household(
        accounts=tuple(accounts),
        lots=tuple(lots),
        securities=tuple(securities),
        taxpayers=_taxpayers(draw, total, any(name == TRUST for name, _, _ in size.accounts)),
        recent_trades=tuple(_loss_sales(draw, securities)),
        name=f"{size_name} {seed}",
    )
    withdrawals = _withdrawals(draw, accounts, values, total)
    minimum = 1_000.0 if size_name == "small" else 2_500.0
    policy = Policy(targets=targets, as_of=AS_OF, withdrawals=withdrawals, min_trade_usd=minimum)
    return household, policy


def _targets(draw: np.random.Generator, markets: Sequence[Market]) -> tuple[Target, ...]:
    """A mix of 40 to 80 % equities, tilted to large US companies, 2 % in cash."""
    weights = draw.dirichlet(np.full(len(markets), 3.0))
    equity = np.array([market.equity for market in markets])
    share = float(draw.uniform(0.4, 0.8))
    weights[equity] *= share / weights[equity].sum()
    weights[~equity] *= (1 - share) / weights[~equity].sum()
    weights[0] += 0.15
    points = np.round(weights / weights.sum() * (1 - CASH_TARGET), 3)
    points[0] += round(1 - CASH_TARGET - float(points.sum()), 3)
    found = [
        Target(market.name, round(float(weight), 3), BandType.RELATIVE, group="Equity" if market.equity else "Bonds")
        for market, weight in zip(markets, points, strict=True)
    ]
    return (*found, Target("Cash", CASH_TARGET, BandType.ABSOLUTE, trigger=0.02, destination=0.015))


def _securities(
    draw: np.random.Generator, size: Size, markets: Sequence[Market]
) -> tuple[list[Security], frozenset[str]]:
    """Per class an ETF and its partner, then plan funds, fund clones of the ETF and old holdings, up to the size."""
    found: list[Security] = []
    menu: set[str] = set()
    has_plan = any(name == PLAN_401K for name, _, _ in size.accounts)
    for kind in ("ETF", "partner", "plan", "clone", "old", "old", "old", "old", "old"):
        for place, market in enumerate(markets):
            skipped = (kind == "plan" and (not has_plan or draw.random() < 0.25)) or (
                kind == "clone" and draw.random() < 0.4
            )
            if skipped or len(found) >= size.securities:
                continue
            security = _security(draw, kind, f"{kind.upper()}{place:02d}{len(found):02d}", market, markets)
            found.append(security)
            if kind == "plan":
                menu.add(security.symbol)
    return found, frozenset(menu)


def _security(draw: np.random.Generator, kind: str, symbol: str, market: Market, markets: Sequence[Market]) -> Security:
    mix = [(market.name, 1.0)]
    if kind == "old" and draw.random() < 0.25:
        other, share = markets[int(draw.integers(len(markets)))], float(np.round(draw.uniform(0.5, 0.9), 2))
        if other.name != market.name:
            mix = [(market.name, share), (other.name, round(1 - share, 2))]
    wide = 5.0 if market.volatility > 0.09 and not market.name.startswith("US") else 0.0
    rank = {"ETF": 1, "partner": 2, "plan": 3}.get(kind, 0)
    sheltered = 0 if market.exempt else rank
    return Security(
        symbol=symbol,
        price_usd=round(float(np.exp(draw.normal(4.2, 0.7))), 2),
        class_mix=tuple(mix),
        name=f"{market.name} {kind}",
        price_as_of=AS_OF,
        lot_size=0.0 if kind in ("plan", "clone") else 1.0,
        identical_group=market.name if kind in ("ETF", "clone") else "",
        rank_taxable=0 if kind == "plan" else rank,
        rank_deferred=sheltered,
        rank_roth=0 if kind == "plan" else sheltered,
        yield_rate=market.yield_rate,
        qualified_share=market.qualified_share,
        exempt_share=1.0 if market.exempt else 0.0,
        growth_rate=market.growth,
        spread_bp=(10.0 if kind == "old" else 3.0) + wide,
    )


def _accounts(
    draw: np.random.Generator, size: Size, total: float, menu: frozenset[str]
) -> tuple[list[Account], list[float]]:
    """The accounts with their cash, and what each is worth."""
    heavy = [6.0 if name in ("Joint", "IRA", "Pat IRA") else 2.5 for name, _, _ in size.accounts]
    values = [float(value) for value in total * draw.dirichlet(heavy)]
    accounts = []
    for (name, treatment, taxpayer), value in zip(size.accounts, values, strict=True):
        accounts.append(
            Account(
                name=name,
                treatment=treatment,
                taxpayer=taxpayer,
                cash_usd=round(value * float(draw.uniform(0.005, 0.06)), 2),
                reserve_usd=0.0 if name == PLAN_401K else round(0.004 * value, 2),
                menu=menu if name == PLAN_401K else None,
            )
        )
    return accounts, values


def _lots(
    draw: np.random.Generator,
    size: Size,
    accounts: Sequence[Account],
    values: Sequence[float],
    securities: Sequence[Security],
    markets: Sequence[Market],
    targets: Sequence[Target],
) -> list[Lot]:
    """Holdings that have drifted from the target, in more lots where gains are taxed."""
    weights = {target.asset_class: target.weight * float(np.exp(draw.normal(0.0, 0.25))) for target in targets}
    by_name = {market.name: market for market in markets}
    busy = np.array(
        [(2.2 if account.taxable else 0.8) * value for account, value in zip(accounts, values, strict=True)]
    )
    wanted = np.maximum(2, (size.lots * busy / busy.sum()).astype(int))
    lots: list[Lot] = []
    for account, value, count in zip(accounts, values, wanted, strict=True):
        held = _held(draw, account, securities, int(count))
        shares = np.array([weights[security.main_class] for security in held]) * draw.gamma(1.2, 1.0, len(held)) + 1e-4
        shares /= shares.sum()
        pieces = 1 + draw.multinomial(max(0, int(count) - len(held)), shares)
        for security, share, number in zip(held, shares, pieces, strict=True):
            stays = draw.random() < 0.02
            for piece in draw.dirichlet(np.full(int(number), 1.5)):
                usd = float((value - account.cash_usd) * share * piece)
                lots.extend(_lot(draw, account, security, by_name[security.main_class], usd, stays, len(lots)))
    return lots


def _held(draw: np.random.Generator, account: Account, securities: Sequence[Security], count: int) -> list[Security]:
    fit = [
        security
        for security in securities
        if (security.symbol in account.menu if account.menu is not None else not security.name.endswith("plan"))
        and (account.taxable or not security.exempt_share)
    ]
    number = min(len(fit), count, int(draw.integers(max(2, len(fit) // 3), len(fit) + 1)))
    return [fit[place] for place in sorted(draw.choice(len(fit), number, replace=False))]


def _lot(
    draw: np.random.Generator,
    account: Account,
    security: Security,
    market: Market,
    usd: float,
    stays: bool,
    number: int,
) -> list[Lot]:
    """A lot of so many dollars, none when that is less than a share; its basis is a random walk back to its day."""
    quantity = usd / security.unit_usd
    quantity = float(np.floor(quantity)) if security.lot_size else round(quantity, 3)
    age = draw.choice(3, p=[0.03, 0.22, 0.75])
    days = int(draw.integers(*((1, 31), (31, 366), (366, 3_650))[age]))
    years = days / 365
    drift = market.growth - 0.5 * market.volatility**2
    basis_per_price = float(np.exp(-drift * years - market.volatility * np.sqrt(years) * draw.normal()))
    if quantity <= 0:
        return []
    return [
        Lot(
            account=account.name,
            symbol=security.symbol,
            quantity=quantity,
            basis_usd=round(quantity * security.unit_usd * min(basis_per_price, 3.0), 2),
            acquired=AS_OF - timedelta(days=days),
            do_not_sell=stays,
            lot_id=f"L{number:04d}",
        )
    ]


def _taxpayers(draw: np.random.Generator, total: float, with_trust: bool) -> tuple[TaxProfile, ...]:
    """A couple or a single person with gains of the year and carried losses; a trust of its own where there is one."""
    income = round(float(np.exp(draw.normal(np.log(230_000), 0.75))), 0)
    state = float(draw.choice((0.0, 0.045, 0.06, 0.093)))
    person = TaxProfile(
        COUPLE,
        FilingStatus.MFJ if draw.random() < 0.65 else FilingStatus.SINGLE,
        ordinary_income_usd=round(0.96 * income),
        qualified_dividends_usd=round(0.04 * income),
        other_investment_income_usd=round(0.03 * income),
        short_realized_usd=round(float(draw.normal(0, 0.002)) * total),
        long_realized_usd=round(float(draw.normal(0, 0.005)) * total),
        short_carryforward_usd=round(abs(float(draw.normal(0, 0.005))) * total) if draw.random() < 0.2 else 0.0,
        long_carryforward_usd=round(abs(float(draw.normal(0, 0.010))) * total) if draw.random() < 0.4 else 0.0,
        state_short_rate=state,
        state_long_rate=state,
    )
    if not with_trust:
        return (person,)
    trust = TaxProfile(
        TRUST,
        FilingStatus.TRUST,
        ordinary_income_usd=10_000,
        qualified_dividends_usd=2_000,
        other_investment_income_usd=10_000,
        state_short_rate=state,
        state_long_rate=state,
    )
    return (person, trust)


def _loss_sales(draw: np.random.Generator, securities: Sequence[Security]) -> list[RecentTrade]:
    """Some securities were sold at a loss within the last thirty days."""
    return [
        RecentTrade("Joint", security.symbol, AS_OF - timedelta(days=int(draw.integers(1, 31))), Side.SELL, 50.0,
                    security.price_usd, -500.0)
        for security in securities
        if draw.random() < 0.04
    ]  # fmt: skip


def _withdrawals(
    draw: np.random.Generator, accounts: Sequence[Account], values: Sequence[float], total: float
) -> tuple[Withdrawal, ...]:
    """Often some cash is wanted from the first taxable account, sometimes from the first IRA."""
    asks = []
    if draw.random() < 0.6:
        asks.append(
            Withdrawal(WithdrawalLevel.ACCOUNT, accounts[0].name, round(min(0.02 * total, 0.15 * values[0]), 2))
        )
    ira = next(place for place, account in enumerate(accounts) if account.treatment is TaxTreatment.TAX_DEFERRED)
    if draw.random() < 0.4:
        asks.append(
            Withdrawal(WithdrawalLevel.ACCOUNT, accounts[ira].name, round(min(0.006 * total, 0.15 * values[ira]), 2))
        )
    return tuple(asks)
