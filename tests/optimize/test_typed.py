"""The advisor's own trades: done exactly as typed, alone (method None) or with the plan around them, or refused."""

from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from rebal_xl.household import (
    Account,
    Household,
    InputErrors,
    Method,
    Plan,
    Policy,
    Side,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize.rebalance import rebalance
from tests.optimize.homes import IRA, TAXABLE, amount, banded, bond, days_ago, household, lot, policy, stock

SELL, BUY = Side.SELL, Side.BUY


def typed(side: Side, quantity: float | None = None, **more: Any) -> TypedTrade:
    given = {"account": "Joint", "symbol": "STK", **more}
    return TypedTrade(side=side, quantity=quantity, **given)


def home(**more: Any) -> Household:
    """$20,000 of stock in three lots (gains of $6,000 and $2,000, a loss of $1,000), $10,000 of bonds, an IRA."""
    return household(
        [Account("Joint", TAXABLE, cash_usd=5_000.0), Account("IRA", IRA, cash_usd=1_000.0)],
        [
            lot("Joint", "STK", 100, 4_000.0, lot_id="old"),
            lot("Joint", "STK", 50, 3_000.0, lot_id="middle"),
            lot("Joint", "STK", 50, 6_000.0, lot_id="dear"),
            lot("Joint", "BND", 200, 10_000.0),
            lot("IRA", "BND", 100, None),
        ],
        **more,
    )


def wanted(*trades: TypedTrade, **more: Any) -> Policy:
    return policy(banded(0.5, 1.0, 1.0), **{"method": Method.NONE, "my_trades": trades, **more})


def problems(home: Household, rules: Policy) -> str:
    with pytest.raises(InputErrors) as refused:
        rebalance(home, rules)
    return " ".join(problem.message for problem in refused.value.problems)


def sold_lots(plan: Plan) -> dict[str, float]:
    return {sale.lot_id: sale.quantity for sale in plan.lot_sales if sale.account == "Joint"}


def test_none_does_the_typed_sale_and_nothing_else_and_takes_the_lots_of_least_tax() -> None:
    # 60 shares: the lot at a loss whole, then 10 of the one with the smaller gain a share ($40 against $60)
    plan = rebalance(home(), wanted(typed(SELL, 60.0)))
    assert [(trade.symbol, trade.quantity) for trade in plan.trades] == [("STK", 60.0)]
    assert sold_lots(plan) == {"dear": pytest.approx(50.0), "middle": pytest.approx(10.0)}


def test_cash_only_sells_nothing_besides_a_typed_sale_that_pays_what_is_asked() -> None:
    """$2,000 are asked of the IRA, which has $1,000; 20 bonds sold by the advisor bring the other $1,000."""
    asks = (Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 2_000.0),)
    rules = wanted(typed(SELL, 20.0, account="IRA", symbol="BND"), method=Method.CASH_ONLY, withdrawals=asks)
    plan = rebalance(home(), rules)
    assert [(t.account, t.symbol, t.quantity) for t in plan.trades if t.side is SELL] == [("IRA", "BND", 20.0)]
    fewer = wanted(typed(SELL, 10.0, account="IRA", symbol="BND"), method=Method.CASH_ONLY, withdrawals=asks)
    assert sum(trade.amount_usd for trade in rebalance(home(), fewer).trades if trade.account == "IRA") < 1_000.0
    assert rebalance(home(), fewer).relaxed


def test_a_typed_number_leaves_no_dust_in_another_lot() -> None:
    plan = rebalance(home(), wanted(typed(SELL, 50.0)))
    assert [trade.quantity for trade in plan.trades] == [50.0]
    assert sold_lots(plan) == {"dear": 50.0}


def test_a_named_lot_is_the_one_that_is_sold() -> None:
    plan = rebalance(home(), wanted(typed(SELL, 30.0, lot_id="old")))
    assert sold_lots(plan) == {"old": pytest.approx(30.0)}


def test_a_purchase_in_dollars_is_rounded_down_to_what_can_be_ordered() -> None:
    # $1,010 at $100 in whole shares: 10
    plan = rebalance(home(securities=[stock(lot_size=1.0), bond()]), wanted(typed(BUY, amount_usd=1_010.0)))
    assert [(trade.side, trade.quantity) for trade in plan.trades] == [(BUY, 10.0)]


def test_none_leaves_withdrawals_reserves_and_bands_alone_and_says_what_is_not_paid() -> None:
    """$3,000 are asked for, a reserve of $6,000 is not there, stock is far from 90 %: one typed share is sold."""
    held = home()
    held = replace(held, accounts=tuple(replace(each, reserve_usd=6_000.0) for each in held.accounts))
    asks = (Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 3_000.0),)
    rules = replace(wanted(typed(SELL, 1.0), withdrawals=asks), targets=banded(0.9))
    plan = rebalance(held, rules)
    assert [(trade.symbol, trade.quantity) for trade in plan.trades] == [("STK", 1.0)]
    assert not plan.withdrawals_paid
    assert not plan.relaxed
    said = [notice.sentence for notice in plan.notices if notice.topic == "withdrawal"]
    assert said == ["Method None pays no withdrawals: $3,000.00 wanted from account Joint is not planned."]


def test_other_methods_plan_around_a_kept_trade() -> None:
    # stock is 20,000 of 41,000 = 48.8 %; bought to 60 % it needs some 4,600 more, of which 2,000 are typed
    rules = policy(banded(0.6, 0.05, 0.0), my_trades=(typed(BUY, 20.0),))
    plan = rebalance(home(), rules)
    assert amount(plan, "Joint", "STK", BUY) == pytest.approx(2_000.0)
    assert plan.after.line("Stock").actual_weight == pytest.approx(0.6, abs=1e-4)
    assert amount(plan, "IRA", "STK", BUY) > 2_000.0


def test_other_orders_pay_for_a_typed_purchase_that_cash_cannot() -> None:
    """$7,000 of stock typed with $5,000 of cash: other securities of the account bring the rest."""
    plan = rebalance(home(), policy(banded(0.5, 1.0, 1.0), my_trades=(typed(BUY, 70.0),)))
    assert amount(plan, "Joint", "STK", BUY) == pytest.approx(7_000.0)
    assert amount(plan, "Joint", "BND", SELL) >= 2_000.0


def test_trades_that_cannot_be_done_together_are_refused_not_called_a_failure() -> None:
    """Shares of yesterday at a loss, half of them sold, while others of that day stay in the IRA: washed, so never."""
    young = household(
        [Account("Joint", TAXABLE), Account("IRA", IRA)],
        [
            lot("Joint", "STK", 50, 6_000.0, acquired=days_ago(1)),
            lot("IRA", "STK", 50, None, acquired=days_ago(1), locked=True),
            lot("IRA", "BND", 100, None),
        ],
    )
    assert "cannot all be done together" in problems(young, wanted(typed(SELL, 25.0)))


def test_a_trade_not_kept_is_only_remembered() -> None:
    plan = rebalance(home(), wanted(typed(SELL, 60.0, keep=False), typed(SELL, 5.0)))
    assert [(trade.symbol, trade.quantity) for trade in plan.trades] == [("STK", 5.0)]


def test_a_typed_sale_ignores_the_minimum_and_the_boundary_of_short_gains() -> None:
    young = household(
        [Account("Joint", TAXABLE)],
        [lot("Joint", "STK", 100, 5_000.0, acquired=days_ago(360)), lot("Joint", "BND", 100, 5_000.0)],
    )
    plan = rebalance(young, wanted(typed(SELL, 2.0), min_trade_usd=5_000.0))
    assert [(trade.symbol, trade.quantity) for trade in plan.trades] == [("STK", 2.0)]


def test_a_typed_purchase_washes_a_loss_share_by_share() -> None:
    # 50 shares at a loss of $20 each; 20 bought the same day in the IRA: $400 of the $1,000 are lost for good
    trades = (typed(SELL, 50.0, lot_id="dear"), typed(BUY, 5.0, account="IRA"))
    plan = rebalance(home(), wanted(*trades))
    assert sum(sale.disallowed_usd for sale in plan.lot_sales) == pytest.approx(5 * 20.0)
    assert sum(sale.permanent_usd for sale in plan.lot_sales) == pytest.approx(5 * 20.0)


def test_all_of_a_position_can_be_sold_and_not_a_share_more() -> None:
    plan = rebalance(home(), wanted(typed(SELL, 200.0)))
    assert plan.trades[0].closes_position
    assert "sell 200.01 shares of STK in Joint, which holds 200" in problems(home(), wanted(typed(SELL, 200.01)))


@pytest.mark.parametrize(("quantity", "told"), [(1_234_567.0, "1,234,567"), (1_000_000.0, "1,000,000")])
def test_share_counts_are_written_in_full(quantity: float, told: str) -> None:
    said = problems(home(), wanted(typed(SELL, quantity)))
    assert f"sell {told} shares of STK in Joint, which holds 200, 200 of them for sale" in said
    said = problems(home(), wanted(typed(SELL, quantity, lot_id="dear")))
    assert told in said
    assert "e+06" not in said


@pytest.mark.parametrize("side", [SELL, BUY])
def test_an_amount_below_the_smallest_order_is_refused_on_either_side(side: Side) -> None:
    """Whole shares of $100: $100 is an order, $99 is none."""
    whole = home(securities=[stock(lot_size=1.0), bond()])
    assert rebalance(whole, wanted(typed(side, amount_usd=100.0))).trades[0].quantity == 1.0
    assert "the amount is less than the smallest order" in problems(whole, wanted(typed(side, amount_usd=99.0)))


def test_a_named_lot_cannot_give_more_than_it_holds() -> None:
    assert rebalance(home(), wanted(typed(SELL, 50.0, lot_id="dear"))).trades
    said = problems(home(), wanted(typed(SELL, 50.5, lot_id="dear")))
    assert "50.5 shares of lot dear" in said


def test_cash_may_be_used_up_but_not_overdrawn() -> None:
    assert rebalance(home(), wanted(typed(BUY, 50.0))).cash_after == (("IRA", 1_000.0), ("Joint", pytest.approx(0.0)))
    said = problems(home(), wanted(typed(BUY, 50.01)))
    assert "which has or can raise $5,000.00: its cash would be negative" in said
    # another typed sale pays for it
    assert rebalance(home(), wanted(typed(BUY, 60.0), typed(SELL, 20.0, symbol="BND"))).trades


@pytest.mark.parametrize(
    ("trade", "said"),
    [
        (typed(SELL, 1.0, account="Nobody"), "there is no account Nobody"),
        (typed(SELL, 1.0, symbol="XYZ"), "XYZ is no known security"),
        (typed(SELL), "it needs a quantity or an amount"),
        (typed(SELL, 1.0, amount_usd=100.0), "it needs a quantity or an amount"),
        (typed(SELL, 0.0), "its size is not above zero"),
        (typed(SELL, nan), "its size is not a number that can be traded"),
        (typed(SELL, inf), "its size is not a number that can be traded"),
        (typed(BUY, -inf), "its size is not a number that can be traded"),
        (typed(BUY, amount_usd=nan), "its size is not a number that can be traded"),
        (typed(BUY, amount_usd=inf), "its size is not a number that can be traded"),
        (typed(SELL, 1.0, lot_id="none"), "there is no lot none of it to sell"),
        (typed(BUY, 1.0, account="401k"), "not on the account's menu"),
        (typed(SELL, 1.0, account="Locked"), "the account is locked"),
        (typed(SELL, 1.0, symbol="CASH"), "cash is neither bought nor sold"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(trade: TypedTrade, said: str) -> None:
    wide = home()
    wide = replace(
        wide,
        accounts=(
            *wide.accounts,
            Account("401k", IRA, cash_usd=1_000.0, menu=frozenset({"BND"})),
            Account("Locked", TAXABLE, locked=True),
        ),
    )
    assert said in problems(wide, wanted(trade))


def test_every_refusal_is_told_at_once() -> None:
    trades = (typed(SELL, 1.0, account="Nobody"), typed(SELL, 1.0, symbol="XYZ"), typed(SELL, 999.0))
    said = problems(home(), wanted(*trades))
    assert "Trade 1 of My Trades" in said
    assert "Trade 2 of My Trades" in said
    assert "sell 999 shares of STK in Joint" in said


def test_both_sides_of_one_security_are_refused() -> None:
    assert "both buy and sell STK in Joint" in problems(home(), wanted(typed(SELL, 1.0), typed(BUY, 1.0)))


def test_locked_shares_are_not_for_sale() -> None:
    held = home()
    lots = tuple(replace(each, locked=each.lot_id == "old") for each in held.lots)
    said = problems(replace(held, lots=lots), wanted(typed(SELL, 101.0)))
    assert "which holds 200, 100 of them for sale; the others are locked" in said


def test_none_without_trades_says_so() -> None:
    assert "Method None does your own trades, but there are none" in problems(home(), wanted())
