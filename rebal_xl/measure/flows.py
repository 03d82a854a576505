"""Cash on its way in and out of a household: contributions, withdrawals, and the value they leave.

The value after flows is the denominator of every weight, before trading and after it, so that the two can be compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor

from rebal_xl.household import Account, Household, Method, Policy, TaxTreatment, Withdrawal, WithdrawalLevel
from rebal_xl.measure.raising import means_usd, take
from rebal_xl.measure.tradable import DUST


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
    """What is asked for at each level, in whole cents, in canonical order, and who may pay.

    A request that tax-deferred accounts of several taxpayers may pay is split between these beforehand, since what an
    account pays is income of its own taxpayer: cash beyond reserves goes first, then what may be sold, then reserves,
    each in proportion to what the accounts have of it beside what else they must pay. What they cannot raise is asked
    of nobody. Method None pays nothing: it does the advisor's own trades.
    """
    if policy.method is Method.NONE:
        return ()
    return tuple(_by_taxpayer(household, policy, asked_requests(household, policy)))


def asked_requests(household: Household, policy: Policy) -> list[Request]:
    """What is asked for, before it is split between taxpayers; for every method.

    The household's own amount is a total, not an addition: it is max(household amount, sum of the lower levels), and
    the excess over those comes from taxable accounts. A withdrawal from an owner comes from that owner's taxable
    accounts when there are any, else from tax-deferred ones, else from the rest. A required minimum distribution is
    the least that its account pays in total. What accounts outside the target pay is no part of the household's plan.
    """
    asked = [ask for ask in policy.withdrawals if _leaves_counted_accounts(household, ask)]
    below = [ask for ask in asked if ask.level is not WithdrawalLevel.HOUSEHOLD]
    below.sort(key=lambda ask: (ask.level.value, ask.which, ask.amount_usd))
    requests = _with_required(household, policy, below, [_request(household, ask) for ask in below])
    top = sum(ask.amount_usd for ask in asked if ask.level is WithdrawalLevel.HOUSEHOLD)
    excess = round(top - sum(request.amount_usd for request in requests), 2)
    if excess > 0:
        taxable = tuple(account.name for account in _payers(household) if account.taxable)
        requests.append(Request("the household", excess, taxable))
    return requests


def surely_taken_usd(household: Household, policy: Policy, account: Account) -> float:
    """Dollars that leave an account whatever else is planned: its RMD $, or what only it may pay where that is more."""
    below = [ask for ask in policy.withdrawals if ask.level is not WithdrawalLevel.HOUSEHOLD]
    return max(account.rmd_usd, _own_usd(account, below, [_request(household, ask) for ask in below]))


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


def _own_usd(account: Account, asked: Sequence[Withdrawal], requests: Sequence[Request]) -> float:
    """Dollars asked of an account by name, or where only it may pay."""
    return sum(
        ask.amount_usd
        for ask, request in zip(asked, requests, strict=True)
        if request.accounts == (account.name,) or (ask.level is WithdrawalLevel.ACCOUNT and ask.which == account.name)
    )


def _with_required(
    household: Household, policy: Policy, asked: Sequence[Withdrawal], requests: Sequence[Request]
) -> list[Request]:
    """Requests with required minimum distributions (IRC 401(a)(9)), towards which all that an account pays counts.

    What only the account may pay lowers what is still required. What is required beyond that is paid first, and lowers
    what is asked of several accounts among which it is: of the fewest first, so that nothing is paid twice; and only by
    what the account can raise, so that the others pay the rest.
    """
    left = [request.amount_usd for request in requests]
    shared = sorted(
        (number for number, request in enumerate(requests) if len(request.accounts) > 1),
        key=lambda number: len(requests[number].accounts),
    )
    first: list[Request] = []
    last: list[Request] = []
    for account in household.accounts:
        own = _own_usd(account, asked, requests)
        rest = round(account.rmd_usd - own, 2)
        if account.taxable or not account.counts_in_target or rest <= 0:
            continue
        paying = () if account.locked else (account.name,)
        required = Request(f"account {account.name} (required minimum distribution)", rest, paying)
        among = [number for number in shared if account.name in requests[number].accounts]
        (first if among else last).append(required)
        still = min(rest, max(0.0, sum(means_usd(household, policy, account)) - own)) if among else 0.0
        for number in among:
            counted = min(still, left[number])
            still, left[number] = still - counted, round(left[number] - counted, 2)
    kept = [
        replace(request, amount_usd=usd)
        for request, usd in zip(requests, left, strict=True)
        if usd > 0 or usd == request.amount_usd
    ]
    return [*first, *kept, *last]


def _by_taxpayer(household: Household, policy: Policy, requests: Sequence[Request]) -> Iterator[Request]:
    """Requests none of which tax-deferred accounts of two taxpayers may pay."""
    payers = {number: _taxpayers(household, request) for number, request in enumerate(requests)}
    shared = {number for number, names in payers.items() if len(set(names.values())) > 1}
    if not shared:
        yield from requests
        return
    means = {name: means_usd(household, policy, household.account(name)) for names in payers.values() for name in names}
    parts: dict[int, list[Request]] = {}
    # who alone may pay comes first, so that nobody is asked for what is needed elsewhere
    for number in sorted(payers, key=lambda number: len(payers[number])):
        request, names = requests[number], payers[number]
        taken = take(request.amount_usd, {name: means[name] for name in names})
        if number in shared:
            spare = {payer: sum(sum(means[name]) for name in names if names[name] == payer) for payer in names.values()}
            parts[number] = _parts(request, names, taken, spare)
    for number, request in enumerate(requests):
        yield from parts.get(number, [request])


def _taxpayers(household: Household, request: Request) -> dict[str, str]:
    """Account -> the taxpayer whose income it pays, of tax-deferred accounts."""
    accounts = [household.account(name) for name in request.accounts]
    found = {account.name: household.payer(account) for account in accounts if _deferred(account)}
    return {name: payer.taxpayer for name, payer in found.items() if payer is not None}


def _parts(request: Request, names: dict[str, str], taken: dict[str, float], spare: dict[str, float]) -> list[Request]:
    """A request by taxpayers in whole cents, and what nobody can raise; who has most to spare pays the odd cents."""
    cents = {
        payer: floor(100 * sum(usd for name, usd in taken.items() if names[name] == payer) + DUST) for payer in spare
    }
    most = max(spare, key=lambda payer: (spare[payer], payer))
    cents[most] += floor(100 * sum(taken.values()) + DUST) - sum(cents.values())
    parts = [
        Request(request.label, count / 100, tuple(name for name in request.accounts if names[name] == payer))
        for payer, count in cents.items()
        if count > 0
    ]
    rest = round(request.amount_usd - sum(cents.values()) / 100, 2)
    return [*parts, *([Request(request.label, rest, ())] if rest > 0 else [])]


def _deferred(account: Account) -> bool:
    return account.treatment is TaxTreatment.TAX_DEFERRED


def distributions_usd(household: Household, policy: Policy) -> dict[str, float]:
    """Dollars that withdrawals take out of tax-deferred accounts, by taxpayer: ordinary income (IRC 408(d)(1), 402(a)).

    No request is of two taxpayers' accounts (`withdrawal_requests`), so that it is known beforehand; what accounts are
    not worth is not paid. All of it is taken as taxable: basis from contributions that were not deducted is not known.
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
