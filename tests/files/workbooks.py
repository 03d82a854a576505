"""The Rivera household's workbook, full of things openpyxl does not know, and the result sheets we add to it.

xlsxwriter makes the workbook; parts that it cannot make (slicers, threaded comments, ink …) are put in by hand, as
Excel writes them.
"""

import datetime
import io
import re
import struct
import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

from rebal_xl.files.graft import graft
from rebal_xl.files.reader import read_book

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

HOLDINGS = [["IRA", "VTI", 120.0], ["IRA", "BND", 300.0], ["Joint", "VTI", 80.0]]


def png(red: int = 200) -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes([0, red, 0, 0]))) + chunk(b"IEND", b"")


class Picture(Image):
    """A picture for openpyxl, which would ask an imaging library for its size."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.width = self.height = 1
        self.format = "png"

    def _data(self) -> bytes:
        return self.data


def advisor_workbook(path: Path, *, macros: bool = False, date1904: bool = False) -> Path:
    """Write the household's workbook: a Holdings sheet, the advisor's own Trades sheet, and much besides."""
    book = xlsxwriter.Workbook(str(path), {"date_1904": date1904})
    holdings = book.add_worksheet("Holdings")
    money = book.add_format({"num_format": "$#,##0.00", "bold": True, "bg_color": "#CCFFCC"})
    columns = [{"header": name} for name in ("Account", "Symbol", "Quantity")]
    holdings.add_table("A1:C4", {"name": "Holdings", "columns": columns, "data": HOLDINGS})
    holdings.write("E1", 1234.5, money)
    holdings.write_formula("E2", "=E1*2", money, 2469.0)
    holdings.write_datetime("E3", datetime.date(2026, 3, 2), book.add_format({"num_format": "mm/dd/yyyy"}))
    holdings.write_dynamic_array_formula("G1", "=_xlfn.SEQUENCE(3)", None, 1)
    holdings.add_sparkline("H1", {"range": "Holdings!C2:C4"})
    holdings.insert_textbox("J2", "ask Ana before selling VTI")
    holdings.write_comment("A2", "rollover of 2019")
    holdings.conditional_format("C2:C4", {"type": "data_bar", "bar_solid": True, "data_bar_2010": True})
    holdings.data_validation("B2:B4", {"validate": "list", "source": ["VTI", "BND"]})
    holdings.insert_image("J10", "logo.png", {"image_data": io.BytesIO(png())})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Holdings!$C$2:$C$4", "trendline": {"type": "linear"}})
    holdings.insert_chart("J14", chart)
    trades = book.add_worksheet("Trades")
    trades.write_row("A1", ["my own", "list of", "trades"])
    trades.write_formula("A2", "=Holdings!C2", None, 120.0)
    book.define_name("Trades!mine", "=Trades!$A$1:$C$1")
    book.define_name("Advisor_Fee", "=Holdings!$E$1")
    if macros:
        book.add_vba_project(io.BytesIO(b"\xd0\xcf\x11\xe0 not a real project"), is_stream=True)
    book.close()
    inject(path)
    return path


def inject(path: Path) -> None:
    """Put in the parts that xlsxwriter cannot write."""
    parts = read_zip(path)
    types, book, book_rels = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    sheet, sheet_rels = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"

    def add(part: str, data: str | bytes, content_type: str | None, relation: tuple[str, str, str] | None) -> None:
        parts[part] = data if isinstance(data, bytes) else (HEAD + data).encode()
        if content_type:
            insert(types, "</Types>", f'<Override PartName="/{part}" ContentType="{content_type}"/>')
        if relation:
            owner, number, kind = relation
            target = f'Type="{kind}" Target="/{part}"'
            insert(owner, "</Relationships>", f'<Relationship Id="{number}" {target}/>')

    def insert(part: str, before: str, xml: str) -> None:
        assert before.encode() in parts[part], (part, before)
        parts[part] = parts[part].replace(before.encode(), (xml + before).encode(), 1)

    cache = f'<x:ext xmlns:x15="{X15}" uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}">'
    add(
        "xl/slicerCaches/slicerCache1.xml",
        f'<slicerCacheDefinition xmlns="{X14}" xmlns:x="{MAIN}" name="Slicer_Symbol" sourceName="Symbol">'
        f"<extLst>{cache}"
        '<x15:tableSlicerCache tableId="1" column="2"/></x:ext></extLst></slicerCacheDefinition>',
        "application/vnd.ms-excel.slicerCache+xml",
        (book_rels, "rId91", f"{MICROSOFT}/2007/relationships/slicerCache"),
    )
    add(
        "xl/slicers/slicer1.xml",
        f'<slicers xmlns="{X14}"><slicer name="Symbol" cache="Slicer_Symbol" caption="Symbol" rowHeight="241300"/>'
        "</slicers>",
        "application/vnd.ms-excel.slicer+xml",
        (sheet_rels, "rId92", f"{MICROSOFT}/2007/relationships/slicer"),
    )
    insert(
        sheet,
        "</extLst>",
        f'<ext xmlns:x15="{X15}" uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}"><x14:slicerList xmlns:x14="{X14}">'
        '<x14:slicer r:id="rId92"/></x14:slicerList></ext>',
    )
    insert(
        book,
        "</workbook>",
        f'<extLst><ext xmlns:x15="{X15}" uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}"><x15:slicerCaches '
        f'xmlns:x14="{X14}"><x14:slicerCache r:id="rId91"/></x15:slicerCaches></ext></extLst>',
    )
    threads = f"{MICROSOFT}/spreadsheetml/2018/threadedcomments"
    person = "{11111111-2222-3333-4444-555555555555}"
    add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{threads}"><threadedComment ref="A2" dT="2026-03-02T10:00:00.00" '
        f'personId="{person}" id="{{66666666-7777-8888-9999-AAAAAAAAAAAA}}"><text>sell after March</text>'
        "</threadedComment></ThreadedComments>",
        "application/vnd.ms-excel.threadedcomments+xml",
        (sheet_rels, "rId93", f"{MICROSOFT}/2017/10/relationships/threadedComment"),
    )
    add(
        "xl/persons/person.xml",
        f'<personList xmlns="{threads}"><person displayName="Ana" id="{person}" userId="ana" providerId="None"/>'
        "</personList>",
        "application/vnd.ms-excel.person+xml",
        (book_rels, "rId94", f"{MICROSOFT}/2017/10/relationships/person"),
    )
    add(
        "xl/connections.xml",
        f'<connections xmlns="{MAIN}"><connection id="1" name="prices" type="4" refreshedVersion="6"><webPr '
        'xml="1" sourceData="1" url="https://prices.example/vti"/></connection></connections>',
        f"{SHEET_ML}.connections+xml",
        (book_rels, "rId95", f"{OFFICE}/connections"),
    )
    add("customXml/item1.xml", "<note>kept</note>", None, (book_rels, "rId96", f"{OFFICE}/customXml"))
    add("xl/printerSettings/printerSettings1.bin", b"\x00\x01printer", f"{SHEET_ML}.printerSettings", None)
    insert(
        sheet_rels,
        "</Relationships>",
        f'<Relationship Id="rId97" Type="{OFFICE}/printerSettings" Target="../printerSettings/printerSettings1.bin"/>',
    )
    add(
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames><sheetName val="Fees"/>'
        "</sheetNames></externalBook></externalLink>",
        f"{SHEET_ML}.externalLink+xml",
        (book_rels, "rId98", f"{OFFICE}/externalLink"),
    )
    link = f'<Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" Target="fees.xlsx" TargetMode="External"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    add(
        "xl/externalLinks/_rels/externalLink1.xml.rels",
        f'<Relationships xmlns="{space}">{link}</Relationships>',
        None,
        None,
    )
    insert(book, "<definedNames>", '<externalReferences><externalReference r:id="rId98"/></externalReferences>')
    add(
        "xl/calcChain.xml",
        f'<calcChain xmlns="{MAIN}"><c r="E2" i="1"/><c r="A2" i="2"/></calcChain>',
        f"{SHEET_ML}.calcChain+xml",
        (book_rels, "rId99", f"{OFFICE}/calcChain"),
    )
    add(
        "xl/ink/ink1.xml",
        '<inkml:ink xmlns:inkml="http://www.w3.org/2003/InkML"/>',
        "application/inkml+xml",
        (book_rels, "rId100", f"{OFFICE}/customXml"),
    )
    add("xl/strange/thing.dat", b"\x00\xff" * 50, "application/octet-stream", None)
    write_zip(path, parts)


def read_zip(path: Path) -> dict[str, bytes]:
    """Every part of a file, in order."""
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def write_zip(path: Path, parts: dict[str, bytes], *, compress: bool = True) -> Path:
    """A file of these parts."""
    with ZipFile(path, "w", ZIP_DEFLATED if compress else ZIP_STORED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return path


def edit_zip(path: Path, part: str, old: str, new: str) -> Path:
    """Change one text in one part, as an advisor's action in Excel would."""
    parts = read_zip(path)
    assert old.encode() in parts[part], (part, old)
    parts[part] = parts[part].replace(old.encode(), new.encode())
    return write_zip(path, parts)


def mark(sheet: openpyxl.worksheet.worksheet.Worksheet, kind: str) -> None:
    """Make a sheet one of our result sheets."""
    sheet.defined_names.add(DefinedName("_rebal_xl", attr_text=f'"{kind}"', hidden=True))


def result_sheets(drift: float = 0.05) -> openpyxl.Workbook:
    """Our Drift and Trades sheets, with everything a result sheet uses."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Drift"
    for row in (["Class", "Drift", "As Of"], ["US", drift, datetime.date(2026, 3, 2)], ["Bond", -0.03, None]):
        sheet.append(row)
    sheet["A1"].font = Font(bold=True, italic=True, color="FFC00000", size=14, name="Calibri")
    sheet["A1"].alignment = Alignment(horizontal="center", wrap_text=True)
    sheet["B2"].number_format = "0.00%"
    sheet["B3"].number_format = '0.0000" bp"'
    sheet["B3"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["B3"].border = Border(bottom=Side(style="thin", color="FF000000"))
    sheet["B3"].protection = Protection(locked=False)
    sheet["C2"].number_format = "mm/dd/yyyy"
    sheet["D1"] = " spaces around "
    sheet["D2"] = CellRichText(
        "plain ", TextBlock(InlineFont(b=True, sz=12, rFont="Calibri", color="FFC00000"), "bold")
    )
    sheet["D3"] = "=SUM(RebalDrift[Drift])+Trades!B2"
    sheet["D4"] = "law"
    sheet["D4"].hyperlink = "https://www.irs.gov/pub/irs-pdf/p550.pdf"
    sheet["D5"] = "trades"
    sheet["D5"].hyperlink = "#Trades!A1"
    sheet["D5"].style = "Hyperlink"
    sheet["D6"] = '=HYPERLINK("#Trades!A2","first trade")'
    sheet["A1"].comment = Comment("actual minus target", "rebal_xl")
    table = Table(displayName="RebalDrift", ref="A1:C3")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
    sheet.add_table(table)
    red = CellIsRule(operator="lessThan", formula=["Trades!$B$2"], font=Font(color="FFFF0000", bold=True))
    sheet.conditional_formatting.add("B2:B3", red)
    sheet.conditional_formatting.add("B2:B3", DataBarRule("min", None, "max", None, color="FF638EC6"))
    choice = DataValidation(type="list", formula1="Trades!$A$2:$A$3")
    choice.add("D9")
    sheet.add_data_validation(choice)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=3))
    sheet.add_chart(chart, "F2")
    sheet.add_image(Picture(png(10)), "F20")
    sheet.print_title_rows = "1:1"
    sheet.print_area = "A1:D9"
    sheet.row_dimensions[4].height = 22
    trades = book.create_sheet("Trades")
    for line in (["Symbol", "Quantity"], ["VTI", -20], ["BND", 55]):
        trades.append(line)
    trades["A5"] = "=Drift!B2"
    trades.column_dimensions["B"].number_format = "#,##0.000"
    trades.column_dimensions["B"].width = 20
    trades.auto_filter.ref = "A1:B3"
    trades.freeze_panes = "A2"
    mark(sheet, "Drift")
    mark(trades, "Trades")
    return book


def tokens(xml: bytes) -> list[str]:
    """Tags and texts; counts, and the slash of an element that was empty, may change when something is added."""
    found = re.findall(r"<[^>]*>|[^<]+", xml.decode())
    return [re.sub(r"\s*/>$", ">", re.sub(r'\bcount="\d+"', "count", token)) for token in found]


def only_appended(before: bytes, after: bytes) -> bool:
    """Whether every tag and text of `before` is in `after`, whole and in the same order."""
    rest = iter(tokens(after))
    return all(token in rest for token in tokens(before))


def again(workbook: Path, **options: bool) -> Path:
    graft(workbook, result_sheets(), workbook, **options)
    return workbook


def tab_names(path: Path) -> list[str]:
    return [grid.name for grid in read_book(path).grids]


def cell_text(path: Path, tab: str, row: int, column: int) -> object:
    return next(g for g in read_book(path).grids if g.name == tab).cells[row, column].value
