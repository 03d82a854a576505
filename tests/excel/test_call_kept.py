"""The Function Wizard, reasons cell by cell, what is kept, and what nobody foresaw."""

from datetime import date

import pytest

from rebal_xl import log
from rebal_xl.excel import call as calls
from rebal_xl.excel import failures, reasons
from rebal_xl.excel.call import IN_WIZARD, call
from rebal_xl.excel.formulas import drift
from rebal_xl.excel.inputs import forget_households
from rebal_xl.excel.reasons import why
from tests.excel.asking import CALLER, ask, changed, refused
from tests.excel.millers import ACCOUNTS, AS_OF, HOLDINGS, SECURITIES, TARGETS, ask_millers

DRIFT = ("holdings", "targets", "securities", "accounts")


@pytest.fixture(autouse=True)
def nothing_kept():
    calls.forget_answers()
    reasons.forget()


def test_heavy_formulas_are_silent_in_the_function_wizard(monkeypatch):
    def fail(*_: object) -> None:
        raise AssertionError("nothing is computed in the wizard")

    monkeypatch.setattr(calls, "_computed", fail)
    for name in ("REBAL_TRADES", "REBAL_LOTS", "REBAL_TAX"):
        assert refused(ask(name, {}, wizard=True), "NA") == IN_WIZARD


def test_light_formulas_answer_in_the_function_wizard():
    asked = {"holdings": HOLDINGS, "targets": TARGETS, "securities": SECURITIES, "accounts": ACCOUNTS}
    assert ask("REBAL_NEEDED", asked, wizard=True) is True


def test_the_reason_is_gone_when_the_formula_succeeds():
    refused(ask_millers("REBAL_DRIFT", "holdings", "targets"))
    ask_millers("REBAL_DRIFT", *DRIFT)
    assert why(CALLER) == ""


def test_each_cell_has_its_own_reason():
    ask("REBAL_DRIFT", {"holdings": HOLDINGS}, caller="[B.xlsx]S!$A$1")
    ask("REBAL_TERM", {"acquired": "soon", "sold": AS_OF}, caller="'[My B.xlsx]It''s mine'!$A$1:$C$4")
    assert "targets" in why("[B.xlsx]S!A1")
    assert "soon" in why("'[My B.xlsx]It''s mine'!$A$1")
    assert why("[B.xlsx]S!$A$2") == ""


def test_the_reason_is_kept_when_the_answer_comes_from_the_cache():
    first = ask("REBAL_DRIFT", {"holdings": HOLDINGS}, caller="[B.xlsx]S!$A$1")
    second = ask("REBAL_DRIFT", {"holdings": HOLDINGS}, caller="[B.xlsx]S!$A$2")
    assert first == second
    assert why("[B.xlsx]S!$A$2") == why("[B.xlsx]S!$A$1") != ""


def test_an_unknown_caller_leaves_the_last_reason():
    # LibreOffice does not say who calls
    ask("REBAL_DRIFT", {"holdings": HOLDINGS}, caller="")
    ask("REBAL_VERSION", {}, caller="")
    assert "targets" in why("[B.xlsx]S!$A$1")


def test_why_as_a_formula_says_the_same():
    refused(ask_millers("REBAL_DRIFT", "holdings"))
    assert call("REBAL_WHY", [CALLER], caller="[B.xlsx]S!$Z$9") == why(CALLER) != ""


def test_reasons_are_bounded(monkeypatch):
    monkeypatch.setattr(reasons, "MOST_CELLS", 3)
    for row in range(1, 6):
        reasons.keep(f"[B.xlsx]S!$A${row}", f"reason {row}")
    assert [why(f"[B.xlsx]S!$A${row}") for row in range(1, 6)] == ["", "", "reason 3", "reason 4", "reason 5"]


def test_the_same_question_is_computed_once(monkeypatch):
    asked = []
    measured = drift.measure_drift
    monkeypatch.setattr(drift, "measure_drift", lambda *given: asked.append(1) or measured(*given))
    first = ask_millers("REBAL_DRIFT", *DRIFT)
    assert ask_millers("REBAL_DRIFT", *DRIFT) == first
    assert len(asked) == 1
    ask_millers("REBAL_DRIFT", *DRIFT[1:], holdings=changed(HOLDINGS, 1, 2, 101.0))
    assert len(asked) == 2


def test_what_is_asked_without_a_date_is_asked_anew_on_another_day(monkeypatch):
    asked = []
    measured = drift.measure_drift
    monkeypatch.setattr(drift, "measure_drift", lambda *given: asked.append(1) or measured(*given))
    for day in (date(2026, 11, 20), date(2026, 11, 21)):
        monkeypatch.setattr(calls, "today_in_new_york", lambda day=day: day)
        ask_millers("REBAL_DRIFT", *DRIFT)
    assert len(asked) == 2


def test_a_missing_as_of_is_told():
    ask_millers("REBAL_CHECK", *DRIFT)
    assert "No as-of date is given, so it is today in New York" in why(CALLER)
    ask_millers("REBAL_CHECK", *DRIFT, settings=(("Name", "Value"), ("As Of", AS_OF)))
    assert why(CALLER) == ""


def test_something_unexpected_is_one_sentence_and_a_log_without_account_numbers(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("account 12345678 has gone")

    monkeypatch.setattr(log.platformdirs, "user_log_dir", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(drift, "measure_drift", fail)
    said = refused(ask_millers("REBAL_DRIFT", *DRIFT))
    assert said.startswith("Something unexpected went wrong in rebal_xl, and nothing was changed. Details are in ")
    (written,) = tmp_path.iterdir()
    text = written.read_text(encoding="utf-8")
    assert "RuntimeError" in text
    assert "12345678" not in text


def test_no_log_is_no_reason_to_raise(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("gone")

    monkeypatch.setattr(log.platformdirs, "user_log_dir", fail)
    monkeypatch.setattr(drift, "measure_drift", fail)
    said = refused(ask_millers("REBAL_DRIFT", *DRIFT))
    assert said == f"Something unexpected went wrong in rebal_xl, and nothing was changed. {failures.NO_LOG}"


@pytest.mark.parametrize("order", [(1.0, True, 1.0), (True, 1.0, True)], ids=["1 first", "TRUE first"])
def test_one_and_true_are_not_taken_for_each_other_however_often_they_are_read(order):
    """Equal for Python; for the reader the whole of a target, and nothing that a target can be."""
    forget_households()
    for whole in order:
        targets = (("Asset Class", "Target %"), ("US Stocks", whole))
        answer = ask("REBAL_DRIFT", dict(zip(DRIFT, (HOLDINGS, targets, SECURITIES, ACCOUNTS), strict=True)))
        assert ("Target %" in refused(answer)) if whole is True else isinstance(answer, tuple)
