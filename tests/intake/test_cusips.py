"""CUSIPs that Excel turned into numbers: zeros are put back where the check digit fits, else the cell is told."""

import pytest

from rebal_xl.intake.cusips import check_digit_fits, with_zeros
from tests.intake.story import only, smiths, smiths_refused

HEAD = "Account | Symbol | Quantity | Cost Basis | Acquired\n"
FUNDS = "Symbol | Asset Class | Price\n{} | US Stocks | 250"


@pytest.mark.parametrize("cusip", ["037833100", "594918104", "023135106", "166764100"])
def test_the_check_digits_of_cusips_in_use_fit(cusip: str):
    """Apple 037833100, Microsoft 594918104, Amazon 023135106 and Chevron 166764100, as their filings give them."""
    assert [digit for digit in "0123456789" if check_digit_fits(cusip[:-1] + digit)] == [cusip[-1]]


def test_the_digit_is_computed_as_published():
    """03783310?: 0, 3x2=6, 7, 8x2=16 -> 7, 3, 3x2=6, 1, 0x2=0: 30 in all, so that the check digit is 0."""
    assert check_digit_fits("037833100")
    assert [digit for digit in "0123456789" if check_digit_fits(f"03783310{digit}")] == ["0"]


def test_zeros_come_back_only_where_the_digit_then_fits():
    assert with_zeros("37833100") == "037833100"
    assert with_zeros("37833101") == ""
    assert with_zeros("594918104") == ""
    assert with_zeros("540") == ""


def test_a_number_that_was_a_cusip_is_the_security_that_is_written_as_text():
    household, _ = smiths(
        Holdings=HEAD + "Joint | 37833100 | 100 | 20000 | 03/16/2020", Securities=FUNDS.format("'037833100")
    )
    assert [lot.symbol for lot in household.lots] == ["037833100"]
    notice = only(household.notices, "symbol-zeros")
    assert notice.place == "Holdings!B2"
    assert "37833100 as 037833100" in notice.message


def test_a_number_whose_zeros_nobody_knows_is_refused_with_its_cell():
    refused = smiths_refused(
        Holdings=HEAD + "Joint | 37833101 | 100 | 20000 | 03/16/2020", Securities=FUNDS.format("'037833101")
    )
    assert only(refused, "symbol-zeros").place == "Holdings!B2"


def test_nine_digits_and_short_numbers_stand_as_they_are():
    for symbol in ("594918104", "540"):
        household, _ = smiths(
            Holdings=HEAD + f"Joint | {symbol} | 100 | 20000 | 03/16/2020", Securities=FUNDS.format(symbol)
        )
        assert [lot.symbol for lot in household.lots] == [symbol]
