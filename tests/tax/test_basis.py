"""Gifts worth less than the giver paid: one basis for gains, another for losses, and nothing in between."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.household import BasisMethod, Lot, LotSource, Term
from rebal_xl.tax import basis_of, gain_of, order_lots, relieve

BOUGHT, GIVEN, SOLD = date(2019, 5, 6), date(2026, 3, 2), date(2026, 6, 1)


def gift(quantity: float = 100.0, basis: float = 100_000.0, value: float | None = 90_000.0, **given) -> Lot:
    """The regulation's property: the giver's basis is 100,000, its value on the day of the gift 90,000."""
    fields = {"acquired": BOUGHT, "gifted": GIVEN, "source": LotSource.GIFT, **given}
    return Lot("Joint", "XYZ", quantity, basis, gift_value_usd=value, **fields)


class TestRegulation:
    # Reg. 1.1015-1(a)(2)
    def test_sold_between_the_two_it_is_neither_gain_nor_loss(self):
        assert gain_of(gift(), 100, 95_000, SOLD) == (0.0, Term.LONG)

    def test_a_gain_is_counted_from_the_giver_s_basis_and_has_the_giver_s_holding_period(self):
        assert gain_of(gift(), 100, 104_000, SOLD) == (4_000, Term.LONG)

    def test_a_loss_is_counted_from_the_value_on_the_day_of_the_gift_and_its_period_begins_there(self):
        assert gain_of(gift(), 100, 88_000, SOLD) == (-2_000, Term.SHORT)

    def test_the_loss_turns_long_a_year_and_a_day_after_the_gift(self):
        assert gain_of(gift(), 100, 88_000, date(2027, 3, 2))[1] is Term.SHORT
        assert gain_of(gift(), 100, 88_000, date(2027, 3, 3))[1] is Term.LONG

    @pytest.mark.parametrize("proceeds", [90_000, 100_000])
    def test_at_either_basis_nothing_is_realised(self, proceeds: float):
        assert gain_of(gift(), 100, proceeds, SOLD)[0] == 0.0


def test_part_of_the_lot_has_its_part_of_both_bases():
    assert gain_of(gift(), 25, 22_000, SOLD) == (-500, Term.SHORT)
    assert gain_of(gift(), 25, 24_000, SOLD)[0] == 0.0
    assert gain_of(gift(), 25, 26_000, SOLD)[0] == 1_000


def test_the_basis_that_is_reported_is_the_one_that_counts():
    assert [basis_of(gift(), 100, proceeds) for proceeds in (80_000, 95_000, 120_000)] == [90_000, 95_000, 100_000]


def test_a_gift_worth_more_than_its_basis_has_one():
    assert gain_of(gift(value=130_000), 100, 95_000, SOLD) == (-5_000, Term.LONG)


def test_shares_that_were_bought_have_one():
    assert gain_of(gift(source=LotSource.BUY), 100, 95_000, SOLD) == (-5_000, Term.LONG)


def test_without_the_day_of_the_gift_a_loss_has_the_giver_s_period():
    assert gain_of(gift(gifted=None), 100, 88_000, SOLD) == (-2_000, Term.LONG)


def test_a_period_that_nobody_knows_stays_unknown():
    assert gain_of(gift(acquired=None), 100, 104_000, SOLD) == (4_000, None)


def test_without_a_basis_there_is_no_gain():
    with pytest.raises(ValueError, match="basis of the 100 XYZ"):
        gain_of(Lot("Joint", "XYZ", 100.0), 100, 1_000, SOLD)


def test_the_minimum_tax_order_sees_that_the_gift_has_no_loss():
    # at 950 a share the gift realises nothing; a lot bought at 960 loses 10 a share, and goes first
    bought = Lot("Joint", "XYZ", 100.0, 96_000.0, BOUGHT, lot_id="bought")
    lots = [gift(lot_id="gift"), bought]
    assert [each.lot_id for each in order_lots(lots, BasisMethod.MIN_TAX, 950.0, SOLD)] == ["bought", "gift"]
    (sold,) = relieve([lots[0]], 40, BasisMethod.FIFO, 950.0, SOLD)
    assert sold.basis_usd == pytest.approx(38_000)


@given(st.floats(1_000, 200_000), st.floats(1_000, 200_000), st.floats(1, 300_000))
def test_a_gift_never_realises_more_loss_than_the_receiver_bore(basis: float, value: float, proceeds: float):
    gain, _ = gain_of(gift(basis=basis, value=value), 100, proceeds, SOLD)
    plain = proceeds - basis
    assert gain >= plain - 1e-9
    assert gain <= max(0.0, plain) + 1e-9
    assert gain >= min(0.0, proceeds - min(basis, value)) - 1e-9
