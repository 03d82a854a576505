"""Our sheets as a spreadsheet program draws them: no ### and every figure and sentence whole on the page."""

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook

from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template
from tests.sheets.miller import HOUSEHOLD, LOCATION, PLAN, POLICY
from tests.sheets.test_results import PROBLEMS, WHEN
from tests.sheets.test_results_frontier import FRONTIER

pytestmark = pytest.mark.hosts

# A cell too narrow for its number or date shows these.
TOO_NARROW = "###"


def drawn(workbook: Workbook, folder: Path) -> str:
    """The text of the workbook printed by LibreOffice, after checking that its pages have something on them."""
    for program in ("soffice", "pdftotext", "pdftoppm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed.")
    path = folder / "book.xlsx"
    save_workbook(workbook, path)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(run, check=True, capture_output=True, timeout=180)
    pdf = folder / "book.pdf"
    subprocess.run(["pdftoppm", "-r", "40", "-gray", str(pdf), str(folder / "page")], check=True, timeout=120)
    pages = sorted(folder.glob("page-*.pgm"))
    assert pages
    for page in pages:
        assert min(page.read_bytes()[20:]) < 128, f"{page.name} is blank"
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, timeout=60)
    return text.stdout.decode("utf-8")


def test_results_are_drawn_whole(tmp_path: Path) -> None:
    text = drawn(build_results(PLAN, HOUSEHOLD, POLICY, PROBLEMS, when=WHEN, location=LOCATION), tmp_path)
    assert TOO_NARROW not in text
    for figure in ("$42,000.00", "-$3,000.00", "$39,362.50", "+$362.50", "-17.50%", "06/04/2026", "05/04/2026 09:30"):
        assert figure in text, figure
    for words in ("above band", "Vanguard Total Stock Market ETF", "Proven lower bound", "9f2c41d07ab3"):
        assert words in text, words


def test_the_frontier_is_drawn_whole(tmp_path: Path) -> None:
    text = drawn(build_results(PLAN, HOUSEHOLD, POLICY, frontier=FRONTIER), tmp_path)
    assert TOO_NARROW not in text
    for shown in (
        "17.50%",
        "$382.50",
        "Cheapest plan with no more drift",
        "Difference in cost",
        "Household drift left",
    ):
        assert shown in text, shown


def test_the_workbook_of_a_household_is_drawn_whole(tmp_path: Path) -> None:
    text = drawn(build_template(HOUSEHOLD, POLICY), tmp_path)
    assert TOO_NARROW not in text
    for shown in ("037833100", "$210,000.00", "25,000.000", "0.025600", "=HYPERLINK(A1)", "11/30/1963"):
        assert shown in text, shown


def test_the_empty_template_is_drawn(tmp_path: Path) -> None:
    text = drawn(build_template(), tmp_path)
    assert TOO_NARROW not in text
    assert "One row per tax lot." in text
