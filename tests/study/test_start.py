"""Where a study starts: at the target, sheltered trades first, with the basis that is left."""

from dataclasses import replace

import numpy as np
import pytest

from rebal_xl.household import Account, Policy, StudyTax, Target, TaxTreatment, Withdrawal, WithdrawalLevel
from rebal_xl.measure import IncomeRates
from rebal_xl.study.start import holdings_of, start_of
from tests.optimize.homes import AS_OF, IRA, ROTH, TAXABLE, bond, household, lot, policy, stock

HALF = (Target("Stock", 0.5), Target("Bond", 0.5))
# $60,000 of stock with a basis of $24,000 and $5,000 of cash; $25,000 of bonds in an IRA, $10,000 of stock in a Roth
HOME = household(
    [Account("Brokerage", TAXABLE, cash_usd=5_000.0), Account("IRA", IRA), Account("Roth", ROTH)],
    [lot("Brokerage", "STK", 600, 24_000.0), lot("IRA", "BND", 500), lot("Roth", "STK", 100)],
)
NOTHING = np.zeros(2)
RATES = IncomeRates(interest=0.24, dividend=0.15, reit=0.2, state_income=0.05, state_gain=0.04)


def begun(home=HOME, wanted: Policy | None = None):
    wanted = wanted or policy(HALF)
    tax = StudyTax(0.3, 0.15, 0.24, 3_000.0)
    return start_of(home, wanted, holdings_of(home, wanted), tax, RATES, NOTHING, np.zeros((2, 2)))


def test_dollars_and_basis_by_class_and_the_part_that_is_tax_deferred() -> None:
    held = holdings_of(HOME, policy(HALF))
    assert held.taxable == {"Stock": 60_000.0, "Cash": 5_000.0}
    assert held.basis == {"Stock": 24_000.0, "Cash": 5_000.0}
    assert held.sheltered == {"Stock": 10_000.0, "Bond": 25_000.0}
    assert held.deferred_share == pytest.approx(25 / 35)


def test_the_start_is_the_target_with_sheltered_stock_sold_first() -> None:
    """$100,000, half of it stock: of 20,000 to sell 10,000 are in the Roth; the rest is a sixth of the taxable stock.

    Cash has no target: its $5,000 buy bonds. A sixth of the basis of 24,000 goes with the stock sold.
    """
    found = begun()
    assert found.sheltered == pytest.approx([0.0, 35_000.0])
    assert found.taxable == pytest.approx([50_000.0, 15_000.0])
    assert found.basis == pytest.approx([20_000.0, 15_000.0])


def test_withdrawals_still_owed_are_taken_off_everything() -> None:
    owed = policy(HALF, withdrawals=(Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 10_000.0),))
    found = begun(wanted=owed)
    assert found.taxable.sum() + found.sheltered.sum() == pytest.approx(90_000.0)
    assert found.basis == pytest.approx([18_000.0, 13_500.0])


def test_a_lot_without_a_basis_has_no_gain_that_anybody_knows() -> None:
    home = replace(HOME, lots=(lot("Brokerage", "STK", 600), *HOME.lots[1:]))
    assert holdings_of(home, policy(HALF)).basis["Stock"] == 60_000.0


def test_accounts_that_do_not_count_are_left_out() -> None:
    outside = Account("Trust", TaxTreatment.TAXABLE, counts_in_target=False, cash_usd=1e6)
    home = household([*HOME.accounts, outside], list(HOME.lots))
    assert holdings_of(home, policy(HALF)) == holdings_of(HOME, policy(HALF))


def test_income_is_that_of_the_taxable_accounts_own_funds() -> None:
    """Stock pays 2 %, all qualified: 15 % + 5 % of it; bonds 4 % of interest: 24 % + 5 %; spreads in basis points.

    A fund that realises a tenth of its growth of 6 % pays out 0.6 % more, taxed at 15 % + 4 %.
    """
    funds = [
        stock(yield_rate=0.02, qualified_share=1.0, turnover_rate=0.1, growth_rate=0.06, spread_bp=2.0),
        bond(yield_rate=0.04, spread_bp=5.0),
    ]
    found = begun(household(list(HOME.accounts), list(HOME.lots), funds)).terms
    assert found.payout == pytest.approx([0.026, 0.04])
    assert found.payout_tax == pytest.approx([0.02 * 0.2 + 0.006 * 0.19, 0.04 * 0.29])
    assert found.half_spread == pytest.approx([0.0002, 0.0005])


def test_cash_earns_the_interest_that_the_workbook_says() -> None:
    wanted = policy((Target("Stock", 0.9), Target("Cash", 0.1)), cash_yield=0.04)
    found = begun(wanted=wanted).terms
    assert found.payout == pytest.approx([0.0, 0.04])
    assert found.payout_tax[1] == pytest.approx(0.04 * 0.29)


def test_a_fund_of_several_classes_counts_in_each() -> None:
    mixed = replace(stock("MIX"), class_mix=(("Bond", 0.4), ("Stock", 0.6)))
    home = household([Account("Brokerage", TAXABLE)], [lot("Brokerage", "MIX", 100, 5_000.0)], [stock(), bond(), mixed])
    held = holdings_of(home, Policy(HALF, AS_OF))
    assert held.taxable == pytest.approx({"Bond": 4_000.0, "Stock": 6_000.0})
    assert held.basis == pytest.approx({"Bond": 2_000.0, "Stock": 3_000.0})
