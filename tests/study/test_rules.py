"""How people write the rules of looking, and what they are told when they write something else."""

import pytest

from rebal_xl.household import LookRule
from rebal_xl.study.rules import DEFAULT_RULES, read_rules


@pytest.mark.parametrize(
    ("written", "name", "months", "banded"),
    [
        ("never", "Never", 0, False),
        ("Annually", "Annually", 12, False),
        ("yearly", "Annually", 12, False),
        ("quarterly", "Quarterly", 3, False),
        ("6m", "Semiannually", 6, False),
        ("every 5 months", "Every 5 months", 5, False),
        ("24m", "Every 2 years", 24, False),
        ("90d", "Quarterly", 3, False),
        ("bands", "Bands, monthly", 1, True),
        ("bands-quarterly", "Bands, quarterly", 3, True),
        ("Bands, every 60 days", "Bands, every 2 months", 2, True),
        ("bands-30d", "Bands, monthly", 1, True),
    ],
)
def test_a_rule_in_any_of_its_words(written: str, name: str, months: int, banded: bool) -> None:
    assert read_rules([written]) == ((LookRule(name, months, banded),), ())


def test_everything_that_is_no_rule_is_said_at_once() -> None:
    rules, problems = read_rules(["never", "bands-45d", "often", "0m", "500m"])
    assert [rule.name for rule in rules] == ["Never"]
    assert [problem.message for problem in problems] == [
        '"bands-45d" looks every 45 days, but returns are monthly.',
        '"often" is no rule of looking.',
        '"0m" does not lie between one month and 10 years.',
        '"500m" does not lie between one month and 10 years.',
    ]
    assert all(problem.advice for problem in problems)


def test_a_rule_written_twice_counts_once_and_every_usual_rule_can_be_written() -> None:
    assert len(read_rules(["monthly", "1m", "30 days"])[0]) == 1
    assert read_rules(rule.name for rule in DEFAULT_RULES) == (DEFAULT_RULES, ())
