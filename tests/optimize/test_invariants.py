"""What must hold for every plan of every household, tried on random ones."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rebal_xl.household import (
    Account,
    Household,
    Lot,
    LotSource,
    Method,
    Plan,
    Policy,
    RecentTrade,
    Security,
    Side,
    Target,
    TaxTreatment,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.measure.exposure import held_shares
from rebal_xl.optimize import rebalance
from tests.optimize.homes import AS_OF, banded, bond, lot, profile, stock
from tests.optimize.homes import household as make_household
from tests.optimize.homes import policy as make_policy

CLASSES = ("Stock", "Abroad", "Bond")


def random_household(seed: int) -> tuple[Household, Policy]:
    """Two to four accounts, up to eight securities in three classes, some of everything that rules speak about."""
    draw = Random(seed)
    securities = [
        Security(
            f"S{i}",
            round(draw.uniform(8, 400), 2),
            ((CLASSES[i % 3], 1.0),) if draw.random() < 0.85 else (("Stock", 0.6), ("Bond", 0.4)),
            identical_group="twins" if i in (0, 3) else "",
            lot_size=draw.choice((0.0, 1.0, 1.0)),
            yield_rate=draw.uniform(0, 0.05),
            qualified_share=draw.choice((0.0, 0.9)),
            spread_bp=draw.uniform(0, 5),
            do_not_buy=draw.random() < 0.15,
        )
        for i in range(draw.randint(3, 8))
    ]
    treatments = [TaxTreatment.TAXABLE, draw.choice(list(TaxTreatment)), TaxTreatment.ROTH, TaxTreatment.TAX_DEFERRED]
    accounts = [
        Account(
            f"A{i}",
            treatment,
            cash_usd=round(draw.choice((0.0, 400.0, 20_000.0)) * draw.random(), 2),
            reserve_usd=draw.choice((0.0, 0.0, 1_000.0)),
            locked=draw.random() < 0.1,
        )
        for i, treatment in enumerate(treatments[: draw.randint(2, 4)])
    ]
    lots = [_random_lot(draw, draw.choice(accounts), draw.choice(securities)) for _ in range(draw.randint(3, 25))]
    trades = [_random_sale(draw, securities) for _ in range(draw.randint(0, 2))]
    household = Household(
        accounts=tuple(accounts),
        lots=tuple(lots),
        securities=tuple(securities),
        taxpayers=(
            profile(long_carryforward_usd=draw.choice((0.0, 5_000.0)), short_realized_usd=draw.choice((0.0, 9_000.0))),
        ),
        recent_trades=tuple(trades),
    )
    return household, _random_policy(draw)


# Every method that may choose trades; None does the advisor's own alone.
METHODS = tuple(method for method in Method if method is not Method.NONE)


def _random_policy(draw: Random) -> Policy:
    weight = draw.uniform(0.2, 0.6)
    policy = Policy(
        targets=(Target("Stock", weight), Target("Abroad", 0.15), Target("Bond", 0.85 - weight)),
        as_of=AS_OF,
        method=draw.choice((Method.OPPORTUNISTIC, Method.OPPORTUNISTIC, *METHODS)),
        min_trade_usd=draw.choice((0.0, 250.0, 1_000.0)),
        harvest_usd=draw.choice((None, None, 100.0)),
        withdrawals=(Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 3_000.0),) if draw.random() < 0.4 else (),
        deadline_s=20.0,
    )
    return replace(
        policy,
        harvest_weight=draw.choice((None, None, 0.1)),
        harvest_gains=draw.random() < 0.2,
        location_usd=draw.choice((None, None, 0.0, 500.0)),
        cash_yield=draw.choice((0.0, 0.04)),
        most_orders=draw.choice((None, None, None, 2, 5)),
        most_drift=draw.choice((None, None, None, 0.03)),
        sell_without_target=draw.random() < 0.2,
    )


def _random_sale(draw: Random, securities: list[Security]) -> RecentTrade:
    day = AS_OF - timedelta(days=draw.randint(0, 40))
    gain = draw.choice((-50.0, 70.0))
    return RecentTrade("A0", draw.choice(securities).symbol, day, Side.SELL, 5.0, 10.0, gain)


def _random_lot(draw: Random, account: Account, security: Security) -> Lot:
    quantity = round(draw.uniform(1, 120), draw.choice((0, 3)))
    known = account.taxable and draw.random() < 0.95
    return Lot(
        account.name,
        security.symbol,
        quantity,
        round(quantity * security.price_usd * draw.uniform(0.4, 1.5), 2) if known else None,
        AS_OF - timedelta(days=draw.choice((3, 20, 30, 31, 200, 355, 366, 1_500)))
        if known or draw.random() < 0.5
        else None,
        source=draw.choice((LotSource.BUY, LotSource.BUY, LotSource.REINVESTED, LotSource.INHERITED)),
        locked=draw.random() < 0.08,
        do_not_sell=draw.random() < 0.05,
    )


def check(household: Household, policy: Policy, plan: Plan) -> None:
    """Every invariant, with the trades recounted from scratch."""
    held = held_shares(household)
    cash = {account.name: account.cash_usd + account.contribution_usd for account in household.accounts}
    by_lot: dict[tuple[str, str, date | None, str], float] = defaultdict(float)
    for trade in plan.trades:
        account, security = household.account(trade.account), household.security(trade.symbol)
        assert not account.locked
        step = 0.0 if account.fractional else security.lot_size
        if step and not trade.closes_position:
            assert trade.quantity / step == pytest.approx(round(trade.quantity / step), abs=1e-6)
        dollars = trade.quantity * security.unit_usd
        value = household.account_value_usd(account.name)
        least = max(policy.min_trade_usd, policy.min_trade_weight * value)
        assert trade.closes_position or dollars >= least - 0.005
        assert trade.amount_usd == pytest.approx(dollars, abs=0.006)
        cash[trade.account] += dollars if trade.side is Side.SELL else -dollars
        if trade.side is Side.BUY:
            assert not security.do_not_buy
        else:
            assert trade.quantity <= held[trade.account, trade.symbol] + 1e-6
    for account_name, dollars in plan.withdrawals_paid:
        cash[account_name] -= dollars
    # No money between accounts, and none of them overdrawn.
    for name, usd in plan.cash_after:
        assert usd == pytest.approx(cash[name], abs=0.01)
        assert usd >= -0.01
    assert policy.most_orders is None or len(plan.trades) <= policy.most_orders
    _check_sides(household, policy, plan)
    _check_lots(household, plan, by_lot)
    _check_wash(household, policy, plan)
    assert plan.cost_usd >= plan.bound_usd - 0.01
    assert plan.cost_usd == pytest.approx(sum(term.usd for term in plan.cost_terms))


def _check_sides(household: Household, policy: Policy, plan: Plan) -> None:
    """Nothing is bought and sold in one account, unless long gains in it are taken to raise their basis."""
    bought = {(trade.account, trade.symbol) for trade in plan.trades if trade.side is Side.BUY}
    sold = {(trade.account, trade.symbol) for trade in plan.trades if trade.side is Side.SELL}
    for account, symbol in sorted(bought & sold):
        assert policy.harvest_gains
        assert household.account(account).taxable
        own = [sale for sale in plan.lot_sales if (sale.account, sale.symbol) == (account, symbol)]
        assert all(sale.gain_usd >= -0.01 for sale in own)


def _check_lots(household: Household, plan: Plan, by_lot: dict[tuple[str, str, date | None, str], float]) -> None:
    sold: dict[tuple[str, str], float] = defaultdict(float)
    for sale in plan.lot_sales:
        sold[sale.account, sale.symbol] += sale.quantity
        by_lot[sale.account, sale.symbol, sale.acquired, sale.lot_id] += sale.quantity
    for key, quantity in by_lot.items():
        there = [lot for lot in household.lots if (lot.account, lot.symbol, lot.acquired, lot.lot_id) == key]
        free = sum(lot.quantity for lot in there if not (lot.locked or lot.do_not_sell))
        assert quantity <= free + 1e-6
    _check_whole_lots(household, plan)
    ordered = {(t.account, t.symbol): t.quantity for t in plan.trades if t.side is Side.SELL}
    assert sold.keys() == ordered.keys()
    for position, quantity in ordered.items():
        assert sold[position] == pytest.approx(quantity, abs=1e-5)


def _check_whole_lots(household: Household, plan: Plan) -> None:
    """At most one lot of a whole-share order in a taxable account is cut inside a share."""
    cut: dict[tuple[str, str], int] = defaultdict(int)
    for sale in plan.lot_sales:
        step = household.security(sale.symbol).lot_size
        lots = [
            lot
            for lot in household.lots
            if (lot.account, lot.symbol, lot.acquired, lot.lot_id)
            == (sale.account, sale.symbol, sale.acquired, sale.lot_id)
        ]
        sold_whole = any(abs(lot.quantity - sale.quantity) < 1e-6 for lot in lots)
        if sale.term is not None and step and not sold_whole:
            cut[sale.account, sale.symbol] += abs(sale.quantity / step - round(sale.quantity / step)) > 1e-5
    assert all(count <= 1 for count in cut.values())


def _check_wash(household: Household, policy: Policy, plan: Plan) -> None:
    """Nothing is bought in the same group as a loss sale of the plan or of the last thirty days, in any account."""
    lost = {household.security(sale.symbol).group for sale in plan.lot_sales if sale.gain_usd < -0.01}
    for trade in household.recent_trades:
        taxable = household.account(trade.account).taxable
        inside = (policy.as_of - trade.traded).days <= 30
        if trade.side is Side.SELL and (trade.gain_usd or 0.0) < 0 and taxable and inside:
            lost.add(household.security(trade.symbol).group)
    bought = {household.security(trade.symbol).group for trade in plan.trades if trade.side is Side.BUY}
    assert not lost & bought


@given(seed=st.integers(0, 100_000))
@settings(max_examples=60)
def test_every_plan_keeps_every_rule(seed: int) -> None:
    household, policy = random_household(seed)
    check(household, policy, rebalance(household, policy))


@given(seed=st.integers(0, 100_000))
@settings(max_examples=12)
def test_lifting_locks_brings_classes_home_or_names_another_rule(seed: int) -> None:
    """Where locks, marks, reserves and dear shares kept a class out of its band, lifting them brings it in."""
    household, policy = random_household(seed)
    if policy.method is not Method.FULL:
        policy = replace(policy, method=Method.OPPORTUNISTIC)
    policy = replace(policy, most_orders=None, most_drift=None)
    before = {item.rule for item in rebalance(household, policy).relaxed if item.rule.startswith("Band")}
    # some half of the households; the others do not count as examples
    assume(before)
    free = replace(
        household,
        accounts=tuple(replace(account, locked=False, reserve_usd=0.0) for account in household.accounts),
        lots=tuple(
            replace(item, locked=False, do_not_sell=False, basis_usd=item.basis_usd or 1.0, acquired=date(2015, 1, 5))
            for item in household.lots
        ),
        securities=tuple(replace(security, do_not_buy=False, lot_size=0.0) for security in household.securities),
        recent_trades=(),
    )
    # A fund of every class that can be bought anywhere, at no minimum: nothing is left that could stand in the way.
    helpers = tuple(Security(f"H {name}", 10.0, ((name, 1.0),), lot_size=0.0) for name in CLASSES)
    free = replace(free, securities=(*free.securities, *helpers))
    plan = rebalance(free, replace(policy, min_trade_usd=0.0, withdrawals=()))
    assert [item.rule for item in plan.relaxed if item.rule.startswith("Band")] == []


def test_losses_beyond_use_are_not_harvested_whatever_the_thresholds_would_say() -> None:
    """No gains, and losses that wages cannot use up in a lifetime: a dollar of loss more is worth nothing."""
    # $200,000 carried in already: only $3,000 a year is of use
    payer = profile(long_carryforward_usd=200_000.0)
    home = make_household(
        [Account("Joint", TaxTreatment.TAXABLE)],
        [lot("Joint", "STK", 500.0, 90_000.0), lot("Joint", "BND", 1_000.0, 50_000.0)],
        taxpayers=(payer,),
    )
    for method in METHODS:
        if method is not Method.HARVEST:
            assert rebalance(home, make_policy(banded(0.5), method=method)).trades == ()
    # asked for, the loss still saves nothing: 0 cents this year, and no more later than its basis would
    for method in METHODS:
        asked = make_policy(banded(0.5), method=method, harvest_usd=1.0, location_usd=None)
        assert [sale for sale in rebalance(home, asked).lot_sales if sale.gain_usd < 0] == []


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_paid_for_moving_stock_into_a_roth(method: Method) -> None:
    """Funds that pay nothing out, at their targets: no placement of them is worth an order."""
    home = make_household(
        [
            Account("Joint", TaxTreatment.TAXABLE),
            Account("Roth", TaxTreatment.ROTH),
            Account("IRA", TaxTreatment.TAX_DEFERRED),
        ],
        [
            lot("Joint", "STK", 500.0, 50_000.0),
            lot("Roth", "BND", 1_000.0),
            lot("IRA", "BND", 500.0),
            lot("IRA", "STK", 250.0),
        ],
        [stock(growth_rate=0.07), bond()],
    )
    halves = (Target("Stock", 0.5), Target("Bond", 0.5))
    assert rebalance(home, make_policy(halves, method=method, location_usd=0.0)).trades == ()


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    household, policy = random_household(7)
    draw = Random(seed)

    def shuffled(items: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(draw.sample(items, len(items)))

    again = replace(
        household,
        accounts=shuffled(household.accounts),  # type: ignore[arg-type]
        lots=shuffled(household.lots),  # type: ignore[arg-type]
        securities=shuffled(household.securities),  # type: ignore[arg-type]
        recent_trades=shuffled(household.recent_trades),  # type: ignore[arg-type]
    )
    first, second = rebalance(household, policy), rebalance(again, policy)
    assert first.trades == second.trades
    assert first.lot_sales == second.lot_sales
