"""The Understood sheet: yellow where a word may be written, with a list of the words that are known there."""

import re

import pytest
from openpyxl import Workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from rebal_xl.sheets.looks import GOLD, YELLOW
from rebal_xl.sheets.tables import HOLDINGS
from rebal_xl.sheets.understood import (
    DOLLARS,
    KIND,
    NOT_READ,
    POINTS,
    SHARES,
    THOUSANDS,
    WHICH,
    WHOLE,
    Line,
    understood_workbook,
)

LINES = (
    Line("", "", "", WHICH, "none yet"),
    Line("My list", "A2:C4", "Holdings", WHOLE, unit="2 rows"),
    Line("My list", "A2:C4", "Holdings", "Ticker", "Symbol", "words", "VTI"),
    Line("My list", "A2:C4", "Holdings", "", "Account", "words, taken from A1", "Joint"),
    Line("Plan", "A1:B3", "Targets", "Weight", "Target %", "percent", "60 %", "60 means 60 %"),
)


@pytest.fixture(scope="module")
def built() -> Workbook:
    return understood_workbook(LINES, "smith.xlsx", ("Rivera", "Okafor"))


def corrections(built: Workbook) -> dict[str, str]:
    """Header -> the address of its cell under Correction."""
    sheet = built[KIND]
    rows = sheet[sheet.tables[KIND].ref]
    names = [cell.value for cell in rows[0]]
    return {str(row[names.index("Header")].value or ""): row[names.index("Correction")].coordinate for row in rows[1:]}


def offered(built: Workbook, address: str) -> list[str]:
    """The words that the list at a cell offers."""
    sheet = built[KIND]
    (found,) = [one for one in sheet.data_validations.dataValidation if address in one.sqref] or [None]
    if found is None:
        return []
    assert found.type == "list"
    # A warning: another spelling of a word is understood, too.
    assert found.errorStyle == "warning"
    if found.formula1.startswith('"'):
        return found.formula1.strip('"').split(",")
    left, top, right, bottom = range_boundaries(found.formula1.replace("$", ""))
    assert left == right
    return [str(sheet.cell(row, left).value) for row in range(top, bottom + 1)]


def test_a_cell_is_yellow_where_a_word_may_be_written_and_nowhere_else(built: Workbook):
    sheet = built[KIND]
    yellow = {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if re.fullmatch(f"..{YELLOW}", cell.fill.fgColor.rgb)
    }
    # An account that a title above the list told has no header to correct.
    assert yellow == {address for header, address in corrections(built).items() if header}
    assert sheet.sheet_properties.tabColor.rgb == f"00{GOLD}"


def test_every_yellow_cell_offers_the_words_that_are_known_there(built: Workbook):
    at = corrections(built)
    assert offered(built, at[WHICH]) == ["Rivera", "Okafor"]
    assert offered(built, at[WHOLE]) == [NOT_READ]
    assert offered(built, at["Ticker"]) == [
        NOT_READ, *(column.name for column in HOLDINGS.columns), POINTS, SHARES, THOUSANDS, DOLLARS,
    ]  # fmt: skip
    assert "Target %" in offered(built, at["Weight"])
    assert "Symbol" not in offered(built, at["Weight"])
    assert offered(built, at[""]) == []


def test_the_longest_word_fits_its_cell(built: Workbook):
    sheet = built[KIND]
    longest = max(
        len(word) for header in (WHICH, "Ticker", "Weight") for word in offered(built, corrections(built)[header])
    )
    letter = re.sub(r"\d", "", corrections(built)["Ticker"])
    assert sheet.column_dimensions[letter].width > longest
    row, column = coordinate_to_tuple(corrections(built)["Weight"])
    assert sheet.cell(row, column).value == POINTS
