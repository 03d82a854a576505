"""Figures as people read them."""

import pytest

from rebal_xl import words


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (words.cents(1234567.891), "1,234,567.89"),
        (words.cents(-0.001), "0.00"),
        (words.whole(-1234.6), "-1,235"),
        (words.whole(-0.2), "0"),
        (words.dollars(-1234.5), "-$1,234.50"),
        (words.dollars(-0.004), "$0.00"),
        (words.signed(387.5), "+387.50"),
        (words.signed(-0.0), "0.00"),
        (words.percent(0.44646), "44.65%"),
        (words.signed_percent(-0.0100001), "-1.00%"),
        (words.signed_percent(1e-9), "0.00%"),
        (words.band(0.24, 0.36), "24.0 - 36.0%"),
        (words.band(None, None), ""),
        # A proof may claim more dollars than it has, never fewer.
        (words.at_most(3.01), "$4"),
        (words.at_most(0.0), "$0"),
        (words.count(1, "trade"), "1 trade"),
        (words.count(2, "trade"), "2 trades"),
    ],
)
def test_figures(shown, text):
    assert shown == text


def test_a_column_of_quantities_has_as_many_decimals_as_its_finest():
    assert words.share_decimals([62.0, 100.0]) == 0
    assert words.share_decimals([62.0, 816.456]) == 3
    assert words.share_decimals([0.123456]) == 6
