"""The Dashboard in an open workbook: whatever the plan before was, its charts read the numbers of the plan of today."""

import io
import tempfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlwings
from openpyxl.utils import range_boundaries

from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.write import Written, write_sheets
from rebal_xl.household import Curve, Frontier, Plan
from rebal_xl.household.views import class_views
from rebal_xl.sheets.results import build_results
from tests.excel.openpyxl_engine import double, open_book
from tests.sheets.chart_xml import SeriesXml, cells_at, charts_of
from tests.sheets.dashboards import IDLE, even, held, plan_of
from tests.sheets.miller import HOUSEHOLD, LOCATION, PLAN, POLICY
from tests.sheets.test_results_frontier import FRONTIER

MIX = "The mix: before, target, after"


def write(
    book: xlwings.Book, plan: Plan, frontier: Frontier | None = None, sheets: tuple[str, ...] = ("Dashboard",)
) -> Written:
    """Write these of the plan's sheets: the double is slow, and the others are no part of these stories."""
    curve = Curve(frontier.points) if frontier else None
    built = build_results(plan, HOUSEHOLD, POLICY, location=LOCATION, curve=curve)
    for sheet in [sheet for sheet in built.worksheets if sheet.title not in sheets]:
        built.remove(sheet)
    return write_sheets(OpenBook(book), built)


def on_disk(book: xlwings.Book) -> tuple[openpyxl.Workbook, bytes]:
    """The open workbook as Excel would save it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "saved.xlsx"
        double(book).book.save(str(file))
        data = file.read_bytes()
    return openpyxl.load_workbook(io.BytesIO(data)), data


def drawn(book: xlwings.Book, tab: str = "Dashboard") -> dict[str, list[object]]:
    """What every series of every chart reads: "title / series / part" -> numbers or names."""
    saved, data = on_disk(book)

    def key(title: str, number: int, series: SeriesXml, part: str) -> str:
        return f"{title} / {number} {series.name} / {part}"

    return {
        key(chart.title, number, series, part): cells_at(saved, reference)
        for chart in charts_of(data, tab)
        for number, series in enumerate(chart.series)
        for part, reference in series.refs.items()
    }


def fresh(notes_file, plan: Plan, frontier: Frontier | None = None) -> dict[str, list[object]]:
    """What is drawn when the plan is the first one that is written."""
    book = open_book(notes_file)
    write(book, plan, frontier)
    return drawn(book)


def mix_after(plan: Plan) -> list[float]:
    return [view.after for view in class_views(plan)]


MILLERS_WITH_MORE_ACCOUNTS = plan_of(
    held(
        {
            "US Stocks": {"00123-4": 50_000.0, "IRA": 60_000.0, "Roth Ann": 5_000.0, "HSA": 900.0},
            "Intl Stocks": {"IRA": 40_000.0, "Roth Bob": 7_000.0},
            "Bonds": {"401k Acme": 80_000.0},
            "Cash": {"HSA": 100.0},
        },
        {"US Stocks": 0.6, "Intl Stocks": 0.25, "Bonds": 0.1, "Cash": 0.05},
    )
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((PLAN, None), (MILLERS_WITH_MORE_ACCOUNTS, None)),
        ((MILLERS_WITH_MORE_ACCOUNTS, FRONTIER), (PLAN, FRONTIER)),
        ((PLAN, None), (PLAN, FRONTIER)),
        ((PLAN, FRONTIER), (IDLE, None)),
        ((IDLE, None), (PLAN, FRONTIER)),
        ((PLAN, None), (plan_of(even(9, 2)), None)),
        ((plan_of(even(9, 5)), None), (PLAN, None)),
        ((plan_of(even(1, 1)), None), (PLAN, None)),
        ((plan_of(even(1, 1)), None), (plan_of(even(1, 4)), None)),
        ((plan_of(even(14, 3)), None), (plan_of(even(40, 20)), None)),
    ],
    ids=[
        "more accounts",
        "fewer accounts",
        "a curve comes",
        "nothing to do any more",
        "something to do again",
        "more classes",
        "fewer classes",
        "one class becomes four",
        "one account becomes four",
        "more are put together",
    ],
)
def test_after_a_second_run_it_draws_what_a_fresh_one_would(
    notes: xlwings.Book, notes_file, first: tuple[Plan, Frontier | None], second: tuple[Plan, Frontier | None]
):
    write(notes, *first)
    before = drawn(notes)
    write(notes, *second)
    assert drawn(notes) == fresh(notes_file, *second)
    plan = second[0]
    if len(class_views(plan)) <= 12:
        assert drawn(notes)[f"{MIX} / 2 After / val"] == pytest.approx(mix_after(plan))
    # and beside it stands what was drawn before
    assert drawn(notes, "Dashboard (previous)") == before


def test_more_accounts_are_written_where_the_sheet_stands(notes: xlwings.Book):
    """The advisor's own cell that points to the household's total still does."""
    write(notes, PLAN)
    impl = double(notes)
    sheet = impl.book["Dashboard"]
    _, _, last_col, last_row = range_boundaries(sheet.tables["DashboardHeat"].ref)
    assert sheet.cell(last_row + 1, last_col).value == 193_000
    impl.book["Notes"]["B1"] = f"=Dashboard!{sheet.cell(last_row + 1, last_col).coordinate}"
    written = write(notes, MILLERS_WITH_MORE_ACCOUNTS)
    assert written.moved == []
    # four accounts more than three, and the total of 243,000 below them
    assert impl.book["Notes"]["B1"].value == f"=Dashboard!{sheet.cell(last_row + 4, last_col).coordinate}"
    assert sheet.cell(last_row + 4, last_col).value == pytest.approx(243_000)


def test_a_table_of_one_row_that_a_chart_reads_is_made_anew(notes: xlwings.Book):
    """Excel moves a range of one cell down when rows come in above it: the curve would be its last point alone."""
    impl = double(notes)

    def write_curve(frontier: Frontier) -> Written:
        built = build_results(PLAN, HOUSEHOLD, POLICY, frontier=frontier)
        for sheet in [sheet for sheet in built.worksheets if sheet.title != "Frontier"]:
            built.remove(sheet)
        return write_sheets(OpenBook(notes), built)

    write_curve(replace(FRONTIER, points=FRONTIER.points[:1]))
    impl.book["Notes"]["B1"] = "=Frontier!C7"
    assert write_curve(FRONTIER).moved == ["Frontier"]
    assert [0.175, 0.0542] in drawn(notes, "Frontier").values()
    # three points are written where two stood
    impl.book["Notes"]["B1"] = "=Frontier!C7"
    more = replace(FRONTIER.points[0], drift_cap=0.2)
    assert write_curve(replace(FRONTIER, points=(more, *FRONTIER.points))).moved == []
    assert [0.175, 0.175, 0.0542] in drawn(notes, "Frontier").values()


def test_labels_lead_to_our_sheets_whatever_they_are_called(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Checks"
    path = tmp_path / "his.xlsx"
    book.save(path)
    opened = open_book(path)
    for _ in range(2):
        write(opened, PLAN, sheets=("Dashboard", "Trades", "Checks"))
        impl = double(opened)
        links = {cell.value: cell.hyperlink.location for cell in impl.book["Dashboard"][5] if cell.hyperlink}
        assert links["Checks"] == "'Checks (rebal)'!A1"
        assert links["Orders"] in ("'Trades'!A1", "Trades!A1")
