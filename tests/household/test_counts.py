"""Share counts in sentences: a bond's face of a million dollars is no power of ten."""

import pytest

from rebal_xl.household.counts import shares_in_words


@pytest.mark.parametrize(
    ("quantity", "told"),
    [
        (1_234_567.0, "1,234,567"),
        (0.125, "0.125"),
        (1_000_000.0, "1,000,000"),
        (1_234_567.125, "1,234,567.125"),
        (100.0, "100"),
        (0.0, "0"),
        # a millionth of a share is told, half of one is dust, on either side of zero
        (0.000001, "0.000001"),
        (0.0000004, "0"),
        (-0.0000004, "0"),
        (-25.5, "-25.5"),
    ],
)
def test_a_count_is_written_in_full(quantity: float, told: str) -> None:
    """Thousands are set apart, and zeros behind the point are left away."""
    assert shares_in_words(quantity) == told
