"""The reference page says what the description says, and the committed page is the current one."""

from pathlib import Path

import pytest

from rebal_xl.sheets.docs import main, workbook_reference
from rebal_xl.sheets.results import RESULT_TABLES
from rebal_xl.sheets.tables import INPUT_TABLES, SETTINGS, SETTINGS_ROWS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "workbook-reference.md"


def test_the_committed_page_is_current() -> None:
    advice = "Run: python -m rebal_xl.sheets.docs docs/workbook-reference.md"
    assert PAGE.read_text(encoding="utf-8") == workbook_reference(), advice


def test_every_table_column_and_setting_is_explained() -> None:
    page = workbook_reference()
    for table in (*INPUT_TABLES, *RESULT_TABLES):
        assert f"### {table.name}\n" in page
        for column in table.columns if table is not SETTINGS else ():
            assert column.note in page, f"{table.name}[{column.name}]"
    for row in SETTINGS_ROWS:
        assert f"| {row.name} |" in page
        assert row.note in page
    assert "| Discount Rate | percent, 0% to 50% | Yearly rate at which later tax is counted today. | 5% |" in page


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    width = 0
    for line in workbook_reference().splitlines():
        cells = line.replace("\\|", "").count("|")
        if line.startswith("|"):
            assert width in (0, cells), line
            width = cells
        else:
            width = 0


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "docs" / "page.md"
    assert main([str(path)]) == 0
    assert path.read_text(encoding="utf-8") == workbook_reference()
    assert main([]) == 2
    assert "path" in capsys.readouterr().err
