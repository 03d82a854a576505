"""Every formula on a household of a few lots, with the arithmetic beside it."""

from datetime import date

import pytest

from rebal_xl import __version__
from rebal_xl.excel.convert import serial_of
from rebal_xl.excel.reasons import why
from rebal_xl.household import Side
from tests.excel.asking import CALLER, as_records, ask, columns, rows
from tests.excel.millers import AS_OF, HOLDINGS, SECURITIES, TARGETS, TAX, ask_millers

CENT = 0.005


def test_drift_of_the_millers():
    # 45 % stocks against 60: the trigger is 20 % of 60 = 12 points, so 48 to 72. Bonds 45 against 40: 32 to 48.
    table = ask_millers("REBAL_DRIFT", "holdings", "targets", "securities", "accounts")
    assert columns(table, "Asset Class", "Actual %", "Target %", "Drift", "Trigger Low", "Trigger High", "Status") == [
        ("US Stock", *map(pytest.approx, (0.45, 0.60, -0.15, 0.48, 0.72)), "below band"),
        ("US Bond", *map(pytest.approx, (0.45, 0.40, 0.05, 0.32, 0.48)), "in band"),
        ("Cash", pytest.approx(0.10), 0.0, pytest.approx(0.10), "", "", "no band"),
    ]
    assert ask_millers("REBAL_NEEDED", "holdings", "targets", "securities", "accounts") is True


def test_holdings_alone_suffice_when_they_say_class_and_price():
    holdings = rows("""
    Account | Symbol | Quantity | Asset Class | Price
    Joint   | VTI    | 100      | US Stock    | 250
    IRA     | BND    | 200      | US Bond     | 75
    """)
    # 25,000 against 15,000
    told = ask("REBAL_DRIFT", {"holdings": holdings, "targets": TARGETS})
    assert columns(told, "Asset Class", "Actual %") == [
        ("US Stock", pytest.approx(0.625)),
        ("US Bond", pytest.approx(0.375)),
    ]


def test_tracking_error_with_a_covariance_of_ones_own():
    # d = (-0.15, 0.05) on classes of variance 0.04 and 0.0025, uncorrelated; cash without a row has no risk:
    # 0.15² × 0.04 + 0.05² × 0.0025 = 0.0009 + 0.00000625
    covariance = rows("""
    Asset Class | US Stock | US Bond
    US Stock    | 0.04     | 0
    US Bond     | 0        | 0.0025
    """)
    told = ask_millers("REBAL_TRACKING_ERROR", "holdings", "targets", "securities", "accounts", covariance=covariance)
    assert told == pytest.approx(0.00090625**0.5)


def test_a_covariance_that_lacks_a_class_is_a_number_error():
    covariance = rows("Asset Class | US Stock\nUS Stock | 0.04")
    told = ask_millers("REBAL_TRACKING_ERROR", "holdings", "targets", "securities", "accounts", covariance=covariance)
    assert str(told).startswith("#REBAL!")
    assert "US Bond" in why(CALLER), why(CALLER)


def test_no_tracking_error_where_no_covariance_is_known():
    asked = {"targets": rows("Stamps | 0.6\nUS Bond | 0.4"), "securities": rows("""
        Symbol | Asset Class | Price
        VTI    | Stamps      | 250
        BND    | US Bond     | 75
    """)}  # fmt: skip
    told = ask_millers("REBAL_TRACKING_ERROR", "holdings", "accounts", **asked)
    assert str(told).startswith("#REBAL!NA|No covariance is given")
    # stocks and bonds are known
    ask_millers("REBAL_TRACKING_ERROR", "holdings", "targets", "securities", "accounts")
    assert why(CALLER) == "No covariance is given: the shipped capital-market assumptions count."


def test_a_table_that_is_no_covariance_is_a_number_error():
    # 0.15² × 0.04 + 0.05² × 0.0025 - 2 × 0.15 × 0.05 × 0.9 is below zero, which no variance can be
    covariance = rows("Asset Class | US Stock | US Bond\nUS Stock | 0.04 | 0.9\nUS Bond | 0.9 | 0.0025")
    told = ask_millers("REBAL_TRACKING_ERROR", "holdings", "targets", "securities", "accounts", covariance=covariance)
    assert str(told).startswith("#REBAL!"), told


def test_orders_of_the_millers_bring_stocks_to_the_destination():
    told = as_records(ask_millers("REBAL_TRADES", "holdings", "targets", "securities", "accounts", "tax", as_of=AS_OF))
    bought = sum(row["Amount"] for row in told if row["Symbol"] == "VTI" and row["Side"] == Side.BUY.value)
    sold = sum(row["Amount"] for row in told if row["Symbol"] == "VTI" and row["Side"] == Side.SELL.value)
    # the destination is half the trigger: stocks from 54 % on, 9,000 more than 45,000
    assert bought - sold >= 9_000.0 - CENT


def test_a_household_on_target_needs_no_orders():
    targets = rows("US Stock | 45%\nUS Bond | 45%\nCash | 10%")
    tables = ("holdings", "securities", "accounts", "tax")
    assert ask_millers("REBAL_TRADES", *tables, targets=targets, as_of=AS_OF) == (
        ("No trade is needed: every class is inside its band.",),
    )
    assert ask_millers("REBAL_LOTS", *tables, targets=targets, as_of=AS_OF) == (("Nothing is sold.",),)


def test_tax_on_gains_of_the_millers():
    # Single in Texas, 2026: 100,000 less 16,100 standard deduction is 83,900, in the 22 % bracket and above the 0 %
    # band of long-term gains (49,450): 15 %. Rev. Proc. 2025-32.
    assert ask_millers("REBAL_TAX_ON", "tax", short_gain=1000.0, long_gain=0.0) == pytest.approx(220.0)
    assert ask_millers("REBAL_TAX_ON", "tax", short_gain=None, long_gain=10_000.0) == pytest.approx(1500.0)
    # a loss of 5,000 takes 3,000 off ordinary income (IRC 1211(b))
    assert ask_millers("REBAL_TAX_ON", "tax", short_gain=-5000.0, long_gain=0.0) == pytest.approx(-660.0)


def test_tax_on_refuses_to_guess_among_several_taxpayers():
    tax = (*TAX, ("Trust", "non-grantor trust", "TX", 2026.0, 10_000.0))
    assert str(ask_millers("REBAL_TAX_ON", tax=tax, short_gain=1.0, long_gain=1.0)).startswith("#REBAL!VALUE|")
    assert "Miller, Trust" in why(CALLER)


def test_a_grantor_trust_beside_its_grantor_is_no_second_taxpayer():
    header, miller = TAX
    tax = (header, miller, ("Living Trust", "grantor trust", "TX", 2026.0, None))
    assert ask_millers("REBAL_TAX_ON", tax=tax, short_gain=1000.0, long_gain=0.0) == pytest.approx(220.0)


def test_a_grantor_trust_alone_pays_no_tax_of_its_own():
    header, _ = TAX
    tax = (header, ("Living Trust", "grantor trust", "TX", 2026.0, None))
    assert str(ask_millers("REBAL_TAX_ON", tax=tax, short_gain=1.0, long_gain=1.0)).startswith("#REBAL!VALUE|")


def test_a_tax_profile_that_is_a_header_row_alone_is_told_as_that():
    for tax in (TAX[:1], (TAX[0], (None,) * len(TAX[0]))):
        asked = ask_millers("REBAL_TAX_ON", tax=tax, short_gain=1.0, long_gain=1.0)
        assert str(asked).startswith("#REBAL!VALUE|The argument tax has a header row and no taxpayer below it."), asked
        assert "trust" not in why(CALLER)
        # nobody's rates: no account would be taxed, and the total would be that of none
        assert ask_millers("REBAL_AFTER_TAX_VALUE", "holdings", "accounts", "securities", tax=tax) == asked


def test_the_law_that_counts_without_a_year_is_told():
    tax = rows("Taxpayer | Type | State | Ordinary Income\nMiller | single | TX | 100000")
    assert ask_millers("REBAL_TAX_ON", tax=tax, short_gain=1000.0, long_gain=0.0) == pytest.approx(220.0)
    assert "the tax law of 2026 counts, the latest known" in why(CALLER)


def test_a_year_without_law_is_not_available():
    asked = {"short_gain": 1.0, "long_gain": 1.0, "law_year": 1999.0}
    assert str(ask_millers("REBAL_TAX_ON", "tax", **asked)).startswith("#REBAL!NA|")
    assert "The tax law of 1999 is not known here" in why(CALLER)


def test_losses_of_the_millers():
    # 200 BND cost 16,000 and are worth 15,000; long-term from 3 March 2027: 10 + 31 + 31 + 28 + 3 = 103 days. The IRA
    # bought BND on 2 November: washed until 31 days later, 3 December.
    told = ask_millers("REBAL_HARVEST", "holdings", "securities", "accounts", "recent", as_of=AS_OF)
    assert columns(told, "Account", "Symbol", "Lot", "Term", "Loss", "Loss %", "Days to Long", "Safe From") == [
        ("Joint", "BND", "J2", "Short", 1000.0, 0.0625, 103.0, serial_of(date(2026, 12, 3)))
    ]
    assert "every loss counts" in why(CALLER)


def test_losses_below_the_threshold_are_not_worth_taking():
    for name, limit, taken in (("Harvest $", 1000.0, True), ("Harvest $", 1000.01, False), ("Harvest %", 0.063, False)):
        settings = (("Name", "Value"), (name, limit))
        told = ask_millers("REBAL_HARVEST", "holdings", "securities", "accounts", as_of=AS_OF, settings=settings)
        assert (told != (("No loss is worth taking.",),)) is taken, (name, limit)


def test_wash_sales_of_the_millers():
    told = ask_millers("REBAL_WASH", "holdings", "recent", "securities", "accounts", as_of=AS_OF)
    assert sorted(columns(told, "Symbol", "Rule", "Safe From", "Accounts")) == [
        ("BND", "Do not sell at a loss", serial_of(date(2026, 12, 3)), "Joint"),
        ("VXUS", "Do not buy", serial_of(date(2026, 12, 11)), "IRA, Joint"),
    ]


def test_wash_sales_need_neither_securities_nor_accounts():
    told = ask_millers("REBAL_WASH", "holdings", "recent", as_of=AS_OF)
    assert ("VXUS", "Do not buy") in columns(told, "Symbol", "Rule")
    assert ("BND", "Do not sell at a loss") in columns(told, "Symbol", "Rule")
    assert "identical to itself alone" in why(CALLER)


def test_a_sale_of_the_day_itself_is_no_plan_of_ours():
    recent = (*rows("Account | Symbol | Date | Side | Quantity | Gain"), ("Joint", "VXUS", AS_OF, "Sell", 10.0, -500.0))
    told = as_records(ask_millers("REBAL_WASH", "holdings", "securities", "accounts", recent=recent, as_of=AS_OF))
    (row,) = [row for row in told if row["Symbol"] == "VXUS"]
    assert "plan" not in row["Because"]
    assert "$500.00" in row["Because"]


def test_overlap_of_the_millers():
    securities = (*SECURITIES[:1], ("VTI", "US Stock", 250.0, "Total"), ("BND", "US Bond", 75.0, None),
                  ("ITOT", "US Stock", 100.0, "Total"))  # fmt: skip
    holdings = (*HOLDINGS, ("IRA", "ITOT", 50.0, None, None, None))
    told = ask_millers("REBAL_OVERLAP", "accounts", holdings=holdings, securities=securities)
    # 100,000 and 50 ITOT at 100: shares are of 105,000
    assert columns(told, "Kind", "Subject", "Held As", "Accounts", "Value", "Share") == [
        ("Same security", "BND", "BND", "IRA, Joint", 45_000.0, pytest.approx(45 / 105)),
        ("Same security", "VTI", "VTI", "IRA, Joint", 45_000.0, pytest.approx(45 / 105)),
        ("Substantially identical", "Total", "ITOT, VTI", "IRA, Joint", 50_000.0, pytest.approx(50 / 105)),
        ("Same asset class", "US Stock", "ITOT, VTI", "IRA, Joint", 50_000.0, pytest.approx(50 / 105)),
    ]


def test_overlap_looks_through_a_fund_of_several_classes():
    classmix = rows("BND | US Bond | 60%\nBND | US Stock | 40%")
    told = ask_millers("REBAL_OVERLAP", "holdings", "securities", "accounts", classmix=classmix)
    # 45,000 of VTI, and 40 % of 45,000 of BND
    assert ("Same asset class", "US Stock", "BND, VTI", pytest.approx(63_000.0)) in columns(
        told, "Kind", "Subject", "Held As", "Value"
    )


def test_value_after_tax_of_the_millers():
    # Joint: 15 % of the gain of 5,000 on VTI; the loss on BND earns nothing. IRA: 22 % of all.
    told = ask_millers("REBAL_AFTER_TAX_VALUE", "holdings", "accounts", "tax", "securities", as_of=AS_OF)
    assert columns(told, "Account", "Value", "Tax Waiting", "After Tax") == [
        ("IRA", 50_000.0, pytest.approx(11_000.0), pytest.approx(39_000.0)),
        ("Joint", 50_000.0, pytest.approx(750.0), pytest.approx(49_250.0)),
        ("Total", 100_000.0, pytest.approx(11_750.0), pytest.approx(88_250.0)),
    ]


def test_value_after_tax_at_the_rates_that_the_profile_expects():
    header, miller = TAX
    tax = ((*header, "Future Ordinary Rate", "Future Gain Rate"), (*miller, 0.30, 0.20))
    told = ask_millers("REBAL_AFTER_TAX_VALUE", "holdings", "accounts", "securities", tax=tax, as_of=AS_OF)
    assert columns(told, "Account", "Tax Waiting")[:2] == [("IRA", pytest.approx(15_000.0)), ("Joint", 1000.0)]


def test_value_after_tax_by_another_years_law_is_stamped():
    tax = rows("Taxpayer | Type | State | Law Year | Ordinary Income\nMiller | single | TX | 2025 | 100000")
    ask_millers("REBAL_AFTER_TAX_VALUE", "holdings", "accounts", "securities", tax=tax, as_of=AS_OF)
    assert "Taxes are by 2025 law, ESTIMATE." in why(CALLER)


def test_term_is_long_on_the_day_after_a_year():
    bought = serial_of(date(2024, 2, 29))
    assert ask("REBAL_TERM", {"acquired": bought, "sold": serial_of(date(2025, 2, 28))}) == "Short"
    assert ask("REBAL_TERM", {"acquired": bought, "sold": serial_of(date(2025, 3, 1))}) == "Long"
    assert ask("REBAL_TERM", {"acquired": "01/02/2020", "sold": "01/02/2021"}) == "Short"


def test_terms_of_a_column_spill_as_a_column():
    days = ((AS_OF - 400.0,), (None,), (AS_OF - 10.0,))
    assert ask("REBAL_TERM", {"acquired": days, "sold": AS_OF}) == (("Long",), ("",), ("Short",))
    assert ask("REBAL_TERM", {"acquired": days, "sold": days}) == (("Short",), ("",), ("Short",))


def test_days_the_wrong_way_round_are_refused():
    assert str(ask("REBAL_TERM", {"acquired": AS_OF, "sold": AS_OF - 1})).startswith("#REBAL!VALUE|")
    assert str(ask("REBAL_TERM", {"acquired": ((AS_OF,), (AS_OF,)), "sold": ((AS_OF,),) * 3})).startswith(
        "#REBAL!VALUE"
    )


def test_version():
    assert ask("REBAL_VERSION", {}) == __version__


def test_no_problems_is_one_row():
    tables = ("holdings", "targets", "securities", "accounts", "tax", "recent")
    assert ask_millers("REBAL_CHECK", *tables, as_of=AS_OF) == (("No problems",),)
