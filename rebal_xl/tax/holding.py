"""Holding period: when shares turn long-term (IRC 1222, 1223).

The count begins on the day after acquisition and includes the day of sale; long-term is MORE than one calendar year
(Rev. Rul. 66-7 for month ends, Rev. Rul. 72-42 for calendar years instead of 365 days). Trade dates on both sides.
"""

from datetime import date, timedelta
from functools import lru_cache

from rebal_xl.household import Lot, LotSource, Term
from rebal_xl.household.counts import shares_in_words


@lru_cache(maxsize=16_384)
def long_term_from(acquired: date) -> date:
    """The first day on which a sale of shares acquired on that day is long-term."""
    counted_from = acquired + timedelta(days=1)
    try:
        return counted_from.replace(year=counted_from.year + 1)
    except ValueError:  # 29 February, and the next year has none
        return date(counted_from.year + 1, 3, 1)


def term(acquired: date, sold: date) -> Term:
    """Short or long holding period of shares bought and sold on those days."""
    return Term.LONG if sold >= long_term_from(acquired) else Term.SHORT


def term_of_lot(lot: Lot, sold: date) -> Term:
    """Holding period of a lot sold on a day; inherited shares are always long (IRC 1223(9)).

    The date acquired decides where it is known, else the custodian's own word. ValueError when both are missing.
    """
    if lot.source is LotSource.INHERITED:
        return Term.LONG
    if lot.acquired is not None:
        return term(lot.acquired, sold)
    if lot.custodian_term is not None:
        return lot.custodian_term
    raise ValueError(
        f"The lot of {shares_in_words(lot.quantity)} {lot.symbol} in {lot.account} has neither a date acquired nor a "
        "term, so nobody can say whether its gain is short or long. Write the date acquired or the "
        "custodian's Short or Long."
    )
