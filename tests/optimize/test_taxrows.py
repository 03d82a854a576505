"""The tax rows must give the very tax of the worksheets at every mix of short and long gain."""

from random import Random

import pytest

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.optimize.collectible_rows import CollectibleNet
from rebal_xl.optimize.program import UNIT_USD, Program
from rebal_xl.optimize.rules.gains import tax_constants
from rebal_xl.optimize.solver import solve
from rebal_xl.optimize.taxfigures import Range
from rebal_xl.optimize.taxrows import add_tax_rows
from rebal_xl.tax.law import Law, law_for
from rebal_xl.tax.liability import tax_bill
from rebal_xl.tax.model import model_constants

LAW, _ = law_for(2026)
PERSONS = (FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS, FilingStatus.HOH, FilingStatus.QSS)


def tax_by_rows(
    profile: TaxProfile,
    short_gain: float,
    long_gain: float,
    room: float,
    law: Law = LAW,
    lowest: float = 0.0,
    collectible_gain: float | None = None,
) -> float:
    """Cheapest value of the block with all nets fixed, though its bounds leave `room` dollars open on every side."""
    constants = model_constants(profile, law, lowest)
    short = (constants.short_start_usd + short_gain) / UNIT_USD
    long = (constants.long_start_usd + long_gain) / UNIT_USD
    wide = room / UNIT_USD
    reach = Range(short - wide, short + wide, long - wide, long + wide)
    program = Program()
    columns = [program.add_column("short", short, short), program.add_column("long", long, long)]
    part = None
    if collectible_gain is not None:
        gain = collectible_gain / UNIT_USD
        part = CollectibleNet(program.add_column("collectible", gain, gain), gain - wide, gain + wide)
    block = add_tax_rows(program, "payer", tax_constants(constants), *columns, reach, part)
    arrays = program.finish()
    for column, value in block.tax:
        arrays.cost[column] += value
    answer = solve(arrays, gap_usd=0.0, deadline_s=10.0)
    return answer.objective * UNIT_USD


def random_case(draw: Random) -> tuple[TaxProfile, float, float, float]:
    """Incomes around the corners of the law: no taxable income, the strip above the 0 % band, the 20 % threshold."""
    status = draw.choice((*PERSONS, FilingStatus.TRUST))
    income = draw.choice((0.0, 9_000.0, 40_000.0, 66_000.0, 131_000.0, 180_000.0, 320_000.0, 700_000.0))
    if status is FilingStatus.TRUST:
        income = draw.choice((0.0, 2_000.0, 3_350.0, 14_000.0, 60_000.0))
    profile = TaxProfile(
        taxpayer="payer",
        status=status,
        ordinary_income_usd=income * draw.uniform(0.9, 1.1),
        qualified_dividends_usd=draw.choice((0.0, 3_000.0, 20_000.0)),
        other_investment_income_usd=draw.choice((0.0, income * 0.3)),
        short_carryforward_usd=draw.choice((0.0, 0.0, 8_000.0)),
        long_carryforward_usd=draw.choice((0.0, 0.0, 25_000.0)),
        state_short_rate=draw.choice((0.0, 0.05, 0.085)),
        state_long_rate=draw.choice((0.0, 0.05, 0.07)),
    )
    spread = draw.choice((2_000.0, 20_000.0, 150_000.0, 900_000.0, 2_500_000.0))
    return profile, draw.uniform(-spread, spread), draw.uniform(-spread, spread), draw.choice((0.0, spread))


@pytest.mark.parametrize("seed", range(400))
def test_rows_give_the_tax_of_the_closed_form(seed: int) -> None:
    profile, short, long, room = random_case(Random(seed))
    expected = model_constants(profile, LAW, 0.0).tax_usd(short, long)
    assert tax_by_rows(profile, short, long, room) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("seed", range(400, 600))
def test_rows_give_the_bill_to_the_cent(seed: int) -> None:
    profile, short, long, room = random_case(Random(seed))
    bill = tax_bill(profile, short, long, law=LAW)
    assert tax_by_rows(profile, short, long, room) == pytest.approx(bill.total_usd, abs=0.005)


def moving_case(draw: Random) -> tuple[TaxProfile, float, float, float]:
    """Retired people and itemizers, whose taxable income moves with gains besides the gains themselves."""
    status = draw.choice(PERSONS)
    income = draw.choice((0.0, 12_000.0, 30_000.0, 70_000.0, 120_000.0, 200_000.0, 480_000.0, 640_000.0))
    profile = TaxProfile(
        taxpayer="payer",
        status=status,
        ordinary_income_usd=income * draw.uniform(0.8, 1.2),
        qualified_dividends_usd=draw.choice((0.0, 3_000.0, 20_000.0)),
        tax_exempt_interest_usd=draw.choice((0.0, 4_000.0)),
        other_investment_income_usd=draw.choice((0.0, income * 0.3)),
        social_security_usd=draw.choice((0.0, 18_000.0, 42_000.0, 75_000.0)),
        itemized_deductions_usd=draw.choice((None, 4_000.0, 22_000.0, 90_000.0)),
        state_local_tax_usd=draw.choice((0.0, 9_000.0, 60_000.0)),
        aged_65=draw.choice((0, 1, 2 if status is FilingStatus.MFJ else 1)),
        state_short_rate=0.0,
        state_long_rate=0.0,
    )
    spread = draw.choice((2_000.0, 20_000.0, 60_000.0, 150_000.0))
    return profile, draw.uniform(-spread, spread), draw.uniform(-spread, spread), draw.choice((0.0, spread))


@pytest.mark.parametrize("seed", range(600, 900))
def test_rows_know_what_moves_with_gains(seed: int) -> None:
    profile, short, long, room = moving_case(Random(seed))
    constants = model_constants(profile, LAW, short + long - 2 * room)
    rows = tax_by_rows(profile, short, long, room, lowest=short + long - 2 * room)
    assert rows == pytest.approx(constants.tax_usd(short, long), abs=0.005)
    bill = tax_bill(profile, short, long, law=LAW)
    assert rows <= bill.total_usd + 0.005
    mixed = constants.agi_usd - constants.niit_threshold_usd < constants.investment_income_usd
    if bill.amt_usd == 0.0 and (constants.niit_by_income or not mixed):
        assert rows == pytest.approx(bill.total_usd, abs=0.005)


def test_social_security_makes_a_gain_dearer_than_its_rate() -> None:
    """
    A couple, both over 65, with $50,000 of pension and $40,000 of benefits, 2026. Provisional income 50,000 + 20,000 =
    70,000, over 44,000: taxable benefits 6,000 + .85 x 26,000 = 28,100 of at most 34,000. $5,000 of short gain adds
    $4,250 of benefits: taxable income 78,100 -> 87,350, less the same deductions, all in the 12 % bracket.
    """
    profile = TaxProfile(
        "payer", FilingStatus.MFJ, ordinary_income_usd=50_000.0, social_security_usd=40_000.0, aged_65=2
    )
    before = tax_by_rows(profile, 0.0, 0.0, 20_000.0, lowest=-40_000.0)
    after = tax_by_rows(profile, 5_000.0, 0.0, 20_000.0, lowest=-40_000.0)
    assert after - before == pytest.approx(0.12 * 9_250.0, abs=0.005)


def test_the_strip_above_the_zero_band_is_taxed_at_12_percent_not_15() -> None:
    # MFJ 2026: 0 % ends at 98,900, the 12 % bracket at 100,800. Ordinary taxable income 98,900 exactly and $1,900 of
    # long gain: the worksheet's line 23 says 10,940 + ... + 15 % of 1,900, line 24 says 12 % of it: the smaller counts.
    profile = TaxProfile("payer", FilingStatus.MFJ, ordinary_income_usd=98_900.0 + 32_200.0)
    before = tax_by_rows(profile, 0.0, 0.0, 5_000.0)
    assert before == pytest.approx(0.10 * 24_800 + 0.12 * (98_900 - 24_800), abs=0.005)
    assert tax_by_rows(profile, 0.0, 1_900.0, 5_000.0) - before == pytest.approx(0.12 * 1_900, abs=0.005)


@pytest.mark.parametrize(("year", "minimum_tax"), [(2025, 8_320.50), (2026, 29_642.0)])
def test_a_large_gain_meets_the_minimum_tax(year: int, minimum_tax: float) -> None:
    # Wages of 300,000 and 1,200,000 of long gain, MFJ: two independent programs (taxcalc, PolicyEngine) say so too.
    law, _ = law_for(year)
    profile = TaxProfile("payer", FilingStatus.MFJ, ordinary_income_usd=300_000.0)
    bill = tax_bill(profile, 0.0, 1_200_000.0, law=law)
    assert bill.amt_usd == pytest.approx(minimum_tax, abs=0.005)
    assert tax_by_rows(profile, 0.0, 1_200_000.0, 400_000.0, law) == pytest.approx(bill.total_usd, abs=0.005)
