"""The add-in as a package of parts: [ECMA-376] part 2 (OPC) and [MS-OFFMACRO2] for the macro parts.

Entries are stored, not deflated, and carry the first time that zip knows: the bytes never depend on a zlib or a clock.
"""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

# The names by which the workbook and its only sheet know their VBA modules.
WORKBOOK_CODE_NAME, SHEET_CODE_NAME = "ThisWorkbook", "Sheet1"
SHEET_NAME = "rebal_xl"
# The first entry of a package.
CONTENT_TYPES = "[Content_Types].xml"

# Zip's first time, and "made on DOS, a file": Python would write the system it runs on and its permissions.
FIRST_TIME = (1980, 1, 1, 0, 0, 0)
MADE_ON_DOS = 0
DOS_FILE = 0x20

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_TYPES = "application/vnd.openxmlformats"
# 2.2.1.11 of [MS-OFFMACRO2], and what makes a workbook an add-in.
_ADD_IN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_VBA = "application/vnd.ms-office.vbaProject"


def add_in(vba_project: bytes, ribbon: bytes, title: str, description: str) -> bytes:
    """The .xlam: one empty sheet, the VBA project and the ribbon; title and description show in Excel's list."""
    parts = {
        CONTENT_TYPES: _content_types(),
        "_rels/.rels": _relationships(
            (f"{_OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
            # [MS-CUSTOMUI2]: the ribbon of Office 2010 and later
            ("http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", "customUI/customUI14.xml"),
        ),
        "docProps/app.xml": _application(),
        "docProps/core.xml": _core(title, description),
        "xl/_rels/workbook.xml.rels": _relationships(
            (f"{_OFFICE}/relationships/worksheet", "worksheets/sheet1.xml"),
            (f"{_OFFICE}/relationships/styles", "styles.xml"),
            ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
        ),
        "xl/workbook.xml": _workbook(),
        "xl/worksheets/sheet1.xml": _sheet(),
        "xl/styles.xml": _styles(),
        "xl/vbaProject.bin": vba_project,
        "customUI/customUI14.xml": ribbon,
    }
    return stored_zip(parts)


def stored_zip(parts: Mapping[str, bytes]) -> bytes:
    """A zip file of stored entries, in the given order, the same on every machine."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, FIRST_TIME)
            entry.create_system = MADE_ON_DOS
            entry.external_attr = DOS_FILE
            archive.writestr(entry, data)
    return file.getvalue()


def _xml(text: str) -> bytes:
    return (_HEAD + text).encode("utf-8")


def _content_types() -> bytes:
    sheet = f"{_TYPES}-officedocument.spreadsheetml"
    overrides = {
        "/xl/workbook.xml": _ADD_IN,
        "/xl/worksheets/sheet1.xml": f"{sheet}.worksheet+xml",
        "/xl/styles.xml": f"{sheet}.styles+xml",
        "/docProps/core.xml": f"{_TYPES}-package.core-properties+xml",
        "/docProps/app.xml": f"{_TYPES}-officedocument.extended-properties+xml",
    }
    defaults = {"rels": f"{_TYPES}-package.relationships+xml", "xml": "application/xml", "bin": _VBA}
    return _xml(
        f'<Types xmlns="{_PACKAGE}/content-types">'
        + "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in defaults.items())
        + "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
        + "</Types>"
    )


def _relationships(*targets: tuple[str, str]) -> bytes:
    listed = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return _xml(f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(listed)}</Relationships>')


def _workbook() -> bytes:
    return _xml(
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships">'
        '<fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="22228"/>'
        f'<workbookPr codeName="{WORKBOOK_CODE_NAME}" defaultThemeVersion="166925"/>'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="16000" windowHeight="9000"/></bookViews>'
        f'<sheets><sheet name="{SHEET_NAME}" sheetId="1" r:id="rId1"/></sheets>'
        '<calcPr calcId="191029"/></workbook>'
    )


def _sheet() -> bytes:
    return _xml(
        f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="{SHEET_CODE_NAME}"/><dimension ref="A1"/>'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15"/><sheetData/>'
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>'
    )


def _styles() -> bytes:
    plain = 'numFmtId="0" fontId="0" fillId="0" borderId="0"'
    return _xml(
        f'<styleSheet xmlns="{_MAIN}">'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1"><xf {plain}/></cellStyleXfs><cellXfs count="1"><xf {plain} xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _core(title: str, description: str) -> bytes:
    return _xml(
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>rebal_xl</dc:creator>"
        f"<dc:description>{escape(description)}</dc:description></cp:coreProperties>"
    )


def _application() -> bytes:
    return _xml(
        f'<Properties xmlns="{_OFFICE}/extended-properties">'
        "<Application>Microsoft Excel</Application><AppVersion>16.0300</AppVersion></Properties>"
    )
