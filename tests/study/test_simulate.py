"""Rules over the same paths: closed forms where there are some, a second opinion where there is none."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from rebal_xl.household import BandType, StudyTax, Target
from rebal_xl.study.paths import Lognormal, draw_blocks
from rebal_xl.study.rules import DEFAULT_RULES, bands, calendar, never
from rebal_xl.study.simulate import simulate
from tests.study.homes import NO_TAX, sixty_forty, start
from tests.study.second_opinion import walk

MEAN = np.array([0.09, 0.04])
COVARIANCE = np.array([[0.0324, 0.002], [0.002, 0.0036]])
MARKET = Lognormal.of_years(MEAN, COVARIANCE)
# Standard errors within which a mean of independent paths must lie: one study in 15,000 is farther off.
SURELY = 4.0


def blocks(market=MARKET, paths=400, years=10, seed=3):
    return list(draw_blocks(market, seed, paths, 12 * years))


def monthly(*years: float) -> np.ndarray:
    """One path whose months are the twelfth roots of a year's growth, by class."""
    return np.array(years) ** (1 / 12)


def test_two_classes_with_the_same_returns_never_drift_and_every_rule_is_equal() -> None:
    """Taxes, dividends and losses carried in included: there is nothing to trade."""
    twins = Lognormal.of_years(np.array([0.07, 0.07]), np.full((2, 2), 0.03))
    begun = start(sixty_forty(), taxable=0.5, gain=0.3, payout=[0.02, 0.02], payout_tax=[0.005, 0.005])
    found = simulate(begun, DEFAULT_RULES, blocks(twins))
    assert found.orders.max() == 0.0
    assert found.tracking_error.max() == pytest.approx(0.0, abs=1e-9)
    assert found.tax_paid_usd.min() > 0.0
    for row in range(1, len(DEFAULT_RULES)):
        assert found.value_usd[row] == pytest.approx(found.value_usd[0], rel=1e-12)


def test_without_volatility_one_annual_look_is_worked_by_hand() -> None:
    """$600,000 of stocks with a basis of $300,000 grow 10 %, $400,000 of bonds nothing; looked at after a year.

    660,000 of 1,060,000 against 636,000 wanted: 24,000 are sold, 24,000 x 360/660 = 13,090.91 of it gain.
    Another year: stocks 699,600 (basis 300,000 x 636/660), bonds 424,000. All is sold then, at 20 %.
    """
    begun = replace(start(sixty_forty()), basis=np.array([300_000.0, 400_000.0]))
    growth = np.tile(monthly(1.1, 1.0), (24, 1, 1))
    found = simulate(begun, [calendar(12)], [growth])
    gain = Fraction(24_000 * 360, 660)
    left = 699_600 - 300_000 * Fraction(636, 660)
    tax = (gain + left) / 5
    assert found.value_usd[0, 0] == pytest.approx(float(699_600 + 424_000 - tax))
    assert found.tax_at_end_usd[0, 0] == pytest.approx(float(tax))
    assert found.tax_paid_usd[0, 0] == 0.0
    assert found.turnover[0, 0] == pytest.approx(24 / 1060 / 2)
    assert (found.orders[0, 0], found.rebalances[0, 0]) == (1.0, 0.5)


def test_the_tax_of_a_look_is_due_at_the_end_of_its_year() -> None:
    """As above, a third year begun: 20 % of 13,090.91 is paid after 24 months, evenly out of both classes."""
    begun = replace(start(sixty_forty()), basis=np.array([300_000.0, 400_000.0]))
    found = simulate(begun, [calendar(12)], [np.tile(monthly(1.1, 1.0), (25, 1, 1))])
    assert found.tax_paid_usd[0, 0] == pytest.approx(24_000 * 360 / 660 * 0.2)


def test_bands_looked_at_every_year_trade_when_they_are_crossed_and_not_before() -> None:
    """Stocks double in eight years, bonds stand: 1.0905 a year. After one year 62.1 %, two 64.1 %, five 69.8 %.

    Bonds fall below 32 % first, in the fourth year (1.4141 x 60 / (1.4141 x 60 + 40) = 68.0 %), and end at 36 %.
    """
    begun = start(sixty_forty(), tax=NO_TAX)
    growth = np.tile(monthly(2 ** (1 / 8), 1.0), (12 * 4 + 1, 1, 1))
    after_three = simulate(begun, [bands(12)], [growth[: 12 * 4]])
    assert after_three.orders[0, 0] == 0.0
    found = simulate(begun, [bands(12)], [growth])
    stocks = 600_000 * 2**0.5
    total = stocks + 400_000
    assert stocks / total == pytest.approx(0.6796, abs=1e-4)
    assert found.rebalances[0, 0] == 0.0
    more = np.tile(monthly(2 ** (1 / 8), 1.0), (12 * 5 + 1, 1, 1))
    found = simulate(begun, [bands(12)], [more])
    # after five years 925,442 + 400,000 stand at 69.8 %: 64 % are kept
    stocks = 600_000 * 2 ** (5 / 8)
    assert found.rebalances[0, 0] * 61 / 12 == pytest.approx(1.0)
    assert found.turnover[0, 0] * 61 / 12 == pytest.approx(stocks / (stocks + 400_000) - 0.64)


def test_buy_and_hold_grows_with_the_mean_of_its_classes() -> None:
    """E = 600,000 x 1.09^10 + 400,000 x 1.04^10, sheltered."""
    found = simulate(start(sixty_forty(), taxable=0.0), [never()], blocks(paths=4_000))
    value = found.value_usd[0]
    expected = 600_000 * 1.09**10 + 400_000 * 1.04**10
    assert abs(value.mean() - expected) < SURELY * value.std() / np.sqrt(len(value))


def test_a_constant_mix_grows_with_the_mean_of_a_month() -> None:
    """E = (0.6 x 1.09^(1/12) + 0.4 x 1.04^(1/12))^120, since months are independent: less than buying and holding."""
    found = simulate(start(sixty_forty(), taxable=0.0), [calendar(1)], blocks(paths=4_000))
    value = found.value_usd[0]
    expected = 1_000_000 * (0.6 * 1.09 ** (1 / 12) + 0.4 * 1.04 ** (1 / 12)) ** 120
    assert expected < 600_000 * 1.09**10 + 400_000 * 1.04**10
    assert abs(value.mean() - expected) < SURELY * value.std() / np.sqrt(len(value))


def test_the_diversification_return_of_a_constant_mix_is_that_of_the_formula() -> None:
    """The mean yearly logarithm of a mix kept constant exceeds the mix of its classes' by (w's² - w'Sw) / 2.

    In continuous time; a month's step is off by less than the noise of the paths (control: each path's own classes).
    """
    growth = blocks(paths=4_000)
    found = simulate(start(sixty_forty(), taxable=0.0), [calendar(1)], growth)
    logs = np.log1p(COVARIANCE / np.outer(1 + MEAN, 1 + MEAN))
    weights = np.array([0.6, 0.4])
    expected = 0.5 * (weights @ np.diag(logs) - weights @ logs @ weights)
    own = np.concatenate([np.log(each).sum(axis=0) @ weights for each in growth])
    extra = (np.log(found.value_usd[0] / 1_000_000) - own) / 10
    error = extra.std() / np.sqrt(len(extra))
    # variances of the logarithms 0.0269 and 0.0033, covariance 0.0018: (0.0175 - 0.0111) / 2
    assert expected == pytest.approx(0.0032, abs=0.0001)
    # a step of a month leaves out terms of the order of a month's variance: 2 % of it at most
    assert abs(extra.mean() - expected) < SURELY * error + 0.02 * expected


def test_the_tracking_error_of_the_first_year_is_that_of_the_months() -> None:
    """Twelve months of known returns, never rebalanced: standard deviation by hand over the twelve differences."""
    growth = np.array([[[1.05, 1.0]], [[0.97, 1.01]]] * 6)
    found = simulate(start(sixty_forty(), taxable=0.0), [never(), calendar(1)], [growth])
    stocks, bonds, apart = 0.6, 0.4, []
    for month in growth[:, 0]:
        own = (stocks * month[0] + bonds * month[1]) / (stocks + bonds)
        apart.append(own - (0.6 * month[0] + 0.4 * month[1]))
        stocks, bonds = stocks * month[0], bonds * month[1]
    assert found.tracking_error[0, 0] == pytest.approx(np.std(apart) * np.sqrt(12))
    assert found.tracking_error[1, 0] == pytest.approx(0.0, abs=1e-9)


def test_half_paths_in_two_blocks_are_the_paths_of_one() -> None:
    begun = start(sixty_forty(), gain=0.4)
    whole = blocks(paths=200)[0]
    one = simulate(begun, DEFAULT_RULES, [whole])
    two = simulate(begun, DEFAULT_RULES, [whole[:, :70], whole[:, 70:]])
    assert one.value_usd == pytest.approx(two.value_usd, rel=1e-12)
    assert np.array_equal(one.orders, two.orders)


TARGETS = [
    Target("Stocks", 0.5, BandType.RELATIVE, 0.1, 0.02),
    Target("Bonds", 0.3, BandType.ABSOLUTE, 0.02, 0.01),
    Target("Gold", 0.15, BandType.FIVE_TWENTYFIVE),
    Target("Cash", 0.05, floor=0.045),
]
RULES = (never(), calendar(12), calendar(3), calendar(1), bands(1), bands(6))


@pytest.mark.parametrize("step_up", [False, True])
def test_every_path_is_what_plain_loops_over_lots_make_of_it(step_up: bool) -> None:
    """Dividends, spreads, short terms, losses carried, a deferred part: every rule on every path to the cent."""
    wild = np.diag([0.36, 0.09, 0.5, 0.0004])
    market = Lognormal.of_years(np.array([0.10, 0.03, 0.02, 0.03]), wild)
    begun = replace(
        start(
            TARGETS,
            tax=StudyTax(0.4, 0.238, 0.3, 3_000.0, short_carryforward_usd=5_000.0, long_carryforward_usd=40_000.0),
            payout=[0.02, 0.04, 0.0, 0.03],
            payout_tax=[0.004, 0.015, 0.0, 0.012],
            half_spread=[0.0002, 0.0005, 0.002, 0.0],
            deferred_share=0.7,
        ),
        taxable=np.array([420_000.0, 60_000.0, 100_000.0, 20_000.0]),
        basis=np.array([200_000.0, 70_000.0, 100_000.0, 20_000.0]),
        sheltered=np.array([80_000.0, 240_000.0, 50_000.0, 30_000.0]),
    )
    growth = blocks(market, paths=25, years=6)
    found = simulate(begun, RULES, growth, step_up=step_up)
    short = 0
    for row, rule in enumerate(RULES):
        for path in range(25):
            columns = (begun.taxable, begun.basis, begun.sheltered)
            other = walk(TARGETS, begun.terms, *columns, rule, growth[0][:, path], step_up)
            assert found.value_usd[row, path] == pytest.approx(other.value_usd, abs=0.01)
            assert found.tax_paid_usd[row, path] == pytest.approx(other.tax_paid_usd, abs=0.01)
            assert found.tax_at_end_usd[row, path] == pytest.approx(other.tax_at_end_usd, abs=0.01)
            assert found.turnover[row, path] * 6 == pytest.approx(other.turnover)
            assert found.widest_drift[row, path] == pytest.approx(other.widest)
            assert found.tracking_error[row, path] == pytest.approx(np.std(other.apart) * np.sqrt(12))
            assert round(found.orders[row, path] * 6) == other.orders
            assert round(found.rebalances[row, path] * 6) == other.rebalances
            short += other.short_usd > 0.0
    # the paths are wild enough for short-term sales, or the test would not see them
    assert short > 3
