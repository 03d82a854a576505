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


def stories() -> dict[Path, list[str]]:
    """The names of all stories of jobs and of open sheets, by the file that tells them.

    An address is text alone: `live/test_area.py` asks no Excel.
    """
    paths = [path for folder in ("jobs", "live") for path in sorted((EXCEL / folder).glob("test_*.py"))]
    return {path: re.findall(r"^def (test_\w+)", path.read_text(), re.M) for path in paths if path.stem != "test_area"}


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
    told = [
        f"{wine.windows_path(path)}::{story}"
        for path, known in stories().items()
        for story in known
        if story not in NOT_OVER_COM
    ]
    ran = windows.machine.run(windows.python, "-I", "-B", STORIES, pytest_folder, *asked, *told, timeout=3600)
    assert ran.code == 0, ran.output
    # some are told several times, with other values
    (passed,) = re.findall(r"^(\d+) passed", ran.output, re.MULTILINE)
    assert int(passed) >= len(told) > 100, ran.output


def test_what_cannot_be_told_are_stories() -> None:
    assert {*NOT_OVER_COM} <= {story for known in stories().values() for story in known}
