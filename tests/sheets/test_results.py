"""The Millers' plan, made by hand in miller.py, comes out on the result sheets figure by figure."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter, range_boundaries

from rebal_xl import __version__
from rebal_xl.household import Drift, Method, Plan, PlanTax, Problem, Severity
from rebal_xl.sheets.measure_text import text_width
from rebal_xl.sheets.results import RESULT_TABLES, build_results
from rebal_xl.sheets.results_log import earlier_runs
from rebal_xl.sheets.results_trades import no_trade
from tests.sheets.edges import nothing_to_do, sample
from tests.sheets.miller import AS_OF, HOUSEHOLD, LOCATION, PLAN, POLICY
from tests.sheets.reading import below, reopened, row_of, sheet_of, table_cells, table_values, texts

KINDS = [
    "Dashboard", "Drift", "Trades", "Lots Sold", "Execution", "Tax", "Location", "Wash Sales", "Checks", "Run Log"
]  # fmt: skip
WHEN = datetime.combine(AS_OF, time(9, 30))
PROBLEMS = [
    Problem("VEA's price is old.", "Enter today's price.", "Securities", "D7", Severity.NOTICE),
    Problem("The quantity of VTI is a word.", "Write a number.", "O'Neil's Holdings", "C7"),
    Problem("The last line has no symbol.", "Delete it.", "lots.csv", "line 12"),
]


@pytest.fixture(scope="module")
def results() -> Workbook:
    return reopened(build_results(PLAN, HOUSEHOLD, POLICY, PROBLEMS, when=WHEN, location=LOCATION))


def test_every_sheet_is_ours_and_says_how_good_the_plan_is(results: Workbook) -> None:
    assert results.sheetnames == KINDS
    for sheet in results.worksheets:
        mark = sheet.defined_names["_rebal_xl"]
        assert (mark.attr_text, mark.hidden) == (f'"{sheet.title}"', True)
        assert sheet["A1"].value == sheet.title
        facts = "Miller & Sons · as of 05/04/2026 · method Opportunistic · 2026 law, ESTIMATE"
        # Who keys the orders can tell one plan's page from another's.
        plan = "plan 9f2c41d07ab3" if sheet.title == "Execution" else ""
        assert sheet["A2"].value == (f"{facts} · {plan}" if plan else facts)
        # 392.50 - 381.30 = 11.20, rounded up so that the promise holds.
        assert sheet["A3"].value == (
            "Optimal under these rules within $12; figures are estimates. 1 rule could not be kept: see Checks."
        )
        assert sheet.page_setup.orientation == "landscape"
        # the log has too many columns for one page
        assert sheet.page_setup.fitToWidth == (2 if sheet.title == "Run Log" else 1)
        foot = "Oak && Elm Advisors, Miller && Sons"
        assert sheet.oddFooter.left.text == (f"{foot}, {plan}" if plan else foot)


def test_result_tables_are_described(results: Workbook) -> None:
    described = {table.name: table for table in RESULT_TABLES}
    written = {name for sheet in results.worksheets for name in sheet.tables}
    # the frontier is written only where it was asked for: see test_results_frontier.py; Value So Far once the log has
    # an earlier run: see test_results_value.py; overlap where something is held twice: see test_results_overlap.py;
    # book and study are no plan's
    elsewhere = ("Frontier", "Overlap", "Value So Far", "Book", "Study")
    asked_for = {"DashboardCurve", "DashboardChosen"}
    assert written == {name for name, table in described.items() if table.sheet not in elsewhere} - asked_for
    for name in sorted(written):
        table = described[name]
        assert not table.is_input
        headers = list(table_cells(results, name)[0])
        # the Millers' trades follow no tracking error
        names = [column.name for column in table.columns if (name, column.name) != ("PlanComparison", "Tracking Error")]
        assert headers[: len(names)] == names
        assert sheet_of(results, name).title == table.sheet
        if not table.square:
            assert headers == names


def test_headers_do_not_run_into_each_other() -> None:
    """One that fits its column on one line has room beside it, also where letters are a seventh narrower."""
    built = sample().results()
    # the Dashboard's columns are those of its tiles
    for sheet in built.worksheets[1:]:
        for table in sheet.tables.values():
            first_col, row, last_col, _ = range_boundaries(table.ref)
            for number in range(first_col, last_col + 1):
                line = text_width(str(sheet.cell(row, number).value), bold=True)
                width = sheet.column_dimensions[get_column_letter(number)].width
                assert not 0.86 * line + 1.0 <= width < line + 2.0, (sheet.title, sheet.cell(row, number).value)


def test_values_only_no_formulas(results: Workbook) -> None:
    for sheet in results.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_drift_before_and_after(results: Workbook) -> None:
    assert row_of(results, "DriftClasses", **{"Asset Class": "Intl Stocks"}) == {
        "Asset Class": "Intl Stocks",
        "Group": "Equity",
        "Actual $": 15_000,
        "Actual %": 0.075,
        "Target %": 0.25,
        "Drift": pytest.approx(0.075 - 0.25),
        "Trigger Low": 0.2,
        "Trigger High": 0.3,
        "Destination Low": 0.225,
        "Destination High": 0.275,
        "Status": "below band",
        "After $": 55_000,
        "After %": pytest.approx(55 / 193),
        "Drift After": pytest.approx(55 / 193 - 0.25),
        # 28.5 % is outside 22.5-27.5 % but inside 20-30 %.
        "Status After": "in band",
    }
    cash = row_of(results, "DriftClasses", **{"Asset Class": "Cash"})
    assert cash["Status"] == "no band"
    assert "Trigger Low" not in cash
    assert table_values(results, "DriftSummary") == [
        {"Measure": "Counted value", "Before": 200_000, "After": 193_000},
        {"Measure": "Household drift", "Before": 0.175, "After": 0.0542},
        {"Measure": "Tracking error a year", "Before": 0.0312, "After": 0.0098},
        {"Measure": "Classes outside their trigger", "Before": 2, "After": 0},
    ]
    total = below(results, "DriftClasses")
    assert (total[0], total[2], total[3], total[11]) == ("Total", 200_000, pytest.approx(1), 193_000)


def test_drift_by_account_adds_up(results: Workbook) -> None:
    assert row_of(results, "DriftAccountsAfter", Account="00123-4") == {
        "Account": "00123-4",
        "US Stocks": 108_000,
        "Intl Stocks": 40_000,
        "Cash": 6_000,
        "Total": 154_000,
    }
    # 109,000 + 55,000 + 23,000 + 6,000 = 193,000
    assert below(results, "DriftAccountsAfter") == ["Total", 109_000, 55_000, 23_000, 6_000, 193_000]


def test_classes_outside_their_band_are_coloured_and_pictured(results: Workbook) -> None:
    drift = results["Drift"]
    rules = [rule for ranges in drift.conditional_formatting for rule in ranges.rules]
    assert len(rules) == 4  # above and below, before and after
    colours = {rule.dxf.fill.start_color.rgb[-6:] for rule in rules}
    assert len(colours) == 2
    assert "00FF00" not in colours
    assert [len(chart.series) for chart in drift._charts] == [3]


def test_orders_sell_before_they_buy_and_cash_never_goes_negative(results: Workbook) -> None:
    orders = [(row["Account"], row["Side"], row["Symbol"]) for row in table_values(results, "TradeList")]
    assert orders == [
        ("00123-4", "Sell", "VTI"),
        ("00123-4", "Buy", "VEA"),
        ("401k Acme", "Buy", "VTSAX"),
    ]
    # 12,000 + 42,000 = 54,000; - 40,000 = 14,000; the contribution of 1,000 is spent whole.
    assert [row["Cash After"] for row in table_values(results, "TradeList")] == [54_000, 14_000, 0]
    assert below(results, "TradeList")[6] == 42_000
    assert below(results, "TradeList", 2)[6] == 41_000
    assert row_of(results, "CashByAccount", Account="00123-4") == {
        "Account": "00123-4",
        "Orders": 2,
        "Custodian": "Schwab",
        "Owner": "Ann Miller",
        "Cash Before": 12_000,
        "Sold": 42_000,
        "Bought": 40_000,
        "Withdrawn": 8_000,
        "Cash Left": 6_000,
    }


def test_what_each_order_costs_and_all_of_them_together(results: Workbook) -> None:
    costs = {row["Symbol"]: (row["Tax"], row["Later Tax"], row["Cost"]) for row in table_values(results, "TradeList")}
    assert costs == {"VTI": (362.5, 0, 10), "VEA": (0, 0, 10), "VTSAX": (0, 0, 10)}
    # one sale alone is taxed, so it bears the plan's tax of 362.50; three orders at $10
    together = below(results, "TradeList", 3)
    assert (together[0], together[9:13]) == ("Together", [362.5, 0, 30, 0])


def test_waits_that_save_tax(results: Workbook) -> None:
    assert table_values(results, "WaitsThatSave") == [
        {
            "Account": "00123-4",
            "Symbol": "VTI",
            "Lot": "VTI-3",
            "Quantity": 12.5,
            "Gain": 1_000,
            "Long From": date(2026, 5, 14),
            "Days": 10,
            "Saved": 90,
            "What to Do": "Held back for 10 days.",
        }
    ]


def test_quantities_show_thousandths_only_where_there_are_some(results: Workbook) -> None:
    assert {row["Quantity"].number_format for row in table_cells(results, "TradeList")} == {"#,##0.000"}
    assert {row["Quantity"].number_format for row in table_cells(results, "LotsSold")} == {"#,##0"}


def test_the_lots_behind_the_sale(results: Workbook) -> None:
    assert table_values(results, "LotsSold") == [
        {
            "Account": "00123-4",
            "Symbol": "VTI",
            "Lot": "000017",
            "Acquired": date(2016, 2, 1),
            "Term": "Long",
            "Quantity": 40,
            "Proceeds": 12_000,
            "Basis": 6_000,
            "Gain": 6_000,
            "Disallowed": 0,
            "Lost for Good": 0,
        },
        {
            "Account": "00123-4",
            "Symbol": "VTI",
            "Lot": "VTI-2",
            "Acquired": date(2026, 1, 15),
            "Term": "Short",
            "Quantity": 100,
            "Proceeds": 30_000,
            "Basis": 33_000,
            "Gain": -3_000,
            "Disallowed": 600,
            "Lost for Good": 200,
        },
    ]
    assert below(results, "LotsSold")[6:] == [42_000, 39_000, 3_000, 600, 200]


def test_a_gain_that_nobody_taxes_is_no_figure() -> None:
    """Proceeds of $38,707 and a basis of $7,997 beside a gain of $0.00 would seem to be miscounted."""
    rows = {row["Lot"]: row for row in table_values(sample().results(), "LotsSold")}
    untaxed = {lot: row for lot, row in rows.items() if not row.get("Term")}
    assert untaxed
    assert all(row["Gain"] == "not taxed" and "Disallowed" not in row for row in untaxed.values())
    taxed = [row["Gain"] for lot, row in rows.items() if lot not in untaxed]
    assert below(sample().results(), "LotsSold")[8] == pytest.approx(sum(taxed))


def test_cash_by_account_adds_up() -> None:
    built = sample().results()
    rows = table_values(built, "CashByAccount")
    name, orders, _, _, started, sold, bought, paid, left = below(built, "CashByAccount")
    assert (name, orders) == ("Total", len(sample().plan.trades))
    assert left == pytest.approx(sum(row["Cash Left"] for row in rows))
    # below its column, which is centered
    sheet, last = built["Trades"], table_cells(built, "CashByAccount")[-1]["Orders"]
    assert sheet.cell(last.row + 1, last.column).alignment.horizontal == last.alignment.horizontal == "center"
    assert paid == pytest.approx(60_000.0, abs=0.01)
    assert started + sold - bought - paid == pytest.approx(left, abs=0.05)


def test_what_is_still_to_be_paid_out_is_told_where_accounts_hold_it() -> None:
    """The classes are weighed without the $60,000; the accounts still hold them."""
    told = texts(sample().results()["Drift"])
    assert "Before the plan and its withdrawals, by account" in told
    assert "Before the plan, by account" in texts(nothing_to_do().results()["Drift"])


def test_every_part_of_the_cost_says_what_it_is() -> None:
    built = sample().results()
    sheet = built["Tax"]
    rows = table_cells(built, "PlanCost")
    said = {row["Term"].value: sheet.cell(row["Term"].row, row["Cost"].column + 1).value for row in rows}
    assert all(said.values()), said
    assert said["Location"].startswith("later tax on what is bought in taxable accounts")
    # no file of ours
    assert not any(".toml" in text for text in texts(sheet))
    assert "estimate by the state's built-in marginal rates" in texts(sheet)


def test_the_tax_of_the_plan_line_by_line(results: Workbook) -> None:
    lines = {row["Line"]: row for row in table_values(results, "TaxLines")}
    assert lines["Income tax"]["Change"] == 250
    # 250 income tax + 12.50 NIIT, then + 100 state.
    assert lines["Federal tax"]["Change"] == 262.5
    assert lines["Total tax"]["Change"] == 362.5
    assert lines["State tax on gains (estimate)"]["With Plan"] == 9_100
    assert lines["Long-term loss carried forward"]["With Plan"] == 700
    taxpayer = row_of(results, "TaxByTaxpayer", Taxpayer="Millers")
    assert (taxpayer["Short Rate"], taxpayer["Long Rate"], taxpayer["Tax of the Plan"]) == (0.333, 0.243, 362.5)
    assert taxpayer["Law"] == "2026, ESTIMATE"
    assert [below(results, "PlanCost", step) for step in (1, 2, 3)] == [
        ["Cost of the plan", 392.5],
        ["Proven lower bound", 381.3],
        ["Proven gap", pytest.approx(11.2)],
    ]


def test_the_plan_beside_ordinary_rebalancing(results: Workbook) -> None:
    mine, own, dearest = table_values(results, "PlanComparison")
    # 39,362.50 - 39,000 of tax; 600 of the loss washed, 200 of it for good; three orders
    assert (mine["Way"], mine["Tax"], mine["Orders"]) == ("This plan", 362.5, 3)
    assert (mine["Disallowed Loss"], mine["Lost for Good"], mine["Drift After"]) == (600, 200, 0.0542)
    assert "Tax Saved" not in mine
    assert (own["Tax Saved"], dearest["Tax Saved"]) == (2_362.5 - 362.5, 262.5 - 362.5)
    assert (own["Cost"], own["Out of Band"], own["Breaks"]) == (2_500, "Bonds, Intl Stocks", "wash sale")
    caption = "Beside ordinary rebalancing: measured on this household, this rebalance; estimate (2026 law, ESTIMATE)"
    assert caption in texts(results["Tax"])


def test_ways_matched_by_tracking_error_show_it_and_others_have_no_such_column(results: Workbook) -> None:
    assert "Tracking Error" not in table_values(results, "PlanComparison")[0]
    own, dearest = (
        replace(way, tracking_error=error) for way, error in zip(PLAN.comparisons, (0.006, 0.007), strict=True)
    )
    after = replace(PLAN.after, tracking_error=0.005, tracking_trigger=0.01)
    followed = replace(PLAN, after=after, comparisons=(own, dearest))
    rows = table_values(reopened(build_results(followed, HOUSEHOLD, POLICY)), "PlanComparison")
    assert [row["Tracking Error"] for row in rows] == [0.005, 0.006, 0.007]


def test_every_line_says_which_form_it_comes_from(results: Workbook) -> None:
    sources = {row["Line"]: row["Source"] for row in table_values(results, "TaxLines")}
    assert sources["Net short-term gain"] == "Schedule D line 7"
    # a net loss is line 21, where a gain would be line 16
    assert sources["Gain or allowed loss in income"] == "Schedule D line 21, Form 1040 line 7a"
    assert sources["Net investment income tax"] == "Form 8960 line 17"
    assert sources["State tax on gains (estimate)"] == "the tax profile's own rates"
    assert sources["Short-term loss carried forward"] == "Capital Loss Carryover Worksheet line 8"
    assert "The year, line by line (2026 law, ESTIMATE)" in texts(results["Tax"])


def test_the_room_left_without_and_with_the_plan(results: Workbook) -> None:
    room = {row["Measure"]: (row["Without Plan"], row["With Plan"]) for row in table_values(results, "TaxRoom")}
    # 12,900 of net loss without and 9,300 with the plan, of which 3,000 goes against other income
    assert room["Long gain that losses absorb"] == (9_900, 6_300)
    assert room["Long gain in place of losses"] == (3_000, 3_000)
    # 5,000 and 7,500 came in; 3,200 and 6,700 would go on, 5,600 and 700 do
    assert room["Short-term carryforward used"] == (1_800, 0)
    assert room["Long-term carryforward used"] == (800, 6_800)
    # 210,000 + 4,000 - 3,000 + 85 % of 30,000 = 236,500, and 250,000 is the threshold
    assert room["Income before NIIT can begin"] == (13_500, 13_500)
    # one of them is 65: 215,000 and 120 of exempt interest are below 218,000
    assert room["Medicare surcharge in 2028"] == (0, 0)
    assert room["Income before its next step"] == (2_880, 2_880)
    rates = {row["Measure"].value: row["With Plan"].number_format for row in table_cells(results, "TaxRoom")}
    assert rates["Tax on the next dollar of short gain"] == "0.00%"


def test_what_must_not_be_bought_until_when(results: Workbook) -> None:
    assert table_values(results, "WashSales") == [
        {
            "Symbol": "VTI",
            "Identical Group": "US total",
            "Rule": "Do not buy",
            "Safe From": date(2026, 6, 4),
            "Accounts": "00123-4, 401k Acme, Roth Ann",
            "Because": "100 shares are sold at a loss.",
        }
    ]


def test_checks_start_with_relaxed_rules_then_errors_with_links(results: Workbook) -> None:
    checks = results["Checks"]
    assert list(checks.tables) == ["RulesRelaxed", "LeftAlone", "WaitsThatSave", "Findings"]
    assert row_of(results, "LeftAlone", **{"Asset Class": "Bonds"})["Outside"] == 1_500
    assert row_of(results, "RulesRelaxed", By=500)["Rule"] == "Cash reserve of =HYPERLINK(A1)"
    rows = table_cells(results, "Findings")
    assert [row["Severity"].value for row in rows] == ["Error", "Error", "Notice", "Notice"]
    links = [row["Place"].hyperlink and row["Place"].hyperlink.location for row in rows]
    assert links == ["'O''Neil''s Holdings'!C7", None, "'Securities'!D7", None]
    assert rows[0]["What to Do"].value == "Write a number."
    assert rows[3]["What Was Found"].value == "Wash sale: Part of the loss on VTI is disallowed."


def test_the_run_is_logged_above_the_earlier_ones(results: Workbook) -> None:
    first = earlier_runs(table_values(results, "RunLog"))
    assert len(first) == 1
    assert first[0].when == WHEN
    assert (first[0].as_of, first[0].version, first[0].law) == (AS_OF, __version__, "2026 law, ESTIMATE")
    assert (first[0].cost_usd, first[0].bound_usd, first[0].gap_usd) == (392.5, 381.3, pytest.approx(11.2))
    assert (first[0].trades, first[0].fingerprint, first[0].status) == (3, "9f2c41d07ab3", "proposed")
    noted = replace(first[0], note="Done, wash sale accepted.")
    again = replace(PLAN, fingerprint="second", as_of=date(2026, 5, 5))
    second = reopened(build_results(again, HOUSEHOLD, POLICY, (), (noted,)))
    assert [row["Fingerprint"] for row in table_values(second, "RunLog")] == ["second", "9f2c41d07ab3"]
    assert earlier_runs(table_values(second, "RunLog"))[1] == noted
    assert earlier_runs(table_values(second, "RunLog"))[0].when is None


def test_a_plan_stopped_early_does_not_call_itself_optimal() -> None:
    stopped = replace(PLAN, status="deadline", relaxed=())
    sheet = reopened(build_results(stopped, HOUSEHOLD, POLICY))["Trades"]
    assert "Optimal" not in sheet["A3"].value
    assert "no plan under these rules is more than $12 better" in sheet["A3"].value


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (Method.OPPORTUNISTIC, "the household is within its limit"),
        (Method.FULL, "as near to its target"),
        (Method.CASH_ONLY, "no cash is left to invest"),
        (Method.HARVEST, "no loss that meets the thresholds"),
        (Method.LOCATION, "no move between accounts"),
    ],
)
def test_a_plan_without_trades_says_why_by_its_method(method: Method, words: str) -> None:
    idle = replace(PLAN, trades=(), relaxed=(), method=method)
    assert words in no_trade(idle)
    # a rule that could not be kept is another matter
    assert "Checks" in no_trade(replace(PLAN, trades=(), method=method))


def test_a_plan_without_trades_says_so_and_keeps_its_tables() -> None:
    nothing = Drift(0.0, (), 0.0)
    idle = Plan("Millers", AS_OF, PLAN.method, (), (), PlanTax(), nothing, nothing, 0.0, 0.0)
    workbook = reopened(build_results(idle, HOUSEHOLD, POLICY))
    assert workbook.sheetnames == [kind for kind in KINDS if kind != "Location"]
    assert "No trade is needed: every class is inside its band" in texts(workbook["Trades"])
    assert "Nothing is sold" in texts(workbook["Lots Sold"])
    assert "Nothing to report" in texts(workbook["Checks"])
    assert "not known" in texts(workbook["Drift"])  # the tracking error, without a covariance table
    assert "RulesRelaxed" not in workbook["Checks"].tables
    assert table_values(workbook, "TradeList") == [{}]
    assert workbook["Trades"]["A3"].value == "Optimal under these rules within $0; figures are estimates."


def test_the_drift_sheet_shows_the_tracking_trigger_where_it_is_followed() -> None:
    followed = Drift(100.0, (), 0.0, 0.012, (), 0.01)
    sheet = reopened(build_results(replace(PLAN, before=followed, after=followed), HOUSEHOLD, POLICY))["Drift"]
    assert "Tracking trigger" in texts(sheet)
    assert "Tracking trigger" not in texts(reopened(build_results(PLAN, HOUSEHOLD, POLICY))["Drift"])
    within = replace(followed, tracking_error=0.009)
    idle = Plan("Millers", AS_OF, Method.OPPORTUNISTIC, (), (), PlanTax(), within, within, 0.0, 0.0)
    assert no_trade(idle) == "No trade is needed: the tracking error is within its limit."


def test_classes_named_like_our_own_columns_get_their_own_headers() -> None:
    by_account = (("Joint", "Total", 60.0), ("Joint", "account", 40.0))
    drift = Drift(100.0, (), 0.0, None, by_account)
    workbook = reopened(build_results(replace(PLAN, before=drift, after=drift), HOUSEHOLD, POLICY))
    assert table_values(workbook, "DriftAccountsBefore") == [
        {"Account": "Joint", "Total 2": 60, "account 2": 40, "Total": 100}
    ]
