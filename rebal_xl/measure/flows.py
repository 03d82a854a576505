"""Cash on its way in and out of a household: contributions, withdrawals, and the value they leave.

The value after flows is the denominator of every weight, before trading and after it, so that the two can be compared.
"""

from dataclasses import dataclass

from rebal_xl.household import Account, Household, Policy, Withdrawal, WithdrawalLevel


@dataclass(frozen=True, slots=True)
class Request:
    """Cash wanted from a set of accounts."""

    label: str
    amount_usd: float
    # accounts that may pay
    accounts: tuple[str, ...]


def contributions_usd(household: Household) -> float:
    """Dollars coming into the accounts that count."""
    return sum(account.contribution_usd for account in household.accounts if account.counts_in_target)


def withdrawals_owed_usd(household: Household, policy: Policy) -> float:
    """Dollars that will leave the accounts that count: what is asked for, as far as its accounts are worth so much.

    Nobody can be paid from elsewhere, so an amount beyond their worth stays a shortfall and shrinks no household.
    """
    return sum(
        min(request.amount_usd, _worth_usd(household, request)) for request in withdrawal_requests(household, policy)
    )


def value_after_flows_usd(household: Household, policy: Policy) -> float:
    """Counted value plus contributions less withdrawals, dollars; never below zero."""
    return max(0.0, household.total_usd + contributions_usd(household) - withdrawals_owed_usd(household, policy))


def withdrawal_requests(household: Household, policy: Policy) -> tuple[Request, ...]:
    """What is asked for at each level, in whole cents, in canonical order.

    The household's own amount is a total, not an addition: it is max(household amount, sum of the lower levels), and
    the excess over those comes from taxable accounts. A withdrawal from an owner comes from that owner's taxable
    accounts when there are any. What accounts outside the target pay is no part of the household's plan.
    """
    asked = [ask for ask in policy.withdrawals if _leaves_counted_accounts(household, ask)]
    below = [ask for ask in asked if ask.level is not WithdrawalLevel.HOUSEHOLD]
    below.sort(key=lambda ask: (ask.level.value, ask.which, ask.amount_usd))
    requests = [_request(household, ask) for ask in below]
    top = sum(ask.amount_usd for ask in asked if ask.level is WithdrawalLevel.HOUSEHOLD)
    excess = round(top - sum(request.amount_usd for request in requests), 2)
    if excess > 0:
        taxable = tuple(account.name for account in _payers(household) if account.taxable)
        requests.append(Request("the household", excess, taxable))
    return tuple(requests)


def _payers(household: Household) -> list[Account]:
    """Accounts out of which the plan may pay."""
    return [account for account in household.accounts if account.counts_in_target and not account.locked]


def _asked_of(accounts: list[Account], ask: Withdrawal) -> list[Account]:
    match ask.level:
        case WithdrawalLevel.HOUSEHOLD:
            return accounts
        case WithdrawalLevel.TREATMENT:
            return [account for account in accounts if account.treatment.value == ask.which]
        case WithdrawalLevel.OWNER:
            return [account for account in accounts if account.owner == ask.which]
        case WithdrawalLevel.ACCOUNT:
            return [account for account in accounts if account.name == ask.which]


def _leaves_counted_accounts(household: Household, ask: Withdrawal) -> bool:
    """False when only accounts outside the target are asked; nobody of that name is a shortfall of the household."""
    asked = _asked_of(list(household.accounts), ask)
    return not asked or any(account.counts_in_target for account in asked)


def _request(household: Household, ask: Withdrawal) -> Request:
    chosen = _asked_of(_payers(household), ask)
    if ask.level is WithdrawalLevel.OWNER:
        chosen = [account for account in chosen if account.taxable] or chosen
    label = f"account {ask.which}" if ask.level is WithdrawalLevel.ACCOUNT else ask.which
    return Request(label, round(ask.amount_usd, 2), tuple(account.name for account in chosen))


def _worth_usd(household: Household, request: Request) -> float:
    return sum(
        max(0.0, household.account_value_usd(name) + household.account(name).contribution_usd)
        for name in request.accounts
    )
