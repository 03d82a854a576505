"""
One of our own sheets, made fit for the advisor's workbook: its style numbers, texts, links and names.
Only parts that openpyxl wrote for us (or Excel saved of ours) pass through here; the advisor's never do.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence

from lxml import etree

from rebal_xl.files.opc import MAIN, RELATIONSHIPS, Relationship
from rebal_xl.files.references import Renames
from rebal_xl.files.styles import StyleMap, sorted_run
from rebal_xl.files.tables import serialise
from rebal_xl.files.xmltext import attribute, tree

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_RELATIONSHIP_ID = f"{{{RELATIONSHIPS}}}id"
# Elements whose text is a formula: cells, conditional formats, validations, and their newer (x14: xm:f) forms.
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2"})


def _tag(local: str) -> str:
    return f"{{{MAIN}}}{local}"


def shared_texts(data: bytes | None) -> list[etree._Element]:
    """The shared strings of our workbook, in order."""
    return [] if data is None else list(tree(data).iter(_tag("si")))


def rewrite_sheet(
    data: bytes,
    styles: StyleMap,
    texts: Sequence[etree._Element],
    renames: Renames,
    theirs: Collection[str],
    links: Mapping[str, Relationship],
    code_name: str | None,
    selected: bool,
) -> bytes:
    """
    A sheet of ours with the advisor's style numbers and its own texts.

    `theirs` are the advisor's sheets, in lower case: a link with a location that names one leads there, even if
    ours was to have the same name. A link that openpyxl wrote as "#Trades!A1" always leads to our own sheet.
    `links` are the sheet's relationships by their id.
    """
    root = tree(data)
    _restyle(root, styles)
    for cell in root.iter(_tag("c")):
        if cell.get("t") == "s":
            _inline(cell, texts)
        _let_excel_calculate(cell)
    for properties in root.iter(_tag("rPr")):
        sorted_run(properties)
    rename_in_sheet(root, renames, theirs)
    _turn_inner_links(root, links, renames)
    for view in root.iter(_tag("sheetView")):
        view.attrib.pop("tabSelected", "")
        if selected:
            view.set("tabSelected", "1")
    if code_name:
        _set_code_name(root, code_name)
    return serialise(root)


def rename_in_sheet(root: etree._Element, renames: Renames, theirs: Collection[str] = ()) -> None:
    """Let every formula and link of a sheet of ours follow the renamed sheets and tables."""
    if not renames:
        return
    for element in root.iter(etree.Element):
        if etree.QName(element).localname in _FORMULAS and element.text:
            element.text = renames.formula(element.text)
    for link in root.iter(_tag("hyperlink")):
        if link.get("location"):
            link.set("location", renames.location(link.get("location", ""), theirs))


def rewrite_chart(data: bytes, renames: Renames) -> bytes:
    """A chart of ours whose series follow the renamed sheets and tables."""
    if not renames:
        return data
    root = tree(data)
    for formula in root.iter(f"{{{_CHART}}}f"):
        formula.text = renames.formula(formula.text or "")
    return serialise(root)


def rewrite_previous_sheet(data: bytes, renames: Renames) -> bytes:
    """A sheet of the run before, whose formulas follow its new name."""
    root = tree(data)
    rename_in_sheet(root, renames)
    for view in root.iter(_tag("sheetView")):
        view.attrib.pop("tabSelected", "")
    return serialise(root)


def code_name(data: bytes) -> str | None:
    """The name under which the workbook's macros know a sheet of ours."""
    properties = tree(data).find(_tag("sheetPr"))
    return None if properties is None else properties.get("codeName")


def write_relationships(arrows: Sequence[Relationship], targets: Mapping[str, str]) -> bytes:
    """A relationships part of ours; `targets` gives each internal arrow's new part by its id."""
    lines = []
    for arrow in arrows:
        target = arrow.target if arrow.external else "/" + targets[arrow.id]
        mode = ' TargetMode="External"' if arrow.external else ""
        ends = f"Type={attribute(arrow.type)} Target={attribute(target)}"
        lines.append(f"<Relationship Id={attribute(arrow.id)} {ends}{mode}/>")
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{head}<Relationships xmlns="{space}">{"".join(lines)}</Relationships>'.encode()


def is_inner_link(arrow: Relationship) -> bool:
    """A link to a cell of this workbook that openpyxl wrote as if it led outside."""
    return arrow.external and arrow.kind == "hyperlink" and arrow.target.startswith("#")


def _restyle(root: etree._Element, styles: StyleMap) -> None:
    for cell in root.iter(_tag("c")):
        cell.set("s", str(styles.cell[int(cell.get("s", "0"))]))
    for row in root.iter(_tag("row")):
        if row.get("s") is not None:
            row.set("s", str(styles.cell[int(row.get("s", "0"))]))
    for column in root.iter(_tag("col")):
        if column.get("style") is not None:
            column.set("style", str(styles.cell[int(column.get("style", "0"))]))
    for element in root.iter(etree.Element):
        if element.get("dxfId") is not None:
            element.set("dxfId", str(styles.differential[int(element.get("dxfId", "0"))]))


def _inline(cell: etree._Element, texts: Sequence[etree._Element]) -> None:
    """Put a shared string into its cell: the advisor's shared strings stay as they are."""
    value = cell.find(_tag("v"))
    if value is None or value.text is None:
        return
    text = texts[int(value.text)]
    cell.remove(value)
    cell.set("t", "inlineStr")
    inline = etree.SubElement(cell, _tag("is"))
    for child in text:
        run = copy.deepcopy(child)
        for held in run.iter(_tag("t")):
            if held.text and held.text != held.text.strip():
                held.set(_XML_SPACE, "preserve")
        inline.append(run)


def _let_excel_calculate(cell: etree._Element) -> None:
    """A formula without a stored value must be calculated on opening, whatever the workbook's own setting."""
    formula, value = cell.find(_tag("f")), cell.find(_tag("v"))
    if formula is not None and (value is None or not value.text):
        formula.set("ca", "1")
        if value is not None:
            cell.remove(value)


def _turn_inner_links(root: etree._Element, links: Mapping[str, Relationship], renames: Renames) -> None:
    for link in root.iter(_tag("hyperlink")):
        arrow = links.get(link.get(_RELATIONSHIP_ID, ""))
        if arrow is not None and is_inner_link(arrow):
            del link.attrib[_RELATIONSHIP_ID]
            link.set("location", renames.location(arrow.target.removeprefix("#")))


def _set_code_name(root: etree._Element, name: str) -> None:
    properties = root.find(_tag("sheetPr"))
    if properties is None:
        properties = etree.Element(_tag("sheetPr"))
        root.insert(0, properties)
    properties.set("codeName", name)
