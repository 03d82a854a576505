"""The netting of many rows at once against Schedule D of one return."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.study.netting import net_year
from rebal_xl.tax.netting import carry_over, net_gains
from tests.study.homes import TAX

usd = st.floats(-50_000, 50_000, allow_nan=False)
loss = st.floats(0, 50_000, allow_nan=False)
# income enough for every loss to be of use
INCOME_USD = 1e6


@given(st.lists(st.tuples(usd, usd, loss, loss), min_size=1, max_size=5))
def test_every_row_is_a_schedule_d(rows) -> None:
    found = net_year(*(np.array(column) for column in zip(*rows, strict=True)), TAX)
    for place, (short, long, short_carried, long_carried) in enumerate(rows):
        gains = net_gains(
            short,
            long,
            loss_limit_usd=3_000.0,
            short_carryforward_usd=short_carried,
            long_carryforward_usd=long_carried,
        )
        carried = carry_over(gains, INCOME_USD)
        # 37 % on what is ordinary, losses included, 20 % on what is preferential
        tax = 0.37 * gains.ordinary_usd + 0.20 * gains.preferential_usd
        assert found.tax_usd[place] == pytest.approx(tax, abs=1e-6)
        assert found.short_carryforward_usd[place] == pytest.approx(carried.short_usd, abs=1e-6)
        assert found.long_carryforward_usd[place] == pytest.approx(carried.long_usd, abs=1e-6)


def test_a_loss_of_ten_thousand_saves_three_thousands_worth_and_is_carried_on() -> None:
    """-$10,000 long: 37 % of $3,000 saved now, $7,000 carried as long-term."""
    found = net_year(*(np.array([value]) for value in (0.0, -10_000.0, 0.0, 0.0)), TAX)
    assert found.tax_usd[0] == pytest.approx(-1_110.0)
    assert (found.short_carryforward_usd[0], found.long_carryforward_usd[0]) == (0.0, 7_000.0)
