"""The plan as formulas: its orders, the lots behind every sale, its tax bill."""

from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.refusal import Code, Refused
from rebal_xl.excel.udf import Cells, OneCell, Result, formula


@formula(NOTES, heavy=True)
def REBAL_TRADES(
    holdings: Cells,
    targets: Cells,
    securities: Cells,
    accounts: Cells,
    tax: Cells,
    as_of: OneCell,
    recent: Cells = None,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """The most tax-efficient orders that bring the household back to its target, account by account, sells before
    buys. Spills a table with a header row; takes seconds."""
    raise Refused(Code.NA, "Not made yet.")


@formula(NOTES, heavy=True)
def REBAL_LOTS(
    holdings: Cells,
    targets: Cells,
    securities: Cells,
    accounts: Cells,
    tax: Cells,
    as_of: OneCell,
    recent: Cells = None,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """The lots behind every sale of the plan that REBAL_TRADES shows: quantity, proceeds, basis, gain. Spills a table
    with a header row; takes seconds."""
    raise Refused(Code.NA, "Not made yet.")


@formula(NOTES, heavy=True)
def REBAL_TAX(
    holdings: Cells,
    targets: Cells,
    securities: Cells,
    accounts: Cells,
    tax: Cells,
    as_of: OneCell,
    recent: Cells = None,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """What the plan that REBAL_TRADES shows realises and adds to this year's tax, one row per taxpayer. Spills a table
    with a header row; takes seconds."""
    raise Refused(Code.NA, "Not made yet.")
