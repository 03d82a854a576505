"""Tiny households by theme: each gives the rules of one kind a fair chance to bind, and a fair chance not to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from rebal_xl.household import (
    CASH_CLASS,
    Account,
    Covariance,
    FilingStatus,
    Household,
    Lot,
    Method,
    Policy,
    RecentTrade,
    Security,
    Side,
    TaxProfile,
    TaxTreatment,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from tests.optimize.tiny import AS_OF, BOND, STOCK, TinyCase, tiny_case

ROUND_PRICE = 5_000.0
WINDOW = timedelta(days=30)
Theme = Callable[[Random, Household, Policy], tuple[Household, Policy]]


def themed_case(seed: int, theme: str) -> TinyCase:
    """The household of a seed under a theme; "core" is the household as it is."""
    case, draw = tiny_case(seed), Random(f"{theme} {seed}")
    if theme == "core":
        return case
    household, policy = THEMES[theme](draw, case.household, case.policy)
    return TinyCase(seed, household, policy)


def _harvest(draw: Random, household: Household, policy: Policy) -> tuple[Household, Policy]:
    """Thresholds in every month, gains on request, replacements by name."""
    method = draw.choice((Method.HARVEST,) * 4 + (Method.OPPORTUNISTIC, Method.FULL, Method.CASH_ONLY))
    gains = draw.random() < 0.4
    household = _with_losses(draw, household)
    if gains:
        poor = draw.random() < 0.6
        taxpayers = tuple(
            replace(profile, ordinary_income_usd=30_000.0, long_realized_usd=0.0) if poor else profile
            for profile in household.taxpayers
        )
        household = replace(household, taxpayers=taxpayers, lots=_without_ranges(household.lots))
    if draw.random() < 0.4:
        named = draw.choice(("VTI", "SCHB"))
        other = draw.choice(("BND", {"VTI": "SCHB", "SCHB": "VTI"}[named]))
        securities = tuple(
            replace(security, replacement=other) if security.symbol == named else security
            for security in household.securities
        )
        household = replace(household, securities=securities)
    policy = replace(
        policy,
        method=method,
        harvest_usd=draw.choice((None, 1.0, 2_500.0, 6_000.0)),
        harvest_weight=draw.choice((None, 0.06, 0.2)),
        harvest_december=draw.choice((1.0, 0.2, 3.0)),
        cost_per_order_usd=draw.choice((0.0, 10.0)),
        min_trade_usd=0.0,
        harvest_gains=gains,
    )
    return _on_day(household, policy, draw.choice((date(2026, 1, 20), date(2026, 6, 15), AS_OF, date(2026, 12, 9))))


def _with_losses(draw: Random, household: Household) -> Household:
    """A partner fund that is not identical, lots below their basis, and gains or income to set losses against."""
    securities = [security for security in household.securities if security.symbol != "SCHB"]
    vti = household.security("VTI")
    securities = [replace(security, identical_group="") for security in securities]
    # one share for another or for two, so that little cash is left over
    price = vti.price_usd * draw.choice((1.0, 0.5))
    securities.append(replace(vti, symbol="SCHB", price_usd=price, identical_group=""))
    prices = {security.symbol: security.price_usd for security in securities}

    def cheaper(lot: Lot) -> Lot:
        worth = lot.quantity * prices[lot.symbol]
        return replace(lot, basis_usd=round(worth * draw.choice((0.6, 0.95, 1.02, 1.08, 1.2, 1.4)), 2))

    taxpayers = tuple(
        replace(
            profile,
            ordinary_income_usd=max(62_000.0, profile.ordinary_income_usd),
            short_realized_usd=max(0.0, profile.short_realized_usd),
            long_realized_usd=max(0.0, profile.long_realized_usd),
            short_carryforward_usd=0.0,
            long_carryforward_usd=0.0,
        )
        for profile in household.taxpayers
    )
    lots = tuple(map(cheaper, household.lots))
    return replace(household, securities=tuple(securities), lots=lots, taxpayers=taxpayers)


def _wash(draw: Random, household: Household, policy: Policy) -> tuple[Household, Policy]:
    """Purchases and sales around the edges of the window, lots about to turn long-term, funds that are identical."""
    identical = "us" if draw.random() < 0.5 else ""
    securities = tuple(
        security if security.symbol == "BND" else replace(security, identical_group=identical)
        for security in household.securities
    )

    def aged(lot: Lot) -> Lot:
        days = draw.choice((1, 12, 29, 30, 31, 32, 335, 336, 364, 365, 366, 900))
        taken = lot.quantity * household.security(lot.symbol).unit_usd * draw.choice((0.7, 0.9, 1.1, 1.3))
        return replace(lot, acquired=policy.as_of - timedelta(days=days), basis_usd=round(taken, 2))

    lots = tuple(aged(lot) if draw.random() < 0.7 else lot for lot in household.lots)
    trades = tuple(
        RecentTrade(
            "Joint",
            draw.choice(securities).symbol,
            policy.as_of - timedelta(days=draw.choice((1, 29, 30, 31))),
            Side.SELL,
            1.0,
            gain_usd=draw.choice((-400.0, -400.0, 250.0, None)),
        )
        for _ in range(draw.choice((0, 0, 1)))
    )
    policy = replace(
        policy,
        method=draw.choice((Method.OPPORTUNISTIC, Method.FULL, Method.HARVEST)),
        harvest_usd=draw.choice((None, 1.0)),
        cost_per_order_usd=draw.choice((0.0, 10.0)),
        wash_sale_cost_usd=draw.choice((0.0, 250.0, 1_000.0)),
        short_term_boundary_days=draw.choice((0, 30, 30, 45)),
    )
    return replace(household, securities=securities, lots=lots, recent_trades=trades), policy


def _location(draw: Random, household: Household, policy: Policy) -> tuple[Household, Policy]:
    """Prices that allow swaps between accounts; location as a reason to trade from some worth on; cash at interest."""
    if len(household.accounts) == 1:
        household = _with_ira(draw, household)
    dear = draw.choice((1.0, 1.0, 2.0))
    scale = {"VTI": 1.0, "SCHB": dear, "BND": 1.0}
    securities = [
        replace(security, price_usd=ROUND_PRICE * scale[security.symbol]) for security in household.securities
    ]
    if draw.random() < 0.35:
        exempt = {"exempt_share": 1.0, "state_exempt_share": draw.choice((0.0, 1.0))}
        securities.append(Security("MUN", ROUND_PRICE, ((BOND, 1.0),), yield_rate=draw.uniform(0.02, 0.04), **exempt))
    prices = {security.symbol: security.price_usd for security in household.securities}
    now = {security.symbol: security.price_usd for security in securities}
    lots = tuple(
        replace(lot, basis_usd=None if lot.basis_usd is None else lot.basis_usd * now[lot.symbol] / prices[lot.symbol])
        for lot in household.lots
    )
    policy = replace(
        policy,
        method=draw.choice((Method.LOCATION,) * 4 + (Method.OPPORTUNISTIC,) * 2 + (Method.FULL, Method.HARVEST)),
        location_usd=draw.choice((None, 0.0, 400.0, 1_500.0, 6_000.0)),
        cash_yield=draw.choice((0.0, 0.0, 0.04)),
        min_trade_usd=0.0,
        withdrawals=policy.withdrawals if draw.random() < 0.4 else (),
    )
    return replace(household, securities=tuple(securities), lots=lots), policy


def _flows(draw: Random, household: Household, policy: Policy) -> tuple[Household, Policy]:
    """Withdrawals at every level, distributions that must be taken, contributions and reserves."""
    if len(household.accounts) == 1 and draw.random() < 0.6:
        household = _with_ira(draw, household)
    method = draw.choice((Method.CASH_ONLY,) * 4 + (Method.OPPORTUNISTIC, Method.FULL, Method.HARVEST, Method.LOCATION))
    two_taxable = all(account.taxable for account in household.accounts) and len(household.accounts) == 2
    if two_taxable:
        method = draw.choice((Method.OPPORTUNISTIC, Method.FULL, Method.HARVEST))
    accounts = tuple(
        replace(
            account,
            owner=draw.choice(("Pat", "Lee")),
            rmd_usd=draw.choice((0.0, 0.0, 2_500.0, 9_000.0)) if not account.taxable else 0.0,
            contribution_usd=float(draw.choice((0, 0, 7_000))),
            reserve_usd=0.0 if two_taxable else float(draw.choice((0, 500, 3_000))),
            reserve_weight=0.0 if two_taxable else account.reserve_weight,
        )
        for account in household.accounts
    )
    household = replace(household, accounts=accounts)
    asks = tuple(_ask(draw, household) for _ in range(draw.choice((0, 1, 1, 2))))
    return household, replace(policy, method=method, withdrawals=asks)


def _ask(draw: Random, household: Household) -> Withdrawal:
    level = draw.choice(list(WithdrawalLevel))
    which = {
        WithdrawalLevel.HOUSEHOLD: "",
        WithdrawalLevel.TREATMENT: draw.choice(household.accounts).treatment.value,
        WithdrawalLevel.OWNER: draw.choice(household.accounts).owner,
        WithdrawalLevel.ACCOUNT: draw.choice(household.accounts).name,
    }
    return Withdrawal(level, which[level], float(draw.choice((600, 2_000, 4_500, 11_000))))


def _typed(draw: Random, household: Household, policy: Policy) -> tuple[Household, Policy]:
    """Trades of the advisor's own, kept under every method, and some that are only remembered."""
    household = replace(household, lots=_without_ranges(household.lots))
    method = draw.choice((Method.NONE,) * 3 + tuple(method for method in Method if method is not Method.NONE))
    trades: list[TypedTrade] = []
    for _ in range(draw.choice((1, 1, 2, 3))):
        trade = _sale(draw, household) if draw.random() < 0.6 else _purchase(draw, household)
        if trade and all((trade.account, trade.symbol) != (other.account, other.symbol) for other in trades):
            trades.append(trade)
    if not trades and method is Method.NONE:
        method = Method.OPPORTUNISTIC
    if draw.random() < 0.2:
        trades.append(TypedTrade("Joint", "VTI", Side.BUY, 1.0, keep=False))
    return household, replace(policy, method=method, my_trades=tuple(trades))


def _sale(draw: Random, household: Household) -> TypedTrade | None:
    """Shares of a lot or of a position that is free to be sold."""
    free = [lot for lot in household.lots if not (lot.locked or lot.do_not_sell)]
    # a young loss cannot be taken beside other young shares, which is refused
    young = {(lot.account, lot.symbol) for lot in household.lots if lot.acquired and AS_OF - lot.acquired <= WINDOW}
    free = [lot for lot in free if (lot.account, lot.symbol) not in young]
    if not free:
        return None
    lot = draw.choice(free)
    if draw.random() < 0.4:
        shares = float(draw.randint(1, int(lot.quantity)))
        return TypedTrade(lot.account, lot.symbol, Side.SELL, shares, lot_id=lot.lot_id)
    position = [other for other in free if (other.account, other.symbol) == (lot.account, lot.symbol)]
    shares = float(draw.randint(1, sum(int(other.quantity) for other in position)))
    if draw.random() < 0.3:
        price = household.security(lot.symbol).unit_usd
        return TypedTrade(lot.account, lot.symbol, Side.SELL, amount_usd=shares * price)
    return TypedTrade(lot.account, lot.symbol, Side.SELL, shares)


def _purchase(draw: Random, household: Household) -> TypedTrade | None:
    """What an account's own cash pays for, of a group that nothing was lost on lately."""
    account, lost = draw.choice(household.accounts), {trade.symbol for trade in household.recent_trades}
    groups = {household.security(symbol).group for symbol in lost}
    security = draw.choice([s for s in household.securities if account.menu is None or s.symbol in account.menu])
    affordable = int((account.cash_usd + account.contribution_usd) / security.unit_usd / 2)
    if affordable < 1 or security.group in groups:
        return None
    return TypedTrade(account.name, security.symbol, Side.BUY, float(draw.randint(1, affordable)))


def _limits(draw: Random, household: Household, policy: Policy) -> tuple[Household, Policy]:
    """Caps on orders and drift, securities without a target, ranks, floors and locked accounts."""
    if draw.random() < 0.6:
        gold = Security("GLD", round(draw.uniform(3_000, 9_000), 2), (("Gold", 1.0),), spread_bp=1.0)
        held = draw.choice(household.accounts).name
        basis = gold.price_usd * draw.uniform(0.4, 1.4)
        lot = Lot(held, "GLD", 2.0, round(2 * basis, 2), date(2021, 3, 1), lot_id="G0", do_not_sell=draw.random() < 0.1)
        household = replace(household, securities=(*household.securities, gold), lots=(*household.lots, lot))
    if draw.random() < 0.5:
        ranks = {"rank_taxable": draw.choice((None, 0, 1, 2)), "rank_deferred": draw.choice((None, 0, 1, 2))}
        chosen = draw.choice(("VTI", "SCHB"))
        securities = tuple(replace(s, **ranks) if s.symbol == chosen else s for s in household.securities)
        household = replace(household, securities=securities)
    symbols = [security.symbol for security in household.securities if security.symbol != "GLD"]
    accounts = tuple(
        replace(
            account,
            locked=account.name != "Joint" and draw.random() < 0.1,
            menu=frozenset(draw.sample(symbols, k=draw.choice((1, 2)))) if draw.random() < 0.3 else None,
        )
        for account in household.accounts
    )
    targets = tuple(
        replace(target, floor=target.weight * 0.95) if draw.random() < 0.15 else target for target in policy.targets
    )
    capped = draw.random() < 0.4
    policy = replace(
        policy,
        targets=targets,
        method=draw.choice((Method.OPPORTUNISTIC,) * 3 + tuple(m for m in Method if m is not Method.NONE)),
        most_orders=draw.choice((None, None, None, 0, 1, 2, 3, 4)),
        sell_without_target=draw.random() < 0.6,
        most_drift=draw.choice((0.02, 0.05, 0.12, 0.2)) if capped else None,
    )
    return replace(household, accounts=accounts), policy


def _trust(draw: Random, household: Household, policy: Policy) -> tuple[Household, Policy]:
    """A trust that files for itself, whose losses and gains are nobody else's; its rates rise early."""
    payer = TaxProfile(
        "Trust",
        FilingStatus.TRUST,
        ordinary_income_usd=draw.choice((0.0, 2_500.0, 9_000.0, 15_000.0, 60_000.0)),
        qualified_dividends_usd=draw.choice((0.0, 1_500.0)),
        other_investment_income_usd=draw.choice((0.0, 2_500.0)),
        short_realized_usd=draw.choice((0.0, 2_000.0, -4_000.0)),
        long_realized_usd=draw.choice((0.0, 3_000.0, -4_000.0, 12_000.0, 90_000.0)),
        state_short_rate=draw.choice((0.0, 0.05)),
        state_long_rate=draw.choice((0.0, 0.05)),
        future_gain_rate=draw.choice((None, 0.2)),
        long_gain_limit_usd=draw.choice((None, None, 2_000.0)),
    )
    account = Account("Trust", TaxTreatment.TAXABLE, taxpayer="Trust", cash_usd=float(draw.choice((0, 4_000))))

    def held(number: int) -> Lot:
        security, shares = draw.choice(household.securities), draw.randint(1, 3)
        basis = round(shares * security.unit_usd * draw.choice((0.4, 0.9, 1.1, 1.4)), 2)
        bought = policy.as_of - timedelta(days=draw.choice((200, 1_500)))
        return Lot("Trust", security.symbol, float(shares), basis, bought, lot_id=f"T{number}")

    joint = next(own for own in household.accounts if own.name == "Joint")
    lots = (*(lot for lot in household.lots if lot.account == "Joint"), held(0), held(1))
    taxpayers = (household.taxpayers[0], payer)
    household = replace(household, accounts=(joint, account), lots=lots, taxpayers=taxpayers)
    method = draw.choice((Method.OPPORTUNISTIC, Method.FULL, Method.HARVEST))
    return household, replace(policy, method=method, harvest_usd=draw.choice((None, 1.0)))


def _tracking(draw: Random, household: Household, policy: Policy) -> tuple[Household, Policy]:
    """Drift measured as tracking error, with a covariance of stocks, bonds and cash."""
    stock, bond, both = draw.uniform(0.12, 0.2), draw.uniform(0.03, 0.08), draw.uniform(-0.3, 0.3)
    rows = ((bond**2, 0.0, both * stock * bond), (0.0, 0.0, 0.0), (both * stock * bond, 0.0, stock**2))
    trigger = draw.choice((0.005, 0.01, 0.02, 0.03))
    return household, replace(
        policy,
        method=draw.choice((Method.OPPORTUNISTIC, Method.OPPORTUNISTIC, Method.FULL, Method.HARVEST)),
        covariance=Covariance((BOND, CASH_CLASS, STOCK), rows),
        tracking=draw.random() < 0.9,
        tracking_trigger=trigger,
        tracking_destination=draw.choice((None, trigger * 0.8, trigger)),
        min_trade_usd=0.0,
    )


def _collectible(draw: Random, household: Household, policy: Policy) -> tuple[Household, Policy]:
    """Some securities are collectibles: their gain pays ordinary rates, 28 % at the most."""
    first = draw.choice(household.securities).symbol
    securities = tuple(
        replace(security, collectible=security.symbol == first or draw.random() < 0.3)
        for security in household.securities
    )
    taxpayers = tuple(
        replace(
            profile,
            ordinary_income_usd=float(draw.choice((45_000, 110_000, 200_000, 235_000, 420_000, 700_000))),
            long_realized_usd=float(draw.choice((0, 0, 15_000, -9_000, 300_000))),
        )
        for profile in household.taxpayers
    )
    method = draw.choice((Method.OPPORTUNISTIC, Method.OPPORTUNISTIC, Method.FULL, Method.HARVEST))
    policy = replace(policy, method=method, harvest_usd=draw.choice((None, 1.0)))
    return replace(household, securities=securities, taxpayers=taxpayers), policy


THEMES: dict[str, Theme] = {
    "harvest": _harvest,
    "wash": _wash,
    "location": _location,
    "flows": _flows,
    "typed": _typed,
    "limits": _limits,
    "tracking": _tracking,
    "trust": _trust,
    "collectible": _collectible,
}


def _on_day(household: Household, policy: Policy, day: date) -> tuple[Household, Policy]:
    """The same household on another day of the year."""
    later = day - policy.as_of
    lots = tuple(replace(lot, acquired=lot.acquired + later) for lot in household.lots if lot.acquired)
    trades = tuple(replace(trade, traded=trade.traded + later) for trade in household.recent_trades)
    return replace(household, lots=lots, recent_trades=trades), replace(policy, as_of=day)


def _with_ira(draw: Random, household: Household) -> Household:
    """A second account that nobody taxes by the year."""
    treatment = draw.choice((TaxTreatment.TAX_DEFERRED, TaxTreatment.TAX_DEFERRED, TaxTreatment.ROTH))
    account = Account("IRA", treatment, cash_usd=float(draw.choice((0, 2_000, 6_000))))
    held = draw.choice(household.securities)
    lot = Lot("IRA", held.symbol, 3.0, 3 * held.unit_usd, date(2019, 5, 1), lot_id="I0")
    return replace(household, accounts=(*household.accounts, account), lots=(*household.lots, lot))


def _without_ranges(lots: tuple[Lot, ...]) -> tuple[Lot, ...]:
    return tuple(replace(lot, min_hold=None, max_hold=None) for lot in lots)
