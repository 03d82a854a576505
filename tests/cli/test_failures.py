"""What nobody expected: one sentence, exit code 70, the details in a log without account numbers, nothing written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import rebal_xl
from rebal_xl import log
from rebal_xl.cli import jobs
from tests.cli.riveras import call, call_json, riveras

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def logs(tmp_path, monkeypatch):
    folder = tmp_path / "logs"
    monkeypatch.setattr(log.platformdirs, "user_log_dir", lambda *_, **__: str(folder))
    return folder


def failing(error):
    def rebalance(*_, **__):
        raise error

    return rebalance


def test_a_run_that_goes_well_leaves_no_log(tmp_path, logs):
    assert call("drift", riveras(tmp_path / "riveras.xlsx")).exit_code == 0
    assert not logs.exists()


def test_an_error_of_ours_is_a_sentence_and_a_log(tmp_path, monkeypatch, logs):
    file = riveras(tmp_path / "riveras.xlsx")
    held = file.read_bytes()
    monkeypatch.setattr(jobs.api, "rebalance", failing(ZeroDivisionError("in account 221000418")))
    result = call("rebalance", file, "--in-place")
    assert result.exit_code == 70
    assert "Traceback" not in result.stdout + result.stderr
    (written,) = logs.iterdir()
    assert f"Details are in {written}\n" in result.stderr
    text = written.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert "8 accounts" in text
    assert "221000418" not in text
    assert "***418" in text
    assert file.read_bytes() == held


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (rebal_xl.EvaluatorDisagrees("The plan was not shown: its cost is $1.00, but $9.00 when recomputed."), 70),
        (rebal_xl.SolverError("The solver stopped with an error."), 70),
        (MemoryError(), 70),
        (rebal_xl.LawMissing("The tax law of 2031 is not known here."), 1),
    ],
)
def test_every_failure_has_its_sentence_in_text_and_json(tmp_path, monkeypatch, logs, error, code):
    file = riveras(tmp_path / "riveras.xlsx")
    monkeypatch.setattr(jobs.api, "rebalance", failing(error))
    result = call("rebalance", file)
    assert result.exit_code == code
    shown = " ".join(result.stderr.split())
    assert (str(error) or "nothing was changed") in shown
    json_code, document = call_json("rebalance", file)
    assert json_code == code
    assert document["plan"] is None
    assert document["written"] is None


def test_without_a_place_for_the_log_the_sentence_still_comes(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    monkeypatch.setattr(log.platformdirs, "user_log_dir", lambda *_, **__: str(blocked / "logs"))
    monkeypatch.setattr(jobs.api, "rebalance", failing(RuntimeError("x")))
    result = call("rebalance", riveras(tmp_path / "riveras.xlsx"))
    assert result.exit_code == 70
    assert "No log could be written" in result.stderr


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("account 221000418 is short", "account ***418 is short"),
        ("Z12345678 and 1234-5678", "***678 and ***678"),
        ("Joint Brokerage ...418", "Joint Brokerage ...418"),
        ("as of 2026-11-20, 1,234,567.89 at 9.5", "as of 2026-11-20, 1,234,567.89 at 9.5"),
        ("401(k), 60 lots, line 1234", "401(k), 60 lots, line 1234"),
    ],
)
def test_account_numbers_are_masked_and_days_and_dollars_are_not(text, masked):
    assert log.mask(text) == masked


def process(*arguments, script=None, **variables):
    command = [sys.executable, "-c", script] if script else [sys.executable, "-m", "rebal_xl", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=100)


def test_a_console_that_knows_only_ascii_or_a_code_page_is_served(tmp_path):
    file = tmp_path / "Müller – 家族.xlsx"
    riveras(file)
    for encoding in ("ascii", "cp437"):
        for command in ("check", "drift"):
            result = process(command, file, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
            assert result.returncode == 0, result.stderr
        assert b"US Large Cap" in result.stdout
    result = process("check", tmp_path / "家族.xlsx", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr


def test_a_second_ctrl_c_gives_up_at_once():
    script = (
        "import signal\n"
        "from rich.console import Console\n"
        "from rebal_xl.cli.progress import Watch\n"
        "with Watch(Console(stderr=True)) as watch:\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "    assert watch.report(2.0, 1.0, 5.0)\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "    print('still here')\n"
    )
    result = process(script=script)
    assert result.returncode == 130
    assert result.stdout == b""
    assert b"Nothing was written" in result.stderr


def test_the_version_is_told_without_loading_the_solver():
    script = "import sys, rebal_xl; print(rebal_xl.__version__, {'numpy', 'scipy', 'highspy'} & set(sys.modules))"
    assert process(script=script).stdout.decode().split() == [rebal_xl.__version__, "set()"]
    assert process("--version").stdout.decode().split() == ["rebal-xl", rebal_xl.__version__]


def test_no_command_shows_the_help_and_ends_with_2():
    result = process()
    assert result.returncode == 2
    assert b"rebalance" in result.stdout + result.stderr


def test_a_reader_who_has_seen_enough_is_no_failure(tmp_path):
    """`rebal-xl rebalance --json | head -1` closes the pipe before the document is out; here nobody reads at all."""
    folder = tmp_path / "state"
    command = [sys.executable, "-m", "rebal_xl", "drift", str(riveras(tmp_path / "riveras.xlsx")), "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(folder)}
    read_end, write_end = os.pipe()
    os.close(read_end)
    ended = subprocess.run(command, env=environment, stdout=write_end, stderr=subprocess.PIPE, check=False, timeout=100)
    os.close(write_end)
    assert b"unexpected" not in ended.stderr
    assert b"Traceback" not in ended.stderr
    assert not folder.exists()
