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

import numpy as np
import numpy.typing as npt

from rebal_xl.household import (
    CASH_CLASS,
    Account,
    Household,
    Lot,
    LotSource,
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


def decision_of(household: Household, plan: Plan) -> Decision:
    """A plan of the product in whole shares of lots; lots are told apart by what they are, not by their names."""
    sold: dict[int, float] = {}
    for sale in plan.lot_sales:
        (place,) = [place for place, lot in enumerate(household.lots) if lot.lot_id == sale.lot_id]
        sold[place] = sold.get(place, 0.0) + sale.quantity
    bought: dict[tuple[str, str], float] = {}
    for trade in plan.trades:
        if trade.side is Side.BUY:
            bought[trade.account, trade.symbol] = bought.get((trade.account, trade.symbol), 0.0) + trade.quantity
    for quantity in (*sold.values(), *bought.values()):
        assert abs(quantity - round(quantity)) < 1e-9, f"{quantity} is no whole number of shares"
    return Decision(
        {place: round(quantity) for place, quantity in sold.items() if round(quantity)},
        {pair: round(quantity) for pair, quantity in bought.items() if round(quantity)},
    )


@dataclass(frozen=True)
class Rates:
    """What the objective charges beyond this year's tax, worked out by hand from the policy and the tax profile."""

    # per dollar of realised loss (charged) and of realised gain (credited)
    deferral_loss: float = 0.0
    deferral_gain: float = 0.0
    # credit per dollar of loss carried out of the year
    carry: float = 0.0
    # (account, symbol) -> dollars per dollar bought
    location: dict[tuple[str, str], float] = field(default_factory=dict)
    # location cost also credits what is sold
    location_of_sales: bool = False


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
    # spread, orders and location
    trading: Floats


class Brute:
    """Every plan of one tiny household."""

    def __init__(self, household: Household, policy: Policy, rates: Rates) -> None:
        self.household, self.policy, self.rates = household, policy, rates
        (self.profile,) = household.taxpayers
        self.classes = (*(target.asset_class for target in policy.targets),)
        self.symbols = tuple(security.symbol for security in household.securities)
        self.tried = 0

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

    @cached_property
    def _untouched(self) -> tuple[Liability, float]:
        return self._filed(0.0, 0.0)

    def tax_terms(self, short: float, long: float) -> dict[str, float]:
        """This year's tax and what is carried on, against doing nothing."""
        bill, state = self._filed(short, long)
        before, state_before = self._untouched
        carried = bill.short_carryover + bill.long_carryover - before.short_carryover - before.long_carryover
        return {
            "tax": bill.total + state - before.total - state_before,
            "carry": -self.rates.carry * carried,
        }

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
        """Tax, carry, deferral and wash sales of a set of sales; `sold` holds every lot sold in every account."""
        lots = self.household.lots
        kept: dict[str, float] = {}
        for place, lot in enumerate(lots):
            if self._recent(lot):
                group = self.household.security(lot.symbol).group
                kept[group] = kept.get(group, 0.0) + lot.quantity - sold.get(place, 0)
        short = long = losses = gains = 0.0
        washed: set[str] = set()
        taxable = [place for place in sold if self._taxable(lots[place]) and sold[place]]
        for place in sorted(taxable, key=lambda place: (lots[place].acquired, place)):
            lot, shares = lots[place], sold[place]
            group = self.household.security(lot.symbol).group
            each = self._gain_per_share(lot)
            allowed = float(shares)
            if each < 0:
                taken = min(allowed, kept.get(group, 0.0))
                if taken > 0:
                    kept[group] -= taken
                    washed.add(group)
                    allowed -= taken
            realised = each * allowed
            losses -= min(0.0, realised)
            gains += max(0.0, realised)
            if self._long(lot):
                long += realised
            else:
                short += realised
        return {
            **self.tax_terms(short, long),
            "deferral": self.rates.deferral_loss * losses - self.rates.deferral_gain * gains,
            "wash": self.policy.wash_sale_cost_usd * len(washed),
        }

    # One account

    def _withdrawn(self, account: Account) -> float:
        return sum(ask.amount_usd for ask in self.policy.withdrawals if ask.which == account.name)

    def _buyable(self, account: Account) -> tuple[str, ...]:
        return tuple(
            security.symbol
            for security in self.household.securities
            if not security.do_not_buy
            and (account.menu is None or security.symbol in account.menu)
            and (self.policy.target_of(security.main_class) is not None)
        )

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
        start = account.cash_usd + account.contribution_usd - self._withdrawn(account)
        budget = start + float(np.array(most) @ of_symbol @ prices) - account.reserve_usd
        buyable = self._buyable(account)
        most_bought = [
            int(max(0.0, budget) / price + 1e-9) if symbol in buyable else 0
            for symbol, price in zip(self.symbols, prices, strict=True)
        ]
        bought = _all_counts(most_bought)
        bought = bought[bought @ prices <= budget + EDGE_USD]
        least = policy.min_trade_usd
        small = ((bought > 0) & (bought * prices < least - EDGE_USD)).any(axis=1)
        bought = bought[~small]
        amounts = (sold @ of_symbol) * prices
        whole = amounts >= held * prices - EDGE_USD
        small = ((amounts > 0) & (amounts < least - EDGE_USD) & ~whole).any(axis=1)
        sold, amounts = sold[~small], amounts[~small]
        pairs_sold = np.repeat(np.arange(len(sold)), len(bought))
        pairs_bought = np.tile(np.arange(len(bought)), len(sold))
        cash = start + amounts.sum(axis=1)[pairs_sold] - (bought @ prices)[pairs_bought]
        both = ((amounts[pairs_sold] > 0) & (bought[pairs_bought] > 0)).any(axis=1)
        keep = (cash >= account.reserve_usd - EDGE_USD) & ~both
        pairs_sold, pairs_bought, cash = pairs_sold[keep], pairs_bought[keep], cash[keep]
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
            trading=self._trading(account, amounts[pairs_sold], (bought * prices)[pairs_bought]),
        )

    def _trading(self, account: Account, sold_usd: Floats, bought_usd: Floats) -> Floats:
        """Spread, order and location cost of rows of dollars sold and bought by symbol."""
        spread = np.array([security.spread_bp / 1e4 for security in self.household.securities])
        fee = np.array([security.redemption_fee for security in self.household.securities])
        place = np.array([self.rates.location.get((account.name, symbol), 0.0) for symbol in self.symbols])
        orders = (sold_usd > 0).sum(axis=1) + (bought_usd > 0).sum(axis=1)
        cost: Floats = sold_usd @ (spread + fee) + bought_usd @ (spread + place)
        if self.rates.location_of_sales:
            cost = cost - sold_usd @ place
        return cost + self.policy.cost_per_order_usd * orders

    # The household

    @cached_property
    def value_usd(self) -> float:
        """Denominator of weights: after contributions and withdrawals."""
        flows = sum(account.contribution_usd - self._withdrawn(account) for account in self.household.accounts)
        return self.household.total_usd + flows

    @cached_property
    def ranges(self) -> tuple[Floats, Floats]:
        """Least and most dollars of each targeted class after trading."""
        held = dict.fromkeys(self.classes, 0.0)
        for lot in self.household.lots:
            for name, weight in self.household.security(lot.symbol).class_mix:
                if name in held:
                    held[name] += self.household.value_usd(lot) * weight
        low, high = [], []
        for target in self.policy.targets:
            weight = held[target.asset_class] / self.value_usd
            trigger, destination = target.trigger_width, target.destination_width
            width = destination if abs(weight - target.weight) > trigger else trigger
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
        """The cheapest plan that keeps every rule; None when no plan does."""
        taxable, other = self._two_sides()
        low, high = self.ranges
        lost, bought = self._masks(taxable)
        _, other_bought = self._masks(other)
        best = Found(None, float("inf"), 0)
        for kept_rows in self._same_sales_of_recent(other):
            sales = self._sale_costs(taxable, other, kept_rows[0])
            left = sales + taxable.trading
            inner_dollars, inner_cost = other.dollars[kept_rows], other.trading[kept_rows]
            # cheapest side first, so that hopeless rows are skipped
            for row in np.argsort(left, kind="stable"):
                if left[row] + inner_cost.min() >= best.cost_usd:
                    break
                if lost[row] & bought[row]:
                    continue
                dollars = inner_dollars + taxable.dollars[row]
                fits = ((dollars >= low - EDGE_USD) & (dollars <= high + EDGE_USD)).all(axis=1)
                fits &= (other_bought[kept_rows] & lost[row]) == 0
                if fits.any():
                    total = np.where(fits, inner_cost, np.inf) + left[row]
                    column = int(total.argmin())
                    if total[column] < best.cost_usd:
                        best = Found(
                            self._decision(taxable, int(row), other, int(kept_rows[column])), float(total[column]), 0
                        )
        return Found(best.decision, best.cost_usd, len(taxable.cash) * len(other.cash))

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
        costs = [
            sum(self.sale_terms({**fixed, **dict(zip(taxable.places, map(int, row), strict=True))}).values())
            for row in rows
        ]
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

    # A single plan

    def price(self, decision: Decision) -> dict[str, float]:
        """Cost terms of one plan, whether or not it keeps the rules."""
        terms = self.sale_terms(decision.sold)
        trading = 0.0
        for account in self.household.accounts:
            sold_usd, bought_usd = np.zeros((1, len(self.symbols))), np.zeros((1, len(self.symbols)))
            for column, symbol in enumerate(self.symbols):
                unit = self.household.security(symbol).unit_usd
                for place, shares in decision.sold.items():
                    lot = self.household.lots[place]
                    if (lot.account, lot.symbol) == (account.name, symbol):
                        sold_usd[0, column] += shares * unit
                bought_usd[0, column] += decision.bought.get((account.name, symbol), 0) * unit
            trading += float(self._trading(account, sold_usd, bought_usd)[0])
        return {**terms, "trading": trading}

    def keeps_the_rules(self, decision: Decision) -> bool:
        """Whether the plan is among those that were tried and fits the bands and the wash-sale rule."""
        low, high = self.ranges
        dollars, lost, bought = np.zeros(len(self.classes)), 0, 0
        for side in self._two_sides():
            wanted_sold = np.array([decision.sold.get(place, 0) for place in side.places], dtype=np.int64)
            wanted_bought = np.array(
                [decision.bought.get((side.account.name, symbol), 0) for symbol in side.symbols], dtype=np.int64
            )
            same = (side.sold == wanted_sold).all(axis=1) & (side.bought == wanted_bought).all(axis=1)
            if not same.any():
                return False
            row = int(np.flatnonzero(same)[0])
            dollars = dollars + side.dollars[row]
            masks = self._masks(side)
            lost, bought = lost | int(masks[0][row]), bought | int(masks[1][row])
        fits = ((dollars >= low - EDGE_USD) & (dollars <= high + EDGE_USD)).all()
        return bool(fits) and not lost & bought


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def _all_counts(most: list[int]) -> npt.NDArray[np.int64]:
    """All rows of whole numbers from 0 to each maximum."""
    return np.array(list(product(*(range(top + 1) for top in most))), dtype=np.int64).reshape(-1, len(most))
