"""Buttons from end to end: the add-in's own VBA, the real jobs, the sample household in a double of Excel."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlwings

from rebal_xl.excel.jobs import JOBS, Jobs
from rebal_xl.sample.workbook import write_sample_workbook
from tests.excel.jobs.ribbon import place_of, tabs, type_in
from tests.excel.openpyxl_engine import open_book
from tests.tools.readers import play

pytestmark = pytest.mark.hosts

WORKBOOK = Path(__file__).parents[2] / "workbook"
# More polls than any job here needs, each of at least a tenth of a second while it runs.
TICKS = [["tick"]] * 3000
NO = 7


class Engine:
    """What VBA calls, with the double's workbook for the one that it sends."""

    def __init__(self, book: xlwings.Book) -> None:
        self.book, self.jobs = book, Jobs()
        # method, answer
        self.said: list[tuple[str, str]] = []

    def Start(self, job: str, book: object, answer: str) -> str:
        return self._keep("Start", self.jobs.start(job, self._book(book), answer))

    def Poll(self, id: str) -> str:
        answer = self.jobs.poll(id)
        if answer.startswith("running|"):
            time.sleep(0.1)
        return self._keep("Poll", answer)

    def Finish(self, id: str, book: object, force: bool) -> str:
        return self._keep("Finish", self.jobs.finish(id, self._book(book), force))

    def Cancel(self, id: str) -> str:
        return self._keep("Cancel", self.jobs.cancel(id))

    def _book(self, sent: object) -> xlwings.Book | None:
        return self.book if sent == "<Household.xlsx>" else None

    def _keep(self, method: str, answer: str) -> str:
        self.said.append((method, answer))
        return answer


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The real jobs before the open sample household."""
    return Engine(open_book(write_sample_workbook(tmp_path / "household.xlsx")))


def clicked(engine: Engine, *buttons: str, replies: Sequence[object] = ()) -> list[str]:
    """The message boxes after clicking some buttons and waiting."""
    steps = [*(["click", button] for button in buttons), *TICKS]
    scene = {"addin": str(WORKBOOK / "rebal_xl.xlam"), "steps": steps, "replies": list(replies)}
    return [event[1] for event in play(scene, engine)["log"] if event[0] == "MsgBox"]


def test_every_button_is_a_job_and_every_job_has_its_button() -> None:
    ribbon = (WORKBOOK / "ribbon" / "customUI14.xml").read_text(encoding="utf-8")
    assert set(re.findall(r'tag="(\w+)"', ribbon)) == {*JOBS, "cancel"}


@pytest.mark.parametrize(("job", "sheet"), [("check", "Checks"), ("drift", "Drift"), ("rebalance", "Trades")])
def test_a_click_writes_its_sheet_and_says_so_once(engine: Engine, job: str, sheet: str) -> None:
    said = clicked(engine, job)
    assert [f"done|{text}" for text in said] == [engine.said[-1][1]]
    assert sheet in said[0]
    assert sheet in tabs(engine.book)


def test_what_if_is_asked_for_and_compared(engine: Engine) -> None:
    said = clicked(engine, "what_if", replies=["Method=Full"])
    assert engine.said[0][1].startswith("ask|text|")
    assert len(said) == 1
    assert "Cost of the plan" in said[0]
    assert "Trades" not in tabs(engine.book)


def test_a_changed_workbook_is_asked_about_and_left_alone(engine: Engine) -> None:
    first = engine.Finish

    def change_then_finish(id: str, book: object, force: bool) -> str:
        row, column = place_of(engine.book, "Holdings", "Quantity")
        type_in(engine.book, "Holdings", row + 1, column, 100_000.0)
        return first(id, book, force)

    engine.Finish = change_then_finish  # type: ignore[method-assign]
    said = clicked(engine, "drift", replies=[NO])
    assert len(said) == 1
    assert "changed meanwhile" in said[0]
    assert "Drift" not in tabs(engine.book)


@pytest.mark.parametrize("job", sorted({*JOBS} - {"check", "drift", "rebalance", "harvest", "raise_cash", "location"}))
def test_every_other_button_gets_an_answer_that_the_ribbon_knows(engine: Engine, job: str) -> None:
    said = clicked(engine, job, replies=[""])
    answer = engine.said[-1][1]
    assert answer.startswith(("done|", "failed|", "ask|"))
    assert said == ([] if answer.startswith("ask|") or answer == "done|" else [answer.partition("|")[2]])


def test_cancel_ends_the_job(engine: Engine) -> None:
    said = clicked(engine, "rebalance", "cancel")
    assert [method for method, _ in engine.said[:2]] == ["Start", "Cancel"]
    assert len(said) == 1
    # nothing runs any more
    assert clicked(engine, "settings") == []
