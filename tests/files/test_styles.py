"""Our formats join the advisor's: what he has is used again, and what his cells use keeps its number."""

import pytest
from lxml import etree

from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.styles import merge_styles
from tests.files.workbooks import MAIN

FONT = '<font><sz val="11"/><color theme="1"/><name val="Calibri"/><family val="2"/><scheme val="minor"/></font>'
# The same font as openpyxl writes it: other order, <b val="1"/> for <b/>.
BOLD = '<font><b/><sz val="11"/><name val="Calibri"/></font>'
BOLD_OTHER_ORDER = '<font><name val="Calibri"/><sz val="11"/><b val="1"/></font>'


def sheet(
    fonts: str, formats: str, *, numbers: str = "", differential: str = "", styles: str = "", cells: int | None = None
) -> bytes:
    """A style sheet with these fonts, cell formats, number formats and differential formats."""
    parts = [
        f"<numFmts>{numbers}</numFmts>" if numbers else "",
        f"<fonts>{fonts}</fonts>",
        '<fills><fill><patternFill patternType="none"/></fill></fills><borders><border/></borders>',
        "<cellStyleXfs><xf/><xf/></cellStyleXfs>",
        f'<cellXfs count="{cells}">{formats}</cellXfs>' if cells is not None else f"<cellXfs>{formats}</cellXfs>",
        f"<cellStyles>{styles}</cellStyles>" if styles else "",
        f"<dxfs>{differential}</dxfs>" if differential else "",
    ]
    return f'<styleSheet xmlns="{MAIN}">{"".join(parts)}</styleSheet>'.encode()


def xf(font: int = 0, number: int = 0, more: str = "") -> str:
    return f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0"{more}/>'


def items(merged: bytes, name: str) -> list[etree._Element]:
    found = etree.fromstring(merged).find(f"{{{MAIN}}}{name}")
    return [] if found is None else list(found)


def test_a_format_the_advisor_already_has_is_used_again():
    theirs = sheet(FONT + BOLD, xf(0, more=' xfId="0"') + xf(1, more=' xfId="0" applyFont="1"'))
    merged, where = merge_styles(theirs, sheet(FONT + BOLD_OTHER_ORDER, xf(1) + xf(0)), "styles.xml")
    assert merged == theirs
    assert where.cell == {0: 1, 1: 0}


def test_a_new_format_is_appended_and_the_count_follows():
    theirs = sheet(FONT, xf(more=' xfId="0"'), cells=1)
    merged, where = merge_styles(theirs, sheet(BOLD_OTHER_ORDER, xf(0, 10)), "styles.xml")
    assert where.cell == {0: 1}
    assert b'<cellXfs count="2">' in merged
    bold = [etree.QName(child).localname for child in items(merged, "fonts")[1]]
    assert bold == ["b", "sz", "name"]
    added = items(merged, "cellXfs")[1]
    assert dict(added.attrib) == {
        "numFmtId": "10",
        "fontId": "1",
        "fillId": "0",
        "borderId": "0",
        "xfId": "0",
        "applyNumberFormat": "1",
        "applyFont": "1",
        "applyFill": "1",
        "applyBorder": "1",
    }


def test_ours_follow_the_advisors_normal_style_wherever_it_is():
    theirs = sheet(
        FONT, xf(), styles='<cellStyle name="Good" xfId="0"/><cellStyle name="Normal" xfId="1" builtinId="0"/>'
    )
    merged, where = merge_styles(theirs, sheet(FONT, xf(0, 10)), "styles.xml")
    assert items(merged, "cellXfs")[where.cell[0]].get("xfId") == "1"


def test_number_formats_are_matched_by_their_code():
    """His 164 is our 165, and his highest number, used in a conditional format only, is 170."""
    theirs = sheet(
        FONT,
        xf(0, 164),
        numbers='<numFmt numFmtId="164" formatCode="0.000"/>',
        differential='<dxf><numFmt numFmtId="170" formatCode="0%"/></dxf>',
    )
    ours = sheet(
        FONT,
        xf(0, 164) + xf(0, 165),
        numbers='<numFmt numFmtId="164" formatCode="0.0&quot;x&quot;"/><numFmt numFmtId="165" formatCode="0.000"/>',
    )
    merged, where = merge_styles(theirs, ours, "styles.xml")
    codes = {e.get("numFmtId"): e.get("formatCode") for e in items(merged, "numFmts")}
    assert codes == {"164": "0.000", "171": '0.0"x"'}
    formats = items(merged, "cellXfs")
    assert [formats[where.cell[n]].get("numFmtId") for n in (0, 1)] == ["171", "164"]


def test_conditional_formats_are_appended_in_the_schemas_order():
    red = '<dxf><font><color rgb="FFFF0000"/><b val="1"/></font></dxf>'
    theirs = sheet(FONT, xf(), styles='<cellStyle name="Normal" xfId="0" builtinId="0"/>')
    merged, where = merge_styles(theirs, sheet(FONT, xf(), differential=red), "styles.xml")
    assert where.differential == {0: 0}
    assert merged.endswith(
        b'</cellStyles><dxfs count="1"><dxf><font><b val="1"/><color rgb="FFFF0000"/></font></dxf></dxfs></styleSheet>'
    )
    assert merge_styles(merged, sheet(FONT, xf(), differential=red), "styles.xml") == (merged, where)


def test_a_style_sheet_with_all_the_formats_excel_allows_is_refused():
    """Excel's limit is 65,490 cell formats: one more fits into 65,489 and not into 65,490."""
    ours = sheet(FONT, xf(0, 10))
    _, where = merge_styles(sheet(FONT, xf() * 65_489), ours, "styles.xml")
    assert where.cell == {0: 65_489}
    with pytest.raises(FileRefused, match="65,490 cell formats"):
        merge_styles(sheet(FONT, xf() * 65_490), ours, "styles.xml")
