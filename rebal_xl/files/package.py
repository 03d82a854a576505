"""
A workbook file as its raw parts: the zip entries in their order, each as the bytes it holds.
Nothing here understands a spreadsheet. Reading distrusts the file: sizes are counted while unpacking, never
believed, and anything a workbook program would not write (doubled names, paths, DTDs) is refused in a sentence.
"""

from __future__ import annotations

import dataclasses
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from xml.parsers import expat

from rebal_xl.files.refusal import FileRefused

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
# Parts up to this size (bytes) are held when a package is only read from.
_HELD = 4 << 20
# A document type can only stand before the first element, and no program writes this much (bytes) before that.
_PROLOG = 1 << 18
_ZIP_FLAG_ENCRYPTED = 0x1
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
# Byte order marks, the zeros of UTF-16, and white space.
_BEFORE_XML = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"
_XML_ENDINGS = (".xml", ".rels")


@dataclass(frozen=True, slots=True)
class PackageLimits:
    """How large a file we unpack; a household's workbook is far below each of these."""

    # size of the file on disk, bytes
    file_bytes: int = 200 * 1024 * 1024
    # zip entries
    entries: int = 10_000
    # one part, unpacked, bytes
    part_bytes: int = 300 * 1024 * 1024
    # all parts together, unpacked, bytes
    total_bytes: int = 600 * 1024 * 1024
    # unpacked size over packed size; only looked at beyond `ratio_floor`
    ratio: int = 300
    # parts up to this unpacked size, bytes, may have any ratio
    ratio_floor: int = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One zip entry."""

    # as written in the zip, e.g. "xl/workbook.xml"
    name: str
    # unpacked
    data: bytes
    # zip method: stored (0) or deflated (8)
    method: int = zipfile.ZIP_DEFLATED
    # the entry's own time stamp, kept so that an untouched entry stays as it was
    stamp: tuple[int, int, int, int, int, int] = _ZIP_EPOCH
    # permission bits and the system they belong to, kept as found
    external_attr: int = 0
    system: int = 0
    # too large to be held: `data` is empty, and the package opens it
    packed: bool = False


class Package:
    """The parts of a workbook file, in order, found by name without regard to case (as Office does)."""

    __slots__ = ("_parts", "_source")

    def __init__(self, parts: Mapping[str, Part] | tuple[Part, ...] = (), source: bytes = b"") -> None:
        listed = parts.values() if isinstance(parts, Mapping) else parts
        self._parts: dict[str, Part] = {part.name.lower(): part for part in listed}
        # the file, where large parts were left packed
        self._source = source

    @staticmethod
    def read(path: Path, limits: PackageLimits | None = None) -> Package:
        """Read a workbook file. Raises FileRefused with a sentence when it is no file we can use."""
        return Package.from_bytes(read_bytes(path, limits or PackageLimits()), path.name, limits)

    @staticmethod
    def to_stream(path: Path, limits: PackageLimits | None = None) -> Package:
        """As `read`, to be read from once: large parts stay packed, and `open` unpacks them bit by bit."""
        data = read_bytes(path, limits or PackageLimits())
        return Package(tuple(_unpack(data, path.name, limits or PackageLimits(), _HELD)), data)

    def open(self, name: str) -> BinaryIO:
        """A part that must be there, from its beginning. Raises FileRefused when it is missing."""
        part = self._parts.get(name.lower())
        if part is None or not part.packed:
            return io.BytesIO(self.data(name))
        return cast(BinaryIO, zipfile.ZipFile(io.BytesIO(self._source)).open(part.name))

    @staticmethod
    def from_bytes(data: bytes, name: str, limits: PackageLimits | None = None) -> Package:
        """Read a workbook held in memory; `name` is only for the sentences."""
        return Package(tuple(_unpack(data, name, limits or PackageLimits())))

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts.values())

    def __len__(self) -> int:
        return len(self._parts)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self._parts.values())

    def get(self, name: str) -> Part | None:
        part = self._parts.get(name.lower())
        if part is None or not part.packed:
            return part
        with self.open(name) as stream:
            return dataclasses.replace(part, data=stream.read(), packed=False)

    def data(self, name: str) -> bytes:
        """The bytes of a part that must be there. Raises FileRefused when it is missing."""
        part = self.get(name)
        if part is None:
            raise FileRefused(
                f"The workbook is damaged: its part '{name}' is missing. Open it in Excel, repair it and save it again."
            )
        return part.data

    def changed(self, replaced: Mapping[str, bytes], removed: frozenset[str] = frozenset()) -> Package:
        """A copy with some parts replaced in place, new ones at the end, and some removed."""
        gone = {name.lower() for name in removed}
        parts = {key: part for key, part in self._parts.items() if key not in gone}
        for name, data in replaced.items():
            old = parts.get(name.lower())
            if old is None:
                parts[name.lower()] = Part(name, data)
            else:
                parts[name.lower()] = dataclasses.replace(old, data=data)
        return Package(parts)

    def to_bytes(self) -> bytes:
        """The zip file."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for part in self:
                info = zipfile.ZipInfo(part.name, part.stamp)
                info.compress_type = part.method
                info.external_attr = part.external_attr
                info.create_system = part.system
                archive.writestr(info, part.data)
        return out.getvalue()


def read_bytes(path: Path, limits: PackageLimits) -> bytes:
    """The file's bytes, with one sentence for everything that can go wrong on the way."""
    try:
        if path.stat().st_size > limits.file_bytes:
            raise FileRefused(
                f"'{path.name}' is larger than {limits.file_bytes // 2**20} MB, too large for a household workbook. "
                "Move pictures and old sheets to another file."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise FileRefused(f"There is no file '{path.name}' in the folder '{path.parent}'.") from None
    except IsADirectoryError:
        raise FileRefused(f"'{path.name}' is a folder, not a workbook.") from None
    except PermissionError:
        raise FileRefused(
            f"'{path.name}' cannot be read: it is open in another program, or you have no right to read it. "
            "Close it there, or ask for access."
        ) from None
    except OSError as error:
        raise FileRefused(f"'{path.name}' cannot be read: {error.strerror or error}.") from error


def _unpack(data: bytes, name: str, limits: PackageLimits, held: int | None = None) -> Iterator[Part]:
    """The parts; those of more than `held` bytes are unpacked once, to be checked, and left packed."""
    _refuse_other_formats(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_directory(entries, name, limits)
            total = 0
            for entry in entries:
                part, size = _read_entry(archive, entry, name, limits, limits.total_bytes - total, held)
                total += size
                if _may_be_xml(entry.filename, part) and has_dtd(part):
                    raise FileRefused(
                        f"'{name}' is refused: its part '{entry.filename}' declares a DTD or hides its beginning, "
                        "which no spreadsheet program does and which can be used for attacks. Save the workbook again "
                        "in Excel."
                    )
                yield Part(
                    entry.filename,
                    part if len(part) == size else b"",
                    entry.compress_type,
                    entry.date_time,
                    entry.external_attr,
                    entry.create_system,
                    packed=len(part) != size,
                )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, ValueError) as error:
        raise FileRefused(
            f"'{name}' is damaged or not complete ({error}). Open it in Excel, repair it and save it again."
        ) from error


def _refuse_other_formats(data: bytes, name: str) -> None:
    if data[:8] == _OLE_MAGIC:
        if _ENCRYPTED_STREAM in data:
            raise FileRefused(
                f"'{name}' is protected with a password to open. Save a copy without the password "
                "(File > Info > Protect Workbook > Encrypt with Password, and clear it)."
            )
        raise FileRefused(f"'{name}' is in the old Excel 97-2003 format. Save it as an Excel workbook (.xlsx).")
    if not data.startswith(b"PK"):
        raise FileRefused(f"'{name}' is not an Excel workbook. Save it as an Excel workbook (.xlsx) and try again.")


def _check_directory(entries: list[zipfile.ZipInfo], name: str, limits: PackageLimits) -> None:
    if len(entries) > limits.entries:
        raise FileRefused(f"'{name}' is refused: it holds {len(entries):,} parts, more than any workbook needs.")
    seen: set[str] = set()
    for entry in entries:
        _check_name(entry.filename, name)
        if entry.filename.lower() in seen:
            raise FileRefused(
                f"'{name}' is refused: it holds the part '{entry.filename}' twice, so two programs could read "
                "it differently. Save the workbook again in Excel."
            )
        seen.add(entry.filename.lower())
        if entry.flag_bits & _ZIP_FLAG_ENCRYPTED:
            raise FileRefused(f"'{name}' is encrypted. Save a copy without a password.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused(f"'{name}' is packed in a way Excel does not use. Save the workbook again in Excel.")
    placed = sorted(entries, key=lambda entry: entry.header_offset)
    for here, following in itertools.pairwise(placed):
        if here.header_offset + here.compress_size > following.header_offset:
            raise FileRefused(f"'{name}' is refused: its parts overlap, as in a zip bomb.")


def _check_name(entry_name: str, name: str) -> None:
    steps = entry_name.split("/")
    is_path_trick = entry_name.startswith("/") or "\\" in entry_name or ":" in entry_name
    if not entry_name or is_path_trick or ".." in steps or "." in steps or "\0" in entry_name:
        raise FileRefused(
            f"'{name}' is refused: it holds a part named '{entry_name}', which points outside the workbook."
        )


def _read_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: PackageLimits, room: int, held: int | None
) -> tuple[bytes, int]:
    """The bytes of an entry, only the first where there are more than `held`, and how many there are."""
    allowed = min(limits.part_bytes, room, max(limits.ratio_floor, limits.ratio * entry.compress_size))
    bomb = FileRefused(
        f"'{name}' is refused: its part '{entry.filename}' unpacks to far more data than a workbook of this size "
        "holds, as in a zip bomb."
    )
    # What the directory claims only shortens the work; what comes out of the unpacking is what counts.
    if entry.file_size > allowed:
        raise bomb
    chunks: list[bytes] = []
    size = 0
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > allowed:
                raise bomb
            chunks.append(chunk)
            if held is not None and size > held:
                # What a look for a document type needs.
                del chunks[max(1, _PROLOG // _CHUNK + 1) :]
    return b"".join(chunks), size


def _may_be_xml(name: str, data: bytes) -> bool:
    """By its name or by its first letter: a part may have any name, and who needs it finds it by its content type."""
    return name.lower().endswith(_XML_ENDINGS) or data[:64].lstrip(_BEFORE_XML).startswith(b"<")


class _Stop(Exception):
    """Ends the look at a part's first lines."""


def has_dtd(data: bytes) -> bool:
    """Whether an XML part declares a document type, or has no element where its first one must be."""
    found = False

    def on_doctype(*_: object) -> None:
        nonlocal found
        found = True
        raise _Stop

    def on_element(*_: object) -> None:
        raise _Stop

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_element
    try:
        parser.Parse(data[:_PROLOG], False)
    except _Stop:
        return found
    except (expat.ExpatError, ValueError, LookupError):
        # Not well-formed: whoever needs this part refuses it when parsing it; nobody else reads it.
        return b"<!DOCTYPE" in data[:_PROLOG]
    return len(data) > _PROLOG
