"""Exposure: how many dollars of each asset class a household holds, looking through funds that mix several.

A fund's dollars are split by its class mix; cash is the class of its own name. Accounts that do not count in the
target are left out.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rebal_xl.household import CASH_CLASS, Household, Policy


@dataclass(frozen=True, slots=True)
class Exposure:
    """Dollars by class, for the household and for each account."""

    # asset class -> dollars
    by_class: Mapping[str, float]
    # (account, asset class) -> dollars
    by_account: Mapping[tuple[str, str], float]

    @property
    def total_usd(self) -> float:
        """Dollars in every class."""
        return sum(self.by_class.values())


def reachable_classes(household: Household, policy: Policy) -> tuple[str, ...]:
    """Classes that have a target, are held in accounts that count, or may come to be held by a purchase, and cash."""
    targeted = {target.asset_class for target in policy.targets if target.weight > 0}
    counted = {account.name for account in household.accounts if account.counts_in_target}
    held = {lot.symbol for lot in household.lots if lot.account in counted}
    mixes = [
        security.class_mix
        for security in household.securities
        if security.symbol in held or (security.main_class in targeted and not security.do_not_buy)
    ]
    found = {name for mix in mixes for name, weight in mix if weight}
    return tuple(sorted({*found, *(target.asset_class for target in policy.targets), CASH_CLASS}))


def held_shares(household: Household) -> dict[tuple[str, str], float]:
    """(account, symbol) -> shares held now, every account included."""
    shares: dict[tuple[str, str], float] = defaultdict(float)
    for lot in household.lots:
        shares[lot.account, lot.symbol] += lot.quantity
    return dict(shares)


def held_cash(household: Household) -> dict[str, float]:
    """Account -> dollars of cash now, contributions included."""
    return {account.name: account.cash_usd + account.contribution_usd for account in household.accounts}


def measure_exposure(
    household: Household,
    *,
    holdings: Mapping[tuple[str, str], float] | None = None,
    cash: Mapping[str, float] | None = None,
) -> Exposure:
    """Class dollars of the accounts that count.

    `holdings` maps (account, symbol) to shares and is complete: a pair it does not name is not held. `cash` maps every
    counted account to dollars. Without them, what is held now. Raises ValueError when `cash` leaves an account out.
    """
    shares = held_shares(household) if holdings is None else holdings
    dollars = held_cash(household) if cash is None else cash
    counted = [account.name for account in household.accounts if account.counts_in_target]
    missing = [name for name in counted if name not in dollars]
    if missing:
        raise ValueError(f"No cash is given for {', '.join(missing)}: name every account, with 0 where it has none.")
    by_account: dict[tuple[str, str], float] = defaultdict(float)
    # sorted, so that sums do not depend on the order of a mapping
    for account, symbol in sorted(shares):
        if household.account(account).counts_in_target:
            security = household.security(symbol)
            for asset_class, weight in security.class_mix:
                by_account[account, asset_class] += shares[account, symbol] * security.unit_usd * weight
    for account in counted:
        by_account[account, CASH_CLASS] += dollars[account]
    by_class: dict[str, float] = defaultdict(float)
    for (_, asset_class), usd in by_account.items():
        by_class[asset_class] += usd
    return Exposure(dict(by_class), dict(by_account))
