"""A file that Excel on a Mac saved has 3/15/20 where the custodian wrote 03/15/2020."""

from datetime import date

import pytest

from rebal_xl.intake.dates import day_of_text
from tests.intake.story import codes, noticed, only, smiths, smiths_refused

HOLDINGS = "Account | Symbol | Quantity | Cost Basis | Acquired\nJoint | VTI | 100 | 20000 | '{}"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("3/15/20", date(2020, 3, 15)),
        ("15-Mar-20", date(2020, 3, 15)),
        ("Mar-15-20", date(2020, 3, 15)),
        ("03-15-98", date(1998, 3, 15)),
        ("10/30/17 0:00", date(2017, 10, 30)),
        # Excel's own border between the centuries
        ("12/31/29", date(2029, 12, 31)),
        ("1/1/30", date(1930, 1, 1)),
    ],
)
def test_a_day_of_purchase_may_have_a_year_of_two_digits(written: str, day: date):
    assert day_of_text(written, traded=True) == day


def test_how_its_century_was_read_is_said_once():
    holdings = HOLDINGS.format("3/15/20") + "\nJoint | BND | 10 | 700 | '6/1/21"
    household, _ = smiths(Holdings=holdings)
    assert {lot.acquired for lot in household.lots} == {date(2020, 3, 15), date(2021, 6, 1)}
    notice = only(household.notices, "two-digit-years")
    assert (notice.place, '"3/15/20" is 03/15/2020' in notice.message) == ("Holdings!E2", True)
    assert "two-digit-years" not in codes(noticed(Holdings=HOLDINGS.format("03/15/2020")))


def test_a_day_of_purchase_to_come_is_no_day_whatever_its_century():
    # as of 06/15/2026
    assert codes(smiths_refused(Holdings=HOLDINGS.format("3/15/29"))) == ["acquired-after-as-of"]


def test_somebody_born_in_22_may_be_a_child_or_very_old():
    people = "Person | Birth Date\nAnn | '05/05/22"
    assert "century" in only(smiths_refused(People=people), "not-a-date").message


def test_days_without_separators_are_read_as_ofx_and_portals_write_them():
    assert day_of_text("20200315") == date(2020, 3, 15)
    assert isinstance(day_of_text("20201503"), tuple)
