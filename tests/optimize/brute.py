"""Tiny households small enough to try every plan there is, and the trying.

Nothing of the optimizer, the evaluator or the tax package is used: rules and prices are worked out here a second time.
A plan is so many shares of each lot sold and so many shares of each security bought, all whole; every combination that
keeps the rules is priced, and the cheapest is what the optimizer must not be worse than.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from math import floor
from random import Random

import numpy as np
import numpy.typing as npt

from rebal_xl.household import (
    CASH_CLASS,
    Account,
    Household,
    Lot,
    LotSource,
    Method,
    Plan,
    Policy,
    Side,
    TaxTreatment,
)
from tests.tax_oracle import Liability, Year, file_return

Floats = npt.NDArray[np.float64]
WINDOW = timedelta(days=30)
# Weights and dollars this close to an edge are on it.
EDGE_USD = 1e-6
# Shares by which a whole number may miss.
WHOLE = 1e-6
# Dollars charged for a dollar of withdrawal not paid, of reserve missing, outside a band, over a gain limit.
WITHDRAWAL_PRICE, RESERVE_PRICE, BAND_PRICE, GAIN_LIMIT_PRICE = 300.0, 100.0, 30.0, 3.0
# Less of it is rounding.
CENT = 0.01
# Dollars charged for a dollar of proceeds left lying.
IDLE_PRICE = 0.10
# Part of a saving that counts while harvesting is off.
UNASKED_SHARE = 0.001
# Method Full: dollars charged for a dollar off target, and for one beyond it as seen from the start.
DISTANCE_PRICE, CROSSING_PRICE = 1.0, 5.0


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


class Brute:
    """Every plan of one tiny household."""

    def __init__(self, household: Household, policy: Policy) -> None:
        self.household, self.policy = household, policy
        (self.profile,) = household.taxpayers
        self.classes = (*(target.asset_class for target in policy.targets),)
        self.symbols = tuple(security.symbol for security in household.securities)

    # What the return says

    def _filed(self, short: float, long: float) -> tuple[Liability, float]:
        """The federal return and the state's estimate with so much more short and long gain."""
        p = self.profile
        bill = file_return(
            Year(
                p.status.value,
                p.ordinary_income_usd,
                p.qualified_dividends_usd,
                p.other_investment_income_usd,
                p.short_realized_usd + short,
                p.long_realized_usd + long,
                p.short_carryforward_usd,
                p.long_carryforward_usd,
            )
        )
        line7 = p.short_realized_usd + short - p.short_carryforward_usd
        line15 = p.long_realized_usd + long - p.long_carryforward_usd
        preferred = max(0.0, min(line15, line7 + line15))
        state = (p.state_long_rate or 0.0) * preferred + (p.state_short_rate or 0.0) * (bill.gain - preferred)
        return bill, state

    def _bill(self, short: float, long: float) -> tuple[float, float]:
        """Tax of the year, and the loss left beyond what the year allows."""
        bill, state = self._filed(short, long)
        p = self.profile
        net = p.short_realized_usd - p.short_carryforward_usd + p.long_realized_usd - p.long_carryforward_usd
        return bill.total + state, bill.gain - (net + short + long)

    @cached_property
    def _untouched(self) -> tuple[float, float]:
        return self._bill(0.0, 0.0)

    def _federal(self, interest: float, dividends: float) -> float:
        """Federal tax before the plan, with so much more interest and qualified dividends."""
        p = self.profile
        year = Year(
            p.status.value,
            p.ordinary_income_usd + interest,
            p.qualified_dividends_usd + dividends,
            p.other_investment_income_usd + interest,
            p.short_realized_usd,
            p.long_realized_usd,
            p.short_carryforward_usd,
            p.long_carryforward_usd,
        )
        return file_return(year).total

    @cached_property
    def income_rates(self) -> tuple[float, float]:
        """Federal tax on one more dollar of interest and of qualified dividends."""
        base = self._federal(0.0, 0.0)
        return self._federal(1.0, 0.0) - base, self._federal(0.0, 1.0) - base

    @cached_property
    def later_rate(self) -> float:
        """What a dollar of basis given up costs: the later gain rate, discounted over the horizon."""
        later = self.profile.future_gain_rate
        if later is None:
            later = self.income_rates[1] + (self.profile.state_long_rate or 0.0)
        return later / float((1 + self.policy.discount_rate) ** self.policy.horizon_years)

    def drag(self, account: Account, symbol: str) -> float:
        """Location cost of a dollar bought: yearly tax on what it pays out, as an annuity over the horizon."""
        if account.treatment is not TaxTreatment.TAXABLE:
            return 0.0
        security = self.household.security(symbol)
        interest, dividends = self.income_rates
        interest_part = 1 - security.qualified_share - security.exempt_share
        federal = interest_part * interest + security.qualified_share * dividends
        years = range(1, int(self.policy.horizon_years) + 1)
        annuity = sum((1 + self.policy.discount_rate) ** -year for year in years)
        return annuity * security.yield_rate * (federal + (self.profile.state_short_rate or 0.0))

    def tax_cost(self, short: float, long: float, losses: float) -> float:
        """This year's tax, basis given up and losses carried, against doing nothing; unasked savings hardly count."""
        tax, left = self._bill(short, long)
        tax_before, left_before = self._untouched
        net = tax - tax_before - self.later_rate * (left - left_before) + self.later_rate * losses
        return net if net >= 0 or self.policy.harvest_usd is not None else UNASKED_SHARE * net

    # What is sold

    def _gain_per_share(self, lot: Lot) -> float:
        assert lot.basis_usd is not None
        return self.household.security(lot.symbol).unit_usd - lot.basis_usd / lot.quantity

    def _long(self, lot: Lot) -> bool:
        """More than a year, counted from the day after the purchase."""
        assert lot.acquired is not None
        start = lot.acquired + timedelta(days=1)
        return self.policy.as_of >= _a_year_after(start)

    def _recent(self, lot: Lot) -> bool:
        assert lot.acquired is not None
        return lot.source is LotSource.BUY and self.policy.as_of - WINDOW <= lot.acquired <= self.policy.as_of

    def _taxable(self, lot: Lot) -> bool:
        return self.household.account(lot.account).treatment is TaxTreatment.TAXABLE

    def may_sell(self, lot: Lot) -> bool:
        """Locks, and lots about to turn long-term at a gain."""
        if lot.locked or lot.do_not_sell or self.household.account(lot.account).locked:
            return False
        assert lot.acquired is not None
        soon = _a_year_after(lot.acquired + timedelta(days=1)) - self.policy.as_of
        nearly_long = timedelta(0) < soon <= timedelta(days=self.policy.short_term_boundary_days)
        return not (self._taxable(lot) and self._gain_per_share(lot) > 0 and nearly_long)

    def sale_terms(self, sold: dict[int, int]) -> dict[str, float]:
        """Tax and wash sales of a set of sales; `sold` holds every lot sold in every account."""
        lots = self.household.lots
        # shares bought in the window and still held, one purchase at a time
        kept = {place: lot.quantity - sold.get(place, 0) for place, lot in enumerate(lots) if self._recent(lot)}
        short = long = losses = 0.0
        washed: set[str] = set()
        taxable = [place for place in sold if self._taxable(lots[place]) and sold[place]]
        for place in sorted(taxable, key=lambda place: (lots[place].acquired, place)):
            each, allowed = self._gain_per_share(lots[place]), float(sold[place])
            for other in kept if each < 0 else ():
                # shares of the same purchase do not replace each other (Rev. Rul. 56-602)
                if other != place and self._group(lots[other]) == self._group(lots[place]):
                    taken = min(allowed, kept[other])
                    kept[other] -= taken
                    allowed -= taken
                    washed |= {self._group(lots[place])} if taken > 0 else set()
            losses += max(0.0, -each * allowed)
            if self._long(lots[place]):
                long += each * allowed
            else:
                short += each * allowed
        over = max(0.0, short - _limit(self.profile.short_gain_limit_usd))
        over += max(0.0, long - _limit(self.profile.long_gain_limit_usd))
        tax = self._bill(short, long)[0] - self._untouched[0]
        over += max(0.0, tax - _limit(self.profile.tax_budget_usd))
        return {
            "tax": self.tax_cost(short, long, losses),
            "wash": self.policy.wash_sale_cost_usd * len(washed),
            "gain limits": GAIN_LIMIT_PRICE * over,
        }

    def young_losses_are_allowed(self, sold: dict[int, int]) -> bool:
        """A purchase of the window is sold at a loss only when no other purchase of the window stays."""
        lots = self.household.lots
        for place, shares in sold.items():
            lot = lots[place]
            if shares and self._recent(lot) and self._taxable(lot) and self._gain_per_share(lot) < 0:
                family = [
                    p for p, other in enumerate(lots) if self._recent(other) and self._group(other) == self._group(lot)
                ]
                if len(family) > 1 and any(sold.get(p, 0) < lots[p].quantity for p in family):
                    return False
        return True

    def _group(self, lot: Lot) -> str:
        return self.household.security(lot.symbol).group

    # One account

    def _withdrawn(self, account: Account) -> float:
        return sum(ask.amount_usd for ask in self.policy.withdrawals if ask.which == account.name)

    def _buyable(self, account: Account) -> tuple[str, ...]:
        return tuple(
            security.symbol
            for security in self.household.securities
            if not security.do_not_buy
            and (account.menu is None or security.symbol in account.menu)
            and self.policy.target_of(security.main_class) is not None
            and security.group not in self._sold_at_a_loss()
        )

    def _sold_at_a_loss(self) -> set[str]:
        """Identical groups sold within the window at a loss, or with a result nobody knows."""
        return {
            self.household.security(trade.symbol).group
            for trade in self.household.recent_trades
            if trade.side is Side.SELL
            and self.policy.as_of - WINDOW <= trade.traded <= self.policy.as_of
            and (trade.gain_usd is None or trade.gain_usd < 0)
        }

    def _may_hold(self, account: Account) -> tuple[Floats, Floats]:
        """Most shares of each symbol that may be sold and bought, by the range to hold of its position."""
        most_sold, most_bought = np.full(len(self.symbols), np.inf), np.full(len(self.symbols), np.inf)
        for column, symbol in enumerate(self.symbols):
            lots = [lot for lot in self.household.lots if (lot.account, lot.symbol) == (account.name, symbol)]
            held = sum(lot.quantity for lot in lots)
            least = [lot.min_hold for lot in lots if lot.min_hold is not None]
            most = [lot.max_hold for lot in lots if lot.max_hold is not None]
            if least:
                most_sold[column] = max(0.0, held - max(least))
            if most:
                most_bought[column] = max(0.0, min(most) - held)
        return most_sold, most_bought

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
        broken = WITHDRAWAL_PRICE * np.where(unpaid > CENT, unpaid, 0.0)
        broken += RESERVE_PRICE * np.where(missing > CENT, missing, 0.0)
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

    def _trading(self, account: Account, sold_usd: Floats, bought_usd: Floats) -> Floats:
        """Spread, order and location cost of rows of dollars sold and bought by symbol."""
        spread = np.array([security.spread_bp / 1e4 for security in self.household.securities])
        fee = np.array([security.redemption_fee for security in self.household.securities])
        place = np.array([self.drag(account, symbol) for symbol in self.symbols])
        orders = (sold_usd > 0).sum(axis=1) + (bought_usd > 0).sum(axis=1)
        cost: Floats = sold_usd @ (spread + fee) + bought_usd @ (spread + place)
        return cost + self.policy.cost_per_order_usd * orders

    @cached_property
    def idle_allowed(self) -> float:
        """Cash that may lie: reserves or cash's own destination, or what was there before."""
        reserves = sum(
            max(account.reserve_usd, account.reserve_weight * self.household.account_value_usd(account.name))
            for account in self.household.accounts
        )
        target = self.policy.target_of(CASH_CLASS)
        wanted = (target.weight + target.destination_width) * self.value_usd if target else 0.0
        before = sum(a.cash_usd + a.contribution_usd - self._withdrawn(a) for a in self.household.accounts)
        return max(reserves, wanted, before)

    def _state_cost(self, dollars: Floats, cash: Floats) -> Floats:
        """What rows of class dollars and household cash are charged: dollars outside a band, and idle cash."""
        low, high = self.ranges
        outside = np.maximum(dollars - high, 0.0) + np.maximum(low - dollars, 0.0)
        outside = np.where(outside > CENT, outside, 0.0).sum(axis=-1)
        cost: Floats = BAND_PRICE * outside + IDLE_PRICE * np.maximum(0.0, cash - self.idle_allowed)
        if self.policy.method is Method.FULL:
            over_price, under_price, goal = self._distance_prices
            off = np.maximum(dollars - goal, 0.0) * over_price + np.maximum(goal - dollars, 0.0) * under_price
            cost = cost + off.sum(axis=-1)
        return cost

    @cached_property
    def _distance_prices(self) -> tuple[Floats, Floats, Floats]:
        """Prices of a dollar over and under target, and the target in dollars, by class."""
        goal = np.array([target.weight for target in self.policy.targets]) * self.value_usd
        start = np.array([self.held[name] for name in self.classes])
        return (
            np.where(start < goal, CROSSING_PRICE, DISTANCE_PRICE),
            np.where(start > goal, CROSSING_PRICE, DISTANCE_PRICE),
            goal,
        )

    # The household

    @cached_property
    def value_usd(self) -> float:
        """Denominator of weights: after contributions and withdrawals."""
        flows = sum(account.contribution_usd - self._withdrawn(account) for account in self.household.accounts)
        return self.household.total_usd + flows

    @cached_property
    def held(self) -> dict[str, float]:
        """Dollars of each targeted class before trading, withdrawals taken off cash."""
        held = dict.fromkeys(self.classes, 0.0)
        for lot in self.household.lots:
            for name, weight in self.household.security(lot.symbol).class_mix:
                if name in held:
                    held[name] += self.household.value_usd(lot) * weight
        if CASH_CLASS in held:
            held[CASH_CLASS] += sum(
                account.cash_usd + account.contribution_usd - self._withdrawn(account)
                for account in self.household.accounts
            )
        return held

    @cached_property
    def ranges(self) -> tuple[Floats, Floats]:
        """Least and most dollars of each targeted class after trading."""
        low, high = [], []
        for target in self.policy.targets:
            weight = self.held[target.asset_class] / self.value_usd
            trigger, destination = target.trigger_width, target.destination_width
            # owed cash can be negative, and edges are cut at nothing and everything
            inside = max(0.0, target.weight - trigger) <= weight <= min(1.0, target.weight + trigger)
            width = trigger if inside else destination
            low.append(max(0.0, target.weight - width) * self.value_usd)
            high.append(min(1.0, target.weight + width) * self.value_usd)
        return np.array(low), np.array(high)

    def _groups(self) -> list[str]:
        return sorted({security.group for security in self.household.securities})

    def _masks(self, plans: Tried) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Bits of identical groups sold at a loss, and of those bought, for each row."""
        bit = {group: 1 << place for place, group in enumerate(self._groups())}
        lost = np.zeros(len(plans.cash), dtype=np.int64)
        bought = np.zeros(len(plans.cash), dtype=np.int64)
        for column, place in enumerate(plans.places):
            lot = self.household.lots[place]
            if self._taxable(lot) and self._gain_per_share(lot) < 0:
                lost |= np.where(plans.sold[:, column] > 0, bit[self.household.security(lot.symbol).group], 0)
        for column, symbol in enumerate(plans.symbols):
            bought |= np.where(plans.bought[:, column] > 0, bit[self.household.security(symbol).group], 0)
        return lost, bought

    def cheapest(self) -> Found:
        """The cheapest plan of all: cash, bands and gain limits may give at their price, other rules may not."""
        taxable, other = self._two_sides()
        lost, bought = self._masks(taxable)
        _, other_bought = self._masks(other)
        best = Found(None, float("inf"), len(taxable.cash) * len(other.cash))
        for rows in self._same_sales_of_recent(other):
            left = self._sale_costs(taxable, other, rows[0]) + taxable.trading
            inner, inner_bought = other.trading[rows], other_bought[rows]
            # cheapest side first: once that alone is dearer than the best plan, the rest is too
            for row in np.argsort(left, kind="stable"):
                if left[row] + inner.min() >= best.cost_usd:
                    break
                if lost[row] & bought[row]:
                    continue
                state = self._state_cost(
                    other.dollars[rows] + taxable.dollars[row], other.cash[rows] + taxable.cash[row]
                )
                total = np.where(inner_bought & lost[row], np.inf, inner + state + left[row])
                column = int(total.argmin())
                if total[column] < best.cost_usd:
                    decision = self._decision(taxable, int(row), other, int(rows[column]))
                    best = Found(decision, float(total[column]), best.tried)
        return best

    def _two_sides(self) -> tuple[Tried, Tried]:
        sides = {account.treatment is TaxTreatment.TAXABLE: account for account in self.household.accounts}
        taxable = self.account_plans(sides[True])
        if False in sides:
            return taxable, self.account_plans(sides[False])
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
        return taxable, nothing

    def _same_sales_of_recent(self, other: Tried) -> Iterator[npt.NDArray[np.int64]]:
        """Rows of the untaxed account that sell the same of recent purchases, and so wash the same losses."""
        recent = [column for column, place in enumerate(other.places) if self._recent(self.household.lots[place])]
        _, which = np.unique(other.sold[:, recent], axis=0, return_inverse=True)
        for group in range(int(which.max()) + 1):
            yield np.flatnonzero(which.reshape(-1) == group)

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


def _limit(usd: float | None) -> float:
    return float("inf") if usd is None else usd


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def _all_counts(most: list[int]) -> npt.NDArray[np.int64]:
    """All rows of whole numbers from 0 to each maximum."""
    return np.array(list(product(*(range(top + 1) for top in most))), dtype=np.int64).reshape(-1, len(most))
