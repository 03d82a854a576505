"""Every formula says what the Python interface says: on the sample workbook, and on a household worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl import __version__, api, log
from rebal_xl.excel import inputs
from rebal_xl.excel.asked import Asked, asking
from rebal_xl.excel.convert import read_argument, serial_of
from rebal_xl.excel.formulas.plan import LONGEST_SEARCH_S
from rebal_xl.excel.inputs import TABLES, read_household
from rebal_xl.excel.reasons import why
from rebal_xl.household import Household, Policy, Side
from rebal_xl.intake import read_grids
from rebal_xl.measure.harvest import losses_worth_taking
from rebal_xl.measure.overlap import measure_overlap
from rebal_xl.sheets.grid import GridBook
from rebal_xl.tax.api import tax_bill
from rebal_xl.tax.ledger import household_ledger
from tests.excel.asking import as_records, ask, ask_sample, columns, rows, sample_book, sample_tables
from tests.excel.millers import AS_OF, HOLDINGS, SECURITIES, TARGETS, TAX, ask_millers

DAY = date(2026, 11, 20)
CALLER = "[B.xlsx]Dashboard!$B$2"
PLANNED = ("holdings", "targets", "securities", "accounts", "tax", "recent", "classmix", "settings")
CENT = 0.005


def sample_without(*tables: str) -> tuple[Household, Policy]:
    """The sample workbook as a file, read by the door with the tables that a formula takes and no others."""
    wanted = {table.name for name, table in TABLES.items() if name not in tables}
    grids = []
    for grid in sample_book().grids:
        fences = tuple(fence for fence in grid.tables if fence.name in wanted)
        cells = {
            (row, column): cell
            for (row, column), cell in grid.cells.items()
            if any(f.first_row <= row <= f.last_row and f.first_col <= column <= f.last_col for f in fences)
        }
        grids.append(replace(grid, tables=fences, cells=cells))
    return read_grids(GridBook(None, tuple(grids)), DAY, as_of_wins=True)


@pytest.fixture(scope="module")
def planned():
    household, policy = sample_without("covariance")
    return household, policy, api.rebalance(household, policy)


def test_the_arguments_of_a_formula_are_the_household_of_the_file():
    tables = sample_tables()
    places = {name: address for name, (address, _) in tables.items()}
    with asking(Asked(places)):
        cells = {name: read_argument(rows, {"ndim": 2}) for name, (_, rows) in tables.items() if name in PLANNED}
        household, policy = read_household(cells, AS_OF)
    expected, wanted = sample_without("covariance")
    assert (household.lots, household.securities) == (expected.lots, expected.securities)
    assert household == expected
    assert policy == wanted


def test_drift_of_the_sample():
    household, policy = sample_without("tax", "recent", "covariance")
    drift = api.drift(household, policy)
    told = as_records(ask_sample("REBAL_DRIFT"))
    assert [row["Asset Class"] for row in told] == [line.asset_class for line in drift.lines]
    for row, line in zip(told, drift.lines, strict=True):
        assert row["Actual %"] == pytest.approx(line.actual_weight)
        assert row["Target %"] == pytest.approx(line.target_weight)
        assert row["Drift"] == pytest.approx(line.drift)
        assert row["Trigger Low"] == ("" if line.trigger_low is None else pytest.approx(line.trigger_low))
        assert row["Trigger High"] == ("" if line.trigger_high is None else pytest.approx(line.trigger_high))
        assert row["Status"] == line.status
    assert ask_sample("REBAL_NEEDED") is drift.needed
    assert ask_sample("REBAL_TRACKING_ERROR", covariance=None) == pytest.approx(drift.tracking_error)


def test_trades_of_the_sample(planned):
    _, _, plan = planned
    told = as_records(ask_sample("REBAL_TRADES", as_of=AS_OF))
    assert len(told) == len(plan.trades) > 0
    for trade in plan.trades:
        (row,) = [
            row
            for row in told
            if (row["Account"], row["Symbol"], row["Side"]) == (trade.account, trade.symbol, trade.side.value)
        ]
        assert row["Quantity"] == trade.quantity
        assert row["Amount"] == trade.amount_usd
        assert row["Reason"] == trade.reason
    sides = [row["Side"] for row in told if row["Account"] == told[0]["Account"]]
    assert sides == sorted(sides, reverse=True), "sells come before buys"
    assert "Optimal under these rules within" in why(CALLER)


def test_lots_and_tax_of_the_sample_are_those_of_the_same_plan(planned):
    _, _, plan = planned
    lots = as_records(ask_sample("REBAL_LOTS", as_of=AS_OF))
    assert {(row["Account"], row["Symbol"], row["Lot"], row["Quantity"]) for row in lots} == {
        (sale.account, sale.symbol, sale.lot_id, sale.quantity) for sale in plan.lot_sales
    }
    days = {sale.lot_id: sale.acquired for sale in plan.lot_sales}
    for row in lots:
        assert row["Acquired"] == serial_of(days[row["Lot"]])
    tax = as_records(ask_sample("REBAL_TAX", as_of=AS_OF))
    assert sum(row["Tax of the Plan"] for row in tax) == pytest.approx(plan.tax.cost_usd)


def test_three_formulas_side_by_side_make_one_plan(monkeypatch):
    made = []
    plan = api.rebalance
    monkeypatch.setattr(api, "rebalance", lambda *given: made.append(given) or plan(*given))
    targets = rows("US Stock | 0.55\nUS Bond | 0.45")
    asked = {"targets": targets, "as_of": AS_OF}
    for name in ("REBAL_TRADES", "REBAL_LOTS", "REBAL_TAX"):
        answer = ask_millers(name, "holdings", "securities", "accounts", "tax", **asked)
        assert isinstance(answer, tuple), answer
    assert len(made) == 1


def test_a_search_that_finds_nothing_is_a_number_error(monkeypatch, tmp_path):
    def fail(*_: object) -> None:
        raise api.SolverError("No plan was found in time.")

    monkeypatch.setattr(log.platformdirs, "user_log_dir", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(api, "rebalance", fail)
    targets = rows("US Stock | 0.51\nUS Bond | 0.49")
    told = ask_millers("REBAL_TRADES", "holdings", "securities", "accounts", "tax", targets=targets, as_of=AS_OF)
    assert told == "#REBAL!NUM|No plan was found in time."
    assert list(tmp_path.iterdir())


def test_a_rule_that_had_to_give_is_told():
    settings = rows("Name | Value\nMost Orders | 0")
    told = ask_millers(
        "REBAL_TRADES", "holdings", "targets", "securities", "accounts", "tax", as_of=AS_OF, settings=settings
    )
    assert told[0][0].startswith("No trade keeps more of the rules")
    assert "US Stock" in why(CALLER)


def test_a_formula_searches_no_longer_than_excel_waits(monkeypatch):
    asked = []
    plan = api.rebalance
    monkeypatch.setattr(api, "rebalance", lambda home, policy: asked.append(policy.deadline_s) or plan(home, policy))
    settings = rows("Name | Value\nDeadline | 300")
    tables = ("holdings", "targets", "securities", "accounts", "tax")
    ask_millers("REBAL_TRADES", *tables, as_of=AS_OF, settings=settings)
    ask_millers("REBAL_TRADES", *tables, as_of=AS_OF, settings=rows("Name | Value\nDeadline | 5"))
    assert asked == [LONGEST_SEARCH_S, 5.0]


def test_another_years_law_is_stamped():
    tax = rows("Taxpayer | Type | State | Law Year | Ordinary Income\nMiller | single | TX | 2025 | 100000")
    ask_millers("REBAL_TAX", "holdings", "targets", "securities", "accounts", tax=tax, as_of=AS_OF)
    assert "2025 law, ESTIMATE" in why(CALLER)


def test_location_score_of_the_sample():
    household, policy = sample_without("recent", "covariance")
    assert ask_sample("REBAL_LOCATION_SCORE", as_of=AS_OF) == pytest.approx(api.location(household, policy).score)


def test_location_of_what_earns_nothing_is_the_best_there_is():
    assert (
        ask_millers("REBAL_LOCATION_SCORE", "holdings", "targets", "securities", "accounts", "tax", as_of=AS_OF)
        == 100.0
    )
    assert why(CALLER) == "Every placement of this mix that the rules allow costs the same."


def test_location_of_a_household_that_has_it_the_wrong_way_round():
    # bonds that pay 4 % interest lie in the joint account, stocks that pay nothing in the IRA
    header = "Account | Symbol | Quantity | Cost Basis | Acquired"
    holdings = rows(f"{header}\nJoint | BND | 200 | 15000 | 01/02/2020\nIRA | VTI | 60")
    securities = rows("Symbol | Asset Class | Price | Yield\nVTI | US Stock | 250 | 0%\nBND | US Bond | 75 | 4%")
    accounts = rows("Joint | taxable\nIRA | tax-deferred")
    asked = {"holdings": holdings, "securities": securities, "accounts": accounts, "as_of": AS_OF}
    assert ask_millers("REBAL_LOCATION_SCORE", "targets", "tax", **asked) == pytest.approx(0.0)
    right = rows(f"{header}\nJoint | VTI | 60 | 15000 | 01/02/2020\nIRA | BND | 200")
    assert ask_millers("REBAL_LOCATION_SCORE", "targets", "tax", **asked | {"holdings": right}) == pytest.approx(100.0)


def test_harvest_of_the_sample():
    household, policy = sample_without("tax", "covariance")
    told = as_records(ask_sample("REBAL_HARVEST", as_of=AS_OF))
    losses = losses_worth_taking(household, policy)
    assert [(row["Lot"], row["Loss"]) for row in told] == [
        (loss.lot.lot_id, pytest.approx(loss.loss_usd)) for loss in losses
    ]


def test_wash_sales_of_the_sample():
    household, policy = sample_without("tax", "covariance", "settings")
    ledger = household_ledger(household, policy.as_of, reinvestments_count=policy.reinvestment_counts)
    told = columns(ask_sample("REBAL_WASH", as_of=AS_OF), "Symbol", "Rule", "Safe From")
    for dates in ledger.dates:
        if dates.buy_from:
            assert all((symbol, "Do not buy", serial_of(dates.buy_from)) in told for symbol in dates.symbols)
    groups = {symbol: dates for dates in ledger.dates for symbol in dates.symbols}
    for symbol, rule, safe in told:
        dates = groups[symbol]
        assert safe == serial_of(dates.buy_from if rule == "Do not buy" else dates.sell_at_loss_from)


def test_overlap_of_the_sample():
    household, _ = sample_without("tax", "recent", "settings", "covariance")
    told = columns(ask_sample("REBAL_OVERLAP"), "Subject", "Held As", "Value")
    assert told == [
        (one.subject, ", ".join(one.symbols), pytest.approx(one.value_usd)) for one in measure_overlap(household)
    ]


def test_tax_on_the_sample_is_the_difference_of_two_bills():
    household, _ = sample_without("covariance")
    profile = household.taxpayers[0]
    more = tax_bill(profile, 30_000.0, 200_000.0, law_year=2026).total_usd - tax_bill(profile, law_year=2026).total_usd
    asked = {"short_gain": 30_000.0, "long_gain": 200_000.0, "law_year": 2026.0}
    assert ask_sample("REBAL_TAX_ON", **asked) == pytest.approx(more)


def test_check_of_the_sample_is_what_the_door_notices():
    household, policy = sample_without("covariance")
    told = columns(ask_sample("REBAL_CHECK", as_of=AS_OF), "Place", "What Was Found", "What to Do")
    assert told == [(one.place, one.message, one.advice) for one in api.plan_problems(household, policy)]


# The Millers, by hand.


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


def test_the_tables_of_the_arguments_are_input_tables():
    assert set(inputs.TABLES) >= set(PLANNED)
