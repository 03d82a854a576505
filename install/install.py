r"""Installs rebal_xl for the user who starts it, without an administrator: start install.bat, or this with Python.

    install.bat                     install, upgrade or repair
    install.bat --check             say whether what is installed works
    install.bat --uninstall         remove all of it (also: Windows Settings > Apps, "rebal_xl")
    install.bat --wheels FOLDER     install without a network from a folder of wheels (default: `wheels` beside this)

What goes where:  %LOCALAPPDATA%\rebal_xl\<version>   a private Python environment, never one that others use, and
                                                the guide (docs)
                  %LOCALAPPDATA%\rebal_xl\current.json   which of them counts
                  %APPDATA%\Microsoft\Excel\XLSTART\rebal_xl.xlam   the add-in, which Excel loads at its start
                  HKEY_CURRENT_USER\Software\Classes   by which Excel finds the engine (and an entry in Settings > Apps)
Excel's settings for macros and trust are never touched. docs/it-and-security.md says more, and what to ask IT for.

Exit codes:  0 done   2 wrong usage   3 this Python cannot be used   4 not on Windows
             5 packages could not be installed   6 Excel must be closed first   7 the engine does not answer
             8 --check found something wrong   9 a file or folder cannot be read or written
             10 no Python (from install.bat)
Standard library only: this runs before anything is installed.
"""

import argparse
import contextlib
import ctypes
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
# At the end: a folder of downloads may hold any file. And nothing is left beside what the user unpacked.
sys.path.append(str(HERE))
sys.dont_write_bytecode = True

from rebal_setup_add_in import FAR_AWAY, is_far, is_signed, same_but_signature  # noqa: E402
from rebal_setup_job import SetupJob, ended, options, say  # noqa: E402
from rebal_setup_places import (  # noqa: E402
    BAD_PYTHON,
    CLOSE_EXCEL,
    NO_ENGINE,
    NO_FILE,
    NOT_WELL,
    NOT_WINDOWS,
    Places,
    Problem,
    add_in_of,
    copy_add_in,
    copy_guide,
    project_wheel,
    refuse_locked_add_in,
    remove_folder,
    write_whole,
)
from rebal_setup_python import Facts, last_line, refusal  # noqa: E402

# What is kept beside the environments, so that removing needs no bundle.
KEPT = (
    "install.py",
    "rebal_setup_add_in.py",
    "rebal_setup_job.py",
    "rebal_setup_places.py",
    "rebal_setup_python.py",
    "registration.py",
    "install.bat",
    "uninstall.bat",
)
APPS_ENTRY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\rebal_xl"


@dataclass(frozen=True)
class Job(SetupJob):
    """One run of the installer."""

    # HKEY_CURRENT_USER, except in tests
    hive: str

    def install(self) -> None:
        """Install, upgrade or repair."""
        wheel = project_wheel(self.bundle)
        version = wheel.name.split("-")[1]
        refuse_locked_add_in(self.places.add_in)
        say(f"Installing rebal_xl {version} into {self.places.home}")
        environment = self.places.fresh(version)
        before = Before.of(self)
        try:
            self.make_environment(environment, wheel)
            copy_guide(self.bundle, environment)
            made = self.copy_add_in(environment)
            registration().register(str(environment / "Scripts" / "pythonw.exe"), self.hive)
            say("  asking the engine as Excel does ...")
            self.self_test(environment)
        except BaseException:
            before.restore(self)
            remove_folder(environment)
            raise
        made = sorted({*made, *self.places.current().get("made_folders", [])}, key=len)
        self.settle(environment, version, made)
        say("Done. Start Excel: the tab Rebalance is there, and =REBAL_VERSION() answers in any cell.")
        if excel_runs():
            say("Excel is running: close it and start it again to see the add-in.")

    def make_environment(self, environment: Path, wheel: Path) -> None:
        """A private environment with the locked packages, by their hashes, and rebal_xl."""
        say("  a private Python environment ...")
        base = str(getattr(sys, "_base_executable", None) or sys.executable)
        self.run([base, "-I", "-m", "venv", str(environment)])
        python = [str(environment / "Scripts" / "python.exe"), "-I", "-X", "utf8"]
        self.add_packages(python, environment, wheel, "--no-compile")
        # Where this folder is, pywin32 keeps its generated modules in it, and not among the user's temporary files.
        (environment / "Lib" / "site-packages" / "win32com" / "gen_py").mkdir(exist_ok=True)
        # Loads what the engine loads, which compiles just that (the engine itself writes nothing: -B).
        self.run([*python, "-m", "rebal_xl.excel.selftest", "--inside"])

    def copy_add_in(self, environment: Path) -> list[str]:
        """Put the add-in in its place, but leave the same one with a signature; returns the folders that were made."""
        if self.places.add_in.is_file():
            held, content = self.places.add_in.read_bytes(), add_in_of(environment)
            if held != content and same_but_signature(held, content):
                say(f"  {self.places.add_in} is this add-in with a signature, and stays.")
                return []
            if is_signed(held):
                say("  The add-in was signed, and that of this version is not: sign it too, and copy it again.")
        made = copy_add_in(environment, self.places.add_in)
        if is_far(str(self.places.add_in), drive_type):
            say(f"  {FAR_AWAY.format(self.places.add_in.parent)}")
        return made

    def self_test(self, environment: Path) -> None:
        """Reach the engine by its name and call two formulas; Problem when it does not answer rightly."""
        python = environment / "Scripts" / "python.exe"
        code, output = self.ran([str(python), "-I", "-B", "-X", "utf8", "-m", "rebal_xl.excel.selftest"])
        if code != 0:
            raise Problem(NO_ENGINE, f"The engine does not answer: {last_line(output)} The log is {self.places.log}")

    def settle(self, environment: Path, version: str, made: Sequence[str]) -> None:
        """Make the new environment the one that counts, and remove the others where no Excel holds them."""
        self.places.kept.mkdir(exist_ok=True)
        for name in KEPT:
            source = Path(str(registration().__file__)) if name == "registration.py" else self.bundle / name
            if source.resolve().parent != self.places.kept.resolve():
                shutil.copyfile(source, self.places.kept / name)
        self.point_to(environment, version, made)
        write_apps_entry(version, self.places.kept / "uninstall.bat")
        for old in self.places.environments():
            if old != environment and not remove_folder(old):
                say(f"  {old} is in use by a running Excel; the next installation removes it.")

    def check(self) -> None:
        """Say what is installed and whether it works; Problem when something is wrong."""
        environment, version = self.installed()
        wrong, note = [], ""
        if registration().registered_command(self.hive) != registration().server_command(
            str(environment / "Scripts" / "pythonw.exe")
        ):
            wrong.append("The registry does not lead to the engine.")
        if not self.places.add_in.is_file():
            wrong.append(f"The add-in is not at {self.places.add_in}.")
        elif (held := self.places.add_in.read_bytes()) != (content := add_in_of(environment)):
            if same_but_signature(held, content):
                note = " The add-in carries a signature."
            else:
                wrong.append(f"{self.places.add_in} is not the add-in of this version.")
        if not wrong:
            try:
                self.self_test(environment)
            except Problem as problem:
                wrong.append(str(problem))
        if wrong:
            raise Problem(NOT_WELL, " ".join([*wrong, "Start install.bat again to repair."]))
        say(f"rebal_xl {version} is installed in {environment}, and the engine answers.{note}")

    def uninstall(self) -> None:
        """Remove all that was installed, and what the engine left in its folder."""
        refuse_locked_add_in(self.places.add_in)
        made = [Path(folder) for folder in self.places.current().get("made_folders", [])]
        for environment in self.places.environments():
            if not remove_folder(environment):
                raise Problem(CLOSE_EXCEL, "Excel is using rebal_xl. Close Excel and start this again.")
        registration().unregister(self.hive)
        remove_apps_entry()
        self.places.add_in.unlink(missing_ok=True)
        if not remove_folder(self.places.home, later=True):
            raise Problem(CLOSE_EXCEL, f"{self.places.home} is in use. Close what is open there and start this again.")
        for folder in sorted(made, key=lambda path: len(str(path)), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()  # only when it is empty: others may use it by now
        say("rebal_xl is removed.")


@dataclass(frozen=True)
class Before:
    """What an unsuccessful run puts back."""

    add_in: bytes | None
    # the pythonw.exe of the installation that worked, "" for none
    pythonw: str
    had_home: bool

    @classmethod
    def of(cls, job: Job) -> "Before":
        """What is there now."""
        current = job.places.current().get("folder")
        pythonw = str(job.places.home / current / "Scripts" / "pythonw.exe") if current else ""
        add_in = job.places.add_in.read_bytes() if job.places.add_in.is_file() else None
        return cls(add_in, pythonw, job.places.home.exists())

    def restore(self, job: Job) -> None:
        """Put it back; the log stays."""
        if self.pythonw:
            registration().register(self.pythonw, job.hive)
        else:
            registration().unregister(job.hive)
        if self.add_in is None:
            job.places.add_in.unlink(missing_ok=True)
        elif job.places.add_in.read_bytes() != self.add_in:
            write_whole(job.places.add_in, self.add_in)


def registration() -> ModuleType:
    """registration.py: beside this in a bundle, in the package in a checkout."""
    if "rebal_registration" not in sys.modules:
        beside = HERE / "registration.py"
        path = beside if beside.exists() else HERE.parent / "rebal_xl" / "excel" / "registration.py"
        spec = importlib.util.spec_from_file_location("rebal_registration", path)
        if spec is None or spec.loader is None:
            raise Problem(NO_FILE, f"{path} is missing. Unpack the whole zip file again.")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules["rebal_registration"] = module
    return sys.modules["rebal_registration"]


def write_apps_entry(version: str, uninstaller: Path) -> None:
    """The entry in Windows Settings > Apps, where people look to remove a program."""
    reg = registration().winreg()
    with reg.CreateKeyEx(reg.HKEY_CURRENT_USER, APPS_ENTRY, 0, reg.KEY_WRITE) as key:
        told = {"DisplayName": "rebal_xl", "DisplayVersion": version, "UninstallString": f'"{uninstaller}"'}
        for name, value in told.items():
            reg.SetValueEx(key, name, 0, reg.REG_SZ, value)
        for name in ("NoModify", "NoRepair"):
            reg.SetValueEx(key, name, 0, reg.REG_DWORD, 1)


def remove_apps_entry() -> None:
    """Remove that entry."""
    reg = registration().winreg()
    registration().remove_tree(reg, reg.HKEY_CURRENT_USER, APPS_ENTRY)


def drive_type(drive: str) -> int:
    """What Windows says of a drive, given as C:\\ for example."""
    kernel32: Any = getattr(ctypes, "windll", ctypes).kernel32
    return int(kernel32.GetDriveTypeW(drive))


def excel_runs() -> bool:
    """Whether a window of Excel is open."""
    user32: Any = getattr(ctypes, "windll", ctypes).user32
    return bool(user32.FindWindowW("XLMAIN", None))


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments."""
    parser = options("install.bat", __doc__, "install from these wheels, without a network")
    # from uninstall.bat, where nobody could read what is said
    parser.add_argument("--pause", action="store_true", help=argparse.SUPPRESS)
    # Wine, on which this is tested, looks for classes of all users only.
    parser.add_argument("--hive", default="HKEY_CURRENT_USER", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Do what was asked; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a folder's name may not be sayable here
    asked = parsed(arguments)

    def step() -> None:
        if sys.platform != "win32" and os.name != "nt":
            raise Problem(NOT_WINDOWS, "This installs rebal_xl on Windows. On a Mac use install-mac.command.")
        if not asked.uninstall and (refused := refusal(Facts.here())):
            raise Problem(BAD_PYTHON, refused)
        os.chdir(tempfile.gettempdir())  # a folder cannot be removed while somebody is in it
        offered = HERE / "wheels"
        wheels = asked.wheels.resolve() if asked.wheels else offered if offered.is_dir() else None
        job = Job(Places.of_user(os.environ), HERE, wheels, asked.hive)
        (job.check if asked.check else job.uninstall if asked.uninstall else job.install)()

    return ended(step, "Windows refuses: {}. Free space, or close what uses that file, and start this again.")


def launched() -> int:
    """Run, and keep the window of a double click open until it was read."""
    code = main(sys.argv[1:])
    if sys.argv[1:] in ([], ["--uninstall", "--pause"]) and sys.stdin is not None and sys.stdin.isatty():
        with contextlib.suppress(EOFError):
            input("\nPress Enter to close this window.")
    return code


if __name__ == "__main__":
    sys.exit(launched())
