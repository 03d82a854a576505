"""Every formula in a cell of a real spreadsheet program, through our VBA, shows what the Python interface gives."""

from datetime import date, timedelta

import pytest

from rebal_xl import api, tax_bill
from rebal_xl.household import Household, Policy
from tests.excel_hosts.conftest import Calc
from tests.excel_hosts.sheet import Sheet

pytestmark = pytest.mark.hosts

# Day 1 of Excel's calendar is 1900-01-01, and it counts a 29 February 1900 that never was.
EXCEL_EPOCH = date(1899, 12, 30)
HOUSEHOLD = "Holdings[#All],Targets[#All],Securities[#All],Accounts[#All],ClassMix[#All],Settings[#All]"


@pytest.fixture(scope="module")
def sheet(calc: Calc) -> Sheet:
    """The sheet of this file's formulas."""
    return calc.sheet("Formulas")


def serial(day: date | None) -> float | str:
    """A date as a cell holds it."""
    return "" if day is None else float((day - EXCEL_EPOCH) / timedelta(days=1))


def test_drift_spills_the_classes_with_their_bands(sheet: Sheet, household: Household, policy: Policy) -> None:
    lines = api.drift(household, policy).lines
    shown = sheet.spill(f"=REBAL_DRIFT({HOUSEHOLD})", len(lines) + 1, 7)
    assert shown[0] == ["Asset Class", "Actual %", "Target %", "Drift", "Trigger Low", "Trigger High", "Status"]
    for row, line in zip(shown[1:], lines, strict=True):
        assert (row[0], row[6]) == (line.asset_class, line.status)
        weights = (line.actual_weight, line.target_weight, line.drift, line.trigger_low, line.trigger_high)
        assert row[1:6] == pytest.approx(list(weights), abs=1e-12)


def test_needed_says_whether_a_class_is_outside_its_trigger(sheet: Sheet, household: Household, policy: Policy) -> None:
    assert api.drift(household, policy).needed is True
    assert sheet.value(f"=REBAL_NEEDED({HOUSEHOLD})") == 1.0
    # IF sees a logical value, as it does in Excel
    assert sheet.value(f'=IF(REBAL_NEEDED({HOUSEHOLD}),"trade","rest")') == "trade"


def test_tracking_error_is_a_number_to_calculate_with(sheet: Sheet, household: Household, policy: Policy) -> None:
    expected = api.drift(household, policy).tracking_error
    assert expected is not None
    formula = f"=1*REBAL_TRACKING_ERROR({HOUSEHOLD.replace('Settings', 'Covariance[#All],Settings')})"
    # the sample leaves the covariance to the shipped assumptions: its table has no figures
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
    from rebal_xl import __version__

    assert sheet.value("=REBAL_VERSION()") == __version__
