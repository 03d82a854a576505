"""A Treasury note of 10,000 dollars is not worth a million because nobody wrote that its price is per 100."""

import pytest

from rebal_xl.intake.bonds import looks_like_debt
from tests.intake.story import codes, noticed, only, smiths, smiths_refused

NOTE = "912828ZT0"
BONDS = f"Symbol | Asset Class | Price | Price Divisor\n{NOTE} | US Bonds | 98.50 | {{}}"


def test_the_cost_tells_that_a_bond_counts_a_hundred_times_too_much():
    # 10,000 x 98.50 are 985,000 dollars; it cost 9,700.
    holdings = f"Account | Symbol | Quantity | Cost Basis | Acquired\nJoint | {NOTE} | 10000 | 9700 | 03/16/2020"
    problem = only(smiths_refused(Holdings=holdings, Securities=BONDS.format("")), "price-divisor")
    assert "985000 dollars, and cost 9700" in problem.message
    assert "Price Divisor" in problem.advice
    household, _ = smiths(Holdings=holdings, Securities=BONDS.format("100"))
    assert household.value_usd(household.lots[0]) == pytest.approx(9_850.0)


def test_without_a_cost_it_is_mentioned_once_and_said_what_it_counts():
    holdings = f"Account | Symbol | Quantity\nAnn IRA | {NOTE} | 10000\nJoint | {NOTE} | 5000"
    notice = only(noticed(Holdings=holdings, Securities=BONDS.format("")), "price-divisor")
    assert (notice.place, "985000" in notice.message) == ("Holdings!C2", True)


@pytest.mark.parametrize(
    ("divisor", "holdings"),
    [
        # said, by the divisor, by the value, by the price, or by a handful of bonds
        ("1", f"Account | Symbol | Quantity\nAnn IRA | {NOTE} | 10000"),
        ("100", f"Account | Symbol | Quantity\nAnn IRA | {NOTE} | 10000"),
        ("", f"Account | Symbol | Quantity | Market Value\nAnn IRA | {NOTE} | 10000 | 985000"),
        ("", f"Account | Symbol | Quantity\nAnn IRA | {NOTE} | 10"),
    ],
)
def test_a_bond_of_which_enough_is_said_is_nothing_to_mention(divisor: str, holdings: str):
    assert "price-divisor" not in codes(noticed(Holdings=holdings, Securities=BONDS.format(divisor)))


@pytest.mark.parametrize(
    ("symbol", "debt"),
    [
        # a Treasury note, an agency's and a company's bond; shares of Apple, of a fund; tickers
        (NOTE, True), ("3133EPUD5", True), ("594918BR4", True), ("US TREAS NT 4.5% 11/15/2033", True),
        ("037833100", False), ("464287655", False), ("VTI", False), ("BRK.B", False), ("912828ZT1", False),
    ],
)  # fmt: skip
def test_debt_is_told_by_its_cusip_or_its_coupon(symbol: str, debt: bool):
    assert looks_like_debt(symbol) is debt
