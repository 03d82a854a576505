"""Schwab's two exports of the sample household: all positions, several accounts in one file, and all lots."""

from collections.abc import Iterator

from rebal_xl.household import Account, Household, Lot, Security, Term
from rebal_xl.sample.accounts import SCHWAB
from rebal_xl.sample.custodian_text import Holding, accounts_at, dollars, holdings_of, number, percent, plain, quoted
from rebal_xl.sample.prices import AS_OF
from rebal_xl.tax.holding import term_of_lot

POSITION_HEADER = (
    "Symbol", "Description", "Qty (Quantity)", "Price", "Price Chng $ (Price Change $)",
    "Price Chng % (Price Change %)", "Mkt Val (Market Value)", "Day Chng $ (Day Change $)",
    "Day Chng % (Day Change %)", "Cost Basis", "Gain $ (Gain/Loss $)", "Gain % (Gain/Loss %)", "Ratings", "Reinvest?",
    "Reinvest Capital Gains?", "% of Acct (% of Account)", "Asset Type",
)  # fmt: skip
LOT_HEADER = (
    "Account Name", "Symbol", "Open Date", "Quantity", "Price", "Cost Per Share", "Market Value", "Cost Basis",
    "Gain/Loss ($)", "Gain/Loss (%)", "Holding Period",
)  # fmt: skip
NOTHING = "--"
UNKNOWN = "Incomplete"


def schwab_positions(household: Household, titles: dict[str, str]) -> str:
    """The positions file; titles are account name -> what Schwab calls the account."""
    lines: list[str] = []
    for account in accounts_at(household, SCHWAB):
        lines += [
            quoted([f"Positions for account {titles[account.name]} as of 04:12 PM ET, {AS_OF:%Y/%m/%d}"]),
            quoted([""]),
            _line(POSITION_HEADER),
            *(_line(cells) for cells in _account_rows(household, account)),
            quoted([""]),
            quoted([""]),
        ]
    return "\r\n".join(lines) + "\r\n"


def _line(cells: tuple[str, ...]) -> str:
    # every line of the table ends in a comma
    return quoted(cells) + ","


def _account_rows(household: Household, account: Account) -> Iterator[tuple[str, ...]]:
    holdings = holdings_of(household, account)
    total = round(account.cash_usd + sum(holding.value_usd for holding in holdings), 2)
    day_change = 0.0
    for holding in holdings:
        day_change += _day_change(holding)
        yield _position_row(holding, total)
    cash = percent(account.cash_usd, total)
    none = (NOTHING,) * 4
    yield ("Cash & Cash Investments", *none, NOTHING, dollars(account.cash_usd), "$0.00", "0%",
           *none, NOTHING, NOTHING, cash, "Cash and Money Market")  # fmt: skip
    yield ("Account Total", "", *none, dollars(total), dollars(day_change), percent(day_change, total - day_change),
           *none, NOTHING, NOTHING, NOTHING, NOTHING)  # fmt: skip


def _day_change(holding: Holding) -> float:
    return round(holding.change_usd * holding.quantity / holding.security.price_divisor, 2)


def _position_row(holding: Holding, account_total: float) -> tuple[str, ...]:
    security, basis, value = holding.security, holding.basis_usd, holding.value_usd
    moved = percent(holding.change_usd, security.price_usd - holding.change_usd)
    cost = (UNKNOWN, NOTHING, NOTHING)
    if basis is not None:
        cost = (dollars(basis), dollars(value - basis), percent(value - basis, basis))
    reinvest = "Yes" if any(lot.reinvest for lot in holding.lots) else "No"
    return (
        security.symbol,
        security.name.upper(),
        number(holding.quantity),
        dollars(security.price_usd),
        dollars(holding.change_usd),
        moved,
        dollars(value),
        dollars(_day_change(holding)),
        moved,
        *cost,
        NOTHING,
        reinvest,
        NOTHING,
        percent(value, account_total),
        _asset_type(security),
    )


def _asset_type(security: Security) -> str:
    if security.price_divisor == 100:
        return "Fixed Income"
    if security.lot_size == 0:
        return "Mutual Fund"
    return "ETFs & Closed End Funds" if "ETF" in security.name else "Equity"


def schwab_lots(household: Household, titles: dict[str, str]) -> str:
    """The file of all lots; cash has no lots, and a lot without history says so."""
    rows = [
        _lot_row(titles[account.name], lot, holding.security)
        for account in accounts_at(household, SCHWAB)
        for holding in holdings_of(household, account)
        for lot in holding.lots
    ]
    return "\r\n".join(plain(row) for row in (LOT_HEADER, *rows)) + "\r\n"


def _lot_row(title: str, lot: Lot, security: Security) -> tuple[str, ...]:
    value = round(lot.quantity * security.unit_usd, 2)
    opened = f"{lot.acquired:%m/%d/%Y} 00:00:00" if lot.acquired else NOTHING
    start = (title, lot.symbol, opened, number(lot.quantity), dollars(security.price_usd))
    if lot.basis_usd is None or lot.acquired is None:
        return (*start, UNKNOWN, dollars(value), UNKNOWN, NOTHING, NOTHING, NOTHING)
    gain = value - lot.basis_usd
    held = "Long Term" if term_of_lot(lot, AS_OF) is Term.LONG else "Short Term"
    each = dollars(lot.basis_usd / lot.quantity * security.price_divisor)
    rate = percent(gain, lot.basis_usd, sign=True)
    return (*start, each, dollars(value), dollars(lot.basis_usd), dollars(gain), rate, held)
