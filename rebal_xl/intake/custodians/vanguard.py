"""
Vanguard: accounts by number alone, holdings and transactions in one file, cash in the settlement fund.

Of the transactions only purchases and sales are trades; the settlement fund's sweeps are the other side of them.
"""

from __future__ import annotations

from rebal_xl.household import Side
from rebal_xl.intake.custodians.layout import Layout, Section, Shaped, as_is
from rebal_xl.intake.findings import place_in
from rebal_xl.intake.values import CORE_MARK, squeeze
from rebal_xl.sheets.grid import Cell

# Vanguard keeps an account's cash in this fund and, unlike Fidelity, does not mark it.
SETTLEMENT_FUND = "VMFXX"
# Types of transactions that buy or sell; the sign of the shares says which.
_TRADES = frozenset(
    {"buy", "sell", "reinvestment", "exchange", "buyexchange", "sellexchange", "purchase", "redemption"}
)
# What the types of reinvested dividends and gains have in common.
_REINVESTED = "reinvest"


def _holdings(section: Section, shaped: Shaped) -> None:
    for row in section.rows:
        if section.text(row, "symbol").upper() == SETTLEMENT_FUND:
            shaped.cells[row, section.columns["symbol"]] = Cell(SETTLEMENT_FUND + CORE_MARK)


def _transactions(section: Section, shaped: Shaped) -> None:
    reinvested: dict[int, str] = {}
    for row in section.data_rows():
        kind = squeeze(section.text(row, "transactiontype"))
        # What cannot be read stays, so that its cell is named.
        unclear = section.number(row, "shares") is None and section.text(row, "shares") != ""
        shares = section.number(row, "shares") or 0.0
        if kind in _TRADES or _REINVESTED in kind:
            if (shares == 0.0 and not unclear) or section.text(row, "symbol").upper() == SETTLEMENT_FUND:
                shaped.drop_row(section, row)
            else:
                side = Side.SELL if shares < 0.0 else Side.BUY
                shaped.cells[row, section.columns["transactiontype"]] = Cell(side.value)
                reinvested[row] = "Yes" if _REINVESTED in kind else "No"
            continue
        shaped.drop_row(section, row)
        symbol = section.text(row, "symbol")
        if shares != 0.0 and symbol.upper() != SETTLEMENT_FUND:
            shaped.findings.notice(
                "transaction-not-read",
                place_in(section.grid, row, section.columns["transactiontype"]),
                f'The transaction "{section.text(row, "transactiontype")}" of {symbol} is neither a purchase nor a '
                "sale; it was not read.",
                "Add a row to RecentTrades if it was one.",
            )
    shaped.add_column(section, section.free_column, "Reinvested", reinvested)


LAYOUTS = (
    Layout(
        "Vanguard holdings",
        frozenset({"accountnumber", "investmentname", "symbol", "shares", "shareprice", "totalvalue"}),
        _holdings,
    ),
    Layout(
        "Vanguard transactions",
        frozenset({"accountnumber", "tradedate", "transactiontype", "symbol", "shares"}),
        _transactions,
    ),
    Layout(
        "Vanguard lots",
        frozenset({"account", "symbolcusip", "acquireddate", "costbasismethod", "quantity", "totalcost"}),
        as_is,
    ),
)
