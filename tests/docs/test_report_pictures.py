"""The picture of the client report: it can be drawn, and has the size that the script says."""

import importlib.util
import struct
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.pages import DOCS
from tests.tools.chromium import program


def maker() -> ModuleType:
    """The script that draws it."""
    spec = importlib.util.spec_from_file_location("make_report_pictures", DOCS / "make_report_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def size(picture: Path) -> tuple[int, int]:
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">2I", data[16:24])
    return width, height


@pytest.mark.hosts
def test_it_can_be_drawn(tmp_path: Path) -> None:
    if program() is None:
        pytest.skip("Chromium is not installed.")
    pictures = maker()
    pictures.draw(tmp_path / "report.png")
    assert size(tmp_path / "report.png") == (pictures.WIDTH, pictures.HEIGHT)
    assert size(DOCS / "pictures" / pictures.PICTURE) == (pictures.WIDTH, pictures.HEIGHT)
    # a white page of that size packs into a few thousand bytes
    assert (tmp_path / "report.png").stat().st_size > 40_000
