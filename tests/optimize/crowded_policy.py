"""What is wanted of a crowded household: any method, every setting and flow at once, trades of the advisor's own."""

from datetime import date, timedelta
from random import Random

from rebal_xl.household import (
    Covariance,
    Household,
    Method,
    Policy,
    Side,
    Target,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)

AS_OF = date(2026, 11, 23)
MUNICIPAL = "Municipal"
METHODS = (Method.OPPORTUNISTIC, Method.FULL, Method.CASH_ONLY, Method.HARVEST, Method.LOCATION, Method.NONE)
# yield, qualified share, turnover, growth and volatility a year
MARKETS = {
    "US Large": (0.013, 0.95, 0.03, 0.057, 0.16),
    "International": (0.030, 0.75, 0.05, 0.045, 0.17),
    "US Bonds": (0.044, 0.0, 0.10, 0.001, 0.06),
    "Real Estate": (0.038, 0.05, 0.05, 0.032, 0.20),
    MUNICIPAL: (0.034, 0.0, 0.02, 0.0, 0.05),
    "US Small": (0.013, 0.80, 0.15, 0.065, 0.21),
    "Emerging": (0.027, 0.50, 0.10, 0.058, 0.22),
    "Inflation Bonds": (0.040, 0.0, 0.08, 0.002, 0.06),
    "High Yield": (0.068, 0.0, 0.10, 0.001, 0.10),
    "US Mid": (0.014, 0.90, 0.10, 0.060, 0.18),
    "Short Bonds": (0.042, 0.0, 0.10, 0.001, 0.02),
    "Commodities": (0.030, 0.0, 0.20, 0.015, 0.18),
    "Preferred": (0.060, 0.75, 0.05, 0.001, 0.12),
}


def some(draw: Random, share: float) -> bool:
    """True in so many cases (0..1)."""
    return draw.random() < share


def _withdrawals(draw: Random, household: Household, worth: float) -> tuple[Withdrawal, ...]:
    """At most one of each kind."""
    asks = []
    for level, which in (
        (WithdrawalLevel.ACCOUNT, "Joint"),
        (WithdrawalLevel.ACCOUNT, "Pat IRA"),
        (WithdrawalLevel.OWNER, draw.choice(("Pat", "Lee"))),
        (WithdrawalLevel.TREATMENT, draw.choice(("taxable", "tax-deferred"))),
        (WithdrawalLevel.HOUSEHOLD, ""),
    ):
        if some(draw, 0.25):
            asks.append(Withdrawal(level, which, round(worth * draw.choice((0.002, 0.01, 0.02)), 2)))
    return tuple(asks)


def _my_trades(draw: Random, household: Household) -> tuple[TypedTrade, ...]:
    """Sales of part of a position or of a lot, purchases that cash pays for, and one that is only remembered."""
    recent = {household.security(lot.symbol).group for lot in household.lots
              if lot.acquired and lot.acquired > AS_OF - timedelta(days=31)}  # fmt: skip
    free = [
        lot
        for lot in household.lots
        if household.security(lot.symbol).group not in recent
        and household.account(lot.account).counts_in_target
        and not (household.account(lot.account).locked or lot.locked or lot.do_not_sell)
        and lot.basis_usd is not None
        and lot.acquired is not None
    ]
    sold = draw.sample(free, k=min(2, len(free)))
    trades = [
        TypedTrade(lot.account, lot.symbol, Side.SELL, quantity=round(0.5 * lot.quantity, 3), lot_id=named)
        for lot in sold
        for named in (draw.choice((lot.lot_id, "")),)
    ]
    for account in household.accounts:
        spare, security = 0.3 * account.cash_usd, draw.choice(household.securities)
        open_to_all = account.counts_in_target and not account.locked and account.menu is None
        unsold = all((lot.account, lot.symbol) != (account.name, security.symbol) for lot in sold)
        if open_to_all and unsold and spare > 11 * security.unit_usd and some(draw, 0.5):
            trades.append(TypedTrade(account.name, security.symbol, Side.BUY, amount_usd=round(spare, 2)))
    remembered = TypedTrade("Joint", household.securities[0].symbol, Side.BUY, quantity=1.0, keep=False)
    return (*trades, remembered)


def _covariance() -> Covariance:
    """Every class by its volatility; equities move together by 0.7, bonds by 0.6, one with the other by 0.2."""
    names = (*MARKETS, "Cash")
    deviations = [MARKETS[name][-1] if name in MARKETS else 0.005 for name in names]

    def together(one: int, other: int) -> float:
        if one == other:
            return 1.0
        equity = deviations[one] > 0.1, deviations[other] > 0.1
        return 0.7 if all(equity) else 0.2 if any(equity) else 0.6

    return Covariance(
        names,
        tuple(
            tuple(together(i, j) * one * other for j, other in enumerate(deviations))
            for i, one in enumerate(deviations)
        ),
    )


def draw_policy(draw: Random, household: Household, targets: tuple[Target, ...], worth: float) -> Policy:
    """Method, targets, flows and settings."""
    harvests, tracking = some(draw, 0.4), some(draw, 0.15)
    method = draw.choices(METHODS, weights=(4, 4, 2, 2, 2, 1))[0]
    return Policy(
        targets=targets,
        as_of=AS_OF,
        method=method,
        withdrawals=_withdrawals(draw, household, worth),
        my_trades=_my_trades(draw, household) if method is Method.NONE or some(draw, 0.2) else (),
        min_trade_usd=draw.choice((0.0, 500.0, 2_500.0)),
        min_trade_weight=draw.choice((0.0, 0.005)),
        cost_per_order_usd=draw.choice((0.0, 10.0, 25.0)),
        horizon_years=draw.choice((5.0, 10.0)),
        discount_rate=draw.choice((0.0, 0.05)),
        short_term_boundary_days=draw.choice((0, 30, 60)),
        reinvestment_counts=some(draw, 0.8),
        wash_sale_cost_usd=draw.choice((0.0, 250.0)),
        harvest_usd=draw.choice((None, 1.0, 500.0)) if harvests else None,
        harvest_weight=draw.choice((None, 0.05)) if harvests else None,
        harvest_december=draw.choice((1.0, 2.0)),
        harvest_gains=some(draw, 0.15),
        cash_yield=draw.choice((0.0, 0.04)),
        location_usd=draw.choice((None, None, 0.0, 250.0)),
        most_orders=draw.choice((None, None, None, 3 + len(household.lots) // 20)),
        sell_without_target=some(draw, 0.3),
        most_drift=None if tracking else draw.choice((None, None, None, 0.01, 0.04)),
        tracking=tracking,
        tracking_trigger=draw.choice((0.005, 0.01)),
        tracking_destination=draw.choice((None, 0.004)),
        covariance=_covariance() if tracking else None,
    )
