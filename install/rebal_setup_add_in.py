"""What can be said of an add-in file: whether it is ours with a signature, and whether Office trusts where it lies.

Standard library only, like all of the installer.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import PureWindowsPath

# Parts that a signature adds: of the VBA project (three kinds, side by side), or of the whole package.
SIGNATURE = re.compile(r"(?:^|/)(?:_xmlsignatures/|vbaProjectSignature[^/]*\.bin$)", re.IGNORECASE)
# Parts that list other parts, and so name the signature's too.
LISTS = re.compile(r"(?:^\[Content_Types\]\.xml|\.rels)$")
NAMES_SIGNATURE = re.compile(r"signature|\bsigs\b", re.IGNORECASE)
REMOTE_DRIVE = 4  # GetDriveTypeW: DRIVE_REMOTE
FAR_AWAY = (
    "Attention: {} lies on the network, which Office does not trust by itself, so Excel may load the add-in without "
    "its macros: then the tab Rebalance does nothing. docs/it-and-security.md says what IT can allow."
)


def same_but_signature(held: bytes, ours: bytes) -> bool:
    """Whether the file is our add-in, but for the parts that a signature adds; False when it is no zip file."""
    try:
        return parts(held) == parts(ours)
    except zipfile.BadZipFile:
        return False


def is_signed(add_in: bytes) -> bool:
    """Whether the file has parts of a signature; False when it is no zip file."""
    try:
        with zipfile.ZipFile(io.BytesIO(add_in)) as package:
            return any(SIGNATURE.search(name) for name in package.namelist())
    except zipfile.BadZipFile:
        return False


def parts(add_in: bytes) -> dict[str, object]:
    """What the package holds without a signature: bytes of each part, and for a part that lists others its entries."""
    found: dict[str, object] = {}
    with zipfile.ZipFile(io.BytesIO(add_in)) as package:
        for name in package.namelist():
            if SIGNATURE.search(name):
                continue
            content = package.read(name)
            if not LISTS.search(name):
                found[name] = content
            elif entries := entries_of(content):
                found[name] = entries
    return found


def entries_of(content: bytes) -> set[tuple[tuple[str, str], ...]]:
    """The entries of a list of parts but those of signatures."""
    kept = set()
    for entry in re.findall(r"<\w[^>]*>", content.decode("utf-8", "replace")):
        told = tuple(sorted(re.findall(r"(\w+)=[\"']([^\"']*)", entry)))
        if "xmlns" not in dict(told) and not any(NAMES_SIGNATURE.search(value) for _, value in told):
            kept.add(told)
    return kept


def is_far(path: str, drive_type: Callable[[str], int]) -> bool:
    """Whether a folder of Windows lies on the network; `drive_type` is Windows' own GetDriveTypeW."""
    drive = PureWindowsPath(path).drive
    if drive.startswith("\\\\"):
        # of the long form, only the one that says UNC leaves the machine
        return not drive.startswith("\\\\?\\") or drive.upper().startswith("\\\\?\\UNC\\")
    return bool(drive) and drive_type(f"{drive}\\") == REMOTE_DRIVE
