"""What a lot cost: the total, or the cost of a share times its shares, and whether the two were mixed up.

A custodian's "Cost Basis" is a total and its "Cost/Share" is not, but columns are renamed by hand. Where both are
given they must tie. Where only one is, a single odd lot may be a very old or a very bad purchase: that is a notice.
When every lot of a column reads better the other way round, the column is wrong and the reading is refused.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import plain_number

# Cost per share is rounded to cents, a basis to dollars at worst.
CENT_ROUNDING = 0.005
TIES = 0.005
# A total below this part of the value (or a cost per share beyond its inverse) is extreme …
EXTREME = 0.05
# … and is likely the other number when read so it is within these multiples of the price.
LIKELY_LOW, LIKELY_HIGH = 0.1, 2.0
# With few shares a total and a cost per share cannot be told apart.
LEAST_SHARES = 25.0
# So many lots make a column.
LEAST_LOTS = 3


class Cost(NamedTuple):
    """What is known of a lot's cost, and what it is worth."""

    row: Row
    quantity: float
    # dollars of one share (or of one dollar of face)
    unit_usd: float
    price_divisor: float
    total: float | None
    per_share: float | None


def basis_usd(cost: Cost, findings: Findings) -> float | None:
    """Total basis of a lot in dollars; None when neither number is given."""
    if cost.per_share is None:
        return cost.total
    # The cost of a bond is quoted like its price, per 100 of face; some sheets give it per dollar.
    quoted = cost.per_share * cost.quantity / cost.price_divisor
    plain = cost.per_share * cost.quantity
    if cost.total is None:
        return quoted
    if not any(_ties(cost.total, product, cost.quantity) for product in (quoted, plain)):
        findings.error(
            "basis-conflict",
            cost.row.place("Cost Basis"),
            f"Cost Basis {plain_number(cost.total)} is not Cost/Share {plain_number(cost.per_share)} times "
            f"{plain_number(cost.quantity)} shares ({plain_number(round(quoted, 2))}).",
            "Correct one of the two, or clear the one that is wrong.",
        )
    return cost.total


def _ties(total: float, product: float, quantity: float) -> bool:
    return abs(total - product) <= max(1.0, CENT_ROUNDING * abs(quantity), TIES * abs(total))


def check_readings(costs: Sequence[Cost], findings: Findings) -> None:
    """Look for totals where a cost per share was meant, and the reverse."""
    totals = [cost for cost in costs if cost.per_share is None and cost.total and cost.quantity >= LEAST_SHARES]
    shares = [cost for cost in costs if cost.total is None and cost.per_share and cost.quantity >= LEAST_SHARES]
    _report(totals, [cost for cost in totals if _looks_per_share(cost)], "Cost Basis", "Cost/Share", findings)
    _report(shares, [cost for cost in shares if _looks_total(cost)], "Cost/Share", "Cost Basis", findings)


def _looks_per_share(cost: Cost) -> bool:
    value = cost.quantity * cost.unit_usd
    total = cost.total or 0.0
    likely = LIKELY_LOW <= total / (cost.unit_usd * cost.price_divisor) <= LIKELY_HIGH
    return total < EXTREME * value and likely


def _looks_total(cost: Cost) -> bool:
    value = cost.quantity * cost.unit_usd
    per_share = cost.per_share or 0.0
    extreme = per_share / cost.price_divisor > cost.unit_usd / EXTREME
    return extreme and LIKELY_LOW <= per_share / value <= LIKELY_HIGH


def _report(column: Sequence[Cost], odd: Sequence[Cost], name: str, other: str, findings: Findings) -> None:
    if len(odd) >= LEAST_LOTS and len(odd) == len(column):
        findings.error(
            "basis-unclear",
            odd[0].row.place(name),
            f"All {len(odd)} lots read better when the column {name} is taken for {other}: here "
            f"{plain_number(odd[0].total or odd[0].per_share or 0.0)} for {plain_number(odd[0].quantity)} shares.",
            f"Call the column {other} if that is what it holds; if the numbers are right as they are, fill in both "
            "columns.",
        )
        return
    for cost in odd:
        findings.notice(
            "basis-suspicious",
            cost.row.place(name),
            f"{name} {plain_number(cost.total or cost.per_share or 0.0)} for {plain_number(cost.quantity)} shares of "
            f"{cost.row.text('Symbol')} looks like {other}.",
            "Check it; it was taken as written.",
        )
