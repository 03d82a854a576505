"""
Our cell styles, appended to the advisor's style sheet.
Formats are looked up before they are added, so that a second run adds nothing; every index the advisor's cells
use stays what it was. Ours refer to the Normal style and carry their own fonts, so they look as designed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from rebal_xl.files.opc import MAIN
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.xmltext import Element, XmlText, attribute, escape, tree

# The schema's order of the style sheet's children (ECMA-376 part 1, CT_Stylesheet).
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles")
# The order of a font's children (CT_Font), and of a rich text run's properties (CT_RPrElt).
_FONT = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
_RUN = (
    *("rFont", "charset", "family", "b", "i", "strike", "outline", "shadow", "condense", "extend"),
    *("color", "sz", "u", "vertAlign", "scheme"),
)
# Number formats below this number are built into Excel (ECMA-376 part 1, 18.8.30).
_FIRST_CUSTOM_FORMAT = 164
# Excel specifications and limits: unique cell formats of a workbook.
_MOST_CELL_FORMATS = 65_490
_APPLY = ("applyNumberFormat", "applyFont", "applyFill", "applyBorder", "applyAlignment", "applyProtection")
# Attributes that say nothing when they have this value.
_DEFAULTS = {"pivotButton": "0", "quotePrefix": "0", "patternType": "none"}

_EMPTY_SHEET = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""

# What a list must start with before ours may follow: index 0 is what the advisor's plain cells already use.
_SEEDS = {
    "fonts": ('<{p}font><{p}sz val="11"/><{p}name val="Calibri"/><{p}family val="2"/></{p}font>',),
    "fills": (
        '<{p}fill><{p}patternFill patternType="none"/></{p}fill>',
        '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill>',
    ),
    "borders": ("<{p}border><{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/></{p}border>",),
    "cellXfs": ('<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
}

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class StyleMap:
    """Where our style numbers went in the advisor's style sheet."""

    # our cell format -> theirs
    cell: dict[int, int]
    # our differential format (conditional formats, tables) -> theirs
    differential: dict[int, int]


@dataclass(slots=True)
class _Collection:
    """One list of the style sheet (fonts, fills, …): what it holds and what we add."""

    element: Element | None
    known: dict[Key, int]
    length: int
    added: list[str] = field(default_factory=list)

    def place(self, key: Key, markup: str) -> int:
        if key not in self.known:
            self.known[key] = self.length
            self.length += 1
            self.added.append(markup)
        return self.known[key]


def empty_style_sheet() -> bytes:
    """The style sheet for a workbook that has none."""
    return _EMPTY_SHEET.encode()


def merge_styles(theirs: bytes, ours: bytes, part: str) -> tuple[bytes, StyleMap]:
    """Append our formats to their style sheet; returns the new bytes and where each of ours is now."""
    merger = _Merger(XmlText(theirs, part))
    root = tree(ours)
    formats = merger.number_formats(root)
    fonts = [merger.place("fonts", sorted_font(font)) for font in _items(root, "fonts")]
    fills = [merger.place("fills", fill) for fill in _items(root, "fills")]
    borders = [merger.place("borders", border) for border in _items(root, "borders")]
    cell: dict[int, int] = {}
    for index, xf in enumerate(_items(root, "cellXfs")):
        xf.set("numFmtId", str(formats.get(int(xf.get("numFmtId", "0")), int(xf.get("numFmtId", "0")))))
        xf.set("fontId", str(fonts[int(xf.get("fontId", "0"))]))
        xf.set("fillId", str(fills[int(xf.get("fillId", "0"))]))
        xf.set("borderId", str(borders[int(xf.get("borderId", "0"))]))
        merger.complete_cell_format(xf)
        cell[index] = merger.place("cellXfs", xf)
    differential: dict[int, int] = {}
    for index, dxf in enumerate(_items(root, "dxfs")):
        for number_format in dxf.iter(_tag("numFmt")):
            held = int(number_format.get("numFmtId", "0"))
            number_format.set("numFmtId", str(merger.number_format(held, number_format.get("formatCode", ""))))
        for font in dxf.iter(_tag("font")):
            sorted_font(font)
        differential[index] = merger.place("dxfs", dxf)
    return merger.result(), StyleMap(cell, differential)


def sorted_font(font: etree._Element) -> etree._Element:
    """The font with its children in the schema's order (openpyxl writes them in its own)."""
    font[:] = sorted(font, key=lambda child: _FONT.index(_local(child)))
    return font


def sorted_run(properties: etree._Element) -> etree._Element:
    """A rich text run's properties in the schema's order."""
    properties[:] = sorted(properties, key=lambda child: _RUN.index(_local(child)))
    return properties


class _Merger:
    """Looks formats up in one style sheet and gathers what must be added to it."""

    def __init__(self, xml: XmlText) -> None:
        self.xml = xml
        self.prefix = xml.root.prefix
        self.collections = {name: self._collection(name) for name in ("fonts", "fills", "borders", "cellXfs", "dxfs")}
        formats = xml.root.child("numFmts")
        self.codes: dict[str, int] = {}
        self.added_formats: list[str] = []
        held = [*(formats.children if formats else ()), *_within(xml.root.child("dxfs"), "numFmt")]
        numbers = [e.number("numFmtId") for e in held]
        for e in formats.children if formats else ():
            self.codes.setdefault(e.attributes.get("formatCode", ""), e.number("numFmtId"))
        self.next_format = max([_FIRST_CUSTOM_FORMAT - 1, *numbers]) + 1
        self.normal = self._normal_style()

    def number_formats(self, ours: etree._Element) -> dict[int, int]:
        """Our custom number formats' numbers -> theirs."""
        return {
            int(e.get("numFmtId", "0")): self.number_format(int(e.get("numFmtId", "0")), e.get("formatCode", ""))
            for e in _items(ours, "numFmts")
        }

    def number_format(self, number: int, code: str) -> int:
        """The number under which a format code is known, added when it is new."""
        if number < _FIRST_CUSTOM_FORMAT:
            return number
        if code not in self.codes:
            self.codes[code] = self.next_format
            self.added_formats.append(
                f'<{self.prefix}numFmt numFmtId="{self.next_format}" formatCode={attribute(code)}/>'
            )
            self.next_format += 1
        return self.codes[code]

    def complete_cell_format(self, xf: etree._Element) -> None:
        """Tie a cell format to the Normal style and say that its own settings apply."""
        if self.normal is None:
            xf.attrib.pop("xfId", "")
        else:
            xf.set("xfId", str(self.normal))
        for name in _APPLY[:4]:
            xf.set(name, "1")

    def place(self, name: str, ours: etree._Element) -> int:
        """The index of a format in one of their lists, added when it is new."""
        return self.collections[name].place(_key_of_ours(ours), _markup(ours, self.prefix))

    def result(self) -> bytes:
        """Their style sheet with everything gathered."""
        formats = self.xml.root.child("numFmts")
        if self.added_formats:
            held = len(formats.children) if formats else 0
            self._write("numFmts", formats, self.added_formats, held + len(self.added_formats))
        if self.collections["cellXfs"].length > _MOST_CELL_FORMATS:
            raise FileRefused(
                f"The workbook already uses nearly all of the {_MOST_CELL_FORMATS:,} cell formats that Excel allows. "
                "Copy its sheets into a new workbook, which drops the unused ones."
            )
        for name, collection in self.collections.items():
            if collection.added:
                self._write(name, collection.element, collection.added, collection.length)
        return self.xml.result()

    def _write(self, name: str, element: Element | None, added: list[str], length: int) -> None:
        content = "".join(added)
        if element is not None:
            self.xml.append(element, content)
            if "count" in element.attributes:
                self.xml.set_attribute(element, "count", str(length))
            return
        markup = f'<{self.prefix}{name} count="{length}">{content}</{self.prefix}{name}>'
        before = [e for e in self.xml.root.children if e.local in _ORDER[: _ORDER.index(name)]]
        if before:
            self.xml.insert_after(before[-1], markup)
        else:
            self.xml.prepend(self.xml.root, markup)

    def _collection(self, name: str) -> _Collection:
        element = self.xml.root.child(name)
        known: dict[Key, int] = {}
        children = element.children if element else []
        for index, child in enumerate(children):
            known.setdefault(_key_of_theirs(child), index)
        made = _Collection(element, known, len(children))
        # An empty or missing list: what index 0 stands for must not become ours.
        if not children:
            made.added = [seed.format(p=self.prefix) for seed in _SEEDS.get(name, ())]
            made.length = len(made.added)
        return made

    def _normal_style(self) -> int | None:
        """The base format of the style called Normal; None when the sheet has no base formats."""
        bases = self.xml.root.child("cellStyleXfs")
        if bases is None or not bases.children:
            return None
        styles = self.xml.root.child("cellStyles")
        for style in styles.children if styles else ():
            if style.attributes.get("builtinId") == "0":
                return style.number("xfId")
        return 0


def _tag(local: str) -> str:
    return f"{{{MAIN}}}{local}"


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _items(root: etree._Element, name: str) -> list[etree._Element]:
    found = root.find(_tag(name))
    return [] if found is None else list(found)


def _within(element: Element | None, local: str) -> Iterable[Element]:
    for child in element.children if element else ():
        if child.local == local:
            yield child
        yield from _within(child, local)


def _key(local: str, attributes: dict[str, str], children: list[Key]) -> Key:
    """What makes two formats the same: order of a font's children, default values and apply-flags do not."""
    told = {name: value for name, value in attributes.items() if _DEFAULTS.get(name) != value and name not in _APPLY}
    # <b/> and <b val="1"/> say the same.
    if not children and told.get("val") in ("1", "true") and local in ("b", "i", "strike", "outline", "shadow"):
        del told["val"]
    ordered = sorted(children, key=repr) if local == "font" else children
    return (local, tuple(sorted(told.items())), tuple(ordered))


def _key_of_theirs(element: Element) -> Key:
    return _key(element.local, element.attributes, [_key_of_theirs(child) for child in element.children])


def _key_of_ours(element: etree._Element) -> Key:
    attributes = {str(name): str(value) for name, value in element.attrib.items()}
    return _key(_local(element), attributes, [_key_of_ours(child) for child in element])


def _markup(element: etree._Element, prefix: str) -> str:
    """One of our elements as text under their prefix."""
    name = prefix + _local(element)
    attributes = "".join(f" {key!s}={attribute(str(value))}" for key, value in element.attrib.items())
    content = escape(element.text or "") + "".join(_markup(child, prefix) for child in element)
    return f"<{name}{attributes}>{content}</{name}>" if content else f"<{name}{attributes}/>"
