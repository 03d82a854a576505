"""
Which sheets of an open workbook are ours, told by the hidden name on them, never by the tab's own name.

Excel copies that name along when the advisor copies a sheet of ours. Of two sheets of one kind the original is the one
whose table kept its name: Excel gives the tables of a copy longer ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rebal_xl.excel.live.area import HostName
from rebal_xl.excel.live.host import OpenBook, OpenSheet
from rebal_xl.files.workbookxml import MARK, MARK_PREVIOUS


@dataclass(frozen=True, slots=True)
class OurTab:
    """A result sheet of an earlier run."""

    sheet: OpenSheet
    # what the builder called it, such as "Drift"
    kind: str
    # the run before the last
    previous: bool


def marks(names: Iterable[HostName]) -> dict[str, HostName]:
    """Sheet -> the mark on it; a copy the advisor made carries one too."""
    return {name.sheet: name for name in names if name.sheet is not None and name.name in (MARK, MARK_PREVIOUS)}


def kind_of(mark: HostName) -> str:
    """What the builder called the sheet."""
    return mark.text.strip('"')


def our_tabs(book: OpenBook) -> list[OurTab]:
    """Our result sheets, one of each kind and run, in tab order."""
    held = marks(book.known_names)
    found: dict[tuple[str, bool], list[OpenSheet]] = {}
    for sheet in book.sheets:
        mark = held.get(sheet.name)
        if mark is not None:
            found.setdefault((kind_of(mark), mark.name == MARK_PREVIOUS), []).append(sheet)
    return [
        OurTab(sheets[0] if len(sheets) == 1 else min(sheets, key=_told), kind, previous)
        for (kind, previous), sheets in found.items()
    ]


def _told(sheet: OpenSheet) -> tuple[int, str]:
    first = min((table.name for table in sheet.tables), key=lambda name: (len(name), name), default="")
    return len(first), first
