"""`frontier`: what coming nearer to the target costs the Riveras, as a table, a document and a sheet."""

import signal
from dataclasses import replace

import openpyxl
import pytest

import rebal_xl
from rebal_xl import api
from rebal_xl.household import CostTerm
from rebal_xl.sheets.results_frontier import beside_curve
from tests.cli.riveras import call, call_json, riveras
from tests.sheets.miller import PLAN
from tests.sheets.test_results_frontier import FRONTIER, NEAR


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return riveras(tmp_path_factory.mktemp("frontier") / "riveras.xlsx")


@pytest.fixture(scope="module")
def told(file):
    code, document = call_json("frontier", file, "--points", "3", "--out", file.with_name("curve.xlsx"))
    assert code == 0
    return document


def test_the_document_says_what_the_python_interface_says(file, told):
    found = rebal_xl.frontier(*rebal_xl.read_workbook(file), points=3)
    answer = told["frontier"]
    assert [point["drift_cap"] for point in answer["points"]] == [round(each.drift_cap, 10) for each in found.points]
    assert [point["money_usd"] for point in answer["points"]] == [round(each.money_usd, 2) for each in found.points]
    assert [point["orders"] for point in answer["points"]] == [each.orders for each in found.points]
    assert answer["extra_usd"] == round(found.extra_usd, 2)
    assert answer["fingerprint"] == found.chosen.fingerprint
    assert answer["chosen"]["money_usd"] - answer["beside_chosen"]["money_usd"] == pytest.approx(
        answer["extra_usd"], abs=0.011
    )
    for point in answer["points"]:
        assert len(point["trades"]) == point["orders"]


def test_the_sheet_stands_beside_the_plan(told):
    workbook = openpyxl.load_workbook(told["written"]["workbook"])
    assert {"Frontier", "Drift", "Trades", "Tax", "Run Log"} <= set(workbook.sheetnames)
    sheet = workbook["Frontier"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(index for index, row in enumerate(rows) if row[0] == "Drift Allowed")
    points = told["frontier"]["points"]
    for row, point in zip(rows[start + 1 :], points, strict=False):
        figures = dict(zip(rows[start], row, strict=True))
        assert figures["Drift Allowed"] == pytest.approx(point["drift_cap"], abs=1e-9)
        assert figures["Cost"] == pytest.approx(point["money_usd"], abs=0.006)
        assert figures["Orders"] == point["orders"]
    mine = next(row for row in rows if row[0] == "This plan (Opportunistic)")
    assert mine[2] == pytest.approx(told["frontier"]["chosen"]["money_usd"], abs=0.006)
    assert len(sheet._charts) == 1


def test_the_table_names_every_point_and_the_price_of_the_bands(file, told):
    result = call("frontier", file, "--points", "3", "--out", file.with_name("shown.xlsx"))
    assert result.exit_code == 0
    for point in told["frontier"]["points"]:
        assert f"{point['money_usd']:,.2f}" in result.stdout
    flat = " ".join(result.stdout.split())
    assert "The plan by method Opportunistic leaves" in flat
    assert f"${told['frontier']['extra_usd']:,.2f} more than the cheapest plan that leaves as little" in flat


def test_an_earlier_frontier_is_kept_beside_a_new_one(told):
    again = told["written"]["workbook"]
    assert call("frontier", again, "--points", "2", "--in-place").exit_code == 0
    assert {"Frontier", "Frontier (previous)"} <= set(openpyxl.load_workbook(again).sheetnames)


def test_ctrl_c_keeps_what_was_found(file, monkeypatch):
    search = api.frontier

    def interrupted(household, policy, *, points, progress):
        asked = []

        def stop(found, total, seconds):
            if not asked:
                asked.append(total)
                signal.raise_signal(signal.SIGINT)
            return progress(found, total, seconds)

        return search(household, policy, points=points, progress=stop)

    monkeypatch.setattr(api, "frontier", interrupted)
    code, document = call_json("frontier", file, "--points", "4", "--out", file.with_name("stopped.xlsx"))
    assert code in (0, 3)
    assert document["frontier"]["status"] == "cancelled"


def test_nothing_to_keep_ends_as_interrupted(file, monkeypatch):
    def interrupted(household, policy, *, points, progress):
        signal.raise_signal(signal.SIGINT)
        raise api.SolverError("The solver found no plan.")

    monkeypatch.setattr(api, "frontier", interrupted)
    assert call("frontier", file, "--out", file.with_name("none.xlsx")).exit_code == 130


def test_one_point_is_a_wrong_call_and_a_broken_workbook_a_problem(file, tmp_path):
    assert call("frontier", file, "--points", "1").exit_code == 2
    assert call("frontier", file, "--out", tmp_path / "a.xlsx", "--in-place").exit_code == 2
    code, document = call_json("frontier", tmp_path / "nothing.xlsx")
    assert code == 1
    assert document["frontier"] is None
    assert document["written"] is None


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (0.49, "no plan that leaves as little is known to cost less"),
        (0.51, "costs $0.51 more than the cheapest plan"),
        # the cheapest of that drift is proven within $7.25 only
        (-7.20, "no plan that leaves as little is known to cost less"),
        (-7.30, "costs $7.30 less than the cheapest plan"),
    ],
)
def test_a_difference_within_the_proof_is_none(extra, words):
    beside = replace(FRONTIER.beside_chosen, plan=replace(NEAR, cost_terms=(CostTerm("tax", PLAN.money_usd - extra),)))
    assert words in beside_curve(replace(FRONTIER, beside_chosen=beside))
