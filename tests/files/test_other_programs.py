"""LibreOffice opens what we write, calculates our formulas, and saves it its own way: our sheets are still ours."""

import shutil
import subprocess
from pathlib import Path

import pytest

from rebal_xl.files.graft import graft
from rebal_xl.files.reader import read_book
from rebal_xl.sheets.grid import Cell
from tests.files.workbooks import advisor_workbook, read_zip, result_sheets

pytestmark = [pytest.mark.hosts, pytest.mark.slow]


@pytest.fixture
def saved_by_libreoffice(tmp_path: Path) -> Path:
    """The grafted workbook, opened and saved again: other part names, other order, other style numbers."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not on the PATH.")
    path = advisor_workbook(tmp_path / "rivera.xlsx")
    graft(path, result_sheets(0.05), path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    kind = "xlsx:Calc MS Excel 2007 XML"
    command = [program, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "lo"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return tmp_path / "lo" / "rivera.xlsx"


def test_our_sheets_survive_and_are_replaced_not_doubled(saved_by_libreoffice: Path):
    path = saved_by_libreoffice
    grids = {grid.name: grid for grid in read_book(path).grids}
    assert [(name, grid.ours) for name, grid in grids.items()] == [
        ("Holdings", False),
        ("Trades", False),
        ("Drift", True),
        ("Trades (rebal)", True),
    ]
    # SUM(RebalDrift[Drift]) + 'Trades (rebal)'!B2 is 0.05 - 0.03 - 20.
    assert grids["Drift"].cells[3, 4].value == pytest.approx(-19.98)
    assert grids["Drift"].cells[3, 4].formula
    before = read_zip(path)
    report = graft(path, result_sheets(0.07), path, keep_previous=True)
    assert report.sheets == {"Drift": "Drift", "Trades": "Trades (rebal)"}
    after = read_zip(path)
    assert all(after[name] == before[name] for name in report.untouched)
    grids = {grid.name: grid for grid in read_book(path).grids}
    assert list(grids) == ["Holdings", "Trades", *report.previous, "Drift", "Trades (rebal)"]
    assert grids["Drift"].cells[2, 2] == Cell(0.07, "0.00%")
    assert grids["Drift (previous)"].cells[2, 2] == Cell(0.05, "0.00%")
    graft(path, result_sheets(0.08), path)
    assert [grid.name for grid in read_book(path).grids] == ["Holdings", "Trades", "Drift", "Trades (rebal)"]
