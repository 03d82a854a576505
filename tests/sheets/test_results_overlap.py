"""The Overlap sheet: the Parks' three funds of one index, and no sheet where nothing is held twice."""

from openpyxl import Workbook

from rebal_xl.consolidate import overlap_report
from rebal_xl.household.overlap import OverlapReport
from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.results_overlap import MOST_PAIRS
from tests.consolidate import homes
from tests.sheets.miller import HOUSEHOLD, LOCATION, PLAN, POLICY
from tests.sheets.reading import reopened, row_of, table_values, texts

REPORT = overlap_report(homes.parks(), homes.policy())


def sheets(report: OverlapReport = REPORT) -> Workbook:
    return reopened(build_results(PLAN, HOUSEHOLD, POLICY, location=LOCATION, overlap=report))


def test_it_stands_after_location() -> None:
    names = sheets().sheetnames
    assert names.index("Overlap") == names.index("Location") + 1


def test_what_consolidating_costs_and_saves() -> None:
    found = sheets()
    assert row_of(found, "OverlapConsolidations", Account="Joint", Sell="IVV") == {
        "Account": "Joint",
        "Sell": "IVV",
        "Keep": "VOO",
        "Kept As": "best buy rank",
        "Kind": "Same index",
        "Amount": 30_000,
        "Gain": 10_000,
        "Tax": 1_500,
        "Positions Saved": 1,
    }
    # Joint, IRA and Roth one each, at 15 % of $10,000; SPY's loss in Joint is against it
    said = "Consolidating would save 3 positions, without what has something against it; each by itself, the tax sums "
    assert said + "to $1,500" in texts(found["Overlap"])
    assert len(table_values(found, "OverlapConsolidations")) == 4


def test_what_holds_the_same() -> None:
    # VOO $66,000, IVV $48,000, SPY $18,000: the smaller of each two
    pairs = [
        (row["Security"], row["Other Security"], row["In Common"]) for row in table_values(sheets(), "OverlapPairs")
    ]
    assert pairs == [("IVV", "VOO", 48_000), ("IVV", "SPY", 18_000), ("SPY", "VOO", 18_000)]
    assert row_of(sheets(), "OverlapHeld", Subject="S&P 500 Index")["Value"] == 132_000


def test_the_largest_pairs_stand_on_the_sheet() -> None:
    many = OverlapReport(pairs=REPORT.pairs[:1] * (MOST_PAIRS + 5))
    found = sheets(many)
    assert len(table_values(found, "OverlapPairs")) == MOST_PAIRS
    assert "Securities that hold the same: the 100 largest pairs, 5 more are smaller" in texts(found["Overlap"])


def test_without_overlap_there_is_no_sheet() -> None:
    assert "Overlap" not in sheets(OverlapReport()).sheetnames
