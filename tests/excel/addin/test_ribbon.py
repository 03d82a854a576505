"""The ribbon: every button leads to a job, says what it does, and can be reached from the keyboard."""

from pathlib import Path

import pytest
from lxml import etree

from rebal_xl.excel.addin.build import Sources, add_in_modules
from rebal_xl.excel.addin.modules import Kind, Module, SourceError
from rebal_xl.excel.addin.ribbon import Button, buttons, callbacks, check_ribbon
from rebal_xl.excel.formulas import CATALOG

WORKBOOK = Path(__file__).parents[3] / "workbook"
RIBBON = (WORKBOOK / "ribbon" / "customUI14.xml").read_text(encoding="utf-8")

JOBS = {
    *("new_workbook", "import_holdings", "check", "drift", "rebalance", "what_if", "harvest", "raise_cash", "location"),
    *("client_report", "orders", "scan_book", "settings", "help", "insert_formulas", "insert_template"),
    "understand",
}


@pytest.fixture(params=buttons(RIBBON), ids=lambda button: button.tag)
def button(request: pytest.FixtureRequest) -> Button:
    return request.param


def test_there_is_one_button_for_each_job_and_one_to_cancel() -> None:
    tags = [button.tag for button in buttons(RIBBON)]
    assert sorted(tags) == sorted([*JOBS, "cancel"])


def test_one_macro_takes_every_click() -> None:
    elements = etree.fromstring(RIBBON.encode()).iter("{*}button")
    assert {(each.get("onAction"), each.get("getEnabled")) for each in elements} == {
        ("RebalRibbonClicked", "RebalRibbonEnabled")
    }


def test_every_macro_that_the_ribbon_names_exists() -> None:
    assert callbacks(RIBBON) == {"RebalRibbonLoaded", "RebalRibbonClicked", "RebalRibbonEnabled"}
    check_ribbon(RIBBON, add_in_modules(Sources(WORKBOOK), CATALOG))


def test_a_macro_that_does_not_exist_stops_the_build() -> None:
    with pytest.raises(SourceError, match="RebalRibbonLoaded"):
        check_ribbon(
            RIBBON, [Module("RebalRibbon", Kind.STANDARD, "Public Sub RebalRibbonClicked(control As Object)\n")]
        )


def test_a_button_says_what_it_does(button: Button) -> None:
    assert button.icon
    assert 3 < len(button.label) <= 20
    # a title, then one to three sentences; Office shows up to 1,024 characters, nobody reads more than some 300
    assert 3 < len(button.screentip) <= 70
    assert not button.screentip.endswith(".")
    assert 30 < len(button.supertip) <= 300
    assert button.supertip.endswith(".")


def test_identifiers_and_key_tips_are_used_once() -> None:
    elements = list(etree.fromstring(RIBBON.encode()).iter("{*}*"))
    for name in ("id", "keytip"):
        values = [str(element.get(name)) for element in elements if element.get(name)]
        assert sorted(set(values)) == sorted(values)
    tips = [button.keytip for button in buttons(RIBBON)]
    assert all(len(tip) == 1 for tip in tips)


def test_no_button_waits_for_a_later_version(button: Button) -> None:
    assert "later version" not in button.screentip + button.supertip


def test_only_import_says_that_it_writes_into_inputs(button: Button) -> None:
    assert ("writes into your input" in button.supertip) == (button.tag == "import_holdings")
