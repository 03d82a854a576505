"""Where the client's page goes: a name that every system takes, and never in the place of a file of somebody else."""

import sys
from datetime import date
from pathlib import Path

import pytest

from rebal_xl.files import browser
from rebal_xl.files.client_page import default_page, page_in, page_path, picture_beside, safe_name
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Severity

DAY = date(2026, 11, 20)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.mark.parametrize(
    ("household", "name"),
    [
        ("The Riveras", "The Riveras"),
        ("Miller & Sons", "Miller & Sons"),
        ("..\\..\\Startup\\evil", "Startup evil"),
        ("../../etc/passwd", "etc passwd"),
        ("C:\\Windows\\x", "C Windows x"),
        ('a<b>c:d"e|f?g*h', "a b c d e f g h"),
        ("CON", "Household"),
        ("com1.txt", "Household"),
        ("lpt9", "Household"),
        ("  trailing dots...  ", "trailing dots"),
        ("~$lock", "$lock"),
        ("", "Household"),
        ("///", "Household"),
        ("ab\u202egnp.exe", "ab gnp.exe"),
        ("nul\x00byte\r\nline", "nul byte line"),
        ("Müller מניות", "Müller מניות"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_households_name_as_a_file_name(household, name):
    assert safe_name(household) == name


def test_a_file_of_that_name_is_never_replaced(tmp_path):
    first = page_in(tmp_path, "Riveras", DAY, b"page")
    assert first.name == "Riveras report 2026-11-20.html"
    first.write_bytes(b"somebody else's")
    assert page_in(tmp_path, "Riveras", DAY, b"page").name == "Riveras report 2026-11-20 2.html"
    (tmp_path / "Riveras report 2026-11-20 2.html").symlink_to(tmp_path / "nowhere")
    assert page_in(tmp_path, "Riveras", DAY, b"page").name == "Riveras report 2026-11-20 3.html"


def test_the_very_same_page_is_not_written_twice(tmp_path):
    path = page_in(tmp_path, "Riveras", DAY, b"page")
    path.write_bytes(b"page")
    assert page_in(tmp_path, "Riveras", DAY, b"page") == path
    assert page_in(tmp_path, "Riveras", DAY, b"Page") != path


def test_beside_the_workbook_it_is_numbered_too(tmp_path):
    source = tmp_path / "riveras.xlsx"
    assert default_page(source) == tmp_path / "riveras report.html"
    (tmp_path / "riveras report.html").touch()
    assert default_page(source) == tmp_path / "riveras report 2.html"


def test_another_ending_and_a_folder_are_refused(tmp_path):
    source = tmp_path / "riveras.xlsx"
    assert page_path(source, tmp_path / "page.HTM") == tmp_path / "page.HTM"
    with pytest.raises(FileRefused, match=r"'riveras\.xlsx' must end in \.html"):
        page_path(source, source)
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(FileRefused, match="is a folder"):
        page_path(source, tmp_path / "folder.html")


def test_a_logo_is_known_by_its_content_and_a_bad_one_stops_nothing(tmp_path):
    book = tmp_path / "riveras.xlsx"
    (tmp_path / "logo.png").write_bytes(PNG)
    picture, notices = picture_beside(book, "logo.png")
    assert picture is not None
    assert (picture.kind, picture.content, notices) == ("image/png", PNG, ())
    assert picture_beside(book, "") == (None, ())
    (tmp_path / "svg.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    (tmp_path / "huge.png").write_bytes(PNG + b"\0" * 1_000_000)
    for name in ("svg.png", "huge.png", "missing.png", "../logo.png", "\\\\server\\share\\logo.png"):
        nothing, told = picture_beside(book, name)
        assert nothing is None
        assert [one.code for one in told] == ["logo"]
        assert told[0].severity is Severity.NOTICE
        assert told[0].message.endswith("The report was made without a logo.")


def test_showing_a_page_asks_the_machine_and_may_fail(tmp_path, monkeypatch):
    opened: list[str] = []
    path = tmp_path / "my page.html"
    path.touch()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(browser.webbrowser, "open", lambda address: opened.append(address) or True)
    assert browser.show(path)
    assert opened == [path.as_uri()]
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(browser.os, "startfile", lambda asked: opened.append(asked), raising=False)
    assert browser.show(path)
    assert opened[-1] == path

    def nothing(asked: Path) -> None:
        raise OSError("no program is associated")

    monkeypatch.setattr(browser.os, "startfile", nothing, raising=False)
    assert not browser.show(path)
