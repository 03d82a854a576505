"""The second tax return, held against figures that were worked out elsewhere."""

import pytest

from tests.tax_oracle import Year, file_return


def test_joint_return_with_short_and_long_gain():
    # taxable 320,000 - 32,200 = 287,800 of which 60,000 long gain: ordinary part 227,800 is
    # 2,480 + 9,120 + 24,332 + 24 % of 16,400 = 39,868; 15 % of 60,000 = 9,000; NIIT 3.8 % of 70,000 = 2,660
    bill = file_return(Year("MFJ", 250_000, short=10_000, long=60_000))
    assert bill.taxable == 287_800
    assert bill.income_tax == pytest.approx(48_868)
    assert bill.niit == pytest.approx(2_660)
    assert bill.total == pytest.approx(51_528)


def test_short_gain_is_eaten_by_a_long_loss_that_is_carried():
    plain = file_return(Year("MFJ", 250_000))
    bill = file_return(Year("MFJ", 250_000, short=10_000, long=-60_000))
    # 3,000 of loss at 24 %
    assert bill.total - plain.total == pytest.approx(-720)
    assert (bill.short_carryover, bill.long_carryover) == (0.0, 47_000.0)


def test_alternative_minimum_tax_of_a_large_gain():
    # AMTI 1,500,000, exemption gone: 26/28 % of 300,000 = 79,110, 15 % of 345,900, 20 % of 854,100: 301,815 in all,
    # against a regular tax of 49,468 + 51,885 + 170,820 = 272,173
    bill = file_return(Year("MFJ", 300_000, long=1_200_000))
    assert bill.income_tax == pytest.approx(272_173)
    assert bill.amt == pytest.approx(29_642)


def test_gains_in_the_zero_bracket_are_free():
    # single: 16,100 deduction, 0 % to 49,450 of taxable income
    before = file_return(Year("single", 40_000))
    room = 16_100 + 49_450 - 40_000
    assert file_return(Year("single", 40_000, long=room)).total == pytest.approx(before.total)
    assert file_return(Year("single", 40_000, long=room + 100)).total == pytest.approx(before.total + 15)


def test_a_filer_without_taxable_income_does_not_burn_the_allowed_loss():
    bill = file_return(Year("single", 10_000, short=-5_000, long=-1_000))
    # taxable income before its floor: 10,000 - 3,000 - 16,100 = -9,100, so nothing of the 3,000 was of use
    assert (bill.short_carryover, bill.long_carryover) == (5_000, 1_000)


def test_short_losses_use_the_allowance_first():
    bill = file_return(Year("single", 100_000, short=-2_000, long=-4_000))
    assert (bill.short_carryover, bill.long_carryover) == (0, 3_000)


def test_a_trust_pays_the_top_rates_early():
    # 20,000 of interest less the exemption of 100: 330 + 2,016 + 1,505 + 37 % of 3,900; NIIT on 19,900 - 16,000
    bill = file_return(Year("non-grantor trust", 20_000, other_investment=20_000))
    assert bill.income_tax == pytest.approx(5_294)
    assert bill.niit == pytest.approx(148.20)
    # a long gain instead: 3,300 at 0 %, 12,950 at 15 %, 3,650 at 20 %
    bill = file_return(Year("non-grantor trust", 0, long=20_000))
    assert bill.income_tax == pytest.approx(1_942.50 + 730)
    assert bill.niit == pytest.approx(148.20)


def test_gold_pays_ordinary_rates_up_to_28_percent():
    # joint, 417,800 of wages after the deduction are in the 32 % bracket: 28 % of 10,000; at 117,800 it is 22 %, and
    # of 10,000 from 397,800 on, 5,750 are in the 24 % bracket: 1,380 + 1,190
    for wages, tax in ((450_000, 2_800), (150_000, 2_200), (430_000, 2_570)):
        plain = file_return(Year("MFJ", wages))
        bill = file_return(Year("MFJ", wages, long=10_000, collectible=10_000))
        assert bill.income_tax - plain.income_tax == pytest.approx(tax)


def test_losses_of_other_kinds_are_set_against_gold_first():
    # 20,000 of gold less 6,000 carried and 4,000 of short loss: 10,000 at 28 %; the 5,000 of other gain pay 15 %
    plain = file_return(Year("MFJ", 450_000))
    bill = file_return(Year("MFJ", 450_000, short=-4_000, long=25_000, long_carryover=6_000, collectible=20_000))
    assert bill.income_tax - plain.income_tax == pytest.approx(2_800 + 750)
