"""Rebalance, Harvest, Raise cash and Location: a plan by the workbook's settings or another method, on its sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rebal_xl import api
from rebal_xl.excel.jobs.base import Ask, Desk, Found, Inputs, Task, begin_reading, refuse_unproven, total_usd
from rebal_xl.excel.jobs.understanding import confirm
from rebal_xl.excel.jobs.watch import FIRST, Watch
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.ours import our_tabs
from rebal_xl.excel.live.read import read_tab
from rebal_xl.excel.live.write import Written, write_sheets
from rebal_xl.household import Against, Curve, LocationReport, Method, Plan, Policy, Side, Withdrawal, WithdrawalLevel
from rebal_xl.intake.understood import Understood, understood, was_inferred
from rebal_xl.intake.values import read_number_text
from rebal_xl.optimize.rebalance import refuse_unplannable
from rebal_xl.sheets import dashboard_tables, results_execution, results_log
from rebal_xl.sheets.grid import Grid, GridBook
from rebal_xl.sheets.results_execution import Tick
from rebal_xl.sheets.results_log import RunEntry
from rebal_xl.sheets.results_sheet import Answer, proof
from rebal_xl.sheets.results_trades import TRADES_KIND, no_trade
from rebal_xl.words import count, dollars, percent, short

# Where a job remembers what the last plan written was made from.
LAST_PLAN = "plan"
# And the plan itself, for as long as the session lasts.
LAST_ANSWER = "answer"
HOW_MUCH = "How much cash must be raised, in dollars? The plan sells what costs least. Write an amount such as 25000."

Revise = Callable[[Policy], Policy]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan on its way to the sheets."""

    plan: Plan
    # what the workbook said, and what the plan was made by
    inputs: Inputs
    policy: Policy
    placed: tuple[LocationReport, LocationReport]
    # what the Dashboard shows of the frontier
    curve: Curve | None = None
    # what the Run Log holds the plan against
    against: Against | None = None
    # what the workbook was taken for, where some of it was inferred
    understood: Understood | None = None


def begin_rebalance(book: OpenBook, answer: str, desk: Desk) -> Task:
    """By the method of the Settings."""
    return _planning("Rebalancing", begin_reading(book), lambda policy: policy, desk)


def begin_harvest(book: OpenBook, answer: str, desk: Desk) -> Task:
    """By the method Harvest."""
    return _planning("Harvesting", begin_reading(book), _by(Method.HARVEST), desk)


def begin_location(book: OpenBook, answer: str, desk: Desk) -> Task:
    """By the method Location."""
    return _planning("Location", begin_reading(book), _by(Method.LOCATION), desk)


def begin_raise_cash(book: OpenBook, answer: str, desk: Desk) -> Task | Ask:
    """By the method Cash only, for the Withdrawals of the workbook, or for an amount that is asked for."""
    read = begin_reading(book)
    if read[1].policy.withdrawals:
        return _planning("Raising cash", read, _by(Method.CASH_ONLY), desk)
    if not answer.strip():
        return Ask("text", HOW_MUCH)
    amount = read_number_text(answer.strip())
    if not isinstance(amount, float) or amount <= 0.0:
        return Ask("text", f'"{answer.strip()}" is no amount of dollars. {HOW_MUCH}', answer)
    ask = Withdrawal(WithdrawalLevel.HOUSEHOLD, "", amount)
    return _planning(
        "Raising cash", read, lambda policy: replace(policy, method=Method.CASH_ONLY, withdrawals=(ask,)), desk
    )


def _by(method: Method) -> Revise:
    return lambda policy: replace(policy, method=method)


def _planning(title: str, read: tuple[GridBook, Inputs], revise: Revise, desk: Desk) -> Task:
    grids, inputs = read
    household, policy = inputs.household, revise(inputs.policy)
    # Before a long search, and as a sentence at once: can there be a plan at all?
    refuse_unplannable(household, policy)

    def work(watch: Watch) -> Found:
        watch.step(FIRST)
        watch.holds_usd = total_usd(household)
        plan = refuse_unproven(api.rebalance(household, policy, progress=watch.report), watch)
        curve = api.dashboard_curve(household, policy, plan, progress=watch.points)
        watch.step("making the sheets")
        placed = api.placements(household, policy, plan)
        against = api.compared(household, policy, plan)
        taken_for = understood(grids) if was_inferred(household.notices) else None
        planned = Planned(plan, inputs, policy, placed, curve, against, taken_for)
        return Found(planned, f"{title}: plan of {short(plan.cost_usd)}, writing")

    def write(book: OpenBook, planned: Planned) -> str:
        built = api.result_sheets(
            planned.plan,
            household,
            planned.policy,
            _earlier_runs(book),
            placed=planned.placed,
            ticks=_earlier_ticks(book),
            curve=planned.curve,
            against=planned.against,
        )
        also = confirm(book, planned.understood)
        written = write_sheets(book, built)
        desk.memory[LAST_PLAN] = inputs
        desk.memory[LAST_ANSWER] = planned
        return "\n".join(filter(None, (_message(planned, written), also)))

    return Task(work, write, inputs)


def _earlier_runs(book: OpenBook) -> tuple[RunEntry, ...]:
    grid = _our_grid(book, results_log.KIND)
    return () if grid is None else api.logged_runs(grid)


def _earlier_ticks(book: OpenBook) -> tuple[Tick, ...]:
    grid = _our_grid(book, results_execution.KIND)
    return () if grid is None else api.ticked_lines(grid)


def _our_grid(book: OpenBook, kind: str) -> Grid | None:
    for tab in our_tabs(book):
        if tab.kind == kind and not tab.previous:
            return read_tab(book, tab.sheet)
    return None


def _message(planned: Planned, written: Written) -> str:
    plan = planned.plan
    sold = sum(trade.side is Side.SELL for trade in plan.trades)
    drift = f"Household drift {percent(plan.before.household_drift)} to {percent(plan.after.household_drift)}."
    tax = plan.tax.cost_usd
    owed = f"Tax this year: {dollars(abs(tax))} {'more' if tax >= 0 else 'less'}."
    orders = f"{count(len(plan.trades), 'order')}: {count(sold, 'sale')}, {count(len(plan.trades) - sold, 'purchase')}."
    found = f"{orders} {drift} {owed}" if plan.trades else no_trade(plan)
    tabs = written.tabs
    where = f"See the sheets {tabs[dashboard_tables.KIND]}, {tabs[TRADES_KIND]} and {tabs[results_execution.KIND]}."
    return "\n".join(
        [found, proof(Answer(plan, planned.inputs.household, planned.policy)), where, *afterwords(written)]
    )


def afterwords(written: Written) -> list[str]:
    """What else the advisor must know of the sheets that were written."""
    said = []
    if written.moved:
        said.append(
            f"Made anew, since other tables belong on them now: {', '.join(written.moved)}. Your cells that pointed to "
            "them now point to the sheets called (previous): point them to the new ones."
        )
    if written.stale:
        said.append(f"Kept as they were, since cells of yours refer to them: {', '.join(written.stale)}.")
    return said
