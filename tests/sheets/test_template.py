"""The workbook an advisor starts from holds every described column, explains it, and keeps what is written to it."""

import re
from datetime import date
from itertools import pairwise

import pytest
from openpyxl import Workbook
from openpyxl.utils import range_boundaries

from rebal_xl.household import Account, Household, Lot, Policy, Security, TaxTreatment
from rebal_xl.sheets import looks
from rebal_xl.sheets.results import RESULT_TABLES
from rebal_xl.sheets.schema import Kind, Table
from rebal_xl.sheets.start import RESULT_TABS
from rebal_xl.sheets.tables import INPUT_TABLES, SCHEMA_VERSION, SETTINGS, SETTINGS_ROWS
from rebal_xl.sheets.template import LIST_NAMES, build_template
from tests.sheets.miller import AS_OF, HOUSEHOLD, POLICY
from tests.sheets.reading import reopened, row_of, sheet_of, table_cells, table_values


@pytest.fixture(scope="module")
def empty() -> Workbook:
    return reopened(build_template())


@pytest.fixture(scope="module")
def millers() -> Workbook:
    return reopened(build_template(HOUSEHOLD, POLICY))


@pytest.mark.parametrize("table", INPUT_TABLES, ids=lambda table: table.name)
def test_every_described_column_is_there_explained_and_yellow(empty: Workbook, table: Table) -> None:
    sheet = sheet_of(empty, table.name)
    assert sheet.title == table.sheet
    rows = table_cells(empty, table.name)
    assert rows, "an Excel table needs a row"
    first_col, first_row, _, _ = range_boundaries(sheet.tables[table.name].ref)
    for number, column in enumerate(table.columns, first_col):
        header = sheet.cell(first_row, number)
        assert header.value == column.name
        assert header.comment is not None
        assert column.note in header.comment.text
        if table is not SETTINGS or column.name == "Value":
            assert all(row[column.name].fill.start_color.rgb.endswith(looks.YELLOW) for row in rows)
        if table is not SETTINGS:
            assert all(row[column.name].number_format == column.number_format for row in rows)


def test_only_settings_hold_values_in_an_empty_template(empty: Workbook) -> None:
    filled = [table.name for table in INPUT_TABLES if any(table_values(empty, table.name))]
    assert filled == ["Settings"]


def test_settings_start_with_their_defaults(empty: Workbook) -> None:
    values = {row["Name"]: row.get("Value") for row in table_values(empty, "Settings")}
    assert list(values) == [row.name for row in SETTINGS_ROWS]
    assert values["Method"] == "Opportunistic"
    assert values["Minimum Trade $"] == 500
    assert values["Reinvestment Counts"] == "Yes"
    assert values["As Of"] is None


def test_header_notes_list_choices_requirements_and_what_blank_means(empty: Workbook) -> None:
    header = sheet_of(empty, "Accounts")
    notes = {cell.value: cell.comment.text for cell in header[4] if cell.comment}
    assert "One of: taxable, tax-deferred, Roth, HSA." in notes["Tax Treatment"]
    assert "Required." in notes["Tax Treatment"]
    assert "Blank: FIFO." in notes["Basis Method"]


def test_the_start_sheet_comes_first_and_its_links_lead_to_sheets(empty: Workbook) -> None:
    start = empty.worksheets[0]
    assert start.title == "Start"
    targets = [cell.hyperlink.location for row in start.iter_rows() for cell in row if cell.hyperlink]
    assert len(targets) == 13
    for target in targets:
        name, _, cell = target.rpartition("!")
        assert name.strip("'") in empty.sheetnames
        assert cell == "A1"
    linked = {target.rpartition("!")[0].strip("'") for target in targets}
    assert linked == set(empty.sheetnames) - {"Start"}


def test_the_start_sheet_names_every_result(empty: Workbook) -> None:
    named = {name for tabs, _ in RESULT_TABS for name in tabs.split(", ")}
    # the book and the study have workbooks of their own
    assert named == {table.sheet for table in RESULT_TABLES} - {"Book", "Study"} | {"Explanation"}


def test_lists_offer_choices_and_existing_ranges(empty: Workbook) -> None:
    assert set(empty.defined_names) == {*LIST_NAMES.values(), "schema_version"}
    for table in INPUT_TABLES:
        sheet = sheet_of(empty, table.name)
        offered = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
        for header, cell in table_cells(empty, table.name)[0].items():
            column = table.column(header)
            formulas = [formula for cells, formula in offered.items() if cell.coordinate in _cells(cells)]
            if column.choices:
                assert formulas == [f'"{",".join(column.choices)}"']
            elif column.refers_to:
                assert formulas == [LIST_NAMES[column.refers_to]]
                # The name stands for a column of an Excel table, which is there.
                meant = empty.defined_names[formulas[0]].attr_text
                name, _, rest = meant.partition("[")
                assert rest.removesuffix("]") in table_cells(empty, name)[0]
            elif table is not SETTINGS:
                assert formulas == []


def test_no_list_is_longer_than_excel_allows(empty: Workbook) -> None:
    for sheet in empty.worksheets:
        for one in sheet.data_validations.dataValidation:
            assert len(one.formula1) <= 257  # 255 characters and two quotation marks
            assert len(one.error) <= 225


def test_method_is_chosen_from_a_list(empty: Workbook) -> None:
    cell = next(row for row in table_cells(empty, "Settings") if row["Name"].value == "Method")["Value"]
    offered = sheet_of(empty, "Settings").data_validations.dataValidation
    assert [one.formula1 for one in offered if cell.coordinate in _cells(str(one.sqref))] == [
        '"Opportunistic,Full,Cash only,Harvest,Location,None"'
    ]


def test_headers_stay_in_view_and_on_every_printed_page(empty: Workbook) -> None:
    for sheet in empty.worksheets[1:]:
        assert re.fullmatch(r"[A-Z]5", sheet.freeze_panes)
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.page_setup.orientation == "landscape"
    assert empty["Holdings"].freeze_panes == "C5"


def test_tables_of_one_sheet_leave_a_free_column_between_them(empty: Workbook) -> None:
    for sheet in empty.worksheets:
        ranges = sorted(range_boundaries(table.ref) for table in sheet.tables.values())
        for left, right in pairwise(ranges):
            assert left[2] + 1 < right[0]


def test_the_workbook_carries_its_schema_version(empty: Workbook) -> None:
    assert empty.defined_names["schema_version"].attr_text == str(SCHEMA_VERSION)
    assert [(one.name, one.value) for one in empty.custom_doc_props.props] == [("schema_version", SCHEMA_VERSION)]


def test_accounts_and_lots_are_written_as_they_are(millers: Workbook) -> None:
    assert row_of(millers, "Accounts", Account="00123-4") == {
        "Account": "00123-4",
        "Tax Treatment": "taxable",
        "Owner": "Ann Miller",
        "Taxpayer": "Millers",
        "Counts in Target": "Yes",
        "Custodian": "Schwab",
        "Cash": 12_000,
        "Basis Method": "FIFO",
    }
    assert row_of(millers, "Accounts", Account="401k Acme") == {
        "Account": "401k Acme",
        "Tax Treatment": "tax-deferred",
        "Owner": "Bob Miller",
        "Counts in Target": "Yes",
        "Contribution $": 1_000,
        "Menu": "VBTLX, VTSAX",
        "Fractional": "Yes",
        "Basis Method": "FIFO",
    }
    assert row_of(millers, "Holdings", Symbol="VTI", Quantity=400) == {
        "Account": "00123-4",
        "Symbol": "VTI",
        "Quantity": 400,
        "Cost Basis": 60_000,
        "Acquired": date(2016, 2, 1),
        "Lot ID": "000017",
    }
    assert row_of(millers, "Holdings", Symbol="037833100") == {
        "Account": "00123-4",
        "Symbol": "037833100",
        "Quantity": 25_000,
        "Term": "Long",
        "Locked": "Yes",
        "Source": "inherited",
    }
    assert len(table_values(millers, "Holdings")) == 6


def test_a_fund_of_two_classes_goes_to_class_mix_and_a_fractional_one_is_not_bought_whole(millers: Workbook) -> None:
    assert row_of(millers, "Securities", Symbol="BAL") == {
        "Symbol": "BAL",
        "Price": 100,
        "Rank Deferred": 2,
        "Exempt %": 0.1,
        "199A %": 0.2,
        "Collectible": "Yes",
    }
    assert table_values(millers, "ClassMix") == [
        {"Symbol": "BAL", "Asset Class": "Bonds", "Weight": 0.4},
        {"Symbol": "BAL", "Asset Class": "US Stocks", "Weight": 0.6},
    ]
    assert row_of(millers, "Securities", Symbol="VBTLX") == {
        "Symbol": "VBTLX",
        "Asset Class": "Bonds",
        "Price": 9.7,
        "Whole Shares": "No",
        "Redemption Fee %": 0.0025,
    }
    bond = row_of(millers, "Securities", Symbol="037833100")
    assert (bond["Price Divisor"], bond["Lot Size"], bond["State-Exempt %"]) == (100, 1000, 1)


def test_targets_settings_and_covariance_are_written_as_they_are(millers: Workbook) -> None:
    assert table_values(millers, "Targets") == [
        {"Asset Class": "US Stocks", "Target %": 0.6, "Band Type": "Relative", "Group": "Equity"},
        {
            "Asset Class": "Intl Stocks",
            "Target %": 0.1,
            "Trigger": 0.02,
            "Destination": 0.0175,
            "Band Type": "Absolute",
            "Floor": 0.05,
            "Group": "Equity",
        },
        {"Asset Class": "Bonds", "Target %": 0.25, "Band Type": "5/25"},
        {"Asset Class": "Cash", "Target %": 0.05, "Trigger": 0.5, "Destination": 0, "Band Type": "Relative"},
    ]
    settings = {row["Name"]: row.get("Value") for row in table_values(millers, "Settings")}
    assert settings["Household Name"] == "Miller & Sons"
    assert settings["Method"] == "Full"
    assert settings["As Of"] == AS_OF
    assert settings["Harvest $"] == 1_000
    assert settings["Harvest %"] is None
    assert table_values(millers, "Covariance") == [
        {"Asset Class": "US Stocks", "US Stocks": 0.0256, "Intl Stocks": 0.02, "Bonds": 0.001},
        {"Asset Class": "Intl Stocks", "US Stocks": 0.02, "Intl Stocks": 0.0324, "Bonds": 0.0015},
        {"Asset Class": "Bonds", "US Stocks": 0.001, "Intl Stocks": 0.0015, "Bonds": 0.0025},
    ]


def test_the_count_of_older_filers_is_written_even_when_it_is_none(millers: Workbook) -> None:
    # Blank would mean: count the birth dates in People.
    trust = row_of(millers, "TaxProfile", Taxpayer="Miller Trust")
    assert trust == {"Taxpayer": "Miller Trust", "Type": "grantor trust", "Filers 65+": 0, "Grantor": "Millers"}


def test_nothing_a_household_says_is_lost(millers: Workbook) -> None:
    written = {
        "People": HOUSEHOLD.people,
        "Accounts": HOUSEHOLD.accounts,
        "Holdings": HOUSEHOLD.lots,
        "Securities": HOUSEHOLD.securities,
        "TaxProfile": HOUSEHOLD.taxpayers,
        "RecentTrades": HOUSEHOLD.recent_trades,
        "Fills": HOUSEHOLD.fills,
        "Targets": POLICY.targets,
        "Withdrawals": POLICY.withdrawals,
        "MyTrades": POLICY.my_trades,
    }
    for table in INPUT_TABLES:
        for noun, row in zip(written.get(table.name, ()), table_values(millers, table.name), strict=False):
            for column in table.columns:
                held = getattr(noun, column.field) if column.field else None
                cell = row.get(column.name)
                if cell is None:
                    continue
                if column.kind in (Kind.MONEY, Kind.PERCENT, Kind.NUMBER, Kind.WHOLE):
                    assert cell == held, (table.name, column.name)
                elif column.kind is Kind.DATE:
                    assert cell == held
                elif column.kind is Kind.FLAG and column.field:
                    assert (cell == "Yes") is held
                elif column.kind in (Kind.TEXT, Kind.CHOICE) and column.field:
                    assert cell == held


def test_text_that_looks_like_a_formula_a_number_or_an_error_stays_text() -> None:
    names = ["=1+1", "+A1", "-2", "@SUM(A1)", "00123", "1E5", "#N/A", "TRUE", "03/04"]
    household = Household(
        accounts=tuple(Account(name, TaxTreatment.TAXABLE) for name in names),
        lots=tuple(Lot(name, "=cmd|'/C calc'!A0", 1.0, lot_id="000017") for name in names),
        securities=(Security("=cmd|'/C calc'!A0", 1.0, (("=Stocks", 1.0),)),),
    )
    workbook = reopened(build_template(household))
    cells = [row["Account"] for row in table_cells(workbook, "Accounts")]
    assert sorted(cell.value for cell in cells) == sorted(names)
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
    for cell in cells:
        assert cell.data_type == "s"
        assert cell.number_format == "@"
        assert cell.quotePrefix is (cell.value[0] in "=+-@")
    assert all(row["Lot ID"].value == "000017" for row in table_cells(workbook, "Holdings"))


def test_characters_that_no_workbook_may_hold_are_left_out() -> None:
    household = Household((Account("Joint\x00\x0b account", TaxTreatment.ROTH),), (), ())
    assert table_values(reopened(build_template(household)), "Accounts")[0]["Account"] == "Joint account"


def test_an_empty_menu_does_not_become_a_free_one() -> None:
    household = Household((Account("401k", TaxTreatment.TAX_DEFERRED, menu=frozenset()),), (), ())
    assert table_values(reopened(build_template(household)), "Accounts")[0]["Menu"] == "CASH"


def test_a_policy_alone_fills_targets_and_settings() -> None:
    workbook = reopened(build_template(policy=Policy((), date(2026, 1, 2), firm="=Firm")))
    settings = {row["Name"]: row.get("Value") for row in table_values(workbook, "Settings")}
    assert settings["Firm"] == "=Firm"
    assert settings["Household Name"] == "Household"
    assert not any(table_values(workbook, "Targets"))


def _cells(ranges: str) -> set[str]:
    found = set()
    for one in ranges.split():
        first_col, first_row, last_col, last_row = range_boundaries(one)
        for row in range(first_row, last_row + 1):
            for number in range(first_col, last_col + 1):
                found.add(f"{_letter(number)}{row}")
    return found


def _letter(number: int) -> str:
    first, second = divmod(number - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
