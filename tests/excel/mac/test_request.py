"""What comes from the add-in: two names in hexadecimal digits, or nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.excel import mac
from rebal_xl.excel.jobs import JOBS
from rebal_xl.excel.mac import CANCEL, OTHER_VERSION, Bookings, Request
from rebal_xl.excel.mac_dialogs import Dialogs


def encoded(job: str, book: str) -> str:
    """As RebalRequest in the add-in writes it."""
    return ".".join(["1", *(text.encode("utf-16-be").hex().upper() for text in (job, book))])


# any text that a file can be called: no halves of characters
NAMES = st.text(st.characters(exclude_categories=["Cs"]))


@given(job=st.sampled_from([*JOBS, CANCEL]), book=NAMES)
def test_any_name_comes_through_as_nothing_but_a_name(job: str, book: str) -> None:
    text = encoded(job, book)
    assert set(text) <= set("0123456789ABCDEF.")
    assert Request.read(text) == Request(job, book)


@given(text=st.text() | st.from_regex(r"1\.[0-9A-F]*\.[0-9A-F]*", fullmatch=True))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"request|such job|codec"):
        Request.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "2.0063006800650063006B.",
        encoded("check", "a").lower(),
        encoded("check", "a") + "\n",
        encoded("os.system", "a"),
        '"; do shell script "id',
        "'; id; '",
        "1.$(id).`id`",
    ],
)
def test_a_request_of_another_form_is_told_and_nothing_starts(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    monkeypatch.setattr(mac, "Dialogs", lambda: Dialogs(lambda source, words: said.append(words[0])))
    monkeypatch.setattr(mac, "Click", None)
    assert mac.main([text]) == 2
    assert said == [OTHER_VERSION]


@given(book=NAMES)
def test_the_notes_on_a_workbook_stay_in_their_folder(book: str) -> None:
    path = Bookings(Path("/notes"))._path(book, "lock")
    assert path.parent == Path("/notes")
    assert set(path.stem) <= set("0123456789abcdef")


def test_files_for_excel_go_where_it_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mac.tempfile, "tempdir", None)
    monkeypatch.setattr(mac.Path, "home", lambda: tmp_path)
    mac.use_a_folder_that_excel_may_read()
    assert mac.tempfile.tempdir is None
    shared = tmp_path / "Library" / "Group Containers" / "UBF8T346G9.Office"
    shared.mkdir(parents=True)
    mac.use_a_folder_that_excel_may_read()
    assert mac.tempfile.tempdir == str(shared)
