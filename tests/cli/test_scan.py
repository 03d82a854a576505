"""`scan`: a folder of households in one table and one document; what cannot be read stops nothing."""

import io
import signal
from pathlib import Path

import pytest
from rich.console import Console

import rebal_xl
from rebal_xl.cli import scan as command
from rebal_xl.cli.progress import Watch
from rebal_xl.practice import scan
from tests.cli.riveras import call, call_json
from tests.practice.books import DDE_FILE, balanced, simple, whole_book


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_book(tmp_path_factory.mktemp("firm"))


def test_the_document_says_what_the_python_interface_says_of_each_file(folder):
    code, document = call_json("scan", folder)
    assert code == 1
    told = document["scan"]
    assert (told["complete"], told["files"], told["folder"]) == (True, 7, str(folder))
    assert [one["file"] for one in told["households"]] == [one.file for one in scan(folder).households]
    for one in told["households"]:
        if one["problems"]:
            assert (one["to_do"], one["value_usd"], one["needed"]) == (["mend the workbook"], None, None)
            continue
        measured = rebal_xl.drift(*rebal_xl.read_workbook(folder / one["file"]))
        assert one["household_drift"] == round(measured.household_drift, 10)
        assert one["value_usd"] == round(measured.value_usd, 2)
        assert (one["needed"], one["outside"]) == (measured.needed, list(measured.outside))
    assert "~$Rivera.xlsx" in {one["file"] for one in told["skipped"]}


def test_the_table_shows_every_household_and_why_others_cannot_be_read(folder):
    result = call("scan", folder)
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    # 75 % of a target of 60 %
    (lee,) = [line for line in result.stdout.splitlines() if "15.00%" in line]
    assert "Rebalance" in lee
    assert "- bomb.xlsx: " in result.stdout
    assert "- ~$Rivera.xlsx: left by a program" in result.stdout
    assert result.stdout.strip().endswith("4 files cannot be read.")


def test_a_folder_without_problems_ends_well(tmp_path):
    balanced(tmp_path / "abel.xlsx")
    simple(tmp_path / "lee.xlsx", "Lee", 75_000.0, 25_000.0)
    code, document = call_json("scan", tmp_path, "--as-of", "2026-11-27")
    assert code == 0
    assert [(one["household"], one["to_do"]) for one in document["scan"]["households"]] == [
        ("Lee", ["rebalance"]), ("Abel", []),
    ]  # fmt: skip
    assert {one["as_of"] for one in document["scan"]["households"]} == {"2026-11-27"}


def test_a_folder_that_is_none(tmp_path):
    result = call("scan", tmp_path / "gone")
    assert result.exit_code == 1
    assert "There is no folder" in result.stderr
    code, document = call_json("scan", tmp_path / "gone")
    assert (code, document["scan"]) == (1, None)
    assert call("scan", tmp_path).exit_code == 0


def test_ctrl_c_shows_what_was_scanned_so_far(folder, monkeypatch):
    def interrupted_at_the_third(where, progress, as_of):
        def and_interrupt(number, files, name):
            if number == 3:
                signal.raise_signal(signal.SIGINT)
            return progress(number, files, name)

        return scan(where, and_interrupt, as_of)

    monkeypatch.setattr(command, "scan_folder", interrupted_at_the_third)
    result = call("scan", folder)
    assert result.exit_code == 130
    assert "Stopped after 2 of 7 files." in result.stdout
    code, document = call_json("scan", folder)
    assert code == 130
    assert not document["scan"]["complete"]
    assert {one["file"] for one in document["scan"]["households"]} == {DDE_FILE, "abel.xlsx"}


def test_ctrl_c_before_the_first_file(folder, monkeypatch):
    def interrupted(where, progress, as_of):
        signal.raise_signal(signal.SIGINT)
        return scan(where, progress, as_of)

    monkeypatch.setattr(command, "scan_folder", interrupted)
    code, document = call_json("scan", folder)
    assert (code, document["scan"]) == (130, None)
    assert [one["code"] for one in document["problems"]] == ["interrupted"]


def test_a_terminal_is_told_how_far_it_is_whatever_a_file_is_called():
    stream = io.StringIO()
    with Watch(Console(file=stream, force_terminal=True, width=120)) as watch:
        assert watch.files(12, 300, "[/bold] Miller.xlsx") is False
    assert "Reading 12 of 300: [/bold] Miller.xlsx" in stream.getvalue()
