"""The sample's lots and its purchases and sales of the last weeks, grown from a table of what was bought when.

Each position names its value today and the days it was bought on; a fixed seed spreads the value over those days
the way people do: never quite evenly. Reinvested dividends follow from the shares held on the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from rebal_xl.household import Lot, LotSource, RecentTrade, Security, Side
from rebal_xl.sample import accounts as at
from rebal_xl.sample.prices import AS_OF, SEED, price_on
from rebal_xl.sample.securities import KINDS, LISTINGS, path_of, sample_securities


def _days(text: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in text.split())


MONTH_ENDS = _days(
    "2025-10-31 2025-11-28 2025-12-31 2026-01-30 2026-02-27 2026-03-31 2026-04-30 "
    "2026-05-29 2026-06-30 2026-07-31 2026-08-31 2026-09-30 2026-10-30"
)
QUARTER_DAYS = _days("2025-12-23 2026-03-25 2026-06-25 2026-09-25")


@dataclass(frozen=True, slots=True)
class Position:
    """What an account holds of one security, and how it got there."""

    account: str
    symbol: str
    # market value today that the purchases add up to, about, in dollars
    value_usd: float
    # days of purchase, oldest first; none for a plan that keeps no lots
    bought: str = ""
    # days on which dividends bought more
    reinvested: tuple[date, ...] = ()
    # of the purchases: the first so many were inherited
    inherited: int = 0
    # share of the value that the first purchase makes up
    oldest_share: float | None = None
    # a plan without lots tells what was paid in all
    cost_known: bool = True
    # shares that arrived from another custodian without their history
    unknown_shares: float = 0.0
    min_hold: float | None = None
    # the first lot is set aside (for a gift to charity) and not for sale
    keep_first: bool = False


POSITIONS = (
    # --- Joint Brokerage: one stock that outgrew the rest, funds bought for years, losses in what lagged
    Position(at.JOINT, "AAPL", 262_000, "2009-03-18 2012-02-14 2014-06-10 2019-01-29 2025-12-04",
             oldest_share=0.30, min_hold=200.0, keep_first=True),
    Position(at.JOINT, "MSFT", 58_000, "2016-05-11 2020-03-24 2024-08-07"),
    Position(at.JOINT, "VTI", 208_000, "2013-06-11 2016-02-09 2020-03-18 2022-01-06 2024-07-16 2025-11-24 2026-08-19",
             reinvested=QUARTER_DAYS),
    Position(at.JOINT, "VOO", 132_000, "2014-10-15 2017-03-08 2021-11-10 2023-07-12 2025-04-09 2025-12-02 2026-10-07"),
    Position(at.JOINT, "IJR", 52_000, "2015-09-09 2021-03-10 2025-02-11 2026-02-18"),
    Position(at.JOINT, "VEA", 116_000, "2015-05-13 2018-01-24 2021-09-08 2025-07-16 2026-02-19 2026-06-09 2026-11-04",
             reinvested=QUARTER_DAYS),
    Position(at.JOINT, "VWO", 46_000, "2014-09-03 2018-01-25 2021-02-17 2026-02-24 2026-05-20"),
    Position(at.JOINT, "VNQ", 40_000, "2016-08-02 2021-12-15 2022-04-20 2026-08-25"),
    Position(at.JOINT, "VTEB", 104_000, "2020-08-06 2021-06-16 2023-10-18 2025-05-21", reinvested=MONTH_ENDS),
    Position(at.JOINT, "CMF", 54_000, "2019-02-13 2021-08-11 2022-11-09 2026-04-15"),
    Position(at.JOINT, "91282CFV8", 60_000, "2023-05-17 2024-06-12"),
    Position(at.JOINT, "BND", 34_000, "2020-09-10 2021-07-14 2023-08-16 2026-03-12"),
    # --- Living Trust: a parent's shares with the basis of the day of death, and a transfer without its history
    Position(at.TRUST, "JNJ", 72_000, "2023-05-09 2023-05-09 2024-11-13", inherited=2),
    Position(at.TRUST, "SCHX", 112_000, "2015-01-21 2018-06-20 2020-04-14 2022-06-15 2023-05-09 2026-01-14"),
    Position(at.TRUST, "VOO", 84_000, "2012-05-16 2016-11-09 2019-10-16 2022-09-21 2025-12-10"),
    Position(at.TRUST, "IEFA", 66_000, "2017-06-07 2021-06-09 2022-02-09 2025-08-13 2026-03-03"),
    Position(at.TRUST, "IEMG", 26_000, "2018-02-07 2021-02-10 2023-04-12 2026-02-25"),
    Position(at.TRUST, "VB", 40_000, "2019-05-15 2021-11-16 2024-12-04", unknown_shares=48.0),
    Position(at.TRUST, "MUB", 72_000, "2020-02-12 2021-09-22 2022-12-07 2026-05-06"),
    Position(at.TRUST, "AGG", 58_000, "2020-07-22 2021-05-12 2022-08-17 2025-12-08"),
    Position(at.TRUST, "VXUS", 34_000, "2017-10-11 2021-06-23 2023-09-13 2026-06-17"),
    # --- Alex's rollover IRA at Fidelity
    Position(at.ALEX_IRA, "VTI", 226_000, "2012-07-18 2014-03-12 2016-06-28 2018-12-20 2020-03-20 2022-10-12"),
    Position(at.ALEX_IRA, "SCHX", 30_000, "2019-08-07 2023-03-15"),
    Position(at.ALEX_IRA, "IEFA", 52_000, "2016-07-06 2019-12-11 2022-09-28"),
    Position(at.ALEX_IRA, "IEMG", 18_000, "2017-08-09 2022-10-26 2026-11-06"),
    Position(at.ALEX_IRA, "BND", 116_000, "2017-02-15 2018-11-14 2020-10-21 2022-10-20 2024-02-14"),
    Position(at.ALEX_IRA, "SCHP", 54_000, "2020-05-20 2022-03-09 2024-05-15"),
    Position(at.ALEX_IRA, "USHY", 64_000, "2019-04-10 2022-07-13 2023-11-08"),
    Position(at.ALEX_IRA, "BNDX", 82_000, "2018-09-12 2021-04-14 2024-09-11"),
    Position(at.ALEX_IRA, "VNQ", 34_000, "2020-04-02 2023-10-26"),
    # --- Alex's 401(k): the plan keeps totals, not lots
    Position(at.ALEX_401K, "FXAIX", 206_000),
    Position(at.ALEX_401K, "FSMAX", 34_000),
    Position(at.ALEX_401K, "FSPSX", 36_000),
    Position(at.ALEX_401K, "FTIHX", 34_000),
    Position(at.ALEX_401K, "FXNAX", 66_000),
    Position(at.ALEX_401K, "FIPDX", 26_000),
    Position(at.ALEX_401K, "FSRNX", 15_000),
    # --- the HSA
    Position(at.HSA, "FXAIX", 28_500, "2019-03-06 2021-03-04 2024-03-07"),
    Position(at.HSA, "FTIHX", 8_200, "2022-03-09"),
    Position(at.HSA, "FXNAX", 7_800, "2023-03-08"),
    # --- Jordan's IRA and Roth IRA at Vanguard
    Position(at.JORDAN_IRA, "VTSAX", 148_000, "2013-04-10 2016-09-14 2020-06-10"),
    Position(at.JORDAN_IRA, "VBTLX", 80_000, "2018-05-16 2021-01-13", reinvested=MONTH_ENDS[-8:]),
    Position(at.JORDAN_IRA, "VXUS", 29_000, "2017-12-06 2021-10-20"),
    Position(at.JORDAN_IRA, "VWEAX", 26_000, "2019-09-18 2023-12-13"),
    Position(at.JORDAN_IRA, "SCHP", 19_000, "2022-05-11"),
    Position(at.JORDAN_ROTH, "VOO", 58_000, "2016-04-13 2019-04-11"),
    Position(at.JORDAN_ROTH, "VB", 44_000, "2018-04-12 2022-04-13"),
    Position(at.JORDAN_ROTH, "VWO", 30_000, "2020-04-15 2023-04-13 2026-11-09"),
    Position(at.JORDAN_ROTH, "VNQ", 26_000, "2021-04-14"),
    # --- an old plan nobody may trade
    Position(at.JORDAN_403B, "VTTHX", 70_000, cost_known=False),
)  # fmt: skip

_SHORT_NAMES = {
    at.JOINT: "JT",
    at.TRUST: "LT",
    at.ALEX_IRA: "AI",
    at.ALEX_401K: "AK",
    at.HSA: "HS",
    at.JORDAN_IRA: "JI",
    at.JORDAN_ROTH: "JR",
    at.JORDAN_403B: "JK",
}
# What a plan that keeps no lots reports as cost, as a share of market value.
PLAN_COST_SHARE = 0.61


def sample_lots() -> tuple[Lot, ...]:
    """Every lot of the sample household."""
    securities = {security.symbol: security for security in sample_securities()}
    return tuple(lot for position in POSITIONS for lot in _lots(position, securities[position.symbol]))


def _lots(position: Position, security: Security) -> Iterator[Lot]:
    rows = list(_purchases(position, security)) or list(_plan_total(position, security))
    if position.unknown_shares:
        rows.append((None, position.unknown_shares, None, LotSource.BUY))
    rows += _reinvestments(position, security, [(day, quantity) for day, quantity, _, _ in rows if day])
    for place, (day, quantity, basis, source) in enumerate(rows, start=1):
        yield Lot(
            account=position.account,
            symbol=position.symbol,
            quantity=quantity,
            basis_usd=basis,
            acquired=day,
            source=source,
            do_not_sell=position.keep_first and place == 1,
            reinvest=bool(position.reinvested),
            min_hold=position.min_hold,
            lot_id=f"{_SHORT_NAMES[position.account]}-{position.symbol}-{place:02d}",
        )


Row = tuple[date | None, float, float | None, LotSource]


def _purchases(position: Position, security: Security) -> Iterator[Row]:
    days = _days(position.bought)
    chance = Random(f"{SEED} {position.account} {position.symbol}")
    weights = [chance.uniform(0.6, 1.4) for _ in days]
    if position.oldest_share is not None:
        rest = sum(weights[1:])
        weights = [position.oldest_share, *((1.0 - position.oldest_share) * weight / rest for weight in weights[1:])]
    for place, (day, weight) in enumerate(zip(days, weights, strict=True)):
        wanted = position.value_usd * weight / sum(weights) / security.unit_usd
        quantity = round(wanted, 3) if security.lot_size == 0 else security.lot_size * round(wanted / security.lot_size)
        price = price_on(path_of(position.symbol), security.price_usd, day)
        basis = round(quantity * price / security.price_divisor, 2)
        yield day, quantity, basis, LotSource.INHERITED if place < position.inherited else LotSource.BUY


def _plan_total(position: Position, security: Security) -> Iterator[Row]:
    quantity = round(position.value_usd / security.unit_usd, 3)
    basis = round(position.value_usd * PLAN_COST_SHARE, 2) if position.cost_known else None
    yield None, quantity, basis, LotSource.BUY


def _reinvestments(position: Position, security: Security, held: list[tuple[date, float]]) -> Iterator[Row]:
    kind = KINDS[next(listing.kind for listing in LISTINGS if listing.symbol == position.symbol)]
    for day in position.reinvested:
        shares = sum(quantity for bought, quantity in held if bought < day)
        price = price_on(kind.path, security.price_usd, day)
        dividend = shares * price * kind.yield_rate / kind.payments
        quantity = round(dividend / price, 4)
        held.append((day, quantity))
        yield day, quantity, round(quantity * price, 2), LotSource.REINVESTED


def sample_recent_trades() -> tuple[RecentTrade, ...]:
    """Purchases of the last 30 days that are lots too, the plan's payroll purchases, and two sales."""
    lots = sample_lots()
    bought = [
        RecentTrade(
            lot.account,
            lot.symbol,
            lot.acquired,
            Side.BUY,
            lot.quantity,
            price_usd=_price(lot.symbol, lot.acquired),
            reinvested=lot.source is LotSource.REINVESTED,
        )
        for lot in lots
        if lot.acquired and (AS_OF - lot.acquired).days <= 30
    ]
    payroll = [
        _payroll(symbol, day, dollars)
        for day in (date(2026, 10, 30), date(2026, 11, 13))
        for symbol, dollars in (("FXAIX", 520.0), ("FXNAX", 180.0), ("FTIHX", 130.0))
    ]
    sold = [
        # a loss taken this month: buying VNQ anywhere in the household before 3 December would undo it
        _sale("VNQ", date(2026, 11, 2), 85.0, -1_240.55),
        _sale("MSFT", date(2026, 10, 27), 22.0, 6_918.40),
    ]
    return (*bought, *payroll, *sold)


def _price(symbol: str, day: date) -> float:
    listing = next(listing for listing in LISTINGS if listing.symbol == symbol)
    return price_on(path_of(symbol), listing.price, day)


def _payroll(symbol: str, day: date, dollars: float) -> RecentTrade:
    price = _price(symbol, day)
    return RecentTrade(at.ALEX_401K, symbol, day, Side.BUY, round(dollars / price, 3), price_usd=price)


def _sale(symbol: str, day: date, quantity: float, gain_usd: float) -> RecentTrade:
    return RecentTrade(at.JOINT, symbol, day, Side.SELL, quantity, price_usd=_price(symbol, day), gain_usd=gain_usd)
