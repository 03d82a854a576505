"""Figures as a client reads them."""

from datetime import date

import pytest

from rebal_xl.explain import figures


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "$0"),
        (-0.004, "$0"),
        (2.0, "$2"),
        (2.5, "$2.50"),
        (999.99, "$999.99"),
        (1_000.0, "$1,000"),
        (1_234.56, "$1,235"),
        (50_000_000.0, "$50,000,000"),
        (-1_234.56, "-$1,235"),
    ],
)
def test_dollars_are_whole_from_a_thousand_on(value: float, text: str) -> None:
    assert figures.usd(value, "plan").text == text


@pytest.mark.parametrize(
    ("weight", "text"),
    [
        (0.0, "0.0%"),
        (0.0004, "less than 0.1%"),
        (0.0005, "0.1%"),
        (0.1631, "16.3%"),
        (1.0, "100.0%"),
        (-0.00001, "0.0%"),
    ],
)
def test_weights_are_told_to_a_tenth(weight: float, text: str) -> None:
    assert figures.share(weight, "plan").text == text


@pytest.mark.parametrize(("weight", "text"), [(0.05, "5%"), (0.0125, "1.25%"), (0.017664, "1.77%"), (0.0, "0%")])
def test_what_was_typed_is_told_as_it_was_typed(weight: float, text: str) -> None:
    assert figures.fine_share(weight, "policy").text == text


def test_a_change_has_no_sign_and_its_path_turns() -> None:
    assert figures.change(3_000.0, "plan.tax.cost_usd").source == "plan.tax.cost_usd"
    saved = figures.change(-3_000.0, "plan.tax.cost_usd")
    assert (saved.text, saved.value, saved.source) == ("$3,000", 3_000.0, "-(plan.tax.cost_usd)")


def test_what_is_about_right_has_no_cents() -> None:
    assert figures.about(69.41, "plan").text == "$69"
    assert figures.about(0.4, "plan").text == "$0.40"


def test_days_and_years_are_written_out() -> None:
    assert figures.day(date(2026, 12, 3), "plan").text == "December 3, 2026"
    assert [figures.years(value, "policy").text for value in (1.0, 7.5, 10.0)] == ["1 year", "7.5 years", "10 years"]


def test_two_ways_differ_by_more_than_the_grid_of_the_comparison() -> None:
    # a dollar, and two thousandths of what is compared
    assert not figures.differ(100.0, 101.0)
    assert figures.differ(100.0, 101.01)
    assert not figures.differ(10_000.0, 10_020.0)
    assert figures.differ(10_000.0, 10_021.0)
