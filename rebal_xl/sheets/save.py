"""Saving a workbook of ours: the same bytes for the same content, and nothing that Microsoft's schema objects to.

openpyxl writes the children of a font and of error bars in its own order, the schema asks for another; and it stamps
the clock.
"""

import io
import zipfile
from pathlib import Path

from lxml import etree
from openpyxl import Workbook

from rebal_xl.sheets.charts import alt_texts

# The order of a font's children (ECMA-376 part 1, 18.8.22, as Microsoft's validator reads it).
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip
_STYLES = "xl/styles.xml"
_CORE = "docProps/core.xml"
_SHEETS = "xl/worksheets/sheet"
_CHARTS = "xl/charts/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
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
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw_bytes(workbook))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(_entry(name), _mended(name, source.read(name)), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def raw_bytes(workbook: Workbook) -> bytes:
    """The workbook as openpyxl writes it, but for its charts, which are described for those who cannot see them."""
    raw, out = io.BytesIO(), io.BytesIO()
    workbook.save(raw)
    told = _alt_texts(workbook)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename in told:
                data = _described(data, told[info.filename])
            elif info.filename.startswith(_CHARTS):
                data = _own_formats(data)
            target.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _alt_texts(workbook: Workbook) -> dict[str, list[str]]:
    """The drawing's part of each saved sheet with charts -> what is told of them, in their order."""
    drawings = [(sheet._drawing, sheet._charts) for sheet in workbook.worksheets if sheet._charts]  # type: ignore[attr-defined]
    return {drawing.path.removeprefix("/"): alt_texts(charts) for drawing, charts in drawings}


def _described(drawing: bytes, told: list[str]) -> bytes:
    root = _tree(drawing)
    # openpyxl numbers the frames of charts from 1
    frames = {frame.get("id"): frame for frame in root.iter(f"{{{_DRAWING}}}cNvPr")}
    for number, text in enumerate(told, 1):
        if text:
            frames[str(number)].set("descr", text)
    return _text(root)


def _own_formats(chart: bytes) -> bytes:
    """Formats of labels are the chart's own, not those of the cells: openpyxl leaves that open."""
    root = _tree(chart)
    for code in root.iter(f"{{{_CHART}}}numFmt"):
        code.set("sourceLinked", code.get("sourceLinked", "0"))
    return _text(root)


def save_workbook(workbook: Workbook, path: Path) -> None:
    """Write the workbook to a file."""
    path.write_bytes(workbook_bytes(workbook))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = 0o600 << 16
    return entry


def _mended(name: str, data: bytes) -> bytes:
    if name not in (_STYLES, _CORE) and not name.startswith((_SHEETS, _CHARTS)):
        return data
    root = _tree(data)
    if name == _CORE:
        for element in root.iter("{http://purl.org/dc/terms/}created", "{http://purl.org/dc/terms/}modified"):
            element.text = _STAMP
    if name.startswith(_SHEETS):
        _allow_numbers_as_text(root)
    for bars in root.iter("{*}errBars") if name.startswith(_CHARTS) else ():
        # plus comes before minus (ECMA-376 part 1, 21.2.2.55)
        plus, minus = bars.find("{*}plus"), bars.find("{*}minus")
        if plus is not None and minus is not None:
            minus.addprevious(plus)
    for font in root.iter("{*}font") if name == _STYLES else ():
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))
    return _text(root)


def _tree(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _text(root: etree._Element) -> bytes:
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
