"""Wash sales across the household, share by share, on both sides of every window."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.household import (
    Account,
    Household,
    Lot,
    LotSource,
    Plan,
    Policy,
    RecentTrade,
    Security,
    Side,
    Target,
)
from rebal_xl.optimize import rebalance
from rebal_xl.tax.ledger import household_ledger
from tests.optimize.homes import (
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
)

# The couple realised gains earlier this year, so a loss is worth money.
GAINS = profile(short_realized_usd=60_000.0)


def disallowed(plan: Plan) -> float:
    """Dollars of loss disallowed."""
    return sum(sale.disallowed_usd for sale in plan.lot_sales)


def overweight(lots: list[Lot], accounts: list[Account] | None = None, **more: object) -> Household:
    """A taxable account with too much stock, all of it at a loss ($130 paid, $100 now), and an IRA with bonds."""
    given = accounts or [Account("Joint", TAXABLE), Account("IRA", IRA)]
    held = [lot("Joint", "STK", 800.0, 104_000.0), lot("Joint", "BND", 200.0, 10_000.0), *lots]
    return household(given, held, **{"taxpayers": (GAINS,), **more})  # type: ignore[arg-type]


def rules(**more: object) -> Policy:
    """Stock at 60 % with the default band."""
    return policy(banded(0.60), **more)  # type: ignore[arg-type]


def test_a_group_sold_at_a_loss_is_bought_in_no_account() -> None:
    # Cash in the Roth could buy stock, but the plan sells stock at a loss in the joint account.
    accounts = [Account("Joint", TAXABLE), Account("Roth", ROTH, cash_usd=50_000.0)]
    home = household(accounts, [lot("Joint", "STK", 800.0, 104_000.0)], taxpayers=(GAINS,))
    plan = rebalance(home, policy(banded(0.30)))
    assert any(sale.gain_usd < 0 for sale in plan.lot_sales)
    assert all(trade.symbol != "STK" for trade in plan.trades if trade.side is Side.BUY)
    assert disallowed(plan) == 0.0


@pytest.mark.parametrize(("days", "buyable"), [(30, False), (31, True)])
def test_a_security_sold_at_a_loss_may_be_bought_again_on_day_31(days: int, buyable: bool) -> None:
    sold = RecentTrade("Joint", "STK", days_ago(days), Side.SELL, 10.0, 90.0, -400.0)
    accounts = [Account("Joint", TAXABLE), Account("IRA", IRA, cash_usd=40_000.0)]
    home = household(accounts, [lot("Joint", "BND", 1_000.0, 50_000.0)], recent_trades=(sold,))
    plan = rebalance(home, policy(banded(0.30)))
    assert (amount(plan, "IRA", "STK", Side.BUY) > 0) is buyable
    assert bool(plan.relaxed) is not buyable


def test_a_recent_sale_at_a_gain_blocks_nothing() -> None:
    sold = RecentTrade("Joint", "STK", days_ago(3), Side.SELL, 10.0, 90.0, 400.0)
    accounts = [Account("Joint", TAXABLE), Account("IRA", IRA, cash_usd=40_000.0)]
    home = household(accounts, [lot("Joint", "BND", 1_000.0, 50_000.0)], recent_trades=(sold,))
    assert amount(rebalance(home, policy(banded(0.30))), "IRA", "STK", Side.BUY) > 0


def test_a_small_reinvestment_does_not_forbid_a_large_sale_at_a_loss() -> None:
    # Two shares were reinvested in a locked lot ten days ago: of some 200 shares sold, two are washed.
    reinvested = lot("Joint", "STK", 2.0, 190.0, acquired=days_ago(10), source=LotSource.REINVESTED, locked=True)
    plan = rebalance(overweight([reinvested]), rules(wash_sale_cost_usd=1.0))
    sold = [sale for sale in plan.lot_sales if sale.symbol == "STK"]
    assert sum(sale.quantity for sale in sold) > 100.0
    # $30 a share lost, two shares washed.
    assert disallowed(plan) == pytest.approx(60.0, abs=0.01)
    assert sum(sale.permanent_usd for sale in sold) == 0.0
    assert "disallowed" in " ".join(notice.sentence for notice in plan.notices)


@pytest.mark.parametrize(("days", "washed"), [(30, 60.0), (31, 0.0)])
def test_a_purchase_30_days_ago_washes_and_31_days_ago_does_not(days: int, washed: float) -> None:
    bought = lot("Joint", "STK", 2.0, 190.0, acquired=days_ago(days), locked=True)
    plan = rebalance(overweight([bought]), rules(wash_sale_cost_usd=1.0))
    assert disallowed(plan) == pytest.approx(washed, abs=0.01)


def test_selling_the_young_shares_too_washes_nothing() -> None:
    young = lot("Joint", "STK", 2.0, 190.0, acquired=days_ago(10), source=LotSource.REINVESTED)
    plan = rebalance(overweight([young]), rules())
    assert disallowed(plan) == 0.0
    assert any(sale.acquired == days_ago(10) and sale.quantity == 2.0 for sale in plan.lot_sales)


def test_a_purchase_in_the_ira_loses_the_washed_part_for_good() -> None:
    bought = lot("IRA", "STK", 5.0, None, acquired=days_ago(4), locked=True)
    plan = rebalance(overweight([bought]), rules(wash_sale_cost_usd=1.0))
    assert sum(sale.permanent_usd for sale in plan.lot_sales) == pytest.approx(5 * 30.0, abs=0.01)


def test_an_undated_ira_position_bought_by_the_table_of_recent_trades_counts() -> None:
    held = lot("IRA", "STK", 5.0, None, acquired=None)
    trade = RecentTrade("IRA", "STK", days_ago(4), Side.BUY, 3.0, 100.0)
    home = overweight([held], recent_trades=(trade,))
    plan = rebalance(home, rules(wash_sale_cost_usd=1.0))
    assert disallowed(plan) == pytest.approx(3 * 30.0, abs=0.01)


def test_accounts_of_another_wash_group_do_not_wash() -> None:
    bought = lot("IRA", "STK", 5.0, None, acquired=days_ago(4), locked=True)
    accounts = [Account("Joint", TAXABLE), Account("IRA", IRA, wash_group="somebody else")]
    plan = rebalance(overweight([bought], accounts), rules(wash_sale_cost_usd=1.0))
    assert disallowed(plan) == 0.0


def test_reinvestments_can_be_left_out_by_policy() -> None:
    reinvested = lot("Joint", "STK", 2.0, 190.0, acquired=days_ago(10), source=LotSource.REINVESTED, locked=True)
    plan = rebalance(overweight([reinvested]), rules(wash_sale_cost_usd=1.0, reinvestment_counts=False))
    assert disallowed(plan) == 0.0


def test_share_classes_of_one_fund_are_one_group() -> None:
    etf = stock("ETF", identical_group="Total Market")
    fund = stock("FUND", 120.0, identical_group="Total Market")
    other = stock("OTHER")
    accounts = [Account("Joint", TAXABLE), Account("IRA", IRA, cash_usd=30_000.0)]
    home = household(accounts, [lot("Joint", "ETF", 800.0, 104_000.0)], [etf, fund, other, bond()], taxpayers=(GAINS,))
    # Stock must fall to 66 % at most, so the loss is taken; what the IRA buys is not the other share class.
    plan = rebalance(home, policy((Target("Stock", 0.5), Target("Bond", 0.5))))
    assert any(sale.gain_usd < 0 for sale in plan.lot_sales)
    assert amount(plan, "IRA", "FUND", Side.BUY) == amount(plan, "IRA", "ETF", Side.BUY) == 0.0
    assert {block.symbol for block in plan.wash_blocks} == {"ETF", "FUND"}
    assert all(block.safe_from == date(2026, 12, 21) for block in plan.wash_blocks)


def test_earliest_lots_are_washed_first() -> None:
    # Two loss lots are sold whole, $50 and $10 a share; three young shares stay: they wash the older lot's loss.
    older = lot("Joint", "STK", 100.0, 15_000.0, acquired=date(2019, 5, 1))
    newer = lot("Joint", "STK", 100.0, 11_000.0, acquired=date(2021, 5, 3))
    young = lot("IRA", "STK", 3.0, None, acquired=days_ago(2), locked=True)
    home = household(
        [Account("Joint", TAXABLE), Account("IRA", IRA)],
        [older, newer, young, lot("Joint", "BND", 400.0, 20_000.0)],
        [replace(stock(), do_not_buy=True), bond()],
        taxpayers=(GAINS,),
    )
    plan = rebalance(home, policy(banded(0.05, 0.2, 0.1), wash_sale_cost_usd=0.0))
    by_day = {sale.acquired: sale.disallowed_usd for sale in plan.lot_sales if sale.account == "Joint"}
    assert by_day[date(2019, 5, 1)] == pytest.approx(3 * 50.0, abs=0.01)
    assert by_day[date(2021, 5, 3)] == 0.0


def test_reinvestment_after_a_loss_sale_is_named() -> None:
    bonds = Security("BND", 50.0, (("Bond", 1.0),), lot_size=0.0)
    home = household(
        [Account("Joint", TAXABLE)],
        [lot("Joint", "STK", 800.0, 104_000.0, reinvest=True), lot("Joint", "BND", 200.0, 10_000.0)],
        [stock(), bonds],
        taxpayers=(GAINS,),
    )
    plan = rebalance(home, rules())
    assert any("Turn off dividend reinvestment of STK in Joint" in notice.sentence for notice in plan.notices)


def quiet(lots: list[Lot], accounts: list[Account] | None = None, **more: object) -> Plan:
    """The plan of a household in its band: what it says comes from what was done before."""
    given = accounts or [Account("Joint", TAXABLE), Account("IRA", IRA)]
    held = [lot("Joint", "BND", 400.0, 20_000.0), lot("IRA", "STK", 300.0), *lots]
    home = household(given, held, **{"taxpayers": (GAINS,), **more})  # type: ignore[arg-type]
    plan = rebalance(home, policy(banded(0.60)))
    assert plan.trades == ()
    return plan


@pytest.mark.parametrize(("days", "safe"), [(30, [date(2026, 11, 21)]), (31, [])])
def test_an_earlier_loss_forbids_buying_until_its_safe_date(days: int, safe: list[date]) -> None:
    sold = RecentTrade("Joint", "STK", days_ago(days), Side.SELL, 10.0, 90.0, -400.0)
    blocks = quiet([], recent_trades=(sold,)).wash_blocks
    assert [block.safe_from for block in blocks] == safe
    for block in blocks:
        assert (block.symbol, block.rule, block.accounts) == ("STK", "do not buy", ("IRA", "Joint"))
        assert "$400.00" in block.because


def test_an_earlier_loss_and_the_plan_s_are_one_block_with_the_later_date() -> None:
    sold = RecentTrade("Joint", "STK", days_ago(3), Side.SELL, 10.0, 90.0, -400.0)
    plan = rebalance(overweight([], recent_trades=(sold,)), rules())
    (block,) = [one for one in plan.wash_blocks if one.rule == "do not buy"]
    assert block.safe_from == date(2026, 12, 21)
    assert "This plan takes a loss" in block.because
    assert "$400.00, last on 11/17/2026" in block.because


def test_an_earlier_loss_that_is_washed_whole_forbids_nothing() -> None:
    sold = RecentTrade("Joint", "STK", days_ago(5), Side.SELL, 10.0, 90.0, -400.0)
    young = lot("IRA", "STK", 10.0, acquired=days_ago(2))
    plan = quiet([young], recent_trades=(sold,))
    assert plan.wash_blocks == ()
    (notice,) = [one for one in plan.notices if one.topic == "wash sale"]
    assert "$400.00 of the losses on STK up to 11/15/2026 is disallowed: $400.00 is lost for good" in notice.sentence


@pytest.mark.parametrize(("days", "safe"), [(30, [date(2026, 11, 21)]), (31, [])])
def test_after_a_purchase_lots_at_a_loss_wait_for_their_safe_date(days: int, safe: list[date]) -> None:
    at_loss, at_gain = lot("Joint", "STK", 10.0, 1_300.0), lot("Ann", "STK", 10.0, 700.0)
    young = lot("IRA", "STK", 10.0, acquired=days_ago(days))
    accounts = [Account("Joint", TAXABLE), Account("Ann", TAXABLE), Account("IRA", IRA)]
    blocks = quiet([at_loss, at_gain, young], accounts).wash_blocks
    assert [block.safe_from for block in blocks] == safe
    for block in blocks:
        assert (block.rule, block.accounts) == ("do not sell at a loss", ("Joint",))
        assert "10 shares of STK were bought in IRA" in block.because


def test_the_only_young_purchase_may_itself_be_sold_at_a_loss() -> None:
    # Rev. Rul. 56-602: the rest of a purchase replaces none of it.
    assert quiet([lot("Joint", "STK", 10.0, 1_300.0, acquired=days_ago(9))]).wash_blocks == ()


def test_a_reinvestment_to_come_is_named_with_its_dollars_while_an_earlier_loss_is_open() -> None:
    sold = RecentTrade("Joint", "STK", days_ago(5), Side.SELL, 10.0, 90.0, -400.0)
    young = lot("IRA", "STK", 50.0, reinvest=True)
    # 50 shares at two dollars.
    paying = [stock(expected_distribution_usd=2.0), bond()]
    notices = quiet([young], recent_trades=(sold,), securities=paying).notices
    (sentence,) = [one.sentence for one in notices if one.topic == "wash sale"]
    assert "Turn off dividend reinvestment of STK in IRA until 12/16/2026" in sentence
    assert "the loss taken on 11/15/2026" in sentence
    assert "about $100.00 of it" in sentence


def test_a_sale_without_its_gain_is_asked_about() -> None:
    sold = RecentTrade("Joint", "STK", days_ago(5), Side.SELL, 10.0, 90.0)
    plan = quiet([], recent_trades=(sold,))
    assert [(block.rule, block.safe_from) for block in plan.wash_blocks] == [("do not buy", date(2026, 12, 16))]
    assert any("Write its gain" in notice.sentence for notice in plan.notices)


def test_the_ledger_disallows_what_the_plan_says_is_disallowed() -> None:
    bought = lot("IRA", "STK", 5.0, None, acquired=days_ago(4), locked=True)
    home = overweight([bought])
    plan = rebalance(home, rules(wash_sale_cost_usd=1.0))
    orders = tuple(
        RecentTrade(sale.account, sale.symbol, plan.as_of, Side.SELL, sale.quantity, gain_usd=sale.gain_usd,
                    acquired=sale.acquired)
        for sale in plan.lot_sales
    )  # fmt: skip
    ledger = household_ledger(replace(home, recent_trades=orders), plan.as_of)
    assert disallowed(plan) == pytest.approx(5 * 30.0)
    assert ledger.disallowed_usd == pytest.approx(disallowed(plan))
    assert ledger.permanent_usd == pytest.approx(disallowed(plan))


def test_purchases_that_no_lot_shows_are_pointed_out() -> None:
    # Payroll bought five shares in the IRA, whose stock Holdings does not list: 5 x $30 of the loss are gone.
    payroll = RecentTrade("IRA", "STK", days_ago(4), Side.BUY, 5.0, 100.0)
    notices = rebalance(overweight([], recent_trades=(payroll,)), rules()).notices
    assert any("$150.00 more of the loss on STK is disallowed" in notice.sentence for notice in notices)
    listed = lot("IRA", "STK", 5.0, None, acquired=days_ago(4), locked=True)
    notices = rebalance(overweight([listed], recent_trades=(payroll,)), rules(wash_sale_cost_usd=1.0)).notices
    assert not any("no lot in Holdings" in notice.sentence for notice in notices)


def test_what_is_left_of_a_lot_that_was_sold_in_part_has_its_part_of_the_basis() -> None:
    # 600 shares at a gain, trimmed from 80 % of $75,000; the rest is no lot at a loss because all its basis were left.
    held = [
        lot("Joint", "STK", 590.0, 50_000.0),
        lot("Joint", "STK", 10.0, 500.0, acquired=days_ago(10)),
        lot("Joint", "BND", 300.0, 15_000.0),
    ]
    plan = rebalance(household([Account("Joint", TAXABLE)], held), policy(banded(0.50)))
    assert amount(plan, "Joint", "STK", Side.SELL) > 15_000
    assert [block for block in plan.wash_blocks if block.rule == "do not sell at a loss"] == []
