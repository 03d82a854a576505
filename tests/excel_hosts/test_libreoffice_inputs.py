"""What advisors hand to formulas: columns, tables, names, blanks, texts, dates, nonsense; and the reason why not."""

from collections.abc import Iterator

import pytest

from rebal_xl.household import Plan
from tests.excel_hosts.conftest import Calc
from tests.excel_hosts.examples import EXAMPLES
from tests.excel_hosts.sheet import Sheet

pytestmark = pytest.mark.hosts

FORMULA_LIKE = "=cmd|' /C calc'!A0"
CUSIP = "12345E108"

# 6,000 and 4,000 dollars where half and half is wanted: 0.6 - 0.5 is a drift of 10 points either way.
HOLDINGS = [
    ["Account", "Symbol", "Quantity", "Price", "Asset Class"],
    ["Roth IRA", "VTI", 60.0, 100.0, "Stocks"],
    [FORMULA_LIKE, CUSIP, 40.0, 100.0, "Bonds"],
]
TARGETS = [["Asset Class", "Target %"], ["Stocks", 0.5], ["Bonds", 0.5]]
H, T = "Plain!A1:E3", "Plain!G1:H3"


@pytest.fixture(scope="module")
def sheet(calc: Calc) -> Sheet:
    """The sheet of this file's formulas."""
    return calc.sheet("Inputs")


@pytest.fixture
def plain(calc: Calc) -> Iterator[Calc]:
    """A sheet with two holdings and two targets, and no table."""
    calc.office.add_sheet("Plain")
    calc.office.write("Plain", "A1:E3", HOLDINGS)
    calc.office.write("Plain", "G1:H3", TARGETS)
    yield calc
    calc.office.remove_sheet("Plain")


def drift_of(shown: list[list[object]]) -> dict[object, object]:
    """Asset class -> drift, of a spilled drift table; cash has none here."""
    return {row[0]: pytest.approx(row[3], abs=1e-12) for row in shown[1:] if row[0] in ("Stocks", "Bonds")}


def test_a_changed_input_cell_changes_the_answer(plain: Calc, sheet: Sheet) -> None:
    place = sheet.spill_place(f"=REBAL_DRIFT({H},{T})", 4, 7)
    assert drift_of(sheet.rows(place)) == {"Stocks": 0.1, "Bonds": -0.1}
    plain.office.write("Plain", "C2", [[20.0]])
    # 2,000 of 6,000 dollars
    assert drift_of(sheet.rows(place)) == {"Stocks": 1 / 3 - 0.5, "Bonds": 2 / 3 - 0.5}
    plain.office.write("Plain", "H2:H3", [[0.25], [0.75]])
    assert drift_of(sheet.rows(place)) == {"Stocks": 1 / 3 - 0.25, "Bonds": 2 / 3 - 0.75}


def test_a_changed_lot_of_the_sample_changes_its_drift(calc: Calc, sheet: Sheet) -> None:
    formula = f"=INDEX({EXAMPLES['REBAL_DRIFT'][1:]},2,2)"
    before = sheet.enter(formula)
    was = float(sheet.shown_number(before))
    calc.office.write("Holdings", "C5", [[0.0]])
    assert sheet.shown_number(before) != pytest.approx(was, abs=1e-6)
    calc.office.write("Holdings", "C5", [[2763.018]])
    assert sheet.shown_number(before) == pytest.approx(was, abs=1e-12)


@pytest.mark.parametrize(
    ("holdings", "targets"),
    [
        ("Plain!A:E", "Plain!G:H"),
        ("Plain!1:3", T),
        # targets say by their values what is what
        (H, "Plain!G2:H3"),
        # a blank row and blank columns beyond the table
        ("Plain!A1:F9", "Plain!G1:M30"),
    ],
)
def test_ranges_of_any_size(plain: Calc, sheet: Sheet, holdings: str, targets: str) -> None:
    if holdings == "Plain!1:3":
        plain.office.write("Plain", "G1:H3", [["", ""]] * 3)
        plain.office.write("Plain", "G11:H13", TARGETS)
        targets = "Plain!G11:H13"
    shown = sheet.spill(f"=REBAL_DRIFT({holdings},{targets})", 4, 7)
    assert drift_of(shown) == {"Stocks": 0.1, "Bonds": -0.1}


def test_whole_columns_are_cut_to_what_is_used(plain: Calc, sheet: Sheet) -> None:
    sheet.spill(f"=REBAL_DRIFT(Plain!A:E,{T})", 4, 7)
    sent = plain.engine.last
    assert len(sent.args[0]) == 3
    assert sent.places[0].replace("'", "").endswith("]Plain!$A$1:$E$3")


def test_whole_columns_of_the_sample_are_its_tables(calc: Calc, sheet: Sheet, plan: Plan) -> None:
    # above the tables stand titles, and beside Securities and Accounts other tables
    columns = "Holdings!A:S,Targets!A:G,Securities!A:Y,Household!F:X,'Tax Profile'!A:Z,DATE(2026,11,20)"
    columns += ",'Recent Trades'!A:I,Securities!AA:AC,Settings!A:C"
    assert sheet.table(f"=REBAL_TRADES({columns})", len(plan.trades)) == sheet.table(
        EXAMPLES["REBAL_TRADES"], len(plan.trades)
    )


def test_a_table_without_its_header_row_is_told(sheet: Sheet) -> None:
    # what Excel makes of Holdings alone
    cell = sheet.enter("=REBAL_NEEDED(Holdings[],Targets[#All])")
    assert sheet.shown(cell) == "Error 2015"
    reason = sheet.value(f"=REBAL_WHY({cell})")
    assert "Holdings!A5" in reason
    assert "write Holdings[#All], not Holdings" in reason


def test_names_and_tables(plain: Calc, sheet: Sheet) -> None:
    plain.office.add_name("MyLots", "$Plain.$A$1:$E$3")
    plain.office.add_table("MyTargets", "Plain", "G1:H3")
    for targets in ("MyTargets[#All]", "MyTargets"):
        shown = sheet.spill(f"=REBAL_DRIFT(MyLots,{targets})", 4, 7)
        assert drift_of(shown) == {"Stocks": 0.1, "Bonds": -0.1}


def test_text_numbers_and_blanks(plain: Calc, sheet: Sheet) -> None:
    plain.office.write("Plain", "C2:D3", [["60", "$100.00"], [" 40 ", 100.0]])
    shown = sheet.spill(f"=REBAL_DRIFT({H},{T},Plain!Z1,Plain!Z1:Z9)", 4, 7)
    assert drift_of(shown) == {"Stocks": 0.1, "Bonds": -0.1}


def test_arrays_that_are_no_range(sheet: Sheet) -> None:
    formula = '=REBAL_DRIFT({"Account","Symbol","Quantity","Price","Asset Class";"IRA","X",1,50,"Stocks"},{"Stocks",1})'
    shown = sheet.spill(formula.replace(";", "|"), 3, 7)
    assert shown[1][:4] == ["Stocks", 1.0, 1.0, 0.0]


def test_prices_keep_six_decimals(plain: Calc, sheet: Sheet) -> None:
    plain.office.write("Plain", "D2:D3", [[33.123456], [66.876544]])
    plain.office.number_format("Plain", "D2:D3", '_("$"* #,##0.00_)')
    sheet.spill(f"=REBAL_DRIFT({H},{T})", 4, 7)
    assert [row[3] for row in plain.engine.last.args[0][1:]] == [33.123456, 66.876544]


def test_dates_arrive_as_day_numbers_whatever_their_format(plain: Calc, sheet: Sheet) -> None:
    # 2025-03-10 is day 45726
    plain.office.write("Plain", "A20:B20", [[45_726.0, 45_726.0]])
    plain.office.number_format("Plain", "A20", "m/d/yyyy")
    assert sheet.spill("=REBAL_TERM(Plain!A20:B20,DATE(2026,3,11))", 1, 2) == [["Long", "Long"]]
    assert plain.engine.last.args[0] == ((45_726, 45_726),)
    plain.office.write("Plain", "A20", [["3/10/2025"]])
    assert sheet.value("=REBAL_TERM(Plain!A20,DATE(2026,3,10))") == "Short"


def test_libreoffice_does_not_tell_the_date_system(plain: Calc, sheet: Sheet) -> None:
    """Its VBA knows no Date1904, and the wrapper then says 1900; that Excel's is passed on needs Excel."""
    plain.office.set_1904(True)
    try:
        assert sheet.value("=REBAL_TERM(DATE(2025,3,10),DATE(2026,3,11))") == "Long"
        assert plain.engine.last.date1904 is False
    finally:
        plain.office.set_1904(False)


def test_texts_stay_texts_on_the_way_in(plain: Calc, sheet: Sheet) -> None:
    sheet.spill(f"=REBAL_DRIFT({H},{T})", 4, 7)
    # neither a formula nor the number 12345 * 10^108
    assert plain.engine.last.args[0][2][:2] == (FORMULA_LIKE, CUSIP)


def test_texts_stay_texts_on_the_way_out(plain: Calc, sheet: Sheet) -> None:
    plain.office.write("Plain", "B2", [[CUSIP]])
    plain.office.write("Plain", "J1:L2", [["Symbol", "Asset Class", "Price"], [CUSIP, "Bonds", 100.0]])
    (row,) = sheet.table("=REBAL_OVERLAP(Plain!A1:C3,Plain!J1:L2)", 1)
    assert row["Subject"] == row["Held As"] == CUSIP
    assert row["Accounts"] == f"{FORMULA_LIKE}, Roth IRA"
    # 10,000 dollars are all there is
    assert row["Share"] == pytest.approx(1.0)


def test_bad_input_gives_the_error_and_the_reason(plain: Calc, sheet: Sheet) -> None:
    plain.office.write("Plain", "C2", [["sixty"]])
    cell = sheet.enter(f"=REBAL_NEEDED({H},{T})")
    # in Excel #VALUE!; LibreOffice 7.4 writes VBA's error values so
    assert sheet.shown(cell) == "Error 2015"
    reason = sheet.value(f"=REBAL_WHY({cell})")
    assert "Plain!C2" in reason
    assert "sixty" in reason
    # mended, there is an answer again
    plain.office.write("Plain", "C2", [[60.0]])
    # FALSE, as LibreOffice shows VBA's: 60 % is at the edge of the band around 50 %, 20 % of the target, not beyond it
    assert sheet.shown(cell) == "0"


def test_what_cannot_be_known_is_not_available(plain: Calc, sheet: Sheet) -> None:
    cell = sheet.enter(f"=REBAL_TRACKING_ERROR({H},{T})")
    plain.office.write("Plain", "E2", [["Llamas"]])
    plain.office.write("Plain", "G2", [["Llamas"]])
    # in Excel #N/A
    assert sheet.shown(cell) == "Error 2042"
    assert "covariance" in sheet.value(f"=REBAL_WHY({cell})")


def test_why_takes_a_cell(sheet: Sheet) -> None:
    assert "takes the cell" in sheet.value('=REBAL_WHY("A1")')
