"""Berkshire's class B in the spellings of four custodians is one security, and what only looks alike is not."""

from pathlib import Path

import pytest

from rebal_xl.files.imports import understand
from rebal_xl.intake.share_classes import spellings_of
from tests.intake.custodians.files import put
from tests.intake.story import codes, noticed, only, smiths

SECURITIES = "Symbol | Asset Class | Price\nVTI | US Stocks | 250\nBND | US Bonds | 75\nBRK.B | US Stocks | 450"
HOLDINGS = """
    Account | Symbol | Quantity | Cost Basis | Acquired
    Joint | BRK/B | 10 | 2000 | 03/16/2020
    Joint | BRK B | 5 | 1000 | 03/16/2021
    Ann IRA | BRKB | 4 | |
    Ann IRA | BND | 4 | |
"""


def test_a_share_class_has_the_spelling_of_securities_whatever_the_custodian_writes():
    household, _ = smiths(Securities=SECURITIES, Holdings=HOLDINGS)
    assert {(lot.account, lot.symbol, lot.quantity) for lot in household.lots} == {
        ("Joint", "BRK.B", 10.0),
        ("Joint", "BRK.B", 5.0),
        ("Ann IRA", "BRK.B", 4.0),
        ("Ann IRA", "BND", 4.0),
    }
    told = [notice.cell for notice in household.notices if notice.code == "one-share-class"]
    assert told == ["B2", "B3", "B4"]
    assert "BRK/B, BRK B and BRKB" in next(n.message for n in household.notices if n.code == "one-share-class")


def test_a_purchase_at_the_other_custodian_is_of_the_same_shares():
    trades = "Account | Symbol | Date | Side | Quantity | Price\nAnn IRA | BRK-B | 06/01/2026 | Buy | 3 | 440"
    household, _ = smiths(Securities=SECURITIES, Holdings=HOLDINGS, RecentTrades=trades)
    assert [trade.symbol for trade in household.recent_trades] == ["BRK.B"]


def test_one_spelling_is_nothing_to_mention():
    assert "one-share-class" not in codes(
        noticed(Securities=SECURITIES, Holdings="Account | Symbol | Quantity\nAnn IRA | BRK.B | 4")
    )


@pytest.mark.parametrize(
    "symbols",
    [
        # two funds whose tickers differ in a letter, a fund and a class, an option, a bond
        ["VTI", "VTV"],
        ["BRK.A", "BRK.B"],
        ["BRKB", "BRK"],
        ["BRK.B 12/18/2026 400.00 C", "BRK/B"],
        ["912828ZT0", "912828.ZT0"],
        # one word alone, twice
        ["BRKB", "BRKB"],
    ],
)
def test_other_securities_keep_their_names(symbols):
    assert spellings_of(symbols) == {}


def test_two_custodians_files_tell_one_security(tmp_path: Path):
    schwab = (
        '"Positions for account Individual ...123 as of 12:33 PM ET, 2026/05/04"\n""\n'
        '"Symbol","Description","Qty (Quantity)","Price","Mkt Val (Market Value)","Cost Basis","Asset Type",\n'
        '"BRK/B","BERKSHIRE HATHAWAY B","10","$450.00","$4,500.00","$2,000.00","Equity",\n'
        '"Account Total","","--","--","$4,500.00","$2,000.00","--",\n'
    )
    fidelity = (
        "Account Number,Account Name,Symbol,Description,Quantity,Last Price,Current Value,Cost Basis Total\n"
        "Z12345678,Roth IRA,BRKB,BERKSHIRE HATHAWAY INC COM USD0.0033 CLASS B,3,$450.00,$1350.00,$900.00\n"
    )
    statement = understand(put(tmp_path, schwab=schwab, fidelity=fidelity)).statement
    assert len({row.text("Symbol") for row in statement.holdings}) == 1
    assert "one share class" in only(statement.notices, "one-share-class").message
