"""Which rates a study taxes at: today's on the next dollar, of whoever pays for the accounts."""

from dataclasses import replace

import pytest

from rebal_xl.household import Account, FilingStatus, InputErrors, TaxProfile
from rebal_xl.study.rates import study_rates, unknown_payers
from tests.optimize.homes import IRA, ROTH, TAXABLE, banded, household, policy, profile

POLICY = policy(banded(0.6))


def home(*accounts: Account, **more):
    return household(list(accounts), [], **more)


def test_a_couple_with_250_000_of_wages_in_texas() -> None:
    """2026, MFJ: taxable income 250,000 - 32,200 lies in the 24 % bracket (from 211,400), gains at 15 %.

    At an income of exactly the NIIT threshold of 250,000, the next dollar of gain also pays 3.8 %; a dollar out of the
    IRA is no investment income, and there is none.
    """
    tax, income = study_rates(home(Account("B", TAXABLE, cash_usd=1e5), Account("I", IRA, cash_usd=1e5)), POLICY)
    assert tax.short_gain == pytest.approx(0.278)
    assert tax.long_gain == pytest.approx(0.188)
    assert tax.ordinary == pytest.approx(0.24)
    assert tax.loss_limit_usd == 3_000.0
    assert (tax.law_year, tax.law_estimate) == (2026, False)
    assert income.interest == pytest.approx(0.278)


def test_the_advisors_own_later_rate_is_used_for_what_leaves_the_ira() -> None:
    found, _ = study_rates(
        home(Account("I", IRA, cash_usd=1e5), taxpayers=(profile(future_ordinary_rate=0.12),)), POLICY
    )
    assert found.ordinary == pytest.approx(0.12)


def test_this_years_gains_and_carried_losses_do_not_hide_the_rate_of_a_net_gain() -> None:
    """$1,000,000 of losses carried in would make the next dollar of gain free: the study nets them itself."""
    loss = profile(long_carryforward_usd=1e6, short_realized_usd=-20_000.0)
    found, _ = study_rates(home(Account("B", TAXABLE, cash_usd=1e5), taxpayers=(loss,)), POLICY)
    assert found.long_gain == pytest.approx(0.188)
    assert found.long_carryforward_usd == 1e6


def test_two_payers_count_by_what_their_accounts_are_worth() -> None:
    """Three parts the couple's 18.8 %, one part a single person's 0 % on long-term gain."""
    poor = TaxProfile("Kid", FilingStatus.SINGLE, state="TX", ordinary_income_usd=20_000.0, long_carryforward_usd=7.0)
    accounts = (Account("B", TAXABLE, cash_usd=3e5), Account("K", TAXABLE, taxpayer="Kid", cash_usd=1e5))
    found, _ = study_rates(home(*accounts, taxpayers=(profile(), poor)), POLICY)
    assert found.long_gain == pytest.approx(0.75 * 0.188)
    assert found.long_carryforward_usd == 7.0


def test_where_all_is_roth_nobody_pays() -> None:
    found, income = study_rates(home(Account("R", ROTH, cash_usd=1e5), taxpayers=()), POLICY)
    assert (found.short_gain, found.long_gain, found.ordinary, income.interest) == (0.0, 0.0, 0.0, 0.0)
    assert unknown_payers(home(Account("R", ROTH, cash_usd=1e5), taxpayers=())) == ()


def test_accounts_without_a_tax_profile_are_all_named() -> None:
    nobody = home(Account("B", TAXABLE), Account("I", IRA), Account("R", ROTH), taxpayers=())
    assert [problem.message.split()[1] for problem in unknown_payers(nobody)] == ["B", "I"]


def test_profiles_of_two_law_years_are_refused() -> None:
    both = (profile(law_year=2025), replace(profile(), taxpayer="Other", law_year=2026))
    with pytest.raises(InputErrors, match="2025 and 2026"):
        study_rates(home(Account("B", TAXABLE, cash_usd=1.0), taxpayers=both), POLICY)
