"""
The workbook part: its sheets in tab order, its defined names, and which of the sheets are ours.
A sheet is ours only if it carries our hidden sheet-scoped name, whose value tells its kind ("Drift"); the tab's
own name says nothing, since the advisor may rename it or have one of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass

from rebal_xl.files.opc import MAIN, RELATIONSHIPS, main_part, relationships, resolve
from rebal_xl.files.package import Package
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.xmltext import Element, XmlText

# The hidden sheet-scoped names: the last run's sheets, the run before it, and the sheet id we gave the sheet.
MARK = "_rebal_xl"
MARK_PREVIOUS = "_rebal_xl_previous"
MARK_SHEET_ID = "_rebal_xl_id"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tab."""

    # position among the tabs, from 0
    index: int
    name: str
    # the number that stays with the sheet when it is renamed or moved
    sheet_id: int
    # the part that holds its cells, and the relationship that leads there
    part: str
    relationship: str
    # "worksheet", "chartsheet", "dialogsheet" …
    kind: str
    hidden: bool
    element: Element


@dataclass(frozen=True, slots=True)
class DefinedName:
    """One defined name."""

    name: str
    # what it refers to, without "="
    text: str
    # the tab it belongs to; None for the whole workbook
    scope: int | None
    hidden: bool
    element: Element


@dataclass(frozen=True, slots=True)
class OurSheet:
    """A result sheet of an earlier run."""

    sheet: Sheet
    # what the builder called it, e.g. "Drift"
    kind: str
    # the run before the last
    previous: bool


class WorkbookXml:
    """The workbook part of a package, ready to be read and appended to."""

    def __init__(self, package: Package, name: str) -> None:
        """Raises FileRefused when the package is no workbook; `name` is the file's name for the sentence."""
        self.part = main_part(package, name)
        self.xml = XmlText(package.data(self.part), self.part)
        self.relationships = {arrow.id: arrow for arrow in relationships(package, self.part)}
        if self.xml.root.namespace != MAIN or self.xml.root.local != "workbook":
            raise FileRefused(f"'{name}' is no Excel workbook that we know. Save it in Excel as .xlsx.")
        sheets = self.xml.root.child("sheets")
        if sheets is None or not sheets.children:
            raise FileRefused(f"'{name}' is damaged: it has no sheets. Open it in Excel, repair it and save it again.")
        self.sheets_element = sheets
        self.sheets = tuple(self._sheet(index, e, name) for index, e in enumerate(sheets.all("sheet")))
        self.names = tuple(self._names())
        marks = (name for name in self.names if name.name in (MARK, MARK_PREVIOUS) and name.scope is not None)
        self._marks = {name.scope: name for name in marks}
        self._given_ids = {name.scope: name.text for name in self.names if name.name == MARK_SHEET_ID}

    @property
    def date1904(self) -> bool:
        properties = self.xml.root.child("workbookPr")
        return properties is not None and is_true(properties.attributes.get("date1904"))

    @property
    def structure_locked(self) -> bool:
        protection = self.xml.root.child("workbookProtection")
        return protection is not None and is_true(protection.attributes.get("lockStructure"))

    def targets(self, kind: str) -> list[str]:
        """The parts that the workbook points to by relationships of one kind, e.g. "styles"."""
        return [
            resolve(self.part, arrow.target)
            for arrow in self.relationships.values()
            if arrow.kind == kind and not arrow.external
        ]

    def our_sheets(self) -> list[OurSheet]:
        """Our result sheets; a copy the advisor made of one of them is his, and not among these."""
        found: dict[tuple[str, bool], list[OurSheet]] = {}
        for sheet in self.sheets:
            ours = self._ours(sheet)
            if ours is not None:
                found.setdefault((ours.kind, ours.previous), []).append(ours)
        originals = {min(group, key=self._is_copy).sheet.index for group in found.values()}
        return [ours for group in found.values() for ours in group if ours.sheet.index in originals]

    def marked(self, sheet: Sheet) -> bool:
        """Whether a sheet shows our results, be it our own or the advisor's copy."""
        return self._ours(sheet) is not None

    def _ours(self, sheet: Sheet) -> OurSheet | None:
        name = self._marks.get(sheet.index)
        if name is None:
            return None
        return OurSheet(sheet, name.text.lstrip("=").strip('"'), name.name == MARK_PREVIOUS)

    def _is_copy(self, ours: OurSheet) -> bool:
        """Excel copies the hidden names with a sheet, but gives the copy its own id."""
        return self._given_ids.get(ours.sheet.index) != str(ours.sheet.sheet_id)

    def _sheet(self, index: int, element: Element, file_name: str) -> Sheet:
        held = element.attributes
        relationship = held.get(f"{RELATIONSHIPS} id", "")
        arrow = self.relationships.get(relationship)
        if arrow is None:
            raise FileRefused(
                f"'{file_name}' is damaged: its sheet '{held.get('name', '')}' leads nowhere. "
                "Open it in Excel, repair it and save it again."
            )
        return Sheet(
            index=index,
            name=held.get("name", ""),
            sheet_id=element.number("sheetId"),
            part=resolve(self.part, arrow.target),
            relationship=relationship,
            kind=arrow.kind,
            hidden=held.get("state", "visible") != "visible",
            element=element,
        )

    def _names(self) -> list[DefinedName]:
        listed = self.xml.root.child("definedNames")
        return [
            DefinedName(
                name=e.attributes.get("name", ""),
                text=self.xml.inner_text(e),
                scope=e.number("localSheetId") if "localSheetId" in e.attributes else None,
                hidden=is_true(e.attributes.get("hidden")),
                element=e,
            )
            for e in (listed.all("definedName") if listed else ())
        ]


def is_true(value: str | None) -> bool:
    """An XML boolean."""
    return value in ("1", "true")
