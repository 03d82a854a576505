"""Pairs of securities that hold the same: their dollars in common, and how near they are."""

import pytest

from rebal_xl.household import Account, Household, Lot, Security, TaxTreatment
from rebal_xl.household.overlap import IDENTICAL, SAME_INDEX, SAME_MIX, SHARED_CLASSES
from rebal_xl.measure.overlap import measure_overlap
from rebal_xl.measure.overlap_pairs import near_clusters, overlap_pairs
from tests.measure.homes import household_of, plain

ACCOUNTS = (Account("Joint", TaxTreatment.TAXABLE), Account("IRA", TaxTreatment.TAX_DEFERRED))


def of(securities: tuple[Security, ...], *held: tuple[str, str, float]) -> Household:
    return Household(ACCOUNTS, tuple(Lot(*one) for one in held), securities)


def test_a_mix_and_a_plain_fund_share_a_class():
    # 60 % of $100,000 is $60,000 of stock; of the $50,000 stock fund all is in common
    home = of((plain("MIX", Stock=0.6, Bond=0.4), plain("STK", Stock=1.0)), ("Joint", "MIX", 1e5), ("IRA", "STK", 5e4))
    (pair,) = overlap_pairs(home)
    assert (pair.kind, pair.first, pair.second, pair.subject) == (SHARED_CLASSES, "MIX", "STK", "Stock")
    assert (pair.first_usd, pair.second_usd, pair.common_usd) == (1e5, 5e4, pytest.approx(5e4))
    assert pair.accounts == ("IRA", "Joint")
    assert near_clusters(home) == ()


def test_two_mixes_share_the_smaller_of_each_class():
    # stock: min(60, 20) = 20; bonds: min(40, 30) = 30
    home = of(
        (plain("ONE", Stock=0.6, Bond=0.4), plain("TWO", Stock=0.4, Bond=0.6)),
        ("Joint", "ONE", 100.0), ("Joint", "TWO", 50.0),
    )  # fmt: skip
    assert overlap_pairs(home)[0].common_usd == pytest.approx(20.0 + 30.0)


def test_the_nearest_reason_is_told():
    mix = {"Stock": 0.6, "Bond": 0.4}
    home = of(
        (plain("AAA", **mix), plain("BBB", **mix), plain("VOO", Large=1.0), plain("IVV", Large=1.0),
         Security("X", 1.0, (("Intl", 1.0),), identical_group="G"),
         Security("Y", 1.0, (("Intl", 1.0),), identical_group="G")),
        ("Joint", "AAA", 30.0), ("IRA", "BBB", 40.0), ("Joint", "VOO", 20.0), ("IRA", "IVV", 50.0),
        ("Joint", "X", 10.0), ("Joint", "Y", 70.0),
    )  # fmt: skip
    told = [(pair.first, pair.second, pair.kind, pair.common_usd) for pair in overlap_pairs(home)]
    assert told == [
        ("AAA", "BBB", SAME_MIX, pytest.approx(30.0)),
        ("IVV", "VOO", SAME_INDEX, 20.0),
        ("X", "Y", IDENTICAL, 10.0),
    ]
    assert near_clusters(home) == (("AAA", "BBB"), ("IVV", "VOO"), ("X", "Y"))
    assert SAME_INDEX not in {pair.kind for pair in overlap_pairs(home, indexes=False)}


def test_plain_securities_of_one_class_hold_nothing_else_alike():
    home = of((plain("S1", Stock=1.0), plain("S2", Stock=1.0)), ("Joint", "S1", 10.0), ("Joint", "S2", 10.0))
    assert overlap_pairs(home) == ()
    assert overlap_pairs(household_of({"Stock": 60.0})) == ()


def test_funds_of_one_index_are_held_in_several_places():
    home = of((plain("VOO", Large=1.0), plain("IVV", Large=1.0)), ("Joint", "VOO", 30.0), ("IRA", "IVV", 10.0))
    (tracked,) = [one for one in measure_overlap(home) if one.kind == SAME_INDEX]
    assert (tracked.subject, tracked.symbols, tracked.value_usd, tracked.share) == (
        "S&P 500 Index", ("IVV", "VOO"), 40.0, 1.0,
    )  # fmt: skip
    assert SAME_INDEX not in {one.kind for one in measure_overlap(home, indexes=False)}
