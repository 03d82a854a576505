"""
One graft, step by step: old sheets out of the lists, styles, names and parts of ours in.
Nothing is written to disk here; the outcome is a new package beside the old one.
"""

from __future__ import annotations

import posixpath

from rebal_xl.files.built import Built
from rebal_xl.files.opc import (
    CONTENT_TYPES_PART,
    RELATIONSHIPS,
    ContentTypes,
    Relationship,
    relationships,
    rels_name,
    resolve,
)
from rebal_xl.files.package import Package
from rebal_xl.files.references import Renames, free_sheet_name, free_table_name
from rebal_xl.files.retire import Retired
from rebal_xl.files.styles import StyleMap, empty_style_sheet, merge_styles
from rebal_xl.files.tables import TABLE_TYPE, rewrite_table, tables
from rebal_xl.files.transplant import is_inner_link, rewrite_chart, rewrite_sheet, write_relationships
from rebal_xl.files.views import deselected, kind_on_screen, point_views
from rebal_xl.files.workbookxml import MARK_SHEET_ID, Sheet, WorkbookXml
from rebal_xl.files.xmltext import XmlText, attribute, escape

# How our parts are told from the advisor's by their names; what they are is told by the marks, never by this.
_PREFIX = "rebal_"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
# The schema's order of the workbook's children up to the defined names (ECMA-376 part 1, CT_Workbook).
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


class Insertion:
    """One graft: what is decided along the way, and the new parts."""

    def __init__(
        self, package: Package, workbook: WorkbookXml, built: Built, retired: Retired, show: str | None
    ) -> None:
        """`show` is the kind of our sheet to open the workbook on. Raises ValueError when there is no such sheet."""
        if show is not None and show not in built.kinds.values():
            raise ValueError(f"there is no result sheet of the kind {show!r} to show")
        self.package = package
        self.workbook = workbook
        self.built = built
        self.retired = retired
        self.types = ContentTypes(package)
        arrows = rels_name(workbook.part)
        self.arrows = XmlText(package.data(arrows), arrows)
        self.written: dict[str, bytes] = dict(retired.rewritten)
        self.part_names: dict[str, str] = {}
        self.sheets: dict[str, str] = {}
        self.remaining = [s for s in workbook.sheets if s.index not in retired.removed_tabs]
        # old position of a tab -> its position without the removed ones
        self.positions = {sheet.index: new for new, sheet in enumerate(self.remaining)}
        self.taken_ids = set(workbook.relationships) - retired.relationships
        self.sheet_ids: dict[int, int] = {}
        self.appended: dict[str, bytes] = {}
        self.tables: dict[str, str] = {}
        # the kind of our sheet that will be on the screen; None: one of the advisor's
        self.shown = show or kind_on_screen(workbook, set(built.kinds.values()))
        self.show = show

    def make(self) -> Package:
        """Do it."""
        self._remove_old()
        styles_part, styles = self._styles()
        self._name_parts()
        renames = self._renames()
        numbers = self._table_numbers(renames)
        for sheet in self.built.workbook.sheets:
            self._write_sheet(sheet, styles, renames, numbers)
        self._list_sheets(renames)
        self._list_names(renames)
        point_views(
            self.workbook,
            self.remaining,
            {kind: len(self.remaining) + index for index, kind in self.built.kinds.items()},
            self.show,
        )
        self.appended = {
            self.workbook.part: self.workbook.xml.result(),
            self.arrows.part: self.arrows.result(),
            CONTENT_TYPES_PART: self.types.xml.result(),
            styles_part: self.written.pop(styles_part),
            **self.retired.chain,
            **(deselected(self.package, self.remaining, set(self.written)) if self.show else {}),
        }
        self.tables = {old: new for old, new in renames.tables.items() if old != new}
        return self.package.changed({**self.appended, **self.written}, self.retired.removed_parts)

    def _remove_old(self) -> None:
        """Take our earlier sheets out of the lists, and let the positions that follow them move up."""
        removed = self.retired.removed_tabs
        for sheet in self.workbook.sheets:
            if sheet.index in removed:
                self.workbook.xml.remove(sheet.element)
        for arrow in self.arrows.root.children:
            if arrow.attributes.get("Id") in self.retired.relationships:
                self.arrows.remove(arrow)
        self.types.remove(self.retired.removed_parts)
        for name in self.workbook.names:
            if name.scope in removed:
                self.workbook.xml.remove(name.element)
            elif name.scope is not None and self.positions.get(name.scope, name.scope) != name.scope:
                self.workbook.xml.set_attribute(name.element, "localSheetId", str(self.positions[name.scope]))

    def _styles(self) -> tuple[str, StyleMap]:
        """Append our formats; a workbook without a style sheet gets one."""
        held = [part for part in self.workbook.targets("styles") if part in self.package]
        if held:
            part, theirs = held[0], self.package.data(held[0])
        else:
            # The usual name: some programs look for it there and nowhere else.
            usual = posixpath.join(posixpath.dirname(self.workbook.part), "styles.xml")
            part = usual if usual not in self.package else f"xl/{_PREFIX}styles.xml"
            theirs = empty_style_sheet()
            self._point_to(part, "styles")
            self.types.add(part, _STYLES_TYPE)
        self.written[part], styles = merge_styles(theirs, self.built.styles, part)
        return part, styles

    def _name_parts(self) -> None:
        """Give each of our parts a name that is free in the advisor's package."""
        taken = {part.name.lower() for part in self.package} - self.retired.removed_parts
        for sheet in self.built.workbook.sheets:
            for part in self.built.parts(sheet):
                if part in self.part_names:
                    continue
                stem, dot, ending = part.rpartition(".")
                folder, _, base = stem.rpartition("/")
                start, number = f"{folder}/{_PREFIX}{base.rstrip('0123456789')}", 1
                while {(name := f"{start}{number}{dot}{ending}").lower(), rels_name(name).lower()} & taken:
                    number += 1
                taken.add(name.lower())
                self.part_names[part] = name

    def _renames(self) -> Renames:
        """The names our sheets and tables get: what they had before, else their own, else one that is free."""
        taken = {self.retired.kept.get(sheet.name, sheet.name) for sheet in self.remaining}
        sheets: dict[str, str] = {}
        for sheet in self.built.workbook.sheets:
            wanted = self.retired.tab_names.get(self.built.kinds[sheet.index], sheet.name)
            sheets[sheet.name] = free_sheet_name(wanted, taken)
            taken.add(sheets[sheet.name])
            self.sheets[self.built.kinds[sheet.index]] = sheets[sheet.name]
        names = {
            self.retired.renamed_tables.get(table.name, table.name)
            for table in tables(self.package)
            if table.part.lower() not in self.retired.removed_parts
        }
        names |= {name.name for name in self.workbook.names if name.scope not in self.retired.removed_tabs}
        renamed: dict[str, str] = {}
        for table in tables(self.built.package):
            renamed[table.name] = free_table_name(table.name, names)
            names.add(renamed[table.name])
        return Renames(sheets, renamed)

    def _table_numbers(self, renames: Renames) -> dict[str, int]:
        """Our tables' parts -> numbers that no table of the workbook has."""
        held = tables(self.package)
        taken = {t.id for t in held if t.part.lower() not in self.retired.removed_parts}
        # A slicer that the advisor put on our table knows it by its number: the new table takes the old one's.
        old = {t.name.lower(): t.id for t in held if t.part.lower() in self.retired.removed_parts}
        numbers: dict[str, int] = {}
        for table in tables(self.built.package):
            wanted = old.get(renames.tables[table.name].lower(), 0)
            numbers[table.part] = wanted if wanted > 0 and wanted not in taken else max({0, *taken, *old.values()}) + 1
            taken.add(numbers[table.part])
        return numbers

    def _write_sheet(self, sheet: Sheet, styles: StyleMap, renames: Renames, numbers: dict[str, int]) -> None:
        for part in self.built.parts(sheet):
            new, kind, data = self.part_names[part], self.built.types.type_of(part), self.built.package.data(part)
            arrows = relationships(self.built.package, part)
            if part == sheet.part:
                links = {arrow.id: arrow for arrow in arrows}
                theirs = {tab.name.lower() for tab in self.remaining if not self.workbook.marked(tab)}
                code = self.retired.code_names.get(self.built.kinds[sheet.index])
                shown = self.built.kinds[sheet.index] == self.shown
                data = rewrite_sheet(data, styles, self.built.texts, renames, theirs, links, code, shown)
            elif kind == TABLE_TYPE:
                data = rewrite_table(data, renames, numbers[part], styles.differential)
            elif kind.endswith("drawingml.chart+xml"):
                data = rewrite_chart(data, renames)
            self.written[new] = data
            self.types.add(new, kind)
            self._write_arrows(part, new, arrows)

    def _write_arrows(self, part: str, new: str, arrows: list[Relationship]) -> None:
        kept = [arrow for arrow in arrows if not is_inner_link(arrow)]
        if kept:
            targets = {a.id: self.part_names[resolve(part, a.target)] for a in kept if not a.external}
            self.written[rels_name(new)] = write_relationships(kept, targets)
            self.types.add(rels_name(new), _RELS_TYPE)

    def _list_sheets(self, renames: Renames) -> None:
        """Append our tabs, each with a number no other sheet has."""
        place = self.workbook.sheets_element
        bound = self.workbook.xml.prefix_of(RELATIONSHIPS)
        key = f"{bound}:id" if bound else f"xmlns:r={attribute(RELATIONSHIPS)} r:id"
        number = max((sheet.sheet_id for sheet in self.remaining), default=0)
        for sheet in self.built.workbook.sheets:
            number += 1
            self.sheet_ids[sheet.index] = number
            arrow = self._point_to(self.part_names[sheet.part], "worksheet")
            state = sheet.element.attributes.get("state", "visible")
            hidden = "" if state == "visible" else f" state={attribute(state)}"
            name = attribute(renames.sheets[sheet.name])
            self.workbook.xml.append(
                place, f'<{place.prefix}sheet name={name} sheetId="{number}"{hidden} {key}={attribute(arrow)}/>'
            )

    def _list_names(self, renames: Renames) -> None:
        """Append our sheet-scoped names: the marks, print areas and filters."""
        xml, prefix = self.workbook.xml, self.workbook.xml.root.prefix
        lines = []
        for sheet in self.built.workbook.sheets:
            tab = len(self.remaining) + sheet.index
            for name in self.built.workbook.names:
                if name.scope == sheet.index:
                    held = {**name.element.attributes, "localSheetId": str(tab)}
                    told = "".join(f" {key}={attribute(value)}" for key, value in held.items())
                    text = escape(renames.formula(name.text))
                    lines.append(f"<{prefix}definedName{told}>{text}</{prefix}definedName>")
            told = f' name="{MARK_SHEET_ID}" localSheetId="{tab}" hidden="1"'
            lines.append(f"<{prefix}definedName{told}>{self.sheet_ids[sheet.index]}</{prefix}definedName>")
        held_names = xml.root.child("definedNames")
        if held_names is not None:
            xml.append(held_names, "".join(lines))
            return
        before = [e for e in xml.root.children if e.local in _BEFORE_NAMES]
        xml.insert_after(before[-1], f"<{prefix}definedNames>{''.join(lines)}</{prefix}definedNames>")

    def _point_to(self, part: str, kind: str) -> str:
        """Append a relationship of the workbook; returns its id."""
        number = 1
        while (name := f"rIdRebal{number}") in self.taken_ids:
            number += 1
        self.taken_ids.add(name)
        ends = f'Type="{RELATIONSHIPS}/{kind}" Target={attribute("/" + part)}'
        self.arrows.append(self.arrows.root, f'<{self.arrows.root.prefix}Relationship Id="{name}" {ends}/>')
        return name
