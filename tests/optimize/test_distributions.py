"""What leaves tax-deferred accounts is ordinary income with the plan and without it: its tax stands by itself."""

import pytest

from rebal_xl.household import Account, FilingStatus, Household, Plan, Withdrawal, WithdrawalLevel
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, ROTH, TAXABLE, banded, household, lot, policy, profile

# $250,000 of wages: 217,800 of taxable income, in the 24 % bracket up to 403,550 (see test_waiting).
RATE = 0.24


def planned(home: Household, *asks: Withdrawal) -> Plan:
    """The plan of a household inside its bands, which only pays what is asked."""
    return rebalance(home, policy(banded(0.60), withdrawals=asks))


def with_cash(**accounts: Account) -> Household:
    """A joint account inside its bands, and other accounts with cash."""
    held = [lot("Joint", "STK", 600.0, 30_000.0), lot("Joint", "BND", 800.0, 40_000.0)]
    return household([Account("Joint", TAXABLE), *accounts.values()], held)


def test_a_required_distribution_is_taxed_with_or_without_the_plan() -> None:
    home = with_cash(ira=Account("IRA", IRA, cash_usd=10_000.0, rmd_usd=10_000.0))
    plan = planned(home)
    (change,) = plan.tax.changes
    assert change.distributions_usd == 10_000.0
    assert change.distributions_tax_usd == pytest.approx(RATE * 10_000.0)
    assert plan.tax.distributions_tax_usd == change.distributions_tax_usd
    # it is in both bills, so it is no cost of the plan
    assert change.before.agi_usd == 260_000.0
    assert plan.tax.cost_usd == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("treatment", [ROTH, TAXABLE])
def test_what_leaves_other_accounts_is_no_income(treatment: object) -> None:
    other = Account("Other", treatment, cash_usd=10_000.0)  # type: ignore[arg-type]
    plan = planned(with_cash(other=other), Withdrawal(WithdrawalLevel.ACCOUNT, "Other", 10_000.0))
    assert plan.tax.distributions_tax_usd == 0.0
    assert {change.before.agi_usd for change in plan.tax.changes} == {250_000.0}


def test_a_taxpayer_without_taxable_accounts_is_told_too() -> None:
    # Filing apart, each with their own brackets: 30,000 - 16,100 = 13,900, of which the first 12,400 at 10 %.
    ann = profile(taxpayer="Ann", status=FilingStatus.SINGLE, ordinary_income_usd=20_000.0)
    accounts = [Account("IRA", IRA, taxpayer="Ann", cash_usd=10_000.0, rmd_usd=10_000.0)]
    held = [lot("IRA", "STK", 600.0), lot("IRA", "BND", 800.0)]
    plan = planned(household(accounts, held, taxpayers=(ann,)))
    (change,) = plan.tax.changes
    assert change.after.taxpayer == "Ann"
    # 3,900 of taxable income without it, 13,900 with it: 8,500 at 10 % and 1,500 at 12 %
    assert change.distributions_tax_usd == pytest.approx(850.0 + 180.0)
    assert change.cost_usd == 0.0


def test_a_withdrawal_that_accounts_of_two_taxpayers_may_pay_is_split_by_what_they_are_worth() -> None:
    ann = profile(taxpayer="Ann", status=FilingStatus.SINGLE)
    bob = profile(taxpayer="Bob", status=FilingStatus.SINGLE)
    accounts = [
        Account("Ann IRA", IRA, taxpayer="Ann", cash_usd=3_000.0),
        Account("Bob IRA", IRA, taxpayer="Bob", cash_usd=1_000.0),
    ]
    home = household(accounts, [], taxpayers=(ann, bob))
    plan = planned(home, Withdrawal(WithdrawalLevel.TREATMENT, IRA.value, 2_000.0))
    assert {change.after.taxpayer: change.distributions_usd for change in plan.tax.changes} == {
        "Ann": 1_500.0,
        "Bob": 500.0,
    }
