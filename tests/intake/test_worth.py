"""Shares times price and the market value: what is rounding, and what is not."""

import pytest

from rebal_xl.intake.worth import BONDS, OPTIONS, SHARES, makes, room_usd


@pytest.mark.parametrize(
    ("shares", "price", "value", "fits"),
    [
        # 1,000 shares at $10.00, whose price was rounded by up to half a cent: $5, and a cent or two more
        (1_000.0, 10.00, 10_005.02, True),
        # a small position misses by more than half a percent, though by a cent
        (0.1, 10.00, 1.02, True),
        # half a percent of $200,000 is $1,000
        (200.0, 1_000.0, 200_999.0, True),
        (200.0, 1_000.0, 201_010.0, False),
        # a short position
        (-200.0, 1_000.0, -200_500.0, True),
        (-200.0, 1_000.0, 200_000.0, False),
    ],
)
def test_rounding_is_forgiven_and_no_more(shares: float, price: float, value: float, fits: bool) -> None:
    assert makes(shares, price, value, (SHARES,)) is fits


def test_bonds_and_options_only_where_they_are_asked_for() -> None:
    # $50,000 of face at 98.5 are $49,250; two contracts at $3.40 on 100 shares each are $680
    assert makes(50_000.0, 98.5, 49_250.0, (SHARES, BONDS))
    assert not makes(50_000.0, 98.5, 49_250.0, (SHARES,))
    assert makes(2.0, 3.40, 680.0, (SHARES, BONDS, OPTIONS))
    assert not makes(2.0, 3.40, 680.0, (SHARES, BONDS))


def test_the_price_of_a_bond_leaves_a_hundredth_of_the_room() -> None:
    # half a cent on each $100 of face: $2.50 on $50,000, less than half a percent of $49,250
    assert room_usd(50_000.0, 0.0, BONDS) == pytest.approx(2.52)
    assert room_usd(50_000.0, 49_250.0, BONDS) == pytest.approx(246.25)
