"""What is said to call for gains beyond a limit: what drives the plan there, and nothing else; loosening it helps."""

from dataclasses import replace

import pytest

from rebal_xl.household import (
    Account,
    Household,
    Method,
    Plan,
    Policy,
    Relaxation,
    Security,
    Side,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import rebalance
from tests.optimize.homes import TAXABLE, bond, days_ago, household, lot, policy, profile, stock, within

# wide enough for everything
NO_BANDS = within()


def joint(stocks: float = 800.0, *, cash: float = 0.0, reserve: float = 0.0, **limit: float) -> Household:
    """Stock bought at half its price long ago, locked bonds up to $100,000; a taxpayer with a limit."""
    held = [lot("Joint", "STK", stocks, stocks * 50.0)]
    held.append(lot("Joint", "BND", (100_000.0 - stocks * 100.0) / 50.0, 100_000.0 - stocks * 100.0, locked=True))
    account = Account("Joint", TAXABLE, cash_usd=cash, reserve_usd=reserve)
    return household([account], held, taxpayers=(profile(**limit),))


def only(plan: Plan) -> Relaxation:
    """The one rule that gave."""
    (one,) = plan.relaxed
    return one


def test_a_band_calls_for_gains_where_the_class_was_outside_it() -> None:
    # $80,000 of stock comes down to $65,000: of $15,000 half is gain, and $5,000 is allowed
    found = only(rebalance(joint(long_gain_limit_usd=5_000.0), policy(within(0.05))))
    assert found.amount_usd == pytest.approx(2_500.0, abs=1.0)
    assert found.sentence.endswith("than allowed. What calls for it: the band of Stock.")
    assert found.advice == "Widen the band of Stock, or raise the limit."
    # to 70 %: $10,000, half of it gain, and a thousandth of a share for rounding
    assert rebalance(joint(long_gain_limit_usd=5_001.0), policy(within(0.10))).relaxed == ()
    assert rebalance(joint(long_gain_limit_usd=7_501.0), policy(within(0.05))).relaxed == ()


def test_a_band_calls_for_tax_beyond_the_budget() -> None:
    # Above $250,000 of wages 15 % and 3.8 % (IRC 1(h), 1411): of $7,500 $1,410, where $1,000 is allowed.
    found = only(rebalance(joint(tax_budget_usd=1_000.0), policy(within(0.05))))
    assert found.amount_usd == pytest.approx(410.0, abs=1.0)
    assert found.sentence.endswith("more tax than the budget allows. What calls for it: the band of Stock.")
    assert found.advice == "Widen the band of Stock, or raise the tax budget."
    # to 69.5 %: half of $10,500, of which 18.8 % are $987
    assert rebalance(joint(tax_budget_usd=1_000.0), policy(within(0.095))).relaxed == ()


def test_the_cap_on_drift_calls_for_gains_in_place_of_within() -> None:
    # 20 % of drift, 15 % allowed: $5,000 of stock goes, $2,500 of it gain
    found = only(rebalance(joint(long_gain_limit_usd=2_000.0), policy(within(0.05), most_drift=0.15)))
    assert found.sentence.endswith("What calls for it: the cap on household drift.")
    assert found.advice == "Allow more drift, or raise the limit."
    # 16 %: $4,000, $2,000 of it gain
    assert rebalance(joint(long_gain_limit_usd=2_000.0), policy(within(0.05), most_drift=0.1601)).relaxed == ()


@pytest.mark.parametrize("method", [Method.OPPORTUNISTIC, Method.CASH_ONLY, Method.LOCATION])
def test_a_withdrawal_calls_for_gains_whatever_the_method(method: Method) -> None:
    def rules(usd: float) -> Policy:
        asked = (Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", usd),)
        return policy(NO_BANDS, method=method, withdrawals=asked, location_usd=100.0)

    # $1,000 is cash; of $4,000 more half is gain
    home = joint(600.0, cash=1_000.0, long_gain_limit_usd=500.0)
    found = next(one for one in rebalance(home, rules(5_000.0)).relaxed if one.rule.startswith("Limit"))
    assert found.amount_usd == pytest.approx(1_500.0, abs=1.0)
    assert found.sentence.endswith("What calls for it: the withdrawal that Joint pays.")
    assert found.advice == "Ask for less, or raise the limit."
    # not quite $1,000 of stock, half of it gain
    assert not [one for one in rebalance(home, rules(1_999.0)).relaxed if one.rule.startswith("Limit")]


def test_a_reserve_calls_for_gains() -> None:
    # $3,000 is to stay, $1,000 is there: of $2,000 half is gain
    home = joint(600.0, cash=1_000.0, reserve=3_000.0, long_gain_limit_usd=500.0)
    found = only(rebalance(home, policy(NO_BANDS)))
    assert found.amount_usd == pytest.approx(500.0, abs=1.0)
    assert found.sentence.endswith("What calls for it: the cash reserve of Joint.")
    assert found.advice == "Lower the reserve of Joint, or raise the limit."
    lower = joint(600.0, cash=1_000.0, reserve=1_999.0, long_gain_limit_usd=500.0)
    assert rebalance(lower, policy(NO_BANDS)).relaxed == ()


def test_a_typed_trade_calls_for_gains() -> None:
    # 20 shares of $100 bought at $50
    mine = TypedTrade("Joint", "STK", Side.SELL, 20.0, keep=True)
    home = joint(600.0, long_gain_limit_usd=500.0)
    found = only(rebalance(home, policy(NO_BANDS, my_trades=(mine,))))
    assert found.amount_usd == pytest.approx(500.0, abs=1.0)
    assert found.sentence.endswith("What calls for it: your trade to sell STK in Joint.")
    assert found.advice == "Leave out your trade to sell STK in Joint, or raise the limit."
    assert rebalance(home, policy(NO_BANDS)).relaxed == ()


def test_selling_what_has_no_target_calls_for_gains() -> None:
    # $2,000 of gold bought at half of that
    gold = Security("GLD", 10.0, (("Gold", 1.0),), lot_size=0.0)
    base = joint(600.0, long_gain_limit_usd=500.0)
    home = replace(base, lots=(*base.lots, lot("Joint", "GLD", 200.0, 1_000.0)), securities=(stock(), bond(), gold))
    rules = policy(NO_BANDS, sell_without_target=True)
    found = only(rebalance(home, rules))
    assert found.amount_usd == pytest.approx(500.0, abs=1.0)
    assert found.sentence.endswith("What calls for it: the sale of what has no target (GLD).")
    assert found.advice == "Turn Sell Without Target off, or raise the limit."
    assert rebalance(home, replace(rules, sell_without_target=False)).relaxed == ()


def test_gains_of_another_term_are_not_blamed() -> None:
    # Stock is sold long-term for its band; gold, which has no target and was bought lately, short-term.
    gold = Security("GLD", 10.0, (("Gold", 1.0),), lot_size=0.0)
    base = joint(short_gain_limit_usd=500.0)
    late = lot("Joint", "GLD", 200.0, 1_000.0, acquired=days_ago(100))
    home = replace(base, lots=(*base.lots, late), securities=(stock(), bond(), gold))
    found = only(rebalance(home, policy(within(0.05), sell_without_target=True)))
    assert found.rule == "Limit on short gains of Couple"
    assert found.sentence.endswith("What calls for it: the sale of what has no target (GLD).")


def test_where_two_things_call_for_gains_neither_is_promised_to_be_enough_alone() -> None:
    # $5,000 goes to a withdrawal; of $95,000 that stay 65 %, $61,750, is the most that may be stock. Of $18,250 sold
    # half is gain.
    asked = (Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 5_000.0),)
    home = joint(long_gain_limit_usd=0.0)
    found = only(rebalance(home, policy(within(0.05), withdrawals=asked)))
    assert found.amount_usd == pytest.approx(9_125.0, abs=1.0)
    assert found.sentence.endswith("What calls for it: the band of Stock, the withdrawal that Joint pays.")
    assert found.advice == "Raise the limit, or loosen what calls for it: widen the band of Stock; ask for less."
    assert rebalance(home, policy(NO_BANDS)).relaxed == ()


def test_a_band_is_not_blamed_for_what_is_sold_to_pay_out() -> None:
    # 66 % of stock is above 65 %, but all that is sold, $5,000, is paid out, and all bonds are locked
    asked = (Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", 5_000.0),)
    home = joint(660.0, long_gain_limit_usd=0.0)
    (found,) = rebalance(home, policy(within(0.05), withdrawals=asked)).relaxed
    assert found.amount_usd == pytest.approx(2_500.0, abs=1.0)
    assert found.sentence.endswith("What calls for it: the withdrawal that Joint pays.")
    assert found.advice == "Ask for less, or raise the limit."
