"""Our sheets as a spreadsheet program draws them: no ### and every figure and sentence whole on the page."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from rebal_xl.household import Curve
from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.results_dashboard import DATA_CAPTION
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template
from tests.measure.parkers import FILLED, LOG
from tests.sheets.dashboards import PLANS
from tests.sheets.edges import Edge, fifty_million, long_names, nothing_to_do, sample
from tests.sheets.miller import HOUSEHOLD, LOCATION, PLAN, POLICY
from tests.sheets.test_results import PROBLEMS, WHEN
from tests.sheets.test_results_frontier import FRONTIER
from tests.sheets.test_results_value import TODAY

pytestmark = pytest.mark.hosts

# A cell too narrow for its number or date shows these.
TOO_NARROW = "###"


def drawn(workbook: Workbook, folder: Path, most_pages: int = 1000) -> str:
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
    assert 0 < len(pages) <= most_pages
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


@pytest.mark.parametrize("name", ["the Millers", *PLANS])
def test_the_dashboard_is_drawn_whole_on_one_page(tmp_path: Path, name: str) -> None:
    plan = PLANS[name][0] if name in PLANS else PLAN
    workbook = build_results(plan, HOUSEHOLD, POLICY, PROBLEMS, location=LOCATION, curve=Curve(FRONTIER.points))
    for sheet in workbook.worksheets[1:]:
        workbook.remove(sheet)
    text = drawn(workbook, tmp_path, most_pages=1)
    assert TOO_NARROW not in text
    shown = ["Drift from target", "The mix: before, target, after", "Where each class lies", "Household"]
    if plan is PLAN:
        shown += ["17.50% → 5.42%", "$2,000 less than account by account", "-$2,400", "▼ $108,000", "$154,000"]
        shown += ["Trigger band", "Losses disallowed", "Cheapest plans", "Household drift left", "$2,363", "$193,000"]
    for words in shown:
        assert words in text, words
    # the figures behind the charts are below the page
    assert DATA_CAPTION not in text


def test_the_year_is_drawn_whole_on_one_page(tmp_path: Path) -> None:
    workbook = build_results(TODAY, FILLED, POLICY, previous_log=LOG)
    for sheet in list(workbook.worksheets):
        if sheet.title != "Value So Far":
            workbook.remove(sheet)
    text = drawn(workbook, tmp_path)
    assert TOO_NARROW not in text
    assert "page 1 of 1" in text
    words = " ".join(text.split())
    for shown in ("$1,794.70", "-$44.70", "$1,155.93", "Kept after giving back later", "not a simulated other"):
        assert shown in words, shown


def test_the_workbook_of_a_household_is_drawn_whole(tmp_path: Path) -> None:
    text = drawn(build_template(HOUSEHOLD, POLICY), tmp_path)
    assert TOO_NARROW not in text
    for shown in ("037833100", "$210,000.00", "25,000.000", "0.025600", "=HYPERLINK(A1)", "11/30/1963"):
        assert shown in text, shown


def test_the_empty_template_is_drawn(tmp_path: Path) -> None:
    text = drawn(build_template(), tmp_path)
    assert TOO_NARROW not in text
    assert "One row per tax lot." in text


@pytest.mark.parametrize("edge", [sample, fifty_million, long_names, nothing_to_do])
def test_no_plan_is_drawn_as_signs(edge: Callable[[], Edge], tmp_path: Path) -> None:
    text = drawn(edge().results(), tmp_path)
    assert TOO_NARROW not in text
    assert f"{edge().plan.as_of:%m/%d/%Y}" in text


def test_a_column_too_narrow_is_drawn_as_signs(tmp_path: Path) -> None:
    """The test above would see it."""
    built = sample().results()
    built["Trades"].column_dimensions["G"].width = 3
    assert TOO_NARROW in drawn(built, tmp_path)
