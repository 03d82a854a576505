"""What each method asks, at small households: cash only, harvest, location, and caps on drift and orders."""

from dataclasses import replace
from typing import Any

import pytest

from rebal_xl.household import (
    Account,
    BandType,
    Household,
    Method,
    Policy,
    Security,
    Side,
    Target,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize.rebalance import rebalance
from tests.optimize.homes import (
    AS_OF,
    IRA,
    ROTH,
    TAXABLE,
    amount,
    banded,
    bond,
    days_ago,
    household,
    lot,
    policy,
    profile,
    stock,
    weight_after,
)

SELL, BUY = Side.SELL, Side.BUY


def tight(stock_weight: float) -> tuple[Target, ...]:
    """Both classes within a point of their target."""
    return (
        Target("Stock", stock_weight, BandType.ABSOLUTE, 0.01, 0.0),
        Target("Bond", 1.0 - stock_weight, BandType.ABSOLUTE, 0.01, 0.0),
    )


def rules(method: Method, targets: tuple[Target, ...], **more: Any) -> Policy:
    return policy(targets, **{"method": method, **more})


class TestCashOnly:
    def test_out_of_band_alone_is_no_reason_to_trade(self) -> None:
        home = household(
            [Account("Joint", TAXABLE)], [lot("Joint", "STK", 90, 9_000.0), lot("Joint", "BND", 20, 1_000.0)]
        )
        assert not rebalance(home, rules(Method.CASH_ONLY, tight(0.5))).trades

    def test_cash_goes_to_the_class_below_target(self) -> None:
        home = household(
            [Account("Joint", IRA, cash_usd=2_000.0)], [lot("Joint", "STK", 50, None), lot("Joint", "BND", 60, None)]
        )
        plan = rebalance(home, rules(Method.CASH_ONLY, tight(0.7)))
        assert [(trade.symbol, trade.side) for trade in plan.trades] == [("STK", BUY)]
        assert plan.trades[0].amount_usd == pytest.approx(2_000.0, abs=0.25)

    def test_a_withdrawal_is_raised_from_the_class_above_target_and_no_more(self) -> None:
        home = household(
            [Account("IRA", IRA, cash_usd=500.0)], [lot("IRA", "STK", 80, None), lot("IRA", "BND", 40, None)]
        )
        asks = (Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 1_500.0),)
        plan = rebalance(home, rules(Method.CASH_ONLY, tight(0.5), withdrawals=asks))
        assert [(trade.symbol, trade.side) for trade in plan.trades] == [("STK", SELL)]
        # $1,000 are missing; nothing more is sold than the smallest order ($1) could make it
        assert 1_000.0 <= plan.trades[0].amount_usd <= 1_001.5

    def test_an_order_of_whole_shares_may_leave_more_than_the_minimum(self) -> None:
        """$50 are missing. The least order is $500, which is two shares of $300: $550 are left."""
        account, dear = Account("IRA", IRA, cash_usd=1_450.0), stock(price=300.0, lot_size=1.0)
        home = household([account], [lot("IRA", "STK", 80, None)], [dear])
        asks = (Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 1_500.0),)
        plan = rebalance(home, rules(Method.CASH_ONLY, tight(1.0), withdrawals=asks, min_trade_usd=500.0))
        assert [(trade.symbol, trade.side, trade.quantity) for trade in plan.trades] == [("STK", SELL, 2.0)]
        assert dict(plan.withdrawals_paid) == {"IRA": pytest.approx(1_500.0)}

    def test_an_account_with_cash_enough_sells_nothing(self) -> None:
        """On the edge: the cash is just what is asked for; a dollar less, and a sale is needed."""
        lots = [lot("IRA", "STK", 80, None), lot("IRA", "BND", 40, None)]
        asks = (Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 1_500.0),)
        enough = household([Account("IRA", IRA, cash_usd=1_500.0)], lots)
        assert not rebalance(enough, rules(Method.CASH_ONLY, tight(0.5), withdrawals=asks)).trades
        short = household([Account("IRA", IRA, cash_usd=1_499.0)], lots)
        plan = rebalance(short, rules(Method.CASH_ONLY, tight(0.5), withdrawals=asks))
        assert [trade.side for trade in plan.trades] == [SELL]


class TestHarvest:
    def home(self, **more: Any) -> Household:
        """STK at a loss of $4,000 (20 %), its partner not held, a realised gain of $50,000 to set the loss against."""
        return household(
            [Account("Joint", TAXABLE)],
            [lot("Joint", "STK", 160, 20_000.0), lot("Joint", "BND", 320, 16_000.0)],
            [stock(**more), stock("PRT"), stock("OTH"), bond()],
            taxpayers=(profile(long_realized_usd=50_000.0),),
        )

    def test_the_loss_is_taken_and_its_class_stays(self) -> None:
        plan = rebalance(self.home(), rules(Method.HARVEST, banded(0.5)))
        assert amount(plan, "Joint", "STK", SELL) == pytest.approx(16_000.0)
        assert weight_after(plan, "Stock") == pytest.approx(0.5, abs=0.1)
        assert not amount(plan, "Joint", "STK", BUY)

    def test_the_named_replacement_is_bought_and_no_other(self) -> None:
        plan = rebalance(self.home(replacement="OTH"), rules(Method.HARVEST, banded(0.5, 0.0, 0.0)))
        assert amount(plan, "Joint", "OTH", BUY) == pytest.approx(16_000.0, abs=1.0)
        assert not amount(plan, "Joint", "PRT", BUY)

    @pytest.mark.parametrize(
        ("usd", "weight", "taken"),
        [
            (4_000.0, 0.20, True),
            (4_000.01, 0.20, False),
            (4_000.0, 0.2001, False),
            (None, 0.20, True),
            (4_000.01, None, False),
        ],
    )
    def test_both_thresholds_must_be_met(self, usd: float | None, weight: float | None, taken: bool) -> None:
        plan = rebalance(self.home(), rules(Method.HARVEST, banded(0.5), harvest_usd=usd, harvest_weight=weight))
        assert bool(plan.trades) == taken

    def test_the_thresholds_rise_towards_december(self) -> None:
        """Doubled in December, so in November $4,000 x (1 + 10/11) = $7,636; in January $4,000."""
        rule = rules(Method.HARVEST, banded(0.5), harvest_usd=4_000.0, harvest_december=2.0)
        assert not rebalance(self.home(), rule).trades
        assert rebalance(self.home(), replace(rule, as_of=AS_OF.replace(month=1))).trades

    def test_a_class_out_of_band_is_left_no_worse(self) -> None:
        plan = rebalance(self.home(), rules(Method.HARVEST, tight(0.6)))
        assert plan.after.line("Stock").actual_weight >= 0.5 - 1e-6
        assert plan.trades

    def test_losses_nobody_can_use_are_not_taken(self) -> None:
        """No gains, and a loss carried in beyond the yearly $3,000: one more loss saves nothing this year."""
        carried = replace(self.home(), taxpayers=(profile(long_carryforward_usd=60_000.0),))
        assert not rebalance(carried, rules(Method.HARVEST, banded(0.5))).trades


class TestHarvestingInOtherMethods:
    def home(self, *losses: tuple[str, float]) -> Household:
        """Stock funds of $10,000 each with these losses, and a realised gain to set them against."""
        lots = [lot("Joint", symbol, 100, 10_000.0 + loss) for symbol, loss in losses]
        return household(
            [Account("Joint", TAXABLE)],
            [*lots, lot("Joint", "BND", 400, 20_000.0)],
            [*(stock(symbol) for symbol, _ in losses), stock("NEW"), bond()],
            taxpayers=(profile(long_realized_usd=50_000.0),),
        )

    def test_a_loss_below_the_threshold_is_not_taken_for_its_own_sake(self) -> None:
        """20 % but $1,000 against 15 % and $5,000, as in the published example: not harvested. The other one is."""
        home = self.home(("BIG", 6_000.0), ("SML", 1_000.0))
        plan = rebalance(home, policy(banded(0.5), harvest_usd=5_000.0, harvest_weight=0.15))
        assert amount(plan, "Joint", "BIG", SELL) == pytest.approx(10_000.0)
        assert not amount(plan, "Joint", "SML", SELL)

    def test_without_thresholds_met_nothing_is_sold(self) -> None:
        assert not rebalance(self.home(("SML", 1_000.0)), policy(banded(0.33), harvest_usd=5_000.0)).trades


class TestGainHarvest:
    def home(self, gain: float) -> Household:
        """A couple with $60,000 of wages: after $32,200 standard deduction $27,800, far inside the 0 % band."""
        return household(
            [Account("Joint", TAXABLE)],
            [lot("Joint", "STK", 100, 10_000.0 - gain), lot("Joint", "BND", 200, 10_000.0)],
            taxpayers=(profile(ordinary_income_usd=60_000.0),),
        )

    def test_gains_in_the_zero_band_are_taken_on_request_and_bought_back(self) -> None:
        plan = rebalance(self.home(4_000.0), policy(banded(0.5), harvest_gains=True))
        assert amount(plan, "Joint", "STK", SELL) == pytest.approx(10_000.0)
        assert amount(plan, "Joint", "STK", BUY) == pytest.approx(10_000.0, abs=0.25)
        assert plan.tax.cost_usd == pytest.approx(0.0)

    def test_nobody_asked_so_nothing_is_done(self) -> None:
        assert not rebalance(self.home(4_000.0), policy(banded(0.5))).trades

    def test_gains_taxed_at_fifteen_percent_are_left(self) -> None:
        rich = replace(self.home(4_000.0), taxpayers=(profile(ordinary_income_usd=250_000.0),))
        assert not rebalance(rich, policy(banded(0.5), harvest_gains=True)).trades


class TestLocation:
    def home(self, bond_price: float = 50.0) -> Household:
        """Bonds that pay 4.5 % in the taxable account, stock that pays 1.5 % in the IRA, nothing with a gain."""
        return household(
            [Account("Joint", TAXABLE), Account("IRA", IRA)],
            [lot("Joint", "BND", 200, 10_000.0), lot("IRA", "STK", 100, None)],
            [stock(yield_rate=0.015, qualified_share=1.0), bond(price=bond_price, yield_rate=0.045)],
        )

    def test_the_two_change_places(self) -> None:
        plan = rebalance(self.home(), rules(Method.LOCATION, tight(0.9)))
        assert amount(plan, "Joint", "BND", SELL) == pytest.approx(10_000.0)
        assert amount(plan, "IRA", "BND", BUY) == pytest.approx(10_000.0, rel=0.01)
        # the mix stays within a quarter of a point, although its band would want 90 % of stock
        assert plan.after.line("Stock").actual_weight == pytest.approx(0.5, abs=0.0025 + 1e-6)

    def test_other_methods_do_so_only_where_it_is_worth_the_dollars_asked_for(self) -> None:
        """
        One more dollar of income meets 24 % and 15 %, and 3.8 % NIIT on top ($250,000 of income, the threshold). Bonds
        cost 4.5 % x 27.8 % = 1.251 % a year, stock 1.5 % x 18.8 % = 0.282 %: on $10,000 $96.90 a year, times the
        annuity of 10 years at 5 % (7.7217) = $748. No placement of this mix is worth $1,000.
        """
        assert not rebalance(self.home(), policy(banded(0.5, 0.0, 0.0))).trades
        assert rebalance(self.home(), policy(banded(0.5, 0.0, 0.0), location_usd=747.0)).trades
        assert not rebalance(self.home(), policy(banded(0.5, 0.0, 0.0), location_usd=1_000.0)).trades

    def test_cash_is_no_place_to_hide_from_tax(self) -> None:
        """Cash whose yield is not known costs nothing; still no more than a quarter of a point is moved into it."""
        plan = rebalance(self.home(), rules(Method.LOCATION, tight(0.9)))
        assert weight_after(plan, "Cash") <= 0.0025 + 1e-6

    def test_nothing_is_paid_for_moving_stock_into_a_roth(self) -> None:
        home = household(
            [Account("Roth", ROTH), Account("IRA", IRA)],
            [lot("Roth", "BND", 200, None), lot("IRA", "STK", 100, None)],
            [stock(yield_rate=0.015), bond(yield_rate=0.045)],
        )
        assert not rebalance(home, rules(Method.LOCATION, tight(0.5))).trades


class TestCaps:
    def home(self) -> Household:
        """90/10 against 50/50, nothing with a gain, in one IRA."""
        return household([Account("IRA", IRA)], [lot("IRA", "STK", 90, None), lot("IRA", "BND", 20, None)])

    def test_household_drift_ends_at_its_cap(self) -> None:
        # drift is 40 %; to 10 % takes 30 % of $10,000
        plan = rebalance(self.home(), policy(tight(0.5), most_drift=0.10))
        assert plan.after.household_drift == pytest.approx(0.10, abs=1e-4)
        assert amount(plan, "IRA", "STK", SELL) == pytest.approx(3_000.0, abs=1.0)

    def test_bands_ask_for_nothing_under_a_cap(self) -> None:
        assert not rebalance(self.home(), policy(tight(0.5), most_drift=0.40)).trades
        assert rebalance(self.home(), policy(tight(0.5), most_drift=0.399)).trades

    def test_no_more_orders_than_the_cap(self) -> None:
        wide = household(
            [Account("IRA", IRA), Account("Roth", ROTH)],
            [lot("IRA", "STK", 50, None), lot("Roth", "STK", 40, None), lot("IRA", "BND", 20, None)],
        )
        # from 90 % to 20 % of stock: $7,000, more than either account holds
        assert len(rebalance(wide, policy(tight(0.2))).trades) == 4
        capped = rebalance(wide, policy(tight(0.2), most_orders=3))
        assert len(capped.trades) <= 3
        assert [item.rule for item in capped.relaxed] == ["Band of Bond"]
        assert not rebalance(wide, policy(tight(0.2), most_orders=0)).trades

    def test_what_has_no_target_is_sold_when_wanted(self) -> None:
        gold = Security("GLD", 100.0, (("Gold", 1.0),), lot_size=0.0)
        home = household(
            [Account("IRA", IRA)],
            [lot("IRA", "STK", 50, None), lot("IRA", "BND", 100, None), lot("IRA", "GLD", 3, None)],
            [stock(), bond(), gold],
        )
        loose = banded(0.5, 0.9, 0.9)
        assert not rebalance(home, policy(loose)).trades
        plan = rebalance(home, policy(loose, sell_without_target=True))
        assert amount(plan, "IRA", "GLD", SELL) == pytest.approx(300.0)

    def test_what_has_no_target_and_is_locked_is_told(self) -> None:
        gold = Security("GLD", 100.0, (("Gold", 1.0),), lot_size=0.0)
        home = household(
            [Account("IRA", IRA)],
            [lot("IRA", "STK", 50, None), lot("IRA", "BND", 100, None), lot("IRA", "GLD", 3, None, locked=True)],
            [stock(), bond(), gold],
        )
        plan = rebalance(home, policy(banded(0.5, 0.9, 0.9), sell_without_target=True))
        assert [item.amount_usd for item in plan.relaxed] == [pytest.approx(300.0)]
        assert "GLD in IRA" in plan.relaxed[0].sentence

    def test_what_the_advisor_buys_without_target_is_told_too(self) -> None:
        gold = Security("GLD", 100.0, (("Gold", 1.0),), lot_size=0.0)
        home = household(
            [Account("IRA", IRA, cash_usd=1_000.0)],
            [lot("IRA", "STK", 50, None), lot("IRA", "BND", 100, None)],
            [stock(), bond(), gold],
        )
        mine = (TypedTrade("IRA", "GLD", Side.BUY, 4.0),)
        plan = rebalance(home, policy(banded(0.5, 0.9, 0.9), sell_without_target=True, my_trades=mine))
        assert [item.amount_usd for item in plan.relaxed] == [pytest.approx(400.0)]


class TestDistributions:
    def test_a_withdrawal_from_an_ira_raises_the_bracket_that_gains_meet(self) -> None:
        """
        A couple with $100,000 of wages: $67,800 taxable after $32,200. The 0 % band ends at $98,900 (2026). $50,000
        out of the IRA brings $117,800: beyond it, so a long gain of $10,000 costs 15 %: $1,500. Without it nothing.
        """
        home = household(
            [Account("Joint", TAXABLE), Account("IRA", IRA, cash_usd=60_000.0)],
            [lot("Joint", "STK", 200, 10_000.0)],
            taxpayers=(profile(ordinary_income_usd=100_000.0),),
        )
        targets = (Target("Stock", 0.5, BandType.ABSOLUTE, 1.0, 1.0), Target("Bond", 0.5, BandType.ABSOLUTE, 1.0, 1.0))
        from_joint = Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 20_000.0)
        alone = rebalance(home, policy(targets, withdrawals=(from_joint,)))
        assert alone.tax.cost_usd == pytest.approx(0.0)
        from_ira = Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 50_000.0)
        both = rebalance(home, policy(targets, withdrawals=(from_joint, from_ira)))
        assert both.tax.cost_usd == pytest.approx(1_500.0)
        assert both.tax.changes[0].before.taxable_income_usd == pytest.approx(117_800.0)

    def test_a_required_distribution_is_paid_from_its_account(self) -> None:
        home = household(
            [Account("IRA", IRA, cash_usd=1_000.0, rmd_usd=4_000.0)],
            [lot("IRA", "STK", 100, None), lot("IRA", "BND", 200, None)],
        )
        plan = rebalance(home, policy(banded(0.5)))
        assert plan.withdrawals_paid == (("IRA", pytest.approx(4_000.0)),)
        asked = (Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 1_500.0),)
        plan = rebalance(home, policy(banded(0.5), withdrawals=asked))
        assert plan.withdrawals_paid == (("IRA", pytest.approx(4_000.0)),)

    def test_young_lots_still_wait_in_methods_without_bands(self) -> None:
        home = household(
            [Account("Joint", TAXABLE)],
            [lot("Joint", "STK", 100, 5_000.0, acquired=days_ago(360)), lot("Joint", "BND", 100, 4_000.0)],
        )
        asks = (Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 2_000.0),)
        plan = rebalance(home, rules(Method.CASH_ONLY, tight(0.5), withdrawals=asks))
        assert [trade.symbol for trade in plan.trades] == ["BND"]
