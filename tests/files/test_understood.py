"""An advisor sees what was understood, corrects it once, and the workbook remembers."""

from pathlib import Path

import openpyxl
import pytest

from rebal_xl import api
from rebal_xl.household import InputErrors
from rebal_xl.sheets.understood import KIND
from tests.files.workbooks import read_zip, tab_names


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two columns could be the cost; the fees are nobody's business; the targets are bare numbers."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "My list"
    sheet.append(["Review of the Smiths"])
    sheet.append([])
    sheet.append(["Account", "Ticker", "Shares", "Last Price", "Class", "Paid", "Cost", "Bought"])
    sheet.append(["Ann IRA", "VTI", 100, 250, "Stocks", 20000, 5, "03/16/2020"])
    sheet.append(["Ann IRA", "CASH", 1000])
    plan = book.create_sheet("Targets")
    plan.append(["Asset Class", "Target %"])
    plan.append(["Stocks", 95])
    plan.append(["Cash", 5])
    path = tmp_path / "smith.xlsx"
    book.save(path)
    return path


def lines(path: Path) -> dict[str, dict[str, object]]:
    """Header -> the line of Understood about it."""
    sheet = openpyxl.load_workbook(path)[KIND]
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables[KIND].ref]]
    return {str(row[3]): dict(zip(rows[0], row, strict=True)) for row in rows[1:]}


def correct(path: Path, header: str, word: str) -> None:
    """Type a word under Correction, as an advisor does."""
    book = openpyxl.load_workbook(path)
    sheet = book[KIND]
    names = [cell.value for cell in sheet[sheet.tables[KIND].ref][0]]
    for row in sheet[sheet.tables[KIND].ref]:
        if row[names.index("Header")].value == header:
            row[names.index("Correction")].value = word
    book.save(path)


def test_what_was_understood_is_shown(workbook: Path, tmp_path: Path):
    out = tmp_path / "shown.xlsx"
    api.write_understood(workbook, out)
    told = lines(out)
    assert (told["Ticker"]["Column Read"], told["Ticker"]["Range"]) == ("Symbol", "A3:H5")
    assert told["Cost"]["Column Read"] == "Cost Basis"
    assert told["Paid"]["Column Read"] == "not read"
    assert told["Target %"]["Unit and Sign"] == "points: 60 means 60 %"
    assert told["Target %"]["Example"] == "95 → 95 %"
    offered = openpyxl.load_workbook(out)[KIND].data_validations.dataValidation
    assert {one.type for one in offered} == {"list"}


def test_the_advisors_sheets_keep_every_byte(workbook: Path, tmp_path: Path):
    out = tmp_path / "shown.xlsx"
    api.write_understood(workbook, out)
    before, after = read_zip(workbook), read_zip(out)
    sheets = [name for name in before if name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml"]
    # The tab that was on the screen loses its mark of being selected, since Understood is shown.
    assert {name: before[name].replace(b' tabSelected="1"', b"") for name in sheets} == {
        name: after[name].replace(b' tabSelected="1"', b"").replace(b' tabSelected="0"', b"") for name in sheets
    }


def test_a_correction_is_followed_and_survives_later_runs(workbook: Path, tmp_path: Path):
    out = tmp_path / "shown.xlsx"
    api.write_understood(workbook, out)
    assert api.read_workbook(out)[0].lots[0].basis_usd == 5.0
    correct(out, "Paid", "cost basis")
    correct(out, "Cost", "not read")
    household, policy = api.read_workbook(out)
    assert household.lots[0].basis_usd == 20_000.0
    again = tmp_path / "again.xlsx"
    api.write_understood(out, again)
    assert {h: line["Correction"] for h, line in lines(again).items() if line["Correction"]} == {
        "Paid": "Cost Basis",
        "Cost": "not read",
    }
    assert lines(again)["Paid"]["Column Read"] == "Cost Basis"
    plan = api.rebalance(household, policy)
    for _ in range(2):
        api.write_plan(again, plan, in_place=True)
        assert tab_names(again).count(KIND) == 1
        assert api.read_workbook(again)[0].lots[0].basis_usd == 20_000.0
    api.write_understood(again, in_place=True)
    assert {"Trades", KIND} <= set(tab_names(again))


def test_bare_percentages_are_corrected(workbook: Path, tmp_path: Path):
    out = tmp_path / "shown.xlsx"
    api.write_understood(workbook, out)
    correct(out, "Target %", "0.6 means 60 %")
    with pytest.raises(InputErrors) as beyond:
        api.read_workbook(out)
    assert "9500 %" in str(beyond.value)


def test_dollars_in_thousands_are_multiplied_once_whoever_says_so(workbook: Path, tmp_path: Path):
    out = tmp_path / "shown.xlsx"
    api.write_understood(workbook, out)
    correct(out, "Cost", "in thousands")
    household, _ = api.read_workbook(out)
    assert (household.lots[0].basis_usd, household.securities[0].price_usd) == (5_000.0, 250.0)
    book = openpyxl.load_workbook(out)
    book["My list"]["A2"].value = "All figures in thousands"
    book.save(out)
    assert api.read_workbook(out)[0].lots[0].basis_usd == 5_000.0


def test_dollars_that_were_taken_for_thousands_are_corrected(workbook: Path, tmp_path: Path):
    book = openpyxl.load_workbook(workbook)
    book["My list"]["A2"].value = "All figures in thousands"
    book.save(workbook)
    assert api.read_workbook(workbook)[0].lots[0].basis_usd == 5_000.0
    out = tmp_path / "shown.xlsx"
    api.write_understood(workbook, out)
    correct(out, "Cost", "in dollars")
    assert api.read_workbook(out)[0].lots[0].basis_usd == 5.0


def test_a_word_that_means_nothing_is_an_error_with_its_cell(workbook: Path, tmp_path: Path):
    out = tmp_path / "shown.xlsx"
    api.write_understood(workbook, out)
    correct(out, "Paid", "Cost Bassis")
    with pytest.raises(InputErrors) as wrong:
        api.read_workbook(out)
    problem = wrong.value.problems[0]
    assert (problem.code, problem.sheet) == ("unknown-correction", KIND)
    assert 'Did you mean "Cost Basis"?' in problem.message
