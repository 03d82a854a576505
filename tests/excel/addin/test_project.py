"""The VBA project by [MS-OVBA], taken apart by hand."""

import re
import struct
from collections.abc import Iterator

import pytest

from rebal_xl.excel.addin.modules import Kind, Module, SourceError
from rebal_xl.excel.addin.project import vba_project
from tests.excel.addin.compound_reader import read_compound
from tests.excel.addin.decompress import decompress

MODULES = [Module("ThisWorkbook", Kind.WORKBOOK, ""), Module("Formulas", Kind.STANDARD, "Sub A()\nEnd Sub\n")]
# record numbers of the dir stream, 2.3.4.2
NAME, NAME_WIDE, OFFSET, STANDARD, DOCUMENT, END = 0x19, 0x47, 0x31, 0x21, 0x22, 0x10


@pytest.fixture(scope="module")
def streams() -> dict[str, bytes]:
    return read_compound(vba_project("RebalXL", MODULES))


def records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a dir stream."""
    at = 0
    while at < len(stream):
        number, size = struct.unpack_from("<HI", stream, at)
        size = 6 if number == 0x09 else size  # PROJECTVERSION says 4
        yield number, stream[at + 6 : at + 6 + size]
        at += 6 + size


def decrypted(field: str) -> tuple[int, int, bytes]:
    """Version, key and data of an obfuscated field, by 2.4.3.3."""
    seed, version, key, *rest = bytes.fromhex(field)
    clear, last, before = seed ^ key, key, version
    out = bytearray()
    for byte in rest:
        out.append(byte ^ (before + clear & 0xFF))
        before, last, clear = last, byte, out[-1]
    data = out[(seed & 6) // 2 :]
    assert struct.unpack_from("<I", data)[0] == len(data) - 4
    return seed ^ version, seed ^ key, bytes(data[4:])


def test_it_holds_sources_only(streams: dict[str, bytes]) -> None:
    assert streams["VBA/_VBA_PROJECT"][:4] == bytes.fromhex("CC61FFFF")
    assert not [name for name in streams if "__SRP_" in name]
    for module in MODULES:
        assert decompress(streams[f"VBA/{module.name}"]) == module.encoded()
    offsets = [data for number, data in records(decompress(streams["VBA/dir"])) if number == OFFSET]
    assert offsets == [bytes(4)] * len(MODULES)


def test_the_directory_names_each_module_in_both_encodings(streams: dict[str, bytes]) -> None:
    found = list(records(decompress(streams["VBA/dir"])))
    assert [data.decode("cp1252") for number, data in found if number == NAME] == [m.name for m in MODULES]
    assert [data.decode("utf-16-le") for number, data in found if number == NAME_WIDE] == [m.name for m in MODULES]
    assert [number for number, _ in found if number in (STANDARD, DOCUMENT)] == [DOCUMENT, STANDARD]
    assert found[-1] == (END, b"")


def test_nothing_is_protected_and_the_fields_open_with_the_projects_own_key(streams: dict[str, bytes]) -> None:
    text = streams["PROJECT"].decode("cp1252")
    identifier = re.search(r'^ID="(.*)"\r$', text, re.MULTILINE)
    assert identifier
    key = sum(identifier[1].encode()) & 0xFF
    fields = dict(re.findall(r'^(CMG|DPB|GC)="([0-9A-F]+)"\r$', text, re.MULTILINE))
    # 2.3.1.15 to 2.3.1.17: no protection, no password, visible
    assert {name: decrypted(field) for name, field in fields.items()} == {
        "CMG": (2, key, bytes(4)),
        "DPB": (2, key, b"\0"),
        "GC": (2, key, b"\xff"),
    }


def test_document_and_module_are_listed_as_such(streams: dict[str, bytes]) -> None:
    lines = streams["PROJECT"].decode("cp1252").split("\r\n")
    assert "Document=ThisWorkbook/&H00000000" in lines
    assert "Module=Formulas" in lines


def test_two_modules_of_one_name_are_refused() -> None:
    with pytest.raises(SourceError, match="same name"):
        vba_project("RebalXL", [*MODULES, Module("FORMULAS", Kind.STANDARD, "")])
