"""What moves with gains is told by its kinks: lines between them are the law at every gain."""

from random import Random

import pytest

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax.law import law_for
from rebal_xl.tax.liability import income_with
from rebal_xl.tax.moving import kinks, moved

LAW, _ = law_for(2026)


@pytest.mark.parametrize("seed", range(150))
def test_lines_between_kinks_are_the_law(seed: int) -> None:
    draw = Random(seed)
    profile = TaxProfile(
        "payer",
        draw.choice((*(status for status in FilingStatus if status is not FilingStatus.GRANTOR_TRUST),)),
        ordinary_income_usd=draw.choice((0.0, 25_000.0, 80_000.0, 460_000.0, 700_000.0)) * draw.uniform(0.9, 1.1),
        social_security_usd=draw.choice((0.0, 20_000.0, 60_000.0)),
        itemized_deductions_usd=draw.choice((None, 5_000.0, 25_000.0, 120_000.0)),
        state_local_tax_usd=draw.choice((0.0, 12_000.0, 80_000.0)),
        aged_65=draw.choice((0, 1, 2)),
    )
    lowest = draw.choice((-3_000.0, 0.0, 40_000.0))
    points, first = kinks(profile, lowest, LAW), income_with(profile, lowest, LAW)
    for _ in range(40):
        gain = lowest + draw.choice((1_000.0, 60_000.0, 400_000.0, 3_000_000.0)) * draw.random()
        income, (taxable, agi) = income_with(profile, gain, LAW), moved(points, gain)
        assert first.taxable_usd + (gain - lowest) + taxable == pytest.approx(income.taxable_usd, abs=0.001)
        assert first.agi_usd + (gain - lowest) + agi == pytest.approx(income.agi_usd, abs=0.001)


def test_wages_alone_move_nothing() -> None:
    points = kinks(TaxProfile("payer", FilingStatus.MFJ, ordinary_income_usd=90_000.0), 0.0, LAW)
    assert {(point.taxable_usd, point.agi_usd) for point in points} == {(0.0, 0.0)}


def test_the_kinks_of_social_security_are_those_of_the_statute() -> None:
    """
    A single filer with $20,000 of benefits and $10,000 of pension: provisional income 20,000 + gain. Half counts from
    25,000 (gain 5,000), 85 % from 34,000 (gain 14,000), until 85 % of the benefits, 17,000, are in: 4,500 by then, so
    12,500 / .85 = 14,705.88 further (gain 28,705.88) (IRC 86).
    """
    profile = TaxProfile("payer", FilingStatus.SINGLE, ordinary_income_usd=10_000.0, social_security_usd=20_000.0)
    points = kinks(profile, 0.0, LAW)
    assert [point.gain_usd for point in points][1:4] == [
        pytest.approx(5_000.0),
        pytest.approx(14_000.0),
        pytest.approx(14_000.0 + 12_500.0 / 0.85),
    ]
    assert points[-1].taxable_usd == pytest.approx(17_000.0)
