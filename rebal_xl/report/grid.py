"""Tables of the page: headers with their scope, a caption, and rows that become cards on a phone.

The roles are written out, since a browser forgets that a table is one where its rows are laid out as cards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rebal_xl.report.markup import Markup, name, tag


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, and whether it holds figures."""

    head: str
    figures: bool = False
    # leave it out of a card where it is empty
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its first cell names it."""

    cells: Sequence[str | Markup]
    # class of each cell, "" for none
    looks: Sequence[str] = ()
    total: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under a header of their own; without a header where there is one part only."""

    lines: Sequence[Line]
    head: str | Markup = ""


def grid(caption: str, columns: Sequence[Column], parts: Sequence[Part], look: str = "") -> Markup:
    """A table."""
    heads = [
        tag("th", name(column.head), scope="col", role="columnheader", class_="n" if column.figures else None)
        for column in columns
    ]
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *heads, role="row"), role="rowgroup"),
        *(_part(part, columns) for part in parts),
        role="table",
        class_=f"grid {look}".strip(),
    )


def _part(part: Part, columns: Sequence[Column]) -> Markup:
    head = None
    if part.head:
        cell = tag("th", part.head, scope="rowgroup", role="rowheader", colspan=str(len(columns)))
        head = tag("tr", cell, role="row", class_="part")
    return tag("tbody", head, *(_line(line, columns) for line in part.lines), role="rowgroup")


def _line(line: Line, columns: Sequence[Column]) -> Markup:
    looks = line.looks or [""] * len(columns)
    cells = [
        _cell(cell, column, look, first=place == 0)
        for place, (cell, column, look) in enumerate(zip(line.cells, columns, looks, strict=True))
    ]
    return tag("tr", *cells, role="row", class_="total" if line.total else None)


def _cell(cell: str | Markup, column: Column, look: str, *, first: bool) -> Markup:
    looks = " ".join(
        filter(None, ("n" if column.figures else "", look, "empty" if column.optional and not cell else ""))
    )
    if first:
        return tag("th", cell, scope="row", role="rowheader", class_=looks or None)
    return tag("td", cell, role="cell", data_label=column.head, class_=looks or None)
