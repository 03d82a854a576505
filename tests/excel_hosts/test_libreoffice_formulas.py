"""Every formula in a cell of a real spreadsheet program, through our VBA, shows what the Python interface gives."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from rebal_xl import __version__, api, tax_bill
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.jobs.places import examples, reference
from rebal_xl.files.reader import read_book
from rebal_xl.household import FilingStatus, Household, Plan, Policy, Side, TaxTreatment
from rebal_xl.intake.find import find_tables
from rebal_xl.intake.findings import Findings
from rebal_xl.tax.ledger import household_ledger
from tests.excel_hosts.conftest import Calc
from tests.excel_hosts.examples import EXAMPLES
from tests.excel_hosts.sheet import Sheet

pytestmark = pytest.mark.hosts

# Day 1 of Excel's calendar is 1900-01-01, and it counts a 29 February 1900 that never was.
EXCEL_EPOCH = date(1899, 12, 30)
BUY, SELL = "Do not buy", "Do not sell at a loss"


@pytest.fixture(scope="module")
def sheet(calc: Calc) -> Sheet:
    """The sheet of this file's formulas."""
    return calc.sheet("Formulas")


def serial(day: date | None) -> float | str:
    """A date as a cell holds it."""
    return "" if day is None else float((day - EXCEL_EPOCH) / timedelta(days=1))


def test_drift_spills_the_classes_with_their_bands(sheet: Sheet, household: Household, policy: Policy) -> None:
    lines = api.drift(household, policy).lines
    shown = sheet.spill(EXAMPLES["REBAL_DRIFT"], len(lines) + 1, 7)
    assert shown[0] == ["Asset Class", "Actual %", "Target %", "Drift", "Trigger Low", "Trigger High", "Status"]
    for row, line in zip(shown[1:], lines, strict=True):
        assert (row[0], row[6]) == (line.asset_class, line.status)
        weights = (line.actual_weight, line.target_weight, line.drift, line.trigger_low, line.trigger_high)
        assert row[1:6] == pytest.approx(list(weights), abs=1e-12)


def test_needed_says_whether_a_class_is_outside_its_trigger(sheet: Sheet, household: Household, policy: Policy) -> None:
    assert api.drift(household, policy).needed is True
    assert sheet.value(EXAMPLES["REBAL_NEEDED"]) == 1.0
    # IF sees a logical value, as it does in Excel
    assert sheet.value(f'=IF({EXAMPLES["REBAL_NEEDED"][1:]},"trade","rest")') == "trade"


def test_tracking_error_is_a_number_to_calculate_with(sheet: Sheet, household: Household, policy: Policy) -> None:
    expected = api.drift(household, policy).tracking_error
    assert expected is not None
    formula = f"=1*{EXAMPLES['REBAL_TRACKING_ERROR'][1:]}"
    assert sheet.value(formula) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("acquired", "sold", "term"),
    [
        # IRC 1222: long is more than one year; the day of purchase does not count
        (date(2025, 3, 10), date(2026, 3, 10), "Short"),
        (date(2025, 3, 10), date(2026, 3, 11), "Long"),
        (date(2024, 2, 29), date(2025, 3, 1), "Long"),
    ],
)
def test_term_of_dates(sheet: Sheet, acquired: date, sold: date, term: str) -> None:
    days = ",".join(f"DATE({day.year},{day.month},{day.day})" for day in (acquired, sold))
    assert sheet.value(f"=REBAL_TERM({days})") == term


def test_term_of_a_column_of_dates(sheet: Sheet) -> None:
    dates = sheet.write([[serial(date(2025, 3, 10))], [serial(date(2026, 1, 5))], [""]], "m/d/yyyy")
    assert sheet.spill(f"=REBAL_TERM({dates},DATE(2026,3,11))", 3, 1) == [["Long"], ["Short"], [""]]


@pytest.mark.parametrize(("short", "long"), [(0, 100_000), (50_000, 0), (-20_000, 60_000)])
def test_tax_on_extra_gains(sheet: Sheet, household: Household, short: float, long: float) -> None:
    couple = next(profile for profile in household.taxpayers if profile.status.value == "MFJ")
    expected = tax_bill(couple, short, long).total_usd - tax_bill(couple).total_usd
    assert sheet.value(f"=REBAL_TAX_ON(TaxProfile[#All],{short},{long})") == pytest.approx(expected, abs=0.005)
    assert expected > 0


def test_version_is_the_engines(sheet: Sheet) -> None:
    assert sheet.value("=REBAL_VERSION()") == __version__


def test_trades_are_the_plan_of_the_python_interface(sheet: Sheet, plan: Plan) -> None:
    rows = sheet.table(EXAMPLES["REBAL_TRADES"], len(plan.trades))
    # account by account, sells before buys
    order = sorted(plan.trades, key=lambda trade: (trade.account, trade.side is Side.BUY, trade.symbol))
    assert len(order) > 5
    for row, trade in zip(rows, order, strict=True):
        assert (row["Account"], row["Side"], row["Symbol"]) == (trade.account, trade.side.value, trade.symbol)
        assert row["Reason"] == trade.reason
        shown = [row[name] for name in ("Quantity", "Price", "Amount", "Tax", "Cost")]
        expected = [trade.quantity, trade.price_usd, trade.amount_usd, trade.tax_usd, trade.cost_usd]
        assert shown == pytest.approx(expected, abs=1e-6)


def test_the_plan_is_made_once_for_its_three_formulas(calc: Calc, sheet: Sheet, plan: Plan) -> None:
    place = sheet.spill_place(EXAMPLES["REBAL_TRADES"], 1, 1)
    sheet.rows(place)
    # the reason beside an answer says how good the plan is proven to be
    assert f"Optimal under these rules within ${plan.gap_usd + 0.5:.0f};" in sheet.value(f"=REBAL_WHY({place})")


def test_lots_behind_the_sales(sheet: Sheet, plan: Plan) -> None:
    rows = sheet.table(EXAMPLES["REBAL_LOTS"], len(plan.lot_sales))
    shown = {(row["Account"], row["Symbol"], row["Lot"]): row for row in rows}
    assert len(shown) == len(plan.lot_sales)
    for sale in plan.lot_sales:
        row = shown[sale.account, sale.symbol, sale.lot_id]
        assert row["Acquired"] == (serial(sale.acquired) if sale.acquired else "not known")
        assert row["Term"] == (sale.term.value if sale.term else "")
        assert row["Basis"] == ("not known" if sale.basis_usd is None else pytest.approx(sale.basis_usd, abs=0.005))
        figures = [row[name] for name in ("Quantity", "Proceeds", "Gain", "Disallowed")]
        expected = [sale.quantity, sale.proceeds_usd, sale.gain_usd, sale.disallowed_usd]
        assert figures == pytest.approx(expected, abs=1e-6)


def test_tax_of_the_plan(sheet: Sheet, plan: Plan) -> None:
    rows = sheet.table(EXAMPLES["REBAL_TAX"], 1)
    (change,) = plan.tax.changes
    assert rows[0]["Taxpayer"] == "Alex and Jordan Rivera"
    figures = [rows[0][name] for name in ("Short Gain", "Long Gain", "Tax of the Plan")]
    added = change.after.total_usd - change.before.total_usd
    assert figures == pytest.approx([change.short_gain_usd, change.long_gain_usd, added], abs=0.005)


def test_location_score(sheet: Sheet, household: Household, policy: Policy) -> None:
    expected = api.location(household, policy).score
    assert 0.0 < expected < 100.0
    assert sheet.value(EXAMPLES["REBAL_LOCATION_SCORE"]) == pytest.approx(expected)


def test_losses_worth_taking(sheet: Sheet, household: Household, policy: Policy) -> None:
    # lots of taxable accounts that may be sold and are worth less than they cost
    losses = {
        (lot.account, lot.symbol, lot.lot_id): lot.basis_usd - household.value_usd(lot)
        for lot in household.lots
        if household.account(lot.account).taxable
        and not (household.account(lot.account).locked or lot.locked or lot.do_not_sell)
        and lot.basis_usd is not None
        and policy.worth_harvesting(lot.basis_usd - household.value_usd(lot), lot.basis_usd)
    }
    assert len(losses) > 5
    rows = sheet.table(EXAMPLES["REBAL_HARVEST"], len(losses))
    assert {(row["Account"], row["Symbol"], row["Lot"]): row["Loss"] for row in rows} == pytest.approx(losses)
    lots = {(lot.account, lot.symbol, lot.lot_id): lot for lot in household.lots}
    for row in rows:
        acquired = lots[row["Account"], row["Symbol"], row["Lot"]].acquired
        assert acquired is not None
        # long from the day after the same day of the next year
        long_from = acquired.replace(year=acquired.year + 1) + timedelta(days=1)
        assert row["Term"] == ("Long" if policy.as_of >= long_from else "Short")
        assert row["Days to Long"] == ("" if policy.as_of >= long_from else (long_from - policy.as_of).days)


def test_wash_sales_to_wait_for(sheet: Sheet, household: Household, policy: Policy) -> None:
    ledger = household_ledger(household, policy.as_of, reinvestments_count=policy.reinvestment_counts)
    no_purchase = {(dates.group, serial(dates.buy_from)) for dates in ledger.dates if dates.buy_from}
    no_sale = {(dates.group, serial(dates.sell_at_loss_from)) for dates in ledger.dates if dates.sell_at_loss_from}
    shown = [row for row in sheet.rows(sheet.spill_place(EXAMPLES["REBAL_WASH"], 40, 6))[1:] if row[0] is not None]
    told = {rule: {(row[1], row[3]) for row in shown if row[2] == rule} for rule in (BUY, SELL)}
    assert told[BUY] == no_purchase
    assert len(no_purchase) > 0
    # a sale is warned of only where somebody could sell at a loss
    assert set() != told[SELL] <= no_sale


def test_overlap_of_accounts(sheet: Sheet, household: Household) -> None:
    held: dict[str, dict[str, float]] = {}
    for lot in household.lots:
        places = held.setdefault(lot.symbol, {})
        places[lot.account] = places.get(lot.account, 0.0) + lot.quantity * household.security(lot.symbol).unit_usd
    total = sum(household.account_value_usd(account.name) for account in household.accounts)
    several = {symbol: places for symbol, places in held.items() if len(places) > 1}
    rows = [row for row in sheet.rows(sheet.spill_place(EXAMPLES["REBAL_OVERLAP"], 40, 6)) if row[0] == "Same security"]
    assert {row[1]: row[3] for row in rows} == {symbol: ", ".join(sorted(places)) for symbol, places in several.items()}
    for row in rows:
        value = sum(several[row[1]].values())
        assert row[4:] == pytest.approx([value, value / total])


def test_value_after_tax(sheet: Sheet, household: Household) -> None:
    couple = next(profile for profile in household.taxpayers if profile.status is FilingStatus.MFJ)
    more = replace(couple, ordinary_income_usd=couple.ordinary_income_usd + 100.0)
    # California's rate on joint income of some 300,000 dollars is 9.3 %; there is no tax on the state's own part
    rate = (tax_bill(more).federal_usd - tax_bill(couple).federal_usd) / 100.0 + 0.093
    rows = sheet.table(EXAMPLES["REBAL_AFTER_TAX_VALUE"], len(household.accounts) + 1)
    for row, account in zip(rows, household.accounts, strict=False):
        value = household.account_value_usd(account.name)
        assert (row["Account"], row["Value"]) == (account.name, pytest.approx(value))
        assert row["After Tax"] == pytest.approx(value - row["Tax Waiting"])
        if account.treatment is TaxTreatment.TAX_DEFERRED:
            assert row["Tax Waiting"] == pytest.approx(value * rate)
        elif account.treatment is not TaxTreatment.TAXABLE:
            assert row["Tax Waiting"] == 0.0
    for name in ("Value", "Tax Waiting", "After Tax"):
        assert rows[-1][name] == pytest.approx(sum(row[name] for row in rows[:-1]))


def test_check_lists_the_findings_of_the_python_interface(sheet: Sheet, sample: Path) -> None:
    findings = api.check(sample)
    assert len(findings) > 1
    rows = sheet.table(EXAMPLES["REBAL_CHECK"], len(findings))
    for row, found in zip(rows, findings, strict=True):
        assert row["What Was Found"] == found.message
        assert row["Place"].replace("'", "") == f"{found.sheet}!{found.cell}"


@pytest.mark.parametrize("name", [formula.name for formula in CATALOG])
def test_every_formula_of_the_catalog_answers(calc: Calc, sheet: Sheet, name: str) -> None:
    calls = len(calc.engine.asked)
    (((shown,)),) = sheet.spill(EXAMPLES[name], 1, 1)
    assert shown is not None
    assert not str(shown).startswith("Error")
    if name == "REBAL_WHY":
        # it asks the engine for a reason, by another call
        return
    # the engine keeps answers, so LibreOffice may have asked for nothing new since another test
    assert len(calc.engine.asked) > calls
    asked = calc.engine.last
    assert (asked.name, asked.caller, asked.date1904, asked.wizard) == (name, "", False, False)


def test_the_formulas_that_a_button_inserts_answer_on_the_sample(sheet: Sheet, sample: Path) -> None:
    book = read_book(sample)
    regions = find_tables(book, Findings.of(book))
    inserted = examples({name: reference(found[0]) for name, found in regions.items() if found})
    assert len(inserted) > 4
    for example in inserted:
        if ",," in example.formula:
            # LibreOffice hands 0 over for an argument left out in the middle, Excel says that it is missing
            continue
        ((shown,),) = sheet.spill(example.formula, 1, 1)
        assert not str(shown).startswith("Error"), example.formula
