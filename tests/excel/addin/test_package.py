"""The add-in as a package: stored entries without a clock, and the parts that make it an add-in with a ribbon."""

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from rebal_xl.excel.addin.build import ADD_IN, Sources, build_add_in
from rebal_xl.excel.formulas import CATALOG

WORKBOOK = Path(__file__).parents[3] / "workbook"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def package() -> zipfile.ZipFile:
    return zipfile.ZipFile(WORKBOOK / ADD_IN)


def xml(package: zipfile.ZipFile, part: str) -> etree._Element:
    return etree.fromstring(package.read(part))


def test_no_zlib_and_no_clock_has_a_say_in_the_bytes(package: zipfile.ZipFile) -> None:
    for entry in package.infolist():
        assert entry.compress_type == zipfile.ZIP_STORED
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert (entry.create_system, entry.external_attr) == (0, 0x20)


def test_two_builds_are_the_same(package: zipfile.ZipFile) -> None:
    assert build_add_in(Sources(WORKBOOK), CATALOG) == build_add_in(Sources(WORKBOOK), CATALOG)


def test_it_is_an_add_in_and_has_every_part_it_promises(package: zipfile.ZipFile) -> None:
    types = {child.get("PartName"): child.get("ContentType") for child in xml(package, "[Content_Types].xml")}
    assert types["/xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    names = package.namelist()
    assert names[0] == "[Content_Types].xml"
    assert {part.lstrip("/") for part in types if part} <= set(names)
    for place, part in (("", "_rels/.rels"), ("xl/", "xl/_rels/workbook.xml.rels")):
        for relationship in xml(package, part):
            assert place + str(relationship.get("Target")) in names


def test_workbook_and_sheet_bear_the_names_of_their_modules(package: zipfile.ZipFile) -> None:
    project = package.read("xl/vbaProject.bin")
    for part, element in (("xl/workbook.xml", "workbookPr"), ("xl/worksheets/sheet1.xml", "sheetPr")):
        found = xml(package, part).find(f"{MAIN}{element}")
        assert found is not None
        assert f"Document={found.get('codeName')}/".encode() in project


def test_the_ribbon_is_the_readable_one(package: zipfile.ZipFile) -> None:
    assert package.read("customUI/customUI14.xml") == (WORKBOOK / "ribbon" / "customUI14.xml").read_bytes()


def test_nothing_leads_out_of_the_file(package: zipfile.ZipFile) -> None:
    for part in package.namelist():
        assert b'TargetMode="External"' not in package.read(part)
    assert not [part for part in package.namelist() if "externalLink" in part or "connections" in part]
