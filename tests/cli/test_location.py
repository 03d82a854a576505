"""`location`: the Riveras' placement as text and as a document, and a household whose input is hard to believe."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import rebal_xl
from rebal_xl.household import Household
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.cli.riveras import call, call_json, damaged, riveras
from tests.optimize.test_location import BOND, POLICY, STOCK, stocks_in_brokerage
from tests.sheets.reading import row_of


def written(path: Path, household: Household) -> Path:
    path.write_bytes(workbook_bytes(build_template(household, POLICY)))
    return path


def test_the_score_the_places_and_the_swaps_are_shown(tmp_path: Path) -> None:
    result = call("location", written(tmp_path / "example.xlsx", stocks_in_brokerage(0.25)))
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "a score of 25 of 100" in shown
    # three quarters of the way: 75 % of $6,543.75
    assert "The best one would save $4,908 a year" in shown
    assert "Swap $375,000 of Bond in Brokerage (BND) against Stock in IRA (STK)" in shown


def test_the_document_is_that_of_the_python_interface(tmp_path: Path) -> None:
    file = riveras(tmp_path / "riveras.xlsx")
    code, document = call_json("location", file)
    told, report = document["location"], rebal_xl.location(*rebal_xl.read_workbook(file))
    assert code == 0
    assert told["score"] == pytest.approx(report.score, abs=1e-9)
    assert told["sentences"] == list(report.sentences)
    assert len(told["moves"]) == len(report.moves) > 0
    assert sum(line["usd"] for line in told["lines"]) == pytest.approx(told["value_usd"], abs=0.5)
    assert told["suspect"] is told["same_everywhere"] is False


def test_a_workbook_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    broken, cell = damaged(tmp_path / "riveras.xlsx")
    code, document = call_json("location", broken)
    assert (code, document["location"]) == (1, None)
    assert any(problem["cell"] == cell for problem in document["problems"])


def test_a_gain_that_is_hard_to_believe_is_a_notice_of_check_and_of_the_checks_sheet(tmp_path: Path) -> None:
    # 500,000 x (35 % of 8 % - 0.26625 %) = $12,669 of a million: 1.27 %
    high = stocks_in_brokerage(0.0, securities=(STOCK, replace(BOND, yield_rate=0.08)))
    file = written(tmp_path / "high.xlsx", high)
    (notice,) = rebal_xl.check(file)
    assert (notice.code, notice.severity) == ("location-suspect", rebal_xl.Severity.NOTICE)
    assert "1.27% of the household a year" in notice.message
    assert call("check", file).exit_code == 0
    household, policy = rebal_xl.read_workbook(file)
    book = openpyxl.load_workbook(rebal_xl.write_plan(file, rebal_xl.rebalance(household, policy)))
    assert row_of(book, "Findings", **{"What Was Found": notice.message})["Severity"] == "Notice"
    score = row_of(book, "LocationSummary", Measure="Score, 0 worst to 100 best")
    assert score["Before"] == pytest.approx(0.0, abs=1e-3)


def test_the_location_after_a_plan_is_that_of_its_orders(tmp_path: Path) -> None:
    household, policy = rebal_xl.read_workbook(written(tmp_path / "example.xlsx", stocks_in_brokerage(0.0)))
    located = replace(policy, method=rebal_xl.Method.LOCATION)
    plan = rebal_xl.rebalance(household, located)
    before, after = rebal_xl.location(household, located), rebal_xl.location(household, located, plan)
    assert before.score == pytest.approx(0.0, abs=1e-3)
    # all bonds have gone to the IRA, but for what a quarter of a percentage point leaves
    assert after.score > 99.0
    assert after.value_usd == pytest.approx(before.value_usd, abs=1.0)
