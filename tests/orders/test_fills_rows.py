"""Fills in workbooks as advisors keep them: lots without names, formulas beside the lots, cash as a row of Holdings."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl import api
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Household, InputErrors, Lot
from rebal_xl.orders.fills_enter import FillsEntered
from rebal_xl.sample import sample_household
from tests.orders.stories import JOINT, buy, sell, typed

TODAY = date(2026, 11, 30)
HEADER = "Account,Symbol,Side,Quantity,Price,Date\n"


def with_lots(*lots: Lot) -> Household:
    """The sample, with other lots of VB in Joint Brokerage."""
    sample = sample_household()
    others = [lot for lot in sample.lots if (lot.account, lot.symbol) != (JOINT, "VB")]
    return replace(sample, lots=(*others, *lots))


def entered(file: Path, *lines: str) -> FillsEntered:
    executed = file.with_name("fills.csv")
    executed.write_text(HEADER + "".join(f"{JOINT},{line}\n" for line in lines), encoding="utf-8")
    return api.read_fills_into(file, executed, today=TODAY)


def household_of(told: FillsEntered) -> Household:
    assert told.saved is not None
    return api.read_workbook(told.saved.path)[0]


def changed(path: Path, edit: Callable[[Worksheet, dict[str, int]], None]) -> None:
    """Edit the sheet Holdings; `edit` gets it with its columns by header."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Holdings"]
    first = sheet.tables["Holdings"].ref
    head = sheet[first][0]
    edit(sheet, {str(cell.value): cell.column for cell in head})
    workbook.save(path)


def calculated(file: Path, formula: str, result: str) -> None:
    """As a spreadsheet program leaves a formula: with its result beside it."""
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    shown = f"<f>{formula}</f><v>{result}</v>".encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, re.sub(rb"<f>%s</f><v(?: ?/>|></v>)" % re.escape(formula.encode()), shown, data))


def row_of(sheet: Worksheet, columns: dict[str, int], symbol: str) -> int:
    for row in range(1, sheet.max_row + 1):
        if (sheet.cell(row, columns["Account"]).value, sheet.cell(row, columns["Symbol"]).value) == (JOINT, symbol):
            return row
    raise AssertionError(symbol)


def test_lots_of_one_day_keep_the_names_that_the_plan_knows_them_by(tmp_path: Path) -> None:
    """Two lots of 2025 without names are VB 2025-03-03 and its #2, by cost; the cheaper goes, the other stays #2."""
    day = date(2025, 3, 3)
    lots = Lot(JOINT, "VB", 10.0, 1_000.0, day), Lot(JOINT, "VB", 20.0, 4_000.0, day)
    file = typed(
        tmp_path / "riveras.xlsx",
        sell(JOINT, "VB", 10, "VB 2025-03-03"),
        sell(JOINT, "VB", 5, "VB 2025-03-03 #2"),
        household=with_lots(*lots),
    )
    one = entered(file, "VB,Sell,10,260,11/23/2026")
    assert {lot.lot_id: lot.quantity for lot in household_of(one).held(JOINT, "VB")} == {"VB 2025-03-03 #2": 20.0}
    assert one.saved is not None
    two = household_of(entered(one.saved.path, "VB,Sell,5,261,11/24/2026"))
    # 15 of the 20 shares for 4,000
    assert [(lot.quantity, lot.basis_usd) for lot in two.held(JOINT, "VB")] == [(15.0, 3_000.0)]


def test_what_a_row_says_of_the_whole_position_outlives_its_lot(tmp_path: Path) -> None:
    old = Lot(JOINT, "VB", 10.0, 1_000.0, date(2020, 3, 3), min_hold=8.0, lot_id="old")
    young = Lot(JOINT, "VB", 20.0, 4_000.0, date(2024, 3, 3), lot_id="young")
    file = typed(tmp_path / "riveras.xlsx", sell(JOINT, "VB", 10, "old"), household=with_lots(old, young))
    (lot,) = household_of(entered(file, "VB,Sell,10,260,11/23/2026")).held(JOINT, "VB")
    assert (lot.lot_id, lot.min_hold) == ("young", 8.0)


def test_formulas_beside_a_lot_that_is_gone_stay_and_the_row_counts_nothing(tmp_path: Path) -> None:
    lot = Lot(JOINT, "VB", 10.0, 1_000.0, date(2020, 3, 3), lot_id="old")
    formula: list[str] = []

    def value(sheet: Worksheet, columns: dict[str, int]) -> None:
        row = row_of(sheet, columns, "VB")
        quantity = sheet.cell(row, columns["Quantity"]).coordinate
        sheet.cell(row, columns["Market Value"]).value = f"={quantity}*257"
        formula.append(f"{quantity}*257")

    def edit(path: Path) -> None:
        changed(path, value)
        calculated(path, formula[0], "2570")

    file = typed(
        tmp_path / "riveras.xlsx", sell(JOINT, "VB", 10, "old"), household=with_lots(lot),
        edit=edit,
    )  # fmt: skip
    told = entered(file, "VB,Sell,10,260,11/23/2026")
    assert not household_of(told).held(JOINT, "VB")
    assert told.saved is not None
    sheet = openpyxl.load_workbook(told.saved.path)["Holdings"]
    head = {str(cell.value): cell.column for cell in sheet[sheet.tables["Holdings"].ref][0]}
    row = row_of(sheet, head, "VB")
    assert sheet.cell(row, head["Quantity"]).value == 0
    assert str(sheet.cell(row, head["Market Value"]).value).endswith("*257")


def test_a_quantity_that_is_a_formula_is_refused_with_its_cell(tmp_path: Path) -> None:
    lot = Lot(JOINT, "VB", 10.0, 1_000.0, date(2020, 3, 3), lot_id="old")
    file = typed(tmp_path / "riveras.xlsx", sell(JOINT, "VB", 4, "old"), household=with_lots(lot))
    where: list[str] = []

    def formula(sheet: Worksheet, columns: dict[str, int]) -> None:
        cell = sheet.cell(row_of(sheet, columns, "VB"), columns["Quantity"])
        where.append(cell.coordinate)
        cell.value = "=5+5"

    changed(file, formula)
    calculated(file, "5+5", "10")
    with pytest.raises(InputErrors) as found:
        entered(file, "VB,Sell,4,260,11/23/2026")
    (problem,) = found.value.problems
    assert (problem.sheet, problem.cell, problem.code) == ("Holdings", where[0], "formula-in-the-way")
    assert not file.with_name("riveras filled.xlsx").exists()


def test_cash_that_is_a_row_of_holdings_is_changed_there(tmp_path: Path) -> None:
    """10,000.00 of cash in Holdings, and 10 x 250.00 bought."""
    sample = sample_household()
    accounts = tuple(replace(one, cash_usd=0.0) if one.name == JOINT else one for one in sample.accounts)

    def row_of_cash(sheet: Worksheet, columns: dict[str, int]) -> None:
        row = row_of(sheet, columns, "VB")
        for name, column in columns.items():
            sheet.cell(row, column).value = {"Account": JOINT, "Symbol": "CASH", "Quantity": 10_000}.get(name)

    lot = Lot(JOINT, "VB", 10.0, 1_000.0, date(2020, 3, 3), lot_id="old")
    file = typed(
        tmp_path / "riveras.xlsx", buy(JOINT, "VB", 10),
        household=replace(with_lots(lot), accounts=accounts), edit=lambda path: changed(path, row_of_cash),
    )  # fmt: skip
    now = household_of(entered(file, "VB,Buy,10,250,11/23/2026"))
    assert now.account(JOINT).cash_usd == 7_500.0
    assert [(one.quantity, one.basis_usd) for one in now.held(JOINT, "VB")] == [(10.0, 2_500.0)]


def test_executions_at_one_price_are_one_lot_and_others_are_lots_of_their_own(tmp_path: Path) -> None:
    file = typed(tmp_path / "riveras.xlsx", buy(JOINT, "VEA", 60))
    lines = "VEA,Buy,10,61.20,11/23/2026", "VEA,Buy,20,61.20,11/23/2026", "VEA,Buy,30,61.30,11/23/2026"
    now = household_of(entered(file, *lines))
    new = [(lot.quantity, lot.basis_usd) for lot in now.held(JOINT, "VEA") if lot.acquired == date(2026, 11, 23)]
    # 30 x 61.20 and 30 x 61.30
    assert sorted(new) == [(30.0, 1_836.0), (30.0, 1_839.0)]


def test_a_protected_sheet_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    def protect(sheet: Worksheet, columns: dict[str, int]) -> None:
        sheet.protection.sheet = True

    file = typed(tmp_path / "riveras.xlsx", buy(JOINT, "VEA", 60))
    changed(file, protect)
    with pytest.raises(FileRefused, match="is protected"):
        entered(file, "VEA,Buy,10,61.20,11/23/2026")
    assert not file.with_name("riveras filled.xlsx").exists()
