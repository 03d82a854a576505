"""Cash on its way in and out of a household: contributions, withdrawals, and the value they leave.

The value after flows is the denominator of every weight, before trading and after it, so that the two can be compared.
"""

from collections import defaultdict
from dataclasses import dataclass

from rebal_xl.household import Account, Household, Method, Policy, TaxTreatment, Withdrawal, WithdrawalLevel


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
    accounts when there are any, else from tax-deferred ones, else from the rest. A required minimum distribution asks
    its account for what no other withdrawal takes from it. What accounts outside the target pay is no part of the
    household's plan. Method None pays nothing: it does the advisor's own trades.
    """
    if policy.method is Method.NONE:
        return ()
    asked = [ask for ask in policy.withdrawals if _leaves_counted_accounts(household, ask)]
    below = [ask for ask in asked if ask.level is not WithdrawalLevel.HOUSEHOLD]
    below.sort(key=lambda ask: (ask.level.value, ask.which, ask.amount_usd))
    requests = [*(_request(household, ask) for ask in below), *_required(household, below)]
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
        taxable = [account for account in chosen if account.taxable]
        chosen = taxable or [account for account in chosen if _deferred(account)] or chosen
    label = f"account {ask.which}" if ask.level is WithdrawalLevel.ACCOUNT else ask.which
    return Request(label, round(ask.amount_usd, 2), tuple(account.name for account in chosen))


def _required(household: Household, asked: list[Withdrawal]) -> list[Request]:
    """Required minimum distributions beyond what is asked of their accounts anyway."""
    requests = []
    for account in household.accounts:
        if account.taxable or not account.counts_in_target:
            continue
        taken = sum(
            ask.amount_usd for ask in asked if ask.level is WithdrawalLevel.ACCOUNT and ask.which == account.name
        )
        rest = round(account.rmd_usd - taken, 2)
        if rest > 0:
            paying = () if account.locked else (account.name,)
            requests.append(Request(f"account {account.name} (required minimum distribution)", rest, paying))
    return requests


def _deferred(account: Account) -> bool:
    return account.treatment is TaxTreatment.TAX_DEFERRED


def distributions_usd(household: Household, policy: Policy) -> dict[str, float]:
    """Dollars that withdrawals take out of tax-deferred accounts, by taxpayer: ordinary income (IRC 408(d)(1), 402(a)).

    A request that several taxpayers' accounts may pay is split by what these accounts are worth; what they are not
    worth is not paid. All of it is taken as taxable: basis from contributions that were not deducted is not known.
    """
    found: dict[str, float] = defaultdict(float)
    for request in withdrawal_requests(household, policy):
        worth = {name: _account_worth_usd(household, name) for name in request.accounts}
        total = sum(worth.values())
        for name, usd in worth.items():
            account = household.account(name)
            payer = household.payer(account)
            if _deferred(account) and payer is not None and total > 0:
                found[payer.taxpayer] += min(request.amount_usd, total) * usd / total
    return dict(found)


def _worth_usd(household: Household, request: Request) -> float:
    return sum(_account_worth_usd(household, name) for name in request.accounts)


def _account_worth_usd(household: Household, name: str) -> float:
    return max(0.0, household.account_value_usd(name) + household.account(name).contribution_usd)
