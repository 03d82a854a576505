"""A workbook of 50 MB is read within 500 MB of memory, or refused with what to do."""

import random
import re
from pathlib import Path

import pytest

from tests.files.workbooks import read_zip, write_zip
from tests.tools.apart import Took, run_apart
from tests.tools.layouts import made, three_sheets

MEGABYTE = 1 << 20
READ = """
from rebal_xl.api import read_workbook
from rebal_xl.files.refusal import FileRefused
try:
    said = f"{len(read_workbook(Path(sys.argv[1]))[0].lots)} lots"
except FileRefused as refused:
    said = refused.sentence
"""


def read_apart(path: Path) -> Took:
    assert path.stat().st_size > 50 * MEGABYTE
    return run_apart(READ, path)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("large") / "household.xlsx"
    workbook = made(three_sheets, 0).workbook
    workbook.create_sheet("Prices").append([1])
    workbook.save(path)
    return read_zip(path)


def test_a_price_history_of_a_million_cells_is_refused_with_what_to_do(parts: dict[str, bytes], tmp_path: Path):
    chance = random.Random(1)
    rows = []
    for row in range(1, 60_001):
        values = "".join(f"<c><v>{chance.random():.16f}</v></c>" for _ in range(30))
        rows.append(f'<row r="{row}">{values}</row>')
    sheet = re.sub(rb"<sheetData>.*</sheetData>", b"", parts["xl/worksheets/sheet4.xml"])
    data = "".join(["<sheetData>", *rows, "</sheetData>"]).encode()
    big = re.sub(rb"(<sheetFormatPr[^>]*/>)", lambda found: found[1] + data, sheet)
    path = write_zip(tmp_path / "prices.xlsx", {**parts, "xl/worksheets/sheet4.xml": big}, compress=False)
    took = read_apart(path)
    assert took.megabytes < 500
    assert took.seconds < 30
    assert "more than 500,000 filled cells" in took.said
    assert "Prices" in took.said
    assert "move price histories" in took.said


def test_a_workbook_full_of_pictures_is_read(parts: dict[str, bytes], tmp_path: Path):
    picture = random.Random(2).randbytes(52 * MEGABYTE)
    path = write_zip(tmp_path / "pictures.xlsx", {**parts, "xl/media/image1.png": picture}, compress=False)
    took = read_apart(path)
    assert took.megabytes < 500
    assert took.said == f"{len(made(three_sheets, 0).truths[''].lots)} lots"
