"""A year's gains and losses for many rows at once: netting by term, the loss limit, and what is carried on.

The arithmetic of `rebal_xl.tax.netting` (IRC 1222, 1211(b), 1212(b)) at two marginal rates, without collectibles.
"""

from dataclasses import dataclass

import numpy as np

from rebal_xl.household import StudyTax
from rebal_xl.study.paths import FloatArray


@dataclass(frozen=True, slots=True)
class Netted:
    """A year's bill by row, dollars; a negative tax is what a loss saves on other income."""

    tax_usd: FloatArray
    # carried to the next year, positive
    short_carryforward_usd: FloatArray
    long_carryforward_usd: FloatArray


def net_year(
    short: FloatArray, long: FloatArray, short_carried: FloatArray, long_carried: FloatArray, tax: StudyTax
) -> Netted:
    """Net realised gains (negative: losses) with losses of earlier years (positive)."""
    line_7 = short - short_carried
    line_15 = long - long_carried
    line_16 = line_7 + line_15
    in_income = np.maximum(line_16, -tax.loss_limit_usd)
    preferential = np.maximum(0.0, np.minimum(line_15, line_16))
    allowed = np.maximum(0.0, -in_income)
    used_by_long = np.maximum(0.0, allowed - np.maximum(0.0, -line_7))
    return Netted(
        tax_usd=tax.short_gain * (in_income - preferential) + tax.long_gain * preferential,
        short_carryforward_usd=np.maximum(0.0, -line_7 - allowed - np.maximum(0.0, line_15)),
        long_carryforward_usd=np.maximum(0.0, -line_15 - np.maximum(0.0, line_7) - used_by_long),
    )
