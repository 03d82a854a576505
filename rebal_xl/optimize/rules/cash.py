"""Cash: every account pays for itself, reserves stay, withdrawals are met, proceeds are not left lying.

Method Cash only besides: an account that is short sells what it needs and buys nothing, any other only buys.
"""

from collections.abc import Iterable
from math import ceil, floor

import numpy as np

from rebal_xl.household import CASH_CLASS, Account, Drift, Household, Method, Policy, Side
from rebal_xl.measure.flows import withdrawal_requests
from rebal_xl.measure.tradable import DUST, reserve_usd, step_of, traded
from rebal_xl.optimize.methods import keeps_idle_cash, only_typed
from rebal_xl.optimize.model import Model, Slack
from rebal_xl.optimize.prices import IDLE_CASH_PRICE, RESERVE_PRICE, WITHDRAWAL_PRICE
from rebal_xl.optimize.program import INFINITY, UNIT_USD, FloatArray, Term

# A cent in thousands of dollars, and the part of it that is rounding.
CENT, CENT_DUST = 1e-5, 1e-6


def raising_room_usd(household: Household, policy: Policy, account: Account, sellable: Iterable[str]) -> float:
    """Method Cash only: cash beyond the reserve that raising it may leave, by the smallest order that can be placed.

    `sellable` are the symbols the account may sell.
    """
    minimum = policy.minimum_trade_usd(household.account_value_usd(account.name))
    steps = [step_of(household, account.name, symbol) * household.security(symbol).unit_usd for symbol in sellable]
    return max([minimum, *(step * max(1, ceil(minimum / step - DUST)) for step in steps if step > 0)])


def idle_cash_allowed_usd(household: Household, policy: Policy, before: Drift) -> float:
    """Cash that may lie: reserves, or the upper end of cash's own destination where that is more.

    Where nothing calls for trades (see `keeps_idle_cash`), what was idle before may stay so too; contributions never
    count as idle before. Once a class calls for trades, they put idle cash to work as well.
    """
    accounts = [account for account in household.accounts if traded(account)]
    reserves = sum(reserve_usd(household, account) for account in accounts)
    target = policy.target_of(CASH_CLASS)
    wanted = 0.0 if target is None else (target.weight + target.destination_width) * before.value_usd
    idle = sum(max(account.cash_usd, reserve_usd(household, account)) for account in accounts)
    idle -= sum(request.amount_usd for request in withdrawal_requests(household, policy))
    return max(reserves, wanted, idle if keeps_idle_cash(policy, before) else 0.0)


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
        model.most_paid.update({(number, name): amount for name in request.accounts})
        model.paid.update({(number, name): column for name, column in zip(request.accounts, columns, strict=True)})
        program.add_row(f"withdrawal {number}", amount, amount, (short, 1.0), (np.array(columns, dtype=np.int64), 1.0))
        terms += [Term(place[name], column) for name, column in zip(request.accounts, columns, strict=True)]
    program.add_rows("cash", count, start, start, *terms)
    if only_typed(model.policy):
        return
    reserve = np.array([reserve_usd(household, household.account(name)) for name in model.accounts]) / UNIT_USD
    if model.policy.method is Method.CASH_ONLY:
        _add_raise_or_invest(model, start, reserve)
    reserve += model.margin
    missing = program.add_columns("reserve missing", count, 0.0, INFINITY, RESERVE_PRICE)
    model.slacks += [Slack("reserve", name, int(missing[place[name]]), -1) for name in model.accounts]
    program.add_rows(
        "reserve", count, reserve, INFINITY, Term(np.arange(count), model.cash), Term(np.arange(count), missing)
    )
    _add_idle_cash(model)


def _add_raise_or_invest(model: Model, start: FloatArray, reserve: FloatArray) -> None:
    """Either an account is short, sells and ends with little more than its reserve, or it sells nothing.

    The advisor's own trades are done anyway; what they bring or take is cash that the account starts from.
    """
    program, household, typed = model.program, model.household, model.choices.typed
    for index, name in enumerate(model.accounts):
        free = [i for i, key in enumerate(model.positions) if key[0] == name and key not in typed]
        pairs = [
            i for i, p in enumerate(model.choices.buys) if p.account == name and (p.account, p.symbol) not in typed
        ]
        if not free:
            continue
        symbols = [model.positions[i][1] for i in free]
        room = raising_room_usd(household, model.policy, household.account(name), symbols) / UNIT_USD
        paid = np.array([column for (_, account), column in model.paid.items() if account == name], dtype=np.int64)
        asked = float(sum(model.most_paid[key] for key in model.paid if key[1] == name))
        begins = float(start[index]) + _typed_cash(model, name)
        spare = begins - float(reserve[index])
        may = 1.0 if spare < asked else 0.0
        column = int(program.add_columns(f"raises cash {name}", 1, 0.0, may, integer=True)[0])
        rows = np.arange(len(free))
        program.add_rows(
            f"sells only to raise cash {name}", len(free), -INFINITY, 0.0,
            Term(rows, model.sells[free]), Term(rows, np.full(len(rows), column), -1.0),
        )  # fmt: skip
        rows = np.arange(len(pairs))
        program.add_rows(
            f"buys only what it has {name}", len(pairs), -INFINITY, 1.0,
            Term(rows, model.buys[pairs]), Term(rows, np.full(len(rows), column)),
        )  # fmt: skip
        most = max(0.0, begins) + float(sum(model.unit_values[model.position_of == i].sum() for i in free))
        end = float(reserve[index]) + room
        if most > end:
            left = int(model.cash[index])
            program.add_row(f"raises no more {name}", -INFINITY, most, (left, 1.0), (column, most - end))
        if spare >= 0:
            # payments are in whole cents, and the first beyond what is there makes it short
            short = (floor(spare / CENT + CENT_DUST) + 1) * CENT
            program.add_row(f"short {name}", 0.0, INFINITY, (paid, 1.0), (column, -short))


def _typed_cash(model: Model, account: str) -> float:
    """What the advisor's own trades bring to an account's cash, thousand dollars."""
    total = 0.0
    for (name, symbol), order in model.choices.typed.items():
        security = model.household.security(symbol)
        if name == account:
            kept = 1.0 - security.redemption_fee if order.side is Side.SELL else -1.0
            total += kept * order.quantity * security.unit_usd / UNIT_USD
    return total


def _start_usd(account: Account) -> float:
    return account.cash_usd + account.contribution_usd


def _add_idle_cash(model: Model) -> None:
    """Cash beyond what may lie costs its price."""
    limit = idle_cash_allowed_usd(model.household, model.policy, model.before) / UNIT_USD
    idle = model.program.add_column("idle cash", 0.0, INFINITY, IDLE_CASH_PRICE)
    model.program.add_row("idle cash", -INFINITY, limit, (model.cash, 1.0), (idle, -1.0))
