"""Positions come into a workbook only where each lot has a row and its dollars are dollars; no sheet is spoilt."""

from pathlib import Path

import openpyxl
import pytest

from rebal_xl.api import write_understood
from rebal_xl.files.imports import import_into
from rebal_xl.household import InputErrors
from tests.intake.custodians.files import put

ACCOUNTS = [["Account", "Tax Treatment", "Custodian Number"], ["Joint", "Taxable", "123"], ["Roth IRA", "Roth", "456"]]
TITLE = '"Positions for account {} as of 12:33 PM ET, 2026/05/04"\n""\n'
HEADER = '"Symbol","Description","Qty (Quantity)","Price","Mkt Val (Market Value)","Cost Basis","Asset Type",\n'
SCHWAB = (
    TITLE.format("Joint ...123")
    + HEADER
    + '"VTI","VANGUARD TOTAL STOCK","110","$300.00","$33,000.00","$22,000.00","ETF",\n'
    + '"Account Total","","--","--","$33,000.00","$22,000.00","--",\n\n'
    + TITLE.format("Roth IRA ...456")
    + HEADER
    + '"BND","VANGUARD TOTAL BOND","20","$70.00","$1,400.00","$1,500.00","ETF",\n'
    + '"Account Total","","--","--","$1,400.00","$1,500.00","--",\n'
)


def brought_in(folder: Path, more: str = SCHWAB, **sheets: list[list[object]]):
    """The sheets of the workbook after the import, as rows of values."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"Accounts": ACCOUNTS, **sheets}.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(folder / "own.xlsx")
    done = import_into(folder / "own.xlsx", put(folder, schwab=more), folder / "out.xlsx")
    assert done.saved is not None
    after = openpyxl.load_workbook(folder / "out.xlsx")
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in after}, done.found


LISTS = {
    "a sheet for each account": (
        {
            "Joint": [["Symbol", "Class", "Shares", "Price"], ["VTI", "US Stocks", 100, 290]],
            "Roth_IRA": [["Symbol", "Class", "Shares", "Price"], ["BND", "Bonds", 10, 70]],
        },
        "2 lists (in row 1 of Joint and in row 1 of Roth IRA)",
    ),
    "a block for each account": (
        {
            "Portfolio": [
                ["Joint"],
                ["Symbol", "Class", "Shares", "Price"],
                ["VTI", "US Stocks", 100, 290],
                [],
                ["Roth IRA"],
                ["Symbol", "Class", "Shares", "Price"],
                ["BND", "Bonds", 10, 70],
            ]
        },
        "2 lists",
    ),
    "classes by account": (
        {
            "Targets": [["Asset Class", "Target %"], ["US Stocks", 0.6], ["Bonds", 0.4]],
            "Mix": [["Asset Class", "Joint", "Roth IRA"], ["US Stocks", 29000, 0], ["Bonds", 0, 700]],
        },
        "cells of its own",
    ),
    "an account written once for the rows below": (
        {
            "Holdings": [
                ["Account", "Symbol", "Class", "Shares", "Price"],
                ["Joint", "VTI", "US Stocks", 100, 290],
                [None, "VXUS", "World", 10, 60],
                ["Roth IRA", "BND", "Bonds", 10, 70],
                [None, "VTI", "US Stocks", 1, 290],
            ]
        },
        "cells of its own",
    ),
    "dollars in thousands": (
        {
            "Holdings": [
                ["Account", "Symbol", "Shares", "Price", "Cost Basis ($000)"],
                ["Joint", "VTI", 100, 290, 20],
                ["Roth IRA", "BND", 10, 70, 0.8],
            ]
        },
        "Cost Basis stands in thousands",
    ),
}


@pytest.mark.parametrize("layout", LISTS)
def test_a_layout_without_a_cell_for_each_lot_is_refused_and_nothing_is_written(layout: str, tmp_path: Path):
    sheets, why = LISTS[layout]
    with pytest.raises(InputErrors) as refused:
        brought_in(tmp_path, **sheets)
    (problem,) = refused.value.problems
    assert problem.code == "layout-not-writable"
    assert why in problem.message
    assert not (tmp_path / "out.xlsx").exists()


def test_a_cost_below_its_header_of_two_rows_goes_where_the_total_stands(tmp_path: Path):
    holdings = [
        ["Account", "Symbol", "Shares", "Price", "Cost", None],
        [None, None, None, None, "Per share", "Total"],
        ["Joint", "VTI", 100, 290, 200, 20000],
        ["Roth IRA", "BND", 20, 70, 75, 1500],
    ]
    after, _ = brought_in(tmp_path, Holdings=holdings)
    # 22,000 dollars for 110 shares are 200 a share
    assert after["Holdings"][2] == ["Joint", "VTI", 110, 300, 200, 22000]
    assert after["Holdings"][3] == ["Roth IRA", "BND", 20, 70, 75, 1500]


def test_a_new_basis_does_not_leave_the_old_cost_of_a_share_beside_it(tmp_path: Path):
    holdings = [
        ["Account", "Symbol", "Shares", "Price", "Cost/Share", "Cost Basis"],
        ["Joint", "VTI", 100, 290, 150, 15000],
        ["Roth IRA", "BND", 20, 70, 75, 1500],
    ]
    after, _ = brought_in(tmp_path, Holdings=holdings)
    assert after["Holdings"][1] == ["Joint", "VTI", 110, 300, 200, 22000]


def test_a_column_that_was_corrected_is_written_as_what_it_is(tmp_path: Path):
    holdings = [
        ["Account", "Symbol", "Shares", "Price", "Cost"],
        ["Joint", "VTI", 100, 290, 190],
        ["Roth IRA", "BND", 20, 70, 75],
    ]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"Accounts": ACCOUNTS, "Holdings": holdings}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.create_sheet("Targets").append(["Asset Class", "Target %"])
    book["Targets"].append(["US Stocks", 1])
    book.save(tmp_path / "own.xlsx")
    corrected = with_correction(tmp_path / "own.xlsx", "Cost", "Cost/Share")
    done = import_into(corrected, put(tmp_path, schwab=SCHWAB), tmp_path / "out.xlsx")
    assert done.saved is not None
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Holdings"]
    # 22,000 dollars for 110 shares are 200 a share, and 1,500 for 20 are 75: never the total below Cost.
    assert [cell.value for cell in sheet[2]] == ["Joint", "VTI", 110, 300, 200]
    assert [cell.value for cell in sheet[3]] == ["Roth IRA", "BND", 20, 70, 75]


def with_correction(path: Path, header: str, word: str) -> Path:
    """The workbook with a sheet Understood on which somebody wrote a correction."""
    out = path.with_name("understood.xlsx")
    write_understood(path, out)
    book = openpyxl.load_workbook(out)
    sheet = book["Understood"]
    top = next(row for row in sheet.iter_rows() if any(cell.value == "Correction" for cell in row))
    columns = {cell.value: cell.column for cell in top if cell.value}
    for row in sheet.iter_rows(min_row=top[0].row + 1):
        if row[columns["Header"] - 1].value == header:
            sheet.cell(row[0].row, columns["Correction"]).value = word
    book.save(out)
    return out


def test_a_new_lot_keeps_the_class_that_the_list_gives_its_security(tmp_path: Path):
    holdings = [
        ["Account", "Symbol", "Asset Class", "Shares", "Price", "Acquired"],
        ["Joint", "VTI", "US Stocks", 100, 290, "2020-01-02"],
        ["Roth IRA", "BND", "Bonds", 20, 70, None],
    ]
    after, _ = brought_in(tmp_path, Holdings=holdings)
    # Positions tell no days: 110 shares take the place of the lot of 100.
    assert after["Holdings"][1] == ["Joint", "VTI", "US Stocks", 110, 300, None]


def test_the_cost_of_a_bond_is_quoted_like_its_price(tmp_path: Path):
    holdings = [
        ["Account", "Symbol", "Shares", "Price", "Cost/Share"],
        ["Joint", "912828ZT0", 10000, 97, 96],
        ["Roth IRA", "BND", 20, 70, 75],
    ]
    # 10,000 of face at 98.50 are 9,850 dollars, and cost 9,700: 97 per 100.
    bond = (
        TITLE.format("Joint ...123")
        + HEADER
        + (
            '"912828ZT0","US TREASURY NOTE","10,000","98.50","$9,850.00","$9,700.00","Fixed Income",\n'
            '"Account Total","","--","--","$9,850.00","$9,700.00","--",\n'
        )
    )
    after, _ = brought_in(tmp_path, bond, Holdings=holdings)
    assert after["Holdings"][1] == ["Joint", "912828ZT0", 10000, 98.5, 97]


def test_holdings_that_call_accounts_by_number_are_brought_up_to_date_and_not_doubled(tmp_path: Path):
    accounts = [
        ["Account Name", "Account Number", "Tax Treatment"],
        ["Joint", "Z00000123", "Taxable"],
        ["Roth IRA", "Z00000456", "Roth"],
    ]
    holdings = [
        ["Account Number", "Symbol", "Shares", "Price"],
        ["Z00000123", "VTI", 100, 290],
        ["Z00000456", "BND", 20, 70],
    ]
    after, _ = brought_in(tmp_path, Accounts=accounts, Holdings=holdings)
    assert after["Holdings"][1:] == [["Z00000123", "VTI", 110, 300], ["Z00000456", "BND", 20, 70]]
