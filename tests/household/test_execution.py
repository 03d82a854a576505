"""The Rivera household's orders as they are keyed: two custodians, sells before buys, and cash that is always there."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.household import (
    Account,
    Drift,
    Household,
    Lot,
    LotSale,
    Method,
    Plan,
    PlanTax,
    Security,
    Side,
    TaxTreatment,
    Term,
    Trade,
)
from rebal_xl.household.execution import AccountOrders, executions

DAY = date(2026, 11, 20)
# Sold: 30 shares at $33.335 are $1,000.05, in two lots of 10 and 20 shares: $333.35 and $666.70.
LOTS = (
    LotSale("Joint", "OLD", "J-1", date(2020, 1, 2), 10.0, 333.35, 200.0, Term.LONG, 133.35),
    LotSale("Joint", "OLD", "J-2", date(2026, 9, 1), 20.0, 666.70, 700.0, Term.SHORT, -33.30),
)
SELL = Trade("Joint", "OLD", Side.SELL, 30.0, 33.335, 1_000.05, closes_position=True)
BUY = Trade("Joint", "NEW", Side.BUY, 12.0, 50.0, 600.0)
IRA_BUY = Trade("IRA", "NEW", Side.BUY, 2.0, 50.0, 100.0)


def household(cash: float = 100.0, contribution: float = 0.0, fee: float = 0.0) -> Household:
    return Household(
        accounts=(
            Account("Joint", TaxTreatment.TAXABLE, custodian="Schwab", cash_usd=cash, contribution_usd=contribution),
            Account("IRA", TaxTreatment.TAX_DEFERRED, custodian="Fidelity", cash_usd=150.0),
            Account("Roth", TaxTreatment.ROTH, custodian="Fidelity", cash_usd=5.0),
        ),
        lots=(Lot("Joint", "OLD", 10.0, 200.0, date(2020, 1, 2)), Lot("Joint", "OLD", 20.0, 700.0, date(2026, 9, 1))),
        securities=(
            Security("OLD", 33.335, (("US", 1.0),), redemption_fee=fee),
            Security("NEW", 50.0, (("US", 1.0),)),
        ),
    )


def plan(
    *trades: Trade, lots: tuple[LotSale, ...] = LOTS, paid: tuple[tuple[str, float], ...] = (("Joint", 450.0),)
) -> Plan:
    nowhere = Drift(0.0, (), 0.0)
    return Plan(
        household="Rivera",
        as_of=DAY,
        method=Method.FULL,
        trades=trades or (BUY, IRA_BUY, SELL),
        lot_sales=lots,
        tax=PlanTax(),
        before=nowhere,
        after=nowhere,
        cost_usd=0.0,
        bound_usd=0.0,
        withdrawals_paid=paid,
    )


def joint(held: Household, made: Plan | None = None) -> AccountOrders:
    return next(one for one in executions(made or plan(), held) if one.account == "Joint")


def test_accounts_stand_by_custodian_and_those_with_nothing_to_do_are_left_out() -> None:
    found = executions(plan(), household())
    assert [(one.custodian, one.account) for one in found] == [("Fidelity", "IRA"), ("Schwab", "Joint")]


def test_sells_come_before_buys_and_cash_is_counted_after_each() -> None:
    """100 + 1,000.05 = 1,100.05; less 600 = 500.05; less the withdrawal of 450 = 50.05."""
    orders = joint(household()).orders
    assert [(order.number, order.trade.side, order.cash_after_usd) for order in orders] == [
        (1, Side.SELL, 1_100.05),
        (2, Side.BUY, 500.05),
    ]
    assert joint(household()).cash_left_usd == 50.05


def test_a_withdrawal_alone_is_something_to_do() -> None:
    (only,) = executions(plan(IRA_BUY, lots=(), paid=(("IRA", 50.0),)), household())
    assert (only.account, only.withdrawn_usd, only.cash_left_usd) == ("IRA", 50.0, 0.0)
    (paid,) = executions(replace(plan(lots=(), paid=(("Roth", 5.0),)), trades=()), household())
    assert (paid.account, paid.orders, paid.cash_left_usd) == ("Roth", (), 0.0)


def test_lots_are_sold_the_oldest_first_and_add_up_to_their_order_in_cents() -> None:
    """Three lots of a third each: 0.335 + 0.335 + 0.335 = 1.005, an order of $1.00 or $1.01, never a cent beside it."""
    thirds = tuple(LotSale("Joint", "OLD", f"J-{n}", date(2020, n, 1), 0.01, 0.335, 0.1, Term.LONG) for n in (3, 1, 2))
    (order,) = joint(household(), plan(Trade("Joint", "OLD", Side.SELL, 0.03, 33.5, 1.01), lots=thirds)).orders
    assert [lot.lot_id for lot in order.lots] == ["J-1", "J-2", "J-3"]
    # A third of 1.01 is 0.3367, two thirds are 0.6733: 0.34, 0.67 - 0.34 = 0.33, 1.01 - 0.67 = 0.34.
    assert [lot.proceeds_usd for lot in order.lots] == [0.34, 0.33, 0.34]


def test_a_redemption_fee_stays_with_the_fund() -> None:
    """1 % of 1,000.05 is 10.00: 990.05 come in."""
    one = joint(household(fee=0.01))
    assert (one.sold_usd, one.fees_usd, one.orders[0].cash_after_usd) == (990.05, 10.0, 1_090.05)
    assert sum(lot.proceeds_usd for lot in one.orders[0].lots) == pytest.approx(990.05)


def test_what_the_sells_must_pay_is_told() -> None:
    """Of the buys of 600, 100 is there; of the withdrawal of 450, nothing is left."""
    one = joint(household())
    assert (one.buys_from_sells_usd, one.withdrawn_from_sells_usd) == (500.0, 450.0)


def test_with_enough_cash_nothing_waits_for_settlement() -> None:
    """Exactly 600 + 450, and a cent less."""
    assert joint(household(1_050.0)).withdrawn_from_sells_usd == 0.0
    assert joint(household(1_050.0)).buys_from_sells_usd == 0.0
    assert joint(household(1_049.99)).withdrawn_from_sells_usd == 0.01


def test_a_contribution_is_needed_first_where_the_orders_spend_it() -> None:
    """Settled 20 and 80 to come: of the 50.05 left in the end 50.05 are of the contribution, so 29.95 must be there."""
    assert joint(household(20.0, 80.0)).contribution_needed_usd == 29.95
    assert joint(household(49.95, 80.0)).contribution_needed_usd == 0.0


def test_cash_that_a_plan_could_not_find_is_short() -> None:
    """100 + 1,000.05 - 600 - 600 = -99.95."""
    one = joint(household(), plan(BUY, SELL, paid=(("Joint", 600.0),)))
    assert (one.cash_left_usd, one.short_usd) == (-99.95, 99.95)
