"""A VBA project as [MS-OVBA] lays it out: the streams of vbaProject.bin, with sources only and no compiled code.

The version of the compiled code is given as 0xFFFF, "none", so Excel compiles every module from its source when it
opens the add-in; module streams begin with their source (offset 0).
"""

import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from rebal_xl.excel.addin.compound import compound_file
from rebal_xl.excel.addin.compression import compress
from rebal_xl.excel.addin.modules import CODE_PAGE, ENCODING, Module, SourceError

# 2.3.4.1: the mark of the stream, "no compiled code", and three bytes without meaning.
NO_COMPILED_CODE = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0x00, 0x0001)
# 2.3.4.2.1.1: made by a 32-bit Windows; Excel of any kind reads it.
WINDOWS_32 = 1
US_ENGLISH = 0x0409
# 2.3.4.2.3.1 and 2.3.4.2.3.2.7: written as this and ignored on reading.
COOKIE = 0xFFFF
PROJECT_VERSION = (1, 1)

# Seeds of the three obfuscated fields of the PROJECT stream, 2.4.3.2; any byte will do, and these never change.
_SEEDS = {"CMG": 0x5D, "DPB": 0x3A, "GC": 0x97}
ENCRYPTION_VERSION = 2


@dataclass(frozen=True, slots=True)
class Reference:
    """A type library that the project refers to, 2.3.4.2.2.5, by the identifier of 2.1.1.8."""

    name: str
    library: str


# What every new workbook refers to beside VBA and Excel, which are never written.
REFERENCES = (
    Reference(
        "stdole",
        r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    ),
    Reference(
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0"
        r"#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """vbaProject.bin with the modules; SourceError for a source that Excel would not take, or two of one name."""
    if len({module.name.upper() for module in modules}) < len(modules):
        raise SourceError("two modules have the same name")
    streams = {
        "PROJECT": _project_stream(name, modules),
        "PROJECTwm": _names_stream(modules),
        "VBA/_VBA_PROJECT": NO_COMPILED_CODE,
        "VBA/dir": compress(_dir_stream(name, modules)),
    }
    for module in modules:
        streams[f"VBA/{module.name}"] = compress(module.encoded())
    return compound_file(streams)


def _dir_stream(name: str, modules: Sequence[Module]) -> bytes:
    """2.3.4.2: the project's information, its references and its modules, in the order of the specification."""
    information = (
        _record(0x0001, _u32(WINDOWS_32)),  # PROJECTSYSKIND
        _record(0x0002, _u32(US_ENGLISH)),  # PROJECTLCID
        _record(0x0014, _u32(US_ENGLISH)),  # PROJECTLCIDINVOKE
        _record(0x0003, _u16(CODE_PAGE)),  # PROJECTCODEPAGE
        _record(0x0004, _ansi(name)),  # PROJECTNAME
        _record(0x0005) + _record(0x0040),  # PROJECTDOCSTRING, none
        _record(0x0006) + _record(0x003D),  # PROJECTHELPFILEPATH, none
        _record(0x0007, _u32(0)),  # PROJECTHELPCONTEXT
        _record(0x0008, _u32(0)),  # PROJECTLIBFLAGS
        struct.pack("<HIIH", 0x0009, 4, *PROJECT_VERSION),  # PROJECTVERSION: its size says 4, 6 bytes follow
        _record(0x000C) + _record(0x003C),  # PROJECTCONSTANTS, none
    )
    body = b"".join(information) + b"".join(_reference(reference) for reference in REFERENCES)
    body += _record(0x000F, _u16(len(modules))) + _record(0x0013, _u16(COOKIE))
    return body + b"".join(_module_record(module) for module in modules) + _record(0x0010)


def _reference(reference: Reference) -> bytes:
    """2.3.4.2.2: the name of a library, then its registered identifier."""
    library = _ansi(reference.library)
    registered = _u32(len(library)) + library + struct.pack("<IH", 0, 0)
    return _record(0x0016, _ansi(reference.name)) + _record(0x003E, _wide(reference.name)) + _record(0x000D, registered)


def _module_record(module: Module) -> bytes:
    """2.3.4.2.3.2: one module, whose stream has its own name."""
    return b"".join(
        (
            _record(0x0019, _ansi(module.name)) + _record(0x0047, _wide(module.name)),  # MODULENAME
            _record(0x001A, _ansi(module.name)) + _record(0x0032, _wide(module.name)),  # MODULESTREAMNAME
            _record(0x001C) + _record(0x0048),  # MODULEDOCSTRING, none
            _record(0x0031, _u32(0)),  # MODULEOFFSET: the source begins the stream
            _record(0x001E, _u32(0)),  # MODULEHELPCONTEXT
            _record(0x002C, _u16(COOKIE)),  # MODULECOOKIE
            _record(0x0022 if module.kind.is_document else 0x0021),  # MODULETYPE
            _record(0x002B),
        )
    )


def _project_stream(name: str, modules: Sequence[Module]) -> bytes:
    """2.3.1: the project in text lines: what it holds, that nothing is protected, and where windows would open."""
    identifier = "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"vba:{name}")).upper() + "}"
    lines = [f'ID="{identifier}"']
    for module in modules:
        # 2.3.1.4, 2.3.1.5
        kept = f"Document={module.name}/&H00000000" if module.kind.is_document else f"Module={module.name}"
        lines.append(kept)
    lines += [
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_obfuscated(bytes(4), identifier, _SEEDS["CMG"])}"',  # 2.3.1.15: not protected
        f'DPB="{_obfuscated(bytes(1), identifier, _SEEDS["DPB"])}"',  # 2.3.1.16: no password
        f'GC="{_obfuscated(bytes([0xFF]), identifier, _SEEDS["GC"])}"',  # 2.3.1.17: visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return _ansi("\r\n".join(lines) + "\r\n")


def _names_stream(modules: Sequence[Module]) -> bytes:
    """PROJECTwm, 2.3.3: every module's name in both encodings."""
    names = (_ansi(module.name) + b"\0" + _wide(module.name) + b"\0\0" for module in modules)
    return b"".join(names) + b"\0\0"


def _obfuscated(data: bytes, identifier: str, seed: int) -> str:
    """2.4.3.2: data as the PROJECT stream holds it, keyed by the project's identifier, in hexadecimal."""
    key = sum(identifier.encode("ascii")) & 0xFF
    version_byte, key_byte = seed ^ ENCRYPTION_VERSION, seed ^ key
    out = [seed, version_byte, key_byte]
    clear, last, before = key, key_byte, version_byte
    # so many bytes without meaning come first
    filler = bytes(range(1, (seed & 6) // 2 + 1))
    for byte in filler + _u32(len(data)) + data:
        encrypted = byte ^ ((before + clear) & 0xFF)
        out.append(encrypted)
        before, last, clear = last, encrypted, byte
    return bytes(out).hex().upper()


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _u16(value: int) -> bytes:
    return struct.pack("<H", value)


def _u32(value: int) -> bytes:
    return struct.pack("<I", value)


def _ansi(text: str) -> bytes:
    return text.encode(ENCODING)


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")
