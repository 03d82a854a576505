"""The add-in in the repository is the one that its sources and the formulas of today give, byte for byte."""

import io
import shutil
import tomllib
import zipfile
from pathlib import Path

import openpyxl
import pytest

from rebal_xl.excel.addin.__main__ import main
from rebal_xl.excel.addin.build import ADD_IN, TEMPLATE, Sources, build_add_in, template_file, written_sources
from rebal_xl.excel.formulas import CATALOG

CHECKOUT = Path(__file__).parents[3]
WORKBOOK = CHECKOUT / "workbook"
MAKE_ANEW = "make it anew: python -m rebal_xl.excel.addin"


def test_the_committed_wrappers_follow_the_formulas() -> None:
    for name, text in written_sources(CATALOG).items():
        committed = (WORKBOOK / "vba" / f"{name}.bas").read_text(encoding="utf-8")
        assert committed == text, f"{name}.bas no longer follows the formulas; {MAKE_ANEW}"


def test_the_committed_add_in_is_what_the_sources_give() -> None:
    assert (WORKBOOK / ADD_IN).read_bytes() == build_add_in(Sources(WORKBOOK), CATALOG), MAKE_ANEW


def test_the_committed_template_is_what_the_sheets_description_gives() -> None:
    committed = (WORKBOOK / TEMPLATE).read_bytes()
    assert committed == template_file(), MAKE_ANEW
    with zipfile.ZipFile(io.BytesIO(committed)) as package:
        assert package.namelist()[0] == "[Content_Types].xml"
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_STORED}
    tables = [name for sheet in openpyxl.load_workbook(io.BytesIO(committed)) for name in sheet.tables]
    assert {"Holdings", "Targets", "Securities", "Accounts", "TaxProfile", "Settings"} <= set(tables)


def test_both_files_go_into_the_wheel() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for name in (ADD_IN, TEMPLATE):
        assert included[f"workbook/{name}"] == f"rebal_xl/workbook_files/{name}"


def test_the_program_writes_all_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("vba", "ribbon", "mac"):
        shutil.copytree(WORKBOOK / folder, tmp_path / folder)
    assert main([str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert ADD_IN in said
    assert TEMPLATE in said
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert written == sorted(path.relative_to(WORKBOOK) for path in WORKBOOK.rglob("*.*"))
    for path in written:
        assert (tmp_path / path).read_bytes() == (WORKBOOK / path).read_bytes()


def test_a_missing_source_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "vba").mkdir()
    assert main([str(tmp_path)]) == 1
    assert "The add-in was not built" in capsys.readouterr().err
