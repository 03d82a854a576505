"""Asset location: the score between the worst and the best placement of one mix, and the next best swaps."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from rebal_xl.household import (
    Account,
    FilingStatus,
    Household,
    InputErrors,
    LocationReport,
    Lot,
    Method,
    Policy,
    Security,
    Target,
    TaxProfile,
)
from rebal_xl.measure.exposure import measure_exposure
from rebal_xl.optimize.location import find_location, household_after
from rebal_xl.optimize.rebalance import rebalance
from rebal_xl.sample import sample_household, sample_policy
from tests.optimize.homes import AS_OF, IRA, ROTH, TAXABLE, lot

# A trust whose $13,900 after its exemption of $100 lie in the 35 % bracket of 2026 (11,700 to 16,000), where gains and
# dividends are taxed at 15 %, below the threshold of NIIT (16,000): the rates of the public example.
TRUST = TaxProfile("Trust", FilingStatus.TRUST, ordinary_income_usd=14_000.0)
STOCK = Security(
    "STK", 1.0, (("Stock", 1.0),), lot_size=0.0, yield_rate=0.015, qualified_share=1.0, growth_rate=0.055,
    turnover_rate=0.05,
)  # fmt: skip
BOND = Security("BND", 1.0, (("Bond", 1.0),), lot_size=0.0, yield_rate=0.045)
NO_YIELD = replace(BOND, yield_rate=0.0)
MUNI = Security("MUN", 1.0, (("Bond", 1.0),), lot_size=0.0, yield_rate=0.03, exempt_share=1.0)
# 1.5 % at 15 % and 15 % of 5 % of 5.5 %; 4.5 % at 35 %
STOCK_DRAG, BOND_DRAG = 0.0026625, 0.01575
# A dollar a year over ten years at 5 %.
ANNUITY = (1 - 1.05**-10) / 0.05
POLICY = Policy(targets=(Target("Stock", 0.5), Target("Bond", 0.5)), as_of=AS_OF)
BROKERAGE, RETIREMENT = Account("Brokerage", TAXABLE), Account("IRA", IRA)


def home(
    held: dict[tuple[str, str], float],
    *,
    accounts: tuple[Account, ...] = (BROKERAGE, RETIREMENT),
    securities: tuple[Security, ...] = (STOCK, BOND),
    **more: object,
) -> Household:
    """Dollars by account and symbol, without gains."""
    lots = tuple(lot(account, symbol, usd, usd) for (account, symbol), usd in held.items())
    given = {"accounts": accounts, "lots": lots, "securities": securities, "taxpayers": (TRUST,), **more}
    return Household(**given)  # type: ignore[arg-type]


def stocks_in_brokerage(share: float, **more: object) -> Household:
    """The public example: $500,000 in each account, half stocks and half bonds in all."""
    held = {
        ("Brokerage", "STK"): 500_000.0 * share,
        ("Brokerage", "BND"): 500_000.0 * (1 - share),
        ("IRA", "STK"): 500_000.0 * (1 - share),
        ("IRA", "BND"): 500_000.0 * share,
    }
    return home({place: usd for place, usd in held.items() if usd}, **more)  # type: ignore[arg-type]


WRONG_WAY = stocks_in_brokerage(0.0)


def test_rates_and_drags_of_the_public_example() -> None:
    report = find_location(WRONG_WAY, POLICY)
    assert report.value_usd == 1_000_000.0
    assert report.drag_usd == pytest.approx(500_000.0 * BOND_DRAG, abs=1e-3)  # $7,875
    assert report.worst_usd == report.drag_usd
    assert report.best_usd == pytest.approx(500_000.0 * STOCK_DRAG, abs=1e-3)  # $1,331.25
    assert report.gain_usd == pytest.approx(6_543.75, abs=1e-3)
    assert report.horizon_usd == pytest.approx(6_543.75 * ANNUITY, abs=0.01)


@pytest.mark.parametrize("percent", [0, 25, 50, 75, 100])
def test_the_score_is_the_share_of_stocks_in_the_taxable_account(percent: int) -> None:
    report = find_location(stocks_in_brokerage(percent / 100), POLICY)
    assert report.score == pytest.approx(percent, abs=1e-4)


def test_it_is_no_fixed_list_that_ranks_the_classes() -> None:
    # Bonds of 1 % interest cost 0.35 %, stocks of 6 % dividends 0.9 %: now the stocks belong into the IRA.
    low, high = replace(BOND, yield_rate=0.01), replace(STOCK, yield_rate=0.06, turnover_rate=0.0)
    assert find_location(stocks_in_brokerage(1.0, securities=(high, low)), POLICY).score == pytest.approx(0.0, abs=1e-4)
    assert find_location(stocks_in_brokerage(0.0, securities=(high, low)), POLICY).score == pytest.approx(100.0)


SAME = "Every placement of this mix that the rules allow costs the same: there is nothing to gain."
FREE = "By the yields and turnover given, no placement of this mix costs any tax: there is nothing to gain."


@pytest.mark.parametrize(
    ("house", "sentence"),
    [
        (home({("Brokerage", "STK"): 500.0, ("Brokerage", "BND"): 900.0}, accounts=(BROKERAGE,)), SAME),
        (home({("Brokerage", "STK"): 5e5, ("2", "BND"): 5e5}, accounts=(BROKERAGE, Account("2", TAXABLE))), SAME),
        (home({("IRA", "STK"): 5e5, ("Roth", "BND"): 5e5}, accounts=(RETIREMENT, Account("Roth", ROTH))), FREE),
        (home({}), FREE),
        (stocks_in_brokerage(0.0, securities=(replace(STOCK, yield_rate=0.0, growth_rate=0.0), NO_YIELD)), FREE),
        (stocks_in_brokerage(0.0, accounts=(BROKERAGE, replace(RETIREMENT, locked=True))), SAME),
        (stocks_in_brokerage(0.0, accounts=(replace(BROKERAGE, locked=True), RETIREMENT)), SAME),
    ],
    ids=["one account", "all taxable", "nothing taxable", "empty", "no yields", "IRA locked", "brokerage locked"],
)
def test_where_nothing_can_be_gained_the_score_is_100_and_says_so(house: Household, sentence: str) -> None:
    report = find_location(house, POLICY)
    assert report.score == 100.0
    assert report.sentences == (sentence,)
    assert report.moves == ()
    assert not report.suspect


def test_two_taxable_accounts_of_two_taxpayers_differ() -> None:
    # Ann pays 10 % and nothing on dividends (her $10,000 after the deduction of $16,100 end at 12,400); the trust 35 %
    # and 15 %. Bonds with her: 4.5 % at 10 %; the trust's stocks 0.26625 %.
    ann = TaxProfile("Ann", FilingStatus.SINGLE, ordinary_income_usd=26_100.0)
    accounts = (replace(BROKERAGE, taxpayer="Trust"), Account("Hers", TAXABLE, taxpayer="Ann"))
    report = find_location(
        home({("Brokerage", "BND"): 1e5, ("Hers", "STK"): 1e5}, accounts=accounts, taxpayers=(TRUST, ann)), POLICY
    )
    assert report.drag_usd == report.worst_usd == pytest.approx(1e5 * BOND_DRAG, abs=1e-3)
    assert report.best_usd == pytest.approx(1e5 * (STOCK_DRAG + 0.0045), abs=1e-3)
    (move,) = report.moves
    assert (move.account, move.asset_class, move.other_account, move.other_class) == (
        "Brokerage", "Bond", "Hers", "Stock",
    )  # fmt: skip
    assert move.saves_usd == pytest.approx(858.75, abs=1e-3)  # 1,575 - 266.25 - 450


def test_locked_lots_stay_and_so_cap_what_can_be_gained() -> None:
    held = (lot("Brokerage", "BND", 400_000.0, 400_000.0, locked=True), lot("Brokerage", "BND", 100_000.0, 100_000.0))
    report = find_location(replace(WRONG_WAY, lots=(*held, lot("IRA", "STK", 500_000.0))), POLICY)
    assert report.gain_usd == pytest.approx(100_000.0 * (BOND_DRAG - STOCK_DRAG), abs=1e-3)
    kept = (lot("Brokerage", "BND", 500_000.0, 500_000.0, min_hold=400_000.0), lot("IRA", "STK", 500_000.0))
    again = find_location(replace(WRONG_WAY, lots=kept), POLICY)
    assert again.gain_usd == pytest.approx(report.gain_usd, abs=1e-6)


def test_a_menu_decides_by_class_and_not_by_symbol() -> None:
    # The 401(k) has no BND, but a bond fund of its own; without one, bonds cannot go there.
    own = Security("401B", 1.0, (("Bond", 1.0),), lot_size=0.0)
    for menu, gain in ((("STK", "401B"), 6_543.75), (("STK",), 0.0)):
        plan401k = replace(RETIREMENT, menu=frozenset(menu))
        house = stocks_in_brokerage(0.0, accounts=(BROKERAGE, plan401k), securities=(STOCK, BOND, own))
        assert find_location(house, POLICY).gain_usd == pytest.approx(gain, abs=1e-3)


def test_what_may_not_be_bought_does_not_move_but_for_a_stand_in() -> None:
    sell_only = (STOCK, replace(BOND, do_not_buy=True))
    assert find_location(stocks_in_brokerage(0.0, securities=sell_only), POLICY).score == 100.0
    stand_in = replace(BOND, symbol="AGG")
    moved = find_location(stocks_in_brokerage(0.0, securities=(*sell_only, stand_in)), POLICY)
    assert moved.score == pytest.approx(0.0, abs=1e-4)


def test_municipal_funds_are_not_placed_into_an_ira() -> None:
    # Beside BND they give up 1.5 %, more than the stocks' drag; without it nothing. Neither the best placement in the
    # first case nor the worst in the second takes them into the IRA.
    for securities in ((STOCK, BOND, MUNI), (STOCK, MUNI)):
        house = home({("Brokerage", "MUN"): 5e5, ("IRA", "STK"): 5e5}, securities=securities)
        assert find_location(house, POLICY).score == 100.0


def test_municipal_funds_come_out_of_an_ira() -> None:
    # They give up 4.5 % less 3 % wherever they lie; the bonds' interest is taxed in the brokerage account alone.
    house = home({("IRA", "MUN"): 1e5, ("Brokerage", "BND"): 1e5}, securities=(STOCK, BOND, MUNI))
    report = find_location(house, POLICY)
    assert report.drag_usd == pytest.approx(1e5 * (BOND_DRAG + 0.015), abs=1e-3)
    assert report.best_usd == pytest.approx(1e5 * 0.015, abs=1e-3)
    (move,) = report.moves
    assert (move.account, move.symbols, move.other_symbols) == ("Brokerage", ("BND",), ("MUN",))


def test_cash_moves_beyond_its_reserve_once_its_yield_is_known() -> None:
    # $100,000 of cash at 4 % beside $60,000 to keep: 1.4 % a year at 35 %, against 0.26625 % of the stocks.
    kept = replace(BROKERAGE, cash_usd=100_000.0, reserve_usd=60_000.0)
    house = home({("IRA", "STK"): 500_000.0}, accounts=(kept, RETIREMENT))
    report = find_location(house, replace(POLICY, cash_yield=0.04))
    assert report.drag_usd == pytest.approx(1_400.0, abs=1e-3)
    assert report.gain_usd == pytest.approx(40_000.0 * (0.014 - STOCK_DRAG), abs=1e-3)
    assert report.moves[0].symbols == ("CASH",)
    assert find_location(house, POLICY).score == 100.0


def test_accounts_outside_the_target_are_left_out() -> None:
    apart = Account("Apart", TAXABLE, counts_in_target=False, cash_usd=7_000.0)
    house = stocks_in_brokerage(0.0, accounts=(BROKERAGE, RETIREMENT, apart))
    assert find_location(house, POLICY) == find_location(WRONG_WAY, POLICY)


@pytest.mark.parametrize(("bond_yield", "suspect"), [(0.0533, False), (0.0534, True)])
def test_a_gain_above_80_basis_points_is_suspect(bond_yield: float, suspect: bool) -> None:
    # $500,000 x (35 % of the yield - 0.26625 %): $7,996.25 and $8,013.75 of a household of $1,000,000
    report = find_location(stocks_in_brokerage(0.0, securities=(STOCK, replace(BOND, yield_rate=bond_yield))), POLICY)
    assert report.gain_usd == pytest.approx(500_000.0 * (0.35 * bond_yield - STOCK_DRAG), abs=1e-3)
    assert report.suspect is suspect
    assert any("hard to believe" in sentence for sentence in report.sentences) is suspect


def test_lines_look_through_and_add_up() -> None:
    fund = Security("MIX", 1.0, (("Bond", 0.4), ("Stock", 0.6)), lot_size=0.0, yield_rate=0.03)
    house = home({("Brokerage", "MIX"): 1_000.0, ("IRA", "BND"): 500.0}, securities=(STOCK, BOND, fund))
    lines = {(line.account, line.asset_class): line for line in find_location(house, POLICY).lines}
    assert lines["Brokerage", "Stock"].usd == pytest.approx(600.0)
    # 3 % interest at 35 %
    assert lines["Brokerage", "Bond"].drag_usd == pytest.approx(400.0 * 0.0105, abs=1e-6)
    assert (lines["IRA", "Bond"].usd, lines["IRA", "Bond"].drag_usd) == (500.0, 0.0)


def test_the_move_of_the_public_example() -> None:
    (move,) = find_location(WRONG_WAY, POLICY).moves
    assert (move.account, move.asset_class, move.symbols) == ("Brokerage", "Bond", ("BND",))
    assert (move.other_account, move.other_class, move.other_symbols) == ("IRA", "Stock", ("STK",))
    assert (move.amount_usd, move.tax_usd) == (500_000.0, 0.0)
    assert move.saves_usd == pytest.approx(6_543.75, abs=1e-3)
    assert move.horizon_usd == pytest.approx(6_543.75 * ANNUITY, abs=0.01)
    assert move.sentence == (
        "Swap $500,000 of Bond in Brokerage (BND) against Stock in IRA (STK): it saves $6,544 a year and costs no tax "
        "now."
    )
    assert find_location(WRONG_WAY, POLICY, moves=False).moves == ()


def test_the_tax_of_a_move_is_that_of_its_gains() -> None:
    # A long gain of $1,000 on top of $13,900: 15 %, and still below the threshold of NIIT.
    held = (lot("Brokerage", "BND", 500_000.0, 499_000.0), lot("IRA", "STK", 500_000.0))
    (move,) = find_location(replace(WRONG_WAY, lots=held), POLICY).moves
    assert (move.amount_usd, move.tax_usd) == (500_000.0, pytest.approx(150.0, abs=1e-6))
    assert "costs $150 of tax now" in move.sentence
    # On a collectible it is 28 %, since the bracket's 35 % are more.
    gold = replace(WRONG_WAY, lots=held, securities=(STOCK, replace(BOND, collectible=True)))
    assert find_location(gold, POLICY).moves[0].tax_usd == pytest.approx(280.0, abs=1e-6)
    # A loss is not counted: shares bought again elsewhere may wash it.
    lost = (lot("Brokerage", "BND", 500_000.0, 600_000.0), lot("IRA", "STK", 500_000.0))
    assert find_location(replace(WRONG_WAY, lots=lost), POLICY).moves[0].tax_usd == 0.0


def test_lots_whose_tax_is_more_than_the_drag_saved_are_kept() -> None:
    # A dollar moved saves 1.30875 % a year, 10.1 cents over the horizon; 80 cents of gain cost 12 cents, 60 cents 9.
    dear, cheap = lot("Brokerage", "BND", 1_000.0, 200.0), lot("Brokerage", "BND", 2_000.0, 800.0)
    house = replace(WRONG_WAY, lots=(dear, cheap, lot("IRA", "STK", 500_000.0)))
    policy = replace(POLICY, min_trade_usd=1.0, cost_per_order_usd=0.0)
    (move,) = find_location(house, policy).moves
    assert move.amount_usd == 2_000.0
    # 60 % of $2,000 at 15 %
    assert move.tax_usd == pytest.approx(180.0, abs=1e-6)


def test_a_swap_must_be_worth_its_four_orders_and_no_less_than_the_minimum_trade() -> None:
    # $1,000 moved saves $13.09 a year, $101.06 over the horizon.
    house = home({("Brokerage", "BND"): 1_000.0, ("IRA", "STK"): 1_000.0})
    worth = 1_000.0 * (BOND_DRAG - STOCK_DRAG) * ANNUITY
    assert worth == pytest.approx(101.06, abs=0.01)
    for cost, minimum, count in ((25.0, 500.0, 1), (25.5, 500.0, 0), (10.0, 1_000.0, 1), (10.0, 1_001.0, 0)):
        policy = replace(POLICY, cost_per_order_usd=cost, min_trade_usd=minimum)
        assert len(find_location(house, policy).moves) == count


def test_moves_are_done_one_after_the_other() -> None:
    # High-yield bonds cost 2.45 %, bonds 1.575 %: the IRA has room for one and a half of the two.
    junk = Security("JNK", 1.0, (("High Yield", 1.0),), lot_size=0.0, yield_rate=0.07)
    held = {("Brokerage", "BND"): 2e5, ("Brokerage", "JNK"): 2e5, ("IRA", "STK"): 3e5}
    policy = replace(POLICY, targets=(*POLICY.targets, Target("High Yield", 0.1)))
    report = find_location(home(held, securities=(STOCK, BOND, junk)), policy)
    assert [(move.asset_class, round(move.amount_usd)) for move in report.moves] == [
        ("High Yield", 200_000),
        ("Bond", 100_000),
    ]
    assert sum(move.saves_usd for move in report.moves) == pytest.approx(report.gain_usd, abs=1e-3)


def test_a_taxable_account_without_a_taxpayer_is_refused() -> None:
    with pytest.raises(InputErrors, match="no tax profile"):
        find_location(replace(WRONG_WAY, taxpayers=()), POLICY)


def test_the_household_after_a_plan_holds_what_the_plan_says() -> None:
    household, policy = sample_household(), sample_policy()
    plan = rebalance(household, policy)
    after = household_after(household, plan)
    held = measure_exposure(after).by_account
    for account, asset_class, usd in plan.after.by_account:
        assert held[account, asset_class] == pytest.approx(usd, abs=0.02)
    realised = sum(profile.short_realized_usd + profile.long_realized_usd for profile in after.taxpayers)
    before = sum(profile.short_realized_usd + profile.long_realized_usd for profile in household.taxpayers)
    gained = sum(change.short_gain_usd + change.long_gain_usd for change in plan.tax.changes)
    assert realised - before == pytest.approx(gained, abs=1e-6)
    # what is left of a lot keeps its part of the basis
    basis = {(one.account, one.lot_id): one.basis_usd for one in household.lots if one.basis_usd is not None}
    sold = {(sale.account, sale.lot_id): sale.basis_usd for sale in plan.lot_sales if sale.basis_usd is not None}
    left = {(one.account, one.lot_id): one.basis_usd for one in after.lots if one.lot_id}
    for key, usd in sold.items():
        if key in left:
            assert left[key] == pytest.approx(basis[key] - usd, abs=0.01)


def test_a_plan_of_method_location_earns_what_the_reports_before_and_after_it_differ_by() -> None:
    # Three quarters of the bonds in the wrong account, $60,000 of cash at 4 % beside a reserve of $20,000.
    kept = replace(BROKERAGE, cash_usd=60_000.0, reserve_usd=20_000.0)
    house = stocks_in_brokerage(0.25, accounts=(kept, RETIREMENT))
    policy = replace(POLICY, method=Method.LOCATION, cash_yield=0.04)
    plan = rebalance(house, policy)
    before, after = find_location(house, policy), find_location(household_after(house, plan), policy)
    (earned,) = [-term.usd for term in plan.cost_terms if term.name == "location"]
    assert earned == pytest.approx(ANNUITY * (before.drag_usd - after.drag_usd), abs=0.05)
    assert after.score > 99.0


# to the basis point: what differs by less is left where it lies
YIELDS = st.lists(st.integers(0, 800).map(lambda basis_points: basis_points / 1e4), min_size=2, max_size=5)


@given(yields=YIELDS, data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_best_placement_fills_the_ira_with_the_dearest_dollars(yields: list[float], data: st.DataObject) -> None:
    """With one taxable account and one IRA the two ends are known: sort by drag, and fill."""
    names = [f"S{place}" for place in range(len(yields))]
    securities = tuple(
        Security(name, 1.0, ((name, 1.0),), lot_size=0.0, yield_rate=each)
        for name, each in zip(names, yields, strict=True)
    )
    amounts = st.floats(0.0, 1e6).map(lambda usd: round(usd, 2))
    held = {place: data.draw(amounts) for place in product(("Brokerage", "IRA"), names)}
    policy = replace(POLICY, targets=tuple(Target(name, 1.0 / len(names)) for name in names))
    report = find_location(home({p: usd for p, usd in held.items() if usd}, securities=securities), policy)
    totals = sorted(
        (0.35 * each, held["Brokerage", name] + held["IRA", name]) for name, each in zip(names, yields, strict=True)
    )
    room = sum(held["Brokerage", name] for name in names)
    assert report.best_usd == pytest.approx(_filled(totals, room), abs=0.02)
    assert report.worst_usd == pytest.approx(_filled(totals[::-1], room), abs=0.02)
    _check(report)


def _filled(totals: list[tuple[float, float]], room: float) -> float:
    cost = 0.0
    for drag, usd in totals:
        placed = min(usd, room)
        room -= placed
        cost += drag * placed
    return cost


def _check(report: LocationReport) -> None:
    assert report.best_usd <= report.drag_usd <= report.worst_usd
    assert 0.0 <= report.score <= 100.0
    accounts = sorted({line.account for line in report.lines})
    classes = sorted({line.asset_class for line in report.lines})
    for name in accounts:
        mine = [line for line in report.lines if line.account == name]
        assert sum(line.best_usd for line in mine) == pytest.approx(sum(line.usd for line in mine), abs=0.05)
    for name in classes:
        mine = [line for line in report.lines if line.asset_class == name]
        assert sum(line.best_usd for line in mine) == pytest.approx(sum(line.usd for line in mine), abs=0.05)
    assert sum(line.drag_usd for line in report.lines) == pytest.approx(report.drag_usd, abs=0.05)
    # swaps come no lower than the best placement
    assert sum(move.saves_usd for move in report.moves) <= report.gain_usd + 0.02


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_the_two_ends_are_those_of_a_program_written_apart(data: st.DataObject) -> None:
    """Three accounts, menus, locks, municipal funds, blends and cash, drawn at random."""
    blend = Security("MIX", 1.0, (("Bond", 0.4), ("Stock", 0.6)), lot_size=0.0, yield_rate=0.03)
    securities = (STOCK, BOND, replace(MUNI, class_mix=(("Muni", 1.0),)), blend)
    symbols = [security.symbol for security in securities]
    menu = data.draw(st.none() | st.frozensets(st.sampled_from(symbols)))
    accounts = (
        replace(BROKERAGE, cash_usd=data.draw(st.floats(-500.0, 5_000.0)), reserve_usd=1_000.0),
        replace(RETIREMENT, menu=menu, cash_usd=data.draw(st.floats(0.0, 5_000.0))),
        Account("Roth", ROTH, locked=data.draw(st.booleans())),
    )
    lots = tuple(
        Lot(
            account.name, symbol, usd, data.draw(st.floats(0.2, 1.5)) * usd, lot("Roth", "STK", 1.0).acquired,
            locked=data.draw(st.booleans()),
        )
        for account in accounts
        for symbol in symbols
        if (usd := data.draw(st.sampled_from([0.0, 2_000.0, 30_000.0])))
    )  # fmt: skip
    house = Household(accounts=accounts, lots=lots, securities=securities, taxpayers=(TRUST,))
    targets = (*POLICY.targets, Target("Muni", 0.1))
    policy = replace(POLICY, targets=targets, cash_yield=data.draw(st.sampled_from([0.0, 0.04])))
    report = find_location(house, policy)
    _check(report)
    assert report.value_usd == pytest.approx(house.total_usd)
    best, worst = _ends(house, policy)
    assert (report.best_usd, report.worst_usd) == (pytest.approx(best, abs=0.02), pytest.approx(worst, abs=0.02))
    # no more municipal bonds where they are wasted than lie there
    for line in report.lines:
        if line.asset_class == "Muni" and line.account != "Brokerage":
            assert line.best_usd <= line.usd + 0.01


def _ends(house: Household, policy: Policy) -> tuple[float, float]:
    """The least and the most drag, by a linear program over the dollars themselves: rules and drags by hand."""
    drag = {"STK": STOCK_DRAG, "BND": BOND_DRAG, "MUN": 0.0, "MIX": 0.03 * 0.35, "CASH": 0.35 * policy.cash_yield}
    places = list(product(house.accounts, drag))
    held, least = np.zeros(len(places)), np.zeros(len(places))
    for number, (account, symbol) in enumerate(places):
        lots = [one for one in house.lots if (one.account, one.symbol) == (account.name, symbol)]
        held[number] = sum(one.quantity for one in lots) + (account.cash_usd if symbol == "CASH" else 0.0)
        least[number] = sum(one.quantity for one in lots if one.locked)
        if symbol == "CASH":
            least[number] = min(held[number], account.reserve_usd) if policy.cash_yield else held[number]
        if account.locked:
            least[number] = held[number]
    most = [
        np.inf
        if not account.locked
        and (symbol == "CASH" or account.menu is None or symbol in account.menu)
        and (symbol != "MUN" or account.taxable)
        else held[number]
        for number, (account, symbol) in enumerate(places)
    ]
    cost = np.array([drag[symbol] if account.taxable else 0.0 for account, symbol in places])
    sums = [[account is one for account, _ in places] for one in house.accounts]
    sums += [[symbol == one for _, symbol in places] for one in drag]
    totals = np.array(sums, dtype=float)
    ends = [
        linprog(sign * cost, A_eq=totals, b_eq=totals @ held, bounds=list(zip(least, most, strict=True)))
        for sign in (1.0, -1.0)
    ]
    return ends[0].fun, -ends[1].fun
