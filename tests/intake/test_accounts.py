"""People and accounts: who they are, who they belong to, and what happens when a sheet says it wrong."""

from datetime import date

import pytest

from rebal_xl.household import Account, BasisMethod, Person, TaxTreatment
from rebal_xl.intake.accounts import treatment_of_name
from tests.intake.story import codes, noticed, only, smiths, smiths_refused


def test_every_column_of_an_account_is_read():
    household, _ = smiths(
        Accounts="""
        Account | Tax Treatment | Owner | Taxpayer | Counts in Target | Custodian | Cash | Reserve $ | Reserve % | Locked | Menu | Fractional | Basis Method | RMD $ | Prior Year-End Balance | Inherited | Wash Group | Contribution $
        Joint | brokerage | | Smiths | yes | Schwab | $5,000.00 | 1000 | 2% | no | | | HIFO | | | | |
        Ann IRA | Rollover IRA | ann | | No | Fidelity | 1000 | | | x | VTI, bnd | y | average cost | 1200 | 60000 | Yes | A | 700
        """  # noqa: E501
    )
    assert household.account("Joint") == Account(
        "Joint",
        TaxTreatment.TAXABLE,
        taxpayer="Smiths",
        custodian="Schwab",
        cash_usd=5_000.0,
        reserve_usd=1_000.0,
        reserve_weight=0.02,
        basis_method=BasisMethod.HIFO,
    )
    assert household.account("Ann IRA") == Account(
        "Ann IRA",
        TaxTreatment.TAX_DEFERRED,
        owner="Ann",
        counts_in_target=False,
        custodian="Fidelity",
        cash_usd=1_000.0,
        locked=True,
        menu=frozenset({"VTI", "BND"}),
        fractional=True,
        basis_method=BasisMethod.AVERAGE,
        rmd_usd=1_200.0,
        prior_year_end_usd=60_000.0,
        inherited=True,
        wash_group="A",
        contribution_usd=700.0,
    )


def test_people_are_read_with_their_marriage():
    household, _ = smiths()
    assert household.people == (
        Person("Ann", date(1970, 5, 5), "Bob"),
        Person("Bob", date(1968, 2, 2), "Ann"),
    )


@pytest.mark.parametrize(
    ("people", "code", "cell"),
    [
        ("Ann | 05/05/1970 | Bobb\nBob | 02/02/1968 | Ann", "unknown-person", "C2"),
        ("Ann | 05/05/1970 | Ann\nBob | 02/02/1968 |", "unknown-person", "C2"),
        ("Ann | 05/05/1970 | Bob\nBob | 02/02/1968 | Cid\nCid | | Bob", "spouse-mismatch", "C2"),
        ("Ann | 05/05/1970 |\nAnn | 05/05/1970 |", "duplicate-person", "A3"),
        ("Ann | 05/05/2030 |", "born-after-as-of", "B2"),
    ],
)
def test_people_who_cannot_be_are_refused(people, code, cell):
    problem = only(smiths_refused(People=f"Person | Birth Date | Spouse Of\n{people}"), code)
    assert problem.place == f"People!{cell}"


def test_a_spouse_named_one_way_is_enough():
    household, _ = smiths(People="Person | Birth Date | Spouse Of\nAnn | | \nBob | | ann")
    assert household.people[1].spouse_of == "Ann"


@pytest.mark.parametrize(
    ("accounts", "code", "cell"),
    [
        ("Joint | taxable | |\nAnn IRA | IRA | |\nJoint | taxable | |", "duplicate-account", "A4"),
        ("Joint | taxable | Anne | \nAnn IRA | IRA | |", "unknown-owner", "C2"),
        ("Joint | taxable | | Smith\nAnn IRA | IRA | |", "unknown-taxpayer", "D2"),
        ("Joint | trust fund | |\nAnn IRA | IRA | |", "not-a-choice", "B2"),
        ("Joint | | |\nAnn IRA | IRA | |", "missing-value", "B2"),
    ],
)
def test_accounts_that_contradict_the_rest_are_refused(accounts, code, cell):
    problem = only(smiths_refused(Accounts=f"Account | Tax Treatment | Owner | Taxpayer\n{accounts}"), code)
    assert problem.place == f"Accounts!{cell}"
    assert problem.advice


def test_a_trust_is_no_treatment_but_its_account_is_taxable():
    household, _ = smiths(Accounts="Account | Tax Treatment\nJoint | living trust\nAnn IRA | IRA")
    assert household.account("Joint").treatment is TaxTreatment.TAXABLE


def test_other_tables_may_spell_an_account_a_little_differently():
    household, _ = smiths(Holdings="Account | Symbol | Quantity\nANN-IRA | VTI | 5\nann ira | BND | 5")
    assert {lot.account for lot in household.lots} == {"Ann IRA"}


def test_account_numbers_may_be_numbers_on_one_sheet_and_text_on_the_other():
    household, _ = smiths(
        Accounts="Account Number | Type\n'12345678 | IRA\n'12345E108 | Roth IRA",
        Holdings="Account | Symbol | Quantity\n12345678 | VTI | 5\n'12345E108 | BND | 5",
    )
    assert [account.name for account in household.accounts] == ["12345678", "12345E108"]


@pytest.mark.parametrize(
    ("name", "treatment", "told"),
    [
        ("Ann Roth IRA", TaxTreatment.ROTH, True),
        ("Roth 401(k)", TaxTreatment.ROTH, True),
        ("Ann_IRA", TaxTreatment.TAX_DEFERRED, True),
        ("Rollover-IRA", TaxTreatment.TAX_DEFERRED, True),
        ("Acme 401(k)", TaxTreatment.TAX_DEFERRED, True),
        ("403b", TaxTreatment.TAX_DEFERRED, True),
        ("Fidelity HSA", TaxTreatment.HSA, True),
        ("Health Savings", TaxTreatment.HSA, True),
        ("Joint", TaxTreatment.TAXABLE, False),
        # neither Ira Gershwin's name nor Miranda's
        ("Miranda", TaxTreatment.TAXABLE, False),
        ("Z12345678", TaxTreatment.TAXABLE, False),
    ],
)
def test_without_an_accounts_table_names_tell_the_treatment(name, treatment, told):
    assert treatment_of_name(name) == (treatment, told)


def test_a_guessed_treatment_is_shown_for_every_account():
    notices = noticed(Accounts=None, Holdings="Account | Symbol | Quantity\nAnn Roth | VTI | 5\nAnn Roth | BND | 5")
    notice = only(notices, "treatment-from-name")
    assert notice.place == "Holdings!A2"
    assert "Roth, as its name says" in notice.message


def test_a_menu_must_name_known_securities():
    accounts = "Account | Tax Treatment | Menu\nJoint | taxable |\nAnn IRA | IRA | {}"
    household, _ = smiths(Accounts=accounts.format("VTI; BND"))
    assert household.account("Ann IRA").menu == {"VTI", "BND"}
    assert household.account("Joint").menu is None
    assert only(smiths_refused(Accounts=accounts.format("VTI, BMD")), "unknown-symbol").cell == "C3"
    household, _ = smiths(Accounts=accounts.format("CASH"))
    assert household.account("Ann IRA").menu == frozenset()


def test_cash_stands_in_accounts_or_in_holdings_but_not_in_both():
    accounts = "Account | Tax Treatment | Cash\nJoint | taxable | {}\nAnn IRA | IRA | 1000"
    holdings = "Account | Symbol | Quantity | Market Value\nJoint | VTI | 100 |\nJoint | {} | {} | {}"
    row = holdings.format("Cash", "700", "")
    assert smiths(Accounts=accounts.format(""), Holdings=row)[0].account("Joint").cash_usd == 700.0
    assert smiths(Accounts=accounts.format("0"), Holdings=row)[0].account("Joint").cash_usd == 700.0
    assert only(smiths_refused(Accounts=accounts.format("5000"), Holdings=row), "cash-twice").place == "Holdings!C3"


def test_custodians_write_cash_in_their_own_ways():
    accounts = "Account | Tax Treatment\nJoint | taxable\nAnn IRA | IRA"
    household, _ = smiths(
        Accounts=accounts,
        Holdings="""
        Account | Symbol | Quantity | Market Value
        Joint | SPAXX** | | $5788.53
        Joint | Pending activity | | $2.28
        Ann IRA | Cash & Cash Investments | -- | $6,700.00
        Ann IRA | VTI | 1 | 250
        """,
    )
    assert household.account("Joint").cash_usd == pytest.approx(5_790.81)
    assert household.account("Ann IRA").cash_usd == 6_700.0
    assert [lot.symbol for lot in household.lots] == ["VTI"]


def test_negative_cash_and_a_reserve_beyond_the_account_are_noticed():
    accounts = "Account | Tax Treatment | Cash | Reserve $\nJoint | taxable | -50 | {}\nAnn IRA | IRA | 1000 | 10"
    # Joint holds 100 x 250 + 200 x 75 - 50 = 39,950
    assert codes(noticed(Accounts=accounts.format("39950"))) == ["negative-cash"]
    notices = noticed(Accounts=accounts.format("39951"))
    assert only(notices, "reserve-beyond-account").place == "Accounts!D2"
    assert only(notices, "negative-cash").place == "Accounts!A2"


def test_impossible_numbers_are_refused():
    accounts = "Account | Tax Treatment | Reserve $ | Reserve %\nJoint | taxable | {} | {}\nAnn IRA | IRA | |"
    assert only(smiths_refused(Accounts=accounts.format("-1", "")), "out-of-range").cell == "C2"
    assert only(smiths_refused(Accounts=accounts.format("", "101%")), "out-of-range").cell == "D2"
    assert smiths(Accounts=accounts.format("0", "100%"))[0].account("Joint").reserve_weight == 1.0


def test_one_workbook_is_one_household():
    accounts = "Account | Tax Treatment | Household\nJoint | taxable | Smith\nAnn IRA | IRA | {}"
    assert smiths(Accounts=accounts.format(""))[0].name == "Smith"
    assert smiths(Accounts=accounts.format("Smith"), Settings="Name | Value\nHousehold Name | The Smiths")[0].name == (
        "The Smiths"
    )
    assert only(smiths_refused(Accounts=accounts.format("Jones")), "several-households").cell == "C3"


NUMBERED = (
    "Account Name | Account Number | Tax Treatment | Owner\n"
    "Joint | 12345678 | taxable |\nAnn IRA | X99-12345 | IRA | Ann"
)


def test_holdings_may_name_accounts_by_the_numbers_that_accounts_gives():
    holdings = "Account Number | Symbol | Quantity\n12345678 | VTI | 100\nX9912345 | BND | 5\nAnn IRA | VTI | 3"
    household, _ = smiths(Accounts=NUMBERED, Holdings=holdings)
    assert {(lot.account, lot.symbol) for lot in household.lots} == {
        ("Joint", "VTI"), ("Ann IRA", "BND"), ("Ann IRA", "VTI"),
    }  # fmt: skip
    told = [notice.message for notice in household.notices if notice.code == "account-by-number"]
    assert len(told) == 2
    assert told[0].startswith("12345678 is the number of Joint")


def test_a_number_of_two_accounts_or_of_none_is_nobodys():
    accounts = NUMBERED.replace("X99-12345", "12345678")
    holdings = "Account | Symbol | Quantity\n12345678 | VTI | 100\n87654321 | BND | 5"
    found = smiths_refused(Accounts=accounts, Holdings=holdings)
    assert [problem.code for problem in found] == ["unknown-account", "unknown-account"]


@pytest.mark.parametrize(
    ("words", "treatment"),
    [
        ("Roth IRA", TaxTreatment.ROTH),
        ("Rollover IRA", TaxTreatment.TAX_DEFERRED),
        ("Jane's SEP IRA", TaxTreatment.TAX_DEFERRED),
        ("Health Savings Account", TaxTreatment.HSA),
        ("JTWROS", TaxTreatment.TAXABLE),
        # no treatment: the margin type of a lot
        ("Margin", TaxTreatment.TAXABLE),
    ],
)
def test_without_accounts_the_type_beside_a_lot_tells_its_accounts_treatment(words: str, treatment: TaxTreatment):
    holdings = f"Account | Account Type | Symbol | Quantity\nX-1 | {words} | VTI | 100\nX-1 | {words} | BND | 5"
    household, _ = smiths(Accounts=None, People=None, Holdings=holdings)
    assert [account.treatment for account in household.accounts] == [treatment]
    told = only(household.notices, "treatment-from-name").message
    assert (f'"{words}" beside it' in told) is (words != "Margin")


def test_an_ira_beside_a_name_that_says_roth_is_a_roth_ira():
    holdings = "Account | Account Type | Symbol | Quantity\nAnn Roth | IRA | VTI | 100"
    household, _ = smiths(Accounts=None, People=None, Holdings=holdings)
    assert household.accounts[0].treatment is TaxTreatment.ROTH
