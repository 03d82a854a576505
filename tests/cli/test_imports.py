"""`rebal-xl read`, `import` and `mapping`: what they say, and what they print for programs."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rebal_xl.files.mappings import FOLDER_VARIABLE
from rebal_xl.sample.custodians import VANGUARD_NUMBERS, write_custodian_files
from rebal_xl.sample.workbook import write_sample_workbook
from tests.cli.riveras import call, call_json
from tests.intake.custodians import files as made
from tests.intake.custodians.files import put


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_custodian_files(tmp_path_factory.mktemp("downloads"))[0].parent


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The Riveras' workbook with the numbers that Vanguard's files give."""
    path = write_sample_workbook(tmp_path / "Rivera.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Household"]
    first, _, last = sheet.tables["Accounts"].ref.partition(":")
    at = {cell.value: cell.column for cell in sheet[sheet[first].row]}
    for row in range(sheet[first].row + 1, sheet[last].row + 1):
        number = VANGUARD_NUMBERS.get(sheet.cell(row, at["Account"]).value)
        sheet.cell(row, at["Custodian Number"]).value = number
    book.save(path)
    return path


def document(*arguments: object, code: int = 0) -> dict[str, Any]:
    exit_code, found = call_json(*arguments)
    assert exit_code == code, found["problems"]
    return found


def test_read_shows_every_file_and_what_it_holds(tmp_path):
    put(tmp_path, schwab=made.SCHWAB_POSITIONS, lots=made.SCHWAB_LOTS_OF_ONE)
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    result = call("read", tmp_path)
    assert result.exit_code == 0
    for part in (
        "Schwab positions",
        "Schwab lots of one security",
        "05/04/2026",
        "1200.5",
        # 16,882.05 and 12,050.00 of its two lots
        "28,932.05",
        "Cash",
        "Left out: letter.pdf",
    ):
        assert part in result.output


def test_read_for_programs_says_kind_file_and_line(tmp_path):
    found = document("read", *put(tmp_path, a=made.FIDELITY_POSITIONS, b=made.FIDELITY_LOTS, c=made.VANGUARD_HOLDINGS))
    held = {(one["kind"], one["symbol"]): one for one in found["read"]["holdings"] if one["account"] != "12345678"}
    assert set(held) == {
        ("cash", "SPAXX"), ("lot", "IVV"), ("position", "ACME 04/17/2027 55 C"), ("pending", "PENDING ACTIVITY"),
    }  # fmt: skip
    assert (held["cash", "SPAXX"]["quantity"], held["pending", "PENDING ACTIVITY"]["quantity"]) == (5788.53, 2.28)
    assert (held["lot", "IVV"]["file"], held["lot", "IVV"]["place"]) == ("b", "line 3")
    # of the sale the sign is its side
    assert [(one["side"], one["quantity"]) for one in found["read"]["trades"]] == [("Buy", 0.5), ("Sell", 40.0)]


def test_read_says_what_is_wrong_where(tmp_path):
    found = document("read", *put(tmp_path, a=made.FIDELITY_LOTS.replace(",1.3,", ",many,")), code=1)
    assert found["read"] is None
    assert [(one["sheet"], one["cell"]) for one in found["problems"]] == [("a", "line 2")]


def test_import_lists_what_changes_and_writes_a_copy(workbook, downloads, tmp_path):
    positions = next(path for path in downloads.iterdir() if "Lot-Details" in path.name).read_text()
    rows = positions.splitlines(keepends=True)
    cut = tmp_path / "changed"
    cut.mkdir()
    # one lot is sold, and some of the next
    gone = next(csv.reader([rows[1]]))
    (cut / "lots.csv").write_text("".join([*rows[:1], rows[2].replace('"27,000"', '"26,000"'), *rows[3:]]))
    said = call("import", cut, "--into", workbook, "--dry-run")
    assert said.exit_code == 0
    assert f"Gone: {gone[3].replace(',', '')} {gone[1]} of" in said.output
    assert "Quantity 26000, was 27000" in said.output
    assert not (tmp_path / "Rivera imported.xlsx").exists()

    found = document("import", cut, "--into", workbook)
    assert [(one["symbol"], one["kind"]) for one in found["import"]["gone"]] == [(gone[1], "lot")]
    assert Path(found["written"]["workbook"]).name == "Rivera imported.xlsx"
    again = document("import", cut, "--into", found["written"]["workbook"])
    assert again["written"] is None
    assert "Nothing was written" in call("import", cut, "--into", found["written"]["workbook"]).output


def test_import_for_programs_holds_prices_and_trades(workbook, downloads):
    found = document("import", downloads, "--into", workbook, "--dry-run")
    assert found["written"] is None
    assert found["import"]["gone"] == found["import"]["new"] == []
    assert len(found["import"]["files"]) == 6


def test_a_mapping_is_made_listed_and_shown(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "kept"))
    export = tmp_path / "export.csv"
    export.write_text(made.PORTAL)
    assert "Instrument: (not read)" in call("mapping", "new", "portal", export).output
    assert call("mapping", "new", "portal", export).exit_code == 1
    made_again = document("mapping", "new", "portal", export, "--force")["mapping"]
    path = Path(made_again["file"])
    assert path.name == "portal.json"
    # nothing says yet which column the account and the symbol are
    listed = document("mapping", "list")
    assert listed["mapping"]["mappings"] == []
    assert {one["severity"] for one in listed["problems"]} == {"notice"}
    assert "Not used: portal.json: Nothing gives Account." in call("mapping", "list").output

    whole = json.loads(path.read_text())
    meant = {"Registration": "Account", "Instrument": "Symbol", "Position Size": "Quantity"}
    path.write_text(json.dumps(whole | {"columns": whole["columns"] | meant}))
    (kept,) = document("mapping", "show", "portal")["mapping"]["mappings"]
    assert {one["column"] for one in kept["columns"]} >= {"Account", "Symbol", "Quantity", None}
    assert json.loads(call("mapping", "show", "portal").output)["columns"]["Instrument"] == "Symbol"
    assert "portal: " in call("mapping", "list").output


@pytest.mark.parametrize("arguments", [("rename",), ("new",), ("new", "portal"), ("show",)])
def test_a_wrong_call_of_mapping_is_told(arguments):
    assert call("mapping", *arguments).exit_code == 2
