"""The page of the formulas' benchmarks says itself which of the times that were wanted are not reached."""

import re

from benchmarks.formulas import DRIFT, EVERY_LOT, NO_CHANGE, ONE_LOT, Measured, page, shortfall
from tests.docs.pages import DOCS, flat, text

PAGE = DOCS / "benchmarks-formulas.md"


def test_the_page_draws_its_conclusions_from_its_figures() -> None:
    rows = re.findall(r"^\| (REBAL_.*?) \| ([\d.]+) \| ([\d.]+) \|$", text(PAGE), re.MULTILINE)
    found = [Measured(what, float(least), float(median)) for what, least, median in rows]
    assert len(found) > 10
    imported = re.search(r"can answer formulas: ([\d.]+) s", flat(PAGE))
    assert imported is not None
    before = page(found, float(imported[1])).split("Measured with")[0]
    assert text(PAGE).split("Measured with")[0] == before, "Run: python -m benchmarks.formulas"


def test_what_is_missed_is_said() -> None:
    lot, every = Measured(DRIFT.format(ONE_LOT), 30.0, 31.0), Measured(DRIFT.format(EVERY_LOT), 30.1, 31.0)
    same = Measured(DRIFT.format(NO_CHANGE), 2.5, 2.5)
    assert shortfall([lot], 1.5) == "All three are reached."
    assert shortfall([lot, every], 1.5) == (
        "That is **missed** where every quantity was edited (least 30.1 ms, 30 wanted)."
    )
    assert shortfall([same], 1.6) == (
        "That is **missed** where nothing was edited (least 2.5 ms, 2 wanted) and by the import (1.60 s)."
    )
