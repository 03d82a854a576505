"""The household as the second model reads it: what is held, may be traded and is wanted. Thousands of dollars."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.second_model.bill import K, Payer, all_payers

WINDOW = timedelta(days=30)
CASH = "Cash"
TAXABLE, DEFERRED, ROTH = "taxable", "tax-deferred", "Roth"
BOUGHT = ("buy", "reinvested", "transfer")
# Weights this near an edge are on it.
EDGE = 1e-7
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


@dataclass(frozen=True)
class Ask:
    """Cash wanted from some accounts."""

    label: str
    amount: float
    accounts: tuple[str, ...]


class Facts:
    """One household under one policy."""

    def __init__(self, household: SimpleNamespace, policy: SimpleNamespace, law_folder: Path) -> None:
        self.household, self.policy = household, policy
        self.today = date.fromisoformat(policy.as_of)
        self.accounts = {account.name: account for account in household.accounts}
        self.securities = {security.symbol: security for security in household.securities}
        self.lots: list[Any] = household.lots
        self.targets = {target.asset_class: target for target in policy.targets}
        self.profiles = {profile.taxpayer: profile for profile in household.taxpayers}
        named = [profile.law_year for profile in household.taxpayers if profile.law_year]
        year = policy.law_year or (named[0] if named else self.today.year)
        self.payers: dict[str, Payer] = all_payers(household.taxpayers, law_folder, year, self.distributions_usd)

    # Securities, accounts, taxpayers

    def price(self, symbol: str) -> float:
        """Thousands of dollars a share."""
        security = self.securities[symbol]
        return float(security.price_usd / security.price_divisor / K)

    def main_class(self, symbol: str) -> str:
        """The class of which it holds most, the first by name on a tie."""
        mix = sorted(self.securities[symbol].class_mix, key=lambda pair: pair[0])
        return str(max(mix, key=lambda pair: pair[1])[0])

    def family(self, account: str, symbol: str) -> tuple[str, str]:
        """What washes what."""
        security = self.securities[symbol]
        return self.accounts[account].wash_group, security.identical_group or security.symbol

    def taxable(self, account: str) -> bool:
        """Whether gains in it are taxed."""
        return bool(self.accounts[account].treatment == TAXABLE)

    def traded(self, account: str) -> bool:
        """Whether the plan may touch it."""
        return bool(self.accounts[account].counts_in_target and not self.accounts[account].locked)

    @cached_property
    def traded_accounts(self) -> list[str]:
        """Their names."""
        return [name for name in sorted(self.accounts) if self.traded(name)]

    def payer_name(self, account: str) -> str:
        """Who is taxed: of a grantor trust its grantor (IRC 671)."""
        profile = self.profiles[self.accounts[account].taxpayer or self.household.taxpayers[0].taxpayer]
        if profile.status != "grantor trust":
            return str(profile.taxpayer)
        if profile.grantor:
            return str(profile.grantor)
        persons = [
            each for each in self.household.taxpayers if each.status not in ("grantor trust", "non-grantor trust")
        ]
        return str(persons[0].taxpayer)

    @cached_property
    def paying(self) -> list[str]:
        """Taxpayers who own something taxable."""
        return sorted({self.payer_name(name) for name in self.accounts if self.taxable(name)})

    def worth(self, account: str) -> float:
        """Cash and lots."""
        held = sum(lot.quantity * self.price(lot.symbol) for lot in self.lots if lot.account == account)
        return float(self.accounts[account].cash_usd / K + held)

    @cached_property
    def worths(self) -> dict[str, float]:
        """Of every account."""
        return {name: self.worth(name) for name in self.accounts}

    def start(self, account: str) -> float:
        """Cash with what comes in."""
        return float((self.accounts[account].cash_usd + self.accounts[account].contribution_usd) / K)

    def reserve(self, account: str) -> float:
        """Cash that stays."""
        given = self.accounts[account]
        return float(max(given.reserve_usd / K, given.reserve_weight * self.worths[account]))

    def minimum(self, account: str) -> float:
        """Least order."""
        return float(max(self.policy.min_trade_usd / K, self.policy.min_trade_weight * self.worths[account]))

    # Withdrawals

    @cached_property
    def asks(self) -> list[Ask]:
        """What is wanted of whom."""
        if self.policy.method == "None":
            return []
        found = [ask for each in self.policy.withdrawals if each.level != "household" for ask in self._ask(each)]
        found += [ask for name in sorted(self.accounts) for ask in self._required(name)]
        top = sum(each.amount_usd for each in self.policy.withdrawals if each.level == "household") / K
        rest = top - sum(ask.amount for ask in found)
        if rest > CENT / 2:
            payers = tuple(name for name in self.traded_accounts if self.taxable(name))
            found.append(Ask("household", rest, payers))
        return found

    def _ask(self, each: Any) -> list[Ask]:
        key = {"treatment": "treatment", "owner": "owner", "account": "name"}[each.level]
        asked = [name for name in sorted(self.accounts) if getattr(self.accounts[name], key) == each.which]
        if asked and not any(self.accounts[name].counts_in_target for name in asked):
            return []
        able = [name for name in asked if self.traded(name)]
        if each.level == "owner":
            for treatment in (TAXABLE, DEFERRED):
                first = [name for name in able if self.accounts[name].treatment == treatment]
                if first:
                    able = first
                    break
        return [Ask(each.which, each.amount_usd / K, tuple(able))]

    def _required(self, name: str) -> list[Ask]:
        asked = sum(
            each.amount_usd for each in self.policy.withdrawals if each.level == "account" and each.which == name
        )
        rest = (self.accounts[name].rmd_usd - asked) / K
        if rest <= CENT / 2 or not self.accounts[name].counts_in_target or self.taxable(name):
            return []
        return [Ask(f"required {name}", rest, (name,) if self.traded(name) else ())]

    def _could_pay(self, ask: Ask) -> dict[str, float]:
        return {name: max(0.0, self.worth(name) + self.accounts[name].contribution_usd / K) for name in ask.accounts}

    @cached_property
    def owed(self) -> float:
        """What leaves, as far as the accounts asked are worth so much."""
        return sum(min(ask.amount, sum(self._could_pay(ask).values())) for ask in self.asks)

    @cached_property
    def distributions_usd(self) -> dict[str, float]:
        """Ordinary income that withdrawals from tax-deferred accounts make, by taxpayer, dollars."""
        found: dict[str, float] = defaultdict(float)
        for ask in self.asks:
            able = self._could_pay(ask)
            all_of_it = sum(able.values())
            for name, usd in able.items():
                if self.accounts[name].treatment == DEFERRED and all_of_it > 0.0:
                    found[self.payer_name(name)] += K * min(ask.amount, all_of_it) * usd / all_of_it
        return dict(found)

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

    @cached_property
    def needed(self) -> bool:
        """Whether some class is."""
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
        """Positions every lot of which is for sale."""
        stays = {(lot.account, lot.symbol) for lot in self.lots if not self.may_sell(lot)}
        return set(self.positions) - stays


def _a_year_from(day: date) -> date:
    """First day on which shares bought on a day are long-term: more than a year, counted from the day after."""
    after = day + timedelta(days=1)
    try:
        return after.replace(year=after.year + 1)
    except ValueError:
        return date(after.year + 1, 3, 1)
