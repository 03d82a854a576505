"""When shares turn long-term: one year and a day, month ends and leap days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.household import Lot, LotSource, Term
from rebal_xl.tax import long_term_from, term, term_of_lot

DAYS = st.dates(date(1950, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("acquired", "still_short", "long"),
    [
        # Pub. 550: bought 5 February 2023, sold 5 February 2024 is short, the day after is long
        (date(2023, 2, 5), date(2024, 2, 5), date(2024, 2, 6)),
        # Rev. Rul. 66-7: counted from 1 March, so the 29th of the leap year is not yet more than a year
        (date(2023, 2, 28), date(2024, 2, 29), date(2024, 3, 1)),
        (date(2024, 2, 28), date(2025, 2, 28), date(2025, 3, 1)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)),
        (date(2023, 12, 31), date(2024, 12, 31), date(2025, 1, 1)),
        (date(2025, 6, 30), date(2026, 6, 30), date(2026, 7, 1)),
    ],
)
def test_one_year_and_a_day(acquired: date, still_short: date, long: date):
    assert long_term_from(acquired) == long
    assert term(acquired, still_short) is Term.SHORT
    assert term(acquired, long) is Term.LONG


@given(DAYS)
def test_a_holding_period_is_a_calendar_year_and_a_day(acquired: date):
    days = (long_term_from(acquired) - acquired).days
    assert days in (366, 367)


@given(DAYS)
def test_a_later_purchase_never_turns_long_earlier(acquired: date):
    assert long_term_from(acquired) <= long_term_from(acquired + timedelta(days=1))


def lot(**given) -> Lot:
    return Lot("Joint", "VTI", 10.0, 1_000.0, **given)


def test_inherited_shares_are_long_from_the_first_day():
    inherited = lot(acquired=date(2026, 5, 1), source=LotSource.INHERITED)
    assert term_of_lot(inherited, date(2026, 5, 2)) is Term.LONG


def test_inherited_shares_need_no_date():
    assert term_of_lot(lot(source=LotSource.INHERITED), date(2026, 5, 2)) is Term.LONG


def test_the_date_acquired_decides():
    bought = lot(acquired=date(2025, 5, 1), custodian_term=Term.SHORT)
    assert term_of_lot(bought, date(2026, 5, 1)) is Term.SHORT
    assert term_of_lot(bought, date(2026, 5, 2)) is Term.LONG


def test_without_a_date_the_custodian_s_word_counts():
    assert term_of_lot(lot(custodian_term=Term.LONG), date(2026, 5, 1)) is Term.LONG


def test_without_either_nobody_can_say():
    with pytest.raises(ValueError, match="neither a date acquired nor a term"):
        term_of_lot(lot(), date(2026, 5, 1))


def test_a_transfer_between_spouses_goes_on_where_it_was():
    # IRC 1041(b), 1223(2): the receiving spouse has the giver's basis and period, whenever the shares changed hands.
    shares = Lot("Spouse", "VTI", 10.0, 1_000.0, date(2023, 2, 5), source=LotSource.TRANSFER)
    assert term_of_lot(shares, date(2024, 2, 5)) is Term.SHORT
    assert term_of_lot(shares, date(2024, 2, 6)) is Term.LONG
    assert shares.source.bought
    assert not LotSource.GIFT.bought
    assert not LotSource.INHERITED.bought
