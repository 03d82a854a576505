"""A hundred damaged copies of a workbook: each is read right, or refused with the cell named, and never changed."""

import hashlib
import io
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from random import Random

import openpyxl
import pytest

from rebal_xl.files.reader import read_book
from rebal_xl.household import Household, InputErrors, Policy
from rebal_xl.intake import read_grids
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.grid import Cell, CellError
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.intake.damage import DAMAGES, Book, Refused
from tests.intake.template import template_book

COPIES = 3 * len(DAMAGES)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[bytes, Household, Policy]:
    """The sample workbook, and what it says while it is whole."""
    data = workbook_bytes(build_template(sample_household(), sample_policy()))
    path = tmp_path_factory.mktemp("whole") / "household.xlsx"
    path.write_bytes(data)
    household, policy = read_grids(read_book(path))
    return data, replace(household, notices=()), policy


def test_there_are_a_hundred_copies():
    assert COPIES >= 100


@pytest.mark.parametrize("number", range(COPIES))
def test_a_damaged_workbook_is_read_right_or_refused_with_the_cell_named(number, whole, tmp_path):
    data, household, policy = whole
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    expected = DAMAGES[number % len(DAMAGES)](Book(workbook, household, policy), Random(number))
    path = tmp_path / "damaged.xlsx"
    workbook.save(path)
    before = _fingerprint(path)
    found = _outcome(path)
    if isinstance(expected, Refused):
        assert isinstance(found, InputErrors), f"read, but expected {expected}"
        places = [(problem.code, problem.sheet, problem.cell) for problem in found.problems]
        named = [cell for code, sheet, cell in places if (code, sheet) == (expected.code, expected.sheet)]
        assert named, places
        assert not expected.cell or expected.cell in named, places
        assert all(problem.message and problem.advice for problem in found.problems)
    else:
        assert not isinstance(found, InputErrors), str(found)
        assert replace(found[0], notices=()) == expected.household
        assert found[1] == expected.policy
        assert not expected.notice or expected.notice in {notice.code for notice in found[0].notices}
    assert _fingerprint(path) == before
    assert [each.name for each in tmp_path.iterdir()] == ["damaged.xlsx"]


def _outcome(path: Path) -> tuple[Household, Policy] | InputErrors:
    try:
        return read_grids(read_book(path))
    except InputErrors as errors:
        return errors


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


ODD = (
    None,
    "",
    "x",
    "=",
    "-",
    "Total",
    "Various",
    "5/25",
    "VTI",
    "1e999",
    "\u00a0",
    "9" * 400,
    -1.0,
    0.0,
    1e15,
    1e-300,
)
ODD_CELLS = [Cell(value) for value in (*ODD, -1.0, 0.0, 1e15, 1e-300)] + [
    Cell(True),
    Cell(CellError("#N/A")),
    Cell(None, formula=True, cached=False),
    Cell(date(1850, 1, 1)),
    Cell(datetime(2026, 1, 1, 12)),  # noqa: DTZ001
    Cell(time(12)),
    Cell(0.5, "0%"),
    Cell(float("nan")),
    Cell(float("inf")),
]


@pytest.fixture(scope="module")
def template():
    return template_book(sample_household(), sample_policy())


@pytest.mark.parametrize("seed", range(100))
def test_whatever_stands_anywhere_the_answer_is_a_household_or_problems(seed, template):
    book, rng = template, Random(seed)
    grids = []
    for grid in book.grids:
        cells = dict(grid.cells)
        for place in rng.sample(sorted(cells), min(len(cells), rng.randrange(4))):
            cells[place] = rng.choice(ODD_CELLS)
        grids.append(replace(grid, cells=cells, tables=grid.tables if rng.random() < 0.8 else ()))
    try:
        household, _ = read_grids(replace(book, grids=tuple(grids)))
    except InputErrors as errors:
        assert all(problem.message and problem.code for problem in errors.problems)  # noqa: PT017
    else:
        assert household.total_usd > 0.0
