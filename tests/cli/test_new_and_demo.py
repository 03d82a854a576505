"""`new` and `demo`: the first things anybody types."""

import openpyxl

from tests.cli.riveras import call


def test_new_writes_the_template_and_never_over_a_file(tmp_path):
    file = tmp_path / "household.xlsx"
    assert call("new", file).exit_code == 0
    assert {"Holdings", "Targets", "Settings"} <= set(openpyxl.load_workbook(file).sheetnames)
    file.write_bytes(b"an hour of work")
    result = call("new", file)
    assert result.exit_code == 1
    assert "--force" in result.stderr
    assert file.read_bytes() == b"an hour of work"
    assert call("new", file, "--force").exit_code == 0
    (backup,) = tmp_path.glob("household.backup-*.xlsx")
    assert backup.read_bytes() == b"an hour of work"


def test_new_refuses_an_ending_that_excel_would_not_open(tmp_path):
    result = call("new", tmp_path / "household.xls")
    assert result.exit_code == 1
    assert ".xlsx" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_new_workbook_checks_as_empty_not_as_broken(tmp_path):
    file = tmp_path / "household.xlsx"
    call("new", file)
    result = call("check", file)
    assert result.exit_code == 1
    assert "Targets" in result.stdout


def test_demo_writes_the_household_the_custodians_files_and_the_plan(tmp_path):
    folder = tmp_path / "made" / "demo"
    result = call("demo", "--folder", folder)
    assert result.exit_code == 0
    assert "No plan under these rules is more than" in result.stdout
    assert str(folder / "household rebalanced.xlsx") in result.stderr
    assert len(list((folder / "custodians").glob("*.csv"))) == 6
    book = openpyxl.load_workbook(folder / "household rebalanced.xlsx")
    assert "Trades" in book.sheetnames
    assert "DashboardCurve" in book["Dashboard"].tables


def test_demo_again_leaves_the_same_files_and_a_backup_of_what_somebody_wrote(tmp_path):
    call("demo", "--folder", tmp_path)
    first = sorted(path.name for path in tmp_path.iterdir())
    call("demo", "--folder", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == first
    (tmp_path / "household.xlsx").write_bytes(b"tried something")
    call("demo", "--folder", tmp_path)
    (backup,) = tmp_path.glob("household.backup-*.xlsx")
    assert backup.read_bytes() == b"tried something"


def test_demo_in_the_place_of_a_file_is_a_sentence(tmp_path):
    (tmp_path / "demo").write_bytes(b"")
    result = call("demo", "--folder", tmp_path / "demo")
    assert result.exit_code == 1
    assert "--folder" in result.stderr
