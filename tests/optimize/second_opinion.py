"""A second opinion on what a plan of a household costs: tax, wash sales, trading, cash and bands, all worked out apart.

Nothing of the optimizer, the evaluator or the tax package is used.
"""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rebal_xl.household import (
    Account,
    Household,
    Lot,
    LotSource,
    Method,
    Policy,
    Security,
    Side,
    TaxTreatment,
)
from tests.optimize.class_opinion import BAND_PRICE, BANDED, ClassOpinion
from tests.optimize.payer_opinion import PayerOpinion, Taken

Floats = npt.NDArray[np.float64]
WINDOW = timedelta(days=30)
# Weights and dollars this close to an edge are on it.
EDGE_USD = 1e-6
# Dollars charged for a dollar of withdrawal not paid, of reserve missing, over a gain limit.
WITHDRAWAL_PRICE, RESERVE_PRICE, GAIN_LIMIT_PRICE = 50_000.0, 5_000.0, 300.0
# For every rank below the first, a dollar bought.
RANK_PRICE = 0.0005
# Part of a better location that counts where it is no reason to trade.
UNASKED_LOCATION = 0.001


@dataclass(frozen=True)
class Typed:
    """What the advisor typed and keeps, in whole shares, by account and symbol."""

    sold: dict[tuple[str, str], int]
    # by lot, of positions of which nothing else is sold
    lots: dict[str, int]
    bought: dict[tuple[str, str], int]


class SecondOpinion(ClassOpinion):
    """Prices and rules of one household, from its policy, its tax profile and the law."""

    def __init__(self, household: Household, policy: Policy) -> None:
        super().__init__(household, policy)
        self.symbols = tuple(security.symbol for security in household.securities)
        self.typed = self._typed()
        given: dict[str, float] = defaultdict(float)
        for name, usd in self.flows.given_usd().items():
            given[name or household.taxpayers[0].taxpayer] += usd
        self.payers = {
            profile.taxpayer: PayerOpinion(
                profile, policy, given[profile.taxpayer], self._every_loss_qualifies(profile.taxpayer)
            )
            for profile in household.taxpayers
        }

    def payer(self, account: Account) -> PayerOpinion:
        """Whose return the account's gains are on."""
        return self.payers[account.taxpayer or self.household.taxpayers[0].taxpayer]

    def _typed(self) -> Typed:
        kept = [trade for trade in self.policy.my_trades if trade.keep]
        typed = Typed({}, {}, {})
        for trade in kept:
            price = self.household.security(trade.symbol).unit_usd
            shares = round((trade.amount_usd or 0.0) / price) if trade.quantity is None else round(trade.quantity)
            pair = trade.account, trade.symbol
            if trade.lot_id:
                typed.lots[trade.lot_id] = shares
            book = typed.sold if trade.side is Side.SELL else typed.bought
            book[pair] = book.get(pair, 0) + shares
        return typed

    def drag(self, account: Account, symbol: str) -> float:
        """Location cost of a dollar bought: what a year takes of the return, as an annuity over the horizon."""
        if account.treatment is not TaxTreatment.TAXABLE:
            return 0.0
        security = self.household.security(symbol)
        payer = self.payer(account)
        interest, dividends = payer.income_rates
        interest_part = 1 - security.qualified_share - security.exempt_share
        federal = interest_part * interest + security.qualified_share * dividends
        state = (payer.profile.state_short_rate or 0.0) * (1 - security.state_exempt_share)
        gain_rate = dividends + (payer.profile.state_long_rate or 0.0)
        yearly = security.yield_rate * (federal + state)
        yearly += security.turnover_rate * security.growth_rate * gain_rate
        return self._annuity * (yearly + self._given_up(security))

    def cash_drag(self, account: Account) -> float:
        """The same of a dollar left in cash, which earns interest."""
        if account.treatment is not TaxTreatment.TAXABLE:
            return 0.0
        payer = self.payer(account)
        rate = payer.income_rates[0] + (payer.profile.state_short_rate or 0.0)
        return self._annuity * self.policy.cash_yield * rate

    @property
    def _annuity(self) -> float:
        years = range(1, int(self.policy.horizon_years) + 1)
        return sum((1 + self.policy.discount_rate) ** -year for year in years)

    def _given_up(self, security: Security) -> float:
        """Yield that a tax-exempt fund lacks against the best taxable one of its class."""
        others = [
            other.yield_rate
            for other in self.household.securities
            if not other.exempt_share and other.main_class == security.main_class
        ]
        return security.exempt_share * max(0.0, max(others, default=0.0) - security.yield_rate)

    def location_cost(self, worth: Floats) -> Floats:
        """What counts of a change in location: no saving without being asked for, and then only a large one."""
        if self.policy.method is Method.NONE:
            return np.zeros_like(worth)
        calm: Floats = np.maximum(worth, UNASKED_LOCATION * worth)
        if self.policy.location_usd is None and self.policy.method is not Method.LOCATION:
            return calm
        return np.where(worth <= -(self.policy.location_usd or 0.0), worth, calm)

    # What is sold

    def _gain_per_share(self, lot: Lot) -> float:
        assert lot.basis_usd is not None
        security = self.household.security(lot.symbol)
        # a redemption fee is a cost of selling: it comes off what is realised
        return security.unit_usd * (1 - security.redemption_fee) - lot.basis_usd / lot.quantity

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
        """Locks, and lots about to turn long-term at a gain unless the advisor typed their sale."""
        account = self.household.account(lot.account)
        if lot.locked or lot.do_not_sell or account.locked or not account.counts_in_target:
            return False
        if (lot.account, lot.symbol) in self.typed.sold:
            return True
        assert lot.acquired is not None
        soon = _a_year_after(lot.acquired + timedelta(days=1)) - self.policy.as_of
        nearly_long = timedelta(0) < soon <= timedelta(days=self.policy.short_term_boundary_days)
        return not (self._taxable(lot) and self._gain_per_share(lot) > 0 and nearly_long)

    def qualifies(self, lot: Lot) -> bool:
        """The loss of the whole lot is large enough in dollars and in share of its basis, by the month's thresholds."""
        policy, loss = self.policy, -self._gain_per_share(lot) * lot.quantity
        rising = 1 + (policy.harvest_december - 1) * (policy.as_of.month - 1) / 11
        assert lot.basis_usd is not None
        return (
            loss > 0
            and loss >= (policy.harvest_usd or 0.0) * rising
            and loss / lot.basis_usd >= (policy.harvest_weight or 0.0) * rising
        )

    def _every_loss_qualifies(self, taxpayer: str) -> bool:
        first = self.household.taxpayers[0].taxpayer
        return all(
            self.qualifies(lot)
            for lot in self.household.lots
            if self._taxable(lot)
            and (self.household.account(lot.account).taxpayer or first) == taxpayer
            and self.may_sell(lot)
            and self._gain_per_share(lot) < 0
        )

    def sale_terms(self, sold: dict[int, int]) -> dict[str, float]:
        """Tax and wash sales of a set of sales; `sold` holds every lot sold in every account."""
        lots = self.household.lots
        # shares bought in the window and still held, one purchase at a time; then those the advisor buys
        kept: dict[Hashable, float] = {
            place: lot.quantity - sold.get(place, 0) for place, lot in enumerate(lots) if self._recent(lot)
        }
        families = {place: self._group(lots[place]) for place in kept if isinstance(place, int)}
        for pair, shares in self.typed.bought.items():
            kept[pair], families[pair] = shares, self.family(*pair)
        taken: dict[str, Taken] = {name: Taken() for name in self.payers}
        washed: set[tuple[str, str]] = set()
        taxable = [place for place in sold if self._taxable(lots[place]) and sold[place]]
        for place in sorted(taxable, key=lambda place: (lots[place].acquired, place)):
            each, allowed = self._gain_per_share(lots[place]), float(sold[place])
            for other in kept if each < 0 else ():
                # shares of the same purchase do not replace each other (Rev. Rul. 56-602)
                if other != place and families[other] == self._group(lots[place]):
                    matched = min(allowed, kept[other])
                    kept[other] -= matched
                    allowed -= matched
                    washed |= {self._group(lots[place])} if matched > 0 else set()
            payer = self.payer(self.household.account(lots[place].account)).profile.taxpayer
            self._add(taken[payer], lots[place], each * allowed)
        payers = self.payers.items()
        over = 0.0 if self.policy.method is Method.NONE else GAIN_LIMIT_PRICE
        return {
            "tax": sum(payer.tax_cost(taken[name]) for name, payer in payers),
            "wash": self.policy.wash_sale_cost_usd * len(washed),
            "gain limits": over * sum(payer.over_limits(taken[name]) for name, payer in payers),
        }

    def _add(self, taken: Taken, lot: Lot, gain: float) -> None:
        """Put the gain of one lot, or its loss as far as allowed, on a return."""
        loss, long = max(0.0, -gain), self._long(lot)
        taken.losses += loss
        if long:
            taken.long += gain
            taken.collectible += gain if self.household.security(lot.symbol).collectible else 0.0
            taken.long_gains += max(0.0, gain)
        else:
            taken.short += gain
        if loss and self.qualifies(lot):
            taken.asked_long += loss if long else 0.0
            taken.asked_short += 0.0 if long else loss

    def young_losses_are_allowed(self, sold: dict[int, int]) -> bool:
        """A purchase of the window is sold at a loss only when no other purchase of the window stays."""
        lots = self.household.lots
        bought = {self.family(*pair) for pair in self.typed.bought}
        for place, shares in sold.items():
            lot = lots[place]
            if shares and self._recent(lot) and self._taxable(lot) and self._gain_per_share(lot) < 0:
                family = [
                    p for p, other in enumerate(lots) if self._recent(other) and self._group(other) == self._group(lot)
                ]
                if self._group(lot) in bought:
                    return False
                if len(family) > 1 and any(sold.get(p, 0) < lots[p].quantity for p in family):
                    return False
        return True

    def family(self, account: str, symbol: str) -> tuple[str, str]:
        """What washes what: identical securities in accounts of one wash group."""
        return self.household.account(account).wash_group, self.household.security(symbol).group

    def _group(self, lot: Lot) -> tuple[str, str]:
        return self.family(lot.account, lot.symbol)

    # What an account may do

    def _rank(self, account: Account, security: Security) -> int | None:
        match account.treatment:
            case TaxTreatment.TAXABLE:
                return security.rank_taxable
            case TaxTreatment.ROTH:
                return security.rank_roth
        return security.rank_deferred

    def _buyable(self, account: Account) -> tuple[str, ...]:
        """What the plan may buy of its own accord."""
        if not self.traded(account) or self.policy.method is Method.NONE:
            return ()
        return tuple(
            security.symbol
            for security in self.household.securities
            if not security.do_not_buy
            and (account.menu is None or security.symbol in account.menu)
            and self._wanted(security)
            and self._ranked(account, security)
            # exempt interest is wasted where nothing is taxed
            and not (security.exempt_share and account.treatment is not TaxTreatment.TAXABLE)
            and self.family(account.name, security.symbol) not in self._sold_at_a_loss()
            and (self.policy.method is not Method.HARVEST or security.symbol in self.replacements)
        )

    def _wanted(self, security: Security) -> bool:
        target = self.policy.target_of(security.main_class)
        return target is not None and target.weight > 0

    def _ranked(self, account: Account, security: Security) -> bool:
        """Not refused by its rank; where others of its class have one, it needs one too unless a menu offers it."""
        rank = self._rank(account, security)
        if rank is not None:
            return rank > 0
        peers = [other for other in self.household.securities if other.main_class == security.main_class]
        return account.menu is not None or not any(self._rank(account, other) for other in peers)

    @cached_property
    def replacements(self) -> frozenset[str]:
        """Securities that take another's place: named ones, and those of a class held without a name."""
        securities = {security.symbol: security for security in self.household.securities}
        taxed = {
            lot.symbol
            for lot in self.household.lots
            if self._taxable(lot) and self.traded(self.household.account(lot.account))
        }
        unnamed = {securities[symbol].main_class for symbol in taxed if not securities[symbol].replacement}
        named = {securities[lot.symbol].replacement for lot in self.household.lots}
        return frozenset(s.symbol for s in securities.values() if s.symbol in named or s.main_class in unnamed)

    def _sold_at_a_loss(self) -> set[tuple[str, str]]:
        """Families sold within the window at a loss, or with a result nobody knows."""
        return {
            self.family(trade.account, trade.symbol)
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

    def may_trade_both_ways(self, account: Account) -> npt.NDArray[np.bool_]:
        """Symbols sold and bought back on one day: to raise the basis of long gains, where that is asked for.

        What the advisor typed is done as typed, and nothing else of that position.
        """
        found = {
            lot.symbol
            for lot in self.household.lots
            if lot.account == account.name and self.may_sell(lot) and self._taxable(lot)
            if self._long(lot) and self._gain_per_share(lot) > 0
        }
        typed = {symbol for name, symbol in (*self.typed.sold, *self.typed.bought) if name == account.name}
        return np.array([self.policy.harvest_gains and symbol in found - typed for symbol in self.symbols])

    # What trading and its end cost

    def _trading(self, account: Account, sold_usd: Floats, bought_usd: Floats) -> Floats:
        """Spreads, fees, orders and ranks of rows of dollars sold and bought by symbol."""
        spread = np.array([security.spread_bp / 1e4 for security in self.household.securities])
        fee = np.array([security.redemption_fee for security in self.household.securities])
        ranks = [self._rank(account, security) or 1 for security in self.household.securities]
        below = np.array(
            [
                0 if (account.name, symbol) in self.typed.bought else rank - 1
                for symbol, rank in zip(self.symbols, ranks, strict=True)
            ]
        )
        cost: Floats = sold_usd @ (spread + fee) + bought_usd @ (spread + RANK_PRICE * below)
        return cost + self.policy.cost_per_order_usd * ((sold_usd > 0).sum(axis=1) + (bought_usd > 0).sum(axis=1))

    def _moved(self, account: Account, sold_usd: Floats, bought_usd: Floats, to_cash_usd: Floats) -> Floats:
        """Worth of the change in location of rows of dollars sold, bought and put into cash; negative is better."""
        if not self.traded(account):
            return np.zeros(len(sold_usd))
        place = np.array([self.drag(account, symbol) for symbol in self.symbols])
        moved: Floats = (bought_usd - sold_usd) @ place + self.cash_drag(account) * to_cash_usd
        return moved

    def _astray(self, account: Account, after_usd: Floats) -> Floats:
        """Price of dollars left in securities whose class has no target, where those are to be sold."""
        if not (self.policy.sell_without_target and self.policy.method in BANDED and self.traded(account)):
            return np.zeros(len(after_usd))
        astray = np.array([not self._wanted(security) for security in self.household.securities])
        return BAND_PRICE * (after_usd * astray).sum(axis=1)


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)
