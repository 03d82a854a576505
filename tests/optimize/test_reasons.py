"""Why each order: every end that an order can serve, in a household where it is plain."""

from dataclasses import replace

import pytest

from rebal_xl.household import (
    Account,
    BandType,
    Household,
    Method,
    Plan,
    Security,
    Side,
    Target,
    Trade,
    TypedTrade,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, TAXABLE, banded, bond, household, lot, policy, profile, stock

BOTH = (Target("Stock", 0.6), Target("Bond", 0.4))
WIDE = (Target("Stock", 0.6, BandType.ABSOLUTE, 0.6, 0.6), Target("Bond", 0.4, BandType.ABSOLUTE, 0.4, 0.4))


def order(plan: Plan, symbol: str, side: Side = Side.SELL, account: str = "") -> Trade:
    """The one order of a security."""
    (found,) = [
        trade
        for trade in plan.trades
        if (trade.symbol, trade.side) == (symbol, side) and (not account or trade.account == account)
    ]
    return found


def ira(stocks: float, bonds: float, **account: object) -> Household:
    """An IRA with so many shares of stock at $100 and bonds at $50."""
    held = [lot("IRA", "STK", stocks), lot("IRA", "BND", bonds)]
    return household([Account("IRA", IRA, **account)], held)  # type: ignore[arg-type]


def test_a_band_names_its_class_where_it_was_and_where_it_ends() -> None:
    plan = rebalance(ira(800.0, 400.0), policy(BOTH))
    sold, bought = order(plan, "STK"), order(plan, "BND", Side.BUY)
    assert (sold.serves, bought.serves) == ("band", "band")
    assert sold.reason == "Stock is above its band: 80.0% against a band of 48.0% to 72.0%, and ends at 64.0%."
    assert bought.reason == "Bond is below its band: 20.0% against a band of 32.0% to 48.0%, and ends at 36.0%."


def test_a_drift_cap_says_how_far_the_household_is_off() -> None:
    plan = rebalance(ira(800.0, 400.0), policy(BOTH, most_drift=0.05))
    sold = order(plan, "STK")
    assert sold.serves == "drift cap"
    # $80,000 of $100,000 comes down to 65 %, five points above target
    assert sold.reason == (
        "Household drift is 20.00%; Most Drift allows 5.00%: Stock is 20.0% of the household above target, "
        "and ends at 65.0%."
    )


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ({"rmd_usd": 3_000.0}, "its required minimum distribution of $3,000.00"),
        ({"reserve_usd": 2_000.0}, "its reserve of $2,000.00"),
    ],
)
def test_cash_says_what_it_is_raised_for(account: dict[str, float], said: str) -> None:
    plan = rebalance(ira(600.0, 800.0, **account), policy(WIDE))
    raised = [trade for trade in plan.trades if trade.side is Side.SELL]
    assert [trade.serves for trade in raised] == ["cash"] * len(raised)
    assert raised[0].reason.startswith(f"Raises cash in IRA for {said}.")


def test_everything_that_cash_is_raised_for_is_listed() -> None:
    ask = Withdrawal(WithdrawalLevel.TREATMENT, IRA.value, 2_000.0)
    home = ira(600.0, 800.0, rmd_usd=3_000.0, reserve_usd=500.0)
    plan = rebalance(home, policy(WIDE, method=Method.CASH_ONLY, withdrawals=(ask,)))
    # the withdrawal is part of the $3,000 that are required
    rest = "the rest ($1,000.00) of its required minimum distribution"
    said = f"a withdrawal of $2,000.00, {rest} and its reserve of $500.00."
    assert all(trade.reason.startswith(f"Raises cash in IRA for {said}") for trade in plan.trades)
    assert plan.trades


def test_a_sale_for_a_band_that_pays_a_withdrawal_says_both() -> None:
    ask = Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 5_000.0)
    sold = order(rebalance(ira(850.0, 400.0), policy(BOTH, withdrawals=(ask,))), "STK")
    assert sold.serves == "band"
    assert sold.reason.endswith(" It raises cash for a withdrawal of $5,000.00.")


def test_cash_that_is_invested_says_where_it_lay() -> None:
    plan = rebalance(ira(600.0, 700.0, cash_usd=5_000.0), policy(BOTH, method=Method.CASH_ONLY))
    bought = order(plan, "BND", Side.BUY)
    assert bought.serves == "cash"
    assert bought.reason == "Invests cash of IRA. Bond ends at 40.0%, target 40.0%."


def losing(**more: object) -> Household:
    """Stock at a loss of $4,000 that meets a gain of $50,000; PRT is of the same class."""
    held = [lot("Joint", "STK", 160.0, 20_000.0), lot("Joint", "BND", 320.0, 16_000.0)]
    return household(
        [Account("Joint", TAXABLE)], held, [stock(**more), stock("PRT"), bond()],
        taxpayers=(profile(long_realized_usd=50_000.0),),
    )  # fmt: skip


@pytest.mark.parametrize("named", ["PRT", ""])
def test_a_harvest_names_its_loss_and_its_replacement(named: str) -> None:
    plan = rebalance(losing(replacement=named), policy(banded(0.5, 0.1, 0.05), method=Method.HARVEST))
    sold, bought = order(plan, "STK"), order(plan, "PRT", Side.BUY)
    assert (sold.serves, bought.serves) == ("harvest", "replacement")
    assert sold.reason == "Takes a loss of $4,000.00; PRT is bought in its stead."
    assert bought.reason == "Replaces $16,000.00 of STK, sold at a loss. Stock ends at 50.0%, target 50.0%."


def test_what_is_bought_beyond_a_harvest_and_what_nothing_replaces_is_said() -> None:
    # $16,000 of stock and $1,000 of bonds are at a loss. No other bond may stand in: its $1,000 goes into stock too,
    # which ends at 17,000 / 32,000 = 53.1 %, inside its band of 45 % to 55 %.
    stocks = lot("Joint", "STK", 160.0, 20_000.0)
    held = (stocks, lot("Joint", "BND", 300.0, 5_000.0), lot("Joint", "BND", 20.0, 2_000.0, lot_id="dear"))
    rules = policy(banded(0.5, 0.1, 0.05), method=Method.HARVEST, cost_per_order_usd=0.0)
    plan = rebalance(replace(losing(), lots=held), rules)
    bought, bonds = order(plan, "PRT", Side.BUY), order(plan, "BND")
    # spreads take cents of the $17,000
    assert bought.amount_usd == pytest.approx(17_000.0, abs=1.0)
    assert bought.reason == (
        f"Replaces $16,000.00 of STK, sold at a loss, and buys ${bought.amount_usd - 16_000.0:,.2f} beyond that. "
        "Stock ends at 53.1%, target 50.0%."
    )
    assert bonds.reason == (
        "Takes a loss of $1,000.00; nothing is bought in its stead. Bond ends at 46.9%, target 50.0%."
    )


def test_what_has_no_target_says_so() -> None:
    gold = Security("GLD", 10.0, (("Gold", 1.0),), lot_size=0.0)
    home = ira(600.0, 800.0)
    home = replace(home, lots=(*home.lots, lot("IRA", "GLD", 1_000.0)), securities=(*home.securities, gold))
    sold = order(rebalance(home, policy(BOTH, sell_without_target=True)), "GLD")
    assert (sold.serves, sold.reason) == ("no target", "Gold has no target, and what has none is sold.")


def test_your_own_trade_is_called_yours() -> None:
    typed = TypedTrade("IRA", "STK", Side.SELL, 10.0)
    plan = rebalance(ira(600.0, 800.0), policy(BOTH, method=Method.NONE, my_trades=(typed,)))
    assert [(trade.serves, trade.reason) for trade in plan.trades] == [("typed", "You typed this order.")]
    held = [lot("Joint", "STK", 600.0, 30_000.0), lot("Joint", "BND", 800.0, 40_000.0)]
    mine = policy(BOTH, method=Method.NONE, my_trades=(TypedTrade("Joint", "STK", Side.SELL, 10.0),))
    taxed = rebalance(household([Account("Joint", TAXABLE)], held), mine)
    assert taxed.trades[0].reason == "You typed this order; its lots are those that cost least tax."


def test_location_says_from_where_to_where_and_what_it_saves() -> None:
    # Bonds pay 4 % of interest, taxed at 24 % and 3.8 % in the joint account; stock pays nothing.
    held = [lot("Joint", "BND", 400.0, 20_000.0), lot("IRA", "STK", 200.0)]
    home = household([Account("Joint", TAXABLE), Account("IRA", IRA)], held, [stock(), bond(yield_rate=0.04)])
    plan = rebalance(home, policy(BOTH, method=Method.LOCATION))
    sold, bought = order(plan, "BND"), order(plan, "BND", Side.BUY)
    assert (sold.serves, bought.serves) == ("location", "location")
    # ten years at 5 %: (1 - 1.05**-10) / 0.05 = 7.7217
    saved = 0.04 * 0.278 * (1.0 - 1.05**-10) / 0.05 * sold.amount_usd
    assert sold.location_usd == pytest.approx(-saved, abs=0.01)
    # a quarter point of $40,000 is room: $100 of the bonds sold is bought nowhere, and moves nowhere
    moved = saved * bought.amount_usd / sold.amount_usd
    assert sold.amount_usd - bought.amount_usd == pytest.approx(100.0, abs=1.0)
    assert sold.reason == (
        f"Moves Bond from Joint to IRA, where its income is taxed less, worth ${moved:,.2f} today in tax over 10 years."
    )
    assert bought.location_usd == 0.0
    assert bought.reason == "Moves Bond from Joint to IRA, where its income is taxed less."
    away = order(plan, "STK")
    assert away.reason == "Moves Stock from IRA to Joint, to make room in IRA for what is bought there."


def swapping(accounts: list[Account], place: str) -> Household:
    """$20,000 of bonds that pay 4 % of interest; CMF pays 4 % of which nothing is taxed, and only `place` may buy."""
    held = [lot("Joint", "BND", 400.0, 20_000.0), lot("Living", "STK", 200.0, 20_000.0)]
    free = bond("CMF", yield_rate=0.04, exempt_share=1.0)
    menus = {account.name: frozenset({"CMF"} if account.name == place else {"STK"}) for account in accounts}
    accounts = [replace(account, menu=menus[account.name]) for account in accounts]
    return household(accounts, held, [stock(), bond(yield_rate=0.04), free])


@pytest.mark.parametrize("place", ["Joint", "Living"])
def test_a_swap_between_accounts_of_one_return_is_the_security_and_not_the_account(place: str) -> None:
    """Both accounts are the couple's own: not where the bonds are held, but which, is what is taxed less."""
    home = swapping([Account("Joint", TAXABLE), Account("Living", TAXABLE)], place)
    plan = rebalance(home, policy(BOTH, method=Method.LOCATION))
    sold, bought = order(plan, "BND"), order(plan, "CMF", Side.BUY)
    swap = "CMF instead of BND" if place == "Joint" else "CMF in Living instead of BND in Joint"
    # ten years at 5 %: (1 - 1.05**-10) / 0.05 = 7.7217, and 24 % and 3.8 % of 4 % each year
    moved = min(sold.amount_usd, bought.amount_usd)
    worth = 0.04 * 0.278 * (1.0 - 1.05**-10) / 0.05 * moved
    assert moved > 19_000.0
    assert sold.reason == f"Holds {swap}: its income is taxed less, worth ${worth:,.2f} today in tax over 10 years."
    assert bought.reason == f"Holds {swap}: its income is taxed less."


def test_the_tax_on_income_adds_up_over_orders() -> None:
    held = [lot("Joint", "BND", 400.0, 20_000.0), lot("IRA", "STK", 200.0)]
    funds = [stock(yield_rate=0.02, qualified_share=1.0), bond(yield_rate=0.04)]
    home = household([Account("Joint", TAXABLE), Account("IRA", IRA)], held, funds)
    plan = rebalance(home, policy(BOTH, method=Method.LOCATION))
    (change,) = [term.usd for term in plan.cost_terms if term.name == "location"]
    assert change < 0
    assert sum(trade.location_usd for trade in plan.trades) == pytest.approx(change, abs=0.02)


def test_full_names_targets_for_classes_inside_their_bands() -> None:
    plan = rebalance(ira(650.0, 700.0), policy(BOTH, method=Method.FULL))
    assert order(plan, "STK").reason == "Stock is above target: 65.0% against a target of 60.0%."
    assert order(plan, "BND", Side.BUY).reason == "Bond is below target: 35.0% against a target of 40.0%."


def test_a_class_sold_here_and_kept_up_there() -> None:
    # The joint account sells $10,000 of stock for its reserve; the IRA buys as much, so that stock stays in its band.
    held = [lot("Joint", "STK", 300.0, 30_000.0), lot("IRA", "STK", 300.0), lot("IRA", "BND", 800.0)]
    tight = (Target("Stock", 0.6, BandType.ABSOLUTE, 0.01, 0.005), Target("Bond", 0.4, BandType.ABSOLUTE, 0.2, 0.2))
    joint = Account("Joint", TAXABLE, reserve_usd=10_000.0)
    plan = rebalance(household([joint, Account("IRA", IRA)], held), policy(tight))
    assert order(plan, "STK", account="Joint").reason.startswith("Raises cash in Joint for its reserve of $10,000.00.")
    kept = order(plan, "STK", Side.BUY, "IRA")
    assert (kept.serves, order(plan, "BND").serves) == ("band", "room")
    assert kept.reason == "Keeps Stock in its band where Joint sells it: 60.0% against a band of 59.0% to 61.0%."
    assert order(plan, "BND").reason == "Makes room in IRA for what is bought there. Bond ends at 31.0%, target 40.0%."


def test_a_gain_taken_for_its_basis_is_bought_back() -> None:
    # $50,000 of income leaves room in the 0 % band: 50,000 - 32,200 = 17,800 of 98,900. $10,000 of gain cost nothing.
    held = [lot("Joint", "STK", 600.0, 50_000.0), lot("Joint", "BND", 800.0, 40_000.0)]
    home = household([Account("Joint", TAXABLE)], held, taxpayers=(profile(ordinary_income_usd=50_000.0),))
    plan = rebalance(home, policy(BOTH, method=Method.HARVEST, harvest_gains=True))
    sold, bought = order(plan, "STK"), order(plan, "STK", Side.BUY)
    assert (sold.serves, bought.serves) == ("gain harvest", "gain harvest")
    assert sold.reason.startswith("Takes a gain of $10,000.00 and buys the shares back the same day")
