"""Symbols that the workbook leaves blank and the security master knows: class, group, price, and whose word counts."""

import pytest

from rebal_xl.household import CASH_CLASS
from rebal_xl.measure.security_master import security_master
from tests.intake.story import codes, noticed, only, smiths, smiths_refused

HEAD = "Account | Symbol | Quantity | Price | Cost Basis | Acquired\n"
# The Smiths hold two funds that no table describes.
HELD = HEAD + "Joint | VTI | 100 | 250 | 20000 | 03/16/2020\nJoint | BND | 200 | 75 | 15000 | 06/10/2025"
OFF = "Name | Value\nSecurity Master | No"


def held(*rows: str) -> str:
    return HEAD + "\n".join(rows)


def test_a_holding_that_no_table_describes_gets_class_name_and_replacement_from_the_master():
    household, _ = smiths(Securities=None, Holdings=HELD)
    vti = household.security("VTI")
    assert (vti.class_mix, vti.name) == (
        (("US Stocks", 1.0),),
        "Vanguard Total Stock Market Index Fund ETF Shares",
    )
    assert household.security("BND").class_mix == (("US Bonds", 1.0),)
    assert vti.master_date == security_master().date
    notices = [notice for notice in household.notices if notice.code == "class-from-master"]
    assert [notice.place for notice in notices] == ["Holdings!B2", "Holdings!B3"]
    assert "US Total Stock, taken for US Stocks" in notices[0].message
    assert "class from Vanguard Mexico, Benchmarks: Vanguard ETFs and their CRSP target indexes" in notices[0].message
    assert f"{security_master().date:%m/%d/%Y}" in notices[0].advice


def test_without_the_master_the_same_workbook_is_refused():
    problems = smiths_refused(Securities=None, Holdings=HELD, Settings=OFF)
    assert codes(problems) == ["unknown-symbol", "unknown-symbol"]


def test_an_unknown_symbol_is_listed_with_what_is_missing():
    problems = smiths_refused(Securities=None, Holdings="Account | Symbol | Quantity\nJoint | ZZZZ | 5")
    assert [(problem.code, problem.place) for problem in problems] == [
        ("missing-price", "Holdings!B2"),
        ("unknown-symbol", "Holdings!B2"),
    ]
    assert "The security master does not know it either." in only(problems, "unknown-symbol").message


def test_a_fund_whose_mix_nobody_may_guess_is_asked_for():
    # a glide path moves
    problem = only(smiths_refused(Securities=None, Holdings=held("Joint | VTTHX | 5 | 29.57 | |")), "unknown-symbol")
    assert "Vanguard Target Retirement 2035 Fund Investor Shares, by name only" in problem.message
    assert "ClassMix" in problem.advice


def test_a_balanced_fund_is_looked_through_into_the_classes_of_the_targets():
    targets = "Asset Class | Target %\nUS Stocks | 50%\nInternational | 10%\nUS Bonds | 40%"
    household, _ = smiths(Securities=None, Targets=targets, Holdings=held("Joint | VSMGX | 10 | 30 | |"))
    mix = dict(household.security("VSMGX").class_mix)
    # 36 % US and 24 % foreign stocks, 28 % US bonds; foreign bonds, 12 %, have no class among the targets
    assert mix == pytest.approx(
        {"US Stocks": 0.36, "International": 0.24, "US Bonds": 0.28, "Total International Bond": 0.12}
    )
    told = only(household.notices, "class-from-master").message
    assert "as of 12/31/2015" in told
    assert "mix from Oblivious Investor, Vanguard LifeStrategy Funds" in told


@pytest.mark.parametrize(
    ("symbol", "words"),
    [
        ("SCHP", "(class from the fund's name)"),
        ("FXNAX", "(class from the fund's name)"),
        ("SCHI", "(class from the fund's name, which names no country: taken to be US)"),
        ("XLK", "(class from Select Sector SPDRs FAQ"),
        ("VOO", "(class from Vanguard Mexico, Benchmarks: Vanguard ETFs and their S&P Dow Jones Indices"),
        ("VFIAX", "(class from the name of another share class of the fund)"),
    ],
)
def test_a_notice_names_the_kind_of_source(symbol, words):
    household, _ = smiths(Securities=None, Holdings=held(f"Joint | {symbol} | 5 | 50 | |"))
    assert words in only(household.notices, "class-from-master").message


def test_a_fund_that_is_known_by_name_only_is_asked_for():
    # "Contrafund" says nothing of what it holds
    problem = only(smiths_refused(Securities=None, Holdings=held("Joint | FCNTX | 5 | 20 | |")), "unknown-symbol")
    assert "by name only, and no source says what it holds" in problem.message


def test_what_the_advisor_writes_comes_first_field_by_field():
    funds = "Symbol | Asset Class | Name | Price\nVTI | | My fund | 250\nBND | US Stocks | | 75"
    household, _ = smiths(Securities=funds)
    assert (household.security("VTI").name, household.security("VTI").main_class) == ("My fund", "US Stocks")
    assert household.security("BND").main_class == "US Stocks"
    assert household.security("BND").name == "Vanguard Total Bond Market Index Fund ETF Shares"
    assert only(household.notices, "class-from-master").place == "Securities!B2"
    assert codes(noticed()) == []  # every class given: nothing to tell


def test_a_class_that_could_be_two_of_the_advisors_is_asked_for():
    targets = "Asset Class | Target %\nUS Mid Cap | 30%\nUS Small/Mid Stock | 30%\nUS Bonds | 40%"
    small = held("Joint | AVUV | 5 | 100 | |")
    problem = only(smiths_refused(Securities=None, Targets=targets, Holdings=small), "class-unclear")
    assert problem.place == "Holdings!B2"
    assert "US Small Value, which may be US Mid Cap or US Small/Mid Stock here" in problem.message


def test_a_class_that_no_target_means_keeps_the_masters_name_and_has_no_target():
    targets = "Asset Class | Target %\nUS Large Value | 60%\nUS Bonds | 40%"
    household, _ = smiths(Securities=None, Targets=targets, Holdings=held("Joint | IWF | 5 | 500 | |"))
    assert household.security("IWF").main_class == "US Large Growth"
    assert "class-without-target" in codes(household.notices)


def test_a_total_market_fund_in_a_narrower_class_is_told():
    targets = "Asset Class | Target %\nUS Large Cap | 50%\nUS Small Cap | 10%\nUS Bonds | 40%"
    household, _ = smiths(Securities=None, Targets=targets, Holdings=HELD)
    assert household.security("VTI").main_class == "US Large Cap"
    assert any("holds more than that class" in notice.message for notice in household.notices)


def test_share_classes_of_one_fund_are_one_group_for_wash_sales():
    rows = ("Joint | VTI | 100 | 250 | 20000 | 03/16/2020", "Ann IRA | VTSAX | 50 | 121 | |")
    household, _ = smiths(Securities=None, Holdings=held(*rows))
    assert household.security("VTI").group == household.security("VTSAX").group
    notice = only(household.notices, "identical-from-master")
    assert "VTI and VTSAX are share classes of one fund" in notice.message
    assert "their names differ in the share class alone" in notice.message
    # the ETF's name says another fund: a document says that it is none
    rows = ("Joint | VOO | 1 | 600 | |", "Ann IRA | VFIAX | 1 | 550 | |")
    by_document = only(smiths(Securities=None, Holdings=held(*rows))[0].notices, "identical-from-master")
    assert "from Vanguard S&P 500 ETF, summary prospectus" in by_document.message
    # another fund of the same index is not
    voo, ivv = (
        smiths(Securities=None, Holdings=held(f"Joint | {symbol} | 1 | 600 | |"))[0] for symbol in ("VOO", "IVV")
    )
    assert voo.security("VOO").group != ivv.security("IVV").group


def test_the_group_that_the_advisor_names_takes_the_other_share_classes_in():
    funds = "Symbol | Asset Class | Price | Identical Group\nVTI | US Stocks | 250 | {}\nVTSAX | US Stocks | 121 | {}\n"
    funds += "BND | US Bonds | 75 |"
    named = smiths(Securities=funds.format("Total", ""))[0]
    assert named.security("VTI").group == named.security("VTSAX").group == "Total"
    # two words of the advisor stay two
    apart = smiths(Securities=funds.format("One", "Two"))[0]
    assert (apart.security("VTI").group, apart.security("VTSAX").group) == ("One", "Two")
    assert codes(apart.notices) == []


def test_a_share_class_that_was_only_traded_lately_counts_for_wash_sales_and_is_not_bought():
    trades = "Account | Symbol | Date | Side | Quantity | Price\nAnn IRA | VTSAX | 06/10/2026 | Buy | 10 | 121"
    household, _ = smiths(RecentTrades=trades)
    traded = household.security("VTSAX")
    assert traded.group == household.security("VTI").group
    assert traded.do_not_buy
    assert only(household.notices, "identical-from-master").code
    assert codes(smiths(RecentTrades=trades, Settings=OFF)[0].notices) == []


def test_a_share_class_is_what_the_advisor_calls_the_other():
    funds = "Symbol | Asset Class | Price\nVTI | US Bonds | 250\nBND | US Bonds | 75"
    rows = ("Joint | VTI | 100 | | 20000 | 03/16/2020", "Ann IRA | VTSAX | 50 | 121 | |")
    household, _ = smiths(Securities=funds, Holdings=held(*rows))
    assert household.security("VTSAX").main_class == "US Bonds"


def test_a_money_market_fund_is_cash_at_a_dollar_and_is_not_bought():
    household, _ = smiths(Holdings="Account | Symbol | Quantity\nJoint | VTI | 1\nJoint | VMFXX | 2500.37")
    fund = household.security("VMFXX")
    assert (fund.price_usd, fund.main_class, fund.lot_size, fund.do_not_buy) == (1.0, CASH_CLASS, 0.0, True)
    assert only(household.notices, "money-market-price").place == "Holdings!B3"


def test_mutual_funds_trade_in_fractions_where_nobody_says_otherwise():
    household, _ = smiths(Securities=None, Holdings=held("Joint | VTSAX | 5 | 121 | |", "Joint | VTI | 5 | 250 | |"))
    assert (household.security("VTSAX").lot_size, household.security("VTI").lot_size) == (0.0, 1.0)


def test_a_replacement_is_filled_in_only_when_it_is_at_hand_and_nothing_describes_the_symbol():
    rows = ("Joint | VTI | 5 | 250 | |", "Joint | ITOT | 5 | 26 | |")
    household, _ = smiths(Securities=None, Holdings=held(*rows))
    assert household.security("VTI").replacement == "ITOT"
    alone, _ = smiths(Securities=None, Holdings=HELD)
    assert alone.security("VTI").replacement == ""
    # a blank cell of a described security means: any other of its class
    funds = "Symbol | Asset Class | Price\nVTI | US Stocks | 250\nITOT | US Stocks | 26\nBND | US Bonds | 75"
    assert smiths(Securities=funds)[0].security("VTI").replacement == ""


def test_a_trust_that_holds_gold_is_a_collectible_unless_the_advisor_says_no():
    funds = "Symbol | Asset Class | Price | Collectible\nVTI | US Stocks | 250 |\nBND | US Bonds | 75 |\n"
    funds += "GLD | US Stocks | 300 | {}"
    household, _ = smiths(Securities=funds.format(""))
    assert household.security("GLD").collectible
    notice = only(household.notices, "collectible-from-master")
    assert notice.place == "Securities!D4"
    assert "by its name, SPDR Gold Shares" in notice.message
    household, _ = smiths(Securities=funds.format("No"))
    assert not household.security("GLD").collectible
    assert codes(household.notices) == []


def test_the_same_workbook_reads_the_same_and_knows_the_day_of_the_master():
    first, second = (smiths(Securities=None, Holdings=HELD)[0] for _ in range(2))
    assert first == second
    assert str(security_master().date.year) in repr(first.securities)
    assert smiths()[0].security("VTI").master_date is None
