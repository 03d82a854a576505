"""The next best moves of location: swaps of two classes between two accounts, the greatest gain in dollars first.

Shares are sold as long as the drag saved over the horizon is worth more than the tax on their gains; losses are not
counted, since the class is bought again elsewhere and the loss may be washed.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from rebal_xl.household import CASH_CLASS, CASH_SYMBOL, Household, LocationMove, Policy, Term
from rebal_xl.optimize.choices import not_for_sale, realised_usd
from rebal_xl.optimize.placement import Group, Placement
from rebal_xl.optimize.prices import Prices
from rebal_xl.tax.basis import gain_of
from rebal_xl.tax.liability import tax_bill

MOST_MOVES = 5
# A swap is four orders.
ORDERS = 4
# Dollars that are none.
DUST_USD = 0.01
# Payer and term of a gain, and whether it is on a collectible held long.
GainKind = tuple[str, Term, bool]


@dataclass(frozen=True, slots=True)
class Parcel:
    """Dollars of one security that may leave an account together, such as one lot."""

    symbol: int
    usd: float
    # gain per dollar (0 for losses and where gains are not taxed), its term and who pays
    gain_rate: float = 0.0
    term: Term | None = None
    payer: str = ""


# Parcels that may leave, the best first, with what moving a dollar of them is worth over the horizon after tax.
Leaving = list[tuple[float, Parcel]]


@dataclass(frozen=True, slots=True)
class Swap:
    """Parcels, or parts of them, that change places between two accounts (by index)."""

    places: tuple[int, int]
    # out of the first account, and out of the second: of the same dollars
    parcels: tuple[list[Parcel], list[Parcel]]
    # drag saved a year
    saves_usd: float
    # what that is worth over the horizon, less tax on the gains at full rates
    worth_usd: float

    @property
    def amount_usd(self) -> float:
        """Dollars that each account sells."""
        return sum(parcel.usd for parcel in self.parcels[0])


def next_moves(household: Household, policy: Policy, prices: Prices, placement: Placement) -> tuple[LocationMove, ...]:
    """Up to five swaps, each found after those before it are done, while the gain is worth the tax and four orders."""
    search = _Search(household, policy, prices, placement)
    moves: list[LocationMove] = []
    while len(moves) < MOST_MOVES:
        found = search.best()
        if found is None:
            break
        swap, tax_usd = found
        moves.append(search.told(swap, tax_usd))
        search.do(swap)
    return tuple(moves)


class _Search:
    """The placement as the moves so far have left it."""

    def __init__(self, household: Household, policy: Policy, prices: Prices, placement: Placement) -> None:
        self.household, self.policy, self.prices, self.placement = household, policy, prices, placement
        self.least = [policy.minimum_trade_usd(household.account_value_usd(name)) for name in placement.accounts]
        # what a gain costs without losses to set against it: those have other uses
        self.rates = {
            name: {
                Term.SHORT: payer.rates.interest + payer.rates.state_income,
                Term.LONG: payer.rates.dividend + payer.rates.state_gain,
            }
            for name, payer in prices.payers.items()
        }
        # gains of the moves so far
        self.gains: dict[GainKind, float] = defaultdict(float)
        self.parcels = [list(self._parcels(row)) for row in range(len(placement.accounts))]

    def best(self) -> tuple[Swap, float] | None:
        """The swap worth most after tax, and its tax on top of that before; None when none is worth its orders."""
        best, orders_usd = None, self.policy.cost_per_order_usd * ORDERS + DUST_USD
        most = orders_usd
        for bound, places, ours, theirs in self._candidates():
            if bound <= most:
                break
            swap = self._swap(places, ours, theirs)
            if swap.worth_usd > most and swap.amount_usd >= max(self.least[place] for place in places):
                tax_usd = self._tax_usd(swap)
                if self.prices.annuity * swap.saves_usd - tax_usd > orders_usd:
                    best, most = (swap, tax_usd), swap.worth_usd
        return best

    def do(self, swap: Swap) -> None:
        """Carry it out."""
        first, second = swap.places
        for place, other, sold in ((first, second, swap.parcels[0]), (second, first, swap.parcels[1])):
            self.parcels[place] = list(_without(self.parcels[place], sold))
            # what is bought has no gain yet
            self.parcels[other] += [Parcel(parcel.symbol, parcel.usd) for parcel in sold]
            for parcel in sold:
                if parcel.term is not None:
                    self.gains[self._kind(parcel, parcel.term)] += parcel.gain_rate * parcel.usd

    def told(self, swap: Swap, tax_usd: float) -> LocationMove:
        """The swap as seen from the account where the class given up costs more."""
        places, parcels = swap.places, swap.parcels
        drag = self.placement.drag
        if drag[places[0], parcels[0][0].symbol] < drag[places[1], parcels[1][0].symbol]:
            places, parcels = places[::-1], parcels[::-1]
        names = [self.placement.accounts[place] for place in places]
        symbols = [sorted({self.placement.symbols[parcel.symbol] for parcel in sold}) for sold in parcels]
        return LocationMove(
            account=names[0],
            asset_class=self._class_of(symbols[0][0]),
            symbols=tuple(symbols[0]),
            other_account=names[1],
            other_class=self._class_of(symbols[1][0]),
            other_symbols=tuple(symbols[1]),
            amount_usd=swap.amount_usd,
            saves_usd=swap.saves_usd,
            horizon_usd=self.prices.annuity * swap.saves_usd,
            tax_usd=tax_usd,
        )

    def _class_of(self, symbol: str) -> str:
        return CASH_CLASS if symbol == CASH_SYMBOL else self.household.security(symbol).main_class

    def _parcels(self, row: int) -> Iterator[Parcel]:
        """What may leave an account: taxable lots one by one, elsewhere positions; no more than is free."""
        account = self.household.account(self.placement.accounts[row])
        left = dict(zip(self.placement.symbols, self.placement.free[row].tolist(), strict=True))
        payer = self.household.payer(account)
        if account.taxable and payer is not None:
            for lot in self.household.lots:
                if lot.account != account.name or not_for_sale(self.household, self.policy, lot):
                    continue
                value = self.household.value_usd(lot)
                gain, term = gain_of(lot, lot.quantity, realised_usd(self.household, lot), self.policy.as_of)
                usd = min(value, left[lot.symbol])
                left[lot.symbol] -= usd
                column = self.placement.symbols.index(lot.symbol)
                yield Parcel(column, usd, max(0.0, gain / value), term, payer.taxpayer)
        for column, symbol in enumerate(self.placement.symbols):
            yield Parcel(column, left[symbol])

    def _candidates(self) -> list[tuple[float, tuple[int, int], Leaving, Leaving]]:
        """Pairs of accounts and classes with the most a swap of them could be worth, the greatest first."""
        found = []
        for first, second in combinations(range(len(self.parcels)), 2):
            if np.array_equal(self.placement.drag[first], self.placement.drag[second]):
                continue
            ours, theirs = self._leaving(first, second), self._leaving(second, first)
            totals = [{group: _usd(queue) for group, queue in side.items()} for side in (ours, theirs)]
            for group, sold in ours.items():
                for other, bought in theirs.items():
                    bound = min(totals[0][group], totals[1][other]) * (sold[0][0] + bought[0][0])
                    if bound > 0.0:
                        found.append((bound, (first, second), sold, bought))
        return sorted(found, key=lambda each: -each[0])

    def _leaving(self, place: int, other: int) -> dict[Group, Leaving]:
        """Parcels of an account by group, with what moving a dollar of them to the other is worth after tax."""
        found: dict[Group, Leaving] = defaultdict(list)
        drag, allowed = self.placement.drag, self.placement.allowed
        for parcel in self.parcels[place]:
            if parcel.usd <= DUST_USD or not allowed[other, parcel.symbol]:
                continue
            saved = self.prices.annuity * float(drag[place, parcel.symbol] - drag[other, parcel.symbol])
            rate = self.rates[parcel.payer][parcel.term] if parcel.term is not None else 0.0
            found[self.placement.groups[parcel.symbol]].append((saved - rate * parcel.gain_rate, parcel))
        for parcels in found.values():
            parcels.sort(key=lambda pair: -pair[0])
        return found

    def _swap(self, places: tuple[int, int], ours: Leaving, theirs: Leaving) -> Swap:
        """The best parcels first, while a dollar of both together gains."""
        sold: tuple[list[Parcel], list[Parcel]] = ([], [])
        drag, saves, gained = self.placement.drag, 0.0, 0.0
        queues = [list(reversed(ours)), list(reversed(theirs))]
        while queues[0] and queues[1] and queues[0][-1][0] + queues[1][-1][0] > 0.0:
            pair = [queue.pop() for queue in queues]
            usd = min(parcel.usd for _, parcel in pair)
            gained += usd * sum(worth for worth, _ in pair)
            for side, (worth, parcel) in enumerate(pair):
                sold[side].append(_part(parcel, usd))
                if parcel.usd - usd > DUST_USD:
                    queues[side].append((worth, _part(parcel, parcel.usd - usd)))
                here, there = places[side], places[1 - side]
                saves += usd * float(drag[here, parcel.symbol] - drag[there, parcel.symbol])
        return Swap(places, sold, saves, gained)

    def _tax_usd(self, swap: Swap) -> float:
        """Tax on the gains of a swap on top of those of the moves before it."""
        more: dict[GainKind, float] = defaultdict(float)
        for sold in swap.parcels:
            for parcel in sold:
                if parcel.term is not None:
                    more[self._kind(parcel, parcel.term)] += parcel.gain_rate * parcel.usd
        return sum(self._bill(name, more) - self._bill(name, {}) for name in sorted({name for name, _, _ in more}))

    def _kind(self, parcel: Parcel, term: Term) -> GainKind:
        collectible = self.household.security(self.placement.symbols[parcel.symbol]).collectible
        return parcel.payer, term, collectible and term is Term.LONG

    def _bill(self, name: str, more: dict[GainKind, float]) -> float:
        short, other, collectible = (
            self.gains[name, *kind] + more.get((name, *kind), 0.0)
            for kind in ((Term.SHORT, False), (Term.LONG, False), (Term.LONG, True))
        )
        profile, law = self.prices.payers[name].profile, self.prices.law
        return tax_bill(profile, short, other + collectible, law=law, collectible_gain_usd=collectible).total_usd


def _usd(leaving: Leaving) -> float:
    return sum(parcel.usd for _, parcel in leaving)


def _part(parcel: Parcel, usd: float) -> Parcel:
    return Parcel(parcel.symbol, usd, parcel.gain_rate, parcel.term, parcel.payer)


def _without(parcels: list[Parcel], sold: list[Parcel]) -> Iterator[Parcel]:
    """The parcels less those sold, which are parts of them in any order."""
    gone: dict[tuple[int, float, Term | None], float] = defaultdict(float)
    for parcel in sold:
        gone[parcel.symbol, parcel.gain_rate, parcel.term] += parcel.usd
    for parcel in parcels:
        key = (parcel.symbol, parcel.gain_rate, parcel.term)
        taken = min(gone[key], parcel.usd)
        gone[key] -= taken
        if parcel.usd - taken > DUST_USD:
            yield _part(parcel, parcel.usd - taken)
