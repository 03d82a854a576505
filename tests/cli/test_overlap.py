"""`overlap`: the Riveras as text and as a document, and a workbook that cannot be read."""

from pathlib import Path

import pytest

import rebal_xl
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.cli.riveras import call, call_json, damaged, riveras
from tests.consolidate import homes


def test_what_is_held_twice_is_shown_with_its_tax(tmp_path: Path) -> None:
    file = tmp_path / "parks.xlsx"
    file.write_bytes(workbook_bytes(build_template(homes.parks(), homes.policy())))
    result = call("overlap", file)
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "VOO (best buy rank) 30,000 1,500 1" in shown
    assert "SPY has a loss" in shown


def test_nothing_is_held_twice(tmp_path: Path) -> None:
    file = tmp_path / "one.xlsx"
    file.write_bytes(workbook_bytes(build_template(homes.parks((homes.LOTS[0],)), homes.policy())))
    assert call("overlap", file).stdout.strip() == "Nothing is held more than once."


def test_the_document_is_that_of_the_python_interface(tmp_path: Path) -> None:
    file = riveras(tmp_path / "riveras.xlsx")
    code, document = call_json("overlap", file)
    told, report = document["overlap"], rebal_xl.overlap(*rebal_xl.read_workbook(file))
    assert code == 0
    assert [one["common_usd"] for one in told["pairs"]] == [
        pytest.approx(pair.common_usd, abs=0.01) for pair in report.pairs
    ]
    assert [one["sold"] for one in told["consolidations"]] == [list(one.sold) for one in report.consolidations]
    assert len(told["held"]) == len(report.held) > 0


def test_a_workbook_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    broken, cell = damaged(tmp_path / "riveras.xlsx")
    code, document = call_json("overlap", broken)
    assert (code, document["overlap"]) == (1, None)
    assert any(problem["cell"] == cell for problem in document["problems"])
