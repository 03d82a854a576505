"""
XML that is edited where it stands: elements with their byte positions, and insertions between the old bytes.
A parsed and re-written tree would change quotes, prefixes and spaces that we do not understand; here every
byte that an edit does not name stays as it was.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from lxml import etree

from rebal_xl.files.refusal import FileRefused

_ATTRIBUTE = re.compile(rb"([^\s=/<>\"']+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_TAG = re.compile(rb"<(?:[^>\"']+|\"[^\"]*\"|'[^']*')*>")
_NAMESPACE_MARK = " "
# What a style sheet with every format Excel allows stays far below; a file made to harm does not.
_MOST_ELEMENTS = 2_000_000
_DEEPEST = 100
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


@dataclass(slots=True)
class Element:
    """One element and where it stands in the text."""

    # namespace URI and local name
    namespace: str
    local: str
    # as written, prefix included
    qname: str
    # attribute values, keyed by local name, or by "namespace name" where the attribute has a namespace
    attributes: dict[str, str]
    # byte positions: "<", behind the start tag, "<" of the end tag, behind the end tag
    start: int
    inner_start: int
    inner_end: int = 0
    end: int = 0
    parent: Element | None = field(default=None, repr=False)
    children: list[Element] = field(default_factory=list, repr=False)

    @property
    def self_closed(self) -> bool:
        return self.inner_end == self.end

    @property
    def prefix(self) -> str:
        """ "x:" or "": what our own child elements of the same namespace must carry."""
        return self.qname.partition(":")[0] + ":" if ":" in self.qname else ""

    def number(self, name: str, default: int = 0) -> int:
        """A whole number among the attributes. Raises FileRefused when something else stands there."""
        held = self.attributes.get(name)
        if held is None:
            return default
        if not held.strip().isdecimal():
            raise FileRefused(
                f"The workbook is damaged: '{name}' of '{self.local}' is '{held[:40]}' where a number belongs. "
                "Open it in Excel, repair it and save it again."
            )
        return int(held)

    def child(self, local: str) -> Element | None:
        return next((e for e in self.children if e.local == local and e.namespace == self.namespace), None)

    def all(self, local: str) -> list[Element]:
        return [e for e in self.children if e.local == local and e.namespace == self.namespace]


class XmlText:
    """An XML part, its elements, and the edits gathered so far."""

    def __init__(self, data: bytes, part: str) -> None:
        """Raises FileRefused when `data` is not well-formed XML or declares a DTD; `part` is for the sentence."""
        self.part = part
        self._bom, self._encoding, self.text = _to_utf8(data, part)
        self._edits: list[tuple[int, int, bytes]] = []
        # self-closed elements that get content: position behind the element -> (its "/", its name, the content)
        self._opened: dict[int, tuple[int, str, list[str]]] = {}
        self._count = 0
        self.root = self._parse()

    @property
    def edited(self) -> bool:
        return bool(self._edits or self._opened)

    def inner_text(self, element: Element) -> str:
        """The element's raw inner text, entities resolved for the five that XML knows."""
        raw = self.text[element.inner_start : element.inner_end].decode("utf-8")
        return _unescape(raw)

    def append(self, element: Element, xml: str) -> None:
        """Insert markup as the last content of `element`."""
        if element.self_closed:
            slash = element.end - len(b"/>")
            self._opened.setdefault(element.end, (slash, element.qname, []))[2].append(xml)
        else:
            self._edits.append((element.inner_end, element.inner_end, xml.encode()))

    def prepend(self, element: Element, xml: str) -> None:
        """Insert markup as the first content of `element`."""
        if element.self_closed:
            self.append(element, xml)
        else:
            self._edits.append((element.inner_start, element.inner_start, xml.encode()))

    def insert_after(self, element: Element, xml: str) -> None:
        """Insert markup right behind `element`."""
        self._edits.append((element.end, element.end, xml.encode()))

    def insert_before(self, element: Element, xml: str) -> None:
        """Insert markup right before `element`."""
        self._edits.append((element.start, element.start, xml.encode()))

    def remove(self, element: Element) -> None:
        """Take an element out, with its content."""
        self._edits.append((element.start, element.end, b""))

    def set_attribute(self, element: Element, name: str, value: str) -> None:
        """Change (or add) one attribute that has no namespace."""
        quoted = quoteattr(value).encode()
        tag = self.text[element.start : element.inner_start]
        for match in _ATTRIBUTE.finditer(tag):
            if match[1].decode("utf-8") == name:
                self._edits.append((element.start + match.start(2), element.start + match.end(2), quoted))
                return
        behind_name = element.start + 1 + len(element.qname.encode())
        self._edits.append((behind_name, behind_name, f" {name}=".encode() + quoted))

    def set_text(self, element: Element, text: str) -> None:
        """Change the text of an element that holds text only."""
        self._edits.append((element.inner_start, element.inner_end, escape(text).encode()))

    def prefix_of(self, namespace: str) -> str | None:
        """The prefix bound to a namespace on the root element, without colon; None when there is none."""
        for match in _ATTRIBUTE.finditer(self.text[self.root.start : self.root.inner_start]):
            name = match[1].decode("utf-8")
            if name.startswith("xmlns:") and _unescape(match[2][1:-1].decode("utf-8")) == namespace:
                return name.removeprefix("xmlns:")
        return None

    def result(self) -> bytes:
        """The text with every edit made, in the encoding it came in."""
        out = bytearray()
        position = 0
        edits = list(self._edits)
        for behind, (slash, qname, content) in self._opened.items():
            edits.append((slash, behind, f">{''.join(content)}</{qname}>".encode()))
        for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
            if start < position:
                raise ValueError(f"edits of {self.part} overlap at byte {start}")
            out += self.text[position:start] + new
            position = end
        out += self.text[position:]
        if self._encoding == "utf-8":
            return self._bom + bytes(out)
        return self._bom + out.decode("utf-8").encode(self._encoding, "xmlcharrefreplace")

    def _parse(self) -> Element:
        parser = expat.ParserCreate("utf-8", _NAMESPACE_MARK)
        stack: list[Element] = []
        roots: list[Element] = []

        def on_start(name: str, attributes: dict[str, str]) -> None:
            start = parser.CurrentByteIndex
            inner_start = _tag_end(self.text, start)
            namespace, _, local = name.rpartition(_NAMESPACE_MARK)
            written = re.match(rb"<([^\s/>]+)", self.text[start:inner_start])
            qname = written[1].decode("utf-8") if written else local
            self._count += 1
            if self._count > _MOST_ELEMENTS or len(stack) > _DEEPEST:
                raise _damaged(self.part, "it has more elements than any workbook needs")
            parent = stack[-1] if stack else None
            element = Element(namespace, local, qname, attributes, start, inner_start, parent=parent)
            (parent.children if parent else roots).append(element)
            stack.append(element)

        def on_end(_: str) -> None:
            element = stack.pop()
            if self.text[element.inner_start - 2 : element.inner_start] == b"/>":
                element.inner_end = element.end = element.inner_start
            else:
                element.inner_end = parser.CurrentByteIndex
                element.end = self.text.index(b">", element.inner_end) + 1

        def on_doctype(*_: object) -> None:
            raise FileRefused(f"The workbook is refused: its part '{self.part}' declares a DTD.")

        parser.StartElementHandler = on_start
        parser.EndElementHandler = on_end
        parser.StartDoctypeDeclHandler = on_doctype
        try:
            parser.Parse(self.text, True)
        except expat.ExpatError as error:
            raise _damaged(self.part, str(error)) from error
        return roots[0]


def tree(data: bytes, part: str = "result sheet") -> etree._Element:
    """A part as a tree that resolves nothing and fetches nothing. Raises FileRefused when it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _damaged(part, str(error)) from error


def escape(text: str) -> str:
    """Text as element content."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Text as a quoted attribute value."""
    return quoteattr(text)


def _unescape(text: str) -> str:
    def entity(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("#x"):
            return chr(int(name[2:], 16))
        if name.startswith("#"):
            return chr(int(name[1:]))
        return {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}[name]

    return re.sub(r"&(#x[0-9A-Fa-f]+|#[0-9]+|amp|lt|gt|quot|apos);", entity, text)


def _tag_end(text: bytes, start: int) -> int:
    """The position behind the ">" that closes the tag at `start`; a ">" inside quotes does not."""
    tag = _TAG.match(text, start)
    if tag is None:
        raise ValueError(f"no tag at byte {start}")
    return tag.end()


def _to_utf8(data: bytes, part: str) -> tuple[bytes, str, bytes]:
    """The byte order mark, the encoding, and the text as UTF-8."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return bom, encoding, _recode(data[len(bom) :], encoding, part)
    if data[:4] == b"<\0?\0":
        return b"", "utf-16-le", _recode(data, "utf-16-le", part)
    if data[:4] == b"\0<\0?":
        return b"", "utf-16-be", _recode(data, "utf-16-be", part)
    declared = _DECLARED.match(data[:200])
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    return b"", encoding, _recode(data, encoding, part)


def _recode(data: bytes, encoding: str, part: str) -> bytes:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise _damaged(part, str(error)) from error
    return text.encode("utf-8")


def _damaged(part: str, why: str) -> FileRefused:
    return FileRefused(
        f"The workbook is damaged: its part '{part}' cannot be read ({why}). Open it in Excel, repair it and save it "
        "again."
    )
