"""Workbooks that other programs wrote: prefixes, missing lists, other encodings and part names."""

import datetime
import re
from pathlib import Path

import openpyxl
import pytest

from rebal_xl.files.graft import graft
from rebal_xl.files.reader import read_book
from rebal_xl.files.references import Renames
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.styles import StyleMap
from rebal_xl.files.tables import rewrite_table
from rebal_xl.files.transplant import rewrite_sheet, shared_texts
from tests.files.workbooks import (
    HEAD,
    MAIN,
    OFFICE,
    SHEET_ML,
    advisor_workbook,
    edit_zip,
    read_zip,
    result_sheets,
    write_zip,
)
from tests.tools.ooxml import validate

PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def bare_workbook(path: Path, styles: str | None, *, prefix: str = "", encoding: str = "utf-8") -> Path:
    """The least that Excel opens: one sheet, no names, perhaps no styles; every element with a prefix if asked."""

    def xml(text: str) -> bytes:
        if prefix:
            text = re.sub(r"<(/?)(?=[a-zA-Z])", rf"<\1{prefix}:", text).replace("xmlns=", f"xmlns:{prefix}=")
        return plain(text)

    def plain(text: str) -> bytes:
        return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)

    overrides = {"/xl/workbook.xml": "sheet.main", "/xl/sheet.xml": "worksheet"}
    arrows = [("worksheet", "sheet.xml")]
    parts = {}
    if styles is not None:
        overrides["/xl/styles.xml"] = "styles"
        arrows.append(("styles", "styles.xml"))
        parts["xl/styles.xml"] = xml(f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
    listed = "".join(f'<Override PartName="{p}" ContentType="{SHEET_ML}.{t}+xml"/>' for p, t in overrides.items())
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    # Office itself allows no prefix in the two kinds of parts that hold the package together.
    parts["[Content_Types].xml"] = plain(
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ).encode()
    lines = "".join(
        f'<Relationship Target="{target}" Id="r{number}" Type="{OFFICE}/{kind}"/>'
        for number, (kind, target) in enumerate(arrows)
    )
    parts["xl/_rels/workbook.xml.rels"] = plain(
        f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'
    )
    parts["xl/workbook.xml"] = xml(
        f'<workbook xmlns="{MAIN}"><sheets><sheet sheetId="3" xmlns:o="{OFFICE}" o:id="r0" name="Año &amp; más"/>'
        "</sheets><calcPr calcId='0'/></workbook>"
    )
    parts["xl/sheet.xml"] = xml(
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c><v>1</v></c><c t="inlineStr"><is><t>dos</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    return write_zip(path, parts)


NO_LISTS = ""
EMPTY_LISTS = '<fonts/><fills count="0"/><borders/><cellXfs count="0"></cellXfs><dxfs/>'
NO_BASES = (
    '<fonts count="1"><font><sz val="10"/><name val="Arial"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellXfs>'
)


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("styles", [None, NO_LISTS, EMPTY_LISTS, NO_BASES])
def test_the_least_workbook_gets_our_sheets(tmp_path: Path, styles: str | None, prefix: str):
    path = bare_workbook(tmp_path / "bare.xlsx", styles, prefix=prefix)
    before = read_zip(path)
    for drift in (0.05, 0.07):
        graft(path, result_sheets(drift), path)
    assert read_zip(path)["xl/sheet.xml"] == before["xl/sheet.xml"]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Año & más", "Drift", "Trades"]
    assert book["Drift"]["B2"].value == 0.07
    assert book["Drift"]["B2"].number_format == "0.00%"
    assert book["Drift"]["A1"].font.bold
    assert book["Drift"]["C2"].value.date() == datetime.date(2026, 3, 2)
    # His own unstyled cells must not take on our first format.
    assert not book["Año & más"]["A1"].font.bold
    assert book["Año & más"]["A1"].number_format == "General"
    read = read_book(path).grids
    assert [grid.ours for grid in read] == [False, True, True]
    assert read[0].cells[1, 2].value == "dos"


@pytest.mark.hosts
@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("styles", [None, NO_BASES])
def test_the_validator_finds_nothing_in_the_least_workbook(tmp_path: Path, styles: str | None, prefix: str):
    path = bare_workbook(tmp_path / "bare.xlsx", styles, prefix=prefix)
    graft(path, result_sheets(), path)
    graft(path, result_sheets(), path, keep_previous=True)
    assert validate(path) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_each_part_keeps_its_encoding(tmp_path: Path, encoding: str):
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    path = bare_workbook(tmp_path / "bare.xlsx", NO_BASES, encoding=declared)
    parts = read_zip(path)
    if encoding == "utf-8-sig":
        parts = {n: b"\xef\xbb\xbf" + d if n != "_rels/.rels" else d for n, d in parts.items()}
        write_zip(path, parts)
    before = parts["xl/workbook.xml"]
    graft(path, result_sheets(), path)
    after = read_zip(path)["xl/workbook.xml"]
    tail = "<calcPr calcId='0'/></workbook>".encode("utf-16-le" if encoding == "utf-16" else "utf-8")
    assert after.startswith(before[: before.index(b"s\0h\0e\0e\0t\0s" if encoding == "utf-16" else b"sheets") + 40])
    assert after.endswith(tail)
    assert [grid.name for grid in read_book(path).grids] == ["Año & más", "Drift", "Trades"]


def test_names_go_where_the_schema_wants_them(tmp_path: Path):
    """A workbook without names: ours come right behind the sheets and before the calculation settings."""
    path = bare_workbook(tmp_path / "bare.xlsx", None)
    graft(path, result_sheets(), path)
    text = read_zip(path)["xl/workbook.xml"].decode()
    assert re.fullmatch(r".*</sheets><definedNames>.*</definedNames><calcPr calcId='0'/></workbook>", text, re.DOTALL)


def test_a_workbook_without_views_opens_on_our_sheet(tmp_path: Path):
    path = bare_workbook(tmp_path / "bare.xlsx", None, prefix="x")
    graft(path, result_sheets(), path, show="Trades")
    assert openpyxl.load_workbook(path).active.title == "Trades"


def test_a_name_is_cut_at_31_characters_and_compared_without_case(tmp_path: Path):
    """Excel allows 31 characters and takes "DRIFT" and "Drift" for the same name."""
    path = bare_workbook(tmp_path / "bare.xlsx", None)
    edit_zip(path, "xl/workbook.xml", "Año &amp; más", "DRIFT")
    ours = result_sheets()
    long = "Trades of the Rivera household!"
    assert len(long) == 31
    ours["Trades"].title = long
    report = graft(path, ours, path)
    assert report.sheets["Drift"] == "Drift (rebal)"
    assert report.sheets["Trades"] == "Trades of the Rivera household!"
    report = graft(path, ours, path, keep_previous=True)
    assert report.previous[1] == "Trades of the Rivera (previous)"


def test_a_second_sheet_of_that_name_makes_the_suffix_count(tmp_path: Path):
    path = bare_workbook(tmp_path / "bare.xlsx", None)
    edit_zip(path, "xl/workbook.xml", "Año &amp; más", "Drift")
    parts = read_zip(path)
    tab = f'<sheet sheetId="4" xmlns:o="{OFFICE}" o:id="r0" name="drift (REBAL)"/></sheets>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</sheets>", tab.encode())
    report = graft(write_zip(path, parts), result_sheets(), path)
    assert report.sheets["Drift"] == "Drift (rebal 2)"


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        ("xl/workbook.xml", "</workbook>", "", "cannot be read"),
        ("xl/workbook.xml", 'o:id="r0"', 'o:id="r9"', "leads nowhere"),
        ("xl/workbook.xml", MAIN, "urn:other", "no Excel workbook that we know"),
        ("xl/styles.xml", "</styleSheet>", "<", "cannot be read"),
        ("xl/_rels/workbook.xml.rels", "sheet.xml", "gone.xml", "is missing"),
        ("xl/workbook.xml", 'sheetId="3"', 'sheetId="x"', "where a number belongs"),
    ],
)
def test_a_broken_workbook_is_refused_and_left_alone(tmp_path: Path, part: str, old: str, new: str, says: str):
    path = edit_zip(bare_workbook(tmp_path / "bare.xlsx", NO_BASES), part, old, new)
    before = path.read_bytes()
    with pytest.raises(FileRefused, match=says):
        read_book(path)
    with pytest.raises(FileRefused):
        graft(path, result_sheets(), path)
    assert path.read_bytes() == before


def test_a_shared_workbook_is_refused(tmp_path: Path):
    path = advisor_workbook(tmp_path / "rivera.xlsx")
    arrow = f'<Relationship Id="rIdH" Type="{OFFICE}/revisionHeaders" Target="revisions/headers.xml"/></Relationships>'
    edit_zip(path, "xl/_rels/workbook.xml.rels", "</Relationships>", arrow)
    with pytest.raises(FileRefused, match="Unshare Workbook"):
        graft(path, result_sheets(), path)


def test_shared_strings_of_our_builder_become_texts_in_their_cells(tmp_path: Path):
    """Some versions of the builder share texts between sheets; the advisor's list of them is not ours to extend."""
    strings = shared_texts(
        f'{HEAD}<sst xmlns="{MAIN}"><si><t xml:space="preserve"> drift </t></si>'
        f'<si><r><rPr><sz val="9"/><b/><rFont val="Arial"/></rPr><t>US </t></r></si></sst>'.encode()
    )
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    text = rewrite_sheet(sheet.encode(), StyleMap({0: 5}, {}), strings, Renames(), (), {}, None, False).decode()
    assert '<c r="A1" t="inlineStr" s="5"><is><t xml:space="preserve"> drift </t></is></c>' in text
    run = '<rPr><rFont val="Arial"/><b/><sz val="9"/></rPr><t xml:space="preserve">US </t>'
    assert f'<c r="B1" t="inlineStr" s="5"><is><r>{run}</r></is></c>' in text


def test_formats_and_formulas_inside_our_tables_follow_too():
    table = (
        f'<table xmlns="{MAIN}" id="1" name="RebalDrift" displayName="RebalDrift" ref="A1:B3" headerRowDxfId="0">'
        '<tableColumns count="1"><tableColumn id="1" name="Drift" dataDxfId="1"><calculatedColumnFormula>'
        "RebalDrift[Drift]*Trades!B2</calculatedColumnFormula></tableColumn></tableColumns></table>"
    )
    renames = Renames({"Trades": "Trades (rebal)"}, {"RebalDrift": "RebalDrift_2"})
    text = rewrite_table(table.encode(), renames, 7, {0: 4, 1: 6}).decode()
    assert 'id="7" name="RebalDrift_2" displayName="RebalDrift_2" ref="A1:B3" headerRowDxfId="4"' in text
    assert "dataDxfId=\"6\"><calculatedColumnFormula>RebalDrift_2[Drift]*'Trades (rebal)'!B2<" in text
