"""The table of lots, and the columns that every table of lots or trades has."""

from rebal_xl.household.words import LotSource, Term
from rebal_xl.sheets import formats
from rebal_xl.sheets.schema import Column, Kind, Table

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
SOURCE_SYNONYMS = (
    ("bought", LotSource.BUY.value), ("purchase", LotSource.BUY.value), ("purchased", LotSource.BUY.value),
    ("gifted", LotSource.GIFT.value), ("received as gift", LotSource.GIFT.value),
    ("inheritance", LotSource.INHERITED.value), ("inherit", LotSource.INHERITED.value),
    ("estate", LotSource.INHERITED.value), ("bequest", LotSource.INHERITED.value),
    ("reinvestment", LotSource.REINVESTED.value), ("dividend reinvestment", LotSource.REINVESTED.value),
    ("DRIP", LotSource.REINVESTED.value), ("reinvest", LotSource.REINVESTED.value),
    ("transferred", LotSource.TRANSFER.value), ("spouse", LotSource.TRANSFER.value),
    ("divorce", LotSource.TRANSFER.value), ("transfer in", LotSource.TRANSFER.value),
)  # fmt: skip
TERM_SYNONYMS = (
    ("Short Term", Term.SHORT.value), ("ST", Term.SHORT.value), ("S", Term.SHORT.value),
    ("Long Term", Term.LONG.value), ("LT", Term.LONG.value), ("L", Term.LONG.value),
)  # fmt: skip


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


HOLDINGS = Table(
    name="Holdings",
    sheet="Holdings",
    required=True,
    note="One row per lot: shares of one security bought on one day in one account. Cash is a row with symbol CASH "
    "whose quantity is dollars.",
    synonyms=("Positions", "Lots", "Tax Lots", "Portfolio", "Unrealized", "Unrealized Gains", "Cost Basis Lots"),
    columns=(
        account_column("Account that holds the lot, as in Accounts."),
        symbol_column("Ticker or CUSIP, as in Securities; CASH for cash."),
        Column(
            "Quantity",
            Kind.NUMBER,
            "Shares; for a bond its face amount in dollars; for CASH dollars. Negative quantities are held but never "
            "traded.",
            required=True,
            synonyms=QUANTITY_SYNONYMS,
            number_format=formats.SHARES,
            width=14,
            field="quantity",
        ),
        Column(
            "Asset Class",
            Kind.TEXT,
            "Class of the security when the workbook has no Securities table; where given here it wins.",
            synonyms=CLASS_SYNONYMS,
            number_format=formats.TEXT,
            width=20,
            blank="the class in Securities or ClassMix",
            refers_to="Targets[Asset Class]",
        ),
        Column(
            "Price",
            Kind.MONEY,
            "Price of one share in dollars; a bond's per 100 of face when its Price Divisor is 100.",
            synonyms=("Last Price", "Share Price", "Current Price", "Market Price", "Closing Price", "NAV", "Last"),
            number_format=formats.PRICE,
            width=12,
            blank="the price in Securities",
            least=0,
        ),
        Column(
            "Market Value",
            Kind.MONEY,
            "Value of the lot in dollars. Only compared with quantity times price; a difference is reported.",
            synonyms=(
                "Current Value",
                "Mkt Val",
                "Mkt Val (Market Value)",
                "Total Value",
                "Value",
                "Market Val",
                "Market Value $",
                "Position Value",
            ),
            number_format=formats.DOLLARS,
            width=16,
            blank="not compared",
        ),
        Column(
            "Cost Basis",
            Kind.MONEY,
            "What the whole lot cost, in dollars, after return of capital and washed losses. Give this or Cost/Share.",
            synonyms=(
                "Total Cost",
                "Cost Basis Total",
                "Basis",
                "Cost",
                "Total Cost Basis",
                "Adjusted Cost",
                "Adjusted Cost Basis",
                "Cost Basis $",
                "Tax Cost",
            ),
            number_format=formats.DOLLARS,
            width=15,
            blank="Cost/Share; without either the lot counts but is not sold in a taxable account",
            least=0,
            field="basis_usd",
        ),
        Column(
            "Cost/Share",
            Kind.MONEY,
            "Cost of one share in dollars; times the quantity it is the cost basis.",
            synonyms=(
                "Average Cost Basis",
                "Cost per share",
                "Unit Cost",
                "Average Cost",
                "Avg Cost",
                "Purchase Price",
                "Cost Basis per Share",
                "Price Paid",
            ),
            number_format=formats.PRICE,
            width=12,
            blank="Cost Basis is used",
            least=0,
        ),
        Column(
            "Acquired",
            Kind.DATE,
            "Day of purchase (of a gift: the giver's; the holding period starts the day after). 'Various' is read as "
            "not known.",
            synonyms=(
                "Open Date",
                "Date Acquired",
                "Acquired Date",
                "Acquisition Date",
                "Purchase Date",
                "Opened",
                "Buy Date",
                "Date Purchased",
                "Trade Date",
                "Lot Date",
            ),
            number_format=formats.DATE,
            width=13,
            blank="not known: Term decides, and without it the lot is not sold in a taxable account",
            field="acquired",
        ),
        Column(
            "Term",
            Kind.CHOICE,
            "The custodian's own word for the holding period; it decides where the date is 'Various' and is checked "
            "against the date elsewhere.",
            synonyms=("Holding Period", "Gain Term", "Long/Short", "ST/LT"),
            choices=tuple(Term),
            choice_synonyms=TERM_SYNONYMS,
            number_format=formats.TEXT,
            width=9,
            blank="from the date",
            field="custodian_term",
        ),
        flag_column("Locked", "Yes: the lot is held but never sold.", ("Lock", "Frozen", "Restricted"), "locked"),
        flag_column(
            "Do Not Sell",
            "Yes: never sell this lot, for example shares promised to a charity.",
            ("Hold", "No Sell", "Never Sell"),
            "do_not_sell",
            width=12,
        ),
        flag_column(
            "Reinvest",
            "Yes: dividends of the position buy more shares, which can wash a loss.",
            ("Reinvest?", "Reinvest Dividends", "Dividend Reinvestment", "DRIP", "Reinvest Dividends?"),
            "reinvest",
            width=10,
        ),
        Column(
            "Min Hold",
            Kind.NUMBER,
            "Least shares of the symbol to keep in the account after trading.",
            synonyms=("Minimum Hold", "Minimum Shares", "Min Shares"),
            number_format=formats.SHARES,
            width=12,
            blank="no least",
            least=0,
            field="min_hold",
        ),
        Column(
            "Max Hold",
            Kind.NUMBER,
            "Most shares of the symbol to have in the account after trading.",
            synonyms=("Maximum Hold", "Maximum Shares", "Max Shares"),
            number_format=formats.SHARES,
            width=12,
            blank="no most",
            least=0,
            field="max_hold",
        ),
        Column(
            "Lot ID",
            Kind.TEXT,
            "The custodian's or your own name for the lot; orders and reports repeat it.",
            synonyms=("Lot", "Lot Number", "Lot #", "Tax Lot ID", "Tax Lot"),
            number_format=formats.TEXT,
            width=13,
            blank="made up from account, symbol and date",
            field="lot_id",
        ),
        Column(
            "Source",
            Kind.CHOICE,
            "How the shares came into the account. Inherited shares are long-term whatever their date. "
            "Shares from a spouse or another custodian are transfers: their basis and their day of purchase go on.",
            synonyms=("Acquisition Type", "How Acquired", "Lot Source", "Acquired By"),
            choices=tuple(LotSource),
            choice_synonyms=SOURCE_SYNONYMS,
            number_format=formats.TEXT,
            width=12,
            blank="buy",
            field="source",
        ),
        Column(
            "Gift Value",
            Kind.MONEY,
            "Of a gift worth less than its giver paid: dollars that the whole lot was worth on the day of the gift. "
            "A loss is counted from it, a gain from Cost Basis, which is the giver's.",
            synonyms=("Value at Gift", "Gift FMV", "FMV at Gift", "FMV on Gift Date", "Gift Fair Market Value"),
            number_format=formats.DOLLARS,
            width=13,
            blank="the giver's basis counts for gain and loss",
            least=0,
            field="gift_value_usd",
        ),
        Column(
            "Gift Date",
            Kind.DATE,
            "Day of that gift: the holding period of a loss begins there, that of a gain at Acquired, the giver's day.",
            synonyms=("Gifted", "Date of Gift", "Gifted On"),
            number_format=formats.DATE,
            width=13,
            blank="a loss on the gift has the giver's holding period",
            field="gifted",
        ),
    ),
)
