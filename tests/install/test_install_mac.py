"""The installer for a Mac in a home folder of the test: its decisions with steps played, and once with real ones."""

import importlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rebal_xl.excel.mac import user_folder

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "install"))
install_mac = importlib.import_module("install_mac")
places = importlib.import_module("rebal_setup_places")
setup = importlib.import_module("rebal_setup_python")
bundle_maker = importlib.import_module("bundle")
private_env = importlib.import_module("private_env")

GOOD = setup.Facts("CPython", (3, 13), "macosx-11.0-arm64", ("/usr/local/bin/python3.13",), False, True)


class Steps:
    """Plays what pip and the new Python would do; `failing` is a word of the step that fails."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.failing = ""
        self.output = ""

    def ran(self, job, command):
        self.commands.append(list(command))
        job.places.home.mkdir(parents=True, exist_ok=True)
        if self.failing and any(self.failing in word for word in command):
            return 1, self.output
        if "venv" in command:
            environment = Path(command[-1])
            environment.mkdir()
            (environment / "pyvenv.cfg").touch()
        elif "pip" in command:
            environment = Path(command[0]).parents[1]
            package = environment / "lib/python3.13/site-packages/rebal_xl/workbook_files"
            package.mkdir(parents=True)
            for name in (install_mac.ADD_IN, install_mac.SCRIPT):
                (package / name).write_bytes(f"{name} of {environment.name}".encode())
        return 0, ""


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    played = Steps()
    monkeypatch.setattr(install_mac.Job, "ran", lambda job, command: played.ran(job, command))
    return played


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A whole bundle, as far as it is looked at."""
    folder = tmp_path / "bundle"
    (folder / "locks").mkdir(parents=True)
    for name in places.LOCKS:
        (folder / "locks" / name).touch()
    (folder / "rebal_xl-1.2.0-py3-none-any.whl").write_bytes(b"wheel")
    for name in install_mac.KEPT:
        (folder / name).touch()
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "Jo O'Neil"
    made.mkdir()
    return made


def run(home: Path, bundle: Path, *arguments: str) -> int:
    return install_mac.main(list(arguments), home, "Darwin", bundle)


def test_everything_goes_where_excel_and_the_script_look(steps: Steps, home: Path, bundle: Path) -> None:
    assert run(home, bundle) == 0
    ours = home / "Library" / "Application Support" / "rebal_xl"
    assert (ours / "current").resolve() == (ours / "1.2.0").resolve()
    assert json.loads((ours / "current.json").read_text())["version"] == "1.2.0"
    script = home / "Library" / "Application Scripts" / "com.microsoft.Excel" / "rebal_xl.applescript"
    assert script.read_bytes() == b"rebal_xl.applescript of 1.2.0"
    add_in = home / "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
    assert (add_in / "rebal_xl.xlam").read_bytes() == b"rebal_xl.xlam of 1.2.0"


def test_the_installed_program_is_the_one_that_the_script_starts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    assert install_mac.MacPlaces.below(home).home == user_folder()
    started = (ROOT / "workbook" / "mac" / install_mac.SCRIPT).read_text(encoding="ascii")
    assert '"Library/Application Support/rebal_xl/current/bin/python"' in started


def test_packages_come_by_their_hashes_and_the_new_program_is_asked_before_it_counts(
    steps: Steps, home: Path, bundle: Path
) -> None:
    run(home, bundle)
    (pip,) = [command for command in steps.commands if "pip" in command]
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(pip)
    assert "--no-index" not in pip
    assert all("-I" in command for command in steps.commands)
    assert any("rebal_xl.excel.selftest" in command for command in steps.commands)
    assert any("import rebal_xl.excel.mac" in command for command in steps.commands)


def test_wheels_of_a_folder_need_no_network(steps: Steps, home: Path, bundle: Path, tmp_path: Path) -> None:
    assert run(home, bundle, "--wheels", str(tmp_path)) == 0
    (pip,) = [command for command in steps.commands if "pip" in command]
    assert pip[pip.index("--no-index") :][:3] == ["--no-index", "--find-links", str(tmp_path)]


def test_a_repair_takes_the_place_of_what_was_there(steps: Steps, home: Path, bundle: Path) -> None:
    run(home, bundle)
    assert run(home, bundle) == 0
    places = install_mac.MacPlaces.below(home)
    assert places.link.resolve().name == "1.2.0-2"
    assert [path.name for path in places.environments() if path != places.link] == ["1.2.0-2"]
    assert places.script.read_bytes() == b"rebal_xl.applescript of 1.2.0-2"
    assert run(home, bundle, "--check") == 0


@pytest.mark.parametrize(
    ("failing", "output", "code", "told"),
    [
        ("pip", "ConnectTimeout", places.NO_PACKAGES, "package index cannot be reached"),
        ("pip", "do not match the hashes", places.NO_PACKAGES, "nothing was installed"),
        ("selftest", "REBAL_TERM answers 'x'.", install_mac.NO_ENGINE, "REBAL_TERM answers"),
        ("import rebal_xl.excel.mac", "No module named appscript", install_mac.NO_ENGINE, "appscript"),
    ],
)
def test_a_failed_upgrade_leaves_what_worked(
    steps: Steps, home: Path, bundle: Path, capsys: pytest.CaptureFixture[str], failing, output, code, told
) -> None:
    run(home, bundle)
    steps.failing, steps.output = failing, output
    assert run(home, bundle) == code
    assert told in capsys.readouterr().out
    places = install_mac.MacPlaces.below(home)
    assert [path.name for path in places.environments() if path != places.link] == ["1.2.0"]
    assert places.script.read_bytes() == b"rebal_xl.applescript of 1.2.0"
    steps.failing = ""
    assert run(home, bundle, "--check") == 0


def test_check_sees_what_is_wrong(steps: Steps, home: Path, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, bundle, "--check") == install_mac.NOT_WELL
    run(home, bundle)
    places = install_mac.MacPlaces.below(home)
    places.script.write_text("do shell script parameter")
    places.add_in.unlink()
    capsys.readouterr()
    assert run(home, bundle, "--check") == install_mac.NOT_WELL
    told = capsys.readouterr().out
    assert "rebal_xl.applescript is not that of this version" in told
    assert "rebal_xl.xlam is missing" in told
    assert run(home, bundle) == 0
    assert run(home, bundle, "--check") == 0


def test_uninstalling_leaves_nothing_but_what_others_use(steps: Steps, home: Path, bundle: Path) -> None:
    before = home / "Library" / "Application Scripts" / "com.microsoft.Excel" / "another.applescript"
    before.parent.mkdir(parents=True)
    before.touch()
    run(home, bundle)
    places = install_mac.MacPlaces.below(home)
    (places.home / "running").mkdir()
    places.logs.mkdir(parents=True)
    assert run(home, bundle, "--uninstall") == 0
    assert [path for path in home.rglob("*") if path.is_file()] == [before]
    assert not (home / "Library" / "Group Containers").exists()
    assert run(home, bundle, "--uninstall") == 0


def test_it_can_be_removed_without_the_bundle(steps: Steps, home: Path, bundle: Path) -> None:
    run(home, bundle)
    kept = install_mac.MacPlaces.below(home).kept
    assert {path.name for path in kept.iterdir()} == set(install_mac.KEPT)


def test_another_system_and_half_a_bundle_are_told(
    steps: Steps, home: Path, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install_mac.main([], home, "Linux", bundle) == install_mac.NOT_A_MAC
    (bundle / "locks" / places.LOCKS[1]).unlink()
    assert run(home, bundle) == install_mac.NO_FILE
    assert "start install-mac.command there" in capsys.readouterr().out
    assert list(home.iterdir()) == []


def test_a_folder_that_macos_closes_is_told(
    steps: Steps, home: Path, bundle: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(install_mac, "write_whole", refuse)
    assert run(home, bundle) == install_mac.NO_FILE
    assert "Let Terminal access that folder" in capsys.readouterr().out
    assert install_mac.MacPlaces.below(home).environments() == []


@pytest.mark.parametrize("version", [(3, 11), (3, 14)])
def test_ordinary_pythons_are_taken(version) -> None:
    assert install_mac.refusal(replace(GOOD, version=version)) is None


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (replace(GOOD, version=(3, 9)), "this is 3.9"),
        (replace(GOOD, version=(3, 15)), "this is 3.15"),
        (replace(GOOD, implementation="PyPy"), "PyPy"),
        (replace(GOOD, free_threaded=True), "free-threaded"),
        (replace(GOOD, makes_environments=False), "no venv"),
    ],
)
def test_others_are_refused_with_what_to_do(facts, told) -> None:
    refused = install_mac.refusal(facts)
    assert told in refused
    assert "python.org/downloads/macos" in refused


def test_every_exit_code_is_documented() -> None:
    (told,) = re.findall(r"Exit codes: (.*?)Standard", install_mac.__doc__, re.DOTALL)
    documented = {int(number) for number in re.findall(r"(?<!\d)\d+(?= )", told)}
    parts = vars(install_mac) | vars(importlib.import_module("rebal_setup_job"))
    used = {code for name, code in parts.items() if re.fullmatch(r"(NO|NOT|BAD)_[A-Z_]+", name)}
    assert documented == {0, 2, 10, *used}


def test_the_starter_only_finds_python() -> None:
    text = (ROOT / "install" / install_mac.STARTER).read_text(encoding="utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert len(text.splitlines()) < 15
    assert "-I install_mac.py" in text
    subprocess.run(["/bin/sh", "-n", ROOT / "install" / install_mac.STARTER], check=True)


def test_the_bundle_holds_what_the_installer_imports_and_keeps() -> None:
    assert set(install_mac.KEPT) <= set(bundle_maker.PROGRAMS)


@pytest.mark.hosts
@pytest.mark.slow
def test_a_real_installation_from_the_bundle(tmp_path: Path) -> None:
    """On Linux, whose venv and packages stand in for the Mac's: all but Excel, appscript and macOS itself."""
    home = tmp_path / "home é"
    home.mkdir()
    made = bundle_maker.make_bundle(private_env.Checkout(ROOT), Path(sys.executable), tmp_path / "bundle", ())
    program = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); import install_mac; "
        "sys.exit(install_mac.main(sys.argv[3:], pathlib.Path(sys.argv[2]), 'Darwin'))"
    )

    def installer(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-c", program, made, home, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    ran = installer()
    assert ran.returncode == 0, ran.stdout
    checked = installer("--check")
    assert checked.returncode == 0, checked.stdout
    places = install_mac.MacPlaces.below(home)
    assert places.script.read_bytes() == (ROOT / "workbook" / "mac" / install_mac.SCRIPT).read_bytes()
    assert places.add_in.read_bytes() == (ROOT / "workbook" / install_mac.ADD_IN).read_bytes()
    # as the script starts it; without a Mac no dialog shows, and what is no request ends with 2
    started = [places.link / "bin" / "python", "-I", "-B", "-X", "utf8", "-m", "rebal_xl.excel.mac", "'; id; '"]
    assert subprocess.run(started, check=False, capture_output=True).returncode == 2
    command = [places.link / "bin" / "rebal-xl", "--version"]
    assert "rebal" in subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert installer("--uninstall").returncode == 0
    assert [path for path in home.rglob("*") if path.is_file()] == []
