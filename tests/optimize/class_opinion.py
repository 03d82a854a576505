"""A second opinion on what the mix of classes after trading is charged, method by method."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from rebal_xl.household import CASH_CLASS, Account, Household, Method, Policy
from tests.optimize.flow_opinion import FlowOpinion

Floats = npt.NDArray[np.float64]
# Dollars charged for a dollar outside a band, over a cap on drift or tracking error, held without a target.
BAND_PRICE = 500.0
# A class that was where it may be and is pushed out.
QUIET_BAND_PRICE = 1_000.0
# Dollars by which sums of the same money differ.
SAME_USD = 1e-5
# Dollars charged for a dollar of proceeds left lying.
IDLE_PRICE = 0.10
# Method Full: dollars charged for a dollar off target, and for one beyond it as seen from the start.
DISTANCE_PRICE, CROSSING_PRICE = 1.0, 5.0
# Method Cash only: a dollar off target.
BY_PRODUCT_PRICE = 0.05
# Method Location: weight by which a class may move.
MIX_KEPT = 0.0025
BANDED = (Method.OPPORTUNISTIC, Method.FULL)


class ClassOpinion:
    """Bands, distances and idle cash of one household; columns are `classes`, cash the last."""

    def __init__(self, household: Household, policy: Policy) -> None:
        self.household, self.policy = household, policy
        self.flows = FlowOpinion(household, policy)
        found = {*household.classes, *(target.asset_class for target in policy.targets)}
        self.classes = (*sorted(found - {CASH_CLASS}), CASH_CLASS)

    @cached_property
    def value_usd(self) -> float:
        """Denominator of weights: after contributions and withdrawals."""
        came = sum(account.contribution_usd for account in self.household.accounts if account.counts_in_target)
        return self.household.total_usd + came - self.flows.owed_usd

    @cached_property
    def held(self) -> Floats:
        """Dollars of each class before trading, withdrawals taken off cash."""
        counted = {account.name for account in self.household.accounts if account.counts_in_target}
        held = np.zeros(len(self.classes))
        for lot in self.household.lots:
            if lot.account in counted:
                held += self.household.value_usd(lot) * self.mix(lot.symbol)
        cash = sum(a.cash_usd + a.contribution_usd for a in self.household.accounts if a.counts_in_target)
        held[-1] += cash - self.flows.owed_usd
        return held

    def traded(self, account: Account) -> bool:
        """Orders may be placed in it."""
        return account.counts_in_target and not account.locked

    def mix(self, symbol: str) -> Floats:
        """Exposure of a dollar of a security."""
        mix = dict(self.household.security(symbol).class_mix)
        return np.array([mix.get(name, 0.0) for name in self.classes])

    @cached_property
    def goal(self) -> Floats:
        """Dollars wanted of each class."""
        targets = [self.policy.target_of(name) for name in self.classes]
        return np.array([target.weight if target else 0.0 for target in targets]) * self.value_usd

    @cached_property
    def targeted(self) -> npt.NDArray[np.bool_]:
        """Which classes have a target, and so a band."""
        return np.array([self.policy.target_of(name) is not None for name in self.classes])

    def _edges(self, widths: list[float | None]) -> tuple[Floats, Floats]:
        """Least and most dollars at half-widths around the targets; no edges where there is none."""
        low, high = np.full(len(widths), -np.inf), np.full(len(widths), np.inf)
        for column, (name, width) in enumerate(zip(self.classes, widths, strict=True)):
            target = self.policy.target_of(name)
            if target is not None and width is not None:
                least = max(0.0, target.weight - width, target.floor or 0.0)
                low[column] = least * self.value_usd
                high[column] = max(least, min(1.0, target.weight + width)) * self.value_usd
        return low, high

    @cached_property
    def _triggers(self) -> tuple[Floats, Floats]:
        targets = [self.policy.target_of(name) for name in self.classes]
        return self._edges([target.trigger_width if target else None for target in targets])

    @cached_property
    def calm(self) -> npt.NDArray[np.bool_]:
        """Which classes are inside their trigger; on its edge, but for the last digits of a sum, is inside."""
        low, high = self._triggers
        return (self.held >= low - SAME_USD) & (self.held <= high + SAME_USD)

    @cached_property
    def at_ease(self) -> bool:
        """No class is outside its trigger; where tracking error is followed, it is within its own."""
        if self.policy.tracking:
            return bool(self.tracking_error(self.held) <= self.policy.tracking_trigger)
        return bool(self.calm.all())

    def tracking_error(self, dollars: Floats) -> Floats:
        """Yearly standard deviation of what rows of class dollars return beyond their targets."""
        assert self.policy.covariance is not None
        names, rows = self.policy.covariance.classes, np.array(self.policy.covariance.rows)
        order = [names.index(name) for name in self.classes]
        off = (dollars - self.goal) / self.value_usd
        error: Floats = np.sqrt(np.einsum("...i,ij,...j->...", off, rows[np.ix_(order, order)], off))
        return error

    def _off_track(self, dollars: Floats) -> Floats:
        """Price of tracking error beyond what is allowed; method Full comes nearer still."""
        policy, error = self.policy, self.tracking_error(dollars)
        destination = policy.tracking_destination
        inner = policy.tracking_trigger / 2 if destination is None else destination
        allowed = policy.tracking_trigger if self.at_ease else inner
        cost = BAND_PRICE * self.value_usd * np.maximum(0.0, error - allowed)
        nearer = DISTANCE_PRICE * self.value_usd * error if policy.method is Method.FULL else 0.0
        found: Floats = cost + nearer
        return found

    @cached_property
    def _ranges(self) -> tuple[Floats, Floats, Floats]:
        """Least and most dollars of each class after trading, and the price of a dollar outside."""
        method, low, high = self.policy.method, *self._triggers
        free = np.full(len(self.classes), np.inf)
        if method in BANDED and self.policy.most_drift is None and not self.policy.tracking:
            targets = [self.policy.target_of(name) for name in self.classes]
            inner_low, inner_high = self._edges([target.destination_width if target else None for target in targets])
            price = np.where(self.calm, QUIET_BAND_PRICE, BAND_PRICE)
            return np.where(self.calm, low, inner_low), np.where(self.calm, high, inner_high), price
        quiet = np.full(len(self.classes), QUIET_BAND_PRICE)
        if method is Method.HARVEST:
            return np.minimum(low, self.held), np.maximum(high, self.held), quiet
        if method is Method.LOCATION:
            # while withdrawals are owed, cash is short of nothing by them
            whole = np.maximum(self.held, 0.0).sum() / self.value_usd
            room, shrunk = MIX_KEPT * self.value_usd, self.held / whole
            low, high = np.minimum(self.held, shrunk) - room, np.maximum(self.held, shrunk) + room
            # cash may be used up, and grows no more than others may
            low[-1], high[-1] = -np.inf, max(0.0, float(self.held[-1])) + room
            return low, high, quiet
        return -free, free, quiet

    def state_cost(self, dollars: Floats, cash: Floats) -> Floats:
        """What rows of class dollars and of cash are charged: bands, distance, drift caps and idle cash.

        `cash` is that of accounts that may invest it.
        """
        method, policy = self.policy.method, self.policy
        cost: Floats = np.zeros(dollars.shape[:-1])
        if method is Method.NONE:
            return cost
        low, high, price = self._ranges
        outside = np.maximum(dollars - high, 0.0) + np.maximum(low - dollars, 0.0)
        cost = (price * outside).sum(axis=-1) + IDLE_PRICE * np.maximum(0.0, cash - self.idle_allowed)
        off = np.abs(dollars - self.goal)
        if method is Method.FULL and not policy.tracking:
            crossed = (dollars - self.goal) * (self.held - self.goal) < 0
            cost = cost + (self.targeted * np.where(crossed, CROSSING_PRICE, DISTANCE_PRICE) * off).sum(axis=-1)
        if method is Method.CASH_ONLY:
            cost = cost + BY_PRODUCT_PRICE * (self.targeted * off).sum(axis=-1)
        if method in BANDED and policy.most_drift is not None:
            allowed = policy.most_drift * self.value_usd
            cost = cost + BAND_PRICE * np.maximum(0.0, off.sum(axis=-1) / 2 - allowed)
        if method in BANDED and policy.tracking:
            cost = cost + self._off_track(dollars)
        return cost

    @cached_property
    def idle_allowed(self) -> float:
        """Cash that may lie: reserves or cash's own destination; with every class at ease, what was there before."""
        accounts = [account for account in self.household.accounts if self.traded(account)]
        reserves = {
            account.name: max(
                account.reserve_usd, account.reserve_weight * self.household.account_value_usd(account.name)
            )
            for account in accounts
        }
        target = self.policy.target_of(CASH_CLASS)
        wanted = (target.weight + target.destination_width) * self.value_usd if target else 0.0
        before = sum(max(reserves[a.name], a.cash_usd) for a in accounts) - sum(ask.usd for ask in self.flows.asks)
        keeps = self.policy.method in (Method.HARVEST, Method.LOCATION)
        keeps |= self.policy.method in BANDED and self.at_ease
        return max(sum(reserves.values()), wanted, before if keeps else 0.0)
