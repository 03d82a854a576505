"""Cash: every account pays for itself, reserves stay, withdrawals are met, proceeds are not left lying."""

import numpy as np

from rebal_xl.household import CASH_CLASS, Account, Drift, Household, Policy
from rebal_xl.measure.flows import withdrawal_requests
from rebal_xl.optimize.choices import traded
from rebal_xl.optimize.model import Model, Slack
from rebal_xl.optimize.prices import IDLE_CASH_PRICE, RESERVE_PRICE, WITHDRAWAL_PRICE
from rebal_xl.optimize.program import INFINITY, UNIT_USD, Term


def reserve_usd(household: Household, account: Account) -> float:
    """Cash that stays: the greater of the dollars and the share of the account's value."""
    return max(account.reserve_usd, account.reserve_weight * household.account_value_usd(account.name))


def idle_cash_allowed_usd(household: Household, policy: Policy, before: Drift) -> float:
    """Cash that may lie: reserves, or the upper end of cash's own destination where that is more.

    While every class is inside its trigger, what was idle before may stay so too; contributions never count as idle
    before. Once a class calls for trades, they put idle cash to work as well.
    """
    accounts = [account for account in household.accounts if traded(account)]
    reserves = sum(reserve_usd(household, account) for account in accounts)
    target = policy.target_of(CASH_CLASS)
    wanted = 0.0 if target is None else (target.weight + target.destination_width) * before.value_usd
    idle = sum(max(account.cash_usd, reserve_usd(household, account)) for account in accounts)
    idle -= sum(request.amount_usd for request in withdrawal_requests(household, policy))
    return max(reserves, wanted, 0.0 if before.needed else idle)


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
    _add_idle_cash(model)


def _start_usd(account: Account) -> float:
    return account.cash_usd + account.contribution_usd


def _add_idle_cash(model: Model) -> None:
    """Cash beyond what may lie costs its price."""
    limit = idle_cash_allowed_usd(model.household, model.policy, model.before) / UNIT_USD
    idle = model.program.add_column("idle cash", 0.0, INFINITY, IDLE_CASH_PRICE)
    model.program.add_row("idle cash", -INFINITY, limit, (model.cash, 1.0), (idle, -1.0))
