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
