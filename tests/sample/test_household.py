"""The Riveras: is the sample household the size and the shape a real one has?"""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date

import numpy as np
import pytest
from scipy.optimize import linprog

from rebal_xl.household import CASH_CLASS, BandType, FilingStatus, LotSource, Side, TaxTreatment
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sample import securities as of
from rebal_xl.sample.prices import AS_OF, price_on

HOUSEHOLD = sample_household()
POLICY = sample_policy()
TAXABLE = {account.name for account in HOUSEHOLD.accounts if account.taxable}


def gain(lot):
    """Unrealised gain of a lot with a known basis, dollars."""
    return HOUSEHOLD.value_usd(lot) - lot.basis_usd


def taxable_lots():
    """Lots whose sale is taxed and whose gain is known."""
    return [lot for lot in HOUSEHOLD.lots if lot.account in TAXABLE and lot.basis_usd is not None]


def long_from(acquired):
    """First day on which a sale is long-term: a calendar year after the day following the purchase."""
    return date.fromordinal(acquired.toordinal() + 1).replace(year=acquired.year + 1)


def class_dollars(accounts):
    """Dollars per class in the given accounts, look-through, cash included."""
    dollars = defaultdict(float)
    for lot in HOUSEHOLD.lots:
        if lot.account in accounts:
            for name, weight in HOUSEHOLD.security(lot.symbol).class_mix:
                dollars[name] += weight * HOUSEHOLD.value_usd(lot)
    dollars[CASH_CLASS] += sum(account.cash_usd for account in HOUSEHOLD.accounts if account.name in accounts)
    return dollars


def weights_after_withdrawal():
    """Weights once the 60,000 dollars have left."""
    dollars = class_dollars({account.name for account in HOUSEHOLD.accounts})
    withdrawal = sum(wanted.amount_usd for wanted in POLICY.withdrawals)
    dollars[CASH_CLASS] -= withdrawal
    total = HOUSEHOLD.total_usd - withdrawal
    return {name: value / total for name, value in dollars.items()}


# --- size


def test_two_builds_are_the_same():
    assert sample_household() == HOUSEHOLD
    assert sample_policy() == POLICY


def test_the_household_is_the_same_however_python_orders_its_sets():
    code = "from rebal_xl.sample import sample_household as h; print([*h().lots, *h().recent_trades, *h().securities])"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert printed == {(str([*HOUSEHOLD.lots, *HOUSEHOLD.recent_trades, *HOUSEHOLD.securities]) + os.linesep).encode()}


def test_the_household_is_worth_about_three_and_a_half_million_dollars():
    assert 3_200_000 < HOUSEHOLD.total_usd < 3_800_000


def test_it_holds_150_to_200_lots_of_35_securities_in_ten_classes_and_cash():
    assert 150 <= len(HOUSEHOLD.lots) <= 200
    assert len(HOUSEHOLD.securities) == 35
    assert len(HOUSEHOLD.classes) == 11
    assert HOUSEHOLD.classes[-1] == CASH_CLASS


def test_the_as_of_date_is_a_friday_and_every_date_a_weekday_before_it():
    assert AS_OF == POLICY.as_of == date(2026, 11, 20)
    assert AS_OF.isoweekday() == 5
    days = [lot.acquired for lot in HOUSEHOLD.lots if lot.acquired] + [t.traded for t in HOUSEHOLD.recent_trades]
    assert all(day <= AS_OF and day.weekday() < 5 for day in days)


def test_money_is_in_cents_and_shares_are_sensible():
    for lot in HOUSEHOLD.lots:
        assert lot.quantity > 0
        assert lot.quantity == round(lot.quantity, 4)
        assert lot.basis_usd is None or lot.basis_usd == round(lot.basis_usd, 2) > 0
    assert all(account.cash_usd == round(account.cash_usd, 2) for account in HOUSEHOLD.accounts)


def test_lot_ids_are_unique():
    assert len({lot.lot_id for lot in HOUSEHOLD.lots}) == len(HOUSEHOLD.lots)


# --- people, accounts, taxes


def test_two_spouses_file_jointly_and_the_trust_is_taxed_on_their_return():
    alex, jordan = HOUSEHOLD.people
    assert (alex.spouse_of, jordan.spouse_of) == (jordan.name, alex.name)
    couple = HOUSEHOLD.payer(HOUSEHOLD.account("Living Trust"))
    assert couple == HOUSEHOLD.payer(HOUSEHOLD.account("Joint Brokerage"))
    assert couple.status is FilingStatus.MFJ
    assert couple.state == "CA"
    assert 300_000 < couple.ordinary_income_usd < 320_000
    assert couple.long_carryforward_usd > 0
    assert couple.long_realized_usd > 0


def test_accounts_of_every_treatment_lie_at_three_custodians():
    treatments = Counter(account.treatment for account in HOUSEHOLD.accounts)
    # joint and trust; two IRAs, the 401(k) and the old 403(b); a Roth; an HSA
    assert treatments == {
        TaxTreatment.TAXABLE: 2,
        TaxTreatment.TAX_DEFERRED: 4,
        TaxTreatment.ROTH: 1,
        TaxTreatment.HSA: 1,
    }
    assert {account.custodian for account in HOUSEHOLD.accounts} == {"Schwab", "Fidelity", "Vanguard"}


def test_the_401k_offers_eight_funds_and_holds_nothing_else():
    menu = HOUSEHOLD.account("Alex 401(k)").menu
    assert len(menu) == 8
    assert {lot.symbol for lot in HOUSEHOLD.lots if lot.account == "Alex 401(k)"} <= menu
    assert all(HOUSEHOLD.security(symbol) for symbol in menu)


def test_jordans_accounts_buy_what_costs_no_fee_and_hold_nothing_else():
    for name in ("Jordan IRA", "Jordan Roth IRA"):
        menu = HOUSEHOLD.account(name).menu
        assert {lot.symbol for lot in HOUSEHOLD.lots if lot.account == name} <= menu
        assert not any(symbol.startswith("F") for symbol in menu)  # no Fidelity fund


def test_taxable_accounts_buy_no_mutual_funds():
    funds = [security for security in HOUSEHOLD.securities if security.lot_size == 0]
    assert len(funds) == 11
    assert all(security.rank_taxable == 0 for security in funds)


def test_one_small_account_is_locked():
    (locked,) = [account for account in HOUSEHOLD.accounts if account.locked]
    assert locked.name == "Jordan 403(b)"
    assert HOUSEHOLD.account_value_usd(locked.name) < 0.03 * HOUSEHOLD.total_usd


def test_cash_reserves_are_set_in_dollars_and_in_percent():
    assert HOUSEHOLD.account("Joint Brokerage").reserve_usd > 0
    assert HOUSEHOLD.account("Living Trust").reserve_weight > 0


def test_sixty_thousand_dollars_must_leave_the_household():
    (withdrawal,) = POLICY.withdrawals
    assert withdrawal.amount_usd == 60_000
    # more than the spare cash of the taxable accounts, so something must be sold for it
    assert withdrawal.amount_usd > sum(HOUSEHOLD.account(name).cash_usd for name in TAXABLE)


# --- securities


def test_look_through_funds_span_several_classes():
    total_international = dict(HOUSEHOLD.security("VXUS").class_mix)
    assert total_international == {of.DEVELOPED: 0.75, of.EMERGING: 0.25}
    assert len(HOUSEHOLD.security("VTTHX").class_mix) == 6
    for security in HOUSEHOLD.securities:
        assert sum(weight for _, weight in security.class_mix) == pytest.approx(1.0)


def test_share_classes_of_one_fund_are_identical_and_partners_are_not():
    assert HOUSEHOLD.security("VTI").group == HOUSEHOLD.security("VTSAX").group
    assert HOUSEHOLD.security("BND").group == HOUSEHOLD.security("VBTLX").group
    with_partner = [security for security in HOUSEHOLD.securities if security.replacement]
    assert len(with_partner) >= 10
    for security in with_partner:
        partner = HOUSEHOLD.security(security.replacement)
        assert partner.group != security.group
        assert partner.class_mix == security.class_mix


def test_etfs_trade_whole_funds_in_fractions_and_the_bond_by_the_thousand():
    assert HOUSEHOLD.security("VTI").lot_size == 1
    assert HOUSEHOLD.security("VTSAX").lot_size == 0
    bond = HOUSEHOLD.security("91282CFV8")
    assert (bond.price_divisor, bond.lot_size) == (100, 1000)
    assert 0.9 < bond.unit_usd < 1.1


def test_municipal_bonds_are_only_in_taxable_accounts_and_bought_nowhere_else():
    munis = {security.symbol for security in HOUSEHOLD.securities if security.main_class == of.MUNIS}
    assert len(munis) == 3
    assert {lot.account for lot in HOUSEHOLD.lots if lot.symbol in munis} == TAXABLE
    for symbol in munis:
        assert HOUSEHOLD.security(symbol).exempt_share == 1.0
        assert (HOUSEHOLD.security(symbol).rank_deferred, HOUSEHOLD.security(symbol).rank_roth) == (0, 0)


def test_every_security_costs_and_yields_something_plausible():
    for security in HOUSEHOLD.securities:
        assert security.name
        assert 0 < (AS_OF - security.price_as_of).days + 1 <= POLICY.stale_price_days
        assert 0 <= security.yield_rate < 0.10
        assert 0 <= security.spread_bp <= 10
        assert 0 <= security.qualified_share + security.exempt_share + security.qbi_share <= 1.0


# --- lots


def test_lots_of_one_day_and_symbol_were_bought_at_one_price():
    prices = defaultdict(set)
    for lot in HOUSEHOLD.lots:
        # below about 50 shares the basis, rounded to cents, blurs the price
        if lot.acquired and lot.basis_usd and lot.quantity >= 50:
            divisor = HOUSEHOLD.security(lot.symbol).price_divisor
            prices[lot.symbol, lot.acquired].add(round(lot.basis_usd / lot.quantity * divisor, 2))
    assert max(Counter(lot.acquired for lot in HOUSEHOLD.lots if lot.acquired).values()) > 1
    assert all(len(found) == 1 for found in prices.values())


def test_funds_of_one_kind_moved_in_proportion():
    day = date(2020, 3, 20)
    etf, fund = price_on("large", 358.40, day), price_on("large", 173.12, day)
    # both are rounded to the cent, so their ratios agree to about a cent in a hundred dollars
    assert etf / 358.40 == pytest.approx(fund / 173.12, abs=1e-4)
    assert 0.25 < etf / 358.40 < 0.40  # the low of 2020
    assert price_on("large", 358.40, AS_OF) == 358.40


def test_no_price_is_invented_after_the_as_of_date():
    with pytest.raises(ValueError, match="No sample price"):
        price_on("large", 358.40, date(2026, 11, 21))


def test_there_are_gains_and_losses_short_and_long():
    kinds = Counter((long_from(lot.acquired) <= AS_OF, gain(lot) > 0) for lot in taxable_lots())
    # (long, gain): each at least a handful
    assert min(kinds[key] for key in [(True, True), (True, False), (False, True), (False, False)]) >= 3
    losses = -sum(gain(lot) for lot in taxable_lots() if gain(lot) < 0)
    assert losses > 20_000


def test_one_stock_of_little_basis_is_a_large_part_of_the_household():
    apple = [lot for lot in HOUSEHOLD.lots if lot.symbol == "AAPL"]
    value = sum(HOUSEHOLD.value_usd(lot) for lot in apple)
    assert value > 0.07 * HOUSEHOLD.total_usd
    assert sum(lot.basis_usd for lot in apple) < 0.25 * value
    assert [lot.acquired.year for lot in apple if lot.do_not_sell] == [2009]
    assert {lot.min_hold for lot in apple} == {200.0}


def test_a_parents_shares_were_inherited():
    inherited = [lot for lot in HOUSEHOLD.lots if lot.source is LotSource.INHERITED]
    assert len(inherited) == 2
    assert {lot.account for lot in inherited} == {"Living Trust"}


def test_some_gains_turn_long_within_days_and_some_within_weeks():
    waiting = {(long_from(lot.acquired) - AS_OF).days for lot in taxable_lots() if gain(lot) > 0}
    # bought 24 November 2025, long from 25 November 2026: five days to wait
    assert 5 in waiting
    assert len([days for days in waiting if 0 < days <= 30]) >= 3


def test_the_last_thirty_days_saw_purchases_reinvestments_and_a_loss_sale():
    recent = [trade for trade in HOUSEHOLD.recent_trades if (AS_OF - trade.traded).days <= 30]
    assert recent == list(HOUSEHOLD.recent_trades)
    bought = {(trade.account, trade.symbol) for trade in recent if trade.side is Side.BUY}
    assert ("Joint Brokerage", "VEA") in bought
    # bought in the Roth while the joint account sits on losses of the same fund: those would be lost for good
    assert ("Jordan Roth IRA", "VWO") in bought
    assert any(gain(lot) < 0 for lot in taxable_lots() if lot.symbol == "VWO")
    assert any(trade.reinvested for trade in recent)
    (loss,) = [trade for trade in recent if trade.side is Side.SELL and trade.gain_usd < 0]
    assert loss.symbol == "VNQ"


def test_recent_purchases_of_accounts_that_keep_lots_are_lots():
    held = {(lot.account, lot.symbol, lot.acquired, lot.quantity) for lot in HOUSEHOLD.lots}
    for trade in HOUSEHOLD.recent_trades:
        if trade.side is Side.BUY and trade.account != "Alex 401(k)":
            assert (trade.account, trade.symbol, trade.traded, trade.quantity) in held


def test_dividends_were_reinvested_monthly_and_quarterly():
    days = defaultdict(list)
    for lot in HOUSEHOLD.lots:
        if lot.source is LotSource.REINVESTED:
            assert lot.reinvest
            assert HOUSEHOLD.value_usd(lot) < 1_500
            days[lot.account, lot.symbol].append(lot.acquired)
    assert {(day.year, day.month) for day in days["Joint Brokerage", "VTEB"]} >= {(2026, n) for n in range(1, 11)}
    assert [day.month for day in days["Joint Brokerage", "VTI"]] == [12, 3, 6, 9]


def test_one_lot_came_without_its_history():
    (incomplete,) = [lot for lot in HOUSEHOLD.lots if lot.account in TAXABLE and lot.basis_usd is None]
    assert (incomplete.account, incomplete.acquired) == ("Living Trust", None)


def test_the_401k_reports_cost_but_no_dates():
    plan = [lot for lot in HOUSEHOLD.lots if lot.account == "Alex 401(k)"]
    assert all(lot.acquired is None and lot.basis_usd for lot in plan)


def test_the_old_403b_reports_neither_cost_nor_dates():
    (old,) = [lot for lot in HOUSEHOLD.lots if lot.account == "Jordan 403(b)"]
    assert (old.acquired, old.basis_usd) == (None, None)


# --- targets and drift


def test_targets_add_up_and_use_every_type_of_band():
    assert sum(target.weight for target in POLICY.targets) == pytest.approx(1.0)
    assert {target.asset_class for target in POLICY.targets} == set(HOUSEHOLD.classes)
    types = Counter(target.band_type for target in POLICY.targets)
    assert types[BandType.ABSOLUTE] == 1
    assert types[BandType.FIVE_TWENTYFIVE] == 1
    assert sum(target.trigger is None and target.band_type is BandType.RELATIVE for target in POLICY.targets) >= 5


def test_us_stocks_are_far_above_their_band_and_international_and_bonds_below():
    weights = weights_after_withdrawal()
    drift = {target.asset_class: weights[target.asset_class] - target.weight for target in POLICY.targets}
    outside = {t.asset_class for t in POLICY.targets if abs(drift[t.asset_class]) > t.trigger_width}
    assert outside == {of.LARGE, of.DEVELOPED, of.EMERGING, of.BONDS, of.TIPS, of.INTL_BONDS, CASH_CLASS}
    assert drift[of.LARGE] > 0.10
    assert all(drift[name] < 0 for name in outside - {of.LARGE})


def test_the_untaxed_accounts_alone_can_bring_every_class_home():
    """Sell at a gain nowhere: only inside IRAs, 401(k), Roth and HSA, and what stands at a loss in taxable accounts.

    A linear programme in thousands of dollars: x[symbol, account] after trading, within the menus and without the
    locked account, such that each triggered class ends inside its destination and every other inside its trigger.
    """
    total = (HOUSEHOLD.total_usd - 60_000) / 1_000
    value = defaultdict(float)
    least = defaultdict(float)
    for lot in HOUSEHOLD.lots:
        dollars = HOUSEHOLD.value_usd(lot) / 1_000
        value[lot.account, lot.symbol] += dollars
        taxed = lot.account in TAXABLE and (lot.basis_usd is None or gain(lot) > 0)
        if HOUSEHOLD.account(lot.account).locked or taxed:
            least[lot.account, lot.symbol] += dollars
    columns, lower, upper = [], [], []
    for account in HOUSEHOLD.accounts:
        for security in HOUSEHOLD.securities:
            key = (account.name, security.symbol)
            rank = security.rank_taxable if account.taxable else security.rank_deferred
            buyable = (account.menu is None or security.symbol in account.menu) and rank and not security.do_not_buy
            columns.append(key)
            lower.append(least[key])
            upper.append(None if buyable and not account.locked else value[key])
    cash_of = {account.name: len(columns) + place for place, account in enumerate(HOUSEHOLD.accounts)}
    reserve = [max(a.reserve_usd, a.reserve_weight * HOUSEHOLD.account_value_usd(a.name)) for a in HOUSEHOLD.accounts]
    lower += [dollars / 1_000 for dollars in reserve]
    upper += [None] * len(reserve)
    # each account keeps its value; the two taxable ones together give up the 60,000
    groups = [TAXABLE, *({account.name} for account in HOUSEHOLD.accounts if not account.taxable)]
    conserve = np.zeros((len(groups), len(lower)))
    kept = []
    for row, names in enumerate(groups):
        for place, (account, _) in enumerate(columns):
            conserve[row, place] = account in names
        for name in names:
            conserve[row, cash_of[name]] = 1.0
        left = 60_000 if names == TAXABLE else 0
        kept.append((sum(HOUSEHOLD.account_value_usd(name) for name in names) - left) / 1_000)
    rows, limits = [], []
    weights = weights_after_withdrawal()
    for target in POLICY.targets:
        outside = abs(weights[target.asset_class] - target.weight) > target.trigger_width
        width = target.destination_width if outside else target.trigger_width
        mix = [dict(HOUSEHOLD.security(symbol).class_mix).get(target.asset_class, 0.0) for _, symbol in columns]
        row = np.array(mix + [float(target.asset_class == CASH_CLASS)] * len(cash_of))
        rows += [row, -row]
        limits += [(target.weight + width) * total, -(target.weight - width) * total]
    answer = linprog(
        np.zeros(len(lower)),
        A_ub=np.array(rows),
        b_ub=limits,
        A_eq=conserve,
        b_eq=kept,
        bounds=list(zip(lower, upper, strict=True)),
    )
    assert answer.status == 0, answer.message
