"""Client report: the last plan as a page for the client, among the user's own documents and in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs

from rebal_xl import api
from rebal_xl.excel.jobs.base import Desk, Found, Inputs, Task, read_inputs, refuse_unproven, total_usd
from rebal_xl.excel.jobs.planning import LAST_ANSWER, Planned
from rebal_xl.excel.jobs.watch import FIRST, Watch
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.read import read_open_book
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.files.browser import show
from rebal_xl.files.client_page import page_in, picture_beside, safe_name
from rebal_xl.files.save import save_workbook
from rebal_xl.household import Curve
from rebal_xl.optimize.rebalance import refuse_unplannable

MAKING = "making the report"
GOING_ON = "Stopping. The report is made without the rest of what coming nearer to the target costs."


@dataclass(frozen=True, slots=True)
class Page:
    """A page on its way to the documents."""

    content: bytes
    planned: Planned
    # the last plan that was written to this workbook, not one made for the page
    last: bool
    # what is missing from it
    notices: tuple[str, ...]


def documents_folder() -> Path:
    """Where the user keeps documents."""
    return Path(platformdirs.user_documents_path())


def begin_report(book: OpenBook, answer: str, desk: Desk) -> Task:
    """The page of the last plan; where there is none of these values, of the plan by the method of the Settings."""
    inputs = read_inputs(read_open_book(book, ours=False))
    last = last_plan(desk, inputs)
    if last is None:
        refuse_unplannable(inputs.household, inputs.policy)

    def work(watch: Watch) -> Found:
        planned = last or _plan(watch, inputs)
        curve = _curve(watch, inputs, planned)
        watch.step(MAKING)
        # No path leads to the open workbook: the logo lies where the page will.
        there = documents_folder() / f"{safe_name(planned.plan.household)} report.html"
        logo, notices = picture_beside(there, planned.policy.logo)
        text = api.client_report(
            inputs.household, planned.policy, planned.plan, location=planned.placed, frontier=curve, logo=logo
        )
        missing = [*(str(one) for one in notices), *([curve.told] if curve is not None and curve.told else [])]
        page = Page(text.encode("utf-8"), planned, last is not None, tuple(missing))
        return Found(page, "Client report: saving")

    return Task(work, _saved, inputs)


def last_plan(desk: Desk, inputs: Inputs) -> Planned | None:
    """The plan that stands on the workbook's sheets, where it was made from these very values in this session."""
    planned = desk.memory.get(LAST_ANSWER)
    if isinstance(planned, Planned) and planned.inputs.fingerprint == inputs.fingerprint:
        return planned
    return None


def _plan(watch: Watch, inputs: Inputs) -> Planned:
    watch.step(FIRST)
    watch.holds_usd = total_usd(inputs.household)
    plan = refuse_unproven(api.rebalance(inputs.household, inputs.policy, progress=watch.report), watch)
    return Planned(plan, inputs, inputs.policy, api.placements(inputs.household, inputs.policy, plan))


def _curve(watch: Watch, inputs: Inputs, planned: Planned) -> Curve | None:
    """What coming nearer to the target costs: what the Dashboard shows of it where that is all, else looked for now."""
    if planned.curve is not None and not planned.curve.told:
        return planned.curve
    watch.keeps = GOING_ON
    return api.dashboard_curve(inputs.household, planned.policy, planned.plan, progress=watch.points)


def _saved(book: OpenBook, page: Page) -> str:
    folder = documents_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BookRefused(f"The folder '{folder}' could not be made, so no report was saved.") from error
    plan = page.planned.plan
    path = page_in(folder, plan.household, plan.as_of, page.content)
    if not path.exists():
        save_workbook(page.content, path)
    shown = "It opens in your browser, and prints from there." if show(path) else "Open it in your browser."
    whose = (
        f"The report of the last plan, by method {plan.method.value}, is {path}."
        if page.last
        else f"The report is {path}. No plan of these values was on the sheets, so it is of a new one, by method "
        f"{plan.method.value}; press Rebalance for its orders."
    )
    return "\n".join([whose, f"{shown} Read it before you hand it on.", *page.notices])
