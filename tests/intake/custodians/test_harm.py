"""Files built to do harm: each is read or refused in a sentence, within 5 seconds of processor time and 500 MB.

Every file is read in a process of its own, so that what it takes can be measured.
"""

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from rebal_xl.files.imports import import_into
from rebal_xl.sample.workbook import write_sample_workbook
from tests.files.workbooks import read_zip, write_zip
from tests.intake.custodians import files as made
from tests.tools.apart import run_apart

LONGEST_S, MOST_MB = 5.0, 500.0
# Both ways in, each timed by itself; whatever is wrong must come as sentences.
READ = """
import json
from rebal_xl.files.imports import household_of_files, understand
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import InputErrors
told = []
for read in (understand, household_of_files):
    start = time.process_time()
    try:
        read([Path(sys.argv[1])])
        sentence = ""
    except FileRefused as refused:
        sentence = refused.sentence
    except InputErrors as errors:
        sentence = str(errors.problems[0])
    told.append((read.__name__, time.process_time() - start, sentence[:500]))
said = json.dumps(told)
"""
MEGABYTE = 1 << 20
HEADER = "Account,Symbol,Quantity,Cost Basis,Acquired\n"


def survives(path: Path) -> str:
    """The sentence it was refused with, "" when it was read."""
    took = run_apart(READ, path)
    sentences = []
    for name, seconds, sentence in json.loads(took.said):
        assert seconds < LONGEST_S, f"{name}: {seconds:.1f} s"
        sentences.append(sentence)
    assert took.megabytes < MOST_MB
    return str(sentences[0])


def zipped(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(f"{name}.csv", data)
    return path


# --- text

EVIL_CELLS = {
    "as of": "as of " * 20_000,
    "as of times": "as of 1:11 am " * 9_000,
    "downloaded": "Date downloaded " * 8_000,
    "points": "." * 130_000,
    "mask": "x" * 130_000,
    "spaces": " " * 130_000 + "x",
    "total": "Total " * 20_000,
    "digits": "9" * 130_000,
    "commas": "1,234" * 25_000,
    "slashes": "1/" * 60_000,
    "stars": "A" + "*" * 130_000,
    "option": "-ABC" + "1" * 130_000,
    "lot details": "a Lot Details for " * 7_000,
    "positions": "Positions for account " * 6_000,
    "parentheses": "(" * 130_000,
    "percent": "percent " * 16_000,
    "dollars": "US$" * 40_000,
}


@pytest.mark.parametrize("where", ["title", "header", "account", "symbol", "quantity", "acquired"])
def test_cells_that_slow_a_pattern_down(tmp_path, where):
    """Each in the place of a title, a header or a value, all in one folder."""
    for name, cell in EVIL_CELLS.items():
        row = {"account": "IRA", "symbol": "VTI", "quantity": "1", "acquired": "03/02/2020"}
        title = f'"{cell}"\n' if where == "title" else ""
        header = HEADER.replace("\n", f',"{cell}"\n') if where == "header" else HEADER
        if where in row:
            row[where] = f'"{cell}"'
        line = f"{row['account']},{row['symbol']},{row['quantity']},5,{row['acquired']}\n"
        (tmp_path / f"{name}.csv").write_text(title + header + line)
    survives(tmp_path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Account,Symbol,Quantity" + "," * 1_000_000 + "\n", "line of more than 1,000,000 characters"),
        ("Account,Symbol,Quantity" + "," * 900_000 + "\n", "more than 16,384 columns"),
        ("a,b,c\n" * 500_000, "more than 400,000 filled cells"),
        ("\n" * 19_000_000, "1,048,576 lines"),
        (" \n" * 9_000_000, "1,048,576 lines"),
        (",,,\n" * 4_000_000, "1,048,576 lines"),
        ('"' * 19_000_000, ""),
        ('"\n' * 9_000_000, "1,048,576 lines"),
        (HEADER + "x" * 900_000 + "\n", ""),
        (HEADER + ("x" * 100_000 + ",1,1,1,1\n") * 190, ""),
        (HEADER + ("\U0001f600" * 30_000 + ",1,1,1,1\n") * 150, ""),
        ("sep=x\n" + "xxxxxxxx\n" * 1_000_000, "blank ones"),
    ],
    ids=["commas", "columns", "cells", "lines", "blanks", "empty", "quotes", "quoted", "long", "texts", "faces", "sep"],
)
def test_large_text_files(tmp_path, text, why):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert why in survives(tmp_path / "a.csv")


def test_a_file_too_large_for_any_custodian_is_refused_unread(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x" * (20 * MEGABYTE + 1))
    assert "larger than 20 MB" in survives(tmp_path / "a.csv")


# --- ZIP files


def test_zip_bombs(tmp_path):
    bomb = zipped(tmp_path / "bomb.zip", a=b"0" * 60 * MEGABYTE)
    assert "zip bomb" in survives(bomb)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("bomb.zip", bomb.read_bytes())
    with zipfile.ZipFile(tmp_path / "nested.zip", "w") as archive:
        for number in range(20):
            archive.writestr(f"{number}.zip", inner.getvalue())
    # what is in it is left out and named
    assert survives(tmp_path / "nested.zip") == ""
    many = zipped(tmp_path / "many.zip", **{f"f{number}": b"" for number in range(2_001)})
    assert "2,001 parts" in survives(many)


@pytest.mark.parametrize("letter", ["x", "\U0001f600"], ids=["plain", "four bytes a letter"])
def test_a_zip_file_full_of_text_stays_within_memory(tmp_path, letter):
    """As much as is unpacked at all, in lines as long as a field may be."""
    line = f"{letter}{'y' * 100_000},1,1,1,1\n"
    part = (HEADER + line * 190).encode()
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive:
        for number in range(5):
            archive.writestr(f"{number}.csv", part)
    survives(tmp_path / "a.zip")


# --- workbooks


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    book = openpyxl.Workbook()
    book.active.append(["Account", "Symbol", "Quantity"])
    book.active.append(["IRA", "VTI", 10])
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    book.save(path)
    return read_zip(path)


LAUGHS = "".join(
    ['<!DOCTYPE x [<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40)), "]>"]
)
PARTS = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]


@pytest.mark.parametrize("part", PARTS)
def test_billion_laughs_in_a_workbook(tmp_path, parts, part):
    text = parts[part].decode()
    start = text.index("?>") + 2 if text.startswith("<?xml") else 0
    laughing = (text[:start] + LAUGHS + text[start:]).encode()
    assert "DTD" in survives(write_zip(tmp_path / "a.xlsx", {**parts, part: laughing}))


def test_a_row_of_a_million_cells_in_a_workbook(tmp_path, parts):
    row = '<row r="1">' + "<c><v>1</v></c>" * 1_000_000 + "</row>"
    sheet = parts["xl/worksheets/sheet1.xml"]
    start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
    hostile = sheet[:start] + row.encode() + sheet[end:]
    assert survives(write_zip(tmp_path / "a.xlsx", {**parts, "xl/worksheets/sheet1.xml": hostile}))


# --- OFX

OFX_HEAD = "OFXHEADER:100\n<OFX><INVSTMTRS><INVACCTFROM><ACCTID>1</INVACCTFROM>"
POSITION = "<POSSTOCK><SECID><UNIQUEID>1</SECID><UNITS>1<UNITPRICE>1<MKTVAL>1</POSSTOCK>"


@pytest.mark.parametrize(
    "text",
    [
        OFX_HEAD + POSITION * 60_000,
        OFX_HEAD + "<LOT>" * 2_000_000,
        OFX_HEAD + "<LOT></LOT>" * 1_500_000,
        OFX_HEAD + "<" * 15_000_000,
        OFX_HEAD + "<A " * 6_000_000,
        OFX_HEAD + ">" * 15_000_000,
        OFX_HEAD + "</A>" * 4_000_000,
        OFX_HEAD + "<![CDATA[" * 2_000_000,
        OFX_HEAD + "<UNITS>" + "&" * 15_000_000,
        OFX_HEAD + "<UNITS>" + "&#x110000;&#0;&#xD800;" * 500_000,
        OFX_HEAD + "<UNITS>" + "9" * 15_000_000 + "</POSSTOCK>",
        OFX_HEAD + f"<POSSTOCK><SECID><UNIQUEID>{'A' * 10_000_000}</SECID><UNITS>1</POSSTOCK>",
        OFX_HEAD + "<SECLIST><OPTINFO><TICKER>A<DTEXPIRE>x<STRIKEPRICE>" + "1" * 5_000_000 + "</OPTINFO></SECLIST>",
        "<?OFX OFXHEADER='200'?>" + LAUGHS + "<OFX>&a39;</OFX>",
    ],
    ids=[
        "positions", "deep", "lots", "brackets", "unclosed", "ends", "closing", "cdata", "ampersands", "characters",
        "digits", "long id", "option", "laughs",
    ],
)  # fmt: skip
def test_ofx_garbage(tmp_path, text):
    (tmp_path / "a.ofx").write_text(text)
    survives(tmp_path / "a.ofx")


# --- formulas


def test_no_cell_of_a_file_becomes_a_formula_in_the_workbook(tmp_path):
    """A symbol that is a formula to Excel arrives in the table as the text that it is."""
    workbook = write_sample_workbook(tmp_path / "Rivera.xlsx")
    evil = "=HYPERLINK(http://example.com)"
    for number, text in enumerate((evil, "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3")):
        path = tmp_path / f"{number}.csv"
        path.write_text(f'Account,Symbol,Quantity,Lot ID,Acquired\nAlex HSA,VTI,3,"{text}",11/18/2026\n')
        done = import_into(workbook, [path], tmp_path / f"{number}.xlsx")
        sheet = openpyxl.load_workbook(done.saved.path)["Holdings"]
        cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).upper() == text.upper()]
        assert [cell.data_type for cell in cells] == ["s"], text


def test_the_same_file_without_harm_is_read(tmp_path):
    """So that the tests above fail for what is wrong in their files alone."""
    (tmp_path / "a.csv").write_text(HEADER + "IRA,VTI,1,5,03/02/2020\n")
    (tmp_path / "b.ofx").write_text(made.OFX_SGML)
    assert survives(tmp_path) == ""
