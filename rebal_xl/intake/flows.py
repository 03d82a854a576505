"""Withdrawals, recent trades and typed trades from their rows."""

from collections.abc import Mapping
from typing import Any

from rebal_xl.household import (
    CASH_SYMBOL,
    Lot,
    Person,
    RecentTrade,
    Security,
    Side,
    TaxTreatment,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.intake.accounts import AccountsRead
from rebal_xl.intake.book import Sheets, Spellings
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import Want, listed, plain_number, read_cell
from rebal_xl.sheets.schema import Kind
from rebal_xl.sheets.tables import ACCOUNTS, MY_TRADES, RECENT_TRADES, WITHDRAWALS

# Shares that rounding leaves between a sale and what is held.
SHARE_TOLERANCE = 1e-6


def read_withdrawals(read: AccountsRead, people: Mapping[str, Person], sheets: Sheets) -> tuple[Withdrawal, ...]:
    """Cash that must leave, its level and name checked."""
    owners = Spellings((*people, *(account.owner for account in read.accounts.values() if account.owner)))
    found = []
    for row in sheets.of(WITHDRAWALS):
        amount = row.number_in("Amount")
        if not row.text("Level") or amount is None:
            continue
        level = WithdrawalLevel(row.text("Level"))
        which = _which(row, level, read, owners, sheets)
        if amount == 0.0:
            sheets.findings.notice("zero-withdrawal", row.place("Amount"), "This withdrawal is of no dollars.")
            continue
        by = row.day("By")
        if by is not None and by < sheets.as_of:
            sheets.findings.notice(
                "past-withdrawal",
                row.place("By"),
                f"The withdrawal was needed by {by:%m/%d/%Y}, before the as-of date; it is taken as needed now.",
                "Clear the row if it has been paid.",
            )
        found.append(Withdrawal(level, which, amount, by))
    return tuple(found)


def _which(row: Row, level: WithdrawalLevel, read: AccountsRead, owners: Spellings, sheets: Sheets) -> str:
    written = row.text("Which")
    if level is WithdrawalLevel.HOUSEHOLD or "Which" in row.broken:
        return ""
    if level is WithdrawalLevel.TREATMENT:
        column = ACCOUNTS.column("Tax Treatment")
        cell = row.cell("Which")
        treatment = read_cell(cell, Want(Kind.CHOICE, column.choices, column.choice_synonyms))
        if isinstance(treatment, str):
            return treatment
        known, hint = Spellings(TaxTreatment), ""
    else:
        known = read.spellings if level is WithdrawalLevel.ACCOUNT else owners
        name = known.find(written) if written else None
        if name is not None:
            return name
        hint = known.hint(written)
    sheets.findings.error(
        "unknown-withdrawal",
        row.place("Which"),
        f'The withdrawal names the {level.value} "{written}", which the household does not have.{hint}',
        f"Write {listed(known.names)}." if known.names else f"Give the accounts their {level.value}.",
    )
    return ""


def read_recent_trades(read: AccountsRead, sheets: Sheets) -> tuple[RecentTrade, ...]:
    """Purchases and sales that the wash-sale rule looks at."""
    found = []
    for row in sheets.of(RECENT_TRADES):
        if not row.whole(("Account", "Symbol", "Date", "Side", "Quantity")):
            continue
        values: dict[str, Any] = row.fields()
        values["account"] = known_account(row, read, sheets)
        values["side"], values["quantity"] = side_and_shares(row, sheets.findings)
        if values["traded"] > sheets.as_of:
            sheets.findings.error(
                "traded-after-as-of",
                row.place("Date"),
                f"This trade is of {values['traded']:%m/%d/%Y}, after the as-of date {sheets.as_of:%m/%d/%Y}.",
                "Correct the date or the setting As Of; trades to come belong into MyTrades.",
            )
        acquired = values.get("acquired")
        if acquired is not None and acquired > values["traded"]:
            sheets.findings.error(
                "acquired-after-sale",
                row.place("Acquired"),
                f"These shares were bought on {acquired:%m/%d/%Y}, after they were sold.",
                "Correct one of the dates.",
            )
        found.append(RecentTrade(**values))
    return tuple(found)


def side_and_shares(row: Row, findings: Findings, what: str = "") -> tuple[Side, float]:
    """Side and shares of a trade whose Side and Quantity could be read; shares that are not positive are an error.

    `what` is what a sentence calls the trade, without it buy or sell.
    """
    side, shares = Side(row.text("Side")), row.number_in("Quantity") or 0.0
    # Custodians write the shares of a sale as a negative number.
    if side is Side.SELL:
        shares = abs(shares)
    if shares <= 0.0:
        findings.error(
            "quantity-not-positive",
            row.place("Quantity"),
            f"This {what or side.value.lower()} is of {plain_number(shares)} shares.",
            "Write a positive number; Side says which way.",
        )
    return side, shares


def known_account(row: Row, read: AccountsRead, sheets: Sheets) -> str:
    """The account of a row as Accounts writes it; as the row does, with an error, where Accounts has none such."""
    written = row.text("Account")
    name = read.spellings.find(written)
    if name is None:
        sheets.findings.error(
            "unknown-account",
            row.place("Account"),
            f'The account "{written}" is not in Accounts.{read.spellings.hint(written)}',
            "Add it to Accounts (with Counts in Target No if you do not manage it), or correct the name.",
        )
    return name or written


def read_my_trades(
    read: AccountsRead, securities: Mapping[str, Security], lots: tuple[Lot, ...], sheets: Sheets
) -> tuple[TypedTrade, ...]:
    """Trades the advisor typed: of known accounts and securities, and sales of what is there."""
    held: dict[tuple[str, str], list[Lot]] = {}
    for lot in lots:
        held.setdefault((lot.account, lot.symbol), []).append(lot)
    known = Spellings(securities)
    found = []
    for row in sheets.of(MY_TRADES):
        if not row.whole(("Account", "Symbol", "Side")):
            continue
        values: dict[str, Any] = row.fields()
        values["account"] = known_account(row, read, sheets)
        values["side"] = Side(values["side"])
        symbol = values["symbol"]
        if symbol == CASH_SYMBOL:
            sheets.findings.error(
                "cash-trade",
                row.place("Symbol"),
                "Cash is neither bought nor sold: it is what the other trades leave.",
                "Write the security to sell or to buy; cash that must leave belongs in Withdrawals.",
            )
        elif symbol not in securities:
            sheets.findings.error(
                "unknown-symbol",
                row.place("Symbol"),
                f"{symbol} is no known security.{known.hint(symbol)}",
                "Add it to Securities with its class and price, or correct the symbol.",
            )
        trade = TypedTrade(**values)
        _check_size(trade, row, sheets)
        _check_sale(trade, row, held.get((trade.account, trade.symbol), []), sheets)
        found.append(trade)
    return tuple(found)


def _check_size(trade: TypedTrade, row: Row, sheets: Sheets) -> None:
    if row.broken & {"Quantity", "Amount"}:
        return
    given = [size for size in (trade.quantity, trade.amount_usd) if size is not None]
    if len(given) != 1 or given[0] <= 0.0:
        wrong = "both a quantity and an amount" if len(given) == 2 else "neither a quantity nor an amount above zero"
        sheets.findings.error(
            "trade-size",
            row.place("Quantity"),
            f"This {trade.side.value.lower()} of {trade.symbol} has {wrong}.",
            "Write the shares in Quantity, or the dollars in Amount.",
        )


def _check_sale(trade: TypedTrade, row: Row, lots: list[Lot], sheets: Sheets) -> None:
    if trade.side is Side.BUY:
        if trade.lot_id:
            sheets.findings.error(
                "lot-of-purchase",
                row.place("Lot ID"),
                f"This buy of {trade.symbol} names the lot {trade.lot_id}; a purchase makes a new one.",
                "Leave Lot ID empty, or write Sell.",
            )
        return
    if trade.lot_id:
        lots = [lot for lot in lots if lot.lot_id == trade.lot_id]
        if not lots:
            sheets.findings.error(
                "unknown-lot",
                row.place("Lot ID"),
                f"{trade.account} has no lot {trade.lot_id} of {trade.symbol}.",
                "Write the Lot ID of Holdings, or leave it empty.",
            )
            return
    shares = sum(lot.quantity for lot in lots)
    if trade.quantity is not None and trade.quantity > shares + SHARE_TOLERANCE:
        sheets.findings.error(
            "sale-exceeds-holding",
            row.place("Quantity"),
            f"{trade.account} has {plain_number(shares)} shares of {trade.symbol}, not {plain_number(trade.quantity)}.",
            "Sell no more than is held.",
        )
