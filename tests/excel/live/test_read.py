"""An open workbook gives the grids that its saved file gives, and what is typed but not saved counts."""

import dataclasses
from pathlib import Path

from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.files.reader import read_book
from rebal_xl.sample.workbook import write_sample_workbook
from rebal_xl.sheets.grid import GridBook
from tests.excel.openpyxl_engine import open_book


def both(path: Path) -> tuple[GridBook, GridBook]:
    """What the file reader and the live reader make of the same workbook."""
    file = read_book(path)
    return dataclasses.replace(file, path=None), read_open_book(OpenBook(open_book(path)))


def assert_same(path: Path) -> None:
    file, live = both(path)
    assert [grid.name for grid in live.grids] == [grid.name for grid in file.grids]
    for theirs, ours in zip(file.grids, live.grids, strict=True):
        assert dict(ours.cells) == dict(theirs.cells), theirs.name
        assert set(ours.merged) == set(theirs.merged)
        assert dataclasses.replace(ours, cells={}, merged=()) == dataclasses.replace(theirs, cells={}, merged=())
    assert (live.names, live.date1904, live.path) == (file.names, file.date1904, None)


def test_the_sample_household_reads_the_same_open_and_saved(tmp_path: Path):
    assert_same(write_sample_workbook(tmp_path / "household.xlsx"))
