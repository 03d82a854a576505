"""Overlap: the same security twice, identical ones side by side, and classes that several funds carry."""

import pytest

from rebal_xl.household import Account, Household, Lot, Security, TaxTreatment
from rebal_xl.measure.overlap import IDENTICAL, SAME_CLASS, SAME_SECURITY, Overlap, measure_overlap
from tests.measure.homes import household_of, plain

# Joint: 300 of A, 200 of B, cash 100. IRA: 100 of A, 200 of F, which is half Stock and half Bond. 900 in all.
HOME = Household(
    accounts=(
        Account("Joint", TaxTreatment.TAXABLE, cash_usd=100.0),
        Account("IRA", TaxTreatment.TAX_DEFERRED, counts_in_target=False),
    ),
    lots=(
        Lot("Joint", "A", 100.0),
        Lot("Joint", "A", 200.0),
        Lot("Joint", "B", 200.0),
        Lot("IRA", "A", 100.0),
        Lot("IRA", "F", 200.0),
    ),
    securities=(
        Security("A", 1.0, (("Stock", 1.0),), identical_group="Whole Market"),
        Security("B", 1.0, (("Stock", 1.0),), identical_group="Whole Market"),
        plain("F", Stock=0.5, Bond=0.5),
    ),
)


def test_each_kind_with_its_dollars_and_its_share_of_everything():
    assert measure_overlap(HOME) == (
        Overlap(SAME_SECURITY, "A", ("A",), ("IRA", "Joint"), 400.0, pytest.approx(4 / 9)),
        Overlap(IDENTICAL, "Whole Market", ("A", "B"), ("IRA", "Joint"), 600.0, pytest.approx(6 / 9)),
        # half of F is stock; bonds are in F alone
        Overlap(SAME_CLASS, "Stock", ("A", "B", "F"), ("IRA", "Joint"), 700.0, pytest.approx(7 / 9)),
    )


def test_nothing_is_held_twice():
    assert measure_overlap(household_of({"Stock": 60.0, "Bond": 40.0})) == ()


def test_what_is_held_and_sold_short_in_equal_parts_is_nothing():
    lots = (Lot("Joint", "A", 100.0), Lot("IRA", "A", 50.0), Lot("IRA", "A", -50.0))
    home = Household(HOME.accounts, lots, HOME.securities)
    assert measure_overlap(home) == ()
