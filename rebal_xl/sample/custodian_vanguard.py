"""Vanguard's two exports of the sample household: holdings with the latest transactions below, and lots with basis."""

from collections.abc import Iterator
from datetime import date, timedelta

from rebal_xl.household import Household, Lot, RecentTrade, Security, Side, Term
from rebal_xl.sample.accounts import VANGUARD
from rebal_xl.sample.custodian_text import accounts_at, holdings_of, number, plain
from rebal_xl.sample.prices import AS_OF
from rebal_xl.tax.holding import term_of_lot

HOLDING_HEADER = ("Account Number", "Investment Name", "Symbol", "Shares", "Share Price", "Total Value", "")
TRANSACTION_HEADER = (
    "Account Number", "Trade Date", "Settlement Date", "Transaction Type", "Transaction Description",
    "Investment Name", "Symbol", "Shares", "Share Price", "Principal Amount", "Commissions and Fees", "Net Amount",
    "Accrued Interest", "Account Type", "",
)  # fmt: skip
SEEN = f"as of {AS_OF:%m/%d/%Y} 04:17 PM, ET"
LOT_HEADER = (
    "Account", "Symbol/CUSIP", "Description", "Acquired date", "Cost basis method", "Quantity", "Cost per share",
    "Total cost", f"Market value {SEEN}", f"Short term gain loss {SEEN}", f"Long term gain loss {SEEN}",
    f"Total gain loss {SEEN}", "Covered/Non-covered", "Percent gain loss",
)  # fmt: skip
# Settled cash sits in the settlement fund, at one dollar a share.
SETTLEMENT_FUND = ("Vanguard Federal Money Market Fund", "VMFXX")


def vanguard_holdings(household: Household, numbers: dict[str, str]) -> str:
    """The download with two tables: holdings, then transactions; numbers are account name -> account number."""
    lines = [plain(HOLDING_HEADER)]
    for account in accounts_at(household, VANGUARD):
        for holding in holdings_of(household, account):
            security, value = holding.security, f"{holding.value_usd:.2f}"
            shares, price = number(holding.quantity, commas=False), f"{security.price_usd:.2f}"
            lines.append(plain((numbers[account.name], security.name, security.symbol, shares, price, value, "")))
        if account.cash_usd:
            cash = number(account.cash_usd, commas=False)
            lines.append(plain((numbers[account.name], *SETTLEMENT_FUND, cash, "1.0", f"{account.cash_usd:.2f}", "")))
    lines += ["", "", plain(TRANSACTION_HEADER)]
    for trade in household.recent_trades:
        if trade.account in numbers:
            for cells in _transactions(trade, household.security(trade.symbol)):
                lines.append(plain((numbers[trade.account], *cells, "CASH", "")))
    return "\r\n".join([*lines, ""]) + "\r\n"


def _transactions(trade: RecentTrade, security: Security) -> Iterator[tuple[str, ...]]:
    price = trade.price_usd or security.price_usd
    dollars = round(trade.quantity * price, 2)
    signed = -dollars if trade.side is Side.BUY else dollars
    if trade.reinvested:
        yield _transaction(trade.traded, trade.traded, "Dividend", "Dividend Received", security, 0.0, 1.0, dollars)
        kind, text, settled = "Reinvestment", "Dividend Reinvestment", trade.traded
    else:
        kind, text = ("Buy", "Buy") if trade.side is Side.BUY else ("Sell", "Sell")
        settled = trade.traded + timedelta(days=3 if trade.traded.weekday() == 4 else 1)
    shares = trade.quantity if trade.side is Side.BUY else -trade.quantity
    yield _transaction(trade.traded, settled, kind, text, security, shares, price, signed)


def _transaction(
    traded: date, settled: date, kind: str, text: str, security: Security, shares: float, price: float, amount: float
) -> tuple[str, ...]:
    days = (f"{traded:%m/%d/%Y}", f"{settled:%m/%d/%Y}")
    money = (f"{amount:.2f}", "0.0", f"{amount:.2f}", "0.0")
    return (*days, kind, text, security.name, security.symbol, f"{shares:.5f}", str(price), *money)


def vanguard_lots(household: Household, numbers: dict[str, str]) -> str:
    """The lots with cost basis, under one line of preamble; the old 403(b) keeps none."""
    rows = [
        _lot_row(numbers[account.name], lot, holding.security)
        for account in accounts_at(household, VANGUARD)
        for holding in holdings_of(household, account)
        for lot in holding.lots
        if lot.acquired
    ]
    title = f"Cost basis - unrealized gains and losses {SEEN}"
    return "\r\n".join(plain(row) for row in ((title,), LOT_HEADER, *rows)) + "\r\n"


def _lot_row(account_number: str, lot: Lot, security: Security) -> tuple[str, ...]:
    value = round(lot.quantity * security.unit_usd, 2)
    basis = lot.basis_usd or 0.0
    gain = f"${value - basis:,.2f}".replace("$-", "-$")
    by_term = (gain, "--") if term_of_lot(lot, AS_OF) is Term.SHORT else ("--", gain)
    fund = security.lot_size == 0
    return (
        account_number,
        lot.symbol,
        security.name,
        f"{lot.acquired:%m/%d/%Y}",
        "Average cost" if fund else "FIFO",
        number(lot.quantity),
        f"${basis / lot.quantity:,.2f}",
        f"${basis:,.2f}",
        f"${value:,.2f}",
        *by_term,
        gain,
        "Covered",
        f"{100 * (value - basis) / basis:.2f}%",
    )
