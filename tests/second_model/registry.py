"""Accounts, securities, taxpayers and withdrawals as the second model reads them. Thousands of dollars."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.second_model.bill import K, Payer, all_payers

TAXABLE, DEFERRED, ROTH = "taxable", "tax-deferred", "Roth"
# A request for less than a cent is none.
CENT = 1e-5


def _whole(amount: float, step: float) -> float:
    """The most steps within an amount; 0 for any amount."""
    return step * int(amount / step + 1e-6) if step else amount


@dataclass(frozen=True)
class Ask:
    """Cash wanted from some accounts."""

    label: str
    amount: float
    accounts: tuple[str, ...]


class Registry:
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
        found = self._with_floors([ask for each in self.policy.withdrawals for ask in self._ask(each)])
        top = sum(each.amount_usd for each in self.policy.withdrawals if each.level == "household") / K
        rest = top - sum(ask.amount for ask in found)
        if rest > CENT / 2:
            payers = tuple(name for name in self.traded_accounts if self.taxable(name))
            found.append(Ask("household", rest, payers))
        means = {name: self._means(name) for name in self.traded_accounts if self.accounts[name].treatment == DEFERRED}
        return [part for ask in sorted(found, key=lambda ask: len(ask.accounts)) for part in self._returns(ask, means)]

    def _with_floors(self, asks: list[Ask]) -> list[Ask]:
        """The asks, lowered by what required distributions take out of several accounts asked, and those."""
        floors, required = [], []
        for name in sorted(self.accounts):
            if self.accounts[name].counts_in_target and not self.taxable(name):
                own = sum(ask.amount for ask in asks if ask.accounts == (name,) or ask.label == f"account {name}")
                rest = self.accounts[name].rmd_usd / K - own
                if rest > CENT / 2:
                    required.append(Ask(f"required {name}", rest, (name,) if self.traded(name) else ()))
                    # what it cannot pay is no part of what others are asked as well
                    floors.append([name, min(rest, max(0.0, sum(self._means(name)) - own))])
        lowered = []
        for ask in sorted(asks, key=lambda ask: len(ask.accounts)):
            amount = ask.amount
            for floor in floors if len(ask.accounts) > 1 else ():
                if floor[0] in ask.accounts:
                    both = min(amount, floor[1])
                    amount, floor[1] = amount - both, floor[1] - both
            lowered.append(Ask(ask.label, amount, ask.accounts))
        return [*required, *(ask for ask in lowered if ask.amount > CENT / 2)]

    def _means(self, name: str) -> list[float]:
        """What an account can pay out of idle cash, of sales and of its reserve."""
        account = self.accounts[name]
        cash, sales = self.start(name), 0.0
        mine = [trade for trade in self.policy.my_trades if trade.keep and trade.account == name]
        for symbol in sorted({each.symbol for each in (*self.lots, *mine) if each.account == name}):
            price, step = self.price(symbol), 0.0 if account.fractional else self.securities[symbol].lot_size
            net = price * (1.0 - self.securities[symbol].redemption_fee)
            typed = [trade for trade in mine if trade.symbol == symbol]
            for trade in typed:
                shares = trade.quantity
                if shares is None:
                    shares = _whole(trade.amount_usd / K / price, step)
                cash -= shares * price if trade.side == "Buy" else 0.0
                sales += shares * net if trade.side == "Sell" else 0.0
            if typed:
                continue
            lots = [lot for lot in self.lots if (lot.account, lot.symbol) == (name, symbol)]
            held = sum(lot.quantity for lot in lots)
            able = sum(max(0.0, lot.quantity) for lot in lots if not (lot.locked or lot.do_not_sell))
            for lot in lots:
                able = able if lot.min_hold is None else max(0.0, min(able, held - lot.min_hold))
            if able < held - 1e-6:
                able = _whole(able, step)
                able = able if able * price >= self.minimum(name) else 0.0
            sales += able * net
        everything = max(0.0, cash + sales)
        kept = min(self.reserve(name), everything)
        idle = min(max(0.0, cash - kept), everything - kept)
        return [idle, everything - kept - idle, kept]

    def _returns(self, ask: Ask, means: dict[str, list[float]]) -> list[Ask]:
        """An ask of tax-deferred accounts on several returns as one ask of each, which it can meet."""
        returns = {name: self.payer_name(name) for name in ask.accounts if name in means}
        gives = dict.fromkeys(returns, 0.0)
        missing = ask.amount
        for kind in range(3):
            there = {name: means[name][kind] for name in returns}
            if (whole := sum(there.values())) > 0.0:
                part = min(missing / whole, 1.0)
                for name, usd in there.items():
                    gives[name] += part * usd
                    means[name][kind] -= part * usd
                missing -= part * whole
        payers = sorted(set(returns.values()))
        if len(payers) < 2:
            return [ask]
        by_payer = {payer: [name for name in returns if returns[name] == payer] for payer in payers}
        cents = {payer: _whole(sum(gives[name] for name in names), CENT) for payer, names in by_payer.items()}
        left = {payer: sum(sum(means[name]) for name in names) for payer, names in by_payer.items()}
        odd = _whole(sum(gives.values()), CENT) - sum(cents.values())
        cents[max(payers, key=lambda payer: (left[payer], payer))] += odd
        parts = [Ask(f"{ask.label} on {payer}'s return", cents[payer], tuple(by_payer[payer])) for payer in payers]
        parts.append(Ask(f"{ask.label} of nobody", ask.amount - sum(cents.values()), ()))
        return [part for part in parts if part.amount > CENT / 2]

    def _ask(self, each: Any) -> list[Ask]:
        if each.level == "household":
            return []
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
        return [Ask(f"{each.level} {each.which}", each.amount_usd / K, tuple(able))]

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
