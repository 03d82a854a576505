"""install.bat in a clean Windows: without a network, out of and into folders with names that people do use."""

import importlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

import rebal_xl
from rebal_xl.excel.registration import CLSID, PROG_ID
from tests.excel_hosts.windows_machine import HIVE, USER, Installed, Snapshot, windows
from tests.tools import wine

install = importlib.import_module("install")  # its folder is on the path since tests.tools

__all__ = ["windows"]  # a fixture, used by its name
pytestmark = [pytest.mark.hosts, pytest.mark.slow]


def test_it_says_what_it_does(windows: Installed) -> None:
    assert windows.ran.code == 0
    lines = windows.ran.output.strip().splitlines()
    assert lines[0].startswith(f"Installing rebal_xl {rebal_xl.__version__} into ")
    assert lines[-1].startswith("Done. Start Excel")


def test_everything_is_where_it_should_be(windows: Installed) -> None:
    pointer = json.loads((windows.home / "current.json").read_text(encoding="utf-8"))
    assert (pointer["folder"], pointer["version"]) == (rebal_xl.__version__, rebal_xl.__version__)
    assert {path.name for path in windows.home.iterdir()} - {"Logs"} == {
        *("current.json", "install.log", "setup", rebal_xl.__version__)
    }
    assert windows.add_in.read_bytes() == (wine.ROOT / "workbook" / "rebal_xl.xlam").read_bytes()


def test_windows_finds_the_engine_of_this_version(windows: Installed) -> None:
    home = f"{USER}\\Local\\rebal_xl\\{rebal_xl.__version__}"
    command = f'"{home}\\Scripts\\pythonw.exe" -I -B -m rebal_xl.excel.server'
    windows.machine.settle()
    written = (windows.machine.prefix / "system.reg").read_text(encoding="utf-8")
    # 64-bit and 32-bit Excel look in two places; the file escapes what is not ASCII
    escaped = "".join(one if ord(one) < 128 else f"\\x{ord(one):x}" for one in command.replace("\\", "\\\\"))
    assert written.count(f'@="{escaped.replace(chr(34), chr(92) + chr(34))}"') == 2
    assert PROG_ID in written


def test_excels_trust_settings_are_not_touched(windows: Installed) -> None:
    windows.machine.settle()
    for name in ("user.reg", "system.reg"):
        text = (windows.machine.prefix / name).read_text(encoding="utf-8", errors="replace")
        assert not any(word in text for word in ("AccessVBOM", "VBAWarnings", "Trusted Locations"))


def test_the_user_finds_it_among_the_programs(windows: Installed) -> None:
    key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\rebal_xl"
    told = windows.machine.run("reg", "query", key).output
    assert "rebal_xl" in told
    assert "setup\\uninstall.bat" in told


def test_check_is_content(windows: Installed) -> None:
    ran = windows.install("--check")
    assert (ran.code, "the engine answers" in ran.output) == (0, True), ran.output


def test_check_sees_a_damaged_add_in_and_a_repair_mends_it(windows: Installed) -> None:
    """A repair is an installation of the same version beside the old one, since a running Excel holds the old files."""
    windows.add_in.write_bytes(b"half")
    ran = windows.install("--check")
    assert ran.code == 8
    assert "is not the add-in of this version" in ran.output
    assert "Start install.bat again to repair" in ran.output
    repaired = windows.install()
    assert repaired.code == 0, repaired.output
    assert windows.add_in.read_bytes() == (wine.ROOT / "workbook" / "rebal_xl.xlam").read_bytes()
    environments = [path.parent.name for path in windows.home.glob("*/pyvenv.cfg")]
    assert environments == [f"{rebal_xl.__version__}-2"]
    assert windows.ask([["Version", []]])[1] == rebal_xl.__version__


def test_a_wheel_that_was_tampered_with_is_refused_and_nothing_changes(windows: Installed, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    shutil.copytree(windows.rig.wheels, wheels)
    with next(wheels.glob("openpyxl-*.whl")).open("ab") as wheel:
        wheel.write(b"\0")
    before = Snapshot.of(windows.machine)
    ran = windows.install("--wheels", wheels)
    assert ran.code == 5
    assert "not the one that rebal_xl was tested with" in ran.output
    after = Snapshot.of(windows.machine)
    assert (after.files, after.keys) == (before.files, before.keys)
    assert windows.install("--check").code == 0


def test_an_incomplete_bundle_is_refused(windows: Installed, tmp_path: Path) -> None:
    half = tmp_path / "only half"
    half.mkdir()
    for name in install.KEPT:
        shutil.copy(windows.bundle / name, half)
    ran = windows.as_user(half / "install.bat")
    assert ran.code == 9
    assert "is not complete. Unpack the whole zip file" in ran.output


def test_without_python_install_bat_says_where_to_get_it(windows: Installed) -> None:
    ran = windows.machine.run(windows.bundle / "install.bat", "--check", variables={"WINEPATH": "C:\\"})
    assert ran.code == 10
    assert "https://www.python.org/downloads/windows/" in ran.output


def test_the_first_python_that_fits_is_taken(windows: Installed, tmp_path: Path) -> None:
    """The launcher `py` comes first, and often leads to an old Python, or to a 32-bit one."""
    source = Path(__file__).with_name("windows_old_python.c")
    wine.compile_c(tmp_path / "py.exe", [str(source)])
    both = {"WINEPATH": f"{wine.windows_path(tmp_path)};{wine.windows_path(windows.rig.python)}"}
    ran = windows.as_user(windows.bundle / "install.bat", "--hive", HIVE, "--check", variables=both)
    assert (ran.code, "the engine answers" in ran.output) == (0, True), ran.output
    # where there is no other, it says in its own words why it cannot be used
    alone = windows.machine.run(
        windows.bundle / "install.bat", "--check", variables={"WINEPATH": wine.windows_path(tmp_path)}
    )
    assert (alone.code, alone.output.strip()) == (3, "the old Python was used")


def test_a_signed_add_in_is_well_and_a_repair_leaves_it(windows: Installed) -> None:
    ours = windows.add_in.read_bytes()
    with zipfile.ZipFile(windows.add_in, "a") as package:
        package.writestr("xl/vbaProjectSignature.bin", b"0")
    signed = windows.add_in.read_bytes()
    try:
        ran = windows.install("--check")
        assert (ran.code, "The add-in carries a signature." in ran.output) == (0, True), ran.output
        repaired = windows.install()
        assert (repaired.code, "with a signature, and stays" in repaired.output) == (0, True), repaired.output
        assert windows.add_in.read_bytes() == signed
    finally:
        windows.add_in.write_bytes(ours)


def test_the_guide_is_there_with_the_template(windows: Installed) -> None:
    folder = windows.python.parents[1]
    assert (folder / "docs" / "quick-start-excel.md").read_text(encoding="utf-8").startswith("# ")
    assert (folder / "docs" / "pictures").is_dir()
    assert (folder / "rebal_xl template.xlsx").is_file()
    assert (windows.bundle / "docs" / "it-and-security.md").is_file()


def test_classes_of_one_user_are_written_and_removed(windows: Installed) -> None:
    """What an installation does on Windows: below HKEY_CURRENT_USER. Wine only does not look there."""
    program = (
        "import sys, importlib.util as u; s = u.spec_from_file_location('r', sys.argv[1]); r = u.module_from_spec(s); "
        "s.loader.exec_module(r); r.register('C:\\\\p q\\\\pythonw.exe'); print(r.registered_command()); "
        "r.unregister(); print(r.registered_command())"
    )
    ran = windows.machine.run("python", "-I", "-c", program, windows.bundle / "registration.py")
    assert ran.output.splitlines() == ['"C:\\p q\\pythonw.exe" -I -B -m rebal_xl.excel.server', "None"]
    windows.machine.settle()
    assert CLSID not in (windows.machine.prefix / "user.reg").read_text(encoding="utf-8")
    assert HIVE == "HKEY_LOCAL_MACHINE"
