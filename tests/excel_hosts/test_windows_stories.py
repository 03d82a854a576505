"""The stories of the ribbon's jobs and of open sheets once more on Windows: workbooks in another process, by COM."""

import re
import shutil
from pathlib import Path

import pytest

from tests.excel_hosts.windows_machine import Installed, windows
from tests.tools import wine

__all__ = ["windows"]  # a fixture, used by its name

STORIES = Path(__file__).with_name("windows_stories.py")
EXCEL = wine.ROOT / "tests" / "excel"
# What pytest itself consists of, and what a story writes its files with; none of it is compiled.
PYTEST = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py.py", "xlsxwriter")
# Every way of reading and writing once.
TOLD = {
    "jobs/test_planning": (
        "test_every_run_is_logged_and_what_the_advisor_notes_stays",
        "test_inputs_that_changed_meanwhile_are_asked_about",
    ),
    "jobs/test_importing": (
        "test_the_change_is_shown_and_written_at_his_word",
        "test_lots_that_are_gone_leave_their_rows_blank",
        "test_no_is_no",
        "test_what_is_there_already_changes_nothing",
        "test_where_there_is_no_room_or_no_table",
        "test_files_that_are_none",
        "test_a_custodians_own_download_of_the_same_lots_changes_no_plan",
        "test_a_workbook_of_holdings_is_imported_like_a_text_file",
    ),
    "jobs/test_places": (
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
    "jobs/test_refusals": (
        "test_every_button_of_the_ribbon_has_its_job",
        "test_without_a_workbook",
        "test_a_protected_structure_is_told_before_any_search",
        "test_a_read_only_workbook_is_told_before_any_search",
        "test_a_workbook_of_the_old_kind_is_told_before_any_search",
        "test_excel_that_becomes_busy_before_the_results_are_written",
        "test_the_unexpected_is_a_sentence_and_a_log_with_masked_accounts",
        "test_a_failing_write_is_told_and_everything_is_switched_back",
        "test_a_received_workbook_sets_nothing_and_runs_nothing",
        "test_a_book_on_sharepoint_is_never_asked_for_its_settings",
        "test_the_paid_part_of_xlwings_is_off",
    ),
    "jobs/test_what_if": ("test_the_difference_is_that_of_the_python_interface_and_nothing_is_written",),
    "jobs/test_orders": ("test_orders_are_those_of_the_plan_lot_by_lot",),
    "jobs/test_looking": (
        "test_the_run_before_is_kept_beside",
        "test_drift_takes_the_place_of_a_plans_drift_cell_by_cell",
    ),
    "live/test_dashboard": (
        "test_after_a_second_run_it_draws_what_a_fresh_one_would",
        "test_more_accounts_are_written_where_the_sheet_stands",
        "test_a_table_of_one_row_that_a_chart_reads_is_made_anew",
        "test_labels_lead_to_our_sheets_whatever_they_are_called",
    ),
    "live/test_execution": (
        "test_a_tick_survives_a_run_of_the_same_plan_where_it_stands",
        "test_another_plan_for_the_same_lines_starts_without_ticks",
        "test_other_groups_of_lines_make_the_sheet_anew",
    ),
    "live/test_read": (
        "test_the_sample_household_reads_the_same_open_and_saved",
        "test_odd_cells_read_the_same_open_and_saved",
        "test_an_advisors_workbook_reads_the_same_open_and_saved",
        "test_result_sheets_of_a_headless_run_are_known_as_ours",
        "test_what_is_typed_and_not_saved_is_read",
        "test_money_keeps_every_decimal",
        "test_a_sheet_that_is_used_to_its_end_is_refused_in_a_sentence",
    ),
    "live/test_write": (
        "test_the_first_run_copies_the_sheet_with_its_looks_and_its_mark",
        "test_nothing_of_ours_stays_open_or_on_the_disk",
        "test_the_advisors_own_sheet_and_table_of_our_name_are_left_alone",
        "test_cells_that_point_to_our_sheet_keep_pointing_there",
        "test_text_stays_text",
        "test_days_are_right_in_a_workbook_that_counts_from_1904",
        "test_the_run_before_is_kept_and_the_one_before_it_is_not",
        "test_a_run_before_that_the_advisor_refers_to_is_not_taken_away",
        "test_a_filter_of_his_hides_no_new_row",
        "test_a_renamed_tab_keeps_its_new_name",
        "test_a_copy_the_advisor_made_of_our_sheet_is_his",
        "test_other_tables_make_the_sheet_anew_and_his_cells_follow_the_old_one",
        "test_a_sheet_without_tables_is_made_anew_with_its_merged_cells",
        "test_the_advisors_sheet_is_not_touched",
        "test_a_protected_structure_is_refused",
        "test_a_read_only_workbook_is_refused",
        "test_a_protected_result_sheet_is_refused",
        "test_a_failure_while_sheets_are_added_leaves_everything_as_it_was",
        "test_sheets_added_before_a_failure_are_taken_away_again",
        "test_a_failure_while_a_sheet_is_rewritten_is_said_and_the_run_before_is_there",
        "test_a_failure_of_the_last_touches_says_that_the_results_are_there",
        "test_everything_is_switched_back_after_a_run",
        "test_a_picture_may_be_selected",
        "test_a_calculation_mode_of_his_own_comes_back",
        "test_a_clipboard_that_another_program_holds_is_asked_again",
        "test_cells_that_he_copied_are_let_go_first",
    ),
}
# What cannot be told over COM, and why.
BUSY = "COM itself turns calls away while Excel edits a cell, before the fake Excel hears of them"
TWO = "plays two Excels, or two windows of one, inside the process of the test"
COUNTED = "counts the questions that the double itself is asked"
DRAWN = "its examples are drawn by hypothesis, which is compiled for each system"
NOT_OVER_COM = {
    "test_excel_that_is_editing_a_cell": BUSY,
    "test_a_new_workbook_comes_in_the_excel_that_asks": TWO,
    "test_other_windows_and_a_new_name_lose_no_result": TWO,
    "test_what_is_selected_in_another_workbook_is_selected_nowhere_else": TWO,
    "test_a_click_asks_excel_no_cell_by_cell": COUNTED,
    "test_a_workbook_with_a_thousand_names_is_read_twice_at_most": COUNTED,
    "test_a_long_sheet_takes_no_more_questions_than_a_short_one": COUNTED,
    "test_any_sheet_reads_the_same_open_and_saved": DRAWN,
    "test_rewritten_is_what_a_fresh_copy_would_be": DRAWN,
    "test_help_says_version_guide_and_log": "the engine there tells of the guide that was installed with it",
}
# The other stories of jobs could be told, but were not yet: they read and write as those above do, and each takes
# seconds of Wine more.


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
def test_the_stories_end_the_same_over_com(windows: Installed, pytest_folder: Path, tmp_path: Path) -> None:
    """One process tells them all, since its start takes as long as many of them."""
    config = tmp_path / "pytest.ini"
    config.write_text("[pytest]\n")
    asked = ["-q", "--tb=short", "-p", "no:cacheprovider", "--import-mode=append", "-c", config, "--rootdir", wine.ROOT]
    asked += ["--confcutdir", EXCEL, "--basetemp", tmp_path / "stories"]
    stories = [
        f"{wine.windows_path(EXCEL / f'{module}.py')}::{story}" for module, told in TOLD.items() for story in told
    ]
    ran = windows.machine.run(windows.python, "-I", "-B", STORIES, pytest_folder, *asked, *stories, timeout=3600)
    assert ran.code == 0, ran.output
    # some are told several times, with other values
    (passed,) = re.findall(r"^(\d+) passed", ran.output, re.MULTILINE)
    assert int(passed) >= len(stories), ran.output


def test_what_is_named_here_are_stories_and_none_is_on_both_lists() -> None:
    paths = [path for folder in ("jobs", "live") for path in (EXCEL / folder).glob("test_*.py")]
    known = {name for path in paths for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)}
    told = [story for stories in TOLD.values() for story in stories]
    assert {*told, *NOT_OVER_COM} <= known
    assert not set(told) & set(NOT_OVER_COM)


def test_every_story_of_open_sheets_is_told_or_cannot_be() -> None:
    """An address is text alone: `live/test_area.py` asks no Excel."""
    for path in (EXCEL / "live").glob("test_*.py"):
        stories = set(re.findall(r"^def (test_\w+)", path.read_text(), re.M))
        if path.stem != "test_area":
            assert stories == {*TOLD[f"live/{path.stem}"]} | (stories & {*NOT_OVER_COM}), path.name
