"""`understand` and `--household`: an advisor's own workbook, corrected once, and two families in one file."""

import json
from pathlib import Path

import openpyxl
import pytest

from tests.cli.riveras import call, call_json
from tests.files.workbooks import read_zip

Rows = list[list[object]]


def saved(path: Path, sheets: dict[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """100 shares at $250 that cost $20,000; the column that a reader takes for the cost holds fees."""
    sheets: dict[str, Rows] = {
        "My list": [
            ["Account: Joint Brokerage"],
            ["Ticker", "Shares", "Last Price", "Class", "Paid", "Cost", "Bought"],
            ["VTI", 100, 250, "Stocks", 20_000, 5, "03/16/2020"],
            ["BND", 50, 100, "Bonds", 5_500, 5, "03/16/2020"],
        ],
        "Targets": [["Asset Class", "Target %"], ["Stocks", 60], ["Bonds", 40]],
        "TaxProfile": [["Taxpayer", "Type", "State", "Ordinary Income"], ["Ann", "single", "TX", 90_000]],
    }
    return saved(tmp_path / "own.xlsx", sheets)


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """The Riveras hold 100 shares at $250 alone, the Okafors as many dollars of both."""
    accounts: Rows = [["Household", "Account", "Tax Treatment"], ["Rivera", "Ann IRA", "IRA"]]
    accounts.append(["Okafor", "Bob IRA", "IRA"])
    holdings: Rows = [["Household", "Account", "Symbol", "Quantity", "Price", "Asset Class"]]
    holdings.append(["Rivera", "Ann IRA", "VTI", 100, 250, "Stocks"])
    holdings.append(["Okafor", "Bob IRA", "VTI", 100, 250, "Stocks"])
    holdings.append(["Okafor", "Bob IRA", "BND", 250, 100, "Bonds"])
    targets: Rows = [["Asset Class", "Target %"], ["Stocks", 0.5], ["Bonds", 0.5]]
    funds: Rows = [["Symbol", "Price", "Asset Class"], ["VTI", 250, "Stocks"], ["BND", 100, "Bonds"]]
    tax: Rows = [["Taxpayer", "Type", "State", "Ordinary Income"], ["All", "single", "TX", 90_000]]
    sheets = {"Accounts": accounts, "Holdings": holdings, "Targets": targets, "Securities": funds, "TaxProfile": tax}
    return saved(tmp_path / "two.xlsx", sheets)


def sheets_of(path: Path, count: int) -> dict[str, bytes]:
    """The advisor's own sheets and texts, without the mark of the tab that is on the screen."""
    names = {"xl/sharedStrings.xml", *(f"xl/worksheets/sheet{number}.xml" for number in range(1, count + 1))}
    held = {name: data for name, data in read_zip(path).items() if name in names}
    return {
        name: data.replace(b' tabSelected="1"', b"").replace(b' tabSelected="0"', b"") for name, data in held.items()
    }


def correct(path: Path, header: str, word: str) -> None:
    """Type a word under Correction."""
    book = openpyxl.load_workbook(path)
    sheet = book["Understood"]
    names = [cell.value for cell in sheet[sheet.tables["Understood"].ref][0]]
    for row in sheet[sheet.tables["Understood"].ref]:
        if row[names.index("Header")].value == header:
            row[names.index("Correction")].value = word
    book.save(path)


def drift(file: Path, *more: str) -> tuple[int, float]:
    code, document = call_json("drift", file, *more)
    return code, document["drift"]["household_drift"] if code == 0 else 0.0


def test_check_points_to_understand_where_something_was_inferred(own: Path):
    result = call("check", own)
    assert result.exit_code == 0
    assert "rebal-xl understand own.xlsx" in result.stderr


def test_understand_writes_a_copy_and_leaves_the_file_alone(own: Path):
    held = own.read_bytes()
    result = call("understand", own)
    assert result.exit_code == 0
    assert "on the sheet Understood in" in result.stderr
    copy = own.with_name("own understood.xlsx")
    assert own.read_bytes() == held
    assert openpyxl.load_workbook(copy).sheetnames == ["My list", "Targets", "TaxProfile", "Understood"]
    assert sheets_of(copy, 3) == sheets_of(own, 3)
    assert len(sheets_of(own, 3)) >= 3


def test_in_place_keeps_every_byte_of_the_advisors_sheets_and_a_backup(own: Path):
    before, held = sheets_of(own, 3), own.read_bytes()
    assert call("understand", own, "--in-place").exit_code == 0
    assert sheets_of(own, 3) == before
    assert [path.read_bytes() for path in own.parent.glob("own.backup-*")] == [held]


def test_a_correction_is_remembered_by_the_second_run_and_all_that_follow(own: Path):
    """Each share cost 20,000 / 100; without the correction it cost 5 / 100, on a day that nobody knows."""
    call("understand", own, "--in-place")
    correct(own, "Paid", "Cost Basis")
    correct(own, "Cost", "not read")
    correct(own, "Bought", "Acquired")
    assert call("understand", own, "--in-place").exit_code == 0
    sheet = openpyxl.load_workbook(own)["Understood"]
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables["Understood"].ref]]
    told = {row[rows[0].index("Header")]: row for row in rows[1:]}
    assert told["Paid"][rows[0].index("Correction")] == "Cost Basis"
    assert told["Paid"][rows[0].index("Column Read")] == "Cost Basis"
    code, document = call_json("rebalance", own, "--in-place", "--method", "full")
    assert code == 0
    assert [lot["basis_usd"] / lot["quantity"] for lot in document["plan"]["lots_sold"]] == pytest.approx([200.0])
    assert "Understood" in openpyxl.load_workbook(own).sheetnames


def test_out_and_in_place_exclude_each_other(own: Path, tmp_path: Path):
    assert call("understand", own, "--in-place", "--out", tmp_path / "x.xlsx").exit_code == 2


def test_several_households_without_a_choice_are_named(two: Path):
    for command in ("check", "drift"):
        code, document = call_json(command, two)
        assert code == 1
        (problem,) = [one for one in document["problems"] if one["code"] == "several-households"]
        assert "Rivera" in problem["message"]
        assert "Okafor" in problem["message"]
        assert '--household "' in problem["advice"]
        assert "sheet Understood" in problem["advice"]


def test_a_household_is_asked_for_by_its_name(two: Path):
    """All in stocks against half is a drift of 50 %; half and half is none."""
    assert drift(two, "--household", "Rivera") == (0, pytest.approx(0.5))
    assert drift(two, "--household", "OKAFOR") == (0, pytest.approx(0.0))


def test_a_household_that_is_not_there_is_refused_with_those_that_are(two: Path, own: Path):
    code, document = call_json("drift", two, "--household", "Lindqvist")
    assert code == 1
    told = " ".join(one["message"] for one in document["problems"])
    assert 'There is no household "Lindqvist"' in told
    assert "Rivera and Okafor" in told
    code, document = call_json("drift", own, "--household", "Lindqvist")
    assert (code, document["problems"][0]["code"]) == (1, "no-household")


def test_the_household_chosen_on_the_sheet_counts_until_another_is_asked_for(two: Path):
    call("understand", two, "--in-place")
    correct(two, "(which household)", "Okafor")
    assert drift(two) == (0, pytest.approx(0.0))
    assert drift(two, "--household", "Rivera") == (0, pytest.approx(0.5))


@pytest.mark.parametrize("command", ["location", "overlap", "value", "wash", "tax", "explain", "what-if"])
def test_every_command_that_reads_a_workbook_takes_it(two: Path, command: str):
    for name in ("Rivera", "Okafor"):
        result = call(command, two, "--household", name)
        assert result.exit_code == 0, result.stderr
    assert call(command, two).exit_code == 1
    assert "Lindqvist" in call(command, two, "--household", "Lindqvist").stderr


def test_a_plan_for_one_household_is_written_studied_and_turned_into_its_orders(two: Path, tmp_path: Path):
    """The Riveras sell half of 100 shares at $250 and buy as much of a bond fund that only the Okafors hold."""
    for command, ending in (("frontier", "xlsx"), ("report", "html")):
        out = tmp_path / f"{command}.{ending}"
        assert call(command, two, "--household", "Rivera", "--out", out).exit_code == 0
    studied = call("study", two, "--household", "Rivera", "--paths", "20", "--years", "2", "--out", tmp_path / "s.xlsx")
    assert studied.exit_code == 0, studied.stderr
    planned = tmp_path / "planned.xlsx"
    assert call("rebalance", two, "--household", "Rivera", "--method", "full", "--out", planned).exit_code == 0
    result = call("orders", planned, "--dry-run", "--json")
    document = json.loads(result.stdout)
    assert [part["household"] for part in document["orders"]["households"]] == ["Rivera"]
    assert document["orders"]["sold_usd"] == pytest.approx(12_500.0)


def test_the_return_that_options_describe_belongs_to_no_household():
    assert call("tax", "--status", "single", "--household", "Rivera").exit_code == 2
