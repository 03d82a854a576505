"""The pictures of formulas: what the Excel quick start says of them is so, and they can be drawn."""

import importlib.util
import re
import shutil
import struct
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from rebal_xl import api
from rebal_xl.excel.formulas import CATALOG
from rebal_xl.sample import sample_household, sample_policy
from tests.docs.pages import DOCS, flat, text
from tests.docs.test_pictures import NUMBERS
from tests.excel_hosts.recorder import Recorder
from tests.tools.office import Office

PAGE = DOCS / "quick-start-excel.md"
REDRAW = (
    "Run: python docs/make_formula_pictures.py, look at the pictures, and mend what quick-start-excel.md says of them"
)


def maker() -> ModuleType:
    """The script that draws them."""
    spec = importlib.util.spec_from_file_location("make_formula_pictures", DOCS / "make_formula_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_the_page_says_of_the_pictures_is_so_today() -> None:
    # formulas are given neither people nor withdrawals nor typed trades
    household = replace(sample_household(), people=())
    policy = replace(sample_policy(), withdrawals=(), my_trades=())
    told = re.search(
        r"(US Large Cap) is ([\d.]+)% of the household, its target ([\d.]+)%, and it is (.*?) its", flat(PAGE)
    )
    assert told is not None
    line = api.drift(household, policy).line(told[1])
    assert [f"{100 * weight:.1f}" for weight in (line.actual_weight, line.target_weight)] == [told[2], told[3]], REDRAW
    assert line.status.startswith(told[4]), REDRAW
    orders = re.search(r"(\w+) orders in (\w+) accounts, given by REBAL_TRADES", flat(PAGE))
    assert orders is not None
    trades = api.rebalance(household, policy).trades
    shown = [NUMBERS[word.lower()] for word in orders.groups()]
    assert shown == [len(trades), len({trade.account for trade in trades})], REDRAW


def test_the_page_tells_of_every_formula() -> None:
    for formula in CATALOG:
        assert f"`{formula.name}`" in text(PAGE), formula.name


@pytest.mark.hosts
def test_a_picture_of_formulas_is_drawn(tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed.")
    pictures = maker()
    with Office(Recorder()) as office:
        pictures.open_sample(office, tmp_path)
        pictures.draw(office, pictures.DRIFT, tmp_path / "drift.png")
        sheet = pictures.DRIFT.file.removesuffix(".png")
        assert office.read(sheet, "A2:A3") == [["Asset Class"], ["US Large Cap"]]
        assert office.shown(sheet, "B15")["text"] == "TRUE"
    data = (tmp_path / "drift.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">2I", data[16:24]) == tuple(
        round(side * pictures.DOTS_PER_INCH) for side in pictures.DRIFT.cut
    )
    # A white page of that size packs into a few thousand bytes.
    assert len(data) > 50_000
