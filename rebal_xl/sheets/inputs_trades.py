"""The tables of recent trades, of trades the advisor typed, and of withdrawals."""

from rebal_xl.household.words import WithdrawalLevel
from rebal_xl.sheets import formats
from rebal_xl.sheets.inputs_columns import (
    CUSTODIANS_SIDE,
    account_column,
    flag_column,
    lot_id_column,
    price_column,
    quantity_column,
    side_column,
    symbol_column,
    trade_date_column,
)
from rebal_xl.sheets.schema import Column, Kind, Table

RECENT_TRADES = Table(
    name="RecentTrades",
    sheet="Recent Trades",
    note="Every purchase and sale of at least the last 30 days, in every account, the IRAs and the spouse's included: "
    "the wash-sale rule looks at them.",
    synonyms=("Recent Transactions", "Transactions", "Activity", "History", "Trade History"),
    columns=(
        account_column("Account of the trade, as in Accounts."),
        symbol_column("Ticker or CUSIP."),
        trade_date_column("traded"),
        side_column(*CUSTODIANS_SIDE),
        quantity_column("Shares bought or sold, a positive number."),
        price_column("Dollars a share.", "Share Price", "Execution Price", blank="not known"),
        Column(
            "Gain",
            Kind.MONEY,
            "Realized gain of a sale in dollars, before any of a loss is disallowed; a loss is negative. One row for "
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

FILLS = Table(
    name="Fills",
    sheet="Fills",
    note="What was executed of the plans: one row for each confirmation. With fills the sheet Value So Far counts what "
    "was carried out, lot by lot and at the prices paid, instead of what was planned. No plan depends on them.",
    synonyms=("Executions", "Executed Orders"),
    named_only=True,
    columns=(
        account_column("Account of the order, as in Accounts."),
        symbol_column("Ticker or CUSIP, as in the order."),
        side_column(*CUSTODIANS_SIDE),
        trade_date_column("filled", "Fill Date", "Executed"),
        quantity_column("Shares bought or sold, a positive number."),
        price_column("Dollars a share, quoted as in Securities.", "Share Price", "Execution Price", "Fill Price"),
        lot_id_column("Of a sale: the lot it was sold from, as on Lots Sold.", "the lots of the plan"),
        Column(
            "Plan Fingerprint",
            Kind.TEXT,
            "The plan it carries out, as in the Run Log.",
            synonyms=("Fingerprint", "Plan"),
            number_format=formats.TEXT,
            width=20,
            blank="the newest plan of the 30 days before that has such an order",
            field="fingerprint",
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
        side_column("Action"),
        quantity_column("Shares, a positive number. Give this or Amount, not both.", blank="Amount is used"),
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
        lot_id_column("The one lot to sell, as in Holdings.", "lots are chosen for the least tax"),
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
    note="Cash that must leave. The total is the greater of the household amount and the sum of the others, with what "
    "RMD $ of Accounts asks beyond them; the excess comes from taxable accounts at the lowest cost. What a "
    "tax-deferred account pays is added to its taxpayer's ordinary income by itself: leave it out of Ordinary Income.",
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
