"""Withdrawals, trades of the last weeks, trades the advisor typed, and covariances."""

from datetime import date

import numpy as np
import pytest

from rebal_xl.household import Covariance, RecentTrade, Side, TypedTrade, Withdrawal, WithdrawalLevel
from tests.intake.story import codes, noticed, only, smiths, smiths_refused

WITHDRAWALS = "Level | Which | Amount | By\n"
RECENT = "Account | Symbol | Date | Side | Quantity | Price | Gain | Reinvested\n"
TYPED = "Account | Symbol | Side | Quantity | Amount | Lot ID | Keep\n"


def test_withdrawals_are_asked_for_at_four_levels():
    _, policy = smiths(
        Withdrawals=WITHDRAWALS
        + "household | | 60000 | 12/15/2026\ntreatment | IRA | 1000 |\nowner | ann | 500 |\naccount | joint | 250 |"
    )
    assert policy.withdrawals == (
        Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 60_000.0, date(2026, 12, 15)),
        Withdrawal(WithdrawalLevel.TREATMENT, "tax-deferred", 1_000.0),
        Withdrawal(WithdrawalLevel.OWNER, "Ann", 500.0),
        Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 250.0),
    )


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("account | Jiont | 500 |", "unknown-withdrawal", "B2"),
        ("owner | Anne B | 500 |", "unknown-withdrawal", "B2"),
        ("treatment | gold | 500 |", "unknown-withdrawal", "B2"),
        ("account | | 500 |", "unknown-withdrawal", "B2"),
        ("somewhere | | 500 |", "not-a-choice", "A2"),
        ("household | | -500 |", "out-of-range", "C2"),
        ("household | | | 06/30/2026", "missing-value", "C2"),
    ],
)
def test_withdrawals_from_nowhere_are_refused(row, code, cell):
    assert only(smiths_refused(Withdrawals=WITHDRAWALS + row), code).place == f"Withdrawals!{cell}"


def test_a_withdrawal_of_the_past_or_of_nothing_is_noticed():
    assert noticed(Withdrawals=WITHDRAWALS + "household | | 500 | 06/15/2026") == ()
    assert codes(noticed(Withdrawals=WITHDRAWALS + "household | | 500 | 06/14/2026")) == ["past-withdrawal"]
    assert codes(noticed(Withdrawals=WITHDRAWALS + "household | | 0 |")) == ["zero-withdrawal"]


def test_a_sale_may_say_when_its_shares_were_bought():
    header = RECENT.replace("\n", " | Date Acquired\n")
    sale = "Joint | BND | 06/01/2026 | Sell | 10 | | -20 | | "
    household, _ = smiths(RecentTrades=header + sale + "05/04/2025")
    assert household.recent_trades[0].acquired == date(2025, 5, 4)
    household, _ = smiths(RecentTrades=header + sale + "Various")
    assert household.recent_trades[0].acquired is None
    assert only(smiths_refused(RecentTrades=header + sale + "06/02/2026"), "acquired-after-sale").cell == "I2"


def test_recent_trades_are_read_as_custodians_write_them():
    household, _ = smiths(
        RecentTrades=RECENT
        + "Joint | bnd | 06/01/2026 | You sold | -10 | $75.00 | (20.00) |\n"
        + "Ann IRA | VTI | 06/02/2026 | Reinvestment | 0.5 | | | Yes"
    )
    assert household.recent_trades == (
        RecentTrade("Joint", "BND", date(2026, 6, 1), Side.SELL, 10.0, price_usd=75.0, gain_usd=-20.0),
        RecentTrade("Ann IRA", "VTI", date(2026, 6, 2), Side.BUY, 0.5, reinvested=True),
    )


def test_a_trade_of_a_security_sold_out_needs_no_description():
    assert smiths(RecentTrades=RECENT + "Joint | QQQ | 06/01/2026 | Sell | 5 | | |")[0].recent_trades[0].symbol == "QQQ"


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("Jiont | VTI | 06/01/2026 | Buy | 5 | | |", "unknown-account", "A2"),
        ("Joint | VTI | 06/16/2026 | Buy | 5 | | |", "traded-after-as-of", "C2"),
        ("Joint | VTI | 06/01/2026 | Buy | -5 | | |", "quantity-not-positive", "E2"),
        ("Joint | VTI | 06/01/2026 | Sell | 0 | | |", "quantity-not-positive", "E2"),
        ("Joint | VTI | 06/01/2026 | Swap | 5 | | |", "not-a-choice", "D2"),
        ("Joint | VTI | 13/01/2026 | Buy | 5 | | |", "not-a-date", "C2"),
    ],
)
def test_recent_trades_that_cannot_be_are_refused(row, code, cell):
    assert only(smiths_refused(RecentTrades=RECENT + row.replace("13/01", "'13/01")), code).cell == cell


def test_typed_trades_are_read():
    _, policy = smiths(
        MyTrades=TYPED
        + "Joint | VTI | Sell | 100 | | VTI 2020-03-16 |\nJoint | BND | Buy | | 5000 | | no\nJoint | VTI | S | 1 | | |"
    )
    assert policy.my_trades == (
        TypedTrade("Joint", "VTI", Side.SELL, quantity=100.0, lot_id="VTI 2020-03-16"),
        TypedTrade("Joint", "BND", Side.BUY, amount_usd=5_000.0, keep=False),
        TypedTrade("Joint", "VTI", Side.SELL, quantity=1.0),
    )


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("Joint | VTI | Sell | 101 | | |", "sale-exceeds-holding", "D2"),
        ("Joint | VTI | Sell | | | |", "trade-size", "D2"),
        ("Joint | VTI | Sell | 5 | 500 | |", "trade-size", "D2"),
        ("Joint | VTI | Buy | 0 | | |", "trade-size", "D2"),
        ("Joint | VTI | Sell | 5 | | nowhere |", "unknown-lot", "F2"),
        ("Joint | VTI | Buy | 5 | | VTI 2020-03-16 |", "lot-of-purchase", "F2"),
        ("Joint | VTI | Sell | -5 | | |", "out-of-range", "D2"),
        ("Joint | VTI | Sell | | 0 | |", "trade-size", "D2"),
        ("Joint | CASH | Buy | | 500 | |", "cash-trade", "B2"),
        ("Joint | QQQ | Buy | 5 | | |", "unknown-symbol", "B2"),
        ("Jim | VTI | Buy | 5 | | |", "unknown-account", "A2"),
    ],
)
def test_typed_trades_that_cannot_be_done_are_refused(row, code, cell):
    assert only(smiths_refused(MyTrades=TYPED + row), code).place == f"MyTrades!{cell}"


COVARIANCE = "Asset Class | US Stocks | US Bonds\nUS Stocks | 0.0225 | {}\nUS Bonds | {} | 0.0025"


def test_one_half_of_a_covariance_table_may_stay_blank():
    expected = Covariance(("US Bonds", "US Stocks"), ((0.0025, 0.001), (0.001, 0.0225)))
    for halves in (("0.001", "0.001"), ("0.001", ""), ("", "0.001")):
        assert smiths(Covariance=COVARIANCE.format(*halves))[1].covariance == expected
    turned = "Asset Class | us bonds | us stocks\nUS Bonds | 0.0025 | 0.001\nUS Stocks | | 0.0225"
    assert smiths(Covariance=turned)[1].covariance == expected
    assert smiths()[1].covariance is None


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (COVARIANCE.format("", ""), "covariance-missing"),
        (COVARIANCE.format("0.001", "0.002"), "covariance-not-symmetric"),
        # a correlation of 0.008 / (0.15 x 0.05) is more than one
        (COVARIANCE.format("0.008", ""), "covariance-impossible"),
        (COVARIANCE.format("much", ""), "not-a-number"),
        ("Asset Class | US Stocks\nUS Stocks | 0.0225\nUS Bonds | 0.0025", "covariance-not-square"),
        ("Asset Class | US Stocks\nUS Stocks | 0.0225\nUS Stocks | 0.0225", "covariance-not-square"),
    ],
)
def test_covariances_that_cannot_be_are_refused(table, code):
    assert only(smiths_refused(Covariance=table), code).sheet == "Covariance"


def test_volatilities_of_the_advisor_come_before_those_of_the_survey():
    assumed = "Asset Class | Volatility\nUS Stocks | 20%\nUS Bonds |"
    covariance = smiths(Assumptions=assumed)[1].covariance
    assert covariance is not None
    assert covariance.classes == ("Cash", "US Bonds", "US Stocks")
    # The survey's bonds (6.22 %) and correlation (0.32) with the advisor's stocks (20 %).
    assert covariance.rows[1][1:] == pytest.approx((0.0622**2, 0.32 * 0.0622 * 0.20))
    assert covariance.rows[2][2] == pytest.approx(0.04)


def test_a_covariance_table_comes_before_volatilities():
    both = {"Assumptions": "Asset Class | Volatility\nUS Stocks | 20%", "Covariance": COVARIANCE.format("", "0.001")}
    assert smiths(**both)[1].covariance == smiths(Covariance=both["Covariance"])[1].covariance


def test_a_class_without_assumptions_is_named_and_a_covariance_table_settles_it():
    targets = "Asset Class | Target %\nUS Stocks | 60%\nUS Bonds | 30%\nTimber | 10%"
    funds = "Symbol | Asset Class | Price\nVTI | US Stocks | 250\nBND | US Bonds | 75\nWOOD | Timber | 80"
    household, found = smiths(Targets=targets, Securities=funds, Assumptions="Asset Class | Volatility\nTimber | 20%")
    notice = next(each for each in household.notices if each.code == "no-tracking-error")
    assert "Timber" in notice.message
    assert "US Stocks" not in notice.message
    assert found.covariance is None
    rows = ("Asset Class | US Stocks | US Bonds | Timber", "US Stocks | 0.04 | 0 | 0", "US Bonds | | 0.01 | 0")
    square = "\n".join((*rows, "Timber | | | 0.04"))
    household, _ = smiths(Targets=targets, Securities=funds, Covariance=square)
    assert "no-tracking-error" not in {each.code for each in household.notices}


def test_a_covariance_table_must_know_every_class_but_cash():
    targets = "Asset Class | Target %\nUS Stocks | 60%\nUS Bonds | 30%\nTimber | 10%"
    funds = "Symbol | Asset Class | Price\nVTI | US Stocks | 250\nBND | US Bonds | 75\nWOOD | Timber | 80"
    refused = smiths_refused(Targets=targets, Securities=funds, Covariance=COVARIANCE.format("", "0.001"))
    problem = only(refused, "covariance-class")
    assert problem.sheet == "Covariance"
    assert "Timber" in problem.message
    assert "Cash" not in problem.message


def test_a_covariance_table_rounded_below_what_returns_have_is_put_right():
    # The root of 0.015 x 0.003334 is 0.0070718: 0.007072 is a correlation a hair above one.
    rounded = "Asset Class | US Stocks | US Bonds\nUS Stocks | 0.015 | 0.007072\nUS Bonds | | 0.003334"
    covariance = smiths(Covariance=rounded)[1].covariance
    assert covariance is not None
    assert np.linalg.eigvalsh(np.array([[0.015, 0.007072], [0.007072, 0.003334]]))[0] < 0.0
    assert np.linalg.eigvalsh(np.array(covariance.rows))[0] >= -1e-15
    assert np.array(covariance.rows) == pytest.approx(np.array([[0.003334, 0.007072], [0.007072, 0.015]]), abs=1e-6)
