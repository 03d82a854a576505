"""The security master: every fact has a source of an allowed kind, names are read again, what may replace what."""

import csv
import tomllib
from collections import Counter
from datetime import date

import pytest

from rebal_xl.measure.assumptions import shipped_assumptions
from rebal_xl.measure.security_master import (
    ASSUMPTION,
    DOCUMENT,
    LISTED,
    MONEY_MARKET,
    NAME,
    RULE,
    SERIES,
    security_master,
)
from rebal_xl.sheets.master_docs import security_master_page
from tests.tools import check_security_master as check
from tests.tools import make_security_master as make
from tests.tools import master_rules as rules

MASTER = security_master()
RECORD = tomllib.loads(check.RECORD.read_text(encoding="utf-8"))
READ = {(fact.fact, fact.subject): fact for fact in make.read_facts()}


def test_it_covers_the_funds_that_advisors_use():
    assert sum(1 for fund in MASTER.funds.values() if fund.asset_class) >= 400
    issuers = Counter(fund.issuer for fund in MASTER.funds.values())
    for issuer, least in (("Vanguard", 150), ("iShares (BlackRock)", 100), ("Schwab", 40), ("Fidelity", 80)):
        assert issuers[issuer] >= least, issuer


def test_the_tables_are_as_they_were_when_they_were_checked():
    # After a change: python -m tests.tools.check_security_master LIST DATE
    assert RECORD["tables_sha256"] == check.fingerprint()
    assert RECORD["agree"] + len(RECORD["not_listed"]) == RECORD["symbols"] == len(MASTER.funds)
    # what the list does not have is money-market funds alone, and a document names each
    for symbol in RECORD["not_listed"]:
        fund = MASTER.funds[symbol]
        assert (fund.kind, MASTER.kind_of(fund.name_source)) == (MONEY_MARKET, DOCUMENT), symbol
    listed = {symbol for symbol, fund in MASTER.funds.items() if fund.name_source == LISTED}
    assert listed == set(MASTER.funds) - set(RECORD["not_listed"])
    assert RECORD["reference_date"] <= MASTER.date


def test_names_kinds_and_issuers_are_compared_by_what_they_say():
    def row(name: str, issuer: str = "Vanguard", kind: str = "mutual fund") -> dict[str, str]:
        return {"name": name, "issuer": issuer, "kind": kind}

    def listed(name: str, family: str = "Vanguard Asset Management", kind: str = "Fund") -> dict[str, str]:
        return {"name": name, "family": family, "kind": kind}

    ours = {"A": row("Vanguard S&P 500 Fund"), "B": row("Vanguard Growth Fund Admiral Shares"), "C": row("Vanguard X")}
    theirs = {"A": listed("Vanguard S & P 500"), "B": listed("Vanguard Growth Fund Investor Shares")}
    assert check.compare(ours, theirs) == (["A"], ["C"], ["B"])
    assert check.compare({"A": row("Vanguard X")}, {"A": listed("Vanguard X", kind="ETF")}).differ == ["A"]
    assert check.compare({"A": row("Vanguard X")}, {"A": listed("Vanguard X", "PIMCO")}).differ == ["A"]


def test_every_fact_that_is_not_blank_has_a_source_of_an_allowed_kind():
    for symbol, fund in MASTER.funds.items():
        assert all((fund.name, fund.issuer, fund.kind, fund.fund)), symbol
        assert MASTER.kind_of(fund.name_source) in (LISTED, DOCUMENT), symbol
        assert MASTER.kind_of(fund.fund_source) in (SERIES, DOCUMENT), symbol
        for value, source, kinds in (
            (fund.asset_class, fund.class_source, (NAME, SERIES, ASSUMPTION, DOCUMENT)),
            (fund.index_tracked, fund.index_source, (NAME, SERIES, DOCUMENT)),
        ):
            assert (MASTER.kind_of(source) in kinds) if value else not source, symbol
    assert list(MASTER.funds) == sorted(MASTER.funds)


def test_every_document_has_a_title_an_address_and_the_day_it_was_read():
    for key, source in MASTER.sources.items():
        assert source.kind in (LISTED, NAME, SERIES, ASSUMPTION, RULE, DOCUMENT), key
        assert source.title, key
        assert source.read <= MASTER.date, key
        assert source.dated is None or source.dated <= source.read, key
        if source.kind == DOCUMENT:
            assert source.address.startswith("http"), key
    used = {source for fund in MASTER.funds.values() for source in (fund.name_source, fund.class_source)}
    used |= {source for fund in MASTER.funds.values() for source in (fund.fund_source, fund.index_source)} - {""}
    used |= {source for mix in MASTER.mixes.values() for source in mix.sources} | {RULE}
    assert {key for key, source in MASTER.sources.items() if source.kind == DOCUMENT} <= used


def test_the_table_follows_from_names_and_read_documents_by_the_rules():
    # After a change: python -m tests.tools.make_security_master
    rows = make.table(make.TABLE)
    assert make.derived(rows, make.read_facts()) == rows


def test_what_is_by_document_is_what_the_document_is_noted_to_say():
    for symbol, fund in MASTER.funds.items():
        family = MASTER.families[fund.fund]
        for fact, value, source in (
            ("class", fund.asset_class, fund.class_source),
            ("index", fund.index_tracked, fund.index_source),
            ("fund", fund.fund, fund.fund_source),
        ):
            if MASTER.kind_of(source) != DOCUMENT:
                continue
            noted = [READ[fact, each] for each in family if (fact, each) in READ]
            defined = [each for each in READ.values() if each.fact == "definition" and each.source == source]
            if noted:
                assert (value, source) in {(each.value, each.source) for each in noted}, symbol
            else:
                assert fact == "class", symbol
                assert defined, symbol
    assert {fact.source for fact in READ.values()} <= set(MASTER.sources)
    assert {subject for fact, subject in READ if fact != "definition"} <= set(MASTER.funds)


@pytest.mark.parametrize(
    ("name", "asset_class", "source"),
    [
        ("Vanguard Total Bond Market Index Fund Admiral Shares", "US Total Bond", ASSUMPTION),
        ("Fidelity U.S. Bond Index Fund", "US Bond", NAME),
        ("iShares Russell 2000 Value ETF", "US Small Value", "index: Russell 2000"),
        ("Avantis U.S. Small Cap Value ETF", "US Small Value", NAME),
        ("Schwab Small Cap Index Fund", "US Small Cap", ASSUMPTION),
        ("iShares 0-3 Month Treasury Bond ETF", "Treasury Bill", NAME),
        ("iShares 1-3 Year Treasury Bond ETF", "Short Treasury", NAME),
        ("iShares 7-10 Year Treasury Bond ETF", "US Treasury Bond", NAME),
        ("iShares 20+ Year Treasury Bond ETF", "Long Treasury", NAME),
        ("Vanguard High-Yield Tax-Exempt Fund", "National Muni Bond", NAME),
        ("T. Rowe Price California Tax-Free Bond Fund", "CA Muni Bond", NAME),
        ("Vanguard High-Yield Corporate Fund Investor Shares", "High Yield Bond", NAME),
        ("iShares J.P. Morgan USD Emerging Markets Bond ETF", "Emerging Markets Bond", NAME),
        ("iShares MSCI EAFE Value ETF", "International Value", NAME),
        ("iShares MSCI EAFE ETF", "International Developed", "index: MSCI EAFE"),
        ("SPDR Portfolio Developed World ex-US ETF", "International Developed", NAME),
        ("iShares China Large-Cap ETF", "Emerging Markets", "index: MSCI Emerging Markets"),
        ("iShares U.S. Technology ETF", "US Stock", NAME),
        ("Fidelity Treasury Only Money Market Fund", "Cash", NAME),
        # the name does not say it
        ("Fidelity Contrafund", "", ""),
        ("American Funds The Growth Fund of America Class A", "", ""),
        ("PIMCO Total Return Fund Class A", "", ""),
        ("Fidelity MSCI Energy Index ETF", "", ""),
        # several classes
        ("American Funds SMALLCAP World Fund Class A", "", ""),
        ("Vanguard Total World Stock Index Fund ETF Shares", "", ""),
        ("Vanguard Target Retirement 2035 Fund Investor Shares", "", ""),
        ("SPDR Dow Jones Global Real Estate ETF", "", ""),
    ],
)
def test_the_class_that_a_name_says(name, asset_class, source):
    assert rules.class_of(name) == (asset_class, source)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("Vanguard S&P 500 ETF", "S&P 500 Index"),
        ("SPDR S&P 500 ETF Trust", "S&P 500 Index"),
        ("SPDR S&P 600 Small Cap Growth ETF", "S&P SmallCap 600 Growth Index"),
        ("Vanguard Russell 1000 Value Index Fund ETF Shares", "Russell 1000 Value Index"),
        ("iShares MSCI EAFE ETF", "MSCI EAFE Index"),
        # the Core funds track another index of the same market
        ("iShares Core MSCI EAFE ETF", ""),
        # more than an index's name
        ("Invesco S&P 500 Equal Weight ETF", ""),
        ("iShares Core S&P Mid-Cap ETF", ""),
        ("Vanguard Total Stock Market Index Fund ETF Shares", ""),
    ],
)
def test_the_index_that_a_name_is(name, index):
    assert rules.index_of(name) == index


def test_the_share_class_is_no_part_of_the_fund():
    for name in ("ETF Shares", "Admiral Shares", "Investor Shares", "Institutional Plus Shares"):
        assert rules.fund_of(f"Vanguard Value Index Fund {name}") == "Vanguard Value Index Fund"
    assert rules.fund_of("PIMCO Income Fund Class I-2") == "PIMCO Income Fund"
    # an ETF and a fund of one name are two funds
    assert rules.fund_of("Avantis U.S. Equity ETF") != rules.fund_of("Avantis U.S. Equity Fund Institutional Class")
    # an index fund is not the fund that is managed
    index, managed = "Vanguard Short-Term Treasury Index Fund ETF Shares", "Vanguard Short-Term Treasury Fund"
    assert rules.fund_of(index) != rules.fund_of(managed)


def test_every_class_is_one_that_the_shipped_assumptions_know():
    classes = {fund.asset_class for fund in MASTER.funds.values()} - {""}
    classes |= {name for mix in MASTER.mixes.values() for name, _ in mix.parts}
    assert shipped_assumptions().unknown(classes) == ()


def test_mixes_sum_to_one_are_by_document_and_belong_to_funds_without_a_class():
    for name, mix in MASTER.mixes.items():
        assert sum(weight for _, weight in mix.parts) == pytest.approx(1.0, abs=1e-12), name
        assert len(dict(mix.parts)) == len(mix.parts), name
        assert {MASTER.kind_of(source) for source in mix.sources} == {DOCUMENT}, name
        assert {MASTER.funds[symbol].asset_class for symbol in MASTER.families[name]} == {""}, name
        dated = [day for source in mix.sources if (day := MASTER.sources[source].dated)]
        assert mix.as_of == max(dated), name
        assert "Target" not in name


def test_mixes_are_what_the_documents_state():
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


def test_a_replacement_is_of_the_same_class_of_another_issuer_and_tracks_another_index():
    replaced = [fund for fund in MASTER.funds.values() if fund.replacement]
    assert len(replaced) >= 100
    for fund in replaced:
        other = MASTER.funds[fund.replacement]
        assert other.asset_class == fund.asset_class != "", fund.symbol
        assert other.issuer != fund.issuer, fund.symbol
        assert other.fund != fund.fund, fund.symbol
        assert len({fund.index_tracked, other.index_tracked} - {""}) == 2, fund.symbol
        for source in (fund.index_source, other.index_source):
            assert MASTER.kind_of(source) in (NAME, SERIES, DOCUMENT), fund.symbol
        assert not rules.leans(fund.name), fund.symbol
        assert not rules.leans(other.name), fund.symbol


def test_the_rule_of_replacements_prefers_the_same_kind_and_then_the_alphabet():
    def each(symbol: str, issuer: str = "B", index: str = "two", kind: str = "ETF", **other: object) -> rules.Candidate:
        return rules.Candidate(symbol, issuer, kind, "US Total Stock", index, bool(other.get("leaning")))

    sold = each("SOLD", "A", "one")
    fund, later, first = each("AAA", kind="mutual fund"), each("ZZZ"), each("MMM")
    assert rules.replacement(sold, [fund, later, first]) == "MMM"
    assert rules.replacement(sold, [fund]) == "AAA"
    for unfit in (each("X", index="one"), each("X", index=""), each("X", "A"), each("X", leaning=True)):
        assert rules.replacement(sold, [unfit]) == ""
    assert rules.replacement(sold._replace(index_tracked=""), [first]) == ""


def test_the_same_index_of_another_issuer_is_neither_a_replacement_nor_identical():
    ivv, voo, spy = (MASTER.funds[symbol] for symbol in ("IVV", "VOO", "SPY"))
    assert ivv.index_tracked == voo.index_tracked == spy.index_tracked == "S&P 500 Index"
    assert len({ivv.fund, voo.fund, spy.fund}) == 3
    assert MASTER.funds[ivv.replacement].index_tracked != ivv.index_tracked


def test_share_classes_of_one_fund_are_one_family_of_one_issuer():
    assert set(MASTER.families[MASTER.funds["VTI"].fund]) == {"VTI", "VTSAX", "VTSMX", "VITSX", "VSMPX"}
    # The names of the ETFs say another fund; documents say that they are share classes.
    for etf, mutual in (("VOO", "VFIAX"), ("VEA", "VTMGX"), ("VWO", "VEMAX"), ("VGK", "VEUSX"), ("VPL", "VPADX")):
        assert MASTER.funds[etf].fund == MASTER.funds[mutual].fund
        assert MASTER.kind_of(MASTER.funds[etf].fund_source) == DOCUMENT
    # The Institutional Index Fund tracks the S&P 500 as well and is another fund.
    assert MASTER.funds["VINIX"].fund != MASTER.funds["VFIAX"].fund
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


def test_what_was_read_is_written_down_once():
    path = check.FOLDER / "read.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        subjects = [(row["fact"], row["subject"]) for row in csv.DictReader(lines)]
    assert len(subjects) == len(set(subjects))


def test_the_page_of_the_guide_is_up_to_date():
    page = check.FOLDER.parents[2] / "docs" / "security-master.md"
    assert page.read_text(encoding="utf-8") == security_master_page()
