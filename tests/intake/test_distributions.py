"""Distributions that the law asks for and the workbook does not plan: told in Checks, never planned by themselves."""

import pytest

from tests.intake.story import codes, noticed, only, smiths

# Ann, born in 1951, is 75 in 2026: her factor is 24.6, so $100,000 ask for $4,065.04.
PEOPLE = "Person | Birth Date | Spouse Of\nAnn | 05/05/1951 | Bob\nBob | 02/02/1950 | Ann"
HEADER = "Account | Tax Treatment | Owner | Cash | RMD $ | Prior Year-End Balance | Inherited\n"
JOINT = "Joint | taxable | | 5000 | | |\n"


def accounts(*rows: str) -> str:
    return HEADER + JOINT + "\n".join(rows)


def ira(planned: str = "", balance: str = "100000", inherited: str = "", kind: str = "IRA") -> str:
    return f"Ann IRA | {kind} | Ann | 1000 | {planned} | {balance} | {inherited}"


def told(*rows: str, **more: str):
    return noticed(**{"People": PEOPLE, "Accounts": accounts(*rows), **more})


def test_a_distribution_that_nobody_planned_is_told_and_not_planned():
    found = only(told(ira()), "rmd-not-planned")
    assert found.place == "Accounts!E3"
    assert "Ann IRA owes at least $4,065.04 this year" in found.message
    assert "$100,000.00 of last December 31 / 24.6, Ann being 75" in found.message
    assert "Nothing is planned." in found.message
    household, policy = smiths(People=PEOPLE, Accounts=accounts(ira()))
    assert household.account("Ann IRA").rmd_usd == 0.0
    assert policy.withdrawals == ()


@pytest.mark.parametrize(("planned", "short"), [("4065", False), ("4064", True), ("0", True), ("9000", False)])
def test_a_distribution_may_be_rounded_to_the_dollar(planned, short):
    assert ("rmd-not-planned" in codes(told(ira(planned)))) == short


def test_a_part_that_is_planned_is_named():
    assert "RMD $ plans $1,500.00 of it." in only(told(ira("1500")), "rmd-not-planned").message


@pytest.mark.parametrize("which", ["account | Ann IRA", "owner | Ann", "treatment | tax-deferred"])
def test_withdrawals_that_only_this_account_may_pay_count(which):
    rows = f"Level | Which | Amount\n{which} | 4065"
    assert told(ira(), Withdrawals=rows) == ()
    short = f"Level | Which | Amount\n{which} | 4063"
    assert codes(told(ira(), Withdrawals=short)) == ["rmd-not-planned"]


def test_withdrawals_that_others_may_pay_do_not_count():
    elsewhere = "Level | Which | Amount\nhousehold | | 4065"
    assert codes(told(ira(), Withdrawals=elsewhere)) == ["rmd-not-planned"]
    # Bob's IRA may pay as well, and it is not known which does
    either = "Level | Which | Amount\ntreatment | tax-deferred | 4065"
    found = told(ira(), "Bob IRA | IRA | Bob | 1000 | 9000 | 100000 |", Withdrawals=either)
    assert codes(found) == ["rmd-not-planned"]


def test_one_ira_may_pay_for_another():
    other = "Ann Rollover | IRA | Ann | 1000 | 8131 | 100000 |"
    message = only(told(ira(), other), "rmd-not-planned").message
    assert message.startswith("Ann IRA owes")
    assert "The other accounts of Ann pay it, which is allowed among IRAs, not for a 401(k)." in message
    # Bob's account pays nothing for Ann
    message = only(told(ira(), "Bob IRA | IRA | Bob | 1000 | 9000 | 100000 |"), "rmd-not-planned").message
    assert "Nothing is planned." in message


def test_who_is_too_young_or_of_unknown_age_owes_nothing_that_is_known():
    for born in ("05/05/1954", ""):
        people = f"Person | Birth Date | Spouse Of\nAnn | {born} | Bob\nBob | 02/02/1950 | Ann"
        assert told(ira(), People=people) == ()


def test_the_first_distribution_may_wait():
    people = PEOPLE.replace("1951", "1953")
    assert "until April 1, 2027" in only(told(ira(), People=people), "rmd-not-planned").message
    assert "April" not in only(told(ira()), "rmd-not-planned").message


def test_a_much_younger_spouse_may_lower_it():
    people = PEOPLE.replace("1950", "1962")
    assert "less if Bob is the only beneficiary" in only(told(ira(), People=people), "rmd-not-planned").message
    assert "beneficiary" not in only(told(ira()), "rmd-not-planned").message


def test_a_balance_that_is_not_given_is_asked_for():
    found = only(told(ira(balance="")), "rmd-unknown")
    assert found.place == "Accounts!F3"
    assert "Ann is 75 this year" in found.message
    assert told(ira("2000", balance="")) == ()


def test_a_distribution_from_a_taxable_account_is_told():
    found = only(told(ira("5000"), "Bob's own | taxable | Bob | 1000 | 500 | |"), "rmd-taxable")
    assert found.place == "Accounts!E4"


@pytest.mark.parametrize("kind", ["Roth IRA", "taxable", "HSA"])
def test_only_tax_deferred_accounts_owe(kind):
    assert not [problem for problem in told(ira(kind=kind)) if problem.code.startswith("rmd")]


@pytest.mark.parametrize("kind", ["IRA", "Roth IRA"])
def test_inherited_accounts_are_not_computed(kind):
    found = only(told(ira(inherited="Yes", kind=kind)), "rmd-inherited")
    assert found.place == "Accounts!G3"
    assert told(ira("0", inherited="Yes", kind=kind)) == ()


def test_a_book_of_an_earlier_table_is_left_alone():
    holdings = "Account | Symbol | Quantity | Cost Basis | Acquired\nJoint | VTI | 100 | 20000 | 03/16/2020"
    settings = "Name | Value\nAs Of | 06/15/2021"
    found = told(ira(), Holdings=holdings, Settings=settings)
    assert not [problem for problem in found if problem.code.startswith("rmd")]
