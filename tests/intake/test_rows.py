"""Rows: what of a sheet is data, and what is blank, a total, or a note."""

from dataclasses import replace

import pytest

from rebal_xl.intake.percent import Entry, are_points
from rebal_xl.sheets.grid import Cell
from tests.intake.story import SMITH, codes, fenced, noticed, only, read, refused, sheet, smith, smiths, smiths_refused

LOTS = "Account | Symbol | Quantity | Price\nAnn IRA | VTI | 100 | 250\n"


def quantities(text: str) -> list[float]:
    return sorted(lot.quantity for lot in smiths(Holdings=text)[0].lots)


@pytest.mark.parametrize(
    "word",
    ["Total", "TOTAL:", "Grand Total", "Account Total", "Positions Total", "Subtotal", "Total Account Value", "Totals"],
)
def test_totals_are_no_holdings(word):
    assert quantities(LOTS + f"Ann IRA | BND | 5 | 75\n{word} | | 105 |") == [5.0, 100.0]
    assert quantities(LOTS + f"{word} | -- | 100 | --\nAnn IRA | BND | 5 | 75") == [5.0, 100.0]


@pytest.mark.parametrize(
    "total",
    [
        # the account beside the word, or in it; the word below the class; a lot's symbol repeated beside the word
        "Ann IRA | TOTAL | 100 | ", "Ann IRA | Account Total | 100 | 250", "Ann IRA | Total Ann IRA | 100 | 250",
        "Ann IRA | Ann IRA Total | 100 | ", "Ann IRA | | | | Subtotal", " | | 100 | | Grand Total",
    ],
)  # fmt: skip
def test_a_total_in_the_middle_is_none_of_the_lots_wherever_its_word_stands(total: str):
    lots = LOTS.replace("Price", "Price | Asset Class")
    assert quantities(f"{lots}{total}\nAnn IRA | BND | 5 | 75") == [5.0, 100.0]
    assert codes(noticed(Holdings=f"{lots}{total}\nAnn IRA | BND | 5 | 75")) == []


def test_a_row_of_a_security_that_calls_itself_a_total_is_left_out_and_said():
    lots = (
        "Account | Symbol | Asset Class | Quantity\nAnn IRA | VTI | US Stocks | 60\nAnn IRA | VTI | US Stocks | 40\n"
        "Ann IRA | VTI | Total | 100"
    )
    assert quantities(lots) == [40.0, 60.0]
    assert only(noticed(Holdings=lots), "total-not-read").place == "Holdings!B4"


@pytest.mark.parametrize(
    ("header", "words", "shares"),
    [
        # the name, and the day, of a total; a note, and the name of a lot with a day
        ("Description | Acquired", "Total | ", 100.0),
        ("Description | Acquired", " | Total", 100.0),
        ("Remark | Acquired", "Total | ", 200.0),
        ("Description | Acquired", "Total | 03/16/2020", 200.0),
    ],
)
def test_a_note_is_no_total_and_a_total_has_no_day(header: str, words: str, shares: float):
    lots = (
        f"Account | Symbol | Quantity | {header}\n"
        "Ann IRA | VTI | 60 | | 03/16/2019\nAnn IRA | VTI | 40 | | 03/17/2019\n"
        f"Ann IRA | BND | 100 | {words}"
    )
    assert sum(quantities(lots)) == shares


def test_a_total_of_targets_has_every_column_and_is_no_target():
    targets = "Asset Class | Target %\nUS Stocks | 60%\nUS Bonds | 40%\nTotal | 100%"
    assert len(smiths(Targets=targets)[1].targets) == 2


def test_an_account_called_total_portfolio_is_no_total():
    household, _ = smiths(
        Accounts="Account | Tax Treatment | Cash\nTotal Portfolio | IRA | 10\nTotal | | 10",
        Holdings="Account | Symbol | Quantity\nTotal Portfolio | VTI | 5\nTotal Portfolio | | 5",
    )
    assert [account.name for account in household.accounts] == ["Total Portfolio"]
    assert [lot.quantity for lot in household.lots] == [5.0]


def test_a_fund_called_total_something_is_no_total():
    funds = "Symbol | Asset Class | Price\nVTI | US Stocks | 250\nBND | US Bonds | 75\nTOTL | US Bonds | 40"
    household, _ = smiths(
        Securities=funds, Holdings="Account | Symbol | Quantity\nAnn IRA | VTI | 1\nAnn IRA | TOTL | 2"
    )
    assert len(household.lots) == 2


def test_blank_rows_between_lots_do_not_end_them():
    assert quantities(LOTS + ".\nAnn IRA | BND | 5 | 75\n.\n.\nAnn IRA | BND | 6 | 75") == [5.0, 6.0, 100.0]


@pytest.mark.parametrize("title", ["Closed positions", "Sold in 2025", "Proposed buys", "Watchlist", "To be sold"])
def test_rows_below_a_line_that_says_they_are_not_held_are_refused(title: str):
    lots = LOTS + f".\n{title}\nAnn IRA | BND | 5 | 75\nAnn IRA | BND | 6 | 75"
    problem = only(smiths_refused(Holdings=lots), "section-not-held")
    assert problem.place == "Holdings!row 5"
    assert title in problem.message


@pytest.mark.parametrize("title", ["Bonds", "Closed-end funds", "Former employer 401(k)", "Notes"])
def test_other_lines_between_rows_leave_them_held(title: str):
    assert quantities(LOTS + f".\n{title}\nAnn IRA | BND | 5 | 75") == [5.0, 100.0]


def test_a_line_above_what_is_held_ends_what_is_not():
    lots = LOTS + ".\nSold\n.\nBonds\nAnn IRA | BND | 5 | 75"
    assert quantities(lots) == [5.0, 100.0]


def test_a_summary_below_the_lots_is_none_of_them():
    lots = LOTS + "Ann IRA | BND | 5 | 75\n.\nAsset Class | Market Value | Weight\nUS Stocks | 25000 | 98%"
    assert quantities(lots) == [5.0, 100.0]
    # without a blank row between, the header could be a row of data gone wrong
    assert smiths_refused(Holdings=lots.replace("75\n.\nAsset", "75\nAsset"))


def test_shares_shown_as_percentages_are_weights():
    lots = "Account | Symbol | Quantity | Price\nAnn IRA | VTI | 60% | 250"
    assert "60 % is a percentage" in only(smiths_refused(Holdings=lots), "not-a-number").message


def test_a_symbol_that_excel_saved_as_a_number_is_refused():
    lots = LOTS + "Ann IRA | '2.3135E+14 | 5 | 75"
    assert "2.3135E+14" in only(smiths_refused(Holdings=lots), "text-became-number").message


def test_notes_below_the_data_are_left_out():
    notes = LOTS + ".\nPrices are delayed by 15 minutes and come without any warranty.\nDate downloaded 06/15/2026"
    assert quantities(notes) == [100.0]
    assert noticed(Holdings=notes) == ()
    right_below = LOTS + "Brokerage services are provided by a company that would rather not be liable."
    assert quantities(right_below) == [100.0]


def test_what_looks_like_data_below_is_mentioned():
    notice = only(noticed(Holdings=LOTS + ".\nPrepared by | | | 12"), "row-not-read")
    assert notice.place == "Holdings!row 4"


def test_a_hole_in_the_data_is_no_end_of_it():
    problem = only(smiths_refused(Holdings=LOTS + "Ann IRA | | 5 | 75"), "missing-value")
    assert problem.place == "Holdings!B3"
    targets = "Asset Class | Target %\nUS Stocks | 60%\nUS Bonds | "
    assert only(smiths_refused(Targets=targets), "missing-value").place == "Targets!B3"


def test_hidden_rows_count_and_are_mentioned():
    hidden = replace(sheet("Holdings", SMITH["Holdings"]), hidden_rows=frozenset({2, 3}))
    household, _ = read(*(hidden if grid.name == "Holdings" else grid for grid in smith()))
    assert len(household.lots) == 3
    assert only(household.notices, "hidden-rows").message.startswith("2 hidden rows")


def test_a_table_on_a_hidden_sheet_counts_and_is_mentioned():
    hidden = replace(sheet("Holdings", SMITH["Holdings"]), hidden=True)
    household, _ = read(*(hidden if grid.name == "Holdings" else grid for grid in smith()))
    assert codes(household.notices) == ["hidden-sheet"]


def test_the_totals_row_of_an_excel_table_is_none_of_its_data():
    table = fenced("Holdings", LOTS + "Sum | | 100 |", "Holdings", totals_rows=1)
    household, _ = read(*(table if grid.name == "Holdings" else grid for grid in smith()))
    assert len(household.lots) == 1


def test_a_lot_typed_below_an_excel_table_is_not_lost():
    table = fenced("Holdings", LOTS, "Holdings")
    lost = {(3, 1): Cell("Ann IRA"), (3, 2): Cell("BND"), (3, 3): Cell(5.0)}
    longer = replace(table, cells={**table.cells, **lost})
    problems = refused(*(longer if grid.name == "Holdings" else grid for grid in smith()))
    assert only(problems, "row-below-table").place == "Holdings!A3"


def test_extra_columns_are_nobodys_business():
    household, _ = smiths(Holdings="Account | Gain % | Symbol | Quantity | My notes\nAnn IRA | #N/A | VTI | 5 | =?")
    assert household.notices == ()


def test_formulas_that_show_nothing_are_blank():
    grid = sheet("Holdings", LOTS)
    empty = {(3, number): Cell("", formula=True) for number in range(1, 5)}
    blank = replace(grid, cells={**grid.cells, **empty})
    assert len(read(*(blank if each.name == "Holdings" else each for each in smith()))[0].lots) == 1


def test_lines_of_a_csv_file_are_named_as_lines():
    files = [replace(grid, kind="csv") for grid in smith(Holdings="Account | Symbol | Quantity\nAnn IRA | VTI | ten")]
    assert only(refused(*files), "not-a-number").cell == "line 2"


@pytest.mark.parametrize(
    ("numbers", "sums", "points"),
    [
        ((60, 40), True, True),
        ((0.6, 0.4), True, False),
        ((0.6, 0.3), True, False),
        ((60, 30), True, True),
        ((0.5, 0.5, 99), True, True),
        ((1.2, 0.4), False, True),
        ((0.2, 1.0), False, False),
    ],
)
def test_a_column_of_bare_percents_has_one_reading(numbers, sums, points):
    entries = [Entry("", number, bare=True) for number in numbers]
    assert are_points("Weight", entries, sums) is points


def test_percents_with_a_sign_help_to_read_those_without():
    assert are_points("Weight", [Entry("", 0.99, bare=False), Entry("", 1.0, bare=True)], sums_to_one=True)
    assert not are_points("Weight", [Entry("", 0.5, bare=False), Entry("", 0.5, bare=True)], sums_to_one=True)
