"""The input tables are found wherever an advisor keeps them, and nothing else is taken for them."""

from dataclasses import replace

import pytest

from rebal_xl.household import Severity
from rebal_xl.intake.find import find_tables
from rebal_xl.intake.findings import Findings
from rebal_xl.sheets.grid import GridBook, TableRange
from tests.intake.story import book, cells, codes, fenced, only, sheet

HOLDINGS = """
Account | Symbol | Quantity | Price | Asset Class
Joint | VTI | 100 | 250 | US Stocks
"""
TARGETS = """
Asset Class | Target %
US Stocks | 60%
US Bonds | 40%
"""


def look(grids: GridBook):
    findings = Findings.of(grids)
    return find_tables(grids, findings), findings


def test_excel_tables_are_found_by_name_on_any_sheet():
    found, findings = look(book(fenced("Sheet1", HOLDINGS, "Holdings"), fenced("Sheet2", TARGETS, "tblTargets")))
    assert {name: regions[0].grid.name for name, regions in found.items()} == {
        "Holdings": "Sheet1",
        "Targets": "Sheet2",
    }
    assert not findings.errors
    assert not findings.notices


def test_a_copied_sheet_gives_its_tables_numbers_and_the_plain_name_wins():
    found, _ = look(book(fenced("Copy", HOLDINGS, "Holdings2"), fenced("Now", HOLDINGS, "Holdings")))
    assert found["Holdings"][0].grid.name == "Now"
    found, _ = look(book(fenced("Copy", HOLDINGS, "Holdings2")))
    assert found["Holdings"][0].grid.name == "Copy"


def test_two_tables_of_nearly_our_name_are_not_guessed_between():
    _, findings = look(book(fenced("A", HOLDINGS, "Holdings2"), fenced("B", HOLDINGS, "Holdings3")))
    assert only(findings.errors, "ambiguous-table").sheet == "B"


def test_a_sheet_named_like_the_table_may_have_a_title_above():
    grids = book("[HOLDINGS]\nSmith family\n.\n" + HOLDINGS.strip() + "\n[Target Allocation]" + TARGETS)
    found, findings = look(grids)
    assert found["Holdings"][0].header_row == 3
    assert found["Targets"][0].grid.name == "Target Allocation"
    assert not findings.errors


def test_a_header_row_anywhere_will_do():
    found, findings = look(book("[Sheet1]" + HOLDINGS + "[Sheet2]" + TARGETS))
    assert set(found) == {"Holdings", "Targets"}
    assert not findings.errors


def test_two_tables_side_by_side_and_one_below_the_other():
    grids = book(
        """
        [Plan]
        Asset Class | Target % | | Account | Tax Treatment
        US Stocks | 60% | | Joint | taxable
        US Bonds | 40% | | IRA | tax-deferred
        .
        Account | Symbol | Quantity
        Joint | VTI | 100
        """
    )
    found, findings = look(grids)
    assert not findings.errors
    assert {name: (regions[0].header_row, regions[0].last_row) for name, regions in found.items()} == {
        "Targets": (1, 4),
        "Accounts": (1, 6),  # nothing stands below it on its own columns
        "Holdings": (5, 6),
    }


def test_last_years_holdings_are_not_taken_for_a_list_of_securities():
    found, findings = look(book("[Holdings]" + HOLDINGS + "[Old]" + HOLDINGS))
    assert set(found) == {"Holdings"}
    assert only(findings.notices, "table-not-read").sheet == "Old"


def test_two_sheets_that_could_be_the_holdings_are_not_guessed_between():
    _, findings = look(book("[Schwab]" + HOLDINGS + "[Fidelity]" + HOLDINGS))
    assert "Fidelity and Schwab" in only(findings.errors, "ambiguous-table").message


def test_the_files_of_two_custodians_are_read_together():
    grids = book(sheet("schwab", HOLDINGS, kind="csv"), sheet("fidelity", HOLDINGS, kind="csv"))
    found, findings = look(grids)
    assert [region.grid.name for region in found["Holdings"]] == ["schwab", "fidelity"]
    assert not findings.errors


def test_a_file_that_is_called_lots_does_not_hide_the_others():
    found, findings = look(book(*(sheet(name, HOLDINGS, kind="csv") for name in ("lots", "fidelity", "schwab"))))
    assert [region.grid.name for region in found["Holdings"]] == ["lots", "fidelity", "schwab"]
    assert not findings.notices


def test_a_sheet_of_our_name_without_a_needed_column_is_ours_all_the_same():
    _, findings = look(book("[TaxProfile]\nTaxpayer | State | Ordinary Income\nSmiths | CA | 200000"))
    assert only(findings.errors, "missing-column").message == "TaxProfile has no column Type."


def test_a_sheet_that_only_goes_by_another_name_of_ours_must_have_every_needed_column():
    found, findings = look(book("[Tax]\nTaxpayer | State\nSmiths | CA"))
    assert found == {}
    assert not findings.errors
    found, _ = look(book("[Tax]\nTaxpayer | Filing Status\nSmiths | MFJ"))
    assert set(found) == {"TaxProfile"}


def test_our_result_sheets_are_never_read():
    ours = sheet("Trades", HOLDINGS, ours=True)
    found, _ = look(book(ours, sheet("Drift", TARGETS), sheet("Holdings (rebal)", HOLDINGS)))
    assert found == {}


def test_a_defined_name_is_as_good_as_an_excel_table():
    grids = book("[Plan]\nRetired mix\n" + TARGETS.strip(), names={"Targets": "Plan!$A$2:$B$3"})
    found, _ = look(grids)
    assert (found["Targets"][0].header_row, found["Targets"][0].last_row) == (2, 3)


def test_a_missing_column_is_named_with_what_to_call_it():
    _, findings = look(book("[Holdings]\nAccount | Symbol | Quanity | Price\nJoint | VTI | 100 | 250"))
    problem = only(findings.errors, "missing-column")
    assert problem.message == "Holdings has no column Quantity."
    assert 'Is it the column "Quanity"?' in problem.advice
    assert problem.place == "Holdings!row 1"


def test_a_missing_column_is_named_on_a_sheet_of_any_name():
    _, findings = look(
        book("[Data]\nAccount | Symbol | Asset Class | Price | Acquired\nJoint | VTI | Stocks | 250 | 1")
    )
    assert only(findings.errors, "missing-column").sheet == "Data"


def test_the_same_header_twice_and_merged_headers_are_refused():
    twice = "[Holdings]\nAccount | Symbol | Quantity | Quantity\nJoint | VTI | 100 | 100"
    assert only(look(book(twice))[1].errors, "repeated-column").cell == "D1"
    merged = replace(sheet("Holdings", HOLDINGS), merged=((1, 2, 1, 3),))
    assert only(look(book(merged))[1].errors, "merged-header").cell == "B1"
    title = replace(
        sheet("Holdings", "Smith family\n" + HOLDINGS.strip()),
        merged=((1, 1, 1, 4),),
    )
    assert look(book(title))[1].errors == ()


def test_a_symbol_and_a_cusip_are_read_by_symbol_with_a_notice():
    found, findings = look(book("[Holdings]\nAccount | CUSIP | Symbol | Quantity\nJoint | 922908769 | VTI | 100"))
    assert found["Holdings"][0].columns["Symbol"] == 3
    notice = only(findings.notices, "column-not-read")
    assert notice.severity is Severity.NOTICE
    assert notice.cell == "B1"


def test_an_excel_table_without_header_row_is_refused():
    grid = sheet("Holdings", HOLDINGS)
    bare = replace(grid, tables=(TableRange("Holdings", "Holdings", 2, 1, 2, 5, header_rows=0),))
    _, findings = look(book(bare))
    assert codes(findings.errors) == ["no-header-row"]


def test_a_sheet_of_lists_is_no_input():
    grids = book("[Lists]\nName | Value\nBlue | 1\n[Clients]\nName | Phone\nSmith | 555")
    found, findings = look(grids)
    assert found == {}
    assert not findings.errors


def test_an_excel_table_that_only_shares_our_name_is_left_alone():
    found, findings = look(book(fenced("Rota", "Shift | Room\nEarly | 12", "People")))
    assert found == {}
    assert not findings.errors


def test_helpers_write_what_they_say():
    assert cells("a | 1\n.\n| 60%").keys() == {(1, 1), (1, 2), (3, 2)}


def prices_of(text: str, **more):
    found, findings = look(book(sheet("Holdings", text, **more)))
    (region,) = found["Holdings"]
    return [region.headers[region.columns[name]] for name in ("Quantity", "Price")], findings.notices


TWO = (
    "Account | Symbol | Quantity | Shares | Last Price | Price | Market Value\n"
    "IRA | VTI | {}\nIRA | BND | {}\nTotal | | | | | | 1"
)


def test_of_two_prices_the_one_that_makes_the_market_value_is_read():
    # 100 x 300 and 20 x 72; at 250 and 70 they would be 25,000 and 1,400
    headers, notices = prices_of(TWO.format("100 | | 300 | 250 | 30000", "20 | | 72 | 70 | 1440"))
    assert headers == ["Quantity", "Last Price"]
    told = [notice.message for notice in notices if "for Price" in notice.message]
    assert len(told) == 1
    assert '"Last Price" is read and the other is not' in told[0]


def test_of_two_numbers_of_shares_the_one_that_makes_the_market_value_is_read():
    headers, _ = prices_of(TWO.format("90 | 100 | 290 | 300 | 30000", "20 | 30 | 70 | 72 | 2160"))
    assert headers == ["Shares", "Price"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the first of both fits as well, none fits, one row contradicts the other, and nothing has a value
        ("100 | | 300 | 300 | 30000", "20 | | 72 | 72 | 1440"),
        ("100 | | 300 | 250 | 29000", "20 | | 72 | 70 | 1300"),
        ("100 | | 300 | 250 | 30000", "20 | | 72 | 70 | 1400"),
        ("100 | | 300 | 250 | ", "20 | | 72 | 70 | "),
    ],
)
def test_where_the_market_value_decides_nothing_the_name_does(one: str, other: str):
    assert prices_of(TWO.format(one, other))[0] == ["Quantity", "Price"]
