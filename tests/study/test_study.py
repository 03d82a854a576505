"""The whole study of a household: the same from the same seed, and refused with every reason at once."""

import time
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rebal_xl.household import Account, Covariance, InputErrors, LookRule, ReturnHistory, Target
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.study import DEFAULT_RULES, Wishes, how_often
from rebal_xl.study.rules import bands, never
from tests.optimize.homes import IRA, ROTH, TAXABLE, bond, household, lot, policy, profile, stock

SIXTY = (Target("Stock", 0.6), Target("Bond", 0.4))
HOME = household(
    [Account("Brokerage", TAXABLE), Account("IRA", IRA)],
    [lot("Brokerage", "STK", 6_000, 300_000.0), lot("IRA", "BND", 8_000)],
    [stock(yield_rate=0.015, qualified_share=1.0), bond(yield_rate=0.04)],
)
SMALL = Wishes(paths=200, years=5)
FREE = household([Account("Roth", ROTH)], [lot("Roth", "STK", 6_000), lot("Roth", "BND", 8_000)], taxpayers=())


def history(months: int = 60, classes: tuple[str, ...] = ("Stock", "Bond")) -> ReturnHistory:
    """Months that rise and fall, each class in its own time."""
    rows = [[0.04 * np.sin(month * (place + 1)) + 0.005 for place in range(len(classes))] for month in range(months)]
    return ReturnHistory(classes, date(2015, 1, 1), tuple(tuple(map(float, row)) for row in rows), "past.csv")


def test_the_same_seed_tells_the_same_study_and_another_one_another() -> None:
    first, second = (how_often(HOME, policy(SIXTY), SMALL) for _ in range(2))
    assert first == second
    other = how_often(HOME, policy(SIXTY), replace(SMALL, seed=2))
    assert other.lines[0].value_usd.mean != first.lines[0].value_usd.mean
    # two samples of one truth
    apart = abs(other.lines[1].value_usd.mean - first.lines[1].value_usd.mean)
    assert apart < 4 * np.hypot(other.lines[1].value_usd.half_width, first.lines[1].value_usd.half_width) / 1.96


def test_it_starts_from_the_households_own_dollars_and_basis_at_the_target() -> None:
    study = how_often(HOME, policy(SIXTY), SMALL)
    # 600,000 of stock at a basis of 300,000 in the brokerage account, 400,000 of bonds in the IRA: already 60/40
    assert study.start_usd == pytest.approx(1_000_000.0)
    assert study.taxable_share == pytest.approx(0.6)
    assert study.deferred_share == 1.0
    stocks, bonds = study.classes
    assert (stocks.taxable_usd, stocks.basis_usd) == (pytest.approx(600_000.0), pytest.approx(300_000.0))
    assert bonds.sheltered_usd == pytest.approx(400_000.0)
    # the survey's large US companies and core bonds
    assert (stocks.expected_return, bonds.volatility) == (0.0767, pytest.approx(0.0622))


def test_the_workbooks_own_expectations_come_before_the_surveys() -> None:
    table = Covariance(("Bond", "Stock"), ((0.0, 0.0), (0.0, 0.0)))
    study = how_often(
        FREE, policy(SIXTY, covariance=table), replace(SMALL, rules=(never(),)), expected={"Stock": 0.1, "Bond": 0.02}
    )
    # nothing varies and nothing is taxed: 600,000 x 1.1^5 + 400,000 x 1.02^5 on every path
    assert study.lines[0].value_usd.mean == pytest.approx(600_000 * 1.1**5 + 400_000 * 1.02**5)
    assert study.lines[0].value_usd.half_width == pytest.approx(0.0, abs=1e-3)
    assert study.source == "the workbook's own assumptions"


def test_annually_is_what_others_are_compared_with_unless_said_otherwise() -> None:
    assert how_often(HOME, policy(SIXTY), SMALL).reference == "Annually"
    assert how_often(HOME, policy(SIXTY), replace(SMALL, rules=(bands(3), never()))).reference == "Bands, quarterly"
    assert how_often(HOME, policy(SIXTY), replace(SMALL, reference="Never")).reference == "Never"


def test_a_target_of_one_class_has_nothing_to_rebalance() -> None:
    study = how_often(HOME, policy((Target("Stock", 1.0),)), SMALL)
    assert {line.orders for line in study.lines} == {0.0}
    assert all(line.difference_usd.mean == 0.0 for line in study.lines)
    assert "nothing to rebalance" in study.sentences[0]


def test_where_nothing_is_taxed_no_rule_pays_tax() -> None:
    study = how_often(FREE, policy(SIXTY), SMALL)
    assert all(line.tax_paid_usd.mean == line.tax_at_end_usd.mean == 0.0 for line in study.lines)
    assert study.tax.law_year == 0
    assert any("Everything lies in sheltered accounts" in sentence for sentence in study.sentences)
    assert not any("$0" in sentence for sentence in study.sentences[:-3])


def test_a_step_up_spares_the_gains_of_the_end_and_nothing_else() -> None:
    sold, left = (how_often(HOME, policy(SIXTY), replace(SMALL, step_up=way)) for way in (False, True))
    for one, other in zip(sold.lines, left.lines, strict=True):
        assert other.value_usd.mean > one.value_usd.mean
        assert other.tax_paid_usd == one.tax_paid_usd
        assert other.tax_at_end_usd.mean + other.value_usd.mean == pytest.approx(
            one.tax_at_end_usd.mean + one.value_usd.mean
        )


def test_a_history_is_put_together_anew_and_told_as_it_happened() -> None:
    study = how_often(HOME, policy(SIXTY), SMALL, history=history())
    assert (study.history_months, study.source) == (60, "past.csv, 01/2015 to 12/2019")
    assert [line.rule for line in study.happened] == [line.rule for line in study.lines]
    # never rebalanced, the IRA's bonds are just multiplied through; the first year's growth of both by hand
    growth = np.prod(1.0 + np.array(history().rows), axis=0)
    stepped = how_often(FREE, policy(SIXTY), SMALL, history=history())
    assert stepped.happened[0].value_usd == pytest.approx(600_000 * growth[0] + 400_000 * growth[1])
    assert any("as they happened" in sentence for sentence in study.sentences)


def test_everything_that_makes_a_study_impossible_is_said_at_once() -> None:
    nobody = household([Account("Brokerage", TAXABLE)], [], taxpayers=())
    wanted = policy((Target("Stock", 0.6), Target("Gold Bars", 0.3)))
    wishes = Wishes(rules=(), reference="Monthly", paths=1, years=0, seed=-1)
    with pytest.raises(InputErrors) as refused:
        how_often(nobody, wanted, wishes)
    codes = [problem.code for problem in refused.value.problems]
    assert codes.count("study-option") == 5
    assert {"no-tax-profile", "targets-total", "nothing-held", "no-expected-return", "no-covariance"} <= set(codes)
    assert all(problem.advice for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("past", "code"), [(history(35), "returns-short"), (history(60, ("Stock", "Gold")), "returns-class")]
)
def test_a_history_too_short_or_without_a_class_is_refused(past: ReturnHistory, code: str) -> None:
    with pytest.raises(InputErrors) as refused:
        how_often(HOME, policy(SIXTY), SMALL, history=past)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_year_without_law_is_a_problem_like_any_other() -> None:
    with pytest.raises(InputErrors) as refused:
        how_often(HOME, policy(SIXTY, as_of=date(2031, 1, 5)), replace(SMALL, paths=0))
    assert [problem.code for problem in refused.value.problems] == ["study-option", "law-missing"]


def test_more_cannot_be_expected_to_be_lost_than_everything() -> None:
    with pytest.raises(InputErrors, match="more cannot be lost"):
        how_often(HOME, policy(SIXTY), SMALL, expected={"Stock": -1.0})


def test_the_sample_household_shows_what_looking_costs() -> None:
    """Ten classes and cash: fewer looks trade less, and the nearer to the target the more often all is traded."""
    study = how_often(sample_household(), sample_policy(), Wishes(paths=256, years=10))
    assert [line.rule for line in study.lines] == list(DEFAULT_RULES)
    yearly, quarterly, monthly = (study.line(name) for name in ("Annually", "Quarterly", "Monthly"))
    assert yearly.turnover < quarterly.turnover < monthly.turnover
    assert yearly.tracking_error.mean > quarterly.tracking_error.mean > monthly.tracking_error.mean
    for months in ("annually", "quarterly", "monthly"):
        banded, whole = study.line(f"Bands, {months}"), study.line(months.capitalize())
        assert banded.orders < whole.orders
        assert banded.tax_paid_usd.mean < whole.tax_paid_usd.mean
    never_looked = study.line("Never")
    assert never_looked.widest_drift == max(line.widest_drift for line in study.lines)
    assert never_looked.orders == 0.0


def test_a_thousand_paths_of_twenty_years_take_seconds() -> None:
    """Eleven classes under seven rules, looked at every month: a minute at most, by the processor's own clock."""
    started = time.process_time()
    study = how_often(sample_household(), sample_policy())
    assert time.process_time() - started < 60.0
    assert (study.paths, study.years, len(study.lines), len(study.classes)) == (1_000, 20, 7, 11)


def test_a_profile_that_pays_at_two_ends_is_not_asked_twice() -> None:
    """The taxpayer of both accounts: rates are weighted, losses carried in count once."""
    home = household(
        [Account("One", TAXABLE), Account("Two", TAXABLE)],
        [lot("One", "STK", 100, 5_000.0), lot("Two", "BND", 100, 5_000.0)],
        taxpayers=(profile(long_carryforward_usd=9_000.0),),
    )
    assert how_often(home, policy(SIXTY), SMALL).tax.long_carryforward_usd == 9_000.0


def test_rules_may_be_any_number_of_months() -> None:
    odd = how_often(HOME, policy(SIXTY), replace(SMALL, rules=(LookRule("Every 7 months", 7),)))
    # 60 months: looks in months 7, 14, ... 56, and none on the last day
    assert odd.lines[0].rebalances == pytest.approx(8 / 5)
