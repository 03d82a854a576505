"""
Which tab is on the screen when the workbook is opened.
The advisor's own stays there, wherever it is after a graft, unless he was looking at one of ours or asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rebal_xl.files.package import Package
from rebal_xl.files.workbookxml import Sheet, WorkbookXml

_SELECTED = re.compile(rb"(\btabSelected\s*=\s*[\"'])(?:1|true)([\"'])")


def kind_on_screen(workbook: WorkbookXml, kinds: set[str]) -> str | None:
    """The kind of our sheet that the advisor left on the screen, among `kinds`; None when it was one of his."""
    views = workbook.xml.root.child("bookViews")
    active = views.children[0].number("activeTab") if views and views.children else 0
    return next((o.kind for o in workbook.our_sheets() if o.sheet.index == active and o.kind in kinds), None)


def point_views(workbook: WorkbookXml, remaining: Sequence[Sheet], ours: Mapping[str, int], show: str | None) -> None:
    """
    Let every window show the tab it showed, or ours of the kind `show`.

    `remaining` are the tabs that stay, in order; `ours` gives the new position of our sheets by their kind.
    """
    if show is not None and workbook.xml.root.child("bookViews") is None:
        prefix = workbook.sheets_element.prefix
        view = f'<{prefix}workbookView activeTab="{ours[show]}"/>'
        workbook.xml.insert_before(workbook.sheets_element, f"<{prefix}bookViews>{view}</{prefix}bookViews>")
    positions = {sheet.index: new for new, sheet in enumerate(remaining)}
    kinds = {o.sheet.index: o.kind for o in workbook.our_sheets()}
    visible = next((new for new, sheet in enumerate(remaining) if not sheet.hidden), 0)
    for views in workbook.xml.root.all("bookViews"):
        for view_element in views.children:
            first, active = view_element.number("firstSheet"), view_element.number("activeTab")
            kind = show or kinds.get(active)
            moved = ours[kind] if kind is not None and kind in ours else positions.get(active, visible)
            for name, old, new in (("firstSheet", first, positions.get(first, visible)), ("activeTab", active, moved)):
                if new != old:
                    workbook.xml.set_attribute(view_element, name, str(new))
    _point_custom_views(workbook, remaining)


def deselected(package: Package, sheets: Sequence[Sheet], written: set[str]) -> dict[str, bytes]:
    """The advisor's sheets that were selected, now not: two selected tabs would be edited together in Excel."""
    found = {}
    for sheet in sheets:
        data = package.data(sheet.part)
        head, mark, cells = data.partition(b"sheetData")
        plain = _SELECTED.sub(rb"\g<1>0\g<2>", head)
        if plain != head and sheet.part not in written:
            found[sheet.part] = plain + mark + cells
    return found


def _point_custom_views(workbook: WorkbookXml, remaining: Sequence[Sheet]) -> None:
    """A view the advisor saved while looking at a sheet of ours that goes."""
    kept = {sheet.sheet_id for sheet in remaining}
    for views in workbook.xml.root.all("customWorkbookViews"):
        for view in views.children:
            if remaining and view.number("activeSheetId") not in kept:
                workbook.xml.set_attribute(view, "activeSheetId", str(remaining[0].sheet_id))
