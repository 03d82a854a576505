"""A plan as orders to enter: account by account, sells before buys, lot by lot, with the cash after every line.

Amounts are whole cents, so that what is printed adds up: the lots of an order to the order, the orders to the plan.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rebal_xl.household.household import Household
from rebal_xl.household.plan import LotSale, Plan, Trade
from rebal_xl.household.words import Side, Term

# Less than half of it is the rounding of a sum.
CENT = 0.01


@dataclass(frozen=True, slots=True)
class LotLine:
    """Shares of one lot to sell."""

    lot_id: str
    # None where the day is not known
    acquired: date | None
    # None where gains are not taxed
    term: Term | None
    quantity: float
    # after redemption fees, dollars, whole cents
    proceeds_usd: float
    # None where the basis is not known
    basis_usd: float | None
    gain_usd: float


@dataclass(frozen=True, slots=True)
class OrderToEnter:
    """One order at the custodian."""

    # 1, 2, … in its account
    number: int
    trade: Trade
    # cash that comes in (sell, after redemption fees) or goes out (buy), positive dollars, whole cents
    cash_usd: float
    # cash of the account once this order and those before it are done
    cash_after_usd: float
    # of a sell; empty for a buy
    lots: tuple[LotLine, ...] = ()

    @property
    def sells(self) -> bool:
        """Whether it brings cash in."""
        return self.trade.side is Side.SELL

    @property
    def fee_usd(self) -> float:
        """Redemption fees that the custodian keeps back, dollars."""
        return _cents(self.trade.amount_usd - self.cash_usd) if self.sells else 0.0


@dataclass(frozen=True, slots=True)
class AccountOrders:
    """What is to be done in one account, in this order: sells, buys, withdrawal."""

    account: str
    custodian: str
    # settled cash (core funds are part of it), dollars
    settled_usd: float
    # cash that is on its way in, dollars
    contribution_usd: float
    orders: tuple[OrderToEnter, ...]
    # cash that leaves the account in the end, dollars
    withdrawn_usd: float = 0.0

    @property
    def cash_before_usd(self) -> float:
        """Cash to start with, contribution included."""
        return _cents(self.settled_usd + self.contribution_usd)

    @property
    def sold_usd(self) -> float:
        """What the sells bring, after redemption fees."""
        return _cents(sum(order.cash_usd for order in self.orders if order.sells))

    @property
    def bought_usd(self) -> float:
        """What the buys take."""
        return _cents(sum(order.cash_usd for order in self.orders if not order.sells))

    @property
    def fees_usd(self) -> float:
        """Redemption fees."""
        return _cents(sum(order.fee_usd for order in self.orders))

    @property
    def cash_left_usd(self) -> float:
        """Cash when all is done; negative where the plan had to leave an account short."""
        return _cents(self.cash_before_usd + self.sold_usd - self.bought_usd - self.withdrawn_usd)

    @property
    def buys_from_sells_usd(self) -> float:
        """The part of the buys that only the sells can pay: both settle one business day later (T+1)."""
        return _cents(max(0.0, min(self.sold_usd, self.bought_usd - self.cash_before_usd)))

    @property
    def withdrawn_from_sells_usd(self) -> float:
        """The part of the withdrawal that is not there before the sells have settled (T+1)."""
        there = max(0.0, self.cash_before_usd - self.bought_usd)
        return _cents(max(0.0, self.withdrawn_usd - there))

    @property
    def contribution_needed_usd(self) -> float:
        """How much of the contribution must have arrived before the last line can be done."""
        return _cents(max(0.0, min(self.contribution_usd, self.contribution_usd - self.cash_left_usd)))

    @property
    def short_usd(self) -> float:
        """Cash that is missing in the end; 0 where there is enough."""
        return _cents(max(0.0, -self.cash_left_usd))


def executions(plan: Plan, household: Household) -> tuple[AccountOrders, ...]:
    """The accounts where a plan does something, by custodian and name; accounts without order or withdrawal are absent.

    Raises KeyError where the plan names an account that the household does not have.
    """
    sales: dict[tuple[str, str], list[LotSale]] = defaultdict(list)
    for sale in sorted(plan.lot_sales, key=_oldest_first):
        sales[sale.account, sale.symbol].append(sale)
    paid = {account: _cents(dollars) for account, dollars in plan.withdrawals_paid if _cents(dollars) > 0.0}
    trades = {name: list(mine) for name, mine in groupby(in_order(plan.trades), key=lambda trade: trade.account)}
    found = [_account_orders(household, name, trades.get(name, []), sales, paid) for name in {*trades, *paid}]
    return tuple(sorted(found, key=lambda one: (one.custodian.casefold(), one.account)))


def in_order(trades: Iterable[Trade]) -> list[Trade]:
    """Account by account, sells before buys, so that no purchase waits for cash."""
    return sorted(trades, key=lambda trade: (trade.account, trade.side is Side.BUY, trade.symbol, trade.quantity))


def _account_orders(
    household: Household,
    name: str,
    trades: list[Trade],
    sales: Mapping[tuple[str, str], list[LotSale]],
    paid: Mapping[str, float],
) -> AccountOrders:
    held = household.account(name)
    cash = _cents(held.cash_usd + held.contribution_usd)
    orders = []
    for number, trade in enumerate(trades, 1):
        mine = sales.get((name, trade.symbol), []) if trade.side is Side.SELL else []
        fee = trade.amount_usd * household.security(trade.symbol).redemption_fee if trade.side is Side.SELL else 0.0
        moved = _cents(trade.amount_usd - fee)
        cash = _cents(cash + (moved if trade.side is Side.SELL else -moved))
        orders.append(OrderToEnter(number, trade, moved, cash, _lot_lines(mine, moved)))
    return AccountOrders(
        account=name,
        custodian=held.custodian,
        settled_usd=_cents(held.cash_usd),
        contribution_usd=_cents(held.contribution_usd),
        orders=tuple(orders),
        withdrawn_usd=paid.get(name, 0.0),
    )


def _lot_lines(sales: list[LotSale], order_usd: float) -> tuple[LotLine, ...]:
    """Each lot's part of the order in cents; the sum so far is what is rounded, so that they add up to the order."""
    whole = sum(sale.proceeds_usd for sale in sales)
    lines, so_far, told = [], 0.0, 0.0
    for sale in sales:
        so_far += sale.proceeds_usd
        upto = _cents(order_usd * so_far / whole) if whole else 0.0
        lines.append(
            LotLine(
                lot_id=sale.lot_id,
                acquired=sale.acquired,
                term=sale.term,
                quantity=sale.quantity,
                proceeds_usd=_cents(upto - told),
                basis_usd=sale.basis_usd,
                gain_usd=sale.gain_usd,
            )
        )
        told = upto
    return tuple(lines)


def _oldest_first(sale: LotSale) -> tuple[str, str, int, str]:
    return (sale.account, sale.symbol, sale.acquired.toordinal() if sale.acquired else 0, sale.lot_id)


def _cents(usd: float) -> float:
    """Whole cents, without a negative zero."""
    return round(usd, 2) + 0.0
