"""The catalog of formulas, and that xlwings' own decorators say the same of every one of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rebal_xl.excel.formulas import CATALOG
from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.udf import FINANCIAL, LONGEST_NOTE, Note, formula

STUB = Path(__file__).with_name("pywin32_stub.py")
# The signatures that were promised; brackets are optional arguments.
PROMISED = """
REBAL_DRIFT(holdings, targets, [securities], [accounts], [classmix], [settings])
REBAL_NEEDED(holdings, targets, [securities], [accounts], [classmix], [settings])
REBAL_TRACKING_ERROR(holdings, targets, [securities], [accounts], [classmix], [covariance], [settings])
REBAL_TRADES(holdings, targets, securities, accounts, tax, as_of, [recent], [classmix], [settings])
REBAL_LOTS(holdings, targets, securities, accounts, tax, as_of, [recent], [classmix], [settings])
REBAL_TAX(holdings, targets, securities, accounts, tax, as_of, [recent], [classmix], [settings])
REBAL_TAX_ON(tax, short_gain, long_gain, [law_year])
REBAL_LOCATION_SCORE(holdings, targets, securities, accounts, tax, as_of, [classmix], [settings])
REBAL_HARVEST(holdings, securities, accounts, as_of, [recent], [settings])
REBAL_WASH(holdings, recent, as_of, [securities], [accounts])
REBAL_OVERLAP(holdings, securities, [classmix], [accounts])
REBAL_TERM(acquired, sold)
REBAL_AFTER_TAX_VALUE(holdings, accounts, tax, [securities], [as_of], [settings])
REBAL_CHECK(holdings, targets, [securities], [accounts], [tax], [as_of], [recent], [classmix], [settings])
REBAL_WHY(cell)
REBAL_VERSION()
"""


def test_the_catalog_is_what_was_promised():
    told = [
        f"{each.name}({', '.join(f'[{a.name}]' if a.optional else a.name for a in each.arguments)})" for each in CATALOG
    ]
    assert told == PROMISED.split("\n")[1:-1]


def test_only_formulas_that_plan_are_heavy():
    assert {each.name for each in CATALOG if each.heavy} == {"REBAL_TRADES", "REBAL_LOTS", "REBAL_TAX"}


def test_every_text_fits_the_function_wizard():
    for each in CATALOG:
        for text in (each.summary, *(argument.note for argument in each.arguments)):
            assert 20 <= len(text) <= LONGEST_NOTE
            assert text == " ".join(text.split())


def test_only_what_may_be_left_out_says_what_happens_then():
    for each in CATALOG:
        for argument in each.arguments:
            if not argument.optional:
                assert "left out" not in argument.note.lower(), f"{each.name}: {argument.name}"
    notes = {argument.note for each in CATALOG for argument in each.arguments if argument.name == "securities"}
    assert notes == {NOTES["securities"].text, NOTES["securities"].needed}


def test_no_name_can_be_read_as_a_cell_or_clashes_with_vba():
    vba = {"date", "name", "type", "end", "next", "each", "get", "let", "set", "in", "is", "to", "me", "new", "stop"}
    for each in CATALOG:
        names = [argument.name for argument in each.arguments]
        assert len(set(names)) == len(names)
        assert not vba & set(names)


@pytest.fixture(scope="module")
def known_to_xlwings():
    found = subprocess.run([sys.executable, str(STUB)], capture_output=True, text=True, check=True)
    return json.loads(found.stdout)


def test_xlwings_knows_every_formula_as_we_describe_it(known_to_xlwings):
    for theirs, ours in zip(known_to_xlwings, CATALOG, strict=True):
        assert theirs["name"] == ours.name
        assert theirs["ret"]["doc"] == ours.summary
        assert theirs["category"] == FINANCIAL
        assert theirs["call_in_wizard"] is not ours.heavy
        assert theirs["volatile"] is False
        assert theirs["async_mode"] is None
        assert theirs["sub"] is False
        for known, argument in zip(theirs["args"], ours.arguments, strict=True):
            assert known["name"] == argument.name
            assert known["doc"] == argument.note
            assert ("optional" in known) is argument.optional
            assert known.get("optional") is None
            assert {key: value for key, value in known["options"].items() if key != "convert"} == argument.options


def test_a_note_that_excel_would_cut_off_is_refused():
    with pytest.raises(ValueError, match="Function Wizard"):
        formula({"tax": Note("x" * (LONGEST_NOTE + 1))})(_asks_for_tax)


def test_an_argument_without_a_note_is_refused():
    with pytest.raises(KeyError):
        formula({})(_asks_for_tax)


def test_no_note_is_kept_for_nobody():
    assert set(NOTES) == {argument.name for each in CATALOG for argument in each.arguments}


def _asks_for_tax(tax):
    """A formula that is none of ours."""
