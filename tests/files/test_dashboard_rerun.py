"""The Dashboard in a workbook file: run after run its charts read the numbers of the plan of today."""

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from rebal_xl.files.graft import graft
from rebal_xl.household import Curve, Plan
from rebal_xl.household.views import class_views
from rebal_xl.sheets.results import build_results
from tests.files.workbooks import read_zip, tab_names
from tests.sheets.chart_xml import cells_at, charts_of
from tests.sheets.dashboards import IDLE, MANY, even, plan_of
from tests.sheets.miller import HOUSEHOLD, LOCATION, PLAN, POLICY
from tests.sheets.test_results_frontier import FRONTIER


def results(plan: Plan, curve: Curve | None = None) -> Workbook:
    return build_results(plan, HOUSEHOLD, POLICY, location=LOCATION, curve=curve)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An advisor's workbook with sheets that are called like two of ours."""
    book = openpyxl.Workbook()
    book.active.title = "Dashboard"
    book.create_sheet("Checks")["A1"] = "my own"
    path = tmp_path / "his.xlsx"
    book.save(path)
    return path


def drawn(data: bytes, tab: str) -> dict[str, list[object]]:
    """Series of the first chart, by name."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {series.name: cells_at(book, series.refs["val"]) for series in charts_of(data, tab)[0].series}


def weights(plan: Plan) -> dict[str, object]:
    views = class_views(plan)
    return {
        "Before": pytest.approx([view.before for view in views]),
        "Target": pytest.approx([view.target for view in views]),
        "After": pytest.approx([view.after for view in views]),
    }


def test_run_after_run_the_charts_read_todays_plan(file: Path):
    """Four classes, then nine, then one: our sheet steps aside for the advisor's, and stays where it is."""
    for plan in (PLAN, plan_of(even(9, 5)), plan_of(even(1, 1)), PLAN):
        graft(file, results(plan), file, keep_previous=True)
        assert drawn(file.read_bytes(), "Dashboard (rebal)") == weights(plan)
    assert drawn(file.read_bytes(), "Dashboard (rebal) (previous)") == weights(plan_of(even(1, 1)))
    assert tab_names(file)[:2] == ["Dashboard", "Checks"]


def test_charts_keep_what_is_told_of_them_and_come_and_go_with_what_they_show(file: Path):
    titles = []
    for plan, curve in ((PLAN, Curve(FRONTIER.points)), (IDLE, None), (MANY, Curve(FRONTIER.points))):
        graft(file, results(plan, curve), file)
        charts = charts_of(file.read_bytes(), "Dashboard (rebal)")
        assert all(len(chart.alt_text) > 40 for chart in charts)
        titles.append(len(charts))
    assert titles == [5, 2, 5]
    # no part of the charts that are gone is left behind: five of Dashboard, one of Drift
    assert sum(name.startswith("xl/charts/") and name.endswith(".xml") for name in read_zip(file)) == 6


def test_one_page_is_printed_and_labels_lead_to_our_own_sheets(file: Path):
    graft(file, results(PLAN), file)
    sheet = openpyxl.load_workbook(file)["Dashboard (rebal)"]
    # tiles, two rows of charts, and a map of three accounts with its total
    _, _, area = sheet.print_area.rpartition("!")
    assert area.startswith("$A$1:$")
    assert sheet.page_setup.fitToHeight == 1
    links = {cell.value: cell.hyperlink.location for cell in sheet[5] if cell.hyperlink}
    assert links["Checks"] == "'Checks (rebal)'!A1"
    assert links["Drift from target"] == "'Drift'!A1"
