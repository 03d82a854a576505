"""Gain on collectibles in the tax rows: the very tax of the Schedule D Tax Worksheet, whatever lies beside it."""

from random import Random

import pytest

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax.liability import tax_bill
from tests.optimize.test_taxrows import LAW, random_case, tax_by_rows


@pytest.mark.parametrize("seed", range(900, 1_300))
def test_rows_give_the_bill_of_collectibles_to_the_cent(seed: int) -> None:
    """Gains and losses on collectibles among other gains and losses, short ones and carried ones."""
    draw = Random(seed)
    profile, short, long, room = random_case(draw)
    collectible = draw.choice((1.0, draw.uniform(0.0, 1.0), draw.uniform(-0.5, 1.5))) * abs(long)
    bill = tax_bill(profile, short, long, law=LAW, collectible_gain_usd=collectible)
    rows = tax_by_rows(profile, short, long, room, collectible_gain=collectible)
    assert rows == pytest.approx(bill.total_usd, abs=0.005)


def test_gold_at_a_gain_is_taxed_as_a_collectible() -> None:
    # a couple, 2026: $417,800 of taxable wages are in the 32 % bracket: 28 % of $10,000 and 3.8 % on it
    profile = TaxProfile("payer", FilingStatus.MFJ, ordinary_income_usd=450_000.0)
    before = tax_by_rows(profile, 0.0, 0.0, 50_000.0)
    assert tax_by_rows(profile, 0.0, 10_000.0, 50_000.0) - before == pytest.approx(1_880.0, abs=0.005)
    gold = tax_by_rows(profile, 0.0, 10_000.0, 50_000.0, collectible_gain=10_000.0)
    assert gold - before == pytest.approx(3_180.0, abs=0.005)
