"""The household as the second model reads it: what is held, may be traded and is wanted. Thousands of dollars."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from tests.second_model.bill import K
from tests.second_model.registry import Registry

WINDOW = timedelta(days=30)
CASH = "Cash"
BOUGHT = ("buy", "reinvested", "transfer")
# Weights this near an edge are on it.
EDGE = 1e-7
# A deviation of a class that the others explain is rounding.
LEAST_DEVIATION = 1e-9
# A lot worth less than a cent is nothing to sell.
CENT = 1e-5
# Orders in fractions are of so many shares.
THOUSANDTH = 0.001


@dataclass(frozen=True)
class Unit:
    """Shares that may be sold: a lot where gains are taxed, a position elsewhere (its youngest shares apart)."""

    account: str
    symbol: str
    lots: tuple[int, ...]
    worth: float
    # thousands of dollars a share
    price: float
    # gain of a dollar sold
    rate: float
    # whether long-term; None where gains are not taxed
    long: bool | None
    payer: str
    # bought inside the wash-sale window
    recent: bool
    acquired: int
    # its loss may be taken for its own sake
    qualifies: bool

    @property
    def position(self) -> tuple[str, str]:
        """Account and symbol."""
        return self.account, self.symbol

    @property
    def at_loss(self) -> bool:
        """Whether somebody could deduct a loss."""
        return self.rate < 0.0


@dataclass(frozen=True)
class Typed:
    """An order of the advisor's own."""

    sells: bool
    shares: float
    # shares of lots that the advisor named, by index
    of_lots: dict[int, float]


class Facts(Registry):
    """One household under one policy."""

    # Classes and bands

    @cached_property
    def value(self) -> float:
        """Denominator of every weight."""
        counted = [name for name, account in self.accounts.items() if account.counts_in_target]
        come = sum(self.accounts[name].contribution_usd for name in counted) / K
        return max(0.0, sum(self.worths[name] for name in counted) + come - self.owed)

    @cached_property
    def held(self) -> dict[str, float]:
        """Class -> worth before trading, what is owed taken off cash."""
        found: dict[str, float] = defaultdict(float)
        for lot in self.lots:
            if self.accounts[lot.account].counts_in_target:
                for name, share in self.securities[lot.symbol].class_mix:
                    found[name] += share * lot.quantity * self.price(lot.symbol)
        found[CASH] += sum(self.start(name) for name, account in self.accounts.items() if account.counts_in_target)
        found[CASH] -= self.owed
        return dict(found)

    def widths(self, name: str) -> tuple[float, float]:
        """Half-widths of trigger and destination."""
        target = self.targets[name]
        if target.band_type == "5/25":
            trigger = min(0.05, 0.25 * target.weight)
            return trigger, 0.5 * trigger
        unit = target.weight if target.band_type == "Relative" else 1.0
        trigger = max(0.2 * target.weight, 0.005) if target.trigger is None else target.trigger * unit
        destination = 0.5 * trigger if target.destination is None else min(trigger, target.destination * unit)
        return trigger, destination

    def band(self, name: str, width: float) -> tuple[float, float]:
        """Edges as weights, lifted to the floor."""
        target = self.targets[name]
        low = max(0.0, target.floor or 0.0, target.weight - width)
        return low, max(low, min(1.0, target.weight + width))

    def weight(self, name: str) -> float:
        """Before trading."""
        return self.held.get(name, 0.0) / self.value

    def triggered(self, name: str) -> bool:
        """Whether the class is outside its trigger."""
        low, high = self.band(name, self.widths(name)[0])
        return not low - EDGE <= self.weight(name) <= high + EDGE

    @property
    def tracks(self) -> bool:
        """Whether drift is measured as tracking error."""
        return bool(self.policy.tracking and self.policy.method in ("Opportunistic", "Full"))

    @cached_property
    def directions(self) -> list[dict[str, float]]:
        """Loadings of classes whose squared sums make the variance: the columns of a Cholesky factor."""
        names, rows = self.policy.covariance.classes, self.policy.covariance.rows
        factor = [[0.0] * len(names) for _ in names]
        for i in range(len(names)):
            for j in range(i + 1):
                rest = rows[i][j] - sum(factor[i][k] * factor[j][k] for k in range(j))
                if i == j:
                    factor[i][i] = max(0.0, rest) ** 0.5
                elif factor[j][j] > LEAST_DEVIATION:
                    factor[i][j] = rest / factor[j][j]
        return [{name: factor[i][k] for i, name in enumerate(names)} for k in range(len(names))]

    @cached_property
    def off_before(self) -> dict[str, float]:
        """Class -> worth off target before trading."""
        names = set(self.held) | set(self.targets)
        goals = {name: self.targets[name].weight * self.value if name in self.targets else 0.0 for name in names}
        return {name: self.held.get(name, 0.0) - goals[name] for name in sorted(names)}

    @cached_property
    def tracking_before(self) -> float:
        """Yearly tracking error before trading."""
        parts = [
            sum(loading.get(name, 0.0) * off for name, off in self.off_before.items()) for loading in self.directions
        ]
        return sum(part * part for part in parts) ** 0.5 / self.value

    @cached_property
    def needed(self) -> bool:
        """Whether trades are called for."""
        if self.tracks:
            return bool(self.tracking_before > self.policy.tracking_trigger + EDGE)
        return any(self.triggered(name) for name in self.targets)

    # Lots

    def is_recent(self, lot: Any) -> bool:
        """A purchase inside the window."""
        if lot.acquired is None or lot.source not in BOUGHT:
            return False
        if lot.source == "reinvested" and not self.policy.reinvestment_counts:
            return False
        return self.today - WINDOW <= date.fromisoformat(lot.acquired) <= self.today

    def proceeds(self, lot: Any) -> float:
        """Of the whole lot, a redemption fee taken off."""
        return float(lot.quantity * self.price(lot.symbol) * (1.0 - self.securities[lot.symbol].redemption_fee))

    def gain(self, lot: Any) -> float:
        """Of the whole lot; of a gift that had lost value by the lower of two bases (IRC 1015(a))."""
        proceeds, basis = self.proceeds(lot), lot.basis_usd / K
        if lot.source == "gift" and lot.gift_value_usd is not None and lot.gift_value_usd < lot.basis_usd:
            low = lot.gift_value_usd / K
            return float(max(0.0, proceeds - basis) + min(0.0, proceeds - low))
        return float(proceeds - basis)

    def is_long(self, lot: Any) -> bool:
        """Held for more than a year."""
        if lot.source == "inherited":
            return True
        acquired = lot.acquired
        twice = lot.source == "gift" and lot.gift_value_usd is not None and lot.gift_value_usd < lot.basis_usd
        if twice and lot.gifted and self.gain(lot) < 0.0:
            acquired = lot.gifted
        if acquired is None:
            return bool(lot.custodian_term == "Long")
        return self.today >= _a_year_from(date.fromisoformat(acquired))

    def may_sell(self, lot: Any) -> bool:
        """Locks, unknown basis, lots about to turn long; of what the advisor trades, what the advisor may sell."""
        typed = self.typed.get((lot.account, lot.symbol))
        if typed is not None:
            return typed.sells and self._saleable(lot)
        if self.policy.method == "None" or not self.traded(lot.account) or not self._saleable(lot):
            return False
        if lot.quantity * self.price(lot.symbol) < CENT:
            return False
        if not self.taxable(lot.account):
            return True
        if lot.acquired is None or lot.source == "inherited":
            return True
        turns = _a_year_from(date.fromisoformat(lot.acquired))
        soon = self.today < turns <= self.today + timedelta(days=self.policy.short_term_boundary_days)
        return not (soon and self.gain(lot) > 0.0)

    def _saleable(self, lot: Any) -> bool:
        """Neither locked nor of an unknown gain."""
        if lot.locked or lot.do_not_sell or lot.quantity <= 0.0:
            return False
        known = lot.acquired is not None or lot.source == "inherited" or lot.custodian_term is not None
        return not self.taxable(lot.account) or (lot.basis_usd is not None and known)

    @cached_property
    def typed(self) -> dict[tuple[str, str], Typed]:
        """The advisor's own trades that are kept, by position."""
        found: dict[tuple[str, str], Typed] = {}
        for trade in self.policy.my_trades:
            if not trade.keep:
                continue
            position = trade.account, trade.symbol
            shares = self._typed_shares(trade)
            before = found.get(position, Typed(trade.side == "Sell", 0.0, {}))
            of_lots = dict(before.of_lots)
            for index, lot in enumerate(self.lots):
                if trade.lot_id and (lot.account, lot.symbol, lot.lot_id) == (*position, trade.lot_id):
                    of_lots[index] = of_lots.get(index, 0.0) + shares
            found[position] = Typed(before.sells, before.shares + shares, of_lots)
        return found

    def _typed_shares(self, trade: Any) -> float:
        """Shares; an amount is rounded down to what can be ordered."""
        if trade.quantity is not None:
            return float(trade.quantity)
        fractional = self.accounts[trade.account].fractional
        step = (0.0 if fractional else self.securities[trade.symbol].lot_size) or THOUSANDTH
        return float(int(trade.amount_usd / K / self.price(trade.symbol) / step + 1e-6) * step)

    @cached_property
    def units(self) -> list[Unit]:
        """Everything for sale."""
        pools: dict[tuple[str, str, bool, int], list[int]] = defaultdict(list)
        for index, lot in enumerate(self.lots):
            if self.may_sell(lot):
                named = any(index in typed.of_lots for typed in self.typed.values())
                alone = index if named or self.taxable(lot.account) else -1
                pools[lot.account, lot.symbol, self.is_recent(lot), alone].append(index)
        return [self._unit(tuple(members)) for _, members in sorted(pools.items())]

    def _unit(self, members: tuple[int, ...]) -> Unit:
        lot = self.lots[members[0]]
        taxable = self.taxable(lot.account)
        worth = sum(self.lots[index].quantity for index in members) * self.price(lot.symbol)
        return Unit(
            account=lot.account,
            symbol=lot.symbol,
            lots=members,
            worth=worth,
            price=self.price(lot.symbol),
            rate=self.gain(lot) / worth if taxable else 0.0,
            long=self.is_long(lot) if taxable else None,
            payer=self.payer_name(lot.account) if taxable else "",
            recent=self.is_recent(lot),
            acquired=date.fromisoformat(lot.acquired).toordinal() if lot.acquired else 0,
            qualifies=taxable and self.harvests and self._worth_harvesting(lot),
        )

    @cached_property
    def harvests(self) -> bool:
        """Whether losses may be taken for their own sake."""
        policy = self.policy
        return bool(policy.method == "Harvest" or policy.harvest_usd is not None or policy.harvest_weight is not None)

    def _worth_harvesting(self, lot: Any) -> bool:
        """Whether the loss of a lot meets both thresholds of the month."""
        policy, loss, basis = self.policy, -self.gain(lot), lot.basis_usd / K
        factor = 1.0 + (policy.harvest_december - 1.0) * (self.today.month - 1) / 11.0
        in_dollars, in_part = (policy.harvest_usd or 0.0) * factor / K, (policy.harvest_weight or 0.0) * factor * basis
        return bool(loss > 0.0 and loss >= max(in_dollars, in_part) - EDGE * 1e-2)

    @cached_property
    def positions(self) -> dict[tuple[str, str], list[int]]:
        """Position -> places of its units."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, unit in enumerate(self.units):
            found[unit.position].append(place)
        return dict(found)

    def shares(self, position: tuple[str, str]) -> float:
        """Shares held."""
        return float(sum(lot.quantity for lot in self.lots if (lot.account, lot.symbol) == position))

    def limits(self, position: tuple[str, str]) -> tuple[float | None, float | None]:
        """Least and most shares to hold."""
        lots = [lot for lot in self.lots if (lot.account, lot.symbol) == position]
        low = [lot.min_hold for lot in lots if lot.min_hold is not None]
        high = [lot.max_hold for lot in lots if lot.max_hold is not None]
        return (max(low) if low else None), (min(high) if high else None)

    @cached_property
    def closable(self) -> set[tuple[str, str]]:
        """Positions every lot of which is for sale, but for those worth nothing."""
        stays = {
            (lot.account, lot.symbol)
            for lot in self.lots
            if not self.may_sell(lot) and abs(lot.quantity * self.price(lot.symbol)) >= CENT
        }
        return set(self.positions) - stays


def _a_year_from(day: date) -> date:
    """First day on which shares bought on a day are long-term: more than a year, counted from the day after."""
    after = day + timedelta(days=1)
    try:
        return after.replace(year=after.year + 1)
    except ValueError:
        return date(after.year + 1, 3, 1)
