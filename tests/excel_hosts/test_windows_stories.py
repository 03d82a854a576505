"""The stories of the ribbon's jobs once more on Windows, their workbooks in another process, reached by real COM."""

import shutil
from pathlib import Path

import pytest

from tests.excel_hosts.windows_machine import Installed, windows
from tests.tools import wine

__all__ = ["windows"]  # a fixture, used by its name
pytestmark = [pytest.mark.hosts, pytest.mark.slow]

STORIES = Path(__file__).with_name("windows_stories.py")
JOBS = wine.ROOT / "tests" / "excel" / "jobs"
# What pytest itself consists of; none of it is compiled.
PYTEST = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py.py")
# Every way of reading and writing once; the others take minutes more of Wine, and some look into the double, which
# lies in another process here. Open: test_a_new_workbook_is_the_template_and_not_saved of test_places fails over COM
# ("list index out of range" while the books are told); whether the fake Excel or the job is at fault is not known.
TOLD = {
    "planning": (
        "test_every_run_is_logged_and_what_the_advisor_notes_stays",
        "test_inputs_that_changed_meanwhile_are_asked_about",
    ),
    "importing": (
        "test_lots_that_are_gone_leave_their_rows_blank",
        "test_no_is_no",
        "test_a_custodians_own_download_of_the_same_lots_changes_no_plan",
        "test_a_workbook_of_holdings_is_imported_like_a_text_file",
    ),
    "places": (
        "test_the_template_comes_sheet_by_sheet",
        "test_sheets_and_tables_of_his_own_are_kept",
        "test_settings_are_offered_where_there_are_none",
    ),
    "what_if": ("test_the_difference_is_that_of_the_python_interface_and_nothing_is_written",),
    "orders": ("test_orders_are_those_of_the_plan_lot_by_lot",),
    "looking": ("test_the_run_before_is_kept_beside", "test_drift_takes_the_place_of_a_plans_drift_cell_by_cell"),
}


@pytest.fixture(scope="module")
def pytest_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """pytest for the Windows Python, which has the add-in's packages only."""
    folder = tmp_path_factory.mktemp("pytest")
    for name in PYTEST:
        source = Path(pytest.__file__).parents[1] / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


@pytest.mark.parametrize("name", TOLD)
def test_the_stories_end_the_same_over_com(windows: Installed, pytest_folder: Path, tmp_path: Path, name: str) -> None:
    config = tmp_path / "pytest.ini"
    config.write_text("[pytest]\n")
    told = ["-q", "--tb=short", "-p", "no:cacheprovider", "--import-mode=append", "-c", config, "--rootdir", wine.ROOT]
    told += ["--confcutdir", JOBS, "--basetemp", tmp_path / "stories"]
    stories = [f"{wine.windows_path(JOBS / f'test_{name}.py')}::{story}" for story in TOLD[name]]
    ran = windows.machine.run(windows.python, "-I", "-B", STORIES, pytest_folder, *told, *stories, timeout=1800)
    assert ran.code == 0, ran.output
    assert f"{len(TOLD[name])} passed" in ran.output, ran.output
