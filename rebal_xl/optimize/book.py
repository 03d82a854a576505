"""The book of somebody who rebalances without an optimizer: what was sold and bought so far, and the cash left.

It keeps what any rebalancer keeps: lots that are not for sale, least and most shares, whole shares. Lots go in the
order of a custodian's method (`tax.relief`); wash sales and holding periods about to turn are not looked at. The
advisor's own trades come first, and nothing else of them is traded.
"""

from collections import defaultdict
from collections.abc import Callable
from copy import copy
from math import floor

from rebal_xl.household import Account, BasisMethod, Household, Lot, Policy, Side
from rebal_xl.measure.flows import withdrawal_requests
from rebal_xl.measure.tradable import FRACTION, reserve_usd, step_of
from rebal_xl.optimize.buyable import not_bought, rank, ranked_classes
from rebal_xl.optimize.choices import NEARLY_LONG, not_for_sale
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.shares import DUST
from rebal_xl.optimize.typed import TypedOrder, typed_may_sell, typed_orders
from rebal_xl.tax.relief import order_lots

# The method by which a position's lots are sold: (household, account, symbol) -> method.
Relief = Callable[[Household, str, str], BasisMethod]
# What an optimizer waits for and an ordinary rebalancer does not.
NOT_LOOKED_AT = NEARLY_LONG
# A security that the advisor did not rank comes after all that are ranked.
UNRANKED = 1_000_000


class Book:
    """Sales, purchases and cash of one way to rebalance."""

    def __init__(self, household: Household, policy: Policy, relief: Relief) -> None:
        self.household, self.policy, self.relief = household, policy, relief
        self.sold: dict[int, float] = defaultdict(float)
        self.bought: dict[tuple[str, str], float] = defaultdict(float)
        self.cash = {account.name: account.cash_usd + account.contribution_usd for account in household.accounts}
        self.paid: dict[tuple[int, str], float] = {}
        self.lots: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.open: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.value: dict[str, float] = {account.name: account.cash_usd for account in household.accounts}
        for index, lot in enumerate(household.lots):
            self.lots[lot.account, lot.symbol].append(index)
            self.value[lot.account] += household.value_usd(lot)
            if not_for_sale(household, policy, lot) in ("", NOT_LOOKED_AT):
                self.open[lot.account, lot.symbol].append(index)
        self.ranked = ranked_classes(household)
        # found once, also for copies: the order of a position's lots, and what an account buys for each class
        self._orders: dict[tuple[str, str], list[int]] = {}
        self._favourites: dict[str, dict[str, str]] = {}
        self._symbols: dict[str, list[str]] = defaultdict(list)
        for name, symbol in sorted(self.lots):
            self._symbols[name].append(symbol)
        # shares held of positions as long as nothing more is sold of them: asked for far more often than changed
        self._held: dict[tuple[str, str], float] = {}
        self.typed = typed_orders(household, policy)
        for order in self.typed.values():
            self._do_typed(order)
        self._pay()

    def copy(self) -> "Book":
        """The book as it stands, to be carried on in another way."""
        other = copy(self)
        other.sold, other.bought = self.sold.copy(), self.bought.copy()
        other.cash, other.paid, other._held = dict(self.cash), dict(self.paid), dict(self._held)
        return other

    def held(self, account: str, symbol: str) -> float:
        """Shares of a position that were not sold; purchases are not in it."""
        key = (account, symbol)
        if key not in self._held:
            self._held[key] = self._left(self.lots.get(key, []))
        return self._held[key]

    def held_usd(self, account: str, symbol: str) -> float:
        """Dollars of a position that were not sold; purchases are not in it."""
        return self.household.security(symbol).unit_usd * self.held(account, symbol)

    def available(self, account: str, symbol: str) -> float:
        """Shares of a position that may still be sold."""
        lots = self.household.lots
        shares = self._left(self.open.get((account, symbol), []))
        least = [lot.min_hold for lot in map(lots.__getitem__, self.lots[account, symbol]) if lot.min_hold is not None]
        return max(0.0, min(shares, self.held(account, symbol) - max(least))) if least else shares

    def symbols(self, account: str) -> list[str]:
        """Symbols held in an account, in order."""
        return self._symbols.get(account, [])

    def reserve_usd(self, account: Account) -> float:
        """Cash that stays in the account."""
        return reserve_usd(self.household, account)

    def minimum_usd(self, account: Account) -> float:
        """Least dollars of an order."""
        return self.policy.minimum_trade_usd(self.value[account.name])

    def sell(self, account: str, symbol: str, usd: float) -> float:
        """Sell about so many dollars in whole shares; returns the dollars sold."""
        security = self.household.security(symbol)
        available, step = self.available(account, symbol), step_of(self.household, account, symbol) or FRACTION
        wanted = usd / security.unit_usd
        wanted = available if wanted >= available - DUST else wanted
        whole = abs(available - self.held(account, symbol)) <= DUST
        if wanted < available or not whole:
            most = available if whole else step * floor(available / step + DUST)
            wanted = min(most, step * floor(wanted / step + 0.5))
        self._take(account, symbol, wanted)
        self.cash[account] += wanted * security.unit_usd * (1.0 - security.redemption_fee)
        return wanted * security.unit_usd

    def buy(self, account: str, symbol: str, usd: float) -> float:
        """Buy at most so many dollars in whole shares; returns the dollars spent."""
        security = self.household.security(symbol)
        step = step_of(self.household, account, symbol) or FRACTION
        wanted = usd / security.unit_usd
        lots = [self.household.lots[index] for index in self.lots.get((account, symbol), [])]
        most = [lot.max_hold for lot in lots if lot.max_hold is not None]
        if most:
            wanted = min(wanted, max(0.0, min(most) - self.held(account, symbol)))
        shares = step * floor(wanted / step + DUST)
        if shares > 0:
            self.bought[account, symbol] += shares
            self.cash[account] -= shares * security.unit_usd
        return shares * security.unit_usd

    def favourites(self, account: Account) -> dict[str, str]:
        """Asset class -> the security that is bought for it: first by the advisor's rank, then one that is held."""
        if account.name in self._favourites:
            return self._favourites[account.name]
        best: dict[str, tuple[int, bool, str]] = {}
        for security in self.household.securities:
            typed = (account.name, security.symbol) in self.typed
            if typed or not_bought(self.policy, account, security, self.ranked):
                continue
            place = (
                rank(security, account.treatment) or UNRANKED,
                (account.name, security.symbol) not in self.lots,
                security.symbol,
            )
            best[security.main_class] = min(best.get(security.main_class, place), place)
        found = {asset_class: symbol for asset_class, (_, _, symbol) in best.items()}
        self._favourites[account.name] = found
        return found

    def actions(self) -> Actions:
        """The plan so far."""
        return Actions(
            {index: shares for index, shares in self.sold.items() if shares > DUST},
            {pair: shares for pair, shares in self.bought.items() if shares > DUST},
            self.paid,
        )

    def _left(self, indexes: list[int]) -> float:
        """Shares of lots that were not sold."""
        lots, sold = self.household.lots, self.sold
        return sum([lots[index].quantity - sold.get(index, 0.0) for index in indexes])

    def _take(self, account: str, symbol: str, shares: float) -> None:
        """Shares out of a position's lots, in the method's order."""
        self._held.pop((account, symbol), None)
        for index in self._in_order(account, symbol):
            taken = min(shares, self.household.lots[index].quantity - self.sold.get(index, 0.0))
            if taken > 0:
                self.sold[index] += taken
                shares -= taken

    def _do_typed(self, order: TypedOrder) -> None:
        """One order of the advisor's own: from the lots that are named, the rest by the method."""
        key, security = (order.account, order.symbol), self.household.security(order.symbol)
        dollars = order.quantity * security.unit_usd
        if order.side is Side.BUY:
            self.bought[key] += order.quantity
            self.cash[order.account] -= dollars
        else:
            for index, shares in order.of_lots.items():
                self.sold[index] += shares
            self.open[key] = [i for i in self.lots[key] if not typed_may_sell(self.household, self.household.lots[i])]
            self._take(*key, order.quantity - sum(order.of_lots.values()))
            self.cash[order.account] += dollars * (1.0 - security.redemption_fee)
        self.open[key] = self._orders[key] = []

    def _in_order(self, account: str, symbol: str) -> list[int]:
        """Lots of a position that may be sold, the first to go first."""
        if (account, symbol) in self._orders:
            return self._orders[account, symbol]
        indexes = self.open.get((account, symbol), [])
        places: dict[Lot, list[int]] = defaultdict(list)
        for index in indexes:
            places[self.household.lots[index]].append(index)
        method = self.relief(self.household, account, symbol)
        unit_usd = self.household.security(symbol).unit_usd
        ordered = order_lots([self.household.lots[index] for index in indexes], method, unit_usd, self.policy.as_of)
        found = [places[lot].pop(0) for lot in ordered]
        self._orders[account, symbol] = found
        return found

    def _pay(self) -> None:
        """Take withdrawals out of the accounts asked, in proportion to what each could raise, in whole cents."""
        for number, request in enumerate(withdrawal_requests(self.household, self.policy)):
            able = {name: self._raisable_usd(name) for name in request.accounts}
            rest, total = round(100 * min(request.amount_usd, sum(able.values()))), sum(able.values())
            share = rest / total if total > 0 else 0.0
            for name in sorted(able, key=lambda name: (able[name], name)):
                # the account that can raise most goes last and pays the odd cents
                last = name == max(able, key=lambda other: (able[other], other))
                cents = rest if last else min(rest, floor(share * able[name]))
                rest -= cents
                if cents > 0:
                    self.paid[number, name] = cents / 100
                    self.cash[name] -= cents / 100

    def _raisable_usd(self, account: str) -> float:
        """Dollars that an account could pay if everything for sale were sold."""
        sales = 0.0
        for symbol in self.symbols(account):
            security = self.household.security(symbol)
            sales += self.available(account, symbol) * security.unit_usd * (1.0 - security.redemption_fee)
        return max(0.0, self.cash[account] + sales)
