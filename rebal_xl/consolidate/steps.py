"""What could be consolidated, account by account: which security is kept, which are sold, and what is against it.

Kept is, of the securities that hold the same and may be bought in the account, the one with the best buy rank there;
without ranks or on a tie the one that has to stay anyway, then the one for which selling the others realises the least
gain, then one that the account holds already, the largest position of the household, the lowest yield, the first
symbol.
"""

from collections import defaultdict
from dataclasses import dataclass
from math import floor

from rebal_xl.household import Account, Household, Lot, Policy, Security, Side
from rebal_xl.household.overlap import IDENTICAL, SAME_INDEX
from rebal_xl.measure.overlap import HALF_A_CENT, held_usd, index_of
from rebal_xl.measure.overlap_pairs import NEAREST, could_be_one, near_clusters, nearness, same_mix
from rebal_xl.measure.tradable import FRACTION, step_of, traded
from rebal_xl.optimize.buyable import not_bought, rank, ranked_classes
from rebal_xl.optimize.choices import not_for_sale, realised_usd, recent_loss_sales
from rebal_xl.optimize.held_back import words_of
from rebal_xl.optimize.realised import Actions
from rebal_xl.tax.basis import gain_of

DUST = 1e-6
# Why a security is kept, the first that tells it from the others.
WHY_KEPT = ("best buy rank", "has to stay", "least gain realized", "already held", "largest position", "lowest yield")
_LOST = "{} was sold at a loss in the last 30 days: {} wash that loss until {:%m/%d/%Y}."
# Why a security cannot be bought, in words, by the optimizer's rule.
_NOT_BOUGHT = {
    "do not buy": "it is marked Do Not Buy or has no price",
    "not on the menu": "it is not on the account's menu",
    "class without target": "its class has no target",
    "not ranked for this tax treatment": "it is not ranked for the account's tax treatment",
    "tax-exempt income is wasted here": "its tax-exempt income is wasted here",
}


# By what one is kept before another: as WHY_KEPT, then its symbol.
_Order = tuple[float, int, float, bool, float, float, str]


@dataclass(frozen=True, slots=True)
class Step:
    """Positions of one account that could be sold into one security."""

    account: str
    kind: str
    subject: str
    sold: tuple[str, ...]
    keep: str
    keep_why: str
    amount_usd: float
    # shares of the security kept
    bought: float
    positions_saved: int
    # why it is not done, "" where nothing is known to be against it
    refused: str

    def actions(self, household: Household) -> Actions:
        """All lots sold, and the purchase."""
        sales = {
            index: lot.quantity
            for index, lot in enumerate(household.lots)
            if lot.account == self.account and lot.symbol in self.sold
        }
        return Actions(sales, {(self.account, self.keep): self.bought} if self.bought else {}, {})


def find_steps(household: Household, policy: Policy) -> tuple[Step, ...]:
    """Every step, in the order of accounts and symbols."""
    return tuple(_Finder(household, policy).steps())


@dataclass(frozen=True, slots=True)
class _Sale:
    """Selling one position of an account in full."""

    # some lot cannot be sold, or not now
    stays: bool
    # realised where gains are taxed and all of it can be sold, dollars; 0 for a loss
    gain_usd: float


class _Finder:
    def __init__(self, household: Household, policy: Policy) -> None:
        self.household, self.policy = household, policy
        self.held = held_usd(household)
        self.in_household: dict[str, float] = defaultdict(float)
        for (_, symbol), usd in self.held.items():
            self.in_household[symbol] += usd
        self.clusters = near_clusters(household, indexes=policy.security_master)
        self.ranked = ranked_classes(household)
        self.lost = recent_loss_sales(household, policy) if self.clusters else {}
        self._sales: dict[tuple[str, str], _Sale] = {}
        self.typed = {(trade.account, trade.symbol) for trade in policy.my_trades if trade.keep}

    def steps(self) -> list[Step]:
        found = []
        for account in self.household.accounts:
            for cluster in self.clusters:
                # what is sold short in sum is nothing that could be put together
                mine = [symbol for symbol in cluster if self.held.get((account.name, symbol), 0.0) > 0.0]
                if mine:
                    found += self._of_account(account, cluster, mine)
        return found

    def _of_account(self, account: Account, cluster: tuple[str, ...], mine: list[str]) -> list[Step]:
        keep = min(cluster, key=lambda one: (bool(self._no_purchase(account, one)), *self._order(account, mine, one)))
        sold = [symbol for symbol in mine if symbol != keep and self._kind(symbol, keep)]
        if keep in mine:
            # each closes a position by itself
            return [self._step(account, (symbol,), keep, self._why_kept(account, mine, keep, cluster), saves=1)
                    for symbol in sold]  # fmt: skip
        why = self._why_kept(account, mine, keep, cluster)
        return [self._step(account, tuple(sold), keep, why, saves=len(sold) - 1)] if sold else []

    def _order(
        self, account: Account, mine: list[str], symbol: str
    ) -> tuple[float, int, float, bool, float, float, str]:
        """What is kept before what, the least first."""
        security = self.household.security(symbol)
        place = rank(security, account.treatment) or float("inf")
        others = [self._sale(account, one) for one in mine if one != symbol]
        stays, gain = sum(one.stays for one in others), round(sum(one.gain_usd for one in others), 2)
        largest = -round(self.in_household[symbol], 2)
        return (place, stays, gain, symbol not in mine, largest, security.yield_rate, symbol)

    def _sale(self, account: Account, symbol: str) -> _Sale:
        """What selling a position in full would take."""
        key = (account.name, symbol)
        if key not in self._sales:
            lots = self.household.held(*key)
            stays = any(lot.min_hold or not_for_sale(self.household, self.policy, lot) for lot in lots)
            gain = 0.0
            if account.taxable and not stays:
                gain = sum(gain_of(lot, lot.quantity, realised_usd(self.household, lot), self.policy.as_of)[0]
                           for lot in lots)  # fmt: skip
            # a loss here makes no gain there cheaper: where it cannot be taken it is not sold at all
            self._sales[key] = _Sale(stays, max(0.0, gain))
        return self._sales[key]

    def _why_kept(self, account: Account, mine: list[str], keep: str, cluster: tuple[str, ...]) -> str:
        can = [symbol for symbol in cluster if not self._no_purchase(account, symbol)]
        if can == [keep]:
            return "the only one that may be bought"
        if not can:
            return "none may be bought"
        kept = self._order(account, mine, keep)
        rivals = [self._order(account, mine, symbol) for symbol in can if symbol != keep]
        for level, reason in enumerate(WHY_KEPT):
            if all(rival[level] != kept[level] for rival in rivals):
                return reason
            rivals = [rival for rival in rivals if rival[level] == kept[level]]
        return "first by symbol"

    def _kind(self, symbol: str, keep: str) -> str:
        one, other = self.household.security(symbol), self.household.security(keep)
        return could_be_one(one, other, indexes=self.policy.security_master)

    def _step(self, account: Account, sold: tuple[str, ...], keep: str, why: str, saves: int) -> Step:
        household = self.household
        lots = [lot for symbol in sold for lot in household.held(account.name, symbol)]
        amount = sum(household.value_usd(lot) for lot in lots)
        bought = _shares(household, account.name, keep, sum(realised_usd(household, lot) for lot in lots))
        nearest = [
            nearness(household.security(one), household.security(keep), indexes=self.policy.security_master)
            for one in sold
        ]
        kind, subject = max(nearest, key=lambda pair: NEAREST.index(pair[0]))
        refused = self._refused(account, sold, keep, lots) or self._too_small(account, keep, bought)
        return Step(account.name, kind, subject, sold, keep, why, amount, bought, saves, refused)

    def _no_purchase(self, account: Account, symbol: str) -> str:
        rule = not_bought(self.policy, account, self.household.security(symbol), self.ranked)
        return _NOT_BOUGHT.get(rule, rule)

    def _refused(self, account: Account, sold: tuple[str, ...], keep: str, lots: list[Lot]) -> str:
        household = self.household
        if not traded(account):
            return "The account is locked." if account.locked else "The account does not count in the target."
        for symbol in (*sold, keep):
            if (account.name, symbol) in self.typed:
                return f"My Trades already trade {symbol} here."
        if why := self._no_purchase(account, keep):
            return f"{keep} cannot be bought here: {why}."
        if any(not same_mix(household.security(symbol), household.security(keep)) for symbol in sold):
            return f"{' and '.join(sold)} and {keep} have different classes in Securities."
        if why := self._bought_back(account, keep):
            return why
        return self._lots_stay(lots) or self._held_back(account, keep, lots) or self._washes(account, keep, lots)

    def _bought_back(self, account: Account, keep: str) -> str:
        """Losses of the last 30 days that the purchase would wash, or may."""
        if not self.lost:
            return ""
        kept = self.household.security(keep)
        sold = {group: safe for (wash_group, group), safe in self.lost.items() if wash_group == account.wash_group}
        if kept.group in sold:
            return _LOST.format(self._sold_as(kept.group), f"buying {keep} would", sold[kept.group])
        index = index_of(keep) if self.policy.security_master else ""
        for group, safe in sorted(sold.items()):
            # what was sold in full may be in Securities no longer: its group is then its symbol
            members = [one.symbol for one in self.household.securities if one.group == group] or [group]
            if index and any(index_of(symbol) == index for symbol in members):
                return _LOST.format(self._sold_as(group), f"buying {keep}, of the same index, may", safe)
        return ""

    def _sold_as(self, group: str) -> str:
        """The securities of a group that were sold lately, else the group."""
        lately = {trade.symbol for trade in self.household.recent_trades if trade.side is Side.SELL}
        symbols = {one.symbol for one in self.household.securities if one.group == group} & lately
        return " and ".join(sorted(symbols)) or group

    def _lots_stay(self, lots: list[Lot]) -> str:
        for lot in lots:
            if rule := not_for_sale(self.household, self.policy, lot):
                return f"{lot.symbol} has a lot {words_of(rule, self.policy)[0]}."
        return ""

    def _held_back(self, account: Account, keep: str, lots: list[Lot]) -> str:
        for lot in lots:
            if lot.min_hold:
                return f"{lot.symbol} is kept by Min Hold."
        if any(lot.quantity < 0.0 for lot in self.household.held(account.name, keep)):
            return f"{keep} is sold short here."
        if any(lot.max_hold is not None for lot in self.household.held(account.name, keep)):
            return f"{keep} has a Max Hold here."
        return ""

    def _washes(self, account: Account, keep: str, lots: list[Lot]) -> str:
        """Losses that buying the other would wash, or may."""
        for lot in lots:
            if not account.taxable:
                break
            if gain_of(lot, lot.quantity, realised_usd(self.household, lot), self.policy.as_of)[0] >= -HALF_A_CENT:
                continue
            kind, _ = nearness(
                self.household.security(lot.symbol), self.household.security(keep), indexes=self.policy.security_master
            )
            if kind == IDENTICAL:
                return f"A wash sale: {lot.symbol} has a loss, and {keep} is substantially identical (IRC 1091)."
            if kind == SAME_INDEX:
                return f"{lot.symbol} has a loss, and buying a fund of the same index may make it a wash sale."
        return ""

    def _too_small(self, account: Account, keep: str, bought: float) -> str:
        usd = bought * self.household.security(keep).unit_usd
        least = self.policy.minimum_trade_usd(self.household.account_value_usd(account.name))
        if bought <= 0.0 or usd < least - HALF_A_CENT:
            return f"The purchase would be below the least order, ${least:,.0f}."
        return ""


def _shares(household: Household, account: str, symbol: str, usd: float) -> float:
    """Shares that so many dollars buy."""
    security: Security = household.security(symbol)
    if security.unit_usd <= 0.0:
        return 0.0
    step = step_of(household, account, symbol) or FRACTION
    return max(0.0, round(floor(usd / security.unit_usd / step + DUST) * step, 6))
