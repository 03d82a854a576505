"""Cash: withdrawals at every level, reserves, contributions, and no dollar that moves between accounts."""

import pytest

from rebal_xl.household import (
    Account,
    BandType,
    InputErrors,
    Lot,
    Plan,
    Side,
    Target,
    TaxTreatment,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, TAXABLE, amount, banded, household, lot, policy

WIDE = (Target("Stock", 0.6, BandType.ABSOLUTE, 1.0, 1.0), Target("Bond", 0.4, BandType.ABSOLUTE, 1.0, 1.0))


def flat(account: str, symbol: str, quantity: float) -> Lot:
    """Shares bought at today's price: selling them costs no tax."""
    return lot(account, symbol, quantity, quantity * {"STK": 100.0, "BND": 50.0}[symbol])


def paid(plan: Plan) -> dict[str, float]:
    """Withdrawals by account."""
    return dict(plan.withdrawals_paid)


def ask(level: WithdrawalLevel, which: str, usd: float) -> Withdrawal:
    """A withdrawal."""
    return Withdrawal(level, which, usd)


def test_the_household_amount_is_a_total_and_its_excess_comes_from_taxable_accounts() -> None:
    accounts = [Account("IRA", IRA, owner="Ann"), Account("Joint", TAXABLE, owner="Ann")]
    home = household(accounts, [flat("IRA", "STK", 500.0), flat("Joint", "STK", 500.0)])
    asks = (
        ask(WithdrawalLevel.HOUSEHOLD, "", 10_000.0),
        ask(WithdrawalLevel.TREATMENT, "tax-deferred", 4_000.0),
    )
    plan = rebalance(home, policy(WIDE, withdrawals=asks))
    # max(10,000, 4,000): 4,000 from the IRA as asked, the other 6,000 from the taxable account.
    assert paid(plan) == {"IRA": pytest.approx(4_000.0), "Joint": pytest.approx(6_000.0)}


def test_lower_levels_together_may_ask_for_more_than_the_household() -> None:
    accounts = [Account("IRA", IRA, owner="Ann"), Account("Joint", TAXABLE, owner="Bob")]
    home = household(accounts, [flat("IRA", "STK", 500.0), flat("Joint", "STK", 500.0)])
    asks = (
        ask(WithdrawalLevel.HOUSEHOLD, "", 5_000.0),
        ask(WithdrawalLevel.ACCOUNT, "IRA", 4_000.0),
        ask(WithdrawalLevel.OWNER, "Bob", 3_000.0),
    )
    plan = rebalance(home, policy(WIDE, withdrawals=asks))
    assert paid(plan) == {"IRA": pytest.approx(4_000.0), "Joint": pytest.approx(3_000.0)}


def test_locked_lots_are_never_sold_and_the_shortfall_is_shown() -> None:
    home = household([Account("Joint", TAXABLE, cash_usd=1_500.0)], [lot("Joint", "STK", 500.0, 20_000.0, locked=True)])
    plan = rebalance(home, policy(WIDE, withdrawals=(ask(WithdrawalLevel.HOUSEHOLD, "", 6_000.0),)))
    assert plan.trades == ()
    assert paid(plan) == {"Joint": pytest.approx(1_500.0)}
    assert plan.relaxed[0].rule == "Withdrawal from the household"
    assert plan.relaxed[0].amount_usd == pytest.approx(4_500.0)


def test_a_withdrawal_goes_before_the_reserve_and_the_reserve_before_the_band() -> None:
    home = household(
        [Account("Joint", TAXABLE, cash_usd=3_000.0, reserve_usd=2_000.0)], [lot("Joint", "STK", 100.0, locked=True)]
    )
    plan = rebalance(home, policy(WIDE, withdrawals=(ask(WithdrawalLevel.ACCOUNT, "Joint", 2_500.0),)))
    assert paid(plan) == {"Joint": pytest.approx(2_500.0)}
    assert [(item.rule, item.amount_usd) for item in plan.relaxed] == [
        ("Cash reserve of Joint", pytest.approx(1_500.0))
    ]


@pytest.mark.parametrize(("dollars", "share", "reserve"), [(500.0, 0.01, 1_000.0), (1_500.0, 0.01, 1_500.0)])
def test_the_reserve_is_the_greater_of_dollars_and_share(dollars: float, share: float, reserve: float) -> None:
    # $100,000 in the account, all of it stock: 1 % is $1,000.
    account = Account("IRA", IRA, reserve_usd=dollars, reserve_weight=share)
    plan = rebalance(household([account], [flat("IRA", "STK", 1_000.0)]), policy(WIDE))
    assert amount(plan, "IRA", "STK", Side.SELL) == pytest.approx(reserve, abs=0.5)
    assert dict(plan.cash_after)["IRA"] >= reserve - 0.01


@pytest.mark.parametrize(("share", "sold_usd"), [(0.02, 0.0), (0.021, 100.0)])
def test_a_reserve_that_is_just_there_asks_for_nothing(share: float, sold_usd: float) -> None:
    # $2,000 of cash in an account of $100,000: 2 % is there to the dollar, 2.1 % lacks $100.
    account = Account("IRA", IRA, cash_usd=2_000.0, reserve_weight=share)
    plan = rebalance(household([account], [flat("IRA", "STK", 600.0), flat("IRA", "BND", 760.0)]), policy(WIDE))
    assert sum(trade.amount_usd for trade in plan.trades) == pytest.approx(sold_usd, abs=0.5)
    assert plan.relaxed == ()


def test_every_account_pays_for_its_own_purchases() -> None:
    # All the stock is in one account and all the cash in the other: bonds can only be bought where cash is.
    accounts = [Account("A", IRA), Account("B", IRA, cash_usd=30_000.0)]
    plan = rebalance(household(accounts, [flat("A", "STK", 700.0)]), policy(banded(0.40, 0.0, 0.0)))
    bought = {name: amount(plan, name, "BND", Side.BUY) for name in "AB"}
    sold = {name: amount(plan, name, "STK", Side.SELL) for name in "AB"}
    start = {"A": 0.0, "B": 30_000.0}
    for name, cash in plan.cash_after:
        assert cash == pytest.approx(start[name] + sold[name] - bought[name], abs=0.02)
        assert cash >= -0.01


def test_a_contribution_can_be_invested() -> None:
    account = Account("IRA", IRA, contribution_usd=40_000.0)
    plan = rebalance(
        household([account], [flat("IRA", "STK", 600.0)]), policy((Target("Stock", 0.6), Target("Bond", 0.4)))
    )
    # 60,000 of 100,000 after the contribution is on target; bonds at nothing get all of it.
    assert plan.after.line("Bond").actual_weight == pytest.approx(0.40, abs=1e-4)
    assert amount(plan, "IRA", "STK", Side.SELL) == 0.0


def test_proceeds_are_invested_rather_than_left_lying() -> None:
    plan = rebalance(
        household([Account("IRA", IRA)], [flat("IRA", "STK", 800.0), flat("IRA", "BND", 400.0)]), policy(banded(0.60))
    )
    assert dict(plan.cash_after)["IRA"] < 1.0


def test_idle_cash_stays_while_every_class_is_at_ease_and_is_put_to_work_with_the_first_trade() -> None:
    # 6 % of $100,000 is cash without a target. Stock at 58 % and bonds at 36 % are inside their triggers.
    account = Account("IRA", IRA, cash_usd=6_000.0)
    targets = (Target("Stock", 0.6), Target("Bond", 0.4))
    calm = household([account], [flat("IRA", "STK", 580.0), flat("IRA", "BND", 720.0)])
    assert rebalance(calm, policy(targets)).trades == ()
    # Stock at 74 % calls for trades; bonds then get the cash as well.
    stirred = household([account], [flat("IRA", "STK", 740.0), flat("IRA", "BND", 400.0)])
    assert dict(rebalance(stirred, policy(targets)).cash_after)["IRA"] < 1.0


def test_a_withdrawal_from_an_account_outside_the_target_is_nobody_elses() -> None:
    accounts = [Account("A", IRA), Account("B", IRA, counts_in_target=False, cash_usd=9_000.0)]
    home = household(accounts, [flat("A", "STK", 600.0), flat("A", "BND", 800.0)])
    plan = rebalance(home, policy(WIDE, withdrawals=(ask(WithdrawalLevel.ACCOUNT, "B", 3_000.0),)))
    assert plan.trades == ()
    assert plan.relaxed == ()
    assert plan.before.value_usd == pytest.approx(100_000.0)


def test_withdrawals_are_paid_to_the_cent() -> None:
    # Two taxable accounts share an odd amount: whole cents each, and together all of it.
    accounts = [Account("A", TAXABLE, cash_usd=3_333.335), Account("B", TAXABLE, cash_usd=6_666.67)]
    home = household(accounts, [flat("A", "STK", 10.0)])
    plan = rebalance(home, policy(WIDE, withdrawals=(ask(WithdrawalLevel.HOUSEHOLD, "", 10_000.0),)))
    assert sum(paid(plan).values()) == pytest.approx(10_000.0, abs=1e-9)


def test_a_locked_account_is_left_alone() -> None:
    accounts = [Account("A", IRA, locked=True), Account("B", IRA)]
    home = household(accounts, [flat("A", "STK", 900.0), flat("B", "STK", 300.0), flat("B", "BND", 100.0)])
    plan = rebalance(home, policy(banded(0.60)))
    assert {trade.account for trade in plan.trades} == {"B"}


@pytest.mark.parametrize(
    ("level", "which"),
    [(WithdrawalLevel.TREATMENT, "tax-deferred"), (WithdrawalLevel.OWNER, "Ann"), (WithdrawalLevel.ACCOUNT, "IRA")],
)
@pytest.mark.parametrize(("usd", "leaves"), [(10_000.0, 10_000.0), (5_000.0, 8_000.0)])
def test_whatever_leaves_an_ira_counts_towards_its_required_distribution(
    level: WithdrawalLevel, which: str, usd: float, leaves: float
) -> None:
    # $8,000 are required: $10,000 hold them, $5,000 do not.
    accounts = [
        Account("IRA", IRA, owner="Ann", rmd_usd=8_000.0, cash_usd=20_000.0),
        Account("Joint", TAXABLE, owner="Bob", cash_usd=20_000.0),
    ]
    held = [flat("IRA", "STK", 600.0), flat("IRA", "BND", 800.0), flat("Joint", "BND", 10.0)]
    plan = rebalance(household(accounts, held), policy(WIDE, withdrawals=(ask(level, which, usd),)))
    assert paid(plan) == {"IRA": pytest.approx(leaves)}
    assert plan.tax.changes[0].distributions_usd == leaves


def test_an_account_that_must_pay_goes_before_one_that_may() -> None:
    # Either IRA may pay the $10,000; $8,000 of them are required of Ann's, which has no more than that.
    accounts = [
        Account("Ann IRA", IRA, owner="Ann", rmd_usd=8_000.0, cash_usd=8_000.0),
        Account("Bob IRA", IRA, owner="Bob", cash_usd=20_000.0),
    ]
    asked = ask(WithdrawalLevel.TREATMENT, "tax-deferred", 10_000.0)
    home = household(accounts, [flat("Bob IRA", "STK", 600.0), flat("Bob IRA", "BND", 800.0)])
    plan = rebalance(home, policy(WIDE, withdrawals=(asked,)))
    assert paid(plan) == {"Ann IRA": pytest.approx(8_000.0), "Bob IRA": pytest.approx(2_000.0)}
    assert plan.relaxed == ()


def test_what_cannot_be_planned_is_refused_with_what_to_do() -> None:
    home = household([Account("Joint", TAXABLE)], [flat("Joint", "STK", 1.0)], taxpayers=())
    with pytest.raises(InputErrors) as refused:
        rebalance(home, policy(WIDE))
    assert "no tax profile" in str(refused.value)
    assert "TaxProfile" in refused.value.problems[0].advice


def test_a_treatment_nobody_has_is_a_shortfall_not_a_crash() -> None:
    home = household([Account("IRA", IRA)], [flat("IRA", "STK", 100.0)])
    asked = ask(WithdrawalLevel.TREATMENT, TaxTreatment.HSA.value, 100.0)
    plan = rebalance(home, policy(WIDE, withdrawals=(asked,)))
    assert [item.amount_usd for item in plan.relaxed] == [pytest.approx(100.0)]
