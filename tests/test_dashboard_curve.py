"""The Dashboard's curve: there by default, found beside the plan, never at the price of a plan that was found."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import rebal_xl
from rebal_xl import api
from rebal_xl.household import Curve, Household, Plan, Policy
from rebal_xl.optimize.assemble import fingerprint
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template
from tests.sheets.reading import table_values


@pytest.fixture(scope="module")
def asked() -> tuple[Household, Policy, Plan]:
    household, policy = sample_household(), sample_policy()
    return household, policy, rebal_xl.rebalance(household, policy)


def test_it_goes_from_todays_drift_to_the_target_and_never_falls(asked: tuple[Household, Policy, Plan]) -> None:
    household, policy, plan = asked
    curve = rebal_xl.dashboard_curve(household, policy, plan)
    assert curve is not None
    assert curve.told == ""
    assert len(curve.points) == api.CURVE_POINTS
    assert curve.points[0].drift_cap == pytest.approx(plan.before.household_drift)
    drifts, costs = [point.drift for point in curve.points], [point.cost_usd for point in curve.points]
    assert drifts == sorted(drifts, reverse=True)
    assert costs == sorted(costs)


def test_whoever_does_not_want_it_does_not_wait_for_it(
    asked: tuple[Household, Policy, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    household, policy, plan = asked

    def never(*_: object, **__: object) -> None:
        raise AssertionError("nobody asked for a frontier")

    monkeypatch.setattr(api.asking, "find_frontier", never)
    assert rebal_xl.dashboard_curve(household, replace(policy, frontier_on_dashboard=False), plan) is None
    stopped = rebal_xl.dashboard_curve(household, policy, replace(plan, status="cancelled"))
    assert stopped == Curve(told="What coming nearer to the target costs is not shown: the search was stopped.")
    assert rebal_xl.dashboard_curve(household, policy, plan, progress=lambda *_: True) == stopped
    monkeypatch.setattr(api.asking, "CURVE_S", 10.0)
    for hard in (replace(plan, solve_seconds=10.5), replace(plan, status="deadline")):
        curve = rebal_xl.dashboard_curve(household, policy, hard)
        assert curve is not None
        assert curve.told.endswith("the plan alone took longer than the 10 seconds for it.")


def test_the_clock_stops_it_with_what_was_proven_by_then(
    asked: tuple[Household, Policy, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    household, policy, plan = asked
    monkeypatch.setattr(api.asking, "CURVE_S", 600.0)
    whole = api.asking.find_frontier(household, policy, points=4, plan=plan)
    late = replace(whole.points[2], plan=replace(whole.points[2].plan, status="cancelled"))
    calls: list[bool] = []

    def slow(*_: object, progress: object, **__: object) -> object:
        assert callable(progress)
        calls.extend(progress(2, 5, seconds) for seconds in (59.9, 60.0))
        return replace(whole, points=(*whole.points[:2], late), status="cancelled")

    monkeypatch.setattr(api.asking, "find_frontier", slow)
    curve = api.dashboard_curve(household, policy, plan)
    # the policy's own deadline of a minute is the earlier one
    assert policy.deadline_s == 60.0
    assert calls == [False, True]
    assert curve == Curve(
        whole.points[:2], "What coming nearer to the target costs is shown in part: 60 seconds were not enough."
    )


def test_a_wish_to_stop_is_heard_while_it_is_looked_for(asked: tuple[Household, Policy, Plan]) -> None:
    household, policy, plan = asked
    calls: list[int] = []

    def progress(found: int, total: int, seconds: float) -> bool:
        calls.append(total)
        return len(calls) > 1

    curve = api.dashboard_curve(household, policy, plan, progress=progress)
    assert curve is not None
    assert "the search was stopped" in curve.told
    assert len(curve.points) < api.CURVE_POINTS
    # six caps, and the plan's own drift
    assert set(calls) == {api.CURVE_POINTS + 1}


def test_the_setting_is_read_and_is_no_part_of_what_a_plan_is_made_from(tmp_path: Path) -> None:
    path = tmp_path / "riveras.xlsx"
    off = replace(sample_policy(), frontier_on_dashboard=False)
    save_workbook(build_template(sample_household(), off), path)
    household, policy = rebal_xl.read_workbook(path)
    assert policy.frontier_on_dashboard is False
    assert fingerprint(household, policy) == fingerprint(household, replace(policy, frontier_on_dashboard=True))


@pytest.mark.parametrize("wanted", [True, False])
def test_a_plan_is_written_with_it_by_default(
    asked: tuple[Household, Policy, Plan], tmp_path: Path, wanted: bool
) -> None:
    path = tmp_path / "riveras.xlsx"
    save_workbook(build_template(asked[0], replace(asked[1], frontier_on_dashboard=wanted)), path)
    household, policy = rebal_xl.read_workbook(path)
    book = openpyxl.load_workbook(rebal_xl.write_plan(path, rebal_xl.rebalance(household, policy)))
    assert "Frontier" not in book.sheetnames
    assert ("DashboardCurve" in book["Dashboard"].tables) is wanted
    if wanted:
        assert len(table_values(book, "DashboardCurve")) == api.CURVE_POINTS
