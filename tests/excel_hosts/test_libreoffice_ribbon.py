"""The VBA behind the ribbon, run by LibreOffice: from a click over the questions to the engine to the end of the job.

An engine of the test answers. Excel's own part (drawing the ribbon, calling back by itself, OnTime for a macro of an
add-in, message boxes) is not here: the test calls what the ribbon and the clock would call, and LibreOffice without
windows takes a question for unanswered.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from rebal_xl.excel.addin import project
from rebal_xl.excel.addin.modules import Kind, Module
from rebal_xl.excel.mac import Request
from tests.excel_hosts.addin_copy import SERVICE, WORKBOOK, copy_for_libreoffice, modules_for_libreoffice
from tests.tools.office import EngineGone, Office

pytestmark = pytest.mark.hosts

BOOK = "rebal_xl.xlam"
# LibreOffice cannot hand a workbook object to another process: this class, of the test alone, hands on its name.
BRIDGE = Module(
    "RebalBridge",
    Kind.SHEET,
    f"""
Private Function NameOf(book) As String
    If Not book Is Nothing Then NameOf = book.Name
End Function
Public Function Start(job, book, answer)
    Start = {SERVICE}.Start(job, NameOf(book), answer)
End Function
Public Function Poll(id)
    Poll = {SERVICE}.Poll(id)
End Function
Public Function Finish(id, book, force)
    Finish = {SERVICE}.Finish(id, NameOf(book), force)
End Function
Public Function Cancel(id)
    Cancel = {SERVICE}.Cancel(id)
End Function
""",
)


class Script:
    """An engine that answers as it is told and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.answers: dict[str, str] = {}

    def _answer(self, *asked: object) -> str:
        self.asked.append(asked)
        answer = self.answers.get(str(asked[0]), "")
        if answer == "gone":
            raise EngineGone("The remote procedure call failed")
        return answer

    def Start(self, job: str, book: str, answer: str) -> str:
        """A job is to begin."""
        return self._answer("Start", job, book, answer)

    def Poll(self, id: str) -> str:
        """How it does."""
        return self._answer("Poll", id)

    def Finish(self, id: str, book: str, force: bool) -> str:
        """Write the result."""
        return self._answer("Finish", id, book, force)

    def Cancel(self, id: str) -> str:
        """Stop."""
        return self._answer("Cancel", id)


class Ribbon:
    """The ribbon as Excel plays it."""

    def __init__(self, office: Office, engine: Script) -> None:
        self.office, self.engine = office, engine

    def click(self, tag: str) -> None:
        """Click the button."""
        self.office.run("RebalRibbon.RebalRibbonClicked", [{"control": {"Tag": tag}}])

    def tick(self) -> None:
        """The second is over."""
        self.office.run("RebalRibbon.RebalPoll", [])

    def enabled(self, tag: str) -> Any:
        """Whether the button can be clicked."""
        return self.office.run("RebalRibbon.RebalRibbonEnabled", [{"control": {"Tag": tag}}, False])["changed"][-1]

    def asked(self) -> list[tuple[object, ...]]:
        """What the engine was asked since the last time."""
        told, self.engine.asked = self.engine.asked, []
        return told


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """LibreOffice with the add-in whose engine is the test's."""
    modules = [*modules_for_libreoffice(f"New {BRIDGE.name}"), BRIDGE]
    as_document = project._project_stream
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            project,
            "_project_stream",
            lambda name, modules: as_document(name, modules).replace(
                f"Document={BRIDGE.name}/&H00000000".encode(), f"Class={BRIDGE.name}".encode()
            ),
        )
        addin = copy_for_libreoffice(tmp_path_factory.mktemp("add-in"), modules)
    with Office(Script()) as office:
        office.open(addin)
        yield office


@pytest.fixture
def ribbon(office: Office) -> Iterator[Ribbon]:
    """A ribbon with no job running."""
    office.engine = Script()
    ribbon = Ribbon(office, office.engine)
    yield ribbon
    for _ in range(2):
        ribbon.click("cancel")


def buttons() -> list[str]:
    """The tags of the ribbon's buttons."""
    ribbon = etree.parse(WORKBOOK / "ribbon" / "customUI14.xml")
    return [str(button.get("tag")) for button in ribbon.iter("{*}button")]


def test_a_job_runs_from_the_click_to_its_result(ribbon: Ribbon) -> None:
    ribbon.engine.answers = {"Start": "job:17", "Poll": "running|12 % of the gap is left"}
    ribbon.click("rebalance")
    assert ribbon.asked() == [("Start", "rebalance", BOOK, "")]
    ribbon.tick()
    assert ribbon.asked() == [("Poll", "17")]
    ribbon.engine.answers = {"Poll": "ready|", "Finish": "done|"}
    ribbon.tick()
    assert ribbon.asked() == [("Poll", "17"), ("Finish", "17", BOOK, False)]
    # it is over: the clock asks no more
    ribbon.tick()
    assert ribbon.asked() == []


def test_while_a_job_runs_only_cancel_can_be_clicked(ribbon: Ribbon) -> None:
    assert (ribbon.enabled("drift"), ribbon.enabled("cancel")) == (True, False)
    ribbon.engine.answers = {"Start": "job:1"}
    ribbon.click("drift")
    assert (ribbon.enabled("drift"), ribbon.enabled("cancel")) == (False, True)
    ribbon.asked()
    ribbon.click("harvest")
    assert ribbon.asked() == []
    ribbon.click("cancel")
    assert ribbon.asked() == [("Cancel", "1")]


def test_cancel_takes_the_best_plan_so_far(ribbon: Ribbon) -> None:
    ribbon.engine.answers = {"Start": "job:6", "Cancel": "Stopping with the best plan found so far."}
    ribbon.click("rebalance")
    ribbon.click("cancel")
    ribbon.engine.answers = {"Poll": "ready|", "Finish": "done|"}
    ribbon.tick()
    assert ribbon.asked()[1:] == [("Cancel", "6"), ("Poll", "6"), ("Finish", "6", BOOK, False)]
    assert (ribbon.enabled("drift"), ribbon.enabled("cancel")) == (True, False)


def test_cancel_clicked_twice_writes_nothing(ribbon: Ribbon) -> None:
    ribbon.engine.answers = {"Start": "job:7", "Poll": "ready|"}
    ribbon.click("rebalance")
    ribbon.click("cancel")
    ribbon.click("cancel")
    ribbon.tick()
    # asked a second time, the engine drops what it has
    assert set(ribbon.asked()[1:]) == {("Cancel", "7")}
    assert (ribbon.enabled("drift"), ribbon.enabled("cancel")) == (True, False)


@pytest.mark.parametrize("tag", [tag for tag in buttons() if tag != "cancel"])
def test_every_button_starts_the_job_of_its_tag(ribbon: Ribbon, tag: str) -> None:
    assert ribbon.enabled(tag) is True
    ribbon.engine.answers = {"Start": "done|"}
    ribbon.click(tag)
    assert ribbon.asked() == [("Start", tag, BOOK, "")]
    assert ribbon.enabled(tag) is True


def test_a_changed_workbook_is_not_written_without_a_yes(ribbon: Ribbon) -> None:
    ribbon.engine.answers = {"Start": "job:2", "Poll": "ready|", "Finish": "changed|Holdings changed. Write anyway?"}
    ribbon.click("rebalance")
    ribbon.tick()
    # nobody answers the question here, which is no yes
    asked = ribbon.asked()[1:]
    assert asked[:2] == [("Poll", "2"), ("Finish", "2", BOOK, False)]
    assert set(asked[2:]) == {("Cancel", "2")}
    assert ribbon.enabled("rebalance") is True


def test_a_question_that_is_left_starts_nothing(ribbon: Ribbon) -> None:
    ribbon.engine.answers = {"Start": "ask|text|How much cash is to be raised?|"}
    ribbon.click("raise_cash")
    assert ribbon.asked() == [("Start", "raise_cash", BOOK, "")]
    assert ribbon.enabled("raise_cash") is True


@pytest.mark.parametrize("answer", ["failed|The sheet Targets has no table.", "cancelled|Stopped.", "gone", "what?"])
def test_a_job_that_fails_leaves_the_ribbon_ready(ribbon: Ribbon, answer: str) -> None:
    ribbon.engine.answers = {"Start": answer}
    ribbon.click("check")
    assert ribbon.enabled("check") is True
    ribbon.engine.answers = {"Start": "job:3", "Poll": "failed|No plan was found."}
    ribbon.click("check")
    ribbon.tick()
    assert ribbon.enabled("check") is True
    ribbon.engine.answers = {"Start": "job:4", "Poll": "ready|", "Finish": answer}
    ribbon.click("check")
    ribbon.tick()
    assert ribbon.enabled("check") is True


def test_an_engine_that_does_not_answer_once_is_asked_again(ribbon: Ribbon) -> None:
    ribbon.engine.answers = {"Start": "job:5", "Poll": "gone"}
    ribbon.click("rebalance")
    ribbon.tick()
    assert ribbon.enabled("cancel") is True
    ribbon.engine.answers = {"Poll": "ready|", "Finish": "done|"}
    ribbon.tick()
    assert ribbon.asked()[-1] == ("Finish", "5", BOOK, False)


@pytest.mark.parametrize("answer", ["done|", "failed|No.", "gone"])
def test_calculation_is_as_before_whatever_happens(ribbon: Ribbon, office: Office, answer: str) -> None:
    assert office.calculates_by_itself() is True
    ribbon.engine.answers = {"Start": answer}
    ribbon.click("drift")
    assert office.calculates_by_itself() is True


def test_the_branches_for_a_mac_run_here_too_and_lead_nowhere(ribbon: Ribbon) -> None:
    # LibreOffice takes every branch of a condition, so the add-in must ask where it is
    assert ribbon.office.run("RebalMac.RebalOnMac", [])["value"] is False


@pytest.mark.parametrize("name", ["Household.xlsx", '"; do shell script "id', "Müller – 家計 🏠.xlsx", ""])
def test_the_names_for_a_macs_script_are_hexadecimal_digits(ribbon: Ribbon, name: str) -> None:
    # a second VBA, with strings of UTF-16 units as Excel's are
    request = ribbon.office.run("RebalMac.RebalRequest", ["check", name])["value"]
    assert Request.read(request) == Request("check", name)
