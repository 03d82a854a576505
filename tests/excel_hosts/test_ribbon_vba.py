"""The ribbon's VBA, run by an interpreter with Excel, engine and advisor played: from the click to the message."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rebal_xl.excel.addin.build import ADD_IN
from tests.tools.readers import play

pytestmark = pytest.mark.hosts

WORKBOOK = Path(__file__).parents[2] / "workbook"
AUTOMATIC, MANUAL, WAITING, FREE = -4105, -4135, 2, -4143
YES, NO = 6, 7
# Windows' words for a process that is gone, and for a class that is not registered
GONE = {"error": 462, "text": "The remote server machine does not exist or is unavailable"}
NOT_REGISTERED = {"error": 429, "text": "ActiveX component can't create object"}


@dataclass(frozen=True)
class Played:
    """What happened."""

    log: list[list[Any]]
    excel: dict[str, Any]
    answers: list[Any]

    def of(self, *names: str) -> list[list[Any]]:
        """The events of some names, in order."""
        return [event for event in self.log if event[0] in names]

    @property
    def said(self) -> list[str]:
        """The message boxes."""
        return [event[1] for event in self.of("MsgBox")]

    @property
    def status(self) -> list[Any]:
        """What the status bar showed."""
        shown = [event[2] for event in self.of("set") if event[1] == "StatusBar"]
        return [text for number, text in enumerate(shown) if not number or text != shown[number - 1]]

    def is_as_before(self, **settings: Any) -> bool:
        """Whether Excel is as it was before the first click."""
        before = {"Calculation": AUTOMATIC, "ScreenUpdating": True, "EnableEvents": True, "Cursor": FREE}
        before |= {"StatusBar": False, "EnableCancelKey": 1, "DisplayAlerts": True}
        return self.excel == {**before, **settings}


def scene(*steps: tuple[Any, ...], **given: Any) -> Played:
    """Play some steps; `given` as in tests/tools/vba_stage.py."""
    happened = play({"addin": str(WORKBOOK / ADD_IN), "steps": steps, **given})
    assert "'rebal_xl.xlam'!RebalPoll" not in happened["due"], "a job is still asked about"
    return Played(happened["log"], happened["excel"], happened["answers"])


CLICK, TICK = ("click", "rebalance"), ("tick",)
LOADED = (("loaded",), TICK)
WHOLE_JOB = {"Start": ["job:7"], "Poll": ["running|Rebalancing: 40 %", "ready|"], "Finish": ["done|Plan written."]}


def test_a_job_from_the_click_to_the_message() -> None:
    played = scene(*LOADED, CLICK, TICK, TICK, engine=WHOLE_JOB)
    assert played.of("Start", "Poll", "Finish", "Cancel") == [
        ["Start", "rebalance", "<Household.xlsx>", ""],
        ["Poll", "7"],
        ["Poll", "7"],
        ["Finish", "7", "<Household.xlsx>", False],
    ]
    assert played.status == [
        "rebal_xl: reading the workbook ...",
        False,
        "rebal_xl: working ...",
        "rebal_xl: Rebalancing: 40 %",
        "rebal_xl: writing ...",
        False,
    ]
    assert played.said == ["Plan written."]
    assert played.is_as_before()


def test_excel_is_quiet_only_while_the_engine_has_the_workbook() -> None:
    played = scene(CLICK, TICK, TICK, engine=WHOLE_JOB)
    state: dict[str, Any] = {}
    seen = {}
    for event in played.log:
        if event[0] == "set":
            state[event[1]] = event[2]
        elif event[0] in ("Start", "Poll", "Finish", "MsgBox"):
            seen[event[0]] = [state[name] for name in ("Calculation", "EnableEvents", "ScreenUpdating", "Cursor")]
    quiet, usual = [MANUAL, False, False, WAITING], [AUTOMATIC, True, True, FREE]
    assert seen == {"Start": quiet, "Poll": usual, "Finish": quiet, "MsgBox": usual}


def test_an_advisor_who_calculates_by_hand_keeps_doing_so() -> None:
    played = scene(CLICK, TICK, TICK, engine=WHOLE_JOB, excel={"Calculation": MANUAL, "EnableEvents": False})
    assert played.is_as_before(Calculation=MANUAL, EnableEvents=False)


@pytest.mark.parametrize("method", ["Start", "Poll", "Finish"])
def test_whatever_goes_wrong_in_the_engine_excel_is_as_before(method: str) -> None:
    broken = {"error": 13, "text": "Type mismatch"}
    engine = {**WHOLE_JOB, method: [broken] * 40}
    played = scene(CLICK, *[TICK] * 40, engine=engine)
    assert played.is_as_before()
    assert len(played.said) == 1
    assert "Type mismatch" in played.said[0]


def test_what_excel_itself_refuses_ends_the_job_in_order() -> None:
    played = scene(CLICK, ("enabled", "rebalance"), engine=WHOLE_JOB, excel={"refuses OnTime": True})
    assert len(played.said) == 1
    assert "Method 'OnTime'" in played.said[0]
    assert played.of("Cancel")
    assert played.answers == [True]
    assert played.is_as_before()


def test_the_selection_is_restored_unless_the_job_leads_to_its_result() -> None:
    assert scene(CLICK, engine={"Start": ["failed|No targets."]}).of("selection restored")
    assert scene(CLICK, TICK, engine={"Start": ["job:7"], "Poll": ["failed|No."]}).of("selection restored")
    assert not scene(("click", "settings"), engine={"Start": ["done|"]}).of("selection restored")


def test_a_job_that_is_done_at_once_says_so_or_stays_silent() -> None:
    assert scene(("click", "settings"), engine={"Start": ["done|"]}).said == []
    assert scene(("click", "check"), engine={"Start": ["done|No problems."]}).said == ["No problems."]


@pytest.mark.parametrize(
    ("asked", "reply", "answer"),
    [
        ("ask|text|How much cash?|5000", "2500", "2500"),
        ("ask|yesno|Replace the holdings?|", YES, "yes"),
        ("ask|yesno|Replace the holdings?|", NO, "no"),
        ("ask|file|Which file?|", "C:\\Lots.csv", "C:\\Lots.csv"),
        ("ask|files|Which files?|CSV,*.csv", ["C:\\a.csv", "C:\\b.csv"], "C:\\a.csv\nC:\\b.csv"),
        ("ask|folder|Which folder?|", "C:\\Book", "C:\\Book"),
    ],
)
def test_what_the_engine_needs_is_asked_for_and_sent(asked: str, reply: object, answer: str) -> None:
    played = scene(("click", "raise_cash"), engine={"Start": [asked, "done|"]}, replies=[reply])
    assert [event[3] for event in played.of("Start")] == ["", answer]
    assert played.is_as_before()


def test_excel_is_not_quiet_while_the_advisor_is_asked() -> None:
    played = scene(("click", "raise_cash"), engine={"Start": ["ask|text|How much?|", "done|"]}, replies=["1"])
    before = played.log[: played.log.index(["InputBox", "How much?", ""])]
    settings = {event[1]: event[2] for event in before if event[0] == "set"}
    assert (settings["Cursor"], settings["ScreenUpdating"], settings["StatusBar"]) == (FREE, True, False)


@pytest.mark.parametrize(
    ("asked", "reply"),
    [("text", ""), ("yesno", 2), ("file", False), ("files", False), ("folder", "")],
)
def test_an_advisor_who_leaves_the_question_ends_the_job_silently(asked: str, reply: object) -> None:
    played = scene(("click", "import_holdings"), engine={"Start": [f"ask|{asked}|Which?|"]}, replies=[reply])
    assert len(played.of("Start")) == 1
    assert played.said == (["Which?"] if asked == "yesno" else [])
    assert played.is_as_before()


def test_cancel_lets_the_job_end_with_the_best_it_has() -> None:
    engine = {
        **WHOLE_JOB,
        "Cancel": ["Stopping with the best plan found so far."],
        "Finish": ["done|The best plan found so far is written."],
    }
    played = scene(CLICK, ("click", "cancel"), TICK, TICK, engine=engine)
    assert "rebal_xl: Stopping with the best plan found so far." in played.status
    assert played.said == ["The best plan found so far is written."]
    assert played.is_as_before()


def test_cancelled_without_a_plan_nothing_is_written() -> None:
    for end in ("cancelled|Stopped. Nothing was written.", "failed|That job is over."):
        played = scene(CLICK, ("click", "cancel"), TICK, engine={"Start": ["job:7"], "Poll": [end]})
        assert played.said == ["Stopped. Nothing was written."]
        assert not played.of("Finish")
        assert played.is_as_before()


def test_a_second_cancel_drops_the_job_at_once() -> None:
    played = scene(CLICK, ("click", "cancel"), ("click", "cancel"), engine={"Start": ["job:7"]})
    # the engine drops what it has when it is asked a second time
    assert len(played.of("Cancel")) >= 2
    assert played.said == ["Stopped. Nothing was written."]
    assert played.is_as_before()


@pytest.mark.parametrize(("reply", "finished"), [(YES, [False, True]), (NO, [False])])
def test_a_workbook_changed_meanwhile_is_asked_about(reply: int, finished: list[bool]) -> None:
    engine = {**WHOLE_JOB, "Poll": ["ready|"], "Finish": ["changed|The holdings were changed. Write?", "done|Written."]}
    played = scene(CLICK, TICK, engine=engine, replies=[reply])
    assert [event[3] for event in played.of("Finish")] == finished
    assert played.said == ["The holdings were changed. Write?", *(["Written."] if reply == YES else [])]
    assert bool(played.of("Cancel")) == (reply == NO)
    assert played.is_as_before()


def test_a_workbook_closed_meanwhile_ends_the_job() -> None:
    played = scene(CLICK, ("close workbook",), TICK, engine=WHOLE_JOB)
    assert played.said == ["The workbook was closed while rebal_xl was working on it. Nothing was written."]
    assert played.of("Cancel")
    assert not played.of("Finish")


def test_an_engine_that_died_before_the_click_is_started_once_more() -> None:
    played = scene(CLICK, TICK, TICK, engine={**WHOLE_JOB, "Start": [GONE, "job:7"]})
    assert len(played.of("CreateObject")) == 2
    assert played.said == ["Plan written."]


def test_an_engine_that_dies_at_work_is_told() -> None:
    played = scene(CLICK, TICK, engine={**WHOLE_JOB, "Poll": [GONE]})
    assert played.said[0].startswith("The rebal_xl engine stopped")
    assert played.is_as_before()


def test_an_engine_too_busy_to_answer_is_asked_again() -> None:
    busy = {"error": -2147418111, "text": "Call was rejected by callee"}
    played = scene(CLICK, TICK, TICK, TICK, engine={**WHOLE_JOB, "Poll": [busy, busy, "ready|"]})
    assert played.said == ["Plan written."]


def test_a_computer_without_the_engine_is_told_to_run_the_installer() -> None:
    played = scene(CLICK, create=[NOT_REGISTERED])
    assert len(played.said) == 1
    for part in ("not installed for this user on this computer", "run the rebal_xl installer", "as administrator"):
        assert part in played.said[0]
    assert played.is_as_before()


def test_a_click_right_after_the_installer_ran_works() -> None:
    played = scene(CLICK, CLICK, TICK, TICK, create=[NOT_REGISTERED, NOT_REGISTERED, "engine"], engine=WHOLE_JOB)
    assert played.said[-1] == "Plan written."


@pytest.mark.parametrize(
    ("excel", "sentence"),
    [
        ({"protected": True, "workbook": None}, "Click Enable Editing in the yellow bar"),
        ({"ready": False}, "A cell is being edited."),
    ],
)
def test_excel_that_lets_nobody_in_is_told_without_starting_anything(excel: dict[str, Any], sentence: str) -> None:
    played = scene(CLICK, excel=excel)
    assert len(played.said) == 1
    assert sentence in played.said[0]
    assert not played.of("CreateObject", "set")


def test_a_protected_file_behind_the_workbook_does_not_matter() -> None:
    played = scene(CLICK, TICK, TICK, engine=WHOLE_JOB, excel={"protected": True})
    assert played.said == ["Plan written."]


def test_without_a_workbook_the_engine_decides() -> None:
    played = scene(("click", "new_workbook"), engine={"Start": ["done|"]}, excel={"workbook": None})
    # this Excel itself: by its windows nobody would find it
    assert played.of("Start") == [["Start", "new_workbook", "<Application>", ""]]
    played = scene(CLICK, engine={"Start": ["failed|There is no workbook to work on."]}, excel={"workbook": None})
    assert played.said == ["There is no workbook to work on."]


def test_while_a_job_runs_only_cancel_can_be_clicked() -> None:
    tags = ("rebalance", "cancel", "client_report", "scan_book")
    enabled = [("enabled", tag) for tag in tags]
    played = scene(*LOADED, *enabled, CLICK, *enabled, CLICK, TICK, TICK, *enabled, engine=WHOLE_JOB)
    idle, busy = [True, False, True, True], [False, True, False, False]
    assert played.answers == [*idle, *busy, *idle]
    # the ribbon asks again when a job starts and when it ends
    assert len(played.of("ribbon refreshed")) == 2
    assert played.said[0] == "Another rebal_xl job is still running. Wait for it, or click Cancel."
    assert len(played.of("Start")) == 1


def test_what_is_too_long_for_a_box_says_that_it_was_cut_off() -> None:
    engine = {"Start": ["job:7"], "Poll": ["running|" + "s" * 300, "failed|" + "x" * 3000]}
    played = scene(CLICK, TICK, TICK, engine=engine)
    assert played.said == ["x" * 996 + " ..."]
    assert [len(text) for text in played.status if text and "sss" in text] == [200]


def test_an_answer_of_another_version_is_told() -> None:
    played = scene(CLICK, engine={"Start": ["perhaps|"]})
    assert "must be of one version" in played.said[0]


def test_formulas_are_described_once_a_workbook_is_open() -> None:
    closed = {"workbook": None}
    played = scene(("loaded",), TICK, TICK, ("open workbook",), TICK, excel=closed)
    told = played.of("MacroOptions")
    assert ["'rebal_xl.xlam'!REBAL_DRIFT" in event for event in told].count(True) == 1
    assert all(0 < event[2] <= 255 for event in told)
    # told once, however often a button is clicked
    again = scene(*LOADED, ("click", "check"), ("click", "check"), engine={"Start": ["done|", "done|"]})
    assert len(again.of("MacroOptions")) == len(told)


def test_no_alert_comes_while_the_engine_works_and_they_are_back_when_it_dies() -> None:
    played = scene(CLICK, engine={"Start": [GONE, GONE]})
    assert [event[2] for event in played.of("set") if event[1] == "DisplayAlerts"] == [False, True]
    assert played.is_as_before()


@pytest.mark.parametrize("grow", [True, False])
def test_tables_grow_again_as_before_when_the_engine_dies(grow: bool) -> None:
    played = scene(CLICK, engine={"Start": [GONE, GONE]}, excel={"tables grow": grow})
    assert [event[2] for event in played.of("set") if event[1] == "AutoExpandListRange"] == [grow]
