"""Returns in the spellings people keep them in, and every problem of a table at once."""

from datetime import date
from pathlib import Path

import pytest

from rebal_xl.files.csvbook import read_csv_book
from rebal_xl.household import InputErrors, Severity
from rebal_xl.intake.returns import read_expected_returns, read_returns
from rebal_xl.sheets.grid import Cell, Grid, GridBook, TableRange

CLASSES = ("US Stocks", "Bonds")


def grid(*rows: tuple[object, ...], name: str = "Returns", look: str = "General", **more) -> Grid:
    """A sheet of these rows; numbers below the header have the format `look`."""
    cells = {
        (row, column): Cell(value, look if isinstance(value, float) and column > 1 else "General")
        for row, values in enumerate(rows, 1)
        for column, value in enumerate(values, 1)
        if value is not None
    }
    return Grid(name, cells, **more)


def book(*grids: Grid) -> GridBook:
    return GridBook(None, grids)


def problems(table: Grid, only: bool = True) -> list[tuple[str, str]]:
    with pytest.raises(InputErrors) as refused:
        read_returns(book(table), CLASSES, only=only)
    assert all(problem.advice for problem in refused.value.problems)
    return [(problem.code, problem.cell) for problem in refused.value.problems]


HEADER = ("Date", "US Stocks", "Bonds")


@pytest.mark.parametrize(
    ("january", "february"),
    [
        ("01/31/2020", "02/29/2020"),
        ("2020-01", "2020-02"),
        ("202001", "202002"),
        (202001.0, 202002.0),
        ("01/2020", "2/2020"),
        ("Jan 2020", "February 2020"),
        (date(2020, 1, 1), date(2020, 2, 28)),
        # 1 January and 1 February 2020 as Excel counts days
        (43831.0, 43862.0),
    ],
)
def test_a_month_in_any_of_its_spellings(january, february) -> None:
    found = read_returns(book(grid(HEADER, (january, "1%", "2%"), (february, "-3%", "0.5%"))), CLASSES)
    assert (found.first, found.last) == (date(2020, 1, 1), date(2020, 2, 1))
    assert found.rows == ((0.01, 0.02), (-0.03, 0.005))
    assert (found.classes, found.source, found.notices) == (CLASSES, "Returns", ())


def test_columns_in_any_order_and_spelling_and_rows_in_any_order() -> None:
    table = grid(("bonds", "us stocks", "Month"), ("0.5%", "-3%", "2020-02"), ("2%", "1%", "2020-01"))
    found = read_returns(book(table), CLASSES)
    assert found.classes == ("Bonds", "US Stocks")
    assert found.rows == ((0.02, 0.01), (0.005, -0.03))


def test_bare_numbers_are_percent_as_soon_as_one_of_them_would_have_doubled_a_class() -> None:
    found = read_returns(book(grid(HEADER, ("2020-01", 1.2, 0.3), ("2020-02", -0.4, 0.1))), CLASSES)
    assert found.rows == ((0.012, 0.003), (-0.004, 0.001))
    (notice,) = found.notices
    assert (notice.code, notice.severity) == ("percent-reading", Severity.NOTICE)
    shares = read_returns(book(grid(HEADER, ("2020-01", 0.012, 0.003), ("2020-02", -0.004, 0.001))), CLASSES)
    assert shares.rows == found.rows
    shown = read_returns(book(grid(HEADER, ("2020-01", 0.012, 0.003), look="0.0%")), CLASSES)
    assert (shown.rows, shown.notices) == (((0.012, 0.003),), ())


def test_a_table_named_returns_counts_before_a_sheet_and_other_sheets_are_none() -> None:
    named = grid(
        HEADER, ("2020-01", "1%", "2%"), name="History", tables=(TableRange("tblReturns", "History", 1, 1, 2, 3),)
    )
    sheet = grid(HEADER, ("2021-01", "1%", "2%"))
    found = read_returns(book(sheet, named), CLASSES)
    assert (found.first.year, found.source) == (2020, "History")
    other = grid(HEADER, ("2020-01", "1%", "2%"), name="Performance")
    assert read_returns(book(other), CLASSES) is None
    assert read_returns(book(other), CLASSES, only=True).first.year == 2020
    assert read_returns(book(grid(HEADER, ("2020-01", "1%", "2%"), ours=True)), CLASSES) is None


def test_titles_above_the_header_and_other_columns_are_left_out() -> None:
    table = grid(("Returns of our classes", None), (), (*HEADER, "Gold"), ("2020-01", "1%", "2%", "9%"))
    found = read_returns(book(table), CLASSES)
    assert found.rows == ((0.01, 0.02),)
    assert [notice.message for notice in found.notices] == ["No target is called Gold: not read."]


def test_every_problem_is_said_at_once_with_its_cell() -> None:
    table = grid(
        HEADER,
        ("2020-01", "1%", "2%"),
        ("2020-02", "much", None),
        ("2020-04", "-100%", "1%"),
        ("2020-04", "1%", "150%"),
        ("soon", "1%", "1%"),
        (None, "1%", "1%"),
    )
    assert problems(table) == [
        ("not-a-number", "B3"),
        ("missing-return", "C3"),
        ("missing-month", "A4"),
        ("return-too-low", "B4"),
        ("repeated-month", "A5"),
        ("return-too-high", "C5"),
        ("not-a-date", "A6"),
        ("missing-value", "A7"),
    ]


def test_a_class_that_is_missing_or_stands_twice_is_named() -> None:
    assert problems(grid(("Date", "US Stocks", "US stocks", "Bond"), ("2020-01", "1%", "2%", "3%"))) == [
        ("returns-class", "row 1"),
        ("repeated-column", "C1"),
    ]
    with pytest.raises(InputErrors, match='Is it the column "Bond"'):
        read_returns(book(grid(("Date", "US Stocks", "Bond"), ("2020-01", "1%", "2%"))), CLASSES)


def test_small_percents_without_a_sign_are_not_taken_for_shares() -> None:
    """Cash that earns 0.3 % a month, written 0.3: thirty percent in an average month is no class."""
    cash = grid(("Date", "US Stocks", "Bonds"), ("2020-01", 0.3, 0.2), ("2020-02", 0.3, 0.2), ("2020-03", 0.3, 0.3))
    assert problems(cash) == [("returns-swing", "B1"), ("returns-swing", "C1")]


def test_a_file_given_for_its_returns_must_have_some() -> None:
    assert problems(grid(("Name", "Value"), ("a", 1.0))) == [("no-returns", "")]
    assert problems(grid(HEADER)) == [("no-months", "row 1")]


def test_without_a_household_every_column_is_a_class() -> None:
    """So that the problems of both files can be told at once."""
    found = read_returns(book(grid((*HEADER, "Gold"), ("2020-01", "1%", "2%", "3%"))), None, only=True)
    assert found.classes == (*CLASSES, "Gold")


def test_a_csv_file_tells_lines(tmp_path: Path) -> None:
    path = tmp_path / "past.csv"
    path.write_text("Month;US Stocks;Bonds\n2020-01;1.2%;0.1%\n2020-02;x;0.1%\n", encoding="utf-8")
    with pytest.raises(InputErrors) as refused:
        read_returns(read_csv_book(path), CLASSES, only=True)
    (problem,) = refused.value.problems
    assert (problem.sheet, problem.cell) == ("past", "line 3")
    path.write_text("Month;US Stocks;Bonds\n2020-01;1.2%;0.1%\n", encoding="utf-8")
    assert read_returns(read_csv_book(path), CLASSES, only=True).source == "past.csv"


def test_expected_returns_are_read_from_assumptions_by_the_targets_names() -> None:
    table = grid(
        ("Asset Class", "Expected Return", "Volatility"),
        ("us stocks", 0.07, 0.16),
        ("Bonds", None, 0.06),
        ("Gold", 0.02, 0.2),
        name="Assumptions",
        look="0.0%",
    )
    assert read_expected_returns(book(table), CLASSES) == {"US Stocks": 0.07}
    assert read_expected_returns(book(), CLASSES) == {}
