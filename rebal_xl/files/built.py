"""
Our result sheets as openpyxl writes them, before they are moved into the advisor's file.
openpyxl builds and saves our own workbook only; the advisor's never passes through it.
"""

from __future__ import annotations

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from rebal_xl.files.opc import ContentTypes, reachable
from rebal_xl.files.package import Package
from rebal_xl.files.transplant import shared_texts
from rebal_xl.files.workbookxml import MARK, Sheet, WorkbookXml
from rebal_xl.sheets.save import raw_bytes


class Built:
    """Our sheets as openpyxl writes them."""

    def __init__(self, ours: openpyxl.Workbook, date1904: bool) -> None:
        """Raises ValueError when a sheet carries no mark or a name belongs to no sheet: a mistake of the builder."""
        epoch = ours.epoch
        try:
            # Day numbers must count from the advisor's epoch, since his workbook's setting decides how they are read.
            ours.epoch = CALENDAR_MAC_1904 if date1904 else epoch
            saved = raw_bytes(ours)
        finally:
            ours.epoch = epoch
        self.package = Package.from_bytes(saved, "result sheets")
        self.workbook = WorkbookXml(self.package, "result sheets")
        self.types = ContentTypes(self.package)
        self.kinds = {o.sheet.index: o.kind for o in self.workbook.our_sheets()}
        unmarked = [s.name for s in self.workbook.sheets if s.index not in self.kinds]
        loose = [n.name for n in self.workbook.names if n.scope is None]
        if unmarked or loose:
            raise ValueError(f"result sheets without their own {MARK}: {unmarked}; names of no sheet: {loose}")
        strings = [self.package.data(part) for part in self.workbook.targets("sharedStrings") if part in self.package]
        self.texts = shared_texts(strings[0] if strings else None)

    @property
    def styles(self) -> bytes:
        return self.package.data(self.workbook.targets("styles")[0])

    def parts(self, sheet: Sheet) -> list[str]:
        """The sheet's part and all that it leads to, without relationship parts."""
        found = reachable(self.package, [sheet.part])
        return [part.name for part in self.package if part.name.lower() in found and "/_rels/" not in part.name]
