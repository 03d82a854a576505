"""The security master: what every row must say, what may replace what, and that it was checked as it stands."""

import tomllib
from collections import Counter
from datetime import date

import pytest

from rebal_xl.measure.assumptions import shipped_assumptions
from rebal_xl.measure.security_master import MONEY_MARKET, security_master
from rebal_xl.sheets.master_docs import security_master_page
from tests.tools import check_security_master as check

MASTER = security_master()
RECORD = tomllib.loads(check.RECORD.read_text(encoding="utf-8"))


def test_it_covers_the_funds_that_advisors_use():
    assert len(MASTER.funds) >= 400
    issuers = Counter(fund.issuer for fund in MASTER.funds.values())
    for issuer, least in (("Vanguard", 150), ("iShares (BlackRock)", 100), ("Schwab", 40), ("Fidelity", 80)):
        assert issuers[issuer] >= least, issuer


def test_the_table_is_as_it_was_when_it_was_checked():
    # After a change: python -m tests.tools.check_security_master LIST DATE
    assert RECORD["table_sha256"] == check.fingerprint()
    counted = RECORD["names_agree"] + len(RECORD["not_listed"]) + len(RECORD["names_differ"])
    assert counted == RECORD["symbols"] == len(MASTER.funds)
    assert RECORD["names_agree"] + len(RECORD["names_differ"]) >= 400
    # what no list has is money-market funds alone
    assert {MASTER.funds[symbol].kind for symbol in RECORD["not_listed"]} == {MONEY_MARKET}
    assert RECORD["reference_date"] <= MASTER.date


def test_names_are_compared_by_what_they_say():
    ours = {"VTSAX": "Vanguard Total Stock Market Index Fund Admiral Shares", "IVV": "iShares Core S&P 500 ETF"}
    theirs = {"VTSAX": "Vanguard Total Stock Market Index Fund Investor Shares", "IVV": "iShares Core S & P 500 ETF"}
    assert check.compare(ours, theirs) == (["IVV"], [], ["VTSAX"])
    assert check.compare(ours, {}) == ([], ["IVV", "VTSAX"], [])


def test_every_row_has_a_name_an_issuer_a_fund_and_a_dated_source():
    for symbol, fund in MASTER.funds.items():
        assert all((fund.name, fund.issuer, fund.kind, fund.fund)), symbol
        assert MASTER.sources[fund.source].known_as_of <= MASTER.date, symbol
    assert list(MASTER.funds) == sorted(MASTER.funds)


def test_every_class_is_one_that_the_shipped_assumptions_know():
    classes = {fund.asset_class for fund in MASTER.funds.values()} - {""}
    classes |= {name for mix in MASTER.mixes.values() for name, _ in mix.parts}
    assert shipped_assumptions().unknown(classes) == ()


def test_mixes_sum_to_one_and_belong_to_funds_without_a_class():
    for name, mix in MASTER.mixes.items():
        assert sum(weight for _, weight in mix.parts) == pytest.approx(1.0, abs=1e-12), name
        assert len(dict(mix.parts)) == len(mix.parts), name
        assert mix.as_of <= MASTER.sources[mix.source].known_as_of, name
        assert {MASTER.funds[symbol].asset_class for symbol in MASTER.families[name]} == {""}, name


def test_mixes_of_prospectuses():
    # LifeStrategy: stocks 80/60/40/20 %, of which 40 % foreign; bonds are the rest, of which 30 % foreign
    for name, stocks in (("Growth", 0.8), ("Moderate Growth", 0.6), ("Conservative Growth", 0.4), ("Income", 0.2)):
        mix = dict(MASTER.mixes[f"Vanguard LifeStrategy {name} Fund"].parts)
        assert mix == pytest.approx(
            {
                "US Total Stock": 0.6 * stocks,
                "Total International Stock": 0.4 * stocks,
                "US Total Bond": 0.7 * (1 - stocks),
                "Total International Bond": 0.3 * (1 - stocks),
            }
        )
    assert dict(MASTER.mixes["Vanguard Balanced Index Fund"].parts) == {"US Total Stock": 0.6, "US Total Bond": 0.4}
    # a target date far away: 90 % stocks
    far = dict(MASTER.mixes["Vanguard Target Retirement 2065 Fund"].parts)
    assert far["US Total Stock"] + far["Total International Stock"] == pytest.approx(0.9)


def test_a_replacement_is_of_the_same_class_tracks_another_index_and_is_another_fund():
    replaced = [fund for fund in MASTER.funds.values() if fund.replacement]
    assert len(replaced) >= 250
    for fund in replaced:
        other = MASTER.funds[fund.replacement]
        assert other.asset_class == fund.asset_class != "", fund.symbol
        assert other.fund != fund.fund, fund.symbol
        assert len({fund.index_tracked, other.index_tracked} - {""}) == 2, fund.symbol


def test_the_same_index_of_another_issuer_is_neither_a_replacement_nor_identical():
    ivv, voo, spy = (MASTER.funds[symbol] for symbol in ("IVV", "VOO", "SPY"))
    assert ivv.index_tracked == voo.index_tracked == spy.index_tracked == "S&P 500 Index"
    assert len({ivv.fund, voo.fund, spy.fund}) == 3
    assert MASTER.funds[ivv.replacement].index_tracked != ivv.index_tracked


def test_share_classes_of_one_fund_are_one_family():
    assert set(MASTER.families[MASTER.funds["VTI"].fund]) == {"VTI", "VTSAX", "VTSMX", "VITSX", "VSMPX"}
    # The Institutional Index Fund tracks the S&P 500 as well and is another fund.
    assert MASTER.funds["VINIX"].fund != MASTER.funds["VFIAX"].fund == MASTER.funds["VOO"].fund
    for symbols in MASTER.families.values():
        funds = [MASTER.funds[symbol] for symbol in symbols]
        told = {(fund.asset_class, fund.index_tracked, fund.issuer) for fund in funds}
        assert len(told) == 1, symbols


def test_money_market_funds_are_cash_and_trusts_of_metal_are_collectibles():
    for fund in MASTER.funds.values():
        assert (fund.kind == MONEY_MARKET) == (fund.asset_class == "Cash"), fund.symbol
    assert {fund.symbol for fund in MASTER.funds.values() if fund.collectible} == {"GLD", "GLDM", "IAU", "SLV"}


def test_the_edition_has_a_date():
    assert date(2026, 1, 1) < MASTER.date


def test_the_page_of_the_guide_is_up_to_date():
    page = check.FOLDER.parents[2] / "docs" / "security-master.md"
    assert page.read_text(encoding="utf-8") == security_master_page()
