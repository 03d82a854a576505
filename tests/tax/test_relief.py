"""Which lots a custodian sells: FIFO, LIFO, high cost, average and the six buckets, with published examples."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.household import BasisMethod, Lot, LotSource, Term
from rebal_xl.tax import term_of_lot
from rebal_xl.tax.relief import order_lots, relieve

TODAY = date(2026, 6, 30)
OLD, YOUNG = date(2020, 1, 15), date(2026, 1, 15)


def lot(name: str, acquired: date | None, unit_basis: float | None, quantity: float = 100.0, **given) -> Lot:
    basis = None if unit_basis is None else unit_basis * quantity
    return Lot("Joint", "FUND", quantity, basis, acquired, lot_id=name, **given)


def names(lots: list[Lot], method: BasisMethod, price: float = 100.0) -> list[str]:
    return [each.lot_id for each in order_lots(lots, method, price, TODAY)]


class TestPublication564:
    """160 shares at 25, 240 at 20, 10 at 30; 210 sold at 32 for 6,720."""

    LOTS = (
        lot("first", date(2008, 5, 15), 25.0, 160),
        lot("second", date(2008, 6, 15), 20.0, 240),
        lot("third", date(2009, 12, 15), 30.0, 10),
    )

    def test_first_in_first_out(self):
        sold = relieve(self.LOTS, 210, BasisMethod.FIFO, 32.0, date(2010, 1, 4))
        # 160 x 25 + 50 x 20
        assert [(each.lot.lot_id, each.quantity) for each in sold] == [("first", 160), ("second", 50)]
        assert sum(each.basis_usd for each in sold) == pytest.approx(5_000)
        assert 6_720 - sum(each.basis_usd for each in sold) == pytest.approx(1_720)

    def test_average(self):
        sold = relieve(self.LOTS, 210, BasisMethod.AVERAGE, 32.0, date(2010, 1, 4))
        # 9,100 / 410 x 210
        assert sum(each.basis_usd for each in sold) == pytest.approx(4_660.98, abs=0.005)

    def test_half_of_a_position_has_half_of_its_basis(self):
        lots = [lot("a", OLD, 12.0, 200), lot("b", YOUNG, 24.0, 100)]
        sold = relieve(lots, 150, BasisMethod.AVERAGE, 20.0, TODAY)
        assert sum(each.basis_usd for each in sold) == pytest.approx(2_400)

    def test_average_keeps_the_holding_period_of_the_oldest_shares(self):
        lots = [lot("may 08", date(2008, 5, 15), 10.0, 200), lot("may 09", date(2009, 5, 14), 12.0, 200)]
        sold = relieve(lots, 300, BasisMethod.AVERAGE, 11.0, date(2009, 11, 10))
        terms = [(term_of_lot(each.lot, date(2009, 11, 10)), each.quantity) for each in sold]
        assert terms == [(Term.LONG, 200), (Term.SHORT, 100)]


class TestOrders:
    def test_last_in_first_out(self):
        lots = [lot("old", OLD, 90.0), lot("unknown", None, 90.0), lot("young", YOUNG, 90.0)]
        assert names(lots, BasisMethod.LIFO) == ["young", "old", "unknown"]
        assert names(lots, BasisMethod.FIFO) == ["old", "young", "unknown"]

    def test_high_cost_ignores_the_term(self):
        lots = [lot("cheap", OLD, 40.0), lot("dear", YOUNG, 130.0), lot("middle", OLD, 90.0)]
        assert names(lots, BasisMethod.HIFO) == ["dear", "middle", "cheap"]

    def test_high_cost_is_a_share_s_cost_not_a_lot_s(self):
        lots = [lot("many", OLD, 50.0, quantity=1_000), lot("few", OLD, 60.0, quantity=1)]
        assert names(lots, BasisMethod.HIFO) == ["few", "many"]

    def test_at_equal_cost_the_long_and_then_the_oldest_shares_go(self):
        lots = [
            lot("short", YOUNG, 90.0),
            lot("long", date(2021, 1, 15), 90.0),
            lot("longest", OLD, 90.0),
            lot("inherited", date(2026, 6, 1), 90.0, source=LotSource.INHERITED),
            lot("no basis", OLD, None),
        ]
        assert names(lots, BasisMethod.HIFO) == ["longest", "long", "inherited", "short", "no basis"]

    def test_six_buckets(self):
        lots = [
            lot("short gain 1", YOUNG, 99.0),
            lot("short gain 40", YOUNG, 60.0),
            lot("long gain 5", OLD, 95.0),
            lot("long gain 50", OLD, 50.0),
            lot("long zero", OLD, 100.0),
            lot("short zero", YOUNG, 100.0),
            lot("long loss 30", OLD, 130.0),
            lot("long loss 10", OLD, 110.0),
            lot("short loss 5", YOUNG, 105.0),
            lot("short loss 20", YOUNG, 120.0),
            lot("no basis", OLD, None),
        ]
        assert names(lots, BasisMethod.MIN_TAX) == [
            "short loss 20",
            "short loss 5",
            "long loss 30",
            "long loss 10",
            "short zero",
            "long zero",
            "long gain 5",
            "long gain 50",
            "short gain 1",
            "short gain 40",
            "no basis",
        ]

    def test_the_known_weakness_of_the_six_buckets(self):
        # a tiny short gain is kept while a large long gain is realised
        lots = [lot("tiny short gain", YOUNG, 99.99), lot("large long gain", OLD, 1.0)]
        assert names(lots, BasisMethod.MIN_TAX)[0] == "large long gain"

    def test_specific_shares_keep_the_order_given(self):
        lots = [lot("b", YOUNG, 1.0), lot("a", OLD, 2.0)]
        assert names(lots, BasisMethod.SPECIFIC) == ["b", "a"]

    def test_short_positions_are_not_sold(self):
        assert names([lot("short", OLD, 10.0, quantity=-5)], BasisMethod.FIFO) == []

    @given(st.permutations(range(4)), st.sampled_from([m for m in BasisMethod if m is not BasisMethod.SPECIFIC]))
    def test_the_order_of_rows_does_not_matter(self, order: list[int], method: BasisMethod):
        lots = [lot("a", OLD, 90.0), lot("b", OLD, 90.0), lot("c", YOUNG, 120.0), lot("d", None, None)]
        assert names([lots[index] for index in order], method) == names(lots, method)


def test_average_needs_the_basis_of_every_lot():
    sold = relieve([lot("a", OLD, 90.0), lot("b", OLD, None)], 50, BasisMethod.AVERAGE, 100.0, TODAY)
    assert [each.basis_usd for each in sold] == [None]


def test_no_more_is_sold_than_held():
    with pytest.raises(ValueError, match="the lots hold 100"):
        relieve([lot("a", OLD, 90.0)], 101, BasisMethod.FIFO, 100.0, TODAY)


def test_all_of_a_position_may_be_sold():
    lots = [lot("a", OLD, 90.0, 0.1), lot("b", YOUNG, 80.0, 0.2)]
    sold = relieve(lots, 0.3, BasisMethod.FIFO, 100.0, TODAY)
    assert sum(each.quantity for each in sold) == pytest.approx(0.3)
