"""Result sheets small enough to count by hand, and workbooks to write them into."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlwings

from rebal_xl.sheets import formats
from rebal_xl.sheets.layout import Row
from rebal_xl.sheets.results_sheet import Block, Heading, add_sheet
from rebal_xl.sheets.schema import Column, Kind, Table
from tests.excel.openpyxl_engine import open_book

ORDERS = Table(
    name="Orders",
    sheet="Orders",
    is_input=False,
    note="",
    columns=(
        Column("Symbol", Kind.TEXT, ""),
        Column("Shares", Kind.NUMBER, "", number_format=formats.SHARES),
        Column("Day", Kind.DATE, "", number_format=formats.DATE),
    ),
)
CASH = Table(
    name="Cash",
    sheet="Orders",
    is_input=False,
    note="",
    columns=(Column("Account", Kind.TEXT, ""), Column("Left", Kind.MONEY, "", number_format=formats.DOLLARS)),
)


def results(orders: Sequence[Row], cash: Sequence[Row] = (), *, caption: str = "", kind: str = "Orders"):
    """A result workbook with one sheet: a table with a total below it, and a second table."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    total: Row = {"Symbol": "Total", "Shares": sum(float(row.get("Shares") or 0.0) for row in orders)}
    blocks = [Block(ORDERS, orders, caption, (total,)), *([Block(CASH, cash, "Cash")] if cash else [])]
    add_sheet(book, kind, Heading("Rivera", "Optimal"), blocks)
    return book


@pytest.fixture
def notes_file(tmp_path: Path) -> Path:
    """An advisor's workbook with one sheet of his own."""
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active["A1"] = "call Ana"
    path = tmp_path / "notes.xlsx"
    book.save(path)
    return path


@pytest.fixture
def notes(notes_file: Path) -> xlwings.Book:
    """The same, open in Excel."""
    return open_book(notes_file)
