"""
How the parts of a workbook file refer to each other: relationships, content types and part names.
Part names are found by following `_rels/.rels`, never assumed: other programs call them what they like.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from rebal_xl.files.package import Package
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.xmltext import XmlText, attribute

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES_PART = "[Content_Types].xml"
_STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SIGNATURE_ORIGIN = PACKAGE_RELATIONSHIPS + "/digital-signature/origin"

# Endings that a package names once for all (Default); everything else of ours gets its own Override.
_SHARED_ENDINGS = frozenset({"rels", "vml", "png", "jpeg", "jpg", "gif", "emf", "wmf"})


@dataclass(frozen=True, slots=True)
class Relationship:
    """One arrow from a part to another part or to the outside."""

    id: str
    type: str
    # as written: relative, absolute or a URL
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of its type, e.g. "worksheet"."""
        return self.type.rpartition("/")[2]


def rels_name(part: str) -> str:
    """The name of the part that holds another part's relationships."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", base + ".rels")


def resolve(part: str, target: str) -> str:
    """The part that a target, written in `part`, means."""
    target = unquote(target.partition("#")[0])
    if target.startswith("/"):
        return posixpath.normpath(target.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def relationships(package: Package, part: str) -> list[Relationship]:
    """The relationships of a part, in order; none when it has no relationship part."""
    held = package.get(rels_name(part))
    if held is None:
        return []
    return [
        Relationship(
            e.attributes.get("Id", ""),
            e.attributes.get("Type", ""),
            e.attributes.get("Target", ""),
            e.attributes.get("TargetMode") == "External",
        )
        for e in XmlText(held.data, held.name).root.children
        if e.local == "Relationship"
    ]


def internal_targets(package: Package, part: str) -> list[str]:
    """The parts inside the package that a part points to."""
    return [resolve(part, r.target) for r in relationships(package, part) if not r.external]


def reachable(package: Package, starts: Iterable[str], without: frozenset[str] = frozenset()) -> set[str]:
    """Every part (lower-case names) that can be reached from `starts`, not walking into `without`."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        part = waiting.pop()
        key = part.lower()
        if key in seen or key in without or (part and part not in package):
            continue
        seen.add(key)
        if rels_name(part) in package:
            seen.add(rels_name(part).lower())
        waiting.extend(internal_targets(package, part))
    return seen


def main_part(package: Package, name: str) -> str:
    """The workbook part. Raises FileRefused for anything but a transitional xlsx or xlsm workbook."""
    if "mimetype" in package and b"opendocument" in package.data("mimetype"):
        raise FileRefused(f"'{name}' is an OpenDocument spreadsheet. Save it as an Excel workbook (.xlsx).")
    for arrow in relationships(package, ""):
        if arrow.type == _STRICT_RELATIONSHIPS + "/officeDocument":
            raise FileRefused(
                f"'{name}' is saved as 'Strict Open XML Spreadsheet'. Save it as 'Excel Workbook (.xlsx)'."
            )
        if arrow.type == RELATIONSHIPS + "/officeDocument":
            part = package.get(resolve("", arrow.target))
            if part is not None:
                _refuse_other_documents(package, part.name, name)
                return part.name
    raise FileRefused(f"'{name}' is no Excel workbook: it has no workbook part. Save it again in Excel as .xlsx.")


def _refuse_other_documents(package: Package, part: str, name: str) -> None:
    content_type = ContentTypes(package).type_of(part)
    if part.lower().endswith(".bin") or "binary" in content_type:
        raise FileRefused(f"'{name}' is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx or .xlsm).")
    # application/vnd.openxmlformats-officedocument.spreadsheetml.* and application/vnd.ms-excel.* (macros)
    if "spreadsheetml" not in content_type and "ms-excel" not in content_type:
        raise FileRefused(f"'{name}' is no Excel workbook ({content_type or 'no content type'}).")


def is_signed(package: Package) -> bool:
    """Whether the file carries a digital signature, which any change would break."""
    return any(arrow.type == _SIGNATURE_ORIGIN for arrow in relationships(package, ""))


class ContentTypes:
    """The list of content types, appended to for new parts."""

    def __init__(self, package: Package) -> None:
        self.xml = XmlText(package.data(CONTENT_TYPES_PART), CONTENT_TYPES_PART)
        self.defaults: dict[str, str] = {}
        self.overrides: dict[str, str] = {}
        for e in self.xml.root.children:
            kind = e.attributes.get("ContentType", "")
            if e.local == "Default":
                self.defaults[e.attributes.get("Extension", "").lower()] = kind
            elif e.local == "Override":
                self.overrides[e.attributes.get("PartName", "").lstrip("/").lower()] = kind

    def type_of(self, part: str) -> str:
        return self.overrides.get(part.lower()) or self.defaults.get(part.rpartition(".")[2].lower(), "")

    def add(self, part: str, content_type: str) -> None:
        """Name a new part's content type."""
        ending = part.rpartition(".")[2].lower()
        if self.type_of(part) == content_type:
            return
        prefix = self.xml.root.prefix
        if ending in _SHARED_ENDINGS and ending not in self.defaults:
            self.defaults[ending] = content_type
            key = f"Default Extension={attribute(ending)}"
        else:
            self.overrides[part.lower()] = content_type
            key = f"Override PartName={attribute('/' + part)}"
        self.xml.append(self.xml.root, f"<{prefix}{key} ContentType={attribute(content_type)}/>")

    def remove(self, parts: frozenset[str]) -> None:
        """Forget parts that are removed (lower-case names)."""
        for e in self.xml.root.children:
            name = e.attributes.get("PartName", "").lstrip("/").lower()
            if e.local == "Override" and name in parts:
                self.xml.remove(e)
                self.overrides.pop(name, None)
