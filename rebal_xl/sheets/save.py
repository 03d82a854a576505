"""Saving a workbook of ours: the same bytes for the same content, and nothing that Microsoft's schema objects to.

openpyxl writes the children of a font in its own order, the schema asks for another; and it stamps the clock.
"""

import io
import zipfile
from pathlib import Path

from lxml import etree
from openpyxl import Workbook

# The order of a font's children (ECMA-376 part 1, 18.8.22, as Microsoft's validator reads it).
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip
_STYLES = "xl/styles.xml"
_CORE = "docProps/core.xml"
_SHEETS = "xl/worksheets/sheet"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# What follows ignoredErrors in a sheet (ECMA-376 part 1, 18.3.1.99).
_AFTER_IGNORED_ERRORS = frozenset(
    {"smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls"}
    | {"webPublishItems", "tableParts", "extLst"}
)
# The earliest day a zip entry can carry.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = "1980-01-01T00:00:00Z"


def workbook_bytes(workbook: Workbook) -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    raw = io.BytesIO()
    workbook.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(_entry(name), _mended(name, source.read(name)), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def save_workbook(workbook: Workbook, path: Path) -> None:
    """Write the workbook to a file."""
    path.write_bytes(workbook_bytes(workbook))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = 0o600 << 16
    return entry


def _mended(name: str, data: bytes) -> bytes:
    if name not in (_STYLES, _CORE) and not name.startswith(_SHEETS):
        return data
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(data, parser)
    if name == _CORE:
        for element in root.iter("{http://purl.org/dc/terms/}created", "{http://purl.org/dc/terms/}modified"):
            element.text = _STAMP
    if name.startswith(_SHEETS):
        _allow_numbers_as_text(root)
    for font in root.iter("{*}font") if name == _STYLES else ():
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _allow_numbers_as_text(sheet: etree._Element) -> None:
    """Account numbers and CUSIPs are text on purpose: no green triangle in every cell."""
    ignored = etree.Element(f"{{{_MAIN}}}ignoredErrors")
    etree.SubElement(ignored, f"{{{_MAIN}}}ignoredError", sqref="A1:XFD1048576", numberStoredAsText="1")
    for child in sheet:
        if etree.QName(child).localname in _AFTER_IGNORED_ERRORS:
            child.addprevious(ignored)
            return
    sheet.append(ignored)
