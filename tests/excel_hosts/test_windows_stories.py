"""The stories of the ribbon's jobs once more on Windows, their workbooks in another process, reached by real COM."""

import re
import shutil
from pathlib import Path

import pytest

from tests.excel_hosts.windows_machine import Installed, windows
from tests.tools import wine

__all__ = ["windows"]  # a fixture, used by its name

STORIES = Path(__file__).with_name("windows_stories.py")
JOBS = wine.ROOT / "tests" / "excel" / "jobs"
# What pytest itself consists of, and what a story writes its files with; none of it is compiled.
PYTEST = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py.py", "xlsxwriter")
# Every way of reading and writing once.
TOLD = {
    "planning": (
        "test_every_run_is_logged_and_what_the_advisor_notes_stays",
        "test_inputs_that_changed_meanwhile_are_asked_about",
    ),
    "importing": (
        "test_the_change_is_shown_and_written_at_his_word",
        "test_lots_that_are_gone_leave_their_rows_blank",
        "test_no_is_no",
        "test_what_is_there_already_changes_nothing",
        "test_where_there_is_no_room_or_no_table",
        "test_files_that_are_none",
        "test_a_custodians_own_download_of_the_same_lots_changes_no_plan",
        "test_a_workbook_of_holdings_is_imported_like_a_text_file",
    ),
    "places": (
        "test_the_template_comes_sheet_by_sheet",
        "test_sheets_and_tables_of_his_own_are_kept",
        "test_a_failure_takes_the_copied_sheets_away_again",
        "test_a_new_workbook_is_the_template_and_not_saved",
        "test_example_formulas_point_to_the_workbooks_own_tables",
        "test_a_host_that_cannot_spill_gets_plain_formulas",
        "test_formulas_need_tables_to_point_at",
        "test_settings_are_shown",
        "test_settings_are_offered_where_there_are_none",
        "test_help_finds_the_guide_that_was_installed",
        "test_help_without_a_guide_says_where_there_is_one",
        "test_the_guide_quotes_what_a_second_job_is_told",
    ),
    "refusals": (
        "test_every_button_of_the_ribbon_has_its_job",
        "test_without_a_workbook",
        "test_a_protected_structure_is_told_before_any_search",
        "test_a_read_only_workbook_is_told_before_any_search",
        "test_a_workbook_of_the_old_kind_is_told_before_any_search",
    ),
    "what_if": ("test_the_difference_is_that_of_the_python_interface_and_nothing_is_written",),
    "orders": ("test_orders_are_those_of_the_plan_lot_by_lot",),
    "looking": ("test_the_run_before_is_kept_beside", "test_drift_takes_the_place_of_a_plans_drift_cell_by_cell"),
}
# What cannot be told over COM, and why.
BUSY = "COM itself turns calls away while Excel edits a cell, before the fake Excel hears of them"
TWO = "plays two Excels, or two windows of one, inside the process of the test"
COUNTED = "counts the questions that the double itself is asked"
NOT_OVER_COM = {
    "test_excel_that_is_editing_a_cell": BUSY,
    "test_excel_that_becomes_busy_before_the_results_are_written": BUSY,
    "test_a_new_workbook_comes_in_the_excel_that_asks": TWO,
    "test_other_windows_and_a_new_name_lose_no_result": TWO,
    "test_a_click_asks_excel_no_cell_by_cell": COUNTED,
    "test_help_says_version_guide_and_log": "the engine there tells of the guide that was installed with it",
    "test_the_paid_part_of_xlwings_is_off": "opens a workbook in the double alone",
}
# The other stories could be told, but were not yet: they read and write as those above do, and each takes seconds of
# Wine more.


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


@pytest.mark.hosts
@pytest.mark.slow
@pytest.mark.parametrize("name", TOLD)
def test_the_stories_end_the_same_over_com(windows: Installed, pytest_folder: Path, tmp_path: Path, name: str) -> None:
    config = tmp_path / "pytest.ini"
    config.write_text("[pytest]\n")
    told = ["-q", "--tb=short", "-p", "no:cacheprovider", "--import-mode=append", "-c", config, "--rootdir", wine.ROOT]
    told += ["--confcutdir", JOBS, "--basetemp", tmp_path / "stories"]
    stories = [f"{wine.windows_path(JOBS / f'test_{name}.py')}::{story}" for story in TOLD[name]]
    ran = windows.machine.run(windows.python, "-I", "-B", STORIES, pytest_folder, *told, *stories, timeout=1800)
    assert ran.code == 0, ran.output
    # some are told several times, with other values
    (passed,) = re.findall(r"^(\d+) passed in", ran.output, re.MULTILINE)
    assert int(passed) >= len(TOLD[name]), ran.output


def test_what_is_named_here_are_stories_and_none_is_on_both_lists() -> None:
    known = {name for path in JOBS.glob("test_*.py") for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)}
    told = [story for stories in TOLD.values() for story in stories]
    assert {*told, *NOT_OVER_COM} <= known
    assert not set(told) & set(NOT_OVER_COM)
