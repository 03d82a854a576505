"""What consolidating the Parks' funds would cost and save, and everything that speaks against it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rebal_xl.consolidate import overlap_report
from rebal_xl.household import Account, Household, Lot, RecentTrade, Side, TaxTreatment, TypedTrade
from rebal_xl.household.overlap import IDENTICAL, SAME_INDEX, SAME_MIX, Consolidation
from tests.consolidate.homes import ACCOUNTS, AS_OF, INDEX, LONG_AGO, LOTS, fund, parks, policy, without


def found(home: Household, **more: object) -> dict[tuple[str, tuple[str, ...]], Consolidation]:
    report = overlap_report(home, policy(**more))
    return {(one.account, one.sold): one for one in report.consolidations}


def against(home: Household, account: str = "Joint", sold: str = "IVV", **more: object) -> str:
    return found(home, **more)[account, (sold,)].refused


def test_each_account_by_itself_with_its_tax_and_the_positions_it_saves():
    told = found(parks())
    assert set(told) == {("Joint", ("IVV",)), ("Joint", ("SPY",)), ("IRA", ("IVV",)), ("Roth", ("IVV", "SPY"))}
    joint, ira, roth = told["Joint", ("IVV",)], told["IRA", ("IVV",)], told["Roth", ("IVV", "SPY")]
    assert {(one.keep, one.kind, one.subject) for one in told.values()} == {("VOO", SAME_INDEX, INDEX)}
    assert (joint.keep_why, ira.keep_why, roth.keep_why) == ("best buy rank", "largest position", "best buy rank")
    # 50 x $600 less $20,000 is a gain of $10,000, at 15 %
    assert (joint.amount_usd, joint.gain_usd, joint.bought_quantity) == (30_000.0, 10_000.0, 50.0)
    assert joint.tax_usd == pytest.approx(1_500.0)
    assert (joint.positions_saved, joint.refused) == (1, "")
    assert (ira.amount_usd, ira.tax_usd, ira.positions_saved, ira.refused) == (12_000.0, 0.0, 1, "")
    # two are sold and VOO, not held there, is bought: one position fewer
    assert (roth.amount_usd, roth.bought_quantity, roth.positions_saved) == (12_000.0, 20.0, 1)


def test_a_loss_is_not_sold_into_a_fund_of_the_same_index():
    spy = found(parks())["Joint", ("SPY",)]
    assert spy.gain_usd == pytest.approx(20 * 600.0 - 15_000.0)
    assert spy.refused == "SPY has a loss, and buying a fund of the same index may make it a wash sale."


def test_a_loss_sold_into_an_identical_security_is_a_wash_sale_and_saves_nothing():
    home = parks(SPY={"identical_group": "Five Hundred"}, VOO={"identical_group": "Five Hundred"})
    spy = found(home)["Joint", ("SPY",)]
    assert (spy.kind, spy.subject) == (IDENTICAL, "Five Hundred")
    assert spy.refused.startswith("A wash sale: SPY has a loss")
    # the whole loss is disallowed, as 20 VOO are bought for the 20 SPY
    assert spy.tax_usd == pytest.approx(0.0)


def test_a_loss_may_be_sold_into_a_fund_of_the_same_mix_unless_a_purchase_of_these_days_washes_it():
    mix = (("Bonds", 0.4), ("US Large Cap", 0.6))
    funds = (replace(fund("MIXA"), class_mix=mix), replace(fund("MIXB"), class_mix=mix))
    lots = (Lot("Joint", "MIXA", 10.0, 7_000.0, LONG_AGO), Lot("Joint", "MIXB", 50.0, 30_000.0, LONG_AGO))
    home = Household(ACCOUNTS, lots, funds, parks().taxpayers)
    (one,) = overlap_report(home, policy()).consolidations
    assert (one.kind, one.subject) == (SAME_MIX, "40.00% Bonds, 60.00% US Large Cap")
    # a loss of $1,000 within the yearly $3,000 comes off wages taxed at 22 %
    assert (one.gain_usd, one.refused) == (-1_000.0, "")
    assert one.tax_usd == pytest.approx(-220.0)
    lately = Lot("IRA", "MIXA", 4.0, None, AS_OF - timedelta(days=10))
    (joint,) = overlap_report(replace(home, lots=(*lots, lately)), policy()).consolidations
    # 4 of the 10 shares are washed: 4/10 of $1,000
    assert joint.refused == "A wash sale: $400.00 of loss would be disallowed."


def test_nothing_is_bought_that_was_sold_at_a_loss_these_days():
    def after(symbol: str) -> Household:
        sold = RecentTrade("Joint", symbol, AS_OF - timedelta(days=5), Side.SELL, 1.0, 600.0, gain_usd=-50.0)
        return replace(parks(), recent_trades=(sold,))

    # 30 days after November 15 is December 15; the day after is safe. In the IRA as well: the loss would be gone
    why = "VOO was sold at a loss in the last 30 days: buying VOO would wash that loss until 12/16/2026."
    assert against(after("VOO")) == against(after("VOO"), "IRA") == why
    near = "SPY was sold at a loss in the last 30 days: buying VOO, of the same index, may wash that loss until "
    assert against(after("SPY"), "IRA") == f"{near}12/16/2026."


def test_the_fund_that_is_kept_has_the_best_rank_then_the_largest_position_then_the_lowest_yield():
    ranked = found(parks(SPY={"rank_taxable": 1}, VOO={"rank_taxable": 3}))
    assert {(one.keep, one.keep_why) for one in ranked.values() if one.account == "Joint"} == {("SPY", "best buy rank")}
    # no rank for IRAs: there the largest position stays
    assert ranked["IRA", ("IVV",)].keep == "VOO"
    level = (Lot("Joint", "IVV", 10.0, 1.0, LONG_AGO), Lot("Joint", "VOO", 10.0, 1.0, LONG_AGO))
    (one,) = found(parks(level, ranked=False, IVV={"yield_rate": 0.011}, VOO={"yield_rate": 0.012})).values()
    assert (one.keep, one.keep_why) == ("IVV", "lowest yield")
    (one,) = found(parks(level, ranked=False)).values()
    assert (one.keep, one.keep_why) == ("IVV", "first by symbol")
    # VOO is larger but marked: the next one is kept
    assert found(parks(VOO={"do_not_buy": True}))["IRA", ("VOO",)].keep == "IVV"


def test_without_ranks_the_fund_stays_whose_keeping_realises_the_least_gain():
    told = found(parks(ranked=False))
    # VOO is larger, but at cost: sold into IVV it costs nothing, where IVV would cost 15 % of $10,000
    joint = told["Joint", ("VOO",)]
    assert (joint.keep, joint.keep_why, joint.gain_usd, joint.refused) == ("IVV", "least gain realized", 0.0, "")
    assert joint.tax_usd == pytest.approx(0.0)
    # SPY's loss is no reason to keep it, nor is it taken
    assert "may make it a wash sale" in told["Joint", ("SPY",)].refused
    # nobody taxes gains in an IRA
    assert (told["IRA", ("IVV",)].keep, told["IRA", ("IVV",)].keep_why) == ("VOO", "largest position")
    # in the Roth one sale does what two would do for VOO, which is not held there: IVV and SPY are, IVV is larger
    assert {one.sold: (one.keep, one.positions_saved) for one in told.values() if one.account == "Roth"} == {
        ("SPY",): ("IVV", 1)
    }


@pytest.mark.parametrize("stays", [{"locked": True}, {"do_not_sell": True}, {"min_hold": 5.0}])
def test_without_ranks_the_fund_stays_that_has_to(stays: dict[str, object]):
    # in the IRA, IVV is the smaller of both
    lots = tuple(replace(lot, **stays) if (lot.account, lot.symbol) == ("IRA", "IVV") else lot
                 for lot in (*LOTS[:3], Lot("IRA", "VOO", 30.0), LOTS[4]))  # fmt: skip
    told = found(parks(lots, ranked=False))["IRA", ("VOO",)]
    assert (told.keep, told.keep_why, told.refused) == ("IVV", "has to stay", "")


def test_menus_decide_what_may_be_kept():
    plan = replace(ACCOUNTS[1], menu=frozenset({"IVV"}))
    told = found(parks(accounts=(ACCOUNTS[0], plan, ACCOUNTS[2])))["IRA", ("VOO",)]
    assert (told.keep, told.keep_why, told.refused) == ("IVV", "the only one that may be bought", "")
    nothing = replace(plan, menu=frozenset({"ABC"}))
    why = against(parks(accounts=(ACCOUNTS[0], nothing, ACCOUNTS[2])), "IRA")
    assert why == "VOO cannot be bought here: it is not on the account's menu."


def test_locked_accounts_lots_and_ranges_stay():
    locked = replace(ACCOUNTS[0], locked=True)
    assert against(parks(accounts=(locked, *ACCOUNTS[1:]))) == "The account is locked."
    outside = replace(ACCOUNTS[0], counts_in_target=False)
    assert against(parks(accounts=(outside, *ACCOUNTS[1:]))) == "The account does not count in the target."

    def changed(symbol: str, **more: object) -> Household:
        return parks(tuple(replace(lot, **more) if lot.symbol == symbol else lot for lot in LOTS))

    assert against(changed("IVV", locked=True)) == "IVV has a lot marked Locked."
    assert against(changed("IVV", do_not_sell=True)) == "IVV has a lot marked Do Not Sell."
    assert against(changed("IVV", min_hold=5.0)) == "IVV is kept by Min Hold."
    assert against(changed("VOO", max_hold=500.0)) == "VOO has a Max Hold here."
    unknown = found(changed("IVV", basis_usd=None))["Joint", ("IVV",)]
    assert (unknown.gain_usd, unknown.tax_usd) == (None, None)
    assert unknown.refused == "IVV has a lot whose basis or date is unknown."
    # a gain of a lot bought 350 days ago is long-term in 16 days
    young = changed("IVV", acquired=AS_OF - timedelta(days=350))
    assert against(young) == "IVV has a lot turning long-term within 30 days."


def test_small_purchases_typed_trades_limits_and_other_classes():
    assert against(parks(), min_trade_usd=31_000.0) == "The purchase would be below the least order, $31,000."
    typed = TypedTrade("Joint", "VOO", Side.BUY, quantity=1.0)
    assert against(parks(), my_trades=(typed,)) == "My Trades already trade VOO here."
    limited = replace(parks(), taxpayers=(replace(parks().taxpayers[0], long_gain_limit_usd=9_000.0),))
    assert against(limited) == "It breaks the limit on long gains of Parks."
    # the advisor's own classes differ: then one does not stand for the other
    other = parks(IVV={"class_mix": (("US Large Cap", 0.9), ("Cash", 0.1))})
    assert against(other) == "IVV and VOO have different classes in Securities."


def test_what_saves_no_position_is_told_as_such():
    # in the Roth only SPY is left: VOO would stand for it
    told = found(parks(without(("Roth", "IVV"))))["Roth", ("SPY",)]
    assert (told.positions_saved, told.refused) == (0, "")


def test_what_is_sold_short_is_not_put_together():
    # 20 x $600 of IVV beside 10 VOO sold short: no VOO is bought back for that, and nothing else is alike
    short = (Lot("IRA", "VOO", -10.0), Lot("IRA", "IVV", 20.0), Lot("Roth", "VOO", 50.0))
    assert "IRA" not in {one.account for one in overlap_report(parks(short), policy()).consolidations}
    # ten long and two short of it are eight in sum, and stay
    both = (Lot("IRA", "VOO", 10.0), Lot("IRA", "VOO", -2.0), Lot("IRA", "IVV", 20.0))
    (one,) = overlap_report(parks(both), policy()).consolidations
    assert (one.sold, one.keep, one.refused) == (("IVV",), "VOO", "VOO is sold short here.")


def test_a_limit_broken_before_is_not_broken_by_what_realises_nothing():
    payer = replace(parks().taxpayers[0], long_gain_limit_usd=1_000.0, long_realized_usd=5_000.0)
    # both at cost
    lots = (Lot("Joint", "VOO", 10.0, 6_000.0, LONG_AGO), Lot("Joint", "IVV", 5.0, 3_000.0, LONG_AGO))
    assert against(replace(parks(lots), taxpayers=(payer,))) == ""
    assert against(replace(parks(), taxpayers=(payer,))) == "It breaks the limit on long gains of Parks."


def test_a_fund_of_the_index_that_is_in_securities_no_longer_was_sold_at_a_loss():
    home = parks(without(("Joint", "SPY"), ("Roth", "SPY")))
    sold = RecentTrade("Joint", "SPY", AS_OF - timedelta(days=30), Side.SELL, 1.0, 600.0, gain_usd=-50.0)
    left = tuple(one for one in home.securities if one.symbol != "SPY")
    why = against(replace(home, securities=left, recent_trades=(sold,)))
    # the thirtieth day is the last on which it would be washed
    assert why.startswith("SPY was sold at a loss in the last 30 days")
    assert why.endswith("until 11/21/2026.")


def test_whole_and_fractional_shares():
    # 5.75 x $600 are $3,450: five whole shares of $600, or 5.75 where the account trades in fractions
    lots = (Lot("IRA", "VOO", 10.25), Lot("IRA", "IVV", 5.75))
    assert found(parks(lots))["IRA", ("IVV",)].bought_quantity == 5.0
    fractions = replace(ACCOUNTS[1], fractional=True)
    told = found(parks(lots, (ACCOUNTS[0], fractions, ACCOUNTS[2])))["IRA", ("IVV",)]
    assert told.bought_quantity == pytest.approx(5.75)
    # a redemption fee of 2 % leaves 0.98 x $12,000 for shares of $600
    dear = parks(IVV={"redemption_fee": 0.02})
    assert found(dear)["IRA", ("IVV",)].bought_quantity == 11_760 // 600


def test_no_securities_and_no_prices():
    assert overlap_report(Household((), (), ()), policy()).nothing
    assert overlap_report(Household(ACCOUNTS, (), (), parks().taxpayers), policy()).nothing
    # without a price VOO is worth nothing that could be told or kept
    told = found(parks(VOO={"price_usd": 0.0}))
    assert {one.keep for one in told.values()} == {"IVV"}


def test_no_overlap_and_everything_in_one_fund():
    alone = overlap_report(parks((LOTS[0],)), policy())
    assert alone.nothing
    assert alone.consolidations == ()
    # one fund in two accounts is held in several places, and nothing is to be consolidated
    spread = overlap_report(parks((LOTS[0], LOTS[3])), policy())
    (held,) = spread.held
    assert (held.subject, held.value_usd, held.share) == ("VOO", 66_000.0, 1.0)
    assert (spread.pairs, spread.consolidations, spread.nothing) == ((), (), False)


def test_without_the_security_master_nobody_knows_the_index():
    assert overlap_report(parks(), policy(security_master=False)).consolidations == ()
    assert overlap_report(parks(), policy(security_master=False)).pairs == ()


def test_thirty_accounts_are_told_account_by_account():
    accounts = tuple(Account(f"IRA {number:02}", TaxTreatment.TAX_DEFERRED) for number in range(30))
    lots = tuple(Lot(one.name, symbol, 10.0) for one in accounts for symbol in ("IVV", "SPY", "VOO"))
    report = overlap_report(parks(lots, accounts), policy())
    # in each account two of the three are sold into the third
    assert len(report.consolidations) == 60
    assert sum(one.positions_saved for one in report.consolidations) == 60
    assert {one.keep for one in report.consolidations} == {"IVV"}
    assert report == overlap_report(parks(lots[::-1], accounts[::-1]), policy())
