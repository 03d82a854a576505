"""Headers are matched as people write them: without case, spaces or punctuation, and by the custodians' own words."""

import pytest

from rebal_xl.intake.headers import Names, missing_advice, name_key, spelling
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS, TARGETS

LOTS = Names(HOLDINGS)


def column(names: Names, header: str) -> str:
    found = names.column_of(header)
    return found[1].name if found else ""


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Symbol", "Symbol"),
        (" sym-bol ", "Symbol"),
        ("TICKER", "Symbol"),
        ("Qty (Quantity)", "Quantity"),
        ("Shares", "Quantity"),
        ("Ticker (Symbol)", "Symbol"),
        ("Lot Details (Open Date)", "Acquired"),
        ("Cost Basis", "Cost Basis"),
        ("Cost Basis ($)", "Cost Basis"),
        ("Cost Basis Total", "Cost Basis"),
        ("Average Cost Basis", "Cost/Share"),
        ("Cost per share", "Cost/Share"),
        ("Cost Per Share", "Cost/Share"),
        ("Cost Basis (per share)", "Cost/Share"),
        ("Open Date", "Acquired"),
        ("Mkt Val (Market Value)", "Market Value"),
        ("Market value as of 09/03/2026 02:17 PM, ET", "Market Value"),
        ("Holding\nPeriod", "Term"),
    ],
)
def test_the_words_of_custodians_name_our_columns(header, name):
    assert column(LOTS, header) == name


EXTRA = ["Gain/Loss $", "Day Chng % (Day Change %)", "Price (per contract)", "Price (Quantity)", "Quantity $", "", "?"]


@pytest.mark.parametrize("header", EXTRA)
def test_other_headers_are_extra_columns(header):
    assert column(LOTS, header) == ""


def test_the_signs_tell_dollars_from_percent():
    accounts = Names(ACCOUNTS)
    assert column(accounts, "Reserve ($)") == "Reserve $"
    assert column(accounts, "Reserve Percent") == "Reserve %"
    assert column(accounts, "reserve%") == "Reserve %"
    assert column(accounts, "RMD") == "RMD $"
    assert column(Names(TARGETS), "Target") == "Target %"
    assert column(Names(TARGETS), "%") == "Target %"
    # A gain in percent is no gain in dollars.
    assert column(LOTS, "Price %") == ""


def test_a_columns_own_name_wins_over_its_synonyms():
    match = LOTS.match([(1, "CUSIP"), (2, "Symbol"), (3, "Account"), (4, "Qty")])
    assert dict(match.columns) == {"Symbol": 2, "Account": 3, "Quantity": 4}
    assert [(double.header, double.repeated) for double in match.doubles] == [("CUSIP", False)]


def test_the_same_header_twice_is_seen():
    match = LOTS.match([(1, "Symbol"), (2, "symbol "), (3, "Account")])
    assert [(double.number, double.repeated) for double in match.doubles] == [(2, True)]
    assert [column.name for column in match.missing] == ["Quantity"]


def test_a_missing_column_comes_with_its_other_names_and_the_near_miss():
    advice = missing_advice(HOLDINGS.column("Quantity"), ["Quanity", "Notes"])
    assert (
        advice
        == 'Is it the column "Quanity"? Call one of your columns Quantity (or Qty, Shares, Units, Qty (Quantity)).'
    )
    assert missing_advice(HOLDINGS.column("Quantity"), ["Notes"]).startswith("Call one of your columns Quantity (or")


def test_names_of_sheets_and_tables_are_compared_loosely():
    assert name_key("tblHoldings") == name_key("Holdings") == "holdings"
    assert name_key("Tax Profile") == name_key("TaxProfile")
    assert name_key("Table") == "table"
    assert spelling("Target Pct") == spelling("Target %")
