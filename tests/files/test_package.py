"""Files that are damaged, foreign or built to do harm are refused in one sentence, fast and with little memory."""

import io
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from rebal_xl.files.opc import main_part
from rebal_xl.files.package import Package, PackageLimits, has_dtd
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from tests.files.workbooks import HEAD, edit_zip, read_zip, write_zip


def refusal(path: Path) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(FileRefused) as refused:
        read_book(path)
    assert refused.value.sentence.endswith((".", ".)"))
    return refused.value.sentence


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_an_untouched_package_is_written_with_the_same_parts_in_the_same_order(workbook: Path, tmp_path: Path):
    again = written(tmp_path / "again.xlsx", Package.read(workbook).to_bytes())
    assert list(read_zip(again).items()) == list(read_zip(workbook).items())
    with zipfile.ZipFile(workbook) as before, zipfile.ZipFile(again) as after:
        for old, new in zip(before.infolist(), after.infolist(), strict=True):
            assert (old.date_time, old.compress_type) == (new.date_time, new.compress_type)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not an Excel workbook"),
        (b"Account,Symbol\nIRA,VTI\n", "is not an Excel workbook"),
        (b"%PDF-1.7", "is not an Excel workbook"),
        (b"PK\x03\x04 and then nothing", "is damaged or not complete"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel 97-2003 format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "protected with a password to open",
        ),
    ],
)
def test_what_is_no_workbook_says_what_to_do(tmp_path: Path, content: bytes, says: str):
    assert says in refusal(written(tmp_path / "rivera.xlsx", content))


def test_a_file_that_is_missing_or_a_folder(tmp_path: Path):
    assert "There is no file 'gone.xlsx'" in refusal(tmp_path / "gone.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.xlsx")


def test_a_file_cut_off_anywhere_is_refused(workbook: Path, tmp_path: Path):
    data = workbook.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        refusal(written(tmp_path / "cut.xlsx", data[: int(len(data) * share)]))


def test_a_part_whose_bytes_were_damaged_is_refused(workbook: Path, tmp_path: Path):
    with zipfile.ZipFile(workbook) as file:
        place = file.getinfo("xl/workbook.xml").header_offset + 30 + len("xl/workbook.xml") + 20
    data = bytearray(workbook.read_bytes())
    data[place] ^= 0xFF
    assert "is damaged or not complete" in refusal(written(tmp_path / "bad.xlsx", bytes(data)))


def test_a_zip_bomb_is_refused_before_it_unpacks(workbook: Path, tmp_path: Path):
    """A sheet of 250 MB of zeros packs into 250 kB: a thousand to one, and no sheet of cells does that."""
    parts = read_zip(workbook)
    parts["xl/worksheets/sheet1.xml"] = b"0" * (250 * 1024 * 1024)
    bomb = write_zip(tmp_path / "bomb.xlsx", parts)
    del parts
    tracemalloc.start()
    began = time.perf_counter()
    assert "zip bomb" in refusal(bomb)
    assert time.perf_counter() - began < 2
    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()


def test_a_zip_bomb_that_lies_about_its_size_is_refused(workbook: Path, tmp_path: Path):
    """The directory claims 10 bytes for the sheet; what counts is what unpacking gives."""
    parts = read_zip(workbook)
    parts["xl/worksheets/sheet1.xml"] = b"0" * (40 * 1024 * 1024)
    data = bytearray(write_zip(tmp_path / "bomb.xlsx", parts).read_bytes())
    name = b"xl/worksheets/sheet1.xml"
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(name))
    struct.pack_into("<I", data, directory + 24, 10)
    refusal(written(tmp_path / "liar.xlsx", bytes(data)))


def test_many_parts_that_together_are_too_large_are_refused(workbook: Path):
    limits = PackageLimits(total_bytes=20_000)
    with pytest.raises(FileRefused, match="zip bomb"):
        Package.read(workbook, limits)
    with pytest.raises(FileRefused, match="parts, more than any workbook needs"):
        Package.read(workbook, PackageLimits(entries=10))
    with pytest.raises(FileRefused, match="too large for a household workbook"):
        Package.read(workbook, PackageLimits(file_bytes=1000))


def test_parts_that_share_their_bytes_are_refused(workbook: Path, tmp_path: Path):
    """Directory entries that point into each other make a small file unpack to a huge one."""
    data = bytearray(workbook.read_bytes())
    with zipfile.ZipFile(workbook) as file:
        first = file.infolist()[0].header_offset
        target = b"xl/theme/theme1.xml"
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(target))
    struct.pack_into("<I", data, directory + 42, first)
    sentence = refusal(written(tmp_path / "overlap.xlsx", bytes(data)))
    assert "overlap" in sentence or "damaged" in sentence


@pytest.mark.parametrize("doubled", ["xl/workbook.xml", "XL/Workbook.xml"])
def test_a_part_that_is_there_twice_is_refused(workbook: Path, doubled: str):
    with (
        pytest.warns(UserWarning, match="Duplicate name") if doubled == "xl/workbook.xml" else _quiet(),
        zipfile.ZipFile(workbook, "a") as file,
    ):
        file.writestr(doubled, "<workbook/>")
    assert "twice" in refusal(workbook)


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil.xml", "/etc/evil.xml", "C:/evil.xml", "xl\\evil.xml"])
def test_a_part_that_points_outside_is_refused(workbook: Path, name: str):
    with zipfile.ZipFile(workbook, "a") as file:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        file.writestr(info, "x")
    assert "points outside the workbook" in refusal(workbook)


def test_a_thousand_million_laughs_are_refused(workbook: Path):
    """Entities that contain entities: ten levels of ten are 10^10 texts."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 11))
    bomb = f'<!DOCTYPE w [<!ENTITY l0 "ha">{levels}]><worksheet>&l10;</worksheet>'
    parts = read_zip(workbook)
    parts["xl/worksheets/sheet1.xml"] = (HEAD + bomb).encode()
    write_zip(workbook, parts)
    began = time.perf_counter()
    assert "declares a DTD" in refusal(workbook)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_that_reads_a_file_is_refused_in_any_encoding(workbook: Path, encoding: str):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!-- x --><!DOCTYPE s [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    parts = read_zip(workbook)
    parts["xl/sharedStrings.xml"] = (text + "<sst><si><t>&f;</t></si></sst>").encode(encoding)
    assert "declares a DTD" in refusal(write_zip(workbook, parts))


@pytest.mark.parametrize("deep", ["<a>" * 100_000, "<!--" + "x" * 2_000_000 + "--><workbook/>"])
def test_a_part_that_is_built_to_exhaust_us_is_refused(workbook: Path, deep: str):
    """A hundred thousand elements inside each other, and two megabytes before the first one."""
    parts = read_zip(workbook)
    parts["xl/workbook.xml"] = deep.encode()
    began = time.perf_counter()
    refusal(write_zip(workbook, parts))
    assert time.perf_counter() - began < 1


def test_a_dtd_in_a_sheet_with_another_ending_is_refused(workbook: Path):
    parts = read_zip(workbook)
    del parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.dat"] = b" <!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"sheet1.xml", b"sheet1.dat")
    assert "declares a DTD" in refusal(write_zip(workbook, parts))


def test_a_text_that_only_speaks_of_doctype_is_no_dtd():
    assert not has_dtd(b"<a><!-- <!DOCTYPE --><b>&lt;!DOCTYPE</b></a>")
    assert has_dtd(b"<!DOCTYPE a><a/>")


def test_other_spreadsheet_formats_are_named(workbook: Path, tmp_path: Path):
    binary = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    normal = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert "binary workbook (.xlsb)" in refusal(edit_zip(workbook, "[Content_Types].xml", normal, binary))
    ods = write_zip(tmp_path / "rivera.xlsx", {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})
    assert "OpenDocument" in refusal(ods)
    nothing = write_zip(tmp_path / "photos.xlsx", {"photo.jpg": b"\xff\xd8"})
    assert "no workbook part" in refusal(nothing)


def test_a_strict_open_xml_workbook_is_asked_to_be_saved_again(workbook: Path):
    old, strict = "http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"
    edit_zip(workbook, "_rels/.rels", f"{old}/relationships/officeDocument", f"{strict}/relationships/officeDocument")
    assert "Strict Open XML" in refusal(workbook)


def test_the_workbook_part_is_found_wherever_it_lies(workbook: Path):
    """Other programs call it what they like; the package's own relationships say where it is."""
    parts = read_zip(workbook)
    parts["book/data.xml"] = parts.pop("xl/workbook.xml")
    parts["book/_rels/data.xml.rels"] = (
        parts.pop("xl/_rels/workbook.xml.rels")
        .replace(b'Target="worksheets/', b'Target="/xl/worksheets/')
        .replace(b'Target="styles.xml', b'Target="../xl/styles.xml')
        .replace(b'Target="shared', b'Target="/xl/shared')
    )
    for part in ("_rels/.rels", "[Content_Types].xml"):
        parts[part] = parts[part].replace(b"xl/workbook.xml", b"book/data.xml")
    write_zip(workbook, parts)
    assert main_part(Package.read(workbook), "rivera.xlsx") == "book/data.xml"
    assert read_book(workbook).grids[0].cells[2, 2].value == "VTI"


def test_an_encrypted_entry_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    data = bytearray(held.getvalue())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileRefused, match="Save a copy without a password"):
        Package.from_bytes(bytes(data), "rivera.xlsx")


class _quiet:
    """No warning expected."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...
