"""Every plan of a tiny household, listed and priced: the optimizer must not be worse than the cheapest.

A plan is so many shares of each lot sold and so many shares of each security bought, all whole. At most two accounts,
the first of them taxable.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import floor
from random import Random

import numpy as np
import numpy.typing as npt

from rebal_xl.household import Account, Lot, Method, TaxTreatment
from tests.optimize.decision import WHOLE, Decision, Found
from tests.optimize.second_opinion import EDGE_USD, RESERVE_PRICE, WITHDRAWAL_PRICE, Floats, SecondOpinion

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Tried:
    """All plans of one account as rows of arrays."""

    account: Account
    # places in household.lots of the columns of `sold`, symbols of the columns of `bought`
    places: tuple[int, ...]
    symbols: tuple[str, ...]
    sold: Counts
    bought: Counts
    # after the withdrawals that nobody else may pay
    cash: Floats
    # dollars of each class in the account after trading
    dollars: Floats
    # spread, orders and ranks; withdrawals not paid and reserves not kept; what should have been sold
    trading: Floats
    # worth of the change in location
    moved: Floats
    orders: Counts
    # cash beyond the reserve, and cash that could be invested
    surplus: Floats
    idle: Floats


class Brute(SecondOpinion):
    """Every plan of one tiny household."""

    def account_plans(self, account: Account) -> Tried:
        """Every combination of sales and purchases of one account that keeps the account's own rules."""
        most = [int(lot.quantity) if self._for_sale(lot) else 0 for _, lot in self._lots_of(account)]
        return self._tried(account, _all_counts(most), _all_counts(self._most_bought(account)))

    def _lots_of(self, account: Account) -> list[tuple[int, Lot]]:
        return [(place, lot) for place, lot in enumerate(self.household.lots) if lot.account == account.name]

    def _for_sale(self, lot: Lot) -> bool:
        if self.policy.method is Method.NONE:
            return (lot.account, lot.symbol) in self.typed.sold and self.may_sell(lot)
        return self.may_sell(lot)

    def _prices(self) -> Floats:
        return np.array([security.unit_usd for security in self.household.securities])

    def _proceeds(self) -> Floats:
        return self._prices() * (1 - np.array([security.redemption_fee for security in self.household.securities]))

    def _budget(self, account: Account) -> float:
        """Cash if everything is sold and nothing withdrawn."""
        net = dict(zip(self.symbols, self._proceeds(), strict=True))
        saleable = sum(lot.quantity * net[lot.symbol] for _, lot in self._lots_of(account) if self._for_sale(lot))
        return account.cash_usd + account.contribution_usd + saleable

    def _most_bought(self, account: Account) -> list[int]:
        buyable, budget = self._buyable(account), max(0.0, self._budget(account))
        most = []
        for symbol, price in zip(self.symbols, self._prices(), strict=True):
            typed = self.typed.bought.get((account.name, symbol))
            most.append(typed if typed is not None else int(budget / price + 1e-9) if symbol in buyable else 0)
        return most

    def _own_usd(self, account: Account) -> float:
        """What only this account is asked for."""
        return self.flows.own_usd(account.name)

    def _is_typed(self, account: Account) -> tuple[Flags, Flags]:
        """Symbols whose sales, and whose purchases, the advisor typed."""
        pairs = [(account.name, symbol) for symbol in self.symbols]
        return (
            np.array([pair in self.typed.sold for pair in pairs]),
            np.array([pair in self.typed.bought for pair in pairs]),
        )

    def _tried(self, account: Account, sold: Counts, bought: Counts) -> Tried:
        """Those of the rows of sales and of purchases, each with each, that keep the account's own rules."""
        lots, prices = self._lots_of(account), self._prices()
        of_symbol = np.array([[lot.symbol == symbol for symbol in self.symbols] for _, lot in lots], dtype=float)
        of_symbol = of_symbol.reshape(len(lots), len(self.symbols))
        held = np.array([lot.quantity for _, lot in lots]) @ of_symbol
        sold = sold[self._sales_kept(account, sold, of_symbol, held)]
        bought = bought[self._purchases_kept(account, bought)]
        pairs_sold, pairs_bought = (
            np.repeat(np.arange(len(sold)), len(bought)),
            np.tile(np.arange(len(bought)), len(sold)),
        )
        sold, bought = sold[pairs_sold], bought[pairs_bought]
        to_cash = sold @ of_symbol @ self._proceeds() - bought @ prices
        owed = self._own_usd(account)
        cash = account.cash_usd + account.contribution_usd - owed + to_cash
        both = (sold @ of_symbol > 0) & (bought > 0) & ~self.may_trade_both_ways(account)
        # what is owed and not there stays unpaid
        keep = (cash >= -owed - EDGE_USD) & ~both.any(axis=1)
        keep &= self._raises_or_invests(account, sold, bought, cash)
        sold, bought, cash, to_cash = sold[keep], bought[keep], cash[keep], to_cash[keep]
        # withdrawals are paid in whole cents
        unpaid = np.ceil(np.maximum(0.0, -cash) * 100 - WHOLE) / 100
        cash = cash + unpaid
        missing = 0.0 if self.policy.method is Method.NONE else np.maximum(0.0, self._reserve(account) - cash)
        amounts, spent = (sold @ of_symbol) * prices, bought * prices
        after = (held - sold @ of_symbol + bought) * prices
        dollars = after @ np.array([self.mix(symbol) for symbol in self.symbols])
        dollars[:, -1] += cash
        trading = WITHDRAWAL_PRICE * unpaid + RESERVE_PRICE * missing + self._astray(account, after)
        return Tried(
            account=account,
            places=tuple(place for place, _ in lots),
            symbols=self.symbols,
            sold=sold,
            bought=bought,
            cash=cash * account.counts_in_target,
            dollars=dollars * account.counts_in_target,
            trading=trading + self._trading(account, amounts, spent),
            moved=self._moved(account, amounts, spent, to_cash),
            orders=(amounts > 0).sum(axis=1) + (spent > 0).sum(axis=1),
            surplus=np.maximum(0.0, cash - self._reserve(account)),
            idle=cash * self.traded(account),
        )

    def _reserve(self, account: Account) -> float:
        worth = self.household.account_value_usd(account.name)
        return max(account.reserve_usd, account.reserve_weight * worth)

    def _least(self, account: Account) -> float:
        """The smallest order."""
        worth = self.household.account_value_usd(account.name)
        return max(self.policy.min_trade_usd, self.policy.min_trade_weight * worth)

    def _sales_kept(self, account: Account, sold: Counts, of_symbol: Floats, held: Floats) -> Flags:
        """Which rows of sales are of lots for sale, as typed, no smaller than they may be and within the range."""
        lots, shares = self._lots_of(account), sold @ of_symbol
        typed, _ = self._is_typed(account)
        most = np.array([lot.quantity if self._for_sale(lot) else 0.0 for _, lot in lots])
        kept: Flags = (sold <= most).all(axis=1)
        for column, (_, lot) in enumerate(lots):
            if lot.lot_id in self.typed.lots:
                kept &= sold[:, column] == self.typed.lots[lot.lot_id]
        for column, symbol in enumerate(self.symbols):
            if (account.name, symbol) in self.typed.sold:
                kept &= shares[:, column] == self.typed.sold[account.name, symbol]
        amounts = shares * self._prices()
        small = (shares > 0) & (amounts < self._least(account) - EDGE_USD) & (shares < held - WHOLE) & ~typed
        most_sold, _ = self._may_hold(account)
        return kept & ~small.any(axis=1) & (shares <= np.where(typed, np.inf, most_sold)).all(axis=1)

    def _purchases_kept(self, account: Account, bought: Counts) -> Flags:
        """Which rows of purchases are of what may be bought, as typed, large enough and within the range."""
        _, typed = self._is_typed(account)
        spent = bought * self._prices()
        kept: Flags = (bought <= self._most_bought(account)).all(axis=1)
        kept &= spent.sum(axis=1) <= self._budget(account) + EDGE_USD
        for column, symbol in enumerate(self.symbols):
            if typed[column]:
                kept &= bought[:, column] == self.typed.bought[account.name, symbol]
        small = (bought > 0) & (spent < self._least(account) - EDGE_USD) & ~typed
        _, most_more = self._may_hold(account)
        return kept & ~small.any(axis=1) & (bought <= np.where(typed, np.inf, most_more)).all(axis=1)

    def _raises_or_invests(self, account: Account, sold: Counts, bought: Counts, cash: Floats) -> Flags:
        """Method Cash only: an account that is short sells for that alone and buys nothing; any other sells nothing."""
        if self.policy.method is not Method.CASH_ONLY:
            return np.ones(len(cash), dtype=np.bool_)
        lots, (typed_sold, typed_bought) = self._lots_of(account), self._is_typed(account)
        free = [not typed_sold[self.symbols.index(lot.symbol)] for _, lot in lots]
        raising = (sold[:, free] > 0).any(axis=1)
        investing = (bought[:, ~typed_bought] > 0).any(axis=1)
        reserve, owed = self._reserve(account), self._own_usd(account)
        paid = owed - np.ceil(np.maximum(0.0, -cash) * 100 - WHOLE) / 100
        short = paid > account.cash_usd + account.contribution_usd + self._typed_cash(account) - reserve
        steps = [
            self.household.security(lot.symbol).unit_usd * self.household.security(lot.symbol).lot_size
            for _, lot in lots
            if self._for_sale(lot) and (account.name, lot.symbol) not in self.typed.sold
        ]
        least = self._least(account)
        # whole shares, as many as make up the minimum
        room = max(least, 0.0, *(step * max(1.0, float(np.ceil((least - EDGE_USD) / step))) for step in steps if step))
        kept: Flags = ~raising | (short & ~investing & (cash <= reserve + room + EDGE_USD))
        return kept

    def _typed_cash(self, account: Account) -> float:
        """What the advisor's own trades bring to an account, which it has before it raises anything."""
        proceeds, prices = (dict(zip(self.symbols, each, strict=True)) for each in (self._proceeds(), self._prices()))
        sold = sum(n * proceeds[symbol] for (name, symbol), n in self.typed.sold.items() if name == account.name)
        bought = sum(n * prices[symbol] for (name, symbol), n in self.typed.bought.items() if name == account.name)
        return float(sold - bought)

    def _masks(self, plans: Tried) -> tuple[Counts, Counts]:
        """Bits of families sold at a loss, and of those bought of the plan's own accord, for each row."""
        accounts, symbols = self.household.accounts, self.symbols
        families = sorted({self.family(account.name, symbol) for account in accounts for symbol in symbols})
        bit = {family: 1 << place for place, family in enumerate(families)}
        lost = np.zeros(len(plans.cash), dtype=np.int64)
        bought = np.zeros(len(plans.cash), dtype=np.int64)
        for column, place in enumerate(plans.places):
            lot = self.household.lots[place]
            if self._taxable(lot) and self._gain_per_share(lot) < 0:
                lost |= np.where(plans.sold[:, column] > 0, bit[self._group(lot)], 0)
        for column, symbol in enumerate(plans.symbols if plans.account.name else ()):
            if (plans.account.name, symbol) not in self.typed.bought:
                bought |= np.where(plans.bought[:, column] > 0, bit[self.family(plans.account.name, symbol)], 0)
        return lost, bought

    def cheapest(self) -> Found:
        """The cheapest plan of all: cash, bands and gain limits may give at their price, other rules may not."""
        first, second = self._two_sides()
        first_lost, first_bought = self._masks(first)
        second_lost, second_bought = self._masks(second)
        best = Found(None, float("inf"), len(first.cash) * len(second.cash))
        for rows in self._taxed_alike(second):
            left = self._sale_costs(first, second, rows[0]) + first.trading
            inner, bought, lost = second.trading[rows], second_bought[rows], second_lost[rows[0]]
            # no row of the other side makes it cheaper than this
            least = left + self.location_cost(first.moved + second.moved[rows].min()) + inner.min()
            # cheapest side first: once that alone is dearer than the best plan, the rest is too
            for row in np.argsort(least, kind="stable"):
                if least[row] >= best.cost_usd:
                    break
                total = left[row] + inner + self._together(first, int(row), second, rows)
                washes = ((first_lost[row] | lost) & (first_bought[row] | bought)) > 0
                total = np.where(washes | self._too_many(first.orders[row] + second.orders[rows]), np.inf, total)
                column = int(total.argmin())
                if total[column] < best.cost_usd:
                    decision = self._decision(first, int(row), second, int(rows[column]))
                    best = Found(decision, float(total[column]), best.tried)
        return best

    def _too_many(self, orders: Counts) -> Flags:
        """More orders than there may be; those the advisor typed are always allowed."""
        most = self.policy.most_orders
        if most is None or self.policy.method is Method.NONE:
            return np.zeros(len(orders), dtype=np.bool_)
        typed = len(self.typed.sold) + len(self.typed.bought)
        return np.asarray(orders > max(most, typed))

    def _together(self, first: Tried, row: int, second: Tried, rows: Counts) -> Floats:
        """What two accounts cost together: classes, idle cash, location, and withdrawals that either may pay."""
        dollars, idle = second.dollars[rows] + first.dollars[row], second.idle[rows] + first.idle[row]
        broken: Floats = np.full(len(rows), WITHDRAWAL_PRICE * self.flows.nobodys_usd)
        if self.flows.shared_usd:
            there = np.floor(first.cash[row] * 100 + WHOLE) + np.floor(second.cash[rows] * 100 + WHOLE)
            paid = np.minimum(self.flows.shared_usd, there / 100)
            # out of what lies beyond reserves first
            into_reserves = np.maximum(0.0, paid - first.surplus[row] - second.surplus[rows])
            broken += WITHDRAWAL_PRICE * (self.flows.shared_usd - paid) + RESERVE_PRICE * into_reserves
            idle = idle - paid
            dollars[:, -1] -= paid
        location = self.location_cost(first.moved[row] + second.moved[rows])
        return self.state_cost(dollars, idle) + location + broken

    def _two_sides(self) -> tuple[Tried, Tried]:
        """Plans of a taxable account and of the other account, or of no other."""
        first, *others = (self.account_plans(account) for account in self._accounts())
        return first, others[0] if others else self._nobody()

    def _accounts(self) -> list[Account]:
        return sorted(self.household.accounts, key=lambda a: (a.treatment is not TaxTreatment.TAXABLE, a.name))

    def _nobody(self) -> Tried:
        """The other account of a household that has one."""
        return Tried(
            account=Account("", TaxTreatment.ROTH),
            places=(),
            symbols=self.symbols,
            sold=np.zeros((1, 0), dtype=np.int64),
            bought=np.zeros((1, len(self.symbols)), dtype=np.int64),
            cash=np.zeros(1),
            dollars=np.zeros((1, len(self.classes))),
            trading=np.zeros(1),
            moved=np.zeros(1),
            orders=np.zeros(1, dtype=np.int64),
            surplus=np.zeros(1),
            idle=np.zeros(1),
        )

    def _taxed_alike(self, second: Tried) -> Iterator[Counts]:
        """Rows that sell the same taxable lots and the same of recent purchases, and so mean the same for tax."""
        lots = self.household.lots
        matter = [c for c, place in enumerate(second.places) if self._recent(lots[place]) or self._taxable(lots[place])]
        _, which = np.unique(second.sold[:, matter], axis=0, return_inverse=True)
        for alike in range(int(which.max()) + 1):
            yield np.flatnonzero(which.reshape(-1) == alike)

    def _sale_costs(self, taxable: Tried, other: Tried, other_row: int) -> Floats:
        """What the sales of each row of the taxable account cost, given one row's sales in the other."""
        fixed = {place: int(other.sold[other_row, column]) for column, place in enumerate(other.places)}
        rows, which = np.unique(taxable.sold, axis=0, return_inverse=True)
        costs = []
        for row in rows:
            sold = {**fixed, **dict(zip(taxable.places, map(int, row), strict=True))}
            allowed = self.young_losses_are_allowed(sold)
            costs.append(sum(self.sale_terms(sold).values()) if allowed else float("inf"))
        return np.array(costs)[which.reshape(-1)]

    def _decision(self, taxable: Tried, row: int, other: Tried, other_row: int) -> Decision:
        sold: dict[int, int] = {}
        bought: dict[tuple[str, str], int] = {}
        for side, place in ((taxable, row), (other, other_row)):
            sold |= {lot: int(n) for lot, n in zip(side.places, side.sold[place], strict=True) if n}
            bought |= {
                (side.account.name, symbol): int(n)
                for symbol, n in zip(side.symbols, side.bought[place], strict=True)
                if n
            }
        return Decision(sold, bought)

    # Single plans

    def some_plans(self, draw: Random, count: int) -> Iterator[Decision]:
        """So many of the plans tried, at random."""
        taxable, other = self._two_sides()
        for _ in range(count):
            yield self._decision(taxable, draw.randrange(len(taxable.cash)), other, draw.randrange(len(other.cash)))

    def paid(self, decision: Decision) -> dict[tuple[int, str], float]:
        """What a plan pays of each request, by its number and account: all of it, or what cash there is."""
        cash = {account.name: account.cash_usd + account.contribution_usd for account in self.household.accounts}
        proceeds, prices = (dict(zip(self.symbols, each, strict=True)) for each in (self._proceeds(), self._prices()))
        for place, shares in decision.sold.items():
            lot = self.household.lots[place]
            cash[lot.account] += shares * proceeds[lot.symbol]
        for (name, symbol), shares in decision.bought.items():
            cash[name] -= shares * prices[symbol]
        paid: dict[tuple[int, str], float] = {}
        # those that only one account may pay come first
        asks = sorted(enumerate(self.flows.asks), key=lambda item: (len(item[1].accounts), item[0]))
        for number, ask in asks:
            left = ask.usd
            for name in ask.accounts:
                paid[number, name] = min(left, floor(cash[name] * 100 + WHOLE) / 100)
                left -= paid[number, name]
                cash[name] -= paid[number, name]
        return paid

    def price(self, decision: Decision) -> dict[str, float] | None:
        """Cost terms of one plan; None when it is not among those tried, because it breaks a rule."""
        sides = [self._side(account, decision) for account in self._accounts()]
        if any(not len(side.cash) for side in sides):
            return None
        first, second = sides[0], sides[1] if len(sides) > 1 else self._nobody()
        lost, bought = (one | other for one, other in zip(self._masks(first), self._masks(second), strict=True))
        if (lost & bought).any() or not self.young_losses_are_allowed(decision.sold):
            return None
        if self._too_many(first.orders + second.orders).any():
            return None
        together = self._together(first, 0, second, np.zeros(1, dtype=np.int64))
        trading = float(first.trading[0] + second.trading[0])
        return {**self.sale_terms(decision.sold), "trading": trading, "state and location": float(together[0])}

    def _side(self, account: Account, decision: Decision) -> Tried:
        sold = [decision.sold.get(place, 0) for place, _ in self._lots_of(account)]
        bought = [decision.bought.get((account.name, symbol), 0) for symbol in self.symbols]
        return self._tried(account, np.array([sold], dtype=np.int64), np.array([bought], dtype=np.int64))


def _all_counts(most: list[int]) -> Counts:
    """All rows of whole numbers from 0 to each maximum."""
    return np.array(list(product(*(range(top + 1) for top in most))), dtype=np.int64).reshape(-1, len(most))
