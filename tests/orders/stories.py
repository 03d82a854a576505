"""The Riveras with orders that they typed themselves, so that every share of the plan is known without a search."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rebal_xl.household import Household, Method, RunEntry, Side, TypedTrade
from rebal_xl.household.execution import executions
from rebal_xl.optimize.rebalance import rebalance
from rebal_xl.orders.ready import Ready, of_plan
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.results_orders import run_orders
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.cli.riveras import call

JOINT, ROTH, TRUST = "Joint Brokerage", "Jordan Roth IRA", "Living Trust"


def sell(account: str, symbol: str, quantity: float, lot: str = "") -> TypedTrade:
    return TypedTrade(account, symbol, Side.SELL, quantity, lot_id=lot)


def buy(account: str, symbol: str, quantity: float) -> TypedTrade:
    return TypedTrade(account, symbol, Side.BUY, quantity)


def typed(
    path: Path, *trades: TypedTrade, household: Household | None = None, edit: Callable[[Path], None] | None = None
) -> Path:
    """Their workbook with a plan of exactly these orders; `edit` changes the file before it is planned."""
    policy = replace(sample_policy(), method=Method.NONE, my_trades=trades, frontier_on_dashboard=False)
    path.write_bytes(workbook_bytes(build_template(household or sample_household(), policy)))
    if edit is not None:
        edit(path)
    result = call("rebalance", path, "--in-place")
    assert result.exit_code in (0, 3), result.stderr
    return path


def ready_of(*trades: TypedTrade, household: Household | None = None, path: str = "riveras.xlsx") -> Ready:
    """The same plan in memory, as it stands in a workbook that was just rebalanced."""
    whole = household or sample_household()
    policy = replace(sample_policy(), method=Method.NONE, my_trades=trades)
    plan = rebalance(whole, policy)
    run = RunEntry(
        None, plan.as_of, "", "", "None", 0.0, 0.0, 0.0, 0.0, 0.0, len(plan.trades), plan.fingerprint, "proposed",
        orders=run_orders(plan, whole),
    )  # fmt: skip
    return of_plan(Path(path), whole, policy, plan, run)


def planned_again(ready: Ready, household: Household) -> Ready:
    """The same plan held against another household: what a workbook with other numbers would be."""
    return replace(ready, household=household, accounts=executions(ready.plan, household))
