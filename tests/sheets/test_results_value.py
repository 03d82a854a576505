"""The Value So Far sheet and the log behind it: the Parkers' year, and what somebody may type there."""

from dataclasses import replace
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import Household, PlanTax, RunEntry
from rebal_xl.sheets.results import RESULT_TABLES, build_results
from rebal_xl.sheets.results_log import RUN_LOG, earlier_runs
from rebal_xl.sheets.results_value import KIND, MONTHS, RUNS, SUMMARY
from tests.measure.parkers import AUGUST, FILLED, HOUSEHOLD, LOG, MARCH, MAY, NEW_YEARS_EVE, OCTOBER
from tests.sheets import miller
from tests.sheets.reading import below, reopened, row_of, table_cells, table_values, texts

# A plan of New Year's Eve that sells nothing: the page is about the runs before it.
TODAY = replace(miller.PLAN, household="Parker & Sons", as_of=NEW_YEARS_EVE, trades=(), lot_sales=(), cash_after=(),
                withdrawals_paid=(), fingerprint="today", comparisons=(), tax=PlanTax())  # fmt: skip
LOCATED = 500.0 * 304 / 365 - 110.0 * 150 / 365


def built(log: tuple[RunEntry, ...], home: Household = HOUSEHOLD) -> Workbook:
    return reopened(build_results(TODAY, home, miller.POLICY, previous_log=log))


@pytest.fixture(scope="module")
def year() -> Workbook:
    return built(LOG, FILLED)


def page(workbook: Workbook) -> Worksheet:
    return workbook[KIND]


def test_the_page_stands_before_checks_with_one_picture_and_is_described(year: Workbook) -> None:
    assert year.sheetnames[-3:] == [KIND, "Checks", "Run Log"]
    assert {SUMMARY, MONTHS, RUNS} <= set(RESULT_TABLES)
    assert set(page(year).tables) == {SUMMARY.name, MONTHS.name, RUNS.name}
    (chart,) = page(year)._charts
    # the picture follows the table of twelve months
    (saved, kept) = (series.val.numRef.f for series in chart.series)
    first, last = table_cells(year, MONTHS.name)[0]["Month"].row, table_cells(year, MONTHS.name)[-1]["Month"].row
    assert last - first == 11
    assert (saved, kept) == (f"'{KIND}'!$E${first}:$E${last}", f"'{KIND}'!$F${first}:$F${last}")


def test_the_year_is_summed_up_against_both_ordinary_ways(year: Workbook) -> None:
    rows = {row.pop("Measure"): row for row in table_values(year, SUMMARY.name)}
    expected = {
        # 1,200 - 44.70 + 700; 3,000 + 250 + 400; 1,500 + 100 + 650: see tests/measure/test_value.py
        "Tax this year, runs compared": (1_855.30, 3_650.0, 2_250.0),
        "Tax saved this year": (None, 1_794.70, 394.70),
        "Given back later, today's worth": (None, 1_010.0, 180.0),
        "Tax kept": (None, 784.70, 214.70),
        "Location saved since the runs": (LOCATED, None, None),
        "Worth so far: tax kept and location": (None, 784.70 + LOCATED, 214.70 + LOCATED),
        "Tax this year, all runs counted": (1_855.30, None, None),
        "Short-term gains realized, net": (420.0, None, None),
        "Long-term gains realized, net": (11_630.0, None, None),
        "Losses taken (harvested)": (1_330.0, None, None),
        "Losses disallowed by wash sales": (100.0, 2_400.0, 300.0),
        "Wash sales avoided, dollars of losses": (None, 2_300.0, 200.0),
        "Location saved, a year": (390.0, None, None),
        "Slippage of fills, negative: better": (-40.0, None, None),
    }
    assert list(rows) == list(expected)
    for measure, figures in expected.items():
        told = [rows[measure].get(way) for way in ("Carried Out", "Own Method", "HIFO")]
        assert told == [figure if figure is None else pytest.approx(figure) for figure in figures], measure


def test_every_run_that_counts_has_its_row_and_the_total_ties(year: Workbook) -> None:
    august = row_of(year, RUNS.name, Run="08/03/2026 Full")
    assert august["Tax"] == pytest.approx(-44.70)
    assert august["Own Method Tax"] == 250.0
    assert august["Carried Out"] == pytest.approx(11 / 24)
    assert august["Counted By"] == "fills, partly done; against ordinary rebalancing"
    rows = table_values(year, RUNS.name)
    assert [row["Run"][:5] for row in rows] == ["03/02", "08/03", "10/05"]
    total = below(year, RUNS.name)
    for number, name in enumerate(("Tax", "Own Method Tax", "HIFO Tax", "Tax Saved", "Kept", "Location"), 1):
        assert total[number] == pytest.approx(sum(row[name] for row in rows)), name
    kept = row_of(year, SUMMARY.name, Measure="Tax kept")["Own Method"]
    assert total[5] == pytest.approx(kept)
    assert table_values(year, MONTHS.name)[-1]["Kept"] == pytest.approx(kept)


def test_it_prints_on_one_page_and_says_what_it_is_not(year: Workbook) -> None:
    sheet = page(year)
    setup = sheet.page_setup
    assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("portrait", 1, 1)
    told = texts(sheet)
    assert sheet["A3"].value.startswith("In 2026 so far, 3 rebalances carried out are worth $1,155.93 against ")
    assert sheet["A2"].value == "Parker & Sons · 2026 up to 12/31/2026 · 2026 law"
    assert any("not a simulated other history" in text for text in told)
    assert any("put off, not gone" in text and "now 10 years at 5.00% a year" in text for text in told)
    assert "• 1 run of the year dropped and not counted." in told


def test_advice_that_cost_more_says_so_on_top() -> None:
    sheet = page(built((OCTOBER,)))
    assert "the advice cost $180.00 more than the ordinary way" in sheet["A3"].value


def test_there_is_no_page_before_the_log_has_a_run_of_the_year() -> None:
    assert KIND not in built(()).sheetnames
    last_year = replace(MARCH, as_of=date(2025, 12, 31))
    assert KIND not in built((last_year,)).sheetnames
    proposed = built((replace(MARCH, status="proposed"),))
    assert "mark the runs that were carried out as done" in page(proposed)["A3"].value
    # nothing counted: an empty table has an empty row
    assert table_values(proposed, RUNS.name) == [{}]


def test_the_log_offers_the_four_statuses_and_takes_any_other(year: Workbook) -> None:
    sheet = year["Run Log"]
    (offered,) = sheet.data_validations.dataValidation
    assert offered.formula1 == '"proposed,done,partly done,dropped"'
    assert offered.errorStyle == "warning"
    cells = [row["Status"].coordinate for row in table_cells(year, RUN_LOG.name)]
    assert str(offered.sqref) == f"{cells[0]}:{cells[-1]}"
    assert table_cells(year, RUN_LOG.name)[0]["Status"].value == "proposed"


def test_a_run_comes_back_from_the_log_as_it_was(year: Workbook) -> None:
    back = earlier_runs(table_values(year, "RunLog"), table_values(year, "RunOrders"))
    assert back[0].fingerprint == "today"
    assert back[2] == replace(AUGUST, filled="2 of 2")
    assert (back[1], back[3], back[5]) == (OCTOBER, MAY, MARCH)


def test_the_millers_plan_is_logged_with_what_a_later_page_adds_up() -> None:
    workbook = reopened(build_results(miller.PLAN, miller.HOUSEHOLD, miller.POLICY, location=miller.LOCATION))
    (run,) = earlier_runs(table_values(workbook, "RunLog"), table_values(workbook, "RunOrders"))
    # 9,100 + 12.50 ... less the bill before: 30,250 + 12.50 + 9,100 - 30,000 - 9,000
    assert run.tax_usd == pytest.approx(362.5)
    assert (run.short_gain_usd, run.long_gain_usd) == (-2_400.0, 6_000.0)
    assert (run.losses_usd, run.disallowed_usd, run.permanent_usd) == (3_000.0, 600.0, 200.0)
    # above the best placement: 2,400 - 1,500 before, 2,000 - 1,500 after
    assert (run.location_before_usd, run.location_after_usd) == (900.0, 500.0)
    assert (run.proof, run.status, run.against) == ("optimal", "proposed", None)
    old, new = (order for order in run.orders if order.symbol == "VTI")
    assert (old.lot_id, old.quantity, old.price_usd, old.amount_usd, old.basis_usd) == (
        "000017", 40.0, 300.0, 12_000.0, 6_000.0,
    )  # fmt: skip
    assert (new.disallowed_usd, new.short_rate, new.long_rate) == (600.0, 0.333, 0.243)
    assert [order.symbol for order in run.orders if order.lot_id == ""] == ["VEA", "VTSAX"]


def test_a_log_of_an_earlier_version_is_read_without_its_new_columns() -> None:
    """Until this page there were fourteen columns, and Status told how the search ended."""
    row = {"When": None, "As Of": date(2026, 3, 2), "Version": "0.1.0", "Law": "2026 law", "Method": "Full",
           "Cost": 12.0, "Bound": 10.0, "Gap": 2.0, "Drift Before": 0.1, "Drift After": 0.0, "Trades": 3,
           "Fingerprint": "old", "Status": "deadline", "Note": "kept"}  # fmt: skip
    (run,) = earlier_runs([row])
    assert (run.status, run.proof, run.note, run.tax_usd, run.against) == ("proposed", "deadline", "kept", None, None)
    assert earlier_runs([row | {"Status": "done"}])[0].status == "done"
    workbook = built((replace(run, status="done"),))
    told = texts(page(workbook))
    assert "• The run of 03/02/2026 (Full) was logged by a version that kept no tax figures: it is not counted." in told
    # and what is not known stays empty
    again = row_of(workbook, RUN_LOG.name, Fingerprint="old")
    assert not {"Tax", "Short Gain", "Disallowed Loss", "Own Tax"} & set(again)


def test_what_looks_like_a_formula_stays_text() -> None:
    hostile = '=HYPERLINK("http://x","done")'
    orders = tuple(replace(order, lot_id="=1+1") for order in AUGUST.orders)
    workbook = built((replace(MARCH, status=hostile, note="@SUM(A1)"), replace(AUGUST, orders=orders)), FILLED)
    cells = table_cells(workbook, RUN_LOG.name)[1]
    for cell in (cells["Status"], cells["Note"], table_cells(workbook, "RunOrders")[0]["Lot"]):
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
    for sheet in workbook.worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert any(hostile in text and text.startswith("•") for text in texts(page(workbook)))
    assert earlier_runs(table_values(workbook, "RunLog"))[1].status == hostile


def test_orders_of_years_gone_by_are_not_kept_for_ever() -> None:
    old = replace(AUGUST, as_of=date(2024, 8, 3), fingerprint="2024",
                  orders=tuple(replace(order, fingerprint="2024") for order in AUGUST.orders))  # fmt: skip
    last = replace(old, as_of=date(2025, 8, 3), fingerprint="2025",
                   orders=tuple(replace(order, fingerprint="2025") for order in AUGUST.orders))  # fmt: skip
    workbook = built((last, old))
    assert {row["Fingerprint"] for row in table_values(workbook, "RunOrders")} == {"2025"}
    assert [row["Fingerprint"] for row in table_values(workbook, "RunLog")] == ["today", "2025", "2024"]
