"""The formulas' VBA, run by an interpreter with Excel and engine played: what the engine is asked, what cells get."""

from pathlib import Path
from typing import Any

import pytest

from rebal_xl.excel.addin.build import ADD_IN
from tests.tools.readers import play

pytestmark = pytest.mark.hosts

WORKBOOK = Path(__file__).parents[2] / "workbook"
VALUE, NUM, NA = ({"error value": number} for number in (2015, 2036, 2042))
CALLER = {"address": "[Book1.xlsx]Plan!$B$2"}
HOLDINGS = {"range": {"address": "[Book1.xlsx]Holdings!$A$1:$L$186", "size": [186, 12], "value": 12345.678901}}
TARGETS = {"range": {"address": "[Book1.xlsx]Targets!$A$1:$B$9", "size": [9, 2], "value": "targets"}}
TERM = ("formula", "REBAL_TERM", 1, 2)
GONE = {"error": -2147023174, "text": "The RPC server is unavailable"}
NOT_REGISTERED = {"error": 429, "text": "ActiveX component can't create object"}


def answers(*formulas: tuple[Any, ...], **given: Any) -> tuple[list[Any], list[list[Any]]]:
    """What cells get, and what happened meanwhile; `given` as in tests/tools/vba_stage.py."""
    steps = [("formula", *formula) for formula in formulas]
    happened = play({"addin": str(WORKBOOK / ADD_IN), "steps": steps, "caller": CALLER, **given})
    return happened["answers"], [event for event in happened["log"] if event[0] != "set"]


def a_range(address: str, **more: Any) -> dict[str, Any]:
    return {"range": {"address": address, **more}}


def test_values_and_places_reach_the_engine_as_they_are() -> None:
    got, log = answers(("REBAL_DRIFT", HOLDINGS, TARGETS, "missing", "", 1.5), engine={"Call": ["spilled"]})
    places = ["[Book1.xlsx]Holdings!$A$1:$L$186", "[Book1.xlsx]Targets!$A$1:$B$9", "", "", "", ""]
    # Value2, all decimals; what was left out is Empty
    values = [12345.678901, "targets", None, "", 1.5, None]
    assert log[-1] == ["Call", "REBAL_DRIFT", values, places, "[Book1.xlsx]Plan!$B$2", False, False]
    assert got == ["spilled"]


def test_the_calling_workbooks_date_system_is_told() -> None:
    holdings = {"range": {**HOLDINGS["range"], "date1904": True}}
    _, log = answers(("REBAL_OVERLAP", holdings, holdings), caller={**CALLER, "date1904": True})
    assert log[-1][5] is True


def test_the_function_wizard_is_told() -> None:
    assert wizard_told(("wizard", False), TERM, ("wizard", True), TERM, ("wizard", False), TERM) == [False, True, False]


def test_a_command_that_is_off_from_the_start_is_no_wizard() -> None:
    # a policy, or another add-in, has taken it away: cells must not stay #N/A
    assert wizard_told(TERM, TERM, excel={"no New": True}) == [False, False]


def wizard_told(*steps: tuple[Any, ...], **given: Any) -> list[Any]:
    """What the engine was told of the Function Wizard at each call."""
    happened = play({"addin": str(WORKBOOK / ADD_IN), "steps": steps, "caller": CALLER, **given})
    return [event[6] for event in happened["log"] if event[0] == "Call"]


@pytest.mark.parametrize(
    ("value", "formula", "called"),
    [
        # a formula never comes to Empty: this one waits to be calculated
        ([[1.0, None]], [["1", "=B9*2"]], False),
        (None, "=B9*2", False),
        ([[1.0, 4.0]], [["1", "=B9*2"]], True),
        ([[1.0, ""]], [["1", '=""']], True),
        # blank, or a text that only begins like a formula
        ([[None, "=x"], [2.0, 3.0]], [["", "=x"], ["2", "=A1"]], True),
    ],
)
def test_a_long_calculation_waits_for_its_arguments(value: Any, formula: Any, called: bool) -> None:
    held = a_range("[Book1.xlsx]Holdings!$A$1:$B$1", value=value, formula=formula)
    arguments = [TARGETS, held, TARGETS, TARGETS, TARGETS, TARGETS]
    _, log = answers(("REBAL_TRADES", *arguments), ("REBAL_DRIFT", held, TARGETS))
    assert [event[1] for event in log if event[0] == "Call"] == ["REBAL_TRADES"] * called + ["REBAL_DRIFT"]


def test_dates_of_two_systems_are_never_mixed() -> None:
    got, log = answers(
        ("REBAL_TERM", a_range("[Old.xls]A!$A$1", value=1, date1904=True), 2), ("REBAL_WHY", {"range": CALLER})
    )
    assert got[0] == VALUE
    assert "counts its dates from another year" in got[1]
    assert log == []


def test_whole_columns_are_cut_to_what_is_used() -> None:
    used = {"address": "[Book1.xlsx]Holdings!$A$1:$C$40", "size": [40, 3], "value": "used"}
    whole = a_range("[Book1.xlsx]Holdings!$A:$C", size=[1_048_576, 3], value="a million rows", used=used)
    _, log = answers(("REBAL_CHECK", whole, TARGETS))
    assert log[-1][2][0] == "used"
    assert log[-1][3][0] == "[Book1.xlsx]Holdings!$A$1:$C$40"


def test_a_whole_column_of_an_empty_sheet_is_empty() -> None:
    _, log = answers(("REBAL_CHECK", a_range("[Book1.xlsx]New!$A:$C", size=[1_048_576, 3]), TARGETS))
    assert (log[-1][2][0], log[-1][3][0]) == (None, "")


def test_several_areas_are_refused_with_the_reason() -> None:
    got, log = answers(
        ("REBAL_DRIFT", a_range("$A$1:$B$2,$D$1:$E$2", areas=2), TARGETS), ("REBAL_WHY", {"range": CALLER})
    )
    assert got[0] == VALUE
    assert got[1].startswith("An argument has several separate areas.")
    assert log == []


def test_a_reason_is_forgotten_when_the_cell_is_right_again() -> None:
    got, _ = answers(
        ("REBAL_DRIFT", a_range("$A$1:$B$2,$D$1:$E$2", areas=2), TARGETS),
        ("REBAL_DRIFT", HOLDINGS, TARGETS),
        ("REBAL_WHY", {"range": CALLER}),
        engine={"Call": ["right"], "Why": [""]},
    )
    assert got == [VALUE, "right", ""]


@pytest.mark.parametrize(
    ("answer", "cell"),
    [
        ("#REBAL!VALUE|Holdings has no column Symbol.", VALUE),
        ("#REBAL!NA|No law for 2031.", NA),
        ("#REBAL!NUM|Below zero.", NUM),
        ("#REBAL!", VALUE),
        ("#REBAL", "#REBAL"),
        ("Long", "Long"),
        (0.125, 0.125),
        (True, True),
    ],
)
def test_answers_that_are_errors_become_error_values(answer: object, cell: object) -> None:
    assert answers(("REBAL_TERM", 1, 2), engine={"Call": [answer]})[0] == [cell]


def test_without_the_engine_cells_say_na_and_why_and_windows_is_asked_once() -> None:
    formulas = [("REBAL_TERM", 1, 2)] * 5
    got, log = answers(*formulas, ("REBAL_WHY", {"range": CALLER}), create=[NOT_REGISTERED])
    assert got[:5] == [NA] * 5
    for part in ("not installed for this user on this computer", "run the rebal_xl installer", "as administrator"):
        assert part in got[5]
    assert log == [["CreateObject", "RebalXL.Engine"]]


def test_an_engine_that_does_not_start_says_what_windows_says() -> None:
    failed = {"error": -2146959355, "text": "Server execution failed"}
    got, _ = answers(("REBAL_VERSION",), ("REBAL_WHY", {"range": CALLER}), create=[failed])
    assert got[0] == NA
    assert "installed but did not start" in got[1]
    assert "Server execution failed (-2146959355)" in got[1]


def test_an_engine_that_died_is_started_once_more_and_only_once() -> None:
    got, log = answers(("REBAL_TERM", 1, 2), engine={"Call": [GONE, "Long"]})
    assert got == ["Long"]
    assert [event[0] for event in log] == ["CreateObject", "Call", "CreateObject", "Call"]
    got, log = answers(("REBAL_TERM", 1, 2), engine={"Call": [GONE, GONE, "Long"]})
    assert got == [NA]
    assert len(log) == 4


def test_an_engine_that_is_busy_is_not_started_anew() -> None:
    busy = {"error": -2147418111, "text": "Call was rejected by callee"}
    got, log = answers(("REBAL_TERM", 1, 2), engine={"Call": [busy]})
    assert got == [NA]
    assert [event[0] for event in log] == ["CreateObject", "Call"]


def test_why_asks_the_engine_about_the_cell_that_holds_the_formula() -> None:
    spilled = {"address": "[Book1.xlsx]Plan!$D$9", "spills from": "[Book1.xlsx]Plan!$B$2"}
    got, log = answers(("REBAL_WHY", {"range": spilled}), engine={"Why": ["Holdings has no column Symbol."]})
    assert log[-1] == ["Why", "[Book1.xlsx]Plan!$B$2"]
    assert got == ["Holdings has no column Symbol."]


def test_why_of_something_else_than_a_cell_says_how_to_use_it() -> None:
    assert "for example =REBAL_WHY(B2)" in answers(("REBAL_WHY", 3))[0][0]


def test_cells_that_cannot_be_read_are_said_to_be() -> None:
    broken = a_range("$A$1", **{"Value2 fails": "Out of memory"})
    got, log = answers(("REBAL_TERM", broken, 2), ("REBAL_WHY", {"range": CALLER}))
    assert got == [VALUE, "The cells of an argument could not be read: Out of memory"]
    assert log == []


def test_where_there_is_no_value2_the_value_is_read() -> None:
    _, log = answers(("REBAL_TERM", a_range("$A$1", **{"no Value2": True}), 2))
    assert log[-1][2] == ["cut to the cent", 2]
