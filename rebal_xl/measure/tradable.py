"""What can be traded at all, in which steps, and what cash stays."""

from math import floor

from rebal_xl.household import Account, Household, Lot, LotSource, TypedTrade

# Fractional orders are written to the thousandth of a share, what custodians' order files take.
FRACTION = 0.001
# A part of a step that is rounding.
DUST = 1e-6


def traded(account: Account) -> bool:
    """Whether the plan may touch the account at all."""
    return account.counts_in_target and not account.locked


def dated(lot: Lot) -> bool:
    """Whether the lot's holding period is known: by its date, by inheritance, or by the custodian's word."""
    return lot.acquired is not None or lot.source is LotSource.INHERITED or lot.custodian_term is not None


def step_of(household: Household, account: str, symbol: str) -> float:
    """Shares in which the security is traded in the account; 0 means in fractions."""
    return 0.0 if household.account(account).fractional else household.security(symbol).lot_size


def typed_shares(household: Household, trade: TypedTrade) -> float:
    """Shares of a trade that the advisor typed; an amount in dollars is rounded down to what can be ordered."""
    if trade.quantity is not None:
        return round(trade.quantity, 6)
    shares = (trade.amount_usd or 0.0) / household.security(trade.symbol).unit_usd
    step = step_of(household, trade.account, trade.symbol) or FRACTION
    return round(floor(shares / step + DUST) * step, 6)


def reserve_usd(household: Household, account: Account) -> float:
    """Cash that stays: the greater of the dollars and the share of the account's value."""
    return max(account.reserve_usd, account.reserve_weight * household.account_value_usd(account.name))
