"""The plan as formulas: its orders, the lots behind every sale, its tax bill. Side by side they share one plan."""

from collections.abc import Callable
from dataclasses import replace

from rebal_xl.excel.answers import spilled
from rebal_xl.excel.asked import asked
from rebal_xl.excel.cache import Cache
from rebal_xl.excel.formulas.notes import NOTES
from rebal_xl.excel.inputs import Rows, read_household, tell_day, tell_notices
from rebal_xl.excel.refusal import Code, Refused
from rebal_xl.excel.udf import Cells, OneCell, Result, formula
from rebal_xl.household import Household, Notice, Policy
from rebal_xl.household.execution import in_order
from rebal_xl.log import write_log
from rebal_xl.sheets.results_sheet import Answer, law, proof
from rebal_xl.sheets.results_tax import TAXPAYERS, taxpayer_rows, taxpayer_total
from rebal_xl.sheets.results_trades import LOTS, NOTHING_SOLD, TRADES, lot_rows, no_trade, trade_rows

# Excel waits for a formula and shows that it is busy after a minute or so: no search in a cell takes longer than this,
# whatever the setting Deadline says. The button Rebalance keeps to the setting.
LONGEST_SEARCH_S = 20.0
# So many notices of a plan are told; the rest is counted.
MOST_NOTICES = 5

_PLANS: Cache[Answer] = Cache(entries=8)


@formula(NOTES, heavy=True)
def REBAL_TRADES(
    holdings: Cells,
    targets: Cells,
    securities: Cells,
    accounts: Cells,
    tax: Cells,
    as_of: OneCell,
    recent: Cells = None,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """The most tax-efficient orders that bring the household back to its target, account by account, sells before
    buys. Spills a table with a header row; takes seconds."""
    answer = _planned(_tables(holdings, targets, securities, accounts, tax, recent, classmix, settings), as_of)
    orders = in_order(answer.plan.trades)
    return spilled(TRADES, trade_rows(answer, orders)) if orders else [[no_trade(answer.plan)]]


@formula(NOTES, heavy=True)
def REBAL_LOTS(
    holdings: Cells,
    targets: Cells,
    securities: Cells,
    accounts: Cells,
    tax: Cells,
    as_of: OneCell,
    recent: Cells = None,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """The lots behind every sale of the plan that REBAL_TRADES shows: quantity, proceeds, basis, gain. Spills a table
    with a header row; takes seconds."""
    answer = _planned(_tables(holdings, targets, securities, accounts, tax, recent, classmix, settings), as_of)
    rows = lot_rows(answer.plan)
    return spilled(LOTS, rows) if rows else [[f"{NOTHING_SOLD}."]]


@formula(NOTES, heavy=True)
def REBAL_TAX(
    holdings: Cells,
    targets: Cells,
    securities: Cells,
    accounts: Cells,
    tax: Cells,
    as_of: OneCell,
    recent: Cells = None,
    classmix: Cells = None,
    settings: Cells = None,
) -> Result:
    """What the plan that REBAL_TRADES shows realises and adds to this year's tax, one row per taxpayer. Spills a table
    with a header row; takes seconds."""
    plan = _planned(_tables(holdings, targets, securities, accounts, tax, recent, classmix, settings), as_of).plan
    rows = taxpayer_rows(plan)
    return spilled(TAXPAYERS, [*rows, taxpayer_total(plan)] if len(rows) > 1 else rows)


def forget_plans() -> None:
    """Forget every plan."""
    _PLANS.clear()


def _tables(
    holdings: Cells,
    targets: Cells,
    securities: Cells,
    accounts: Cells,
    tax: Cells,
    recent: Cells,
    classmix: Cells,
    settings: Cells,
) -> dict[str, Rows | None]:
    return {
        "holdings": holdings,
        "targets": targets,
        "securities": securities,
        "accounts": accounts,
        "tax": tax,
        "recent": recent,
        "classmix": classmix,
        "settings": settings,
    }


def _planned(tables: dict[str, Rows | None], as_of: OneCell) -> Answer:
    """The plan of the arguments, made once for all formulas that ask for it."""
    household, policy = read_household(tables, as_of)
    tell_day(tables, as_of, policy)
    tell_notices(household)
    if policy.deadline_s > LONGEST_SEARCH_S:
        policy = replace(policy, deadline_s=LONGEST_SEARCH_S)
    answer = _PLANS.made(asked().fingerprint, lambda: _plan(household, policy))
    _tell(answer)
    return answer


def _plan(household: Household, policy: Policy) -> Answer:
    # Imported late: the solver is of no use to the other formulas, and takes a while.
    from rebal_xl.api import EvaluatorDisagrees, SolverError, rebalance

    try:
        return Answer(rebalance(household, policy), household, policy)
    except (EvaluatorDisagrees, SolverError) as wrong:
        write_log(wrong)
        raise Refused(Code.NUM, str(wrong)) from wrong


def _tell(answer: Answer) -> None:
    """What stands above and beside the orders on the sheets."""
    plan = answer.plan
    tell: Callable[[str], None] = asked().tell
    tell(proof(answer))
    if plan.law_estimate:
        tell(f"Taxes are by {law(plan)}.")
    for rule in plan.relaxed:
        tell(f"{rule.rule}: {rule.sentence} {rule.advice}".strip())
    for left in plan.left_alone:
        tell(left.sentence)
    for notice in plan.notices[:MOST_NOTICES]:
        tell(_said(notice))
    more = len(plan.notices) - MOST_NOTICES
    if more > 0:
        tell(f"And {more} more notices: the button Rebalance writes them on the sheet Checks.")


def _said(notice: Notice) -> str:
    about = ", ".join(part for part in (notice.account, notice.symbol) if part)
    return f"{about}: {notice.sentence}" if about else notice.sentence
