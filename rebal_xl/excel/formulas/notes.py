"""What each argument is for, in the words of the Function Wizard: the same argument says the same everywhere, but that
what happens without it is told only where it may be left out."""

from rebal_xl.excel.udf import Note

HOLDINGS = Note(
    "Lots with their header row, such as Holdings[#All]: Account, Symbol, Quantity, and Asset Class and Price where "
    "no securities are given. A whole sheet's columns do as well."
)
TARGETS = Note("Asset Class and Target %, such as Targets[#All]; bands too, if you keep them.")
SECURITIES = Note(
    "Symbol, Asset Class, Price and what else you know, such as Securities[#All]. Left out where holdings say class "
    "and price.",
    needed="Symbol, Asset Class, Price and what else you know, such as Securities[#All].",
)
ACCOUNTS = Note(
    "Account, Tax Treatment and more, such as Accounts[#All]. Left out, treatments are told from the accounts' names.",
    needed="Account, Tax Treatment and more, such as Accounts[#All].",
)
CLASSMIX = Note("Symbol, Asset Class, Weight of funds that hold several classes, such as ClassMix[#All].")
TAX = Note("The tax profile with its header row, such as TaxProfile[#All]: Taxpayer, Type, State, income and more.")
RECENT = Note(
    "Trades of the last 30 days at least, such as RecentTrades[#All]: Account, Symbol, Date, Side, Quantity. "
    "They decide about wash sales."
)
COVARIANCE = Note(
    "Covariance of the classes' yearly returns, class by class, with header row. Left out, the shipped assumptions "
    "count."
)
SETTINGS = Note("Name and Value of settings, such as Settings[#All]: Method, Minimum Trade $, Horizon and more.")
AS_OF = Note(
    "The day that counts as today: a cell with a date. It decides holding periods and wash sales.", table=False
)

NOTES = {
    "holdings": HOLDINGS,
    "targets": TARGETS,
    "securities": SECURITIES,
    "accounts": ACCOUNTS,
    "classmix": CLASSMIX,
    "tax": TAX,
    "recent": RECENT,
    "covariance": COVARIANCE,
    "settings": SETTINGS,
    "as_of": AS_OF,
    "short_gain": Note("Extra short-term gain in dollars on top of what the tax profile has; a loss is negative.",
                       table=False),
    "long_gain": Note("Extra long-term gain in dollars on top of what the tax profile has; a loss is negative.",
                      table=False),
    "law_year": Note("Year of the tax law, such as 2026. Left out: the profile's Law Year, else the latest known.",
                     table=False),
    "acquired": Note("Day or days of purchase, such as a cell with a date or Holdings[Acquired]."),
    "sold": Note("Day or days of sale: one date for all, or as many as days of purchase."),
    "cell": Note("The cell whose error or notice is to be explained.", table=False),
}  # fmt: skip
