"""The add-in in the repository is the one that its sources and the formulas of today give, byte for byte."""

from pathlib import Path

import pytest

from rebal_xl.excel.addin.__main__ import main
from rebal_xl.excel.addin.build import ADD_IN, Sources, build_add_in, written_sources
from rebal_xl.excel.formulas import CATALOG

WORKBOOK = Path(__file__).parents[3] / "workbook"
MAKE_ANEW = "make it anew: python -m rebal_xl.excel.addin"


def test_the_committed_wrappers_follow_the_formulas() -> None:
    for name, text in written_sources(CATALOG).items():
        committed = (WORKBOOK / "vba" / f"{name}.bas").read_text(encoding="utf-8")
        assert committed == text, f"{name}.bas no longer follows the formulas; {MAKE_ANEW}"


def test_the_committed_add_in_is_what_the_sources_give() -> None:
    assert (WORKBOOK / ADD_IN).read_bytes() == build_add_in(Sources(WORKBOOK), CATALOG), MAKE_ANEW


def test_a_missing_source_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "vba").mkdir()
    assert main([str(tmp_path)]) == 1
    assert "The add-in was not built" in capsys.readouterr().err
