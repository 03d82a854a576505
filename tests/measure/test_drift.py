"""Drift of households: order of classes, flows, tracking error, and the household that is empty."""

import math
from dataclasses import replace

import pytest

from rebal_xl.household import (
    Account,
    Covariance,
    Household,
    Lot,
    Policy,
    Target,
    TaxTreatment,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.measure import measure_drift, tracking_error, value_after_flows_usd, withdrawals_owed_usd
from tests.measure.homes import AS_OF, household_of, plain, policy_of

SIXTY_FORTY = (Target("Stock", 0.60), Target("Bond", 0.40))
LARGE_AND_BONDS = (Target("US Large Cap", 0.60), Target("US Bonds", 0.40))


def test_drift_is_half_the_sum_of_what_is_too_much_and_too_little():
    drift = measure_drift(household_of({"Stock": 70_000, "Bond": 30_000}), policy_of(*SIXTY_FORTY))
    assert drift.household_drift == pytest.approx(0.10)
    assert drift.line("Stock").drift == pytest.approx(0.10)
    assert drift.line("Bond").drift == pytest.approx(-0.10)


def test_nothing_in_common_is_all_the_way():
    drift = measure_drift(household_of({"Gold": 5_000}), policy_of(*SIXTY_FORTY))
    assert drift.household_drift == pytest.approx(1.0)


def test_targets_come_first_then_other_classes_by_name_then_cash():
    home = household_of({"Timber": 1_000, "Bond": 40_000, "Gold": 1_000, "Stock": 50_000}, cash_usd=8_000)
    names = [line.asset_class for line in measure_drift(home, policy_of(*SIXTY_FORTY)).lines]
    assert names == ["Stock", "Bond", "Gold", "Timber", "Cash"]
    with_cash = policy_of(Target("Cash", 0.05), *SIXTY_FORTY)
    assert measure_drift(home, with_cash).lines[0].asset_class == "Cash"


def test_a_targeted_class_that_nobody_holds_has_a_line():
    line = measure_drift(household_of({"Stock": 1_000}), policy_of(*SIXTY_FORTY)).line("Bond")
    assert (line.actual_usd, line.actual_weight, line.target_weight) == (0.0, 0.0, 0.40)


def test_cash_and_classes_without_a_target_have_no_band():
    drift = measure_drift(household_of({"Stock": 600, "Gold": 300}, cash_usd=100), policy_of(Target("Stock", 0.60)))
    assert drift.line("Cash").status == drift.line("Gold").status == "no band"
    assert not drift.needed


def test_the_rows_of_an_advisor_may_come_in_any_order():
    dollars = {"Stock": 12_345.67, "Bond": 7_654.33, "Gold": 0.11}
    shuffled = dict(reversed(dollars.items()))
    policy = policy_of(*SIXTY_FORTY)
    assert measure_drift(household_of(dollars), policy) == measure_drift(household_of(shuffled), policy)


def withdrawing_home() -> Household:
    """60/30 in funds and 10 in cash, $100,000 in two accounts; $5,000 is coming in."""
    return Household(
        accounts=(
            Account("Joint", TaxTreatment.TAXABLE, owner="Ann", cash_usd=10_000, contribution_usd=5_000),
            Account("IRA", TaxTreatment.TAX_DEFERRED, owner="Bob"),
            Account("Plan", TaxTreatment.TAXABLE, owner="Cid", cash_usd=9_000, counts_in_target=False),
        ),
        lots=(Lot("Joint", "Stock", 60_000.0), Lot("IRA", "Bond", 30_000.0)),
        securities=(plain("Stock"), plain("Bond")),
    )


def ask(level: WithdrawalLevel, which: str, amount: float) -> Withdrawal:
    return Withdrawal(level, which, amount)


def test_flows_change_the_value_that_weights_are_shares_of():
    policy = policy_of(*SIXTY_FORTY, withdrawals=(ask(WithdrawalLevel.ACCOUNT, "Joint", 25_000),))
    drift = measure_drift(withdrawing_home(), policy)
    # 100,000 + 5,000 - 25,000
    assert drift.value_usd == pytest.approx(80_000)
    assert drift.line("Stock").actual_weight == pytest.approx(60 / 80)
    # 15,000 in cash against 25,000 owed: 10,000 must be raised
    assert drift.line("Cash").actual_usd == pytest.approx(-10_000)
    assert sum(line.actual_weight for line in drift.lines) == pytest.approx(1.0)


def test_before_and_after_share_one_denominator():
    policy = policy_of(*SIXTY_FORTY, withdrawals=(ask(WithdrawalLevel.ACCOUNT, "Joint", 25_000),))
    # sell 12,000 of stock, pay the withdrawal, buy 2,000 of bonds would need cash in the IRA: leave 2,000 in Joint
    after = measure_drift(
        withdrawing_home(),
        policy,
        holdings={("Joint", "Stock"): 48_000, ("IRA", "Bond"): 30_000},
        cash={"Joint": 2_000, "IRA": 0},
    )
    assert after.value_usd == measure_drift(withdrawing_home(), policy).value_usd == pytest.approx(80_000)
    assert after.line("Stock").actual_weight == pytest.approx(0.60)
    assert after.by_account == (("IRA", "Bond", 30_000), ("Joint", "Cash", 2_000), ("Joint", "Stock", 48_000))


def test_a_household_amount_is_a_total_and_not_an_addition():
    joint, bob = ask(WithdrawalLevel.ACCOUNT, "Joint", 4_000), ask(WithdrawalLevel.OWNER, "Bob", 3_000)
    for everything, owed in ((5_000, 7_000), (7_000, 7_000), (9_000, 9_000)):
        policy = policy_of(withdrawals=(joint, bob, ask(WithdrawalLevel.HOUSEHOLD, "", everything)))
        assert withdrawals_owed_usd(withdrawing_home(), policy) == owed


def test_withdrawals_from_accounts_outside_the_target_do_not_concern_it():
    asks = (ask(WithdrawalLevel.ACCOUNT, "Plan", 4_000), ask(WithdrawalLevel.OWNER, "Cid", 2_000))
    assert withdrawals_owed_usd(withdrawing_home(), policy_of(withdrawals=asks)) == 0.0
    taxable = ask(WithdrawalLevel.TREATMENT, TaxTreatment.TAXABLE.value, 2_000)
    assert withdrawals_owed_usd(withdrawing_home(), policy_of(withdrawals=(taxable,))) == 2_000


def test_an_empty_household_does_not_drift():
    home = Household(accounts=(Account("New", TaxTreatment.ROTH),), lots=(), securities=())
    drift = measure_drift(home, policy_of(*SIXTY_FORTY))
    assert (drift.value_usd, drift.household_drift, drift.needed) == (0.0, 0.0, False)
    assert [line.actual_weight for line in drift.lines] == [0.0, 0.0]


def test_a_withdrawal_of_more_than_its_accounts_are_worth_leaves_what_others_hold():
    # The household's own amount comes from taxable accounts; the IRA's $30,000 stay.
    policy = policy_of(*SIXTY_FORTY, withdrawals=(ask(WithdrawalLevel.HOUSEHOLD, "", 200_000),))
    assert value_after_flows_usd(withdrawing_home(), policy) == pytest.approx(30_000.0)


# Stock 16 % and bond 5 % a year, uncorrelated.
SIGMA = Covariance(("Bond", "Stock"), ((0.0025, 0.0), (0.0, 0.0256)))


def test_tracking_error_is_the_root_of_the_quadratic_form():
    policy = Policy(targets=SIXTY_FORTY, as_of=AS_OF, covariance=SIGMA)
    drift = measure_drift(household_of({"Stock": 70_000, "Bond": 30_000}), policy)
    # d = (+0.1, -0.1): 0.01 x 0.0256 + 0.01 x 0.0025 = 0.000281
    assert drift.tracking_error == pytest.approx(math.sqrt(0.000281))


def test_without_a_covariance_table_the_shipped_assumptions_speak():
    drift = measure_drift(household_of({"US Large Cap": 70_000, "US Bonds": 30_000}), policy_of(*LARGE_AND_BONDS))
    # The survey: large US stocks 16.54 % and core bonds 6.22 % a year, correlation 0.32; d = (+0.1, -0.1).
    variance = 0.01 * (0.1654**2 + 0.0622**2 - 2 * 0.32 * 0.1654 * 0.0622)
    assert drift.tracking_error == pytest.approx(math.sqrt(variance))


def test_a_class_that_the_assumptions_do_not_know_leaves_the_tracking_error_unknown():
    drift = measure_drift(household_of({"Stock": 60_000, "Bond": 39_999, "Timber": 1}), policy_of(*SIXTY_FORTY))
    assert drift.tracking_error is None


def test_with_tracking_it_is_the_tracking_error_that_calls_for_trades():
    # Half a point too much stock: 0.005 x sqrt(0.0256 + 0.0025) = 0.0838 % a year.
    home = household_of({"Stock": 60_500, "Bond": 39_500})
    followed = Policy(targets=SIXTY_FORTY, as_of=AS_OF, covariance=SIGMA, tracking=True, tracking_trigger=0.0008)
    assert measure_drift(home, followed).needed
    assert not measure_drift(home, replace(followed, tracking_trigger=0.0009)).needed
    # ... while no class is outside its trigger, 48 % to 72 % of stocks, nor calls for anything without tracking.
    assert not measure_drift(home, replace(followed, tracking=False)).needed


def test_a_class_missing_from_the_covariance_matters_only_when_it_drifts():
    policy = Policy(targets=SIXTY_FORTY, as_of=AS_OF, covariance=SIGMA)
    with pytest.raises(ValueError, match="no row for Gold"):
        measure_drift(household_of({"Stock": 60_000, "Bond": 30_000, "Gold": 10_000}), policy)
    assert tracking_error({"Stock": 0.1, "Bond": -0.1, "Gold": 0.0}, SIGMA) > 0


def test_a_table_that_is_no_covariance_is_refused():
    with pytest.raises(ValueError, match="2 rows of 2 numbers"):
        tracking_error({"Stock": 0.1}, Covariance(("Bond", "Stock"), ((0.0025, 0.0),)))
    with pytest.raises(ValueError, match="negative variance"):
        tracking_error({"Stock": 0.1, "Bond": -0.1}, Covariance(("Bond", "Stock"), ((0.01, 0.02), (0.02, 0.01))))
