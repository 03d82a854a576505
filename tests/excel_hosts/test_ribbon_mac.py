"""The ribbon's VBA as Excel for Mac runs it, by an interpreter with `Mac` defined: from the click to the script."""

from pathlib import Path
from typing import Any

import pytest

from rebal_xl.excel.addin.build import ADD_IN
from rebal_xl.excel.mac import CANCEL, Request
from tests.tools.readers import play

pytestmark = pytest.mark.hosts

WORKBOOK = Path(__file__).parents[2] / "workbook"
NO_SCRIPT = {"error": 5, "text": "Invalid procedure call or argument"}


def scene(*steps: tuple[Any, ...], mac: list[Any], **given: Any) -> dict[str, Any]:
    """Play some steps in Excel for Mac; `mac` is what AppleScriptTask answers."""
    return play({"addin": str(WORKBOOK / ADD_IN), "steps": steps, "mac": mac, **given})


def of(played: dict[str, Any], name: str) -> list[list[Any]]:
    """The events of a name, without it."""
    return [event[1:] for event in played["log"] if event[0] == name]


def test_a_click_hands_job_and_workbook_to_the_one_script_and_is_over() -> None:
    played = scene(("click", "rebalance"), mac=["done|"])
    ((script, handler, parameter),) = of(played, "AppleScriptTask")
    assert (script, handler) == ("rebal_xl.applescript", "RunJob")
    assert Request.read(parameter) == Request("rebalance", "Household.xlsx")
    assert not of(played, "MsgBox")
    assert not of(played, "CreateObject")
    # nothing waits in Excel
    assert played["due"] == []


@pytest.mark.parametrize(
    "name",
    [
        '"; do shell script "open -a Calculator"; "',
        "'; touch /tmp/owned; '",
        "$(touch /tmp/owned)`id`|&\\ %00.xlsx",
        "Haushalt Müller – Größe 家計.xlsx",
        "1.6A.6B",
        "\n\r\t\x01.xlsx",
    ],
)
def test_whatever_a_workbook_is_called_only_hexadecimal_digits_leave_excel(name: str) -> None:
    played = scene(("click", "check"), mac=["done|"], book=name)
    parameter = of(played, "AppleScriptTask")[0][2]
    assert set(parameter) <= set("0123456789ABCDEF.")
    assert Request.read(parameter) == Request("check", name)


def test_cancel_is_handed_over_too_and_can_always_be_clicked() -> None:
    played = scene(("enabled", "cancel"), ("click", "cancel"), ("enabled", "rebalance"), mac=["done|"])
    assert Request.read(of(played, "AppleScriptTask")[0][2]) == Request(CANCEL, "Household.xlsx")
    assert played["answers"] == [True, True]


def test_without_a_workbook_an_empty_name_goes_over() -> None:
    played = scene(("click", "new_workbook"), mac=["done|"], excel={"workbook": None})
    assert Request.read(of(played, "AppleScriptTask")[0][2]) == Request("new_workbook", "")


def test_what_the_script_cannot_do_is_told() -> None:
    told = "The rebal_xl engine is not installed for this user on this Mac: start install-mac.command, once."
    played = scene(("click", "check"), mac=[f"failed|{told}"])
    assert [event[0] for event in of(played, "MsgBox")] == [told]


def test_a_mac_without_the_script_is_told_to_run_the_installer() -> None:
    played = scene(("click", "check"), mac=[NO_SCRIPT])
    ((told, *_),) = of(played, "MsgBox")
    assert "install-mac.command" in told
    assert NO_SCRIPT["text"] in told


def test_no_job_begins_while_a_cell_is_edited() -> None:
    played = scene(("click", "check"), mac=[], excel={"ready": False})
    assert not of(played, "AppleScriptTask")
    assert len(of(played, "MsgBox")) == 1


def test_a_formula_gives_not_available_and_why_it_does() -> None:
    caller = {"address": "[Household.xlsx]Plan!$A$1"}
    steps = [("formula", "REBAL_VERSION"), ("formula", "REBAL_WHY", {"range": caller})]
    played = scene(*steps, mac=[], caller=caller)
    assert played["answers"][0] == {"error value": 2042}
    assert played["answers"][1].startswith("rebal_xl formulas need Excel for Windows.")
    assert not of(played, "CreateObject")
