"""The household by itself: what it refuses, in which order it keeps things, and who pays for an account."""

from datetime import date

import pytest

from rebal_xl.household import (
    Account,
    FilingStatus,
    Household,
    InputErrors,
    Lot,
    Policy,
    Problem,
    Security,
    TaxProfile,
    TaxTreatment,
)

COUPLE = TaxProfile("Couple", FilingStatus.MFJ)
STOCK = Security("STK", 50.0, (("Stock", 1.0),))


def test_every_contradiction_is_named_at_once() -> None:
    with pytest.raises(InputErrors) as refused:
        Household(
            accounts=(Account("A", TaxTreatment.ROTH), Account("A", TaxTreatment.HSA, taxpayer="Nobody")),
            lots=(Lot("Z", "STK", 1.0), Lot("A", "???", 1.0)),
            securities=(STOCK,),
        )
    found = {problem.code for problem in refused.value.problems}
    assert found == {"duplicate-account", "unknown-taxpayer", "unknown-account", "unknown-symbol"}


def test_the_order_of_rows_is_no_part_of_a_household() -> None:
    lots = (Lot("A", "STK", 2.0, 80.0, date(2024, 5, 1)), Lot("A", "STK", 1.0, 30.0, date(2020, 5, 1)))
    accounts = (Account("B", TaxTreatment.ROTH), Account("A", TaxTreatment.TAXABLE))
    one = Household(accounts, lots, (STOCK,))
    other = Household(accounts[::-1], lots[::-1], (STOCK,))
    assert one == other
    assert [lot.acquired for lot in one.lots] == [date(2020, 5, 1), date(2024, 5, 1)]


def test_a_grantor_trusts_grantor_pays_and_a_trust_of_its_own_pays_itself() -> None:
    grantor = TaxProfile("Living", FilingStatus.GRANTOR_TRUST, grantor="Couple")
    own = TaxProfile("Heirs", FilingStatus.TRUST)
    accounts = tuple(Account(name, TaxTreatment.TAXABLE, taxpayer=name) for name in ("Living", "Heirs"))
    household = Household(accounts, (), (STOCK,), taxpayers=(COUPLE, grantor, own))
    payers = {account.name: household.payer(account) for account in household.accounts}
    assert payers == {"Living": COUPLE, "Heirs": own}


def test_a_bond_is_worth_its_face_times_its_quote_per_hundred() -> None:
    note = Security("NOTE", 98.5, (("Bond", 1.0),), price_divisor=100.0)
    household = Household((Account("A", TaxTreatment.ROTH, cash_usd=15.0),), (Lot("A", "NOTE", 20_000.0),), (note,))
    assert household.total_usd == pytest.approx(20_000 * 0.985 + 15.0)


@pytest.mark.parametrize(("account_usd", "least"), [(49_999.0, 500.0), (50_000.0, 500.0), (50_001.0, 500.01)])
def test_the_minimum_trade_is_the_greater_of_dollars_and_share(account_usd: float, least: float) -> None:
    policy = Policy((), date(2026, 11, 20), min_trade_usd=500.0, min_trade_weight=0.01)
    assert policy.minimum_trade_usd(account_usd) == pytest.approx(least)


def test_other_notices_leave_the_household_as_it_is() -> None:
    household = Household((Account("A", TaxTreatment.ROTH),), (Lot("A", "STK", 2.0),), (STOCK,))
    noticed = household.noticed([Problem("Look at this.")])
    assert [problem.message for problem in noticed.notices] == ["Look at this."]
    assert household.notices == ()
    assert noticed.lots == household.lots
    assert noticed.account_value_usd("A") == household.account_value_usd("A") == 100.0
    assert noticed.held("A", "STK") == household.lots
