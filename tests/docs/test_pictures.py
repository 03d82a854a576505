"""The pictures of the guide: what the pages say of them is so, and they can be drawn."""

import importlib.util
import re
import shutil
import struct
from pathlib import Path
from types import ModuleType

import pytest

from rebal_xl.api import overlap
from rebal_xl.optimize import rebalance
from rebal_xl.sample import sample_household, sample_policy
from tests.docs.pages import DOCS, flat

NUMBERS = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11}
REDRAW = "Run: python docs/make_pictures.py, look at the pictures, and mend what quick-start.md says of them"


def maker() -> ModuleType:
    """The script that draws them."""
    spec = importlib.util.spec_from_file_location("make_pictures", DOCS / "make_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_the_page_says_of_the_pictures_is_the_plan_of_today() -> None:
    plan = rebalance(sample_household(), sample_policy())
    page = flat(DOCS / "quick-start.md")
    drift = re.search(r"US Large Cap goes from ([\d.]+) % to ([\d.]+) %", page)
    assert drift is not None
    for shown, measured in zip(drift.groups(), (plan.before, plan.after), strict=True):
        weight = measured.line("US Large Cap").actual_weight
        assert float(shown) == pytest.approx(100 * weight, abs=0.005), REDRAW
    trades = re.search(r"sample: (\w+) orders in (\w+) accounts", page)
    assert trades is not None
    accounts = {trade.account for trade in plan.trades}
    assert [NUMBERS[word] for word in trades.groups()] == [len(plan.trades), len(accounts)], REDRAW
    assert "the plan adds no tax this year" in page
    assert plan.tax.cost_usd == pytest.approx(0.0, abs=0.005), REDRAW
    report = overlap(sample_household(), sample_policy())
    told = re.search(r"sample: (\d+) things held in several places, nothing to consolidate", page)
    assert told is not None
    assert int(told[1]) == len(report.held), REDRAW
    assert not any(one.positions_saved for one in report.consolidations if not one.refused), REDRAW
    within = re.search(r"Optimal under these rules within \$(\d+)", page)
    assert within is not None
    assert plan.gap_usd <= int(within[1]), REDRAW


@pytest.mark.hosts
def test_a_result_sheet_is_drawn(tmp_path: Path) -> None:
    for program in ("soffice", "pdftoppm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed.")
    pictures = maker()
    cut = pictures.SHEETS["Tax"]
    pictures.draw(pictures.result_sheet("Tax"), tmp_path / "tax.png", cut)
    data = (tmp_path / "tax.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">2I", data[16:24]) == tuple(round(side * pictures.DOTS_PER_INCH) for side in cut[2:])
    # A white page of that size packs into a few thousand bytes.
    assert len(data) > 50_000
