"""Lots sold by what they add to the bill: better than sorting them once by term and gain."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebal_xl.household import BasisMethod, Lot, TaxProfile, Term
from rebal_xl.tax import load_law, relieve, relieve_least_tax, tax_bill, term_of_lot
from tests.tax.households import couple, dollars, single

TODAY = date(2026, 11, 20)
OLD, YOUNG = date(2020, 3, 2), date(2026, 8, 3)
LAW = load_law(2026)
PRICE = 100.0


def lot(name: str, acquired: date | None, basis_per_share: float | None, quantity: float = 100.0) -> Lot:
    basis = None if basis_per_share is None else basis_per_share * quantity
    return Lot("Joint", "XYZ", quantity, basis, acquired, lot_id=name)


def sell(lots: list[Lot], quantity: float, profile: TaxProfile, **given) -> dict[str, float]:
    return {
        each.lot.lot_id: each.quantity
        for each in relieve_least_tax(lots, quantity, PRICE, TODAY, profile, LAW, **given)
    }


def bill(lots: list[Lot], sold: dict[str, float], profile: TaxProfile) -> float:
    gains = {Term.SHORT: 0.0, Term.LONG: 0.0}
    for each in lots:
        if each.lot_id in sold:
            assert each.basis_usd is not None
            gains[term_of_lot(each, TODAY)] += sold[each.lot_id] * (PRICE - each.basis_usd / each.quantity)
    return tax_bill(profile, gains[Term.SHORT], gains[Term.LONG], law=LAW).total_usd


def test_a_tiny_short_gain_goes_before_a_large_long_one():
    # 1 dollar at 24 % + 3.8 % a share against 80 dollars at 15 % + 3.8 %; the published order sells the latter
    lots = [lot("short", YOUNG, 99.0), lot("long", OLD, 20.0)]
    assert sell(lots, 100, couple(260_000)) == {"short": 100}
    assert [each.lot.lot_id for each in relieve(lots, 100, BasisMethod.MIN_TAX, PRICE, TODAY)] == ["long"]


def test_the_zero_percent_band_is_filled_first_and_then_another_lot_is_cheaper():
    # single, 40,000 of wages: 49,450 + 16,100 - 40,000 = 25,550 of room at 0 %, which is 511 shares with 50 of gain;
    # beyond, each would cost 7.50 (15 %; 6.00 for the first 19 at 12 %), one with 5 of short gain 1.35
    lots = [lot("long", OLD, 50.0, 1_000), lot("short", YOUNG, 95.0, 1_000)]
    assert sell(lots, 400, single(40_000)) == {"long": 400}
    sold = sell(lots, 600, single(40_000))
    assert sold == {"long": 511, "short": 89}


def test_losses_come_first_where_they_save_most():
    # a short gain of 5,000 already: 50 dollars of short loss a share at 24 %, before long loss of 40
    lots = [lot("long loss", OLD, 140.0), lot("short loss", YOUNG, 150.0), lot("gain", OLD, 50.0)]
    payer = couple(240_000 + 32_200, short_realized_usd=30_000)
    assert list(sell(lots, 100, payer)) == ["short loss"]
    assert sell(lots, 200, payer) == {"short loss": 100, "long loss": 100}


def test_losses_beyond_the_limit_save_nothing_so_gains_are_free_too():
    # 50,000 carried in: the next gain costs nothing, and ties go by the published order, losses first
    lots = [lot("loss", OLD, 140.0), lot("gain", OLD, 50.0)]
    assert list(sell(lots, 100, couple(long_carryforward_usd=50_000))) == ["loss"]


def test_other_gains_of_the_plan_count():
    # the room at 0 % is used up by them
    lots = [lot("long", OLD, 50.0, 1_000), lot("short", YOUNG, 95.0, 1_000)]
    assert sell(lots, 400, single(40_000), long_gain_usd=60_000.0) == {"short": 400}


def test_lots_that_nobody_can_weigh_come_last():
    lots = [lot("no basis", OLD, None), lot("no date", None, 90.0), lot("long", OLD, 20.0)]
    assert list(sell(lots, 100, couple())) == ["long"]
    assert sum(sell(lots, 250, couple()).values()) == pytest.approx(250)


def test_no_more_is_sold_than_held():
    with pytest.raises(ValueError, match="the lots hold 100"):
        sell([lot("long", OLD, 20.0)], 101, couple())


def test_fractions_of_a_share_may_be_all_there_is():
    assert sell([lot("long", OLD, 20.0, 0.4)], 0.3, couple()) == {"long": pytest.approx(0.3)}


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.sampled_from((OLD, YOUNG)), st.integers(10, 100)), min_size=1, max_size=5),
    st.floats(0.1, 1.0),
    dollars(20_000, 600_000),
)
def test_with_gains_alone_it_is_never_dearer_than_the_published_order(
    drawn: list[tuple[date, int]], share: float, wages: float
):
    lots = [lot(str(place), acquired, float(basis), 200) for place, (acquired, basis) in enumerate(drawn)]
    quantity = float(round(share * 200 * len(lots)))
    ours = sell(lots, quantity, couple(wages))
    published = {e.lot.lot_id: e.quantity for e in relieve(lots, quantity, BasisMethod.MIN_TAX, PRICE, TODAY)}
    # a piece is a whole share, so a band's edge may be overrun by one share's gain at each crossing
    assert bill(lots, ours, couple(wages)) <= bill(lots, published, couple(wages)) + 40.0
    assert sum(ours.values()) == pytest.approx(quantity)
