"""Wash sales: the published examples, the edges of the window, and what must hold for any rows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.household import TaxTreatment
from rebal_xl.tax import LossSale, Purchase, first_safe_loss_sale, first_safe_rebuy
from rebal_xl.tax.wash import in_window, match

SOLD = date(2026, 3, 16)


def sale(quantity: float, loss: float, sold: date = SOLD, **given) -> LossSale:
    """Shares sold at a total loss in dollars."""
    given = {"lot_key": "old", "acquired": date(2024, 1, 2), "account": "Joint", "symbol": "XYZ", **given}
    return LossSale(
        group=given.pop("group", "XYZ"), sold=sold, quantity=quantity, loss_per_share_usd=loss / quantity, **given
    )


def purchase(quantity: float, acquired: date, **given) -> Purchase:
    """Shares bought and still held."""
    given = {"lot_key": f"bought {acquired}", "account": "Joint", "symbol": "XYZ", **given}
    return Purchase(
        group=given.pop("group", "XYZ"),
        acquired=acquired,
        quantity=quantity,
        treatment=given.pop("treatment", TaxTreatment.TAXABLE),
        **given,
    )


class TestPublishedExamples:
    def test_publication_550_first_example(self):
        # 100 shares for 1,000, sold for 750, bought again for 800 within 30 days
        (washed,) = match([sale(100, 250)], [purchase(100, SOLD + timedelta(days=10))])
        assert washed.disallowed_usd == pytest.approx(250)
        assert 800 + washed.matches[0].basis_added_usd == pytest.approx(1_050)

    def test_publication_550_less_bought_than_sold(self):
        # Reg. 1.1091-1(h)(2): 100 of 26 Sep 2013 for 5,000, sold on 9 Jan 2014 for 4,000;
        # 50 bought on 19 Dec for 2,750 and 25 on 27 Dec for 1,125
        sold = sale(100, 1_000, date(2014, 1, 9), acquired=date(2013, 9, 26))
        bought = [purchase(50, date(2013, 12, 19)), purchase(25, date(2013, 12, 27))]
        (washed,) = match([sold], bought)
        assert (washed.disallowed_usd, washed.allowed_usd) == (pytest.approx(750), pytest.approx(250))
        first, second = washed.matches
        assert 2_750 + first.basis_added_usd == pytest.approx(3_250)
        assert 1_125 + second.basis_added_usd == pytest.approx(1_375)

    def test_publication_550_more_bought_than_sold(self):
        # Reg. 1.1091-1(h)(3): 100 sold at a loss of 1,000 on 6 Feb 2014, 50 a day bought from 11 to 14 Feb
        sold = sale(100, 1_000, date(2014, 2, 6), acquired=date(2013, 9, 24))
        bought = [purchase(50, date(2014, 2, day)) for day in (14, 12, 13, 11)]
        (washed,) = match([sold], bought)
        assert washed.disallowed_usd == pytest.approx(1_000)
        assert [(each.lot_key, each.basis_added_usd) for each in washed.matches] == [
            ("bought 2014-02-11", pytest.approx(500)),
            ("bought 2014-02-12", pytest.approx(500)),
        ]

    def test_publication_550_blocks_sold_on_one_day(self):
        # 100 bought at 158, two blocks at 100 and 95, all sold at 125; 250 bought again: only the loss washes
        sold = sale(100, 3_300, date(2013, 12, 27), acquired=date(2013, 4, 15))
        (washed,) = match([sold], [purchase(250, date(2014, 1, 9))])
        assert washed.disallowed_usd == pytest.approx(3_300)
        (matched,) = washed.matches
        assert (matched.quantity, matched.basis_added_usd / matched.quantity) == (100, pytest.approx(33))

    @pytest.mark.parametrize(("rebought_at", "basis"), [(90, 110), (70, 90)])
    def test_regulation_on_basis(self, rebought_at: float, basis: float):
        # Reg. 1.1091-2(a): basis 100, sold for 80
        (washed,) = match([sale(1, 20)], [purchase(1, SOLD)])
        assert rebought_at + washed.matches[0].basis_added_usd == pytest.approx(basis)

    def test_revenue_ruling_2008_5(self):
        # basis 1,000, sold for 600, the IRA buys 100 on the next day: 400 are lost for good
        bought = purchase(100, SOLD + timedelta(days=1), account="IRA", treatment=TaxTreatment.TAX_DEFERRED)
        (washed,) = match([sale(100, 400)], [bought])
        assert (washed.disallowed_usd, washed.permanent_usd) == (pytest.approx(400), pytest.approx(400))
        assert washed.matches[0].permanent
        assert washed.matches[0].basis_added_usd == 0.0

    def test_lot_is_split_when_part_of_it_matches(self):
        # 100 sold at a loss of 500 on 7 Jun 2010, 150 bought at 40 on 17 Jun: 100 at 4,500 and 50 at 2,000
        (washed,) = match([sale(100, 500, date(2010, 6, 7))], [purchase(150, date(2010, 6, 17))])
        (matched,) = washed.matches
        assert matched.quantity * 40 + matched.basis_added_usd == pytest.approx(4_500)
        assert (150 - matched.quantity) * 40 == pytest.approx(2_000)

    def test_the_rest_of_the_same_purchase_is_no_replacement(self):
        # Rev. Rul. 56-602: 200 bought, half of them sold eleven days later
        bought = purchase(100, SOLD - timedelta(days=11), lot_key="block")
        (washed,) = match([sale(100, 300, lot_key="block", acquired=bought.acquired)], [bought])
        assert (washed.disallowed_usd, washed.matches) == (0.0, ())


class TestWindow:
    @pytest.mark.parametrize(("days", "washes"), [(-31, False), (-30, True), (0, True), (30, True), (31, False)])
    def test_thirty_days_before_and_after(self, days: int, washes: bool):
        (washed,) = match([sale(10, 100)], [purchase(10, SOLD + timedelta(days=days))])
        assert (washed.disallowed_usd > 0) is washes

    def test_the_first_safe_day_to_buy_again(self):
        assert first_safe_rebuy(date(2026, 12, 15)) == date(2027, 1, 15)
        assert not in_window(first_safe_rebuy(SOLD), SOLD)
        assert in_window(first_safe_rebuy(SOLD) - timedelta(days=1), SOLD)

    def test_the_first_safe_day_to_sell_at_a_loss(self):
        assert first_safe_loss_sale(date(2026, 1, 31)) == date(2026, 3, 3)
        assert not in_window(SOLD, first_safe_loss_sale(SOLD))
        assert in_window(SOLD, first_safe_loss_sale(SOLD) - timedelta(days=1))


class TestAccountsAndGroups:
    AFTER = SOLD + timedelta(days=5)

    def test_a_purchase_in_the_spouse_s_account_washes(self):
        (washed,) = match([sale(10, 100)], [purchase(10, self.AFTER, account="Bob")])
        assert (washed.disallowed_usd, washed.permanent_usd) == (pytest.approx(100), 0.0)

    @pytest.mark.parametrize("treatment", [TaxTreatment.TAX_DEFERRED, TaxTreatment.ROTH, TaxTreatment.HSA])
    def test_where_there_is_no_basis_the_loss_is_gone(self, treatment: TaxTreatment):
        (washed,) = match([sale(10, 100)], [purchase(10, self.AFTER, treatment=treatment)])
        assert washed.permanent_usd == pytest.approx(100)

    def test_accounts_of_another_wash_group_do_not_matter(self):
        (washed,) = match([sale(10, 100)], [purchase(10, self.AFTER, wash_group="adult child")])
        assert washed.disallowed_usd == 0.0

    def test_another_share_class_of_the_same_fund_washes_share_for_share(self):
        sold = sale(10, 100, symbol="VTSAX", group="Vanguard Total Market")
        bought = purchase(4, self.AFTER, symbol="VTI", group="Vanguard Total Market")
        (washed,) = match([sold], [bought])
        assert washed.disallowed_usd == pytest.approx(40)

    def test_another_fund_does_not_wash(self):
        (washed,) = match([sale(10, 100)], [purchase(10, self.AFTER, symbol="ABC", group="ABC")])
        assert washed.disallowed_usd == 0.0

    def test_deferred_and_permanent_are_told_apart(self):
        bought = [
            purchase(4, self.AFTER),
            purchase(6, self.AFTER + timedelta(days=1), account="Roth", treatment=TaxTreatment.ROTH),
        ]
        (washed,) = match([sale(10, 100)], bought)
        assert (washed.disallowed_usd, washed.permanent_usd) == (pytest.approx(100), pytest.approx(60))


class TestOrder:
    def test_the_earlier_sale_is_washed_first(self):
        late = sale(10, 100, SOLD + timedelta(days=3), lot_key="late")
        early = sale(10, 50, SOLD, lot_key="early")
        washed_late, washed_early = match([late, early], [purchase(10, SOLD + timedelta(days=10))])
        assert (washed_early.disallowed_usd, washed_late.disallowed_usd) == (pytest.approx(50), 0.0)

    def test_the_order_of_sale_goes_before_the_order_of_purchase(self):
        late = sale(10, 100, SOLD + timedelta(days=3), lot_key="older", acquired=date(2020, 1, 2))
        early = sale(10, 50, SOLD, lot_key="younger", acquired=date(2025, 1, 2))
        washed_late, washed_early = match([late, early], [purchase(10, SOLD + timedelta(days=10))])
        assert (washed_early.disallowed_usd, washed_late.disallowed_usd) == (pytest.approx(50), 0.0)

    def test_on_one_day_the_older_purchase_counts_first(self):
        young = sale(10, 100, lot_key="young", acquired=date(2025, 1, 2))
        old = sale(10, 50, lot_key="old", acquired=date(2020, 1, 2))
        washed_young, washed_old = match([young, old], [purchase(10, SOLD)])
        assert (washed_old.disallowed_usd, washed_young.disallowed_usd) == (pytest.approx(50), 0.0)

    def test_a_replacement_share_is_used_once(self):
        first, second = match(
            [sale(10, 100, lot_key="a"), sale(10, 100, lot_key="b")], [purchase(15, SOLD + timedelta(days=2))]
        )
        assert (first.disallowed_usd, second.disallowed_usd) == (pytest.approx(100), pytest.approx(50))


class TestHoldingPeriod:
    def test_the_sold_shares_period_is_tacked_on(self):
        # held for 100 days, replaced 10 days after the sale: as if bought 100 days before the replacement
        sold = sale(10, 100, acquired=SOLD - timedelta(days=100))
        bought = purchase(10, SOLD + timedelta(days=10))
        (washed,) = match([sold], [bought])
        assert washed.matches[0].held_since == bought.acquired - timedelta(days=100)

    def test_a_period_tacked_on_before_counts_too(self):
        sold = sale(10, 100, acquired=SOLD - timedelta(days=20), held_since=SOLD - timedelta(days=300))
        (washed,) = match([sold], [purchase(10, SOLD)])
        assert washed.matches[0].held_since == SOLD - timedelta(days=300)

    def test_unknown_stays_unknown(self):
        (washed,) = match([sale(10, 100, acquired=None)], [purchase(10, SOLD)])
        assert washed.matches[0].held_since is None


def test_nothing_sold_nothing_washed():
    assert match([], [purchase(10, SOLD)]) == ()


# Any rows: a few accounts, groups and lots, so that keys meet; names of rows tell them apart.
@st.composite
def sales(draw: st.DrawFn) -> list[LossSale]:
    count = draw(st.integers(0, 6))
    return [
        LossSale(
            account=draw(st.sampled_from(("Joint", "Bob"))),
            symbol="XYZ",
            group=draw(st.sampled_from(("XYZ", "ABC"))),
            sold=SOLD + timedelta(days=draw(st.integers(0, 40))),
            lot_key=f"sold {index}" if draw(st.booleans()) else f"bought {index}",
            acquired=draw(st.none() | st.dates(date(2020, 1, 1), SOLD)),
            quantity=draw(st.integers(1, 200)),
            loss_per_share_usd=draw(st.integers(1, 5_000)) / 100,
            wash_group=draw(st.sampled_from(("", "other"))),
        )
        for index in range(count)
    ]


@st.composite
def purchases(draw: st.DrawFn) -> list[Purchase]:
    count = draw(st.integers(0, 6))
    return [
        Purchase(
            account=draw(st.sampled_from(("Joint", "Bob", "IRA"))),
            symbol="XYZ",
            group=draw(st.sampled_from(("XYZ", "ABC"))),
            acquired=SOLD + timedelta(days=draw(st.integers(-40, 80))),
            lot_key=f"bought {index}",
            quantity=draw(st.integers(0, 200)),
            treatment=draw(st.sampled_from(list(TaxTreatment))),
            wash_group=draw(st.sampled_from(("", "other"))),
        )
        for index in range(count)
    ]


@given(sales(), purchases())
def test_no_more_is_disallowed_than_was_lost(sold: list[LossSale], bought: list[Purchase]):
    for washed in match(sold, bought):
        loss = washed.sale.quantity * washed.sale.loss_per_share_usd
        assert 0.0 <= washed.permanent_usd <= washed.disallowed_usd + 1e-9
        assert washed.disallowed_usd <= loss + 1e-6
        assert sum(each.quantity for each in washed.matches) <= washed.sale.quantity


@given(sales(), purchases())
def test_no_replacement_share_is_used_twice(sold: list[LossSale], bought: list[Purchase]):
    washed = match(sold, bought)
    for purchased in bought:
        used = sum(e.quantity for each in washed for e in each.matches if e.lot_key == purchased.lot_key)
        assert used <= purchased.quantity


@given(sales(), purchases())
def test_every_match_is_allowed_by_the_rule(sold: list[LossSale], bought: list[Purchase]):
    by_key = {each.lot_key: each for each in bought}
    for washed in match(sold, bought):
        for matched in washed.matches:
            replacement = by_key[matched.lot_key]
            assert abs((replacement.acquired - washed.sale.sold).days) <= 30
            assert replacement.lot_key != washed.sale.lot_key
            assert (replacement.group, replacement.wash_group) == (washed.sale.group, washed.sale.wash_group)
            assert matched.permanent is (replacement.treatment is not TaxTreatment.TAXABLE)


@given(sales(), purchases())
def test_no_loss_is_left_while_a_replacement_is_free(sold: list[LossSale], bought: list[Purchase]):
    washed = match(sold, bought)
    free = {
        each.lot_key: each.quantity - sum(m.quantity for w in washed for m in w.matches if m.lot_key == each.lot_key)
        for each in bought
    }
    for each in washed:
        if sum(matched.quantity for matched in each.matches) >= each.sale.quantity:
            continue
        for purchased in bought:
            reaches = (
                purchased.group == each.sale.group
                and purchased.wash_group == each.sale.wash_group
                and purchased.lot_key != each.sale.lot_key
                and in_window(purchased.acquired, each.sale.sold)
            )
            assert not reaches or free[purchased.lot_key] == 0


@given(sales(), purchases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(sold: list[LossSale], bought: list[Purchase], chance):
    plain = match(sold, bought)
    order = list(range(len(sold)))
    chance.shuffle(order)
    shuffled_bought = list(bought)
    chance.shuffle(shuffled_bought)
    again = match([sold[index] for index in order], shuffled_bought)
    assert [plain[index] for index in order] == list(again)


@given(sales(), purchases())
def test_selling_the_replacement_too_washes_nothing(sold: list[LossSale], bought: list[Purchase]):
    gone = [replace(each, quantity=0.0) for each in bought]
    assert all(washed.disallowed_usd == 0.0 for washed in match(sold, gone))
