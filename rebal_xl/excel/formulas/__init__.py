"""The worksheet formulas. CATALOG names them in documented order; wrappers and documentation are made from it."""

from rebal_xl.excel.formulas.about import REBAL_VERSION, REBAL_WHY
from rebal_xl.excel.formulas.check import REBAL_CHECK
from rebal_xl.excel.formulas.drift import REBAL_DRIFT, REBAL_NEEDED, REBAL_TRACKING_ERROR
from rebal_xl.excel.formulas.holdings import REBAL_AFTER_TAX_VALUE, REBAL_LOCATION_SCORE, REBAL_OVERLAP
from rebal_xl.excel.formulas.losses import REBAL_HARVEST, REBAL_WASH
from rebal_xl.excel.formulas.plan import REBAL_LOTS, REBAL_TAX, REBAL_TRADES
from rebal_xl.excel.formulas.tax import REBAL_TAX_ON, REBAL_TERM
from rebal_xl.excel.udf import Formula, described

CATALOG: tuple[Formula, ...] = tuple(
    described(function)
    for function in (
        REBAL_DRIFT,
        REBAL_NEEDED,
        REBAL_TRACKING_ERROR,
        REBAL_TRADES,
        REBAL_LOTS,
        REBAL_TAX,
        REBAL_TAX_ON,
        REBAL_LOCATION_SCORE,
        REBAL_HARVEST,
        REBAL_WASH,
        REBAL_OVERLAP,
        REBAL_TERM,
        REBAL_AFTER_TAX_VALUE,
        REBAL_CHECK,
        REBAL_WHY,
        REBAL_VERSION,
    )
)

__all__ = ["CATALOG"]
