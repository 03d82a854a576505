"""The judge itself: it must pass a sound workbook and name what is wrong with a spoilt one."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.tools.ooxml import validate

pytestmark = pytest.mark.hosts


@pytest.fixture
def holdings(tmp_path: Path) -> Path:
    path = tmp_path / "holdings.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Holdings")
        sheet.write_row("A1", ["Symbol", "Quantity"])
        sheet.write_row("A2", ["VTI", 100])
    return path


def test_a_sound_workbook_has_no_errors(holdings: Path) -> None:
    assert validate(holdings) == []


def test_a_cell_type_that_does_not_exist_is_named_with_its_sheet(holdings: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.xlsx"
    with zipfile.ZipFile(holdings) as source, zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b't="s"' in content
                content = content.replace(b't="s"', b't="lot"', 1)
            target.writestr(name, content)
    errors = validate(spoilt)
    assert len(errors) == 1
    assert "/xl/worksheets/sheet1.xml" in errors[0]
    assert "'lot'" in errors[0]


def test_a_file_that_is_no_workbook_is_an_error_not_a_pass(tmp_path: Path) -> None:
    letter = tmp_path / "letter.xlsx"
    letter.write_text("Dear advisor,")
    assert len(validate(letter)) == 1
