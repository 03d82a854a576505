"""Rules that stand in the way together: all that must go are named, those that do alone as alternatives; each helps."""

from dataclasses import replace

import pytest

from rebal_xl.household import (
    Account,
    BandType,
    Household,
    Plan,
    Policy,
    Relaxation,
    Security,
    Side,
    Target,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.ways import Obstacle, Rule, Way, all_needed, in_the_way
from tests.optimize.homes import IRA, LONG_AGO, TAXABLE, amount, bond, days_ago, household, lot, policy, stock, within

# Stock and bonds anywhere, no gold.
NO_GOLD = (*within(), Target("Gold", 0.0, BandType.RELATIVE, 0.2, 0.2))
GOLD = Security("GLD", 50.0, (("Gold", 1.0),), lot_size=1.0)
# 60 % stock, 40 % gold
MIXED = Security("MIX", 100.0, (("Stock", 0.6), ("Gold", 0.4)), lot_size=1.0)


def said(home: Household, rules: Policy, rule: str = "Band of Gold") -> Relaxation:
    """The one relaxation of a rule."""
    (found,) = (one for one in rebalance(home, rules).relaxed if one.rule == rule)
    return found


def broken(home: Household, rules: Policy) -> set[str]:
    return {one.rule for one in rebalance(home, rules).relaxed}


def golden(*gold: dict[str, object], basis: float | None = 40.0) -> Household:
    """A joint account of stock and bonds, and lots of gold at $50 a share; each share was bought at `basis`."""
    held = [lot("Joint", "STK", 600.0, 30_000.0), lot("Joint", "BND", 800.0, 40_000.0)]
    for number, more in enumerate(gold):
        shares = float(str(more.get("shares", 1.0)))
        given = {name: value for name, value in more.items() if name not in ("shares", "known")}
        cost = basis * shares if basis is not None and more.get("known", True) else None
        held.append(lot("Joint", "GLD", shares, cost, lot_id=f"G{number}", **given))
    return household([Account("Joint", TAXABLE)], held, [stock(), bond(), GOLD])


# 350 days old: long-term in 16 days
YOUNG = {"acquired": days_ago(350)}


def test_a_minimum_that_frees_but_a_part_is_not_named_beside_the_lot_that_closes_the_position() -> None:
    # $150 of gold is free below the minimum of $2,500, $50 is nearly long-term; all $200 together may be sold
    home, rules = golden({"shares": 3.0}, YOUNG), policy(NO_GOLD, min_trade_usd=2_500.0)
    found = said(home, rules)
    assert found.amount_usd == pytest.approx(200.0)
    assert found.sentence.endswith("In the way: lots turning long-term within 30 days ($50).")
    assert found.advice == "Lower Short-Term Boundary Days, or widen the band."
    assert broken(home, replace(rules, short_term_boundary_days=0)) == set()
    # the minimum alone would not have been enough
    assert broken(home, replace(rules, min_trade_usd=150.0)) == {"Band of Gold"}


def test_lots_that_are_all_needed_are_joined_by_and() -> None:
    home, rules = golden({"shares": 7.0, **YOUNG}, {"known": False}), policy(NO_GOLD, min_trade_usd=500.0)
    found = said(home, rules)
    assert found.amount_usd == pytest.approx(400.0)
    assert found.sentence.endswith(
        "In the way: lots turning long-term within 30 days ($350), lots whose basis or date is unknown ($50)."
    )
    assert found.advice == "Lower Short-Term Boundary Days and fill in the missing basis and dates, or widen the band."
    known = golden({"shares": 7.0, **YOUNG}, {})
    at_once = replace(rules, short_term_boundary_days=0)
    assert broken(known, at_once) == set()
    assert broken(known, rules) == broken(home, at_once) == {"Band of Gold"}


def test_a_lot_that_two_rules_hold_back_names_both() -> None:
    home, rules = golden({"do_not_sell": True, "shares": 8.0, **YOUNG}), policy(NO_GOLD)
    found = said(home, rules)
    assert found.sentence.endswith(
        "In the way: lots marked Do Not Sell ($400), lots turning long-term within 30 days ($400)."
    )
    assert found.advice == ("Take Do Not Sell off some lots and lower Short-Term Boundary Days, or widen the band.")
    freed, at_once = golden({"shares": 8.0, **YOUNG}), replace(rules, short_term_boundary_days=0)
    assert broken(freed, at_once) == set()
    assert broken(freed, rules) == broken(home, at_once) == {"Band of Gold"}


@pytest.mark.parametrize("locked", [True, False])
def test_a_locked_lot_that_min_hold_keeps_as_well_names_both(locked: bool) -> None:
    # of 8 shares 3 are for sale, 5 are locked and as many to be kept
    home = golden({"shares": 3.0, "min_hold": 5.0}, {"shares": 5.0, "min_hold": 5.0, "locked": locked})
    found = said(home, policy(NO_GOLD))
    assert found.amount_usd == pytest.approx(250.0)
    both = "lots marked Locked ($250), " if locked else ""
    assert found.sentence.endswith(f"In the way: {both}shares kept by Min Hold ($250).")
    assert broken(golden({"shares": 8.0}), policy(NO_GOLD)) == set()
    assert broken(golden({"shares": 3.0}, {"shares": 5.0, "locked": True}), policy(NO_GOLD)) == {"Band of Gold"}


def test_any_rule_that_is_enough_alone_is_an_alternative() -> None:
    # 80 % of stock where 66 % is the most, 20 % of bonds where 36 % is the least: either $40,000 may be freed
    held = [lot("IRA", "STK", 400.0, locked=True), lot("IRA", "STK", 400.0, do_not_sell=True), lot("IRA", "BND", 400.0)]
    both = (Target("Stock", 0.6), Target("Bond", 0.4))
    home = household([Account("IRA", IRA)], held)
    for rule in ("Band of Stock", "Band of Bond"):
        assert (
            said(home, policy(both), rule).advice == "Take Do Not Sell off some lots, unlock lots, or widen the band."
        )
    for lots in (
        [replace(one, do_not_sell=False) for one in home.lots],
        [replace(one, locked=False) for one in home.lots],
    ):
        assert broken(replace(home, lots=tuple(lots)), policy(both)) == set()


@pytest.mark.parametrize(("most", "words"), [(0, "the cap of 0 orders, "), (5, "")])
def test_what_is_freed_takes_an_order_too(most: int, words: str) -> None:
    home, rules = golden({"do_not_sell": True, "shares": 8.0}), policy(NO_GOLD, most_orders=most)
    found = said(home, rules)
    assert found.sentence.endswith(f"In the way: {words}lots marked Do Not Sell ($400).")
    freed = golden({"shares": 8.0})
    if most:
        assert found.advice == "Take Do Not Sell off some lots, or widen the band."
        assert broken(freed, rules) == set()
    else:
        assert found.advice == "Raise Most Orders and take Do Not Sell off some lots, or widen the band."
        assert broken(freed, rules) == {"Band of Gold"}


def test_a_holding_without_a_target_that_takes_one_order_more_names_the_cap_beside_its_lots() -> None:
    home, rules = golden({"do_not_sell": True, "shares": 8.0}), policy(NO_GOLD[:2], sell_without_target=True)
    rule = "Sell GLD in Joint"
    found = said(home, replace(rules, most_orders=0), rule)
    assert found.sentence.endswith("In the way: the cap of 0 orders, lots marked Do Not Sell ($400).")
    assert found.advice.startswith("Raise Most Orders and take Do Not Sell off some lots, or give its class a target")
    assert broken(golden({"shares": 8.0}), replace(rules, most_orders=0)) == broken(home, rules) == {rule}
    assert broken(golden({"shares": 8.0}), rules) == set()


class TestOwnTrade:
    """One hundred shares of a fund that is 40 % gold: the advisor sells ten of them, and $3,600 of gold stays."""

    def home(self, *, known: bool) -> Household:
        held = [lot("Joint", "STK", 600.0, 30_000.0), lot("Joint", "MIX", 100.0, 9_000.0)]
        held.append(lot("Joint", "GLD", 1.0, 40.0 if known else None))
        return household([Account("Joint", TAXABLE)], held, [stock(), bond(), GOLD, MIXED])

    rules: Policy = policy(NO_GOLD, my_trades=(TypedTrade("Joint", "MIX", Side.SELL, 10.0),))

    def test_it_is_named_and_without_it_all_can_go(self) -> None:
        found = said(self.home(known=True), self.rules)
        assert found.amount_usd == pytest.approx(3_600.0)
        assert found.sentence.endswith("In the way: your own trade of MIX in Joint ($3,600).")
        assert found.advice == "Leave out your own trade of MIX in Joint, or widen the band."
        assert broken(self.home(known=True), replace(self.rules, my_trades=())) == set()

    def test_a_lot_of_little_weight_is_not_the_reason_by_itself(self) -> None:
        found = said(self.home(known=False), self.rules)
        assert found.sentence.endswith(
            "In the way: your own trade of MIX in Joint ($3,600), lots whose basis or date is unknown ($50)."
        )
        assert found.advice == (
            "Leave out your own trade of MIX in Joint and fill in the missing basis and dates, or widen the band."
        )
        assert broken(self.home(known=False), replace(self.rules, my_trades=())) == {"Band of Gold"}


class TestNowhere:
    """Tax-exempt bonds that only the small joint account may buy; the IRA holds too much stock, some Do Not Sell."""

    exempt: Security = Security("CMF", 20.0, (("Municipal", 1.0),), lot_size=0.0, exempt_share=1.0, yield_rate=0.03)
    targets: tuple[Target, ...] = (
        Target("Stock", 0.49, BandType.ABSOLUTE, 0.05, 0.05),
        Target("Municipal", 0.49, BandType.ABSOLUTE, 0.05, 0.05),
        Target("Cash", 0.02, BandType.ABSOLUTE, 0.01, 0.01),
    )

    def home(self, *more: Security, rank: int | None = None) -> Household:
        """$80,000 of stock in the IRA, $18,000 of bonds in the joint account, 2 % cash."""
        held = [lot("IRA", "STK", 500.0), lot("IRA", "STK", 300.0, do_not_sell=True)]
        held.append(lot("Joint", "CMF", 900.0, 18_000.0))
        accounts = [Account("IRA", IRA, cash_usd=1_600.0), Account("Joint", TAXABLE, cash_usd=400.0)]
        return household(accounts, held, [stock(), replace(self.exempt, rank_deferred=rank), *more])

    @pytest.mark.parametrize("rank", [None, 0])
    def test_lots_whose_account_may_not_buy_the_class_are_not_named(self, rank: int | None) -> None:
        home, rules = self.home(rank=rank), policy(self.targets, min_trade_usd=33_000.0)
        below = said(home, rules, "Band of Municipal")
        # a rank would change nothing
        assert below.sentence.endswith("In the way: CMF tax-exempt, not bought in IRA.")
        assert below.advice == "Add a taxable security of the class, or widen the band."
        above = said(home, rules, "Band of Stock")
        assert above.sentence.endswith(
            "In the way: no room for what a sale would bring but in Municipal (CMF tax-exempt, not bought in IRA)."
        )
        assert above.advice == "Add a taxable security of the class, or widen the band."

    @pytest.mark.parametrize("minimum", [1.0, 1_000.0])
    def test_no_lower_minimum_helps_and_a_taxable_security_does(self, minimum: float) -> None:
        rules = policy(self.targets, min_trade_usd=minimum)
        assert {"Band of Stock", "Band of Municipal"} <= broken(self.home(), rules)
        taxable = Security("TXM", 20.0, (("Municipal", 1.0),), lot_size=0.0)
        plan = rebalance(self.home(taxable), rules)
        assert plan.relaxed == ()
        assert amount(plan, "IRA", "TXM", Side.BUY) > 20_000.0


@pytest.mark.parametrize("locked", [True, False])
def test_cash_below_its_band_names_what_is_held_back_and_no_security_to_be_added(locked: bool) -> None:
    # $100,000 of stock and no cash, where 5 % is the least
    targets = (
        Target("Stock", 0.9, BandType.ABSOLUTE, 0.1, 0.1),
        Target("Cash", 0.1, BandType.ABSOLUTE, 0.05, 0.05),
    )
    home = household([Account("IRA", IRA)], [lot("IRA", "STK", 1_000.0, locked=locked)])
    if not locked:
        assert broken(home, policy(targets)) == set()
        return
    found = said(home, policy(targets), "Band of Cash")
    assert found.amount_usd == pytest.approx(5_000.0)
    assert found.sentence.endswith("In the way: lots marked Locked ($100,000).")
    assert found.advice == "Unlock lots, or widen the band."


def test_a_withdrawal_names_your_own_trade_that_uses_up_what_it_needs() -> None:
    # $2,000 of bonds are bought with the only cash, stock is locked: $1,500 is asked for and $3,000 there
    held = [lot("IRA", "STK", 90.0, locked=True)]
    home = household([Account("IRA", IRA, cash_usd=3_000.0)], held)
    mine = TypedTrade("IRA", "BND", Side.BUY, 40.0)
    rules = replace(ask(1_500.0), my_trades=(mine,))
    found = said(home, rules, "Withdrawal from account IRA")
    assert found.amount_usd == pytest.approx(500.0, abs=2.0)
    assert found.advice.startswith("Leave out your own trade of BND in IRA, ") or found.advice.startswith(
        "Unlock lots, "
    )
    assert "your own trade of BND in IRA ($2,000)" in found.sentence
    assert broken(home, replace(rules, my_trades=())) == set()


def ask(usd: float) -> Policy:
    return policy(NO_GOLD, withdrawals=(Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", usd),), min_trade_usd=1_000.0)


def test_what_would_bring_but_a_part_is_said_to_be_one() -> None:
    # $9,000 of stock is free, $1,000 locked, and $90,000 asked for: $81,000 is missing
    held = [lot("IRA", "STK", 90.0), lot("IRA", "STK", 10.0, locked=True)]
    found = said(household([Account("IRA", IRA)], held), ask(90_000.0), "Withdrawal from account IRA")
    assert found.amount_usd == pytest.approx(81_000.0)
    assert found.sentence.endswith("In the way of a part of it: lots marked Locked ($1,000).")
    freed = [lot("IRA", "STK", 100.0)]
    more = said(household([Account("IRA", IRA)], freed), ask(90_000.0), "Withdrawal from account IRA")
    assert more.amount_usd == pytest.approx(80_000.0)


@pytest.mark.parametrize("reserve", [0.37, 0.99])
def test_nobody_is_told_to_lower_a_minimum_to_nothing(reserve: float) -> None:
    held = [lot("IRA", "STK", 5.0), lot("IRA", "BND", 5.0, locked=True)]
    home = household([Account("IRA", IRA, reserve_usd=reserve)], held)
    plan: Plan = rebalance(home, policy(NO_GOLD, min_trade_usd=100_000.0))
    assert all("$0" not in one.advice and "0.00%" not in one.advice for one in plan.relaxed)


LOCKED, UNDATED, YOUNGER = Rule("locked", "unlock"), Rule("undated", "date"), Rule("young", "wait")


class TestInTheWay:
    """Arithmetic of what rules hold back."""

    def test_two_ways_that_share_a_rule_need_it_and_the_other(self) -> None:
        # $10 are locked, $20 locked and undated: $25 needs both, $10 the lock alone
        ways = [Way(10.0, (LOCKED,)), Way(20.0, (LOCKED, UNDATED))]
        assert [one.advice for one in in_the_way(ways, 25.0)] == ["unlock and date"] * 2
        assert in_the_way(ways, 10.0) == [Obstacle("locked ($30)", "unlock")]

    def test_one_of_several_rules_opens_an_account(self) -> None:
        ways = [Way(60.0, (LOCKED, UNDATED), any_of_them=True), Way(50.0, (YOUNGER,))]
        assert {one.advice for one in in_the_way(ways, 60.0)} == {"unlock", "date"}
        # the account counts once
        assert len({one.advice for one in in_the_way(ways, 100.0)}) == 1
        assert in_the_way(ways, 100.0)[0].advice in ("unlock and wait", "date and wait")

    def test_a_class_can_spare_but_so_much_of_what_is_freed(self) -> None:
        ways = [Way(50.0, (LOCKED,), "Stock"), Way(50.0, (UNDATED,), "Stock"), Way(5.0, (YOUNGER,), "Bond")]
        both = ["unlock and wait", "date and wait"]
        assert in_the_way(ways, 24.0, {"Stock": 20.0})[0].advice in both
        assert {one.advice for one in in_the_way(ways, 24.0)} == {"unlock", "date"}

    def test_what_is_not_enough_together_is_a_part(self) -> None:
        assert in_the_way([Way(10.0, (LOCKED,))], 25.0) == [Obstacle("locked ($10)", "unlock", partly=True)]
        assert in_the_way([], 25.0) == []

    def test_several_things_that_must_all_change_share_an_advice(self) -> None:
        found = all_needed([Obstacle("a", "do a")], [], [Obstacle("b", "do b"), Obstacle("c", "do c")])
        assert [one.advice for one in found] == ["do a, and do b or do c"] * 3
        two = in_the_way([Way(10.0, (LOCKED,)), Way(20.0, (UNDATED,))], 30.0)
        assert all_needed([Obstacle("a", "do a")], two)[0].advice == "do a, date and unlock"
        assert all_needed([], []) == []


def test_a_long_held_lot_is_free() -> None:
    assert lot("Joint", "GLD", 1.0).acquired == LONG_AGO
    assert broken(golden({"shares": 8.0}), policy(NO_GOLD, min_trade_usd=2_500.0)) == set()
