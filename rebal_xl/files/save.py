"""
A workbook written to disk whole or not at all.
The new file is written beside the old one, flushed, and then takes its name in one step; a workbook that is open
in Excel or LibreOffice, a full disk or a read-only folder is one sentence, and no half-written file stays behind.
"""

from __future__ import annotations

import datetime
import errno
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rebal_xl.files.refusal import FileRefused

_NEW_FILE_MODE = 0o666
# Excel's owner file "~$name.xlsx", 165 bytes: the length of the user's name, the name in 54 single bytes, the length
# again in two bytes, and the name in 54 UTF-16 letters.
_OWNER_LENGTH_AT = 55
_OWNER_WIDE_AT = 57


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a workbook went."""

    path: Path
    # the copy of the file that was there before; None when there was none or none was asked for
    backup: Path | None = None


def default_output(path: Path, word: str = "rebalanced", ending: str = "") -> Path:
    """`name rebalanced.xlsx` beside the workbook, numbered ("name rebalanced 2.xlsx") while the name is taken."""
    stem, ending = f"{path.stem} {word}", ending or path.suffix
    candidate = path.with_name(f"{stem}{ending}")
    number = 2
    while candidate.exists():
        candidate = path.with_name(f"{stem} {number}{ending}")
        number += 1
    return candidate


def backup_path(path: Path, now: datetime.datetime) -> Path:
    """`name.backup-20260302-141500.xlsx` beside the workbook."""
    candidate = path.with_name(f"{path.stem}.backup-{now:%Y%m%d-%H%M%S}{path.suffix}")
    number = 2
    while candidate.exists():
        candidate = path.with_name(f"{path.stem}.backup-{now:%Y%m%d-%H%M%S}-{number}{path.suffix}")
        number += 1
    return candidate


def save_workbook(
    data: bytes, path: Path, *, like: Path | None = None, backup: bool = False, expected: bytes | None = None
) -> Saved:
    """
    Write a workbook to `path` in one step.

    `like` is the workbook it came from: a new file gets that file's ending and permissions. `backup` keeps a copy
    of the file it replaces. `expected` is what `path` held when it was read: a file that changed meanwhile is not
    overwritten. Raises FileRefused, with nothing changed, when it cannot be done.
    """
    if like is not None and path.suffix.lower() != like.suffix.lower():
        raise FileRefused(
            f"'{path.name}' must end in '{like.suffix}' like '{like.name}': Excel does not open a workbook whose "
            "ending does not fit its content."
        )
    if path.is_symlink():
        # The file behind a link is replaced, not the link.
        path = path.resolve()
    refuse_if_open(path)
    if expected is not None and (not path.exists() or path.read_bytes() != expected):
        raise FileRefused(f"'{path.name}' was changed by somebody else in the meantime. Run it again.")
    kept: Path | None = None
    try:
        if backup and path.exists():
            kept = backup_path(path, datetime.datetime.now(datetime.UTC).astimezone())
            _copy(path, kept)
        _replace(data, path, _mode(path, like))
    except OSError as error:
        if kept is not None:
            with suppress(OSError):
                kept.unlink()
        raise FileRefused(_why_not_saved(path, error)) from error
    return Saved(path, kept)


def refuse_if_open(path: Path) -> None:
    """Raise FileRefused when Excel or LibreOffice has the workbook open, naming the user where that is known."""
    excel = path.with_name(f"~${path.name}")
    office = path.with_name(f".~lock.{path.name}#")
    for owner_file, program, reader in ((excel, "Excel", _excel_owner), (office, "LibreOffice", _office_owner)):
        if owner_file.exists():
            user = reader(owner_file)
            by = f" by {user}" if user else ""
            raise FileRefused(
                f"'{path.name}' is open in {program}{by}. Close it there, or save the results to another file. "
                f"(If nobody has it open, delete the left-over file '{owner_file.name}'.)"
            )


def _replace(data: bytes, path: Path, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=".rebal-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _flush_folder(path.parent)


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copy2(source, target)
    except OSError:
        with suppress(OSError):
            target.unlink()
        raise


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut; Windows has no such call and does it by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _mode(path: Path, like: Path | None) -> int:
    for held in (path, like):
        if held is not None and held.exists():
            return stat.S_IMODE(held.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return _NEW_FILE_MODE & ~mask


def _excel_owner(owner_file: Path) -> str:
    """The user's name in Excel's owner file; empty when it cannot be read."""
    try:
        held = owner_file.read_bytes()
    except OSError:
        return ""
    length = held[_OWNER_LENGTH_AT] if len(held) > _OWNER_WIDE_AT else 0
    name = held[_OWNER_WIDE_AT : _OWNER_WIDE_AT + 2 * length].decode("utf-16-le", "ignore")
    if not _is_name(name) and held:
        name = held[1 : 1 + held[0]].decode("cp1252", "ignore")
    return name.strip() if _is_name(name) else ""


def _office_owner(owner_file: Path) -> str:
    """The user's name in LibreOffice's lock file: name, computer and time, separated by commas."""
    try:
        held = owner_file.read_text("utf-8", "ignore").split(",")
    except OSError:
        return ""
    named = [part.strip() for part in held[:2] if _is_name(part)]
    return named[0] if named else ""


def _is_name(text: str) -> bool:
    return bool(text.strip()) and text.strip().isprintable()


def _why_not_saved(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"'{path.name}' was not saved: the disk is full. Make room, or save to another folder."
    if error.errno == errno.EROFS:
        return f"'{path.name}' was not saved: the folder '{path.parent}' is read-only. Save to another folder."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"'{path.name}' was not saved: there is no folder '{path.parent}'. Create it, or save to another folder."
    if isinstance(error, PermissionError):
        return (
            f"'{path.name}' was not saved: it is open in another program, or the folder '{path.parent}' does not let "
            "you write. Close it there, or save to another folder."
        )
    return f"'{path.name}' was not saved: {error.strerror or error}. Save to another folder."
