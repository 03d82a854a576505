"""The script that Excel for Mac may start, and the scripts of the dialogs: what they can run, by their text."""

import re
import subprocess
from pathlib import Path

import pytest

from rebal_xl.excel import mac
from rebal_xl.excel.mac_dialogs import SCRIPTS, Dialogs, script, shortened

SCRIPT = (Path(__file__).parents[3] / "workbook" / "mac" / "rebal_xl.applescript").read_text(encoding="ascii")
CODE = "\n".join(line for line in SCRIPT.splitlines() if not line.strip().startswith("--"))
HOSTILE = ['"; do shell script "id', "'; id; '", "$(id)", "`id`", "a\nb", "-e", "--", "\\", "é 家計"]


def test_one_handler_runs_one_command() -> None:
    assert re.findall(r"^on (.*)", CODE, re.MULTILINE) == ["RunJob(parameter)"]
    assert CODE.count("do shell script") == 1
    for word in ("run script", "load script", "osascript", "tell application", "system attribute", "sudo", "eval"):
        assert word not in CODE


def shell_command(home: str, parameter: str) -> str:
    """What `do shell script` gets: the expression in the script, with AppleScript's & and `quoted form of`."""

    def quoted(text: str) -> str:
        # AppleScript's quoted form
        return "'" + text.replace("'", "'\\''") + "'"

    installed = f"{home}/Library/Application Support/rebal_xl/current/bin/python"
    assert '(POSIX path of (path to home folder)) & "Library/Application Support/rebal_xl/current/bin/python"' in CODE
    expression = re.search(r"do shell script (.*)", CODE)
    assert expression is not None
    values = {"quoted form of installed": quoted(installed), "quoted form of parameter": quoted(parameter)}
    parts = re.split(r" & (?=\"|quoted)", expression[1])
    return "".join(values[part] if part in values else part.removeprefix('"').removesuffix('"') for part in parts)


def test_the_parameter_and_the_program_are_one_quoted_word_each() -> None:
    assert CODE.count("parameter") == 2, "the parameter is used once, quoted"
    assert "quoted form of parameter" in CODE
    assert "/current/bin/python' -I -B -X utf8 -m rebal_xl.excel.mac '" in shell_command("/Users/me", "1.2.3")


@pytest.mark.parametrize("parameter", [*HOSTILE, "1.0063.0064"])
def test_a_shell_hands_the_whole_parameter_to_the_program_and_runs_nothing_else(tmp_path: Path, parameter: str) -> None:
    home = tmp_path / "it's my $HOME"
    program = home / "Library" / "Application Support" / "rebal_xl" / "current" / "bin" / "python"
    program.parent.mkdir(parents=True)
    told = tmp_path / "told"
    program.write_text(f'#!/bin/sh\nfor word; do printf "%s\\0" "$word"; done > {told}.new\nmv {told}.new {told}\n')
    program.chmod(0o755)
    command = shell_command(str(home), parameter) + "\nwait"
    ran = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, check=True)
    assert (ran.stdout, ran.stderr) == (b"", b"")
    assert told.read_text(encoding="utf-8").split("\0")[:-1] == [
        "-I", "-B", "-X", "utf8", "-m", "rebal_xl.excel.mac", parameter
    ]  # fmt: skip


def test_without_an_installation_the_command_fails_at_once(tmp_path: Path) -> None:
    ran = subprocess.run(["/bin/sh", "-c", shell_command(str(tmp_path), "1.2.3")], capture_output=True, check=False)
    assert ran.returncode == 1


def test_the_script_looks_where_the_installer_puts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mac.Path, "home", lambda: Path("/Users/me"))
    assert str(mac.user_folder() / "current" / "bin" / "python") in shell_command("/Users/me", "")


@pytest.mark.parametrize("kind", SCRIPTS)
def test_a_dialogs_script_is_a_constant_and_its_text_an_argument(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in HOSTILE:
        seen = []

        def run(command: list[str], seen: list = seen, **given: object) -> subprocess.CompletedProcess[str]:
            seen.append((command, given["input"]))
            return subprocess.CompletedProcess(command, 0, "answer\n", "")

        monkeypatch.setattr(subprocess, "run", run)
        if kind in ("tell", "warn"):
            getattr(Dialogs(), kind)(text)
        else:
            assert Dialogs().ask(kind, text, text) == "answer"
        ((command, source),) = seen
        assert command[:2] == ["/usr/bin/osascript", "-"]
        assert command[2] == text
        assert source == script(kind)
        assert "do shell script" not in source


def test_a_dialog_that_is_left_or_cannot_show_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, "", "-128"))
    assert Dialogs().ask("text", "How much?") == ""

    def missing(command: list[str], **_: object) -> None:
        raise FileNotFoundError(command[0])

    monkeypatch.setattr(subprocess, "run", missing)
    assert Dialogs().ask("yesno", "Sure?") == ""
    Dialogs().warn("Nobody sees this.")


def test_silence_shows_no_dialog_and_long_texts_say_that_they_were_cut() -> None:
    shown: list[str] = []
    dialogs = Dialogs(lambda source, words: shown.append(words[0]))
    dialogs.tell("")
    dialogs.tell("x" * 3000)
    assert shown == ["x" * 996 + " ..."]
    assert shortened("short") == "short"
