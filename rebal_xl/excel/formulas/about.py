"""The version of the engine, and the reason behind a cell."""

from rebal_xl import __version__
from rebal_xl.excel import reasons
from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.udf import OneCell, Result, formula


@formula(NOTES, cached=False)
def REBAL_WHY(cell: OneCell) -> Result:
    """The reason behind the error or the notice of a cell with a REBAL formula; empty when there is nothing to say."""
    return reasons.why(cell) if isinstance(cell, str) else ""


@formula(NOTES)
def REBAL_VERSION() -> Result:
    """Version of the engine that answers these formulas."""
    return __version__
