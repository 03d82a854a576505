"""Every plan of a tiny household, listed and priced: the optimizer must not be worse than the cheapest.

A plan is so many shares of each lot sold and so many shares of each security bought, all whole. At most two accounts,
the first of them taxable.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from math import floor
from random import Random

import numpy as np
import numpy.typing as npt

from rebal_xl.household import CASH_CLASS, Account, Household, Plan, Side, TaxTreatment
from tests.optimize.second_opinion import (
    EDGE_USD,
    RESERVE_PRICE,
    WHOLE,
    WITHDRAWAL_PRICE,
    Floats,
    SecondOpinion,
)


@dataclass(frozen=True)
class Decision:
    """One plan: whole shares sold of lots (by place in household.lots) and bought of (account, symbol)."""

    sold: dict[int, int] = field(default_factory=dict)
    bought: dict[tuple[str, str], int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"sell {self.sold or 'nothing'}, buy {self.bought or 'nothing'}"


@dataclass(frozen=True)
class Found:
    """The cheapest plan and how many were tried."""

    decision: Decision | None
    cost_usd: float
    tried: int


def decision_of(household: Household, plan: Plan) -> Decision | None:
    """A plan of the product in whole shares of lots; None when a sale takes part of a share from a lot.

    Orders are whole shares, but the lots behind one order may be cut anywhere.
    """
    sold: dict[int, float] = {}
    places = {lot.lot_id: place for place, lot in enumerate(household.lots)}
    for sale in plan.lot_sales:
        sold[places[sale.lot_id]] = sold.get(places[sale.lot_id], 0.0) + sale.quantity
    bought = {(trade.account, trade.symbol): trade.quantity for trade in plan.trades if trade.side is Side.BUY}
    for trade in plan.trades:
        assert abs(trade.quantity - round(trade.quantity)) < WHOLE, f"{trade} is no whole number of shares"
    if any(abs(quantity - round(quantity)) > WHOLE for quantity in sold.values()):
        return None
    return Decision(
        {place: round(quantity) for place, quantity in sold.items() if round(quantity)},
        {pair: round(quantity) for pair, quantity in bought.items() if round(quantity)},
    )


@dataclass(frozen=True)
class Tried:
    """All plans of one account as rows of arrays."""

    account: Account
    # places in household.lots of the columns of `sold`, symbols of the columns of `bought`
    places: tuple[int, ...]
    symbols: tuple[str, ...]
    sold: npt.NDArray[np.int64]
    bought: npt.NDArray[np.int64]
    cash: Floats
    # dollars of each targeted class in the account after trading
    dollars: Floats
    # spread, orders and location; withdrawals not paid and reserves not kept
    trading: Floats


class Brute(SecondOpinion):
    """Every plan of one tiny household."""

    def account_plans(self, account: Account) -> Tried:
        """Every combination of sales and purchases of one account that keeps the account's own rules."""
        household, policy = self.household, self.policy
        places = tuple(place for place, lot in enumerate(household.lots) if lot.account == account.name)
        lots = [household.lots[place] for place in places]
        prices = np.array([household.security(symbol).unit_usd for symbol in self.symbols])
        most = [int(lot.quantity) if self.may_sell(lot) else 0 for lot in lots]
        sold = _all_counts(most)
        of_symbol = np.array([[lot.symbol == symbol for symbol in self.symbols] for lot in lots], dtype=float)
        of_symbol = of_symbol.reshape(len(lots), len(self.symbols))
        held = np.array([lot.quantity for lot in lots]) @ of_symbol
        owed = self._withdrawn(account)
        start = account.cash_usd + account.contribution_usd - owed
        worth = account.cash_usd + float(held @ prices)
        reserve = max(account.reserve_usd, account.reserve_weight * worth)
        proceeds = prices * (1 - np.array([security.redemption_fee for security in household.securities]))
        budget = start + owed + float(np.array(most) @ of_symbol @ proceeds)
        buyable = self._buyable(account)
        most_bought = [
            int(max(0.0, budget) / price + 1e-9) if symbol in buyable else 0
            for symbol, price in zip(self.symbols, prices, strict=True)
        ]
        bought = _all_counts(most_bought)
        bought = bought[bought @ prices <= budget + EDGE_USD]
        least = max(policy.min_trade_usd, policy.min_trade_weight * worth)
        small = ((bought > 0) & (bought * prices < least - EDGE_USD)).any(axis=1)
        most_sold, most_more = self._may_hold(account)
        bought = bought[~small & (bought <= most_more).all(axis=1)]
        amounts = (sold @ of_symbol) * prices
        whole = amounts >= held * prices - EDGE_USD
        small = ((amounts > 0) & (amounts < least - EDGE_USD) & ~whole).any(axis=1)
        small |= (sold @ of_symbol > most_sold).any(axis=1)
        sold, amounts = sold[~small], amounts[~small]
        pairs_sold = np.repeat(np.arange(len(sold)), len(bought))
        pairs_bought = np.tile(np.arange(len(bought)), len(sold))
        cash = start + (sold @ of_symbol @ proceeds)[pairs_sold] - (bought @ prices)[pairs_bought]
        both = ((amounts[pairs_sold] > 0) & (bought[pairs_bought] > 0)).any(axis=1)
        # what is owed and not there stays unpaid
        keep = (cash >= -owed - EDGE_USD) & ~both
        pairs_sold, pairs_bought, cash = pairs_sold[keep], pairs_bought[keep], cash[keep]
        # withdrawals are paid in whole cents
        unpaid = np.ceil(np.maximum(0.0, -cash) * 100 - WHOLE) / 100
        cash = cash + unpaid
        missing = np.maximum(0.0, reserve - cash)
        broken = WITHDRAWAL_PRICE * np.maximum(unpaid, 0.0)
        broken += RESERVE_PRICE * np.maximum(missing, 0.0)
        after = (held - sold @ of_symbol)[pairs_sold] + bought[pairs_bought]
        mixes = np.array(
            [[dict(security.class_mix).get(name, 0.0) for name in self.classes] for security in household.securities]
        )
        dollars = (after * prices) @ mixes
        if CASH_CLASS in self.classes:
            dollars[:, self.classes.index(CASH_CLASS)] += cash
        return Tried(
            account=account,
            places=places,
            symbols=self.symbols,
            sold=sold[pairs_sold],
            bought=bought[pairs_bought],
            cash=cash,
            dollars=dollars,
            trading=broken + self._trading(account, amounts[pairs_sold], (bought * prices)[pairs_bought]),
        )

    def _masks(self, plans: Tried) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Bits of families sold at a loss, and of those bought, for each row."""
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
            # cheapest side first: once that alone is dearer than the best plan, the rest is too
            for row in np.argsort(left, kind="stable"):
                if left[row] + inner.min() >= best.cost_usd:
                    break
                state = self._state_cost(second.dollars[rows] + first.dollars[row], second.cash[rows] + first.cash[row])
                washes = ((first_lost[row] | lost) & (first_bought[row] | bought)) > 0
                total = np.where(washes, np.inf, inner + state + left[row])
                column = int(total.argmin())
                if total[column] < best.cost_usd:
                    decision = self._decision(first, int(row), second, int(rows[column]))
                    best = Found(decision, float(total[column]), best.tried)
        return best

    def _two_sides(self) -> tuple[Tried, Tried]:
        """Plans of a taxable account and of the other account, or of no other."""
        accounts = sorted(self.household.accounts, key=lambda a: (a.treatment is not TaxTreatment.TAXABLE, a.name))
        first, *others = (self.account_plans(account) for account in accounts)
        if others:
            return first, others[0]
        nothing = Tried(
            account=Account("", TaxTreatment.ROTH),
            places=(),
            symbols=self.symbols,
            sold=np.zeros((1, 0), dtype=np.int64),
            bought=np.zeros((1, len(self.symbols)), dtype=np.int64),
            cash=np.zeros(1),
            dollars=np.zeros((1, len(self.classes))),
            trading=np.zeros(1),
        )
        return first, nothing

    def _taxed_alike(self, second: Tried) -> Iterator[npt.NDArray[np.int64]]:
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
        """What a plan pays of each withdrawal, by its number and account: all of it, or what cash there is."""
        paid: dict[tuple[int, str], float] = {}
        for number, ask in enumerate(self.policy.withdrawals):
            account = self.household.account(ask.which)
            cash = account.cash_usd + account.contribution_usd
            for place, shares in decision.sold.items():
                security = self.household.security(self.household.lots[place].symbol)
                if self.household.lots[place].account == account.name:
                    cash += shares * security.unit_usd * (1 - security.redemption_fee)
            for (name, symbol), shares in decision.bought.items():
                cash -= shares * self.household.security(symbol).unit_usd if name == account.name else 0.0
            paid[number, account.name] = min(ask.amount_usd, floor(cash * 100 + WHOLE) / 100)
        return paid

    def price(self, decision: Decision) -> dict[str, float] | None:
        """Cost terms of one plan; None when it is not among those tried, because it breaks a rule."""
        terms, trading = self.sale_terms(decision.sold), 0.0
        dollars, cash, lost, bought = np.zeros(len(self.classes)), 0.0, 0, 0
        for side in self._two_sides():
            sold = [decision.sold.get(place, 0) for place in side.places]
            purchases = [decision.bought.get((side.account.name, symbol), 0) for symbol in side.symbols]
            same = (side.sold == np.array(sold, dtype=np.int64)).all(axis=1)
            same &= (side.bought == np.array(purchases, dtype=np.int64)).all(axis=1)
            if not same.any():
                return None
            row = int(np.flatnonzero(same)[0])
            dollars, cash = dollars + side.dollars[row], cash + float(side.cash[row])
            trading += float(side.trading[row])
            masks = self._masks(side)
            lost, bought = lost | int(masks[0][row]), bought | int(masks[1][row])
        if lost & bought or not self.young_losses_are_allowed(decision.sold):
            return None
        return {**terms, "trading": trading, "state": float(self._state_cost(dollars, np.array(cash)))}


def _all_counts(most: list[int]) -> npt.NDArray[np.int64]:
    """All rows of whole numbers from 0 to each maximum."""
    return np.array(list(product(*(range(top + 1) for top in most))), dtype=np.int64).reshape(-1, len(most))
