"""What is said, from figures set by hand: noise is called noise, risk is told with value, and no rule adds return."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from rebal_xl.household import Estimate, HappenedLine, Percentiles, Study, StudyClass, StudyLine, StudyTax
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.study import Wishes, how_often
from rebal_xl.study.rules import bands, calendar, never
from rebal_xl.study.sentences import answer, study_sentences, told_first

EVEN = Percentiles(800_000.0, 900_000.0, 1_000_000.0, 1_100_000.0, 1_200_000.0)


def line(rule, difference=(0.0, 0.0, 0.0), **more) -> StudyLine:
    """$1,000,000 at the end and 1 % of tracking error unless said otherwise."""
    given = {
        "rule": rule,
        "value_usd": Estimate(1_000_000.0 + difference[0], 990_000.0, 1_010_000.0),
        "value_spread": EVEN,
        "difference_usd": Estimate(*difference),
        "difference_spread": Percentiles(-5_000.0, -1_000.0, 0.0, 1_000.0, 6_000.0),
        "better": 0.5,
        "tracking_error": Estimate(0.01, 0.009, 0.011),
        "drift": 0.02,
        "widest_drift": 0.08,
        "volatility": 0.10,
        "lean": 0.0,
        "turnover": 0.03,
        "tax_paid_usd": Estimate(40_000.0, 39_000.0, 41_000.0),
        "tax_at_end_usd": Estimate(90_000.0, 89_000.0, 91_000.0),
        "cost_usd": 0.0,
        "rebalances": 1.0,
        "orders": 4.0,
    }
    return StudyLine(**{**given, **more})


NEVER = line(
    never(), (30_000.0, 20_000.0, 40_000.0), orders=0.0, widest_drift=0.25, volatility=0.12, lean=0.002,
    tracking_error=Estimate(0.02, 0.02, 0.02), tax_paid_usd=Estimate(35_000.0, 0.0, 0.0),
)  # fmt: skip
YEARLY = line(calendar(12))
QUARTER = line(bands(3), (-2_000.0, -6_000.0, 2_000.0), tracking_error=Estimate(0.0042, 0.004, 0.0044), orders=8.25)
CLASSES = (
    StudyClass("Stock", 0.6, 600_000.0, 0.0, 300_000.0, 0.08, 0.16, 0.015, 0.003),
    StudyClass("Bond", 0.4, 0.0, 400_000.0, 0.0, 0.05, 0.06, 0.04, 0.012),
)
STUDY = Study(
    household="The Millers",
    as_of=date(2026, 11, 20),
    sentences=(),
    lines=(NEVER, YEARLY, QUARTER),
    reference="Annually",
    classes=CLASSES,
    tax=StudyTax(0.37, 0.2, 0.25, 3_000.0, law_year=2026),
    paths=1_000,
    years=20,
    seed=1,
    step_up=False,
    start_usd=1_000_000.0,
    taxable_share=0.6,
    deferred_share=1.0,
    source="a survey",
)


def test_the_answer_tells_tracking_error_orders_and_that_the_rest_is_noise() -> None:
    assert answer(STUDY) == (
        "For this mix, looking quarterly with your bands kept the tracking error at 0.42% a year (2.00% without any "
        "rebalancing) with 8.2 orders and 3.00% of the household sold a year; differences in after-tax value between "
        "the rules that rebalance are within noise (0.20% of the ending value at most on average, and every 95% "
        "interval spans zero)."
    )
    assert 'In after-tax value "Bands, quarterly" cannot be told from "Annually": the 95% interval spans zero.' in (
        study_sentences(STUDY)
    )


def test_a_difference_beyond_noise_is_told_with_its_risk_and_its_tax() -> None:
    apart = replace(QUARTER, difference_usd=Estimate(9_000.0, 4_000.0, 14_000.0), volatility=0.103, lean=0.0004,
                    value_usd=Estimate(1_009_000.0, 0.0, 0.0), tax_paid_usd=Estimate(37_500.0, 0.0, 0.0))  # fmt: skip
    study = replace(STUDY, lines=(NEVER, YEARLY, apart))
    assert "within noise" not in answer(study)
    assert "ended within 0.90% of each other's after-tax value on average." in answer(study)
    assert (
        '"Bands, quarterly" ended with $9,000 more than "Annually" on average (0.90%; 95% interval $4,000 to $14,000): '
        "its mix was expected to return 0.04% a year more (volatility 10.30% against 10.00%), and it paid $2,500 less "
        "tax on the way."
    ) in study_sentences(study)


def test_what_is_no_difference_is_not_told_as_one() -> None:
    """Nothing is taxed and the mix leaned nowhere: no "$0 less tax", no "0.00% a year less"."""
    apart = replace(QUARTER, difference_usd=Estimate(9_000.0, 4_000.0, 14_000.0), lean=0.00004)
    said = next(text for text in study_sentences(replace(STUDY, lines=(YEARLY, apart))) if "ended with $" in text)
    assert said.endswith("its mix was expected to return the same (volatility 10.00% against 10.00%).")


def test_an_interval_below_zero_is_less_and_its_ends_are_in_order() -> None:
    worse = replace(QUARTER, difference_usd=Estimate(-9_000.0, -14_000.0, -4_000.0))
    said = next(text for text in study_sentences(replace(STUDY, lines=(YEARLY, worse))) if "ended with $" in text)
    assert "$9,000 less than" in said
    assert "95% interval $4,000 to $14,000" in said


@pytest.mark.parametrize(("low", "noise"), [(-1.0, True), (0.0, True), (1.0, False)])
def test_an_interval_that_touches_zero_still_spans_it(low: float, noise: bool) -> None:
    edge = replace(QUARTER, difference_usd=Estimate(3_000.0, low, 6_000.0))
    assert ("within noise" in answer(replace(STUDY, lines=(YEARLY, edge)))) is noise


def test_never_rebalancing_is_told_as_risk_and_not_as_reward() -> None:
    said = study_sentences(STUDY)
    start = next(place for place, text in enumerate(said) if text.startswith("Without any rebalancing"))
    assert "25.00% of the household" in said[start]
    assert said[start + 1] == (
        'It ended with $30,000 more than "Annually" on average, and with more in 50% of the paths: its mix was '
        "expected to return 0.20% a year more (volatility 12.00% against 10.00%), and it paid $5,000 less tax on the "
        "way. That is what more risk than the target asks for is expected to pay, not a reward for looking away."
    )
    worse = replace(NEVER, difference_usd=Estimate(-30_000.0, -40_000.0, -20_000.0))
    assert not any("reward" in text for text in study_sentences(replace(STUDY, lines=(worse, YEARLY, QUARTER))))
    same = replace(NEVER, difference_usd=Estimate(30_000.0, -40_000.0, 100_000.0))
    told = study_sentences(replace(STUDY, lines=(same, YEARLY, QUARTER)))
    assert 'In after-tax value it cannot be told from "Annually": the 95% interval spans zero.' in told


def test_compared_with_never_the_others_are_not_said_to_be_within_noise() -> None:
    """Each against never says nothing of how they differ from each other: by 2,000 of never's 1,030,000."""
    study = replace(STUDY, reference="Never", lines=(replace(NEVER, difference_usd=Estimate(0, 0, 0)), YEARLY, QUARTER))
    assert "within noise" not in answer(study)
    assert "ended within 0.19% of each other's" in answer(study)


def test_the_answer_is_about_bands_looked_at_quarterly_or_the_nearest_thing() -> None:
    def first(*rules):
        return told_first(replace(STUDY, lines=tuple(line(rule) for rule in rules))).rule

    assert first(never(), calendar(3), bands(1), bands(12), bands(3)) == bands(3)
    assert first(never(), calendar(3), bands(1), bands(12)) == bands(1)
    assert first(never(), calendar(12), calendar(3)) == calendar(3)
    assert first(never()) == never()


def test_one_class_says_so_and_claims_nothing_else() -> None:
    study = replace(STUDY, classes=CLASSES[:1], lines=tuple(line(each.rule, orders=0.0) for each in STUDY.lines))
    said = study_sentences(study)
    assert said[0] == "The target holds one class alone, Stock: there is nothing to rebalance, however often one looks."
    assert not any("cannot be told" in text or "Without any rebalancing" in text for text in said)


def test_where_nothing_was_traded_that_is_the_answer() -> None:
    study = replace(STUDY, lines=tuple(line(each.rule, orders=0.0) for each in STUDY.lines))
    assert answer(study).startswith("Nothing was traded under any of these rules")
    only = replace(STUDY, lines=(NEVER,), reference="Never")
    assert answer(only).startswith("Nothing was traded")


def test_all_sheltered_and_no_tax_are_said() -> None:
    assert any(
        "Everything lies in sheltered accounts" in text for text in study_sentences(replace(STUDY, taxable_share=0.0))
    )
    free = replace(STUDY, tax=StudyTax(0, 0, 0, 0), classes=tuple(replace(one, payout_tax=0.0) for one in CLASSES))
    assert any("Nothing is taxed at these rates" in text for text in study_sentences(free))
    assert not any("taxed at these rates" in text or "sheltered" in text for text in study_sentences(STUDY))


def test_few_paths_a_step_up_and_a_history_are_said() -> None:
    few = study_sentences(replace(STUDY, paths=50, step_up=True))
    assert any("So few paths" in text and "heirs take the assets" in text for text in few)
    past = HappenedLine(bands(3), 1e6, 0.0, 0.0051, 0.02, 0.0, 5.0)
    told = study_sentences(replace(STUDY, history_months=312, happened=(past,), source="past.csv"))
    assert any("Over the 312 months" in text and "0.51%" in text for text in told)
    assert any("twelve-month blocks of past.csv" in text for text in told)


def test_nothing_ever_claims_that_a_rule_adds_return() -> None:
    studies = [
        STUDY,
        replace(STUDY, step_up=True),
        how_often(sample_household(), sample_policy(), Wishes(paths=64, years=5)),
    ]
    for study in studies:
        said = study_sentences(study)
        assert said[-1].startswith("No rule is claimed to add return")
        assert any(text.startswith("Hypothetical figures") for text in said)
        for text in said[:-1]:
            assert not any(
                word in text.lower() for word in ("bonus", "alpha", "outperform", "beats", "optimal", "best")
            )
        # and no sentence stands there twice
        assert all(one != other for one, other in pairwise(sorted(said)))
