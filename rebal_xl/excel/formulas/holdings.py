"""What the household holds, seen in other ways: location, overlap, value after tax."""

from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.refusal import Code, Refused
from rebal_xl.excel.udf import Cells, OneCell, Result, formula


@formula(NOTES)
def REBAL_LOCATION_SCORE(
    holdings: Cells,
    targets: Cells,
    securities: Cells,
    accounts: Cells,
    tax: Cells,
    as_of: OneCell,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """How well the classes are placed among taxable and other accounts: 0 is the worst and 100 the best placement of
    this mix by its yearly tax."""
    raise Refused(Code.NA, "Not made yet.")


@formula(NOTES)
def REBAL_OVERLAP(holdings: Cells, securities: Cells, classmix: Cells = None, accounts: Cells = None) -> Result:
    """What is held in several places: the same security, substantially identical ones, and asset classes that several
    funds share; with value and share of the household. Spills a table with a header row."""
    raise Refused(Code.NA, "Not made yet.")


@formula(NOTES)
def REBAL_AFTER_TAX_VALUE(
    holdings: Cells,
    accounts: Cells,
    tax: Cells,
    securities: Cells = None,
    as_of: OneCell = None,
    settings: Cells = None,
) -> Result:
    """What each account is worth once the tax that waits in it is paid, and the household's total. Spills a table with
    a header row."""
    raise Refused(Code.NA, "Not made yet.")
