"""The minimum trade in the way: which of its two settings is named, how far it must come down, and that this helps."""

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
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.minimums import Room, too_small
from tests.optimize.homes import IRA, TAXABLE, amount, bond, household, lot, policy, stock, within

# Stock between 55 % and 65 %, bonds anywhere.
WIDE = within(0.05)
# Both anywhere.
FREE = within()
WHOLE = [stock(lot_size=1.0), bond(lot_size=1.0)]
# $60,000 of stock is locked, $5,100 free, and bonds are $34,900: $65,100 of $100,000 where $65,000 is the most.
ABOVE = [lot("IRA", "STK", 600.0, locked=True), lot("IRA", "STK", 51.0), lot("IRA", "BND", 698.0)]


def only(plan: Plan) -> Relaxation:
    """The one rule that gave."""
    (one,) = plan.relaxed
    return one


@pytest.mark.parametrize(
    ("dollars", "share", "advice"),
    [
        # 5.2 % of $100,000 is more than $1 and than $100; $100 are 0.1 %
        (1.0, 0.052, "Lower Minimum Trade % to 0.10%, or widen the band."),
        (100.0, 0.052, "Lower Minimum Trade % to 0.10%, or widen the band."),
        (5_200.0, 0.001, "Lower Minimum Trade $ to $100, or widen the band."),
        (200.0, 0.052, "Lower Minimum Trade $ to $100 and Minimum Trade % to 0.10%, or widen the band."),
    ],
)
def test_the_setting_that_governs_is_named_and_lowered_so_far_it_helps(
    dollars: float, share: float, advice: str
) -> None:
    home = household([Account("IRA", IRA)], ABOVE, WHOLE)
    rules = policy(WIDE, min_trade_usd=dollars, min_trade_weight=share)
    found = only(rebalance(home, rules))
    assert found.amount_usd == pytest.approx(100.0)
    assert "In the way: the minimum trade of $5,200." in found.sentence
    assert found.advice == advice
    followed = replace(
        rules,
        min_trade_usd=100.0 if "Trade $" in advice else dollars,
        min_trade_weight=0.001 if "Trade %" in advice else share,
    )
    assert rebalance(home, followed).relaxed == ()


def test_a_small_account_that_holds_nothing_of_the_class_does_not_hide_the_minimum_of_the_one_that_does() -> None:
    # With $50 of bonds elsewhere $65,032.50 is the most: $67.50 too much, 0.0675 % of the IRA's $100,000.
    home = household([Account("IRA", IRA), Account("Tiny", IRA)], [*ABOVE, lot("Tiny", "BND", 1.0)], WHOLE)
    rules = policy(WIDE, min_trade_weight=0.06)
    found = only(rebalance(home, rules))
    # 6 % of $100,000; a share of $100 too much of a band of $10,005 is nothing in the way
    assert "In the way: the minimum trade of $6,000." in found.sentence
    assert found.advice == "Lower Minimum Trade % to 0.06%, or widen the band."
    assert rebalance(home, replace(rules, min_trade_weight=0.0006)).relaxed == ()


def test_a_purchase_below_the_minimum_names_that_of_the_account_with_the_money() -> None:
    # $54,900 of stock where $55,000 is the least; the IRA has $1,000 of cash, $30,000 of stock and locked bonds.
    held = [lot("IRA", "STK", 300.0), lot("IRA", "BND", 882.0, locked=True), lot("Roth", "STK", 249.0, locked=True)]
    home = household([Account("IRA", IRA, cash_usd=1_000.0), Account("Roth", IRA)], held, WHOLE)
    rules = policy(WIDE, min_trade_usd=2_000.0)
    found = next(one for one in rebalance(home, rules).relaxed if one.rule == "Band of Stock")
    assert found.amount_usd == pytest.approx(100.0)
    assert "In the way: the minimum trade of $2,000." in found.sentence
    assert found.advice == "Lower Minimum Trade $ to $100, or widen the band."
    assert rebalance(home, replace(rules, min_trade_usd=100.0)).relaxed == ()


def test_a_cap_on_drift_names_the_minimum_that_keeps_its_last_dollars_from_moving() -> None:
    # 66 % of stock against 60 %: 6 % of drift, 5 % allowed, so $1,000 of $100,000 has to move; $20,000 would be 14 %.
    held = [lot("IRA", "STK", 660.0), lot("IRA", "BND", 680.0)]
    home = household([Account("IRA", IRA)], held, WHOLE)
    rules = policy(FREE, most_drift=0.05, min_trade_usd=20_000.0)
    found = only(rebalance(home, rules))
    assert found.amount_usd == pytest.approx(1_000.0)
    assert found.sentence.endswith("In the way: the minimum trade of $20,000.")
    assert found.advice == "Lower Minimum Trade $ to $1,000, or allow more drift."
    assert rebalance(home, replace(rules, min_trade_usd=1_000.0)).relaxed == ()


def ten_shares(**account: object) -> Household:
    """Ten shares of stock, five of them locked, and locked bonds: $500 can be sold, and it closes nothing."""
    held = [
        lot("Joint", "STK", 5.0, 500.0),
        lot("Joint", "STK", 5.0, 500.0, locked=True),
        lot("Joint", "BND", 20.0, 1_000.0, locked=True),
    ]
    return household([Account("Joint", TAXABLE, **account)], held, WHOLE)  # type: ignore[arg-type]


def asking(usd: float, minimum: float) -> Policy:
    ask = Withdrawal(WithdrawalLevel.ACCOUNT, "Joint", usd)
    return policy(FREE, min_trade_usd=minimum, withdrawals=(ask,))


@pytest.mark.parametrize("usd", [500.0, 100.0])
def test_a_withdrawal_names_the_minimum_where_the_shares_that_may_be_sold_are_worth_less(usd: float) -> None:
    found = only(rebalance(ten_shares(), asking(usd, 600.0)))
    assert found.amount_usd == usd
    assert found.sentence.endswith("In the way: the minimum trade of $600.")
    assert found.advice == f"Lower Minimum Trade $ to ${usd:,.0f}, or ask for ${usd:,.2f} less."
    followed = rebalance(ten_shares(), asking(usd, usd))
    assert followed.relaxed == ()
    assert amount(followed, "Joint", "STK", Side.SELL) == usd


def test_a_withdrawal_that_most_needs_locked_shares_does_not_blame_the_minimum() -> None:
    # $900 of $1,000: $500 is free and $500 locked; with the minimum at $500 half of it stays missing
    found = only(rebalance(ten_shares(), asking(900.0, 600.0)))
    assert found.amount_usd == 900.0
    assert found.sentence.endswith("In the way: lots marked Locked ($1,500).")
    freed = tuple(replace(one, locked=False) for one in ten_shares().lots)
    assert rebalance(replace(ten_shares(), lots=freed), asking(900.0, 600.0)).relaxed == ()


def test_a_reserve_names_the_minimum_where_the_shares_that_may_be_sold_are_worth_less() -> None:
    home = ten_shares(reserve_usd=100.0)
    found = only(rebalance(home, policy(FREE, min_trade_usd=600.0)))
    assert found.sentence.endswith("In the way: the minimum trade of $600.")
    assert found.advice == "Lower Minimum Trade $ to $100, or lower the reserve."
    assert rebalance(home, policy(FREE, min_trade_usd=100.0)).relaxed == ()


def test_a_withdrawal_that_could_be_raised_only_with_too_much_names_the_minimum_too() -> None:
    # Half stock, half bonds, kept within a quarter of a point, $250: $6,000 sold for $20 would be far outside.
    held = [lot("IRA", "STK", 500.0), lot("IRA", "BND", 1_000.0)]
    home = household([Account("IRA", IRA)], held, WHOLE)
    ask = Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 20.0)
    rules = policy(FREE, method=Method.LOCATION, min_trade_usd=6_000.0, withdrawals=(ask,))
    found = only(rebalance(home, rules))
    assert found.amount_usd == 20.0
    assert found.sentence.endswith("In the way: the minimum trade of $6,000.")
    assert found.advice == "Lower Minimum Trade $ to $20, or ask for $20.00 less."
    assert rebalance(home, replace(rules, min_trade_usd=20.0)).relaxed == ()


def test_a_reserve_names_the_withdrawal_that_takes_all_its_account_can_raise() -> None:
    # $500 can be sold; of a withdrawal of $800 $300 is missing, and so is the reserve
    home = ten_shares(reserve_usd=100.0)
    said = {one.rule: one for one in rebalance(home, asking(800.0, 1.0)).relaxed}
    found = said["Cash reserve of Joint"]
    assert found.amount_usd == pytest.approx(100.0)
    assert found.sentence.endswith("In the way: the withdrawal from account Joint, which comes first.")
    assert found.advice == "Ask for less, or lower the reserve."
    assert rebalance(home, asking(400.0, 1.0)).relaxed == ()


class TestWithoutTarget:
    """$1,025 of gold, 20.5 shares of $50, is to be sold; five shares are kept by Min Hold, so 15 whole ones can go."""

    gold: Security = Security("GLD", 50.0, (("Gold", 1.0),), lot_size=1.0)

    def home(self, least: float | None = 5.0) -> Household:
        held = [lot("IRA", "STK", 600.0), lot("IRA", "BND", 780.0), lot("IRA", "GLD", 20.5, min_hold=least)]
        return household([Account("IRA", IRA)], held, [*WHOLE, self.gold])

    def rules(self, minimum: float) -> Policy:
        return policy(FREE, sell_without_target=True, min_trade_usd=minimum)

    def test_the_minimum_which_would_leave_a_part_is_not_named_beside_what_frees_all(self) -> None:
        found = only(rebalance(self.home(), self.rules(1_000.0)))
        assert found.amount_usd == 1_025.0
        assert found.sentence.endswith("In the way: shares kept by Min Hold ($250).")
        assert found.advice.startswith("Remove Min Hold, or give its class a target")

    def test_the_lower_minimum_sells_fifteen_shares_and_leaves_the_rest(self) -> None:
        plan = rebalance(self.home(), self.rules(750.0))
        assert amount(plan, "IRA", "GLD", Side.SELL) == 750.0
        assert "minimum trade" not in only(plan).sentence

    def test_without_min_hold_the_position_is_closed_below_the_minimum_too(self) -> None:
        plan = rebalance(self.home(None), self.rules(2_000.0))
        assert plan.relaxed == ()
        assert amount(plan, "IRA", "GLD", Side.SELL) == 1_025.0


class TestRooms:
    """Accounts of $10,000 under a minimum of $600 or 6 %."""

    rules: Policy = policy(FREE, min_trade_usd=600.0, min_trade_weight=0.06)

    def room(self, account: str, most: float, *, ordered: bool = False) -> Room:
        return Room(account, 10_000.0, most, 0.0 if ordered else 600.0, 600.0)

    def test_two_accounts_together_need_the_smaller_part(self) -> None:
        # $300 and then $200 of $500; $200 are 2 % of $10,000
        found = too_small(self.rules, [self.room("B", 250.0), self.room("A", 300.0)], 500.0, more_is_fine=True)
        assert found is not None
        assert found.all_of_it
        assert found.advice == "lower Minimum Trade $ to $200 and Minimum Trade % to 2.00%"

    def test_an_order_that_is_placed_anyway_is_made_larger(self) -> None:
        assert too_small(self.rules, [self.room("A", 300.0, ordered=True)], 100.0, more_is_fine=False) is None

    def test_cash_may_be_raised_beyond_what_is_missing_but_a_class_not_be_sold_so(self) -> None:
        rooms = [self.room("A", 1_000.0)]
        assert too_small(self.rules, rooms, 100.0, more_is_fine=True) is None
        assert too_small(self.rules, rooms, 100.0, more_is_fine=False) is not None
