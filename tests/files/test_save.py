"""A workbook is saved whole or not at all, and the advisor is told in one sentence why not."""

import datetime
import errno
import stat
from pathlib import Path

import pytest

from rebal_xl.files import save
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import backup_path, default_output, save_workbook

OLD, NEW = b"the old workbook", b"the new workbook"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "rivera.xlsx"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_default_is_a_new_file_beside_the_workbook(workbook: Path):
    first = default_output(workbook)
    assert first.name == "rivera rebalanced.xlsx"
    save_workbook(NEW, first, like=workbook)
    assert default_output(workbook).name == "rivera rebalanced 2.xlsx"
    assert (workbook.read_bytes(), first.read_bytes()) == (OLD, NEW)


def test_in_place_keeps_a_backup_named_by_the_minute(workbook: Path):
    saved = save_workbook(NEW, workbook, backup=True)
    assert workbook.read_bytes() == NEW
    assert saved.backup is not None
    assert saved.backup.read_bytes() == OLD
    assert names(workbook.parent) == sorted([saved.backup.name, "rivera.xlsx"])
    moment = datetime.datetime(2026, 3, 2, 14, 15, 9, tzinfo=datetime.UTC)
    first = backup_path(workbook, moment)
    assert first.name == "rivera.backup-20260302-141509.xlsx"
    first.touch()
    assert backup_path(workbook, moment).name == "rivera.backup-20260302-141509-2.xlsx"


def test_permissions_stay(workbook: Path):
    workbook.chmod(0o640)
    # Windows knows the write bit only.
    mode = stat.S_IMODE(workbook.stat().st_mode)
    save_workbook(NEW, workbook)
    other = workbook.with_name("copy.xlsx")
    save_workbook(NEW, other, like=workbook)
    assert stat.S_IMODE(workbook.stat().st_mode) == stat.S_IMODE(other.stat().st_mode) == mode


def test_the_ending_must_fit(workbook: Path):
    with pytest.raises(FileRefused, match=r"must end in '\.xlsx'"):
        save_workbook(NEW, workbook.with_suffix(".xlsm"), like=workbook)


def owner_file(user: str) -> bytes:
    """Excel's owner file: 165 bytes with the name in single bytes and in UTF-16."""
    narrow = user.encode("cp1252", "replace").ljust(54)
    wide = user.encode("utf-16-le").ljust(108, b" ")
    return bytes([len(user)]) + narrow + len(user).to_bytes(2, "little") + wide


@pytest.mark.parametrize(
    ("lock", "content", "who"),
    [
        ("~$rivera.xlsx", owner_file("Ana Rivera"), "open in Excel by Ana Rivera"),
        ("~$rivera.xlsx", owner_file("Łucja"), "open in Excel by Łucja"),
        ("~$rivera.xlsx", b"", "open in Excel. Close"),
        (".~lock.rivera.xlsx#", b",ana,desk7,02.03.2026 10:00,file:///home;", "open in LibreOffice by ana"),
        (".~lock.rivera.xlsx#", b"Ana Rivera,ana,desk7,02.03.2026 10:00;", "open in LibreOffice by Ana Rivera"),
    ],
)
def test_a_workbook_that_somebody_has_open_is_not_overwritten(workbook: Path, lock: str, content: bytes, who: str):
    (workbook.parent / lock).write_bytes(content)
    with pytest.raises(FileRefused, match=who) as refused:
        save_workbook(NEW, workbook, backup=True)
    assert lock in refused.value.sentence
    assert workbook.read_bytes() == OLD
    assert names(workbook.parent) == sorted([lock, "rivera.xlsx"])


def test_a_workbook_that_changed_meanwhile_is_not_overwritten(workbook: Path):
    with pytest.raises(FileRefused, match="changed by somebody else"):
        save_workbook(NEW, workbook, expected=b"what we had read")
    assert workbook.read_bytes() == OLD


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "is read-only"),
        (PermissionError(errno.EACCES, "Permission denied"), "open in another program, or the folder"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_nothing_half_written_stays_behind(
    workbook: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, says: str, step: str
):
    """The disk fills up while flushing, or Windows refuses the rename because another program has the file."""

    def fail(*_: object) -> None:
        raise error

    if step == "fsync":
        monkeypatch.setattr(save.os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(FileRefused, match=says):
        save_workbook(NEW, workbook, backup=True)
    assert workbook.read_bytes() == OLD
    assert names(workbook.parent) == ["rivera.xlsx"]


def test_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(FileRefused, match="there is no folder"):
        save_workbook(NEW, tmp_path / "gone" / "rivera.xlsx")


def test_a_folder_without_the_right_to_write(workbook: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(save.tempfile, "mkstemp", refuse)
    with pytest.raises(FileRefused, match="does not let you write"):
        save_workbook(NEW, workbook)
    assert names(workbook.parent) == ["rivera.xlsx"]


def test_the_workbook_behind_a_link_is_replaced_and_the_link_stays(workbook: Path):
    link = workbook.with_name("link.xlsx")
    link.symlink_to(workbook)
    save_workbook(NEW, link)
    assert link.is_symlink()
    assert workbook.read_bytes() == NEW


def test_a_backup_that_cannot_be_made_stops_the_save(workbook: Path, monkeypatch: pytest.MonkeyPatch):
    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(save.shutil, "copy2", half)
    with pytest.raises(FileRefused, match="the disk is full"):
        save_workbook(NEW, workbook, backup=True)
    assert (workbook.read_bytes(), names(workbook.parent)) == (OLD, ["rivera.xlsx"])
