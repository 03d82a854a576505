"""Withdrawals that only some accounts pay: who pays is said, and asking the others by name raises the cash."""

from dataclasses import replace

import pytest

from rebal_xl.household import (
    Account,
    BandType,
    Household,
    Plan,
    Policy,
    Relaxation,
    Target,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.optimize import rebalance
from tests.optimize.homes import IRA, ROTH, TAXABLE, household, lot, policy

FREE = (Target("Stock", 0.6, BandType.ABSOLUTE, 1.0, 1.0), Target("Bond", 0.4, BandType.ABSOLUTE, 1.0, 1.0))


def asking(level: WithdrawalLevel, which: str, usd: float) -> Policy:
    return policy(FREE, withdrawals=(Withdrawal(level, which, usd),))


def only(plan: Plan) -> Relaxation:
    """The one rule that gave."""
    (one,) = plan.relaxed
    return one


def anns(*accounts: Account) -> Household:
    """Accounts of Ann's: $36,000 of stock and $24,000 of bonds in the last one."""
    name = accounts[-1].name
    owned = [replace(one, owner="Ann") for one in accounts]
    return household(owned, [lot(name, "STK", 360.0), lot(name, "BND", 480.0)])


@pytest.mark.parametrize("usd", [1_000.0, 1.0])
def test_a_household_without_a_taxable_account_is_told_who_pays(usd: float) -> None:
    home = anns(Account("IRA", IRA))
    found = only(rebalance(home, asking(WithdrawalLevel.HOUSEHOLD, "", usd)))
    assert found.amount_usd == usd
    assert found.sentence.endswith(
        "In the way: withdrawals from the household are paid by taxable accounts only, and there is none "
        "(others hold $60,000)."
    )
    # asking for less would be as short
    assert found.advice == "Ask an account or a tax treatment by name."
    by_treatment = rebalance(home, asking(WithdrawalLevel.TREATMENT, IRA.value, usd))
    by_name = rebalance(home, asking(WithdrawalLevel.ACCOUNT, "IRA", usd))
    assert by_treatment.relaxed == by_name.relaxed == ()


def test_an_owner_whose_taxable_account_is_too_small_is_told_who_pays() -> None:
    # $100 in the taxable account, $60,000 in the IRA, $5,000 asked
    home = anns(Account("Hers", TAXABLE, cash_usd=100.0), Account("IRA", IRA))
    found = only(rebalance(home, asking(WithdrawalLevel.OWNER, "Ann", 5_000.0)))
    assert found.amount_usd == pytest.approx(4_900.0)
    assert found.sentence.endswith(
        "In the way: withdrawals from Ann are paid by taxable accounts only (others hold $60,000)."
    )
    assert found.advice == "Ask an account or a tax treatment by name, or ask for $4,900.00 less."
    both = (
        Withdrawal(WithdrawalLevel.ACCOUNT, "Hers", 100.0),
        Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 4_900.0),
    )
    assert rebalance(home, policy(FREE, withdrawals=both)).relaxed == ()
    assert rebalance(home, asking(WithdrawalLevel.OWNER, "Ann", 100.0)).relaxed == ()


def test_an_owner_without_a_taxable_account_pays_from_tax_deferred_ones() -> None:
    home = anns(Account("IRA", IRA, cash_usd=100.0), Account("Roth", ROTH))
    found = only(rebalance(home, asking(WithdrawalLevel.OWNER, "Ann", 5_000.0)))
    assert found.sentence.endswith(
        "In the way: withdrawals from Ann are paid by tax-deferred accounts, as no taxable one may pay "
        "(others hold $60,000)."
    )
    asked = (Withdrawal(WithdrawalLevel.OWNER, "Ann", 100.0), Withdrawal(WithdrawalLevel.ACCOUNT, "Roth", 4_900.0))
    assert rebalance(home, policy(FREE, withdrawals=asked)).relaxed == ()


def test_a_locked_taxable_account_is_named_beside_who_pays() -> None:
    home = household(
        [Account("Joint", TAXABLE, cash_usd=10_000.0, locked=True), Account("IRA", IRA)], [lot("IRA", "STK", 50.0)]
    )
    found = only(rebalance(home, asking(WithdrawalLevel.HOUSEHOLD, "", 1_000.0)))
    assert "locked accounts ($10,000)" in found.sentence
    assert found.advice.startswith("Unlock accounts, ask an account or a tax treatment by name")
    opened = replace(home, accounts=tuple(replace(one, locked=False) for one in home.accounts))
    assert rebalance(opened, asking(WithdrawalLevel.HOUSEHOLD, "", 1_000.0)).relaxed == ()


def test_where_the_accounts_asked_are_empty_nothing_is_said_to_be_impossible() -> None:
    # $60,000 and not a dollar more
    found = only(rebalance(anns(Account("IRA", IRA)), asking(WithdrawalLevel.ACCOUNT, "IRA", 61_000.0)))
    assert found.sentence == "$1,000.00 of the withdrawal from account IRA is more than the accounts asked hold."
    assert found.advice == "Ask for $1,000.00 less."
    assert rebalance(anns(Account("IRA", IRA)), asking(WithdrawalLevel.ACCOUNT, "IRA", 60_000.0)).relaxed == ()


def test_an_owner_of_nothing_is_said_to_be_asked_in_vain() -> None:
    found = only(rebalance(anns(Account("IRA", IRA)), asking(WithdrawalLevel.OWNER, "Bob", 50.0)))
    assert found.sentence == "$50.00 of the withdrawal from Bob is asked of no account."
    assert found.advice == "Ask an account or a tax treatment by name."


def test_a_required_distribution_that_is_short_is_no_wish_to_be_made_smaller_by_asking() -> None:
    # $500 of $60,000 is free, $1,200 is required
    held = [lot("IRA", "STK", 295.0, locked=True), lot("IRA", "STK", 5.0), lot("IRA", "BND", 600.0, locked=True)]
    found = only(rebalance(household([Account("IRA", IRA, rmd_usd=1_200.0)], held), policy(FREE)))
    assert found.amount_usd == pytest.approx(700.0)
    assert found.sentence.endswith("In the way: lots marked Locked ($59,500).")
    assert found.advice == "Unlock lots, or lower RMD $ of the account by $700.00."
    assert rebalance(household([Account("IRA", IRA, rmd_usd=500.0)], held), policy(FREE)).relaxed == ()
