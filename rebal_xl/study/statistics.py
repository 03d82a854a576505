"""From what became of every path to what can be said of it: means with their confidence, and how paths differ.

Rules are compared on the same paths: the mean of the differences, not the difference of the means.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit

from rebal_xl.household import Estimate, HappenedLine, LookRule, Percentiles, StudyLine
from rebal_xl.study.paths import FloatArray
from rebal_xl.study.simulate import Outcome

CONFIDENCE = 0.95
# Dollars that are no difference at all: rounding of sums over hundreds of months.
NOTHING_USD = 0.01


def estimate(values: FloatArray) -> Estimate:
    """Mean of two or more values, and the interval that holds the true one in 95 of 100 studies (Student's t)."""
    count = len(values)
    mean = float(values.mean())
    off = float(stdtrit(count - 1, 0.5 + 0.5 * CONFIDENCE) * values.std(ddof=1) / np.sqrt(count))
    return Estimate(mean, mean - off, mean + off)


def percentiles(values: FloatArray) -> Percentiles:
    """The five that describe how single paths differ."""
    return Percentiles(*(float(each) for each in np.percentile(values, (5, 25, 50, 75, 95))))


def study_lines(outcome: Outcome, rules: Sequence[LookRule], reference: int) -> tuple[StudyLine, ...]:
    """A line for each rule, in their order; `reference` is the place of the rule that they are compared with."""
    return tuple(_line(outcome, rule, row, reference) for row, rule in enumerate(rules))


def happened_lines(outcome: Outcome, rules: Sequence[LookRule], reference: int) -> tuple[HappenedLine, ...]:
    """A line for each rule over the one path of the outcome."""
    value = outcome.value_usd[:, 0]
    return tuple(
        HappenedLine(
            rule=rule,
            value_usd=float(value[row]),
            difference_usd=float(_cleaned(value[row] - value[reference])),
            tracking_error=float(outcome.tracking_error[row, 0]),
            turnover=float(outcome.turnover[row, 0]),
            tax_paid_usd=float(outcome.tax_paid_usd[row, 0]),
            orders=float(outcome.orders[row, 0]),
        )
        for row, rule in enumerate(rules)
    )


def _line(outcome: Outcome, rule: LookRule, row: int, reference: int) -> StudyLine:
    value = outcome.value_usd[row]
    difference = _cleaned(value - outcome.value_usd[reference])
    return StudyLine(
        rule=rule,
        value_usd=estimate(value),
        value_spread=percentiles(value),
        difference_usd=estimate(difference),
        difference_spread=percentiles(difference),
        better=float((difference > 0.0).mean()),
        tracking_error=estimate(outcome.tracking_error[row]),
        drift=float(outcome.drift[row].mean()),
        widest_drift=float(outcome.widest_drift[row].mean()),
        volatility=float(outcome.volatility[row].mean()),
        lean=float(outcome.lean[row].mean()),
        turnover=float(outcome.turnover[row].mean()),
        tax_paid_usd=estimate(outcome.tax_paid_usd[row]),
        tax_at_end_usd=estimate(outcome.tax_at_end_usd[row]),
        cost_usd=float(outcome.cost_usd[row].mean()),
        rebalances=float(outcome.rebalances[row].mean()),
        orders=float(outcome.orders[row].mean()),
    )


def _cleaned(difference: FloatArray) -> FloatArray:
    """Differences without those that are nothing but rounding."""
    found: FloatArray = np.where(np.abs(difference) < NOTHING_USD, 0.0, difference)
    return found
