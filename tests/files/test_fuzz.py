"""Whatever stands in a file: its household is read, or it is refused in a sentence; never a traceback, never a hang."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import InputErrors
from rebal_xl.intake import read_grids
from rebal_xl.intake.understood import understood
from tests.files.workbooks import read_zip, write_zip
from tests.tools.layouts import LAYOUTS, made
from tests.tools.layouts_pen import AS_OF

LONGEST_S = 5.0
ODD = st.sampled_from(
    [
        b"",
        b"0",
        b"-1",
        b"1e999",
        b"NaN",
        b"99999999999999999999",
        b"A1:XFD1048576",
        b"XFE1",
        b"\xff\xfe",
        b"&#0;",
        b"]]>",
    ]
)
FEW = settings(
    max_examples=int(os.environ.get("REBAL_FUZZ", "60")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("fuzz")
    found = []
    for layout in LAYOUTS:
        path = folder / f"{layout.__name__}.xlsx"
        made(layout, 0).workbook.save(path)
        found.append(read_zip(path))
    return found


def survives(path: Path) -> str:
    """How it went; any other exception, and any hang, fails the test."""
    began = time.process_time()
    sentences: list[str] = []
    try:
        book = read_book(path)
        understood(book)
        read_grids(book, AS_OF)
    except FileRefused as refused:
        sentences.append(refused.sentence)
    except InputErrors as errors:
        sentences += [f"{problem.message} {problem.advice}".strip() for problem in errors.problems]
        sentences = sentences or [""]
    assert time.process_time() - began < LONGEST_S
    assert all(sentence.endswith((".", ")")) for sentence in sentences), sentences
    return "refused" if sentences else "read"


@FEW
@given(data=st.data())
def test_damaged_parts(workbooks: list[dict[str, bytes]], tmp_path: Path, data: st.DataObject):
    parts = data.draw(st.sampled_from(workbooks))
    name = data.draw(st.sampled_from(sorted(parts)))
    part = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(part)))
        gone = data.draw(st.integers(0, 40))
        part[at : at + gone] = data.draw(st.one_of(ODD, st.binary(max_size=30)))
    survives(write_zip(tmp_path / "damaged.xlsx", {**parts, name: bytes(part)}))


@FEW
@given(data=st.data())
def test_damaged_zip_files(workbooks: list[dict[str, bytes]], tmp_path: Path, data: st.DataObject):
    path = write_zip(tmp_path / "damaged.xlsx", data.draw(st.sampled_from(workbooks)))
    held = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(held) - 1))
        held[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    path.write_bytes(bytes(held))
    survives(path)


CELL = st.one_of(
    st.none(),
    st.sampled_from(["Account", "Symbol", "Quantity", "Asset Class", "Target %", "Market Value", "Household", "Total"]),
    st.sampled_from(["Joint", "Jane Roth IRA", "Account: Jane IRA", "Stocks", "Cash", "CASH", "50%", "Various"]),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(-5, 5000),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cc", "Cs")), max_size=12),
    st.booleans(),
)


@FEW
@given(sheets=st.lists(st.lists(st.lists(CELL, max_size=6), max_size=10), min_size=1, max_size=3))
def test_any_cells(tmp_path: Path, sheets: list[list[list[object]]]):
    import openpyxl

    book = openpyxl.Workbook()
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append([f"'{value}" if isinstance(value, str) and value[:1] == "=" else value for value in row])
    path = tmp_path / "any.xlsx"
    book.save(path)
    survives(path)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1">' + "<c><v>1</v></c>" * 1_000_000 + "</row>",
        "".join(f'<row r="{row}"><c t="inlineStr"><is><t>Symbol</t></is></c></row>' for row in range(1, 20_001)),
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>999999</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>' + "(" * 200_000 + "</t></is></c></row>",
        '<row r="1"><c r="A1" t="inlineStr"><is><t>' + "Total " * 40_000 + "</t></is></c></row>",
    ],
    ids=["a million columns", "headers all the way down", "row too far", "no such text", "brackets", "totals"],
)
def test_hostile_sheets(workbooks: list[dict[str, bytes]], tmp_path: Path, rows: str):
    parts = workbooks[0]
    sheet = parts["xl/worksheets/sheet2.xml"]
    start, end = sheet.index(b"<sheetData>") + len(b"<sheetData>"), sheet.index(b"</sheetData>")
    hostile = sheet[:start] + rows.encode() + sheet[end:]
    assert survives(write_zip(tmp_path / "hostile.xlsx", {**parts, "xl/worksheets/sheet2.xml": hostile})) == "refused"


def test_billion_laughs_in_a_sheet_are_refused(workbooks: list[dict[str, bytes]], tmp_path: Path):
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    path = write_zip(tmp_path / "laughs.xlsx", {**workbooks[0], "xl/worksheets/sheet1.xml": laughs})
    assert survives(path) == "refused"


def test_a_sheet_that_unpacks_to_gigabytes_is_refused(workbooks: list[dict[str, bytes]], tmp_path: Path):
    path = write_zip(tmp_path / "bomb.xlsx", workbooks[0])
    held = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as bomb:
        for _ in range(330):
            bomb.write(b" " * (1 << 20))
    path.write_bytes(held.getvalue())
    assert survives(path) == "refused"
