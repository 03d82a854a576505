"""Tax profiles: the return before the plan's trades, its people, its state, its trust and its law."""

from datetime import date

import pytest

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.intake.states import STATES, state_code
from rebal_xl.intake.taxpayers import is_65_by
from rebal_xl.tax import state_rates
from tests.intake.story import codes, noticed, only, read, smith, smiths, smiths_refused

HEAD = "Taxpayer | Type | State | {}\nSmiths | {} | CA | {}"


def profile(column: str = "Blind", value: str = "", status: str = "MFJ", **changes) -> TaxProfile:
    return smiths(TaxProfile=HEAD.format(column, status, value), **changes)[0].taxpayers[0]


def problem(column: str, value: str, code: str, status: str = "MFJ"):
    return only(smiths_refused(TaxProfile=HEAD.format(column, status, value)), code)


def test_every_column_of_a_return_is_read():
    household, _ = smiths(
        TaxProfile="""
        Taxpayer | Filing Status | Law Year | State | Income | Qualified Dividends | Tax-Exempt Interest | Other Investment Income | Social Security | Itemized Deductions | State and Local Tax | Filers 65+ | Blind | Short Realized | Long Realized | Short Carryforward | Long Carryforward | State Short Rate | State Long Rate | Short Gain Limit | Long Gain Limit | Tax Budget | Future Ordinary Rate | Future Gain Rate | MAGI Two Years Ago
        Smiths | married filing jointly | 2025 | california | $200,000 | 5000 | 300 | 1,500 | 0 | 21000 | 12000 | 1 | 1 | (1,850.00) | 12400 | 100 | 38500 | 9.3% | 9.3% | 0 | 50000 | 9000 | 24% | 15% | 190000
        """  # noqa: E501
    )
    assert household.taxpayers == (
        TaxProfile(
            "Smiths",
            FilingStatus.MFJ,
            state="CA",
            law_year=2025,
            ordinary_income_usd=200_000.0,
            qualified_dividends_usd=5_000.0,
            tax_exempt_interest_usd=300.0,
            other_investment_income_usd=1_500.0,
            itemized_deductions_usd=21_000.0,
            state_local_tax_usd=12_000.0,
            aged_65=1,
            blind=1,
            short_realized_usd=-1_850.0,
            long_realized_usd=12_400.0,
            short_carryforward_usd=100.0,
            long_carryforward_usd=38_500.0,
            state_short_rate=0.093,
            state_long_rate=0.093,
            short_gain_limit_usd=0.0,
            long_gain_limit_usd=50_000.0,
            tax_budget_usd=9_000.0,
            future_ordinary_rate=0.24,
            future_gain_rate=0.15,
            magi_two_years_ago_usd=190_000.0,
        ),
    )


def test_without_a_tax_profile_drift_still_works():
    accounts = "Account | Tax Treatment | Taxpayer\nJoint | taxable | Smiths\nAnn IRA | IRA |"
    household, _ = smiths(TaxProfile=None, Accounts=accounts)
    assert household.taxpayers == ()
    assert household.account("Joint").taxpayer == ""
    assert codes(household.notices) == ["no-tax-profile"]


def test_one_is_65_on_the_day_before_the_birthday():
    assert is_65_by(date(1961, 12, 31), 2026)
    assert is_65_by(date(1962, 1, 1), 2026)
    assert not is_65_by(date(1962, 1, 2), 2026)


@pytest.mark.parametrize(
    ("ann", "bob", "status", "seniors"),
    [
        ("01/01/1962", "01/02/1962", "MFJ", 1),
        ("01/01/1962", "05/05/1955", "MFJ", 2),
        ("01/01/1962", "05/05/1955", "single", 1),
        ("", "05/05/1955", "MFJ", 1),
        ("05/05/1950", "05/05/1950", "non-grantor trust", 0),
    ],
)
def test_people_of_65_are_counted_at_the_end_of_the_year(ann, bob, status, seniors):
    people = f"Person | Birth Date\nAnn | {ann}\nBob | {bob}"
    assert profile(status=status, People=people).aged_65 == seniors


def test_people_count_on_the_return_they_file():
    household, _ = smiths(
        People="Person | Birth Date | Taxpayer\nAnn | 05/05/1950 | bob\nBob | 05/05/1950 |\nCid | 05/05/1950 |",
        TaxProfile="Taxpayer | Type\nSmiths | MFJ\nBob | single",
    )
    assert [(each.taxpayer, each.aged_65) for each in household.taxpayers] == [("Smiths", 1), ("Bob", 1)]
    unknown = smiths_refused(People="Person | Taxpayer\nAnn | Smyth\nBob |")
    assert only(unknown, "unknown-taxpayer").place == "People!B2"


def test_what_the_profile_says_of_65_wins():
    assert profile("Filers 65+", "0", People="Person | Birth Date\nAnn | 05/05/1950").aged_65 == 0
    assert problem("Filers 65+", "2", "too-many-filers", status="single").cell == "D2"
    assert problem("Blind", "3", "out-of-range").cell == "D2"


NEVER_NEGATIVE = [
    *("Qualified Dividends", "Tax-Exempt Interest", "Social Security", "Itemized Deductions", "State and Local Tax"),
    *("Short Carryforward", "Long Carryforward", "Short Gain Limit", "Tax Budget", "State Short Rate"),
]


@pytest.mark.parametrize("column", NEVER_NEGATIVE)
def test_what_cannot_be_negative_is_refused(column):
    assert problem(column, "-1%" if "Rate" in column else "-1", "out-of-range").place == "TaxProfile!D2"


def test_what_can_be_negative_is_read():
    assert profile("Ordinary Income", "-1000").ordinary_income_usd == -1_000.0
    assert profile("Long Realized", "-1000").long_realized_usd == -1_000.0


def test_states_are_written_as_code_or_name():
    assert state_code("ca") == state_code("California") == "CA"
    assert state_code("District of Columbia") == "DC"
    bad = smiths_refused(TaxProfile="Taxpayer | Type | State\nSmiths | MFJ | Califronia")
    assert "Did you mean California?" in only(bad, "unknown-state").message
    assert codes(smiths_refused(TaxProfile="Taxpayer | Type | State\nSmiths | MFJ | XX")) == ["unknown-state"]


def test_every_state_we_accept_has_rates():
    for code in STATES:
        assert state_rates(TaxProfile("Smiths", FilingStatus.SINGLE, state=code), 2026).short >= 0.0


def test_a_grantor_trust_is_paid_for_by_its_grantor():
    trusts = "Taxpayer | Type | Grantor\nSmiths | MFJ |\nTrust | grantor trust | {}"
    household, _ = smiths(
        TaxProfile=trusts.format("smiths"),
        Accounts="Account | Tax Treatment | Taxpayer\nJoint | trust | Trust\nAnn IRA | IRA |",
    )
    assert household.payer(household.account("Joint")).taxpayer == "Smiths"
    assert "taxed on the return of Smiths" in only(household.notices, "grantor-trust").message
    assert codes(noticed(TaxProfile=trusts.format(""))) == ["grantor-trust"]
    assert only(smiths_refused(TaxProfile=trusts.format("Smythe")), "unknown-taxpayer").cell == "C3"
    assert only(smiths_refused(TaxProfile=trusts.format("Trust")), "no-grantor").cell == "C3"
    alone = "Taxpayer | Type\nTrust | grantor trust"
    assert codes(smiths_refused(TaxProfile=alone)) == ["no-grantor"]
    needless = "Taxpayer | Type | Grantor\nSmiths | MFJ | Trust\nTrust | non-grantor trust |"
    assert codes(noticed(TaxProfile=needless)) == ["grantor-not-used"]


def test_a_taxpayer_has_one_return():
    twice = "Taxpayer | Type\nSmiths | MFJ\nSmiths | single"
    assert only(smiths_refused(TaxProfile=twice), "duplicate-taxpayer").place == "TaxProfile!A3"


def test_only_law_that_is_known_and_has_begun_applies():
    assert profile("Law Year", "2025").law_year == 2025
    assert problem("Law Year", "2009", "unknown-law-year").cell == "D2"
    as_of_2025 = "Name | Value\nAs Of | 12/31/2025\nLaw Year | {}"
    holdings = "Account | Symbol | Quantity\nAnn IRA | VTI | 1"
    assert smiths(Settings=as_of_2025.format("2024"), Holdings=holdings)[1].law_year == 2024
    ahead = smiths_refused(Settings=as_of_2025.format("2026"), Holdings=holdings)
    assert only(ahead, "law-year-ahead").place == "Settings!B3"


def test_a_year_without_law_is_noticed_unless_an_earlier_one_is_chosen():
    household, _ = read(*smith(), as_of=date(2031, 6, 15))
    assert codes(household.notices) == ["no-law"]
    household, policy = read(*smith(Settings="Name | Value\nLaw Year | 2026"), as_of=date(2031, 6, 15))
    assert (policy.law_year, household.notices) == (2026, ())


def test_investment_income_is_part_of_ordinary_income():
    tables = "Taxpayer | Type | Ordinary Income | Other Investment Income\nSmiths | MFJ | 1000 | {}"
    assert noticed(TaxProfile=tables.format("1000")) == ()
    assert codes(noticed(TaxProfile=tables.format("1001"))) == ["investment-income"]
