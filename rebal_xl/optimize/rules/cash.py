"""Cash: every account pays for itself, reserves stay, withdrawals are met, proceeds are not left lying."""

from dataclasses import dataclass

import numpy as np

from rebal_xl.household import CASH_CLASS, Account, Household, Policy, TaxTreatment, Withdrawal, WithdrawalLevel
from rebal_xl.optimize.choices import traded
from rebal_xl.optimize.model import Model, Slack
from rebal_xl.optimize.prices import IDLE_CASH_PRICE, RESERVE_PRICE, WITHDRAWAL_PRICE
from rebal_xl.optimize.program import INFINITY, UNIT_USD, Term


@dataclass(frozen=True, slots=True)
class Request:
    """Cash wanted from a set of accounts."""

    label: str
    amount_usd: float
    # accounts that may pay
    accounts: tuple[str, ...]


def withdrawal_requests(household: Household, policy: Policy) -> tuple[Request, ...]:
    """What is asked for at each level; the household's own amount is only the excess over the levels below.

    The total is max(household amount, sum of the lower levels); the excess comes from taxable accounts. A withdrawal
    from an owner comes from that owner's taxable accounts when there are any.
    """
    below = [item for item in policy.withdrawals if item.level is not WithdrawalLevel.HOUSEHOLD]
    requests = [_request(household, item) for item in below]
    top = sum(item.amount_usd for item in policy.withdrawals if item.level is WithdrawalLevel.HOUSEHOLD)
    excess = top - sum(item.amount_usd for item in below)
    if excess > 0:
        taxable = tuple(account.name for account in household.accounts if account.taxable and traded(account))
        requests.append(Request("the household", excess, taxable))
    return tuple(requests)


def _request(household: Household, item: Withdrawal) -> Request:
    open_accounts = [account for account in household.accounts if traded(account)]
    if item.level is WithdrawalLevel.ACCOUNT:
        chosen = [account for account in open_accounts if account.name == item.which]
    elif item.level is WithdrawalLevel.TREATMENT:
        chosen = [account for account in open_accounts if account.treatment is TaxTreatment(item.which)]
    else:
        owned = [account for account in open_accounts if account.owner == item.which]
        chosen = [account for account in owned if account.taxable] or owned
    label = f"account {item.which}" if item.level is WithdrawalLevel.ACCOUNT else item.which
    return Request(label, item.amount_usd, tuple(account.name for account in chosen))


def reserve_usd(household: Household, account: Account) -> float:
    """Cash that stays: the greater of the dollars and the share of the account's value."""
    return max(account.reserve_usd, account.reserve_weight * household.account_value_usd(account.name))


def idle_cash_allowed_usd(household: Household, policy: Policy, value_usd: float) -> float:
    """Cash that counts as wanted: reserves, or the upper end of cash's own destination where that is more."""
    reserves = sum(reserve_usd(household, account) for account in household.accounts if traded(account))
    target = policy.target_of(CASH_CLASS)
    wanted = 0.0 if target is None else (target.weight + target.destination_width) * value_usd
    return max(reserves, wanted)


def add_cash_rows(model: Model) -> None:
    """Cash after trading, per account, and what may not be met: withdrawals first, then reserves."""
    program, household = model.program, model.household
    count = len(model.accounts)
    place = {account: index for index, account in enumerate(model.accounts)}
    start = np.array([_start_usd(household.account(name)) for name in model.accounts]) / UNIT_USD
    model.cash = program.add_columns("cash", count, np.minimum(0.0, start))
    kept = np.array([1.0 - household.security(unit.symbol).redemption_fee for unit in model.choices.units])
    terms = [
        Term(np.arange(count), model.cash),
        Term(np.array([place[unit.account] for unit in model.choices.units], np.int64), model.sold, -kept),
        Term(np.array([place[pair.account] for pair in model.choices.buys], np.int64), model.bought),
    ]
    for number, request in enumerate(withdrawal_requests(household, model.policy)):
        amount = request.amount_usd / UNIT_USD
        short = program.add_column(f"unpaid {request.label}", 0.0, amount, WITHDRAWAL_PRICE)
        model.slacks.append(Slack("withdrawal", request.label, short))
        columns = [program.add_column(f"paid {number} {name}", 0.0, amount) for name in request.accounts]
        model.paid.update({(number, name): column for name, column in zip(request.accounts, columns, strict=True)})
        program.add_row(f"withdrawal {number}", amount, amount, (short, 1.0), (np.array(columns, dtype=np.int64), 1.0))
        terms += [Term(place[name], column) for name, column in zip(request.accounts, columns, strict=True)]
    program.add_rows("cash", count, start, start, *terms)
    reserve = np.array([reserve_usd(household, household.account(name)) for name in model.accounts]) / UNIT_USD
    reserve += model.margin
    missing = program.add_columns("reserve missing", count, 0.0, INFINITY, RESERVE_PRICE)
    model.slacks += [Slack("reserve", name, int(missing[place[name]]), -1) for name in model.accounts]
    program.add_rows(
        "reserve", count, reserve, INFINITY, Term(np.arange(count), model.cash), Term(np.arange(count), missing)
    )
    _add_idle_cash(model, start)


def _start_usd(account: Account) -> float:
    return account.cash_usd + account.contribution_usd


def _add_idle_cash(model: Model, start: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    """Cash beyond what is wanted and beyond what was idle before costs its price."""
    owed = sum(request.amount_usd for request in withdrawal_requests(model.household, model.policy)) / UNIT_USD
    wanted = idle_cash_allowed_usd(model.household, model.policy, model.before.value_usd) / UNIT_USD
    limit = max(wanted, float(start.sum()) - owed)
    idle = model.program.add_column("idle cash", 0.0, INFINITY, IDLE_CASH_PRICE)
    model.program.add_row("idle cash", -INFINITY, limit, (model.cash, 1.0), (idle, -1.0))
