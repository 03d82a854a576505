"""One household's dollars month by month: every sale worked by hand, and no dollar lost or found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl.study.book import Book
from tests.study.homes import NO_TAX, TAX, book, terms

ALL = np.array([0])
FLAT = np.array([[1.0, 1.0]])


def grow(home: Book, *factors: float) -> None:
    home.grow(np.array([factors]))


def test_a_single_sale_is_taxed_on_its_part_of_the_gain() -> None:
    """$60,000 of stocks with a basis of $45,000: selling $10,000 realises 10,000 x 15,000/60,000 = $2,500, long."""
    home = book([60_000, 40_000], [45_000, 40_000], [0, 0])
    home.trade(ALL, np.array([[50_000.0, 50_000.0]]))
    assert (home.short[0], home.long[0]) == (0.0, pytest.approx(2_500.0))
    assert home.basis[0] == pytest.approx([37_500.0, 50_000.0])
    assert (home.orders[0], home.rebalances[0], home.turnover[0]) == (2, 1, pytest.approx(0.1))
    home.settle()
    # 20 % of 2,500, paid out of both classes evenly
    assert home.tax_paid[0] == pytest.approx(500.0)
    assert home.taxable[0] == pytest.approx([49_750.0, 49_750.0])
    # and paying it sold half a percent of the stocks' remaining gain of 12,500
    assert home.long[0] == pytest.approx(62.5)


def test_the_sheltered_part_trades_first_and_pays_no_tax() -> None:
    """$20,000 too many stocks, $15,000 of them sheltered: only $5,000 are sold where it costs tax."""
    home = book([60_000, 10_000], [30_000, 10_000], [15_000, 15_000])
    home.trade(ALL, np.array([[55_000.0, 45_000.0]]))
    assert home.sheltered[0] == pytest.approx([0.0, 30_000.0])
    assert home.taxable[0] == pytest.approx([55_000.0, 15_000.0])
    assert home.long[0] == pytest.approx(2_500.0)
    assert home.orders[0] == 4


def test_what_is_overweight_in_the_taxable_part_alone_is_sold_there() -> None:
    home = book([60_000, 0], [30_000, 0], [0, 40_000])
    home.trade(ALL, np.array([[50_000.0, 50_000.0]]))
    assert home.sheltered[0] == pytest.approx([0.0, 40_000.0])
    assert home.taxable[0] == pytest.approx([50_000.0, 10_000.0])
    assert home.long[0] == pytest.approx(5_000.0)


@pytest.mark.parametrize(("months", "short"), [(12, True), (13, False)])
def test_shares_bought_a_year_ago_to_the_day_are_short_term_and_a_month_later_long(months: int, short: bool) -> None:
    home = book([0, 100_000], [0, 100_000], [0, 0])
    home.trade(ALL, np.array([[50_000.0, 50_000.0]]))
    for month in range(months):
        grow(home, 1.2 if month == 0 else 1.0, 1.0)
    home.trade(ALL, np.array([[0.0, 110_000.0]]))
    assert (home.short[0], home.long[0]) == pytest.approx((10_000.0, 0.0) if short else (0.0, 10_000.0))


def test_the_oldest_shares_are_sold_first_at_the_average_basis() -> None:
    """$40,000 old and $20,000 young stocks, then half as much again: of $75,000 sold $60,000 are old.

    Basis 20,000 + 20,000 of 90,000: 75,000 x 50/90 = $41,667 of gain, four fifths of it long.
    """
    home = book([40_000, 60_000], [20_000, 60_000], [0, 0])
    home.trade(ALL, np.array([[60_000.0, 40_000.0]]))
    grow(home, 1.5, 1.0)
    home.trade(ALL, np.array([[15_000.0, 115_000.0]]))
    gain = 75_000 * 50 / 90
    assert home.long[0] == pytest.approx(0.8 * gain)
    assert home.short[0] == pytest.approx(0.2 * gain)
    assert home.young[0, 0] == pytest.approx(15_000.0)


def test_what_is_paid_out_is_taxed_as_income_and_raises_the_basis() -> None:
    """12 % a year pays 1 % of $101,000 in a month; a tax of 2.4 % a year on value is $202 of that month."""
    home = book([100_000], [50_000], [0], payout=[0.12], payout_tax=[0.024])
    grow(home, 1.01)
    assert home.taxable[0, 0] == pytest.approx(101_000.0)
    assert home.basis[0, 0] == pytest.approx(51_010.0)
    assert home.income_tax[0] == pytest.approx(202.0)
    assert home.young[0, 0] == pytest.approx(1_010.0)


def test_half_the_spread_is_lost_on_both_legs_and_counts_in_gain_and_basis() -> None:
    """1 % each way on $10,000: 9,900 come in, 9,801 of bonds go out of it; the gain is 9,900 less 5,000 of basis."""
    home = book([60_000, 40_000], [30_000, 40_000], [0, 0], half_spread=[0.01, 0.01])
    home.trade(ALL, np.array([[50_000.0, 50_000.0]]))
    assert home.taxable[0] == pytest.approx([50_000.0, 49_801.0])
    assert home.basis[0] == pytest.approx([25_000.0, 49_900.0])
    assert home.long[0] == pytest.approx(4_900.0)
    assert home.cost[0] == pytest.approx(199.0)


def test_losses_of_earlier_years_are_set_against_gains_and_the_rest_against_income() -> None:
    """$10,000 carried in, $2,500 gained: 37 % of 3,000 comes back and is invested, $4,500 are carried on."""
    more = {"tax": type(TAX)(0.37, 0.20, 0.25, 3_000.0, long_carryforward_usd=10_000.0)}
    home = book([60_000, 40_000], [45_000, 40_000], [0, 0], **more)
    home.trade(ALL, np.array([[50_000.0, 50_000.0]]))
    home.settle()
    assert home.tax_paid[0] == pytest.approx(-1_110.0)
    assert home.long_carried[0] == pytest.approx(4_500.0)
    assert home.taxable[0] == pytest.approx([50_555.0, 50_555.0])
    assert home.basis[0] == pytest.approx([38_055.0, 50_555.0])


def test_at_the_end_gains_are_taxed_and_the_deferred_part_is_income() -> None:
    """20 % of $40,000 of gain, 25 % of the half of $50,000 that is tax-deferred: 8,000 + 6,250."""
    home = book([60_000, 40_000], [30_000, 30_000], [25_000, 25_000], deferred_share=0.5)
    value, tax = home.liquidated(step_up=False)
    assert tax[0] == pytest.approx(14_250.0)
    assert value[0] == pytest.approx(135_750.0)
    value, tax = home.liquidated(step_up=True)
    assert (tax[0], value[0]) == (pytest.approx(6_250.0), pytest.approx(143_750.0))


def test_tax_that_nothing_is_left_to_pay_is_owed() -> None:
    """$50,000 of gain realised, then the market is lost: 20 % of it is $10,000, of which $5,000 can be paid."""
    home = book([100_000, 0], [50_000, 0], [0, 0])
    home.trade(ALL, np.array([[0.0, 100_000.0]]))
    grow(home, 1.0, 0.05)
    home.settle()
    assert home.tax_paid[0] == pytest.approx(5_000.0)
    assert home.owed[0] == pytest.approx(5_000.0)
    value, _ = home.liquidated(step_up=True)
    # nothing is left but what is owed, and a loss of 95,000 that saves 37 % of 3,000
    assert value[0] == pytest.approx(-5_000.0 + 1_110.0)


factor = st.floats(0.5, 1.6)
dollars = st.floats(0.0, 1e6)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(*[dollars] * 6), min_size=1, max_size=3),
    months=st.lists(st.tuples(factor, factor, st.floats(0.0, 1.0), st.booleans()), min_size=1, max_size=30),
    spread=st.floats(0.0, 0.02),
)
def test_every_dollar_is_accounted_for_every_month(rows, months, spread) -> None:
    """The household's dollars change by returns, spreads and tax alone, whatever is traded and when."""
    table = np.array(rows)
    taxable, sheltered = table[:, :2] + 1.0, table[:, 2:4]
    given_terms = terms(2, payout=[0.03, 0.06], payout_tax=[0.005, 0.02], half_spread=[spread, spread])
    home = Book(given_terms, taxable, np.minimum(table[:, 4:], 2 * taxable), sheltered)
    everyone = np.arange(len(rows))
    for one, other, weight, year_ends in months:
        growth = np.tile([one, other], (len(rows), 1))
        expected = (home.by_class * growth).sum(axis=1)
        home.grow(growth)
        assert home.by_class.sum(axis=1) == pytest.approx(expected)
        costs = home.cost.copy()
        home.trade(everyone, np.outer(home.by_class.sum(axis=1), [weight, 1.0 - weight]))
        assert home.by_class.sum(axis=1) == pytest.approx(expected - (home.cost - costs), abs=1e-4)
        # trades inside each part: nothing moves between taxable and sheltered but their own spreads
        if year_ends:
            before, paid = home.by_class.sum(axis=1), home.tax_paid.copy()
            home.settle()
            assert home.by_class.sum(axis=1) == pytest.approx(before - (home.tax_paid - paid), abs=1e-4)
        assert np.all(home.taxable >= 0.0)
        assert np.all(home.sheltered >= 0.0)
        assert np.all(home.basis >= -1e-6)
        assert np.all(home.young <= home.taxable + 1e-6)


@given(weight=st.floats(0.0, 1.0))
def test_nothing_moves_between_the_taxable_and_the_sheltered_part(weight: float) -> None:
    home = book([70_000, 30_000], [10_000, 30_000], [20_000, 80_000], tax=NO_TAX)
    home.trade(ALL, 200_000.0 * np.array([[weight, 1.0 - weight]]))
    assert home.taxable.sum() == pytest.approx(100_000.0)
    assert home.sheltered.sum() == pytest.approx(100_000.0)
    assert home.by_class[0] == pytest.approx([200_000.0 * weight, 200_000.0 * (1.0 - weight)], abs=0.01)
