"""`report`: the Riveras' page beside their workbook, as a file and as a document."""

import signal
from pathlib import Path

import pytest

import rebal_xl
from rebal_xl import api
from rebal_xl.cli import report as command
from rebal_xl.household import Method
from tests.cli.riveras import call, call_json, damaged, riveras
from tests.report.reading import one, parsed, text
from tests.report.test_page import png


@pytest.fixture
def file(tmp_path):
    return riveras(tmp_path / "riveras.xlsx", firm="Oak & Elm", logo="logo.png")


def test_the_page_stands_beside_the_workbook_and_is_that_of_the_python_interface(file):
    before = file.read_bytes()
    file.with_name("logo.png").write_bytes(png(4, 4))
    result = call("report", file)
    assert result.exit_code == 0
    page = file.with_name("riveras report.html")
    assert f"The report is in {page}" in result.stderr
    assert file.read_bytes() == before
    household, policy = rebal_xl.read_workbook(file)
    plan = rebal_xl.rebalance(household, policy)
    root = parsed(page.read_text(encoding="utf-8"))
    one(root, "//img").drop_tree()
    assert text(root) == text(parsed(rebal_xl.client_report(household, policy, plan)))
    headline = f"${plan.before.value_usd:,.0f}"
    assert headline in result.stdout
    assert headline in text(one(root, '//dl[@class="headlines"]'))
    # a second page takes another name
    assert call("report", file).exit_code == 0
    assert file.with_name("riveras report 2.html").read_bytes() == page.read_bytes()


def test_python_writes_the_same_page(file):
    file.with_name("logo.png").write_bytes(png())
    call("report", file)
    plan = rebal_xl.rebalance(*rebal_xl.read_workbook(file))
    path = rebal_xl.write_report(file, plan, file.with_name("mine.html"))
    assert path.read_bytes() == file.with_name("riveras report.html").read_bytes()


def test_the_document_names_page_and_backup(file):
    out = file.with_name("page.html")
    out.write_bytes(b"an older page")
    code, told = call_json("report", file, "--out", out, "--method", "full")
    assert code == 0
    assert told["report"]["household"] == "Rivera Household"
    assert told["report"]["method"] == "Full"
    assert told["report"]["as_of"] == "2026-11-20"
    assert told["written"]["page"] == str(out)
    assert Path(told["written"]["backup"]).read_bytes() == b"an older page"
    root = parsed(out.read_text(encoding="utf-8"))
    assert [card["figure"] for card in told["report"]["headlines"]] == [
        text(each) for each in root.xpath('//span[@class="big"]')
    ]
    # the logo is not there
    assert [each["code"] for each in told["problems"] if each["code"] == "logo"] == ["logo"]


def test_a_missing_logo_is_a_notice_on_the_screen(file):
    result = call("report", file)
    assert result.exit_code == 0
    assert "The report was made without a logo." in " ".join(result.stderr.split())


def test_with_points_there_is_a_frontier(file):
    out = file.with_name("curve.html")
    assert call("report", file, "--points", "3", "--out", out).exit_code == 0
    root = parsed(out.read_text(encoding="utf-8"))
    household, policy = rebal_xl.read_workbook(file)
    found = rebal_xl.frontier(household, policy, points=3)
    assert len(root.xpath('//figure[@id="frontier"]//circle')) == len(found.points) + 1


@pytest.mark.parametrize("shown", [True, False])
def test_it_opens_where_asked_to(file, monkeypatch, shown):
    opened = []
    monkeypatch.setattr(command, "show_file", lambda path: opened.append(path) or shown)
    result = call("report", file)
    assert opened == []
    result = call("report", file, "--open")
    assert result.exit_code == 0
    assert opened == [file.with_name("riveras report 2.html")]
    assert ("No browser was found" in result.stderr) is not shown


def test_what_cannot_be_written_is_told_before_the_search(file, monkeypatch):
    monkeypatch.setattr(api, "rebalance", None)
    for out in ("page.xlsx", "page", "."):
        result = call("report", file, "--out", file.parent / out)
        assert result.exit_code == 1
        assert result.stderr.count("Nothing") <= 1


def test_a_damaged_workbook_gives_its_problems_and_no_page(tmp_path):
    path, cell = damaged(tmp_path / "riveras.xlsx")
    code, told = call_json("report", path)
    assert code == 1
    assert told["report"] is None
    assert told["written"] is None
    assert cell in [each["cell"] for each in told["problems"]]
    assert list(tmp_path.glob("*.html")) == []


def test_a_workbook_that_changed_meanwhile_is_not_told_of(file, monkeypatch):
    search = api.rebalance

    def slow(household, policy, **named):
        plan = search(household, policy, **named)
        riveras(file, method=Method.HARVEST)
        return plan

    monkeypatch.setattr(api, "rebalance", slow)
    result = call("report", file)
    assert result.exit_code == 1
    assert "was changed in the meantime" in " ".join(result.stderr.split())
    assert list(file.parent.glob("*.html")) == []


def test_ctrl_c_before_there_is_a_plan_writes_nothing(file, monkeypatch):
    def interrupted(household, policy, **named):
        signal.raise_signal(signal.SIGINT)
        raise api.SolverError("The solver found no plan.")

    monkeypatch.setattr(api, "rebalance", interrupted)
    assert call("report", file).exit_code == 130
    assert list(file.parent.glob("*.html")) == []
