"""The wash-sale ledger of the Parkers: Ann's and Bob's accounts, their IRA and Roth, and what they traded."""

from datetime import date, timedelta

import pytest

from rebal_xl.household import (
    Household,
    InputErrors,
    Lot,
    LotSource,
    Security,
)
from rebal_xl.tax.entries import Ledger, LedgerSale
from rebal_xl.tax.ledger import household_ledger
from tests.tax.parkers import ACCOUNTS, SOLD, buy, day, held, ledger, sell


def only(found: Ledger) -> LedgerSale:
    """The one loss sale."""
    (sale,) = found.sales
    return sale


class TestPublishedExamples:
    def test_publication_550_first_example(self):
        # 100 for 1,000, sold for 750, 100 bought again for 800 within 30 days
        sale = only(ledger([buy(100, day(-200)), sell(100, -250), buy(100, day(20))], [held(100, day(20))]))
        assert (sale.disallowed_usd, sale.allowed_usd) == (pytest.approx(250), pytest.approx(0))
        (new,) = sale.replacements
        # The same account and security: the custodian's basis is 1,050 already, and 250 must not be added to it again.
        assert 800 + new.in_custodian_basis_usd == pytest.approx(1_050)
        assert new.basis_to_add_usd == 0.0

    def test_publication_550_less_bought_than_sold(self):
        # Reg. 1.1091-1(h)(2): 100 of 26 Sep 2013 for 5,000, sold on 9 Jan 2014 for 4,000;
        # 50 bought on 19 Dec for 2,750 and 25 on 27 Dec for 1,125
        first, second = date(2013, 12, 19), date(2013, 12, 27)
        trades = [
            buy(100, date(2013, 9, 26)),
            buy(50, first),
            buy(25, second),
            sell(100, -1_000, date(2014, 1, 9)),
        ]
        sale = only(ledger(trades, [held(50, first), held(25, second)], date(2014, 3, 1)))
        assert sale.acquired == date(2013, 9, 26)
        assert (sale.disallowed_usd, sale.allowed_usd) == (pytest.approx(750), pytest.approx(250))
        bases = [cost + new.in_custodian_basis_usd for cost, new in zip((2_750, 1_125), sale.replacements, strict=True)]
        assert bases == [pytest.approx(3_250), pytest.approx(1_375)]

    def test_publication_550_more_bought_than_sold(self):
        # Reg. 1.1091-1(h)(3): 100 sold at a loss of 1,000 on 6 Feb 2014, 50 a day bought from 11 to 14 Feb
        days = [date(2014, 2, number) for number in (11, 12, 13, 14)]
        trades = [sell(100, -1_000, date(2014, 2, 6), acquired=date(2013, 9, 24)), *(buy(50, one) for one in days)]
        sale = only(ledger(trades, [held(50, one) for one in days], date(2014, 4, 1)))
        assert [(new.acquired, new.in_custodian_basis_usd) for new in sale.replacements] == [
            (days[0], pytest.approx(500)),
            (days[1], pytest.approx(500)),
        ]

    def test_publication_550_blocks_sold_on_one_day(self):
        # 100 bought at 158, 100 at 100 and 100 at 95, all sold at 125 on 27 Dec 2013; 250 bought again on 9 Jan 2014
        sold, again = date(2013, 12, 27), date(2014, 1, 9)
        trades = [sell(100, -3_300, sold), sell(100, 2_500, sold), sell(100, 3_000, sold), buy(250, again)]
        found = ledger(trades, [held(250, again)], date(2014, 3, 1))
        (new,) = only(found).replacements
        assert only(found).disallowed_usd == pytest.approx(3_300)
        assert (new.quantity, new.in_custodian_basis_usd / new.quantity) == (100, pytest.approx(33))
        # The gains stay as they are: 2,500 + 3,000.
        assert found.smaller_gains == ()

    @pytest.mark.parametrize(("rebought_at", "basis"), [(90, 110), (70, 90)])
    def test_regulation_on_basis(self, rebought_at: float, basis: float):
        # Reg. 1.1091-2(a): basis 100, sold for 80; here Bob buys, so that the custodian adds nothing
        (new,) = only(ledger([sell(1, -20), buy(1, day(1), "Bob")], [held(1, day(1), "Bob")])).replacements
        assert rebought_at + new.basis_to_add_usd == pytest.approx(basis)
        assert new.in_custodian_basis_usd == 0.0

    def test_revenue_ruling_2008_5(self):
        # basis 1,000, sold for 600, the IRA buys 100 on the next day: 400 are lost for good
        sale = only(ledger([sell(100, -400), buy(100, day(1), "IRA")], [held(100, day(1), "IRA")]))
        (new,) = sale.replacements
        assert (sale.disallowed_usd, sale.permanent_usd) == (pytest.approx(400), pytest.approx(400))
        assert (new.permanent, new.basis_to_add_usd, new.in_custodian_basis_usd) == (True, 0.0, 0.0)

    def test_lot_is_split_when_part_of_it_matches(self):
        # 100 sold at a loss of 500 on 7 Jun 2010, 150 bought at 40 on 17 Jun: 100 at 4,500 and 50 at 2,000
        again = date(2010, 6, 17)
        (new,) = only(
            ledger([sell(100, -500, date(2010, 6, 7)), buy(150, again)], [held(150, again)], date(2010, 8, 1))
        ).replacements
        assert new.quantity * 40 + new.in_custodian_basis_usd == pytest.approx(4_500)
        assert (150 - new.quantity) * 40 == 2_000

    @pytest.mark.parametrize("told", [{}, {"acquired": day(-11)}])
    def test_the_rest_of_the_same_purchase_is_no_replacement(self, told: dict[str, date]):
        # Rev. Rul. 56-602: 200 bought, half of them sold eleven days later at a loss
        sale = only(ledger([buy(200, day(-11)), sell(100, -300, **told)], [held(100, day(-11))]))
        assert (sale.acquired, sale.disallowed_usd, sale.replacements) == (day(-11), 0.0, ())

    def test_the_rest_of_a_lot_without_its_row_of_trades_is_none_either(self):
        sale = only(ledger([sell(100, -300, acquired=day(-11))], [held(100, day(-11))]))
        assert sale.disallowed_usd == 0.0


class TestWindows:
    @pytest.mark.parametrize(("days", "washes"), [(-31, False), (-30, True), (30, True), (31, False)])
    @pytest.mark.parametrize("known", ["trade", "lot", "both"])
    def test_thirty_days_before_and_after(self, days: int, washes: bool, known: str):
        trades = [sell(10, -100)] + ([buy(10, day(days))] if known != "lot" else [])
        lots = [held(10, day(days))] if known != "trade" else [held(10, None)]
        assert (only(ledger(trades, lots)).disallowed_usd > 0) is washes

    @pytest.mark.parametrize(("days", "is_open"), [(0, True), (30, True), (31, False)])
    def test_a_loss_stays_open_for_thirty_days(self, days: int, is_open: bool):
        found = ledger([sell(10, -100), buy(4, day(-5))], [held(4, day(-5))], day(days))
        sale = only(found)
        assert (sale.open_shares, sale.open_until) == ((6, day(30)) if is_open else (0, None))
        if is_open:
            (dates,) = [one for one in found.dates if one.buy_from]
            # six shares at 10 dollars
            assert (dates.buy_from, dates.open_loss_usd) == (day(31), pytest.approx(60))

    def test_a_loss_washed_whole_leaves_nothing_to_wait_for(self):
        found = ledger([sell(10, -100), buy(10, day(-5))], [held(10, day(-5))], day(3))
        assert (only(found).open_until, found.dates) == (None, ())

    @pytest.mark.parametrize(("days", "wait"), [(30, True), (31, False)])
    def test_after_a_purchase_other_shares_wait_to_be_sold_at_a_loss(self, days: int, wait: bool):
        found = ledger([], [held(10, SOLD, "IRA")], day(days))
        assert [(one.sell_at_loss_from, one.bought_in) for one in found.dates] == (
            [(day(31), ("IRA",))] if wait else []
        )

    def test_shares_that_replace_others_already_wash_no_second_loss(self):
        found = ledger([sell(10, -100), buy(15, day(2))], [held(15, day(2))], day(5))
        assert [one.bought_shares for one in found.dates] == [5]

    def test_a_sale_without_its_gain_is_listed_and_waited_for(self):
        found = ledger([sell(10, None)], [], day(5))
        assert (found.sales, found.unknown[0].quantity) == ((), 10)
        assert [(one.buy_from, one.open_loss_usd) for one in found.dates] == [(day(31), 0.0)]

    def test_trades_after_the_day_are_left_out(self):
        trades = [sell(10, -100), buy(10, day(9))]
        assert only(ledger(trades, [], day(8))).disallowed_usd == 0.0
        assert only(ledger(trades, [held(10, day(9))], day(9))).disallowed_usd == pytest.approx(100)


class TestAccountsAndGroups:
    @pytest.mark.parametrize("account", ["IRA", "Roth", "HSA"])
    def test_where_there_is_no_basis_the_loss_is_gone(self, account: str):
        assert ledger([sell(10, -100), buy(10, day(1), account)]).permanent_usd == pytest.approx(100)

    def test_the_spouse_s_purchase_takes_over_basis_that_no_custodian_knows(self):
        (new,) = only(ledger([sell(10, -100), buy(10, day(1), "Bob")])).replacements
        assert (new.account, new.basis_to_add_usd, new.permanent) == ("Bob", pytest.approx(100), False)

    def test_accounts_of_another_wash_group_do_not_matter(self):
        assert only(ledger([sell(10, -100), buy(10, day(1), "Child")])).disallowed_usd == 0.0

    def test_another_share_class_washes_but_the_custodian_does_not_adjust_it(self):
        groups = {"VTI": "Total Market", "VTSAX": "Total Market"}
        trades = [sell(10, -100, symbol="VTSAX"), buy(4, day(1), symbol="VTI")]
        (new,) = only(ledger(trades, groups=groups)).replacements
        assert (new.basis_to_add_usd, new.in_custodian_basis_usd) == (pytest.approx(40), 0.0)
        assert only(ledger(trades)).disallowed_usd == 0.0

    def test_dates_hold_for_every_security_of_the_group(self):
        groups = {"VTI": "Total Market", "VTSAX": "Total Market", "BND": "BND"}
        (dates,) = ledger([sell(10, -100, symbol="VTI")], [], day(1), groups=groups).dates
        assert (dates.group, dates.symbols) == ("Total Market", ("VTI", "VTSAX"))

    def test_losses_in_an_ira_are_no_losses(self):
        assert ledger([sell(10, -100, account="IRA"), buy(10, day(1))]).sales == ()

    def test_an_account_without_treatment_is_asked_for(self):
        with pytest.raises(InputErrors, match="Uncle"):
            ledger([buy(1, SOLD, "Uncle")])


class TestPurchases:
    def test_a_purchase_that_is_lot_and_trade_counts_once(self):
        assert only(ledger([sell(10, -100), buy(4, day(2))], [held(4, day(2))])).disallowed_usd == pytest.approx(40)

    def test_a_lot_dated_by_settlement_is_the_same_purchase(self):
        assert only(ledger([sell(10, -100), buy(4, day(2))], [held(4, day(5))])).disallowed_usd == pytest.approx(40)

    def test_two_lots_of_one_order_are_one_purchase(self):
        trades = [sell(10, -100), buy(4, day(2))]
        assert only(ledger(trades, [held(1, day(2)), held(3, day(2))])).disallowed_usd == pytest.approx(40)

    def test_a_purchase_known_from_its_lot_alone_counts(self):
        assert only(ledger([sell(10, -100)], [held(4, day(2), lot_id="17")])).replacements[0].lot_ids == ("17",)

    def test_payroll_purchases_without_lots_count(self):
        trades = [sell(10, -100), buy(1.5, day(-4), "IRA"), buy(1.5, day(10), "IRA")]
        assert only(ledger(trades)).permanent_usd == pytest.approx(30)

    def test_payroll_purchases_in_a_position_without_dates_count_once(self):
        trades = [sell(10, -100), buy(1.5, day(-4), "IRA")]
        assert only(ledger(trades, [held(500, None, "IRA")])).permanent_usd == pytest.approx(15)

    def test_reinvestments_count_unless_left_out(self):
        trades = [sell(10, -100), buy(1, day(3), reinvested=True)]
        lots = [held(1, day(3), source=LotSource.REINVESTED)]
        assert only(ledger(trades, lots)).replacements[0].reinvested
        assert only(ledger(trades, lots, reinvestments_count=False)).disallowed_usd == 0.0

    @pytest.mark.parametrize("source", [LotSource.GIFT, LotSource.INHERITED])
    def test_gifts_and_inheritances_are_no_purchases(self, source: LotSource):
        assert only(ledger([sell(10, -100)], [held(10, day(2), source=source)])).disallowed_usd == 0.0

    def test_a_replacement_sold_before_the_loss_is_none(self):
        # Bob bought 10 and sold them at a gain before Ann sold at a loss.
        trades = [buy(10, day(-9), "Bob"), sell(10, 50, day(-2), "Bob"), sell(10, -100)]
        assert only(ledger(trades)).disallowed_usd == 0.0

    def test_nor_is_one_sold_on_the_same_day(self):
        trades = [buy(10, day(-9), "Bob"), sell(10, 50, SOLD, "Bob"), sell(10, -100)]
        assert only(ledger(trades)).disallowed_usd == 0.0

    def test_one_sold_on_the_next_day_is(self):
        trades = [buy(10, day(-9), "Bob"), sell(10, 50, day(1), "Bob"), sell(10, -100)]
        assert ledger(trades).disallowed_usd >= 100

    def test_sales_take_the_oldest_shares_first(self):
        # The 10 of ten days ago are held still, so the sale was of older ones; and they wash it.
        trades = [buy(10, day(-50)), buy(10, day(-10)), sell(10, -100)]
        sale = only(ledger(trades, [held(10, day(-10))]))
        assert (sale.acquired, sale.disallowed_usd) == (day(-50), pytest.approx(100))
        # Without any lots to go by, it is the same.
        assert only(ledger(trades)) == sale

    def test_shares_gone_from_the_lots_went_in_the_latest_sale(self):
        # Old shares and ten young ones, all gone after two sales: first in, first out, the second sold the young.
        trades = [buy(10, day(-20)), sell(10, 70, day(-3)), sell(10, -100)]
        sale = only(ledger(trades))
        assert (sale.acquired, sale.disallowed_usd) == (day(-20), 0.0)


class TestHoldingPeriod:
    def test_the_sold_shares_period_is_tacked_on(self):
        # held for 100 days, replaced 10 days later: as if bought 100 days before the replacement
        (new,) = only(ledger([sell(10, -100, acquired=day(-100)), buy(10, day(10))])).replacements
        assert new.held_since == day(10) - timedelta(days=100)

    def test_unknown_stays_unknown(self):
        (new,) = only(ledger([sell(10, -100), buy(10, day(10))])).replacements
        assert new.held_since is None


class TestChains:
    def test_a_washed_replacement_sold_at_a_loss_again(self):
        # Ann loses 100; Bob buys 10 and loses 30 by his custodian, 130 by law; Ann buys again: all of it moves to her.
        trades = [
            sell(10, -100, acquired=day(-400)),
            buy(10, day(5), "Bob"),
            sell(10, -30, day(15), "Bob"),
            buy(10, day(20)),
        ]
        first, second = ledger(trades, [held(10, day(20))]).sales
        assert first.replacements[0].basis_to_add_usd == pytest.approx(100)
        assert (second.carried_in_usd, second.loss_usd) == (pytest.approx(100), pytest.approx(130))
        (last,) = second.replacements
        # Bob's 30 are in no figure of Ann's custodian either.
        assert (last.disallowed_usd, last.basis_to_add_usd) == (pytest.approx(130), pytest.approx(130))
        # 400 days, then the 10 of Bob's, seen from Ann's last purchase
        assert last.held_since == day(20) - timedelta(days=410)

    def test_in_one_account_the_custodian_knows_the_whole_chain(self):
        # Loss of 100; the replacement's basis in the custodian's books holds it, so its own loss of 130 is all of it.
        trades = [
            sell(10, -100, acquired=day(-90)),
            buy(10, day(5)),
            sell(10, -130, day(15), acquired=day(5)),
            buy(10, day(20)),
        ]
        first, second = ledger(trades, [held(10, day(20))]).sales
        assert (second.loss_usd, second.carried_in_usd) == (pytest.approx(130), 0.0)
        assert second.replacements[0].in_custodian_basis_usd == pytest.approx(130)
        assert first.replacements[0].basis_to_add_usd == 0.0

    def test_a_replacement_sold_at_a_gain_has_a_smaller_one(self):
        trades = [sell(10, -100), buy(10, day(5), "Bob"), sell(10, 250, day(40), "Bob")]
        found = ledger(trades)
        (gain,) = found.smaller_gains
        assert (gain.gain_usd, gain.carried_in_usd) == (pytest.approx(250), pytest.approx(100))
        assert len(found.sales) == 1

    def test_or_turns_into_a_loss(self):
        trades = [sell(10, -100), buy(10, day(5), "Bob"), sell(10, 40, day(40), "Bob")]
        second = ledger(trades).sales[1]
        assert (second.loss_usd, second.allowed_usd) == (pytest.approx(60), pytest.approx(60))

    def test_one_share_replaces_once(self):
        trades = [sell(10, -100), sell(10, -100, day(1)), buy(15, day(5))]
        first, second = ledger(trades).sales
        assert (first.disallowed_usd, second.disallowed_usd) == (pytest.approx(100), pytest.approx(50))

    def test_the_ira_ends_a_chain(self):
        trades = [sell(10, -100), buy(10, day(2), "IRA"), sell(10, -20, day(9), "IRA"), buy(10, day(12))]
        sale = only(ledger(trades))
        assert (sale.permanent_usd, len(sale.replacements)) == (pytest.approx(100), 1)


class TestHousehold:
    SECURITIES = (
        Security("VTI", 300.0, (("Stocks", 1.0),), identical_group="Total Market", expected_distribution_usd=0.9),
        Security("VTSAX", 150.0, (("Stocks", 1.0),), identical_group="Total Market"),
    )

    def test_groups_treatments_and_expected_reinvestments_are_the_household_s(self):
        lots = (Lot("IRA", "VTI", 1_000.0, acquired=date(2020, 1, 2), reinvest=True),)
        home = Household(ACCOUNTS, lots, self.SECURITIES, recent_trades=(sell(10, -100, symbol="VTSAX"),))
        found = household_ledger(home, day(1))
        assert [(one.symbols, one.buy_from) for one in found.dates] == [(("VTI", "VTSAX"), day(31))]
        # 1,000 shares at 0.90 buy three shares at 300.
        (coming,) = found.reinvestments
        assert (coming.account, coming.usd, coming.shares, coming.washes) == ("IRA", 900, pytest.approx(3), True)
        assert not household_ledger(home, day(31)).reinvestments[0].washes
        assert household_ledger(home, day(1), reinvestments_count=False).reinvestments == ()

    def test_trades_in_accounts_unknown_are_left_out(self):
        home = Household(ACCOUNTS, (), self.SECURITIES, recent_trades=(sell(10, -100, account="Uncle"),))
        assert household_ledger(home, day(1)).sales == ()


def test_nothing_traded_nothing_to_say():
    assert ledger([]) == Ledger(day(60), ())
