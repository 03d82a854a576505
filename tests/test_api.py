"""The Python interface, as somebody writes it in a notebook: read, measure, plan, write."""

import ast
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

import rebal_xl
from rebal_xl.household import Lot
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "riveras.xlsx"
    save_workbook(build_template(sample_household(), sample_policy()), path)
    return path


@pytest.fixture(scope="module")
def plan():
    """The plan for the sample household under its own policy, as the workbook's reader would see both."""
    return rebal_xl.rebalance(sample_household(), sample_policy())


def test_every_public_name_is_there_and_the_types_file_names_the_same():
    for name in rebal_xl.__all__:
        assert getattr(rebal_xl, name) is not None
    typed = ast.parse((ROOT / "rebal_xl" / "__init__.pyi").read_text(encoding="utf-8"))
    homes = {name.name: one.module for one in typed.body if isinstance(one, ast.ImportFrom) for name in one.names}
    assert homes == rebal_xl._HOMES
    assert set(rebal_xl.__all__) <= set(dir(rebal_xl))
    with pytest.raises(AttributeError, match="rebalence"):
        _ = rebal_xl.rebalence


def test_what_is_read_is_what_was_written(file):
    household, policy = rebal_xl.read_workbook(str(file))
    assert policy == sample_policy()
    assert household.total_usd == pytest.approx(sample_household().total_usd, abs=0.005)
    assert rebal_xl.drift(household, policy).needed


def test_the_day_that_is_asked_for_comes_before_the_setting(file):
    assert rebal_xl.read_workbook(file)[1].as_of == sample_policy().as_of
    assert rebal_xl.read_workbook(file, as_of=date(2026, 11, 24))[1].as_of == date(2026, 11, 24)


def test_problems_come_all_at_once(tmp_path):
    path = tmp_path / "empty.xlsx"
    save_workbook(build_template(), path)
    with pytest.raises(rebal_xl.InputErrors) as caught:
        rebal_xl.read_workbook(path)
    assert caught.value.problems == rebal_xl.check(path)
    assert caught.value.problems


def test_check_finds_the_missing_tax_profile_before_the_optimizer_does(tmp_path):
    bare = replace(
        sample_household(),
        taxpayers=(),
        accounts=tuple(replace(account, taxpayer="") for account in sample_household().accounts),
    )
    path = tmp_path / "bare.xlsx"
    save_workbook(build_template(bare, sample_policy()), path)
    errors = [one for one in rebal_xl.check(path) if one.severity is rebal_xl.Severity.ERROR]
    assert errors
    with pytest.raises(rebal_xl.InputErrors):
        rebal_xl.rebalance(*rebal_xl.read_workbook(path))


def test_the_plan_goes_into_a_copy_and_the_file_keeps_every_byte(file):
    held = file.read_bytes()
    household, policy = rebal_xl.read_workbook(file)
    written = rebal_xl.write_plan(file, rebal_xl.rebalance(household, policy))
    assert written == rebal_xl.default_output(file).with_name("riveras rebalanced.xlsx")
    assert file.read_bytes() == held
    assert "Trades" in openpyxl.load_workbook(written).sheetnames


def test_a_plan_of_another_household_is_not_written(file, plan):
    household, policy = rebal_xl.read_workbook(file)
    first = household.accounts[0].name
    richer = replace(household, lots=(*household.lots, Lot(first, "VTI", 1.0, 300.0, date(2020, 1, 2), lot_id="new")))
    other = rebal_xl.rebalance(richer, policy)
    with pytest.raises(rebal_xl.FileRefused, match="Make the plan again"):
        rebal_xl.write_plan(file, other)
    assert list(file.parent.iterdir()) == [file]


def test_a_plan_under_another_policy_is_written_when_the_policy_is_given(file):
    household, policy = rebal_xl.read_workbook(file)
    full = replace(policy, method=rebal_xl.Method.FULL, gap_bp=1.0)
    plan = rebal_xl.rebalance(household, full)
    with pytest.raises(rebal_xl.FileRefused):
        rebal_xl.write_plan(file, plan, in_place=True)
    assert rebal_xl.write_plan(file, plan, in_place=True, policy=full) == file
    assert "Run Log" in openpyxl.load_workbook(file).sheetnames


def test_two_places_at_once_and_text_files_are_refused(file, plan, tmp_path):
    with pytest.raises(ValueError, match="not both"):
        rebal_xl.write_plan(file, plan, tmp_path / "plan.xlsx", in_place=True)
    with pytest.raises(rebal_xl.FileRefused, match=r"must end in '\.xlsx'"):
        rebal_xl.write_plan(file, plan, tmp_path / "plan.xlsm")
    with pytest.raises(rebal_xl.FileRefused, match="text file"):
        rebal_xl.write_plan(tmp_path / "positions.csv", plan)
    assert list(tmp_path.iterdir()) == [file]


def test_progress_can_stop_the_search_with_the_best_plan_so_far():
    seen = []

    def enough(cost_usd, bound_usd, seconds):
        seen.append((cost_usd, bound_usd))
        return cost_usd < float("inf")

    stopped = rebal_xl.rebalance(sample_household(), sample_policy(), progress=enough)
    assert stopped.status == "cancelled"
    assert stopped.bound_usd <= stopped.cost_usd
    assert seen


def test_the_fingerprint_is_the_same_in_every_process():
    """Account menus are sets, and Python gives sets another order in every process."""
    script = (
        "from rebal_xl.optimize.assemble import fingerprint\n"
        "from rebal_xl.sample import sample_household, sample_policy\n"
        "print(fingerprint(sample_household(), sample_policy()))\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert len(told.pop().strip()) == 16
