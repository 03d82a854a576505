"""Columns that several input tables have: accounts, symbols, sides, quantities, days and prices of trades, lots."""

from rebal_xl.household.words import Side
from rebal_xl.sheets import formats
from rebal_xl.sheets.schema import Column, Kind

ACCOUNT_SYNONYMS = (
    "Account Name", "Account Number", "Account No", "Account #", "Acct", "Acct #", "Acct Name", "Acct Number",
    "Account ID", "Portfolio",
)  # fmt: skip
SYMBOL_SYNONYMS = (
    "Ticker", "CUSIP", "Symbol/CUSIP", "Ticker Symbol", "Security", "Security ID", "Security Symbol", "Sym", "Fund",
    "Investment Symbol",
)  # fmt: skip
QUANTITY_SYNONYMS = ("Qty", "Shares", "Units", "Qty (Quantity)", "Share Quantity", "Number of Shares", "Face Amount")
CLASS_SYNONYMS = ("Class", "Asset Category", "Category", "Asset Allocation", "Asset Class Name")
SIDE_SYNONYMS = (
    ("B", Side.BUY.value), ("bought", Side.BUY.value), ("you bought", Side.BUY.value), ("purchase", Side.BUY.value),
    ("reinvestment", Side.BUY.value), ("reinvest shares", Side.BUY.value),
    ("S", Side.SELL.value), ("sold", Side.SELL.value), ("you sold", Side.SELL.value), ("sale", Side.SELL.value),
    ("redemption", Side.SELL.value), ("SL", Side.SELL.value),
)  # fmt: skip
# What custodians' files call the side beside the words of an order ticket.
CUSTODIANS_SIDE = ("Action", "Transaction Type", "Type")


def flag_column(
    name: str, note: str, synonyms: tuple[str, ...], field: str, width: float = 9, blank: str = "No"
) -> Column:
    return Column(
        name, Kind.FLAG, note, synonyms=synonyms, choices=formats.FLAG_WORDS, width=width, blank=blank, field=field
    )


def account_column(note: str) -> Column:
    return Column(
        "Account",
        Kind.TEXT,
        note,
        required=True,
        synonyms=ACCOUNT_SYNONYMS,
        number_format=formats.TEXT,
        width=24,
        field="account",
        refers_to="Accounts[Account]",
    )


def symbol_column(note: str) -> Column:
    return Column(
        "Symbol",
        Kind.TEXT,
        note,
        required=True,
        synonyms=SYMBOL_SYNONYMS,
        number_format=formats.TEXT,
        width=13,
        field="symbol",
        refers_to="Securities[Symbol]",
    )


def side_column(*synonyms: str) -> Column:
    return Column(
        "Side",
        Kind.CHOICE,
        "Buy or Sell.",
        required=True,
        synonyms=(*synonyms, "Buy/Sell", "B/S"),
        choices=tuple(Side),
        choice_synonyms=SIDE_SYNONYMS,
        number_format=formats.TEXT,
        width=9,
        field="side",
    )


def quantity_column(note: str, blank: str = "") -> Column:
    """Shares; with `blank`, what an empty cell means, they need not be given."""
    return Column(
        "Quantity",
        Kind.NUMBER,
        note,
        required=not blank,
        synonyms=QUANTITY_SYNONYMS,
        number_format=formats.SHARES,
        width=14,
        blank=blank,
        least=0 if blank else None,
        field="quantity",
    )


def trade_date_column(field: str, *synonyms: str) -> Column:
    return Column(
        "Date",
        Kind.DATE,
        "Trade date, not the settlement date.",
        required=True,
        synonyms=("Trade Date", "Traded", *synonyms, "Run Date", "Transaction Date"),
        number_format=formats.DATE,
        width=13,
        field=field,
    )


def price_column(note: str, *synonyms: str, blank: str = "") -> Column:
    """Dollars a share; with `blank`, what an empty cell means, they need not be given."""
    return Column(
        "Price",
        Kind.MONEY,
        note,
        required=not blank,
        synonyms=(*synonyms, "Trade Price", "Price ($)"),
        number_format=formats.PRICE,
        width=12,
        blank=blank,
        least=0,
        field="price_usd",
    )


def lot_id_column(note: str, blank: str, *synonyms: str) -> Column:
    return Column(
        "Lot ID",
        Kind.TEXT,
        note,
        synonyms=("Lot", "Lot Number", "Lot #", *synonyms),
        number_format=formats.TEXT,
        width=13,
        blank=blank,
        field="lot_id",
    )
