"""A second household, small enough to work out by hand: $50,000 in a joint account and $50,000 in an IRA.

Joint: 100 VTI at 250 = 25,000, 200 BND at 75 = 15,000, cash 10,000. IRA: 80 VTI = 20,000, 400 BND = 30,000.
Stocks 45,000, bonds 45,000, cash 10,000; wanted are 60 % stocks and 40 % bonds.
"""

from datetime import date

from rebal_xl.excel.convert import serial_of
from tests.excel.asking import ask, rows

AS_OF = serial_of(date(2026, 11, 20))
BOUGHT_VTI, BOUGHT_BND = serial_of(date(2020, 1, 2)), serial_of(date(2026, 3, 2))
IRA_BUYS, SOLD_AT_LOSS = serial_of(date(2026, 11, 2)), serial_of(date(2026, 11, 10))

HOLDINGS = rows(f"""
Account | Symbol | Quantity | Cost Basis | Acquired     | Lot ID
Joint   | VTI    | 100      | 20000      | {BOUGHT_VTI} | J1
Joint   | BND    | 200      | 16000      | {BOUGHT_BND} | J2
IRA     | VTI    | 80       |            |              |
IRA     | BND    | 350      |            |              |
IRA     | BND    | 50       | 3750       | {IRA_BUYS}   |
""")
TARGETS = rows("""
Asset Class | Target %
US Stock    | 0.6
US Bond     | 0.4
""")
SECURITIES = rows("""
Symbol | Asset Class | Price | Identical Group
VTI    | US Stock    | 250   |
BND    | US Bond     | 75    |
VXUS   | Intl Stock  | 60    |
""")
ACCOUNTS = rows("""
Account | Tax Treatment | Cash
Joint   | taxable       | 10000
IRA     | tax-deferred  |
""")
TAX = rows("""
Taxpayer | Type   | State | Law Year | Ordinary Income
Miller   | single | TX    | 2026     | 100000
""")
RECENT = rows(f"""
Account | Symbol | Date           | Side | Quantity | Price | Gain
IRA     | BND    | {IRA_BUYS}     | Buy  | 50       | 75    |
Joint   | VXUS   | {SOLD_AT_LOSS} | Sell | 10       | 60    | -500
""")
TABLES = {
    "holdings": HOLDINGS,
    "targets": TARGETS,
    "securities": SECURITIES,
    "accounts": ACCOUNTS,
    "tax": TAX,
    "recent": RECENT,
}
PLACES = {
    "holdings": "[Millers.xlsx]Holdings!$A$1:$F$6",
    "targets": "'[Millers.xlsx]Their Plan'!$C$5:$D$7",
    "securities": "[Millers.xlsx]Securities!$A$1:$D$4",
    "accounts": "[Millers.xlsx]Accounts!$A$1:$C$3",
    "tax": "[Millers.xlsx]Tax!$A$1:$E$2",
    "recent": "[Millers.xlsx]Recent!$A$1:$G$3",
    "as_of": "[Millers.xlsx]Settings!$B$2",
}


def ask_millers(name: str, *tables: str, **arguments: object) -> object:
    """Call a formula with some tables of theirs, and what is given by name."""
    given = {table: TABLES[table] for table in tables} | arguments
    return ask(name, given, {table: place for table, place in PLACES.items() if table in given})
