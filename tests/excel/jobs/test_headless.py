"""One workbook, planned inside Excel today and by `rebal-xl rebalance` tomorrow, or the other way round."""

from collections.abc import Callable
from pathlib import Path

import xlwings

from rebal_xl import api
from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.files.reader import read_book
from tests.excel.jobs.ribbon import click, double, grid, tabs

RESULTS = [
    "Dashboard", "Explanation", "Drift", "Trades", "Lots Sold", "Execution", "Tax", "Location", "Overlap", "Wash Sales",
    "Checks", "Run Log",
]  # fmt: skip


def values(book: xlwings.Book, tab: str) -> dict[tuple[int, int], object]:
    """A sheet's values; a file keeps 15 digits of a number."""
    held = {place: cell.value for place, cell in grid(book, tab).cells.items()}
    return {place: float(f"{one:.13g}") if isinstance(one, float) else one for place, one in held.items()}


def test_sheets_written_in_excel_are_renewed_by_a_headless_run(household: xlwings.Book, tmp_path: Path):
    click(Jobs(), "rebalance", household)
    saved = tmp_path / "saved.xlsx"
    double(household).book.save(str(saved))
    api.write_plan(saved, api.rebalance(*api.read_workbook(saved)), in_place=True)
    now = [held for held in read_book(saved).grids if held.ours]
    # the second run of the year brings the page that sums them up
    previous = [f"{name} (previous)" for name in RESULTS]
    assert sorted(held.name for held in now) == sorted([*RESULTS, "Value So Far", *previous])
    log = next(held for held in now if held.name == "Run Log")
    assert len(api.logged_runs(log)) == 2


def test_sheets_of_a_headless_run_are_rewritten_in_excel(
    household_file: Path, open_workbook: Callable[[Path], xlwings.Book], tmp_path: Path
):
    """And Excel ends with what a headless run would have written, cell for cell."""
    household, policy = api.read_workbook(household_file)
    plan = api.rebalance(household, policy)
    first = api.write_plan(household_file, plan, tmp_path / "first.xlsx")
    book = open_workbook(first)
    message = click(Jobs(), "rebalance", book)
    assert message.startswith("done|")
    assert "Made anew" not in message
    assert [name for name in tabs(book) if name in RESULTS] == RESULTS
    second = open_workbook(api.write_plan(first, plan, tmp_path / "second.xlsx"))
    for name in (*RESULTS[:-1], "Value So Far"):
        assert values(book, name) == values(second, name), name
    live, file = (api.logged_runs(grid(one, "Run Log")) for one in (book, second))
    assert [run.fingerprint for run in live] == [run.fingerprint for run in file] == [plan.fingerprint] * 2
    assert {held.name for held in read_open_book(OpenBook(book)).grids if held.ours} == {
        *RESULTS,
        "Value So Far",
        *(f"{name} (previous)" for name in RESULTS),
    }
