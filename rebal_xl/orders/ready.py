"""A workbook's own plan, ready to be exported: made again from its inputs, and proven to be the one on its sheets.

The last row of the Run Log says which inputs the plan was made from. Where the workbook holds other ones by now, or the
plan found again has other orders than those logged, nothing is exported: the household must be rebalanced first.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rebal_xl.consolidate import best_plan
from rebal_xl.files.ours import logged_runs, our_grid
from rebal_xl.files.reader import read_book
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Household, InputErrors, Method, Plan, Policy, RunEntry, RunOrder, Side
from rebal_xl.household.execution import AccountOrders, OrderToEnter, executions
from rebal_xl.intake import read_grids
from rebal_xl.intake.households import Choice
from rebal_xl.measure.value import run_status
from rebal_xl.optimize.assemble import fingerprint
from rebal_xl.optimize.solver import Progress
from rebal_xl.sheets import results_log
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.results_orders import run_orders

TEXT_FILES = (".csv", ".tsv", ".txt")
# Figures of the log are what cells hold, to the last digit but one.
_SHARES, _USD = 1e-6, 1e-4
AGAIN = "Run rebal-xl rebalance on it (or press Rebalance), look at the plan, then export its orders."


@dataclass(frozen=True, slots=True)
class Ready:
    """One household whose orders can be written to a file."""

    # the workbook that holds the plan
    path: Path
    household: Household
    policy: Policy
    plan: Plan
    # the plan's row in the Run Log
    run: RunEntry
    accounts: tuple[AccountOrders, ...]

    @property
    def orders(self) -> tuple[tuple[AccountOrders, OrderToEnter], ...]:
        """Every order with its account, in the order of the Execution sheet."""
        return tuple((account, order) for account in self.accounts for order in account.orders)


def get_ready(path: Path, progress: Progress | None = None) -> Ready:
    """Make the plan of a workbook again. `progress` is as in `rebalance`.

    Raises FileRefused where there is no plan, where the workbook is not what the plan was made from, or where the plan
    cannot be found again; InputErrors for a workbook that cannot be read.
    """
    if path.suffix.lower() in TEXT_FILES:
        raise FileRefused(f"'{path.name}' is a text file and holds no plan. Name the workbook that was rebalanced.")
    book = read_book(path)
    grid = our_grid(path, book, results_log.KIND)
    runs = logged_runs(grid) if grid is not None else ()
    if not runs:
        raise FileRefused(f"There is no plan in '{path.name}' yet. {AGAIN}")
    run = runs[0]
    household, policy = _inputs_of(book, run)
    if fingerprint(household, policy) != run.fingerprint:
        raise FileRefused(
            f"The plan of {run.as_of:%m/%d/%Y} in '{path.name}' is not of what the workbook holds now: holdings, "
            f"prices, settings or the version of rebal_xl have changed since, or it was made with --gap or --deadline, "
            f"which are not kept: write these on Settings. {AGAIN}"
        )
    return of_plan(path, household, policy, best_plan(household, policy, progress=progress), run)


def _inputs_of(book: GridBook, run: RunEntry) -> tuple[Household, Policy]:
    """What a plan was made from; of several households the one whose inputs have the plan's fingerprint."""
    choice = Choice()
    try:
        household, own = read_grids(book, run.as_of, as_of_wins=True, choice=choice)
    except InputErrors:
        for name in choice.names:
            with suppress(InputErrors):
                household, own = read_grids(book, run.as_of, as_of_wins=True, choice=Choice(name))
                policy = policy_of(run, own)
                if fingerprint(household, policy) == run.fingerprint:
                    return household, policy
        raise
    return household, policy_of(run, own)


def of_plan(path: Path, household: Household, policy: Policy, plan: Plan, run: RunEntry) -> Ready:
    """A plan with the row of the Run Log it stands in. Raises FileRefused where their orders are not the same."""
    if plan.fingerprint != run.fingerprint or not same_orders(run_orders(plan, household), run.orders):
        raise FileRefused(
            f"The search for the plan of {run.as_of:%m/%d/%Y} in '{path.name}' ended with other orders than those in "
            f"its Run Log, as it may where it is stopped by its deadline. {AGAIN}"
        )
    # log rows of the same plan may each carry a stamp or a status
    return Ready(path, household, policy, plan, run, executions(plan, household))


def same_orders(one: tuple[RunOrder, ...], other: tuple[RunOrder, ...]) -> bool:
    """Whether two lists are the same orders, lot by lot, to the last share and cent."""

    def key(order: RunOrder) -> tuple[str, bool, str, str, float]:
        return order.account, order.side is Side.BUY, order.symbol, order.lot_id, order.quantity

    ours, theirs = sorted(one, key=key), sorted(other, key=key)
    return len(ours) == len(theirs) and all(
        (a.key, a.lot_id) == (b.key, b.lot_id)
        and abs(a.quantity - b.quantity) <= _SHARES
        and abs(a.price_usd - b.price_usd) <= _USD
        and abs(a.amount_usd - b.amount_usd) <= _USD
        for a, b in zip(ours, theirs, strict=True)
    )


def dropped(run: RunEntry) -> bool:
    """Whether the advisor wrote that the plan is not carried out."""
    status = run_status(run.status)
    return status is not None and status.value == "dropped"


def carried_out(run: RunEntry) -> bool:
    """Whether the advisor wrote that the plan is done."""
    status = run_status(run.status)
    return status is not None and status.value == "done"


def policy_of(run: RunEntry, own: Policy) -> Policy:
    """A workbook's policy with the run's own method: it may have been given on the command line."""
    methods = [method for method in Method if method.value == run.method]
    return replace(own, method=methods[0]) if methods else own


def price_day(ready: Ready, symbol: str) -> date:
    """The day of a security's price: its own, else the plan's."""
    return ready.household.security(symbol).price_as_of or ready.plan.as_of
