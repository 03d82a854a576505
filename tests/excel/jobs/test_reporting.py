"""Client report: the last plan as a page among the advisor's documents, and in the browser."""

from dataclasses import replace
from pathlib import Path

import pytest
import xlwings

from rebal_xl import api
from rebal_xl.excel.jobs import Jobs, reporting
from rebal_xl.household import Method
from tests.excel.jobs.ribbon import click, number, place_of, tabs, type_in, wait
from tests.excel.jobs.slow import SlowCurve
from tests.report.reading import one, parsed, text
from tests.report.test_page import png


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "Documents"
    monkeypatch.setattr(reporting, "documents_folder", lambda: folder)
    return folder


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    opened: list[Path] = []
    monkeypatch.setattr(reporting, "show", lambda path: opened.append(path) or True)
    return opened


NAME = "Rivera Household report 2026-11-20.html"


def test_without_a_plan_one_is_made_and_said_to_be_new(household: xlwings.Book, household_file, documents, shown):
    before = tabs(household)
    message = click(Jobs(), "client_report", household)
    path = documents / NAME
    assert message.startswith(f"done|The report is {path}. No plan of these values was on the sheets")
    assert "by method Opportunistic" in message
    assert "It opens in your browser, and prints from there. Read it before you hand it on." in message
    assert shown == [path]
    assert tabs(household) == before
    found = api.read_workbook(household_file)
    plan = api.rebalance(*found)
    curve = api.dashboard_curve(*found, plan)
    assert path.read_text(encoding="utf-8") == api.client_report(*found, plan, frontier=curve)
    # what coming nearer costs is on it, though nothing of it was known
    assert one(parsed(path.read_text(encoding="utf-8")), '//figure[@id="frontier"]//svg') is not None


def test_the_last_plan_is_told_whatever_its_method(household: xlwings.Book, household_file, documents, monkeypatch):
    jobs = Jobs()
    click(jobs, "harvest", household)
    # nothing is planned anew
    monkeypatch.setattr(api, "rebalance", None)
    monkeypatch.setattr(api, "dashboard_curve", None)
    message = click(jobs, "client_report", household)
    assert message.startswith(f"done|The report of the last plan, by method Harvest, is {documents / NAME}.")
    monkeypatch.undo()
    read, policy = api.read_workbook(household_file)
    harvest = replace(policy, method=Method.HARVEST)
    plan = api.rebalance(read, harvest)
    wanted = api.client_report(read, harvest, plan, frontier=api.dashboard_curve(read, harvest, plan))
    assert (documents / NAME).read_text(encoding="utf-8") == wanted


def test_stopping_beside_the_plan_makes_the_page_without_its_curve(household: xlwings.Book, documents, monkeypatch):
    jobs, slow = Jobs(), SlowCurve()
    monkeypatch.setattr(api, "dashboard_curve", slow)
    started = jobs.start("client_report", household, "")
    assert slow.told.wait(60)
    assert jobs.poll(number(started)).startswith("running|Client report: what coming nearer costs, 2 of 7 plans, ")
    assert jobs.cancel(number(started)) == reporting.GOING_ON
    assert wait(jobs, started).startswith("ready|Client report: saving")
    message = jobs.finish(number(started), household, False)
    assert message.startswith(f"done|The report is {documents / NAME}.")
    assert message.endswith("\nWhat coming nearer to the target costs is not shown: the search was stopped.")
    page = parsed((documents / NAME).read_text(encoding="utf-8"))
    assert not page.xpath('//section[@id="steps"]')
    # the plan itself was not stopped
    assert page.xpath('//section[@id="trades"]//table')


def test_a_curve_that_was_stopped_under_rebalance_is_looked_for_again(household: xlwings.Book, documents, monkeypatch):
    jobs, slow = Jobs(), SlowCurve()
    with monkeypatch.context() as patched:
        patched.setattr(api, "dashboard_curve", slow)
        started = jobs.start("rebalance", household, "")
        assert slow.told.wait(60)
        jobs.cancel(number(started))
        wait(jobs, started)
        assert jobs.finish(number(started), household, False).startswith("done|")
    message = click(jobs, "client_report", household)
    assert message.startswith("done|The report of the last plan")
    assert "is not shown" not in message
    page = parsed((documents / NAME).read_text(encoding="utf-8"))
    assert one(page, '//section[@id="steps"]') is not None


def test_whoever_wants_no_curve_on_the_dashboard_gets_none_on_the_page(household: xlwings.Book, documents):
    row, column = place_of(household, "Settings", "Frontier on Dashboard")
    type_in(household, "Settings", row, column + 1, "No")
    message = click(Jobs(), "client_report", household)
    assert "is not shown" not in message
    assert not parsed((documents / NAME).read_text(encoding="utf-8")).xpath('//section[@id="steps"]')


def test_a_plan_of_other_values_is_not_told(household: xlwings.Book, documents):
    jobs = Jobs()
    click(jobs, "harvest", household)
    row, column = place_of(household, "Holdings", "Quantity")
    type_in(household, "Holdings", row + 1, column, 1000.0)
    message = click(jobs, "client_report", household)
    assert "No plan of these values was on the sheets, so it is of a new one, by method Opportunistic" in message
    assert len(list(documents.iterdir())) == 1


def test_values_that_change_meanwhile_are_asked_about(household: xlwings.Book, documents):
    jobs = Jobs()
    started = jobs.start("client_report", household, "")
    assert wait(jobs, started).startswith("ready|Client report: saving")
    row, column = place_of(household, "Holdings", "Quantity")
    type_in(household, "Holdings", row + 1, column, 1000.0)
    assert jobs.finish(number(started), household, False).startswith("changed|")
    assert not documents.exists()
    assert jobs.finish(number(started), household, True).startswith("done|")


def test_files_of_the_advisors_are_left_alone(household: xlwings.Book, documents, shown):
    documents.mkdir()
    (documents / NAME).write_bytes(b"his own")
    jobs = Jobs()
    click(jobs, "client_report", household)
    second = documents / NAME.replace(".html", " 2.html")
    assert (documents / NAME).read_bytes() == b"his own"
    assert shown == [second]
    (documents / NAME).write_bytes(second.read_bytes())
    # the very page is there: it is shown again, not written again
    click(jobs, "client_report", household)
    assert shown[-1] == documents / NAME
    assert len(list(documents.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_one_sentence(household: xlwings.Book, documents):
    documents.write_bytes(b"a file where the folder should be")
    message = click(Jobs(), "client_report", household)
    assert message == f"failed|The folder '{documents}' could not be made, so no report was saved."


def test_no_browser_is_no_failure(household: xlwings.Book, documents, monkeypatch):
    monkeypatch.setattr(reporting, "show", lambda path: False)
    message = click(Jobs(), "client_report", household)
    assert "Open it in your browser." in message
    assert (documents / NAME).exists()


def test_the_logo_lies_where_the_page_will(household: xlwings.Book, documents):
    row, column = place_of(household, "Settings", "Logo")
    type_in(household, "Settings", row, column + 1, "logo.png")
    jobs = Jobs()
    assert "The report was made without a logo." in click(jobs, "client_report", household)
    (documents / "logo.png").write_bytes(png(2, 2))
    message = click(jobs, "client_report", household)
    assert "without a logo" not in message
    page = documents / NAME.replace(".html", " 2.html")
    assert one(parsed(page.read_text(encoding="utf-8")), "//img").get("src").startswith("data:image/png;base64,")


def test_a_name_cannot_lead_out_of_the_folder(household: xlwings.Book, documents, shown):
    row, column = place_of(household, "Settings", "Household Name")
    type_in(household, "Settings", row, column + 1, "..\\..\\Start Menu/<b>Riveras</b>")
    click(Jobs(), "client_report", household)
    assert [path.parent for path in shown] == [documents]
    assert shown[0].name == "Start Menu b Riveras b report 2026-11-20.html"
    assert "<b>" not in shown[0].read_text(encoding="utf-8")
    root = parsed(shown[0].read_text(encoding="utf-8"))
    assert text(one(root, '//p[@class="household"]')) == "..\\..\\Start Menu/<b>Riveras</b>"
