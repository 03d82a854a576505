"""Securities: price, class and tax character, wherever the advisor keeps them."""

import pytest

from tests.intake.story import codes, noticed, only, smiths, smiths_refused

HOLDINGS = (
    "Account | Symbol | Quantity | Price | Asset Class\nAnn IRA | VTI | 10 | {} | {}\nAnn IRA | VTI | 20 | {} | {}"
)
FUNDS = "Symbol | Asset Class | Price | {}\nVTI | US Stocks | 250 | {}\nBND | US Bonds | 75 |"


def vti(**changes):
    return smiths(**changes)[0].security("VTI")


def test_every_column_of_a_security_is_read():
    security = vti(
        Securities="""
        Ticker | Class | Description | Price | Price As Of | Price Divisor | Lot Size | Whole Shares | Identical Group | Replacement | Rank Taxable | Rank Deferred | Rank Roth | Do Not Buy | Yield | Qualified % | Exempt % | State-Exempt % | 199A % | Turnover | Expected Distribution | Growth | Spread bp | Redemption Fee % | Collectible
        VTI | US Stocks | Total Market | $250.00 | 06/12/2026 | 1 | 10 | Yes | total | bnd | 1 | 2 | 0 | x | 1.3% | 95% | 0% | 1% | 2% | 3% | 0.75 | 5% | 1.5 | 2% | no
        BND | US Bonds | | 75 | | | | No | | | | | | | | | | | | | | | | |
        """  # noqa: E501
    )
    assert (security.name, security.price_usd, security.lot_size) == ("Total Market", 250.0, 10.0)
    assert (security.identical_group, security.replacement, security.do_not_buy) == ("total", "BND", True)
    assert (security.rank_taxable, security.rank_deferred, security.rank_roth) == (1, 2, 0)
    assert security.yield_rate == pytest.approx(0.013)
    shares = (security.qualified_share, security.exempt_share, security.state_exempt_share, security.qbi_share)
    assert shares == (0.95, 0.0, 0.01, 0.02)
    assert (security.turnover_rate, security.growth_rate, security.redemption_fee) == (0.03, 0.05, 0.02)
    assert (security.expected_distribution_usd, security.spread_bp, security.collectible) == (0.75, 1.5, False)


def test_a_fund_traded_in_fractions_has_no_lot_size():
    assert vti(Securities=FUNDS.format("Whole Shares", "No")).lot_size == 0.0
    assert vti(Securities=FUNDS.format("Whole Shares", "Yes")).lot_size == 1.0


def test_what_holdings_says_of_the_class_wins_with_a_notice():
    household, _ = smiths(Holdings=HOLDINGS.format("", "US Bonds", "", ""))
    assert household.security("VTI").main_class == "US Bonds"
    assert only(household.notices, "class-differs").place == "Securities!B2"
    assert codes(noticed(Holdings=HOLDINGS.format("", "US Stocks", "", "us-stocks"))) == []


def test_two_classes_of_one_security_in_holdings_are_refused():
    problem = only(smiths_refused(Holdings=HOLDINGS.format("", "US Bonds", "", "US Stocks")), "class-conflict")
    assert problem.place == "Holdings!E3"


def test_a_mix_looks_through_the_fund():
    funds = "Symbol | Asset Class | Price\nVTI | {} | 250\nBND | US Bonds | 75"
    mix = "Symbol | Asset Class | Weight\nVTI | us stocks | {}\nVTI | US Bonds | {}"
    household, _ = smiths(Securities=funds.format(""), ClassMix=mix.format("70%", "30%"))
    assert household.security("VTI").class_mix == (("US Bonds", 0.3), ("US Stocks", 0.7))
    assert household.notices == ()
    assert (
        only(smiths_refused(Securities=funds.format(""), ClassMix=mix.format("70%", "29%")), "mix-total").cell == "C2"
    )
    rounded = smiths(Securities=funds.format(""), ClassMix=mix.format("70%", "29.96%"))[0].security("VTI")
    assert sum(weight for _, weight in rounded.class_mix) == pytest.approx(1.0, abs=1e-12)
    both = noticed(Securities=funds.format("US Stocks"), ClassMix=mix.format("70%", "30%"))
    assert "70 % US Stocks" in only(both, "class-differs").message


def test_a_mix_of_bare_numbers_is_read_by_its_totals():
    funds = "Symbol | Asset Class | Price\nVTI | | 250\nBND | US Bonds | 75"
    mix = "Symbol | Asset Class | Weight\nVTI | US Stocks | {}\nVTI | US Bonds | {}\nBND | US Bonds | {}"
    for weights in ((70, 30, 100), (0.7, 0.3, 1)):
        household, _ = smiths(Securities=funds, ClassMix=mix.format(*weights))
        assert dict(household.security("VTI").class_mix) == {"US Stocks": 0.7, "US Bonds": 0.3}
        assert "percent-reading" in codes(household.notices)


def test_a_class_repeated_in_a_mix_and_a_mix_nobody_needs():
    funds = "Symbol | Asset Class | Price\nVTI | | 250\nBND | US Bonds | 75"
    twice = "Symbol | Asset Class | Weight\nVTI | US Stocks | 50%\nVTI | US Stocks | 50%"
    assert "repeated-class" in codes(smiths_refused(Securities=funds, ClassMix=twice))
    unused = "Symbol | Asset Class | Weight\nZZZZ | US Stocks | 100%\nVTI | US Stocks | 100%"
    assert only(noticed(Securities=funds, ClassMix=unused), "mix-not-used").place == "ClassMix!A2"


def test_a_described_security_needs_a_class():
    assert only(smiths_refused(Securities=FUNDS.format("Name", "") + "\nZZZZ | | 500 |"), "no-class").cell == "B4"


def test_prices_of_two_places_must_agree():
    # 250.003 rounds to 250.00; within half a percent two exports of one day may differ; beyond, one is wrong.
    assert noticed(Holdings=HOLDINGS.format(250.003, "", "", "")) == ()
    household, _ = smiths(Holdings=HOLDINGS.format(251, "", "", ""))
    assert household.security("VTI").price_usd == 250.0
    assert only(household.notices, "price-differs").place == "Holdings!D2"
    problem = only(smiths_refused(Holdings=HOLDINGS.format("", "", 252, "")), "price-conflict")
    assert (problem.place, "Securities!C2" in problem.message) == ("Holdings!D3", True)


def test_without_a_list_of_securities_the_price_of_most_shares_counts():
    household, _ = smiths(Securities=None, Holdings=HOLDINGS.format(250, "US Stocks", 250.5, "US Stocks"))
    assert household.security("VTI").price_usd == 250.5  # 20 shares against 10


@pytest.mark.parametrize(
    ("price", "code"), [("", "missing-price"), ("0", "zero-price"), ("-5", "out-of-range"), ("n/a", "missing-price")]
)
def test_a_price_is_needed_and_positive(price, code):
    problems = smiths_refused(
        Securities=f"Symbol | Asset Class | Price\nVTI | US Stocks | {price}\nBND | US Bonds | 75"
    )
    assert [(problem.code, problem.place) for problem in problems] == [(code, "Securities!C2")]


def test_a_price_may_follow_from_the_market_value():
    household, _ = smiths(
        Securities=None,
        Holdings="Account | Symbol | Quantity | Market Value | Asset Class\nAnn IRA | VTI | 10 | 2500 | US Stocks",
    )
    assert household.security("VTI").price_usd == 250.0
    assert only(household.notices, "price-from-value").place == "Holdings!D2"


def test_old_prices_are_noticed_with_their_age():
    # as of 15 June 2026; five days are allowed unless the settings say otherwise
    assert noticed(Securities=FUNDS.format("Price As Of", "06/10/2026")) == ()
    assert "6 days old" in only(noticed(Securities=FUNDS.format("Price As Of", "06/09/2026")), "stale-price").message
    patient = "Name | Value\nStale Price Days | 6"
    assert noticed(Securities=FUNDS.format("Price As Of", "06/09/2026"), Settings=patient) == ()
    assert noticed(Securities=FUNDS.format("Price As Of", "06/15/2026")) == ()
    assert codes(noticed(Securities=FUNDS.format("Price As Of", "06/16/2026"))) == ["price-ahead"]


def test_a_replacement_is_a_known_security_that_is_not_identical():
    assert vti(Securities=FUNDS.format("Replacement", "bnd")).replacement == "BND"
    assert only(smiths_refused(Securities=FUNDS.format("Replacement", "VOO")), "unknown-symbol").cell == "D2"
    assert only(smiths_refused(Securities=FUNDS.format("Replacement", "VTI")), "identical-replacement").cell == "D2"
    group = "Symbol | Asset Class | Price | Identical Group | Replacement\nVTI | US Stocks | 250 | A | BND\n"
    assert vti(Securities=group + "BND | US Bonds | 75 | B |").replacement == "BND"
    problems = smiths_refused(Securities=group + "BND | US Bonds | 75 | A |")
    assert only(problems, "identical-replacement").cell == "E2"


def test_the_parts_of_a_distribution_are_no_more_than_all_of_it():
    head = "Symbol | Asset Class | Price | Qualified % | Exempt %\n"
    funds = head + "VTI | US Stocks | 250 | 60% | {}\nBND | US Bonds | 75 | |"
    assert vti(Securities=funds.format("40%")).exempt_share == 0.4
    assert only(smiths_refused(Securities=funds.format("41%")), "shares-exceed-whole").cell == "D2"


def test_a_symbol_stands_once_among_the_securities():
    assert (
        only(smiths_refused(Securities=FUNDS.format("Name", "") + "\nvti | US Stocks | 250 |"), "duplicate-symbol").cell
        == "A4"
    )


def test_what_is_assumed_of_a_class_stands_in_for_a_blank_yield():
    assumptions = "Asset Class | Yield | Qualified %\nUS Stocks | 2% | 90%\nUS Bonds | 4% | 0%"
    household, _ = smiths(
        Securities="Symbol | Asset Class | Price | Yield\nVTI | US Stocks | 250 | 1.3%\nBND | | 75 |",
        ClassMix="Symbol | Asset Class | Weight\nBND | US Bonds | 75%\nBND | US Stocks | 25%",
        Assumptions=assumptions,
    )
    assert household.security("VTI").yield_rate == pytest.approx(0.013)
    assert household.security("VTI").qualified_share == 0.9
    # 75 % of 4 % and 25 % of 2 %
    assert household.security("BND").yield_rate == pytest.approx(0.035)


def test_growth_is_what_the_expected_return_leaves_beside_the_yield():
    funds = "Symbol | Asset Class | Price | Yield | Growth\nVTI | US Stocks | 250 | 1.3% | {}\nBND | | 75 | |"
    mix = "Symbol | Asset Class | Weight\nBND | US Bonds | 75%\nBND | US Stocks | 25%"
    assumptions = "Asset Class | Expected Return | Yield\nUS Stocks | 7% | 1.5%\nUS Bonds | 4.5% | {}"
    household, _ = smiths(Securities=funds.format(""), ClassMix=mix, Assumptions=assumptions.format("4%"))
    # 7 % less the 1.5 % of the class; then 75 % of 0.5 % and 25 % of 5.5 %
    assert household.security("VTI").growth_rate == pytest.approx(0.055)
    assert household.security("BND").growth_rate == pytest.approx(0.0175)
    household, _ = smiths(Securities=funds.format("6%"), ClassMix=mix, Assumptions=assumptions.format(""))
    # the security's own growth wins; where a part of the mix is not known, nothing is assumed
    assert household.security("VTI").growth_rate == pytest.approx(0.06)
    assert household.security("BND").growth_rate == 0.0


def test_the_yield_of_cash_is_what_is_assumed_of_its_class():
    assert smiths()[1].cash_yield == 0.0
    assert smiths(Assumptions="Asset Class | Yield\ncash | 4%\nUS Stocks | 2%")[1].cash_yield == 0.04
    assert smiths(Assumptions="Asset Class | Expected Return\nCash | 4%")[1].cash_yield == 0.0


def test_turnover_is_a_part_of_the_growth_and_so_up_to_all_of_it():
    assert vti(Securities=FUNDS.format("Turnover", "0.6")).turnover_rate == 0.6
    assert vti(Securities=FUNDS.format("Turnover", "5")).turnover_rate == 0.05


def test_yields_in_points_are_seen_by_what_a_fund_can_pay():
    # 0.8 could be 0.8 % or 80 %; no fund pays 80 %.
    assert vti(Securities=FUNDS.format("Yield", "0.8")).yield_rate == pytest.approx(0.008)
    assert vti(Securities=FUNDS.format("Yield", "0.013")).yield_rate == 0.013
