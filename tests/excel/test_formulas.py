"""Every formula says of the sample workbook what the Python interface says; formulas of one plan share it."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl import api, log
from rebal_xl.excel import inputs
from rebal_xl.excel.asked import Asked, asking
from rebal_xl.excel.convert import read_argument, serial_of
from rebal_xl.excel.formulas.plan import LONGEST_SEARCH_S
from rebal_xl.excel.inputs import TABLES, read_household
from rebal_xl.excel.reasons import why
from rebal_xl.household import Household, Policy
from rebal_xl.intake import read_grids
from rebal_xl.measure.harvest import losses_worth_taking
from rebal_xl.measure.overlap import measure_overlap
from rebal_xl.sheets.grid import GridBook
from rebal_xl.tax.api import tax_bill
from rebal_xl.tax.ledger import household_ledger
from tests.excel.asking import (
    CALLER,
    as_records,
    ask_sample,
    columns,
    rows,
    sample_book,
    sample_tables,
)
from tests.excel.millers import AS_OF, ask_millers

DAY = date(2026, 11, 20)
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


def test_the_tables_of_the_arguments_are_input_tables():
    assert set(inputs.TABLES) >= set(PLANNED)
