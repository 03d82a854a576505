"""The firm's logo: read from the workbook's own folder, and only when it is what it should be."""

from pathlib import Path

import pytest

from rebal_xl.files.logo import Logo, read_logo
from rebal_xl.files.refusal import FileRefused

PNG, JPEG = b"\x89PNG\r\n\x1a\n" + b"rest", b"\xff\xd8\xff\xe0" + b"rest"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    folder = tmp_path / "clients"
    folder.mkdir()
    return folder / "household.xlsx"


@pytest.mark.parametrize(("name", "content", "kind"), [("a.png", PNG, "image/png"), ("b.JPG", JPEG, "image/jpeg")])
def test_a_picture_beside_the_workbook(workbook: Path, name: str, content: bytes, kind: str) -> None:
    (workbook.parent / name).write_bytes(content)
    assert read_logo(workbook, name) == Logo(kind, content)


def test_its_content_says_what_it_is(workbook: Path) -> None:
    (workbook.parent / "logo.png").write_bytes(JPEG)
    assert read_logo(workbook, "logo.png").kind == "image/jpeg"
    (workbook.parent / "drawing.png").write_bytes(b"<svg onload='alert(1)'/>")
    with pytest.raises(FileRefused, match="neither PNG nor JPEG"):
        read_logo(workbook, "drawing.png")


@pytest.mark.parametrize(
    "name",
    ["../logo.png", "sub/logo.png", "C:\\logo.png", "\\\\server\\logo.png", "https://x.com/logo.png", "C:logo.png"],
)
def test_other_places_are_refused(workbook: Path, name: str) -> None:
    (workbook.parent.parent / "logo.png").write_bytes(PNG)
    with pytest.raises(FileRefused, match="own folder"):
        read_logo(workbook, name)


def test_a_link_to_another_place_is_refused(workbook: Path) -> None:
    (workbook.parent.parent / "secret.png").write_bytes(PNG)
    (workbook.parent / "logo.png").symlink_to(workbook.parent.parent / "secret.png")
    with pytest.raises(FileRefused, match="own folder"):
        read_logo(workbook, "logo.png")


def test_a_million_bytes_are_the_most(workbook: Path) -> None:
    logo = workbook.parent / "logo.png"
    logo.write_bytes(PNG + b"0" * (1_000_000 - len(PNG)))
    assert len(read_logo(workbook, "logo.png").content) == 1_000_000
    logo.write_bytes(PNG + b"0" * (1_000_001 - len(PNG)))
    with pytest.raises(FileRefused, match="larger than 1 MB"):
        read_logo(workbook, "logo.png")


def test_a_missing_picture_is_said(workbook: Path) -> None:
    with pytest.raises(FileRefused, match="could not be read"):
        read_logo(workbook, "logo.png")
