"""A second opinion on what a plan of a household costs: tax, wash sales, trading, cash and bands, all worked out apart.

Nothing of the optimizer, the evaluator or the tax package is used. Withdrawals of single accounts only.
"""

from collections import defaultdict
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rebal_xl.household import (
    CASH_CLASS,
    Account,
    Household,
    Lot,
    LotSource,
    Method,
    Policy,
    Side,
    TaxTreatment,
)
from tests.optimize.payer_opinion import PayerOpinion

Floats = npt.NDArray[np.float64]
WINDOW = timedelta(days=30)
# Weights and dollars this close to an edge are on it.
EDGE_USD = 1e-6
# Shares by which a whole number may miss.
WHOLE = 1e-6
# Dollars charged for a dollar of withdrawal not paid, of reserve missing, outside a band, over a gain limit.
WITHDRAWAL_PRICE, RESERVE_PRICE, BAND_PRICE, GAIN_LIMIT_PRICE = 3_000.0, 300.0, 30.0, 3.0
# A class inside its trigger that is pushed out of it.
QUIET_BAND_PRICE = 60.0
# Less of it is rounding.
CENT = 0.01
# Dollars charged for a dollar of proceeds left lying.
IDLE_PRICE = 0.10
# Method Full: dollars charged for a dollar off target, and for one beyond it as seen from the start.
DISTANCE_PRICE, CROSSING_PRICE = 1.0, 5.0


class SecondOpinion:
    """Prices and rules of one household, from its policy, its tax profile and the law."""

    def __init__(self, household: Household, policy: Policy) -> None:
        self.household, self.policy = household, policy
        self.payers = {profile.taxpayer: PayerOpinion(profile, policy) for profile in household.taxpayers}
        self.classes = tuple(target.asset_class for target in policy.targets)
        self.symbols = tuple(security.symbol for security in household.securities)

    def payer(self, account: Account) -> PayerOpinion:
        """Whose return the account's gains are on."""
        return self.payers[account.taxpayer or self.household.taxpayers[0].taxpayer]

    def drag(self, account: Account, symbol: str) -> float:
        """Location cost of a dollar bought: yearly tax on what it pays out, as an annuity over the horizon.

        All distributions of these households are interest or qualified dividends, taxed by their state like wages.
        """
        if account.treatment is not TaxTreatment.TAXABLE:
            return 0.0
        security = self.household.security(symbol)
        payer = self.payer(account)
        interest, dividends = payer.income_rates
        interest_part = 1 - security.qualified_share - security.exempt_share
        federal = interest_part * interest + security.qualified_share * dividends
        years = range(1, int(self.policy.horizon_years) + 1)
        annuity = sum((1 + self.policy.discount_rate) ** -year for year in years)
        paid_out = security.turnover_rate * security.growth_rate
        gain_rate = dividends + (payer.profile.state_long_rate or 0.0)
        yearly = security.yield_rate * (federal + (payer.profile.state_short_rate or 0.0)) + paid_out * gain_rate
        return annuity * yearly

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
        short: dict[str, float] = defaultdict(float)
        long: dict[str, float] = defaultdict(float)
        losses: dict[str, float] = defaultdict(float)
        washed: set[tuple[str, str]] = set()
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
            payer = self.payer(self.household.account(lots[place].account)).profile.taxpayer
            losses[payer] += max(0.0, -each * allowed)
            (long if self._long(lots[place]) else short)[payer] += each * allowed
        payers = self.payers.items()
        return {
            "tax": sum(payer.tax_cost(short[name], long[name], losses[name]) for name, payer in payers),
            "wash": self.policy.wash_sale_cost_usd * len(washed),
            "gain limits": GAIN_LIMIT_PRICE * sum(payer.over_limits(short[name], long[name]) for name, payer in payers),
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

    def family(self, account: str, symbol: str) -> tuple[str, str]:
        """What washes what: identical securities in accounts of one wash group."""
        return self.household.account(account).wash_group, self.household.security(symbol).group

    def _group(self, lot: Lot) -> tuple[str, str]:
        return self.family(lot.account, lot.symbol)

    # What an account may do

    def _withdrawn(self, account: Account) -> float:
        return sum(ask.amount_usd for ask in self.policy.withdrawals if ask.which == account.name)

    def _buyable(self, account: Account) -> tuple[str, ...]:
        return tuple(
            security.symbol
            for security in self.household.securities
            if not security.do_not_buy
            and (account.menu is None or security.symbol in account.menu)
            and self.policy.target_of(security.main_class) is not None
            and self.family(account.name, security.symbol) not in self._sold_at_a_loss()
        )

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

    # What trading and its end cost

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
        """Cash that may lie: reserves or cash's own destination; with every class at ease, what was there before."""
        accounts = self.household.accounts
        reserves = {
            account.name: max(
                account.reserve_usd, account.reserve_weight * self.household.account_value_usd(account.name)
            )
            for account in accounts
        }
        target = self.policy.target_of(CASH_CLASS)
        wanted = (target.weight + target.destination_width) * self.value_usd if target else 0.0
        before = sum(max(reserves[a.name], a.cash_usd) - self._withdrawn(a) for a in accounts)
        return max(sum(reserves.values()), wanted, before if self.at_ease else 0.0)

    @cached_property
    def at_ease(self) -> bool:
        """No class is outside its trigger."""
        return bool(self.calm.all())

    @cached_property
    def calm(self) -> npt.NDArray[np.bool_]:
        """Which targeted classes are inside their trigger."""
        weights = [(target, self.held[target.asset_class] / self.value_usd) for target in self.policy.targets]
        return np.array(
            [
                max(0.0, target.weight - target.trigger_width)
                <= weight
                <= min(1.0, target.weight + target.trigger_width)
                for target, weight in weights
            ]
        )

    def _state_cost(self, dollars: Floats, cash: Floats) -> Floats:
        """What rows of class dollars and household cash are charged: dollars outside a band, and idle cash."""
        low, high = self.ranges
        outside = np.maximum(dollars - high, 0.0) + np.maximum(low - dollars, 0.0)
        price = np.where(self.calm, QUIET_BAND_PRICE, BAND_PRICE)
        cost: Floats = (price * outside).sum(axis=-1) + IDLE_PRICE * np.maximum(0.0, cash - self.idle_allowed)
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


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)
