"""Ribbon jobs on a workbook of another Windows process, through real COM: what they say and write is what the same
jobs say and write on Linux, on the openpyxl double."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from benchmarks.households import draw_household
from rebal_xl.excel.jobs import Jobs
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.household import Method
from rebal_xl.sample.workbook import write_sample_workbook
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template
from tests.excel.jobs.ribbon import click, tabs
from tests.excel.openpyxl_engine import open_book
from tests.excel_hosts.test_windows_engine import same
from tests.excel_hosts.windows_machine import Installed, windows

__all__ = ["windows"]  # a fixture, used by its name
pytestmark = [pytest.mark.hosts, pytest.mark.slow]

RIBBON = Path(__file__).with_name("windows_ribbon.py")
SHEETS = {
    "Holdings": [
        ["Account", "Symbol", "Quantity", "Price", "Cost Basis", "Date Acquired", "Asset Class"],
        ["Jörgs IRA 中", "VTI", 70, 100.123456, 5000, "2020-03-02", "Stocks"],
        ["Jörgs IRA 中", "BND", 30, 100, 3100, "2021-03-02", "Bonds"],
        ["Jörgs IRA 中", "=cmd|'/c calc'!A1", 1, 1, 1, "2021-03-02", "Bonds"],
    ],
    "Targets": [["Asset Class", "Target %"], ["Stocks", 0.5], ["Bonds", 0.5]],
    "Accounts": [["Account", "Tax Treatment"], ["Jörgs IRA 中", "Traditional IRA"]],
    "Settings": [["Setting", "Value"], ["As Of", "2026-11-20"]],
}


@pytest.fixture
def household(tmp_path: Path) -> Path:
    """A small workbook in a folder with a name that people do use, beside files that must never be read."""
    folder = tmp_path / "Kunde Jörg (neu) & Söhne"
    folder.mkdir()
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                # text that begins like a formula, as a custodian's file may bring it
                cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    book.save(folder / "Haushalt 中.xlsx")
    for trap in ("pandas.py", "numpy.py", "rebal_xl.py", "xlwings.py"):
        (folder / trap).write_text("raise SystemExit('a file beside the workbook was imported')")
    return folder / "Haushalt 中.xlsx"


def on_windows(windows: Installed, household: Path, clicks: list[list[str]]) -> tuple[list[list[str]], dict[str, Any]]:
    """All that the engine said to each click, and what is on every sheet afterwards."""
    asked = household.with_name("clicks.json")
    asked.write_text(json.dumps(clicks), encoding="utf-8")
    ran = windows.machine.run(windows.python, "-I", "-B", RIBBON, household, asked)
    assert ran.code == 0, ran.output
    said, values = json.loads(ran.output.splitlines()[-1])
    return said, values


def test_drift_and_check_say_and_write_what_they_do_on_linux(windows: Installed, household: Path) -> None:
    here, jobs = open_book(household), Jobs()
    expected = [click(jobs, job, here) for job in ("drift", "check")]
    said, values = on_windows(windows, household, [["drift", "", "wait"], ["check", "", "wait"]])
    assert [all_of_it[-1] for all_of_it in said] == expected
    assert all(all_of_it[0].startswith("job:") for all_of_it in said)
    # $7,008.64 of stocks of $10,009.64, half wanted: a fifth of the household lies elsewhere
    assert expected[0].startswith("done|Household drift 20.0")
    assert list(values) == tabs(here)
    for sheet in OpenBook(here).sheets:
        written = [list(row) for row in sheet.values(sheet.used)]
        assert same(values[sheet.name], written), sheet.name


def test_formulas_settings_and_orders_on_the_sample_household(windows: Installed, tmp_path: Path) -> None:
    file = write_sample_workbook(tmp_path / "household.xlsx")
    here, jobs = open_book(file), Jobs()
    quick = ("insert_formulas", "settings", "orders", "help")
    expected = [jobs.start(job, here, "") for job in quick]
    said, values = on_windows(windows, file, [[job, "", "wait"] for job in quick])
    # what Help says names places of Windows
    assert [all_of_it[0] for all_of_it in said[:3]] == expected[:3]
    assert expected[0] == "done|The sheet Rebal Formulas has formulas to start from."
    assert list(values) == tabs(here)
    assert said[3][0].startswith("done|rebal_xl ")


@pytest.fixture
def slow_household(tmp_path: Path) -> Path:
    """Accounts and lots enough that the search goes on long after its first plan, to the last dollar, for an hour."""
    drawn, policy = draw_household("medium", 1)
    patient = replace(policy, method=Method.FULL, gap_bp=0.0, deadline_s=3600.0)
    save_workbook(build_template(drawn, patient), tmp_path / "slow.xlsx")
    return tmp_path / "slow.xlsx"


def test_cancel_ends_the_search_with_the_best_plan_found_so_far(windows: Installed, slow_household: Path) -> None:
    """An hour is allowed, and the clicks have minutes: that the end comes is the doing of Cancel."""
    before = openpyxl.load_workbook(slow_household, read_only=True).sheetnames
    said, values = on_windows(windows, slow_household, [["rebalance", "", "cancel"]])
    started, stopping, ended, done = said[0]
    assert started.startswith("job:")
    assert stopping == "Stopping with the best plan found so far."
    assert ended.startswith("ready|"), ended
    assert done.startswith("done|")
    assert "Best plan found before it was stopped (cancelled)" in done
    assert set(values) - set(before) >= {"Trades", "Lots Sold", "Execution", "Run Log"}


def test_cancel_a_second_time_writes_nothing(windows: Installed, slow_household: Path) -> None:
    before = openpyxl.load_workbook(slow_household, read_only=True).sheetnames
    said, values = on_windows(windows, slow_household, [["rebalance", "", "cancel twice"]])
    _, stopping, stopped, ended = said[0]
    assert stopping == "Stopping with the best plan found so far."
    assert stopped == "Stopped. Nothing was written."
    assert ended.startswith("failed|That job is over"), ended
    assert list(values) == before


def test_the_plan_that_highs_finds_on_windows_is_written(windows: Installed, household: Path) -> None:
    here = open_book(household)
    expected = click(Jobs(), "rebalance", here)
    said, values = on_windows(windows, household, [["rebalance", "", "wait"]])
    assert said[0][-1] == expected
    assert list(values) == tabs(here)
    mine = next(sheet for sheet in OpenBook(here).sheets if sheet.name == "Trades")
    assert same(values["Trades"], [list(row) for row in mine.values(mine.used)])
