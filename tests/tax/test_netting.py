"""Schedule D: netting in every combination of signs, the loss limit and what is carried on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebal_xl.tax.netting import Carryover, carry_over, net_gains

DOLLARS = st.floats(-1e6, 1e6).map(lambda value: round(value, 2))
LOSSES = st.floats(0, 1e6).map(lambda value: round(value, 2))
PLENTY = 1e9  # income that uses up every allowed loss


@pytest.mark.parametrize(
    ("short", "long", "in_income", "preferential"),
    [
        (10_000, 60_000, 70_000, 60_000),  # two gains: long keeps its rates
        (50_000, -20_000, 30_000, 0),  # long loss eats short gain: what is left is short
        (-20_000, 50_000, 30_000, 30_000),  # short loss eats long gain: what is left is long
        (10_000, -60_000, -3_000, 0),  # net loss, 3,000 of it allowed
        (-60_000, 10_000, -3_000, 0),
        (-1_000, -1_500, -2_500, 0),  # a small loss is allowed in full
        (-10_000, -10_000, -3_000, 0),
        (0, 0, 0, 0),
    ],
)
def test_every_combination_of_signs(short: float, long: float, in_income: float, preferential: float):
    gains = net_gains(short, long, loss_limit_usd=3_000)
    assert (gains.in_income_usd, gains.preferential_usd) == (in_income, preferential)
    assert gains.ordinary_usd == in_income - preferential


def test_carryforwards_keep_their_term():
    gains = net_gains(12_000, 8_000, loss_limit_usd=3_000, short_carryforward_usd=5_000, long_carryforward_usd=30_000)
    # line 7 = 12,000 - 5,000, line 15 = 8,000 - 30,000, line 16 = -15,000
    assert (gains.short_usd, gains.long_usd, gains.total_usd) == (7_000, -22_000, -15_000)
    assert gains.allowed_loss_usd == 3_000
    # 22,000 of long loss less 7,000 against the short gain and 3,000 against other income
    assert carry_over(gains, 100_000) == Carryover(0, 12_000)


def test_a_short_loss_uses_the_3000_first():
    gains = net_gains(-2_000, -6_000, loss_limit_usd=3_000)
    # 2,000 short and 1,000 long are used
    assert carry_over(gains, 100_000) == Carryover(0, 5_000)


def test_separate_filers_may_deduct_1500():
    gains = net_gains(-5_000, -4_000, loss_limit_usd=1_500)
    assert gains.in_income_usd == -1_500
    assert carry_over(gains, 100_000) == Carryover(3_500, 4_000)


def test_couple_of_publication_550_carries_4000():
    gains = net_gains(0, -7_000, loss_limit_usd=3_000)
    assert carry_over(gains, 26_000 - 3_000) == Carryover(0, 4_000)


def test_a_loss_that_saved_no_tax_is_not_used_up():
    gains = net_gains(-10_000, 0, loss_limit_usd=3_000)
    assert carry_over(gains, -14_500) == Carryover(10_000, 0)


def test_a_loss_that_saved_some_tax_is_used_up_in_part():
    # taxable income would be -1,750 with the 3,000: only 1,250 of it was worth anything
    gains = net_gains(0, -9_000, loss_limit_usd=3_000)
    assert carry_over(gains, -1_750) == Carryover(0, 7_750)


def test_without_a_net_loss_nothing_is_carried():
    assert carry_over(net_gains(-5_000, 5_000, loss_limit_usd=3_000), 50_000) == Carryover(0, 0)


@pytest.mark.parametrize(
    ("short", "long_carryforward", "line_18"),
    [(0, 0, 20_000), (-8_000, 0, 12_000), (5_000, 0, 20_000), (0, 15_000, 5_000), (-8_000, 15_000, 0)],
)
def test_losses_eat_gain_on_collectibles_first(short: float, long_carryforward: float, line_18: float):
    gains = net_gains(
        short, 30_000, loss_limit_usd=3_000, long_carryforward_usd=long_carryforward, collectible_usd=20_000
    )
    assert gains.collectible_usd == line_18


@given(DOLLARS, DOLLARS, LOSSES, LOSSES)
def test_no_dollar_of_loss_is_lost_or_made(short: float, long: float, short_carry: float, long_carry: float):
    gains = net_gains(
        short, long, loss_limit_usd=3_000, short_carryforward_usd=short_carry, long_carryforward_usd=long_carry
    )
    carried = carry_over(gains, PLENTY)
    assert gains.in_income_usd - carried.short_usd - carried.long_usd == pytest.approx(gains.total_usd, abs=1e-4)
    assert min(carried.short_usd, carried.long_usd) >= 0.0


@given(DOLLARS, DOLLARS, st.floats(-1e5, 1e5))
def test_at_most_the_allowed_loss_is_used(short: float, long: float, taxable: float):
    gains = net_gains(short, long, loss_limit_usd=3_000)
    carried = carry_over(gains, taxable)
    total = max(0.0, -gains.total_usd)
    used = total - carried.short_usd - carried.long_usd
    assert -1e-6 <= used <= gains.allowed_loss_usd + 1e-6
    assert used == pytest.approx(min(gains.allowed_loss_usd, max(0.0, taxable + gains.allowed_loss_usd)), abs=1e-6)


@given(DOLLARS, DOLLARS)
def test_preferential_and_ordinary_part_make_the_whole(short: float, long: float):
    gains = net_gains(short, long, loss_limit_usd=3_000)
    assert gains.preferential_usd >= 0.0
    assert gains.preferential_usd <= max(0.0, gains.long_usd)
    assert gains.in_income_usd >= -3_000
