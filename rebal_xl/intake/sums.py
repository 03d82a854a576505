"""A position's own row above its lots: exports write both, and together the shares would count twice."""

from collections.abc import Callable, Iterable, Sequence

from rebal_xl.intake.findings import Findings
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import plain_number

# Shares in a file may be rounded to thousandths; dollars to whole ones.
_SHARES, _DOLLARS = 0.0005, 1.0


def check_sums(rows: Iterable[Row], findings: Findings, account: Callable[[Row], str]) -> None:
    """Refuse a row without a day that holds as many shares as the lots with days beside it."""
    positions: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        positions.setdefault((account(row), row.text("Symbol")), []).append(row)
    for (name, symbol), held in positions.items():
        if len(held) < 2:
            continue
        undated = [row for row in held if row.day("Acquired") is None and row.number_in("Quantity")]
        dated = [row for row in held if row.day("Acquired") is not None]
        if len(undated) == 1 and _is_sum(undated[0], dated):
            shares = plain_number(undated[0].number_in("Quantity") or 0.0)
            findings.error(
                "position-and-lots",
                undated[0].place("Quantity"),
                f"{shares} {symbol} in {name} without a day are as many as its "
                f"{f'{len(dated)} lots with days together' if len(dated) > 1 else 'lot with a day'}: it looks like "
                "the position's own row, and would count twice.",
                "Delete the row of the position and keep its lots; where it is a lot of its own, write its day.",
            )


def _is_sum(row: Row, lots: Sequence[Row]) -> bool:
    parts = [lot.number_in("Quantity") or 0.0 for lot in lots]
    if not parts or abs(sum(parts) - (row.number_in("Quantity") or 0.0)) > _SHARES * (len(parts) + 1):
        return False
    costs = [lot.number_in("Cost Basis") for lot in lots]
    whole = row.number_in("Cost Basis")
    if len(parts) > 1:
        return True
    # One lot as large as another may well be another; at the same cost it is not.
    return whole is not None and costs[0] is not None and abs(whole - costs[0]) <= _DOLLARS
