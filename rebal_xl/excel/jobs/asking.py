"""What if: the plan beside the plan after edits typed in one line; nothing is written."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from rebal_xl import api
from rebal_xl.excel.jobs.base import Ask, Desk, Found, Task, read_inputs, refuse_unproven, total_usd
from rebal_xl.excel.jobs.watch import Watch
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.household import CASH_CLASS, Household, InputErrors, Policy, Problem, WhatIf
from rebal_xl.intake.book import Spellings
from rebal_xl.intake.edits import Edits
from rebal_xl.sheets.results_sheet import Answer, proof
from rebal_xl.words import count, dollars, percent, short

WHAT = (
    "What if? Write settings and targets as Name=Value and trades as Sell,Account,Symbol,Shares; put ; between them. "
    "For example: Method=Full; US Bonds=30%; US Large Cap=40%"
)
_LAST_ANSWER = "what if"
# Orders told in the message box.
TOLD = 8
TRADE_PARTS = (4, 5)


def begin_what_if(book: OpenBook, answer: str, desk: Desk) -> Task | Ask:
    """Ask for edits; then plan twice in a thread."""
    if not answer.strip():
        return Ask("text", WHAT, str(desk.memory.get(_LAST_ANSWER, "")))
    read = read_inputs(read_open_book(book, ours=False))
    try:
        edits = read_line(answer, read.household, read.policy)
        edited = api.edit_policy(read.household, read.policy, edits)
    except InputErrors as wrong:
        return Ask("text", f"{wrong.problems[0]} {WHAT}", answer)
    desk.memory[_LAST_ANSWER] = answer

    def work(watch: Watch) -> Found:
        watch.holds_usd = total_usd(read.household)
        base = refuse_unproven(api.rebalance(read.household, read.policy, progress=watch.report), watch)
        watch.title = "What if, edited"
        after = refuse_unproven(api.rebalance(read.household, edited.policy, progress=watch.report), watch)
        told = message(WhatIf(base, after, edited.sentences), read.household, edited.policy)
        return Found(told, f"What if: plan of {short(after.cost_usd)}")

    return Task(work, lambda _, told: str(told))


def read_line(text: str, household: Household, policy: Policy) -> Edits:
    """Edits typed in one line. Raises InputErrors for a part that is neither a setting, a target nor a trade."""
    classes = Spellings([*(target.asset_class for target in policy.targets), *household.classes, CASH_CLASS])
    settings: list[tuple[str, str]] = []
    targets: list[tuple[str, str]] = []
    trades: list[tuple[str, ...]] = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if equals and name:
            found = classes.find(name)
            (settings if found is None else targets).append((found or name, value))
            continue
        pieces = tuple(piece.strip() for piece in next(csv.reader([part], skipinitialspace=True), []))
        if len(pieces) not in TRADE_PARTS:
            advice = "Write Name=Value, or Sell,Account,Symbol,100."
            problem = Problem(f'"{part}" is neither an edit nor a trade.', advice, code="edit-text")
            raise InputErrors([problem])
        trades.append(pieces)
    return Edits(tuple(settings), tuple(targets), tuple(trades))


def message(found: WhatIf, household: Household, policy: Policy) -> str:
    """The differences, for a message box."""
    base, edited = found.base, found.edited

    def line(what: str, was: str, now: str) -> str:
        return f"{what}: {was}, edited {now}"

    lines = [
        *(found.edits or ("Nothing was edited.",)),
        "",
        line("Cost of the plan", dollars(base.money_usd), dollars(edited.money_usd)),
        line("Tax this year", dollars(base.tax.cost_usd), dollars(edited.tax.cost_usd)),
        line("Household drift", percent(base.after.household_drift), percent(edited.after.household_drift)),
        line("Orders", str(len(base.trades)), str(len(edited.trades))),
        "",
        *_orders(found),
        "",
        f"Edited: {proof(Answer(edited, household, policy))} Nothing was written.",
    ]
    return "\n".join(lines)


def _orders(found: WhatIf) -> Sequence[str]:
    orders = found.orders
    if not orders:
        return ["Both plans have the same orders."]
    lines = [
        f"{one.kind.capitalize()}: {one.side.value} {one.symbol} in {one.account}, "
        f"{dollars(one.base_usd)} to {dollars(one.edited_usd)}"
        for one in orders[:TOLD]
    ]
    return lines if len(orders) <= TOLD else [*lines, f"and {count(len(orders) - TOLD, 'more order')}"]
