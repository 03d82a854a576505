"""What can be traded at all, and in which steps."""

from rebal_xl.household import Account, Household, Lot, LotSource


def traded(account: Account) -> bool:
    """Whether the plan may touch the account at all."""
    return account.counts_in_target and not account.locked


def dated(lot: Lot) -> bool:
    """Whether the lot's holding period is known: by its date, by inheritance, or by the custodian's word."""
    return lot.acquired is not None or lot.source is LotSource.INHERITED or lot.custodian_term is not None


def step_of(household: Household, account: str, symbol: str) -> float:
    """Shares in which the security is traded in the account; 0 means in fractions."""
    return 0.0 if household.account(account).fractional else household.security(symbol).lot_size
