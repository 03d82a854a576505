"""The tables of recent trades, of trades the advisor typed, and of withdrawals."""

from rebal_xl.household.words import Side, WithdrawalLevel
from rebal_xl.sheets import formats
from rebal_xl.sheets.inputs_holdings import QUANTITY_SYNONYMS, account_column, flag_column, symbol_column
from rebal_xl.sheets.schema import Column, Kind, Table

SIDE_SYNONYMS = (
    ("B", Side.BUY.value), ("bought", Side.BUY.value), ("you bought", Side.BUY.value), ("purchase", Side.BUY.value),
    ("reinvestment", Side.BUY.value), ("reinvest shares", Side.BUY.value),
    ("S", Side.SELL.value), ("sold", Side.SELL.value), ("you sold", Side.SELL.value), ("sale", Side.SELL.value),
    ("redemption", Side.SELL.value), ("SL", Side.SELL.value),
)  # fmt: skip

RECENT_TRADES = Table(
    name="RecentTrades",
    sheet="Recent Trades",
    note="Every purchase and sale of at least the last 30 days, in every account, the IRAs and the spouse's included: "
    "the wash-sale rule looks at them.",
    synonyms=("Recent Transactions", "Transactions", "Activity", "History", "Trade History"),
    columns=(
        account_column("Account of the trade, as in Accounts."),
        symbol_column("Ticker or CUSIP."),
        Column(
            "Date",
            Kind.DATE,
            "Trade date, not the settlement date.",
            required=True,
            synonyms=("Trade Date", "Traded", "Run Date", "Transaction Date"),
            number_format=formats.DATE,
            width=13,
            field="traded",
        ),
        Column(
            "Side",
            Kind.CHOICE,
            "Buy or Sell.",
            required=True,
            synonyms=("Action", "Transaction Type", "Type", "Buy/Sell", "B/S"),
            choices=tuple(Side),
            choice_synonyms=SIDE_SYNONYMS,
            number_format=formats.TEXT,
            width=9,
            field="side",
        ),
        Column(
            "Quantity",
            Kind.NUMBER,
            "Shares bought or sold, a positive number.",
            required=True,
            synonyms=QUANTITY_SYNONYMS,
            number_format=formats.SHARES,
            width=14,
            field="quantity",
        ),
        Column(
            "Price",
            Kind.MONEY,
            "Dollars a share.",
            synonyms=("Share Price", "Execution Price", "Trade Price", "Price ($)"),
            number_format=formats.PRICE,
            width=12,
            blank="not known",
            least=0,
            field="price_usd",
        ),
        Column(
            "Gain",
            Kind.MONEY,
            "Realised gain of a sale in dollars, before any of a loss is disallowed; a loss is negative. One row for "
            "each lot sold where gains and losses are mixed.",
            synonyms=("Gain/Loss", "Realized Gain", "Realized Gain/Loss", "Gain $", "Gain/Loss $", "Gain/Loss ($)"),
            number_format=formats.DOLLARS,
            width=14,
            blank="not known: a sale may have been at a loss",
            field="gain_usd",
        ),
        flag_column(
            "Reinvested",
            "Yes: bought by reinvesting a dividend.",
            ("Reinvestment", "DRIP", "Is Reinvestment"),
            "reinvested",
            width=11,
        ),
        Column(
            "Acquired",
            Kind.DATE,
            "Of a sale: the day on which the shares sold were bought. 'Various' is read as not known.",
            synonyms=("Date Acquired", "Acquired Date", "Open Date", "Opened Date", "Purchase Date"),
            number_format=formats.DATE,
            width=13,
            blank="not known: the oldest shares were sold",
            field="acquired",
        ),
    ),
)

MY_TRADES = Table(
    name="MyTrades",
    sheet="My Trades",
    note="Trades you decided yourself. Those marked Keep are part of every plan as they stand: method None does them "
    "and nothing else, every other method plans around them. The others are only remembered.",
    synonyms=("Typed Trades", "Manual Trades", "Proposed Trades", "What-If"),
    columns=(
        account_column("Account of the order, as in Accounts."),
        symbol_column("Ticker or CUSIP, as in Securities."),
        Column(
            "Side",
            Kind.CHOICE,
            "Buy or Sell.",
            required=True,
            synonyms=("Action", "Buy/Sell", "B/S"),
            choices=tuple(Side),
            choice_synonyms=SIDE_SYNONYMS,
            number_format=formats.TEXT,
            width=9,
            field="side",
        ),
        Column(
            "Quantity",
            Kind.NUMBER,
            "Shares, a positive number. Give this or Amount, not both.",
            synonyms=QUANTITY_SYNONYMS,
            number_format=formats.SHARES,
            width=14,
            blank="Amount is used",
            least=0,
            field="quantity",
        ),
        Column(
            "Amount",
            Kind.MONEY,
            "Dollars at the quoted price, a positive number, instead of Quantity.",
            synonyms=("Amount $", "Dollars", "Dollar Amount", "Value"),
            number_format=formats.DOLLARS,
            width=14,
            blank="Quantity is used",
            least=0,
            field="amount_usd",
        ),
        Column(
            "Lot ID",
            Kind.TEXT,
            "The one lot to sell, as in Holdings.",
            synonyms=("Lot", "Lot Number", "Lot #"),
            number_format=formats.TEXT,
            width=13,
            blank="lots are chosen for the least tax",
            field="lot_id",
        ),
        flag_column(
            "Keep",
            "Yes: part of every plan as it stands. No: remembered, but no plan uses it.",
            ("Fixed", "Keep?"),
            "keep",
            blank="Yes",
        ),
    ),
)

WITHDRAWALS = Table(
    name="Withdrawals",
    sheet="Withdrawals",
    note="Cash that must leave. The total is the greater of the household amount and the sum of the others (RMD $ of "
    "Accounts included); the excess comes from taxable accounts at the lowest cost. What a tax-deferred account pays "
    "is added to its taxpayer's ordinary income by itself: leave it out of Ordinary Income.",
    synonyms=("Withdrawal", "Cash Needs", "Distributions", "Cash Out"),
    columns=(
        Column(
            "Level",
            Kind.CHOICE,
            "Where it is asked for: the household, one tax treatment, one owner or one account.",
            required=True,
            synonyms=("From", "Scope"),
            choices=tuple(WithdrawalLevel),
            choice_synonyms=(
                ("tax treatment", WithdrawalLevel.TREATMENT.value),
                ("person", WithdrawalLevel.OWNER.value),
            ),
            number_format=formats.TEXT,
            width=13,
            field="level",
        ),
        Column(
            "Which",
            Kind.TEXT,
            "The treatment, owner or account; nothing for the household.",
            synonyms=("Name", "Account", "Source"),
            number_format=formats.TEXT,
            width=24,
            blank="the household",
            field="which",
        ),
        Column(
            "Amount",
            Kind.MONEY,
            "Dollars, a positive number.",
            required=True,
            synonyms=("Amount $", "Dollars", "Withdrawal", "Cash Needed"),
            number_format=formats.DOLLARS,
            width=15,
            least=0,
            field="amount_usd",
        ),
        Column(
            "By",
            Kind.DATE,
            "Day on which the cash is needed.",
            synonyms=("Date", "Needed By", "Due"),
            number_format=formats.DATE,
            width=13,
            blank="now",
            field="by",
        ),
    ),
)
