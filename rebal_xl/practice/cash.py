"""Cash before any plan: what lies idle, and what reserves and withdrawals need and do not find."""

from rebal_xl.household import CASH_CLASS, Household, Policy
from rebal_xl.measure.flows import withdrawal_requests
from rebal_xl.measure.tradable import reserve_usd, traded


def cash_idle_and_short_usd(household: Household, policy: Policy, value_usd: float) -> tuple[float, float]:
    """Dollars of cash that wait to be invested, and dollars that must be raised; `value_usd` is that after flows.

    Short: reserves that an account's cash and contribution do not fill, and withdrawals beyond the cash that lies
    above the reserves of the accounts that may pay. Idle: what is left of that cash when withdrawals are paid, less
    what cash's own target wants beside the reserves. Both may be above zero, in different accounts.
    """
    accounts = [account for account in household.accounts if traded(account)]
    reserves = {account.name: reserve_usd(household, account) for account in accounts}
    over = {account.name: account.cash_usd + account.contribution_usd - reserves[account.name] for account in accounts}
    short = sum(max(0.0, -usd) for usd in over.values())
    free = {name: max(0.0, usd) for name, usd in over.items()}
    for request in withdrawal_requests(household, policy):
        owed = request.amount_usd
        for name in request.accounts:
            paid = min(owed, free.get(name, 0.0))
            free[name] = free.get(name, 0.0) - paid
            owed -= paid
        short += owed
    target = policy.target_of(CASH_CLASS)
    wanted = 0.0 if target is None else target.weight * value_usd
    return max(0.0, sum(free.values()) - max(0.0, wanted - sum(reserves.values()))), short
