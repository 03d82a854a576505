"""
Whether the advisor's own cells, charts, names or pivots refer to one of our sheets.
A sheet that they refer to cannot simply go: Excel would find formulas that point nowhere and offer a repair.
"""

from __future__ import annotations

from collections.abc import Iterable

from rebal_xl.files.opc import ContentTypes, internal_targets, reachable
from rebal_xl.files.package import Package
from rebal_xl.files.references import quoted_sheet
from rebal_xl.files.tables import tables
from rebal_xl.files.workbookxml import OurSheet, WorkbookXml
from rebal_xl.files.xmltext import attribute, escape

# Content types of parts that hold formulas or sources by name.
_WITH_FORMULAS = ("worksheet+xml", "chart+xml", "pivotCacheDefinition+xml")


def mentioned(package: Package, workbook: WorkbookXml, ours: Iterable[OurSheet]) -> list[OurSheet]:
    """Those of our sheets to which something of the advisor's refers, by the sheet's name or by one of its tables'."""
    ours = list(ours)
    if not ours:
        return []
    texts = _texts_of_the_advisor(package, workbook)
    held = tables(package)
    found = []
    for sheet in ours:
        targets = {target.lower() for target in internal_targets(package, sheet.sheet.part)}
        signs = _signs(sheet.sheet.name, [table.name for table in held if table.part.lower() in targets])
        if any(sign in text for text in texts for sign in signs):
            found.append(sheet)
    return found


def _texts_of_the_advisor(package: Package, workbook: WorkbookXml) -> list[bytes]:
    """His parts that can refer to a sheet, in lower case."""
    marked = frozenset(ours.sheet.part.lower() for ours in workbook.our_sheets())
    tabs = {ours.sheet.index for ours in workbook.our_sheets()}
    his = reachable(package, [""], without=marked)
    types = ContentTypes(package)
    texts = [
        part.data.replace(b"&apos;", b"'").lower()
        for part in package
        if part.name.lower() in his and types.type_of(part.name).endswith(_WITH_FORMULAS)
    ]
    names = (escape(name.text) for name in workbook.names if name.scope not in tabs)
    return [*texts, "\n".join(names).lower().encode()]


def _signs(sheet: str, table_names: Iterable[str]) -> list[bytes]:
    """How a reference to a sheet or one of its tables looks in a part."""
    quoted = "'" + sheet.replace("'", "''") + "'"
    signs = [escape(quoted_sheet(sheet)) + "!", escape(quoted) + "!", f"sheet={attribute(sheet)}"]
    for name in table_names:
        signs += [f"{name}[", f"name={attribute(name)}", f">{name}<", f"({name})"]
    return [sign.lower().encode() for sign in signs]
