"""Which dollars lie in which account, which of them may lie elsewhere, and the best and the worst place for all.

The mix is fixed: every security keeps its dollars and every account its value. A security's dollars may lie wherever
the rules let one of the same class mix be bought, since a 401(k) may offer the class in a fund of its own.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rebal_xl.household import CASH_CLASS, CASH_SYMBOL, Account, Household, Method, Policy, Security
from rebal_xl.measure.exposure import held_cash
from rebal_xl.measure.location import cash_drag, yearly_drag, yield_given_up
from rebal_xl.measure.tradable import reserve_usd, traded
from rebal_xl.optimize.buyable import not_bought, ranked_classes
from rebal_xl.optimize.choices import not_for_sale
from rebal_xl.optimize.prices import Prices
from rebal_xl.optimize.program import UNIT_USD, FloatArray, Program, Term
from rebal_xl.optimize.solver import solve

# What moving a dollar is charged, dollars a year: of two placements alike the nearer one is found.
MOVING_PRICE = 1e-7
DEADLINE_S = 10.0
BoolArray = npt.NDArray[np.bool_]
# Class mix, and whether its income is tax-exempt: securities that have these in common stand in for each other.
Group = tuple[tuple[tuple[str, float], ...], bool]
CASH_GROUP: Group = (((CASH_CLASS, 1.0),), False)


@dataclass(frozen=True, slots=True)
class Placement:
    """Dollars by account (rows) and security (columns, cash last), with what is known of each place."""

    accounts: tuple[str, ...]
    symbols: tuple[str, ...]
    groups: tuple[Group, ...]
    usd: FloatArray
    # part of them that the rules let go
    free: FloatArray
    # where more of the security may lie
    allowed: BoolArray
    # yearly drag of a dollar there (0..1)
    drag: FloatArray

    def drag_usd(self, usd: FloatArray) -> float:
        """What dollars placed like that cost a year."""
        return float((self.drag * usd).sum())


def group_of(security: Security) -> Group:
    """What the security shares with those that can stand in for it."""
    return tuple(sorted(security.class_mix)), security.exempt_share > 0.0


def find_placement(household: Household, policy: Policy, prices: Prices) -> Placement:
    """The placement of a household, contributions received; accounts outside the target are left out.

    Cash beyond the reserve may move as well, once its yield is known.
    """
    accounts = [account for account in household.accounts if account.counts_in_target]
    held, free = _held(household, policy, accounts)
    symbols = sorted({symbol for _, symbol in held} - {CASH_SYMBOL})
    groups = [group_of(household.security(symbol)) for symbol in symbols]
    symbols.append(CASH_SYMBOL)
    groups.append(CASH_GROUP)

    def table(dollars: dict[tuple[str, str], float]) -> FloatArray:
        rows = [[dollars.get((account.name, symbol), 0.0) for symbol in symbols] for account in accounts]
        return np.array(rows, dtype=float).reshape(len(accounts), len(symbols))

    opened = [_open_groups(household, policy, account) for account in accounts]
    return Placement(
        accounts=tuple(account.name for account in accounts),
        symbols=tuple(symbols),
        groups=tuple(groups),
        usd=table(held),
        free=table(free),
        allowed=np.array([[group in found for group in groups] for found in opened], dtype=bool).reshape(
            len(accounts), len(symbols)
        ),
        drag=_drags(household, prices, accounts, symbols),
    )


def extreme_usd(placement: Placement, *, worst: bool = False) -> FloatArray:
    """Dollars of the placement of least drag, or of most: every account and security keeps its total."""
    usd = placement.usd
    elsewhere = placement.free.sum(axis=0) - placement.free
    to_row, to_column = np.nonzero(placement.allowed & (elsewhere > 0.0))
    from_row, from_column = np.nonzero(placement.free > 0.0)
    if not len(to_row):
        return usd
    program, sign = Program(), -1.0 if worst else 1.0
    entering = program.add_columns(
        "in",
        len(to_row),
        upper=elsewhere[to_row, to_column] / UNIT_USD,
        cost=sign * placement.drag[to_row, to_column] + MOVING_PRICE,
    )
    leaving = program.add_columns(
        "out",
        len(from_row),
        upper=placement.free[from_row, from_column] / UNIT_USD,
        cost=-sign * placement.drag[from_row, from_column],
    )
    for name, into, out_of, count in (
        ("account", to_row, from_row, usd.shape[0]),
        ("security", to_column, from_column, usd.shape[1]),
    ):
        program.add_rows(name, count, 0.0, 0.0, Term(into, entering), Term(out_of, leaving, -1.0))
    values = solve(program.finish(), gap_usd=0.0, deadline_s=DEADLINE_S).values * UNIT_USD
    found = usd.copy()
    found[to_row, to_column] += values[entering]
    found[from_row, from_column] -= values[leaving]
    return found


def _held(
    household: Household, policy: Policy, accounts: list[Account]
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """Dollars held, and those free to go, by account and symbol."""
    held: dict[tuple[str, str], float] = defaultdict(float)
    free: dict[tuple[str, str], float] = defaultdict(float)
    least: dict[tuple[str, str], float] = {}
    names = {account.name for account in accounts}
    for lot in household.lots:
        if lot.account not in names:
            continue
        place, value = (lot.account, lot.symbol), household.value_usd(lot)
        held[place] += value
        if not not_for_sale(household, policy, lot):
            free[place] += value
        if lot.min_hold is not None:
            least[place] = max(least.get(place, 0.0), lot.min_hold * household.security(lot.symbol).unit_usd)
    for place, usd in least.items():
        free[place] = max(0.0, min(free[place], held[place] - usd))
    cash = held_cash(household)
    for account in accounts:
        held[account.name, CASH_SYMBOL] = cash[account.name]
        if traded(account) and policy.cash_yield > 0.0:
            free[account.name, CASH_SYMBOL] = max(0.0, cash[account.name] - reserve_usd(household, account))
    return dict(held), dict(free)


def _open_groups(household: Household, policy: Policy, account: Account) -> set[Group]:
    """Groups of which some security may be bought in the account."""
    if not traded(account):
        return set()
    # what only moves keeps the mix, whatever the method of the next plan
    moving, ranked = replace(policy, method=Method.LOCATION), ranked_classes(household)
    found = {
        group_of(security) for security in household.securities if not not_bought(moving, account, security, ranked)
    }
    return found | {CASH_GROUP}


def _drags(household: Household, prices: Prices, accounts: list[Account], symbols: list[str]) -> FloatArray:
    """Drag by account and symbol; a tax-exempt fund gives up its yield wherever it lies."""
    rates = [prices.income_rates(household, account.name) for account in accounts]
    found = np.zeros((len(accounts), len(symbols)))
    for column, symbol in enumerate(symbols):
        if symbol == CASH_SYMBOL:
            found[:, column] = [cash_drag(prices.cash_yield, each) if each else 0.0 for each in rates]
            continue
        security = household.security(symbol)
        given_up = yield_given_up(household, security)
        found[:, column] = [yearly_drag(security, each, given_up) if each else given_up for each in rates]
    return found
