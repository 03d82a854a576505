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
