"""
What happens to the sheets of earlier runs before new ones come in.
The last run's sheets are removed, or kept beside under "(previous)"; the run before them is always removed. Only
parts that nothing else in the workbook leads to go with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rebal_xl.files.mentions import mentioned
from rebal_xl.files.opc import ContentTypes, reachable
from rebal_xl.files.package import Package
from rebal_xl.files.references import Renames, free_sheet_name, free_table_name
from rebal_xl.files.tables import TABLE_TYPE, rewrite_table, tables
from rebal_xl.files.transplant import code_name, rewrite_chart, rewrite_previous_sheet
from rebal_xl.files.workbookxml import MARK, MARK_PREVIOUS, OurSheet, WorkbookXml
from rebal_xl.files.xmltext import Element, XmlText

# Sheets that hold what the advisor told us: they outlive every plan, and plans outlive them.
LASTING = frozenset({"Understood"})
_PREVIOUS_SHEET = " (previous)"
_PREVIOUS_TABLE = "_previous"


@dataclass(frozen=True, slots=True)
class Retired:
    """What an earlier run leaves behind for the new one."""

    # parts that go, lower-case
    removed_parts: frozenset[str]
    # parts of the last run's sheets that are kept beside, with their new bytes
    rewritten: dict[str, bytes]
    # the calculation chain without our removed cells; empty when there is nothing to take out of it
    chain: dict[str, bytes]
    # tabs that go, by their old position
    removed_tabs: frozenset[int]
    # kind -> the name its tab had: formulas of the advisor may point to it
    tab_names: dict[str, str]
    # kind -> the name the workbook's macros know the removed sheet by
    code_names: dict[str, str]
    # tabs kept as the previous run: old name -> new name
    kept: dict[str, str]
    # relationships of the workbook that go
    relationships: frozenset[str]
    # table names that are free again or newly taken: old -> new
    renamed_tables: dict[str, str] = field(default_factory=dict)
    # tabs of earlier runs that stay as they are, because the advisor's cells refer to them and no new one takes over
    stale: tuple[str, ...] = ()


def retire(package: Package, workbook: WorkbookXml, keep_previous: bool, kinds: set[str]) -> Retired:
    """
    Plan the removal of our old sheets; edits only the texts inside `workbook.xml` that name kept ones.

    `kinds` are the sheets that the new run brings.
    """
    ours = [o for o in workbook.our_sheets() if (o.kind in LASTING) == (kinds <= LASTING)]
    last = [o for o in ours if not o.previous]
    renewed = {o.kind for o in last} if keep_previous else set()
    stale = mentioned(package, workbook, [o for o in ours if o.kind not in (renewed if o.previous else kinds)])
    keep = [o for o in last if o not in stale] if keep_previous else []
    drop = [o for o in ours if o not in keep and o not in stale] if last or not keep_previous else []
    dropped_parts = frozenset(o.sheet.part.lower() for o in drop)
    gone = reachable(package, [o.sheet.part for o in drop]) - reachable(package, [""], without=dropped_parts)
    rewritten: dict[str, bytes] = {}
    relationships = {o.sheet.relationship for o in drop}
    chain, chain_gone = _shortened_chain(package, workbook, {o.sheet.sheet_id for o in drop})
    gone |= chain_gone
    relationships |= {a.id for a in workbook.relationships.values() if a.kind == "calcChain" and chain_gone}
    renames = _keep_beside(package, workbook, keep, frozenset(gone), rewritten)
    return Retired(
        removed_parts=frozenset(gone),
        rewritten=rewritten,
        chain=chain,
        removed_tabs=frozenset(o.sheet.index for o in drop),
        tab_names={o.kind: o.sheet.name for o in last},
        code_names={o.kind: held for o in drop if (held := code_name(package.data(o.sheet.part)))},
        kept=dict(renames.sheets),
        relationships=frozenset(relationships),
        renamed_tables=dict(renames.tables),
        stale=tuple(o.sheet.name for o in stale),
    )


def _keep_beside(
    package: Package, workbook: WorkbookXml, keep: list[OurSheet], gone: frozenset[str], rewritten: dict[str, bytes]
) -> Renames:
    """Rename the last run's sheets and tables, so that the new ones can have their names."""
    if not keep:
        return Renames()
    kept_parts = frozenset(o.sheet.part.lower() for o in keep)
    mine = reachable(package, kept_parts) - reachable(package, [""], without=kept_parts)
    tab_names = {sheet.name for sheet in workbook.sheets if sheet.part.lower() not in gone}
    sheets: dict[str, str] = {}
    for o in keep:
        # Its own name is taken (by itself), so that this appends " (previous)".
        sheets[o.sheet.name] = free_sheet_name(o.sheet.name, tab_names, _PREVIOUS_SHEET)
        tab_names.add(sheets[o.sheet.name])
    held = tables(package)
    names = {t.name for t in held if t.part.lower() not in gone} | {n.name for n in workbook.names}
    renamed: dict[str, str] = {}
    for table in held:
        if table.part.lower() in mine:
            renamed[table.name] = free_table_name(table.name, names, _PREVIOUS_TABLE)
            names.add(renamed[table.name])
    renames = Renames(sheets, renamed)
    types = ContentTypes(package)
    for part in package:
        if part.name.lower() in mine:
            data = _renamed_part(part.data, types.type_of(part.name), renames)
            if data != part.data:
                rewritten[part.name] = data
    _rename_in_workbook(workbook, keep, renames)
    return renames


def _renamed_part(data: bytes, content_type: str, renames: Renames) -> bytes:
    if content_type == TABLE_TYPE:
        return rewrite_table(data, renames, None, None)
    if content_type.endswith("drawingml.chart+xml"):
        return rewrite_chart(data, renames)
    if content_type.endswith("spreadsheetml.worksheet+xml"):
        return rewrite_previous_sheet(data, renames)
    return data


def _rename_in_workbook(workbook: WorkbookXml, keep: list[OurSheet], renames: Renames) -> None:
    tabs = {o.sheet.index for o in keep}
    for o in keep:
        workbook.xml.set_attribute(o.sheet.element, "name", renames.sheets[o.sheet.name])
    for name in workbook.names:
        if name.scope in tabs and name.name == MARK:
            workbook.xml.set_attribute(name.element, "name", MARK_PREVIOUS)
        elif name.scope in tabs and renames.formula(name.text) != name.text:
            workbook.xml.set_text(name.element, renames.formula(name.text))


def _shortened_chain(package: Package, workbook: WorkbookXml, sheet_ids: set[int]) -> tuple[dict[str, bytes], set[str]]:
    """The calculation chain without the cells of removed sheets: Excel would offer a repair for those."""
    for name in workbook.targets("calcChain"):
        part = package.get(name)
        if part is None:
            continue
        xml = XmlText(part.data, part.name)
        cells = list(_with_sheet(xml))
        ours = [element for element, sheet_id in cells if sheet_id in sheet_ids]
        if ours and len(ours) == len(cells):
            return {}, {part.name.lower()}
        for element in ours:
            xml.remove(element)
        return ({part.name: xml.result()} if ours else {}), set()
    return {}, set()


def _with_sheet(xml: XmlText) -> Iterator[tuple[Element, int]]:
    """The chain's cells with their sheet: one without a sheet lies on the sheet of the cell before it."""
    sheet_id = 0
    for element in xml.root.children:
        sheet_id = element.number("i", sheet_id)
        yield element, sheet_id
