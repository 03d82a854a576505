"""
The Excel tables of a package: their names and numbers, which must be unique over the whole workbook.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from rebal_xl.files.opc import MAIN, ContentTypes
from rebal_xl.files.package import Package
from rebal_xl.files.references import Renames
from rebal_xl.files.xmltext import XmlText, tree

TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_STYLED = (
    *("headerRowDxfId", "dataDxfId", "totalsRowDxfId", "dxfId"),
    *("headerRowBorderDxfId", "tableBorderDxfId", "totalsRowBorderDxfId"),
)


@dataclass(frozen=True, slots=True)
class TablePart:
    """One table as far as it must not collide with others."""

    part: str
    id: int
    # what formulas call it
    name: str


def tables(package: Package) -> list[TablePart]:
    """Every table of the package."""
    types = ContentTypes(package)
    found = []
    for part in package:
        if types.type_of(part.name) == TABLE_TYPE:
            root = XmlText(part.data, part.name).root
            name = root.attributes.get("displayName", root.attributes.get("name", ""))
            found.append(TablePart(part.name, root.number("id"), name))
    return found


def rewrite_table(data: bytes, renames: Renames, number: int | None, differential: dict[int, int] | None) -> bytes:
    """One of our own tables with its new name, number and formats."""
    root = tree(data)
    name = renames.tables.get(root.get("displayName", ""), root.get("displayName", ""))
    root.set("displayName", name)
    root.set("name", name)
    if number is not None:
        root.set("id", str(number))
    for element in root.iter(etree.Element):
        for attribute in _STYLED if differential is not None else ():
            held = element.get(attribute)
            if held is not None and differential is not None:
                element.set(attribute, str(differential[int(held)]))
        if element.tag in (f"{{{MAIN}}}calculatedColumnFormula", f"{{{MAIN}}}totalsRowFormula") and element.text:
            element.text = renames.formula(element.text)
    return serialise(root)


def serialise(root: etree._Element) -> bytes:
    """One of our own parts as bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
