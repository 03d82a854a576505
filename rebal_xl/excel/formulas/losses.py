"""Losses: which are worth taking, and what the wash-sale rule (IRC 1091) asks to wait for."""

from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.refusal import Code, Refused
from rebal_xl.excel.udf import Cells, OneCell, Result, formula


@formula(NOTES)
def REBAL_HARVEST(
    holdings: Cells,
    securities: Cells,
    accounts: Cells,
    as_of: OneCell,
    recent: Cells = None,
    settings: Cells = None,
) -> Result:
    """Lots of taxable accounts whose loss is worth taking by the settings Harvest $ and Harvest %, and the days until
    each turns long-term. Spills a table with a header row."""
    raise Refused(Code.NA, "Not made yet.")


@formula(NOTES)
def REBAL_WASH(
    holdings: Cells, recent: Cells, as_of: OneCell, securities: Cells = None, accounts: Cells = None
) -> Result:
    """What must not be bought, or not be sold at a loss, in any account of the household, and until when (IRC 1091).
    Spills a table with a header row."""
    raise Refused(Code.NA, "Not made yet.")
