"""Which rule a relaxation names: outside its edge the one in the way, with advice about it; inside it nothing."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.household import (
    Account,
    BandType,
    Household,
    Policy,
    RecentTrade,
    Relaxation,
    Side,
    Target,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, TAXABLE, amount, bond, days_ago, household, lot, policy, stock

BOTH = (Target("Stock", 0.6), Target("Bond", 0.4))
# $80,000 of stock and $20,000 of bonds: $14,000 of stock goes at least (to 66 %), $16,000 of bonds comes (36 %).
HELD = [lot("IRA", "STK", 800.0), lot("IRA", "BND", 400.0)]


def menu(*symbols: str) -> Household:
    """What the IRA may buy."""
    return household([Account("IRA", IRA, menu=frozenset(symbols))], HELD)


def bonds(**more: object) -> Household:
    """The bond fund changed."""
    return household([Account("IRA", IRA)], HELD, [stock(), bond(**more)])


def ranged(least: float | None = None, most: float | None = None) -> Household:
    """Least shares of stock, most of bonds."""
    held = [lot("IRA", "STK", 800.0, min_hold=least), lot("IRA", "BND", 400.0, max_hold=most)]
    return household([Account("IRA", IRA)], held)


def lots(*, shares: float, **more: object) -> Household:
    """So many of the 800 shares of stock are held back."""
    held = [lot("IRA", "STK", shares, **more), lot("IRA", "STK", 800.0 - shares), lot("IRA", "BND", 400.0)]
    return household([Account("IRA", IRA)], held)


def accounts(*, locked: bool) -> Household:
    """Everything in one account."""
    return household([Account("IRA", IRA, locked=locked)], HELD)


def young(days: int) -> Household:
    """All stock bought so many days ago at a gain of a quarter."""
    held = [lot("Joint", "STK", 800.0, 60_000.0, acquired=days_ago(days)), lot("Joint", "BND", 400.0, 20_000.0)]
    return household([Account("Joint", TAXABLE)], held)


def fresh_loss(*, kept: bool) -> Household:
    """All stock bought ten days ago at a loss; a locked share of the same day washes it."""
    held = [lot("Joint", "STK", 800.0, 90_000.0, acquired=days_ago(10)), lot("Joint", "BND", 400.0, 20_000.0)]
    held += [lot("Joint", "STK", 1.0, 110.0, acquired=days_ago(10), locked=True)] if kept else []
    return household([Account("Joint", TAXABLE)], held)


# Each rule: a household inside its edge, one outside, the class that stays off, what is named, and what is advised.
RULES = {
    "menu": (menu("STK", "BND"), menu("STK"), "Bond", "BND not on the menu of IRA", "Add BND to the menu of IRA"),
    "do not buy": (bonds(), bonds(do_not_buy=True), "Bond", "BND marked Do Not Buy", "Take Do Not Buy off BND"),
    "rank 0": (
        bonds(rank_deferred=1), bonds(rank_deferred=0), "Bond", "BND not ranked for purchase in IRA",
        "Give BND a rank of 1 or more",
    ),
    # a rank would not let it in: a fund of tax-exempt income is bought in no IRA
    "tax-exempt": (
        bonds(rank_deferred=1), bonds(exempt_share=1.0, rank_deferred=0), "Bond", "BND tax-exempt, not bought in IRA",
        "Add a taxable security of the class",
    ),
    # 640 shares are 64 %, 670 are 67 %
    "Min Hold": (
        ranged(least=640.0), ranged(least=670.0), "Stock", "shares kept by Min Hold ($67,000)", "Lower Min Hold",
    ),
    # 720 bonds are 36 %, 719 not quite
    "Max Hold": (ranged(most=721.0), ranged(most=719.0), "Bond", "Max Hold of BND in IRA", "Raise Max Hold of BND"),
    "locked lot": (
        lots(shares=640.0, locked=True), lots(shares=670.0, locked=True), "Stock", "lots marked Locked ($67,000)",
        "Unlock lots",
    ),
    "do not sell": (
        lots(shares=640.0, do_not_sell=True), lots(shares=670.0, do_not_sell=True), "Stock",
        "lots marked Do Not Sell ($67,000)", "Take Do Not Sell off some lots",
    ),
    "locked account": (
        accounts(locked=False), accounts(locked=True), "Bond", "locked accounts ($80,000)", "Unlock accounts",
    ),
    # bought 335 days ago it is long-term in 31 days, and 336 days ago in 30
    "boundary": (
        young(335), young(336), "Stock", "lots turning long-term within 30 days ($80,000)",
        "Lower Short-Term Boundary Days",
    ),
    "young loss": (
        fresh_loss(kept=False), fresh_loss(kept=True), "Stock",
        "shares bought in the last 30 days, whose loss would be washed ($80,000)",
        # bought on November 10: December 10 is the 30th day after it, and still counts (IRC 1091(a))
        "Wait until 12/11/2026",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("today", "sold"), [(date(2026, 12, 10), False), (date(2026, 12, 11), True)])
def test_on_the_day_named_the_loss_may_be_taken_and_not_on_the_day_before(today: date, sold: bool) -> None:
    plan = rebalance(fresh_loss(kept=True), policy(BOTH, as_of=today))
    assert bool(amount(plan, "Joint", "STK", Side.SELL)) is sold
    assert all(sale.disallowed_usd == 0 for sale in plan.lot_sales)


def test_the_last_of_several_purchases_counts_also_one_without_a_lot() -> None:
    # bought ten days ago for the Joint account; the IRA's undated shares were bought five days ago, November 15
    held = [lot("Joint", "STK", 800.0, 90_000.0, acquired=days_ago(10)), lot("Joint", "BND", 400.0, 20_000.0)]
    held.append(lot("IRA", "STK", 1.0, acquired=None))
    bought = RecentTrade("IRA", "STK", days_ago(5), Side.BUY, 1.0)
    home = household([Account("Joint", TAXABLE), Account("IRA", IRA)], held, recent_trades=(bought,))
    found = relaxed(home, policy(BOTH), "Band of Stock")
    # 31 days after November 15
    assert found.advice.startswith("Wait until 12/16/2026")


def test_purchases_that_go_together_or_not_at_all_are_held_back_until_the_day_named() -> None:
    # $65,600 of stock where $65,000 is the most: all of it was bought in the window at a loss, on November 10 in the
    # Joint account and on November 15 in the IRA, and a part would be washed by the rest.
    held = [lot("Joint", "STK", 650.0, 70_000.0, acquired=days_ago(10)), lot("Joint", "BND", 688.0, 34_400.0)]
    held.append(lot("IRA", "STK", 6.0, acquired=days_ago(5)))
    home = household([Account("Joint", TAXABLE), Account("IRA", IRA)], held, [stock(lot_size=1.0), bond(lot_size=1.0)])
    targets = (
        Target("Stock", 0.6, BandType.ABSOLUTE, 0.05, 0.05), Target("Bond", 0.4, BandType.ABSOLUTE, 0.1, 0.1),
    )  # fmt: skip
    # the IRA's six shares may be sold, but no money and no more stock is there
    locked = replace(home, lots=tuple(replace(one, locked=one.account == "IRA") for one in home.lots))
    for one in (home, locked):
        plan = rebalance(one, policy(targets))
        assert not amount(plan, "Joint", "STK", Side.SELL)
    found = relaxed(locked, policy(targets), "Band of Stock")
    assert "shares bought in the last 30 days, whose loss would be washed ($65,000)" in found.sentence
    assert found.advice.startswith("Wait until 12/16/2026")
    assert rebalance(locked, policy(targets, as_of=date(2026, 12, 16))).relaxed == ()


def relaxed(home: Household, rules: Policy, rule: str) -> Relaxation:
    """The one relaxation of a rule."""
    (found,) = (one for one in rebalance(home, rules).relaxed if one.rule == rule)
    return found


@pytest.mark.parametrize("name", RULES)
def test_the_rule_in_the_way_is_named_outside_its_edge_and_nothing_inside(name: str) -> None:
    inside, outside, asset_class, words, advice = RULES[name]
    assert rebalance(inside, policy(BOTH)).relaxed == ()
    found = relaxed(outside, policy(BOTH), f"Band of {asset_class}")
    assert f"In the way: {words}" in found.sentence
    assert found.advice.startswith(advice)
    assert found.advice.endswith("or widen the band.")


@pytest.mark.parametrize(("asked", "kept"), [(11_500.0, True), (11_501.0, False)])
def test_a_withdrawal_that_is_short_names_what_is_held_back(asked: float, kept: bool) -> None:
    # $1,500 of cash and $10,000 of stock may go, $40,000 may not
    held = [lot("Joint", "STK", 400.0, 40_000.0, do_not_sell=True), lot("Joint", "STK", 100.0, 10_000.0)]
    home = household([Account("Joint", TAXABLE, cash_usd=1_500.0)], held)
    ask = Withdrawal(WithdrawalLevel.HOUSEHOLD, "", asked)
    rules = policy((Target("Stock", 1.0),), withdrawals=(ask,))
    if kept:
        assert not [one for one in rebalance(home, rules).relaxed if one.rule.startswith("Withdrawal")]
        return
    found = relaxed(home, rules, "Withdrawal from the household")
    assert found.amount_usd == pytest.approx(1.0)
    assert found.sentence.endswith("In the way: lots marked Do Not Sell ($40,000).")
    assert found.advice == "Take Do Not Sell off some lots, or ask for $1.00 less."


@pytest.mark.parametrize(("reserve", "kept"), [(10_000.0, True), (10_001.0, False)])
def test_a_reserve_that_is_short_names_what_is_held_back(reserve: float, kept: bool) -> None:
    held = [lot("IRA", "STK", 400.0, locked=True), lot("IRA", "STK", 100.0)]
    home = household([Account("IRA", IRA, reserve_usd=reserve)], held)
    rules = policy((Target("Stock", 1.0),))
    if kept:
        assert not [one for one in rebalance(home, rules).relaxed if one.rule.startswith("Cash reserve")]
        return
    found = relaxed(home, rules, "Cash reserve of IRA")
    assert found.sentence.endswith("In the way: lots marked Locked ($40,000).")


def test_shares_held_back_are_not_blamed_where_free_ones_suffice_and_bands_do_not_blame_each_other() -> None:
    # $10,000 of stock is locked and $70,000 is free: only the cap of one order keeps bonds from being bought
    home = lots(shares=100.0, locked=True)
    plan = rebalance(home, policy(BOTH, most_orders=1))
    assert plan.relaxed
    assert all("In the way: the cap of 1 order." in one.sentence for one in plan.relaxed)
    assert all(one.advice == "Raise Most Orders, or widen the band." for one in plan.relaxed)
    # both bands are broken by one Min Hold: each names it, neither the other
    left = rebalance(ranged(least=760.0), policy(BOTH)).left_alone
    assert [one.asset_class for one in left] == ["Bond", "Stock"]
    assert all("shares kept by Min Hold ($76,000)" in one.sentence for one in left)


def test_a_minimum_trade_says_how_far_to_lower_it() -> None:
    # 67 % of stock where 66 % is the most, a tenth above 60 %: $1,000 too much
    held = [lot("IRA", "STK", 670.0), lot("IRA", "BND", 660.0)]
    targets = (replace(BOTH[0], trigger=0.10, destination=0.10), replace(BOTH[1], trigger=1.0, destination=1.0))
    home = household([Account("IRA", IRA)], held)
    found = relaxed(home, policy(targets, min_trade_usd=20_000.0), "Band of Stock")
    assert "In the way: the minimum trade of $20,000." in found.sentence
    assert found.advice == "Lower Minimum Trade $ to $1,000, or widen the band."
