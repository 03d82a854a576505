"""Where the stories of the ribbon play: Excel's double over openpyxl, or whatever host a plug-in puts in its place."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings

from rebal_xl.sample.workbook import write_sample_workbook
from tests.excel.openpyxl_engine import open_book


@pytest.fixture
def open_workbook() -> Callable[[Path], xlwings.Book]:
    """Opens a workbook file as an xlwings.Book. The one thing that another host must offer."""
    return open_book


@pytest.fixture
def household_file(tmp_path: Path) -> Path:
    """The sample household's workbook."""
    return write_sample_workbook(tmp_path / "household.xlsx")


@pytest.fixture
def household(household_file: Path, open_workbook: Callable[[Path], xlwings.Book]) -> xlwings.Book:
    """The sample household, open in Excel."""
    return open_workbook(household_file)
